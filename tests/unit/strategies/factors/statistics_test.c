/* statistics_test.c - least squares, cointegration, eigenvalues, residuals of eigen-portfolios, jumps. */
#include <math.h>
#include <string.h>

#include "strategies/factors/cointegration.h"
#include "strategies/factors/four_log.h"
#include "strategies/factors/jumps.h"
#include "strategies/factors/residual.h"
#include "tests/kit/test.h"
#include "tests/unit/strategies/golden.h"

static struct golden golden, data;

static void need(struct golden *into, const char *path)
{
	if (!golden_read(into, path)) SKIP("golden files are read from the root of the tree");
}
static double want(int row, const char *name) { return golden.cell[row][golden_column(&golden, name)]; }
static bool   near(double got, double wanted, double relative, double absolute) { return fabs(got - wanted) <= relative * fabs(wanted) + absolute; }

/* y = 1 + 2 x exactly, then with errors -1, +1, +1, -1 that no line explains. */
TEST(t_S1_least_squares_by_hand)
{
	double               one[4] = { 1, 1, 1, 1 }, x[4] = { 0, 1, 2, 3 }, y[4] = { 1, 3, 5, 7 };
	const double        *column[2] = { one, x };
	struct least_squares fit;
	CHECK(least_squares(column, 2, y, 4, &fit));
	CHECK(near(fit.beta[0], 1, 1e-14, 0) && near(fit.beta[1], 2, 1e-14, 0) && fit.squares < 1e-26);
	for (int i = 0; i < 4; i++) y[i] += i == 0 || i == 3 ? -1 : 1;
	CHECK(least_squares(column, 2, y, 4, &fit));
	CHECK(near(fit.beta[0], 1, 1e-14, 0) && near(fit.beta[1], 2, 1e-14, 0) && near(fit.squares, 4, 1e-14, 0));
	CHECK(near(fit.deviation[1], sqrt(2.0 / 5), 1e-14, 0));         /* 4 / (4 - 2) over sum (x - 1.5)^2 = 5 */
}

TEST(t_S1_least_squares_without_an_answer)
{
	double               one[4] = { 1, 1, 1, 1 }, two[4] = { 2, 2, 2, 2 }, y[4] = { 1, 3, 5, NAN };
	const double        *same[2] = { one, two };
	struct least_squares fit;
	CHECK(!least_squares(same, 2, one, 4, &fit));
	CHECK(!least_squares(same, 2, one, 2, &fit));
	CHECK(!least_squares(same, 1, y, 4, &fit));
}

TEST(t_S1_cointegration_golden)
{
	double               y[COINTEGRATION_MOST], x[COINTEGRATION_MOST];
	struct cointegration c;
	need(&data, "tests/golden/statistics/pairs.csv");
	need(&golden, "tests/golden/statistics/cointegration.csv");
	for (int row = 0; row < golden.rows; row++) {
		int pair = (int)want(row, "pair");
		for (int t = 0; t < data.rows; t++) y[t] = data.cell[t][2 * pair], x[t] = data.cell[t][2 * pair + 1];
		CHECK(cointegration_test(y, x, (size_t)data.rows, (uint32_t)want(row, "lags"), &c));
		CHECK(near(c.hedge, want(row, "hedge"), 1e-9, 0));
		CHECK(near(c.intercept, want(row, "intercept"), 1e-9, 1e-13));
		CHECK(near(c.statistic, want(row, "statistic"), 1e-9, 0));
		CHECK(near(c.critical[ONE_PER_CENT], want(row, "critical_1"), 1e-14, 0));
		CHECK(near(c.critical[FIVE_PER_CENT], want(row, "critical_5"), 1e-14, 0));
		CHECK(near(c.critical[TEN_PER_CENT], want(row, "critical_10"), 1e-14, 0));
		CHECK(near(c.half_life, want(row, "half_life"), 1e-9, 0));
		CHECK(near(c.deviation, want(row, "deviation"), 1e-9, 0));
		CHECK(near(c.zscore, want(row, "zscore"), 1e-9, 1e-12));
		/* pairs 0 and 2 were made to keep together, pair 1 was not */
		CHECK_EQ(c.statistic < c.critical[FIVE_PER_CENT], pair != 1);
	}
}

TEST(t_S1_cointegration_without_an_answer)
{
	double               y[40], x[40], still[40];
	struct cointegration c;
	for (int t = 0; t < 40; t++) x[t] = sin(t), y[t] = 2 * x[t] + 1, still[t] = 0.1;
	CHECK(!cointegration_test(y, x, 40, 1, &c));
	CHECK(!cointegration_test(x, still, 40, 1, &c));
	CHECK(!cointegration_test(still, x, 40, 1, &c));
}

static void short_pair(void)
{
	double               y[10] = { 0 };
	struct cointegration c;
	(void)cointegration_test(y, y, 10, 1, &c);
}
TEST(t_S1_cointegration_of_too_few_is_a_bug) { CHECK_BUG(short_pair, 2051); }

TEST(t_S1_eigen_by_hand)
{
	static double       matrix[EIGEN_MAX][EIGEN_MAX] = { { 2, 1 }, { 1, 2 } };
	static struct eigen eigen;
	CHECK(eigen_symmetric(matrix, 2, &eigen));
	CHECK(near(eigen.value[0], 3, 1e-15, 0) && near(eigen.value[1], 1, 1e-15, 0));
	CHECK(near(eigen.vector[0][0], sqrt(0.5), 1e-15, 0) && near(eigen.vector[0][1], sqrt(0.5), 1e-15, 0));
	CHECK(near(eigen.vector[1][0], -eigen.vector[1][1], 1e-15, 0));
	matrix[0][0] = NAN;
	CHECK(!eigen_symmetric(matrix, 2, &eigen));
}

/* A v = value v, and the vectors are orthonormal, for the matrix 1 / (1 + |i - k|). */
TEST(t_S1_eigen_laws)
{
	static double       matrix[EIGEN_MAX][EIGEN_MAX], kept[EIGEN_MAX][EIGEN_MAX];
	static struct eigen eigen;
	for (int i = 0; i < EIGEN_MAX; i++) {
		for (int k = 0; k < EIGEN_MAX; k++) kept[i][k] = matrix[i][k] = 1.0 / (1 + (i > k ? i - k : k - i));
	}
	CHECK(eigen_symmetric(matrix, EIGEN_MAX, &eigen));
	for (int a = 0; a < EIGEN_MAX; a++) {
		CHECK(a == 0 || eigen.value[a] <= eigen.value[a - 1]);
		for (int i = 0; i < EIGEN_MAX; i++) {
			double product = 0, dot = 0;
			for (int k = 0; k < EIGEN_MAX; k++) product += kept[i][k] * eigen.vector[a][k], dot += eigen.vector[a][k] * eigen.vector[i][k];
			CHECK(fabs(product - eigen.value[a] * eigen.vector[a][i]) < 1e-13);
			CHECK(fabs(dot - (a == i)) < 1e-13);
		}
	}
}

/* One value and the rest dust, which must fall however small it is. */
TEST(t_S1_eigen_of_a_matrix_of_ones)
{
	static double       matrix[EIGEN_MAX][EIGEN_MAX];
	static struct eigen eigen;
	for (uint32_t size = 1; size <= EIGEN_MAX; size++) {
		for (int i = 0; i < EIGEN_MAX * EIGEN_MAX; i++) matrix[i / EIGEN_MAX][i % EIGEN_MAX] = 1;
		CHECK(eigen_symmetric(matrix, size, &eigen));
		CHECK(near(eigen.value[0], size, 1e-14, 0));
		for (uint32_t i = 0; i < size; i++) CHECK(near(eigen.vector[0][i], 1 / sqrt(size), 1e-13, 0) && (i == 0 || fabs(eigen.value[i]) < 1e-13));
	}
}

/* The leading ones alone are those of all: their values, vectors of length 1 that stand upright on each other, A v = value v. */
static void check_leading(double kept[EIGEN_MAX][EIGEN_MAX], uint32_t size, uint32_t wanted)
{
	static double       matrix[EIGEN_MAX][EIGEN_MAX];
	static struct eigen all, some;
	memcpy(matrix, kept, sizeof matrix);
	CHECK(eigen_symmetric(matrix, size, &all));
	memcpy(matrix, kept, sizeof matrix);
	CHECK(eigen_leading(matrix, size, wanted, &some));
	for (uint32_t a = 0; a < wanted; a++) {
		CHECK(near(some.value[a], all.value[a], 0, 1e-13 * all.value[0]));
		for (uint32_t b = 0; b < size; b++) {
			double product = 0, dot = 0;
			for (uint32_t k = 0; k < size; k++) product += kept[b][k] * some.vector[a][k];
			CHECK(near(product, some.value[a] * some.vector[a][b], 0, 1e-13 * all.value[0]));
			for (uint32_t k = 0; b <= a && k < size; k++) dot += some.vector[a][k] * some.vector[b][k];
			CHECK(b > a || near(dot, a == b, 0, 1e-10));
		}
	}
}

TEST(t_S1_eigen_leading_are_those_of_all)
{
	static double matrix[EIGEN_MAX][EIGEN_MAX];
	uint64_t      random = 88172645463325252u;
	for (uint32_t size = 1; size <= EIGEN_MAX; size++) {
		for (uint32_t i = 0; i < size; i++) {
			for (uint32_t k = 0; k <= i; k++) {
				random ^= random << 13, random ^= random >> 7, random ^= random << 17;
				matrix[i][k] = matrix[k][i] = i == k ? 1 : 0.4 + 0.3 * (double)(random >> 11) / 9007199254740992.0;
			}
		}
		for (uint32_t wanted = 1; wanted <= size && wanted <= 10; wanted++) check_leading(matrix, size, wanted);
	}
}

/* Values that are equal, or nearer to each other than their digits, and a matrix that has its diagonals already. */
TEST(t_S1_eigen_leading_where_values_do_not_stand_apart)
{
	static double matrix[EIGEN_MAX][EIGEN_MAX];
	for (uint32_t size = 2; size <= 12; size++) {
		for (int kind = 0; kind < 4; kind++) {
			memset(matrix, 0, sizeof matrix);
			for (uint32_t i = 0; i < size; i++) {
				matrix[i][i] = kind == 0 ? 1 : kind == 1 ? 20 - i : kind == 2 ? 1 + 1e-9 * i : (i >> 1) + 1;
				for (uint32_t k = 0; k < i; k++) matrix[i][k] = matrix[k][i] = kind == 2 ? 0.5 : 0;
			}
			for (uint32_t wanted = 1; wanted <= 4 && wanted <= size; wanted++) check_leading(matrix, size, wanted);
		}
	}
	memset(matrix, 0, sizeof matrix);
	check_leading(matrix, 5, 3);
}

/* The t of rho value by value, as the header writes the regression. */
static double plain_statistic(const double *y, const double *x, size_t count, uint32_t lags)
{
	static double        one[COINTEGRATION_MOST], u[COINTEGRATION_MOST], du[COINTEGRATION_MOST];
	const double        *level[2] = { one, x }, *column[1 + COINTEGRATION_LAGS_MAX] = { u + lags };
	struct least_squares fit;
	for (size_t t = 0; t < count; t++) one[t] = 1;
	CHECK(least_squares(level, 2, y, count, &fit));
	for (size_t t = 0; t < count; t++) u[t] = y[t] - fit.beta[0] - fit.beta[1] * x[t];
	for (size_t t = 0; t + 1 < count; t++) du[t] = u[t + 1] - u[t];
	for (uint32_t lag = 1; lag <= lags; lag++) column[lag] = du + lags - lag;
	CHECK(least_squares(column, 1 + lags, du + lags, count - 1 - lags, &fit));
	return fit.beta[0] / fit.deviation[0];
}

/* A spread that is a sine and ever less noise: the second regression leaves from nine tenths down to 1e-5 of it, below which the root has
 * too few digits; with still less, two ways to compute the spread itself no longer agree to 1e-9. */
TEST(t_S1_cointegration_is_the_plain_regression)
{
	double               y[COINTEGRATION_MOST], x[COINTEGRATION_MOST], noise = 0.3;
	uint64_t             seed = 88172645463325252u;
	struct cointegration c;
	for (int level = 0; level < 3; level++, noise /= 10) {
		for (size_t t = 0; t < COINTEGRATION_MOST; t++) {
			seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
			double uniform = (double)((seed * 2685821657736338717u) >> 11) / 9007199254740992.0 - 0.5;
			x[t] = 4 + cos(0.05 * (double)t);
			y[t] = 1 + 0.8 * x[t] + 0.1 * (sin(0.7 * (double)t) + noise * uniform);
		}
		for (uint32_t lags = 0; lags <= COINTEGRATION_LAGS_MAX; lags++) {
			for (size_t count = COINTEGRATION_MOST - 5; count <= COINTEGRATION_MOST; count++) {
				CHECK(cointegration_test(y, x, count, lags, &c));
				CHECK(near(c.statistic, plain_statistic(y, x, count, lags), 1e-9, 0));
			}
		}
	}
}

/* Who is no member changes nothing, wherever it stands; and a ring may begin anywhere. */
TEST(t_S1_residual_of_some_assets)
{
	enum { DAYS = 100, WINDOW = 60, TURNED = 70, ALL = 11, SOME = 5 };
	static double                all[DAYS][EIGEN_MAX], some[DAYS][EIGEN_MAX], all_factors[DAYS][COLUMNS_MAX], some_factors[DAYS][COLUMNS_MAX];
	static struct residual_model model, alone;
	static struct residual_score score[EIGEN_MAX], score_alone[EIGEN_MAX];
	const uint16_t               member[SOME] = { 1, 2, 6, 8, 9 }, first[SOME] = { 0, 1, 2, 3, 4 };
	for (uint32_t t = 0; t < DAYS; t++) {
		uint32_t row = (t + TURNED) % DAYS;
		for (uint32_t i = 0; i < ALL; i++) all[row][i] = 0.01 * sin(t * (1.1 + i)) + 0.01 * cos(0.37 * t * t);
		for (uint32_t k = 0; k < SOME; k++) some[t][k] = all[row][member[k]];
	}
	CHECK(residual_fit(&model, all, DAYS, member, SOME, 2) && residual_fit(&alone, some, DAYS, first, SOME, 2));
	for (uint32_t t = 0; t < DAYS; t++) residual_factors(&model, all[t], all_factors[t]), residual_factors(&alone, some[t], some_factors[t]);
	residual_scores(&model, &(struct residual_ring){ DAYS, all, all_factors }, (TURNED + DAYS - WINDOW) % DAYS, WINDOW, score);
	residual_scores(&alone, &(struct residual_ring){ DAYS, some, some_factors }, DAYS - WINDOW, WINDOW, score_alone);
	uint32_t valid = 0;
	for (uint32_t k = 0; k < SOME; k++) {
		const struct residual_score *one = &score[member[k]], *two = &score_alone[k];
		valid += one->valid;
		CHECK(one->valid == two->valid && near(one->s, two->s, 1e-9, 1e-9) && near(one->sigma, two->sigma, 1e-9, 0));
	}
	CHECK(valid > 0 && !score[0].valid && !score[ALL - 1].valid);
}

/* As the header of residual.h writes it, day by day: m and sigma of asset i. */
static void plain_residual(const struct residual_model *model, const struct residual_ring *ring, uint32_t first, uint32_t window, uint32_t i,
	double *m, double *sigma)
{
	static double        column[COLUMNS_MAX][RESIDUAL_WINDOW_MAX], y[RESIDUAL_WINDOW_MAX], one[RESIDUAL_WINDOW_MAX], x[RESIDUAL_WINDOW_MAX];
	const double        *columns[COLUMNS_MAX] = { 0 }, *past[2] = { one, x };
	struct least_squares fit;
	for (uint32_t t = 0; t < window; t++) {
		uint32_t row = (first + t) % ring->days;
		y[t] = ring->returns[row][i];
		one[t] = 1;
		for (uint32_t k = 0; k <= model->factors; k++) column[k][t] = ring->factors[row][k], columns[k] = column[k];
	}
	CHECK(least_squares(columns, 1 + model->factors, y, window, &fit));
	for (uint32_t t = 0; t < window; t++) {
		x[t] = (t > 0 ? x[t - 1] : 0) + y[t];
		for (uint32_t k = 0; k <= model->factors; k++) x[t] -= fit.beta[k] * column[k][t];
	}
	CHECK(least_squares(past, 2, x + 1, window - 1, &fit));
	*m = fit.beta[0] / (1 - fit.beta[1]);
	*sigma = sqrt(fit.squares / (window - 1) / (1 - fit.beta[1] * fit.beta[1]));
}

/* Scores of sixty days one after the other, in a ring that is written on, with one turn of the sums after the other. */
static void residual_day_by_day(uint32_t factors, uint32_t window)
{
	enum { DAYS = 130, ALL = 19 };
	static double                returns[DAYS][EIGEN_MAX], factor[DAYS][COLUMNS_MAX];
	static struct residual_model model;
	static struct residual_score score[EIGEN_MAX];
	uint16_t                     member[ALL];
	uint32_t                     valid = 0;
	memset(&model, 0, sizeof model);
	for (uint32_t i = 0; i < ALL; i++) member[i] = (uint16_t)i;
	for (uint32_t t = 0; t < DAYS + 60; t++) {
		uint32_t row = t % DAYS, first = (row + DAYS + 1 - window) % DAYS;
		for (uint32_t i = 0; i < ALL; i++) returns[row][i] = 0.01 * sin(t * (1.1 + i)) + 0.01 * cos(0.37 * t * t) + (t == DAYS + 9 && i == 3 ? 2 : 0);
		if (t == DAYS - 1) {
			CHECK(residual_fit(&model, returns, DAYS, member, ALL, factors));
			for (uint32_t k = 0; k < DAYS; k++) residual_factors(&model, returns[k], factor[k]);
		}
		if (t < DAYS) continue;
		residual_factors(&model, returns[row], factor[row]);
		residual_scores(&model, &(struct residual_ring){ DAYS, returns, factor }, first, window, score);
		for (uint32_t i = 0; i < ALL; i++) {
			double m, sigma;
			if (!score[i].valid) continue;
			plain_residual(&model, &(struct residual_ring){ DAYS, returns, factor }, first, window, i, &m, &sigma);
			CHECK(near(score[i].m, m, 1e-9, 1e-12) && near(score[i].sigma, sigma, 1e-9, 0));
			valid++;
		}
	}
	CHECK(valid > 60 * ALL / 2);
}

TEST(t_S1_residual_day_by_day)
{
	residual_day_by_day(2, 60);
	residual_day_by_day(3, RESIDUAL_WINDOW_LEAST);
	residual_day_by_day(RESIDUAL_FACTORS_MAX, RESIDUAL_WINDOW_MAX);
}

/* Sums of products of distances from the means, as they are written; an asset that stands still has none at all. */
static void check_products(struct residual_parts *parts, double returns[][EIGEN_MAX], uint32_t days, uint32_t assets, uint32_t still)
{
	static double matrix[EIGEN_MAX][EIGEN_MAX];
	double        mean[EIGEN_MAX];
	residual_products(parts, returns, days, assets, matrix);
	for (uint32_t i = 0; i < assets; i++) {
		mean[i] = 0;
		for (uint32_t t = 0; t < days; t++) mean[i] += returns[t][i] / days;
	}
	for (uint32_t i = 0; i < assets; i++) {
		for (uint32_t k = 0; k <= i; k++) {
			double sum = 0;
			for (uint32_t t = 0; t < days; t++) sum += (returns[t][i] - mean[i]) * (returns[t][k] - mean[k]);
			CHECK(near(matrix[i][k], i == still || k == still ? 0 : sum, 1e-9, i == still ? 0 : 1e-15 * days));
		}
	}
}

/* Rows that are written and told of, more assets, tables that end within a part. */
TEST(t_S1_residual_products_of_what_was_written)
{
	static double                returns[RESIDUAL_DAYS_MAX][EIGEN_MAX];
	static struct residual_parts parts;
	for (uint32_t days = 2; days <= RESIDUAL_DAYS_MAX; days += 50) {
		const uint32_t still = 4;
		memset(&parts, 0, sizeof parts);
		for (uint32_t t = 0; t < days; t++) {
			for (uint32_t i = 0; i < EIGEN_MAX; i++) returns[t][i] = i == still ? 0.0013 : 0.01 * sin(t * (1.1 + i)) + 0.01 * cos(0.37 * t * t) + 0.001 * i;
		}
		check_products(&parts, returns, days, 7, still);
		for (uint32_t t = days / 3; t < days / 3 + days / 5; t++) {
			for (uint32_t i = 0; i < EIGEN_MAX; i++) if (i != still) returns[t][i] = 0.02 * cos(t * (0.7 + i));
			residual_parts_written(&parts, t);
		}
		check_products(&parts, returns, days, 7, still);
		check_products(&parts, returns, days, EIGEN_MAX, still);
		check_products(&parts, returns, days, 5, still);
		returns[0][1] = -0.5;
		residual_parts_written(&parts, 0);
		check_products(&parts, returns, days, 17, still);
	}
}

/* Whoever asks every fifth day, and then twice, is told what he is told who asks every day. */
TEST(t_S1_residual_windows_may_be_asked_for_now_and_then)
{
	enum { DAYS = 100, ALL = 6, WINDOW = 60 };
	static double                returns[DAYS][EIGEN_MAX], factor[DAYS][COLUMNS_MAX];
	static struct residual_model daily, seldom;
	static struct residual_score one[EIGEN_MAX], two[EIGEN_MAX], again[EIGEN_MAX];
	const uint16_t               member[ALL] = { 0, 1, 2, 3, 4, 5 };
	uint32_t                     valid = 0;
	for (uint32_t t = 0; t < DAYS + 60; t++) {
		uint32_t             row = t % DAYS, first = (row + DAYS + 1 - WINDOW) % DAYS;
		struct residual_ring ring = { DAYS, returns, factor };
		for (uint32_t i = 0; i < ALL; i++) returns[row][i] = 0.01 * sin(t * (1.1 + i)) + 0.01 * cos(0.37 * t * t);
		if (t == DAYS - 1) {
			CHECK(residual_fit(&daily, returns, DAYS, member, ALL, 2));
			for (uint32_t k = 0; k < DAYS; k++) residual_factors(&daily, returns[k], factor[k]);
			seldom = daily;
		}
		if (t < DAYS) continue;
		residual_factors(&daily, returns[row], factor[row]);
		residual_scores(&daily, &ring, first, WINDOW, one);
		if (t % 5 != 0) continue;
		residual_scores(&seldom, &ring, first, WINDOW, two);
		residual_scores(&seldom, &ring, first, WINDOW, again);
		for (uint32_t i = 0; i < ALL; i++) {
			valid += one[i].valid;
			CHECK(one[i].valid == two[i].valid && two[i].valid == again[i].valid);
			if (one[i].valid) CHECK(near(two[i].m, one[i].m, 1e-10, 1e-13) && near(two[i].sigma, one[i].sigma, 1e-10, 0) && again[i].s == two[i].s);
		}
	}
	CHECK(valid > 30);
}

/* An asset that its factors explain whole leaves rounding, which is no residual. */
TEST(t_S1_residual_of_nothing_left)
{
	enum { DAYS = 60, ALL = 3 };
	static double                returns[DAYS][EIGEN_MAX], factor[DAYS][COLUMNS_MAX];
	static struct residual_model model;
	static struct residual_score score[EIGEN_MAX];
	const uint16_t               member[ALL] = { 0, 1, 2 };
	for (uint32_t t = 0; t < DAYS; t++) {
		for (uint32_t i = 0; i < ALL; i++) returns[t][i] = 0.01 * sin(t * (1.1 + i)) + 0.01 * cos(0.37 * t * t);
	}
	CHECK(residual_fit(&model, returns, DAYS, member, ALL, ALL));
	for (uint32_t t = 0; t < DAYS; t++) residual_factors(&model, returns[t], factor[t]);
	residual_scores(&model, &(struct residual_ring){ DAYS, returns, factor }, 0, DAYS, score);
	CHECK(!score[0].valid && !score[1].valid && !score[2].valid);
}

TEST(t_S1_residual_golden)
{
	static double                returns[RESIDUAL_DAYS_MAX][EIGEN_MAX];
	static struct residual_model model;
	static struct residual_score score[EIGEN_MAX];
	static double                factor[RESIDUAL_DAYS_MAX][COLUMNS_MAX];
	const uint16_t               member[8] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	need(&data, "tests/golden/statistics/returns.csv");
	need(&golden, "tests/golden/statistics/residual.csv");
	for (int t = 0; t < data.rows; t++) memcpy(returns[t], data.cell[t], 8 * sizeof(double));
	CHECK(residual_fit(&model, returns, (uint32_t)data.rows, member, 8, 2));
	for (int t = 0; t < data.rows; t++) residual_factors(&model, returns[t], factor[t]);
	struct residual_ring ring = { (uint32_t)data.rows, returns, factor };
	residual_scores(&model, &ring, (uint32_t)data.rows - 60, 60, score);
	for (int i = 0; i < 8; i++) {
		CHECK_EQ(score[i].valid, !isnan(want(i, "s")));
		CHECK(near(model.explained, want(i, "explained"), 1e-9, 0));
		if (!score[i].valid) continue;
		CHECK(near(score[i].s, want(i, "s"), 1e-9, 1e-13));
		CHECK(near(residual_kappa(&score[i], 252), want(i, "kappa"), 1e-9, 0));
		CHECK(near(score[i].m, want(i, "m"), 1e-9, 1e-13));
		CHECK(near(score[i].sigma, want(i, "sigma"), 1e-9, 0));
	}
	for (uint32_t t = 0; t < (uint32_t)data.rows; t++) returns[t][3] = 0.001, residual_parts_written(&model.parts, t);
	CHECK(!residual_fit(&model, returns, (uint32_t)data.rows, member, 8, 2));
}

/* From the least price to the largest, and near 1, where returns are. */
TEST(t_S1_logarithms_of_four)
{
	double x[LANES], y[LANES];
	for (int k = -30000; k < 30000; k++) {
		const double at = k * 1e-3, value[LANES] = { exp(at), 1 + at * 1e-3, 1 + at * 1e-9, at < 0 ? 1 : 2 };
		memcpy(x, value, sizeof x);
		four_store(y, four_log(four_load(x)));
		four_done();
		for (int i = 0; i < LANES; i++) CHECK(near(y[i], log(x[i]), 4e-16, 0));
	}
}

/* Twenty series at once are the same bits as each alone, and one without a sound price waits. */
TEST(t_S1_jumps_of_many_series)
{
	enum { SERIES = 20, DAYS = 600 };
	static struct jumps all[SERIES], alone[SERIES];
	double              price[SERIES];
	for (int i = 0; i < SERIES; i++) jumps_init(&all[i], 0.01), jumps_init(&alone[i], 0.01);
	for (int t = 0; t < DAYS; t++) {
		for (int i = 0; i < SERIES; i++) price[i] = (t + i) % 7 == 0 ? 0 : 100 + i + sin(t * (1.1 + i)) + (t % 97 == i ? 20 : 0);
		jumps_push_all(all, price, SERIES);
		for (int i = 0; i < SERIES; i++) CHECK_EQ(jumps_push(&alone[i], price[i]), price[i] > 0);
		CHECK(memcmp(all, alone, sizeof all) == 0);
	}
	CHECK(jumps_ready(&all[0]) && jumps_value(&all[0], 252).jumps > 0);
}

TEST(t_S1_jumps_golden)
{
	static struct jumps jumps;
	need(&golden, "tests/golden/statistics/jumps.csv");
	jumps_init(&jumps, 0.01);
	for (int row = 0; row < golden.rows; row++) {
		CHECK(jumps_push(&jumps, want(row, "price")));
		CHECK_EQ(jumps_tested(&jumps), !isnan(want(row, "statistic")));
		CHECK_EQ(jumps_ready(&jumps), !isnan(want(row, "lambda")));
		if (!jumps_tested(&jumps)) continue;
		CHECK(near(jumps_statistic(&jumps), want(row, "statistic"), 1e-12, 1e-12));
		CHECK_EQ(jumps_now(&jumps), want(row, "jump") == 1);
		if (!jumps_ready(&jumps)) continue;
		struct jump_diffusion d = jumps_value(&jumps, 252);
		CHECK(near(d.lambda, want(row, "lambda"), 1e-15, 0));
		CHECK(near(d.jump_mean, want(row, "jump_mean"), 1e-12, 1e-15));
		CHECK(near(d.jump_deviation, want(row, "jump_deviation"), 1e-12, 0));
		CHECK(near(sqrt(d.variance), want(row, "sigma"), 1e-12, 0));
		CHECK(near(d.drift, want(row, "drift"), 1e-11, 1e-13));
	}
}

/* Two thousand returns, a third of them jumps by a loose test, against the sums added anew each day. */
TEST(t_S1_jumps_are_those_of_the_year)
{
	enum { PRICES = 2000 };
	static struct jumps jumps;
	static double       moved[PRICES];
	static bool         jumped[PRICES];
	double              price = 100;
	uint32_t            seen = 0;
	jumps_init(&jumps, 0.5);
	for (uint32_t t = 0; t < PRICES; t++) {
		double last = price;
		price *= exp(0.01 * sin(t * 1.7) * (t % 11 == 0 ? 9 : 1) * (t / 300 % 2 ? 0.01 : 1));
		CHECK(jumps_push(&jumps, price));
		moved[t] = log(price / last), jumped[t] = jumps_now(&jumps);
		if (!jumps_ready(&jumps)) continue;
		double sum[2] = { 0, 0 }, squares[2] = { 0, 0 }, count[2] = { 0, 0 };
		for (uint32_t i = t + 1 - JUMPS_DAYS; i <= t; i++) sum[jumped[i]] += moved[i], count[jumped[i]]++;
		for (uint32_t i = t + 1 - JUMPS_DAYS; i <= t; i++) squares[jumped[i]] += pow(moved[i] - sum[jumped[i]] / count[jumped[i]], 2);
		struct jump_diffusion d = jumps_value(&jumps, 252);
		CHECK_EQ(d.jumps, count[1]);
		CHECK(near(sqrt(d.variance), sqrt(squares[0] / (count[0] - 1) * 252), 1e-12, 0));
		CHECK(near(d.drift, sum[0] / count[0] * 252 + d.variance / 2, 1e-11, 1e-13));
		CHECK(count[1] < 2 || near(d.jump_deviation, sqrt(squares[1] / (count[1] - 1)), 1e-12, 0));
		CHECK(near(d.gain, expm1(d.jump_mean + d.jump_deviation * d.jump_deviation / 2), 1e-12, 1e-15));
		seen += jumps_now(&jumps);
	}
	CHECK(seen > 100);
}

/* The limit for n = 252 and 1 %: c = 0.79788, C = 3.51265 (by hand: 3.32551 / c - 2.85476 / (2 c 3.32551)), S = 0.37688, 4.60015. */
TEST(t_S1_jumps_limit_by_hand)
{
	static struct jumps jumps;
	jumps_init(&jumps, 0.01);
	CHECK(near(jumps.limit, 3.32551 / 0.797885 - (1.144730 + 1.710035) / (2 * 0.797885 * 3.32551) + 4.600149 / (0.797885 * 3.32551), 1e-5, 0));
}

TEST(t_S1_a_standstill_has_no_jump)
{
	static struct jumps jumps;
	jumps_init(&jumps, 0.01);
	for (int i = 0; i < 400; i++) CHECK(jumps_push(&jumps, 50));
	CHECK(jumps_statistic(&jumps) == 0 && !jumps_now(&jumps));
	struct jump_diffusion d = jumps_value(&jumps, 252);
	CHECK(d.jumps == 0 && d.variance == 0 && d.lambda == 0 && d.drift == 0);
	CHECK(!jumps_push(&jumps, NAN));
}
