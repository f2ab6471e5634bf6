/* volatility.h - realised volatility: the sample deviation of the last n simple returns, a year.
 *
 *     r[t] = p[t] / p[t-1] - 1        volatility = sqrt(sum (r - mean)^2 / (n - 1)) * sqrt(annual_days)
 *
 * annual_days is 252, or 365 for what trades every day. First value at price n + 1. Reference: pandas pct_change().rolling(n).std(),
 * whose running form is itself good to about 1e-9 on hard series, so also numpy std(ddof=1) a window: relative error <= 1e-12.
 * Does not drift: see window.h. The batch form gives the same bits as the streaming one. */
#ifndef STRATEGIES_FACTORS_VOLATILITY_H
#define STRATEGIES_FACTORS_VOLATILITY_H
#include <stddef.h>

#include "strategies/factors/window.h"

struct volatility { struct window_moments returns; bool begun; double last, annual; };

/* A period outside 2..WINDOW_MOMENTS_MAX or annual_days outside 1..366 is a bug (2001, 2018). */
void volatility_init(struct volatility *volatility, uint32_t period, uint32_t annual_days);
/* False, and nothing changes, when the price is not sound (price.h). */
bool volatility_push(struct volatility *volatility, double price);
static inline bool volatility_ready(const struct volatility *volatility) { return volatility->returns.full; }
/* 0.15 is fifteen per cent a year. A bug (2003) before it is ready. */
double volatility_value(const struct volatility *volatility);
/* As sma_batch: out[i] belongs to price[i + period]. */
size_t volatility_batch(uint32_t period, uint32_t annual_days, const double *restrict price, size_t count, double *restrict out);

#endif
