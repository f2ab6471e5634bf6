/* statistics_test.c - least squares, cointegration, eigenvalues, residuals of eigen-portfolios, jumps. */
#include <math.h>
#include <string.h>

#include "strategies/factors/cointegration.h"
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

TEST(t_S1_residual_golden)
{
	static double                returns[RESIDUAL_DAYS_MAX][EIGEN_MAX];
	static struct residual_model model;
	static struct residual_score score[EIGEN_MAX];
	need(&data, "tests/golden/statistics/returns.csv");
	need(&golden, "tests/golden/statistics/residual.csv");
	for (int t = 0; t < data.rows; t++) memcpy(returns[t], data.cell[t], 8 * sizeof(double));
	CHECK(residual_fit(&model, returns, (uint32_t)data.rows, 8, 2));
	residual_scores(&model, returns + data.rows - 60, 60, 252, score);
	for (int i = 0; i < 8; i++) {
		CHECK_EQ(score[i].valid, !isnan(want(i, "s")));
		CHECK(near(model.explained, want(i, "explained"), 1e-9, 0));
		if (!score[i].valid) continue;
		CHECK(near(score[i].s, want(i, "s"), 1e-9, 1e-13));
		CHECK(near(score[i].kappa, want(i, "kappa"), 1e-9, 0));
		CHECK(near(score[i].m, want(i, "m"), 1e-9, 1e-13));
		CHECK(near(score[i].sigma, want(i, "sigma"), 1e-9, 0));
	}
	for (int t = 0; t < data.rows; t++) returns[t][3] = 0.001;
	CHECK(!residual_fit(&model, returns, (uint32_t)data.rows, 8, 2));
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
		CHECK(near(d.sigma, want(row, "sigma"), 1e-12, 0));
		CHECK(near(d.drift, want(row, "drift"), 1e-11, 1e-13));
	}
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
	CHECK(d.jumps == 0 && d.sigma == 0 && d.lambda == 0 && d.drift == 0);
	CHECK(!jumps_push(&jumps, NAN));
}
