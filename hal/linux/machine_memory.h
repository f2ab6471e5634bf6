/* machine_memory.h - how much memory of the machine is free for whoever asks next: MemAvailable of /proc/meminfo, the kernel's own estimate.
 *
 * The probe is a descriptor opened in BOOT: looking is one pread, so it works after SEALED. Row O4. */
#ifndef HAL_LINUX_MACHINE_MEMORY_H
#define HAL_LINUX_MACHINE_MEMORY_H
#include "fsm/units.h"

/* -1 where there is no /proc. */
int  machine_memory_open(void);
bool machine_memory_free_kib(int fd, int64_t *free_kib);
/* The same of a text, for whoever has one. */
bool machine_memory_parse(const char *text, int64_t *free_kib);
void machine_memory_close(int fd);

#endif
