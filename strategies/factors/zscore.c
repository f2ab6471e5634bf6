/* zscore.c - see zscore.h. */
#include "strategies/factors/zscore.h"

#include <math.h>

#include "strategies/factors/price.h"

void zscore_init(struct zscore *zscore, uint32_t period)
{
	window_moments_init(&zscore->prices, period);
	zscore->last = 0;
}

bool zscore_push(struct zscore *zscore, double price)
{
	if (!price_is_sound(price)) return false;
	window_moments_push(&zscore->prices, price);
	zscore->last = price;
	return true;
}

double zscore_value(const struct zscore *zscore)
{
	double deviation = sqrt(window_squares(&zscore->prices) * zscore->prices.each);
	return deviation > 0 ? (zscore->last - window_mean(&zscore->prices)) / deviation : 0;
}

size_t zscore_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out)
{
	struct zscore zscore;
	size_t        written = 0;
	zscore_init(&zscore, period);
	for (size_t i = 0; i < count; i++) {
		if (!zscore_push(&zscore, price[i])) return 0;
		if (zscore_ready(&zscore)) out[written++] = zscore_value(&zscore);
	}
	return written;
}
