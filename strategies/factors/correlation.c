/* correlation.c - see correlation.h. */
#include "strategies/factors/correlation.h"

#include <math.h>

#define VALUE_MOST 1e30

void correlation_init(struct correlation *correlation, uint32_t period) { window_co_moments_init(&correlation->pairs, period); }

bool correlation_push(struct correlation *correlation, double x, double y)
{
	if (!(fabs(x) <= VALUE_MOST && fabs(y) <= VALUE_MOST)) return false;
	window_co_moments_push(&correlation->pairs, x, y);
	return true;
}

double correlation_value(const struct correlation *correlation)
{
	struct co_moments moments = window_co_moments(&correlation->pairs);
	double            scale = sqrt(moments.xx) * sqrt(moments.yy);
	if (!(scale > 0)) return 0;
	double value = moments.xy / scale;
	return value > 1 ? 1 : value < -1 ? -1 : value;
}

double correlation_covariance(const struct correlation *correlation)
{
	return window_co_moments(&correlation->pairs).xy / (correlation->pairs.period - 1);
}
