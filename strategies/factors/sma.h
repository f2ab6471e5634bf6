/* sma.h - simple moving average: the mean of the last n prices.
 *
 *     sma[t] = (p[t] + p[t-1] + ... + p[t-n+1]) (1/n)
 *
 * First value at the n-th price. Reference: TA-Lib SMA, relative error <= 1e-12. Does not drift: see window.h.
 * The batch form adds in another order (tree.h) and agrees with the streaming one to 1e-13. */
#ifndef STRATEGIES_FACTORS_SMA_H
#define STRATEGIES_FACTORS_SMA_H
#include <stddef.h>

#include "strategies/factors/window.h"

struct sma { struct window_sum window; double each; };

void sma_init(struct sma *sma, uint32_t period);
/* False, and nothing changes, when the price is not sound (price.h). */
bool sma_push(struct sma *sma, double price);
static inline bool sma_ready(const struct sma *sma) { return sma->window.full; }
/* A bug (2002) before it is ready. */
static inline double sma_value(const struct sma *sma) { return window_sum(&sma->window) * sma->each; }

/* The whole series at once: out[i] belongs to price[i + period - 1]; returns how many were written, 0 when the series is too short
 * or holds a price that is not sound. out has room for count values and may not overlap price. */
size_t sma_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out);

#endif
