/* market_real_test.c - real time: the clock of a test, the calendar, prices of the stream between moments, gaps and late bars. */
#include "fsm/feed/calendar.h"
#include "tests/unit/hal/venues/alpaca/market_rig.h"

/* The venue's time follows the wall. */
static void serve_until_wall(void)
{
	while (market_peek_t_ns(&rig.service.server.market) <= rig.wall_ns && moment_next(&rig.service.server)) continue;
}

static void set_wall(int64_t t_ns)
{
	rig.wall_ns = e8_max(rig.wall_ns, t_ns);
	serve_until_wall();
}

static int64_t delay_of(const struct event *event)
{
	bool is_open = event->kind == EVENT_PRICE || (event->kind == EVENT_TICK && event->tick.phase == TICK_OPEN);
	return is_open ? rig.plan.open_delay_ns : rig.plan.close_delay_ns;
}

/* On to the next moment, or a minute on when it does not come: a bar is missing. */
static void pass(void)
{
	const struct event *next = &rig.expected[rig.told];
	bool                is_busy = rig.market.reads.is_busy || rig.market.is_ready || !rig.place.is_warm;
	if (rig.told == rig.expected_n || is_busy) return;
	int64_t due_ns = next->t_ns + delay_of(next);
	set_wall(rig.wall_ns < due_ns ? due_ns : rig.wall_ns + 60 * NS_PER_S);
}

static void real_turn(void)
{
	uint32_t told = rig.told;
	rig_turn();
	if (rig.told == told) {
		pass();
		alpaca_market_go(&rig.market);        /* looks at the clock now */
	}
}

static uint32_t stop_at;
static bool     is_there(void) { return rig.told >= stop_at; }

static bool real_until(uint32_t told)
{
	int64_t late_ns = clock_monotonic_ns() + RIG_PATIENCE_S * NS_PER_S;
	stop_at = told;
	while (!is_there() && clock_monotonic_ns() < late_ns) real_turn();
	if (!is_there()) printf("    told %u of %u, %s\n", rig.told, rig.expected_n, alpaca_market_sentence(&rig.market));
	return is_there();
}

/* The index of the TICK of a day and phase of the exchange. */
static uint32_t tick_of(int32_t day, enum tick_phase phase)
{
	for (uint32_t i = 0; i < rig.expected_n; i++) {
		const struct event *event = &rig.expected[i];
		if (event->kind == EVENT_TICK && event->tick.day == day && event->tick.phase == phase && event->tick.calendar == CALENDAR_NYSE) return i;
	}
	CHECK(false);
	return 0;
}

TEST(t_D5_real_moments_come_by_clock_and_calendar)
{
	rig_init(21, 14, false);
	set_wall(rig.first_day * NS_PER_DAY);
	rig_start();
	CHECK(real_until(rig.expected_n));
	CHECK(rig.market.counts.again >= CFG_market_again_max);
	CHECK_EQ(rig.market.counts.missing, 2);        /* the day without gold: its open and its close */
	CHECK_EQ(rig.market.codec.malformed + rig.market.codec.strangers, 0);
	rig_stop();
}

TEST(t_D5_a_successor_in_real_time_tells_the_rest)
{
	rig_init(22, 7, false);
	set_wall(rig.first_day * NS_PER_DAY);
	rig_start();
	while (rig.told + 5 < rig.expected_n) {
		uint32_t next = rig.told + (rig.place.is_warm ? 5 : 333);
		if (!real_until(next < rig.expected_n ? next : rig.expected_n)) break;
		rig_restart();
	}
	CHECK(real_until(rig.expected_n));
	rig_stop();
}

/* Started in the afternoon, the morning is history: it is told, and nobody trades on it. */
TEST(t_D5_the_morning_before_the_start_is_history)
{
	rig_init(23, 3, false);
	set_wall(rig.first_day * NS_PER_DAY + 18 * 3600 * NS_PER_S);
	uint32_t morning = 0;
	for (uint32_t i = 0; i < rig.expected_n; i++) {
		struct event *event = &rig.expected[i];
		if (event->flags & EVENT_WARMING || event->t_ns + delay_of(event) >= rig.wall_ns) continue;
		event->flags |= EVENT_WARMING;
		morning++;
	}
	CHECK(morning > 10);
	rig_start();
	CHECK(real_until(rig.expected_n));
	rig_stop();
}

/* A dividend's ex-date: the venue restates every close before it, and our series goes on without a jump. */
TEST(t_D5_restated_closes_go_on_in_the_scale_told)
{
	rig_init(24, 7, false);
	struct bars_series *spy = &rig.bars.of[RIG_SPY];
	uint32_t            close = tick_of(rig.first_day + 2, TICK_CLOSE), restated = 0;
	set_wall(rig.first_day * NS_PER_DAY);
	rig_start();
	CHECK(real_until(close + 1));
	int64_t told_px_e8 = rig.market.place.scale[RIG_SPY].told_px_e8;
	for (uint32_t i = 0; i < spy->count && spy->bar[i].day <= rig.first_day + 2; i++, restated++) spy->bar[i].adj_px_e8 = e8_bp(spy->bar[i].adj_px_e8, 9900);
	CHECK(restated > 100);
	rig.compares = false;
	CHECK(real_until(tick_of(rig.first_day + 3, TICK_CLOSE) + 1));
	const struct bar *before = &spy->bar[restated - 1], *bar = &spy->bar[restated];
	CHECK_EQ(bar->day, rig.first_day + 3);
	CHECK_EQ(rig.market.place.scale[RIG_SPY].day, bar->day);
	CHECK_NEAR((double)rig.market.place.scale[RIG_SPY].told_px_e8 / (double)told_px_e8, (double)bar->adj_px_e8 / (double)before->adj_px_e8, 1e-9);
	CHECK(rig.market.place.scale[RIG_SPY].told_px_e8 != bar->adj_px_e8);
	rig_stop();
}

/* --- prices between moments --------------------------------------------------------------------------------------- */

static void begin_session(uint64_t seed, int64_t idle_ns)
{
	rig_init(seed, 3, false);
	rig.plan.idle_ns = idle_ns;
	set_wall(rig.first_day * NS_PER_DAY);
	rig_start();
	CHECK(real_until(tick_of(rig.first_day, TICK_OPEN) + 1));
	set_wall(rig.wall_ns + 1800 * NS_PER_S);
	CHECK(rig_until(rig_is_up));
	for (int i = 0; i < 2 * UNIVERSE_N; i++) rig_turn();        /* the last trades that were read after the subscription */
}

static void print(uint16_t sym, int64_t px_e8, int64_t t_ns)
{
	rig.service.server.moment.t_ns = t_ns;
	stream_price(&rig.service.server, sym, px_e8, false);
}

/* Until the driver has read that many messages of the stocks' stream more. */
static void heard(uint64_t messages)
{
	uint64_t until = rig.market.stream[0].messages + messages;
	int64_t  late_ns = clock_monotonic_ns() + RIG_PATIENCE_S * NS_PER_S;
	while (rig.market.stream[0].messages < until && clock_monotonic_ns() < late_ns) rig_turn();
	for (int i = 0; i < 4; i++) rig_turn();
	CHECK(rig.market.stream[0].messages >= until);
}

TEST(t_D5_prices_of_the_stream_once_in_a_period)
{
	begin_session(25, 0);
	set_wall(rig.wall_ns + 2 * rig.plan.price_period_ns);
	uint32_t before = rig.trades[RIG_SPY];
	for (int i = 0; i < 5; i++) {
		print(RIG_SPY, (215 + i) * E8, rig.wall_ns + i);
		heard(1);
		CHECK_EQ(rig.trades[RIG_SPY], before + 1);
	}
	CHECK_EQ(rig.trade.price.px_e8, 215 * E8);
	set_wall(rig.wall_ns + 2 * rig.plan.price_period_ns);
	for (int i = 0; i < 4; i++) rig_turn();
	CHECK_EQ(rig.trades[RIG_SPY], before + 2);
	CHECK_EQ(rig.trade.sym, RIG_SPY);
	CHECK_EQ(rig.trade.price.px_e8, 219 * E8);
	CHECK_EQ(rig.trade.price.day, rig.first_day);
	CHECK_EQ(rig.trade.flags, 0);
	rig_stop();
}

TEST(t_D5_prices_outside_the_session_or_ahead_of_the_clock_are_none)
{
	begin_session(26, 0);
	uint32_t before = rig.trades[RIG_SPY];
	print(RIG_SPY, 200 * E8, rig.first_day * NS_PER_DAY + 12 * 3600 * NS_PER_S);
	heard(1);
	CHECK_EQ(rig.trades[RIG_SPY], before);
	print(RIG_SPY, 200 * E8, rig.wall_ns + 3600 * NS_PER_S);
	heard(1);
	CHECK_EQ(rig.trades[RIG_SPY], before);
	CHECK(rig.market.counts.clock_off > 0);
	CHECK(strstr(alpaca_market_sentence(&rig.market), "set the clock"));
	rig_stop();
}

/* Somebody has put the clock right, by less than what a price may be ahead of it: nobody waits for it to come to where it was. */
TEST(t_R7_D5_prices_go_on_when_the_clock_is_set_back)
{
	begin_session(29, 0);
	set_wall(rig.wall_ns + 2 * rig.plan.price_period_ns);
	print(RIG_SPY, 215 * E8, rig.wall_ns);
	heard(1);
	uint32_t before = rig.trades[RIG_SPY];
	rig.wall_ns -= ALPACA_MARKET_CLOCK_OFF_S * NS_PER_S / 2;
	print(RIG_SPY, 216 * E8, rig.wall_ns + ALPACA_MARKET_CLOCK_OFF_S * NS_PER_S / 2 + NS_PER_S);
	heard(1);
	CHECK_EQ(rig.trades[RIG_SPY], before + 1);
	print(RIG_SPY, 217 * E8, rig.trade.t_ns + 1);        /* once in a period from here */
	heard(1);
	CHECK_EQ(rig.trades[RIG_SPY], before + 1);
	rig_stop();
}

static bool is_back_twice(void) { return rig.market.stream[0].push.opened >= 3 && rig_is_up(); }

/* No news in a session: a new connection, and what was missed is read. */
TEST(t_D5_a_stream_without_news_is_opened_anew_and_caught_up)
{
	begin_session(27, 200 * NS_PER_MS);
	uint64_t syncs = rig.market.counts.syncs;
	CHECK(rig_until(is_back_twice));
	CHECK(rig.market.counts.syncs > syncs);
	CHECK(rig.market.stream[0].idled >= 2);
	CHECK(strstr(rig.market.stream[0].sentence, "without news"));
	rig_stop();
}

static bool says_clock(void) { return strstr(alpaca_market_sentence(&rig.market), "set the clock") != 0; }

/* A machine that believes in 1970 waits until somebody tells it better. */
TEST(t_X5_a_clock_outside_the_calendars_is_a_sentence)
{
	rig_init(28, 2, false);
	rig_start();
	CHECK(rig_until(says_clock));
	CHECK(!rig.market.place.is_begun);
	set_wall(rig.first_day * NS_PER_DAY);
	CHECK(real_until(rig.expected_n));
	rig_stop();
}
