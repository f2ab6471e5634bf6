/* cointegration_screen.h - the Engle-Granger statistic of every pair of a universe at once, to find those that are worth the test itself.
 *
 * The spread of a pair is u = y - hedge x, so all sums the statistic is made of (cointegration.h) follow from products of the two series at
 * a few lags, edge values, and the hedge:
 *
 *     S[l] = sum x[t] y[t-l] + y[t] x[t-l],   U[l] = sum u[t] u[t-l]                                l = 0 .. lags + 1
 *     2 U[l] from S of (y, y), (x, y), (x, x);   sum du[t] du[t-l] = 2 U[l] - U[l-1] - U[l+1] less what lies at the ends
 *
 * So a pair costs a few sums of products, of which most are kept from one screen to the next (cointegration_parts.h), instead of a pass over its own
 * spread for each sum; the small systems are solved four pairs to a vector.
 *
 * The price is digits: sums of u come out of larger ones. A statistic is good to SCREEN_ERROR; where the differences leave too little for that
 * it is said to be -infinity, so that a pair below `critical + SCREEN_ERROR` is one to be tested and no other can pass.
 * Reference: cointegration_of, pair by pair. */
#ifndef STRATEGIES_FACTORS_COINTEGRATION_SCREEN_H
#define STRATEGIES_FACTORS_COINTEGRATION_SCREEN_H
#include "strategies/factors/cointegration_parts.h"

#define SCREEN_ERROR 1e-3

/* statistic[y][x] of y = intercept + hedge x + u for all y < x of the first `count` series of the ring, over all its rows but the oldest; the rest is
 * anything. Parts that are all zeros have seen nothing; what was written to the ring since was told to screen_parts_written. Values are finite. Rows,
 * series or lags beyond their bounds are a bug (2333, 2334). */
void cointegration_screen(struct screen_parts *parts, const struct screen_ring *ring, uint32_t count, uint32_t lags,
	double statistic[SCREEN_SERIES][SCREEN_SERIES]);

#endif
