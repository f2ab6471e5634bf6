/* sma.c - see sma.h. */
#include "strategies/factors/sma.h"

#include "strategies/factors/price.h"

void sma_init(struct sma *sma, uint32_t period) { window_sum_init(&sma->window, period); }

bool sma_push(struct sma *sma, double price)
{
	if (!price_is_sound(price)) return false;
	window_sum_push(&sma->window, price);
	return true;
}

size_t sma_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out)
{
	struct sma sma;
	size_t     written = 0;
	sma_init(&sma, period);
	for (size_t i = 0; i < count; i++) {
		if (!sma_push(&sma, price[i])) return 0;
		if (sma_ready(&sma)) out[written++] = sma_value(&sma);
	}
	return written;
}
