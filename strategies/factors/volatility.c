/* volatility.c - see volatility.h. */
#include "strategies/factors/volatility.h"

#include <math.h>

#include "strategies/factors/price.h"

void volatility_init(struct volatility *volatility, uint32_t period, uint32_t annual_days)
{
	BUG_UNLESS(2018, annual_days >= 1 && annual_days <= 366);
	window_moments_init(&volatility->returns, period);
	volatility->begun = false;
	volatility->last = 0;
	volatility->annual = sqrt(annual_days);
}

bool volatility_push(struct volatility *volatility, double price)
{
	if (!price_is_sound(price)) return false;
	if (volatility->begun) window_moments_push(&volatility->returns, price / volatility->last - 1);
	volatility->begun = true;
	volatility->last = price;
	return true;
}

double volatility_value(const struct volatility *volatility)
{
	return sqrt(window_squares(&volatility->returns) / (volatility->returns.period - 1)) * volatility->annual;
}

size_t volatility_batch(uint32_t period, uint32_t annual_days, const double *restrict price, size_t count, double *restrict out)
{
	struct volatility volatility;
	size_t            written = 0;
	volatility_init(&volatility, period, annual_days);
	for (size_t i = 0; i < count; i++) {
		if (!volatility_push(&volatility, price[i])) return 0;
		if (volatility_ready(&volatility)) out[written++] = volatility_value(&volatility);
	}
	return written;
}
