/* pump_rig.h - a pump between a venue that says nothing by itself, a journal on a disk in memory and a market of one's own. */
#ifndef TESTS_UNIT_FIRMWARE_PUMP_RIG_H
#define TESTS_UNIT_FIRMWARE_PUMP_RIG_H
#include <string.h>

#include "firmware/modes/recorder.h"
#include "firmware/pump.h"
#include "hal/sim/disk.h"
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
static inline void venue_send(void *self, const struct event *event)
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

static inline enum hal_recv venue_recv(void *self, struct event *event)
{
	(void)self;
	(void)event;
	return HAL_END;
}

static inline int64_t venue_now_ns(void *self)
{
	(void)self;
	return 0;
}

static inline uint64_t venue_random(void *self)
{
	(void)self;
	return 0;
}

static const struct hal_world venue_ports = { venue_recv, venue_send, venue_now_ns, venue_random };
static struct hal             hal = { 0, &venue_ports, 0 };

static inline void on_result(void *self, const struct event *event)
{
	(void)self;
	BUG_UNLESS(4328, heard_n < HEARD_MAX);
	heard[heard_n++] = *event;
}

#define PLACED(worker) (1u << WORKER_##worker)

static inline void begin(uint32_t placed)
{
	struct settings    settings;
	struct memory_map *map = map_make();
	BUG_UNLESS(4329, map);
	settings_default(&settings);
	rooms_init(&rooms, placed, JOURNAL_ID, &settings, true);
	pump_init(&pump, map, &rooms, &hal, placed);
	pump.listener.on_result = on_result;
}

static inline void begin_journal(void)
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

static inline uint16_t sym_of(const char *symbol) { return universe_find(symbol, strlen(symbol)); }
static inline int64_t  open_ns(int32_t day) { return day * NS_PER_DAY + 52200 * NS_PER_S; }
static inline int64_t  close_ns(int32_t day) { return day * NS_PER_DAY + 75600 * NS_PER_S; }

static inline void tick(enum tick_phase phase, int32_t day, int64_t t_ns)
{
	struct event event = event_make(EVENT_TICK, SYM_NONE, t_ns);
	event.tick = (struct tick){ .day = day, .phase = (uint8_t)phase, .calendar = CALENDAR_NYSE };
	pump_event(&pump, &event);
}

static inline void bar(uint16_t sym, int32_t day, int64_t px_e8)
{
	struct event event = event_make(EVENT_BAR, sym, close_ns(day));
	event.bar = (struct bar){ px_e8, px_e8, px_e8, px_e8, px_e8, 1000000, day, CALENDAR_NYSE };
	pump_event(&pump, &event);
}

/* A session in which these two symbols trade at 100 USD, up to the close. */
static inline void session(int32_t day)
{
	tick(TICK_OPEN, day, open_ns(day));
	bar(sym_of("SPY"), day, 100 * E8);
	bar(sym_of("QQQ"), day, 100 * E8);
	tick(TICK_CLOSE, day, close_ns(day));
}

static inline void put(enum channel_id id, const struct event *event) { CHECK(channel_put(&pump.channel[id], event, sizeof *event)); }

static inline struct event signal_of(uint16_t sym, int32_t day, enum grade grade)
{
	struct event event = event_make(EVENT_SIGNAL, sym, close_ns(day));
	event.signal = (struct signal_note){ .trace_id = SIGNAL_TRACE,
		.volatility_e8 = 15 * E8 / 100, .px_e8 = 100 * E8, .day = day, .confidence_bp = BP_ONE, .weight_bp = BP_ONE,
		.bars_seen = 300, .bars_needed = 200, .strategy = STRATEGY_momentum, .grade = (uint8_t)grade };
	return event;
}

static inline void wish(const char *symbol, int32_t day, enum grade grade)
{
	struct event event = signal_of(sym_of(symbol), day, grade);
	put(CHANNEL_signals_high, &event);
}

static inline void decide(int32_t day)
{
	struct event event = event_make(EVENT_CYCLE, SYM_NONE, close_ns(day));
	event.cycle = (struct cycle){ .day = day, .calendar = CALENDAR_NYSE };
	put(CHANNEL_signals_normal, &event);
	pump_settle(&pump);
}

static inline uint32_t sent(enum event_kind kind, const char *symbol)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < venue.count; i++) count += venue.sent[i].kind == kind && venue.sent[i].sym == sym_of(symbol);
	return count;
}

static inline const struct event *last_new(const char *symbol)
{
	for (uint32_t i = venue.count; i-- > 0;)
		if (venue.sent[i].kind == EVENT_ORDER_NEW && venue.sent[i].sym == sym_of(symbol)) return &venue.sent[i];
	return 0;
}

static inline void answer(const char *symbol, enum event_kind kind, int64_t t_ns)
{
	const struct event *order = last_new(symbol);
	struct event        event = event_make(kind, sym_of(symbol), t_ns);
	BUG_UNLESS(4330, order);
	event.reply = (struct order_reply){ .order_id = order->request.order_id, .venue_id = order->request.order_id + 1, .conclusive = 1 };
	pump_event(&pump, &event);
}

static inline void fill(const char *symbol, int64_t t_ns)
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
static inline void time_passes(int64_t t_ns)
{
	struct event event = event_make(EVENT_OPERATOR, SYM_NONE, t_ns);
	event.instruction.command = OPERATOR_RESUME;
	pump_event(&pump, &event);
}

/* The desk's timers run out; the venue says of each order it is asked about that it never saw it. */
static inline void never_arrived(int64_t t_ns)
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
static inline void buy(const char *symbol, int32_t day)
{
	session(day);
	wish(symbol, day, GRADE_STRONG_BUY);
	decide(day);
	answer(symbol, EVENT_ACK, close_ns(day));
	fill(symbol, close_ns(day) + 1);
	tick(TICK_DAY_END, day, (day + 1) * NS_PER_DAY);
}

/* --- what can be seen of it ---------------------------------------------------------------------------------------------- */

static inline uint64_t waiting(enum channel_id id) { return channel_waiting(&pump.channel[id]); }

/* The nth record of that kind in the desk's ring; 0 when there is none. */
static inline const struct log_record *told(enum log_kind kind, uint32_t nth)
{
	const struct log_ring *ring = pump.map->log_desk;
	for (uint64_t i = 0; i < ring->count; i++)
		if (ring->slot[i].kind == kind && nth-- == 0) return &ring->slot[i];
	return 0;
}

#endif
