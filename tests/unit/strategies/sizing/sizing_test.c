/* sizing_test.c - Kelly and volatility targets: by hand, against quantstats and numpy, and at the edges. */
#include <math.h>

#include "strategies/metrics/moments.h"
#include "strategies/sizing/kelly.h"
#include "strategies/sizing/volatility_target.h"
#include "tests/kit/test.h"
#include "tests/unit/strategies/metrics/golden.h"

static double values[1024], covariance[64];

TEST(t_R5_sizing_equals_quantstats_and_numpy)
{
	golden_open("tests/golden/risk_ref.txt");
	const char *at = golden_case("sizing", 0);
	double wins = 0, losses = 0, gained = 0, lost = 0;
	uint32_t count = golden_get(at, "in returns", values, 1024);
	for (uint32_t i = 0; i < count; i++) {
		wins += values[i] > 0;
		losses += values[i] < 0;
		gained += fmax(0, values[i]);
		lost -= fmin(0, values[i]);
	}
	struct moments m = moments_of(values, count);
	golden_near(at, "kelly_of_bet", kelly_of_bet(wins / (wins + losses), gained / wins / (lost / losses)), 1e-12);
	golden_near(at, "kelly_of_returns", kelly_of_returns(m.mean, m.deviation), 1e-12);
	uint32_t assets = golden_get(at, "in weight", values, 1024);
	CHECK_EQ(golden_get(at, "in covariance", covariance, 64), assets * assets);
	golden_near(at, "volatility", volatility_of_portfolio(values, covariance, assets), 1e-13);
}

/* Won 60 times of 100 at even money: a fifth of the capital. Mean 0.0004 at a deviation of 0.01: four times the capital. */
TEST(t_R5_kelly_by_hand)
{
	CHECK_NEAR(kelly_of_bet(0.6, 1), 0.2, 1e-15);
	CHECK_NEAR(kelly_of_returns(0.0004, 0.01), 4, 1e-14);
	CHECK_NEAR(kelly_cap(0.2, 0.5, 1), 0.1, 1e-15);
	CHECK(kelly_cap(4, 0.5, 1) == 1);
	CHECK(kelly_cap(kelly_of_bet(0.4, 1), 0.5, 1) == 0);
}

TEST(t_R5_kelly_is_never_infinite)
{
	CHECK(kelly_of_bet(0.5, 0) == 0 && kelly_of_bet((double)NAN, 1) == 0 && kelly_of_bet(2, 1) == 0 && kelly_of_bet(0.5, (double)NAN) == 0);
	CHECK(kelly_of_bet(0.5, 1e-300) == -KELLY_SHARE_MAX);
	CHECK(kelly_of_returns(1, 0) == 0 && kelly_of_returns(1, 1e-200) == KELLY_SHARE_MAX && kelly_of_returns((double)NAN, 1) == 0);
	CHECK(kelly_of_returns((double)INFINITY, (double)INFINITY) == 0);
	CHECK(kelly_cap((double)NAN, 0.5, 1) == 0 && kelly_cap((double)INFINITY, 0.5, 1) == 1);
}

TEST(t_R5_volatility_target_by_hand_and_edges)
{
	const struct volatility_target target = { 0.15, 0.05, 2 };
	CHECK_NEAR(volatility_target_scale(&target, 0.3), 0.5, 1e-15);
	CHECK_NEAR(volatility_target_scale(&target, 0.15), 1, 1e-15);
	CHECK(volatility_target_scale(&target, 0.05) == 2);
	CHECK_NEAR(volatility_target_scale(&(struct volatility_target){ 0.15, 0.05, 10 }, 0.01), 3, 1e-15);
	CHECK(volatility_target_scale(&target, 1e-300) == 2);
	CHECK(volatility_target_scale(&target, 0) == 0 && volatility_target_scale(&target, -1) == 0);
	CHECK(volatility_target_scale(&target, (double)NAN) == 0 && volatility_target_scale(&target, (double)INFINITY) == 0);
}

/* Two assets of 20 % with correlation -1 cancel; alone each is its own risk; twice the weights are twice the risk. */
TEST(t_R5_volatility_of_portfolio_laws)
{
	const double cancel[] = { 0.04, -0.04, -0.04, 0.04 }, even[] = { 0.5, 0.5 }, one[] = { 1, 0 }, two[] = { 2, 0 };
	CHECK(volatility_of_portfolio(even, cancel, 2) == 0);
	CHECK_NEAR(volatility_of_portfolio(one, cancel, 2), 0.2, 1e-15);
	CHECK_NEAR(volatility_of_portfolio(two, cancel, 2), 0.4, 1e-15);
	CHECK(volatility_of_portfolio(even, cancel, 0) == 0);
}
