/* audits.c - what is looked at between turns, wherever the house stands: channels within their bounds, counts that agree with what they count, deadlines
 * for all that is awaited, no worker's work undone, and a journal that comes to the state that the desk has. */
#include <string.h>

#include "firmware/sim/parts.h"
#include "fsm/desk/order.h"
#include "hal/sim/chance.h"

enum { JOURNAL_AUDITS_BP = 25, /* of the desk's turns, 1e-4: five in a run of 20 sessions */
	ASKS_LATE_MS = 1000,
	RESCUE_MOST_S = 30,
	IDLE_MOST_DAYS = 5 }; /* from a close to the next open, over the longest weekend */

/* --- the shared map ------------------------------------------------------------------------------------------------ */

/* Who makes signals or alarms makes each once, whatever it does again after a death: each was made later than the one before it. */
static void audit_queue(struct house *house, enum channel_id id, const struct channel *channel)
{
	struct house_queue *seen = &house->queue[id];
	struct event        event;
	uint64_t            put = channel->tail->tail;
	if (put < seen->put) *seen = (struct house_queue){ 0, 0 }; /* of a new map */
	for (; seen->put < put; seen->put++) {
		if (!channel_peek_at(channel, seen->put, &event, sizeof event)) continue;
		uint64_t key = event.cause << 16 | (event.index + 1u);
		if (key <= seen->key) house_violates(house, "channel %s: what %s made stands there twice", channel_rows[id].name, workers[channel_rows[id].producer].name);
		seen->key = key;
	}
}

static void audit_channels(struct house *house)
{
	for (int id = 0; id < CHANNELS_N; id++) {
		struct channel channel;
		map_channel(house->map, (enum channel_id)id, &channel);
		uint64_t put = channel.tail->tail, taken = channel.cursor->next;
		if (taken > put || put - taken > channel.slots_n)
			house_violates(house, "channel %s: %llu put, %llu taken, room for %u", channel_rows[id].name, (unsigned long long)put, (unsigned long long)taken,
			    channel.slots_n);
		else if (channel_rows[id].producer == WORKER_health || channel_rows[id].producer == WORKER_analyst) audit_queue(house, (enum channel_id)id, &channel);
	}
}

/* What a worker has done stays done, whoever dies: as long as the map lives. */
static void audit_ticks(struct house *house)
{
	static const enum worker_id workers_of_house[] = { WORKER_feed, WORKER_context, WORKER_analyst, WORKER_health, WORKER_desk };
	for (size_t i = 0; i < sizeof workers_of_house / sizeof *workers_of_house; i++) {
		enum worker_id worker = workers_of_house[i];
		uint64_t       ticks = pump_progress(house->map, worker)->ticks, *seen = &house->ticks_of[worker];
		if (ticks < *seen)
			house_violates(house, "%s had done %llu TICKs and now says %llu", workers[worker].name, (unsigned long long)*seen, (unsigned long long)ticks);
		*seen = ticks;
	}
	if (house->ticks_of[WORKER_desk] > house->ticks_of[WORKER_health] || house->ticks_of[WORKER_health] > house->ticks_of[WORKER_feed] + 1)
		house_violates(house, "a TICK was done by who follows before who leads");
}

/* --- the desk -------------------------------------------------------------------------------------------------------- */

static bool has_timer(const struct pump *pump, uint64_t order_id)
{
	for (uint32_t i = 0; i < pump->timers; i++)
		if (pump->timer[i].order_id == order_id) return true;
	return false;
}

static void audit_order(struct house *house, const struct pump *pump, const struct order *order, uint64_t unknown[UNIVERSE_N])
{
	unsigned long long id = order->order_id;
	unknown[order->sym] += order->state == ORDER_UNKNOWN;
	if (order_in_flight(order) && !has_timer(pump, order->order_id)) house_violates(house, "order %llu awaits an answer without a deadline", id);
	if (order->filled_qty_e8 > order->qty_e8) house_violates(house, "order %llu is filled beyond its quantity", id);
	if (order->state != ORDER_DONE && order->filled_qty_e8 == order->qty_e8) house_violates(house, "order %llu is filled and not done", id);
}

static void audit_orders(struct house *house, const struct runner *runner)
{
	const struct desk *desk = &runner->rooms.desk;
	uint64_t           unknown[UNIVERSE_N] = { 0 };
	for (uint64_t i = 0; i < desk->orders.used_max; i++)
		if (desk->orders.order[i].state != ORDER_FREE) audit_order(house, &runner->pump, &desk->orders.order[i], unknown);
	if (memcmp(unknown, desk->unknown, sizeof unknown) != 0) house_violates(house, "the orders without an answer are counted wrong");
}

/* An order of this symbol and side that was made since. */
static bool was_sent(const struct desk *desk, uint16_t sym, uint8_t side, uint64_t since_input)
{
	for (uint64_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		bool                is_open = order->state != ORDER_FREE && order->state != ORDER_DONE;
		if (order->sym == sym && order->side == side && (is_open || order_id_input(order->order_id) > since_input)) return true;
	}
	return false;
}

/* What was owed is sold, or no longer there to be sold, or still owed; RESUME takes a FLATTEN back. */
static void audit_owed(struct house *house, const struct desk *desk)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		const struct owed *now = &desk->owed[sym], *then = &house->owed[sym];
		int64_t            held_e8 = desk->account.position[sym].qty_e8;
		bool               is_off = then->qty_e8 > 0 && now->qty_e8 == 0 && held_e8 > 0 && then->reason != ORDER_REASON_OPERATOR;
		if (is_off && !was_sent(desk, sym, SIDE_SELL, house->owed_at)) house_violates(house, "%s was to be sold, and was not", universe[sym].symbol);
	}
	memcpy(house->owed, desk->owed, sizeof house->owed);
	house->owed_at = desk->inputs;
}

/* FLATTEN closes until nothing is left: what it owes is being closed, or will be at the next open, and nothing is held again before RESUME. A desk that
 * lost records of orders may hear of their fills later. */
static void audit_flatten(struct house *house, const struct desk *desk)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		const struct owed *owed = &desk->owed[sym];
		bool               is_held = desk->account.position[sym].qty_e8 > 0;
		if (!owed->all || !is_held || house_open_e8(desk, sym, SIDE_SELL) > 0) house->idle_t_ns[sym] = desk->t_ns;
		if (desk->t_ns - house->idle_t_ns[sym] > IDLE_MOST_DAYS * NS_PER_DAY)
			house_violates(house, "%s is to be closed, and nobody closes it", universe[sym].symbol);
		if (owed->held && !owed->all && is_held && desk->losses == 0)
			house_violates(house, "%s was closed by the operator, and is held again", universe[sym].symbol);
	}
}

/* The journal, read by somebody else, comes to the state that the desk has now. */
static void audit_journal(struct house *house, const struct desk *desk)
{
	struct home *home = house->boot;
	memset(home, 0, offsetof(struct home, window));
	home->disk = &house->disk.disk;
	home->conf.settings = house->world.settings;
	home->mode = house->run.mode;
	if (!home_read(home, "house")) house_violates(house, "the journal cannot be read while the desk lives: %s", home->sentence);
	else if (home->desk.inputs != desk->inputs || desk_hash(&home->desk) != desk_hash(desk))
		house_violates(house, "the journal comes to another state at input %llu than the desk at %llu", (unsigned long long)home->desk.inputs,
		    (unsigned long long)desk->inputs);
	journal_read_close(&home->reader);
	house->counts.replays++;
}

/* A venue that owes an answer is asked when its time is over, and again: not every venue's driver does that by itself. */
static void audit_asked(struct house *house, const struct desk *desk)
{
	bool is_there = desk->recovery.venue == VENUE_UP && desk->recovery.state != RECOVERY_LOADED;
	for (uint64_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		struct house_asked *asked = &house->asked[i];
		bool                is_same = asked->order_id == order->order_id && asked->state == order->state && asked->filled_qty_e8 == order->filled_qty_e8;
		if (!is_there || !order_in_flight(order) || !is_same)
			*asked = (struct house_asked){ order->order_id, house->now_ns, order->filled_qty_e8, order->state };
		if (house->now_ns - asked->at_ns > (CFG_order_timeout_ms + ASKS_LATE_MS) * NS_PER_MS)
			house_violates(house, "order %llu has no answer, and nobody asks", (unsigned long long)order->order_id);
	}
}

/* A new session is asked for each order that the venue may hold, before anything follows from what the books say. */
static void audit_answers(struct house *house, const struct desk *desk, bool is_news)
{
	if (recovery_is_away(&desk->recovery)) {
		house->away_inputs = desk->inputs;
		memset(house->queried, 0, sizeof house->queried);
	}
	for (uint64_t i = 0; is_news && desk->recovery.state == RECOVERY_CANCELLING && i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		bool                is_open = order->state != ORDER_FREE && order->state != ORDER_DONE;
		if (order->state == ORDER_UNKNOWN) house_violates(house, "order %llu has no answer, and the desk goes on", (unsigned long long)order->order_id);
		if (is_open && order_id_input(order->order_id) <= house->away_inputs && house->queried[i] != order->order_id)
			house_violates(house, "order %llu worked before this session, which was not asked for it", (unsigned long long)order->order_id);
	}
}

/* Entries are cancelled before the books are compared, all that was asked is answered; and what differs has a reason. */
static void audit_recovery(struct house *house, const struct desk *desk)
{
	bool is_news = desk->recovery.state != house->recovery_state;
	house->recovery_state = desk->recovery.state;
	audit_answers(house, desk, is_news);
	for (uint64_t i = 0; desk->recovery.state == RECOVERY_RECONCILING && i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		bool                is_open = order->state != ORDER_FREE && order->state != ORDER_DONE;
		if (is_open && !order->reduce_only && setting(&desk->settings, SETTING_recovery_cancel_entries))
			house_violates(house, "order %llu works while the books are compared", (unsigned long long)order->order_id);
		if (is_news && (order->state == ORDER_UNKNOWN || order->state == ORDER_CANCELLING))
			house_violates(house, "the books are compared before order %llu has its answer", (unsigned long long)order->order_id);
	}
	bool has_reason = house->paid_in_usd_e8 || house->has_strangers;
	if (desk->reconcile.state == RECONCILE_MISMATCH && !has_reason) house_violates(house, "the books differ from the venue's without a reason");
}

/* No desk has taken what was never put: keys of another map would keep it from hearing this one's. */
static void audit_taken(struct house *house, const struct desk *desk)
{
	for (int id = 0; id < CHANNELS_N; id++) {
		struct channel channel;
		map_channel(house->map, (enum channel_id)id, &channel);
		if (channel_rows[id].consumer == WORKER_desk && desk->taken[DESK_SOURCE_CHANNEL + id] > channel.tail->tail)
			house_violates(house, "channel %s: the desk has taken %llu of %llu", channel_rows[id].name,
			    (unsigned long long)desk->taken[DESK_SOURCE_CHANNEL + id], (unsigned long long)channel.tail->tail);
	}
}

/* In the journal no input of a queue stands twice. A new map numbers its queues anew. */
static void audit_keys(struct house *house)
{
	struct home          *home = house->boot;
	struct journal_record record;
	struct event          in;
	uint64_t              taken[DESK_SOURCES_N] = { 0 };
	if (journal_read_open(&home->reader, &house->disk.disk, "journal", home->window, sizeof home->window) != JOURNAL_OK) return;
	enum journal_verdict verdict = journal_seek_oldest(&home->reader);
	bool                 ok = verdict == JOURNAL_OK || verdict == JOURNAL_GAP;
	for (enum journal_type type = JOURNAL_INPUT; ok && type != JOURNAL_END;) {
		type = journal_read_next(&home->reader, &record);
		if (type != JOURNAL_INPUT || !journal_event_next(&record, &in)) continue;
		if (in.kind == EVENT_VENUE && in.flags == EVENT_NEW_MAP) memset(taken, 0, sizeof taken);
		if (in.seq == 0 || in.flags >= DESK_SOURCES_N || in.flags == DESK_SOURCE_VENUE) continue;
		if (in.seq <= taken[in.flags]) house_violates(house, "input %llu was taken before", (unsigned long long)record.input_seq);
		taken[in.flags] = in.seq;
	}
	journal_read_close(&home->reader);
}

/* Who stands for a desk that is held down takes no TICK, and leaves no entry at the venue once nothing is in its way. */
static void audit_rescue(struct house *house, const struct house_row *at)
{
	const struct broker  *broker = &house->server->broker;
	const struct process *rescue = &house->rescue;
	int64_t               since_ns = e8_max(e8_max(rescue->ready_ns, house->last_fault_ns), house->net->weather.dark_until_ns);
	if (!at->is_rescue || rescue->state != PROCESS_READY) return;
	if (house->map->progress_desk[0].ticks != at->ticks_then) house_violates(house, "the rescue has taken a TICK that is the desk's");
	if (!house->is_calm || house->now_ns - since_ns < RESCUE_MOST_S * NS_PER_S) return;
	for (uint32_t i = 0; i < broker->open_n; i++)
		if (broker->order[broker->open[i]].side == SIDE_BUY) house_violates(house, "an entry works on while the rescue stands for the desk");
}

void house_audit(struct house *house)
{
	const struct runner *runner = house->row[house_row_of(house, WORKER_desk)].runner;
	audit_channels(house);
	audit_ticks(house);
	audit_rescue(house, &house->row[house_row_of(house, WORKER_desk)]);
	if (!runner || runner->rooms.desk.inputs == house->audited_inputs) return;
	house->audited_inputs = runner->rooms.desk.inputs;
	audit_orders(house, runner);
	house_check_names(house, runner->trading);
	audit_taken(house, &runner->rooms.desk);
	audit_owed(house, &runner->rooms.desk);
	audit_flatten(house, &runner->rooms.desk);
	audit_asked(house, &runner->rooms.desk);
	bool was_away = house->recovery_state != RECOVERY_TRADING;
	audit_recovery(house, &runner->rooms.desk);
	bool is_back = was_away && house->recovery_state == RECOVERY_TRADING;
	if (runner->pump.journal_verdict != JOURNAL_OK && !runner->rooms.desk.journal_lost) house_violates(house, "the journal is lost and the desk was not told");
	if (house->plan.crash.lie != HOUSE_LIE_none) return; /* whoever reads what a disk lied about is told so: matrix.c */
	bool has_journal = runner->pump.journal && runner->pump.journal_verdict == JOURNAL_OK && !runner->pump.journal->lost;
	if (has_journal && is_back) audit_keys(house);
	if (!has_journal || !chance_bp(&house->chance, JOURNAL_AUDITS_BP)) return;
	audit_journal(house, &runner->rooms.desk);
	audit_keys(house);
}
