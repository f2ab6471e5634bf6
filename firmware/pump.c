/* pump.c - the workers' turns: what each reads, in which order, and when a TICK is done. */
#include "firmware/pump_parts.h"

#include <string.h>

void rooms_init(struct worker_rooms *rooms, uint32_t placed, uint64_t journal_id, const struct settings *settings, bool has_vix)
{
	if (placed >> WORKER_feed & 1) feed_init(&rooms->feed, settings);
	if (placed >> WORKER_context & 1) context_init(&rooms->context, has_vix);
	if (placed >> WORKER_analyst & 1) analyst_init(&rooms->analyst, settings);
	if (placed >> WORKER_health & 1) health_init(&rooms->health, settings);
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
	struct worker_progress *progress = pump_progress(pump->map, worker);
	progress->steps++;
	progress->t_ns = event->t_ns;
	trace_put(pump_trace(pump->map, worker), event);
	outbox_begin(&pump->out, (uint8_t)worker, progress->steps, event->t_ns);
	stepped[worker].step(pump_room(pump, worker), event, &pump->out);
	pump_route(pump, worker);
}

/* An input of the desk with its number (0: it has none); one that it has taken already is dropped. */
static void deliver_desk(struct pump *pump, const struct event *event, uint8_t source, uint64_t number)
{
	if (number != 0 && pump_was_taken(pump, source, number)) return;
	pump_step_desk(pump, event, number != 0 ? source : DESK_SOURCE_NONE, number);
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
	if (worker == WORKER_health && sample(&pump->map->account[0], &pump->seen_account, &event)) deliver(pump, worker, &event);
	if (worker == WORKER_analyst && sample(&pump->map->regime[0], &pump->seen_regime, &event)) deliver(pump, worker, &event);
}

/* Everyone this worker follows has done that TICK, as far as they are waited for. */
static bool may_take_tick(struct pump *pump, enum worker_id worker)
{
	uint64_t wanted = pump_progress(pump->map, worker)->ticks + 1;
	for (int w = 0; w < WORKERS_N; w++) {
		if (!(workers[worker].follows >> w & 1) || !(pump->anywhere >> w & 1)) continue;
		if (__atomic_load_n(&pump_progress(pump->map, (enum worker_id)w)->ticks, __ATOMIC_ACQUIRE) < wanted) return false;
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
		pump_timer_drop(pump, timer.order_id);
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
		pump_timer_drop(pump, timer.order_id);
		struct event event = event_make(EVENT_TIMER, SYM_NONE, pump->rooms->desk.t_ns);
		event.timer = timer;
		deliver_desk(pump, &event, DESK_SOURCE_NONE, 0);
	}
}

/* Nothing of a HEARTBEAT is stepped again by a successor: its alarms are new records whatever the queues have, and the commit says so at once. Market
 * time stands between TICKs. */
void pump_health(struct pump *pump)
{
	static const enum channel_id queue[] = { CHANNEL_alarms, CHANNEL_alarms_warning, CHANNEL_alarms_info };
	struct worker_progress      *progress = pump_progress(pump->map, WORKER_health);
	struct event                 event = event_make(EVENT_HEARTBEAT, SYM_NONE, progress->t_ns);
	if (progress->t_ns == 0) return;        /* no market yet */
	for (size_t i = 0; i < sizeof queue / sizeof *queue; i++) pump->put[queue[i]] = pump->channel[queue[i]].tail->tail;
	sample_regions(pump, WORKER_health);
	deliver(pump, WORKER_health, &event);
	if (pump->commits) pump_commit(pump, WORKER_health, progress->ticks);
}

static void tick_done(struct pump *pump, enum worker_id worker)
{
	struct worker_progress *progress = pump_progress(pump->map, worker);
	if (pump->commits && worker != WORKER_desk) {
		pump_commit(pump, worker, progress->ticks + 1);
		pump_cursors_follow(pump, worker);
	}
	__atomic_store_n(&progress->ticks, progress->ticks + 1, __ATOMIC_RELEASE);
	pump->moved = true;
}

/* History of a market that is read from a venue: its TICKs say so, and what was made of them is not newer. And the end of a cycle of before the last TICK,
 * by an analyst that nobody waited for: another day would be decided by it. */
static bool is_history(struct pump *pump, const struct event *event)
{
	struct worker_progress *word = pump_progress(pump->map, WORKER_desk);
	if (event->kind == EVENT_CYCLE && event->t_ns < pump->desk_tick_ns) return true;
	if (event->flags & EVENT_WARMING) word->warm_ns = event->t_ns;
	return event->t_ns <= word->warm_ns && word->warm_ns != 0 && !(event->flags & EVENT_OF_NOW);
}

/* One event of a queue to its worker. A TICK of the desk that was taken before a crash is owed its acknowledgement all the same. */
static void take(struct pump *pump, enum worker_id worker, enum channel_id id, const struct event *event)
{
	bool tick = event->kind == EVENT_TICK, desk = worker == WORKER_desk, skips = desk && (pump->warming || is_history(pump, event));
	bool repeat = desk && pump_was_taken(pump, (uint8_t)(DESK_SOURCE_CHANNEL + id), event->seq);
	if (pump->commits && id == CHANNEL_market_desk) fire_timers(pump, event->t_ns - 1);
	if (tick && desk && pump->paper) paper_moment(pump->paper, pump_progress(pump->map, worker)->ticks + 1);
	if (tick && !skips && !repeat) sample_regions(pump, worker);
	if (desk && !skips) deliver_desk(pump, event, (uint8_t)(DESK_SOURCE_CHANNEL + id), event->seq);
	if (!desk) deliver(pump, worker, event);
}

/* The desk sees nothing of a moment before that moment's TICK: whoever was faster waits. What is said of now is of no moment, and a desk that came back
 * between two TICKs may have hours to its next one. */
static bool comes_early(const struct pump *pump, enum worker_id worker, const struct event *event)
{
	return worker == WORKER_desk && event->kind != EVENT_TICK && event->kind != EVENT_DIVIDEND && !(event->flags & EVENT_OF_NOW) &&
	       event->t_ns > e8_max(pump->desk_tick_ns, pump->map->progress_desk[0].warm_ns);
}

static void owe_tick(struct pump *pump, bool is_owed)
{
	pump->tick_owed = is_owed;
	pump_progress(pump->map, WORKER_desk)->owes_venue = is_owed;
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
			owe_tick(pump, true);        /* the cursor stays before it until it is acknowledged */
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
		pump_progress(pump->map, WORKER_ledger)->steps++;
		trace_put(pump_trace(pump->map, WORKER_ledger), event);
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

/* A price between two moments, which only real time has, is not stepped again by a successor: its number is not given a second time. */
static bool is_between_moments(const struct event *event) { return event->kind == EVENT_PRICE && event->price.price_kind == PRICE_TRADE; }

void pump_event(struct pump *pump, const struct event *event)
{
	bool market = event->kind == EVENT_PRICE || event->kind == EVENT_BAR || event->kind == EVENT_DIVIDEND || event->kind == EVENT_FUNDING ||
	              event->kind == EVENT_TICK;
	if (pump->placed >> WORKER_desk & 1) fire_timers(pump, event->t_ns - 1);
	if (market)
		deliver(pump, WORKER_feed, event);
	else
		deliver_desk(pump, event, DESK_SOURCE_NONE, 0);
	if (event->kind == EVENT_TICK) tick_done(pump, WORKER_feed);
	if (pump->commits && is_between_moments(event)) pump_commit(pump, WORKER_feed, pump_progress(pump->map, WORKER_feed)->ticks);
	if (!market || event->kind == EVENT_TICK) (void)pump_settle(pump);
}

/* An answer that was taken before a crash is only taken out of the venue. */
void pump_venue(struct pump *pump, const struct event *event)
{
	fire_timers(pump, event->t_ns - 1);
	if (pump->paper && pump_was_taken(pump, DESK_SOURCE_VENUE, event->seq))
		paper_take(pump->paper);
	else
		deliver_desk(pump, event, DESK_SOURCE_VENUE, event->seq);
	(void)pump_settle(pump);
}

void pump_outside(struct pump *pump, const struct event *event)
{
	deliver_desk(pump, event, DESK_SOURCE_NONE, 0);
	(void)pump_settle(pump);
}

void pump_acknowledge(struct pump *pump)
{
	if (!pump->tick_owed) return;
	owe_tick(pump, false);
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
