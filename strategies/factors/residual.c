/* residual.c - see residual.h. */
#include "strategies/factors/residual.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/four.h"

#define LEFT_LEAST 1e-6
#define PIVOT_LEAST 1e-13       /* of a factor, beside the others: less is rounding */

/* What is called with numbers that the compiler shall see. */
#define ALWAYS inline __attribute__((always_inline))

/* To the correlations of the members, both halves: a member is never left of its column, so nothing is overwritten before it is read. */
static bool correlate(double matrix[EIGEN_MAX][EIGEN_MAX], uint32_t days, const uint16_t *member, uint32_t members, double *deviation)
{
	double share[EIGEN_MAX];
	for (uint32_t i = 0; i < members; i++) {
		double squares = matrix[member[i]][member[i]];
		deviation[i] = sqrt(squares / (days - 1));
		if (!(deviation[i] > 0) || !isfinite(deviation[i])) return false;
		share[i] = 1 / sqrt(squares);
	}
	for (uint32_t i = 0; i < members; i++) {
		for (uint32_t k = 0; k <= i; k++) matrix[i][k] = matrix[member[i]][member[k]] * (share[i] * share[k]);
	}
	for (uint32_t i = 0; i < members; i++) {
		for (uint32_t k = 0; k < i; k++) matrix[k][i] = matrix[i][k];
	}
	return true;
}

bool residual_fit(struct residual_model *model, double returns[][EIGEN_MAX], uint32_t days, const uint16_t *member, uint32_t members,
	uint32_t factors)
{
	struct eigen eigen;
	double       matrix[EIGEN_MAX][EIGEN_MAX], deviation[EIGEN_MAX];
	BUG_UNLESS(2053, members >= 2 && members <= EIGEN_MAX && days >= 2 && days <= RESIDUAL_DAYS_MAX);
	BUG_UNLESS(2058, factors >= 1 && factors <= RESIDUAL_FACTORS_MAX && factors <= members);
	memset(model, 0, offsetof(struct residual_model, parts));
	model->tails.days = 0;
	residual_products(&model->parts, returns, days, member[members - 1] + 1u, matrix);
	if (!correlate(matrix, days, member, members, deviation) || !eigen_leading(matrix, members, factors, &eigen)) return false;
	for (uint32_t j = 0; j < factors; j++) {
		model->explained += eigen.value[j] / members;
		for (uint32_t i = 0; i < members; i++) model->weight[member[i]][1 + j] = eigen.vector[j][i] / deviation[i];
	}
	memcpy(model->member, member, members * sizeof *member);
	model->members = members;
	model->factors = factors;
	return true;
}

/* Assets up to the last member. */
static uint32_t columns_of(const struct residual_model *model) { return model->members ? model->member[model->members - 1] + 1u : 0; }

void residual_factors(const struct residual_model *model, const double *returns, double *factors)
{
	uint32_t end = columns_of(model);
	four     low = { 1, 0, 0, 0 }, high = { 0, 0, 0, 0 }, other_low = high, other_high = high;
	for (uint32_t i = 0; i < end; i += 2) {
		four one = four_all(returns[i]), two = four_all(i + 1 < end ? returns[i + 1] : 0);
		low = four_fma(one, four_load(model->weight[i]), low), other_low = four_fma(two, four_load(model->weight[i + 1]), other_low);
		if (model->factors < LANES) continue;
		high = four_fma(one, four_load(model->weight[i] + LANES), high), other_high = four_fma(two, four_load(model->weight[i + 1] + LANES), other_high);
	}
	four_store(factors, low + other_low);
	four_store(factors + LANES, high + other_high);
	four_done();
}

/* A window: its sums, its first day, and the products of the factors as upper' D upper, with 1 on the diagonal of upper and 1 / D in each. Columns are
 * filled up to fours with zeros, `whole`. */
struct days {
	uint32_t              count, columns, whole;
	const double         *first_returns, *first_factors;
	struct residual_shape shape;
	struct residual_block sums[RESIDUAL_BLOCKS_MAX];
	double                upper[COLUMNS_MAX][COLUMNS_MAX], each[COLUMNS_MAX];
};

/* Of factor k and the lanes number 4 at and on. */
static ALWAYS const struct residual_block *block_of(const struct days *days, uint32_t k, uint32_t at)
{
	return &days->sums[k / LANES * days->shape.lanes + at];
}

/* Row after row, each taken off those below it. False where two factors are one. Without roots: a regression needs none. */
static bool factorise(struct days *days)
{
	double row[COLUMNS_MAX][COLUMNS_MAX] = { { 0 } }, least[COLUMNS_MAX];
	for (uint32_t k = 0; k < days->whole; k++) {
		for (uint32_t at = 0; at < days->shape.columns; at++) four_store(row[k] + at * LANES, four_load(block_of(days, k, at)->products[k % LANES]));
		least[k] = PIVOT_LEAST * row[k][k];
	}
	for (uint32_t k = 0; k < days->whole; k++) {
		double pivot = row[k][k];
		if (k < days->columns && (!(pivot > least[k]) || !isfinite(pivot))) return false;
		days->each[k] = k < days->columns ? 1 / pivot : 0;
		for (uint32_t at = 0; at < days->whole; at += LANES) {
			four own = four_load(row[k] + at), share = own * four_all(days->each[k]);
			four_store(days->upper[k] + at, share);
			for (uint32_t i = k + 1; i < days->columns; i++) four_store(row[i] + at, four_load(row[i] + at) - share * four_all(row[k][i]));
		}
	}
	return true;
}

/* sum + weight[0] value[0] + ..., four of them. */
static inline four weigh(const double *weight, const four *value, four sum)
{
	sum = four_fma(four_all(weight[0]), value[0], sum);
	sum = four_fma(four_all(weight[1]), value[1], sum);
	sum = four_fma(four_all(weight[2]), value[2], sum);
	return four_fma(four_all(weight[3]), value[3], sum);
}

/* One column's share taken off another. */
static inline four less(four value, double share, four other) { return four_fma(four_all(-share), other, value); }

/* Products of four assets with the four factors from b on, to what each explains beside those before it. */
static inline void forward(const double upper[COLUMNS_MAX][COLUMNS_MAX], uint32_t b, four *value)
{
	const double *a = upper[b] + b, *c = upper[b + 1] + b, *d = upper[b + 2] + b;
	value[b + 1] = less(value[b + 1], a[1], value[b]);
	value[b + 2] = less(less(value[b + 2], a[2], value[b]), c[2], value[b + 1]);
	value[b + 3] = less(less(less(value[b + 3], a[3], value[b]), c[3], value[b + 1]), d[3], value[b + 2]);
}

/* And back to the betas. */
static inline void backward(const double upper[COLUMNS_MAX][COLUMNS_MAX], uint32_t b, four *value)
{
	const double *a = upper[b] + b, *c = upper[b + 1] + b, *d = upper[b + 2] + b;
	value[b + 2] = less(value[b + 2], d[3], value[b + 3]);
	value[b + 1] = less(less(value[b + 1], c[3], value[b + 3]), c[2], value[b + 2]);
	value[b] = less(less(less(value[b], a[3], value[b + 3]), a[2], value[b + 2]), a[1], value[b + 1]);
}

/* Four assets, lanes number 4 at and on, beside so many fours of factors: minus their betas, and the squares of what those leave. */
static ALWAYS four betas_of(const struct days *days, const uint32_t factors, uint32_t at, four minus[COLUMNS_MAX])
{
	four left = four_load(block_of(days, 0, at)->squares);
	for (uint32_t b = 0; b < factors * LANES; b += LANES) {
		for (uint32_t k = b; k < b + LANES; k++) {
			minus[k] = -four_load(block_of(days, k, at)->products[k % LANES]);
			for (uint32_t i = 0; i < b; i++) minus[k] = less(minus[k], days->upper[i][k], minus[i]);
		}
		forward(days->upper, b, minus);
	}
	for (uint32_t k = 0; k < factors * LANES; k++) {
		four own = minus[k];
		minus[k] *= four_all(days->each[k]);
		left -= own * minus[k];
	}
	for (uint32_t b = factors * LANES; b > 0; b -= LANES) {
		for (uint32_t k = b - LANES; k < b; k++) {
			for (uint32_t i = b; i < factors * LANES; i++) minus[k] = less(minus[k], days->upper[k][i], minus[i]);
		}
		backward(days->upper, b - LANES, minus);
	}
	return left;
}

/* X of four assets: its sum, squares and first value, the squares of the returns and what is left of them. */
struct path { four sum, squares, first, all, left; };

/* X = P - b Q + c, with c such that it begins at 0. */
static ALWAYS struct path path_beside(const struct days *days, const uint32_t factors, uint32_t at)
{
	const struct residual_block *own = block_of(days, 0, at);
	four                         minus[COLUMNS_MAX], left = betas_of(days, factors, at, minus);
	four                         n = four_all(days->count), squares = four_load(own->path_squares), before = four_load(own->path);
	four                         sum = four_load(own->path_sum), first = four_load(days->first_returns + (at - factors) * LANES);
	for (uint32_t k = 0; k < factors * LANES; k++) {
		four products = four_load(block_of(days, k, at)->path_products[k % LANES]), all = products + products;
		for (uint32_t b = 0; b < factors; b++) all = weigh(block_of(days, k, b)->path_products[k % LANES], minus + b * LANES, all);
		squares = four_fma(minus[k], all, squares);
	}
	for (uint32_t b = 0; b < factors; b++) {
		before = weigh(block_of(days, 0, b)->path, minus + b * LANES, before);
		sum = weigh(block_of(days, 0, b)->path_sum, minus + b * LANES, sum);
		first = weigh(days->first_factors + b * LANES, minus + b * LANES, first);
	}
	sum -= n * before;
	return (struct path){ sum, squares - before * (sum + sum + n * before), first, four_load(own->squares), left };
}

/* Up to three eigen-portfolios and the constant are one four, for which the compiler knows the loops. */
static struct path path_of(const struct days *days, uint32_t at)
{
	return days->shape.columns == 1 ? path_beside(days, 1, at) : path_beside(days, COLUMNS_MAX / LANES, at);
}

/* An AR(1) of X, X[k+1] = a + b X[k] + z: b, or 0 where too little is left, a / (1 - b), and the deviation of X in the long run. */
struct reversion { double b[EIGEN_MAX], m[EIGEN_MAX], sigma[EIGEN_MAX]; };

static void autoregress(uint32_t count, const struct path *path, uint32_t asset, struct reversion *out)
{
	four      each = four_all(1.0 / (count - 1)), one = four_all(1), sum_x = path->sum, sum_y = path->sum - path->first;
	four      xx = path->squares - sum_x * sum_x * each, yy = path->squares - path->first * path->first - sum_y * sum_y * each;
	four      xy = path->squares - four_all(0.5) * path->left - sum_x * sum_y * each, slope = xy / xx, beyond = yy - slope * xy;
	four_mask good = (four_mask)(path->left > four_all(LEFT_LEAST) * path->all) & (four_mask)(beyond > four_all(LEFT_LEAST) * yy);
	four      wide = one + slope, share = each / ((one - slope) * wide);
	four_store(out->b + asset, (four)((four_mask)slope & good));
	four_store(out->m + asset, (sum_y - slope * sum_x) * wide * share);
	four_store(out->sigma + asset, four_sqrt(beyond * share));
}

/* Without branches: whether a score is valid is hard to guess. */
static void score_members(const struct residual_model *model, const struct reversion *reversion, struct residual_score *score)
{
	double sum = 0, valid = 0;
	for (uint32_t k = 0; k < model->members; k++) {
		uint16_t i = model->member[k];
		double   b = reversion->b[i], m = reversion->m[i], sigma = reversion->sigma[i];
		bool     good = (b > 0) & (b < 1) & (sigma > 0);
		score[i] = (struct residual_score){ good, 0, b, m, sigma };
		sum += good ? m : 0;
		valid += good;
	}
	double mean = valid > 0 ? sum / valid : 0;
	for (uint32_t k = 0; k < model->members; k++) {
		struct residual_score *one = &score[model->member[k]];
		one->s = (mean - one->m) / one->sigma;
	}
}

double residual_kappa(const struct residual_score *score, uint32_t annual_days) { return -log(score->b) * annual_days; }

void residual_scores(struct residual_model *model, const struct residual_ring *ring, uint32_t first, uint32_t window,
	struct residual_score score[EIGEN_MAX])
{
	struct days      days;
	struct path      path[EIGEN_MAX / LANES];
	struct reversion reversion;
	BUG_UNLESS(2054, window >= model->factors + 3);
	memset(score, 0, EIGEN_MAX * sizeof score[0]);
	days.count = window;
	days.columns = 1 + model->factors;
	days.shape = residual_shape(days.columns, columns_of(model));
	days.whole = days.shape.columns * LANES;
	days.first_returns = ring->returns[first];
	days.first_factors = ring->factors[first];
	residual_window_sums(&model->tails, ring, first, window, days.columns, columns_of(model), days.sums);
	bool solved = factorise(&days);
	/* All paths before any division, so that none waits for another's. */
	for (uint32_t k = 0; solved && k < days.shape.assets; k++) path[k] = path_of(&days, days.shape.columns + k);
	for (uint32_t k = 0; solved && k < days.shape.assets; k++) autoregress(window, &path[k], k * LANES, &reversion);
	four_done();
	if (solved) score_members(model, &reversion, score);
}
