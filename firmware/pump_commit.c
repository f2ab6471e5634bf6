/* pump_commit.c - what a worker leaves at each TICK, and how its successor goes on from it. */
#include "firmware/pump_parts.h"

#include <string.h>

static struct commit commit_of(struct pump *pump, enum worker_id worker)
{
	struct memory_map *map = pump->map;
	if (worker == WORKER_feed) return (struct commit)COMMIT_OF(map->commit_feed, sizeof(struct feed_room));
	if (worker == WORKER_context) return (struct commit)COMMIT_OF(map->commit_context, sizeof(struct context));
	if (worker == WORKER_analyst) return (struct commit)COMMIT_OF(map->commit_analyst, analyst_live_bytes(&pump->rooms->analyst));
	BUG_UNLESS(4034, worker == WORKER_health);
	return (struct commit)COMMIT_OF(map->commit_health, sizeof(struct health));
}

static const enum worker_id committed[] = { WORKER_feed, WORKER_context, WORKER_analyst, WORKER_health };

void pump_commit(struct pump *pump, enum worker_id worker, uint64_t ticks)
{
	struct commit      slots = commit_of(pump, worker);
	struct commit_head head = { ticks, pump_progress(pump->map, worker)->steps, .seen_regime = pump->seen_regime, .seen_account = pump->seen_account };
	struct feed_room   feed;
	const void        *state = pump_room(pump, worker);
	memcpy(head.next, pump->next, sizeof pump->next);
	memcpy(head.put, pump->put, sizeof pump->put);
	memcpy(head.seen_price, pump->seen_price, sizeof head.seen_price);
	memcpy(head.seen_position, pump->seen_position, sizeof head.seen_position);
	if (worker == WORKER_feed) {
		feed = (struct feed_room){ pump->rooms->feed, pump->place };
		state = &feed;
	}
	commit_write(&slots, &head, state);
}

void pump_commit_all(struct pump *pump)
{
	for (size_t i = 0; i < sizeof committed / sizeof committed[0]; i++) pump_commit(pump, committed[i], pump_progress(pump->map, committed[i])->ticks);
}

/* The queues of a worker are done as far as it has read them. */
void pump_cursors_follow(struct pump *pump, enum worker_id worker)
{
	for (uint32_t i = 0; i < pump->inboxes[worker]; i++) {
		uint8_t id = pump->inbox[worker][i];
		channel_done_to(&pump->channel[id], pump->next[id]);
	}
}

static void restore(struct pump *pump, enum worker_id worker)
{
	struct commit           slots = commit_of(pump, worker);
	struct commit_head      head;
	struct feed_room        feed;
	struct worker_progress *progress = pump_progress(pump->map, worker);
	void                   *state = pump_room(pump, worker);
	if (!commit_read(&slots, &head, worker == WORKER_feed ? (void *)&feed : state)) return;
	if (worker == WORKER_feed) {
		pump->rooms->feed = feed.feed;
		pump->place = feed.place;
	}
	for (size_t id = 0; id < CHANNELS_N; id++) {
		if (channel_rows[id].consumer == worker) pump->next[id] = head.next[id];
		if (channel_rows[id].producer == worker) pump->put[id] = head.put[id];
	}
	if (worker == WORKER_analyst) pump->seen_regime = head.seen_regime;
	if (worker == WORKER_health) {
		pump->seen_account = head.seen_account;
		memcpy(pump->seen_price, head.seen_price, sizeof pump->seen_price);
		memcpy(pump->seen_position, head.seen_position, sizeof pump->seen_position);
	}
	progress->steps = head.steps;
	pump_cursors_follow(pump, worker);
	__atomic_store_n(&progress->ticks, head.ticks, __ATOMIC_RELEASE);
}

/* The cells that a worker writes, so that none stays half written. */
static void repair_cells(struct event_cell *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) cell_repair(&cells[i]);
}

static void repair(struct pump *pump, enum worker_id worker)
{
	struct memory_map *map = pump->map;
	if (worker == WORKER_feed) repair_cells(map->prices, UNIVERSE_N);
	if (worker == WORKER_context) repair_cells(map->regime, 1);
	if (worker == WORKER_analyst) repair_cells(map->signals, SIGNAL_CELLS);
	if (worker == WORKER_desk) {
		repair_cells(map->positions, UNIVERSE_N);
		repair_cells(map->account, 1);
		repair_cells(map->causes, CAUSE_PLACES_N);
		repair_cells(map->correlation, 1);
		repair_cells(map->orders, ORDERS_MAX);
		repair_cells(map->fills, FILL_CELLS);
	}
	for (size_t id = 0; id < CHANNELS_N; id++)
		if (channel_rows[id].producer == worker) channel_repair(&pump->channel[id]);
}

static void arm_again(struct pump *pump)
{
	const struct order_table *orders = &pump->rooms->desk.orders;
	for (uint64_t i = 0; i < orders->used_max; i++) {
		struct timer timer = { orders->order[i].order_id, orders->order[i].due_ns };
		if (order_in_flight(&orders->order[i])) pump_timer_arm(pump, &timer);
	}
}

/* A predecessor may have died between moving its cursor behind the TICK and counting it: nothing waits, and the feed is one ahead. */
static void count_tick_again(struct pump *pump)
{
	struct worker_progress *progress = pump_progress(pump->map, WORKER_desk);
	uint64_t                ticks = __atomic_load_n(&pump->map->progress_feed[0].ticks, __ATOMIC_ACQUIRE);
	if (ticks > progress->ticks && channel_waiting(&pump->channel[CHANNEL_market_desk]) == 0)
		__atomic_store_n(&progress->ticks, ticks, __ATOMIC_RELEASE);
}

void pump_resume(struct pump *pump)
{
	for (int worker = 0; worker < WORKERS_N; worker++)
		if (pump->placed >> worker & 1) repair(pump, (enum worker_id)worker);
	for (size_t id = 0; id < CHANNELS_N; id++) pump->put[id] = pump->channel[id].tail->tail;
	for (size_t i = 0; i < sizeof committed / sizeof committed[0]; i++)
		if (pump->placed >> committed[i] & 1) restore(pump, committed[i]);
	if (!(pump->placed >> WORKER_desk & 1)) return;
	pump_progress(pump->map, WORKER_desk)->owes_venue = 0;
	arm_again(pump);
	count_tick_again(pump);
}
