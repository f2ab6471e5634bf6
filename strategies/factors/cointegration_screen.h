/* cointegration_screen.h - the Engle-Granger statistic of every pair of a universe at once, to find those that are worth the test itself.
 *
 * The spread of a pair is u = y - hedge x, so all sums the statistic is made of (cointegration.h) follow from products of the two series at
 * a few lags, edge values, and the hedge:
 *
 *     S[0] = sum x[t] y[t],   S[l] = sum x[t] y[t-l] + y[t] x[t-l]                         l up to lags + 1
 *     sum u[t] u[t-l] from S of (y, y), (x, y), (x, x);   sum du[t] du[t-l] = 2 S[l] - S[l-1] - S[l+1] less what lies at the ends
 *
 * So a pair costs three sums of products with one lag, made in one pass in which three pairs share each value, instead of a pass over its own
 * spread for each sum; the small systems are solved four pairs to a vector.
 *
 * The price is digits: sums of u come out of larger ones. A statistic is good to SCREEN_ERROR; where the differences leave too little for that
 * it is said to be -infinity, so that a pair below `critical + SCREEN_ERROR` is one to be tested and no other can pass.
 * Reference: cointegration_of, pair by pair. */
#ifndef STRATEGIES_FACTORS_COINTEGRATION_SCREEN_H
#define STRATEGIES_FACTORS_COINTEGRATION_SCREEN_H
#include "strategies/factors/cointegration.h"

#define SCREEN_ERROR 1e-3

enum { SCREEN_SERIES = 32 };

/* statistic[y][x] of y = intercept + hedge x + u for all y < x of so many series of one length; the rest is not written. Series of two lengths, more
 * than SCREEN_SERIES of them or too many lags are a bug (2333, 2334). */
void cointegration_screen(const struct centred *series, uint32_t count, uint32_t lags, double statistic[SCREEN_SERIES][SCREEN_SERIES]);

#endif
