/* momentum.c - see momentum.h. The slot about to be overwritten holds the price of n pushes ago. */
#include "strategies/factors/momentum.h"

#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/price.h"

void momentum_init(struct momentum *momentum, uint32_t period)
{
	BUG_UNLESS(2016, period >= 1 && period <= MOMENTUM_PERIOD_MAX);
	memset(momentum, 0, sizeof *momentum);
	momentum->period = period;
}

bool momentum_push(struct momentum *momentum, double price)
{
	if (!price_is_sound(price)) return false;
	double *slot = &momentum->price[momentum->at];
	momentum->full = *slot > 0;
	if (momentum->full) momentum->value = price / *slot - 1;
	*slot = price;
	if (++momentum->at == momentum->period) momentum->at = 0;
	return true;
}

double momentum_value(const struct momentum *momentum)
{
	BUG_UNLESS(2017, momentum->full);
	return momentum->value;
}

size_t momentum_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out)
{
	struct momentum momentum;
	size_t          written = 0;
	momentum_init(&momentum, period);
	for (size_t i = 0; i < count; i++) {
		if (!momentum_push(&momentum, price[i])) return 0;
		if (momentum.full) out[written++] = momentum.value;
	}
	return written;
}
