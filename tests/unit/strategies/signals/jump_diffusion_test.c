/* jump_diffusion_test.c - a jump down sells, a jump up waits, a steady rise is bought at Merton's share. */
#include "tests/unit/strategies/signals/market_kit.h"

static double price;

static void days(int count, double drift)
{
	for (int i = 0; i < count; i++) price *= 1 + drift + 0.01 * (uniform() - 0.5), bar(0, price), turn();
}

static void start(double drift)
{
	begin(STRATEGY_jump_diffusion, 1);
	*set("alpha") = 0.001;
	strategy_of(STRATEGY_jump_diffusion)->init(room, setting);
	price = 100, seed = 3;
	days(267, drift);
	CHECK_EQ(out[0].reason, REASON_WARMING_UP);
	CHECK_EQ(out[0].bars_seen, 267);
	days(1, drift);
	CHECK(signal_is_warm(&out[0]));
}

TEST(t_S1_jump_diffusion_after_jumps)
{
	start(0);
	price *= 0.9, bar(0, price), turn();
	CHECK_EQ(out[0].grade, GRADE_STRONG_SELL);
	CHECK_EQ(out[0].reason, REASON_JUMP_DOWN);
	check_repeats();
	days(1, 0);
	CHECK(out[0].reason != REASON_JUMP_DOWN);
	days(20, 0);
	price *= 1.1, bar(0, price), turn();
	CHECK_EQ(out[0].grade, GRADE_HOLD);
	CHECK_EQ(out[0].reason, REASON_JUMP_UP);
}

/* Uniform noise of width 0.01: variance 1e-4 / 12 a day, 0.0021 a year, so a growth of 0.25 asks for far more than all: weight 0.08. */
TEST(t_S1_jump_diffusion_buys_what_pays)
{
	start(0.001);
	CHECK_EQ(out[0].grade, GRADE_STRONG_BUY);
	CHECK_EQ(out[0].reason, REASON_JUMP_DIFFUSION_UP);
	CHECK(out[0].target_weight == 0.08);
	start(-0.001);
	CHECK_EQ(out[0].grade, GRADE_SELL);
	CHECK_EQ(out[0].reason, REASON_JUMP_DIFFUSION_DOWN);
}
