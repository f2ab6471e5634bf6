/* rotation_test.c - selection, equal risk, caps, and the month's turnover and cost. Document 04 §4.5.3, row S6. */
#include "tests/unit/strategies/signals/market_kit.h"

enum { ASSETS = 10 };

/* Asset i drifts by (i - 4) / 5,000 a day and swings by swing[i]; 0.7 of ten selects 7 (rank 0.8), 8 and 9. */
static double swing[ASSETS];
static int    today;

static void day(bool falls)
{
	for (uint32_t i = 0; i < ASSETS; i++) {
		double drift = ((double)i - 4) / 5000, noise = swing[i] * ((today * (int)(i + 3)) % 7 - 3) / 3;
		bar(i, 100 * exp(drift * today + noise) * (falls ? 0.4 : 1));
	}
	today++;
	turn();
}

static void run(int days)
{
	begin(STRATEGY_rotation, ASSETS);
	today = 0;
	for (uint32_t i = 0; i < ASSETS; i++) swing[i] = 0.004;
	swing[8] = 0.008;
	for (int i = 0; i < days; i++) day(false);
}

static double invested(void)
{
	double sum = 0;
	for (uint32_t i = 0; i < ASSETS; i++) sum += out[i].target_weight;
	return sum;
}

/* Turnover of 40 % a month buys 80 % of the portfolio from cash at most; the rest follows a month later. */
TEST(t_S6_rotation_selects_and_stays_within_turnover)
{
	run(253);
	for (uint32_t i = 0; i < ASSETS; i++) CHECK_EQ(out[i].grade, i >= 7 ? GRADE_BUY : GRADE_HOLD);
	CHECK(invested() < 0.8 && invested() > 0.8 * (1 - 1e-8));
	CHECK(out[8].target_weight < out[7].target_weight && out[8].target_weight < out[9].target_weight);
	check_repeats();
	for (int i = 0; i < 21; i++) day(false);
	CHECK_NEAR(invested(), 1, 1e-12);
	for (uint32_t i = 0; i < ASSETS; i++) CHECK(out[i].target_weight <= 0.4);
}

TEST(t_S6_rotation_stays_within_cost)
{
	run(252);
	*set("cost_bp") = 50;           /* 0.2 % of the portfolio trades 40 % of it */
	day(false);
	CHECK(invested() < 0.4 && invested() > 0.4 * (1 - 1e-8));
}

/* Rebalancing every row changes nothing of the month's limit. */
TEST(t_S6_rotation_counts_the_month_not_the_rebalance)
{
	double before[ASSETS] = { 0 }, traded[400] = { 0 };
	run(252);
	*set("every") = 1;
	for (int i = 0; i < 300; i++) {
		double month = 0;
		swing[7] = 0.002 + 0.01 * uniform();
		day(false);
		for (uint32_t k = 0; k < ASSETS; k++) traded[i] += fabs(out[k].target_weight - before[k]), before[k] = out[k].target_weight;
		for (int k = i > 20 ? i - 20 : 0; k <= i; k++) month += traded[k];
		CHECK(month / 2 < 0.40);
		CHECK(month * 10e-4 < 0.002);
	}
	CHECK(invested() > 0.9);
}

TEST(t_S6_rotation_leaves_when_the_trend_is_gone)
{
	run(253);
	for (int i = 0; i < 21; i++) day(true);
	for (uint32_t i = 7; i < ASSETS; i++) CHECK_EQ(out[i].grade, GRADE_SELL);
	CHECK_EQ(out[9].reason, REASON_ROTATED_OUT);
	CHECK(invested() < 1e-8);
}
