/* jumps.c - see jumps.h. */
#include "strategies/factors/jumps.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/four.h"
#include "strategies/factors/price.h"

#define PI 3.14159265358979323846

enum { PRODUCTS = JUMPS_LOCAL - 2 };

_Static_assert(JUMPS_LOCAL % LANES == 0, "the products are added four at a time");

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
	jumps->limit = limit_of(alpha);
}

static double local_variance(const struct jumps *jumps)
{
	four sum = { 0, 0, 0, 0 };
	for (size_t at = 0; at < JUMPS_LOCAL; at += LANES) sum += four_load(jumps->product + at);
	double variance = four_sum(sum) * (1.0 / PRODUCTS);
	four_done();
	return variance;
}

static struct calm calm_plus(struct calm calm, double distance)
{
	return (struct calm){ calm.sum + distance, calm.squares + distance * distance };
}

/* Calm returns of ring places from..to, from the last to the first. */
static struct calm calm_of(const struct jumps *jumps, uint32_t from, uint32_t to, struct calm *tail)
{
	struct calm calm = { 0, 0 };
	for (uint32_t i = to; i-- > from; ) {
		if (!jumps->jumped[i]) calm = calm_plus(calm, jumps->moved[i] - jumps->anchor);
		if (tail) tail[i - from] = calm;
	}
	return calm;
}

/* The next JUMPS_TURN returns will push out those from `at` on. */
static void turn(struct jumps *jumps)
{
	uint32_t    at = jumps->at;
	struct calm before, after;
	jumps->anchor = jumps->last_calm;
	before = calm_of(jumps, 0, at, 0);
	after = calm_of(jumps, at + JUMPS_TURN, JUMPS_DAYS, 0);
	jumps->middle = (struct calm){ before.sum + after.sum, before.squares + after.squares };
	jumps->head = (struct calm){ 0, 0 };
	(void)calm_of(jumps, at, at + JUMPS_TURN, jumps->tail);
}

static void measure_jumps(struct jumps *jumps)
{
	struct jump_sizes *sizes = &jumps->sizes;
	double             sum = 0, squares = 0;
	for (uint32_t k = 0; k < sizes->count; k++) sum += jumps->moved[jumps->jump_at[(jumps->jump_first + k) % JUMPS_DAYS]];
	sizes->mean = sizes->count ? sum / sizes->count : 0;
	for (uint32_t k = 0; k < sizes->count; k++) {
		double distance = jumps->moved[jumps->jump_at[(jumps->jump_first + k) % JUMPS_DAYS]] - sizes->mean;
		squares += distance * distance;
	}
	sizes->deviation = sizes->count > 1 ? sqrt(squares / (sizes->count - 1)) : 0;
	sizes->gain = sizes->count ? expm1(sizes->mean + sizes->deviation * sizes->deviation / 2) : 0;
}

/* Into the ring, in the place of the return of JUMPS_DAYS ago. */
static void keep(struct jumps *jumps, double moved, bool jumped)
{
	uint32_t at = jumps->at;
	bool     gone = jumps->jumped[at];
	jumps->moved[at] = moved;
	jumps->jumped[at] = jumped;
	if (gone) jumps->jump_first = (jumps->jump_first + 1) % JUMPS_DAYS, jumps->sizes.count--;
	if (jumped) jumps->jump_at[(jumps->jump_first + jumps->sizes.count++) % JUMPS_DAYS] = (uint8_t)at;
	if (gone || jumped) measure_jumps(jumps);
	if (!jumped) {
		jumps->head = calm_plus(jumps->head, moved - jumps->anchor);
		jumps->last_calm = moved;
	}
	jumps->at = at + 1 < JUMPS_DAYS ? at + 1 : 0;
	if (jumps->at % JUMPS_TURN == 0) turn(jumps);
}

static void test(struct jumps *jumps, double moved)
{
	double variance = local_variance(jumps);
	jumps->statistic = variance > 0 ? moved / sqrt(variance) : 0;
	keep(jumps, moved, fabs(jumps->statistic) > jumps->limit);
	jumps->tested += jumps->tested < UINT32_MAX;
}

static void add(struct jumps *jumps, double moved)
{
	if (jumps->returns > PRODUCTS) test(jumps, moved);
	if (jumps->returns > 0) {
		jumps->product[jumps->product_at] = fabs(moved) * fabs(jumps->last_move);
		jumps->product_at = jumps->product_at + 1 < PRODUCTS ? jumps->product_at + 1 : 0;
	}
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

/* Mean and sample variance of the returns that were no jumps. */
static void measure_calm(const struct jumps *jumps, double *mean, double *variance)
{
	uint32_t           count = JUMPS_DAYS - jumps->sizes.count;
	const struct calm *tail = &jumps->tail[jumps->at % JUMPS_TURN];
	double             sum = tail->sum + jumps->middle.sum + jumps->head.sum, further = count ? sum / count : 0;
	double             squares = tail->squares + jumps->middle.squares + jumps->head.squares - sum * further;
	*mean = count ? jumps->anchor + further : 0;
	*variance = count > 1 && squares > 0 ? squares / (count - 1) : 0;
}

struct jump_diffusion jumps_value(const struct jumps *jumps, uint32_t annual_days)
{
	double mean, variance, year = annual_days;
	BUG_UNLESS(2057, jumps_ready(jumps));
	measure_calm(jumps, &mean, &variance);
	double lambda = jumps->sizes.count ? (double)jumps->sizes.count * year / JUMPS_DAYS : 0;
	return (struct jump_diffusion){ jumps->sizes.count, lambda, jumps->sizes.mean, jumps->sizes.deviation, jumps->sizes.gain,
		sqrt(variance * year), mean * year + variance * year / 2 };
}
