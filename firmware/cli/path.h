/* path.h - is what a path names there, and if not, which name beside it was meant? */
#ifndef FIRMWARE_CLI_PATH_H
#define FIRMWARE_CLI_PATH_H
#include "fsm/units.h"

enum { PATH_BYTES_MAX = 1024, PATH_SENTENCE_BYTES = 512, PATH_ENTRIES_MAX = 4096 };        /* entries looked at for the nearest */

/* True when the folder (or file) is there and may be read; else the sentence, which begins with the path in quotes:
 * `"datas": no such folder; did you mean data?` */
bool path_is_there(const char *path, bool folder, char sentence[PATH_SENTENCE_BYTES]);

#endif
