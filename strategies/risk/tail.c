/* tail.c - the lower end of a distribution, counted or assumed normal. */
#include "strategies/risk/tail.h"

#include <math.h>

#include "fsm/bug.h"
#include "strategies/metrics/normal.h"
#include "strategies/metrics/ranking.h"

static void check_tail(double tail) { BUG_UNLESS(2220, tail > 0 && tail <= 0.5); }

double tail_var_historical(const double *returns, const uint32_t *sorted_ids, uint32_t count, double tail)
{
	check_tail(tail);
	return count ? -ranking_quantile(returns, sorted_ids, count, tail) : 0;
}

double tail_shortfall_historical(const double *returns, const uint32_t *sorted_ids, uint32_t count, double tail)
{
	check_tail(tail);
	double sum = 0;
	if (count == 0) return 0;
	uint32_t worst = (uint32_t)((double)(count - 1) * tail) + 1;
	for (uint32_t i = 0; i < worst; i++) sum += returns[sorted_ids[i]];
	return -sum / worst;
}

double tail_var_parametric(double mean, double deviation, double tail)
{
	check_tail(tail);
	return -(mean + normal_quantile(tail) * deviation);
}

double tail_shortfall_parametric(double mean, double deviation, double tail)
{
	check_tail(tail);
	return deviation * normal_density(normal_quantile(tail)) / tail - mean;
}

double tail_over_periods(double risk_of_one_period, double periods) { return risk_of_one_period * sqrt(periods); }
