/* disk.h - the disk port on Linux: plain files below one folder.
 *
 * create writes zeros (no holes, no unwritten extents), so that a later write in place changes no metadata and one fdatasync is
 * enough. The writer's lock is flock: it belongs to the open file, is shared by children that inherit the descriptor, and ends
 * with the last of them. Everything is 0600 and close-on-exec. A file number is the descriptor itself. Row X2. */
#ifndef HAL_LINUX_DISK_H
#define HAL_LINUX_DISK_H
#include "hal/disk.h"

struct disk_linux { struct disk disk; int folder; };

/* The folder must exist; names are taken relative to it, absolute names as they are. */
enum disk_code disk_linux_init(struct disk_linux *disk, const char *folder);
void disk_linux_end(struct disk_linux *disk);
/* As create, without writing or waiting: the room is taken, so a full disk cannot refuse a write, but a power cut may take the file. */
enum disk_code disk_linux_reserve(struct disk_linux *disk, const char *name, uint64_t bytes, int32_t *file);

#endif
