/* clock.c - clock_gettime and getrandom. */
#include "hal/linux/clock.h"

#include <sys/random.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec now = { 0, 0 };
	(void)clock_gettime(id, &now);        /* cannot fail for these two */
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_monotonic_ns(void) { return read_clock(CLOCK_MONOTONIC); }

int64_t clock_wall_ns(void) { return read_clock(CLOCK_REALTIME); }

bool random_u64(uint64_t *out) { return getrandom(out, sizeof *out, 0) == (ssize_t)sizeof *out; }
