/* volatility_target.h - size so that risk, not money, is constant: scale = target volatility / expected volatility (R5, target 15 %).
 *
 * A. Moreira, T. Muir (2017), "Volatility-managed portfolios", use the variance; practice and document 04 the deviation, as here.
 * Volatilities are annual deviations as shares (0.15). The scale is capped at scale_max (leverage), and the expected volatility has a floor
 * so that a quiet week does not order the maximum: with both, no scale is ever infinite. What is not a positive number gives 0, no position:
 * an unknown risk is not sized. */
#ifndef STRATEGIES_SIZING_VOLATILITY_TARGET_H
#define STRATEGIES_SIZING_VOLATILITY_TARGET_H
#include <stdint.h>

struct volatility_target {
	double target;                       /* annual share, 0.15 */
	double floor;                        /* annual share, above 0: lowest expected volatility that is believed */
	double scale_max;                    /* above 0: 1 is no leverage */
};

double volatility_target_scale(const struct volatility_target *target, double expected);
/* sqrt(w' C w): annual volatility of a portfolio of signed weights from the annual covariance[a x assets + b]. Reference: numpy. A form that
 * rounding makes negative is 0. */
double volatility_of_portfolio(const double *weight, const double *covariance, uint32_t assets);

#endif
