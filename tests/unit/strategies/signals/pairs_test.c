/* pairs_test.c - a made pair parts and meets again; a third asset has nothing to do with it. */
#include "tests/unit/strategies/signals/market_kit.h"

static double walk, other, spread;

/* A day of x, y = 1.2 x + spread in logarithms, and an unrelated walk. */
static void day(double pushed)
{
	walk += 0.01 * (uniform() - 0.5);
	other += 0.01 * (uniform() - 0.5);
	spread = 0.5 * spread + 0.004 * (uniform() - 0.5) + pushed;
	bar(0, 50 * exp(1.2 * walk + spread));
	bar(1, 80 * exp(walk));
	bar(2, 30 * exp(other));
	turn();
}

static void form(void)
{
	begin(STRATEGY_pairs, 3);
	seed = 5, walk = other = spread = 0;
	for (int i = 0; i < 252; i++) day(0);
	CHECK_EQ(out[0].reason, REASON_WARMING_UP);
	CHECK_EQ(out[0].bars_seen, 252);
	CHECK_EQ(out[0].bars_needed, 253);
	day(0);
	CHECK(signal_is_warm(&out[0]));
}

TEST(t_S1_pairs_buys_the_cheap_leg)
{
	form();
	day(-0.006);
	CHECK(out[0].grade >= GRADE_BUY);
	CHECK_EQ(out[0].reason, REASON_PAIR_CHEAP);
	CHECK(out[0].target_weight == 0.05);
	CHECK_EQ(out[1].grade, GRADE_SELL);
	CHECK_EQ(out[1].reason, REASON_PAIR_RICH);
	CHECK(out[1].target_weight == 0);
	CHECK_EQ(out[2].grade, GRADE_HOLD);
	check_repeats();
	int days = 0;
	while (out[0].reason != REASON_PAIR_CLOSED && days++ < 15) day(0);
	CHECK_EQ(out[0].reason, REASON_PAIR_CLOSED);
	CHECK(out[0].grade == GRADE_SELL && out[0].target_weight == 0);
}

TEST(t_S1_pairs_sells_the_rich_leg_short_when_told)
{
	form();
	*set("short") = 1;
	day(0.004);
	CHECK_EQ(out[1].reason, REASON_PAIR_CHEAP);
	CHECK(out[1].target_weight == 0.05);
	CHECK_EQ(out[0].reason, REASON_PAIR_RICH);
	CHECK_NEAR(out[0].target_weight, -0.05 / 1.2, 0.02);    /* by 1 / hedge, and the hedge is estimated near 1.2 */
}

TEST(t_S1_pairs_forgets_a_broken_pair)
{
	form();
	day(-0.006);
	CHECK_EQ(out[0].reason, REASON_PAIR_CHEAP);
	day(-0.05);
	CHECK_EQ(out[0].reason, REASON_PAIR_CLOSED);
	day(0);
	CHECK_EQ(out[0].grade, GRADE_HOLD);
}
