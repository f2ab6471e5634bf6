/* peek.h - a file that another process maps shared, looked at from outside: opened, checked against its size, mapped read-only.
 *
 * The pages are the other's own: what it writes is seen at once, and a write through it traps. The file must not shrink while it is looked
 * at (a reader of a page that is gone gets SIGBUS): the maps looked at are made whole and replaced by name, never cut. */
#ifndef HAL_LINUX_PEEK_H
#define HAL_LINUX_PEEK_H
#include "fsm/units.h"

enum peek_verdict { PEEK_OK, PEEK_MISSING, PEEK_DENIED, PEEK_STRANGE };

struct peek { int fd; uint32_t owner; uint64_t bytes; };

/* Opens a regular file, through a symbolic link too. PEEK_STRANGE: a folder, a pipe, a device. */
enum peek_verdict peek_open(struct peek *peek, const char *path);
/* The first bytes, read and not mapped: false when there are fewer. */
bool peek_head(const struct peek *peek, void *into, size_t bytes);
/* All of it, anywhere; 0 when the kernel has no room, or the file has another length. */
const void *peek_map(const struct peek *peek, size_t bytes);
void        peek_unmap(const void *at, size_t bytes);
/* The descriptor; a mapping stays. */
void peek_close(struct peek *peek);
/* The user this process acts as. */
uint32_t peek_user(void);

#endif
