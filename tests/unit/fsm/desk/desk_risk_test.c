/* desk_risk_test.c - stories of the risk ladder, the way back, the stops and the operator (R1, R2, R4; document 04 sections 4.3.3 and 4.3.4).
 * The book: 300 GLD at 100 USD, 320 SPY at 93.75 USD, 0.2 BTC at 50,000 USD, 30,000 USD of cash: NAV and peak 100,000 USD. */
#include "fsm/desk/ticket.h"
#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

static struct desk_rig rig;

static void begin(void)
{
	rig_init(&rig);
	rig_hold(&rig, GLD, QTY(300), USD(100));
	rig_hold(&rig, SPY, QTY(320), USD(375) / 4);
	rig_hold(&rig, BTC, E8 / 5, USD(50000));
	rig_price(&rig, QQQ, USD(100));
	CHECK_EQ(account_nav_usd_e8(&rig.desk.account), USD(100000));
	CHECK_EQ(rig.desk.ladder.peak_nav_usd_e8, USD(100000));
}

/* Marks the book with SPY at a price that makes the NAV what is asked; exactly so while all 320 are there. */
static void mark_at_nav(int64_t nav_usd_e8)
{
	const struct position *spy = &rig.desk.account.position[SPY];
	int64_t                rest = account_nav_usd_e8(&rig.desk.account) - position_value_usd_e8(spy);
	if (rig.desk.day[CALENDAR_NYSE].state != DAY_CLOSED) rig_day_end(&rig);
	rig_price(&rig, SPY, e8_div(nav_usd_e8 - rest, spy->qty_e8));
	CHECK(e8_abs(account_nav_usd_e8(&rig.desk.account) - nav_usd_e8) <= (spy->qty_e8 == QTY(320) ? 0 : 320));
	rig_mark(&rig);
}

static int64_t sold(uint16_t sym)
{
	const struct event *sale = rig_said(&rig, EVENT_ORDER_NEW, sym);
	if (!sale) return 0;
	CHECK(sale->request.side == SIDE_SELL && sale->request.reduce_only);
	return sale->request.qty_e8;
}

static uint8_t state(void) { return rig.desk.ladder.state; }
static uint8_t stop_state(uint16_t sym) { return rig.desk.stop[sym].state; }

/* What the desk does about a wish of target_bp on the decision after this mark. */
static void decide_wish(uint16_t sym, int32_t target_bp)
{
	rig_wish(&rig, sym, target_bp);
	rig_cycle(&rig, universe[sym].calendar);
}

TEST(t_R1_each_level_begins_exactly_at_its_threshold)
{
	static const int32_t threshold_bp[] = { 500, 800, 1200, 1500 };
	static const uint8_t level[] = { LADDER_CLEAR, LADDER_LEVEL1, LADDER_LEVEL2, LADDER_LEVEL3, LADDER_LEVEL4 };
	for (size_t i = 0; i < 4; i++) {
		begin();
		mark_at_nav(USD(100000) - e8_bp(USD(100000), threshold_bp[i] - 1));
		CHECK(rig.desk.ladder.drawdown_bp == threshold_bp[i] - 1 && state() == level[i]);
		begin();
		mark_at_nav(USD(100000) - e8_bp(USD(100000), threshold_bp[i]));
		CHECK(rig.desk.ladder.drawdown_bp == threshold_bp[i] && state() == level[i + 1]);
		CHECK(rig_said(&rig, EVENT_RISK, SYM_NONE) && rig_said(&rig, EVENT_RISK, SYM_NONE)->risk.to_level == level[i + 1]);
	}
}

TEST(t_R1_a_drawdown_is_measured_from_the_highest_mark)
{
	begin();
	mark_at_nav(USD(120000));
	CHECK_EQ(rig.desk.ladder.peak_nav_usd_e8, USD(120000));
	mark_at_nav(USD(114001));
	CHECK_EQ(state(), LADDER_CLEAR);
	mark_at_nav(USD(114000));        /* 5 % of 120,000 */
	CHECK(state() == LADDER_LEVEL1 && rig.desk.ladder.peak_nav_usd_e8 == USD(120000));
}

TEST(t_R1_level1_blocks_new_crypto)
{
	begin();
	mark_at_nav(USD(95000));
	CHECK(state() == LADDER_LEVEL1 && rig_count(&rig, EVENT_ORDER_NEW) == 0);
	rig_wish(&rig, GLD, 3150);
	rig_wish(&rig, SPY, 2600);
	decide_wish(QQQ, 1000);
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, QQQ) && rig_said(&rig, EVENT_ORDER_NEW, QQQ)->request.side == SIDE_BUY);
	rig_tick(&rig, CALENDAR_CRYPTO, TICK_OPEN);
	rig_tick(&rig, CALENDAR_CRYPTO, TICK_CLOSE);
	decide_wish(BTC, 1500);
	CHECK(!rig_said(&rig, EVENT_ORDER_NEW, BTC));
	CHECK(rig_said(&rig, EVENT_REFUSAL, BTC) && rig_said(&rig, EVENT_REFUSAL, BTC)->refusal.rule == TICKET_LEVEL1);
}

TEST(t_R1_level1_asks_for_more_confidence)
{
	begin();
	mark_at_nav(USD(95000));
	rig_signal(&rig, QQQ, STRATEGY_momentum, GRADE_BUY, 5000, 5999);
	CHECK_EQ(rig.desk.view[STRATEGY_momentum][QQQ].level_bp, 0);
	rig_signal(&rig, QQQ, STRATEGY_momentum, GRADE_BUY, 5000, 6000);
	CHECK(rig.desk.view[STRATEGY_momentum][QQQ].level_bp == 5000 && rig.desk.view[STRATEGY_momentum][QQQ].sure_bp == 6000);
}

TEST(t_R1_level2_reduces_a_quarter_closes_crypto_then_sells_only)
{
	begin();
	mark_at_nav(USD(92000));
	CHECK_EQ(state(), LADDER_LEVEL2);
	CHECK(sold(GLD) == QTY(75) && sold(SPY) == QTY(80) && sold(BTC) == E8 / 5);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 3);
	rig_wish(&rig, GLD, 3150);
	rig_wish(&rig, SPY, 2500);
	decide_wish(QQQ, 1000);
	CHECK(!rig_said(&rig, EVENT_ORDER_NEW, QQQ) && rig_said(&rig, EVENT_REFUSAL, QQQ)->refusal.rule == TICKET_LEVEL2);
	CHECK_EQ(rig_fill_all(&rig), 3);
	mark_at_nav(account_nav_usd_e8(&rig.desk.account));
	CHECK(state() == LADDER_LEVEL2 && rig_count(&rig, EVENT_ORDER_NEW) == 0);        /* once, not at each mark */
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_SELL, 0, BP_ONE);
	rig_cycle(&rig, CALENDAR_NYSE);
	CHECK_EQ(sold(GLD), QTY(225));
}

TEST(t_R1_level2_clears_when_the_drawdown_does)
{
	begin();
	mark_at_nav(USD(92000));
	(void)rig_fill_all(&rig);
	mark_at_nav(USD(94000));
	CHECK_EQ(state(), LADDER_LEVEL1);
	mark_at_nav(USD(95001));
	CHECK(state() == LADDER_CLEAR && ladder_level(&rig.desk.ladder) == 0);
}

TEST(t_R1_level3_reduces_half_and_stays_until_a_person_confirms)
{
	begin();
	mark_at_nav(USD(88000));
	CHECK_EQ(state(), LADDER_LEVEL3);
	CHECK(sold(GLD) == QTY(150) && sold(SPY) == QTY(160) && sold(BTC) == E8 / 5);
	(void)rig_fill_all(&rig);
	mark_at_nav(USD(99000));
	CHECK_EQ(state(), LADDER_LEVEL3);
	rig_operator(&rig, OPERATOR_CONFIRM);
	CHECK(state() == LADDER_RECOVERY && rig.desk.ladder.peak_nav_usd_e8 == account_nav_usd_e8(&rig.desk.account));
	CHECK_EQ(rig_said(&rig, EVENT_RISK, SYM_NONE)->risk.cause, RISK_OPERATOR);
}

TEST(t_R1_levels_held_for_a_month_ask_for_a_review)
{
	begin();
	mark_at_nav(USD(92000));
	(void)rig_fill_all(&rig);
	for (int i = 0; i < 20; i++) mark_at_nav(USD(92000));
	CHECK_EQ(rig.desk.ladder.review_open, 0);
	mark_at_nav(USD(92000));        /* the end of the 21st session came before this mark */
	CHECK(rig.desk.ladder.review_open == 1 && state() == LADDER_LEVEL2);
	rig_operator(&rig, OPERATOR_CONFIRM);
	CHECK(state() == LADDER_RECOVERY && rig.desk.ladder.review_open == 0 && rig.desk.ladder.drawdown_bp == 0);
}

/* Weeks and sessions are a byte in the records: the longest hold is told as the longest that fits. */
TEST(t_R1_R4_a_level_of_a_year_and_a_way_back_of_years_are_told_as_the_longest_that_fit)
{
	begin();
	mark_at_nav(USD(92000));
	(void)rig_fill_all(&rig);
	rig.desk.ladder.sessions_held = 300;
	rig_operator(&rig, OPERATOR_CONFIRM);
	const struct event *risk = rig_said(&rig, EVENT_RISK, SYM_NONE);
	CHECK(risk && risk->risk.sessions == UINT8_MAX);
	rig.desk.ladder.weeks = 300;
	rig_operator(&rig, OPERATOR_PAUSE);
	CHECK_EQ(rig_said(&rig, EVENT_ACCOUNT, SYM_NONE)->account.recovery_weeks, UINT8_MAX);
}

/* A short whose price has risen beyond all that is owned: the loss in bp fits no 32 bits, and is still the deepest level. */
TEST(t_R1_a_loss_beyond_all_numbers_is_the_deepest_level)
{
	begin();
	rig.desk.ladder.peak_nav_usd_e8 = 100;
	rig.desk.account.cash_usd_e8 -= USD(200000);
	rig.desk.account.deposited_usd_e8 -= USD(200000);
	rig_mark(&rig);
	CHECK(account_nav_usd_e8(&rig.desk.account) == -USD(100000) && rig.desk.ladder.drawdown_bp == INT32_MAX);
	CHECK_EQ(state(), LADDER_LEVEL4);
}

static void liquidate(void)
{
	begin();
	mark_at_nav(USD(85000));
	CHECK_EQ(state(), LADDER_LEVEL4);
	CHECK(sold(GLD) == QTY(300) && sold(SPY) == QTY(320) && sold(BTC) == E8 / 5);
}

TEST(t_R1_level4_flattens_and_waits_outside)
{
	liquidate();
	CHECK_EQ(rig_fill_all(&rig), 3);
	CHECK(account_is_flat(&rig.desk.account) && state() == LADDER_OUT && ladder_level(&rig.desk.ladder) == 4);
	rig_operator(&rig, OPERATOR_CONFIRM);        /* too early: five quiet sessions first */
	CHECK_EQ(state(), LADDER_OUT);
}

TEST(t_R1_level4_cancels_working_buys)
{
	begin();
	rig_wish(&rig, GLD, 3500);
	rig_wish(&rig, SPY, 3000);
	decide_wish(QQQ, 1000);
	rig_decide(&rig, CALENDAR_NYSE);
	const struct event *buy = rig_said(&rig, EVENT_ORDER_NEW, QQQ);
	CHECK(buy != 0);
	uint64_t id = buy ? buy->request.order_id : 0;
	mark_at_nav(USD(85000));
	CHECK(rig_order(&rig, id)->state == ORDER_CANCELLING && rig_said(&rig, EVENT_ORDER_CANCEL, QQQ));
}

TEST(t_R1_level4_sells_again_what_the_venue_refused_to_sell)
{
	liquidate();
	uint64_t id = rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.order_id;
	rig_reply(&rig, EVENT_NEW_REJECTED, id, 0, 0);
	(void)rig_fill_all(&rig);
	CHECK(state() == LADDER_LEVEL4 && rig.desk.account.position[GLD].qty_e8 == QTY(300));
	rig_mark(&rig);
	CHECK_EQ(sold(GLD), QTY(300));
	rig_reply(&rig, EVENT_NEW_REJECTED, rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.order_id, 0, 0);
	rig_day_end(&rig);
	rig_price(&rig, GLD, USD(130));        /* the drawdown is back below 15 %, the order to leave stands */
	rig_mark(&rig);
	CHECK(rig.desk.ladder.drawdown_bp < 1500);
	CHECK_EQ(sold(GLD), QTY(300));
}

static void wait_outside(int sessions)
{
	for (int i = 0; i < sessions; i++) rig_mark(&rig);
	rig_day_end(&rig);
}

TEST(t_R4_five_quiet_sessions_then_a_person_then_a_quarter_more_each_week)
{
	liquidate();
	(void)rig_fill_all(&rig);
	rig_day_end(&rig);
	for (int i = 0; i < 3; i++) wait_outside(1);
	CHECK_EQ(state(), LADDER_OUT);
	wait_outside(1);
	CHECK(state() == LADDER_READY && rig.desk.ladder.review_open == 1);
	CHECK_EQ(cause_against(desk_causes_of_book(&rig.desk), ASSET_ETF), CAUSE_READY);
	rig_operator(&rig, OPERATOR_CONFIRM);
	CHECK_EQ(state(), LADDER_RECOVERY);
	CHECK(rig.desk.ladder.peak_nav_usd_e8 == account_nav_usd_e8(&rig.desk.account) && rig.desk.ladder.drawdown_bp == 0);
	for (int week = 1; week <= 3; week++) {
		CHECK_EQ(ladder_ramp_bp(&rig.desk.settings, &rig.desk.ladder), 2500 * week);
		CHECK_EQ(state(), LADDER_RECOVERY);
		wait_outside(4);
		CHECK_EQ(ladder_ramp_bp(&rig.desk.settings, &rig.desk.ladder), 2500 * week);        /* four sessions are no week */
		wait_outside(1);
	}
	CHECK(state() == LADDER_CLEAR && ladder_ramp_bp(&rig.desk.settings, &rig.desk.ladder) == BP_ONE);
}

TEST(t_R4_a_noisy_session_begins_the_count_anew)
{
	liquidate();
	(void)rig_fill_all(&rig);
	rig_day_end(&rig);
	wait_outside(3);
	CHECK_EQ(rig.desk.ladder.quiet_sessions, 4);
	rig_regime(&rig, REGIME_HIGH_VOL);
	wait_outside(1);
	CHECK(state() == LADDER_OUT && rig.desk.ladder.quiet_sessions == 0);
	rig_regime(&rig, REGIME_ELEVATED);
	wait_outside(5);
	CHECK_EQ(state(), LADDER_READY);
	rig_regime(&rig, REGIME_EXTREME);
	wait_outside(1);
	CHECK_EQ(state(), LADDER_OUT);
}

TEST(t_R4_recovery_buys_a_quarter_and_no_more_than_leverage_one)
{
	rig_init(&rig);
	rig_price(&rig, GLD, USD(100));
	rig.desk.ladder.state = LADDER_RECOVERY;
	rig_wish(&rig, GLD, 4000);
	rig_decide(&rig, CALENDAR_NYSE);
	CHECK_EQ(rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.qty_e8, QTY(100));
	rig.desk.settings.value[SETTING_reentry_leverage_bp] = 2000;
	rig.desk.ladder.weeks = 3;
	int32_t target_bp[UNIVERSE_N];
	ticket_size(&rig.desk, target_bp);
	CHECK_EQ(target_bp[GLD], 2000);
}

TEST(t_R4_a_new_drawdown_in_recovery_reduces_again)
{
	begin();
	rig.desk.ladder.state = LADDER_RECOVERY;
	mark_at_nav(USD(92000));
	CHECK(state() == LADDER_LEVEL2 && sold(GLD) == QTY(75));
}

/* --- stops ------------------------------------------------------------------------------------------------------ */

TEST(t_R2_the_first_loss_sells_half_and_nothing_is_added_until_it_is_made_good)
{
	begin();
	CHECK_EQ(stop_state(GLD), STOP_ARMED);
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	CHECK(stop_state(GLD) == STOP_HALVED && sold(GLD) == QTY(150));
	CHECK_EQ(rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.reason, ORDER_REASON_STOP_HALF);
	(void)rig_fill_all(&rig);
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);        /* the alarm repeats: half of the half is not sold */
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 0);
	rig_wish(&rig, SPY, 3000);
	rig_mark(&rig);
	decide_wish(GLD, 3000);
	CHECK(!rig_said(&rig, EVENT_ORDER_NEW, GLD) && rig_said(&rig, EVENT_REFUSAL, GLD)->refusal.rule == TICKET_STOP_HALF);
	rig_alarm(&rig, GLD, ALARM_RECOVERED);
	CHECK_EQ(stop_state(GLD), STOP_ARMED);
	rig_mark(&rig);
	decide_wish(GLD, 3000);
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, GLD) && rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.side == SIDE_BUY);
}

TEST(t_R2_the_second_loss_sells_all_and_the_symbol_rests_ten_sessions)
{
	begin();
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	(void)rig_fill_all(&rig);
	rig_alarm(&rig, GLD, ALARM_STOP_EXIT);
	CHECK(stop_state(GLD) == STOP_EXITING && sold(GLD) == QTY(150));
	rig_alarm(&rig, GLD, ALARM_STOP_EXIT);        /* all of it is on its way already */
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 0);
	(void)rig_fill_all(&rig);
	CHECK(stop_state(GLD) == STOP_COOLING && rig.desk.stop[GLD].sessions_left == 10);
	for (int i = 0; i < 9; i++) rig_day_end(&rig);
	CHECK_EQ(stop_state(GLD), STOP_COOLING);
	rig_day_end(&rig);
	CHECK_EQ(stop_state(GLD), STOP_IDLE);
}

TEST(t_R2_a_straight_fall_sells_all_at_once)
{
	begin();
	rig_alarm(&rig, GLD, ALARM_STOP_EXIT);
	CHECK(stop_state(GLD) == STOP_EXITING && sold(GLD) == QTY(300));
}

TEST(t_R2_an_exit_after_half_sells_only_what_is_not_yet_being_sold)
{
	begin();
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	rig_alarm(&rig, GLD, ALARM_STOP_EXIT);
	CHECK_EQ(sold(GLD), QTY(150));
	CHECK_EQ(order_table_open_qty_e8(&rig.desk.orders, GLD, SIDE_SELL), QTY(300));
}

TEST(t_R2_a_buy_that_fills_while_resting_is_sold_again)
{
	begin();
	rig_alarm(&rig, GLD, ALARM_STOP_EXIT);
	(void)rig_fill_all(&rig);
	rig_fill_as(&rig, 4242, GLD, SIDE_BUY, QTY(7), USD(80), 31337);
	CHECK(stop_state(GLD) == STOP_EXITING && sold(GLD) == QTY(7));
}

TEST(t_R2_alarms_about_nothing_change_nothing)
{
	begin();
	for (uint8_t kind = 0; kind < ALARM_KINDS_N; kind++) {
		rig_alarm(&rig, QQQ, kind);
		CHECK(stop_state(QQQ) == STOP_IDLE && rig.out.count == 0);
	}
	rig_alarm(&rig, GLD, 200);        /* an alarm of another build */
	CHECK(stop_state(GLD) == STOP_ARMED && rig.out.count == 0);
}

TEST(t_R2_half_of_an_odd_position_is_rounded_to_the_larger_lot)
{
	begin();
	rig_fill_as(&rig, 4242, GLD, SIDE_BUY, QTY(1), USD(100), 31338);
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	CHECK_EQ(sold(GLD), QTY(151));
}

/* --- a short, made by a fill that came after its order was given up --------------------------------------------------- */

static int64_t bought_back(uint16_t sym)
{
	const struct event *buy = rig_said(&rig, EVENT_ORDER_NEW, sym);
	if (!buy) return 0;
	CHECK(buy->request.side == SIDE_BUY && buy->request.reduce_only);
	return buy->request.qty_e8;
}

TEST(t_R1_level4_ends_also_when_a_late_fill_made_a_short)
{
	liquidate();
	uint64_t id = rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.order_id;
	rig_timer(&rig, id);
	rig_reply(&rig, EVENT_NOT_FOUND, id, 0, 1);        /* given up */
	rig_mark(&rig);
	CHECK_EQ(sold(GLD), QTY(300));                     /* sent again */
	uint64_t again = rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.order_id;
	rig_fill(&rig, again, QTY(300), USD(100));
	rig_fill_as(&rig, id, GLD, SIDE_SELL, QTY(300), USD(100), 31339);        /* and the first one after all */
	CHECK(rig.desk.account.position[GLD].qty_e8 == -QTY(300) && state() == LADDER_LEVEL4);
	rig_mark(&rig);
	CHECK_EQ(bought_back(GLD), QTY(300));
	rig_mark(&rig);
	CHECK_EQ(bought_back(GLD), 0);        /* it is on its way */
	(void)rig_fill_all(&rig);
	CHECK(account_is_flat(&rig.desk.account) && state() == LADDER_OUT);
}

TEST(t_R4_a_late_fill_outside_is_sold_again_before_anybody_may_confirm)
{
	liquidate();
	(void)rig_fill_all(&rig);
	rig_day_end(&rig);
	for (int i = 0; i < 4; i++) {
		rig_mark(&rig);
		rig_day_end(&rig);
	}
	CHECK_EQ(state(), LADDER_READY);
	rig_fill_as(&rig, 4242, QQQ, SIDE_BUY, QTY(9), USD(100), 31340);        /* a buy given up long ago */
	CHECK(state() == LADDER_LEVEL4 && sold(QQQ) == QTY(9));
	rig_operator(&rig, OPERATOR_CONFIRM);
	CHECK_EQ(state(), LADDER_LEVEL4);
	(void)rig_fill_all(&rig);
	CHECK(state() == LADDER_OUT && rig.desk.ladder.quiet_sessions == 0);
}

TEST(t_X2_a_short_is_bought_back_at_the_next_decision_whatever_the_limits)
{
	rig_init(&rig);
	rig_hold(&rig, GLD, -QTY(3), USD(100));        /* far below the band of 2 % */
	rig_operator(&rig, OPERATOR_HALT);
	rig_decide(&rig, CALENDAR_NYSE);
	CHECK_EQ(bought_back(GLD), QTY(3));
	CHECK_EQ(rig.desk.use.trades_today, 0);
	(void)rig_fill_all(&rig);
	CHECK(account_is_flat(&rig.desk.account));
}

TEST(t_R2_the_stop_of_a_short_buys_it_back)
{
	rig_init(&rig);
	rig_hold(&rig, GLD, -QTY(30), USD(100));
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	CHECK_EQ(bought_back(GLD), QTY(15));
	rig_alarm(&rig, GLD, ALARM_STOP_EXIT);
	CHECK_EQ(bought_back(GLD), QTY(15));
}

/* --- the operator ------------------------------------------------------------------------------------------------ */

TEST(t_R1_flatten_sells_everything_and_halts)
{
	begin();
	rig_operator(&rig, OPERATOR_FLATTEN);
	CHECK(sold(GLD) == QTY(300) && sold(SPY) == QTY(320) && sold(BTC) == E8 / 5 && rig.desk.halted);
	rig_operator(&rig, OPERATOR_FLATTEN);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 0);        /* all of it is on its way */
	(void)rig_fill_all(&rig);
	CHECK(account_is_flat(&rig.desk.account) && rig.desk.halted);
	rig_operator(&rig, OPERATOR_RESUME);
	CHECK(!rig.desk.halted);
}

TEST(t_R1_a_command_nobody_knows_changes_nothing_but_is_answered)
{
	begin();
	rig_operator(&rig, 99);
	CHECK(rig.out.count == 1 && rig_said(&rig, EVENT_ACCOUNT, SYM_NONE));
}

TEST(t_R1_marks_without_a_price_move_say_nothing_new)
{
	begin();
	mark_at_nav(USD(100000));
	CHECK(state() == LADDER_CLEAR && rig_count(&rig, EVENT_RISK) == 0 && rig_count(&rig, EVENT_ORDER_NEW) == 0);
}
