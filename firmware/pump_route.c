/* pump_route.c - where each worker's outputs go: cells, channels, venue, timers. */
#include "firmware/pump_parts.h"

#include <string.h>

/* Where an output goes. One bit each, so that one kind can go to several. */
#define ROUTE_TARGETS(X)                                                                                                       \
	X(CELL_PRICE) X(CELL_REGIME) X(CELL_SIGNAL) X(CELL_POSITION) X(CELL_ACCOUNT) X(CELL_ORDER) X(CELL_FILL) X(CELL_CAUSE) X(CELL_CORRELATION) \
	X(MARKET_CONTEXT) X(MARKET_ANALYST) X(MARKET_HEALTH) X(MARKET_DESK) X(MARKET_LEDGER)                                     \
	X(ALARMS) X(SIGNALS) X(SIGNALS_NORMAL) X(RESULTS) X(VENUE) X(TIMER) X(TIMER_DROP)
#define ROUTE_BIT(name) ROUTE_BIT_##name,
enum { ROUTE_TARGETS(ROUTE_BIT) };
#define ROUTE_MASK(name) ROUTE_##name = 1u << ROUTE_BIT_##name,
enum { ROUTE_TARGETS(ROUTE_MASK) };

// clang-format off
static const uint32_t routes[WORKERS_N][EVENT_KINDS_N] = {
	[WORKER_feed] = {
		[EVENT_PRICE]        = ROUTE_CELL_PRICE,
		[EVENT_BAR]          = ROUTE_MARKET_CONTEXT | ROUTE_MARKET_ANALYST | ROUTE_MARKET_HEALTH,
		[EVENT_DIVIDEND]     = ROUTE_MARKET_DESK,
		[EVENT_FUNDING]      = ROUTE_MARKET_ANALYST,
		[EVENT_TICK]         = ROUTE_MARKET_CONTEXT | ROUTE_MARKET_ANALYST | ROUTE_MARKET_HEALTH | ROUTE_MARKET_DESK,
		[EVENT_QUARANTINE]   = ROUTE_MARKET_LEDGER,
	},
	[WORKER_context] = { [EVENT_REGIME] = ROUTE_CELL_REGIME },
	[WORKER_analyst] = { [EVENT_SIGNAL] = ROUTE_CELL_SIGNAL | ROUTE_SIGNALS, [EVENT_CYCLE] = ROUTE_SIGNALS_NORMAL },
	[WORKER_health]  = { [EVENT_ALARM] = ROUTE_ALARMS, [EVENT_CORRELATION] = ROUTE_ALARMS },
	[WORKER_desk] = {
		[EVENT_ORDER_NEW]    = ROUTE_VENUE, [EVENT_ORDER_CANCEL] = ROUTE_VENUE,
		[EVENT_ORDER_REPLACE] = ROUTE_VENUE, [EVENT_ORDER_QUERY] = ROUTE_VENUE,
		[EVENT_TIMER]        = ROUTE_TIMER,
		[EVENT_POSITION]     = ROUTE_CELL_POSITION | ROUTE_RESULTS,
		[EVENT_ACCOUNT]      = ROUTE_CELL_ACCOUNT | ROUTE_RESULTS,
		[EVENT_ORDER]        = ROUTE_CELL_ORDER | ROUTE_RESULTS | ROUTE_TIMER_DROP,
		[EVENT_RECOVERY]     = ROUTE_RESULTS, [EVENT_RECONCILED] = ROUTE_RESULTS, [EVENT_CASH] = ROUTE_RESULTS,
		[EVENT_CAUSE]        = ROUTE_CELL_CAUSE | ROUTE_RESULTS,
		[EVENT_RISK]         = ROUTE_RESULTS, [EVENT_FILL] = ROUTE_CELL_FILL | ROUTE_RESULTS, [EVENT_REFUSAL] = ROUTE_RESULTS,
		[EVENT_SIZE]         = ROUTE_RESULTS, [EVENT_CORRELATION] = ROUTE_CELL_CORRELATION,
	},
};
// clang-format on

/* Where the map keeps what a worker says of itself; 0 for those that are not built yet (the first region is the prices). */
static const size_t progress_at[WORKERS_N] = {
	[WORKER_feed] = offsetof(struct memory_map, progress_feed),
	[WORKER_context] = offsetof(struct memory_map, progress_context),
	[WORKER_analyst] = offsetof(struct memory_map, progress_analyst),
	[WORKER_health] = offsetof(struct memory_map, progress_health),
	[WORKER_desk] = offsetof(struct memory_map, progress_desk),
	[WORKER_ledger] = offsetof(struct memory_map, progress_ledger),
};

struct worker_progress *pump_progress(struct memory_map *map, enum worker_id worker)
{
	BUG_UNLESS(4030, progress_at[worker] != 0);
	return (struct worker_progress *)(void *)((uint8_t *)map + progress_at[worker]);
}

static const size_t trace_at[WORKERS_N] = {
	[WORKER_feed] = offsetof(struct memory_map, trace_feed),
	[WORKER_context] = offsetof(struct memory_map, trace_context),
	[WORKER_analyst] = offsetof(struct memory_map, trace_analyst),
	[WORKER_health] = offsetof(struct memory_map, trace_health),
	[WORKER_desk] = offsetof(struct memory_map, trace_desk),
	[WORKER_ledger] = offsetof(struct memory_map, trace_ledger),
};

struct worker_trace *pump_trace(struct memory_map *map, enum worker_id worker)
{
	BUG_UNLESS(4590, trace_at[worker] != 0);
	return (struct worker_trace *)(void *)((uint8_t *)map + trace_at[worker]);
}

void pump_put(struct pump *pump, enum worker_id from, enum channel_id id, const struct event *event)
{
	const struct channel *channel = &pump->channel[id];
	pump->moved = true;
	if (++pump->put[id] <= channel->tail->tail || channel_put(channel, event, sizeof *event)) return;
	pump->put[id]--;
	pump_progress(pump->map, from)->full_channels++;
	pump_log_full(pump, from, id);
}

void pump_timer_drop(struct pump *pump, uint64_t order_id)
{
	for (uint32_t i = 0; i < pump->timers; i++) {
		if (pump->timer[i].order_id != order_id) continue;
		memmove(&pump->timer[i], &pump->timer[i + 1], (pump->timers - i - 1) * sizeof pump->timer[0]);
		memmove(&pump->timer_at_ns[i], &pump->timer_at_ns[i + 1], (pump->timers - i - 1) * sizeof pump->timer_at_ns[0]);
		pump->timers--;
		return;
	}
}

void pump_timer_arm(struct pump *pump, const struct timer *timer)
{
	pump_timer_drop(pump, timer->order_id);
	if (pump->timers == PUMP_TIMERS_MAX) {
		pump->timers_full++;
		return;
	}
	if (pump->by_machine) pump->timer_at_ns[pump->timers] = hal_now_ns(pump->hal) + e8_max(timer->due_ns - pump->rooms->desk.t_ns, 0);
	pump->timer[pump->timers++] = *timer;
	if (pump->timers > pump->timers_most) pump->timers_most = pump->timers;
}

static bool order_awaits(const struct order_note *note)
{
	return note->state == ORDER_SENDING || note->state == ORDER_CANCELLING || note->state == ORDER_REPLACING || note->state == ORDER_UNKNOWN;
}

static void put_signal(struct pump *pump, const struct event *event)
{
	int32_t threshold_bp = setting(&pump->rooms->analyst.settings, SETTING_confidence_min_bp);
	pump_put(pump, WORKER_analyst, event->signal.confidence_bp >= threshold_bp ? CHANNEL_signals_high : CHANNEL_signals_normal, event);
}

static void put_alarm(struct pump *pump, const struct event *event)
{
	static const uint8_t queue[ALARM_PRIORITIES] = { CHANNEL_alarms, CHANNEL_alarms_warning, CHANNEL_alarms_info };
	uint8_t              priority = event->kind == EVENT_ALARM ? event->alarm.priority : 1;        /* CORRELATION may lower the risk: first */
	BUG_UNLESS(4651, priority >= 1 && priority <= ALARM_PRIORITIES);
	pump_put(pump, WORKER_health, (enum channel_id)queue[priority - 1], event);
}

/* Without a durable RESULT no risk is added: the order stays SENDING in the desk, and its timer asks the venue, which never saw it. */
static void send_order(struct pump *pump, const struct event *event)
{
	bool adds_risk = event->kind == EVENT_ORDER_NEW && !event->request.reduce_only;
	if (pump->mute) return;
	if (adds_risk && pump->journal && pump->journal_verdict != JOURNAL_OK)
		pump->withheld++;
	else if (pump->paper)
		paper_order(pump->paper, event);
	else
		hal_send(pump->hal, event);
}

/* Into the cell of its slot in the desk's table. */
static void write_order(struct pump *pump, const struct event *event)
{
	struct order_table *orders = &pump->rooms->desk.orders;
	const struct order *order = order_table_find(orders, event->order.order_id);
	if (order) cell_write(&pump->map->orders[order - orders->order], event);
}

static void route(struct pump *pump, enum worker_id from, const struct event *event)
{
	uint32_t           to = routes[from][event->kind];
	struct memory_map *map = pump->map;
	BUG_UNLESS(4031, to != 0);
	if (pump->logs) pump_log_output(pump, from, event);
	if (to & ROUTE_CELL_PRICE) cell_write(&map->prices[event->sym], event);
	if (to & ROUTE_CELL_REGIME) cell_write(&map->regime[0], event);
	if (to & ROUTE_CELL_SIGNAL) cell_write(&map->signals[event->signal.strategy * UNIVERSE_N + event->sym], event);
	if (to & ROUTE_CELL_POSITION) cell_write(&map->positions[event->sym], event);
	if (to & ROUTE_CELL_ACCOUNT) cell_write(&map->account[0], event);
	if (to & ROUTE_CELL_ORDER) write_order(pump, event);
	if (to & ROUTE_CELL_CAUSE) cell_write(&map->causes[cause_place((enum cause_id)event->change.cause, event->sym)], event);
	if (to & ROUTE_CELL_CORRELATION) cell_write(&map->correlation[0], event);
	if (to & ROUTE_CELL_FILL) cell_write(&map->fills[(pump->rooms->desk.fills - 1) % FILL_CELLS], event);
	if (to & ROUTE_MARKET_CONTEXT) pump_put(pump, from, CHANNEL_market_context, event);
	if (to & ROUTE_MARKET_ANALYST) pump_put(pump, from, CHANNEL_market_analyst, event);
	if (to & ROUTE_MARKET_HEALTH) pump_put(pump, from, CHANNEL_market_health, event);
	if (to & ROUTE_MARKET_DESK) pump_put(pump, from, CHANNEL_market_desk, event);
	if (to & ROUTE_MARKET_LEDGER) pump_put(pump, from, CHANNEL_market_ledger, event);
	if (to & ROUTE_ALARMS) put_alarm(pump, event);
	if (to & ROUTE_SIGNALS) put_signal(pump, event);
	if (to & ROUTE_SIGNALS_NORMAL) pump_put(pump, from, CHANNEL_signals_normal, event);
	if (to & ROUTE_RESULTS) pump_put(pump, from, CHANNEL_results, event);
	if (to & ROUTE_VENUE) send_order(pump, event);
	if (to & ROUTE_TIMER) pump_timer_arm(pump, &event->timer);
	if ((to & ROUTE_TIMER_DROP) && !order_awaits(&event->order)) pump_timer_drop(pump, event->order.order_id);
}

void pump_route(struct pump *pump, enum worker_id from)
{
	if (pump->out.count > pump->outbox_most) pump->outbox_most = pump->out.count;
	for (uint32_t i = 0; i < pump->out.count; i++) route(pump, from, &pump->out.event[i]);
}
