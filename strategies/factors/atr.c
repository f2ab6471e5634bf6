/* atr.c - see atr.h. While it fills, value is the sum of the seed. */
#include "strategies/factors/atr.h"

#include <math.h>

#include "fsm/bug.h"
#include "strategies/factors/price.h"

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

/* After the seed only the mean is carried on, in a register. */
size_t atr_batch(uint32_t period, const double *high, const double *low, const double *close, size_t count, double *restrict out)
{
	struct atr atr;
	bool       ordered = true;
	atr_init(&atr, period);
	if (count <= period || !prices_are_sound(high, count) || !prices_are_sound(low, count) || !prices_are_sound(close, count)) return 0;
	for (size_t i = 0; i <= period; i++) ordered &= atr_push(&atr, high[i], low[i], close[i]);
	double value = atr.value, keep = atr.keep, take = atr.take;
	out[0] = value;
	for (size_t i = period + (size_t)1; i < count; i++) {
		ordered &= high[i] >= low[i];
		out[i - period] = value = fma(value, keep, range_of(high[i], low[i], close[i - 1]) * take);
	}
	return ordered ? count - period : 0;
}
