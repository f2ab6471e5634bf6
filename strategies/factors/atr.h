/* atr.h - average true range, after J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
 *
 *     true range[t] = max(high, close[t-1]) - min(low, close[t-1])
 *     atr = mean of the first n true ranges, then  atr[t] = (atr[t-1] (n - 1) + range[t]) / n
 *
 * The first bar has no close before it and so no true range: first value at bar n + 1. Reference: TA-Lib ATR (same seed), relative
 * error <= 1e-12. Does not drift: each step shrinks every earlier rounding error by (n - 1) / n.
 * The batch form makes eight means at once, by powers of (n - 1) / n, and agrees with the streaming one to 1e-13. */
#ifndef STRATEGIES_FACTORS_ATR_H
#define STRATEGIES_FACTORS_ATR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ATR_PERIOD_MAX = 10000 };        /* bars */

struct atr { uint32_t period, ranges; bool begun; double last_close, value, keep, take; };

/* A period outside 1..ATR_PERIOD_MAX is a bug (2014). */
void atr_init(struct atr *atr, uint32_t period);
/* False, and nothing changes, when a price is not sound (price.h) or the high is below the low. */
bool atr_push(struct atr *atr, double high, double low, double close);
static inline bool atr_ready(const struct atr *atr) { return atr->ranges >= atr->period; }
/* In the unit of the prices. A bug (2015) before it is ready. */
double atr_value(const struct atr *atr);
/* As sma_batch: out[i] belongs to bar i + period. */
size_t atr_batch(uint32_t period, const double *high, const double *low, const double *close, size_t count, double *restrict out);

#endif
