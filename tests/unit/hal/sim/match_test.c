/* match_test.c - the venue in memory: hand-computed prices, partial fills, expiry, and what must hold for any orders. */
#include "hal/sim/match.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "hal/replay/generate.h"
#include "hal/replay/market.h"
#include "hal/sim/root.h"
#include "tests/kit/test.h"

enum { NEW_YEAR = 17532 /* 2018-01-01, a day without a session */, HOUR = 3600 };

static struct match match;
static uint16_t     spy, btc;

static void begin(bool paper)
{
	struct settings settings;
	settings_default(&settings);
	struct match_costs costs = paper ? match_costs_paper(&settings) : match_costs_backtest();
	match_init(&match, &costs);
	spy = universe_find("SPY", 3);
	btc = universe_find("BTC-USD", 7);
}

static int64_t at(int32_t day, int32_t hour) { return (day * INT64_C(86400) + hour * HOUR) * NS_PER_S; }

static struct event order_new(uint64_t id, uint16_t sym, enum side side, enum time_in_force tif, int64_t qty_e8, int64_t limit_px_e8, int64_t t_ns)
{
	struct event event = event_make(EVENT_ORDER_NEW, sym, t_ns);
	event.request = (struct order_request){
		.journal_id = 7, .order_id = id, .qty_e8 = qty_e8, .limit_px_e8 = limit_px_e8, .side = (uint8_t)side,
		.order_type = limit_px_e8 ? ORDER_TYPE_LIMIT : ORDER_TYPE_MARKET, .time_in_force = (uint8_t)tif,
	};
	return event;
}

static void send(uint64_t id, uint16_t sym, enum side side, enum time_in_force tif, int64_t qty_e8, int64_t limit_px_e8, int64_t t_ns)
{
	struct event event = order_new(id, sym, side, tif, qty_e8, limit_px_e8, t_ns);
	match_order(&match, &event);
}

static void send_ref(enum event_kind kind, uint64_t id, int64_t qty_e8, int64_t limit_px_e8, int64_t t_ns)
{
	struct event event = event_make(kind, spy, t_ns);
	event.ref = (struct order_ref){ .journal_id = 7, .order_id = id, .qty_e8 = qty_e8, .limit_px_e8 = limit_px_e8 };
	match_order(&match, &event);
}

static void price(uint16_t sym, enum price_kind kind, int64_t px_e8, int64_t t_ns)
{
	struct event event = event_make(EVENT_PRICE, sym, t_ns);
	event.price = (struct price){ .px_e8 = px_e8, .price_kind = kind };
	match_market(&match, &event);
}

static void bar(uint16_t sym, int64_t low_px_e8, int64_t high_px_e8, int64_t close_px_e8, int64_t volume, int64_t t_ns)
{
	struct event event = event_make(EVENT_BAR, sym, t_ns);
	event.bar = (struct bar){
		.open_px_e8 = close_px_e8, .high_px_e8 = high_px_e8, .low_px_e8 = low_px_e8, .close_px_e8 = close_px_e8,
		.adj_px_e8 = close_px_e8, .volume = volume,
	};
	match_market(&match, &event);
}

static void tick(enum tick_phase phase, enum calendar_id calendar, int64_t t_ns)
{
	struct event event = event_make(EVENT_TICK, SYM_NONE, t_ns);
	event.tick = (struct tick){ .phase = (uint8_t)phase, .calendar = (uint8_t)calendar };
	match_market(&match, &event);
}

/* The next answer, which must be of this kind and for this order. */
static struct event want(enum event_kind kind, uint64_t order_id, int64_t t_ns)
{
	struct event event = event_make(EVENT_NONE, SYM_NONE, 0);
	CHECK(match_next(&match, INT64_MAX, &event));
	CHECK_STR(event_kind_name[event.kind], event_kind_name[kind]);
	CHECK_EQ(kind == EVENT_FILL ? event.fill.order_id : event.reply.order_id, order_id);
	CHECK_EQ(event.t_ns, t_ns);
	return event;
}

static void want_reply(enum event_kind kind, uint64_t order_id, enum match_code code, int64_t t_ns)
{
	struct event event = want(kind, order_id, t_ns);
	CHECK_EQ(event.reply.code, code);
	CHECK_EQ(event.reply.conclusive, 1);
}

static void want_fill(uint64_t order_id, int64_t qty_e8, int64_t px_e8, int64_t fee_usd_e8, int64_t remaining_e8, int64_t t_ns)
{
	struct event event = want(EVENT_FILL, order_id, t_ns);
	CHECK_EQ(event.fill.qty_e8, qty_e8);
	CHECK_EQ(event.fill.px_e8, px_e8);
	CHECK_EQ(event.fill.fee_usd_e8, fee_usd_e8);
	CHECK_EQ(event.fill.remaining_qty_e8, remaining_e8);
}

static void want_nothing(void)
{
	struct event event;
	CHECK(!match_next(&match, INT64_MAX, &event));
	CHECK_EQ(match_due_ns(&match), INT64_MAX);
}

/* 3.5: 0.05 % and 0.15 % on the price, 0.10 % of what it comes to. */
TEST(t_T1_backtest_costs_by_hand)
{
	begin(false);
	send(1, spy, SIDE_BUY, TIF_OPEN, 10 * E8, 0, at(NEW_YEAR, 21));
	send(2, spy, SIDE_SELL, TIF_OPEN, 10 * E8, 0, at(NEW_YEAR, 21));
	send(3, btc, SIDE_BUY, TIF_OPEN, 10000, 0, at(NEW_YEAR, 21));
	for (uint64_t id = 1; id <= 3; id++) want_reply(EVENT_ACK, id, MATCH_CODE_NONE, at(NEW_YEAR, 21));
	price(spy, PRICE_OPEN, 100 * E8, at(NEW_YEAR + 1, 14));
	want_fill(1, 10 * E8, 10005000000, 100050000, 0, at(NEW_YEAR + 1, 14));
	want_fill(2, 10 * E8, 9995000000, 99950000, 0, at(NEW_YEAR + 1, 14));
	price(btc, PRICE_OPEN, 20000 * E8, at(NEW_YEAR + 1, 24));
	want_fill(3, 10000, 20030 * E8, 200300, 0, at(NEW_YEAR + 1, 24));
	want_nothing();
}

TEST(t_T1_rounding_is_against_us)
{
	/* 33.33333333 x 1.0005 = 33.349999996665, x 0.9995 = 33.316666663335; 3 x 33.35 x 0.001 = 0.10005 */
	CHECK_EQ(match_fill_px_e8(SIDE_BUY, 3333333333, 50000), 3335000000);
	CHECK_EQ(match_fill_px_e8(SIDE_SELL, 3333333333, 50000), 3331666666);
	CHECK_EQ(match_fee_usd_e8(universe_find("SPY", 3), 3 * E8, 3335000000), 10005000);
	/* 0.0001 x 33.31666666 x 0.001 = 0.000003331666666 */
	CHECK_EQ(match_fee_usd_e8(universe_find("BTC-USD", 7), 10000, 3331666666), 334);
	/* 100.00000001 x 1.0005 = 100.050000010005, x 0.9995 = 99.950000009995 */
	CHECK_EQ(match_fill_px_e8(SIDE_BUY, 10000000001, 50000), 10005000002);
	CHECK_EQ(match_fill_px_e8(SIDE_SELL, 10000000001, 50000), 9995000000);
	CHECK_EQ(match_fill_px_e8(SIDE_SELL, 1, 50000), 1);
}

/* 4.11.1: 5 bp + 0.1 x 0.944911 % + 2 bp x (40,000 - 10,000) / 10,000 = 5 + 9.4492 + 6 = 20.4492 bp. */
TEST(t_T3_paper_costs_by_hand)
{
	begin(true);
	CHECK_EQ(match.symbol[spy].variance_e16, INT64_C(892857142857));        /* 0.15^2 / 252 */
	CHECK_EQ(root_floor(match.symbol[spy].variance_e16), 944911);
	CHECK_EQ(match_slippage_e8(&match, spy, 100 * E8, 400 * E8), 204492);
	CHECK_EQ(match_slippage_e8(&match, spy, 25 * E8, 400 * E8), 144492);
	send(1, spy, SIDE_BUY, TIF_DAY, 100 * E8, 0, at(NEW_YEAR + 1, 13));
	want_reply(EVENT_ACK, 1, MATCH_CODE_NONE, at(NEW_YEAR + 1, 13));
	price(spy, PRICE_OPEN, 400 * E8, at(NEW_YEAR + 1, 14));
	want_fill(1, 100 * E8, 40081796800, 4008179680, 0, at(NEW_YEAR + 1, 14));
	/* A day of +1 %: 0.94 x 892857142857 + 0.06 x 10^12 = 899285714285.58 */
	bar(spy, 400 * E8, 400 * E8, 400 * E8, 0, at(NEW_YEAR + 1, 21));
	bar(spy, 404 * E8, 404 * E8, 404 * E8, 0, at(NEW_YEAR + 2, 21));
	CHECK_EQ(match.symbol[spy].variance_e16, INT64_C(899285714286));
	CHECK_EQ(match_slippage_e8(&match, spy, 1000000 * E8, 400 * E8), 50000000);        /* at most half */
}

TEST(t_T3_delay)
{
	begin(true);
	send(1, spy, SIDE_BUY, TIF_DAY, E8, 0, at(NEW_YEAR + 1, 15));
	send(2, btc, SIDE_BUY, TIF_OPEN, E8, 0, at(NEW_YEAR + 1, 24));
	want_reply(EVENT_ACK, 1, MATCH_CODE_NONE, at(NEW_YEAR + 1, 15));
	want_reply(EVENT_ACK, 2, MATCH_CODE_NONE, at(NEW_YEAR + 1, 24));
	price(spy, PRICE_TRADE, 100 * E8, at(NEW_YEAR + 1, 15) + 59 * NS_PER_S);
	want_nothing();
	price(spy, PRICE_TRADE, 101 * E8, at(NEW_YEAR + 1, 15) + 60 * NS_PER_S);
	CHECK(want(EVENT_FILL, 1, at(NEW_YEAR + 1, 15) + 60 * NS_PER_S).fill.px_e8 > 101 * E8);
	/* The open comes with the order: its price is taken, a minute later. */
	struct event event;
	price(btc, PRICE_OPEN, 20000 * E8, at(NEW_YEAR + 1, 24));
	CHECK_EQ(match_due_ns(&match), at(NEW_YEAR + 1, 24) + 60 * NS_PER_S);
	CHECK(!match_next(&match, at(NEW_YEAR + 1, 24) + 59 * NS_PER_S, &event));
	send_ref(EVENT_ORDER_QUERY, 2, 0, 0, at(NEW_YEAR + 1, 24) + NS_PER_S);
	want_reply(EVENT_ACK, 2, MATCH_CODE_NONE, at(NEW_YEAR + 1, 24) + NS_PER_S);
	CHECK(want(EVENT_FILL, 2, at(NEW_YEAR + 1, 24) + 60 * NS_PER_S).fill.px_e8 > 20000 * E8);
	want_nothing();
}

/* 1 % of 5,000 is 50 a fill: at the open, at the close, the rest expires; a GTC order goes on the next day. */
TEST(t_T3_partial_fills)
{
	begin(true);
	bar(spy, 100 * E8, 100 * E8, 100 * E8, 5000, at(NEW_YEAR + 1, 21));
	tick(TICK_DAY_END, CALENDAR_NYSE, at(NEW_YEAR + 1, 24));
	send(1, spy, SIDE_BUY, TIF_DAY, 120 * E8, 0, at(NEW_YEAR + 2, 1));
	send(2, spy, SIDE_BUY, TIF_GTC, 120 * E8, 0, at(NEW_YEAR + 2, 1));
	send(3, spy, SIDE_BUY, TIF_OPEN, 120 * E8, 0, at(NEW_YEAR + 2, 1));
	send(4, spy, SIDE_BUY, TIF_IOC, 120 * E8, 0, at(NEW_YEAR + 2, 1));
	for (uint64_t id = 1; id <= 4; id++) want_reply(EVENT_ACK, id, MATCH_CODE_NONE, at(NEW_YEAR + 2, 1));
	price(spy, PRICE_OPEN, 100 * E8, at(NEW_YEAR + 2, 14));
	tick(TICK_OPEN, CALENDAR_NYSE, at(NEW_YEAR + 2, 14));
	for (uint64_t id = 1; id <= 4; id++) CHECK_EQ(want(EVENT_FILL, id, at(NEW_YEAR + 2, 14)).fill.qty_e8, 50 * E8);
	want_reply(EVENT_EXPIRED, 4, MATCH_CODE_NONE, at(NEW_YEAR + 2, 14));
	bar(spy, 100 * E8, 100 * E8, 100 * E8, 5000, at(NEW_YEAR + 2, 21));
	for (uint64_t id = 1; id <= 2; id++) CHECK_EQ(want(EVENT_FILL, id, at(NEW_YEAR + 2, 21)).fill.remaining_qty_e8, 20 * E8);
	tick(TICK_CLOSE, CALENDAR_NYSE, at(NEW_YEAR + 2, 21));
	tick(TICK_DAY_END, CALENDAR_NYSE, at(NEW_YEAR + 2, 24));
	want_reply(EVENT_EXPIRED, 1, MATCH_CODE_NONE, at(NEW_YEAR + 2, 24));
	want_reply(EVENT_EXPIRED, 3, MATCH_CODE_NONE, at(NEW_YEAR + 2, 24));
	price(spy, PRICE_OPEN, 100 * E8, at(NEW_YEAR + 3, 14));
	CHECK_EQ(want(EVENT_FILL, 2, at(NEW_YEAR + 3, 14)).fill.remaining_qty_e8, 0);
	want_nothing();
	CHECK_EQ(match.working, 0);
}

TEST(t_T3_a_thin_day_still_fills_one_lot)
{
	begin(true);
	bar(spy, 100 * E8, 100 * E8, 100 * E8, 3, at(NEW_YEAR + 1, 21));
	send(1, spy, SIDE_SELL, TIF_OPEN, 2 * E8, 0, at(NEW_YEAR + 1, 22));
	want_reply(EVENT_ACK, 1, MATCH_CODE_NONE, at(NEW_YEAR + 1, 22));
	price(spy, PRICE_OPEN, 100 * E8, at(NEW_YEAR + 2, 14));
	CHECK_EQ(want(EVENT_FILL, 1, at(NEW_YEAR + 2, 14)).fill.qty_e8, E8);
}

/* Sent after the close, an order waits for the next session; the end of this day is not its end. */
TEST(t_X2_orders_expire_after_a_session_they_were_there_for)
{
	begin(false);
	tick(TICK_OPEN, CALENDAR_NYSE, at(NEW_YEAR + 1, 14));
	send(1, spy, SIDE_BUY, TIF_DAY, E8, 50 * E8, at(NEW_YEAR + 1, 15));
	send(2, spy, SIDE_BUY, TIF_OPEN, E8, 0, at(NEW_YEAR + 1, 15));
	tick(TICK_CLOSE, CALENDAR_NYSE, at(NEW_YEAR + 1, 21));
	send(3, spy, SIDE_BUY, TIF_DAY, E8, 50 * E8, at(NEW_YEAR + 1, 21));
	send(4, spy, SIDE_BUY, TIF_GTC, E8, 50 * E8, at(NEW_YEAR + 1, 21));
	for (uint64_t id = 1; id <= 4; id++) (void)want(EVENT_ACK, id, id < 3 ? at(NEW_YEAR + 1, 15) : at(NEW_YEAR + 1, 21));
	tick(TICK_DAY_END, CALENDAR_NYSE, at(NEW_YEAR + 1, 24));
	want_reply(EVENT_EXPIRED, 1, MATCH_CODE_NONE, at(NEW_YEAR + 1, 24));
	tick(TICK_DAY_END, CALENDAR_CRYPTO, at(NEW_YEAR + 2, 24));
	want_nothing();
	tick(TICK_OPEN, CALENDAR_NYSE, at(NEW_YEAR + 3, 14));             /* without a price of its own */
	tick(TICK_CLOSE, CALENDAR_NYSE, at(NEW_YEAR + 3, 21));
	tick(TICK_DAY_END, CALENDAR_NYSE, at(NEW_YEAR + 3, 24));
	want_reply(EVENT_EXPIRED, 2, MATCH_CODE_NONE, at(NEW_YEAR + 3, 24));
	want_reply(EVENT_EXPIRED, 3, MATCH_CODE_NONE, at(NEW_YEAR + 3, 24));
	want_nothing();
	CHECK_EQ(match.working, 1);
}

TEST(t_T1_limit_orders)
{
	begin(false);
	send(1, spy, SIDE_BUY, TIF_GTC, E8, 99 * E8, at(NEW_YEAR + 1, 1));
	send(2, spy, SIDE_SELL, TIF_GTC, E8, 101 * E8, at(NEW_YEAR + 1, 1));
	(void)want(EVENT_ACK, 1, at(NEW_YEAR + 1, 1));
	(void)want(EVENT_ACK, 2, at(NEW_YEAR + 1, 1));
	price(spy, PRICE_OPEN, 100 * E8, at(NEW_YEAR + 1, 14));
	tick(TICK_OPEN, CALENDAR_NYSE, at(NEW_YEAR + 1, 14));
	send(3, spy, SIDE_BUY, TIF_GTC, E8, 99 * E8, at(NEW_YEAR + 1, 15));
	(void)want(EVENT_ACK, 3, at(NEW_YEAR + 1, 15));
	bar(spy, 99 * E8, 101 * E8, 100 * E8, 0, at(NEW_YEAR + 1, 21));           /* touched: others were first */
	want_nothing();
	tick(TICK_OPEN, CALENDAR_NYSE, at(NEW_YEAR + 2, 14));
	send(4, spy, SIDE_BUY, TIF_GTC, E8, 99 * E8, at(NEW_YEAR + 2, 15));
	(void)want(EVENT_ACK, 4, at(NEW_YEAR + 2, 15));
	bar(spy, 98 * E8, INT64_C(10101000000), 100 * E8, 0, at(NEW_YEAR + 2, 21));         /* 4 came after the open: only the close counts */
	want_fill(1, E8, 99 * E8, 9900000, 0, at(NEW_YEAR + 2, 21));
	want_fill(2, E8, 101 * E8, 10100000, 0, at(NEW_YEAR + 2, 21));
	want_fill(3, E8, 99 * E8, 9900000, 0, at(NEW_YEAR + 2, 21));
	price(spy, PRICE_OPEN, 98 * E8, at(NEW_YEAR + 3, 14));                    /* better than the limit, with slippage */
	want_fill(4, E8, 9804900000, 9804900, 0, at(NEW_YEAR + 3, 14));
	send(5, spy, SIDE_BUY, TIF_GTC, E8, 98 * E8, at(NEW_YEAR + 3, 15));
	(void)want(EVENT_ACK, 5, at(NEW_YEAR + 3, 15));
	price(spy, PRICE_TRADE, 98 * E8, at(NEW_YEAR + 3, 16));                   /* slippage ends at the limit */
	want_fill(5, E8, 98 * E8, 9800000, 0, at(NEW_YEAR + 3, 16));
}

TEST(t_X2_post_only_never_takes)
{
	begin(false);
	price(spy, PRICE_OPEN, 100 * E8, at(NEW_YEAR + 1, 14));
	tick(TICK_OPEN, CALENDAR_NYSE, at(NEW_YEAR + 1, 14));
	struct event event = order_new(1, spy, SIDE_BUY, TIF_GTC, E8, 100 * E8, at(NEW_YEAR + 1, 15));
	event.request.post_only = 1;
	match_order(&match, &event);
	want_reply(EVENT_NEW_REJECTED, 1, MATCH_CODE_POST_ONLY, at(NEW_YEAR + 1, 15));
	event.request.order_id = 2;
	event.request.limit_px_e8 = 99 * E8;
	match_order(&match, &event);
	want_reply(EVENT_ACK, 2, MATCH_CODE_NONE, at(NEW_YEAR + 1, 15));
	price(spy, PRICE_TRADE, 98 * E8, at(NEW_YEAR + 1, 16));
	want_fill(2, E8, 99 * E8, 9900000, 0, at(NEW_YEAR + 1, 16));
}

TEST(t_X2_an_order_id_never_makes_two_orders)
{
	begin(false);
	send(1, spy, SIDE_BUY, TIF_OPEN, E8, 0, at(NEW_YEAR, 1));
	send(1, spy, SIDE_BUY, TIF_OPEN, E8, 0, at(NEW_YEAR, 2));
	uint64_t venue_id = want(EVENT_ACK, 1, at(NEW_YEAR, 1)).reply.venue_id;
	CHECK_EQ(want(EVENT_ACK, 1, at(NEW_YEAR, 2)).reply.venue_id, venue_id);
	CHECK_EQ(match.working, 1);
	price(spy, PRICE_OPEN, 100 * E8, at(NEW_YEAR + 1, 14));
	uint64_t execution_id = want(EVENT_FILL, 1, at(NEW_YEAR + 1, 14)).fill.execution_id;
	send(1, spy, SIDE_BUY, TIF_OPEN, E8, 0, at(NEW_YEAR + 1, 15));
	CHECK_EQ(want(EVENT_FILL, 1, at(NEW_YEAR + 1, 15)).fill.execution_id, execution_id);
	want_nothing();
	price(spy, PRICE_OPEN, 100 * E8, at(NEW_YEAR + 2, 14));
	want_nothing();
	send(2, spy, SIDE_BUY, TIF_OPEN, E8 / 2, 0, at(NEW_YEAR + 2, 15));
	send(2, spy, SIDE_BUY, TIF_OPEN, E8 / 2, 0, at(NEW_YEAR + 2, 16));
	want_reply(EVENT_NEW_REJECTED, 2, MATCH_CODE_LOT, at(NEW_YEAR + 2, 15));
	want_reply(EVENT_NEW_REJECTED, 2, MATCH_CODE_LOT, at(NEW_YEAR + 2, 16));
}

TEST(t_X2_cancel_replace_and_query)
{
	begin(false);
	send_ref(EVENT_ORDER_CANCEL, 9, 0, 0, 1);
	send_ref(EVENT_ORDER_REPLACE, 9, E8, 0, 2);
	send_ref(EVENT_ORDER_QUERY, 9, 0, 0, 3);
	want_reply(EVENT_CANCEL_REJECTED, 9, MATCH_CODE_UNKNOWN, 1);
	want_reply(EVENT_REPLACE_REJECTED, 9, MATCH_CODE_UNKNOWN, 2);
	want_reply(EVENT_NOT_FOUND, 9, MATCH_CODE_UNKNOWN, 3);
	send(1, spy, SIDE_BUY, TIF_GTC, 2 * E8, 90 * E8, 4);
	(void)want(EVENT_ACK, 1, 4);
	send_ref(EVENT_ORDER_REPLACE, 1, E8, 0, 5);
	want_reply(EVENT_REPLACE_REJECTED, 1, MATCH_CODE_LIMIT, 5);
	send_ref(EVENT_ORDER_REPLACE, 1, 3 * E8, 95 * E8, 6);
	want_reply(EVENT_REPLACED, 1, MATCH_CODE_NONE, 6);
	CHECK_EQ(match.order[0].request.qty_e8, 3 * E8);
	CHECK_EQ(match.order[0].request.limit_px_e8, 95 * E8);
	send_ref(EVENT_ORDER_CANCEL, 1, 0, 0, 7);
	want_reply(EVENT_CANCELLED, 1, MATCH_CODE_NONE, 7);
	send_ref(EVENT_ORDER_CANCEL, 1, 0, 0, 8);
	want_reply(EVENT_CANCEL_REJECTED, 1, MATCH_CODE_TOO_LATE, 8);
	send_ref(EVENT_ORDER_REPLACE, 1, E8, 95 * E8, 9);
	want_reply(EVENT_REPLACE_REJECTED, 1, MATCH_CODE_TOO_LATE, 9);
	send_ref(EVENT_ORDER_QUERY, 1, 0, 0, 10);
	want_reply(EVENT_CANCELLED, 1, MATCH_CODE_NONE, 10);
	price(spy, PRICE_OPEN, 80 * E8, 11);
	want_nothing();
}

TEST(t_X2_orders_the_venue_refuses)
{
	begin(false);
	uint16_t vix = universe_find("VIX", 3);
	static const struct { int64_t qty_e8, limit_px_e8; enum match_code code; } bad[] = {
		{ 0, 0, MATCH_CODE_QUANTITY }, { -E8, 0, MATCH_CODE_QUANTITY }, { INT64_MAX, 0, MATCH_CODE_QUANTITY }, { E8 + 1, 0, MATCH_CODE_LOT },
		{ E8, -1, MATCH_CODE_LIMIT },
	};
	for (uint64_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		send(i + 1, spy, SIDE_BUY, TIF_DAY, bad[i].qty_e8, bad[i].limit_px_e8, 1);
		want_reply(EVENT_NEW_REJECTED, i + 1, bad[i].code, 1);
	}
	send(20, vix, SIDE_BUY, TIF_DAY, E8, 0, 1);
	want_reply(EVENT_NEW_REJECTED, 20, MATCH_CODE_NOT_TRADED, 1);
	send(21, SYM_NONE, SIDE_BUY, TIF_DAY, E8, 0, 1);
	want_reply(EVENT_NEW_REJECTED, 21, MATCH_CODE_SYMBOL, 1);
	send(22, spy, (enum side)7, TIF_DAY, E8, 0, 1);
	want_reply(EVENT_NEW_REJECTED, 22, MATCH_CODE_SIDE, 1);
	CHECK_EQ(match.working, 0);
}

TEST(t_X12_a_full_venue_says_so_and_forgets_only_finished_orders)
{
	begin(false);
	for (uint64_t id = 1; id <= CFG_orders_max; id++) {
		send(id, spy, SIDE_BUY, TIF_GTC, E8, 50 * E8, 1);
		(void)want(EVENT_ACK, id, 1);
	}
	send(CFG_orders_max + 1, spy, SIDE_BUY, TIF_GTC, E8, 50 * E8, 2);
	want_reply(EVENT_NEW_REJECTED, CFG_orders_max + 1, MATCH_CODE_FULL, 2);
	send_ref(EVENT_ORDER_CANCEL, 5, 0, 0, 3);
	(void)want(EVENT_CANCELLED, 5, 3);
	send(CFG_orders_max + 1, spy, SIDE_BUY, TIF_GTC, E8, 50 * E8, 4);
	(void)want(EVENT_ACK, CFG_orders_max + 1, 4);
	send(5, spy, SIDE_BUY, TIF_GTC, E8, 50 * E8, 5);
	want_reply(EVENT_NEW_REJECTED, 5, MATCH_CODE_FORGOTTEN, 5);
	send(6, spy, SIDE_BUY, TIF_GTC, E8, 50 * E8, 6);
	(void)want(EVENT_ACK, 6, 6);
	CHECK_EQ(match.working, CFG_orders_max);
	CHECK_EQ(match.working_most, CFG_orders_max);
	price(spy, PRICE_OPEN, 49 * E8, 7);
	struct event event;
	uint32_t     fills = 0;
	while (match_next(&match, 7, &event)) fills += event.kind == EVENT_FILL;
	CHECK_EQ(fills, CFG_orders_max);
	CHECK_EQ(match.working, 0);
}

TEST(t_T3_prices_out_of_range_do_nothing)
{
	begin(true);
	send(1, spy, SIDE_BUY, TIF_GTC, 1000 * E8, 0, 1);
	(void)want(EVENT_ACK, 1, 1);
	static const int64_t bad[] = { 0, -1, INT64_MIN, INT64_MAX, INT64_C(1000000000000001) };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		price(spy, PRICE_OPEN, bad[i], at(NEW_YEAR, 1));
		bar(spy, bad[i], bad[i], bad[i], INT64_MIN, at(NEW_YEAR, 1));
	}
	price(spy, PRICE_OPEN, 10000000 * E8, at(NEW_YEAR, 1));          /* 10 billion USD at once is no price of ours */
	want_nothing();
	price(SYM_NONE, PRICE_OPEN, E8, at(NEW_YEAR, 1));
	tick(TICK_OPEN, (enum calendar_id)200, at(NEW_YEAR, 1));
	want_nothing();
}

static void not_an_order(void)
{
	struct event event = event_make(EVENT_PRICE, 0, 0);
	match_order(&match, &event);
}
TEST(t_X2_a_caller_who_mixes_up_events_is_a_bug) { CHECK_BUG(not_an_order, 3102); }

/* --- any orders over any days --- */

enum { STORY_ORDERS_MAX = CFG_orders_max - 48 };
struct life { int64_t qty_e8, filled_e8; uint32_t ends, acks; };
static struct life   life[STORY_ORDERS_MAX + 1];
static struct bars   bars;
static struct market_replay market;
static uint64_t      story_state, story_orders;

static uint64_t draw(void)
{
	story_state = story_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return story_state >> 33;
}

static void send_any(int64_t t_ns)
{
	uint16_t sym = (uint16_t)(draw() % UNIVERSE_N);
	if (story_orders == STORY_ORDERS_MAX || universe[sym].asset_class == ASSET_INDEX) return;
	int64_t px_e8 = match.symbol[sym].px_e8, qty_e8 = universe[sym].lot_e8 * (int64_t)(1 + draw() % 60000);
	int64_t limit_px_e8 = px_e8 > 0 && draw() % 3 == 0 ? px_e8 / 100 * (int64_t)(96 + draw() % 9) : 0;
	uint64_t id = ++story_orders;
	life[id] = (struct life){ .qty_e8 = qty_e8 };
	send(id, sym, draw() % 2 ? SIDE_BUY : SIDE_SELL, (enum time_in_force)(draw() % 4), qty_e8, limit_px_e8, t_ns);
	if (draw() % 8 == 0) send_ref(EVENT_ORDER_CANCEL, 1 + draw() % story_orders, 0, 0, t_ns);
	if (draw() % 8 == 0) send_ref(EVENT_ORDER_QUERY, 1 + draw() % story_orders, 0, 0, t_ns);
}

static void note_answer(const struct event *event, uint64_t *execution_id)
{
	struct life *of = &life[event->kind == EVENT_FILL ? event->fill.order_id : event->reply.order_id];
	if (event->kind == EVENT_FILL && event->fill.execution_id > *execution_id) {
		CHECK_EQ(event->fill.execution_id, *execution_id + 1);
		*execution_id = event->fill.execution_id;
		of->filled_e8 += event->fill.qty_e8;
		of->ends += event->fill.remaining_qty_e8 == 0;
		CHECK_EQ(event->fill.remaining_qty_e8, of->qty_e8 - of->filled_e8);
		CHECK(event->fill.qty_e8 > 0 && event->fill.px_e8 > 0 && event->fill.fee_usd_e8 > 0);
	}
	of->acks += event->kind == EVENT_ACK;
}

/* A year of a generated market, orders at any tick; then everything left is cancelled. */
static void tell_story(uint64_t seed, bool paper)
{
	struct event event, answer;
	uint64_t     execution_id = 0;
	int64_t      before_ns = 0;
	begin(paper);
	story_state = seed;
	story_orders = 0;
	generate_bars(&bars, seed, NEW_YEAR, NEW_YEAR + 365);
	market_init(&market, &bars, NEW_YEAR, NEW_YEAR + 365);
	while (market_next(&market, &event)) {
		while (match_next(&match, event.t_ns, &answer)) {
			CHECK(answer.t_ns >= before_ns);
			before_ns = answer.t_ns;
			note_answer(&answer, &execution_id);
		}
		match_market(&match, &event);
		if (event.kind == EVENT_TICK) send_any(event.t_ns);
	}
	for (uint64_t id = 1; id <= story_orders; id++) send_ref(EVENT_ORDER_CANCEL, id, 0, 0, event.t_ns + NS_PER_DAY);
	while (match_next(&match, INT64_MAX, &answer)) {
		CHECK(answer.t_ns >= before_ns);
		before_ns = answer.t_ns;
		note_answer(&answer, &execution_id);
	}
	CHECK_EQ(match.working, 0);
	CHECK(story_orders > 500 && execution_id > 300);
}

TEST(t_X2_any_orders_are_conserved_and_end)
{
	for (uint64_t seed = 1; seed <= 12; seed++) {
		tell_story(seed, seed % 2 == 0);
		for (uint64_t id = 1; id <= story_orders; id++) {
			const struct match_order *order = &match.order[id - 1];
			CHECK_EQ(order->request.order_id, id);
			CHECK_EQ(order->filled_qty_e8, life[id].filled_e8);
			CHECK(life[id].filled_e8 <= life[id].qty_e8);
			CHECK((order->state == MATCH_FILLED) == (life[id].filled_e8 == life[id].qty_e8));
			CHECK(order->state == MATCH_FILLED || order->state == MATCH_CANCELLED || order->state == MATCH_EXPIRED);
			CHECK(life[id].acks >= 1);
		}
	}
}

TEST(t_X2_the_same_story_gives_the_same_fills)
{
	tell_story(3, true);
	static struct match_symbol symbol[UNIVERSE_N];
	static struct match_order  order[CFG_orders_max];
	memcpy(symbol, match.symbol, sizeof symbol);
	memcpy(order, match.order, sizeof order);
	tell_story(3, true);
	CHECK(memcmp(symbol, match.symbol, sizeof symbol) == 0);
	for (uint64_t i = 0; i < story_orders; i++) {
		CHECK_EQ(match.order[i].last_fill.px_e8, order[i].last_fill.px_e8);
		CHECK_EQ(match.order[i].last_fill.execution_id, order[i].last_fill.execution_id);
	}
}

/* The model written down once more, in doubles, from the bars alone; the worst fill of a year must agree to 1e-6. */
TEST(t_T3_fills_agree_with_the_model_from_outside)
{
	struct event event, answer;
	double       variance = 0, before = 0, worst = 0;
	uint64_t     id = 0, fills = 0;
	begin(true);
	generate_bars(&bars, 5, NEW_YEAR, NEW_YEAR + 365);
	market_init(&market, &bars, NEW_YEAR, NEW_YEAR + 365);
	variance = pow(universe[spy].volatility_bp / 1e4, 2) / 252;
	while (market_next(&market, &event)) {
		match_market(&match, &event);
		while (match_next(&match, event.t_ns, &answer)) {
			if (answer.kind != EVENT_FILL) continue;
			double px = e8_to_double(event.price.px_e8), qty = e8_to_double(match.order[id - 1].request.qty_e8);
			double slippage = 5e-4 + 0.1 * sqrt(variance) + fmax(qty * px - 10000, 0) / 10000 * 2e-4;
			double expected = px * (answer.fill.side == SIDE_BUY ? 1 + slippage : 1 - slippage);
			worst = fmax(worst, fabs(e8_to_double(answer.fill.px_e8) / expected - 1));
			fills++;
		}
		if (event.kind == EVENT_BAR && event.sym == spy) {
			double close = e8_to_double(event.bar.adj_px_e8);
			if (before > 0) variance = 0.94 * variance + 0.06 * pow(close / before - 1, 2);
			before = close;
		}
		if (event.kind == EVENT_TICK && event.tick.phase == TICK_CLOSE && event.tick.calendar == CALENDAR_NYSE) {
			id++;
			send(id, spy, id % 2 ? SIDE_BUY : SIDE_SELL, TIF_OPEN, E8 * (int64_t)(1 + id * 3), 0, event.t_ns);
		}
	}
	CHECK(fills > 240);
	CHECK(worst < 1e-6);
}
