/* pump_route_test.c - what waits for whom and in which order: priorities, routes, TICKs, full channels, prices nobody believes (P1, P2, P5, D3). */
#include "tests/unit/firmware/pump_rig.h"

/* A process pays for the workers it has: the rooms of the others stay as the kernel gave them. */
TEST(t_P1_only_the_rooms_of_placed_workers_are_touched)
{
	static struct worker_rooms blank;
	struct settings            settings;
	settings_default(&settings);
	memset(&rooms, 0, sizeof rooms);
	rooms_init(&rooms, PLACED(health), JOURNAL_ID, &settings, true);
	CHECK(memcmp(&rooms.health, &blank.health, sizeof rooms.health) != 0);
	rooms.health = blank.health;
	CHECK_EQ(memcmp(&rooms, &blank, sizeof rooms), 0);
	rooms_init(&rooms, PLACED(feed), JOURNAL_ID, &settings, true);
	CHECK(memcmp(&rooms.feed, &blank.feed, sizeof rooms.feed) != 0);
	CHECK_EQ(memcmp(&rooms.analyst, &blank.analyst, sizeof rooms.analyst), 0);
	CHECK_EQ(memcmp(&rooms.desk, &blank.desk, sizeof rooms.desk), 0);
}

/* --- P5 ------------------------------------------------------------------------------------------------------------------------ */

/* Which input of the desk the n-th signal with this tag became; 0: none. */
static uint64_t input_of(uint64_t tag)
{
	for (uint32_t i = 0; i < heard_n; i++)
		if (heard[i].kind == EVENT_SIGNAL && heard[i].signal.trace_id == tag) return heard[i].cause;
	return 0;
}

enum { HIGH_TAG = 10000, NORMAL_TAG = 20000 };

static void wait_in_line(uint32_t alarms, uint32_t high, uint32_t normal)
{
	struct event alarm = event_make(EVENT_ALARM, 1, 0), note = signal_of(1, DAY, GRADE_HOLD);
	for (uint32_t i = 0; i < normal; i++) {
		note.signal.trace_id = NORMAL_TAG + i;
		put(CHANNEL_signals_normal, &note);
	}
	for (uint32_t i = 0; i < high; i++) {
		note.signal.trace_id = HIGH_TAG + i;
		put(CHANNEL_signals_high, &note);
	}
	for (uint32_t i = 0; i < alarms; i++) put(CHANNEL_alarms, &alarm);
}

TEST(t_P5_alarms_first_then_high_then_normal)
{
	begin(PLACED(desk) | PLACED(ledger));
	wait_in_line(3, 2, 2);
	pump_settle(&pump);
	CHECK_EQ(rooms.desk.inputs, 7);
	CHECK_EQ(input_of(HIGH_TAG), 4);
	CHECK_EQ(input_of(HIGH_TAG + 1), 5);
	CHECK_EQ(input_of(NORMAL_TAG), 6);
	CHECK_EQ(input_of(NORMAL_TAG + 1), 7);
}

TEST(t_P5_when_all_wait_each_turn_gives_the_lowest_at_least_one)
{
	enum { MORE = 88, HIGH = 600, NORMAL = 5 };
	uint64_t at = CFG_drain_max;        /* the first turn goes to the alarms, but for one of each */
	begin(PLACED(desk) | PLACED(ledger));
	wait_in_line(CFG_drain_max + MORE, HIGH, NORMAL);
	pump_settle(&pump);
	CHECK_EQ(input_of(HIGH_TAG), at + 1);
	CHECK_EQ(input_of(NORMAL_TAG), at + 2);
	at += 2 + MORE;                     /* the second: the other alarms, then high until the limit, then one */
	CHECK_EQ(input_of(HIGH_TAG + 1), at + 1);
	CHECK_EQ(input_of(HIGH_TAG + CFG_drain_max - MORE), at + CFG_drain_max - MORE);
	CHECK_EQ(input_of(NORMAL_TAG + 1), at + CFG_drain_max - MORE + 1);
	CHECK_EQ(input_of(HIGH_TAG + CFG_drain_max - MORE + 1), at + CFG_drain_max - MORE + 2);
	CHECK_EQ(rooms.desk.inputs, CFG_drain_max + MORE + HIGH + NORMAL);
}

/* --- P2: routes, progress, ticks --------------------------------------------------------------------------------------------- */

TEST(t_P2_each_worker_gets_only_its_events)
{
	begin(PLACED(feed));
	bar(1, DAY, 100 * E8);
	CHECK_EQ(waiting(CHANNEL_market_context), 1);
	CHECK_EQ(waiting(CHANNEL_market_analyst), 1);
	CHECK_EQ(waiting(CHANNEL_market_health), 1);
	CHECK_EQ(waiting(CHANNEL_market_desk) + waiting(CHANNEL_market_ledger), 0);
	struct event dividend = event_make(EVENT_DIVIDEND, 1, close_ns(DAY));
	dividend.dividend.per_unit_e8 = E8;
	pump_event(&pump, &dividend);
	CHECK_EQ(waiting(CHANNEL_market_desk), 1);
	CHECK_EQ(waiting(CHANNEL_market_context) + waiting(CHANNEL_market_analyst), 2);
	tick(TICK_CLOSE, DAY, close_ns(DAY));
	CHECK_EQ(waiting(CHANNEL_market_context), 2);
	CHECK_EQ(waiting(CHANNEL_market_analyst), 2);
	CHECK_EQ(waiting(CHANNEL_market_health), 2);
	CHECK_EQ(waiting(CHANNEL_market_desk), 2);
	bar(1, DAY + 1, 300 * E8);        /* not believed: the books hear of it, nobody else */
	CHECK_EQ(waiting(CHANNEL_market_ledger), 1);
	CHECK_EQ(waiting(CHANNEL_market_context) + waiting(CHANNEL_market_analyst), 4);
	CHECK_EQ(waiting(CHANNEL_alarms) + waiting(CHANNEL_signals_high) + waiting(CHANNEL_signals_normal) + waiting(CHANNEL_results), 0);
}

TEST(t_P2_progress_moves_with_each_step_and_tick)
{
	static struct worker_progress *at[6];
	begin(PLACED(feed) | PLACED(context) | PLACED(analyst) | PLACED(health) | PLACED(desk) | PLACED(ledger));
	at[0] = pump.map->progress_feed, at[1] = pump.map->progress_context, at[2] = pump.map->progress_analyst;
	at[3] = pump.map->progress_health, at[4] = pump.map->progress_desk, at[5] = pump.map->progress_ledger;
	for (int32_t day = DAY; day < DAY + 5; day++) {
		uint64_t before[6];
		for (int w = 0; w < 6; w++) before[w] = at[w]->steps;
		session(day);
		tick(TICK_DAY_END, day, (day + 1) * NS_PER_DAY);
		for (int w = 0; w < 6; w++) CHECK(at[w]->steps > before[w]);
		for (int w = 0; w < 5; w++) CHECK_EQ(at[w]->ticks, 3 * (uint64_t)(day - DAY + 1));
	}
	for (int w = 0; w < 6; w++) CHECK_EQ(at[w]->full_channels, 0);
}

TEST(t_P2_nobody_takes_a_tick_before_those_it_follows)
{
	struct event event = event_make(EVENT_TICK, SYM_NONE, close_ns(DAY));
	event.tick = (struct tick){ .day = DAY, .phase = TICK_CLOSE, .calendar = CALENDAR_NYSE };
	begin(PLACED(feed) | PLACED(context) | PLACED(analyst) | PLACED(health) | PLACED(desk));
	put(CHANNEL_market_desk, &event);
	put(CHANNEL_market_analyst, &event);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_analyst->ticks + pump.map->progress_desk->ticks, 0);        /* the feed has not done it */
	pump.map->progress_feed->ticks = 1;
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_analyst->ticks + pump.map->progress_desk->ticks, 0);        /* the context has not */
	put(CHANNEL_market_context, &event);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_context->ticks, 1);
	CHECK_EQ(pump.map->progress_analyst->ticks, 1);
	CHECK_EQ(pump.map->progress_desk->ticks, 0);        /* health has not */
	CHECK_EQ(waiting(CHANNEL_market_desk), 1);
	put(CHANNEL_market_health, &event);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_health->ticks, 1);
	CHECK_EQ(pump.map->progress_desk->ticks, 1);
}

/* What waits behind a TICK that may not be taken yet waits as well: the queue keeps its order. */
TEST(t_P2_nothing_overtakes_a_waiting_tick)
{
	struct event event = event_make(EVENT_TICK, SYM_NONE, close_ns(DAY)), dividend = event_make(EVENT_DIVIDEND, 1, close_ns(DAY));
	event.tick = (struct tick){ .day = DAY, .phase = TICK_CLOSE, .calendar = CALENDAR_NYSE };
	begin(PLACED(feed) | PLACED(health) | PLACED(desk));
	put(CHANNEL_market_desk, &event);
	put(CHANNEL_market_desk, &dividend);
	pump_settle(&pump);
	CHECK_EQ(waiting(CHANNEL_market_desk), 2);
	CHECK_EQ(rooms.desk.inputs, 0);
}

TEST(t_P2_a_full_channel_is_counted_and_stops_nobody)
{
	begin(PLACED(feed));
	pump.logs = true;
	for (int i = 0; i < CFG_ring_events + 3; i++) bar(1, DAY + i, 100 * E8);
	CHECK_EQ(pump.map->progress_feed->full_channels, 9);        /* context's, analyst's and health's */
	CHECK_EQ(waiting(CHANNEL_market_analyst), CFG_ring_events);
	CHECK_EQ(pump.map->log_feed->count, 4);        /* the first, the second, the fourth, the eighth: said when their number has doubled */
	const struct log_record *said = &pump.map->log_feed->slot[2];
	CHECK(said->kind == LOG_KIND_queue && said->level == LOG_warn);
	CHECK_STR(said->text, "queue market_context is full: a record is dropped; 4 so far of feed");
}

/* --- D3 ------------------------------------------------------------------------------------------------------------------------ */

TEST(t_D3_a_quarantined_price_reaches_no_worker)
{
	struct event price;
	uint16_t     spy = sym_of("SPY");
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	bar(spy, DAY, 100 * E8);
	tick(TICK_CLOSE, DAY, close_ns(DAY));
	bar(spy, DAY + 1, 10 * E8);
	tick(TICK_CLOSE, DAY + 1, close_ns(DAY + 1));
	CHECK(cell_read(&pump.map->prices[spy], &price));
	CHECK_EQ(price.price.px_e8, 100 * E8);
	CHECK_EQ(rooms.desk.account.position[spy].px_e8, 100 * E8);
	uint32_t quarantines = 0;
	for (uint32_t i = 0; i < heard_n; i++) quarantines += heard[i].kind == EVENT_QUARANTINE && heard[i].sym == spy;
	CHECK_EQ(quarantines, 1);
	bar(spy, DAY + 2, 10 * E8);
	tick(TICK_CLOSE, DAY + 2, close_ns(DAY + 2));
	CHECK_EQ(rooms.desk.account.position[spy].px_e8, 10 * E8);
}
