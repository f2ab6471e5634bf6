/* desk_venue.c - the venue's word: classify it, step the order, book what was filled. */
#include "fsm/desk/desk.h"

/* USD; one execution is at most ten times the largest deposit. Beyond it a venue talks nonsense, and the sum of many stays in range. */
#define FILL_MAX_USD INT64_C(100000000)

void desk_note_order(const struct order *order, uint8_t event_id, struct outbox *out)
{
	struct event *event = outbox_add(out, EVENT_ORDER, order->sym);
	event->order = (struct order_note){ .order_id = order->order_id,
		.venue_id = order->venue_id,
		.qty_e8 = order->qty_e8,
		.filled_qty_e8 = order->filled_qty_e8,
		.limit_px_e8 = order->limit_px_e8,
		.average_px_e8 = order->filled_qty_e8 ? e8_div(order->paid_usd_e8, order->filled_qty_e8) : 0,
		.fee_usd_e8 = order->fee_usd_e8,
		.decided_px_e8 = order->decided_px_e8,
		.sent_ns = order->sent_ns,
		.state = order->state,
		.side = order->side,
		.order_type = order->order_type,
		.time_in_force = order->time_in_force,
		.reason = order->reason,
		.reduce_only = order->reduce_only,
		.event = event_id,
		.retries = (uint8_t)(order->queries > UINT8_MAX ? UINT8_MAX : order->queries) };
}

/* A timer for whatever the venue now owes an answer to. */
static void arm_timer(const struct desk *desk, struct order *order, const struct event *in, struct outbox *out)
{
	if (!order_in_flight(order)) return;
	order->due_ns = in->t_ns + desk_setting(desk, SETTING_order_timeout_ms) * NS_PER_MS;
	struct event *event = outbox_add(out, EVENT_TIMER, order->sym);
	event->timer.order_id = order->order_id;
	event->timer.due_ns = order->due_ns;
}

void desk_order_event(struct desk_worker *worker, struct order *order, uint8_t event, const struct event *in, struct outbox *out)
{
	uint8_t  before = order->state;
	uint64_t venue_id = order->venue_id;
	order->state = machine_step(&order_machine, order->state, event, order, in, out, worker->log);
	worker->desk->unknown[order->sym] += (uint64_t)(order->state == ORDER_UNKNOWN) - (uint64_t)(before == ORDER_UNKNOWN);
	if (order->venue_id != venue_id) order_table_name_venue(&worker->desk->orders, order, venue_id);
	bool said = machine_cell(&order_machine, before, event)->kind != CELL_DROP;
	if (!said || order->state == ORDER_FREE) return;
	desk_note_order(order, event, out);
	arm_timer(worker->desk, order, in, out);
	worker->desk->account_dirty = 1;
}

struct order *desk_send(struct desk_worker *worker, const struct event *in, struct outbox *out, uint16_t sym, uint8_t side,
    int64_t qty_e8, uint8_t reason)
{
	struct desk *desk = worker->desk;
	BUG_UNLESS(1230, qty_e8 > 0 && sym < UNIVERSE_N);
	BUG_UNLESS(3971, desk->inputs >> ORDER_ID_INPUT_BITS == 0 && desk->order_index >> ORDER_ID_INDEX_BITS == 0);        /* an id is given once */
	uint64_t      order_id = order_id_make(desk->losses, desk->inputs, desk->order_index);
	int64_t       held_e8 = desk->account.position[sym].qty_e8;
	bool          reduces = side == SIDE_SELL ? held_e8 > 0 : held_e8 < 0;
	struct order *order = order_table_take(&desk->orders, order_id, reduces);
	if (!order) return 0;
	BUG_UNLESS(1231, desk->order_index < 255);
	desk->order_index++;
	order->sym = sym;
	order->qty_e8 = qty_e8;
	order->side = side;
	order->order_type = ORDER_TYPE_MARKET;
	order->time_in_force = TIF_OPEN;
	order->reason = reason;
	order->reduce_only = reduces;
	order->decided_px_e8 = desk->account.position[sym].px_e8;
	if (side == SIDE_BUY) order->reserved_usd_e8 = desk_reserve_usd_e8(order);
	desk->orders_sent++;
	desk->use.messages++;
	desk_order_event(worker, order, ORDER_EV_SUBMIT, in, out);
	return order;
}

/* The position after a fill moved: stop and ladder hear of a new or an ended position. */
static void after_fill(struct desk_worker *worker, uint16_t sym, int64_t before_e8, const struct event *in, struct outbox *out)
{
	int64_t held_e8 = worker->desk->account.position[sym].qty_e8;
	if (before_e8 != 0 && held_e8 == 0) desk_stop_event(worker, sym, STOP_EV_FLAT, in, out);
	if (before_e8 == 0 && held_e8 != 0) {
		desk_stop_event(worker, sym, STOP_EV_OPENED, in, out);
		desk_ladder_event(worker, LADDER_EV_OPENED, in, out);
	}
	if (account_is_flat(&worker->desk->account)) desk_ladder_event(worker, LADDER_EV_FLAT, in, out);
}

static void book_fill(struct desk_worker *worker, const struct order *order, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	int64_t      before_e8 = desk->account.position[in->sym].qty_e8;
	int64_t      realised = account_on_fill(&desk->account, in->sym, in->fill.side == SIDE_BUY, in->fill.qty_e8, in->fill.px_e8, in->fill.fee_usd_e8);
	struct event *note = outbox_add(out, EVENT_FILL, in->sym);
	note->fill = in->fill;
	note->fill.realised_usd_e8 = realised;
	note->fill.reason = order ? order->reason : ORDER_REASON_OPERATOR;
	note->fill.is_late = !order || order->state == ORDER_DONE;
	desk->fills++;
	book_use_fill(&desk->use, in->sym, in->fill.side == SIDE_BUY);
	if (in->fill.side == SIDE_SELL) book_use_realised(&desk->use, in->sym, realised - in->fill.fee_usd_e8, desk->day[CALENDAR_NYSE].day);
	desk->recovery.filled += !recovery_allows_more(&desk->recovery);
	desk_touch(desk, in->sym);
	after_fill(worker, in->sym, before_e8, in, out);
}

/* Cash that a working buy still holds back changes with each fill, and with its quantity. */
static void reserve_again(struct order *order)
{
	if (order->side == SIDE_BUY) order->reserved_usd_e8 = desk_reserve_usd_e8(order);
}

/* What a venue says must fit the books: their arithmetic traps where a number leaves its range, and the world may never get it there. */
static bool is_bookable(const struct desk *desk, const struct event *in)
{
	const struct fill *fill = &in->fill;
	if (in->sym >= UNIVERSE_N || fill->qty_e8 <= 0 || fill->px_e8 <= 0 || fill->execution_id == 0) return false;
	int64_t px_e8 = e8_max(fill->px_e8, desk->account.position[in->sym].px_e8), most_e8 = FILL_MAX_USD * E8;
	return (i128)fill->qty_e8 * px_e8 <= (i128)most_e8 * E8 && fill->qty_e8 <= most_e8 && px_e8 <= most_e8 &&
	       fill->fee_usd_e8 <= most_e8 && fill->fee_usd_e8 >= -most_e8;
}

/* Our order knows its symbol and side; a fill that contradicts them is counted, and booked as the order's. */
static struct event as_ordered(struct desk *desk, const struct order *order, const struct event *in)
{
	struct event event = *in;
	if (!order || (in->sym == order->sym && in->fill.side == order->side)) return event;
	desk->orphans++;
	event.sym = order->sym;
	event.fill.side = order->side;
	return event;
}

static void on_fill(struct desk_worker *worker, struct order *order, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	if (!is_bookable(desk, in)) {
		desk->orphans++;        /* nothing that can be booked: the reconciliation will show it */
		return;
	}
	if (!executions_first_time(&desk->orders.executions, in->fill.execution_id)) {
		desk->repeats++;
		return;
	}
	if (!order) desk->orphans++;
	book_fill(worker, order, in, out);
	if (!order) return;
	desk_order_event(worker, order, order_fill_event(order, in->fill.qty_e8), in, out);
	reserve_again(order);
}

static uint8_t classify(const struct event *in)
{
	switch (in->kind) {
	case EVENT_ACK: return ORDER_EV_ACK;
	case EVENT_NEW_REJECTED: return ORDER_EV_NEW_REJECTED;
	case EVENT_CANCEL_REJECTED: return ORDER_EV_CANCEL_REJECTED;
	case EVENT_REPLACE_REJECTED: return ORDER_EV_REPLACE_REJECTED;
	case EVENT_REPLACED: return ORDER_EV_REPLACED;
	case EVENT_CANCELLED: return ORDER_EV_CANCELLED;
	case EVENT_EXPIRED: return ORDER_EV_EXPIRED;
	case EVENT_NOT_FOUND: return in->reply.conclusive ? ORDER_EV_NOT_FOUND : ORDER_EV_TIMEOUT;
	default: bug_trap(1232);
	}
}

/* On the way back the venue tells of what works there. Under our name and in no book of ours: the disk lost its record, and nobody would ever decide about
 * it. What it has filled is booked as it is told. While we trade it is the late word about an order that is done. */
static void cancel_stray(struct desk *desk, const struct event *in, struct outbox *out)
{
	desk->orphans++;
	if (in->kind != EVENT_ACK || in->reply.order_id == 0 || recovery_allows_more(&desk->recovery) || !desk_has_room(out)) return;
	struct event *cancel = outbox_add(out, EVENT_ORDER_CANCEL, in->sym);
	cancel->ref = (struct order_ref){ .order_id = in->reply.order_id };
}

void desk_on_venue(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk  *desk = worker->desk;
	bool          is_fill = in->kind == EVENT_FILL;
	struct order *order = order_table_find(&desk->orders, is_fill ? in->fill.order_id : in->reply.order_id);
	if (!order && !is_fill) order = order_table_find_venue(&desk->orders, in->reply.venue_id);
	if (is_fill) {
		struct event fill = as_ordered(desk, order, in);
		on_fill(worker, order, &fill, out);
	} else if (order) {
		uint8_t before = order->state;
		desk_order_event(worker, order, classify(in), in, out);
		if (in->kind == EVENT_REPLACED) reserve_again(order);
		desk->recovery.found += before == ORDER_UNKNOWN && order->state == ORDER_LIVE && !recovery_allows_more(&desk->recovery);
	} else {
		cancel_stray(desk, in, out);
	}
}

void desk_on_timer(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	if (in->timer.order_id == 0) {
		desk_on_care_timer(worker, in, out);
		return;
	}
	struct order *order = order_table_find(&worker->desk->orders, in->timer.order_id);
	bool          counts = order && in->timer.due_ns == order->due_ns;        /* an older one was replaced by a newer */
	if (counts && order_in_flight(order)) desk_order_event(worker, order, ORDER_EV_TIMEOUT, in, out);
}

void desk_retire(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	int64_t      before_ns = in->t_ns - CFG_order_retire_s * NS_PER_S;
	for (size_t i = 0; i < desk->orders.used_max; i++) {
		struct order *order = &desk->orders.order[i];
		if (order->state != ORDER_DONE || order->done_ns > before_ns) continue;
		uint64_t order_id = order->order_id, venue_id = order->venue_id;
		desk_order_event(worker, order, ORDER_EV_RELEASE, in, out);
		order_table_give(&desk->orders, order, order_id, venue_id);
	}
	while (desk->orders.used_max && desk->orders.order[desk->orders.used_max - 1].state == ORDER_FREE) desk->orders.used_max--;
}

void desk_cancel_open(struct desk_worker *worker, uint16_t sym, uint8_t side, const struct event *in, struct outbox *out)
{
	for (size_t i = 0; i < worker->desk->orders.used_max; i++) {
		struct order *order = &worker->desk->orders.order[i];
		if (order->sym != sym || order->side != side || order->state == ORDER_FREE || order->state == ORDER_DONE) continue;
		if (!desk_has_room(out)) {
			desk_sweep(worker);        /* goes on for a HALT or a FLATTEN; a rule that only shrinks a position comes again */
			return;
		}
		desk_order_event(worker, order, ORDER_EV_CANCEL, in, out);
	}
}
