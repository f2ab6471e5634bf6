/* pump_test.c - what the pump promises the workers and the venue: priorities, order of ticks, routes, journal before send, timers. */
#include "firmware/pump.h"

#include <string.h>

#include "firmware/modes/recorder.h"
#include "hal/sim/disk.h"
#include "hal/store/journal_read.h"
#include "tests/kit/test.h"

enum { SENT_MAX = 4096, DISK_BYTES = 24 << 20, SEGMENT_BYTES = 4 << 20, JOURNAL_ID = 7, HEARD_MAX = 4096, DAY = 17000, SIGNAL_TRACE = 0x50001 };

/* --- a venue that says nothing by itself and writes down what it is told ---------------------------------------------------- */

static struct {
	struct event sent[SENT_MAX];
	uint32_t     count;
	uint64_t     risk_sends, early_sends, undurable_sends;
} venue;

static struct worker_rooms  rooms;
static struct pump          pump;
static struct journal       journal;
static struct journal_setup setup;
static struct disk_sim      disk;
static uint8_t              disk_memory[DISK_BYTES], disk_durable[DISK_BYTES], journal_buffer[1 << 20];
static struct event         heard[HEARD_MAX];
static uint32_t             heard_n;

/* The promise, looked at from outside at the moment an order leaves. */
static void venue_send(void *self, const struct event *event)
{
	bool risk = event->kind == EVENT_ORDER_NEW && !event->request.reduce_only;
	(void)self;
	BUG_UNLESS(4327, venue.count < SENT_MAX);
	venue.sent[venue.count++] = *event;
	venue.risk_sends += risk;
	if (!pump.journal || pump.journal_verdict != JOURNAL_OK) {
		venue.undurable_sends += risk && pump.journal;
		return;
	}
	venue.early_sends += journal.result_seq != event->cause;
	venue.undurable_sends += risk && pump.durable && journal.durable_seq != journal_last_seq(&journal);
}

static enum hal_recv venue_recv(void *self, struct event *event)
{
	(void)self;
	(void)event;
	return HAL_END;
}

static int64_t venue_now_ns(void *self)
{
	(void)self;
	return 0;
}

static uint64_t venue_random(void *self)
{
	(void)self;
	return 0;
}

static const struct hal_world venue_ports = { venue_recv, venue_send, venue_now_ns, venue_random };
static struct hal             hal = { 0, &venue_ports, 0 };

static void on_result(void *self, const struct event *event)
{
	(void)self;
	BUG_UNLESS(4328, heard_n < HEARD_MAX);
	heard[heard_n++] = *event;
}

#define PLACED(worker) (1u << WORKER_##worker)

static void begin(uint32_t placed)
{
	struct settings    settings;
	struct memory_map *map = map_make();
	BUG_UNLESS(4329, map);
	settings_default(&settings);
	rooms_init(&rooms, placed, JOURNAL_ID, &settings, true);
	pump_init(&pump, map, &rooms, &hal, placed);
	pump.listener.on_result = on_result;
}

static void begin_journal(void)
{
	struct journal_plan plan = { .journal_id = JOURNAL_ID, .segment_bytes = SEGMENT_BYTES, .segments_max = 4, .shape = JOURNAL_GROW };
	memset(disk_memory, 0, sizeof disk_memory);
	memset(disk_durable, 0, sizeof disk_durable);
	disk_sim_init(&disk);
	disk_sim_room(&disk, disk_memory, disk_durable, sizeof disk_memory);
	recorder_setup(&setup, &rooms.desk.settings, TRADE_SIM);
	CHECK_EQ(journal_create(&journal, &disk.disk, "journal", &plan, &setup, journal_buffer, sizeof journal_buffer), JOURNAL_OK);
	pump.journal = &journal;
	pump.durable = true;
}

/* --- a market of one's own --------------------------------------------------------------------------------------------------- */

static uint16_t sym_of(const char *symbol) { return universe_find(symbol, strlen(symbol)); }
static int64_t  open_ns(int32_t day) { return day * NS_PER_DAY + 52200 * NS_PER_S; }
static int64_t  close_ns(int32_t day) { return day * NS_PER_DAY + 75600 * NS_PER_S; }

static void tick(enum tick_phase phase, int32_t day, int64_t t_ns)
{
	struct event event = event_make(EVENT_TICK, SYM_NONE, t_ns);
	event.tick = (struct tick){ .day = day, .phase = (uint8_t)phase, .calendar = CALENDAR_NYSE };
	pump_event(&pump, &event);
}

static void bar(uint16_t sym, int32_t day, int64_t px_e8)
{
	struct event event = event_make(EVENT_BAR, sym, close_ns(day));
	event.bar = (struct bar){ px_e8, px_e8, px_e8, px_e8, px_e8, 1000000, day, CALENDAR_NYSE };
	pump_event(&pump, &event);
}

/* A session in which these two symbols trade at 100 USD, up to the close. */
static void session(int32_t day)
{
	tick(TICK_OPEN, day, open_ns(day));
	bar(sym_of("SPY"), day, 100 * E8);
	bar(sym_of("QQQ"), day, 100 * E8);
	tick(TICK_CLOSE, day, close_ns(day));
}

static void put(enum channel_id id, const struct event *event) { CHECK(channel_put(&pump.channel[id], event, sizeof *event)); }

static struct event signal_of(uint16_t sym, int32_t day, enum grade grade)
{
	struct event event = event_make(EVENT_SIGNAL, sym, close_ns(day));
	event.signal = (struct signal_note){ .trace_id = SIGNAL_TRACE,
		.volatility_e8 = 15 * E8 / 100, .px_e8 = 100 * E8, .day = day, .confidence_bp = BP_ONE, .weight_bp = BP_ONE,
		.bars_seen = 300, .bars_needed = 200, .strategy = STRATEGY_momentum, .grade = (uint8_t)grade };
	return event;
}

static void wish(const char *symbol, int32_t day, enum grade grade)
{
	struct event event = signal_of(sym_of(symbol), day, grade);
	put(CHANNEL_signals_high, &event);
}

static void decide(int32_t day)
{
	struct event event = event_make(EVENT_CYCLE, SYM_NONE, close_ns(day));
	event.cycle = (struct cycle){ .day = day, .calendar = CALENDAR_NYSE };
	put(CHANNEL_signals_normal, &event);
	pump_settle(&pump);
}

static uint32_t sent(enum event_kind kind, const char *symbol)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < venue.count; i++) count += venue.sent[i].kind == kind && venue.sent[i].sym == sym_of(symbol);
	return count;
}

static const struct event *last_new(const char *symbol)
{
	for (uint32_t i = venue.count; i-- > 0;)
		if (venue.sent[i].kind == EVENT_ORDER_NEW && venue.sent[i].sym == sym_of(symbol)) return &venue.sent[i];
	return 0;
}

static void answer(const char *symbol, enum event_kind kind, int64_t t_ns)
{
	const struct event *order = last_new(symbol);
	struct event        event = event_make(kind, sym_of(symbol), t_ns);
	BUG_UNLESS(4330, order);
	event.reply = (struct order_reply){ .order_id = order->request.order_id, .venue_id = order->request.order_id + 1, .conclusive = 1 };
	pump_event(&pump, &event);
}

static void fill(const char *symbol, int64_t t_ns)
{
	static uint64_t     executions;
	const struct event *order = last_new(symbol);
	struct event        event = event_make(EVENT_FILL, sym_of(symbol), t_ns);
	BUG_UNLESS(4331, order);
	event.fill = (struct fill){ .order_id = order->request.order_id, .execution_id = ++executions, .qty_e8 = order->request.qty_e8, .px_e8 = 100 * E8,
		.side = order->request.side };
	pump_event(&pump, &event);
}

/* Something of the world at this time that changes no order. */
static void time_passes(int64_t t_ns)
{
	struct event event = event_make(EVENT_OPERATOR, SYM_NONE, t_ns);
	event.instruction.command = OPERATOR_RESUME;
	pump_event(&pump, &event);
}

/* The desk's timers run out; the venue says of each order it is asked about that it never saw it. */
static void never_arrived(int64_t t_ns)
{
	uint32_t from = venue.count;
	time_passes(t_ns);
	for (uint32_t i = from, until = venue.count; i < until; i++) {
		if (venue.sent[i].kind != EVENT_ORDER_QUERY) continue;
		struct event event = event_make(EVENT_NOT_FOUND, venue.sent[i].sym, t_ns + 1);
		event.reply = (struct order_reply){ .order_id = venue.sent[i].ref.order_id, .conclusive = 1 };
		pump_event(&pump, &event);
	}
}

/* Bought at the close of the day, filled at its end. */
static void buy(const char *symbol, int32_t day)
{
	session(day);
	wish(symbol, day, GRADE_STRONG_BUY);
	decide(day);
	answer(symbol, EVENT_ACK, close_ns(day));
	fill(symbol, close_ns(day) + 1);
	tick(TICK_DAY_END, day, (day + 1) * NS_PER_DAY);
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

/* What was made of history is not heard; what is said of this moment's prices is, though market time stands at history's last TICK. */
TEST(t_R7_an_alarm_of_now_is_heard_when_the_last_tick_was_historys)
{
	begin(PLACED(desk));
	struct event alarm = event_make(EVENT_ALARM, 1, DAY * NS_PER_DAY);
	pump.map->progress_desk->warm_ns = DAY * NS_PER_DAY;
	put(CHANNEL_alarms, &alarm);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_desk->steps, 0);
	alarm.flags = EVENT_OF_NOW;
	put(CHANNEL_alarms, &alarm);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_desk->steps, 1);
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

static uint64_t waiting(enum channel_id id) { return channel_waiting(&pump.channel[id]); }

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

/* --- P8 ------------------------------------------------------------------------------------------------------------------------ */

/* The nth record of that kind in the desk's ring; 0 when there is none. */
static const struct log_record *told(enum log_kind kind, uint32_t nth)
{
	const struct log_ring *ring = pump.map->log_desk;
	for (uint64_t i = 0; i < ring->count; i++)
		if (ring->slot[i].kind == kind && nth-- == 0) return &ring->slot[i];
	return 0;
}

TEST(t_P8_one_trace_goes_from_signal_to_fill)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	pump.logs = true;
	buy("SPY", DAY);
	const struct log_record *signal = told(LOG_KIND_signal, 0), *order = told(LOG_KIND_order, 0), *fill_of = told(LOG_KIND_fill, 0);
	BUG_UNLESS(3921, signal && order && fill_of);
	uint64_t order_id = last_new("SPY")->request.order_id;
	CHECK(signal->order_id == order_id && order->order_id == order_id && fill_of->order_id == order_id);
	CHECK(signal->trace_id == order_id >> 8 && order->trace_id == signal->trace_id && fill_of->trace_id == signal->trace_id);
	CHECK_STR(signal->text, "momentum STRONG_BUY, weight 100 %, confidence 100 %");
	CHECK(told(LOG_KIND_signal, 1) == 0);
	CHECK_EQ(signal->value, SIGNAL_TRACE);
}

/* And a shadow run says nothing: all of it was told when it was done. */
TEST(t_P8_an_input_does_not_hide_the_first_output_of_its_step)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	buy("SPY", DAY);
	session(DAY + 1);
	wish("QQQ", DAY + 1, GRADE_STRONG_BUY);
	decide(DAY + 1);
	pump.logs = true;
	answer("QQQ", EVENT_NEW_REJECTED, close_ns(DAY + 1) + 1);
	CHECK(told(LOG_KIND_order, 0) && told(LOG_KIND_order, 1));        /* what the venue said, and what became of the order */
	pump.shadow = true;
	uint64_t count = pump.map->log_desk->count;
	time_passes(close_ns(DAY + 1) + 2);
	CHECK_EQ(pump.map->log_desk->count, count);
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

/* --- X2: journal before send -------------------------------------------------------------------------------------------------- */

TEST(t_X2_an_order_leaves_after_its_result_is_appended_and_risk_after_it_is_durable)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	buy("SPY", DAY);
	buy("QQQ", DAY + 1);
	CHECK_EQ(venue.risk_sends, 2);
	CHECK_EQ(pump.order_steps, 2);
	CHECK_EQ(pump.syncs, 2);
	session(DAY + 2);
	wish("SPY", DAY + 2, GRADE_STRONG_SELL);
	decide(DAY + 2);
	CHECK_EQ(venue.risk_sends, 2);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 2);
	CHECK(last_new("SPY")->request.reduce_only);
	CHECK_EQ(pump.syncs, 3);        /* a reduction too: its order must be known after a power cut */
	CHECK_EQ(venue.early_sends + venue.undurable_sends, 0);
}

TEST(t_X2_without_a_durable_result_risk_stays_and_reductions_and_cancels_go)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	buy("SPY", DAY);
	CHECK_EQ(venue.risk_sends, 1);
	disk_sim_script(&disk, (struct disk_sim_fault){ .nth = disk.calls[DISK_SIM_SYNC] + 1, .verb = DISK_SIM_SYNC, .code = DISK_FAILED });
	session(DAY + 1);
	wish("SPY", DAY + 1, GRADE_STRONG_SELL);
	wish("QQQ", DAY + 1, GRADE_STRONG_BUY);
	decide(DAY + 1);
	CHECK_EQ(pump.journal_verdict, JOURNAL_LOST);
	CHECK_EQ(rooms.desk.journal_lost, 1);
	CHECK_EQ(pump.withheld, 1);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "QQQ"), 0);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 2);        /* of the same step: the exit is not blocked */
	CHECK(last_new("SPY")->request.reduce_only);
	struct event halt = event_make(EVENT_OPERATOR, SYM_NONE, close_ns(DAY + 1) + 1);
	halt.instruction.command = OPERATOR_HALT;
	pump_event(&pump, &halt);
	CHECK_EQ(sent(EVENT_ORDER_CANCEL, "QQQ"), 1);
	halt.instruction.command = OPERATOR_RESUME;
	pump_event(&pump, &halt);
	answer("SPY", EVENT_ACK, close_ns(DAY + 1) + 2);
	never_arrived(close_ns(DAY + 1) + CFG_order_timeout_ms * NS_PER_MS + 2);
	CHECK_EQ(order_table_reserved_usd_e8(&rooms.desk.orders), 0);
	tick(TICK_DAY_END, DAY + 1, (DAY + 2) * NS_PER_DAY);
	session(DAY + 2);
	wish("QQQ", DAY + 2, GRADE_STRONG_BUY);
	wish("SPY", DAY + 2, GRADE_STRONG_BUY);
	decide(DAY + 2);
	CHECK_EQ(venue.risk_sends, 1);
	CHECK_EQ(venue.undurable_sends, 0);
}

/* A disk that fails at its n-th write or sync, for all n: risk that left was durable, and none leaves afterwards. */
static void disk_fails_at(enum disk_sim_verb verb, uint64_t nth)
{
	uint64_t before_lost = 0;
	memset(&venue, 0, sizeof venue);
	heard_n = 0;
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	disk_sim_script(&disk, (struct disk_sim_fault){ .nth = disk.calls[verb] + nth, .verb = (uint8_t)verb, .code = DISK_FAILED });
	for (int32_t day = DAY; day < DAY + 8; day++) {
		const char *symbol = day % 2 ? "SPY" : "QQQ";
		session(day);
		wish(symbol, day, day % 4 < 2 ? GRADE_STRONG_BUY : GRADE_STRONG_SELL);
		uint32_t count = venue.count;
		decide(day);
		if (venue.count > count) fill(symbol, close_ns(day) + 1);
		never_arrived(close_ns(day) + CFG_order_timeout_ms * NS_PER_MS + 1);
		tick(TICK_DAY_END, day, (day + 1) * NS_PER_DAY);
		if (pump.journal_verdict == JOURNAL_OK) before_lost = venue.risk_sends;
	}
	CHECK_EQ(pump.journal_verdict, JOURNAL_LOST);
	CHECK_EQ(venue.risk_sends, before_lost);
	CHECK_EQ(venue.early_sends + venue.undurable_sends, 0);
	map_drop(pump.map);
}

TEST(t_X2_the_disk_fails_at_the_nth_sync)
{
	for (uint64_t n = 1; n <= 4; n++) disk_fails_at(DISK_SIM_SYNC, n);
}

TEST(t_X2_the_disk_fails_at_the_nth_write)
{
	for (uint64_t n = 1; n <= 4; n++) disk_fails_at(DISK_SIM_WRITE_CALL, n);
}

TEST(t_X2_a_backtest_waits_for_no_disk)
{
	begin(PLACED(feed) | PLACED(desk));
	begin_journal();
	pump.durable = false;
	uint64_t syncs = 0;
	session(DAY);
	syncs = disk.calls[DISK_SIM_SYNC];
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	CHECK_EQ(venue.risk_sends, 1);
	CHECK_EQ(disk.calls[DISK_SIM_SYNC], syncs);
	CHECK_EQ(venue.early_sends, 0);
}

/* --- X2: timers ---------------------------------------------------------------------------------------------------------------- */

static struct order *order_of(const char *symbol) { return order_table_find(&rooms.desk.orders, last_new(symbol)->request.order_id); }

TEST(t_X2_a_mute_venue_is_asked_and_the_order_is_unknown)
{
	int64_t sent_ns = close_ns(DAY), timeout_ns = CFG_order_timeout_ms * NS_PER_MS;
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	session(DAY);
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	CHECK_EQ(order_of("SPY")->state, ORDER_SENDING);
	time_passes(sent_ns + timeout_ns);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 0);
	time_passes(sent_ns + timeout_ns + 1);
	CHECK_EQ(order_of("SPY")->state, ORDER_UNKNOWN);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 1);
	CHECK(order_table_reserved_usd_e8(&rooms.desk.orders) > 0);        /* the venue may hold it */
	time_passes(sent_ns + 2 * timeout_ns + 1);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 2);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 1);        /* asked, never sent again */
	answer("SPY", EVENT_NOT_FOUND, sent_ns + 2 * timeout_ns + 2);
	CHECK_EQ(order_of("SPY")->state, ORDER_DONE);
	CHECK_EQ(order_table_reserved_usd_e8(&rooms.desk.orders), 0);
	time_passes(sent_ns + 20 * timeout_ns);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 2);
	CHECK_EQ(pump.timers, 0);
}

/* Market time may jump over a weekend in one event: that is one question, not one for each ten seconds of it. */
TEST(t_X2_a_weekend_of_silence_is_one_question_an_event)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	session(DAY);
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	CHECK_EQ(venue.risk_sends, 1);
	for (uint32_t n = 1; n <= 3; n++) {
		time_passes(close_ns(DAY + 3 * (int32_t)n));
		CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), n);
		CHECK_EQ(pump.timers, 1);
	}
}

TEST(t_X2_an_answer_stops_the_timer)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	session(DAY);
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	CHECK_EQ(pump.timers, 1);
	CHECK_EQ(pump.timers_most, 1);
	answer("SPY", EVENT_ACK, close_ns(DAY) + 1);
	CHECK_EQ(pump.timers, 0);
	time_passes(close_ns(DAY) + 100 * CFG_order_timeout_ms * NS_PER_MS);
	CHECK_EQ(order_of("SPY")->state, ORDER_LIVE);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 0);
}

TEST(t_X2_an_answer_that_says_nothing_conclusive_is_no_evidence)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	session(DAY);
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	struct event event = event_make(EVENT_NOT_FOUND, sym_of("SPY"), close_ns(DAY) + 1);
	event.reply.order_id = last_new("SPY")->request.order_id;
	pump_event(&pump, &event);
	CHECK_EQ(order_of("SPY")->state, ORDER_UNKNOWN);
	CHECK(order_table_reserved_usd_e8(&rooms.desk.orders) > 0);
	CHECK_EQ(pump.timers, 1);
}

/* --- what the appliance lacks ------------------------------------------------------------------------------------------------ */

TEST(t_P3_a_condition_is_an_input_once_when_it_begins_and_once_when_it_ends)
{
	const uint64_t health = UINT64_C(1) << CARE_HEALTH, ledger = UINT64_C(1) << CARE_LEDGER;
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	uint64_t inputs = rooms.desk.inputs, written = journal.next_seq;
	CHECK(!pump_care(&pump, 0));
	CHECK(pump_care(&pump, health | ledger));
	CHECK(!pump_care(&pump, health | ledger));
	CHECK_EQ(rooms.desk.inputs, inputs + 2);
	CHECK_EQ(rooms.desk.care, health | ledger);
	CHECK(pump_care(&pump, ledger));
	CHECK_EQ(rooms.desk.inputs, inputs + 3);
	CHECK_EQ(rooms.desk.care, ledger);
	CHECK(journal.next_seq > written);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 0);
}

/* How often the journal has this condition as an input, by whether it begins or ends. */
static void count_care(enum care_condition condition, uint32_t count[static 2])
{
	static uint8_t               window[1 << 20];
	static struct journal_reader reader;
	struct journal_record        record;
	struct event                 event;
	CHECK_EQ(journal_flush(&journal), JOURNAL_OK);
	CHECK_EQ(journal_read_open(&reader, &disk.disk, "journal", window, sizeof window), JOURNAL_OK);
	CHECK_EQ(journal_seek_oldest(&reader), JOURNAL_OK);
	for (enum journal_type type; (type = journal_read_next(&reader, &record)) != JOURNAL_END;)
		while (type == JOURNAL_INPUT && journal_event_next(&record, &event))
			count[event.care.is_active] += event.kind == EVENT_CARE && event.care.condition == condition;
	journal_read_close(&reader);
}

TEST(t_O4_shedding_is_a_journalled_event_and_in_the_log)
{
	uint32_t count[2] = { 0, 0 };
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	pump.logs = true;
	(void)pump_care(&pump, UINT64_C(1) << CARE_CREDITS);
	(void)pump_care(&pump, 0);
	count_care(CARE_CREDITS, count);
	CHECK(count[true] == 1 && count[false] == 1);
	const struct log_record *begins = told(LOG_KIND_care, 0), *ends = told(LOG_KIND_care, 1);
	BUG_UNLESS(3922, begins && ends);
	CHECK_STR(begins->text, "CPU credits run low: reports and copies of the books wait, trading goes on");
	CHECK_STR(ends->text, "over: CPU credits run low");
}

TEST(t_P3_a_condition_holds_back_increases_and_no_exit)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	buy("SPY", DAY);
	CHECK_EQ(venue.risk_sends, 1);
	(void)pump_care(&pump, UINT64_C(1) << CARE_ANALYST);
	session(DAY + 1);
	wish("SPY", DAY + 1, GRADE_STRONG_SELL);
	wish("QQQ", DAY + 1, GRADE_STRONG_BUY);
	decide(DAY + 1);
	CHECK_EQ(venue.risk_sends, 1);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 2);
	CHECK(last_new("SPY")->request.reduce_only);
}

/* A position that falls between two TICKs is heard of by the desk at once, in its first queue, in market time that stands; a successor that has the commit
 * of that look says the next thing too, though the queue has more records than its TICKs made. */
TEST(t_R7_P5_between_ticks_the_health_worker_looks_and_the_desk_hears)
{
	begin(PLACED(feed) | PLACED(health));
	pump.commits = true;
	struct event px = event_make(EVENT_PRICE, 1, DAY * NS_PER_DAY), held = event_make(EVENT_POSITION, 1, DAY * NS_PER_DAY);
	pump_health(&pump);
	CHECK_EQ(waiting(CHANNEL_alarms), 0);        /* no market yet */
	pump.map->progress_health->t_ns = DAY * NS_PER_DAY;
	held.cause = px.cause = 1;
	held.position = (struct position_note){ .qty_e8 = 100 * E8, .cost_usd_e8 = 10000 * E8, .stop_state = STOP_ARMED };
	px.price.px_e8 = 80 * E8;
	cell_write(&pump.map->positions[1], &held);
	cell_write(&pump.map->prices[1], &px);
	pump_health(&pump);
	CHECK_EQ(waiting(CHANNEL_alarms), 1);
	struct event alarm = { 0 };
	CHECK(channel_peek(&pump.channel[CHANNEL_alarms], &alarm, sizeof alarm) && alarm.alarm.alarm_kind == ALARM_STOP_EXIT);
	CHECK(alarm.alarm.loss_bp == 2000 && alarm.t_ns == DAY * NS_PER_DAY);
	held.cause = 2;
	held.position.stop_state = STOP_HALVED;
	px.cause = 2;
	px.price.px_e8 = 83 * E8;        /* 17 %: one from the exit stop */
	cell_write(&pump.map->positions[1], &held);
	cell_write(&pump.map->prices[1], &px);
	pump.put[CHANNEL_alarms_warning] = 0;
	pump_health(&pump);
	CHECK_EQ(waiting(CHANNEL_alarms_warning), 1);
	CHECK_EQ(pump.map->commit_health->slot[pump.map->commit_health->valid - 1].head.put[CHANNEL_alarms], 1);
}

/* A desk that dies between two TICKs has taken none in its new life: what health says of prices now it hears at once, not hours later at the next TICK. */
TEST(t_R7_P3_a_desk_that_came_back_hears_alarms_before_its_next_tick)
{
	begin(PLACED(desk));
	pump.commits = true;
	struct event alarm = event_make(EVENT_ALARM, 1, open_ns(DAY));
	pump.map->progress_desk->warm_ns = open_ns(DAY - 30);
	put(CHANNEL_alarms_info, &alarm);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_desk->steps, 0);        /* of a TICK that it has not taken */
	alarm.flags = EVENT_OF_NOW;
	put(CHANNEL_alarms, &alarm);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_desk->steps, 1);
}

static void trade(uint16_t sym, int64_t px_e8, int64_t t_ns)
{
	struct event event = event_make(EVENT_PRICE, sym, t_ns);
	event.price = (struct price){ .px_e8 = px_e8, .day = DAY, .price_kind = PRICE_TRADE };
	pump_event(&pump, &event);
}

/* Prices between two TICKs are not made again by the successor of a feed that dies there: its own are newer ones, for whoever has seen the others. */
TEST(t_R7_P3_the_prices_of_a_feed_that_came_back_are_news)
{
	begin(PLACED(feed));
	pump.commits = true;
	struct memory_map *map = pump.map;
	struct settings    settings = rooms.feed.settings;
	tick(TICK_OPEN, DAY, open_ns(DAY));
	for (int i = 1; i <= 5; i++) trade(1, (100 + i) * E8, open_ns(DAY) + i * NS_PER_S);
	trade(1, 300 * E8, open_ns(DAY) + 6 * NS_PER_S);        /* not believed */
	uint64_t seen = map->prices[1].event.cause;
	CHECK_EQ(waiting(CHANNEL_market_ledger), 1);
	rooms_init(&rooms, PLACED(feed), JOURNAL_ID, &settings, true);
	pump_init(&pump, map, &rooms, &hal, PLACED(feed));
	pump.commits = true;
	pump_resume(&pump);
	CHECK_EQ(map->progress_feed->ticks, 1);
	trade(1, 107 * E8, open_ns(DAY) + 7 * NS_PER_S);
	CHECK(map->prices[1].event.cause > seen && map->prices[1].event.price.px_e8 == 107 * E8);
	trade(1, 400 * E8, open_ns(DAY) + 8 * NS_PER_S);
	CHECK_EQ(waiting(CHANNEL_market_ledger), 2);        /* nor is this one passed over as known */
}

/* An analyst that was held down, and is released after a close that it missed, has the cycles of the days before to end first: none of them decides today. */
TEST(t_P3_the_cycle_of_another_day_decides_nothing)
{
	struct event close = event_make(EVENT_TICK, SYM_NONE, close_ns(DAY)), cycle = event_make(EVENT_CYCLE, SYM_NONE, close_ns(DAY - 1));
	close.tick = (struct tick){ .day = DAY, .phase = TICK_CLOSE, .calendar = CALENDAR_NYSE };
	begin(PLACED(desk));
	put(CHANNEL_market_desk, &close);
	pump_settle(&pump);
	CHECK_EQ(rooms.desk.inputs, 1);        /* nobody is waited for */
	put(CHANNEL_signals_normal, &cycle);
	pump_settle(&pump);
	CHECK_EQ(rooms.desk.inputs, 1);
	cycle.t_ns = close_ns(DAY);
	put(CHANNEL_signals_normal, &cycle);
	pump_settle(&pump);
	CHECK_EQ(rooms.desk.inputs, 2);
}
