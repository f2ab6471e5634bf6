/* market_test.c - stepped time: the driver over TLS against the loopback venue tells what a recorded run tells, whatever happens on the way. */
#include "tests/unit/hal/venues/alpaca/market_rig.h"

#include "tests/unit/hal/wire/mutate.h"

/* 420 days of history on many pages, then 40 days; with the big counts, three years. */
TEST(t_X5_stepped_events_are_those_of_a_recorded_run)
{
	rig_warm_days = SERVER_WARM_DAYS;
	rig_init(11, getenv("TICKWORK_LONG") ? 1096 : 40, true);
	rig_start();
	CHECK(rig_until(rig_is_ended));
	CHECK_EQ(rig.told, rig.expected_n);
	CHECK_EQ(rig.market.codec.malformed + rig.market.codec.strangers + rig.market.counts.failures, 0);
	CHECK_EQ(rig.venue, VENUE_UP);
	CHECK(rig.market.rest.answered > rig.market.counts.moments + 10);
	CHECK_STR(alpaca_market_sentence(&rig.market), "");
	struct event event;
	CHECK_EQ(alpaca_market_ports.recv(&rig.market, &event), HAL_END);
	rig_stop();
}

/* What is not permitted does not come, and the venue does not move. */
static void nothing_comes(void)
{
	uint32_t told = rig.told;
	int64_t  moment = rig.service.server.moment.number;
	for (int64_t late_ns = clock_monotonic_ns() + 30 * NS_PER_MS; clock_monotonic_ns() < late_ns;) rig_turn();
	CHECK_EQ(rig.told, told);
	CHECK_EQ(rig.service.server.moment.number, moment);
}

/* Up to and with the TICK of the moment that comes. */
static bool rig_to_tick(void)
{
	uint32_t told = rig.told;
	int64_t  late_ns = clock_monotonic_ns() + RIG_PATIENCE_S * NS_PER_S;
	while ((rig.told == told || rig.expected[rig.told - 1].kind != EVENT_TICK) && clock_monotonic_ns() < late_ns) rig_turn();
	CHECK(rig.told > told);
	return rig.told > told;
}

TEST(t_X5_one_go_is_one_moment)
{
	rig_init(10, 3, true);
	rig.goes = false;
	rig_start();
	CHECK(rig_until(rig_is_up));
	nothing_comes();
	uint32_t ticks = 0;
	for (uint32_t i = 0; i < rig.expected_n; i++) ticks += rig.expected[i].kind == EVENT_TICK;
	for (uint32_t left = ticks; left > 0 && rig.told < rig.expected_n; left--) {
		bool is_checked = left % 40 == 0 || left < 12;
		alpaca_market_go(&rig.market);
		alpaca_market_go(&rig.market);
		if (!rig_to_tick()) break;
		if (is_checked) nothing_comes();
	}
	CHECK_EQ(rig.told, rig.expected_n);
	rig_stop();
}

static bool is_past_history(void) { return rig.told > 0 && !(rig.expected[rig.told - 1].flags & EVENT_WARMING); }
static uint32_t stop_at;
static bool is_there(void) { return rig.told >= stop_at; }

/* Killed every few events, in the history and in moments, the feed tells each event once. */
TEST(t_X5_a_successor_goes_on_in_the_middle_of_a_moment)
{
	uint64_t seed = 3;
	uint32_t restarts = 0;
	rig_init(12, 8, true);
	rig_start();
	for (stop_at = 40; !is_past_history() && rig.told < rig.expected_n; restarts++) {
		if (!rig_until(is_there)) break;
		stop_at = rig.told + 200;
		rig_restart();
	}
	while (rig.told + 8 < rig.expected_n) {
		stop_at = rig.told + 1 + (uint32_t)draw_below(&seed, 7);
		if (!rig_until(is_there)) break;
		rig_restart();
		restarts++;
	}
	CHECK(rig_until(rig_is_ended));
	CHECK_EQ(rig.told, rig.expected_n);
	CHECK(restarts > 20);
	rig_stop();
}

/* A successor that was permitted, whose predecessor moved the venue already but told nothing of it. */
TEST(t_X5_a_moment_that_was_asked_for_comes_again)
{
	rig_init(13, 4, true);
	rig_start();
	CHECK(rig_until(is_past_history));
	CHECK(rig_to_tick());
	int64_t moment = rig.service.server.moment.number;
	int64_t late_ns = clock_monotonic_ns() + RIG_PATIENCE_S * NS_PER_S;
	while (rig.service.server.moment.number == moment && clock_monotonic_ns() < late_ns) service_turn(&rig.service);
	CHECK_EQ(rig.service.server.moment.number, moment + 1);
	rig_restart();
	CHECK(rig_until(rig_is_ended));
	CHECK_EQ(rig.told, rig.expected_n);
	rig_stop();
}

TEST(t_D5_faults_of_rest_cost_time_and_no_event)
{
	static const enum fault_kind kinds[] = { FAULT_DROP, FAULT_CUT, FAULT_500, FAULT_GARBAGE, FAULT_429, FAULT_MUTE, FAULT_HALF_FRAME, FAULT_DOUBLE, FAULT_DELAY };
	rig_init(14, 10, true);
	for (uint32_t i = 0; i < sizeof kinds / sizeof *kinds; i++) rig_fault(kinds[i], FAULT_AT_DATA, 1, 3 + 5 * i, 20);
	rig_start();
	CHECK(rig_until(rig_is_ended));
	CHECK_EQ(rig.told, rig.expected_n);
	CHECK(rig.market.counts.failures >= 4);
	CHECK(alpaca_market_sentence(&rig.market)[0]);
	rig_stop();
}

TEST(t_D5_faults_of_streams_end_in_a_new_connection)
{
	static const enum fault_kind kinds[] = { FAULT_DROP, FAULT_CUT, FAULT_GARBAGE, FAULT_MUTE, FAULT_HALF_FRAME };
	rig_init(15, 4, true);
	rig_start();
	CHECK(rig_until(rig_is_up));
	for (uint32_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		uint64_t ended = 0, after = 0;
		rig_fault(kinds[i], FAULT_AT_DATA, 1, 0, 0);
		for (uint32_t s = 0; s < rig.market.streams_n; s++) ended += rig.market.stream[s].push.opened;
		uint16_t sym = i % 2 ? RIG_BTC : RIG_SPY;
		rig.venue = VENUE_DOWN;
		stream_price(&rig.service.server, sym, 100 * E8, false);
		CHECK(rig_until(rig_is_up));
		for (uint32_t s = 0; s < rig.market.streams_n; s++) after += rig.market.stream[s].push.opened;
		CHECK(after > ended);
	}
	CHECK(rig_until(rig_is_ended));
	CHECK_EQ(rig.told, rig.expected_n);
	rig_stop();
}

TEST(t_X5_a_refused_key_names_its_variable)
{
	rig_init(16, 4, true);
	rig.plan.secret = "not-this";
	rig_start();
	CHECK(rig_until(rig_is_refused));
	CHECK(strstr(alpaca_market_sentence(&rig.market), "TICKWORK_DATA_KEY_ID"));
	CHECK(!strstr(alpaca_market_sentence(&rig.market), "not-this"));
	CHECK_EQ(rig.told, 0);
	rig_stop();
}

TEST(t_X5_a_place_the_venue_does_not_know_is_a_sentence)
{
	rig_init(17, 4, true);
	rig.place = (struct alpaca_market_place){ .done = 1000, .first_day = rig.first_day, .is_begun = 1, .is_warm = 1 };
	rig_start();
	CHECK(rig_until(rig_is_refused));
	CHECK(strstr(alpaca_market_sentence(&rig.market), "stepped time needs the simulator"));
	rig_stop();
}

static bool is_begun(void) { return rig.market.place.is_begun && !rig.market.reads.is_busy; }

/* The first moments of the market are history for a driver that comes later. */
static void moments_are_history(uint32_t moments)
{
	for (uint32_t i = 0; moments > 0; i++) {
		bool is_market = !(rig.expected[i].flags & EVENT_WARMING);
		rig.expected[i].flags |= EVENT_WARMING;
		moments -= is_market && rig.expected[i].kind == EVENT_TICK;
	}
}

/* A step of a former life was on its way: the venue has moved on when the next life, which has no past, takes its own first step (seed 6381). */
TEST(t_X5_a_venue_that_goes_on_under_a_first_step_is_joined_again)
{
	rig_init(19, 5, true);
	rig.goes = false;
	for (int i = 0; i < 3; i++) CHECK(moment_next(&rig.service.server));
	rig_start();
	CHECK(rig_until(is_begun));
	CHECK_EQ(rig.market.place.done, 2);
	CHECK(moment_next(&rig.service.server));
	moments_are_history(3);
	rig.goes = true;
	alpaca_market_go(&rig.market);
	CHECK(rig_until(rig_is_refused));
	rig.market.reads.again_ns = 1;        /* a minute later */
	CHECK(rig_until(rig_is_ended));
	CHECK_EQ(rig.told, rig.expected_n);
	CHECK_EQ(rig.market.counts.refused, 1);
	rig_stop();
}

static struct alpaca_stream       other;
static struct alpaca_market_codec other_codec;

static void on_other(void *self, struct alpaca_stream *stream, enum alpaca_stream_event event, const struct alpaca_data *data)
{
	(void)self;
	(void)stream;
	(void)event;
	(void)data;
}

static bool other_is_synced(void) { return alpaca_stream_state(&other) == VENUE_SYNCING; }
static bool is_limited(void) { return rig.market.stream[0].limited > 0; }

/* The venue allows one connection a key: the second waits for the first to end. */
TEST(t_D5_one_connection_a_key)
{
	rig_init(18, 4, true);
	struct alpaca_stream_plan plan = { .reach = &rig.reach,
		.target = "/v2/iex",
		.key_id = "PKSIMDATA",
		.secret = "sim-data-secret",
		.codec = &other_codec,
		.log = &rig.log,
		.fn = on_other,
		.step_ns = NS_PER_S,
		.ping_ns = NS_PER_S,
		.silence_ns = 60 * NS_PER_S };
	alpaca_market_codec_init(&other_codec);
	alpaca_stream_init(&other, &plan);
	alpaca_stream_start(&other);
	int64_t late_ns = clock_monotonic_ns() + RIG_PATIENCE_S * NS_PER_S;
	while (!other_is_synced() && clock_monotonic_ns() < late_ns) service_turn(&rig.service);
	CHECK(other_is_synced());
	rig_start();
	CHECK(rig_until(is_limited));
	CHECK(strstr(rig.market.stream[0].sentence, "406"));
	CHECK(!rig_is_up());
	alpaca_stream_close(&other);
	CHECK(rig_until(rig_is_up));
	rig_stop();
}
