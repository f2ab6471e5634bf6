/* clock.h - machine time and real randomness. */
#ifndef HAL_LINUX_CLOCK_H
#define HAL_LINUX_CLOCK_H
#include "fsm/units.h"

/* Monotonic nanoseconds. */
int64_t clock_monotonic_ns(void);
/* From the kernel's generator; false when it gives none. */
bool random_u64(uint64_t *out);

#endif
