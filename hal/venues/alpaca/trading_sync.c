/* trading_sync.c - what was missed, then what there is: one question at a time, tried again when it comes to nothing.
 *
 * whole: clock, open orders, (once: all recent orders, for their names), activities, positions, account, activities again. When a fill came
 * between the positions and that last look, the snapshot is torn and is taken again. Not whole: the activities alone. */
#include <stdio.h>
#include <string.h>

#include "hal/venues/alpaca/trading_parts.h"
#include "hal/venues/port.h"

enum { RETRY_MS = 200, STATUS_OK = 200, STATUS_GONE = 404 };

/* --- the steps ---------------------------------------------------------------------------------------------------- */

static void step_to(struct alpaca_trading *trading, enum alpaca_sync_step step)
{
	struct alpaca_sync *sync = &trading->sync;
	sync->step = step;
	sync->is_page_full = false;
	sync->failures = 0;
	if (step == ALPACA_SYNC_POSITIONS) sync->fills_before = trading->counts.fills + trading->counts.externals;
	if (step == ALPACA_SYNC_ALL) sync->after_ns = e8_max(trading->plan.since_t_ns - ALPACA_OVERLAP_S * NS_PER_S, 0);
	alpaca_look_soon(trading);
}

/* From where activities are read: behind the last one known; in real time a while before it, because some are posted late. */
static void place_cursor(struct alpaca_trading *trading)
{
	struct alpaca_sync *sync = &trading->sync;
	if (!trading->plan.is_stepped && sync->is_whole) sync->cursor[0] = '\0';
	sync->after_ns = trading->read_ns > 0 ? e8_max(trading->read_ns - ALPACA_OVERLAP_S * NS_PER_S, 1) : 0;
	sync->after_ns = e8_max(sync->after_ns, trading->begun_ns);
}

void alpaca_sync_begin(struct alpaca_trading *trading)
{
	struct alpaca_sync *sync = &trading->sync;
	sync->is_whole = sync->wants_whole;
	sync->wants_whole = sync->wants_activities = false;
	sync->number++;
	sync->torn = sync->orphans_n = 0;
	sync->began_t_ns = trading->floor_ns;
	step_to(trading, !sync->is_whole ? ALPACA_SYNC_ACTIVITIES : trading->plan.is_stepped ? ALPACA_SYNC_OPEN : ALPACA_SYNC_CLOCK);
	place_cursor(trading);
	if (sync->step == ALPACA_SYNC_OPEN) sync->after_ns = 0;
}

void alpaca_sync_stop(struct alpaca_trading *trading)
{
	trading->sync.step = ALPACA_SYNC_NONE;
	trading->sync.wants_whole = trading->sync.wants_activities = false;
}

static void done(struct alpaca_trading *trading)
{
	trading->sync.step = ALPACA_SYNC_NONE;
	if (!trading->sync.is_whole) return;
	trading->sync.next_whole_ns = trading->plan.reconcile_ns ? port_now_ns() + trading->plan.reconcile_ns : 0;
	alpaca_session_event(trading, SESSION_EV_SYNCED);
}

static void failed(struct alpaca_trading *trading)
{
	struct alpaca_sync *sync = &trading->sync;
	trading->counts.syncs_failed++;
	sync->retry_ns = port_now_ns() + ((int64_t)RETRY_MS << sync->failures) * NS_PER_MS;
	if (++sync->failures < ALPACA_SYNC_TRIES_MAX) return;
	alpaca_sync_stop(trading);
	alpaca_session_event(trading, SESSION_EV_UNSYNCED);
}

/* --- the snapshot ------------------------------------------------------------------------------------------------- */

static void tell_snapshot(struct alpaca_trading *trading)
{
	struct alpaca_sync *sync = &trading->sync;
	for (uint32_t i = 0; i < sync->holdings_n; i++) {
		const struct alpaca_position *position = &sync->holding[i];
		struct event                 *event = alpaca_tell(trading, EVENT_HOLDING, position->sym, 0);
		event->holding = (struct holding){ sync->number, position->qty_e8, position->cost_usd_e8, position->px_e8 };
	}
	struct event *event = alpaca_tell(trading, EVENT_BALANCE, SYM_NONE, 0);
	event->balance = (struct balance){ .snapshot = sync->number,
		.cash_usd_e8 = sync->account.cash_usd_e8,
		.equity_usd_e8 = sync->account.equity_usd_e8,
		.holdings = sync->holdings_n,
		.blocked = sync->account.is_blocked };
	trading->counts.snapshots++;
}

/* The last look is done: nothing moved while the snapshot was taken, or it is taken again. */
static void judge_snapshot(struct alpaca_trading *trading)
{
	struct alpaca_sync *sync = &trading->sync;
	if (sync->fills_before == trading->counts.fills + trading->counts.externals) {
		tell_snapshot(trading);
		done(trading);
		return;
	}
	trading->counts.snapshots_torn++;
	if (++sync->torn < ALPACA_SYNC_TRIES_MAX) {
		step_to(trading, ALPACA_SYNC_POSITIONS);
		return;
	}
	done(trading);
	sync->next_whole_ns = port_now_ns() + NS_PER_S;        /* a market this busy: the fills are told, the comparison waits */
}

/* --- orders ------------------------------------------------------------------------------------------------------- */

static void note_order(struct alpaca_trading *trading, const struct alpaca_order *order, bool is_open_list)
{
	uint64_t           order_id;
	uint8_t            number;
	struct alpaca_row *row;
	if (!alpaca_is_ours(trading, order, &order_id, &number)) {
		if (is_open_list) alpaca_tell_external(trading, order, 0);
		return;
	}
	trading->last_order_id = order_id > trading->last_order_id ? order_id : trading->last_order_id;
	row = alpaca_row_of(trading, order_id);
	if (row->sym == SYM_NONE) row->sym = order->sym;
	alpaca_row_bind(trading, row, order->id, number);
	if (is_open_list) {
		row->seen = trading->sync.number;
		alpaca_on_ack(trading, row, order);
	} else if (!alpaca_state_works(order->state) && order->state != ALPACA_REPLACED && row->out == ALPACA_OUT_NONE && !row->wants_new) {
		row->is_done = true;        /* its row may be used again; who wants to know its end asks */
	}
}

/* Of ours, known to the venue, not finished as far as we heard, and not in the list of the open ones: it ended while nobody listened. */
static void ask_for_the_ended(struct alpaca_trading *trading)
{
	for (uint32_t i = 0; i < trading->rows_n; i++) {
		struct alpaca_row *row = &trading->row[i];
		if (!row->is_acked || row->is_done || row->seen == trading->sync.number || row->out != ALPACA_OUT_NONE) continue;
		row->wants_ask = true;
		alpaca_row_queue(trading, row);
	}
}

static bool take_orders(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	struct alpaca_sync *sync = &trading->sync;
	struct alpaca_order order;
	uint64_t            count = 0, malformed = trading->codec.malformed;
	int64_t             last_ns = sync->after_ns;
	alpaca_list_begin(&trading->codec, answer->body, answer->body_bytes);
	for (; alpaca_list_order(&trading->codec, &order); count++) {
		note_order(trading, &order, sync->step == ALPACA_SYNC_OPEN);
		last_ns = e8_max(last_ns, order.submitted_ns);
	}
	if (!alpaca_list_whole(&trading->codec)) return false;
	count += trading->codec.malformed - malformed;        /* what was passed over stood on the page, too */
	sync->is_page_full = count >= ALPACA_PAGE_ORDERS && last_ns > sync->after_ns;
	sync->after_ns = last_ns;
	if (sync->is_page_full) return true;
	if (sync->step == ALPACA_SYNC_OPEN) ask_for_the_ended(trading);
	bool names = sync->step == ALPACA_SYNC_OPEN && !sync->has_all && trading->plan.since_t_ns > 0;        /* a new journal has no orders */
	sync->has_all = sync->has_all || sync->step == ALPACA_SYNC_ALL;
	step_to(trading, names ? ALPACA_SYNC_ALL : ALPACA_SYNC_ACTIVITIES);
	if (!names) place_cursor(trading);
	return true;
}

/* --- activities --------------------------------------------------------------------------------------------------- */

static void tell_cash(struct alpaca_trading *trading, const struct alpaca_activity *activity)
{
	if (!alpaca_first_time(trading, activity->activity_id)) return;
	struct event *event = alpaca_tell(trading, EVENT_CASH, activity->sym, 0);
	event->cash = (struct cash){ activity->activity_id, activity->usd_e8, activity->day, activity->cash_kind };
	trading->counts.cash++;
}

static void tell_fill(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_activity *activity)
{
	struct alpaca_update update = { .kind = ALPACA_UPDATE_FILL,
		.execution_id = activity->activity_id,
		.t_ns = activity->t_ns,
		.qty_e8 = activity->qty_e8,
		.px_e8 = activity->px_e8,
		.fee_usd_e8 = activity->fee_usd_e8 };
	update.order.sym = activity->sym;
	update.order.side = activity->side;
	alpaca_on_fill(trading, row, &update, activity->left_qty_e8);
}

/* A fill of a uuid that no row has waits until the venue has said whose it is; a page has no more of them than the table. */
static void take_fill(struct alpaca_trading *trading, const struct alpaca_activity *activity)
{
	uint32_t           at;
	struct alpaca_row *row = alpaca_row_find_venue(trading, alpaca_hash(activity->order, strlen(activity->order)));
	bool               is_told = idmap_find(trading->by_told, 2 * ALPACA_TOLD_MAX, activity->activity_id, &at);
	if (row) tell_fill(trading, row, activity);
	else if (!is_told && trading->sync.orphans_n < ALPACA_PAGE_ACTIVITIES) trading->sync.orphan[trading->sync.orphans_n++] = *activity;
	most_see(&trading->sync.orphans_most, trading->sync.orphans_n);
}

static void take_activity(struct alpaca_trading *trading, const struct alpaca_activity *activity)
{
	switch (activity->kind) {
	case ALPACA_ACTIVITY_FILL: take_fill(trading, activity); return;
	case ALPACA_ACTIVITY_CASH: tell_cash(trading, activity); return;
	case ALPACA_ACTIVITY_OTHER: trading->counts.unknown_activities++; return;
	}
}

static void after_activities(struct alpaca_trading *trading)
{
	struct alpaca_sync *sync = &trading->sync;
	if (!sync->is_page_full) trading->read_ns = e8_max(trading->read_ns, sync->began_t_ns);
	if (sync->is_page_full) alpaca_look_soon(trading);
	else if (sync->step == ALPACA_SYNC_CHECK) judge_snapshot(trading);
	else if (sync->is_whole) step_to(trading, ALPACA_SYNC_POSITIONS);
	else done(trading);
}

static bool take_activities(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	struct alpaca_sync    *sync = &trading->sync;
	struct alpaca_activity activity;
	char                   last[ALPACA_ACTIVITY_ID_BYTES] = "";
	uint64_t               count = 0, malformed = trading->codec.malformed;
	alpaca_list_begin(&trading->codec, answer->body, answer->body_bytes);
	for (; alpaca_list_activity(&trading->codec, &activity) && count < ALPACA_PAGE_ACTIVITIES; count++) {
		take_activity(trading, &activity);
		memcpy(last, activity.id, sizeof last);
	}
	if (!alpaca_list_whole(&trading->codec)) return false;
	if (*last) memcpy(sync->cursor, last, sizeof sync->cursor);
	sync->is_page_full = *last && count + trading->codec.malformed - malformed >= ALPACA_PAGE_ACTIVITIES;
	sync->failures = 0;
	if (sync->orphans_n) {
		sync->back = sync->step;
		sync->step = ALPACA_SYNC_ORPHANS;
		alpaca_look_soon(trading);
	} else {
		after_activities(trading);
	}
	return true;
}

static void tell_orphan(struct alpaca_trading *trading, const struct alpaca_activity *activity, const struct alpaca_order *order)
{
	uint64_t order_id;
	uint8_t  number;
	if (alpaca_is_ours(trading, order, &order_id, &number)) {
		struct alpaca_row *row = alpaca_row_of(trading, order_id);
		alpaca_row_bind(trading, row, order->id, number);
		tell_fill(trading, row, activity);
	} else if (alpaca_first_time(trading, activity->activity_id)) {
		alpaca_tell_external(trading, order, activity->t_ns);
	}
}

/* Whose order the last orphan's is; of one that is gone nobody's. An answer that cannot be read says nothing: it may be ours. */
static bool take_orphan(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	struct alpaca_sync    *sync = &trading->sync;
	struct alpaca_activity activity = sync->orphan[sync->orphans_n - 1];
	struct alpaca_order    order = { .venue_id = alpaca_hash(activity.order, strlen(activity.order)), .sym = activity.sym, .side = activity.side };
	bool                   is_gone = answer->status == STATUS_GONE;
	if (!is_gone && !alpaca_read_order(&trading->codec, answer->body, answer->body_bytes, &order)) return false;
	if (is_gone) order.state = ALPACA_FILLED;
	sync->orphans_n--;
	sync->failures = 0;
	tell_orphan(trading, &activity, &order);
	if (sync->orphans_n) return true;
	sync->step = sync->back;
	after_activities(trading);
	return true;
}

/* --- positions, account, clock ------------------------------------------------------------------------------------ */

static bool take_positions(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	struct alpaca_sync    *sync = &trading->sync;
	struct alpaca_position position;
	uint64_t               malformed = trading->codec.malformed;
	sync->holdings_n = 0;
	alpaca_list_begin(&trading->codec, answer->body, answer->body_bytes);
	while (sync->holdings_n < ALPACA_HOLDINGS_MAX && alpaca_list_position(&trading->codec, &position)) sync->holding[sync->holdings_n++] = position;
	most_see(&sync->holdings_most, sync->holdings_n);
	if (!alpaca_list_whole(&trading->codec) || trading->codec.malformed != malformed) return false;        /* a part of a snapshot is none */
	step_to(trading, ALPACA_SYNC_ACCOUNT);
	return true;
}

static bool take_account(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	if (!alpaca_read_account(&trading->codec, answer->body, answer->body_bytes, &trading->sync.account)) return false;
	step_to(trading, ALPACA_SYNC_CHECK);
	return true;
}

static bool take_clock(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	struct alpaca_clock clock;
	if (!alpaca_read_clock(&trading->codec, answer->body, answer->body_bytes, &clock)) return false;
	trading->clock_off_s = clock.t_ns / NS_PER_S - port_wall_ns() / NS_PER_S;
	if (trading->plan.since_t_ns == 0 && trading->begun_ns == 0) trading->begun_ns = clock.t_ns / NS_PER_S * NS_PER_S;        /* it has no past */
	if (e8_abs(trading->clock_off_s) > ALPACA_CLOCK_OFF_S)
		snprintf(trading->sentence, sizeof trading->sentence, "%s: the clock of this machine is %lld s %s the venue's: set it", trading->plan.reach->host,
		    (long long)e8_abs(trading->clock_off_s), trading->clock_off_s > 0 ? "behind" : "ahead of");
	step_to(trading, ALPACA_SYNC_OPEN);
	trading->sync.after_ns = 0;
	return true;
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

static void after_text(const struct alpaca_sync *sync, char *text, size_t size)
{
	char time[ALPACA_TIME_BYTES];
	if (sync->after_ns > 0) snprintf(text, size, "&after=%s", alpaca_time_text(sync->after_ns, time));
	else text[0] = '\0';
}

static void target_of(const struct alpaca_trading *trading, char *target, size_t size)
{
	const struct alpaca_sync *sync = &trading->sync;
	char                      after[64];
	after_text(sync, after, sizeof after);
	switch (sync->step) {
	case ALPACA_SYNC_NONE: break;
	case ALPACA_SYNC_CLOCK: snprintf(target, size, "/v2/clock"); break;
	case ALPACA_SYNC_OPEN: snprintf(target, size, "/v2/orders?status=open&limit=%d&direction=asc%s", ALPACA_PAGE_ORDERS, after); break;
	case ALPACA_SYNC_ALL: snprintf(target, size, "/v2/orders?status=all&limit=%d&direction=asc%s", ALPACA_PAGE_ORDERS, after); break;
	case ALPACA_SYNC_ACTIVITIES:
	case ALPACA_SYNC_CHECK:
		if (sync->cursor[0]) snprintf(after, sizeof after, "%s", "");
		snprintf(target, size, "/v2/account/activities?direction=asc&page_size=%d%s%s%s", ALPACA_PAGE_ACTIVITIES, after,
		    sync->cursor[0] ? "&page_token=" : "", sync->cursor);
		break;
	case ALPACA_SYNC_ORPHANS: snprintf(target, size, "/v2/orders/%s", sync->orphan[sync->orphans_n - 1].order); break;
	case ALPACA_SYNC_POSITIONS: snprintf(target, size, "/v2/positions"); break;
	case ALPACA_SYNC_ACCOUNT: snprintf(target, size, "/v2/account"); break;
	}
}

void alpaca_sync_go_on(struct alpaca_trading *trading, int64_t now_ns)
{
	struct alpaca_sync *sync = &trading->sync;
	char                target[REST_TARGET_BYTES_MAX] = "";
	bool                is_on = trading->session.state == SESSION_SYNCING || trading->session.state == SESSION_UP;
	if (trading->session.state == SESSION_UP && sync->next_whole_ns && now_ns >= sync->next_whole_ns) {
		sync->next_whole_ns = 0;
		sync->wants_whole = true;
	}
	if (is_on && sync->step == ALPACA_SYNC_NONE && (sync->wants_whole || sync->wants_activities)) alpaca_sync_begin(trading);
	if (sync->step == ALPACA_SYNC_NONE || sync->is_out || now_ns < sync->retry_ns || alpaca_events_room(trading) < ALPACA_ROOM_PAGE) return;
	target_of(trading, target, sizeof target);
	struct rest_request request = { .method = "GET", .target = target, .tag = alpaca_tag(ALPACA_TAG_SYNC, (uint32_t)sync->number) };
	sync->is_out = rest_ask(&trading->rest, &request);
	trading->activity++;
}

int64_t alpaca_sync_due_ns(const struct alpaca_trading *trading, int64_t now_ns)
{
	const struct alpaca_sync *sync = &trading->sync;
	if (sync->step != ALPACA_SYNC_NONE) return sync->retry_ns > now_ns ? sync->retry_ns : INT64_MAX;
	return trading->session.state == SESSION_UP && sync->next_whole_ns ? sync->next_whole_ns : INT64_MAX;
}

static bool take(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	switch (trading->sync.step) {
	case ALPACA_SYNC_NONE: return true;
	case ALPACA_SYNC_CLOCK: return take_clock(trading, answer);
	case ALPACA_SYNC_OPEN: case ALPACA_SYNC_ALL: return take_orders(trading, answer);
	case ALPACA_SYNC_ACTIVITIES: case ALPACA_SYNC_CHECK: return take_activities(trading, answer);
	case ALPACA_SYNC_ORPHANS: return take_orphan(trading, answer);
	case ALPACA_SYNC_POSITIONS: return take_positions(trading, answer);
	case ALPACA_SYNC_ACCOUNT: return take_account(trading, answer);
	}
	return true;
}

/* The key, or the cursor, or the venue's trouble. */
static void not_taken(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	struct alpaca_error error;
	if (answer->outcome == REST_ANSWERED) {
		alpaca_read_error(&trading->codec, answer->body, answer->body_bytes, &error);
		if (alpaca_is_wrong_key(answer->status, &error)) {
			alpaca_sync_stop(trading);
			alpaca_refused_key(trading, answer->status);
			return;
		}
		snprintf(trading->sentence, sizeof trading->sentence, "%s: synchronising: status %u: %s", trading->plan.reach->host, answer->status, error.message);
		if (answer->status / 100 == 4) trading->sync.cursor[0] = '\0';        /* it may be what it dislikes; repeats are known */
	}
	failed(trading);
}

void alpaca_sync_on_answer(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	struct alpaca_sync *sync = &trading->sync;
	sync->is_out = false;
	if ((uint32_t)answer->tag != (uint32_t)sync->number || sync->step == ALPACA_SYNC_NONE) return;        /* of one given up */
	bool is_answer = answer->status == STATUS_OK || (answer->status == STATUS_GONE && sync->step == ALPACA_SYNC_ORPHANS);
	if (answer->outcome != REST_ANSWERED || !is_answer || !take(trading, answer)) not_taken(trading, answer);
	alpaca_look_soon(trading);
}
