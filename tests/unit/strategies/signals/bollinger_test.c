/* bollinger_test.c - in below the lower band, out at the middle; strength by the long trend. */
#include "tests/unit/strategies/signals/market_kit.h"

/* 199 bars about `level`, then 40 of 100, 102, 98 in turn. */
static void calm(double level)
{
	begin(STRATEGY_bollinger, 1);
	for (int day = 0; day < 199; day++) bar(0, level), turn();
	CHECK_EQ(out[0].reason, REASON_WARMING_UP);
	for (int day = 0; day < 42; day++) bar(0, day % 3 == 0 ? 100 : day % 3 == 1 ? 102 : 98), turn();
}

TEST(t_S1_bollinger_buys_the_dip_of_a_rise)
{
	calm(60);
	CHECK_EQ(out[0].grade, GRADE_HOLD);
	bar(0, 95), turn();
	CHECK_EQ(out[0].grade, GRADE_STRONG_BUY);
	CHECK_EQ(out[0].reason, REASON_BELOW_BAND);
	CHECK(out[0].target_weight == 0.06 && out[0].confidence > 0.75);
	check_repeats();
	bar(0, 98), turn();
	CHECK_EQ(out[0].grade, GRADE_HOLD);
	bar(0, 101), turn();
	CHECK_EQ(out[0].reason, REASON_BACK_AT_MEAN);
	CHECK_EQ(out[0].grade, GRADE_SELL);
	check_repeats();
	bar(0, 101), turn();
	CHECK_EQ(out[0].grade, GRADE_HOLD);
}

TEST(t_S1_bollinger_doubts_the_dip_of_a_fall)
{
	calm(160);
	bar(0, 95), turn();
	CHECK_EQ(out[0].grade, GRADE_BUY);
	CHECK(out[0].target_weight == 0.03);
	bar(0, 110), turn();
	CHECK_EQ(out[0].grade, GRADE_STRONG_SELL);
	CHECK_EQ(out[0].reason, REASON_ABOVE_BAND);
	CHECK(out[0].target_weight == 0);
}
