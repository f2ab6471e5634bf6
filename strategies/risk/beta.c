/* beta.c - a regression with one regressor. */
#include "strategies/risk/beta.h"

#include "strategies/metrics/moments.h"

struct beta beta_of(const double *asset, const double *market, uint32_t count)
{
	struct moments a = moments_of(asset, count), m = moments_of(market, count);
	struct beta beta = { 0, a.mean };
	double sum = 0;
	if (!(m.deviation > 0)) return beta;
	for (uint32_t i = 0; i < count; i++) sum += (market[i] - m.mean) / m.deviation * (asset[i] - a.mean);
	beta.beta = sum / (double)(count - 1) / m.deviation;
	beta.alpha = a.mean - beta.beta * m.mean;
	return beta;
}

double beta_of_portfolio(const double *weight, const double *asset_beta, uint32_t assets)
{
	double sum = 0;
	for (uint32_t i = 0; i < assets; i++) sum += weight[i] * asset_beta[i];
	return sum;
}
