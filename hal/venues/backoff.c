/* backoff.c - doubling waits under a budget. */
#include "hal/venues/backoff.h"

void backoff_init(struct backoff *backoff, int64_t per_min, int64_t now_ns)
{
	*backoff = (struct backoff){ 0 };
	rate_init(&backoff->budget, per_min, 0, now_ns);
}

int64_t backoff_try(struct backoff *backoff, int64_t now_ns)
{
	if (backoff->due_ns > now_ns) return backoff->due_ns - now_ns;
	if (rate_take(&backoff->budget, false, now_ns)) {
		backoff->tried++;
		return 0;
	}
	backoff->held++;
	backoff->due_ns = now_ns + rate_wait_ns(&backoff->budget, false, now_ns);
	return backoff->due_ns - now_ns;
}

void backoff_failed(struct backoff *backoff, uint64_t chance, int64_t now_ns)
{
	uint32_t doublings = backoff->failures < BACKOFF_DOUBLINGS_MAX ? backoff->failures : BACKOFF_DOUBLINGS_MAX;
	int64_t  wait_ns = e8_min((int64_t)BACKOFF_FIRST_MS << doublings, BACKOFF_LAST_MS) * NS_PER_MS;
	backoff->due_ns = now_ns + wait_ns + (int64_t)(chance % ((uint64_t)wait_ns / 2));
	backoff->failures++;
	backoff->failed++;
}

void backoff_proved(struct backoff *backoff)
{
	backoff->failures = 0;
	backoff->due_ns = 0;
}
