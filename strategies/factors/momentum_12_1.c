/* momentum_12_1.c - see momentum_12_1.h. price[at] is the oldest of the ring. */
#include "strategies/factors/momentum_12_1.h"

#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/price.h"

void momentum_12_1_init(struct momentum_12_1 *momentum) { memset(momentum, 0, sizeof *momentum); }

bool momentum_12_1_push(struct momentum_12_1 *momentum, double price)
{
	if (!price_is_sound(price)) return false;
	momentum->price[momentum->at] = price;
	momentum->at = momentum->at + 1 < MOMENTUM_12_1_BARS ? momentum->at + 1 : 0;
	momentum->seen += momentum->seen < MOMENTUM_12_1_BARS;
	return true;
}

/* The price of so many bars ago, 0..252. */
static double ago(const struct momentum_12_1 *momentum, uint32_t bars)
{
	return momentum->price[(momentum->at + MOMENTUM_12_1_BARS - 1 - bars) % MOMENTUM_12_1_BARS];
}

double momentum_12_1_value(const struct momentum_12_1 *momentum, bool summed)
{
	BUG_UNLESS(2040, momentum_12_1_ready(momentum));
	double sum = 0;
	if (!summed) return ago(momentum, MOMENTUM_MONTH) / ago(momentum, MOMENTUM_YEAR) - 1;
	for (uint32_t bars = MOMENTUM_YEAR; bars > MOMENTUM_MONTH; bars--) sum += ago(momentum, bars - 1) / ago(momentum, bars) - 1;
	return sum;
}
