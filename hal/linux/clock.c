/* clock.c - clock_gettime and getrandom. */
#include "hal/linux/clock.h"

#include <sys/random.h>
#include <time.h>

int64_t clock_monotonic_ns(void)
{
	struct timespec now = { 0, 0 };
	(void)clock_gettime(CLOCK_MONOTONIC, &now);        /* cannot fail for this clock */
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

bool random_u64(uint64_t *out) { return getrandom(out, sizeof *out, 0) == (ssize_t)sizeof *out; }
