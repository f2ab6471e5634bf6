/* atr.c - see atr.h. While it fills, value is the sum of the seed. */
#include "strategies/factors/atr.h"

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
		atr->value = atr->value * atr->keep + range * atr->take;
		return;
	}
	atr->value += range;
	if (++atr->ranges == atr->period) atr->value /= atr->period;
}

bool atr_push(struct atr *atr, double high, double low, double close)
{
	if (!price_is_sound(high) || !price_is_sound(low) || !price_is_sound(close) || high < low) return false;
	double top = high > atr->last_close ? high : atr->last_close;
	double floor = low < atr->last_close ? low : atr->last_close;
	if (atr->begun) add(atr, top - floor);
	atr->begun = true;
	atr->last_close = close;
	return true;
}

double atr_value(const struct atr *atr)
{
	BUG_UNLESS(2015, atr_ready(atr));
	return atr->value;
}

size_t atr_batch(uint32_t period, const double *high, const double *low, const double *close, size_t count, double *restrict out)
{
	struct atr atr;
	size_t     written = 0;
	atr_init(&atr, period);
	for (size_t i = 0; i < count; i++) {
		if (!atr_push(&atr, high[i], low[i], close[i])) return 0;
		if (atr_ready(&atr)) out[written++] = atr.value;
	}
	return written;
}
