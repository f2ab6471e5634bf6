/* pump.c - sample, order, journal, route. */
#include "firmware/pump_parts.h"

#include <string.h>

/* Where an output goes. One bit each, so that one kind can go to several. */
#define ROUTE_TARGETS(X)                                                                                                       \
	X(CELL_PRICE) X(CELL_REGIME) X(CELL_SIGNAL) X(CELL_POSITION) X(CELL_ACCOUNT) X(CELL_ORDER) X(CELL_FILL)                \
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
		[EVENT_BAR]          = ROUTE_MARKET_CONTEXT | ROUTE_MARKET_ANALYST,
		[EVENT_DIVIDEND]     = ROUTE_MARKET_DESK,
		[EVENT_TICK]         = ROUTE_MARKET_CONTEXT | ROUTE_MARKET_ANALYST | ROUTE_MARKET_HEALTH | ROUTE_MARKET_DESK,
		[EVENT_QUARANTINE]   = ROUTE_MARKET_LEDGER,
	},
	[WORKER_context] = { [EVENT_REGIME] = ROUTE_CELL_REGIME },
	[WORKER_analyst] = { [EVENT_SIGNAL] = ROUTE_CELL_SIGNAL | ROUTE_SIGNALS, [EVENT_CYCLE] = ROUTE_SIGNALS_NORMAL },
	[WORKER_health]  = { [EVENT_ALARM] = ROUTE_ALARMS },
	[WORKER_desk] = {
		[EVENT_ORDER_NEW]    = ROUTE_VENUE, [EVENT_ORDER_CANCEL] = ROUTE_VENUE,
		[EVENT_ORDER_REPLACE] = ROUTE_VENUE, [EVENT_ORDER_QUERY] = ROUTE_VENUE,
		[EVENT_TIMER]        = ROUTE_TIMER,
		[EVENT_POSITION]     = ROUTE_CELL_POSITION | ROUTE_RESULTS,
		[EVENT_ACCOUNT]      = ROUTE_CELL_ACCOUNT | ROUTE_RESULTS,
		[EVENT_ORDER]        = ROUTE_CELL_ORDER | ROUTE_RESULTS | ROUTE_TIMER_DROP,
		[EVENT_RECOVERY]     = ROUTE_RESULTS, [EVENT_RECONCILED] = ROUTE_RESULTS, [EVENT_CASH] = ROUTE_RESULTS,
		[EVENT_RISK]         = ROUTE_RESULTS, [EVENT_FILL] = ROUTE_CELL_FILL | ROUTE_RESULTS, [EVENT_REFUSAL] = ROUTE_RESULTS,
	},
};
// clang-format on

bool pump_books_input(uint16_t kind) { return kind == EVENT_SIGNAL || kind == EVENT_REGIME || kind == EVENT_DIVIDEND; }

void rooms_init(struct worker_rooms *rooms, uint32_t placed, uint64_t journal_id, const struct settings *settings, bool has_vix)
{
	if (placed >> WORKER_feed & 1) feed_init(&rooms->feed, settings);
	if (placed >> WORKER_context & 1) context_init(&rooms->context, has_vix);
	if (placed >> WORKER_analyst & 1) analyst_init(&rooms->analyst, settings);
	if (placed >> WORKER_health & 1) health_init(&rooms->health);
	if (placed >> WORKER_desk & 1) desk_init(&rooms->desk, journal_id, settings);
	memset(&rooms->log, 0, sizeof rooms->log);
}

enum { PRIORITY_MAX = 3 };
#define PRIORITY_PROOF(name, bytes, slots, producer, consumer, priority, what) \
	_Static_assert((priority) <= PRIORITY_MAX, #name ": the pump would never look at it");
CHANNELS(PRIORITY_PROOF)

/* The channels that each worker reads, by priority, once: a turn looks at nothing else. */
static void list_inboxes(struct pump *pump)
{
	for (uint8_t priority = 0; priority <= PRIORITY_MAX; priority++)
		for (uint8_t id = 0; id < CHANNELS_N; id++) {
			const struct channel_row *row = &channel_rows[id];
			if (row->priority == priority) pump->inbox[row->consumer][pump->inboxes[row->consumer]++] = id;
		}
}

void pump_init(struct pump *pump, struct memory_map *map, struct worker_rooms *rooms, struct hal *hal, uint32_t placed)
{
	memset(pump, 0, sizeof *pump);
	pump->map = map;
	pump->rooms = rooms;
	pump->hal = hal;
	pump->placed = pump->anywhere = placed;
	pump->desk = (struct desk_worker){ &rooms->desk, &rooms->log };
	for (int i = 0; i < CHANNELS_N; i++) {
		map_channel(map, (enum channel_id)i, &pump->channel[i]);
		pump->next[i] = pump->channel[i].cursor->next;
		pump->put[i] = pump->channel[i].tail->tail;
	}
	list_inboxes(pump);
}

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

static struct worker_progress *progress_of(struct pump *pump, enum worker_id worker) { return pump_progress(pump->map, worker); }

/* A full channel is counted where it happened; the desk's own books survive it, because the ledger can read the journal. A record whose
 * number the channel has already was put before this process's predecessor died. */
static void put(struct pump *pump, enum worker_id from, enum channel_id id, const struct event *event)
{
	const struct channel *channel = &pump->channel[id];
	pump->moved = true;
	if (++pump->put[id] <= channel->tail->tail || channel_put(channel, event, sizeof *event)) return;
	pump->put[id]--;
	progress_of(pump, from)->full_channels++;
}

static void timer_drop(struct pump *pump, uint64_t order_id)
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
	timer_drop(pump, timer->order_id);
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
	put(pump, WORKER_analyst, event->signal.confidence_bp >= threshold_bp ? CHANNEL_signals_high : CHANNEL_signals_normal, event);
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
	if (to & ROUTE_CELL_PRICE) cell_write(&map->prices[event->sym], event);
	if (to & ROUTE_CELL_REGIME) cell_write(&map->regime[0], event);
	if (to & ROUTE_CELL_SIGNAL) cell_write(&map->signals[event->signal.strategy * UNIVERSE_N + event->sym], event);
	if (to & ROUTE_CELL_POSITION) cell_write(&map->positions[event->sym], event);
	if (to & ROUTE_CELL_ACCOUNT) cell_write(&map->account[0], event);
	if (to & ROUTE_CELL_ORDER) write_order(pump, event);
	if (to & ROUTE_CELL_FILL) cell_write(&map->fills[(pump->rooms->desk.fills - 1) % FILL_CELLS], event);
	if (to & ROUTE_MARKET_CONTEXT) put(pump, from, CHANNEL_market_context, event);
	if (to & ROUTE_MARKET_ANALYST) put(pump, from, CHANNEL_market_analyst, event);
	if (to & ROUTE_MARKET_HEALTH) put(pump, from, CHANNEL_market_health, event);
	if (to & ROUTE_MARKET_DESK) put(pump, from, CHANNEL_market_desk, event);
	if (to & ROUTE_MARKET_LEDGER) put(pump, from, CHANNEL_market_ledger, event);
	if (to & ROUTE_ALARMS) put(pump, from, CHANNEL_alarms, event);
	if (to & ROUTE_SIGNALS) put_signal(pump, event);
	if (to & ROUTE_SIGNALS_NORMAL) put(pump, from, CHANNEL_signals_normal, event);
	if (to & ROUTE_RESULTS) put(pump, from, CHANNEL_results, event);
	if (to & ROUTE_VENUE) send_order(pump, event);
	if (to & ROUTE_TIMER) pump_timer_arm(pump, &event->timer);
	if ((to & ROUTE_TIMER_DROP) && !order_awaits(&event->order)) timer_drop(pump, event->order.order_id);
}

static void route_all(struct pump *pump, enum worker_id from)
{
	if (pump->out.count > pump->outbox_most) pump->outbox_most = pump->out.count;
	for (uint32_t i = 0; i < pump->out.count; i++) route(pump, from, &pump->out.event[i]);
}

/* --- the desk: journal around the step -------------------------------------------------------------------------------- */

static void journal_lost(struct pump *pump, enum journal_verdict verdict)
{
	pump->journal_verdict = verdict;
	pump->rooms->desk.journal_lost = 1;        /* cause JOURNAL_LOST: no new risk; cancels and reductions go on */
}

static bool journals(const struct pump *pump)
{
	return pump->journal && !pump->shadow && !pump->diverged && pump->journal_verdict == JOURNAL_OK;
}

static void write_input(struct pump *pump, struct event *in)
{
	uint64_t number = in->cause;
	if (!journals(pump)) return;
	if (pump->open_input == number) {
		pump->open_input = 0;        /* the journal has this INPUT already, from before the crash */
		return;
	}
	enum journal_verdict verdict = journal_input(pump->journal, in, &number);
	if (verdict != JOURNAL_OK) journal_lost(pump, verdict);
	BUG_UNLESS(4032, verdict != JOURNAL_OK || number == in->cause);
}

static bool adds_risk(const struct outbox *out)
{
	for (uint32_t i = 0; i < out->count; i++)
		if (out->event[i].kind == EVENT_ORDER_NEW && !out->event[i].request.reduce_only) return true;
	return false;
}

static void write_result(struct pump *pump)
{
	if (!journals(pump)) return;
	const struct desk   *desk = pump->desk.desk;
	bool                 with_hash = desk->inputs % CFG_state_hash_every == 0;
	enum journal_verdict verdict = journal_result(pump->journal, &pump->out, with_hash, with_hash ? desk_hash(desk) : 0);
	bool                 risk = adds_risk(&pump->out);
	pump->risk_orders += risk;
	if (verdict == JOURNAL_OK && risk && pump->durable) {
		verdict = journal_sync(pump->journal);
		pump->syncs++;
	}
	if (verdict == JOURNAL_OK && pump->commits) verdict = journal_flush(pump->journal);        /* the process may die with its buffer: others see what it did */
	if (verdict != JOURNAL_OK) journal_lost(pump, verdict);
}

static void check_shadow(struct pump *pump)
{
	pump->diverged = desk_hash(pump->desk.desk) != pump->shadow_hash;
}

/* The re-run has caught up with the journal: from here on it is written again. */
static void leave_shadow(struct pump *pump)
{
	pump->shadow = false;
	if (!pump->open_input) check_shadow(pump);        /* with an open INPUT the hash is the one after that */
}

_Static_assert((int)CHANNELS_N <= (int)DESK_CHANNELS_MAX, "fsm/desk/desk.h: raise DESK_CHANNELS_MAX");

/* After a crash: the desk has had this input already. */
static bool was_taken(const struct pump *pump, uint8_t source, uint64_t number) { return number <= pump->rooms->desk.taken[source]; }

bool pump_is_back(struct pump *pump)
{
	if (pump->shadow && !pump->open_input && pump->desk.desk->inputs == pump->shadow_until) leave_shadow(pump);
	return !pump->shadow;
}

static void step_desk(struct pump *pump, const struct event *event, uint8_t source, uint64_t number)
{
	struct event            in = *event;
	struct worker_progress *progress = progress_of(pump, WORKER_desk);
	progress->steps++;
	progress->t_ns = in.t_ns;
	in.flags = source;
	in.seq = number;
	if (pump->shadow && pump->desk.desk->inputs == pump->shadow_until) leave_shadow(pump);
	if (journals(pump)) {
		enum journal_verdict verdict = pump_segment(pump);
		if (verdict != JOURNAL_OK) journal_lost(pump, verdict);
	}
	in.cause = pump->desk.desk->inputs + 1;
	bool was_open = !pump->shadow && pump->open_input == in.cause;
	write_input(pump, &in);
	outbox_begin(&pump->out, WORKER_desk, in.cause, in.t_ns);
	desk_step(&pump->desk, &in, &pump->out);
	if (was_open) check_shadow(pump);
	write_result(pump);
	if (pump->paper && in.seq != 0 && in.flags == DESK_SOURCE_VENUE) paper_take(pump->paper);
	if (pump_books_input(in.kind)) put(pump, WORKER_desk, CHANNEL_results, &in);
	route_all(pump, WORKER_desk);
}

enum journal_verdict pump_segment(struct pump *pump)
{
	const struct desk      *desk = &pump->rooms->desk;
	struct journal_snapshot snapshot = { desk, sizeof *desk, desk->inputs, 0 };
	if (!journal_needs_segment(pump->journal)) return JOURNAL_OK;
	snapshot.state_hash = desk_hash(desk);
	uint64_t             projected = pump->projected_seq ? pump->projected_seq(pump->listener.self) : UINT64_MAX;
	enum journal_verdict verdict = journal_segment_begin(pump->journal, &snapshot, projected);
	uint32_t             at = 0;
	do {
		if (verdict != JOURNAL_OK) return verdict;
		outbox_begin(&pump->out, WORKER_desk, desk->inputs, desk->t_ns);
		at = desk_checkpoint(desk, at, &pump->out);
		verdict = journal_checkpoint(pump->journal, &pump->out, at == 0);
	} while (at != 0);
	return verdict;
}

/* --- the other workers -------------------------------------------------------------------------------------------------- */

/* How a worker other than the desk is stepped, and where its state lies in the rooms. */
static const struct { worker_step *step; size_t room; } stepped[WORKERS_N] = {
	[WORKER_feed] = { feed_step, offsetof(struct worker_rooms, feed) },
	[WORKER_context] = { context_step, offsetof(struct worker_rooms, context) },
	[WORKER_analyst] = { analyst_step, offsetof(struct worker_rooms, analyst) },
	[WORKER_health] = { health_step, offsetof(struct worker_rooms, health) },
};

void *pump_room(struct pump *pump, enum worker_id worker) { return (uint8_t *)pump->rooms + stepped[worker].room; }

static void deliver(struct pump *pump, enum worker_id worker, const struct event *event)
{
	struct worker_progress *progress = progress_of(pump, worker);
	progress->steps++;
	progress->t_ns = event->t_ns;
	outbox_begin(&pump->out, (uint8_t)worker, progress->steps, event->t_ns);
	stepped[worker].step(pump_room(pump, worker), event, &pump->out);
	route_all(pump, worker);
}

/* An input of the desk with its number (0: it has none); one that it has taken already is dropped. */
static void deliver_desk(struct pump *pump, const struct event *event, uint8_t source, uint64_t number)
{
	if (number != 0 && was_taken(pump, source, number)) return;
	step_desk(pump, event, number != 0 ? source : DESK_SOURCE_NONE, number);
}

/* A cell that says something newer than what this worker has seen becomes an event for it. STALE (a writer inside for too long) waits for the
 * next turn; an invalid one says nothing. Newer: made by a later (cause, index) of its writer. */
static bool sample(const struct event_cell *cell, uint64_t *seen, struct event *event)
{
	uint64_t cause = __atomic_load_n(&cell->event.cause, __ATOMIC_RELAXED);
	if ((cause << 16 | (cell->event.index + 1u)) == *seen || !cell_read(cell, event) || event->kind == EVENT_NONE) return false;
	uint64_t key = event->cause << 16 | (event->index + 1u);
	if (key <= *seen) return false;
	*seen = key;
	return true;
}

static void sample_for_desk(struct pump *pump)
{
	struct event event;
	uint64_t    *taken = pump->rooms->desk.taken;
	for (uint16_t i = 0; i < UNIVERSE_N; i++) {
		uint64_t seen = taken[DESK_SOURCE_PRICE + i];
		if (sample(&pump->map->prices[i], &seen, &event)) deliver_desk(pump, &event, (uint8_t)(DESK_SOURCE_PRICE + i), seen);
	}
	uint64_t seen = taken[DESK_SOURCE_REGIME];
	if (sample(&pump->map->regime[0], &seen, &event)) deliver_desk(pump, &event, DESK_SOURCE_REGIME, seen);
}

static void sample_regions(struct pump *pump, enum worker_id worker)
{
	struct event event;
	if (worker == WORKER_desk) sample_for_desk(pump);
	for (uint16_t i = 0; i < UNIVERSE_N && worker == WORKER_health; i++) {
		if (sample(&pump->map->prices[i], &pump->seen_price[i], &event)) deliver(pump, worker, &event);
		if (sample(&pump->map->positions[i], &pump->seen_position[i], &event)) deliver(pump, worker, &event);
	}
	if (worker == WORKER_analyst && sample(&pump->map->regime[0], &pump->seen_regime, &event)) deliver(pump, worker, &event);
}

/* Everyone this worker follows has done that TICK. Who is not placed anywhere is not waited for. */
static bool may_take_tick(struct pump *pump, enum worker_id worker)
{
	uint64_t wanted = progress_of(pump, worker)->ticks + 1;
	for (int w = 0; w < WORKERS_N; w++) {
		if (!(workers[worker].follows >> w & 1) || !(pump->anywhere >> w & 1)) continue;
		if (__atomic_load_n(&progress_of(pump, (enum worker_id)w)->ticks, __ATOMIC_ACQUIRE) < wanted) return false;
	}
	return true;
}

/* Each timer at most once an event: what its own firing arms again waits for the next one, because the venue's answer comes before that. */
static void fire_timers(struct pump *pump, int64_t t_ns)
{
	uint32_t at = 0;
	if (pump->by_machine) return;
	for (uint32_t left = pump->timers; left > 0 && at < pump->timers; left--) {
		struct timer timer = pump->timer[at];
		if (timer.due_ns > t_ns) {
			at++;
			continue;
		}
		timer_drop(pump, timer.order_id);
		struct event event = event_make(EVENT_TIMER, SYM_NONE, timer.due_ns);
		event.timer = timer;
		deliver_desk(pump, &event, DESK_SOURCE_NONE, 0);
	}
}

void pump_fire(struct pump *pump, int64_t now_ns)
{
	uint32_t at = 0;
	for (uint32_t left = pump->timers; left > 0 && at < pump->timers; left--) {
		struct timer timer = pump->timer[at];
		if (pump->timer_at_ns[at] > now_ns) {
			at++;
			continue;
		}
		timer_drop(pump, timer.order_id);
		struct event event = event_make(EVENT_TIMER, SYM_NONE, pump->rooms->desk.t_ns);
		event.timer = timer;
		deliver_desk(pump, &event, DESK_SOURCE_NONE, 0);
	}
}

static void tick_done(struct pump *pump, enum worker_id worker)
{
	struct worker_progress *progress = progress_of(pump, worker);
	if (pump->commits && worker != WORKER_desk) {
		pump_commit(pump, worker, progress->ticks + 1);
		pump_cursors_follow(pump, worker);
	}
	__atomic_store_n(&progress->ticks, progress->ticks + 1, __ATOMIC_RELEASE);
	pump->moved = true;
}

/* History of a market that is read from a venue: its TICKs say so, and what was made of them is not newer. */
static bool is_history(struct pump *pump, const struct event *event)
{
	struct worker_progress *word = progress_of(pump, WORKER_desk);
	if (event->flags & EVENT_WARMING) word->warm_ns = event->t_ns;
	return event->t_ns <= word->warm_ns && word->warm_ns != 0;
}

/* One event of a queue to its worker. A TICK of the desk that was taken before a crash is owed its acknowledgement all the same. */
static void take(struct pump *pump, enum worker_id worker, enum channel_id id, const struct event *event)
{
	bool tick = event->kind == EVENT_TICK, desk = worker == WORKER_desk, skips = desk && (pump->warming || is_history(pump, event));
	bool repeat = desk && was_taken(pump, (uint8_t)(DESK_SOURCE_CHANNEL + id), event->seq);
	if (pump->commits && id == CHANNEL_market_desk) fire_timers(pump, event->t_ns - 1);
	if (tick && desk && pump->paper) paper_moment(pump->paper, progress_of(pump, worker)->ticks + 1);
	if (tick && !skips && !repeat) sample_regions(pump, worker);
	if (desk && !skips) deliver_desk(pump, event, (uint8_t)(DESK_SOURCE_CHANNEL + id), event->seq);
	if (!desk) deliver(pump, worker, event);
}

/* The desk sees nothing of a moment before that moment's TICK: whoever was faster waits. */
static bool comes_early(const struct pump *pump, enum worker_id worker, const struct event *event)
{
	return worker == WORKER_desk && event->kind != EVENT_TICK && event->kind != EVENT_DIVIDEND &&
	       event->t_ns > e8_max(pump->desk_tick_ns, pump->map->progress_desk[0].warm_ns);
}

/* Takes up to `limit` events of one queue; returns how many. */
static uint32_t drain(struct pump *pump, enum worker_id worker, enum channel_id id, uint32_t limit)
{
	struct event event;
	uint32_t     count = 0;
	for (; count < limit && channel_peek_at(&pump->channel[id], pump->next[id], &event, sizeof event); count++) {
		bool tick = event.kind == EVENT_TICK, parted = pump->commits && worker == WORKER_desk;
		if (tick && (pump->tick_owed || !may_take_tick(pump, worker))) break;
		if (parted && comes_early(pump, worker, &event)) break;
		take(pump, worker, id, &event);
		if (tick && worker == WORKER_desk) pump->desk_tick_ns = event.t_ns;
		pump->next[id]++;
		if (tick && parted)
			pump->tick_owed = true;        /* the cursor stays before it until it is acknowledged */
		else if (tick)
			tick_done(pump, worker);
		bool waits = pump->tick_owed && id == CHANNEL_market_desk;
		if (!pump->commits || (parted && !waits)) channel_done_to(&pump->channel[id], pump->next[id]);
	}
	return count;
}

static uint32_t turn(struct pump *pump, enum worker_id worker)
{
	uint32_t count = 0, left = CFG_drain_max;
	for (uint32_t i = 0; i < pump->inboxes[worker]; i++) {
		uint32_t taken = drain(pump, worker, (enum channel_id)pump->inbox[worker][i], left ? left : 1);
		left -= taken < left ? taken : left;
		count += taken;
	}
	return count;
}

/* The ledger's queue goes to whoever listens in this process. */
static uint32_t turn_listener(struct pump *pump)
{
	struct event event;
	uint32_t     count = 0;
	for (; count < CFG_drain_max && pump_take_result(pump, &event); count++)
		if (pump->listener.on_result) pump->listener.on_result(pump->listener.self, &event);
	return count;
}

bool pump_take_result(struct pump *pump, struct event *event)
{
	static const enum channel_id of_ledger[] = { CHANNEL_market_ledger, CHANNEL_results };
	for (size_t i = 0; i < sizeof of_ledger / sizeof of_ledger[0]; i++) {
		if (!channel_peek(&pump->channel[of_ledger[i]], event, sizeof *event)) continue;
		channel_done(&pump->channel[of_ledger[i]]);
		progress_of(pump, WORKER_ledger)->steps++;
		return true;
	}
	return false;
}

uint32_t pump_settle(struct pump *pump)
{
	static const enum worker_id in_turn[] = { WORKER_context, WORKER_analyst, WORKER_health, WORKER_desk };
	uint32_t                    count = 1, all = 0;
	for (uint32_t turns = 0; count > 0; turns++) {
		BUG_UNLESS(4033, turns < PUMP_TURNS_MAX);
		count = 0;
		for (size_t i = 0; i < sizeof in_turn / sizeof in_turn[0]; i++)
			if (pump->placed >> in_turn[i] & 1) count += turn(pump, in_turn[i]);
		if (pump->placed >> WORKER_ledger & 1) count += turn_listener(pump);
		all += count;
	}
	return all;
}

void pump_event(struct pump *pump, const struct event *event)
{
	bool market = event->kind == EVENT_PRICE || event->kind == EVENT_BAR || event->kind == EVENT_DIVIDEND || event->kind == EVENT_TICK;
	if (pump->placed >> WORKER_desk & 1) fire_timers(pump, event->t_ns - 1);
	if (market)
		deliver(pump, WORKER_feed, event);
	else
		deliver_desk(pump, event, DESK_SOURCE_NONE, 0);
	if (event->kind == EVENT_TICK) tick_done(pump, WORKER_feed);
	if (!market || event->kind == EVENT_TICK) (void)pump_settle(pump);
}

void pump_finish(struct pump *pump, const struct event *in, const struct outbox *out, bool is_open)
{
	pump->out = *out;
	if (is_open) write_result(pump);
	if (pump_books_input(in->kind)) put(pump, WORKER_desk, CHANNEL_results, in);
	pump->mute = pump->by_machine;
	route_all(pump, WORKER_desk);
	pump->mute = false;
}

/* An answer that was taken before a crash is only taken out of the venue. */
void pump_venue(struct pump *pump, const struct event *event)
{
	fire_timers(pump, event->t_ns - 1);
	if (pump->paper && was_taken(pump, DESK_SOURCE_VENUE, event->seq))
		paper_take(pump->paper);
	else
		deliver_desk(pump, event, DESK_SOURCE_VENUE, event->seq);
	(void)pump_settle(pump);
}

void pump_begin_life(struct pump *pump, const struct event *event, bool is_new_map)
{
	step_desk(pump, event, is_new_map ? EVENT_NEW_MAP : DESK_SOURCE_NONE, 0);
}

void pump_operator(struct pump *pump, const struct event *event)
{
	deliver_desk(pump, event, DESK_SOURCE_NONE, 0);
	(void)pump_settle(pump);
}

void pump_acknowledge(struct pump *pump)
{
	if (!pump->tick_owed) return;
	pump->tick_owed = false;
	channel_done_to(&pump->channel[CHANNEL_market_desk], pump->next[CHANNEL_market_desk]);
	tick_done(pump, WORKER_desk);
}

bool pump_all_done(const struct pump *pump, uint32_t of_workers)
{
	static const enum worker_id timed[] = { WORKER_context, WORKER_analyst, WORKER_health, WORKER_desk };
	for (size_t i = 0; i < sizeof timed / sizeof timed[0]; i++) {
		if (!(of_workers >> timed[i] & 1)) continue;
		const struct worker_progress *progress = pump_progress(pump->map, timed[i]);
		if (__atomic_load_n(&progress->ticks, __ATOMIC_ACQUIRE) < pump->map->progress_feed[0].ticks) return false;
	}
	return true;
}
