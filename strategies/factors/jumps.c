/* jumps.c - see jumps.h. */
#include "strategies/factors/jumps.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/four_log.h"
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
	return four_sum(sum) * (1.0 / PRODUCTS);
}

static struct calm calm_plus(struct calm calm, double distance)
{
	return (struct calm){ calm.sum + distance, calm.squares + distance * distance };
}

/* Of the calm returns of ring places from..to, four at a time. */
struct calm_four { four sum, squares; };

static struct calm_four calm_four_plus(const struct jumps *jumps, uint32_t from, uint32_t to, struct calm_four so_far)
{
	const four anchor = four_all(jumps->anchor);
	for (uint32_t i = from; i < to; i += LANES) {
		const bool *jumped = jumps->jumped + i;
		four_mask   calm = { jumped[0] - 1, jumped[1] - 1, jumped[2] - 1, jumped[3] - 1 };
		four        distance = (four)((four_mask)(four_load(jumps->moved + i) - anchor) & calm);
		so_far.sum += distance;
		so_far.squares = four_fma(distance, distance, so_far.squares);
	}
	return so_far;
}

/* The next JUMPS_TURN returns will push out those from `at` on: these are summed from the last to the first, and the others at once. */
static void turn(struct jumps *jumps)
{
	struct calm      tail = { 0, 0 };
	struct calm_four others = { { 0, 0, 0, 0 }, { 0, 0, 0, 0 } };
	jumps->anchor = jumps->last_calm;
	others = calm_four_plus(jumps, 0, jumps->at, others);
	others = calm_four_plus(jumps, jumps->at + JUMPS_TURN, JUMPS_DAYS, others);
	jumps->middle = (struct calm){ four_sum(others.sum), four_sum(others.squares) };
	jumps->head = (struct calm){ 0, 0 };
	for (uint32_t i = JUMPS_TURN; i-- > 0; ) {
		if (!jumps->jumped[jumps->at + i]) tail = calm_plus(tail, jumps->moved[jumps->at + i] - jumps->anchor);
		jumps->tail[i] = tail;
	}
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

static void test(struct jumps *jumps, double moved, double statistic)
{
	jumps->statistic = statistic;
	keep(jumps, moved, fabs(statistic) > jumps->limit);
	jumps->tested += jumps->tested < UINT32_MAX;
}

static void add(struct jumps *jumps, double moved, double statistic)
{
	if (jumps->returns > PRODUCTS) test(jumps, moved, statistic);
	if (jumps->returns > 0) {
		jumps->product[jumps->product_at] = fabs(moved) * fabs(jumps->last_move);
		jumps->product_at = jumps->product_at + 1 < PRODUCTS ? jumps->product_at + 1 : 0;
	}
	jumps->returns += jumps->returns < UINT32_MAX;
	jumps->last_move = moved;
}

enum { AT_ONCE = 16 };          /* series whose returns and statistics are made together */

/* The returns and statistics of what has begun. */
static void measure_returns(const struct jumps *jumps, const double *price, uint32_t count, double moved[AT_ONCE], double statistic[AT_ONCE])
{
	for (uint32_t i = 0; i < AT_ONCE; i++) {
		bool measured = i < count && jumps[i].begun && price_is_sound(price[i]);
		moved[i] = measured ? price[i] / jumps[i].last_price : 1;
		statistic[i] = measured ? local_variance(&jumps[i]) : 0;
	}
	for (uint32_t i = 0; i < count; i += LANES) {
		four move = four_log(four_load(moved + i)), variance = four_load(statistic + i);
		four_store(moved + i, move);
		four_store(statistic + i, (four)((four_mask)(move / four_sqrt(variance)) & (four_mask)(variance > four_all(0))));
	}
	four_done();
}

static void push_some(struct jumps *jumps, const double *price, uint32_t count)
{
	double moved[AT_ONCE], statistic[AT_ONCE];
	measure_returns(jumps, price, count, moved, statistic);
	for (uint32_t i = 0; i < count; i++) {
		if (!price_is_sound(price[i])) continue;
		if (jumps[i].begun) add(&jumps[i], moved[i], statistic[i]);
		jumps[i].begun = true;
		jumps[i].last_price = price[i];
	}
	four_done();
}

void jumps_push_all(struct jumps *jumps, const double *price, uint32_t count)
{
	for (uint32_t at = 0; at < count; at += AT_ONCE) push_some(jumps + at, price + at, count - at < AT_ONCE ? count - at : AT_ONCE);
}

bool jumps_push(struct jumps *jumps, double price)
{
	jumps_push_all(jumps, &price, 1);
	return price_is_sound(price);
}

bool jumps_now(const struct jumps *jumps) { return jumps->tested > 0 && fabs(jumps->statistic) > jumps->limit; }
