/* residual.c - see residual.h. */
#include "strategies/factors/residual.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/four.h"

#define LEFT_LEAST 1e-6

/* Of four days from t on, 0 beyond the last, and their sums. */
static void distances_of(double returns[][EIGEN_MAX], uint32_t t, uint32_t days, uint32_t columns, double own[LANES][EIGEN_MAX], double *sum)
{
	for (uint32_t day = 0; day < LANES; day++) {
		const double *row = returns[t + day < days ? t + day : 0];
		for (uint32_t i = 0; i < columns; i += LANES) {
			four distance = four_load(row + i) - four_load(returns[0] + i);
			four_store(own[day] + i, distance);
			four_store(sum + i, four_load(sum + i) + distance);
		}
	}
}

/* Four days of the products of asset i with those up to it. */
static void add_row(double own[LANES][EIGEN_MAX], uint32_t i, double *row)
{
	const four a = four_all(own[0][i]), b = four_all(own[1][i]), c = four_all(own[2][i]), d = four_all(own[3][i]);
	for (uint32_t k = 0; k <= i; k += LANES) {
		four sum = four_fma(a, four_load(own[0] + k), four_load(row + k));
		sum = four_fma(b, four_load(own[1] + k), sum);
		sum = four_fma(c, four_load(own[2] + k), sum);
		four_store(row + k, four_fma(d, four_load(own[3] + k), sum));
	}
}

/* Sums of products of distances from the means, the lower half, of all columns; the means are taken off at the end. Distances are from the
 * first day, so that an asset that stands still deviates by exactly 0; one of `days` values as the anchor costs at most that factor. */
static void products_of(double returns[][EIGEN_MAX], uint32_t days, uint32_t columns, double matrix[EIGEN_MAX][EIGEN_MAX])
{
	double own[LANES][EIGEN_MAX], sum[EIGEN_MAX] = { 0 };
	memset(matrix, 0, sizeof(double) * EIGEN_MAX * EIGEN_MAX);
	for (uint32_t t = 0; t < days; t += LANES) {
		distances_of(returns, t, days, columns, own, sum);
		for (uint32_t i = 0; i < columns; i++) add_row(own, i, matrix[i]);
	}
	for (uint32_t i = 0; i < columns; i++) {
		for (uint32_t k = 0; k <= i; k++) matrix[i][k] -= sum[i] * sum[k] / days;
	}
	four_done();
}

/* To the correlations of the members, both halves: a member is never left of its column, so nothing is overwritten before it is read. */
static bool correlate(double matrix[EIGEN_MAX][EIGEN_MAX], uint32_t days, const uint16_t *member, uint32_t members, double *deviation)
{
	for (uint32_t i = 0; i < members; i++) {
		deviation[i] = sqrt(matrix[member[i]][member[i]] / (days - 1));
		if (!(deviation[i] > 0) || !isfinite(deviation[i])) return false;
	}
	for (uint32_t i = 0; i < members; i++) {
		for (uint32_t k = 0; k <= i; k++) matrix[i][k] = matrix[member[i]][member[k]] / (deviation[i] * deviation[k] * (days - 1));
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
	memset(model, 0, sizeof *model);
	products_of(returns, days, member[members - 1] + 1u, matrix);
	if (!correlate(matrix, days, member, members, deviation) || !eigen_symmetric(matrix, members, &eigen)) return false;
	for (uint32_t j = 0; j < factors; j++) {
		model->explained += eigen.value[j] / members;
		for (uint32_t i = 0; i < members; i++) model->weight[j][member[i]] = eigen.vector[j][i] / deviation[i];
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
	size_t end = columns_of(model);
	memset(factors, 0, COLUMNS_MAX * sizeof *factors);
	factors[0] = 1;
	for (uint32_t j = 0; j < model->factors; j++) factors[1 + j] = four_dot(model->weight[j], returns, end);
	four_done();
}

/* The days of the window, oldest first, and columns in blocks of LANES. */
struct window { uint32_t days, columns; const double *returns[RESIDUAL_WINDOW_MAX], *factors[RESIDUAL_WINDOW_MAX]; };

static void window_of(const struct residual_model *model, const struct residual_ring *ring, uint32_t first, uint32_t days, struct window *window)
{
	window->days = days;
	window->columns = 1 + model->factors;
	for (uint32_t t = 0, row = first; t < days; t++, row = row + 1 < ring->days ? row + 1 : 0) {
		window->returns[t] = ring->returns[row];
		window->factors[t] = ring->factors[row];
	}
}

/* Sums over the window of column k .. k + LANES - 1 times the eight values at `at` of each row. */
static void sums_of(const struct window *window, uint32_t k, const double *const *row, uint32_t at, four sum[LANES][2])
{
	const four zero = { 0, 0, 0, 0 };
	four       a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
	for (uint32_t t = 0; t < window->days; t++) {
		const double *factor = window->factors[t] + k;
		four          one = four_load(row[t] + at), two = four_load(row[t] + at + LANES);
		a0 = four_fma(four_all(factor[0]), one, a0);
		a1 = four_fma(four_all(factor[0]), two, a1);
		b0 = four_fma(four_all(factor[1]), one, b0);
		b1 = four_fma(four_all(factor[1]), two, b1);
		c0 = four_fma(four_all(factor[2]), one, c0);
		c1 = four_fma(four_all(factor[2]), two, c1);
		d0 = four_fma(four_all(factor[3]), one, d0);
		d1 = four_fma(four_all(factor[3]), two, d1);
	}
	sum[0][0] = a0, sum[0][1] = a1, sum[1][0] = b0, sum[1][1] = b1;
	sum[2][0] = c0, sum[2][1] = c1, sum[3][0] = d0, sum[3][1] = d1;
}

/* Betas of eight assets, in two halves, with the other sign; 0 beyond the columns there are. */
struct betas { four of[2][COLUMNS_MAX]; };

/* The root of the products of the columns, the diagonal as its inverse. */
static bool root_of(const struct window *window, double root[COLUMNS_MAX][COLUMNS_MAX])
{
	four sum[LANES][2];
	for (uint32_t k = 0; k < window->columns; k += LANES) {
		sums_of(window, k, window->factors, 0, sum);
		for (uint32_t i = 0; i < LANES; i++) {
			four_store(root[k + i], sum[i][0]);
			four_store(root[k + i] + LANES, sum[i][1]);
		}
	}
	if (!least_squares_root(root, window->columns)) return false;
	for (uint32_t k = 0; k < window->columns; k++) root[k][k] = 1 / root[k][k];
	return true;
}

/* The diagonal of the root is given as its inverse. */
static void solve(double root[COLUMNS_MAX][COLUMNS_MAX], uint32_t columns, four *beta)
{
	for (uint32_t k = 0; k < columns; k++) {
		for (uint32_t i = 0; i < k; i++) beta[k] -= four_all(root[k][i]) * beta[i];
		beta[k] *= four_all(root[k][k]);
	}
	for (uint32_t k = columns; k-- > 0; ) {
		for (uint32_t i = k + 1; i < columns; i++) beta[k] -= four_all(root[i][k]) * beta[i];
		beta[k] *= four_all(root[k][k]);
	}
	for (uint32_t k = 0; k < COLUMNS_MAX; k++) beta[k] = k < columns ? -beta[k] : four_all(0);
}

static void betas_of(const struct window *window, double root[COLUMNS_MAX][COLUMNS_MAX], uint32_t at, struct betas *betas)
{
	four sum[LANES][2];
	for (uint32_t k = 0; k < window->columns; k += LANES) {
		sums_of(window, k, window->returns, at, sum);
		for (uint32_t i = 0; i < LANES; i++) betas->of[0][k + i] = sum[i][0], betas->of[1][k + i] = sum[i][1];
	}
	solve(root, window->columns, betas->of[0]);
	solve(root, window->columns, betas->of[1]);
}

/* X of four assets: its sum, squares, and products with the one before, its first and its last. */
struct path { four sum, squares, products, first, last; };

/* What four columns from k on take off. */
static inline four without(four left, const double *factor, const four *beta)
{
	left = four_fma(four_all(factor[0]), beta[0], left);
	left = four_fma(four_all(factor[1]), beta[1], left);
	left = four_fma(four_all(factor[2]), beta[2], left);
	return four_fma(four_all(factor[3]), beta[3], left);
}

static struct path path_of(const struct window *window, uint32_t at, const struct betas *betas, uint32_t half)
{
	const four  zero = { 0, 0, 0, 0 };
	const four *of = betas->of[half], low[LANES] = { of[0], of[1], of[2], of[3] };
	struct path path = { zero, zero, zero, zero, zero };
	for (uint32_t t = 0; t < window->days; t++) {
		four left = without(four_load(window->returns[t] + at), window->factors[t], low);
		if (window->columns > LANES) left = without(left, window->factors[t] + LANES, of + LANES);
		four next = path.last + left;
		if (t == 0) path.first = next;
		path.sum += next;
		path.squares = four_fma(next, next, path.squares);
		path.products = four_fma(next, path.last, path.products);
		path.last = next;
	}
	return path;
}

/* An AR(1) of X, X[k+1] = a + b X[k] + z: b, or 0 where it leaves too little, a / (1 - b), and the deviation of X in the long run. */
struct reversion { double b[EIGEN_MAX], m[EIGEN_MAX], sigma[EIGEN_MAX]; };

static void autoregress(const struct path *path, uint32_t days, struct reversion *out, uint32_t at)
{
	four each = four_all(1.0 / (days - 1)), sum_x = path->sum - path->last, sum_y = path->sum - path->first, one = four_all(1);
	four xx = path->squares - path->last * path->last - sum_x * sum_x * each;
	four yy = path->squares - path->first * path->first - sum_y * sum_y * each;
	four xy = path->products - sum_x * sum_y * each, slope = xy / xx, left = yy - slope * xy;
	four_store(out->b + at, (four)((four_mask)slope & (four_mask)(left > four_all(LEFT_LEAST) * yy)));
	four_store(out->m + at, (sum_y - slope * sum_x) * each / (one - slope));
	four_store(out->sigma + at, four_sqrt(left * each / (one - slope * slope)));
}

static void score_members(const struct residual_model *model, const struct reversion *reversion, uint32_t annual_days, struct residual_score *score)
{
	double sum = 0, valid = 0;
	for (uint32_t k = 0; k < model->members; k++) {
		uint16_t i = model->member[k];
		if (!(reversion->b[i] > 0 && reversion->b[i] < 1 && reversion->sigma[i] > 0)) continue;
		score[i] = (struct residual_score){ true, 0, -log(reversion->b[i]) * annual_days, reversion->m[i], reversion->sigma[i] };
		sum += reversion->m[i];
		valid++;
	}
	for (uint32_t k = 0; k < model->members; k++) {
		struct residual_score *one = &score[model->member[k]];
		if (one->valid) one->s = (sum / valid - one->m) / one->sigma;
	}
}

void residual_scores(const struct residual_model *model, const struct residual_ring *ring, uint32_t first, uint32_t window,
	uint32_t annual_days, struct residual_score score[EIGEN_MAX])
{
	double           root[COLUMNS_MAX][COLUMNS_MAX];
	struct window    days;
	struct betas     betas;
	struct reversion reversion;
	BUG_UNLESS(2054, window >= model->factors + 3 && window <= RESIDUAL_WINDOW_MAX && window <= ring->days && first < ring->days);
	memset(score, 0, EIGEN_MAX * sizeof *score);
	window_of(model, ring, first, window, &days);
	bool solved = root_of(&days, root);
	for (uint32_t at = 0; solved && at < columns_of(model); at += 2 * LANES) {
		betas_of(&days, root, at, &betas);
		for (uint32_t half = 0; half < 2; half++) {
			struct path path = path_of(&days, at + half * LANES, &betas, half);
			autoregress(&path, window, &reversion, at + half * LANES);
		}
	}
	four_done();
	if (solved) score_members(model, &reversion, annual_days, score);
}
