/* blackbox_parts.h - what blackbox.c, which writes, and blackbox_read.c share. For nobody else. */
#ifndef FIRMWARE_BLACKBOX_BLACKBOX_PARTS_H
#define FIRMWARE_BLACKBOX_BLACKBOX_PARTS_H
#include <sys/types.h>

#include "firmware/blackbox/blackbox.h"

/* The sum of a head as if its own were 0; not yet ended, so that the events can be added. */
uint32_t blackbox_head_sum(const uint8_t head[static BLACKBOX_HEAD_BYTES]);
/* Every length and text in it is within its bounds. */
bool blackbox_head_is_sound(const struct blackbox_death *death);
/* HOME/blackbox with these flags, and its bytes: 0 when it is no file. */
enum files_verdict blackbox_file_open(int *fd, const char *folder, int flags, off_t *bytes);

#endif
