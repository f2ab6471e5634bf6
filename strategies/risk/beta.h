/* beta.h - how an asset, and a portfolio, moves with the market.
 *
 * beta = covariance(asset, market) / variance(market) over the same days; alpha = mean asset - beta mean market, per period.
 * Reference: empyrical.beta, and scipy.stats.linregress for both. A constant market or fewer than two days: beta 0, alpha the asset's mean.
 * Values must be finite. */
#ifndef STRATEGIES_RISK_BETA_H
#define STRATEGIES_RISK_BETA_H
#include <stdint.h>

struct beta { double beta, alpha; };

struct beta beta_of(const double *asset, const double *market, uint32_t count);
/* Weights are signed shares of the NAV. */
double beta_of_portfolio(const double *weight, const double *asset_beta, uint32_t assets);

#endif
