/* bipower.c - see bipower.h. */
#include "strategies/factors/bipower.h"

#include <math.h>

#include "strategies/factors/price.h"

#define HALF_PI 1.57079632679489661923

void bipower_init(struct bipower *bipower, uint32_t period)
{
	BUG_UNLESS(2045, period >= 2 && period <= WINDOW_SUM_MAX);
	window_sum_init(&bipower->squares, period);
	window_sum_init(&bipower->products, period - 1);
	bipower->last_price = bipower->last_return = 0;
	bipower->returns = 0;
	bipower->begun = false;
}

static void add(struct bipower *bipower, double moved)
{
	window_sum_push(&bipower->squares, moved * moved);
	if (bipower->returns > 0) window_sum_push(&bipower->products, moved * bipower->last_return);
	bipower->returns += bipower->returns < UINT32_MAX;
	bipower->last_return = moved;
}

bool bipower_push(struct bipower *bipower, double price)
{
	if (!price_is_sound(price)) return false;
	if (bipower->begun) add(bipower, fabs(log(price / bipower->last_price)));
	bipower->begun = true;
	bipower->last_price = price;
	return true;
}

double bipower_realised(const struct bipower *bipower) { return window_sum(&bipower->squares); }

double bipower_value(const struct bipower *bipower)
{
	double n = bipower->squares.period;
	return HALF_PI * n / (n - 1) * window_sum(&bipower->products);
}

double bipower_jump_share(const struct bipower *bipower)
{
	double realised = bipower_realised(bipower), jumps = realised - bipower_value(bipower);
	return realised > 0 && jumps > 0 ? jumps / realised : 0;
}
