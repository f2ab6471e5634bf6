/* risk_test.c - tail, beta, concentration, drawdown: by hand, against empyrical, quantstats and numpy, and their laws. */
#include <math.h>

#include "strategies/metrics/moments.h"
#include "strategies/metrics/ranking.h"
#include "strategies/risk/beta.h"
#include "strategies/risk/concentration.h"
#include "strategies/risk/drawdown.h"
#include "strategies/risk/tail.h"
#include "tests/kit/test.h"
#include "tests/unit/strategies/metrics/golden.h"

enum { VALUES_MAX = 2048 };

static const char golden_path[] = "tests/golden/risk_ref.txt";
static double   values[VALUES_MAX], others[VALUES_MAX];
static uint32_t ids[VALUES_MAX];

TEST(t_R5_tail_equals_empyrical_and_quantstats)
{
	int cases = 0;
	golden_open(golden_path);
	for (const char *at = golden_case("tail_", 0); at; at = golden_case("tail_", at), cases++) {
		uint32_t count = golden_get(at, "in returns", values, VALUES_MAX);
		double   tail = golden_one(at, "in tail");
		struct moments m = moments_of(values, count);
		ranking_sort(values, ids, count);
		golden_near(at, "var_historical", tail_var_historical(values, ids, count, tail), 1e-11);
		golden_near(at, "es_historical", tail_shortfall_historical(values, ids, count, tail), 1e-12);
		golden_near(at, "var_parametric", tail_var_parametric(m.mean, m.deviation, tail), 1e-12);
		golden_near(at, "es_parametric", tail_shortfall_parametric(m.mean, m.deviation, tail), 1e-12);
	}
	CHECK_EQ(cases, 3);
}

/* -5 .. 5: eleven values, the 10 % quantile is the second, -4; the two worst average -4.5. Phi^-1(0.05) = -1.6448536, phi there 0.1031356. */
TEST(t_R5_tail_by_hand)
{
	for (int i = 0; i < 11; i++) values[i] = (i * 7) % 11 - 5;
	ranking_sort(values, ids, 11);
	CHECK_NEAR(tail_var_historical(values, ids, 11, 0.1), 4, 1e-14);
	CHECK_NEAR(tail_shortfall_historical(values, ids, 11, 0.1), 4.5, 1e-14);
	CHECK_NEAR(tail_var_parametric(0.001, 0.01, 0.05), 0.016448536 - 0.001, 1e-7);
	CHECK_NEAR(tail_shortfall_parametric(0.001, 0.01, 0.05), 0.01 * 0.1031356 / 0.05 - 0.001, 1e-6);
	CHECK(tail_over_periods(0.01, 4) == 0.02);
	CHECK(tail_var_historical(values, ids, 0, 0.05) == 0 && tail_shortfall_historical(values, ids, 0, 0.05) == 0);
}

static void tail_of_nothing(void) { (void)tail_var_parametric(0, 1, 0); }
static void tail_of_most(void) { (void)tail_var_parametric(0, 1, 0.95); }
TEST(t_R5_tail_share_out_of_range_is_a_bug)
{
	CHECK_BUG(tail_of_nothing, 2220);
	CHECK_BUG(tail_of_most, 2220);
}

/* The mean of what lies beyond the quantile is at least as bad as the quantile; risk scales with the position. */
TEST(t_R5_tail_laws)
{
	uint64_t seed = 12;
	for (int trial = 0; trial < 200; trial++) {
		uint32_t count = 1 + (uint32_t)(300 * golden_uniform(&seed));
		double   tail = 0.01 + 0.4 * golden_uniform(&seed);
		for (uint32_t i = 0; i < count; i++) values[i] = golden_normal(&seed);
		ranking_sort(values, ids, count);
		double var = tail_var_historical(values, ids, count, tail), shortfall = tail_shortfall_historical(values, ids, count, tail);
		CHECK(shortfall >= var - 1e-12);
		CHECK(tail_shortfall_parametric(0, 1, tail) >= tail_var_parametric(0, 1, tail));
		for (uint32_t i = 0; i < count; i++) others[i] = values[i] * 8;
		CHECK_NEAR(tail_var_historical(others, ids, count, tail), 8 * var, 1e-13);
	}
}

TEST(t_R5_beta_equals_linregress)
{
	golden_open(golden_path);
	const char *at = golden_case("beta", 0);
	uint32_t count = golden_get(at, "in asset", values, VALUES_MAX);
	CHECK_EQ(golden_get(at, "in market", others, VALUES_MAX), count);
	struct beta beta = beta_of(values, others, count);
	golden_near(at, "beta", beta.beta, 1e-12);
	golden_near(at, "alpha", beta.alpha, 1e-10);
}

/* asset = 2 market + 1 exactly; a constant market explains nothing. */
TEST(t_R5_beta_by_hand_and_edges)
{
	const double market[] = { 1, 2, 4 }, asset[] = { 3, 5, 9 }, flat[] = { 5, 5, 5 }, weight[] = { 0.5, -0.25 }, of[] = { 2, 1 };
	struct beta beta = beta_of(asset, market, 3);
	CHECK_NEAR(beta.beta, 2, 1e-14);
	CHECK_NEAR(beta.alpha, 1, 1e-13);
	beta = beta_of(asset, flat, 3);
	CHECK(beta.beta == 0);
	CHECK_NEAR(beta.alpha, 17.0 / 3, 1e-15);
	beta = beta_of(asset, market, 0);
	CHECK(beta.beta == 0 && beta.alpha == 0);
	CHECK(beta_of_portfolio(weight, of, 2) == 0.75);
}

TEST(t_R5_concentration_equals_numpy)
{
	golden_open(golden_path);
	const char *at = golden_case("concentration", 0);
	uint32_t count = golden_get(at, "in weight", values, VALUES_MAX);
	struct concentration c = concentration_of(values, count);
	golden_near(at, "herfindahl", c.herfindahl, 1e-14);
	golden_near(at, "effective_count", c.effective_count, 1e-14);
	golden_near(at, "largest", c.largest, 1e-14);
	golden_near(at, "largest_index", c.largest_index, 0);
	golden_near(at, "gross", c.gross, 1e-14);
	golden_near(at, "net", c.net, 1e-14);
}

TEST(t_R5_concentration_edges)
{
	const double even[] = { 1, -1, 1, -1 }, one[] = { 0, -3 }, nothing[] = { 0, 0 };
	struct concentration c = concentration_of(even, 4);
	CHECK(c.herfindahl == 0.25 && c.effective_count == 4 && c.net == 0 && c.gross == 4);
	c = concentration_of(one, 2);
	CHECK(c.herfindahl == 1 && c.effective_count == 1 && c.largest_index == 1);
	c = concentration_of(nothing, 2);
	CHECK(c.herfindahl == 0 && c.effective_count == 0 && c.largest == 0);
}

TEST(t_R5_drawdown_by_hand)
{
	struct drawdown d;
	const double nav[] = { 100, 120, 90, 130, 65, 91 };
	drawdown_init(&d);
	for (int i = 0; i < 6; i++) CHECK(drawdown_push(&d, i, nav[i]));
	CHECK_NEAR(d.deepest, 0.5, 1e-15);
	CHECK_NEAR(d.now, 0.3, 1e-14);
	CHECK(d.from == 3 && d.to == 4 && d.peak == 130);
	CHECK(!drawdown_push(&d, 6, (double)NAN));
	CHECK(drawdown_push(&d, 7, -5) && d.now == 1);
	CHECK(drawdown_rebase(&d, 8, 50) && d.now == 0 && d.deepest == 0 && d.peak == 50);
	CHECK(!drawdown_rebase(&d, 9, 0) && d.peak == 50);
}
