/* correlation.h - rolling covariance and correlation of two series of returns.
 *
 *     covariance = sum (x - mean x)(y - mean y) / (n - 1)      correlation = sum (..)(..) / sqrt(sum (x - mean x)^2 sum (y - mean y)^2)
 *
 * First value at the n-th pair. A series that stands still is correlated with nothing: 0. Correlation is within -1..1 always.
 * Reference: pandas rolling(n).cov() and .corr(), 1e-9; numpy window by window, 1e-12 of the product of the deviations.
 * Does not drift: see window.h. */
#ifndef STRATEGIES_FACTORS_CORRELATION_H
#define STRATEGIES_FACTORS_CORRELATION_H
#include "strategies/factors/window.h"

struct correlation { struct window_co_moments pairs; };

/* A period outside 2..WINDOW_MOMENTS_MAX is a bug (2004). */
void correlation_init(struct correlation *correlation, uint32_t period);
/* False, and nothing changes, when a value is not finite or beyond +-1e30 (returns of sound prices are within). */
bool correlation_push(struct correlation *correlation, double x, double y);
static inline bool correlation_ready(const struct correlation *correlation) { return correlation->pairs.full; }
/* Bugs (2005) before it is ready. */
double correlation_value(const struct correlation *correlation);
double correlation_covariance(const struct correlation *correlation);

#endif
