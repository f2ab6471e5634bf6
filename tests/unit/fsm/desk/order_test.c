/* order_test.c - stories of one order at a venue, through the whole desk (X2, X12). GLD at 100 USD, a target of 10 %: 100 shares. */
#include "fsm/desk/order.h"

#include <string.h>

#include "tests/kit/desk_rig.h"
#include "tests/kit/random.h"
#include "tests/kit/test.h"

static struct desk_rig rig;
enum { VENUE_ID = 555 };

static uint64_t begin(void)
{
	rig_init(&rig);
	return rig_sent_buy(&rig);
}

static uint8_t state_of(uint64_t order_id) { return rig_order(&rig, order_id)->state; }
static int64_t held(void) { return rig.desk.account.position[GLD].qty_e8; }
static int64_t reserved(void) { return order_table_reserved_usd_e8(&rig.desk.orders); }

TEST(t_X2_an_order_is_sent_acknowledged_filled_in_parts_and_done)
{
	uint64_t      id = begin();
	struct order *order = rig_order(&rig, id);
	CHECK(order->state == ORDER_SENDING && order->qty_e8 == QTY(100) && rig_said(&rig, EVENT_TIMER, GLD));
	CHECK_EQ(rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.journal_id, RIG_JOURNAL);
	int64_t whole = reserved();
	CHECK(whole >= USD(10000));
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	CHECK(order->state == ORDER_LIVE && order->venue_id == VENUE_ID);
	rig_fill(&rig, id, QTY(40), USD(100));
	CHECK(order->state == ORDER_LIVE && held() == QTY(40) && order_open_qty_e8(order) == QTY(60));
	CHECK(reserved() >= USD(6000) && reserved() < whole);
	rig_fill(&rig, id, QTY(60), USD(101));
	CHECK(order->state == ORDER_DONE && held() == QTY(100) && order_open_qty_e8(order) == 0);
	CHECK_EQ(order->filled_qty_e8, order->qty_e8);
	CHECK_EQ(order->paid_usd_e8, USD(10060));
	CHECK_EQ(reserved(), 0);
	CHECK_EQ(rig.desk.account.cash_usd_e8, USD(100000 - 10060));
	rig_check(&rig);
}

TEST(t_X12_done_means_that_exactly_nothing_remains)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	rig_fill(&rig, id, QTY(100) - 1, USD(100));
	CHECK_EQ(state_of(id), ORDER_LIVE);
	CHECK_EQ(order_open_qty_e8(rig_order(&rig, id)), 1);
	rig_fill(&rig, id, 1, USD(100));
	CHECK_EQ(state_of(id), ORDER_DONE);
	CHECK_EQ(rig_order(&rig, id)->overfills, 0);
}

TEST(t_X2_a_fill_may_come_before_the_acknowledgement)
{
	uint64_t id = begin();
	rig_fill(&rig, id, QTY(30), USD(100));
	CHECK(state_of(id) == ORDER_SENDING && held() == QTY(30));
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	CHECK_EQ(state_of(id), ORDER_LIVE);
	rig_fill(&rig, id, QTY(70), USD(100));
	CHECK_EQ(state_of(id), ORDER_DONE);
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);        /* late: changes nothing */
	CHECK(state_of(id) == ORDER_DONE && held() == QTY(100));
}

TEST(t_X2_a_fill_told_twice_is_booked_once)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	rig_fill_as(&rig, id, GLD, SIDE_BUY, QTY(40), USD(100), 9001);
	int64_t cash = rig.desk.account.cash_usd_e8;
	rig_fill_as(&rig, id, GLD, SIDE_BUY, QTY(40), USD(100), 9001);
	CHECK(held() == QTY(40) && rig.desk.account.cash_usd_e8 == cash && rig.desk.repeats == 1);
	CHECK_EQ(rig.out.count, 0);
	CHECK_EQ(rig_order(&rig, id)->filled_qty_e8, QTY(40));
	rig_fill_as(&rig, id, GLD, SIDE_BUY, QTY(40), USD(100), 9002);        /* another execution of the same size is another */
	CHECK_EQ(held(), QTY(80));
}

TEST(t_X2_a_late_fill_of_a_done_order_is_booked_and_told_as_late)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	rig_reply(&rig, EVENT_CANCELLED, id, VENUE_ID, 0);
	CHECK(state_of(id) == ORDER_DONE && reserved() == 0);
	rig_fill(&rig, id, QTY(10), USD(100));
	CHECK(state_of(id) == ORDER_DONE && held() == QTY(10));
	CHECK(rig_said(&rig, EVENT_FILL, GLD)->fill.is_late);
	CHECK_EQ(rig_order(&rig, id)->filled_qty_e8, QTY(10));
	rig_check(&rig);
}

TEST(t_X2_a_fill_of_an_order_nobody_knows_is_booked_and_counted)
{
	rig_init(&rig);
	rig_fill_as(&rig, 12345, GLD, SIDE_BUY, QTY(5), USD(100), 1);
	CHECK(held() == QTY(5) && rig.desk.orphans == 1 && rig_said(&rig, EVENT_FILL, GLD)->fill.is_late);
	rig_check(&rig);
}

TEST(t_X2_a_fill_that_cannot_be_booked_is_counted_and_changes_nothing)
{
	uint64_t              id = begin();
	const struct account  before = rig.desk.account;
	static const struct { uint16_t sym; int64_t qty, px; uint64_t execution; } bad[] = {
		{ GLD, 0, E8, 1 }, { GLD, -E8, E8, 2 }, { GLD, E8, 0, 3 }, { GLD, E8, -1, 4 }, { GLD, E8, E8, 0 },
		{ GLD, INT64_MAX, E8, 6 }, { GLD, E8, INT64_MAX, 7 }, { GLD, INT64_MAX, 1, 8 }, { GLD, 1, INT64_MAX, 9 } };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		rig_fill_as(&rig, id, bad[i].sym, SIDE_BUY, bad[i].qty, bad[i].px, bad[i].execution);
		CHECK_EQ(rig.desk.orphans, i + 1);
	}
	CHECK(memcmp(&before, &rig.desk.account, sizeof before) == 0 && rig_order(&rig, id)->filled_qty_e8 == 0);
}

TEST(t_X2_a_fill_that_contradicts_its_order_is_booked_as_the_orders)
{
	uint64_t id = begin();
	rig_fill_as(&rig, id, SYM_NONE, SIDE_SELL, E8, 100 * E8, 77);
	CHECK_EQ(rig.desk.orphans, 1);
	CHECK_EQ(rig.desk.account.position[GLD].qty_e8, E8);
	CHECK_EQ(rig_order(&rig, id)->filled_qty_e8, E8);
	rig_fill_as(&rig, 0x7777, SYM_NONE, SIDE_BUY, E8, 100 * E8, 78);        /* no order, no symbol: nothing to book */
	CHECK_EQ(rig.desk.orphans, 2);
	CHECK_EQ(rig.desk.account.position[GLD].qty_e8, E8);
}

TEST(t_X2_a_reject_of_the_new_order_ends_it_and_frees_its_cash)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_NEW_REJECTED, id, 0, 0);
	CHECK(state_of(id) == ORDER_DONE && reserved() == 0);
	CHECK_EQ(rig.said[EVENT_ORDER_NEW], 1);
}

TEST(t_X2_a_reject_after_the_acknowledgement_contradicts_itself_so_we_ask)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	rig_reply(&rig, EVENT_NEW_REJECTED, id, VENUE_ID, 0);
	CHECK(state_of(id) == ORDER_UNKNOWN && rig_said(&rig, EVENT_ORDER_QUERY, GLD) && reserved() >= USD(10000));
}

TEST(t_X2_a_reject_of_the_cancel_says_nothing_of_the_order_so_we_ask)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	rig_operator(&rig, OPERATOR_HALT);
	CHECK(state_of(id) == ORDER_CANCELLING && rig_said(&rig, EVENT_ORDER_CANCEL, GLD));
	rig_reply(&rig, EVENT_CANCEL_REJECTED, id, VENUE_ID, 0);
	CHECK(state_of(id) == ORDER_UNKNOWN && rig_said(&rig, EVENT_ORDER_QUERY, GLD) && reserved() >= USD(10000));
	rig_fill(&rig, id, QTY(100), USD(100));        /* it was filled: that was why */
	CHECK(state_of(id) == ORDER_DONE && held() == QTY(100) && reserved() == 0);
}

static void order_replace(struct order *order, int64_t qty_e8)
{
	struct event in = event_make(EVENT_ORDER_REPLACE, GLD, ++rig.t_ns);
	in.ref.qty_e8 = qty_e8;
	outbox_begin(&rig.out, 1, rig.desk.inputs, in.t_ns);
	desk_order_event(&rig.worker, order, ORDER_EV_REPLACE, &in, &rig.out);
	rig.desk.account_dirty = 0;
}

TEST(t_X2_a_reject_of_the_replace_keeps_the_order_as_it_was)
{
	uint64_t      id = begin();
	struct order *order = rig_order(&rig, id);
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	order_replace(order, QTY(50));
	CHECK(order->state == ORDER_REPLACING && rig_said(&rig, EVENT_ORDER_REPLACE, GLD)->ref.qty_e8 == QTY(50));
	rig_reply(&rig, EVENT_REPLACE_REJECTED, id, VENUE_ID, 0);
	CHECK(order->state == ORDER_LIVE && order->qty_e8 == QTY(100) && order->next_qty_e8 == 0);
	order_replace(order, QTY(60));
	rig_reply(&rig, EVENT_REPLACED, id, VENUE_ID + 1, 0);
	CHECK(order->state == ORDER_LIVE && order->qty_e8 == QTY(60) && order->venue_id == VENUE_ID + 1);
}

TEST(t_X12_a_new_name_at_the_venue_replaces_the_old_one)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	rig_reply(&rig, EVENT_REPLACED, id, VENUE_ID + 1, 0);
	CHECK(order_table_find_venue(&rig.desk.orders, VENUE_ID + 1) == rig_order(&rig, id));
	CHECK(order_table_find_venue(&rig.desk.orders, VENUE_ID) == 0);
	rig_reply(&rig, EVENT_NEW_REJECTED, id, 0, 0);
	rig_reply(&rig, EVENT_ACK, id, 0, 0);        /* an answer to the question, without a name */
	CHECK(order_table_find_venue(&rig.desk.orders, VENUE_ID + 1) == rig_order(&rig, id));
	rig_reply(&rig, EVENT_CANCELLED, 0, VENUE_ID + 1, 0);        /* found by the venue's name alone */
	CHECK_EQ(state_of(id), ORDER_DONE);
	rig_day_end(&rig);
	CHECK(rig_order(&rig, id) == 0);
	for (uint32_t i = 0; i < ORDER_CELLS_N; i++) CHECK(rig.desk.orders.by_venue_id[i].id == 0 && rig.desk.orders.by_order_id[i].id == 0);
}

TEST(t_X12_two_orders_that_the_venue_named_alike_do_not_forget_each_other)
{
	static struct order_table table;
	order_table_init(&table);
	struct order *first = order_table_take(&table, 1, false), *second = order_table_take(&table, 2, false);
	first->state = second->state = ORDER_LIVE;
	first->venue_id = second->venue_id = 7;
	order_table_name_venue(&table, first, 0);
	order_table_name_venue(&table, second, 0);
	*first = (struct order){ 0 };
	order_table_give(&table, first, 1, 7);
	CHECK(order_table_find_venue(&table, 7) == second);
}

TEST(t_X2_silence_makes_an_order_unknown_and_keeps_its_cash_reserved)
{
	uint64_t id = begin();
	int64_t  whole = reserved();
	rig_timer(&rig, id);
	CHECK(state_of(id) == ORDER_UNKNOWN && rig_said(&rig, EVENT_ORDER_QUERY, GLD) && reserved() == whole);
	for (int i = 0; i < 20; i++) rig_timer(&rig, id);
	CHECK(state_of(id) == ORDER_UNKNOWN && reserved() == whole && rig_order(&rig, id)->queries == 21);
	CHECK_EQ(rig.said[EVENT_ORDER_NEW], 1);
	rig_decide(&rig, CALENDAR_NYSE);        /* while unknown the wish is not sent a second time */
	CHECK_EQ(rig.said[EVENT_ORDER_NEW], 1);
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	CHECK(state_of(id) == ORDER_LIVE && rig_order(&rig, id)->queries == 0 && reserved() == whole);
}

TEST(t_X2_only_the_newest_timer_of_an_order_counts)
{
	uint64_t     id = begin();
	struct event first = event_make(EVENT_TIMER, SYM_NONE, 0);
	first.timer = rig_said(&rig, EVENT_TIMER, GLD)->timer;
	rig_operator(&rig, OPERATOR_HALT);        /* a cancel in flight: a timer of its own */
	CHECK(rig_said(&rig, EVENT_TIMER, GLD)->timer.due_ns > first.timer.due_ns);
	rig_step(&rig, first);
	CHECK(state_of(id) == ORDER_CANCELLING && rig.out.count == 0);
	rig_timer(&rig, id);
	CHECK(state_of(id) == ORDER_UNKNOWN && rig_count(&rig, EVENT_ORDER_QUERY) == 1 && rig_count(&rig, EVENT_TIMER) == 1);
	for (int i = 0; i < 3; i++) rig_fill(&rig, id, QTY(1), USD(100));        /* each arms one */
	uint64_t asked = rig.said[EVENT_ORDER_QUERY];
	rig_step(&rig, first);
	rig_timer(&rig, id);
	CHECK_EQ(rig.said[EVENT_ORDER_QUERY], asked + 1);        /* one question a period, however many timers */
}

TEST(t_X2_not_found_ends_an_unknown_order_only_when_it_is_conclusive)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_NOT_FOUND, id, 0, 1);        /* our request may still be on its way */
	CHECK_EQ(state_of(id), ORDER_SENDING);
	rig_timer(&rig, id);
	rig_reply(&rig, EVENT_NOT_FOUND, id, 0, 0);
	CHECK(state_of(id) == ORDER_UNKNOWN && reserved() >= USD(10000) && rig_said(&rig, EVENT_ORDER_QUERY, GLD));
	rig_reply(&rig, EVENT_NOT_FOUND, id, 0, 1);
	CHECK(state_of(id) == ORDER_DONE && reserved() == 0);
	CHECK_EQ(rig.said[EVENT_ORDER_NEW], 1);
}

TEST(t_X2_a_live_order_the_venue_does_not_find_is_asked_for_first)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	rig_reply(&rig, EVENT_NOT_FOUND, id, VENUE_ID, 1);
	CHECK(state_of(id) == ORDER_UNKNOWN && reserved() >= USD(10000));
	rig_reply(&rig, EVENT_NOT_FOUND, id, VENUE_ID, 1);
	CHECK(state_of(id) == ORDER_DONE && reserved() == 0);
}

TEST(t_X12_two_thousand_live_orders_are_all_asked_for_after_a_restart)
{
	static bool asked[2001];
	uint32_t    pages = 0, questions = 0;
	rig_init(&rig);
	for (uint64_t id = 1; id <= 2000; id++) {
		struct order *order = order_table_take(&rig.desk.orders, id, false);
		order->state = id % 2 ? ORDER_LIVE : ORDER_SENDING;
		order->qty_e8 = E8;
	}
	rig_reconnect(&rig);
	do {
		for (uint32_t i = 0; i < rig.out.count; i++) {
			const struct event *event = &rig.out.event[i];
			CHECK(event->kind != EVENT_ORDER_NEW);
			if (event->kind != EVENT_ORDER_QUERY) continue;
			CHECK(event->ref.order_id <= 2000 && !asked[event->ref.order_id]);
			asked[event->ref.order_id] = true;
			questions++;
		}
		pages++;
		if (rig.desk.recovery.duty == RECOVERY_DUTY_NONE) break;
		rig_care_timer(&rig);
	} while (pages < 20);
	CHECK_EQ(questions, 2000);
	CHECK_EQ(order_table_in_flight(&rig.desk.orders), 2000);
}

/* One order in each state a crash can find, then a restart. */
TEST(t_X2_after_a_restart_we_ask_and_never_send_again)
{
	static const uint8_t replies[] = { 0, EVENT_ACK, EVENT_NEW_REJECTED };
	static const uint16_t syms[] = { GLD, SPY, QQQ };
	rig_init(&rig);
	for (size_t i = 0; i < 3; i++) {
		rig_price(&rig, syms[i], USD(100));
		rig_wish(&rig, syms[i], 800);
	}
	rig_decide(&rig, CALENDAR_NYSE);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 3);
	for (size_t i = 0; i < 3; i++)
		if (replies[i]) rig_reply(&rig, replies[i], rig.desk.orders.order[i].order_id, 100 + i, 0);
	int64_t before = reserved();
	rig_reconnect(&rig);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_NEW), 0);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_QUERY), 2);
	CHECK(rig.desk.orders.order[0].state == ORDER_UNKNOWN && rig.desk.orders.order[1].state == ORDER_UNKNOWN);
	CHECK(rig.desk.orders.order[2].state == ORDER_DONE && reserved() == before);
	rig_reconnect(&rig);        /* and a crash of the recovery */
	CHECK(rig_count(&rig, EVENT_ORDER_NEW) == 0 && rig_count(&rig, EVENT_ORDER_QUERY) == 2);
	for (uint32_t i = 0; i < rig.out.count; i++)
		if (rig.out.event[i].kind == EVENT_ORDER_QUERY) CHECK_EQ(rig.out.event[i].ref.journal_id, RIG_JOURNAL);
}

/* Its record was lost with the end of a journal: found on the way back, it is cancelled, once a snapshot; what it fills meanwhile is booked. */
TEST(t_X10_an_order_of_ours_that_no_book_has_is_cancelled_on_the_way_back)
{
	enum { STRAY = 77777 };
	(void)begin();
	rig_reply(&rig, EVENT_ACK, STRAY, VENUE_ID + 1, 0);        /* while we trade: late word about one that is done */
	CHECK(rig_count(&rig, EVENT_ORDER_CANCEL) == 0 && rig.desk.orphans == 1);
	rig_reconnect(&rig);
	rig_reply(&rig, EVENT_ACK, STRAY, VENUE_ID + 1, 0);
	const struct event *cancel = rig_said(&rig, EVENT_ORDER_CANCEL, SYM_NONE);
	CHECK(cancel && cancel->ref.order_id == STRAY && cancel->ref.journal_id == RIG_JOURNAL);
	rig_fill_as(&rig, STRAY, GLD, SIDE_BUY, QTY(3), USD(100), 9);
	CHECK(held() == QTY(3) && rig.desk.orphans == 3);
	rig_reply(&rig, EVENT_CANCELLED, STRAY, VENUE_ID + 1, 0);
	CHECK(rig_count(&rig, EVENT_ORDER_CANCEL) == 0 && rig.desk.orphans == 4);
	rig_check(&rig);
}

TEST(t_X12_an_ended_order_is_kept_for_five_minutes)
{
	uint64_t id = begin();
	rig_reply(&rig, EVENT_ACK, id, VENUE_ID, 0);
	rig.t_ns = rig.day * NS_PER_DAY + 86399 * NS_PER_S - CFG_order_retire_s * NS_PER_S + NS_PER_MS;
	rig_reply(&rig, EVENT_CANCELLED, id, VENUE_ID, 0);
	rig_tick(&rig, CALENDAR_NYSE, TICK_DAY_END);
	CHECK(rig_order(&rig, id) != 0);        /* a millisecond short of five minutes */
	rig.day++;
	rig_tick(&rig, CALENDAR_NYSE, TICK_DAY_END);
	CHECK(rig_order(&rig, id) == 0 && rig.desk.orders.used_max == 0);
	CHECK_EQ(rig.desk.orders.pool.free_n, ORDERS_MAX);
}

TEST(t_X2_order_ids_are_twenty_characters_and_come_back)
{
	struct random random = { 23 };
	char          text[ORDER_ID_TEXT_BYTES];
	for (int i = 0; i < 200000; i++) {
		uint64_t journal = random_u64(&random) >> 16, order = random_u64(&random) >> 14;
		journal >>= random_below(&random, 40);
		order >>= random_below(&random, 40);
		uint64_t journal_back = 1, order_back = 1;
		order_id_text(journal, order, text);
		CHECK_EQ(strlen(text), 20);
		CHECK_EQ(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), 20);
		CHECK(order_id_parse(text, 20, &journal_back, &order_back) && journal_back == journal && order_back == order);
	}
}

TEST(t_X2_different_orders_have_different_ids_that_sort_like_them)
{
	char before[ORDER_ID_TEXT_BYTES], text[ORDER_ID_TEXT_BYTES];
	order_id_text(RIG_JOURNAL, 0, before);
	for (uint64_t id = 1; id < 100000; id++) {
		order_id_text(RIG_JOURNAL, id, text);
		CHECK(strcmp(before, text) < 0);        /* rising, so each is its own */
		memcpy(before, text, sizeof before);
	}
	order_id_text(RIG_JOURNAL + 1, 1, text);
	order_id_text(RIG_JOURNAL, 1, before);
	CHECK(memcmp(before, text, 10) != 0);
}

TEST(t_X2_texts_that_are_none_of_ours_are_refused)
{
	uint64_t journal, order;
	CHECK(order_id_parse("00000000000000000000", 20, &journal, &order) && journal == 0 && order == 0);
	CHECK(!order_id_parse("0000000000000000000", 19, &journal, &order));
	CHECK(!order_id_parse("000000000000000000000", 21, &journal, &order));
	CHECK(!order_id_parse("0000000000000000000I", 20, &journal, &order));
	CHECK(!order_id_parse("I0000000000000000000", 20, &journal, &order));        /* nor of the journal's half */
	CHECK(!order_id_parse("000000000000000000-0", 20, &journal, &order));
	CHECK(!order_id_parse("0000000000000000000a", 20, &journal, &order));
	CHECK(!order_id_parse("0000000000\00A00000000", 20, &journal, &order));
}

static void journal_too_large(void)
{
	char text[ORDER_ID_TEXT_BYTES];
	order_id_text(UINT64_C(1) << 50, 0, text);
}

static void order_too_large(void)
{
	char text[ORDER_ID_TEXT_BYTES];
	order_id_text(0, UINT64_C(1) << 50, text);
}

TEST(t_X2_ids_that_do_not_fit_trap)
{
	CHECK_BUG(journal_too_large, 1200);
	CHECK_BUG(order_too_large, 1201);
}
