/* desk_correlation_test.c - what the desk does about assets that move together: a joint cap, level 1, level 2 (R3; document 04 section 4.3.5).
 * The book of desk_risk_test.c, and a little of QQQ: four assets. */
#include <string.h>

#include "fsm/desk/ticket.h"
#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

enum { PAIRS = 5001, TOGETHER = 8001 };

static struct desk_rig rig;

static void begin(void)
{
	rig_init(&rig);
	rig_hold(&rig, GLD, QTY(300), USD(100));
	rig_hold(&rig, SPY, QTY(320), USD(375) / 4);
	rig_hold(&rig, BTC, E8 / 5, USD(50000));
	rig_hold(&rig, QQQ, QTY(4), USD(100));
	rig_mark(&rig);
}

static uint64_t now(void) { return desk_causes_of_book(&rig.desk); }
static bool     in_force(enum cause_id cause) { return now() >> cause & 1; }
static uint8_t  state(void) { return rig.desk.ladder.state; }
static void     quiet(void) { rig_correlation(&rig, 4, 1000, -2000, GLD, GLD); }

static int64_t sold(uint16_t sym)
{
	const struct event *sale = rig_said(&rig, EVENT_ORDER_NEW, sym);
	return sale && sale->request.side == SIDE_SELL ? sale->request.qty_e8 : 0;
}

TEST(t_R3_a_pair_above_the_limit_is_said_of_both_and_shares_a_lower_cap)
{
	int32_t target_bp[UNIVERSE_N];
	begin();
	rig_wish(&rig, SPY, 4000);
	rig_wish(&rig, QQQ, 3000);
	ticket_size(&rig.desk, target_bp);
	CHECK(target_bp[SPY] == 4000 && target_bp[QQQ] == 3000);
	rig_correlation(&rig, 4, 1000, -2000, SPY, QQQ);
	CHECK(rig_said(&rig, EVENT_CAUSE, SPY) && rig_said(&rig, EVENT_CAUSE, SPY)->change.cause == CAUSE_PAIRED && rig_said(&rig, EVENT_CAUSE, QQQ));
	CHECK(!rig_said(&rig, EVENT_CAUSE, GLD) && now() == 0 && state() == LADDER_CLEAR);
	ticket_size(&rig.desk, target_bp);
	CHECK(target_bp[SPY] == 3000 && target_bp[QQQ] == 2250);        /* 75 % of 40 + 30 %, in proportion */
	quiet();
	CHECK(rig_said(&rig, EVENT_CAUSE, SPY) && !rig_said(&rig, EVENT_CAUSE, SPY)->change.in_force);
	ticket_size(&rig.desk, target_bp);
	CHECK(target_bp[SPY] == 4000 && target_bp[QQQ] == 3000);
}

/* Gold has 30 % of the NAV. With QQQ it may have three quarters of 50 + 30 %: 60 %, so QQQ 30 % more than nothing; with a cap of a half, 40 %. */
TEST(t_R3_a_buy_never_passes_a_joint_cap_whatever_its_target_said)
{
	begin();
	rig.desk.settings.value[SETTING_correlated_cap_bp] = 5000;
	struct ticket alone = { .sym = QQQ, .qty_e8 = QTY(200), .want_qty_e8 = QTY(200) }, pair = alone;
	ticket_comply(&rig.desk, &alone);
	rig_correlation(&rig, 4, 1000, -2000, GLD, QQQ);
	ticket_comply(&rig.desk, &pair);
	int64_t nav = account_nav_usd_e8(&rig.desk.account), held = USD(30000) + USD(400);
	CHECK_EQ(alone.qty_e8, QTY(200));
	CHECK_EQ(pair.fit.qty_e8[FIT_CAP], e8_lots(e8_div_floor(e8_bp(nav, 4000) - held, USD(100)), E8));
	CHECK(pair.qty_e8 < QTY(100) && pair.qty_e8 >= QTY(90));
}

TEST(t_R3_an_average_above_a_half_is_level_1_until_it_is_not)
{
	begin();
	rig_correlation(&rig, 4, PAIRS - 1, -2000, GLD, GLD);
	CHECK(now() == 0 && state() == LADDER_CLEAR);        /* a half is not above a half */
	rig_correlation(&rig, 4, PAIRS, -2000, GLD, GLD);
	const struct event *risk = rig_said(&rig, EVENT_RISK, SYM_NONE);
	CHECK(risk && risk->risk.cause == RISK_CORRELATION && risk->risk.to_level == LADDER_LEVEL1 && risk->risk.drawdown_bp <= 0);
	CHECK(in_force(CAUSE_CORRELATED) && in_force(CAUSE_LEVEL1) && rig_count(&rig, EVENT_ORDER_NEW) == 0);
	CHECK(cause_against(now(), ASSET_CRYPTO) == CAUSE_LEVEL1 && cause_against(now(), ASSET_ETF) == CAUSES_N && cause_raises_threshold(now()));
	CHECK_EQ(desk_reviews_open(&rig.desk), 1);
	rig_mark(&rig);        /* no mark ends it */
	CHECK_EQ(state(), LADDER_LEVEL1);
	quiet();
	CHECK(now() == 0 && state() == LADDER_CLEAR);
}

TEST(t_R3_every_pair_above_0_8_is_level_2_sells_a_quarter_closes_crypto_then_only_sells)
{
	begin();
	rig_correlation(&rig, 4, 9000, TOGETHER - 1, GLD, GLD);
	CHECK(state() == LADDER_LEVEL1 && sold(GLD) == 0);
	rig_correlation(&rig, 4, 9000, TOGETHER, GLD, GLD);
	CHECK(state() == LADDER_LEVEL2 && in_force(CAUSE_TOGETHER) && in_force(CAUSE_LEVEL2) && !in_force(CAUSE_CORRELATED));
	CHECK(rig_said(&rig, EVENT_RISK, SYM_NONE)->risk.cause == RISK_CORRELATION);
	CHECK(sold(GLD) == QTY(75) && sold(SPY) == QTY(80) && sold(BTC) == E8 / 5);
	CHECK_EQ(cause_against(now(), ASSET_ETF), CAUSE_LEVEL2);
	(void)rig_fill_all(&rig);
	rig_correlation(&rig, 4, 9000, TOGETHER, GLD, GLD);
	rig_mark(&rig);
	CHECK(state() == LADDER_LEVEL2 && rig_count(&rig, EVENT_ORDER_NEW) == 0);        /* once */
	quiet();
	CHECK(now() == 0 && state() == LADDER_CLEAR);
}

TEST(t_R3_R9_a_confirmation_takes_it_as_it_is_until_it_has_ended)
{
	begin();
	rig_correlation(&rig, 4, 9000, TOGETHER, GLD, GLD);
	(void)rig_fill_all(&rig);
	rig_operator(&rig, OPERATOR_CONFIRM);
	CHECK(state() == LADDER_RECOVERY && !in_force(CAUSE_TOGETHER) && in_force(CAUSE_CORRELATED) && in_force(CAUSE_RAMP));
	rig_correlation(&rig, 4, 9000, TOGETHER, GLD, GLD);
	rig_mark(&rig);
	CHECK_EQ(state(), LADDER_RECOVERY);
	quiet();
	CHECK(!in_force(CAUSE_CORRELATED) && state() == LADDER_RECOVERY);
	rig_correlation(&rig, 4, 9000, TOGETHER, GLD, GLD);
	CHECK(state() == LADDER_LEVEL2 && in_force(CAUSE_TOGETHER));
}

TEST(t_R3_a_confirmation_of_something_else_is_none_of_this)
{
	begin();
	rig_operator(&rig, OPERATOR_CONFIRM);        /* nothing is to be confirmed */
	rig_correlation(&rig, 4, 9000, TOGETHER, GLD, GLD);
	CHECK_EQ(state(), LADDER_LEVEL2);
}

/* What health says is not yet marked: the level that it asks for is not there, so nobody can have taken it. */
TEST(t_R3_R9_a_level_that_has_not_begun_cannot_be_confirmed)
{
	begin();
	struct correlation_note note = { .average_e8 = 9 * E8 / 10, .lowest_e8 = TOGETHER * (E8 / BP_ONE), .assets = 4 };
	desk_take_correlation(&rig.desk, &note);
	rig_operator(&rig, OPERATOR_CONFIRM);
	rig_mark(&rig);
	CHECK(state() == LADDER_LEVEL2 && in_force(CAUSE_TOGETHER));
}

TEST(t_R3_a_deeper_drawdown_is_not_made_lighter_and_two_assets_are_only_a_pair)
{
	begin();
	rig_correlation(&rig, 3, 9000, 9000, SPY, QQQ);
	CHECK(state() == LADDER_CLEAR && now() == 0 && rig.desk.together[SPY] == 1u << QQQ);
	rig_price(&rig, SPY, USD(50));        /* some 14 % of the NAV */
	rig_mark(&rig);
	CHECK_EQ(state(), LADDER_LEVEL3);
	rig_correlation(&rig, 4, 9000, TOGETHER, GLD, GLD);
	CHECK_EQ(state(), LADDER_LEVEL3);
}

TEST(t_R3_the_latest_word_comes_over_in_the_records)
{
	static struct desk other;
	begin();
	rig_correlation(&rig, 4, PAIRS, -2000, SPY, QQQ);
	const struct event *said = rig_said(&rig, EVENT_CORRELATION, SYM_NONE);
	desk_init(&other, RIG_JOURNAL, &rig.desk.settings);
	desk_adopt(&other, said);
	CHECK(memcmp(other.together, rig.desk.together, sizeof other.together) == 0 && desk_correlation_level(&other) == 1);
	desk_init(&other, RIG_JOURNAL, &rig.desk.settings);
	outbox_begin(&rig.out, 0, rig.desk.inputs, rig.desk.t_ns);
	CHECK_EQ(desk_checkpoint(&rig.desk, 0, &rig.out), 0);
	for (uint32_t i = 0; i < rig.out.count; i++) desk_adopt(&other, &rig.out.event[i]);
	CHECK(memcmp(&other.correlation, &rig.desk.correlation, sizeof other.correlation) == 0 && desk_correlation_level(&other) == 1);
}
