/* market_rig.h - the whole market data driver against the loopback venue, in one process and one loop, beside the recorded market of the same bars.
 *
 * rig_expect makes the events that hal/replay/market gives for the range: those of symbols Alpaca has, without DIVIDENDs, history marked. Every
 * event the driver tells is held against the next of them; VENUE events and PRICEs of trades are counted apart. */
#ifndef TESTS_UNIT_HAL_VENUES_ALPACA_MARKET_RIG_H
#define TESTS_UNIT_HAL_VENUES_ALPACA_MARKET_RIG_H
#include <stdio.h>
#include <string.h>

#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "hal/replay/generate.h"
#include "hal/sim/server/moment.h"
#include "hal/sim/server/service.h"
#include "hal/sim/server/stream.h"
#include "hal/venues/alpaca/market.h"
#include "tests/kit/test.h"

enum { RIG_WARM_DAYS = 60, RIG_EVENTS = 1 << 16, RIG_PATIENCE_S = 20, RIG_GLD = 0, RIG_SPY = 1, RIG_BTC = 3, RIG_ANSWER_MS = 300 };

struct rig {
	struct service              service;
	struct bars                 bars, history;
	struct market_replay        replay;
	struct dns                  dns;
	struct anchors              anchors;
	struct tls_sessions         sessions;
	struct reach                reach;
	struct machine_log          log;
	struct alpaca_market_plan   plan;
	struct alpaca_market        market;
	struct alpaca_market_place  place;
	struct event                expected[RIG_EVENTS], trade, last;
	uint32_t                    expected_n, told, trades[UNIVERSE_N], states[VENUE_STATES_N], ended;
	int32_t                     first_day, last_day;
	int64_t                     wall_ns;
	uint8_t                     venue;
	bool                        goes, compares;        /* permits the next moment after each TICK; holds what is told against the recorded market */
};

static struct rig rig;
static int32_t    rig_warm_days = RIG_WARM_DAYS;

static inline int64_t rig_wall_ns(void *self)
{
	(void)self;
	return rig.wall_ns;
}

static inline bool rig_is_expected(const struct event *event)
{
	return event->kind != EVENT_DIVIDEND && (event->sym == SYM_NONE || alpaca_is_listed(event->sym));
}

/* stepped: what is before midnight of the first day is history; else what is of an earlier date. */
static inline void rig_expect(void)
{
	struct event event;
	int32_t      day = INT32_MIN;
	market_init(&rig.replay, &rig.bars, rig.first_day - rig.plan.warm_days, rig.last_day);
	while (market_next(&rig.replay, &event)) {
		if (!rig_is_expected(&event)) continue;
		day = event.kind == EVENT_TICK ? event.tick.day : event.kind == EVENT_BAR ? event.bar.day : event.price.day;
		bool is_history = rig.plan.is_stepped ? event.t_ns < rig.first_day * NS_PER_DAY : day < rig.first_day;
		if (is_history) event.flags |= EVENT_WARMING;
		CHECK(rig.expected_n < RIG_EVENTS);
		rig.expected[rig.expected_n++] = event;
	}
	CHECK(rig.expected_n > 0);
}

/* Generated bars with what the generator has not: dividends, a day without a bar, one symbol that begins late. */
static inline void rig_bars(uint64_t seed)
{
	generate_bars(&rig.bars, seed, rig.first_day - SERVER_WARM_DAYS, rig.last_day);
	struct bars_series *spy = &rig.bars.of[RIG_SPY], *gld = &rig.bars.of[RIG_GLD];
	for (uint32_t i = 0; i + 15 < spy->count; i++) spy->bar[i].adj_px_e8 = e8_bp(spy->bar[i].adj_px_e8, 9930);
	for (uint32_t i = 0; i + 5 < spy->count; i++) spy->bar[i].adj_px_e8 = e8_bp(spy->bar[i].adj_px_e8, 9955);
	memmove(&gld->bar[gld->count - 8], &gld->bar[gld->count - 7], 7 * sizeof gld->bar[0]);
	gld->count--;
}

static inline void rig_serve(void)
{
	struct server_config config = { .bars = &rig.bars, .from_day = rig.first_day, .to_day = rig.last_day, .cash_usd_e8 = 100000 * E8, .rate = SERVER_RATE_MAX,
		.key = { [SERVER_KEY_DATA] = { "PKSIMDATA", "sim-data-secret" }, [SERVER_KEY_TRADING] = { "PKSIM", "sim-secret" } } };
	struct service_plan  plan = { 0 };
	CHECK(service_open(&rig.service, &plan, &config));
	anchors_init(&rig.anchors);
	CHECK_EQ(anchors_add(&rig.anchors, rig.service.certificate.der, rig.service.certificate.chain.data_len), ANCHORS_OK);
	dns_init(&rig.dns);
	rig.reach = (struct reach){ .dns = &rig.dns,
		.host = "localhost",
		.port = rig.service.port,
		.anchors = &rig.anchors,
		.sessions = &rig.sessions,
		.limits = { NS_PER_S, 5 * NS_PER_S, 0 },
		.connects_per_min = 600 };
}

/* Impatient, so that a fault costs a test a moment and not a quarter of a minute. */
static inline void rig_start(void)
{
	alpaca_market_init(&rig.market, &rig.plan, &rig.place);
	rig.market.rest.plan.answer_ns = RIG_ANSWER_MS * NS_PER_MS;
	for (uint32_t i = 0; i < rig.market.streams_n; i++) {
		rig.market.stream[i].push.plan.ping_ns = 100 * NS_PER_MS;
		rig.market.stream[i].push.plan.silence_ns = 400 * NS_PER_MS;
	}
	alpaca_market_start(&rig.market);
	if (rig.goes) alpaca_market_go(&rig.market);
}

static inline void rig_stop(void) { alpaca_market_close(&rig.market); }

/* The feed's process is killed and its successor has the place and nothing else. */
static inline void rig_restart(void)
{
	rig_stop();
	memset(&rig.market, 0x5a, sizeof rig.market);
	memset(&rig.history, 0x5a, sizeof(struct bars_series));
	rig_start();
}

static inline void rig_init(uint64_t seed, int32_t days, bool is_stepped)
{
	CHECK(loop_open());
	rig.first_day = day_from_civil(2015, 3, 3);        /* a Tuesday; the summer clock begins on Sunday */
	rig.last_day = rig.first_day + days - 1;
	rig.plan = (struct alpaca_market_plan){ .data = &rig.reach,
		.stream = &rig.reach,
		.key_id = "PKSIMDATA",
		.secret = "sim-data-secret",
		.key_name = "TICKWORK_DATA_KEY_ID",
		.feed = "iex",
		.history = &rig.history,
		.warm_days = rig_warm_days,
		.is_stepped = is_stepped,
		.wall_ns = rig_wall_ns,
		.log = &rig.log };
	alpaca_market_defaults(&rig.plan);
	rig.plan.requests_per_min = 1000000;
	rig.goes = rig.compares = true;
	rig.venue = VENUE_DOWN;
	rig_bars(seed);
	rig_serve();
	rig_expect();
}

static inline void rig_fault(enum fault_kind kind, enum fault_where where, uint32_t count, uint32_t after, uint32_t ms)
{
	struct fault fault = { (uint8_t)kind, (uint8_t)where, count, after, ms };
	CHECK(faults_arm(&rig.service.server.faults, &fault));
}

/* Field by field, so that a failure says which. */
static inline void rig_compare(const struct event *got, const struct event *want)
{
	CHECK_STR(event_kind_name[got->kind], event_kind_name[want->kind]);
	CHECK_EQ(got->sym, want->sym);
	CHECK_EQ(got->t_ns, want->t_ns);
	CHECK_EQ(got->flags, want->flags);
	if (want->kind == EVENT_BAR) {
		CHECK_EQ(got->bar.open_px_e8, want->bar.open_px_e8);
		CHECK_EQ(got->bar.close_px_e8, want->bar.close_px_e8);
		CHECK_EQ(got->bar.adj_px_e8, want->bar.adj_px_e8);
		CHECK_EQ(got->bar.volume, want->bar.volume);
		CHECK_EQ(got->bar.day, want->bar.day);
	}
	if (want->kind == EVENT_TICK) {
		CHECK_EQ(got->tick.day, want->tick.day);
		CHECK_EQ(got->tick.phase, want->tick.phase);
		CHECK_EQ(got->tick.calendar, want->tick.calendar);
		CHECK_EQ(got->tick.early_close, want->tick.early_close);
	}
	if (!rig.plan.is_stepped && want->kind == EVENT_TICK) return;        /* real time knows no last day */
	CHECK(memcmp(got->bytes, want->bytes, sizeof got->bytes) == 0);
}

static inline void rig_hear(const struct event *event)
{
	bool is_trade = event->kind == EVENT_PRICE && event->price.price_kind == PRICE_TRADE;
	CHECK(event->t_ns >= rig.last.t_ns);
	rig.last = *event;
	rig.place = rig.market.place;
	if (event->kind == EVENT_VENUE) rig.states[rig.venue = (uint8_t)event->venue.state]++;
	else if (is_trade) {
		rig.trade = *event;
		rig.trades[event->sym]++;
	} else {
		CHECK(rig.told < rig.expected_n);
		if (rig.compares) rig_compare(event, &rig.expected[rig.told]);
		rig.told++;
	}
	if (event->kind == EVENT_TICK && rig.goes) alpaca_market_go(&rig.market);
}

/* One event, or a turn of the loop. */
static inline void rig_turn(void)
{
	struct event event;
	switch (alpaca_market_ports.recv(&rig.market, &event)) {
	case HAL_EVENT: rig_hear(&event); return;
	case HAL_END: rig.ended++; break;
	case HAL_IDLE: break;
	}
	service_turn(&rig.service);
}

static inline bool rig_until(bool (*is)(void))
{
	int64_t late_ns = clock_monotonic_ns() + RIG_PATIENCE_S * NS_PER_S;
	while (!is() && clock_monotonic_ns() < late_ns) rig_turn();
	if (!is()) printf("    told %u of %u, venue %u, %s\n", rig.told, rig.expected_n, rig.venue, alpaca_market_sentence(&rig.market));
	return is();
}

static inline bool rig_is_ended(void) { return rig.ended > 0; }
static inline bool rig_is_up(void) { return rig.venue == VENUE_UP; }
static inline bool rig_is_refused(void) { return rig.venue == VENUE_REFUSED; }

#endif
