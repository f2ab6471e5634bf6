/* ema.c - see ema.h. While it fills, value is the running sum of the seed. */
#include "strategies/factors/ema.h"

#include <math.h>

#include "fsm/bug.h"
#include "strategies/factors/price.h"

void ema_init(struct ema *ema, uint32_t period)
{
	BUG_UNLESS(2010, period >= 1 && period <= EMA_PERIOD_MAX);
	*ema = (struct ema){ period, 0, 2.0 / (period + 1.0), 0 };
}

static void seed(struct ema *ema, double price)
{
	ema->value += price;
	if (++ema->seen == ema->period) ema->value /= ema->period;
}

/* One rounding less, and a shorter wait from one value to the next, than multiply and add. */
static inline double next_of(double value, double alpha, double price) { return fma(1 - alpha, value, alpha * price); }

bool ema_push(struct ema *ema, double price)
{
	if (!price_is_sound(price)) return false;
	if (ema->seen < ema->period) seed(ema, price);
	else ema->value = next_of(ema->value, ema->alpha, price);
	return true;
}

double ema_value(const struct ema *ema)
{
	BUG_UNLESS(2011, ema_ready(ema));
	return ema->value;
}

/* After the seed only the mean is carried on, in a register. */
size_t ema_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out)
{
	struct ema ema;
	ema_init(&ema, period);
	if (count < period || !prices_are_sound(price, count)) return 0;
	for (size_t i = 0; i < period; i++) seed(&ema, price[i]);
	double value = ema.value, alpha = ema.alpha;
	out[0] = value;
	for (size_t i = period; i < count; i++) out[i + 1 - period] = value = next_of(value, alpha, price[i]);
	return count - period + 1;
}
