/* ticket_comply_test.c - what band, lot, caps, cash and the day's limits leave of a move, each with one case computed by hand (R6). */
#include "tests/unit/fsm/desk/ticket_rig.h"

TEST(t_R6_every_rule_has_a_text)
{
	for (int i = 0; i < TICKET_RULES_N; i++) CHECK(ticket_rule_text[i] && ticket_rule_text[i][0]);
}

TEST(t_R6_an_allowed_wish_becomes_the_trade_that_reaches_its_target)
{
	begin();
	struct ticket ticket = checked(GLD, 1000);
	CHECK(ticket.rule == TICKET_NONE && ticket.qty_e8 == QTY(100) && ticket.current_bp == 0);
	CHECK_STR(ticket_rule_text[ticket.rule], "allowed");
}

TEST(t_R6_a_move_below_two_percent_of_weight_is_not_made)
{
	begin();
	CHECK_EQ(opened(GLD, 199).rule, TICKET_BAND);
	CHECK_EQ(opened(GLD, 200).rule, TICKET_NONE);
	CHECK_STR(ticket_rule_text[TICKET_BAND], "smaller than the rebalance band");
	rig_hold(&rig, GLD, QTY(100), USD(100));
	CHECK_EQ(opened(GLD, 801).rule, TICKET_BAND);        /* a reduction too */
	CHECK_EQ(opened(GLD, 800).qty_e8, -QTY(20));
}

TEST(t_R6_quantities_are_whole_lots)
{
	begin();
	rig_price(&rig, GLD, USD(30000));
	CHECK_EQ(opened(GLD, 2999).rule, TICKET_LOT);        /* 29,990 USD: not one share */
	CHECK_EQ(opened(GLD, 3000).qty_e8, QTY(1));
	CHECK_STR(ticket_rule_text[TICKET_LOT], "smaller than one lot");
	rig_price(&rig, BTC, USD(60001));
	CHECK_EQ(opened(BTC, 1000).qty_e8, 16660000);        /* 10,000 / 60,001 = 0.166663...: 0.1666 */
}

TEST(t_R6_no_trade_below_one_hundred_dollars)
{
	begin();
	rig.desk.account.cash_usd_e8 = USD(4000);
	CHECK_EQ(opened(BTC, 249).rule, TICKET_MIN_TRADE);        /* 99.60 USD */
	CHECK_EQ(opened(BTC, 250).rule, TICKET_NONE);             /* 100 USD */
	CHECK_STR(ticket_rule_text[TICKET_MIN_TRADE], "smaller than the minimum trade");
}

TEST(t_R6_the_cap_of_an_asset_is_never_passed)
{
	begin();
	rig_hold(&rig, GLD, QTY(490), USD(100));        /* 49 % of a cap of 50 % */
	struct ticket ticket = opened(GLD, 9000);
	ticket_comply(&rig.desk, &ticket);
	CHECK(ticket.rule == TICKET_NONE && ticket.qty_e8 == QTY(10));
	rig_hold(&rig, GLD, QTY(10), USD(100));
	ticket = opened(GLD, 9000);
	ticket_comply(&rig.desk, &ticket);
	CHECK(ticket.rule == TICKET_CAP && ticket.qty_e8 == 0);
	CHECK_STR(ticket_rule_text[TICKET_CAP], "the cap of this asset, or one that it shares, is reached");
}

TEST(t_R6_leverage_counts_positions_and_what_is_reserved)
{
	begin();
	rig.desk.settings.value[SETTING_leverage_max_bp] = 5000;        /* tightened: 50,000 USD gross */
	rig_hold(&rig, SPY, QTY(300), USD(100));
	struct order *working = order_table_take(&rig.desk.orders, 999, false);
	*working = (struct order){ .order_id = 999, .qty_e8 = QTY(100), .sym = QQQ, .state = ORDER_LIVE, .side = SIDE_BUY };
	working->reserved_usd_e8 = USD(10000);
	CHECK_EQ(checked(GLD, 2000).qty_e8, QTY(100));        /* 50,000 - 30,000 - 10,000 */
	working->reserved_usd_e8 = USD(19950);
	CHECK(checked(GLD, 2000).rule == TICKET_LEVERAGE && checked(GLD, 2000).qty_e8 == 0);
	CHECK_STR(ticket_rule_text[TICKET_LEVERAGE], "the leverage limit is reached");
}

TEST(t_R6_five_percent_of_cash_stay)
{
	begin();
	rig_hold(&rig, SPY, QTY(850), USD(100));        /* 15,000 left, 5,000 stay: 10,000 buy 99 shares at 100.15 */
	CHECK_EQ(checked(GLD, 2000).qty_e8, QTY(99));
	rig_hold(&rig, TLT, QTY(100), USD(100));
	CHECK(checked(GLD, 2000).rule == TICKET_CASH && checked(GLD, 2000).qty_e8 == 0);
	CHECK_STR(ticket_rule_text[TICKET_CASH], "the cash buffer is kept");
}

/* Two buys of one cycle use all the cash there is above the buffer; filled at the worst price and commission we reckoned with, the
 * buffer is still whole. */
TEST(t_R6_the_cash_buffer_holds_after_both_fills_with_their_costs)
{
	begin();
	rig_price(&rig, GLD, USD(1));
	rig_price(&rig, QQQ, USD(1));
	rig_hold(&rig, SPY, QTY(700), USD(100));
	struct ticket first = checked(GLD, 1300);
	CHECK(first.rule == TICKET_NONE && first.qty_e8 == QTY(13000));
	struct event in = event_make(EVENT_CYCLE, SYM_NONE, 1);
	outbox_begin(&rig.out, 1, rig.desk.inputs, 1);
	struct order *one = desk_send(&rig.worker, &in, &rig.out, GLD, SIDE_BUY, first.qty_e8, ORDER_REASON_SIGNAL);
	struct ticket second = checked(QQQ, 3000);
	CHECK_EQ(second.qty_e8, QTY(11962));        /* (25,000 - 13,000 x 1.0015) / 1.0015 = 11,962.5 */
	struct order *two = desk_send(&rig.worker, &in, &rig.out, QQQ, SIDE_BUY, second.qty_e8, ORDER_REASON_SIGNAL);
	int64_t       worst_px = USD(1) + e8_bp(USD(1), 5), before = account_nav_usd_e8(&rig.desk.account);
	struct order *order[2] = { one, two };
	rig.desk.account_dirty = 0;
	for (int i = 0; i < 2; i++) {
		struct event fill = event_make(EVENT_FILL, order[i]->sym, 0);
		fill.fill = (struct fill){ .order_id = order[i]->order_id, .execution_id = 77 + (uint64_t)i, .qty_e8 = order[i]->qty_e8, .px_e8 = worst_px };
		fill.fill.fee_usd_e8 = e8_bp(e8_mul(order[i]->qty_e8, worst_px), 10);
		rig_step(&rig, fill);
	}
	CHECK(rig.desk.account.cash_usd_e8 >= e8_bp(before, 500));
}

TEST(t_R6_five_trades_a_day_and_the_next_day_five_again)
{
	begin();
	rig.desk.use.trades_today = 4;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
	rig.desk.use.trades_today = 5;
	CHECK(checked(GLD, 1000).rule == TICKET_TRADES && checked(GLD, 1000).qty_e8 == 0);
	CHECK_STR(ticket_rule_text[TICKET_TRADES], "the day's trades are used up");
	rig_wish(&rig, GLD, 1000);
	rig_decide(&rig, CALENDAR_NYSE);        /* a new session */
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, GLD) && rig.desk.use.trades_today == 1);
}

TEST(t_R6_six_wishes_make_five_trades_the_furthest_first)
{
	static const int32_t wish_bp[6] = { 310, 320, 330, 340, 350, 300 };
	rig_init(&rig);
	for (uint16_t i = 0; i < 6; i++) {
		rig_price(&rig, (uint16_t)(i + 4), USD(10));        /* SLV ... TLT */
		rig_wish(&rig, (uint16_t)(i + 4), wish_bp[i]);
	}
	rig_decide(&rig, CALENDAR_NYSE);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 5);
	CHECK(rig_said(&rig, EVENT_REFUSAL, 9) && rig_said(&rig, EVENT_REFUSAL, 9)->refusal.rule == TICKET_TRADES);
	uint16_t first = SYM_NONE;
	for (uint32_t i = 0; i < rig.out.count && first == SYM_NONE; i++)
		if (rig.out.event[i].kind == EVENT_ORDER_NEW) first = rig.out.event[i].sym;
	CHECK_EQ(first, 8);        /* 3.5 % away */
}

TEST(t_R6_thirty_percent_of_nav_a_day)
{
	begin();
	CHECK_EQ(checked(GLD, 4000).qty_e8, QTY(300));
	rig.desk.use.turnover_day_usd_e8 = USD(25000);
	CHECK_EQ(checked(GLD, 4000).qty_e8, QTY(50));
	rig.desk.use.turnover_day_usd_e8 = USD(29950);
	CHECK(checked(GLD, 4000).rule == TICKET_TURNOVER && checked(GLD, 4000).qty_e8 == 0);
	CHECK_STR(ticket_rule_text[TICKET_TURNOVER], "the day's turnover is used up");
}

/* --- caps that nothing raises --------------------------------------------------------------------------------------- */

static void decide_again(void)
{
	rig_tick(&rig, CALENDAR_NYSE, TICK_OPEN);
	rig_tick(&rig, CALENDAR_NYSE, TICK_CLOSE);
	rig_cycle(&rig, CALENDAR_NYSE);
}

/* Refused by the venue each time: after three orders the wish waits for the next session. */
TEST(t_R6_X3_a_wish_has_three_orders_a_day)
{
	begin();
	rig_wish(&rig, GLD, 1000);
	rig_decide(&rig, CALENDAR_NYSE);
	for (int i = 0; i < 3; i++) {
		const struct event *order = rig_said(&rig, EVENT_ORDER_NEW, GLD);
		CHECK(order != 0);
		if (!order) return;
		rig_reply(&rig, EVENT_NEW_REJECTED, order->request.order_id, 0, 1);
		rig.desk.day[CALENDAR_NYSE].state = DAY_DECIDING;        /* a second cycle of the same day */
		rig_cycle(&rig, CALENDAR_NYSE);
	}
	const struct event *refusal = rig_said(&rig, EVENT_REFUSAL, GLD);
	CHECK(refusal && refusal->refusal.rule == TICKET_CHILDREN);
	CHECK_STR(ticket_rule_text[TICKET_CHILDREN], "this wish has had its orders of the day");
	CHECK(rig.desk.use.children[GLD] == 3 && rig.desk.use.trades_today == 3 && rig.desk.refusals == 1);
	rig_day_end(&rig);
	decide_again();
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, GLD) != 0);
}

TEST(t_R6_a_minute_has_so_many_messages_and_exits_go_all_the_same)
{
	begin();
	rig_hold(&rig, SPY, QTY(100), USD(100));
	rig_wish(&rig, GLD, 1000);
	rig_tick(&rig, CALENDAR_NYSE, TICK_OPEN);
	rig_tick(&rig, CALENDAR_NYSE, TICK_CLOSE);
	rig.desk.use.messages = CFG_desk_messages_per_min - 1;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
	rig.desk.use.messages = CFG_desk_messages_per_min;
	rig_signal(&rig, SPY, STRATEGY_momentum, GRADE_SELL, 0, BP_ONE);
	rig_cycle(&rig, CALENDAR_NYSE);
	CHECK(rig_said(&rig, EVENT_REFUSAL, GLD) && rig_said(&rig, EVENT_REFUSAL, GLD)->refusal.rule == TICKET_MESSAGES);
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, SPY) && rig_said(&rig, EVENT_ORDER_NEW, SPY)->request.side == SIDE_SELL);
	CHECK_EQ(rig.desk.use.messages, CFG_desk_messages_per_min + 1);        /* counted, not refused */
}

/* The minute before counts whole, so no 60 seconds have more than the cap. */
TEST(t_R6_the_minute_before_counts_and_the_one_after_next_is_free)
{
	begin();
	struct book_use *use = &rig.desk.use;
	book_use_minute(use, 600 * NS_PER_S);
	use->messages = CFG_desk_messages_per_min;
	CHECK(!book_use_may_send(use));
	book_use_minute(use, 660 * NS_PER_S);
	CHECK(!book_use_may_send(use) && use->messages == 0);
	book_use_minute(use, 720 * NS_PER_S);
	CHECK(book_use_may_send(use));
	use->messages = 5;
	book_use_minute(use, 2000 * NS_PER_S);
	CHECK(book_use_may_send(use) && use->messages_before == 0);
}

TEST(t_R6_no_file_of_a_machine_raises_the_two_caps)
{
	begin();
	CHECK_EQ(settings_tighten(&rig.desk.settings, "desk_messages_per_min", "1000"), SETTINGS_NOT_HERE);
	CHECK_EQ(settings_tighten(&rig.desk.settings, "order_children_max", "100"), SETTINGS_NOT_HERE);
	CHECK_EQ(settings_tighten(&rig.desk.settings, "leverage_max_bp", "15001"), SETTINGS_OUT_OF_BOUNDS);
	CHECK_EQ(settings_tighten(&rig.desk.settings, "capital_stage_bp", "-1"), SETTINGS_OUT_OF_BOUNDS);
}
