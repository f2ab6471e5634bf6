/* usage.h - what the kernel says this process maps and holds, to hold a declaration against.
 *
 * mapped    every page of address space, the kernel's own helper pages and the stack it has given so far included
 * resident  of these, what lies in memory now
 * program   the loaded segments of the binary itself (text, tables, bss), as the program headers say
 * All in bytes of whole pages. Opens a file: in BOOT, or in a verb that only looks. Row O10. */
#ifndef HAL_LINUX_USAGE_H
#define HAL_LINUX_USAGE_H
#include "fsm/units.h"

struct usage { uint64_t mapped_bytes, resident_bytes; };

/* False where there is no /proc. */
bool     usage_read(struct usage *usage);
uint64_t usage_program_bytes(void);

#endif
