/* rate.h - a token bucket: how many requests, or connections, a minute; and a reserve for what may not wait.
 *
 * The bucket holds a minute's worth and fills evenly. What is plain leaves the reserve alone; what is urgent takes from it, and is let go even
 * when nothing is left: a venue's own refusal is better than a cancel that we held back ourselves. The venue corrects us: its limit, what it says
 * is left, and its pauses, which hold the plain ones. Pure: time is given. Rows X4, X5. */
#ifndef HAL_VENUES_RATE_H
#define HAL_VENUES_RATE_H
#include "fsm/units.h"

/* bp, of a minute's worth; n a minute; s, the longest pause that is believed (a venue's clock may be hours off). */
enum { RATE_RESERVE_BP = 2000, RATE_PER_MIN_MAX = 10000000, RATE_PAUSE_MAX_S = 60 };

struct rate {
	int64_t  tokens_e6, limit_e6, reserve_e6;
	int64_t  filled_ns, paused_until_ns;
	uint64_t taken, over;        /* let go; of them urgent ones that nothing was left for */
};

/* reserve_bp of the limit is for urgent ones; 0 when there are none. */
void rate_init(struct rate *rate, int64_t per_min, int32_t reserve_bp, int64_t now_ns);
/* Takes one when it may go now. */
bool rate_take(struct rate *rate, bool is_urgent, int64_t now_ns);
/* How long until one may go: 0 is now. */
int64_t rate_wait_ns(struct rate *rate, bool is_urgent, int64_t now_ns);

/* The venue's word. */
void rate_limit(struct rate *rate, int64_t per_min);
void rate_left(struct rate *rate, int64_t left);
void rate_pause(struct rate *rate, int64_t pause_s, int64_t now_ns);

#endif
