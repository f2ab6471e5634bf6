/* statistics_test.c - the statistics under the metrics: normal, ranking, moments, association, Kolmogorov-Smirnov, Sharpe tests, rolling
 * Sharpe, periods. By hand, against scipy, pandas and quantstats, and under their laws. */
#include <math.h>

#include "fsm/units.h"
#include "strategies/metrics/association.h"
#include "strategies/metrics/kolmogorov_smirnov.h"
#include "strategies/metrics/moments.h"
#include "strategies/metrics/normal.h"
#include "strategies/metrics/periods.h"
#include "strategies/metrics/ranking.h"
#include "strategies/metrics/rolling_sharpe.h"
#include "strategies/metrics/sharpe_test.h"
#include "tests/kit/test.h"
#include "tests/unit/strategies/metrics/golden.h"

enum { VALUES_MAX = 2048 };

static const char golden_path[] = "tests/golden/metrics_ref.txt";
static double   values[VALUES_MAX], others[VALUES_MAX], wanted[VALUES_MAX];
static uint32_t ids[VALUES_MAX];
static struct association_room association_room;
static struct ks_room          ks_room;

static double next_after(double x) { return nextafter(x, 2); }

TEST(t_T4_normal_equals_scipy)
{
	golden_open(golden_path);
	const char *at = golden_case("normal", 0);
	uint32_t count = golden_get(at, "in share", values, VALUES_MAX);
	CHECK_EQ(golden_get(at, "want quantile", wanted, VALUES_MAX), count);
	for (uint32_t i = 0; i < count; i++) CHECK_NEAR(normal_quantile(values[i]), wanted[i], 2e-15);
	count = golden_get(at, "in x", values, VALUES_MAX);
	CHECK_EQ(golden_get(at, "want below", wanted, VALUES_MAX), count);
	/* the error of erfc far out is that of its argument, x^2 times as large */
	for (uint32_t i = 0; i < count; i++) CHECK_NEAR(normal_below(values[i]), wanted[i], 4e-16 * (1 + values[i] * values[i]));
	CHECK_EQ(golden_get(at, "want density", wanted, VALUES_MAX), count);
	for (uint32_t i = 0; i < count; i++) CHECK_NEAR(normal_density(values[i]), wanted[i], 1e-14);
}

TEST(t_T4_normal_quantile_is_finite_everywhere)
{
	const double odd[] = { 0, 1, -3, 7, (double)NAN, (double)INFINITY, 1e-320, next_after(0), 1 - 0x1p-53 };
	for (uint32_t i = 0; i < sizeof odd / sizeof *odd; i++) CHECK(isfinite(normal_quantile(odd[i])));
	CHECK(normal_quantile((double)NAN) == 0);
}

TEST(t_T4_ranking_and_moments_equal_pandas)
{
	int cases = 0;
	static double ranks[VALUES_MAX];
	const double shares[] = { 0, 0.01, 0.05, 0.33, 0.5, 0.95, 0.99, 1 };
	golden_open(golden_path);
	for (const char *at = golden_case("moments_", 0); at; at = golden_case("moments_", at), cases++) {
		uint32_t count = golden_get(at, "in values", values, VALUES_MAX);
		ranking_sort(values, ids, count);
		CHECK_EQ(golden_get(at, "want ids", wanted, VALUES_MAX), count);
		for (uint32_t i = 0; i < count; i++) CHECK_EQ(ids[i], wanted[i]);
		ranking_ranks(values, ids, count, ranks);
		CHECK_EQ(golden_get(at, "want ranks", wanted, VALUES_MAX), count);
		for (uint32_t i = 0; i < count; i++) CHECK(ranks[i] == wanted[i]);
		CHECK_EQ(golden_get(at, "want quantiles", wanted, VALUES_MAX), 8);
		for (int i = 0; i < 8; i++) CHECK_NEAR(ranking_quantile(values, ids, count, shares[i]), wanted[i], 1e-13);
		struct moments moments = moments_of(values, count);
		golden_near(at, "mean", moments.mean, 1e-12);
		golden_near(at, "deviation", moments.deviation, 1e-12);
		golden_near(at, "skew", moments.skew, 1e-10);
		golden_near(at, "kurtosis", moments.kurtosis, 1e-10);
	}
	CHECK_EQ(cases, 5);
}

/* 1, 2, 4, -3: mean 1; squares 0 + 1 + 9 + 16 = 26; cubes 0 + 1 + 27 - 64 = -36; skew = 4 sqrt(3) / 2 x -36 / 26^1.5. */
TEST(t_T4_moments_by_hand_and_edges)
{
	const double four[] = { 1, 2, 4, -3 };
	struct moments m = moments_of(four, 4);
	CHECK(m.mean == 1);
	CHECK_NEAR(m.deviation, sqrt(26.0 / 3), 1e-15);
	CHECK_NEAR(m.skew, 2 * sqrt(3.0) * -36 / (26 * sqrt(26.0)), 1e-14);
	m = moments_of(four, 0);
	CHECK(m.mean == 0 && m.deviation == 0 && m.skew == 0 && m.kurtosis == 0);
	m = moments_of(four, 1);
	CHECK(m.mean == 1 && m.deviation == 0);
	for (int i = 0; i < 100; i++) values[i] = 0.1;
	m = moments_of(values, 100);
	CHECK(m.deviation == 0 && m.skew == 0 && m.kurtosis == 0);
	for (int i = 0; i < 100; i++) values[i] = i % 2 ? 1e300 : -1e300;
	m = moments_of(values, 100);
	CHECK(isfinite(m.deviation) && isfinite(m.kurtosis) && m.deviation > 1e300);
}

/* Deviation scales, skew and kurtosis do not; the order of the values says nothing. */
TEST(t_T4_moments_scale_and_permutation_laws)
{
	uint64_t seed = 3;
	for (int trial = 0; trial < 50; trial++) {
		uint32_t count = 5 + (uint32_t)(200 * golden_uniform(&seed));
		for (uint32_t i = 0; i < count; i++) values[i] = golden_normal(&seed);
		for (uint32_t i = 0; i < count; i++) others[i] = values[count - 1 - i] * 1e-200;
		struct moments a = moments_of(values, count), b = moments_of(others, count);
		CHECK_NEAR(a.deviation * 1e-200, b.deviation, 1e-12);
		CHECK(fabs(a.skew - b.skew) < 1e-10 && fabs(a.kurtosis - b.kurtosis) < 1e-9);
	}
}

TEST(t_T4_information_coefficient_equals_scipy)
{
	int cases = 0;
	golden_open(golden_path);
	for (const char *at = golden_case("association_", 0); at; at = golden_case("association_", at), cases++) {
		uint32_t count = golden_get(at, "in predicted", values, VALUES_MAX);
		CHECK_EQ(golden_get(at, "in happened", others, VALUES_MAX), count);
		golden_near(at, "linear", association_linear(values, others, count), 1e-12);
		golden_near(at, "rank", association_rank(values, others, count, &association_room), 1e-12);
	}
	CHECK_EQ(cases, 4);
}

/* Any rising function keeps the rank coefficient; scale and shift keep the linear one; a constant side knows nothing. */
TEST(t_T4_information_coefficient_laws)
{
	uint64_t seed = 4;
	static double moved[VALUES_MAX];
	for (int trial = 0; trial < 50; trial++) {
		for (int i = 0; i < 100; i++) {
			values[i] = golden_normal(&seed);
			others[i] = values[i] + golden_normal(&seed);
			moved[i] = exp(3 * values[i]);
		}
		CHECK(association_rank(values, others, 100, &association_room) == association_rank(moved, others, 100, &association_room));
		double linear = association_linear(values, others, 100);
		for (int i = 0; i < 100; i++) moved[i] = -1e9 * values[i] + 3e9;
		CHECK_NEAR(association_linear(moved, others, 100), -linear, 1e-10);
		CHECK_NEAR(association_linear(values, values, 100), 1, 1e-14);
	}
	for (int i = 0; i < 100; i++) moved[i] = 7;
	CHECK(association_linear(moved, others, 100) == 0 && association_rank(moved, others, 100, &association_room) == 0);
	CHECK(association_linear(values, others, 1) == 0 && association_linear(values, others, 0) == 0);
}

TEST(t_T4_kolmogorov_smirnov_equals_scipy)
{
	int cases = 0;
	golden_open(golden_path);
	for (const char *at = golden_case("ks_", 0); at; at = golden_case("ks_", at), cases++) {
		uint32_t a = golden_get(at, "in a", values, VALUES_MAX), b = golden_get(at, "in b", others, VALUES_MAX);
		struct ks_result result = ks_two_samples(values, a, others, b, &ks_room);
		golden_near(at, "statistic", result.statistic, 1e-14);
		golden_near(at, "p_value", result.p_value, 1e-11);
	}
	CHECK_EQ(cases, 8);
}

/* {1, 2} against {3, 4}: distance 1; of the six orders of four values two are as far apart: p = 1/3. */
TEST(t_T4_kolmogorov_smirnov_by_hand_and_laws)
{
	const double low[] = { 1, 2 }, high[] = { 3, 4 };
	struct ks_result result = ks_two_samples(low, 2, high, 2, &ks_room);
	CHECK(result.statistic == 1);
	CHECK_NEAR(result.p_value, 1.0 / 3, 1e-15);
	result = ks_two_samples(low, 2, low, 2, &ks_room);
	CHECK(result.statistic == 0 && result.p_value == 1);
	result = ks_two_samples(low, 0, high, 2, &ks_room);
	CHECK(result.statistic == 0 && result.p_value == 1);
	uint64_t seed = 6;
	for (int trial = 0; trial < 200; trial++) {
		uint32_t a = 1 + (uint32_t)(60 * golden_uniform(&seed)), b = 1 + (uint32_t)(60 * golden_uniform(&seed));
		for (uint32_t i = 0; i < a; i++) values[i] = floor(5 * golden_normal(&seed));
		for (uint32_t i = 0; i < b; i++) others[i] = floor(5 * golden_normal(&seed));
		struct ks_result one = ks_two_samples(values, a, others, b, &ks_room), two = ks_two_samples(others, b, values, a, &ks_room);
		CHECK(one.statistic == two.statistic && one.statistic >= 0 && one.statistic <= 1);
		CHECK_NEAR(one.p_value, two.p_value, 1e-11);
		CHECK(one.p_value >= 0 && one.p_value <= 1 + 1e-12);
	}
}

/* The exact chance and the limit meet where one hands over to the other: at 512 x 512 within the 2 % the limit is known to be off. */
TEST(t_T4_kolmogorov_smirnov_hand_over)
{
	uint64_t seed = 8;
	for (int i = 0; i < 513; i++) {
		values[i] = golden_uniform(&seed);
		others[i] = golden_uniform(&seed) * 1.05;
	}
	double exact = ks_two_samples(values, 512, others, 512, &ks_room).p_value;
	double limit = ks_two_samples(values, 513, others, 512, &ks_room).p_value;
	CHECK(exact > 0.001 && exact < 1);
	CHECK(fabs(exact - limit) < 0.05);
}

TEST(t_T4_sharpe_tests_equal_quantstats)
{
	int cases = 0;
	golden_open(golden_path);
	for (const char *at = golden_case("sharpe_", 0); at; at = golden_case("sharpe_", at), cases++) {
		uint32_t count = golden_get(at, "in returns", values, VALUES_MAX);
		uint32_t trials = (uint32_t)golden_one(at, "in trials");
		double variance = golden_one(at, "in variance");
		struct moments m = moments_of(values, count);
		struct sharpe_sample sample = { m.mean / m.deviation, m.skew, m.kurtosis, count };
		golden_near(at, "probability", sharpe_probability(&sample, 0), 1e-12);
		golden_near(at, "luck", sharpe_best_of_luck(trials, variance), 1e-12);
		golden_near(at, "deflated", sharpe_deflated(&sample, trials, variance), 1e-11);
	}
	CHECK_EQ(cases, 2);
}

/* The numerical example of the 2014 paper: 5 years of daily data, annual ratio 2.5, skew -3, kurtosis 10, 100 trials with an annual variance
 * of 1/2, 250 days a year: the deflated ratio is 0.9004. With 46 trials it would have been 0.9505, just convincing. */
TEST(t_T4_deflated_sharpe_paper_example)
{
	struct sharpe_sample sample = { 2.5 / sqrt(250.0), -3, 10 - 3, 1250 };
	CHECK_NEAR(sharpe_best_of_luck(100, 0.5 / 250), 0.1132, 5e-4);
	CHECK(fabs(sharpe_deflated(&sample, 100, 0.5 / 250) - 0.9004) < 5e-5);
	CHECK(fabs(sharpe_deflated(&sample, 46, 0.5 / 250) - 0.9505) < 5e-5);
}

TEST(t_T4_sharpe_tests_at_the_edges)
{
	struct sharpe_sample none = { 0, 0, 0, 0 }, wild = { 5, 100, -2, 50 };
	CHECK(sharpe_probability(&none, 0) == 0.5);
	CHECK(sharpe_probability(&wild, 0) == 1 && sharpe_probability(&wild, 9) == 0);
	CHECK(sharpe_best_of_luck(1, 0.5) == 0 && sharpe_best_of_luck(0, 0.5) == 0 && sharpe_best_of_luck(9, (double)NAN) == 0);
	CHECK(isfinite(sharpe_best_of_luck(UINT32_MAX, 1e3)));
}

TEST(t_T4_rolling_sharpe_equals_empyrical)
{
	const uint32_t windows[] = { ROLLING_SHARPE_SHORT, ROLLING_SHARPE_MEDIUM, ROLLING_SHARPE_LONG };
	static struct rolling_sharpe rolling;
	double ratio;
	golden_open(golden_path);
	for (const char *at = golden_case("sharpe_", 0); at; at = golden_case("sharpe_", at)) {
		uint32_t count = golden_get(at, "in returns", values, VALUES_MAX);
		CHECK_EQ(golden_get(at, "want rolling", wanted, VALUES_MAX), 3);
		for (int w = 0; w < 3; w++) {
			rolling_sharpe_init(&rolling, windows[w]);
			for (uint32_t i = 0; i < count; i++) {
				CHECK_EQ(rolling_sharpe_ratio(&rolling, &ratio), i >= windows[w]);
				CHECK(rolling_sharpe_push(&rolling, values[i]));
			}
			CHECK(rolling_sharpe_ratio(&rolling, &ratio));
			CHECK_NEAR(ratio, wanted[w], 1e-11);
		}
	}
}

static void window_of_one(void)
{
	static struct rolling_sharpe rolling;
	rolling_sharpe_init(&rolling, 1);
}

TEST(t_T4_rolling_sharpe_edges)
{
	static struct rolling_sharpe rolling;
	double ratio = 5;
	rolling_sharpe_init(&rolling, 20);
	CHECK(!rolling_sharpe_push(&rolling, (double)NAN) && !rolling_sharpe_push(&rolling, -1.01) && rolling.count == 0);
	for (int i = 0; i < 1000; i++) CHECK(rolling_sharpe_push(&rolling, 0.001 + 1e-17 * i));
	CHECK(rolling_sharpe_ratio(&rolling, &ratio) && ratio == 0);
	CHECK_BUG(window_of_one, 2203);
}

/* December 30 and 31 2019, January 2 and March 2 2020: three months and two years, February being absent. */
TEST(t_T4_periods_by_hand)
{
	const int32_t day[] = { day_from_civil(2019, 12, 30), day_from_civil(2019, 12, 31), day_from_civil(2020, 1, 2),
		day_from_civil(2020, 3, 2) };
	const double  nav[] = { 100, 110, 99, 198 };
	const struct period_return want[] = { { 2019, 12, 0.1 }, { 2020, 1, -0.1 }, { 2020, 3, 1 }, { 2019, 0, 0.1 }, { 2020, 0, 0.8 } };
	uint32_t found = 0;
	for (int pass = 0; pass < 2; pass++) {
		struct periods periods = periods_of(day, nav, 4, pass ? PERIODS_YEAR : PERIODS_MONTH);
		for (struct period_return period; periods_next(&periods, &period); found++) {
			CHECK_EQ(period.year, want[found].year);
			CHECK_EQ(period.month, want[found].month);
			CHECK_NEAR(period.simple_return, want[found].simple_return, 1e-14);
		}
	}
	CHECK_EQ(found, 5);
	struct periods none = periods_of(day, nav, 1, PERIODS_MONTH);
	struct period_return period;
	CHECK(!periods_next(&none, &period));
}
