/* pca_test.c - one asset falls behind its market and comes back. */
#include "tests/unit/strategies/signals/market_kit.h"

enum { ASSETS = 8 };
static double level[ASSETS], own[ASSETS];

/* A market and, on top, a residual of each asset that halves in three days; asset 2 may be pushed. */
static void day(double pushed)
{
	double common = 0.02 * (uniform() - 0.5);
	for (uint32_t i = 0; i < ASSETS; i++) {
		double before = own[i];
		own[i] = 0.8 * own[i] + 0.006 * (uniform() - 0.5) + (i == 2 ? pushed : 0);
		level[i] += common * (0.7 + 0.1 * i) + own[i] - before;
		bar(i, 40 * exp(level[i]));
	}
	turn();
}

TEST(t_S1_pca_buys_what_fell_behind)
{
	begin(STRATEGY_pca, ASSETS);
	*set("factors") = 1;
	seed = 11;
	memset(level, 0, sizeof level), memset(own, 0, sizeof own);
	for (int i = 0; i < 252; i++) day(0);
	CHECK_EQ(out[2].reason, REASON_WARMING_UP);
	for (int i = 0; i < 10; i++) day(0);
	day(-0.02);
	CHECK(out[2].grade >= GRADE_BUY);
	CHECK_EQ(out[2].reason, REASON_RESIDUAL_CHEAP);
	CHECK(out[2].target_weight == 0.05 && out[2].confidence > 0.5);
	check_repeats();
	int days = 0;
	while (out[2].reason != REASON_BACK_AT_MEAN && days++ < 25) day(0);
	CHECK_EQ(out[2].reason, REASON_BACK_AT_MEAN);
	CHECK_EQ(out[2].grade, GRADE_SELL);
	day(0.03);
	CHECK_EQ(out[2].reason, REASON_RESIDUAL_RICH);
	CHECK(out[2].grade <= GRADE_SELL && out[2].target_weight == 0);
}

/* Far above its market, held short until it is back. */
TEST(t_S1_pca_sells_the_rich_short_when_told)
{
	begin(STRATEGY_pca, ASSETS);
	*set("factors") = 1;
	*set("short") = 1;
	seed = 11;
	memset(level, 0, sizeof level), memset(own, 0, sizeof own);
	for (int i = 0; i < 262; i++) day(0);
	day(0.03);
	CHECK(out[2].grade <= GRADE_SELL);
	CHECK_EQ(out[2].reason, REASON_RESIDUAL_RICH);
	CHECK(out[2].target_weight == -0.05 && out[2].confidence > 0.5);
	int days = 0;
	while (out[2].reason == REASON_RESIDUAL_RICH || (out[2].reason == REASON_NONE && days < 25)) day(0), days++;
	CHECK_EQ(out[2].reason, REASON_BACK_AT_MEAN);
	CHECK_EQ(out[2].grade, GRADE_BUY);
	CHECK(out[2].target_weight == 0 && out[2].confidence == 0.75);
	day(0);
	CHECK_EQ(out[2].reason, REASON_NONE);
}

TEST(t_S1_pca_with_two_assets_says_nothing)
{
	begin(STRATEGY_pca, 2);
	for (int i = 0; i < 300; i++) {
		bar(0, 10 + uniform()), bar(1, 20 + uniform()), turn();
		CHECK_EQ(out[0].grade, GRADE_HOLD);
	}
	CHECK(signal_is_warm(&out[0]));
}
