/* memory.h - memory from the kernel, in BOOT only: after SEALED nobody may call this.
 *
 * What is taken is zeroed and stays for the life of the process; sizes are known to the compiler, so `audit` can add them up. */
#ifndef HAL_LINUX_MEMORY_H
#define HAL_LINUX_MEMORY_H
#include "fsm/units.h"

/* Private zeroed memory; 0 when the kernel has none. */
void *memory_take(size_t bytes);
/* The same for what will be written nearly whole, in the largest pages the kernel has: fewer faults, and all of it resident. */
void *memory_take_dense(size_t bytes);
/* Shared with children, at exactly this address; 0 when it is taken or there is no memory. */
void *memory_share_at(uintptr_t address, size_t bytes);
void  memory_give(void *at, size_t bytes);
/* From now on a write to these pages traps, in this process. */
bool memory_read_only(void *at, size_t bytes);

#endif
