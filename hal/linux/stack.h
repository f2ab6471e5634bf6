/* stack.h - the one stack of a process: taken whole in BOOT, never longer afterwards, and painted, so that its depth can be read.
 *
 * The kernel gives a program's stack page by page, up to a limit that is megabytes. stack_take touches it down to exactly `bytes` below its
 * end and makes that the limit, so that it is mapped and resident from BOOT on and a deeper call ends the process (SIGSEGV) instead of
 * taking memory. Arguments and environment lie at its end and count in it. A forked child has the same stack and limit.
 *
 * stack_paint writes a pattern into all that is free below the caller; what was never reached keeps it. The low water is the fewest bytes that
 * were ever free: a frame that leaves a hole at its far end can hide that hole, a return address cannot. In BOOT; stack_low_water at
 * any time, about 10 us. Rows O10, P6. */
#ifndef HAL_LINUX_STACK_H
#define HAL_LINUX_STACK_H
#include "fsm/units.h"

enum { STACK_FREE_MIN_BYTES = 128 * 1024 };
/* What to say when it cannot be taken: the size in KiB. */
#define STACK_REFUSED "arguments and environment leave too little of the stack of %d KiB: start with a shorter environment, or raise stack_kib in config.h"

/* False: no limit can be set, or arguments and environment leave less than STACK_FREE_MIN_BYTES of it. Paints, too. */
bool stack_take(size_t bytes);
/* By a child, after the fork: its parent's deeper calls are not its own. */
void stack_paint(void);
/* 0 before stack_take. */
size_t stack_bytes(void);
size_t stack_low_water(void);

#endif
