/* ema.c - see ema.h. While it fills, value is the running sum of the seed. */
#include "strategies/factors/ema.h"

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

bool ema_push(struct ema *ema, double price)
{
	if (!price_is_sound(price)) return false;
	if (ema->seen < ema->period) seed(ema, price);
	else ema->value = ema->alpha * price + (1 - ema->alpha) * ema->value;
	return true;
}

double ema_value(const struct ema *ema)
{
	BUG_UNLESS(2011, ema_ready(ema));
	return ema->value;
}

size_t ema_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out)
{
	struct ema ema;
	size_t     written = 0;
	ema_init(&ema, period);
	for (size_t i = 0; i < count; i++) {
		if (!ema_push(&ema, price[i])) return 0;
		if (ema_ready(&ema)) out[written++] = ema.value;
	}
	return written;
}
