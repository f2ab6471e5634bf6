/* jumps.c - see jumps.h. */
#include "strategies/factors/jumps.h"

#include <math.h>
#include <string.h>

#include "strategies/factors/price.h"

#define PI 3.14159265358979323846

/* |L| beyond which a return is a jump. */
static double limit_of(double alpha)
{
	double c = sqrt(2 / PI), root = sqrt(2 * log((double)JUMPS_DAYS));
	double centre = root / c - (log(PI) + log(log((double)JUMPS_DAYS))) / (2 * c * root);
	return centre - log(-log1p(-alpha)) / (c * root);
}

void jumps_init(struct jumps *jumps, double alpha)
{
	BUG_UNLESS(2055, alpha >= 1e-6 && alpha <= 0.5);
	memset(jumps, 0, sizeof *jumps);
	window_sum_init(&jumps->local, JUMPS_LOCAL - 2);
	jumps->limit = limit_of(alpha);
}

static void test(struct jumps *jumps, double moved)
{
	double variance = window_sum(&jumps->local) / (JUMPS_LOCAL - 2);
	jumps->statistic = variance > 0 ? moved / sqrt(variance) : 0;
	jumps->moved[jumps->at] = moved;
	jumps->jumped[jumps->at] = fabs(jumps->statistic) > jumps->limit;
	jumps->at = (jumps->at + 1) % JUMPS_DAYS;
	jumps->tested += jumps->tested < UINT32_MAX;
}

static void add(struct jumps *jumps, double moved)
{
	if (jumps->local.full) test(jumps, moved);
	if (jumps->returns > 0) window_sum_push(&jumps->local, fabs(moved) * fabs(jumps->last_move));
	jumps->returns += jumps->returns < UINT32_MAX;
	jumps->last_move = moved;
}

bool jumps_push(struct jumps *jumps, double price)
{
	if (!price_is_sound(price)) return false;
	if (jumps->begun) add(jumps, log(price / jumps->last_price));
	jumps->begun = true;
	jumps->last_price = price;
	return true;
}

double jumps_statistic(const struct jumps *jumps)
{
	BUG_UNLESS(2056, jumps->tested > 0);
	return jumps->statistic;
}

bool jumps_now(const struct jumps *jumps) { return jumps->tested > 0 && fabs(jumps->statistic) > jumps->limit; }

/* Mean and sample deviation of the returns of one kind. */
static uint32_t describe(const struct jumps *jumps, bool jumped, double *mean, double *deviation)
{
	double   sum = 0, squares = 0;
	uint32_t count = 0;
	for (uint32_t i = 0; i < JUMPS_DAYS; i++) if (jumps->jumped[i] == jumped) sum += jumps->moved[i], count++;
	*mean = count ? sum / count : 0;
	for (uint32_t i = 0; i < JUMPS_DAYS; i++) {
		if (jumps->jumped[i] == jumped) squares += (jumps->moved[i] - *mean) * (jumps->moved[i] - *mean);
	}
	*deviation = count > 1 ? sqrt(squares / (count - 1)) : 0;
	return count;
}

struct jump_diffusion jumps_value(const struct jumps *jumps, uint32_t annual_days)
{
	struct jump_diffusion out;
	double                mean, deviation;
	BUG_UNLESS(2057, jumps_ready(jumps));
	(void)describe(jumps, false, &mean, &deviation);
	out.jumps = describe(jumps, true, &out.jump_mean, &out.jump_deviation);
	out.lambda = (double)out.jumps * annual_days / JUMPS_DAYS;
	out.sigma = deviation * sqrt(annual_days);
	out.drift = mean * annual_days + out.sigma * out.sigma / 2;
	return out;
}
