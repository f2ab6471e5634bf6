/* bollinger.h - Bollinger bands (John Bollinger, Bollinger on Bollinger Bands, 2001).
 *
 *     middle = mean of the last n prices, deviation = sqrt(sum (p - middle)^2 / n), upper and lower = middle +- width * deviation
 *     percent_b = (p - lower) / (upper - lower)       bandwidth = (upper - lower) / middle
 *
 * First value at the n-th price. Where all n prices are equal the bands meet and percent_b is 1/2. Reference: TA-Lib BBANDS (which takes
 * the population deviation too), 1e-9, since its running form loses digits that ours keeps; numpy window by window, 1e-12.
 * Does not drift: see window.h. The batch form merges neighbours (tree.h) and agrees with the streaming one to 1e-12. */
#ifndef STRATEGIES_FACTORS_BOLLINGER_H
#define STRATEGIES_FACTORS_BOLLINGER_H
#include <stddef.h>

#include "strategies/factors/price.h"
#include "strategies/factors/window.h"

struct bollinger { struct window_moments prices; double last, width; };
struct bollinger_bands { double upper, middle, lower, percent_b, bandwidth; };

/* A period outside 2..WINDOW_MOMENTS_MAX or a width outside 0.1..10 deviations is a bug (2001, 2041). */
void bollinger_init(struct bollinger *bollinger, uint32_t period, double width);
/* False, and nothing changes, when the price is not sound (price.h). */
static inline bool bollinger_push(struct bollinger *bollinger, double price)
{
	if (!price_is_sound(price)) return false;
	window_moments_push(&bollinger->prices, price);
	bollinger->last = price;
	return true;
}
static inline bool bollinger_ready(const struct bollinger *bollinger) { return bollinger->prices.full; }
/* A bug (2003) before it is ready. */
struct bollinger_bands bollinger_value(const struct bollinger *bollinger);
/* percent_b of many series at once: the same bits, and 1/2 for one that is not ready. */
void bollinger_percent_b(const struct bollinger *bollinger, size_t count, double *restrict percent_b);
/* As sma_batch, three outputs: each [i] belongs to price[i + period - 1]. A period or width as above is a bug here (2008). */
size_t bollinger_batch(uint32_t period, double width, const double *restrict price, size_t count,
	double *restrict upper, double *restrict middle, double *restrict lower);

#endif
