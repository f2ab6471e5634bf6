/* cross_sectional_test.c - fifteen assets on straight lines: who is bought, avoided, kept, and when it flees. Document 04 §4.5.1. */
#include "tests/unit/strategies/signals/market_kit.h"

enum { ASSETS = 15, GLD = 4, TLT = 9 };

/* Asset i grows by (i - 7) / 10,000 a day. */
static double path(uint32_t asset, int day) { return 100 * pow(1 + ((double)asset - 7) / 10000, day); }

static void run(int days)
{
	begin(STRATEGY_cross_sectional, ASSETS);
	market.asset[GLD].roles = market.asset[TLT].roles = ROLE_SAFE_HAVEN;
	for (int day = 0; day < days; day++) {
		for (uint32_t i = 0; i < ASSETS; i++) bar(i, path(i, day));
		turn();
	}
}

TEST(t_S4_ranks_of_fifteen)
{
	run(253);
	for (uint32_t i = 0; i < ASSETS; i++) {
		/* ranks are (i + 1) / 15: above 0.7 are 11..15 of 15, below 0.3 are 1..4 */
		enum grade want = i == 14 ? GRADE_STRONG_BUY : i >= 10 ? GRADE_BUY : i < 4 ? GRADE_SELL : GRADE_HOLD;
		CHECK_EQ(out[i].grade, want);
		if (i >= 10) CHECK(out[i].target_weight == 0.2);
		if (i < 4) CHECK(out[i].target_weight == 0);
		CHECK_EQ(out[i].reason, i >= 10 ? REASON_TOP_RANK : i < 4 ? REASON_BOTTOM_RANK : REASON_NONE);
	}
	CHECK(out[14].confidence == 1);
	check_repeats();
}

TEST(t_S4_a_year_is_needed)
{
	run(252);
	CHECK_EQ(out[14].reason, REASON_WARMING_UP);
	CHECK_EQ(out[14].bars_seen, 252);
	CHECK_EQ(out[14].bars_needed, 253);
}

static void crash(uint32_t first)
{
	for (uint32_t i = 0; i < ASSETS; i++) bar(i, path(i, 253) * (i >= first ? 0.5 : 1));
	turn();
}

TEST(t_S4_below_the_trend_is_no_buy)
{
	run(253);
	crash(13);              /* two of the top five below SMA 200 */
	CHECK_EQ(out[12].grade, GRADE_BUY);
	CHECK_EQ(out[13].grade, GRADE_HOLD);
	CHECK_EQ(out[14].reason, REASON_BELOW_SMA_200);
}

TEST(t_S4_defence_when_more_than_half_of_the_top_lost_its_trend)
{
	run(253);
	crash(12);              /* three of the top five */
	for (uint32_t i = 0; i < ASSETS; i++) {
		bool haven = i == GLD || i == TLT;
		CHECK_EQ(out[i].grade, haven ? GRADE_BUY : GRADE_SELL);
		CHECK_EQ(out[i].reason, REASON_DEFENCE);
		CHECK(out[i].target_weight == (haven ? 0.5 : 0));
	}
}

/* 100 -> 50 -> 100 over the year: compounded 0, summed +0.5; another asset gains 20 % steadily. */
TEST(t_S4_compounded_by_default_summed_by_setting)
{
	for (int summed = 0; summed < 2; summed++) {
		begin(STRATEGY_cross_sectional, 2);
		*set("summed") = summed;
		*set("top") = 0.5, *set("bottom") = 0.5;
		for (int day = 0; day < 253; day++) {
			bar(0, day > 100 && day < 150 ? 50 : day > 250 ? 101 : 100);
			bar(1, 100 * pow(1.2, day / 252.0));
			turn();
		}
		CHECK_EQ(out[summed ? 0 : 1].reason, REASON_TOP_RANK);
	}
}

/* A Sunday with a bar for one asset of fifteen is no row. */
TEST(t_S4_weekends_of_one_asset_are_no_rows)
{
	run(252);
	bar(14, 1), turn();
	CHECK_EQ(out[14].bars_seen, 252);
}
