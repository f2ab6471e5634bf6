/* trading_test.c - the driver against the loopback venue: the story of a session, and every fault at every place of it. */
#include "hal/venues/alpaca/trading_parts.h"
#include "tests/unit/hal/venues/alpaca/trading_rig.h"

static void advance_quietly(int moments)
{
	for (int i = 0; i < moments; i++) {
		rig_moment();
		CHECK(rig_until(rig_is_quiet));
	}
}

TEST(t_X5_the_session_comes_up_with_a_snapshot)
{
	rig_begin();
	CHECK_EQ(rig.heard[EVENT_BALANCE], 1);
	CHECK_EQ(rig.balance.cash_usd_e8, 100000 * E8);
	CHECK_EQ(rig.heard[EVENT_VENUE], 2);        /* SYNCING, UP */
	CHECK(rig_until(rig_is_quiet));
	CHECK_STR(alpaca_trading_sentence(&rig.trading), "");
	alpaca_trading_close(&rig.trading);
	service_close(&rig.service);
}

TEST(t_X5_orders_fill_and_the_books_agree)
{
	rig_begin();
	advance_quietly(4);
	uint64_t buy = rig_send(RIG_SPY, SIDE_BUY, 10 * E8, 0, TIF_OPEN);
	uint64_t coin = rig_send(RIG_BTC, SIDE_BUY, E8 / 100, 0, TIF_OPEN);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig_order_of(buy)->state, RIG_LIVE);
	CHECK(rig_order_of(buy)->venue_id != 0);
	advance_quietly(10);
	CHECK_EQ(rig_order_of(buy)->state, RIG_FILLED);
	CHECK_EQ(rig_order_of(coin)->state, RIG_FILLED);
	uint64_t sell = rig_send(RIG_SPY, SIDE_SELL, 4 * E8, 0, TIF_OPEN);
	advance_quietly(10);
	CHECK_EQ(rig_order_of(sell)->state, RIG_FILLED);
	rig_compare();
	CHECK_EQ(rig.repeats, 0);
	CHECK_EQ(rig.heard[EVENT_ACK], 3);
}

TEST(t_X5_a_refusal_has_its_code_and_its_sentence)
{
	rig_begin();
	advance_quietly(4);
	uint64_t short_sale = rig_send(RIG_QQQ, SIDE_SELL, 10 * E8, 0, TIF_OPEN);
	uint64_t too_dear = rig_send(RIG_QQQ, SIDE_BUY, 1000000 * E8, 0, TIF_OPEN);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig_order_of(short_sale)->state, RIG_REJECTED);
	CHECK_EQ(rig_order_of(short_sale)->code, ALPACA_CODE_FUNDS);
	CHECK_EQ(rig_order_of(too_dear)->code, ALPACA_CODE_FUNDS);
	CHECK(strstr(alpaca_trading_sentence(&rig.trading), "insufficient") != 0);
	CHECK(rig.is_up);
	rig_compare();
}

TEST(t_X5_cancel_replace_and_query)
{
	rig_begin();
	advance_quietly(4);
	uint64_t low = rig_send(RIG_SPY, SIDE_BUY, 10 * E8, E8, TIF_GTC), other = rig_send(RIG_SPY, SIDE_BUY, 5 * E8, E8, TIF_GTC);
	CHECK(rig_until(rig_is_quiet));
	uint64_t venue_id = rig_order_of(low)->venue_id;
	rig_ref(EVENT_ORDER_REPLACE, low, 12 * E8, 2 * E8);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.heard[EVENT_REPLACED], 1);
	CHECK(rig_order_of(low)->venue_id != venue_id);
	rig_ref(EVENT_ORDER_REPLACE, low, 13 * E8, 2 * E8);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.heard[EVENT_REPLACED], 2);
	rig_ref(EVENT_ORDER_QUERY, low, 0, 0);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.heard[EVENT_ACK], 3);
	rig_ref(EVENT_ORDER_CANCEL, low, 0, 0);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig_order_of(low)->state, RIG_CANCELLED);
	CHECK_EQ(rig_order_of(other)->state, RIG_LIVE);
	rig_ref(EVENT_ORDER_CANCEL, low, 0, 0);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.heard[EVENT_CANCEL_REJECTED], 1);
}

/* A cancel and a question for an order whose uuid this driver never saw. */
TEST(t_X2_the_table_is_had_again_by_asking)
{
	rig_begin();
	advance_quietly(4);
	uint64_t low = rig_send(RIG_SPY, SIDE_BUY, 10 * E8, E8, TIF_GTC);
	CHECK(rig_until(rig_is_quiet));
	rig_again(rig.last_ns);
	rig_ref(EVENT_ORDER_CANCEL, low, 0, 0);
	CHECK(rig_until(rig_is_up));
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig_order_of(low)->state, RIG_CANCELLED);
	rig_compare();
}

TEST(t_X2_not_found_is_told_only_on_a_fresh_connection_after_the_dead_time)
{
	rig_begin();
	int64_t  begun_ns = clock_monotonic_ns();
	uint32_t slot = rig.orders_n++;
	rig.order[slot] = (struct rig_order){ .state = RIG_SENT, .qty_e8 = E8 };
	rig.trading.born_ns = begun_ns;        /* it may have left at this instant */
	uint64_t connections = rig.trading.rest.connections;
	rig_ref(EVENT_ORDER_QUERY, (uint64_t)slot << 8, 0, 0);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.order[slot].state, RIG_NEVER);
	CHECK(clock_monotonic_ns() - begun_ns >= rig.plan.dead_after_ns);
	CHECK(rig.trading.rest.connections > connections);
	CHECK(rig.trading.rest.connected_ns >= begun_ns + rig.plan.dead_after_ns);
}

/* Whatever it sends again by itself, the venue has it once. */
TEST(t_X2_an_order_sent_twice_by_the_desk_is_posted_once)
{
	rig_begin();
	advance_quietly(4);
	uint64_t buy = rig_send(RIG_SPY, SIDE_BUY, 10 * E8, 0, TIF_OPEN);
	rig.orders_n--;
	CHECK_EQ(rig_send(RIG_SPY, SIDE_BUY, 10 * E8, 0, TIF_OPEN), buy);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.trading.counts.orders_posted, 1);
	CHECK_EQ(rig.service.server.broker.orders_n, 1);
}

/* A driver that died between the post and its journal: the new one posts the same id, is told it is there, and asks. */
TEST(t_X2_a_duplicate_is_asked_for_not_rejected)
{
	rig_begin();
	advance_quietly(4);
	uint64_t buy = rig_send(RIG_SPY, SIDE_BUY, 10 * E8, E8, TIF_GTC);
	CHECK(rig_until(rig_is_quiet));
	rig_again(0);
	rig.orders_n--;
	CHECK_EQ(rig_send(RIG_SPY, SIDE_BUY, 10 * E8, E8, TIF_GTC), buy);
	CHECK(rig_until(rig_is_up));
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig_order_of(buy)->state, RIG_LIVE);
	CHECK_EQ(rig.heard[EVENT_NEW_REJECTED], 0);
	rig_compare();
}

TEST(t_X10_what_was_missed_is_told_after_coming_back)
{
	rig_begin();
	advance_quietly(4);
	(void)rig_send(RIG_SPY, SIDE_BUY, 10 * E8, 0, TIF_OPEN);
	(void)rig_send(RIG_BTC, SIDE_BUY, E8 / 100, 0, TIF_OPEN);
	CHECK(rig_until(rig_is_quiet));
	alpaca_trading_close(&rig.trading);
	for (int i = 0; i < 9; i++) CHECK(moment_next(&rig.service.server));
	CHECK_EQ(rig.fills_n, 0);
	rig_restart(rig.last_ns);
	CHECK(rig_until(rig_is_up));
	rig_compare();
	CHECK_EQ(rig.fills_n, rig.heard[EVENT_FILL]);
	CHECK_EQ(rig.balance.cash_usd_e8, rig.cash_usd_e8);
	for (uint16_t i = 0; i < UNIVERSE_N; i++) CHECK_EQ(rig.held_e8[i], rig.qty_e8[i]);
}

TEST(t_X10_orders_of_others_are_external)
{
	rig_begin();
	advance_quietly(4);
	uint64_t stranger = rig_send(RIG_SPY, SIDE_BUY, 3 * E8, E8, TIF_GTC);
	CHECK(rig_until(rig_is_quiet));
	rig.plan.journal_id = RIG_JOURNAL + 1;
	rig_again(0);
	CHECK(rig_until(rig_is_up));
	CHECK_EQ(rig.heard[EVENT_EXTERNAL], 1);
	CHECK_EQ(rig.external_qty_e8, 3 * E8);
	CHECK_EQ(rig_order_of(stranger)->state, RIG_LIVE);
	alpaca_trading_cancel_all(&rig.trading);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.external_qty_e8, 0);
}

TEST(t_O7_wrong_keys_are_refused_with_the_name_of_the_variable)
{
	rig_open();
	rig.plan.secret = "wrong-secret";
	rig_start();
	CHECK(rig_until(rig_is_refused));
	const char *sentence = alpaca_trading_sentence(&rig.trading);
	CHECK(strstr(sentence, "venue refused the key") != 0);
	CHECK(strstr(sentence, "APCA_API_KEY_ID") != 0);
	CHECK(strstr(sentence, "wrong-secret") == 0);
	uint64_t order = rig_send(RIG_SPY, SIDE_BUY, E8, 0, TIF_OPEN);
	rig_pass(20);
	CHECK_EQ(rig_order_of(order)->code, ALPACA_CODE_KEY);
}

TEST(t_X5_a_certificate_that_is_not_trusted_is_said)
{
	rig_open();
	anchors_init(&rig.anchors);
	rig_start();
	rig_pass(300);
	CHECK(!rig.is_up);
	CHECK(strstr(alpaca_trading_sentence(&rig.trading), "certificate") != 0);
	CHECK_EQ(rig.service.server.counts.rest_calls, 0);
}

static bool fault(enum fault_kind kind, enum fault_where where, uint32_t count, uint32_t after, uint32_t ms)
{
	struct fault one = { (uint8_t)kind, (uint8_t)where, count, after, ms };
	return faults_arm(&rig.service.server.faults, &one);
}

static uint64_t story(uint32_t delay_orders_ms, uint32_t delay_stream_ms)
{
	memset(&rig, 0, sizeof rig);
	rig_begin();
	advance_quietly(4);
	if (delay_orders_ms) CHECK(fault(FAULT_DELAY, FAULT_AT_ORDERS, 6, 0, delay_orders_ms));
	if (delay_stream_ms) CHECK(fault(FAULT_DELAY, FAULT_AT_STREAM, 6, 0, delay_stream_ms));
	for (int day = 0; day < 3; day++) {
		(void)rig_send(RIG_SPY, SIDE_BUY, 2 * E8, 0, TIF_OPEN);
		(void)rig_send(RIG_QQQ, SIDE_BUY, 2 * E8, 0, TIF_OPEN);
		(void)rig_send(RIG_BTC, SIDE_BUY, E8 / 10, 0, TIF_OPEN);
		CHECK(rig_until(rig_is_quiet));
		advance_quietly(3);
	}
	rig_compare();
	alpaca_trading_close(&rig.trading);
	service_close(&rig.service);
	loop_close();
	return rig.story;
}

/* Answers and updates come by two connections; slow ones must not change what the desk is told, or when. */
TEST(t_X5_stepped_events_come_in_one_order_whatever_the_timing)
{
	uint64_t first = story(0, 0);
	CHECK_EQ(story(0, 0), first);
	CHECK_EQ(story(15, 0), first);
	CHECK_EQ(story(0, 15), first);
}

/* Else the desk thinks that nothing was done, and buys it again. */
TEST(t_X2_the_end_of_an_order_is_told_after_its_fills)
{
	rig_begin();
	advance_quietly(4);
	uint64_t             buy = rig_send(RIG_SPY, SIDE_BUY, 10 * E8, 0, TIF_OPEN);
	struct alpaca_update ended = { .kind = ALPACA_UPDATE_CANCELLED, .order = { .sym = RIG_SPY, .qty_e8 = 10 * E8, .filled_qty_e8 = 4 * E8 } };
	CHECK(rig_until(rig_is_quiet));
	struct alpaca_row *row = alpaca_row_find(&rig.trading, buy);
	memcpy(ended.order.id, row->uuid, sizeof row->uuid);
	alpaca_client_id(&rig.trading, row, 0, ended.order.client_id);
	alpaca_on_update(&rig.trading, &ended);
	CHECK_EQ(alpaca_events_room(&rig.trading), ALPACA_EVENTS_MAX);
	CHECK(rig.trading.sync.wants_activities && row->wants_ask && !row->is_done);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig_order_of(buy)->state, RIG_LIVE); /* the venue, asked, says that it works */
	alpaca_on_update(&rig.trading, &ended);       /* fills that cannot be read any more are waited for once */
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig_order_of(buy)->state, RIG_CANCELLED);
}

/* After a power cut the books can be days further than a fill that they lack: it is read from where they were whole, not from where they are. */
TEST(t_X2_fills_that_the_books_lack_are_read_from_where_these_were_whole)
{
	rig_begin();
	advance_quietly(4);
	int64_t  whole_ns = rig.service.server.moment.t_ns;
	uint64_t buy = rig_send(RIG_SPY, SIDE_BUY, 10 * E8, 0, TIF_OPEN);
	advance_quietly(6);
	uint32_t fills = rig.fills_n;
	CHECK(fills > 0);
	int64_t filled_ns = rig.last_ns;
	advance_quietly(20);
	CHECK(rig.service.server.moment.t_ns - filled_ns > 2 * ALPACA_OVERLAP_S * NS_PER_S);
	alpaca_trading_close(&rig.trading);
	rig.fills_n = 0;
	rig.qty_e8[RIG_SPY] = rig_order_of(buy)->filled_e8 = 0;
	rig.cash_usd_e8 = 100000 * E8;
	rig.plan.t_ns = rig.service.server.moment.t_ns;
	rig_restart(whole_ns);
	CHECK(rig_until(rig_is_up));
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.fills_n, fills);
	CHECK_EQ(rig_order_of(buy)->filled_e8, 10 * E8);
}

static bool has_three_snapshots(void) { return rig.heard[EVENT_BALANCE] >= 3; }

/* Real time: snapshots by themselves, and a clock that is years off is said, not believed. */
TEST(t_X10_snapshots_come_by_themselves_in_real_time)
{
	rig_open();
	rig.plan.is_stepped = false;
	rig.plan.reconcile_ns = 50 * NS_PER_MS;
	for (int i = 0; i < 4; i++) CHECK(moment_next(&rig.service.server));
	rig.plan.since_t_ns = rig.last_ns = rig.service.server.moment.t_ns;
	rig_start();
	CHECK(rig_until(rig_is_up));
	CHECK(strstr(alpaca_trading_sentence(&rig.trading), "the clock of this machine is") != 0);
	CHECK(strstr(alpaca_trading_sentence(&rig.trading), "ahead of the venue's") != 0);
	CHECK(rig_until(has_three_snapshots));
	(void)rig_send(RIG_SPY, SIDE_BUY, 2 * E8, 0, TIF_OPEN);
	rig_pass(50);
	for (int i = 0; i < 6; i++) rig_moment();
	rig.heard[EVENT_BALANCE] = 0;
	CHECK(rig_until(has_three_snapshots));
	rig_compare();
	CHECK_EQ(rig.balance.cash_usd_e8, rig.cash_usd_e8);
	CHECK_EQ(rig.heard[EVENT_FILL], rig.fills_n);
}

/* What moved money before a journal began is in the balance that it began with: no synchronisation of its first day brings it. */
TEST(t_X10_a_new_journal_has_no_past_on_its_first_day_either)
{
	rig_begin();
	advance_quietly(4);
	(void)rig_send(RIG_SPY, SIDE_BUY, 10 * E8, 0, TIF_OPEN);
	advance_quietly(6);
	CHECK(rig.fills_n > 0);
	alpaca_trading_close(&rig.trading);
	memset(rig.heard, 0, sizeof rig.heard);
	rig.plan.is_stepped = false;
	rig.plan.reconcile_ns = 50 * NS_PER_MS;
	rig.plan.journal_id = RIG_JOURNAL + 1;
	rig_restart(0);
	CHECK(rig_until(rig_is_up));
	alpaca_trading_moment(&rig.trading, rig.service.server.moment.t_ns);
	rig.heard[EVENT_BALANCE] = 0;
	CHECK(rig_until(has_three_snapshots));
	CHECK_EQ(rig.heard[EVENT_EXTERNAL] + rig.heard[EVENT_CASH] + rig.heard[EVENT_FILL], 0);
	rig.plan.begun_t_ns = rig.service.server.moment.t_ns;        /* nor does another life of it, on the same day */
	rig_again(rig.plan.begun_t_ns);
	rig.heard[EVENT_BALANCE] = 0;
	CHECK(rig_until(has_three_snapshots));
	CHECK_EQ(rig.heard[EVENT_EXTERNAL] + rig.heard[EVENT_CASH] + rig.heard[EVENT_FILL], 0);
}

/* An order that was in doubt has a name since: a question about it that was put off does not keep its cancel. */
TEST(t_X2_R9_a_cancel_does_not_wait_for_a_question)
{
	rig_begin();
	advance_quietly(4);
	uint64_t order_id = rig_send(RIG_SPY, SIDE_BUY, 3 * E8, E8, TIF_GTC);
	CHECK(rig_until(rig_is_quiet));
	struct alpaca_row *row = &rig.trading.row[0];
	CHECK(row->order_id == order_id && row->uuid[0]);
	row->ask_after_ns = clock_monotonic_ns() + 3600 * NS_PER_S;
	row->wants_ask = true;
	rig.trading.asks_later++;
	uint64_t asks = rig.trading.counts.asks;
	rig_ref(EVENT_ORDER_CANCEL, order_id, 0, 0);
	rig_pass(300);
	CHECK_EQ(rig.service.server.counts.orders_cancelled, 1);
	CHECK(rig.trading.counts.asks == asks && row->ask_after_ns && row->wants_ask);
}

TEST(t_X5_a_venue_that_is_not_there_is_said_and_comes_back)
{
	rig_open();
	sock_close(&rig.service.listener);
	rig_start();
	rig_pass(300);
	CHECK(strstr(alpaca_trading_sentence(&rig.trading), "refuses the connection") != 0);
	CHECK(rig.trading.backoff.tried >= 2 && rig.trading.backoff.tried <= 6);        /* no storm */
	struct address where;
	CHECK(address_parse("127.0.0.1", rig.service.port, &where));
	CHECK_EQ(sock_listen(&rig.service.listener, &where), SOCK_OK);
	CHECK(rig_until(rig_is_up));
}

static bool has_cancelled(void) { return rig.service.server.counts.orders_cancelled >= 2; }

/* The venue carries it out while the connection of orders is still stuck. The figure (100 ms on loopback) is the bench's to hold. */
TEST(t_R9_the_bulk_cancel_goes_at_once_past_everything_that_waits)
{
	rig_begin();
	advance_quietly(4);
	uint64_t first = rig_send(RIG_SPY, SIDE_BUY, 3 * E8, E8, TIF_GTC), second = rig_send(RIG_QQQ, SIDE_BUY, 3 * E8, E8, TIF_GTC);
	CHECK(rig_until(rig_is_quiet));
	CHECK(fault(FAULT_MUTE, FAULT_AT_ORDERS, 1, 0, 0));
	rig.trading.rest.plan.answer_ns = 2 * NS_PER_S;
	for (int i = 0; i < 20; i++) (void)rig_send(RIG_SPY, SIDE_BUY, E8, E8, TIF_GTC);
	rig_pass(50);
	uint64_t posted = rig.trading.counts.orders_posted;
	alpaca_trading_cancel_all(&rig.trading);
	CHECK(rig_until(has_cancelled));
	CHECK(rig.trading.rest.is_out);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.trading.counts.orders_posted, posted);        /* what had not been posted never is */
	CHECK_EQ(rig_order_of(first)->state, RIG_CANCELLED);
	CHECK_EQ(rig_order_of(second)->state, RIG_CANCELLED);
	CHECK_EQ(rig.service.server.counts.orders_cancelled, 3);
}

/* A venue in trouble stays so for a while: five requests in as many milliseconds would be one. */
TEST(t_R9_a_bulk_cancel_that_the_venue_breaks_at_goes_again_after_a_pause)
{
	rig_begin();
	advance_quietly(4);
	uint64_t first = rig_send(RIG_SPY, SIDE_BUY, 3 * E8, E8, TIF_GTC), second = rig_send(RIG_QQQ, SIDE_BUY, 3 * E8, E8, TIF_GTC);
	CHECK(rig_until(rig_is_quiet));
	CHECK(fault(FAULT_500, FAULT_AT_ORDERS, 2, 0, 0));
	int64_t begun_ns = clock_monotonic_ns();
	alpaca_trading_cancel_all(&rig.trading);
	CHECK(rig_until(has_cancelled));
	CHECK(clock_monotonic_ns() - begun_ns >= 1500 * NS_PER_MS);        /* half a second, then a whole one */
	CHECK(rig_until(rig_is_quiet));
	CHECK(rig_order_of(first)->state == RIG_CANCELLED && rig_order_of(second)->state == RIG_CANCELLED);
	CHECK_EQ(rig.trading.counts.bulk_cancels, 3);
	CHECK(fault(FAULT_500, FAULT_AT_ORDERS, 1000, 0, 0));
	alpaca_trading_cancel_all(&rig.trading);
	CHECK(rig_until(rig_is_quiet));        /* it has an end: what is sent later is not taken away by it */
	CHECK_EQ(rig.trading.counts.bulk_cancels, 3 + 5);
	CHECK(strstr(alpaca_trading_sentence(&rig.trading), "cancelling everything: status 500") != 0);
}

/* --- faults ------------------------------------------------------------------------------------------------------- */

static bool is_settled(void)
{
	if (!rig_is_quiet()) return false;
	for (uint32_t i = 1; i < rig.orders_n; i++) if (rig.order[i].state == RIG_SENT) return false;
	return true;
}

/* A replace whose answer is lost took effect or did not; the desk hears one word of it, and the venue has one order. */
static void replace_through(enum fault_kind kind, bool takes_effect)
{
	const struct broker *broker = &rig.service.server.broker;
	rig_begin();
	advance_quietly(4);
	uint64_t low = rig_send(RIG_SPY, SIDE_BUY, 10 * E8, E8, TIF_GTC);
	CHECK(rig_until(rig_is_quiet));
	CHECK(fault(kind, FAULT_AT_ORDERS, 1, 0, 30));
	rig_ref(EVENT_ORDER_REPLACE, low, 12 * E8, 2 * E8);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig.service.server.faults.happened[kind], 1);
	CHECK_EQ(rig.heard[EVENT_REPLACED], takes_effect);
	CHECK_EQ(rig.heard[EVENT_REPLACE_REJECTED], !takes_effect);
	uint32_t open = 0, right = 0;
	for (uint32_t i = 0; i < broker->orders_n; i++) {
		open += broker_is_open(&broker->order[i]);
		right += broker_is_open(&broker->order[i]) && broker->order[i].qty_e8 == (takes_effect ? 12 : 10) * E8;
	}
	CHECK(open == 1 && right == 1);
	rig_ref(EVENT_ORDER_CANCEL, low, 0, 0);
	CHECK(rig_until(rig_is_quiet));
	CHECK_EQ(rig_order_of(low)->state, RIG_CANCELLED);        /* by the id that it has now */
}

TEST(t_X2_a_replace_dropped) { replace_through(FAULT_DROP, false); }
TEST(t_X2_a_replace_that_breaks_the_server) { replace_through(FAULT_500, false); }
TEST(t_X2_a_replace_cut) { replace_through(FAULT_CUT, true); }
TEST(t_X2_a_replace_mute) { replace_through(FAULT_MUTE, true); }
TEST(t_X2_a_replace_answered_with_garbage) { replace_through(FAULT_GARBAGE, true); }

/* Days of trading while one fault happens: orders, cancels, fills and the way back. */
static void trade_through(enum fault_kind kind, enum fault_where where, uint32_t after)
{
	rig_begin();
	for (int i = 0; i < 4; i++) rig_moment();
	CHECK(rig_until(rig_is_quiet));
	CHECK(fault(kind, where, 2, after, 30));
	for (int day = 0; day < 4; day++) {
		(void)rig_send(RIG_SPY, SIDE_BUY, 2 * E8, 0, TIF_OPEN);
		uint64_t low = rig_send(RIG_QQQ, SIDE_BUY, 2 * E8, E8, TIF_GTC);
		if (day > 1) (void)rig_send(RIG_SPY, SIDE_SELL, E8, 0, TIF_OPEN);
		CHECK(rig_until(is_settled));
		rig_ref(EVENT_ORDER_CANCEL, low, 0, 0);
		CHECK(rig_until(is_settled));
		for (int i = 0; i < 3; i++) {
			rig_moment();
			CHECK(rig_until(is_settled));
		}
	}
	CHECK_EQ(rig.service.server.faults.happened[kind], 2);
	rig_compare();
	CHECK(rig.heard[EVENT_NOT_FOUND] == 0 || kind == FAULT_DROP || kind == FAULT_429 || kind == FAULT_500);
}

#define FAULT_TEST(name, kind, where, after) \
	TEST(t_X2_##name) { trade_through(kind, where, after); }
FAULT_TEST(an_order_dropped, FAULT_DROP, FAULT_AT_ORDERS, 0)
FAULT_TEST(a_cancel_dropped, FAULT_DROP, FAULT_AT_ORDERS, 2)
FAULT_TEST(an_order_cut, FAULT_CUT, FAULT_AT_ORDERS, 0)
FAULT_TEST(an_order_cut_later, FAULT_CUT, FAULT_AT_ORDERS, 1)
FAULT_TEST(a_cancel_cut, FAULT_CUT, FAULT_AT_ORDERS, 2)
FAULT_TEST(an_order_answered_twice, FAULT_DOUBLE, FAULT_AT_ORDERS, 0)
FAULT_TEST(a_cancel_answered_twice, FAULT_DOUBLE, FAULT_AT_ORDERS, 2)
FAULT_TEST(an_order_mute, FAULT_MUTE, FAULT_AT_ORDERS, 0)
FAULT_TEST(a_cancel_mute, FAULT_MUTE, FAULT_AT_ORDERS, 2)
FAULT_TEST(an_order_limited, FAULT_429, FAULT_AT_ORDERS, 0)
FAULT_TEST(an_order_that_breaks_the_server, FAULT_500, FAULT_AT_ORDERS, 0)
FAULT_TEST(an_order_answered_with_garbage, FAULT_GARBAGE, FAULT_AT_ORDERS, 0)
FAULT_TEST(half_an_answer, FAULT_HALF_FRAME, FAULT_AT_ORDERS, 1)
FAULT_TEST(a_late_answer, FAULT_DELAY, FAULT_AT_ORDERS, 0)
FAULT_TEST(activities_dropped, FAULT_DROP, FAULT_AT_REST, 5)
FAULT_TEST(activities_garbled, FAULT_GARBAGE, FAULT_AT_REST, 7)
FAULT_TEST(activities_refused, FAULT_500, FAULT_AT_REST, 6)
FAULT_TEST(the_stream_dropped, FAULT_DROP, FAULT_AT_STREAM, 1)
FAULT_TEST(the_stream_dropped_with_a_fill, FAULT_DROP, FAULT_AT_STREAM, 4)
FAULT_TEST(the_stream_cut, FAULT_CUT, FAULT_AT_STREAM, 3)
FAULT_TEST(a_message_twice, FAULT_DOUBLE, FAULT_AT_STREAM, 3)
FAULT_TEST(the_stream_mute, FAULT_MUTE, FAULT_AT_STREAM, 4)
FAULT_TEST(a_message_garbled, FAULT_GARBAGE, FAULT_AT_STREAM, 4)
FAULT_TEST(half_a_frame, FAULT_HALF_FRAME, FAULT_AT_STREAM, 2)
FAULT_TEST(a_late_stream, FAULT_DELAY, FAULT_AT_STREAM, 2)
