/* momentum_12_1.c - see momentum_12_1.h. price[at] is the oldest of the ring. */
#include "strategies/factors/momentum_12_1.h"

#include <string.h>

#include "strategies/factors/price.h"

void momentum_12_1_init(struct momentum_12_1 *momentum)
{
	memset(momentum, 0, sizeof *momentum);
	window_sum_init(&momentum->returns, MOMENTUM_YEAR - MOMENTUM_MONTH);
}

/* The price of so many bars ago, 0..252. */
static double ago(const struct momentum_12_1 *momentum, uint32_t bars)
{
	uint32_t at = momentum->at > bars ? momentum->at - 1 - bars : momentum->at + MOMENTUM_12_1_BARS - 1 - bars;
	return momentum->price[at];
}

bool momentum_12_1_push(struct momentum_12_1 *momentum, double price)
{
	if (!price_is_sound(price)) return false;
	momentum->price[momentum->at] = price;
	momentum->at = momentum->at + 1 < MOMENTUM_12_1_BARS ? momentum->at + 1 : 0;
	momentum->seen += momentum->seen < MOMENTUM_12_1_BARS;
	if (momentum->seen > MOMENTUM_MONTH + 1) window_sum_push(&momentum->returns, ago(momentum, MOMENTUM_MONTH) / ago(momentum, MOMENTUM_MONTH + 1) - 1);
	return true;
}

double momentum_12_1_value(const struct momentum_12_1 *momentum, bool summed)
{
	BUG_UNLESS(2040, momentum_12_1_ready(momentum));
	if (summed) return window_sum(&momentum->returns);
	return ago(momentum, MOMENTUM_MONTH) / ago(momentum, MOMENTUM_YEAR) - 1;
}
