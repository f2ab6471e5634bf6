/* zscore.h - how many deviations the last price stands from the mean of the last n.
 *
 *     zscore[t] = (p[t] - mean) / sqrt(sum (p - mean)^2 / n)          population deviation, the last price included
 *
 * First value at the n-th price. Where all n prices are equal the price stands at its mean: 0. Reference: numpy, window by window
 * (mean and std with ddof 0), absolute error <= 1e-9 deviations: a price close to its mean leaves a difference of few digits.
 * Does not drift: see window.h. The batch form gives the same bits as the streaming one. */
#ifndef STRATEGIES_FACTORS_ZSCORE_H
#define STRATEGIES_FACTORS_ZSCORE_H
#include <stddef.h>

#include "strategies/factors/window.h"

struct zscore { struct window_moments prices; double last; };

/* A period outside 2..WINDOW_MOMENTS_MAX is a bug (2001). */
void zscore_init(struct zscore *zscore, uint32_t period);
/* False, and nothing changes, when the price is not sound (price.h). */
bool zscore_push(struct zscore *zscore, double price);
static inline bool zscore_ready(const struct zscore *zscore) { return zscore->prices.full; }
/* Deviations, at most sqrt(n - 1) either way. A bug (2003) before it is ready. */
double zscore_value(const struct zscore *zscore);
/* As sma_batch: out[i] belongs to price[i + period - 1]. */
size_t zscore_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out);

#endif
