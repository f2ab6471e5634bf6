/* clock.h - machine time and real randomness: the kernel's, or those of a simulation.
 *
 * A simulation gives the process another source of time and chance before anything asks (clock_use); then no answer here comes from the kernel, so a run
 * is a function of its seed. The source outlives its use; null is the kernel's again. */
#ifndef HAL_LINUX_CLOCK_H
#define HAL_LINUX_CLOCK_H
#include "fsm/units.h"

struct clock_source {
	int64_t (*monotonic_ns)(void *self);
	int64_t (*wall_ns)(void *self);        /* since 1970, UTC */
	uint64_t (*random)(void *self);
	void *self;
};
void clock_use(const struct clock_source *source);

/* Monotonic nanoseconds. */
int64_t clock_monotonic_ns(void);
/* Nanoseconds since 1970: it may jump, so it is for dates and never for deadlines. */
int64_t clock_wall_ns(void);
/* From the generator; false when it gives none. */
bool random_u64(uint64_t *out);

#endif
