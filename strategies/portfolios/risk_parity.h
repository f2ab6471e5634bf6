/* risk_parity.h - weights of which each carries its budget of the risk, under caps.
 *
 *     minimise  1/2 w' S w - lambda sum b[i] ln w[i]    over  0 < w[i] <= cap[i],    lambda such that sum w = 1
 *
 * Without a binding cap: w[i] (S w)[i] is the share b[i] of the variance (equal risk contribution for equal budgets). An asset at its cap
 * carries less than its budget, the others carry theirs in proportion. The problem is strictly convex: there is one answer.
 *
 * Method: cyclic coordinate descent to come near (Griveau-Billion, Richard and Roncalli, "A fast algorithm for computing high-dimensional
 * risk parity portfolios", 2013), Newton to finish (Spinu, "An algorithm for computing risk parity weights", 2013), an active set for the
 * caps of Richard and Roncalli, "Constrained risk budgeting portfolios" (2019). Reference: scipy, 1e-9 (with caps 1e-6, its own limit);
 * riskfolio-lib, 1e-4. About 10 us for 15 assets. */
#ifndef STRATEGIES_PORTFOLIOS_RISK_PARITY_H
#define STRATEGIES_PORTFOLIOS_RISK_PARITY_H
#include <stdbool.h>
#include <stdint.h>

enum {
	RISK_PARITY_MAX = 32,           /* assets */
};

enum risk_parity_end {
	RISK_PARITY_DONE,
	RISK_PARITY_BAD_INPUT,          /* a variance that is not above 0, a budget or cap not above 0, a value not finite */
	RISK_PARITY_CAPS_TOO_SMALL,     /* the caps sum to less than 1: weight is at the caps, the rest is cash */
	RISK_PARITY_NOT_CONVERGED,      /* the matrix is not positive semidefinite, or hedges nearly cancel under binding caps (0.03 % of hard
	                                   random cases, none of the daily data) */
};

/* covariance: RISK_PARITY_MAX apart, symmetric. budget: relative, or null for equal. cap: or null for none. weight: sums to 1.
 * On BAD_INPUT and NOT_CONVERGED weight is 0. A count outside 1..RISK_PARITY_MAX is a bug (2060). */
enum risk_parity_end risk_parity(double covariance[][RISK_PARITY_MAX], uint32_t count, const double *budget, const double *cap, double *weight);

/* Share of each asset in the variance of the portfolio; sums to 1. 0 for all where the variance is not above 0. */
void risk_parity_shares(double covariance[][RISK_PARITY_MAX], uint32_t count, const double *weight, double *share);

#endif
