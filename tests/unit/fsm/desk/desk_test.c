/* desk_test.c - the desk as a state: the same inputs give the same bytes, a copy goes on like the original, the hash sees every field, and the
 * records alone rebuild the books (X1, X2, P9). */
#include "fsm/desk/desk.h"

#include <string.h>

#include "tests/kit/desk_session.h"
#include "tests/kit/test.h"

enum { SEEDS = 20, INPUTS = 2000 };

static struct desk_rig     rig, twin;
static struct desk_session session, twin_session;
static struct desk         adopted;

TEST(t_X1_the_same_inputs_give_the_same_bytes_and_the_same_hash)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		session_init(&session, &rig, seed, SESSION_NONSENSE);
		session_init(&twin_session, &twin, seed, SESSION_NONSENSE);
		for (int i = 0; i < INPUTS; i++) {
			session_input(&session, &rig);
			session_input(&twin_session, &twin);
			CHECK(rig.outputs_hash == twin.outputs_hash);
		}
		CHECK(desk_hash(&rig.desk) == desk_hash(&twin.desk));
		CHECK(memcmp(&rig.desk, &twin.desk, sizeof rig.desk) == 0);
	}
}

TEST(t_X1_another_seed_gives_another_hash)
{
	session_init(&session, &rig, 1, SESSION_HONEST);
	session_init(&twin_session, &twin, 2, SESSION_HONEST);
	CHECK(desk_hash(&rig.desk) != desk_hash(&twin.desk));
}

TEST(t_X2_a_copy_of_the_state_goes_on_like_the_original)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		session_init(&session, &rig, 100 + seed, SESSION_NONSENSE);
		for (int i = 0; i < INPUTS; i++) {
			if (i == (int)(seed * 90)) {
				twin_session = session;
				twin = rig;        /* the snapshot: bytes */
				twin.worker = (struct desk_worker){ &twin.desk, &twin.log };
				memset(&twin.out, 0xa5, sizeof twin.out);
				memset(&twin.log, 0, sizeof twin.log);
			}
			session_input(&session, &rig);
		}
		for (int i = (int)(seed * 90); i < INPUTS; i++) session_input(&twin_session, &twin);
		CHECK(rig.outputs_hash == twin.outputs_hash && desk_hash(&rig.desk) == desk_hash(&twin.desk));
	}
}

static uint32_t words_unseen(struct desk *desk, void *at, size_t bytes)
{
	uint64_t before = desk_hash(desk);
	uint32_t unseen = 0;
	for (size_t i = 0; i < bytes; i++) {
		uint8_t *byte = (uint8_t *)at + i;
		*byte ^= 0x10;
		unseen += desk_hash(desk) == before;
		*byte ^= 0x10;
	}
	CHECK(desk_hash(desk) == before);
	return unseen;
}

/* All but journal_id and taken: which file the state went to, and how its inputs travelled. */
TEST(t_X1_the_hash_sees_every_byte_of_the_state)
{
	session_init(&session, &rig, 5, SESSION_HONEST);
	for (int i = 0; i < 500 || (i < INPUTS && rig.desk.orders.used_max == 0); i++) session_input(&session, &rig);
	CHECK(rig.desk.orders.used_max > 0);
	CHECK_EQ(words_unseen(&rig.desk, &rig.desk.journal_id, sizeof(uint64_t)), sizeof(uint64_t));
	CHECK_EQ(words_unseen(&rig.desk, rig.desk.taken, sizeof rig.desk.taken), sizeof rig.desk.taken);
	CHECK_EQ(offsetof(struct desk, inputs), sizeof(uint64_t) + sizeof rig.desk.taken);
	CHECK_EQ(words_unseen(&rig.desk, &rig.desk.inputs, offsetof(struct desk, orders) - offsetof(struct desk, inputs)), 0);
	CHECK_EQ(words_unseen(&rig.desk, &rig.desk.orders.executions.count, sizeof(uint64_t)), 0);
	CHECK_EQ(words_unseen(&rig.desk, &rig.desk.orders.executions.hash, sizeof(uint64_t)), 0);
	for (size_t i = 0; i < rig.desk.orders.used_max; i++) {
		struct order *order = &rig.desk.orders.order[i];
		if (order->state == ORDER_FREE) continue;
		uint8_t state = order->state;
		CHECK_EQ(words_unseen(&rig.desk, order, offsetof(struct order, state)), 0);
		CHECK_EQ(words_unseen(&rig.desk, &order->side, sizeof *order - offsetof(struct order, side)), 0);
		uint64_t before = desk_hash(&rig.desk);
		order->state = state == ORDER_LIVE ? ORDER_DONE : ORDER_LIVE;
		CHECK(desk_hash(&rig.desk) != before);
		order->state = state;
	}
}

static void keyed_price(uint64_t seq, uint8_t source)
{
	struct event in = event_make(EVENT_PRICE, GLD, 0);
	in.price = (struct price){ USD(100), 1000, RIG_DAY, PRICE_CLOSE };
	in.seq = seq;
	in.flags = source;
	rig_step(&rig, in);
}

TEST(t_X2_the_desk_knows_the_last_key_it_took_from_each_source)
{
	rig_init(&rig);
	keyed_price(7, DESK_SOURCE_PRICE + GLD);
	keyed_price(3, DESK_SOURCE_CHANNEL);
	keyed_price(9, DESK_SOURCE_PRICE + GLD);
	keyed_price(0, DESK_SOURCE_CHANNEL + 1);        /* without a key it is nobody's */
	keyed_price(5, DESK_SOURCES_N - 1);
	for (int i = 0; i < DESK_SOURCES_N; i++) {
		uint64_t key = i == DESK_SOURCE_PRICE + GLD ? 9 : i == DESK_SOURCE_CHANNEL ? 3 : i == DESK_SOURCES_N - 1 ? 5 : 0;
		CHECK_EQ(rig.desk.taken[i], key);
	}
}

static void from_nowhere(void)
{
	rig_init(&rig);
	keyed_price(1, DESK_SOURCE_NONE);
}

static void from_beyond(void)
{
	rig_init(&rig);
	keyed_price(1, DESK_SOURCES_N);
}

TEST(t_X2_a_key_of_no_source_traps)
{
	CHECK_BUG(from_nowhere, 1227);
	CHECK_BUG(from_beyond, 1227);
}

/* --- adoption -------------------------------------------------------------------------------------------------- */

static bool same_position(const struct position *a, const struct position *b)
{
	return a->qty_e8 == b->qty_e8 && a->cost_usd_e8 == b->cost_usd_e8 && a->realised_usd_e8 == b->realised_usd_e8 &&
	       a->fees_usd_e8 == b->fees_usd_e8 && a->dividends_usd_e8 == b->dividends_usd_e8;
}

static bool same_account(const struct account *a, const struct account *b)
{
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (!same_position(&a->position[i], &b->position[i])) return false;
	return a->cash_usd_e8 == b->cash_usd_e8 && a->deposited_usd_e8 == b->deposited_usd_e8 && a->realised_usd_e8 == b->realised_usd_e8 &&
	       a->fees_usd_e8 == b->fees_usd_e8 && a->dividends_usd_e8 == b->dividends_usd_e8 && a->turnover_usd_e8 == b->turnover_usd_e8;
}

/* paid_usd_e8 travels as an average price, so it is the same only to within half a unit of price for each unit of quantity. */
static bool same_order(const struct order *a, const struct order *b)
{
	int64_t paid_gap = e8_abs(a->paid_usd_e8 - b->paid_usd_e8);
	return a->order_id == b->order_id && a->venue_id == b->venue_id && a->qty_e8 == b->qty_e8 && a->filled_qty_e8 == b->filled_qty_e8 &&
	       a->limit_px_e8 == b->limit_px_e8 && a->decided_px_e8 == b->decided_px_e8 && a->fee_usd_e8 == b->fee_usd_e8 &&
	       a->sent_ns == b->sent_ns && a->sym == b->sym && a->state == b->state && a->side == b->side && a->order_type == b->order_type &&
	       a->time_in_force == b->time_in_force && a->reason == b->reason && a->reduce_only == b->reduce_only &&
	       (order_open_qty_e8(a) == 0 || a->reserved_usd_e8 == b->reserved_usd_e8) && paid_gap <= a->filled_qty_e8 / E8 + 2;
}

static bool same_orders(struct desk *desk, struct desk *other)
{
	if (desk->orders.pool.free_n != other->orders.pool.free_n) return false;
	for (size_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		if (order->state == ORDER_FREE) continue;
		const struct order *twin_order = order_table_find(&other->orders, order->order_id);
		if (!twin_order || !same_order(order, twin_order)) return false;
		if (order->venue_id && order_table_find_venue(&desk->orders, order->venue_id) == order &&
		    order_table_find_venue(&other->orders, order->venue_id) != twin_order)
			return false;
	}
	return order_table_reserved_usd_e8(&desk->orders) == order_table_reserved_usd_e8(&other->orders);
}

static bool same_risk(const struct desk *a, const struct desk *b)
{
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (a->stop[i].state != b->stop[i].state) return false;
	return a->ladder.state == b->ladder.state && a->ladder.peak_nav_usd_e8 == b->ladder.peak_nav_usd_e8 &&
	       a->ladder.drawdown_bp == b->ladder.drawdown_bp && a->ladder.weeks == b->ladder.weeks &&
	       a->ladder.review_open == b->ladder.review_open && a->regime == b->regime && a->halted == b->halted && a->paused == b->paused;
}

static void check_adopted(void)
{
	CHECK(same_account(&rig.desk.account, &adopted.account));
	CHECK(same_orders(&rig.desk, &adopted));
	CHECK(same_risk(&rig.desk, &adopted));
}

static void adopt_all(const struct outbox *out)
{
	for (uint32_t i = 0; i < out->count; i++) desk_adopt(&adopted, &out->event[i]);
}

static void init_adopted(void)
{
	struct settings settings;
	settings_default(&settings);
	desk_init(&adopted, RIG_JOURNAL, &settings);
}

TEST(t_X2_the_records_alone_rebuild_the_books_after_every_input)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		session_init(&session, &rig, 300 + seed, SESSION_HONEST);
		init_adopted();
		for (int i = 0; i < INPUTS; i++) {
			session_input(&session, &rig);
			adopt_all(&rig.out);
			check_adopted();
		}
		CHECK(rig.desk.fills > 10);
	}
}

TEST(t_X2_an_execution_adopted_from_the_records_is_not_booked_again)
{
	rig_init(&rig);
	init_adopted();
	uint64_t id = rig_sent_buy(&rig);
	adopt_all(&rig.out);
	rig_fill_as(&rig, id, GLD, SIDE_BUY, QTY(40), USD(100), 9001);
	adopt_all(&rig.out);
	CHECK_EQ(adopted.account.position[GLD].qty_e8, QTY(40));
	rig.desk = adopted;
	rig_fill_as(&rig, id, GLD, SIDE_BUY, QTY(40), USD(100), 9001);
	CHECK(rig.desk.account.position[GLD].qty_e8 == QTY(40) && rig.desk.repeats == 1);
}

/* Records do not say how much of the day's limits is used, nor how old a price is: an adopted desk adds nothing more today. */
TEST(t_R6_an_adopted_desk_adds_no_risk_before_the_next_session)
{
	rig_init(&rig);
	init_adopted();
	rig_hold(&rig, GLD, QTY(100), USD(100));
	adopt_all(&rig.out);
	outbox_begin(&rig.out, 1, rig.desk.inputs, rig.t_ns);
	(void)desk_checkpoint(&rig.desk, 0, &rig.out);
	adopt_all(&rig.out);
	CHECK_EQ(adopted.use.trades_today, setting(&adopted.settings, SETTING_trades_day_max));
	CHECK(adopted.account.position[GLD].px_age > setting(&adopted.settings, SETTING_price_stale_sessions));
	uint64_t inputs = rig.desk.inputs;
	rig.desk = adopted;
	rig.desk.inputs = inputs;
	rig_price(&rig, GLD, USD(100));
	rig_wish(&rig, GLD, 3000);
	rig_decide(&rig, CALENDAR_NYSE);        /* a session that opens anew */
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, GLD) != 0);
}

static void adopt_a_checkpoint(void)
{
	static struct outbox page;
	uint32_t             from = 0;
	do {
		outbox_begin(&page, 1, rig.desk.inputs, rig.t_ns);
		from = desk_checkpoint(&rig.desk, from, &page);
		adopt_all(&page);
	} while (from);
}

TEST(t_X2_a_checkpoint_rebuilds_the_books)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		session_init(&session, &rig, 400 + seed, SESSION_HONEST);
		for (int i = 0; i < INPUTS; i++) session_input(&session, &rig);
		init_adopted();
		adopt_a_checkpoint();
		check_adopted();
	}
}

TEST(t_X12_a_checkpoint_of_a_full_table_comes_in_pages)
{
	rig_init(&rig);
	for (uint64_t id = 1; id <= ORDERS_MAX; id++) {
		struct order *order = order_table_take(&rig.desk.orders, id, true);
		order->state = ORDER_LIVE;
		order->qty_e8 = (int64_t)id * E8;
		order->side = SIDE_SELL;
	}
	init_adopted();
	adopt_a_checkpoint();
	check_adopted();
	CHECK_EQ(order_table_live(&adopted.orders), ORDERS_MAX);
}

/* Days and days of orders: adoption must let go of them as the original did. */
TEST(t_X2_adopting_a_long_journal_never_fills_the_table)
{
	rig_init(&rig);
	init_adopted();
	for (int i = 0; i < 3 * ORDERS_MAX; i++) {
		rig_hold(&rig, GLD, QTY(1), USD(100));
		adopt_all(&rig.out);
		rig_operator(&rig, OPERATOR_FLATTEN);
		adopt_all(&rig.out);
		for (size_t k = 0; k < rig.desk.orders.used_max; k++)
			if (order_open_qty_e8(&rig.desk.orders.order[k])) {
				rig_fill(&rig, rig.desk.orders.order[k].order_id, QTY(1), USD(100));
				adopt_all(&rig.out);
			}
		if (i % 100 != 99) continue;
		rig_tick(&rig, CALENDAR_NYSE, TICK_DAY_END);
		adopt_all(&rig.out);
		rig.day++;
	}
	CHECK(rig.desk.orders_sent > 2 * ORDERS_MAX);
	CHECK(same_orders(&rig.desk, &adopted));
	CHECK_EQ(adopted.orphans, 0);
}

/* --- contracts ------------------------------------------------------------------------------------------------- */

static void step_out_of_number(void)
{
	struct event in = event_make(EVENT_REGIME, SYM_NONE, 1);
	rig_init(&rig);
	in.cause = 2;
	outbox_begin(&rig.out, 1, in.cause, 1);
	desk_step(&rig.worker, &in, &rig.out);
}

static void step_no_such_symbol(void)
{
	rig_init(&rig);
	rig_step(&rig, event_make(EVENT_REGIME, UNIVERSE_N, 1));
}

static void price_without_a_symbol(void)
{
	rig_init(&rig);
	rig_price(&rig, SYM_NONE, USD(1));
}

static void step_what_is_not_routed(void)
{
	rig_init(&rig);
	rig_step(&rig, event_make(EVENT_BAR, GLD, 1));
}

static void tick_of_no_calendar(void)
{
	rig_init(&rig);
	rig_tick(&rig, CALENDARS_N, TICK_OPEN);
}

static void cycle_of_no_calendar(void)
{
	rig_init(&rig);
	rig_cycle(&rig, CALENDARS_N);
}

static void signal_of_no_strategy(void)
{
	rig_init(&rig);
	rig_signal(&rig, GLD, STRATEGY_COUNT, GRADE_BUY, 1, 1);
}

TEST(t_P7_inputs_of_ours_that_break_the_contract_trap)
{
	CHECK_BUG(step_out_of_number, 1224);
	CHECK_BUG(step_no_such_symbol, 1225);
	CHECK_BUG(price_without_a_symbol, 1225);
	CHECK_BUG(step_what_is_not_routed, 1223);
	CHECK_BUG(tick_of_no_calendar, 1221);
	CHECK_BUG(cycle_of_no_calendar, 1221);
	CHECK_BUG(signal_of_no_strategy, 1220);
}

TEST(t_P11_ticks_out_of_turn_never_decide_twice)
{
	rig_init(&rig);
	rig_price(&rig, GLD, USD(100));
	rig_wish(&rig, GLD, 1000);
	rig_cycle(&rig, CALENDAR_NYSE);
	rig_tick(&rig, CALENDAR_NYSE, TICK_CLOSE);
	rig_cycle(&rig, CALENDAR_NYSE);
	CHECK_EQ(rig.said[EVENT_ORDER_NEW], 0);        /* never opened */
	rig_decide(&rig, CALENDAR_NYSE);
	CHECK_EQ(rig.said[EVENT_ORDER_NEW], 1);
	(void)rig_fill_all(&rig);
	rig_wish(&rig, GLD, 2000);
	rig_cycle(&rig, CALENDAR_NYSE);
	rig_tick(&rig, CALENDAR_NYSE, TICK_OPEN);
	rig_tick(&rig, CALENDAR_NYSE, TICK_CLOSE);
	rig_cycle(&rig, CALENDAR_NYSE);
	CHECK_EQ(rig.said[EVENT_ORDER_NEW], 1);        /* decided already today */
	rig_decide(&rig, CALENDAR_NYSE);
	CHECK_EQ(rig.said[EVENT_ORDER_NEW], 2);
}

TEST(t_O1_a_dividend_is_cash_for_what_is_held_and_nothing_for_the_rest)
{
	rig_init(&rig);
	rig_hold(&rig, GLD, QTY(10), USD(100));
	rig_dividend(&rig, GLD, E8 / 4);
	CHECK_EQ(rig.desk.account.dividends_usd_e8, USD(5) / 2);
	CHECK(rig_said(&rig, EVENT_POSITION, GLD) && rig_said(&rig, EVENT_ACCOUNT, SYM_NONE));
	rig_dividend(&rig, SPY, E8);
	CHECK_EQ(rig.desk.account.dividends_usd_e8, USD(5) / 2);
	CHECK_EQ(rig.out.count, 0);
}
