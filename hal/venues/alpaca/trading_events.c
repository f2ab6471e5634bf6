/* trading_events.c - what the desk is told: a ring, times that never go back, and in stepped time one order whatever came first. */
#include <string.h>

#include "hal/venues/alpaca/trading_parts.h"

uint32_t alpaca_events_room(const struct alpaca_trading *trading) { return ALPACA_EVENTS_MAX - trading->events_n; }

static struct event *event_at(struct alpaca_trading *trading, uint32_t index)
{
	return &trading->event[(trading->events_first + index) % ALPACA_EVENTS_MAX];
}

struct event *alpaca_tell(struct alpaca_trading *trading, enum event_kind kind, uint16_t sym, int64_t t_ns)
{
	struct event *event = &trading->spilled;
	if (alpaca_events_room(trading)) {
		event = event_at(trading, trading->events_n++);
		most_see(&trading->events_most, trading->events_n);
	} else {
		trading->counts.events_lost++;
		trading->sync.wants_whole = true;
	}
	event_begin(event, kind, sym, t_ns > 0 ? t_ns : trading->floor_ns);
	return event;
}

void alpaca_tell_reply(struct alpaca_trading *trading, enum event_kind kind, const struct alpaca_row *row, uint32_t code, int64_t t_ns)
{
	struct event *event = alpaca_tell(trading, kind, row->sym, t_ns);
	event->reply = (struct order_reply){ .order_id = row->order_id, .venue_id = row->venue_id, .code = code, .conclusive = kind == EVENT_NOT_FOUND };
	trading->counts.rejected += kind == EVENT_NEW_REJECTED;
}

void alpaca_tell_external(struct alpaca_trading *trading, const struct alpaca_order *order, int64_t t_ns)
{
	struct event *event = alpaca_tell(trading, EVENT_EXTERNAL, order->sym, t_ns);
	event->external = (struct external){ .venue_id = order->venue_id,
		.qty_e8 = order->qty_e8,
		.filled_qty_e8 = alpaca_state_works(order->state) ? order->filled_qty_e8 : order->qty_e8,
		.limit_px_e8 = order->limit_px_e8,
		.side = order->side,
		.order_type = order->order_type };
	trading->counts.externals++;
}

/* --- repeats ------------------------------------------------------------------------------------------------------ */

bool alpaca_first_time(struct alpaca_trading *trading, uint64_t id)
{
	uint32_t at;
	if (idmap_find(trading->by_told, 2 * ALPACA_TOLD_MAX, id, &at)) {
		trading->counts.repeats++;
		return false;
	}
	at = (trading->told_first + trading->told_n) % ALPACA_TOLD_MAX;
	if (trading->told_n == ALPACA_TOLD_MAX) {
		idmap_remove(trading->by_told, 2 * ALPACA_TOLD_MAX, trading->told[at]);
		trading->told_first = (trading->told_first + 1) % ALPACA_TOLD_MAX;
	} else {
		trading->told_n++;
	}
	trading->told[at] = id;
	idmap_put(trading->by_told, 2 * ALPACA_TOLD_MAX, id, at);
	return true;
}

/* --- handing on --------------------------------------------------------------------------------------------------- */

/* Events that stay where they are: what is said of the whole account holds for all that was told before it. */
static bool is_barrier(const struct event *event)
{
	return event->kind == EVENT_VENUE || event->kind == EVENT_HOLDING || event->kind == EVENT_BALANCE || event->kind == EVENT_EXTERNAL;
}

/* Cash first: a dividend is paid before the fills of its open. */
static uint64_t order_of(const struct event *event)
{
	if (event->kind == EVENT_CASH) return 0;
	return event->kind == EVENT_FILL ? event->fill.order_id : event->reply.order_id;
}

static bool is_before(const struct event *a, const struct event *b)
{
	if (a->t_ns != b->t_ns) return a->t_ns < b->t_ns;
	return order_of(a) < order_of(b);
}

/* Insertion, which keeps equals as they came: a moment has a handful of events, and they come nearly sorted. */
static void sort_between_barriers(struct alpaca_trading *trading)
{
	for (uint32_t i = 1; i < trading->events_n; i++) {
		struct event moved = *event_at(trading, i);
		uint32_t     to = i;
		if (is_barrier(&moved)) continue;
		for (; to > 0 && !is_barrier(event_at(trading, to - 1)) && is_before(&moved, event_at(trading, to - 1)); to--)
			*event_at(trading, to) = *event_at(trading, to - 1);
		*event_at(trading, to) = moved;
	}
}

/* The venue has been asked for all of this moment and has answered. */
static bool is_settled(const struct alpaca_trading *trading)
{
	return rest_is_idle(&trading->rest) && rest_is_idle(&trading->hot) && trading->sync.step == ALPACA_SYNC_NONE && !trading->sync.wants_whole &&
	       !trading->sync.wants_activities && trading->line[0].count + trading->line[1].count + trading->asks_later == 0 &&
	       (!trading->plan.is_stepped || trading->ponged == trading->activity);
}

static void release(struct alpaca_trading *trading)
{
	bool is_held = trading->plan.is_stepped && trading->session.state == SESSION_UP;
	if (trading->released || trading->events_n == 0 || (is_held && !is_settled(trading))) return;
	if (is_held) sort_between_barriers(trading);
	trading->released = trading->events_n;
}

enum hal_recv alpaca_next_event(struct alpaca_trading *trading, struct event *event)
{
	release(trading);
	if (trading->released == 0) return HAL_IDLE;
	*event = *event_at(trading, 0);
	trading->events_first = (trading->events_first + 1) % ALPACA_EVENTS_MAX;
	trading->events_n--;
	trading->released--;
	if (event->t_ns < trading->floor_ns) {
		trading->counts.clamped++;
		event->t_ns = trading->floor_ns;
	}
	trading->floor_ns = event->t_ns;
	return HAL_EVENT;
}

bool alpaca_trading_is_quiet(const struct alpaca_trading *trading)
{
	return trading->session.state == SESSION_UP && trading->events_n == 0 && is_settled(trading);
}
