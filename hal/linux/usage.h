/* usage.h - what the kernel says this process maps and holds, to hold a declaration against.
 *
 * mapped    every page of address space, the kernel's own helper pages and the stack it has given so far included
 * resident  of these, what lies in memory now, page by page where the kernel counts so (smaps_rollup), else its estimate
 * share     resident, a page that n processes hold counted as its n-th part; summed over all processes it is what they take. 0: not known
 * program   the loaded segments of the binary itself (text, tables, bss), as the program headers say
 * kernel    pages that the kernel maps into every process for its clock (vvar, vdso): its choice, different from kernel to kernel
 * All in bytes of whole pages. A probe is two descriptors opened in BOOT; looking is two preads, so it works after SEALED and in a process
 * whose /proc nobody else may read. About 0.1 ms for 40 MB. Row O10. */
#ifndef HAL_LINUX_USAGE_H
#define HAL_LINUX_USAGE_H
#include "fsm/units.h"

struct usage { uint64_t mapped_bytes, resident_bytes, share_bytes; };
struct usage_probe { int statm_fd, rollup_fd; };

/* False where there is no /proc. */
bool usage_open(struct usage_probe *probe);
bool usage_look(const struct usage_probe *probe, struct usage *usage);
void usage_close(struct usage_probe *probe);
/* The three in one, in BOOT. */
bool     usage_read(struct usage *usage);
uint64_t usage_program_bytes(void);
/* 0 where there is no /proc. In BOOT. */
uint64_t usage_kernel_bytes(void);

#endif
