/* carry_test.c - entry, exit, pause and weights of document 04 §4.5.2, row S5. */
#include "tests/unit/strategies/signals/market_kit.h"

static void rate(enum funding_venue venue, double rate_8h)
{
	funding_add(&market.funding[0][venue], rate_8h);
}

/* A quiet month at both venues, below the entry. */
static void quiet(bool both)
{
	begin(STRATEGY_carry, 2);
	for (int i = 0; i < 100; i++) {
		rate(FUNDING_BINANCE, i % 2 ? 0.00006 : 0.00002);
		if (both) rate(FUNDING_BYBIT, i % 2 ? 0.00006 : 0.00002);
		turn();
		if (i == 40) CHECK_EQ(out[0].bars_seen, 41);
		if (i == 88) CHECK_EQ(out[0].reason, REASON_WARMING_UP);
	}
	CHECK_EQ(out[0].grade, GRADE_HOLD);
	CHECK_EQ(out[1].reason, REASON_NO_FUNDING);
}

TEST(t_S5_carry_of_one_venue_is_eight_per_cent)
{
	quiet(false);
	rate(FUNDING_BINANCE, 0.0001), turn();
	CHECK_EQ(out[0].grade, GRADE_HOLD);             /* above, not at */
	rate(FUNDING_BINANCE, 0.00011), turn();
	CHECK_EQ(out[0].grade, GRADE_BUY);
	CHECK_EQ(out[0].reason, REASON_CARRY_PAYS);
	CHECK(out[0].target_weight == 0.08);
	check_repeats();
	rate(FUNDING_BINANCE, -0.0001), turn();         /* below, not at */
	CHECK_EQ(out[0].grade, GRADE_BUY);
	rate(FUNDING_BINANCE, -0.00011), turn();
	CHECK_EQ(out[0].grade, GRADE_SELL);
	CHECK_EQ(out[0].reason, REASON_CARRY_ENDED);
	CHECK(out[0].target_weight == 0);
	check_repeats();
	rate(FUNDING_BINANCE, 0), turn();
	CHECK_EQ(out[0].grade, GRADE_HOLD);
}

TEST(t_S5_carry_of_two_venues_is_ten_per_cent)
{
	quiet(true);
	rate(FUNDING_BINANCE, 0.00012), rate(FUNDING_BYBIT, 0.00012), turn();
	CHECK(out[0].target_weight == 0.10);
	rate(FUNDING_BYBIT, -0.00012), turn();
	CHECK(out[0].target_weight == 0.08);
	CHECK_EQ(out[0].grade, GRADE_BUY);
}

TEST(t_S5_carry_pauses_when_funding_swings)
{
	quiet(false);
	for (int i = 0; i < 400; i++) rate(FUNDING_BINANCE, i % 2 ? 0.00006 : 0.00002), turn();
	rate(FUNDING_BINANCE, 0.002), turn();           /* one wild rate: the week deviates by more than three times the year */
	CHECK_EQ(out[0].grade, GRADE_HOLD);
	CHECK_EQ(out[0].reason, REASON_CARRY_PAUSED);
	for (int i = 0; i < 22; i++) rate(FUNDING_BINANCE, i % 2 ? 0.00006 : 0.00002), turn();
	CHECK_EQ(out[0].reason, REASON_NONE);
	rate(FUNDING_BINANCE, 0.00015), turn();
	CHECK_EQ(out[0].grade, GRADE_BUY);
}

/* The three rates of a day in one turn are three rates: what came between entry and exit counts, and only the last FUNDING_KEPT are there. */
TEST(t_S5_carry_reads_every_rate_of_a_turn)
{
	quiet(false);
	rate(FUNDING_BINANCE, 0.0002), rate(FUNDING_BINANCE, 0.00005), rate(FUNDING_BINANCE, 0.00005), turn();
	CHECK_EQ(out[0].grade, GRADE_BUY);
	CHECK_EQ(out[0].bars_seen, 103);
	rate(FUNDING_BINANCE, -0.0002), rate(FUNDING_BINANCE, 0), rate(FUNDING_BINANCE, 0), turn();
	CHECK_EQ(out[0].grade, GRADE_SELL);
	check_repeats();
	for (int i = 0; i < 100; i++) rate(FUNDING_BINANCE, 0.00004);
	turn();
	CHECK_EQ(out[0].bars_seen, 106 + FUNDING_KEPT);
}

TEST(t_S5_a_mistaken_rate_is_not_taken)
{
	quiet(false);
	rate(FUNDING_BINANCE, NAN), turn();
	rate(FUNDING_BINANCE, 5), turn();
	CHECK_EQ(out[0].bars_seen, 100);
	CHECK_EQ(out[0].grade, GRADE_HOLD);
}
