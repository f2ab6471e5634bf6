/* trading_rig.h - the whole trading driver against the loopback venue, in one process and one loop, with a small desk that keeps count.
 *
 * The desk books every FILL once by its execution id and remembers the last word of each order, so that after any faults its books can be
 * held against the venue's own. */
#ifndef TESTS_UNIT_HAL_VENUES_ALPACA_TRADING_RIG_H
#define TESTS_UNIT_HAL_VENUES_ALPACA_TRADING_RIG_H
#include <stdio.h>
#include <string.h>

#include "fsm/desk/order.h"
#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "hal/replay/generate.h"
#include "hal/sim/server/moment.h"
#include "hal/sim/server/service.h"
#include "hal/venues/alpaca/trading.h"
#include "tests/kit/test.h"

enum { RIG_JOURNAL = 77, RIG_ORDERS = 512, RIG_FILLS = 2048, RIG_PATIENCE_S = 20, RIG_SPY = 1, RIG_QQQ = 2, RIG_BTC = 3 };
enum rig_state { RIG_FREE, RIG_SENT, RIG_LIVE, RIG_FILLED, RIG_CANCELLED, RIG_EXPIRED, RIG_REJECTED, RIG_NEVER };

struct rig_order { enum rig_state state; int64_t qty_e8, filled_e8; uint64_t venue_id; uint32_t code; bool is_buy; };
struct rig {
	struct service        service;
	struct bars           bars;
	struct dns            dns;
	struct anchors        anchors;
	struct tls_sessions   sessions;
	struct reach          reach;
	struct machine_log    log;
	struct alpaca_plan    plan;
	struct alpaca_trading trading;
	struct rig_order      order[RIG_ORDERS];        /* order id is the index << 8 */
	uint32_t              orders_n, fills_n;
	uint64_t              fill[RIG_FILLS], repeats, heard[EVENT_KINDS_N], snapshot;
	uint32_t              holdings, externals_live;
	int64_t               qty_e8[UNIVERSE_N], cash_usd_e8, last_ns, external_qty_e8;
	struct balance        balance;
	int64_t               held_e8[UNIVERSE_N];
	uint8_t               venue;
	bool                  is_up;
	uint64_t              story;        /* hash of all that was told */
};

static struct rig rig;

static inline struct rig_order *rig_order_of(uint64_t order_id)
{
	CHECK(order_id >> 8 < RIG_ORDERS && (order_id & 255) == 0);
	return &rig.order[order_id >> 8];
}

static inline void rig_book(const struct event *event)
{
	const struct fill *fill = &event->fill;
	struct rig_order  *order = rig_order_of(fill->order_id);
	for (uint32_t i = 0; i < rig.fills_n; i++) {
		if (rig.fill[i] != fill->execution_id) continue;
		rig.repeats++;
		return;
	}
	CHECK(rig.fills_n < RIG_FILLS);
	rig.fill[rig.fills_n++] = fill->execution_id;
	order->filled_e8 += fill->qty_e8;
	if (order->filled_e8 >= order->qty_e8) order->state = RIG_FILLED;
	rig.qty_e8[event->sym] += fill->side == SIDE_BUY ? fill->qty_e8 : -fill->qty_e8;
	int64_t paid = e8_mul(fill->qty_e8, fill->px_e8);
	rig.cash_usd_e8 -= (fill->side == SIDE_BUY ? paid : -paid) + fill->fee_usd_e8;
}

static inline void rig_word(const struct event *event, enum rig_state state)
{
	struct rig_order *order = rig_order_of(event->reply.order_id);
	if (order->state == RIG_FILLED) return;
	if (state == RIG_LIVE && order->state > RIG_LIVE) return;
	order->state = state;
	order->code = event->reply.code;
	if (event->reply.venue_id) order->venue_id = event->reply.venue_id;
}

static inline void rig_hear_venue(const struct event *event)
{
	if (event->kind == EVENT_VENUE) {
		rig.venue = (uint8_t)event->venue.state;
		rig.is_up = rig.venue == VENUE_UP;
	}
	if (event->kind == EVENT_HOLDING) {
		if (rig.snapshot != event->holding.snapshot) memset(rig.held_e8, 0, sizeof rig.held_e8);
		rig.snapshot = event->holding.snapshot;
		rig.held_e8[event->sym] = event->holding.qty_e8;
	}
	if (event->kind == EVENT_BALANCE) {
		if (event->balance.holdings == 0) memset(rig.held_e8, 0, sizeof rig.held_e8);
		rig.balance = event->balance;
	}
}

static inline void rig_hear(const struct event *event)
{
	CHECK(event->t_ns >= rig.last_ns);
	rig.last_ns = event->t_ns;
	rig.heard[event->kind]++;
	rig.story = hash_words(hash_u64(hash_u64(rig.story, event->kind), (uint64_t)event->t_ns), event->bytes, sizeof event->bytes);
	if (event->kind == EVENT_ACK || event->kind == EVENT_REPLACED) rig_word(event, RIG_LIVE);
	if (event->kind == EVENT_NEW_REJECTED) rig_word(event, RIG_REJECTED);
	if (event->kind == EVENT_CANCELLED) rig_word(event, RIG_CANCELLED);
	if (event->kind == EVENT_EXPIRED) rig_word(event, RIG_EXPIRED);
	if (event->kind == EVENT_NOT_FOUND) rig_word(event, RIG_NEVER);
	if (event->kind == EVENT_NOT_FOUND) CHECK(event->reply.conclusive);
	if (event->kind == EVENT_FILL) rig_book(event);
	if (event->kind == EVENT_CASH) rig.cash_usd_e8 += event->cash.usd_e8;
	if (event->kind == EVENT_EXTERNAL) rig.external_qty_e8 = event->external.qty_e8 - event->external.filled_qty_e8;
	rig_hear_venue(event);
}

static inline void rig_turn(void)
{
	struct event event;
	service_turn(&rig.service);
	while (alpaca_trading_ports.recv(&rig.trading, &event) == HAL_EVENT) rig_hear(&event);
}

static inline bool rig_until(bool (*is)(void))
{
	int64_t late_ns = clock_monotonic_ns() + RIG_PATIENCE_S * NS_PER_S;
	while (!is() && clock_monotonic_ns() < late_ns) rig_turn();
	return is();
}

static inline void rig_pass(int64_t ms)
{
	for (int64_t late_ns = clock_monotonic_ns() + ms * NS_PER_MS; clock_monotonic_ns() < late_ns;) {
		struct event event;
		loop_once(NS_PER_MS);
		server_now(&rig.service.server, clock_monotonic_ns());
		while (alpaca_trading_ports.recv(&rig.trading, &event) == HAL_EVENT) rig_hear(&event);
	}
}

static inline bool rig_is_up(void) { return rig.is_up; }
static inline bool rig_is_quiet(void) { return alpaca_trading_is_quiet(&rig.trading); }
static inline bool rig_is_refused(void) { return rig.venue == VENUE_REFUSED && rig.heard[EVENT_VENUE] > 0; }

/* Impatient, so that a fault costs a test a moment and not a quarter of a minute. */
static inline void rig_start(void)
{
	alpaca_trading_init(&rig.trading, &rig.plan);
	rig.trading.rest.plan.answer_ns = rig.trading.hot.plan.answer_ns = 300 * NS_PER_MS;
	rig.trading.push.plan.ping_ns = 100 * NS_PER_MS;
	rig.trading.push.plan.silence_ns = 400 * NS_PER_MS;
	rig.trading.push.plan.upgrade_ns = 500 * NS_PER_MS;
	alpaca_trading_start(&rig.trading);
}

/* Another life of the driver, whose journal is whole up to then. */
static inline void rig_restart(int64_t since_t_ns)
{
	rig.plan.since_t_ns = rig.last_ns = since_t_ns;
	rig.is_up = false;
	rig_start();
}

static inline void rig_again(int64_t since_t_ns)
{
	alpaca_trading_close(&rig.trading);
	rig_restart(since_t_ns);
}

static inline void rig_credential(struct server_credential *key, const char *id, const char *secret)
{
	snprintf(key->id, sizeof key->id, "%s", id);
	snprintf(key->secret, sizeof key->secret, "%s", secret);
}

static inline void rig_open(void)
{
	char                 trust[512];
	int32_t              from = day_from_civil(2015, 1, 5), to = day_from_civil(2015, 3, 31);
	struct server_config config = { .bars = &rig.bars, .from_day = from, .to_day = to, .cash_usd_e8 = 100000 * E8, .rate = SERVER_RATE_MAX };
	struct service_plan  plan = { .trust = trust };
	snprintf(trust, sizeof trust, "%s/root.pem", test_folder());
	CHECK(loop_open());
	generate_bars(&rig.bars, 7, from - 420, to);
	rig_credential(&config.key[SERVER_KEY_TRADING], "PKSIM", "sim-secret");
	rig_credential(&config.key[SERVER_KEY_DATA], "PKSIMDATA", "sim-data-secret");
	CHECK(service_open(&rig.service, &plan, &config));
	CHECK_STR(rig.service.sentence, "");
	dns_init(&rig.dns);
	anchors_init(&rig.anchors);
	CHECK_EQ(anchors_add(&rig.anchors, rig.service.certificate.der, rig.service.certificate.chain.data_len), ANCHORS_OK);
	rig.reach = (struct reach){ &rig.dns, "localhost", rig.service.port, &rig.anchors, &rig.sessions, { NS_PER_S, 5 * NS_PER_S, 0 }, 600 };
	rig.plan = (struct alpaca_plan){ .reach = &rig.reach,
		.key_id = "PKSIM",
		.secret = "sim-secret",
		.key_name = "APCA_API_KEY_ID",
		.words = { order_id_text, order_id_parse },
		.journal_id = RIG_JOURNAL,
		.dead_after_ns = 300 * NS_PER_MS,
		.requests_per_min = 100000,
		.is_stepped = true,
		.log = &rig.log };
	rig.cash_usd_e8 = 100000 * E8;
	rig.orders_n = 1;
}

static inline void rig_begin(void)
{
	rig_open();
	rig_start();
	CHECK(rig_until(rig_is_up));
}

/* One moment of the market, until the driver has told everything of it. */
static inline void rig_moment(void)
{
	CHECK(moment_next(&rig.service.server));
	alpaca_trading_moment(&rig.trading, rig.service.server.moment.t_ns);
}

static inline uint64_t rig_send(uint16_t sym, enum side side, int64_t qty_e8, int64_t limit_px_e8, enum time_in_force tif)
{
	struct event event = event_make(EVENT_ORDER_NEW, sym, rig.last_ns);
	uint32_t     slot = rig.orders_n++;
	CHECK(slot < RIG_ORDERS);
	rig.order[slot] = (struct rig_order){ .state = RIG_SENT, .qty_e8 = qty_e8, .is_buy = side == SIDE_BUY };
	event.request = (struct order_request){ .journal_id = RIG_JOURNAL,
		.order_id = (uint64_t)slot << 8,
		.qty_e8 = qty_e8,
		.limit_px_e8 = limit_px_e8,
		.side = (uint8_t)side,
		.order_type = limit_px_e8 ? ORDER_TYPE_LIMIT : ORDER_TYPE_MARKET,
		.time_in_force = (uint8_t)tif };
	alpaca_trading_ports.send(&rig.trading, &event);
	return (uint64_t)slot << 8;
}

static inline void rig_ref(enum event_kind kind, uint64_t order_id, int64_t qty_e8, int64_t limit_px_e8)
{
	struct event event = event_make(kind, RIG_SPY, rig.last_ns);
	event.ref = (struct order_ref){ RIG_JOURNAL, order_id, qty_e8, limit_px_e8 };
	alpaca_trading_ports.send(&rig.trading, &event);
}

/* Every order stands at the venue once or not at all, as the desk has been told, and the books agree to the last digit. */
static inline void rig_compare(void)
{
	const struct broker *broker = &rig.service.server.broker;
	uint32_t             fills = 0;
	for (uint32_t i = 0; i < broker->activities_n; i++) fills += broker->activity[i].kind == ACTIVITY_FILL;
	CHECK_EQ(rig.fills_n, fills);
	CHECK_EQ(rig.cash_usd_e8, broker->cash_usd_e8);
	for (uint16_t i = 0; i < UNIVERSE_N; i++) CHECK_EQ(rig.qty_e8[i], broker->position[i].qty_e8);
	for (uint32_t slot = 1; slot < rig.orders_n; slot++) {
		char     id[ORDER_ID_TEXT_BYTES];
		uint32_t count = 0;
		order_id_text(RIG_JOURNAL, (uint64_t)slot << 8, id);
		for (uint32_t i = 0; i < broker->orders_n; i++) count += strcmp(broker->order[i].client_id, id) == 0;
		bool is_there = rig.order[slot].state != RIG_NEVER && rig.order[slot].state != RIG_REJECTED && rig.order[slot].state != RIG_SENT;
		CHECK_EQ(count, is_there);
		uint32_t at = broker_find(broker, id, strlen(id));
		if (at != BROKER_NONE) CHECK_EQ(rig.order[slot].filled_e8, broker->order[at].filled_qty_e8);
		if (at != BROKER_NONE && broker_is_open(&broker->order[at])) CHECK_EQ(rig.order[slot].state, RIG_LIVE);
	}
}

#endif
