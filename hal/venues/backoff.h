/* backoff.h - when a connection may be tried again: later after each failure, a little by chance, and so many a minute at most.
 *
 * The wait doubles from BACKOFF_FIRST_MS to BACKOFF_LAST_MS, with up to half of it on top by chance (a thousand clients must not come back in
 * step). A connection that proved itself (backoff_proved: a peer's answer, not the handshake) starts anew. Whatever the waits are, the budget of
 * connections a minute holds: tried, failed, held say how it went. Pure: time and chance are given. Row X5 (no reconnect storm). */
#ifndef HAL_VENUES_BACKOFF_H
#define HAL_VENUES_BACKOFF_H
#include "hal/venues/rate.h"

/* ms; ms; n doublings, enough to go from one to the other. */
enum { BACKOFF_FIRST_MS = 50, BACKOFF_LAST_MS = 30000, BACKOFF_DOUBLINGS_MAX = 10 };

struct backoff {
	struct rate budget;
	int64_t     due_ns;
	uint32_t    failures, pad;               /* in a row */
	uint64_t    tried, failed, held;        /* connections begun; failures; how often the budget made one wait */
};

void backoff_init(struct backoff *backoff, int64_t per_min, int64_t now_ns);
/* Takes a try when one is due and in the budget; else how long to wait, above 0. */
int64_t backoff_try(struct backoff *backoff, int64_t now_ns);
void    backoff_failed(struct backoff *backoff, uint64_t chance, int64_t now_ns);
void    backoff_proved(struct backoff *backoff);

#endif
