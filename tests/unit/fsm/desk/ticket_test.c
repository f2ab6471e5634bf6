/* ticket_test.c - from wish to order, each rule with one case computed by hand (R6, S3, R5). NAV 100,000 USD and GLD at 100 USD unless
 * said otherwise, so one per cent is ten shares. */
#include "fsm/desk/ticket.h"

#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

static struct desk_rig rig;

static void begin(void)
{
	rig_init(&rig);
	rig_price(&rig, GLD, USD(100));
	rig_price(&rig, SPY, USD(100));
	rig_price(&rig, QQQ, USD(100));
	rig_price(&rig, TLT, USD(100));
	rig_price(&rig, BTC, USD(50000));
}

static struct ticket opened(uint16_t sym, int32_t target_bp)
{
	struct ticket ticket;
	ticket_open(&rig.desk, sym, target_bp, &ticket);
	return ticket;
}

static struct ticket checked(uint16_t sym, int32_t target_bp)
{
	struct ticket ticket = opened(sym, target_bp);
	ticket_risk(&rig.desk, &ticket);
	ticket_comply(&rig.desk, &ticket);
	return ticket;
}

/* What the desk says at the end of a cycle about a wish of 10 % GLD that a rule forbids. */
static void check_refused(uint8_t rule, const char *text)
{
	rig_wish(&rig, GLD, 1000);
	rig_decide(&rig, CALENDAR_NYSE);
	const struct event *refusal = rig_said(&rig, EVENT_REFUSAL, GLD);
	CHECK(!rig_said(&rig, EVENT_ORDER_NEW, GLD) && refusal);
	if (!refusal) return;
	CHECK_EQ(refusal->refusal.rule, rule);
	CHECK_EQ(refusal->refusal.target_bp, 1000);
	CHECK_STR(ticket_rule_text[refusal->refusal.rule], text);
}

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

TEST(t_R6_leaving_a_position_is_not_held_back_by_band_lot_or_minimum)
{
	begin();
	rig_hold(&rig, GLD, E8 / 2, USD(100));        /* half a share, 50 USD, 0.05 % */
	struct ticket ticket = opened(GLD, 0);
	CHECK(ticket.rule == TICKET_NONE && ticket.qty_e8 == -E8 / 2);
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

TEST(t_R8_day_trades_are_counted_by_symbol_and_session)
{
	struct book_use use = { 0 };
	book_use_fill(&use, GLD, false);        /* what was bought before today */
	CHECK_EQ(book_use_day_trades(&use), 0);
	book_use_fill(&use, GLD, true);
	book_use_fill(&use, SPY, false);
	CHECK_EQ(book_use_day_trades(&use), 0);
	book_use_fill(&use, GLD, false);
	book_use_fill(&use, GLD, false);        /* the second part of one sale */
	CHECK_EQ(book_use_day_trades(&use), 1);
	book_use_fill(&use, GLD, true);
	book_use_fill(&use, GLD, false);
	book_use_fill(&use, BTC, true);
	book_use_fill(&use, BTC, false);        /* crypto is no security */
	CHECK_EQ(book_use_day_trades(&use), 2);
	book_use_fill(&use, GLD, true);
	for (int session = 1; session < DAY_TRADE_SESSIONS; session++) book_use_session(&use);
	book_use_fill(&use, GLD, false);
	CHECK_EQ(book_use_day_trades(&use), 2);        /* held over night */
	book_use_session(&use);
	CHECK_EQ(book_use_day_trades(&use), 0);
}

TEST(t_R8_a_broker_with_the_day_trader_rule)
{
	begin();
	rig.desk.use.day_trades[2] = 3;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);        /* off as it is built */
	rig.desk.settings.value[SETTING_day_trades_max] = 3;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);        /* 100,000 USD */
	rig.desk.settings.value[SETTING_day_trades_equity_usd] = 200000;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_DAY_TRADES);
	CHECK_STR(ticket_rule_text[TICKET_DAY_TRADES], "the day trades of five sessions are used up");
	CHECK_EQ(checked(BTC, 500).rule, TICKET_NONE);
	rig.desk.use.day_trades[2] = 2;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
}

TEST(t_R8_a_wash_window_is_thirty_days_after_a_loss)
{
	struct book_use use = { 0 };
	CHECK(!book_use_in_wash_window(&use, GLD, 20000));
	book_use_realised(&use, GLD, 0, 20000);        /* neither gain nor loss */
	book_use_realised(&use, BTC, -1, 20000);       /* no security */
	CHECK(!book_use_in_wash_window(&use, GLD, 20000) && !book_use_in_wash_window(&use, BTC, 20000));
	book_use_realised(&use, GLD, -1, 20000);
	book_use_realised(&use, GLD, 500, 20010);      /* a later gain closes no window */
	CHECK(book_use_in_wash_window(&use, GLD, 20000) && book_use_in_wash_window(&use, GLD, 20030));
	CHECK(!book_use_in_wash_window(&use, GLD, 20031) && !book_use_in_wash_window(&use, SPY, 20001));
}

TEST(t_R8_a_wash_sale_is_known_before_the_trade)
{
	begin();
	rig.desk.day[CALENDAR_NYSE].day = 20000;
	rig.desk.use.loss_day[GLD] = rig.desk.day[CALENDAR_NYSE].day - 30;
	CHECK(desk_causes_of_symbol(&rig.desk, GLD) == cause_bit(CAUSE_WASH, true));
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);        /* said, and allowed as it is built */
	rig.desk.settings.value[SETTING_wash_sale_guard] = 1;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NO_WASH);
	CHECK_STR(ticket_rule_text[TICKET_NO_WASH], "sold at a loss within 30 days: wash_sale_guard refuses to buy");
	CHECK_EQ(checked(SPY, 1000).rule, TICKET_NONE);
	rig.desk.use.loss_day[GLD] = rig.desk.day[CALENDAR_NYSE].day - 31;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
	CHECK(desk_causes_of_symbol(&rig.desk, GLD) == 0);
}

/* From the fill on: a sale below its cost opens the window, one above it does not, and an exit is never asked. */
TEST(t_R8_a_sale_at_a_loss_opens_the_window)
{
	begin();
	rig.desk.day[CALENDAR_NYSE].day = 20000;
	rig.desk.settings.value[SETTING_wash_sale_guard] = 1;
	rig_fill_as(&rig, 0, GLD, SIDE_BUY, QTY(100), USD(100), 71);
	rig_fill_as(&rig, 0, GLD, SIDE_SELL, QTY(10), USD(110), 72);
	CHECK_EQ(rig.desk.use.loss_day[GLD], 0);
	rig_fill_as(&rig, 0, GLD, SIDE_SELL, QTY(10), USD(90), 73);
	CHECK_EQ(rig.desk.use.loss_day[GLD], rig.desk.day[CALENDAR_NYSE].day);
	CHECK_EQ(checked(GLD, 2000).rule, TICKET_NO_WASH);
	struct ticket exit = checked(GLD, 0);
	CHECK(exit.rule == TICKET_NONE && exit.qty_e8 == -QTY(80));
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

TEST(t_R6_reductions_are_asked_nothing)
{
	begin();
	rig_hold(&rig, GLD, QTY(200), USD(100));
	rig.desk.use.trades_today = 99;
	rig.desk.use.turnover_day_usd_e8 = USD(90000);
	rig.desk.halted = rig.desk.journal_lost = 1;
	rig.desk.regime = REGIME_EXTREME;
	rig.desk.ladder.state = LADDER_LEVEL3;
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_SELL, 0, BP_ONE);
	rig_tick(&rig, CALENDAR_NYSE, TICK_OPEN);
	rig.desk.use.trades_today = 99;
	rig_tick(&rig, CALENDAR_NYSE, TICK_CLOSE);
	rig_cycle(&rig, CALENDAR_NYSE);
	const struct event *sale = rig_said(&rig, EVENT_ORDER_NEW, GLD);
	CHECK(sale && sale->request.side == SIDE_SELL && sale->request.qty_e8 == QTY(200) && sale->request.reduce_only);
	CHECK_EQ(rig.desk.use.trades_today, 99);
}

TEST(t_S3_extreme_volatility_refuses_increases_and_allows_sales)
{
	begin();
	rig_hold(&rig, SPY, QTY(100), USD(100));
	rig_signal(&rig, SPY, STRATEGY_momentum, GRADE_STRONG_SELL, 0, BP_ONE);
	rig_regime(&rig, REGIME_EXTREME);
	check_refused(TICKET_EXTREME, "extreme volatility: only reductions");
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, SPY) && rig_said(&rig, EVENT_ORDER_NEW, SPY)->request.side == SIDE_SELL);
	rig_regime(&rig, REGIME_HIGH_VOL);
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
}

TEST(t_R6_halted_and_paused_add_nothing_until_resumed)
{
	begin();
	rig_operator(&rig, OPERATOR_HALT);
	check_refused(TICKET_HALTED, "halted by the operator");
	rig_operator(&rig, OPERATOR_RESUME);
	rig_operator(&rig, OPERATOR_PAUSE);
	check_refused(TICKET_PAUSED, "paused by the operator");
	rig_operator(&rig, OPERATOR_RESUME);
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
}

TEST(t_R6_a_lost_journal_adds_nothing)
{
	begin();
	rig.desk.journal_lost = 1;
	check_refused(TICKET_JOURNAL, "the journal is lost");
}

TEST(t_P3_a_part_that_is_held_down_adds_nothing_where_its_row_says_so)
{
	for (uint32_t i = 0; i < CARE_CONDITIONS_N; i++) {
		begin();
		rig_care(&rig, i, 1);
		CHECK(rig_said(&rig, EVENT_ACCOUNT, SYM_NONE)->account.care == 1u << i);
		uint8_t rule = i == CARE_MEMORY ? TICKET_MEMORY : TICKET_DEGRADED;
		if (!degraded[i].allows_more) check_refused(rule, cause_table[i == CARE_MEMORY ? CAUSE_MEMORY : CAUSE_DEGRADED].text);
		rig_care(&rig, i, 0);
		CHECK_EQ(rig.desk.care, 0);
	}
}

TEST(t_R2_a_stopped_symbol_is_not_bought)
{
	begin();
	rig.desk.stop[GLD].state = STOP_COOLING;
	rig.desk.stop[GLD].sessions_left = 3;
	check_refused(TICKET_STOP_REST, "stopped out, not yet rested");
}

TEST(t_R6_an_old_price_adds_nothing)
{
	begin();
	for (int i = 0; i < 5; i++) rig_day_end(&rig);
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
	rig_day_end(&rig);
	check_refused(TICKET_STALE, "no fresh price");
	rig_price(&rig, GLD, USD(100));
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
}

TEST(t_R6_one_working_order_a_symbol)
{
	begin();
	rig_wish(&rig, GLD, 1000);
	rig_decide(&rig, CALENDAR_NYSE);
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, GLD) != 0);
	check_refused(TICKET_WORKING, "an order of this symbol is still working");
}

TEST(t_X12_a_full_table_is_a_reason)
{
	begin();
	uint64_t      id = 0;
	struct order *order;
	while ((order = order_table_take(&rig.desk.orders, ++id, false)))
		*order = (struct order){ .order_id = id, .qty_e8 = 1, .state = ORDER_LIVE, .side = SIDE_SELL, .sym = VIX };
	check_refused(TICKET_TABLE, "the order table is full");
	CHECK_EQ(rig.desk.use.trades_today, 0);
}

/* --- targets --------------------------------------------------------------------------------------------------- */

static int32_t target(uint16_t sym)
{
	int32_t target_bp[UNIVERSE_N];
	ticket_size(&rig.desk, target_bp);
	return target_bp[sym];
}

TEST(t_R5_targets_are_shares_of_wishes_scaled_to_the_volatility_target)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, 8000);             /* 0.4 x 0.8 x 0.7 = 22.4 % */
	CHECK_EQ(target(GLD), 2240);
	rig_signal(&rig, GLD, STRATEGY_mean_reversion, GRADE_BUY, 1000, BP_ONE);     /* + 0.1 x 1 x 0.3 = 3 % */
	CHECK_EQ(target(GLD), 2540);
	rig.desk.view[STRATEGY_momentum][GLD].volatility_e8 = E8 / 5;                /* 20 % where 10 % is wanted: half */
	CHECK_EQ(target(GLD), 1270);
	rig.desk.view[STRATEGY_momentum][GLD].volatility_e8 = E8 / 100;
	rig.desk.view[STRATEGY_mean_reversion][GLD].volatility_e8 = E8 / 100;        /* 1 %: ten times, but the cap is 50 % */
	CHECK_EQ(target(GLD), 5000);
}

TEST(t_R6_targets_together_leave_the_cash_buffer)
{
	begin();
	rig.desk.settings.value[SETTING_portfolio_volatility_bp] = 5000;
	rig_wish(&rig, GLD, 5000);
	rig_wish(&rig, SPY, 4000);
	rig_wish(&rig, QQQ, 3000);        /* 120 %, scaled to 95 % */
	CHECK_EQ(target(GLD), 5000 * 9500 / 12000);
	CHECK_EQ(target(SPY), 4000 * 9500 / 12000);
	CHECK_EQ(target(QQQ), 3000 * 9500 / 12000);
}

TEST(t_R5_targets_together_keep_the_portfolio_volatility)
{
	begin();
	rig.desk.settings.value[SETTING_portfolio_volatility_bp] = 350;
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 5000, BP_ONE);        /* 0.5 x 0.7 = 35 %, x 10 % = 3.5 % */
	CHECK_EQ(target(GLD), 3500);
	rig_signal(&rig, SPY, STRATEGY_momentum, GRADE_BUY, 5000, BP_ONE);        /* + 35 % x 15 % = 8.75 %: four tenths */
	CHECK_EQ(target(GLD), 1400);
	CHECK_EQ(target(SPY), 1400);
}

TEST(t_S1_hold_keeps_the_wish_sell_ends_it_and_a_faint_buy_is_no_wish)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, 2999);
	CHECK_EQ(target(GLD), 0);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_STRONG_BUY, 4000, 3000);
	CHECK_EQ(target(GLD), 840);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_HOLD, 0, 0);
	CHECK_EQ(target(GLD), 840);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_SELL, 0, 1);
	CHECK_EQ(target(GLD), 0);
}

/* --- how an order came to its size -------------------------------------------------------------------------------- */

TEST(t_R5_an_order_says_what_each_step_left_of_its_wish)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, 8000);        /* 0.4 x 0.7 = 28 %, 0.8 sure: 22.4 % */
	rig.desk.use.turnover_day_usd_e8 = 0;
	rig_decide(&rig, CALENDAR_NYSE);
	const struct event *order = rig_said(&rig, EVENT_ORDER_NEW, GLD), *size = rig_said(&rig, EVENT_SIZE, GLD);
	CHECK(order && size);
	if (!order || !size) return;
	CHECK_EQ(size->size.order_id, order->request.order_id);
	CHECK(size->size.weight_bp[SIZE_WISH] == 2800 && size->size.weight_bp[SIZE_CONFIDENCE] == 2240);
	CHECK(size->size.weight_bp[SIZE_STEPS_N - 1] == 2240 && size->size.qty_e8[FIT_MOVE] == QTY(224));
	CHECK(size->size.qty_e8[FIT_STEPS_N - 1] == order->request.qty_e8);
	uint64_t bought = order->request.order_id;
	rig_reply(&rig, EVENT_ACK, bought, 7, 1);
	rig_fill(&rig, bought, QTY(224), USD(100));
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 2000, 8000);        /* half as much: 112 shares go */
	rig_decide(&rig, CALENDAR_NYSE);
	order = rig_said(&rig, EVENT_ORDER_NEW, GLD);
	size = rig_said(&rig, EVENT_SIZE, GLD);
	CHECK(order && size && order->request.side == SIDE_SELL && size->size.order_id == order->request.order_id);
	if (!order || !size) return;
	CHECK(size->size.weight_bp[SIZE_STEPS_N - 1] == 1120 && size->size.qty_e8[FIT_MOVE] == order->request.qty_e8);
}

TEST(t_N5_bad_news_about_the_market_shrinks_every_target)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, BP_ONE);
	struct event in = event_make(EVENT_REGIME, SYM_NONE, 0);
	in.regime = (struct regime_note){ .vix_e8 = QTY(15), .day = rig.day, .regime = REGIME_NORMAL, .sentiment_bp = 5000 };
	rig_step(&rig, in);
	CHECK_EQ(target(GLD), 2800);
	in.regime.sentiment_bp = -5000;        /* half of the half that the worst news takes */
	rig_step(&rig, in);
	CHECK_EQ(target(GLD), 2100);
}

TEST(t_S3_a_wish_from_a_calmer_day_is_halved_above_vix_30)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, BP_ONE);
	rig_regime(&rig, REGIME_HIGH_VOL);
	CHECK_EQ(target(GLD), 1400);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_HOLD, 0, 0);
	CHECK_EQ(target(GLD), 1400);
	rig_regime(&rig, REGIME_NORMAL);
	CHECK_EQ(target(GLD), 2800);
}

TEST(t_T7_the_stage_of_capital_takes_its_part_of_every_target)
{
	begin();
	rig.desk.settings.value[SETTING_capital_stage_bp] = 1000;
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, BP_ONE);
	CHECK_EQ(target(GLD), 280);
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

/* --- a stuck entry does not block an exit --------------------------------------------------------------------------- */

static struct order *stuck_entry(uint8_t state)
{
	begin();
	rig_wish(&rig, GLD, 2000);
	rig_decide(&rig, CALENDAR_NYSE);
	const struct event *order = rig_said(&rig, EVENT_ORDER_NEW, GLD);
	CHECK(order && order->request.qty_e8 == QTY(200));
	uint64_t id = order ? order->request.order_id : 0;
	if (state == ORDER_LIVE || state == ORDER_CANCELLING) rig_reply(&rig, EVENT_ACK, id, 7, 1);
	if (state == ORDER_UNKNOWN) rig_timer(&rig, id);
	rig_fill(&rig, id, QTY(50), USD(100));        /* part of it is ours */
	if (state == ORDER_CANCELLING) rig_operator(&rig, OPERATOR_HALT);
	CHECK(rig_order(&rig, id) && rig_order(&rig, id)->state == state);
	return rig_order(&rig, id);
}

static void ask_stop(void) { rig_alarm(&rig, GLD, ALARM_STOP_EXIT); }
static void ask_flatten(void) { rig_operator(&rig, OPERATOR_FLATTEN); }
static void ask_sell(void)
{
	rig_day_end(&rig);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_SELL, 0, BP_ONE);
	rig_decide(&rig, CALENDAR_NYSE);
}
static void ask_ladder(void)
{
	rig.desk.ladder.peak_nav_usd_e8 = USD(130000);
	rig_mark(&rig);
}

TEST(t_R6_a_stuck_entry_never_blocks_the_exit_of_what_is_owned)
{
	static const uint8_t state[] = { ORDER_SENDING, ORDER_LIVE, ORDER_CANCELLING, ORDER_UNKNOWN };
	static void (*const  ask[])(void) = { ask_stop, ask_flatten, ask_sell, ask_ladder };
	for (size_t s = 0; s < sizeof state; s++)
		for (size_t a = 0; a < sizeof ask / sizeof *ask; a++) {
			struct order *entry = stuck_entry(state[s]);
			if (!entry) return;
			ask[a]();
			const struct event *exits = rig_said(&rig, EVENT_ORDER_NEW, GLD);
			CHECK(exits && exits->request.side == SIDE_SELL && exits->request.qty_e8 == QTY(50) && exits->request.reduce_only);
			CHECK(state[s] == ORDER_CANCELLING || rig_said(&rig, EVENT_ORDER_CANCEL, GLD));        /* and the entry is taken back */
			CHECK(order_open_qty_e8(entry) == QTY(150) && entry->reserved_usd_e8 > 0);              /* what it may still fill stays reserved */
		}
}
