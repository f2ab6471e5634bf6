/* volatility_target.c - a quotient with a floor and a cap. */
#include "strategies/sizing/volatility_target.h"

#include <math.h>
#include <stddef.h>

#include "fsm/bug.h"

double volatility_target_scale(const struct volatility_target *target, double expected)
{
	BUG_UNLESS(2230, target->target >= 0 && target->floor > 0 && target->scale_max > 0);
	if (!(expected > 0) || !isfinite(expected)) return 0;
	return fmin(target->target / fmax(expected, target->floor), target->scale_max);
}

double volatility_of_portfolio(const double *weight, const double *covariance, uint32_t assets)
{
	double variance = 0;
	for (uint32_t a = 0; a < assets; a++) {
		double row = 0;
		for (uint32_t b = 0; b < assets; b++) row += covariance[(size_t)a * assets + b] * weight[b];
		variance += weight[a] * row;
	}
	return variance > 0 ? sqrt(variance) : 0;
}
