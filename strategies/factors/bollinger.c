/* bollinger.c - see bollinger.h. */
#include "strategies/factors/bollinger.h"

#include <math.h>

#include "strategies/factors/price.h"

void bollinger_init(struct bollinger *bollinger, uint32_t period, double width)
{
	BUG_UNLESS(2041, width >= 0.1 && width <= 10);
	window_moments_init(&bollinger->prices, period);
	bollinger->last = 0;
	bollinger->width = width;
}

bool bollinger_push(struct bollinger *bollinger, double price)
{
	if (!price_is_sound(price)) return false;
	window_moments_push(&bollinger->prices, price);
	bollinger->last = price;
	return true;
}

static double reach(const struct bollinger *bollinger)
{
	return bollinger->width * sqrt(window_squares(&bollinger->prices) / bollinger->prices.period);
}

struct bollinger_bands bollinger_value(const struct bollinger *bollinger)
{
	double middle = window_mean(&bollinger->prices), half = reach(bollinger);
	double percent_b = half > 0 ? 0.5 + (bollinger->last - middle) / (2 * half) : 0.5;
	return (struct bollinger_bands){ middle + half, middle, middle - half, percent_b, 2 * half / middle };
}

size_t bollinger_batch(uint32_t period, double width, const double *restrict price, size_t count,
	double *restrict upper, double *restrict middle, double *restrict lower)
{
	struct bollinger bollinger;
	size_t           written = 0;
	bollinger_init(&bollinger, period, width);
	for (size_t i = 0; i < count; i++) {
		if (!bollinger_push(&bollinger, price[i])) return 0;
		if (!bollinger_ready(&bollinger)) continue;
		double mean = window_mean(&bollinger.prices), half = reach(&bollinger);
		upper[written] = mean + half;
		lower[written] = mean - half;
		middle[written++] = mean;
	}
	return written;
}
