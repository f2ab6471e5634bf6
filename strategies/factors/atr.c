/* atr.c - see atr.h. While it fills, value is the sum of the seed. */
#include "strategies/factors/atr.h"

#include <math.h>

#include "fsm/bug.h"
#include "strategies/factors/four.h"
#include "strategies/factors/price.h"

enum { BARS_AT_A_TIME = 64 };           /* of the batch form */

void atr_init(struct atr *atr, uint32_t period)
{
	BUG_UNLESS(2014, period >= 1 && period <= ATR_PERIOD_MAX);
	*atr = (struct atr){ .period = period, .keep = (period - 1.0) / period, .take = 1.0 / period };
}

static void add(struct atr *atr, double range)
{
	if (atr->ranges >= atr->period) {
		atr->value = fma(atr->value, atr->keep, range * atr->take);
		return;
	}
	atr->value += range;
	if (++atr->ranges == atr->period) atr->value /= atr->period;
}

static inline double range_of(double high, double low, double last_close)
{
	double top = high > last_close ? high : last_close, bottom = low < last_close ? low : last_close;
	return top - bottom;
}

static inline bool bar_is_sound(double high, double low, double close)
{
	return price_is_sound(high) && price_is_sound(low) && price_is_sound(close) && high >= low;
}

bool atr_push(struct atr *atr, double high, double low, double close)
{
	if (!bar_is_sound(high, low, close)) return false;
	if (atr->begun) add(atr, range_of(high, low, atr->last_close));
	atr->begun = true;
	atr->last_close = close;
	return true;
}

double atr_value(const struct atr *atr)
{
	BUG_UNLESS(2015, atr_ready(atr));
	return atr->value;
}

/* The ranges of a block, times take; close begins one bar before them. False where a bar is not sound. */
static bool shares_of(const double *high, const double *low, const double *close, double take, double *restrict share)
{
	const four least = four_all(PRICE_LEAST), most = four_all(PRICE_MOST);
	four_mask  good = { -1, -1, -1, -1 };
	for (size_t at = 0; at < BARS_AT_A_TIME; at += LANES) {
		four top = four_load(high + at), bottom = four_load(low + at), last = four_load(close + at), now = four_load(close + at + 1);
		good &= (four_mask)(bottom >= least) & (four_mask)(top >= bottom) & (four_mask)(top <= most);
		good &= (four_mask)(now >= least) & (four_mask)(now <= most);
		four_store(share + at, (four_max(top, last) - four_min(bottom, last)) * four_all(take));
	}
	return (good[0] & good[1] & good[2] & good[3]) != 0;
}

/* Powers of keep, for four values and the four after them. */
struct powers { four one, two, first, second; };

static struct powers powers_of(double keep)
{
	double two = keep * keep, three = two * keep, all = two * two;
	four   first = { keep, two, three, all };
	return (struct powers){ four_all(keep), four_all(two), first, first * four_all(all) };
}

/* What four shares make by themselves: share[i] + keep share[i-1] + .. */
static inline four scan(four share, const struct powers *keep)
{
	const four none = { 0, 0, 0, 0 };
	share = four_fma(keep->one, __builtin_shufflevector(share, none, 4, 0, 1, 2), share);
	return four_fma(keep->two, __builtin_shufflevector(share, none, 4, 4, 0, 1), share);
}

/* The means of a block after `value`, which they replace. Eight at a time: only one step of eight waits for the one before. */
static void means_of(const double *share, const struct powers *keep, double *value, double *restrict out)
{
	four last = four_all(*value);
	for (size_t at = 0; at < BARS_AT_A_TIME; at += 2 * LANES) {
		four one = scan(four_load(share + at), keep), two = scan(four_load(share + at + LANES), keep);
		two = four_fma(keep->first, four_all(one[LANES - 1]), two);
		four_store(out + at, four_fma(keep->first, last, one));
		four end = four_fma(keep->second, last, two);
		four_store(out + at + LANES, end);
		last = four_all(end[LANES - 1]);
	}
	*value = last[0];
}

/* After the seed, block by block; the bars of the last, which is none, one by one. */
size_t atr_batch(uint32_t period, const double *high, const double *low, const double *close, size_t count, double *restrict out)
{
	struct atr    atr;
	double        share[BARS_AT_A_TIME];
	size_t        at = 0;
	struct powers keep;
	atr_init(&atr, period);
	keep = powers_of(atr.keep);
	if (count <= period) return 0;
	for (; at <= period; at++) if (!atr_push(&atr, high[at], low[at], close[at])) return 0;
	out[0] = atr.value;
	for (; at + BARS_AT_A_TIME <= count; at += BARS_AT_A_TIME) {
		if (!shares_of(high + at, low + at, close + at - 1, atr.take, share)) return 0;
		means_of(share, &keep, &atr.value, out + at - period);
	}
	four_done();
	atr.last_close = close[at - 1];
	for (; at < count; at++) {
		if (!atr_push(&atr, high[at], low[at], close[at])) return 0;
		out[at - period] = atr.value;
	}
	return count - period;
}
