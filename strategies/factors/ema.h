/* ema.h - exponential moving average, seeded with the mean of the first n prices.
 *
 *     ema[n-1] = (p[0] + ... + p[n-1]) / n        ema[t] = a p[t] + (1 - a) ema[t-1],   a = 2 / (n + 1)
 *
 * First value at the n-th price. Reference: TA-Lib EMA (same seed), relative error <= 1e-12. Does not drift: each step shrinks every
 * earlier rounding error by 1 - a. The batch form gives the same bits as the streaming one. */
#ifndef STRATEGIES_FACTORS_EMA_H
#define STRATEGIES_FACTORS_EMA_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EMA_PERIOD_MAX = 10000 };        /* prices */

struct ema { uint32_t period, seen; double alpha, value; };

/* A period outside 1..EMA_PERIOD_MAX is a bug (2010). */
void ema_init(struct ema *ema, uint32_t period);
/* False, and nothing changes, when the price is not sound (price.h). */
bool ema_push(struct ema *ema, double price);
static inline bool ema_ready(const struct ema *ema) { return ema->seen >= ema->period; }
/* A bug (2011) before it is ready. */
double ema_value(const struct ema *ema);
/* As sma_batch: out[i] belongs to price[i + period - 1]. */
size_t ema_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out);

#endif
