/* map_file.h - the shared map as a file that other programs can look at: on tmpfs where there is one, else in the folder itself.
 *
 * FOLDER/map is the file, or a link to it in /dev/shm. It is made anew at each start (0600, whole, zeroed, all its room taken, so that no write can fail
 * later), never trusted from before, and stays when the appliance ends: `tickwork status` then says when that was. */
#ifndef HAL_LINUX_MAP_FILE_H
#define HAL_LINUX_MAP_FILE_H
#include "fsm/units.h"

enum { MAP_FILE_SENTENCE_BYTES = 512 };

/* Mapped at exactly this address, shared with children. 0: the sentence says what to do. */
void *map_file_make(const char *folder, uintptr_t address, size_t bytes, char sentence[MAP_FILE_SENTENCE_BYTES]);

#endif
