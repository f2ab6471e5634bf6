/* performance_test.c - the backtest's figures: by hand, against empyrical, at the edges, and under the laws they must obey. */
#include "strategies/metrics/performance.h"

#include <math.h>

#include "tests/kit/test.h"
#include "tests/unit/strategies/metrics/golden.h"

enum { POINTS_MAX = 1024 };

static struct performance run;

static void push_all(struct performance *p, const double *nav, uint32_t count)
{
	performance_init(p);
	for (uint32_t i = 0; i < count; i++) CHECK_EQ(performance_push(p, (int32_t)i, nav[i], 0), PERFORMANCE_OK);
}

static void check_finite(const struct performance_figures *f)
{
	const double all[] = { f->cagr_pct, f->volatility_pct, f->sharpe, f->sortino, f->calmar, f->max_drawdown_pct, f->win_rate_pct,
		f->profit_factor, f->turnover_pct_month, f->cost_pct_year, f->exposure_pct };
	for (uint32_t i = 0; i < sizeof all / sizeof *all; i++) CHECK(all[i] >= -PERFORMANCE_BOUND && all[i] <= PERFORMANCE_BOUND);
}

/* 100 -> 110 -> 99 -> 108.9: returns 0.1, -0.1, 0.1; mean 1/30; deviations 1/15, -2/15, 1/15: sample variance (6/225)/2 = 1/75.
 * Loss squares 0.01 over 3. Drawdown 11/110 = 10 % from day 1 to day 2. Span 3 days: 1.089^121.75 - 1 = 32,282 a year, over the bound as a percentage. */
TEST(t_T4_performance_by_hand)
{
	const double nav[] = { 100, 110, 99, 108.9 };
	push_all(&run, nav, 4);
	struct performance_figures f = performance_figures(&run);
	CHECK_NEAR(f.volatility_pct, 100 * sqrt(252.0 / 75), 1e-13);
	CHECK_NEAR(f.sharpe, sqrt(252.0) / 30 * sqrt(75.0), 1e-13);
	CHECK_NEAR(f.sortino, sqrt(252.0) / 30 / sqrt(0.01 / 3), 1e-13);
	CHECK_NEAR(f.max_drawdown_pct, 10, 1e-13);
	CHECK_EQ(f.max_drawdown_from, 1);
	CHECK_EQ(f.max_drawdown_to, 2);
	CHECK_NEAR(log1p(f.calmar / 10), 121.75 * log(1.089), 1e-12);
	CHECK_EQ(f.cagr_pct, PERFORMANCE_BOUND);
	CHECK_NEAR(performance_drawdown_pct(&run), 1, 1e-12);
}

/* Two of four trades won, 30 gained and 20 lost. 200 traded and 1 paid over 366 days at a mean NAV of 100. */
TEST(t_T4_trades_and_fills_by_hand)
{
	performance_init(&run);
	CHECK_EQ(performance_push(&run, 0, 100, 25), PERFORMANCE_OK);
	CHECK_EQ(performance_push(&run, 366, 100, 75), PERFORMANCE_OK);
	const double realised[] = { 10, -20, 20, 0 };
	for (int i = 0; i < 4; i++) CHECK_EQ(performance_trade(&run, realised[i]), PERFORMANCE_OK);
	CHECK_EQ(performance_fill(&run, 150, 0.75), PERFORMANCE_OK);
	CHECK_EQ(performance_fill(&run, 50, 0.25), PERFORMANCE_OK);
	struct performance_figures f = performance_figures(&run);
	CHECK_NEAR(f.win_rate_pct, 50, 1e-15);
	CHECK_NEAR(f.profit_factor, 1.5, 1e-15);
	CHECK_NEAR(f.turnover_pct_month, 100.0 * (365.25 / 12) / 366, 1e-14);
	CHECK_NEAR(f.cost_pct_year, 365.25 / 366, 1e-14);
	CHECK_NEAR(f.exposure_pct, 50, 1e-15);
}

static void check_case(const char *at)
{
	static double day[POINTS_MAX], nav[POINTS_MAX], cash[POINTS_MAX], trade[POINTS_MAX], notional[POINTS_MAX], cost[POINTS_MAX];
	uint32_t navs = golden_get(at, "in day", day, POINTS_MAX);
	CHECK_EQ(golden_get(at, "in nav", nav, POINTS_MAX), navs);
	CHECK_EQ(golden_get(at, "in cash", cash, POINTS_MAX), navs);
	uint32_t trades = golden_get(at, "in trade", trade, POINTS_MAX);
	uint32_t fills = golden_get(at, "in notional", notional, POINTS_MAX);
	CHECK_EQ(golden_get(at, "in cost", cost, POINTS_MAX), fills);
	performance_init(&run);
	for (uint32_t i = 0; i < navs; i++) CHECK_EQ(performance_push(&run, (int32_t)day[i], nav[i], cash[i]), PERFORMANCE_OK);
	for (uint32_t i = 0; i < trades; i++) CHECK_EQ(performance_trade(&run, trade[i]), PERFORMANCE_OK);
	for (uint32_t i = 0; i < fills; i++) CHECK_EQ(performance_fill(&run, notional[i], cost[i]), PERFORMANCE_OK);
	struct performance_figures f = performance_figures(&run);
	golden_near(at, "cagr_pct", f.cagr_pct, 1e-12);
	golden_near(at, "volatility_pct", f.volatility_pct, 1e-12);
	golden_near(at, "sharpe", f.sharpe, 1e-12);
	golden_near(at, "sortino", f.sortino, 1e-12);
	golden_near(at, "calmar", f.calmar, 1e-12);
	golden_near(at, "max_drawdown_pct", f.max_drawdown_pct, 1e-12);
	golden_near(at, "max_drawdown_from", f.max_drawdown_from, 0);
	golden_near(at, "max_drawdown_to", f.max_drawdown_to, 0);
	golden_near(at, "win_rate_pct", f.win_rate_pct, 1e-12);
	golden_near(at, "profit_factor", f.profit_factor, 1e-12);
	golden_near(at, "turnover_pct_month", f.turnover_pct_month, 1e-12);
	golden_near(at, "cost_pct_year", f.cost_pct_year, 1e-12);
	golden_near(at, "exposure_pct", f.exposure_pct, 1e-12);
}

TEST(t_T4_performance_equals_empyrical)
{
	int cases = 0;
	golden_open("tests/golden/metrics_ref.txt");
	for (const char *at = golden_case("performance_", 0); at; at = golden_case("performance_", at), cases++) check_case(at);
	CHECK_EQ(cases, 6);
}

TEST(t_T4_nothing_and_one_point_are_zero)
{
	const double one[] = { 100000 };
	performance_init(&run);
	for (int i = 0; i < 2; i++) {
		struct performance_figures f = performance_figures(&run);
		check_finite(&f);
		CHECK(f.cagr_pct == 0 && f.volatility_pct == 0 && f.sharpe == 0 && f.sortino == 0 && f.calmar == 0);
		CHECK(f.max_drawdown_pct == 0 && f.max_drawdown_from == 0 && f.max_drawdown_to == 0 && f.profit_factor == 0);
		CHECK(performance_drawdown_pct(&run) == 0);
		push_all(&run, one, 1);
	}
}

TEST(t_T4_constant_nav_has_no_risk_and_no_ratio)
{
	static double nav[500];
	for (int i = 0; i < 500; i++) nav[i] = 98765.4321;
	push_all(&run, nav, 500);
	struct performance_figures f = performance_figures(&run);
	CHECK(f.cagr_pct == 0 && f.volatility_pct == 0 && f.sharpe == 0 && f.sortino == 0 && f.calmar == 0 && f.max_drawdown_pct == 0);
}

/* Growth of the same share every day: the deviation is rounding, and a Sharpe ratio of 1e14 is refused. */
TEST(t_T4_constant_growth_has_sharpe_zero_and_bounded_sortino)
{
	static double nav[500];
	for (int i = 0; i < 500; i++) nav[i] = i ? nav[i - 1] * 1.001 : 1000;
	push_all(&run, nav, 500);
	struct performance_figures f = performance_figures(&run);
	CHECK(f.sharpe == 0 && f.volatility_pct == 0);
	CHECK(f.sortino == PERFORMANCE_BOUND && f.calmar == PERFORMANCE_BOUND);
	CHECK_EQ(f.max_drawdown_from, 0);
}

TEST(t_T4_no_losing_trade_is_the_bound)
{
	performance_init(&run);
	CHECK_EQ(performance_trade(&run, 5), PERFORMANCE_OK);
	CHECK(performance_figures(&run).profit_factor == PERFORMANCE_BOUND);
	CHECK(performance_figures(&run).win_rate_pct == 100);
}

TEST(t_T4_ruin_ends_the_record)
{
	const double nav[] = { 100, 50, -3 };
	push_all(&run, nav, 3);
	struct performance_figures f = performance_figures(&run);
	CHECK(f.cagr_pct == -100 && f.max_drawdown_pct == 100);
	CHECK_EQ(f.max_drawdown_to, 2);
	CHECK_EQ(performance_push(&run, 3, 10, 0), PERFORMANCE_RUINED);
	check_finite(&f);
}

TEST(t_T4_wrong_input_is_refused_and_changes_nothing)
{
	const double nav[] = { 100, 101 };
	push_all(&run, nav, 2);
	struct performance before = run;
	CHECK_EQ(performance_push(&run, 1, 102, 0), PERFORMANCE_BAD_DAY);
	CHECK_EQ(performance_push(&run, 0, 102, 0), PERFORMANCE_BAD_DAY);
	CHECK_EQ(performance_push(&run, 2, (double)NAN, 0), PERFORMANCE_BAD_VALUE);
	CHECK_EQ(performance_push(&run, 2, 102, (double)INFINITY), PERFORMANCE_BAD_VALUE);
	CHECK_EQ(performance_push(&run, 2, 1e300, 0), PERFORMANCE_BAD_VALUE);
	CHECK_EQ(performance_trade(&run, (double)NAN), PERFORMANCE_BAD_VALUE);
	CHECK_EQ(performance_fill(&run, -1, 0), PERFORMANCE_BAD_VALUE);
	CHECK_EQ(performance_fill(&run, 1, (double)NAN), PERFORMANCE_BAD_VALUE);
	CHECK(memcmp(&before, &run, sizeof run) == 0);
	performance_init(&run);
	CHECK_EQ(performance_push(&run, 0, 0, 0), PERFORMANCE_BAD_VALUE);
}

/* The peak is its last day, the trough its first. */
TEST(t_T4_drawdown_days_when_levels_repeat)
{
	const double nav[] = { 100, 120, 110, 120, 90, 100, 90, 115 };
	push_all(&run, nav, 8);
	struct performance_figures f = performance_figures(&run);
	CHECK_EQ(f.max_drawdown_from, 3);
	CHECK_EQ(f.max_drawdown_to, 4);
	CHECK_NEAR(f.max_drawdown_pct, 25, 1e-13);
}

static void walk(double *nav, uint32_t count, uint64_t seed, double first, double deviation)
{
	nav[0] = first;
	for (uint32_t i = 1; i < count; i++) nav[i] = nav[i - 1] * (1 + deviation * golden_normal(&seed));
}

/* Figures are shares of the NAV: the same path in another currency is worth the same. */
TEST(t_T4_scale_law)
{
	static double nav[300], scaled[300];
	for (uint64_t seed = 1; seed <= 20; seed++) {
		walk(nav, 300, seed, 1000, 0.02);
		for (int i = 0; i < 300; i++) scaled[i] = nav[i] * 1048576;
		push_all(&run, nav, 300);
		struct performance_figures a = performance_figures(&run);
		push_all(&run, scaled, 300);
		struct performance_figures b = performance_figures(&run);
		CHECK(a.sharpe == b.sharpe && a.sortino == b.sortino && a.calmar == b.calmar && a.cagr_pct == b.cagr_pct);
		CHECK(a.max_drawdown_pct == b.max_drawdown_pct && a.max_drawdown_from == b.max_drawdown_from);
	}
}

/* The order of the returns moves the drawdown, never growth, deviation or Sharpe. */
TEST(t_T4_permutation_law)
{
	static double forward[300], backward[300];
	for (uint64_t seed = 1; seed <= 20; seed++) {
		walk(forward, 300, seed, 1000, 0.02);
		backward[0] = 1000;
		for (int i = 1; i < 300; i++) backward[i] = backward[i - 1] * (forward[300 - i] / forward[299 - i]);
		push_all(&run, forward, 300);
		struct performance_figures a = performance_figures(&run);
		push_all(&run, backward, 300);
		struct performance_figures b = performance_figures(&run);
		CHECK_NEAR(a.cagr_pct, b.cagr_pct, 1e-10);
		CHECK_NEAR(a.volatility_pct, b.volatility_pct, 1e-11);
		CHECK_NEAR(a.sharpe, b.sharpe, 1e-10);
		CHECK_NEAR(a.sortino, b.sortino, 1e-10);
	}
}

/* Nothing that is accepted makes a figure that is not a number, whatever the sizes. */
TEST(t_T4_no_nan_ever_leaves)
{
	uint64_t seed = 99;
	for (int trial = 0; trial < 2000; trial++) {
		performance_init(&run);
		int32_t day = 0;
		for (int i = 0; i < 30; i++) {
			double size = pow(10, 30 * golden_uniform(&seed) - 12), sign = golden_uniform(&seed) < 0.02 ? -1 : 1;
			day += (int32_t)(golden_uniform(&seed) * 3);
			(void)performance_push(&run, day, sign * size, size * golden_normal(&seed));
			(void)performance_trade(&run, size * golden_normal(&seed));
			(void)performance_fill(&run, size, size * golden_normal(&seed));
		}
		struct performance_figures f = performance_figures(&run);
		check_finite(&f);
		CHECK(performance_drawdown_pct(&run) >= 0 && performance_drawdown_pct(&run) <= 100);
	}
}

/* A million points: the running mean and deviation still equal the two-pass ones. */
TEST(t_T4_million_points_without_drift)
{
	enum { MANY = 1000000 };
	uint64_t seed = 5;
	double nav = 1000, sum = 0, squares = 0, mean;
	static double returns[MANY];
	performance_init(&run);
	CHECK_EQ(performance_push(&run, 0, nav, 0), PERFORMANCE_OK);
	for (int i = 0; i < MANY; i++) {
		double next = nav * (1 + 0.0001 * golden_normal(&seed) + 0.000001);
		returns[i] = next / nav - 1;
		nav = next;
		if (performance_push(&run, i + 1, nav, 0) != PERFORMANCE_OK) CHECK(false);
		sum += returns[i];
	}
	mean = sum / MANY;
	for (int i = 0; i < MANY; i++) squares += (returns[i] - mean) * (returns[i] - mean);
	struct performance_figures f = performance_figures(&run);
	CHECK_NEAR(f.volatility_pct, 100 * sqrt(252 * squares / (MANY - 1)), 1e-11);
	CHECK_NEAR(f.sharpe, sqrt(252.0) * mean / sqrt(squares / (MANY - 1)), 1e-11);
}
