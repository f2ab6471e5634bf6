/* trading_word.c - what the venue says of an order becomes the desk's events: the order is known (ACK) before anything else of it is told. */
#include <string.h>

#include "hal/venues/alpaca/trading_parts.h"
#include "hal/venues/port.h"

/* ms until an order that ended is asked for again, when its fills have been read. */
enum { FILLS_FIRST_MS = 500 };

void alpaca_on_ack(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_order *order)
{
	if (row->is_acked) return;
	row->is_acked = true;
	alpaca_tell_reply(trading, EVENT_ACK, row, 0, order->submitted_ns);
}

static void finish(struct alpaca_trading *trading, struct alpaca_row *row, enum event_kind kind, uint32_t code, int64_t t_ns)
{
	row->is_done = true;
	row->wants_cancel = row->wants_replace = row->is_replacing = false;
	alpaca_tell_reply(trading, kind, row, code, t_ns);
}

/* An order that ended with fills nobody told yet: those first, once; what is too old to be read again is not waited for. */
static bool waits_for_fills(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_order *order)
{
	if (row->is_spare || row->has_waited || order->filled_qty_e8 <= row->told_qty_e8) return false;
	row->has_waited = trading->sync.wants_activities = true;
	alpaca_ask_later(trading, row, port_now_ns() + FILLS_FIRST_MS * NS_PER_MS);
	return true;
}

/* The last word of an order, once, unless the desk has asked. */
static void finish_once(struct alpaca_trading *trading, struct alpaca_row *row, enum event_kind kind, uint32_t code, int64_t t_ns)
{
	if (row->is_done && !row->is_asked) return;
	finish(trading, row, kind, code, t_ns);
}

/* --- answers to questions ----------------------------------------------------------------------------------------- */

/* A replace that was not answered: the order shows whether it took effect. */
static void settle_replace(struct alpaca_trading *trading, struct alpaca_row *row, uint8_t number_wanted)
{
	bool is_done = row->number >= number_wanted;
	if (!row->is_replacing) return;
	row->is_replacing = false;
	alpaca_tell_reply(trading, is_done ? EVENT_REPLACED : EVENT_REPLACE_REJECTED, row, is_done ? 0 : ALPACA_CODE_OTHER, 0);
}

/* Fills that were not told yet are read from the activities: an order object names no executions. */
static void miss_fills(struct alpaca_trading *trading, const struct alpaca_row *row, const struct alpaca_order *order)
{
	if (order->filled_qty_e8 > row->told_qty_e8) trading->sync.wants_activities = true;
}

static void say_working(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_order *order)
{
	if (row->is_replacing) settle_replace(trading, row, row->number_next);
	else if (row->is_asked) row->is_acked = false;        /* the desk wants to hear it again */
	alpaca_on_ack(trading, row, order);
}

void alpaca_on_state(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_order *order)
{
	if (row->sym == SYM_NONE) row->sym = order->sym;
	miss_fills(trading, row, order);
	bool has_ended = order->state == ALPACA_CANCELLED || order->state == ALPACA_EXPIRED;
	if (has_ended && waits_for_fills(trading, row, order)) return;
	switch (order->state) {
	case ALPACA_PENDING: case ALPACA_WORKING: case ALPACA_STATE_UNKNOWN: say_working(trading, row, order); break;
	case ALPACA_FILLED:
		alpaca_on_ack(trading, row, order);
		row->is_done = true;
		break;
	case ALPACA_CANCELLED: finish_once(trading, row, EVENT_CANCELLED, 0, 0); break;
	case ALPACA_EXPIRED: finish_once(trading, row, EVENT_EXPIRED, 0, 0); break;
	case ALPACA_REJECTED: finish_once(trading, row, EVENT_NEW_REJECTED, ALPACA_CODE_LATER, 0); break;
	case ALPACA_REPLACED:        /* by whom we do not know: whoever replaced it will be asked for */
		alpaca_on_ack(trading, row, order);
		break;
	}
	row->is_asked = false;
}

/* --- executions --------------------------------------------------------------------------------------------------- */

void alpaca_on_fill(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_update *update, int64_t left_qty_e8)
{
	const struct alpaca_order *order = &update->order;
	if (!alpaca_first_time(trading, update->execution_id)) return;
	if (row->sym == SYM_NONE) row->sym = order->sym;
	struct alpaca_order known = *order;
	known.submitted_ns = known.submitted_ns ? e8_min(known.submitted_ns, update->t_ns) : update->t_ns;
	alpaca_on_ack(trading, row, &known);
	struct event *event = alpaca_tell(trading, EVENT_FILL, order->sym, update->t_ns);
	event->fill = (struct fill){ .order_id = row->order_id,
		.execution_id = update->execution_id,
		.qty_e8 = update->qty_e8,
		.px_e8 = update->px_e8,
		.fee_usd_e8 = update->fee_usd_e8,
		.remaining_qty_e8 = e8_max(left_qty_e8, 0),
		.side = order->side };
	row->told_qty_e8 = e8_min(row->told_qty_e8, INT64_MAX - update->qty_e8) + update->qty_e8;
	row->is_done = row->is_done || left_qty_e8 <= 0;
	trading->counts.fills++;
}

/* --- the stream --------------------------------------------------------------------------------------------------- */

static void on_replaced(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_update *update)
{
	if (!row->is_replacing) return;        /* the answer to our request came first */
	row->is_replacing = false;
	alpaca_row_bind(trading, row, update->order.replaced_by, row->number_next);
	alpaca_tell_reply(trading, EVENT_REPLACED, row, 0, update->t_ns);
}

static void on_change_rejected(struct alpaca_trading *trading, struct alpaca_row *row, enum event_kind kind, int64_t t_ns)
{
	if (kind == EVENT_REPLACE_REJECTED) row->is_replacing = false;
	alpaca_tell_reply(trading, kind, row, ALPACA_CODE_TOO_LATE, t_ns);
}

static void on_ours(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_update *update)
{
	const struct alpaca_order *order = &update->order;
	bool                       has_ended = update->kind == ALPACA_UPDATE_CANCELLED || update->kind == ALPACA_UPDATE_EXPIRED;
	if (has_ended && waits_for_fills(trading, row, order)) return;
	switch (update->kind) {
	case ALPACA_UPDATE_NEW: alpaca_on_ack(trading, row, order); return;
	case ALPACA_UPDATE_FILL: alpaca_on_fill(trading, row, update, order->qty_e8 - order->filled_qty_e8); return;
	case ALPACA_UPDATE_CANCELLED: finish_once(trading, row, EVENT_CANCELLED, 0, update->t_ns); return;
	case ALPACA_UPDATE_EXPIRED: finish_once(trading, row, EVENT_EXPIRED, 0, update->t_ns); return;
	case ALPACA_UPDATE_REJECTED: finish_once(trading, row, EVENT_NEW_REJECTED, ALPACA_CODE_LATER, update->t_ns); return;
	case ALPACA_UPDATE_REPLACED: on_replaced(trading, row, update); return;
	case ALPACA_UPDATE_CANCEL_REJECTED: on_change_rejected(trading, row, EVENT_CANCEL_REJECTED, update->t_ns); return;
	case ALPACA_UPDATE_REPLACE_REJECTED: on_change_rejected(trading, row, EVENT_REPLACE_REJECTED, update->t_ns); return;
	case ALPACA_UPDATE_QUIET: return;
	case ALPACA_UPDATE_AUTHORIZED:
	case ALPACA_UPDATE_UNAUTHORIZED:
	case ALPACA_UPDATE_LISTENING:
	case ALPACA_UPDATE_OTHER: trading->counts.unknown_updates++; return;
	}
}

void alpaca_on_update(struct alpaca_trading *trading, const struct alpaca_update *update)
{
	uint64_t order_id;
	uint8_t  number;
	if (!alpaca_is_ours(trading, &update->order, &order_id, &number)) {
		bool is_fill = update->kind == ALPACA_UPDATE_FILL;
		if (!is_fill || alpaca_first_time(trading, update->execution_id)) alpaca_tell_external(trading, &update->order, update->t_ns);
		return;
	}
	struct alpaca_row *row = alpaca_row_of(trading, order_id);
	if (row->sym == SYM_NONE) row->sym = update->order.sym;
	if (update->kind != ALPACA_UPDATE_REPLACED) alpaca_row_bind(trading, row, update->order.id, number);
	on_ours(trading, row, update);
}
