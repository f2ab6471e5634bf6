/* volatility_test.c - breakouts by the true range, weight by target over volatility. */
#include "tests/unit/strategies/signals/market_kit.h"

static void swing(double share, int days, double level)
{
	for (int day = 0; day < days; day++) bar(0, level * (day % 2 ? 1 + share : 1 - share)), turn();
}

TEST(t_S1_volatility_breakouts)
{
	begin(STRATEGY_volatility, 1);
	swing(0.005, 60, 100);
	CHECK_EQ(out[0].reason, REASON_WARMING_UP);
	swing(0.005, 20, 100);
	CHECK_EQ(out[0].grade, GRADE_HOLD);
	bar(0, 103), turn();            /* from 100.5; the range is about 1.5 */
	CHECK_EQ(out[0].grade, GRADE_STRONG_BUY);
	CHECK_EQ(out[0].reason, REASON_BREAKOUT_UP);
	check_repeats();
	bar(0, 99.5), turn();
	CHECK_EQ(out[0].reason, REASON_BREAKOUT_DOWN);
	CHECK(out[0].grade <= GRADE_SELL && out[0].target_weight == 0);
}

TEST(t_S1_volatility_rising_and_falling)
{
	begin(STRATEGY_volatility, 1);
	swing(0.003, 80, 100);
	swing(0.008, 22, 100);          /* 20-day volatility is 1.5 times the 60-day one and more */
	CHECK(market.asset[0].factors.value[FACTOR_VOLATILITY_20] > 1.5 * market.asset[0].factors.value[FACTOR_VOLATILITY_60]);
	CHECK_EQ(out[0].grade, GRADE_SELL);
	CHECK_EQ(out[0].reason, REASON_VOLATILITY_RISES);
	swing(0.008, 60, 100);
	swing(0.002, 22, 100.4);
	CHECK_EQ(out[0].grade, GRADE_BUY);
	CHECK_EQ(out[0].reason, REASON_CALM_TREND);
	CHECK(out[0].target_weight == 0.04);    /* 6 % a year: below target, so half of the full weight */
}

TEST(t_S1_volatility_weight_is_target_over_volatility)
{
	begin(STRATEGY_volatility, 1);
	swing(0.02, 82, 100);
	bar(0, 112), turn();
	double volatility = market.asset[0].factors.value[FACTOR_VOLATILITY_20];
	CHECK(volatility > 0.15);
	CHECK_EQ(out[0].reason, REASON_BREAKOUT_UP);
	CHECK_NEAR(out[0].target_weight, 0.08 * 0.15 / volatility, 1e-14);
}
