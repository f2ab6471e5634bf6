/* landlock.h - what of the file system a process may still reach, refused by the kernel beneath every open.
 *
 * Beside the filter of calls (seccomp.h), which sees numbers and no paths: a process that may open files may open them beneath one folder only. What
 * is open already stays open. For the rest of the process's life and its children's. Wanted before: no new privileges (hal/linux/process.h).
 * A kernel without it (before 5.13, or started without) answers ABSENT: then the filter stands alone, and landlock_abi says so
 * to whoever tells people. Row O10, O7. */
#ifndef HAL_LINUX_LANDLOCK_H
#define HAL_LINUX_LANDLOCK_H
#include "fsm/units.h"

/* From this one on it holds TCP ports, too (Linux 6.7). */
enum { LANDLOCK_ABI_PORTS = 4 };
enum landlock_verdict { LANDLOCK_OK, LANDLOCK_ABSENT, LANDLOCK_FAILED };

/* What the kernel has of it: 0 nothing, 3 files with truncation (Linux 6.2), 4 and more TCP ports, too (6.7). */
int landlock_abi(void);
/* A folder: beneath it files may be read, written, made, renamed within their folder and removed, and folders made. A file: it may be read. A link counts
 * as what it leads to now. */
struct landlock_place { const char *path; bool is_file; };
/* These places and no others; without one nothing at all may be opened. The first must be there, others that are not are left out.
 * TCP, where the kernel has it: connections to these ports and no others, and no listening. FAILED: no such folder, or no memory. */
enum landlock_verdict landlock_confine(const struct landlock_place *place, size_t places, const uint16_t *port, size_t ports);

#endif
