/* atr.c - see atr.h. While it fills, value is the sum of the seed. */
#include "strategies/factors/atr.h"

#include <math.h>

#include "fsm/bug.h"
#include "strategies/factors/price.h"
#include "strategies/factors/scan.h"

/* Few enough that the processor makes the ranges of the next ones while the mean of these waits for itself. */
enum { BARS_AT_A_TIME = 32 };

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

static bool bars_are_sound(const double *high, const double *low, const double *close, size_t count)
{
	return prices_are_sound(high, count) && prices_are_sound(low, count) && prices_are_sound(close, count) && prices_are_ordered(low, high, count);
}

/* The ranges of some bars, times take; close begins one bar before them. */
static void shares_of(const double *high, const double *low, const double *close, size_t count, double take, double *restrict share)
{
	size_t at = 0;
	for (; at + SCAN_LANES <= count; at += SCAN_LANES) {
		scan4 before = scan4_load(close + at);
		scan4 range = scan4_max(scan4_load(high + at), before) - scan4_min(scan4_load(low + at), before);
		scan4_store(share + at, range * scan4_all(take));
	}
	for (; at < count; at++) share[at] = range_of(high[at], low[at], close[at]) * take;
}

/* After the seed only the mean is carried on, in a register. The ranges are made ahead of it, where nothing waits for anything. */
size_t atr_batch(uint32_t period, const double *high, const double *low, const double *close, size_t count, double *restrict out)
{
	struct atr atr;
	double     share[BARS_AT_A_TIME];
	atr_init(&atr, period);
	if (count <= period || !bars_are_sound(high, low, close, period + (size_t)1)) return 0;
	for (size_t i = 0; i <= period; i++) (void)atr_push(&atr, high[i], low[i], close[i]);
	double value = out[0] = atr.value, keep = atr.keep;
	for (size_t at = period + (size_t)1, some; at < count; at += some) {
		some = count - at < BARS_AT_A_TIME ? count - at : BARS_AT_A_TIME;
		if (!bars_are_sound(high + at, low + at, close + at, some)) return 0;
		shares_of(high + at, low + at, close + at - 1, some, atr.take, share);
		for (size_t i = 0; i < some; i++) out[at + i - period] = value = fma(value, keep, share[i]);
	}
	return count - period;
}
