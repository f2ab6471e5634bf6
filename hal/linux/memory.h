/* memory.h - memory from the kernel, in BOOT only: after memory_seal a call is a bug (3800 to 3803, 3806, 3900), and the kernel's filter
 * (firmware/rights.h) kills who asks it behind our back.
 *
 * What is taken is zeroed and stays for the life of the process; sizes are known to the compiler, so `audit` can add them up. Rows O10; invariant 1. */
#ifndef HAL_LINUX_MEMORY_H
#define HAL_LINUX_MEMORY_H
#include "fsm/units.h"

/* Private zeroed memory; 0 when the kernel has none. */
void *memory_take(size_t bytes);
/* The same with every page of it in memory at once: it costs now what it can ever cost. */
void *memory_take_whole(size_t bytes);
/* The same for what will be written nearly whole, in the largest pages the kernel has: fewer faults, and all of it resident. */
void *memory_take_dense(size_t bytes);
/* Shared with children, at exactly this address; 0 when it is taken or there is no memory. */
void *memory_share_at(uintptr_t address, size_t bytes);
void memory_give(void *at, size_t bytes);
/* Brings every page of these bytes into memory, as a read of it would; own: as a write would, of private memory that nobody shares. */
void memory_touch(const void *at, size_t bytes);
void memory_touch_own(void *at, size_t bytes);
/* The opposite: the pages that lie whole in these bytes, shared or private, go back to the kernel and are zero from now on, in every process. */
void memory_empty(void *at, size_t bytes);
/* The program's segments, those that can be written by writing. */
void memory_touch_program(void);
/* From now on a write to these pages traps, in this process. */
bool memory_read_only(void *at, size_t bytes);
/* Undoes it, in a child of a process for which they were read-only. */
bool memory_writable(void *at, size_t bytes);
/* The end of BOOT, for the rest of the life of this process. */
void memory_seal(void);

#endif
