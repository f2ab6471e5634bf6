/* clock.c - clock_gettime and getrandom, or the source of a simulation. */
#include "hal/linux/clock.h"

#include <sys/random.h>
#include <time.h>

static const struct clock_source *source;

void clock_use(const struct clock_source *other) { source = other; }

static int64_t read_ns(clockid_t clock)
{
	struct timespec now = { 0, 0 };
	(void)clock_gettime(clock, &now);        /* cannot fail for these clocks */
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_monotonic_ns(void) { return source ? source->monotonic_ns(source->self) : read_ns(CLOCK_MONOTONIC); }

int64_t clock_wall_ns(void) { return source ? source->wall_ns(source->self) : read_ns(CLOCK_REALTIME); }

bool random_u64(uint64_t *out)
{
	if (!source) return getrandom(out, sizeof *out, 0) == (ssize_t)sizeof *out;
	*out = source->random(source->self);
	return true;
}
