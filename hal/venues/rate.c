/* rate.c - millionths of tokens, so that an even filling loses nothing. */
#include "hal/venues/rate.h"

enum { TOKEN_E6 = 1000000, MINUTE_S = 60 };

static void fill(struct rate *rate, int64_t now_ns)
{
	int64_t passed_ns = now_ns - rate->filled_ns;
	if (passed_ns <= 0) return;
	if (passed_ns > MINUTE_S * NS_PER_S) {
		passed_ns = MINUTE_S * NS_PER_S;
		rate->filled_ns = now_ns - passed_ns;
	}
	int64_t come_e6 = (int64_t)((i128)passed_ns * rate->limit_e6 / (MINUTE_S * NS_PER_S));
	rate->tokens_e6 = e8_min(rate->tokens_e6 + come_e6, rate->limit_e6);
	rate->filled_ns += (int64_t)((i128)come_e6 * MINUTE_S * NS_PER_S / rate->limit_e6);        /* a part of a token is not lost */
}

void rate_init(struct rate *rate, int64_t per_min, int32_t reserve_bp, int64_t now_ns)
{
	*rate = (struct rate){ .filled_ns = now_ns };
	rate->limit_e6 = rate->tokens_e6 = e8_max(1, e8_min(per_min, RATE_PER_MIN_MAX)) * TOKEN_E6;
	rate->reserve_e6 = rate->limit_e6 * reserve_bp / BP_ONE;
}

int64_t rate_wait_ns(struct rate *rate, bool is_urgent, int64_t now_ns)
{
	fill(rate, now_ns);
	if (is_urgent) return 0;
	int64_t lacks_e6 = rate->reserve_e6 + TOKEN_E6 - rate->tokens_e6;
	int64_t tokens_ns = lacks_e6 > 0 ? (int64_t)div_ceil((i128)lacks_e6 * MINUTE_S * NS_PER_S, rate->limit_e6) : 0;
	return e8_max(tokens_ns, e8_max(rate->paused_until_ns - now_ns, 0));
}

bool rate_take(struct rate *rate, bool is_urgent, int64_t now_ns)
{
	if (rate_wait_ns(rate, is_urgent, now_ns) > 0) return false;
	rate->taken++;
	rate->over += rate->tokens_e6 < TOKEN_E6;
	rate->tokens_e6 = e8_max(rate->tokens_e6 - TOKEN_E6, 0);
	return true;
}

void rate_limit(struct rate *rate, int64_t per_min)
{
	int64_t limit_e6 = e8_max(1, e8_min(per_min, RATE_PER_MIN_MAX)) * TOKEN_E6, before_e6 = rate->limit_e6;
	if (limit_e6 == before_e6) return;
	rate->reserve_e6 = (int64_t)((i128)rate->reserve_e6 * limit_e6 / before_e6);
	rate->tokens_e6 = e8_max(0, limit_e6 - e8_max(before_e6 - rate->tokens_e6, 0));        /* what was spent stays spent */
	rate->limit_e6 = limit_e6;
}

void rate_left(struct rate *rate, int64_t left)
{
	if (left >= 0 && left < RATE_PER_MIN_MAX) rate->tokens_e6 = e8_min(rate->tokens_e6, left * TOKEN_E6);
}

void rate_pause(struct rate *rate, int64_t pause_s, int64_t now_ns)
{
	pause_s = e8_max(1, e8_min(pause_s, RATE_PAUSE_MAX_S));
	rate->paused_until_ns = e8_max(rate->paused_until_ns, now_ns + pause_s * NS_PER_S);
}
