/* concentration.h - how much of a portfolio stands on few feet.
 *
 * Over the absolute weights, as shares of their sum (gross exposure):
 *   herfindahl         sum of squared shares, 1 / n (even) to 1 (one position). Herfindahl (1950), Hirschman (1964)
 *   effective_count    1 / herfindahl: as many equal positions would be as concentrated
 *   largest            largest share, and its index
 *   gross, net         sum of absolute and of signed weights, in the unit given (shares of the NAV or USD)
 * An empty or all-zero portfolio: all zero. Weights must be finite. */
#ifndef STRATEGIES_RISK_CONCENTRATION_H
#define STRATEGIES_RISK_CONCENTRATION_H
#include <stdint.h>

struct concentration { double herfindahl, effective_count, largest, gross, net; uint32_t largest_index; };

struct concentration concentration_of(const double *weight, uint32_t assets);

#endif
