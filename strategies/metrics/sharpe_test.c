/* sharpe_test.c - the two formulas of sharpe_test.h. */
#include "strategies/metrics/sharpe_test.h"

#include <math.h>

#include "strategies/metrics/normal.h"

double sharpe_probability(const struct sharpe_sample *sample, double benchmark)
{
	double ratio = sample->sharpe, above = ratio - benchmark;
	if (sample->observations < 2 || above == 0 || above != above) return 0.5;
	double variance = (1 - sample->skew * ratio + (sample->kurtosis + 2) / 4 * ratio * ratio) / (sample->observations - 1);
	if (!(variance > 0)) return above > 0 ? 1 : 0;
	return normal_below(above / sqrt(variance));
}

double sharpe_best_of_luck(uint32_t trials, double variance_of_trials)
{
	const double euler = 0.57721566490153286061, e = 2.71828182845904523536;
	if (trials < 2 || !(variance_of_trials > 0)) return 0;
	double best = (1 - euler) * normal_quantile(1 - 1.0 / trials) + euler * normal_quantile(1 - 1 / (trials * e));
	return sqrt(variance_of_trials) * best;
}

double sharpe_deflated(const struct sharpe_sample *sample, uint32_t trials, double variance_of_trials)
{
	return sharpe_probability(sample, sharpe_best_of_luck(trials, variance_of_trials));
}
