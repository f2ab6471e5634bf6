/* ewm.h - exponentially weighted volatility of returns, mean taken as zero (RiskMetrics Technical Document, 1996).
 *
 *     variance[0] = r[0]^2        variance[t] = lambda variance[t-1] + (1 - lambda) r[t]^2        volatility = sqrt(variance * annual_days)
 *
 * lambda 0.94 is the daily value of the paper. First value at price 2. Reference: pandas (r * r).ewm(alpha=1 - lambda, adjust=False).mean(),
 * relative error <= 1e-12. Does not drift: each step shrinks every earlier rounding error by lambda. */
#ifndef STRATEGIES_FACTORS_EWM_H
#define STRATEGIES_FACTORS_EWM_H
#include <stdbool.h>
#include <stdint.h>

struct ewm { double lambda, variance, last, annual; uint32_t returns; bool begun; };

/* A lambda outside 0..1 (both out) or annual_days outside 1..366 is a bug (2043). */
void ewm_init(struct ewm *ewm, double lambda, uint32_t annual_days);
/* False, and nothing changes, when the price is not sound (price.h). */
bool ewm_push(struct ewm *ewm, double price);
static inline bool ewm_ready(const struct ewm *ewm) { return ewm->returns > 0; }
/* 0.15 is fifteen per cent a year. A bug (2044) before it is ready. */
double ewm_value(const struct ewm *ewm);

#endif
