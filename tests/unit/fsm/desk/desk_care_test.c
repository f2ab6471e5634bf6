/* desk_care_test.c - the way back to a venue: stories of document 04 §4.9.2, and a crash after each input of one of them. */
#include "fsm/desk/ticket.h"

#include <string.h>

#include "tests/kit/desk_rig.h"
#include "tests/kit/random.h"
#include "tests/kit/test.h"

static struct desk_rig rig;

static uint8_t now(void) { return rig.desk.recovery.state; }

static uint8_t refused_gld(void)
{
	struct ticket ticket = { .sym = GLD, .qty_e8 = QTY(1), .want_qty_e8 = QTY(1) };
	ticket_risk(&rig.desk, &ticket);
	return ticket.rule;
}

/* What lets nothing of the whole book grow. */
static enum cause_id against_the_book(void) { return cause_against(desk_causes_of_book(&rig.desk), ASSET_ETF); }

static void begin(void)
{
	rig_init(&rig);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) rig_price(&rig, sym, USD(100));
}

/* Back in TRADING with a venue; nothing is held, nothing works. */
static void begin_up(void)
{
	begin();
	rig_reconnect(&rig);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(now(), RECOVERY_TRADING);
}

static uint64_t sent(uint16_t sym)
{
	const struct event *request = rig_said(&rig, EVENT_ORDER_NEW, sym);
	CHECK(request != 0);
	return request ? request->request.order_id : 0;
}

static uint8_t state_of(uint64_t id) { return rig_order(&rig, id)->state; }

/* Entries of SPY (nothing filled) and QQQ (a part filled), and a reduction of GLD, all working. */
static struct { uint64_t entry, partial, exit; } works;
static void begin_with_three_orders(void)
{
	begin_up();
	rig_hold(&rig, GLD, QTY(100), USD(100));
	rig_wish(&rig, SPY, 800);
	rig_wish(&rig, QQQ, 800);
	rig_wish(&rig, GLD, 1000);
	rig_decide(&rig, CALENDAR_NYSE);
	works.entry = sent(SPY);
	works.partial = sent(QQQ);
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	works.exit = sent(GLD);
	rig_reply(&rig, EVENT_ACK, works.entry, 11, 0);
	rig_reply(&rig, EVENT_ACK, works.partial, 12, 0);
	rig_reply(&rig, EVENT_ACK, works.exit, 13, 0);
	rig_fill(&rig, works.partial, QTY(10), USD(100));
}

static uint8_t recovery_said(void)
{
	const struct event *note = rig_said(&rig, EVENT_RECOVERY, SYM_NONE);
	return note ? note->recovery.state : UINT8_MAX;
}

TEST(t_X11_load_ask_cancel_apply_compare_resume)
{
	begin_with_three_orders();
	rig_venue(&rig, VENUE_DOWN, 2);
	CHECK(now() == RECOVERY_LOADED && recovery_said() == RECOVERY_LOADED && against_the_book() == CAUSE_VENUE);
	rig_venue(&rig, VENUE_UP, 3);
	CHECK(recovery_said() == RECOVERY_ASKING && rig_count(&rig, EVENT_ORDER_QUERY) == 3 && against_the_book() == CAUSE_RECOVERY);
	CHECK_EQ(order_table_in_flight(&rig.desk.orders), 3);
	rig_reply(&rig, EVENT_ACK, works.entry, 11, 0);
	rig_fill(&rig, works.partial, QTY(20), USD(101));        /* while we were away */
	rig_reply(&rig, EVENT_ACK, works.partial, 12, 0);
	CHECK(now() == RECOVERY_ASKING && rig_count(&rig, EVENT_ORDER_CANCEL) == 0);
	rig_reply(&rig, EVENT_ACK, works.exit, 13, 0);
	CHECK(recovery_said() == RECOVERY_CANCELLING && rig_count(&rig, EVENT_ORDER_CANCEL) == 2 && state_of(works.exit) == ORDER_LIVE);
	rig_reply(&rig, EVENT_CANCELLED, works.entry, 11, 0);
	rig_reply(&rig, EVENT_CANCELLED, works.partial, 12, 0);
	CHECK(recovery_said() == RECOVERY_RECONCILING && against_the_book() == CAUSE_RECOVERY);
	const struct recovery_note *note = &rig_said(&rig, EVENT_RECOVERY, SYM_NONE)->recovery;
	CHECK(note->life == 3 && note->asked == 3 && note->found == 3 && note->filled == 1 && note->cancelled == 2);
	rig_snapshot(&rig, 0, 0);
	CHECK(recovery_said() == RECOVERY_TRADING && rig_said(&rig, EVENT_RECONCILED, SYM_NONE)->reconciled.state == RECONCILE_CLEAN);
	CHECK(rig.desk.account.position[QQQ].qty_e8 == QTY(30) && against_the_book() == CAUSES_N);
	CHECK_EQ(rig.said[EVENT_ORDER_NEW], 3);
	rig_check(&rig);
}

TEST(t_X11_entries_stay_where_the_setting_says_so)
{
	begin_with_three_orders();
	rig.desk.settings.value[SETTING_recovery_cancel_entries] = 0;
	rig_reconnect(&rig);
	rig_reply(&rig, EVENT_ACK, works.entry, 11, 0);
	rig_reply(&rig, EVENT_ACK, works.partial, 12, 0);
	rig_reply(&rig, EVENT_ACK, works.exit, 13, 0);
	CHECK(now() == RECOVERY_RECONCILING && rig.said[EVENT_ORDER_CANCEL] == 0 && state_of(works.entry) == ORDER_LIVE);
}

TEST(t_X11_an_order_that_never_answers_is_told_and_goes_on_when_it_does)
{
	int32_t tries = CFG_recovery_tries_max;
	begin_with_three_orders();
	rig_reconnect(&rig);
	rig_reply(&rig, EVENT_ACK, works.partial, 12, 0);
	rig_reply(&rig, EVENT_ACK, works.exit, 13, 0);
	for (int i = 1; i < tries; i++) {
		rig_timer(&rig, works.entry);
		CHECK_EQ(rig_count(&rig, EVENT_ORDER_QUERY), 1);        /* asked again each time */
		rig_care_timer(&rig);
		CHECK(now() == RECOVERY_ASKING && rig_said(&rig, EVENT_RECOVERY, SYM_NONE)->recovery.event == RECOVERY_EV_LATE);
	}
	rig_care_timer(&rig);
	CHECK(recovery_said() == RECOVERY_STUCK && rig_said(&rig, EVENT_RECOVERY, SYM_NONE)->recovery.event == RECOVERY_EV_GIVEN_UP);
	CHECK_EQ(rig_count(&rig, EVENT_TIMER), 0);
	CHECK_EQ(against_the_book(), CAUSE_RECOVERY);
	rig_alarm(&rig, QQQ, ALARM_STOP_EXIT);        /* exits are never blocked */
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, QQQ)->request.reduce_only == 1);
	rig_fill_all(&rig);
	CHECK_EQ(state_of(works.entry), ORDER_DONE);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(now(), RECOVERY_TRADING);
}

TEST(t_X11_a_cancel_that_is_refused_is_sent_again_with_the_timer_only)
{
	begin_with_three_orders();
	rig_reconnect(&rig);
	rig_reply(&rig, EVENT_ACK, works.exit, 13, 0);
	rig_reply(&rig, EVENT_ACK, works.partial, 12, 0);
	rig_reply(&rig, EVENT_ACK, works.entry, 11, 0);
	uint64_t cancels = rig.said[EVENT_ORDER_CANCEL];
	rig_reply(&rig, EVENT_CANCELLED, works.partial, 12, 0);
	for (int i = 1; i < CFG_recovery_tries_max; i++) {
		rig_reply(&rig, EVENT_CANCEL_REJECTED, works.entry, 11, 0);
		rig_reply(&rig, EVENT_ACK, works.entry, 11, 0);
		CHECK(state_of(works.entry) == ORDER_LIVE && now() == RECOVERY_CANCELLING);
		CHECK_EQ(rig.said[EVENT_ORDER_CANCEL], cancels + (uint64_t)i - 1);
		rig_care_timer(&rig);
		CHECK_EQ(rig_count(&rig, EVENT_ORDER_CANCEL), 1);
	}
	rig_care_timer(&rig);
	CHECK_EQ(now(), RECOVERY_STUCK);
}

TEST(t_X11_a_desk_without_orders_waits_for_the_books_only)
{
	begin();
	rig_venue(&rig, VENUE_UP, 1);        /* without a word before: it was away all the same */
	CHECK(now() == RECOVERY_RECONCILING && rig_count(&rig, EVENT_RECOVERY) == 4);
	for (int i = 0; i < CFG_recovery_tries_max; i++) rig_care_timer(&rig);
	CHECK(now() == RECOVERY_RECONCILING && rig_said(&rig, EVENT_RECOVERY, SYM_NONE)->recovery.event == RECOVERY_EV_GIVEN_UP);
	CHECK_EQ(rig_count(&rig, EVENT_TIMER), 0);        /* said once */
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(now(), RECOVERY_TRADING);
	rig_venue(&rig, VENUE_UP, 1);
	CHECK(now() == RECOVERY_TRADING && rig.desk.repeats == 1);
	rig_venue(&rig, VENUE_UP, 2);        /* another life: the one before is over */
	CHECK_EQ(now(), RECOVERY_RECONCILING);
	rig_venue(&rig, VENUE_REFUSED, 2);
	CHECK_EQ(refused_gld(), TICKET_VENUE);
}

TEST(t_X10_a_snapshot_begun_before_the_orders_stood_still_does_not_count)
{
	begin_with_three_orders();
	rig_reply(&rig, EVENT_CANCELLED, works.partial, 12, 0);
	rig_reply(&rig, EVENT_CANCELLED, works.entry, 11, 0);
	rig_reconnect(&rig);
	rig_holding(&rig, 77, GLD, rig.desk.account.position[GLD].qty_e8);
	rig_reply(&rig, EVENT_ACK, works.exit, 13, 0);
	CHECK_EQ(now(), RECOVERY_RECONCILING);
	rig_holding(&rig, 77, QQQ, QTY(10));
	rig_balance(&rig, 77, rig.desk.account.cash_usd_e8, 2);
	CHECK(now() == RECOVERY_RECONCILING && rig.desk.reconcile.broken == 1);
}

/* --- a crash after each input ---------------------------------------------------------------------------------------------- */

/* A venue that is honest and knows three orders; answers come in the order of the questions. */
enum { VENUE_QUEUE = 256 };
struct small_venue { uint64_t id[4]; int64_t left_e8[4]; bool works[4]; struct event queue[VENUE_QUEUE]; uint32_t count, taken; };
static struct small_venue venue;

static void venue_hears(void)
{
	for (uint32_t i = 0; i < rig.out.count; i++) {
		const struct event *said = &rig.out.event[i];
		if (said->kind != EVENT_ORDER_QUERY && said->kind != EVENT_ORDER_CANCEL) continue;
		if (venue.count < VENUE_QUEUE) venue.queue[venue.count++] = *said;
	}
}

static bool venue_says(void)
{
	if (venue.taken == venue.count) return false;
	struct event asked = venue.queue[venue.taken++];
	size_t       i = 0;
	while (i < 3 && venue.id[i] != asked.ref.order_id) i++;
	if (asked.kind == EVENT_ORDER_CANCEL && venue.works[i]) {
		venue.works[i] = false;
		rig_reply(&rig, EVENT_CANCELLED, venue.id[i], 11 + i, 0);
	} else if (asked.kind == EVENT_ORDER_CANCEL)
		rig_reply(&rig, EVENT_CANCEL_REJECTED, venue.id[i], 11 + i, 0);
	else
		rig_reply(&rig, venue.works[i] ? EVENT_ACK : EVENT_CANCELLED, venue.id[i], 11 + i, 0);
	venue_hears();
	return true;
}

/* What was on its way when the session broke: the venue has it, or it is lost. */
static void session_breaks(bool lost, uint64_t life)
{
	if (lost) venue.count = venue.taken;
	for (uint32_t at = venue.taken; at < venue.count; at++) {
		struct event *asked = &venue.queue[at];
		for (size_t i = 0; i < 3; i++)
			if (asked->kind == EVENT_ORDER_CANCEL && venue.id[i] == asked->ref.order_id) venue.works[i] = false;        /* its answer is not */
	}
	venue.count = venue.taken = 0;
	rig_venue(&rig, VENUE_DOWN, life);
	rig_venue(&rig, VENUE_UP, life);
	venue_hears();
}

static uint32_t come_back(uint32_t crash_at, bool lost)
{
	uint32_t inputs = 0;
	begin_with_three_orders();
	venue = (struct small_venue){ .id = { works.entry, works.partial, works.exit }, .works = { true, true, true } };
	session_breaks(true, 2);
	while (inputs < 100 && now() != RECOVERY_TRADING) {
		if (++inputs == crash_at) {
			static struct desk back;
			back = rig.desk;        /* as the journal gives it back */
			memset(&rig.desk, 0x5a, sizeof rig.desk);
			rig.desk = back;
			session_breaks(lost, 1);        /* a driver that was born again counts from 1 */
		} else if (!venue_says())
			rig_snapshot(&rig, 0, 0);
		rig_check(&rig);
	}
	return inputs;
}

TEST(t_X11_a_crash_after_any_input_of_the_way_back_comes_back)
{
	uint32_t inputs = come_back(0, true);
	CHECK(inputs > 5);
	for (uint32_t crash_at = 1; crash_at <= inputs; crash_at++)
		for (int lost = 0; lost < 2; lost++) {
			CHECK(come_back(crash_at, lost) < 100);
			CHECK_EQ(rig.said[EVENT_ORDER_NEW], 3);        /* nothing is sent twice */
			CHECK(state_of(works.entry) == ORDER_DONE && state_of(works.partial) == ORDER_DONE && state_of(works.exit) == ORDER_LIVE);
			CHECK(rig.desk.account.position[QQQ].qty_e8 == QTY(10) && rig.desk.account.position[GLD].qty_e8 == QTY(100));
			CHECK(!venue.works[0] && !venue.works[1] && venue.works[2]);
		}
}

TEST(t_X11_a_fill_that_comes_after_the_way_back_is_booked)
{
	CHECK(come_back(0, true) < 100);
	rig_fill(&rig, works.entry, QTY(3), USD(100));        /* it crossed our cancel */
	CHECK(rig_said(&rig, EVENT_FILL, SPY)->fill.is_late && rig.desk.account.position[SPY].qty_e8 == QTY(3));
	rig_check(&rig);
}

/* --- many orders ----------------------------------------------------------------------------------------------------------- */

static void begin_with_many_buys(void)
{
	begin_up();
	for (uint64_t id = 1; id <= 2000; id++) {
		struct order *order = order_table_take(&rig.desk.orders, id, false);
		order->state = ORDER_LIVE;
		order->sym = (uint16_t)(id % 3);
		order->qty_e8 = E8;
		order->side = SIDE_BUY;
	}
}

static uint32_t finish_pages(uint16_t kind)
{
	uint32_t pages = 1, count = rig_count(&rig, (enum event_kind)kind);
	for (; rig.desk.recovery.duty != RECOVERY_DUTY_NONE && pages < 100; pages++) {
		rig_care_timer(&rig);
		count += rig_count(&rig, (enum event_kind)kind);
	}
	CHECK(pages > 2 && pages < 100);
	return count;
}

TEST(t_X12_two_thousand_buys_are_cancelled_in_pages_by_a_halt)
{
	begin_with_many_buys();
	rig_operator(&rig, OPERATOR_HALT);
	CHECK_EQ(finish_pages(EVENT_ORDER_CANCEL), 2000);
	CHECK_EQ(order_table_in_flight(&rig.desk.orders), 2000);
	CHECK_EQ(now(), RECOVERY_TRADING);
}

TEST(t_X12_two_thousand_entries_are_cancelled_in_pages_by_the_way_back)
{
	begin_with_many_buys();
	rig_reconnect(&rig);
	CHECK_EQ(finish_pages(EVENT_ORDER_QUERY), 2000);
	for (uint64_t id = 1; id < 2000; id++) rig_reply(&rig, EVENT_ACK, id, 10000 + id, 0);
	rig_reply(&rig, EVENT_ACK, 2000, 12000, 0);
	CHECK_EQ(now(), RECOVERY_CANCELLING);
	CHECK_EQ(finish_pages(EVENT_ORDER_CANCEL), 2000);
	CHECK_EQ(rig.desk.recovery.cancelled, 2000);
}

/* --- the operator ----------------------------------------------------------------------------------------------------------- */

static void flatten_gld(void)
{
	struct event in = event_make(EVENT_OPERATOR, GLD, 0);
	in.instruction.command = OPERATOR_FLATTEN;
	rig_step(&rig, in);
}

TEST(t_R9_flatten_of_one_symbol_closes_it_and_holds_it_until_resume)
{
	begin_up();
	rig_hold(&rig, GLD, QTY(50), USD(100));
	rig_hold(&rig, SPY, QTY(50), USD(100));
	flatten_gld();
	const struct event *request = rig_said(&rig, EVENT_ORDER_NEW, SYM_NONE);
	CHECK(request && request->sym == GLD && request->request.reduce_only && request->request.qty_e8 == QTY(50));
	CHECK(rig_count(&rig, EVENT_ORDER_NEW) == 1 && !rig.desk.halted && refused_gld() == TICKET_FLATTENED);
	rig_reply(&rig, EVENT_NEW_REJECTED, request->request.order_id, 0, 0);        /* the market is closed */
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 0);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 1);        /* owed until it is done */
	rig_fill(&rig, sent(GLD), QTY(50), USD(100));
	rig_snapshot(&rig, 0, 0);
	CHECK(!rig.desk.owed[GLD].all && refused_gld() == TICKET_FLATTENED && rig.said[EVENT_ORDER_NEW] == 2);
	rig_operator(&rig, OPERATOR_RESUME);
	CHECK(refused_gld() == TICKET_NONE && rig.desk.account.position[SPY].qty_e8 == QTY(50));
}

TEST(t_R9_what_is_flattened_while_the_venue_is_away_is_closed_when_it_is_back)
{
	begin_with_three_orders();
	rig_venue(&rig, VENUE_DOWN, 2);
	rig_operator(&rig, OPERATOR_FLATTEN);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 0);
	rig_venue(&rig, VENUE_UP, 3);
	CHECK(rig.desk.halted && rig.said[EVENT_ORDER_NEW] == 3);
	rig_reply(&rig, EVENT_ACK, works.entry, 11, 0);
	rig_fill(&rig, works.partial, QTY(5), USD(100));        /* grew while we were away */
	rig_reply(&rig, EVENT_CANCELLED, works.partial, 12, 0);
	rig_reply(&rig, EVENT_CANCELLED, works.exit, 13, 0);
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.qty_e8 == QTY(100) && rig_said(&rig, EVENT_ORDER_NEW, QQQ)->request.qty_e8 == QTY(15));
	CHECK(rig_said(&rig, EVENT_ORDER_CANCEL, SPY) && rig_said(&rig, EVENT_ORDER_NEW, QQQ)->request.reason == ORDER_REASON_OPERATOR);
	rig_fill_all(&rig);
	CHECK(rig.desk.account.position[GLD].qty_e8 == 0 && rig.desk.account.position[QQQ].qty_e8 == 0);
}

TEST(t_R9_a_halt_while_the_venue_is_away_cancels_when_it_is_back_and_a_pause_does_not)
{
	static const uint8_t command[] = { OPERATOR_HALT, OPERATOR_PAUSE };
	for (size_t i = 0; i < 2; i++) {
		begin_with_three_orders();
		rig.desk.settings.value[SETTING_recovery_cancel_entries] = 0;
		rig_venue(&rig, VENUE_DOWN, 2);
		rig_operator(&rig, command[i]);
		rig_venue(&rig, VENUE_UP, 3);
		rig_reply(&rig, EVENT_ACK, works.entry, 11, 0);
		rig_reply(&rig, EVENT_ACK, works.partial, 12, 0);
		rig_reply(&rig, EVENT_ACK, works.exit, 13, 0);
		CHECK_EQ(rig_count(&rig, EVENT_ORDER_CANCEL), i == 0 ? 2 : 0);
		CHECK(state_of(works.exit) == ORDER_LIVE && against_the_book() == (i == 0 ? CAUSE_HALTED : CAUSE_PAUSED));
	}
}

TEST(t_R2_a_stop_that_runs_while_the_venue_is_away_sells_when_it_is_back)
{
	begin_up();
	rig_hold(&rig, GLD, QTY(50), USD(100));
	rig_venue(&rig, VENUE_DOWN, 2);
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	CHECK(rig_count(&rig, EVENT_ORDER_NEW) == 0 && rig.desk.owed[GLD].qty_e8 == QTY(25));
	rig_venue(&rig, VENUE_UP, 3);
	const struct event *request = rig_said(&rig, EVENT_ORDER_NEW, GLD);
	CHECK(request && request->request.qty_e8 == QTY(25) && request->request.reason == ORDER_REASON_STOP_HALF && request->request.reduce_only);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 0);        /* once */
}

/* Entries may stay by the setting, but not of a symbol that is being left: what it buys would be sold again. */
TEST(t_R2_X11_an_exit_that_is_owed_takes_back_the_entry_of_its_symbol_alone)
{
	begin_with_three_orders();
	rig.desk.settings.value[SETTING_recovery_cancel_entries] = 0;
	rig_venue(&rig, VENUE_DOWN, 2);
	rig_alarm(&rig, QQQ, ALARM_STOP_EXIT);
	CHECK(rig.desk.owed[QQQ].all && !rig.desk.owed[QQQ].held && !rig.desk.owed[SPY].all);
	rig_venue(&rig, VENUE_UP, 3);
	rig_reply(&rig, EVENT_ACK, works.entry, 1, 0);
	rig_reply(&rig, EVENT_ACK, works.exit, 3, 0);
	rig_reply(&rig, EVENT_ACK, works.partial, 2, 0);
	CHECK(state_of(works.entry) == ORDER_LIVE && state_of(works.exit) == ORDER_LIVE && state_of(works.partial) == ORDER_CANCELLING);
	const struct event *request = rig_said(&rig, EVENT_ORDER_NEW, QQQ);
	CHECK(request && request->request.side == SIDE_SELL && request->request.reduce_only);
	CHECK(request && request->request.qty_e8 == rig.desk.account.position[QQQ].qty_e8);
}

/* --- without a venue -------------------------------------------------------------------------------------------------------- */

TEST(t_X11_a_recorded_market_never_hears_of_it)
{
	uint64_t id = (rig_init(&rig), rig_sent_buy(&rig));
	rig_fill(&rig, id, rig_order(&rig, id)->qty_e8, USD(100));
	rig_dividend(&rig, GLD, E8);
	CHECK(rig.desk.account.dividends_usd_e8 > 0 && rig.said[EVENT_RECOVERY] == 0 && rig.said[EVENT_RECONCILED] == 0);
	rig_venue(&rig, VENUE_DOWN, 1);
	int64_t paid = rig.desk.account.dividends_usd_e8;
	rig_dividend(&rig, GLD, E8);        /* a venue pays by CASH */
	CHECK_EQ(rig.desk.account.dividends_usd_e8, paid);
}

/* --- a journal that has lost its end -------------------------------------------------------------------------------- */

/* VENUE UP, from a driver to which the venue has shown our orders up to this one. */
static void come_up(uint64_t life, uint64_t last_order_id)
{
	struct event in = event_make(EVENT_VENUE, SYM_NONE, 0);
	in.venue = (struct venue_note){ .life = life, .last_order_id = last_order_id, .state = VENUE_UP };
	rig_step(&rig, in);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(now(), RECOVERY_TRADING);
}

static uint64_t buy_spy(void)
{
	rig_wish(&rig, SPY, 800);
	rig_decide(&rig, CALENDAR_NYSE);
	return sent(SPY);
}

/* The inputs are numbered again, the orders are not: the venue has an order of a number that this desk has yet to reach. */
TEST(t_X2_an_id_that_the_venue_has_is_not_given_a_second_time)
{
	begin();
	uint64_t input = rig.desk.inputs, lost_id = order_id_make(0, input + 50, 0);
	come_up(1, lost_id);
	CHECK_EQ(rig.desk.losses, 1);
	uint64_t id = buy_spy();
	CHECK(id > lost_id && order_id_losses(id) == 1 && order_id_input(id) == rig.desk.inputs);
	char text[ORDER_ID_TEXT_BYTES];
	uint64_t journal_id, back;
	order_id_text(rig.desk.journal_id, id, text);
	CHECK(order_id_parse(text, ORDER_ID_TEXT_BYTES - 1, &journal_id, &back) && back == id);
	CHECK(order_id_losses(ORDER_ID_LOSSES_MAX) == 0 && order_id_make(ORDER_ID_LOSSES_MAX, 1, 1) < UINT64_C(1) << 50);
}

TEST(t_X2_orders_that_the_journal_has_are_no_loss)
{
	begin();
	come_up(1, 0);
	uint64_t id = buy_spy();
	rig_reply(&rig, EVENT_ACK, id, 11, 0);
	rig_fill(&rig, id, rig_order(&rig, id)->qty_e8, USD(100));
	come_up(2, id);
	CHECK_EQ(rig.desk.losses, 0);
	come_up(3, order_id_make(7, 1, 0));        /* of an earlier loss, adopted from records that do not tell it */
	CHECK_EQ(rig.desk.losses, 8);
}

/* After so many losses an id has no room for another: what it has stays, and it still fits into its text. */
TEST(t_X2_the_last_loss_that_an_id_can_tell_is_not_passed)
{
	begin();
	come_up(1, order_id_make(ORDER_ID_LOSSES_MAX - 1, 1, 0));
	CHECK_EQ(rig.desk.losses, ORDER_ID_LOSSES_MAX);
	come_up(2, order_id_make(ORDER_ID_LOSSES_MAX, rig.desk.inputs + 50, 0));
	CHECK_EQ(rig.desk.losses, ORDER_ID_LOSSES_MAX);
	CHECK(buy_spy() < UINT64_C(1) << 50);
}

/* A fill may be heard of late. The books are whole up to where they agreed, or up to the oldest order that worked then. */
TEST(t_X11_books_are_whole_up_to_where_they_agreed)
{
	begin_up();
	int64_t agreed_ns = rig.desk.reconcile.whole_ns;
	CHECK_EQ(agreed_ns, rig.desk.t_ns);
	uint64_t id = buy_spy();
	int64_t  sent_ns = rig_order(&rig, id)->sent_ns;
	rig_reply(&rig, EVENT_ACK, id, 11, 0);
	rig.t_ns += NS_PER_DAY;
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(rig.desk.reconcile.whole_ns, sent_ns);
	rig_fill(&rig, id, rig_order(&rig, id)->qty_e8, USD(100));
	rig.t_ns += NS_PER_DAY;
	rig_snapshot(&rig, QTY(3), 0);        /* differs */
	CHECK_EQ(rig.desk.reconcile.whole_ns, sent_ns);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(rig.desk.reconcile.whole_ns, rig.desk.t_ns);
}

/* Sold, and the buy before it not heard of again yet: on the way back this looks like a short. */
TEST(t_X11_a_short_is_not_bought_back_while_questions_are_open)
{
	begin_up();
	uint64_t id = buy_spy();
	rig_reply(&rig, EVENT_ACK, id, 11, 0);
	rig_venue(&rig, VENUE_DOWN, 2);
	rig_venue(&rig, VENUE_UP, 3);
	CHECK_EQ(now(), RECOVERY_ASKING);
	rig.desk.account.position[QQQ].qty_e8 = -QTY(1);
	uint64_t before = rig.desk.orders_sent;
	rig_decide(&rig, CALENDAR_NYSE);
	CHECK_EQ(rig.desk.orders_sent, before);
	rig.desk.recovery.state = RECOVERY_TRADING;
	rig_decide(&rig, CALENDAR_NYSE);
	const struct event *request = rig_said(&rig, EVENT_ORDER_NEW, QQQ);
	CHECK(request && request->request.side == SIDE_BUY && request->request.reduce_only);
}
