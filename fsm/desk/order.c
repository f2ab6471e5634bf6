/* order.c - what an order does in each cell. Accounting is the desk's; here only the order itself and the words to the venue. */
#include "fsm/desk/order.h"

#include <string.h>

MACHINE_DEFINE(order, ORDER)

enum { ID_HALF_CHARACTERS = 10, ID_DIGIT_BITS = 5 };
static const char id_digit[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";        /* Crockford's base 32 */

static void say(const struct order *order, enum event_kind kind, const struct event *in, struct outbox *out)
{
	struct event *event = outbox_add(out, kind, order->sym);
	event->ref.order_id = order->order_id;
	event->ref.qty_e8 = kind == EVENT_ORDER_REPLACE ? order->next_qty_e8 : order->qty_e8;
	event->ref.limit_px_e8 = kind == EVENT_ORDER_REPLACE ? order->next_limit_px_e8 : order->limit_px_e8;
	(void)in;
}

static void order_send_new(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	struct event *event = outbox_add(out, EVENT_ORDER_NEW, order->sym);
	order->sent_ns = in->t_ns;
	event->request = (struct order_request){ .order_id = order->order_id,
		.qty_e8 = order->qty_e8,
		.limit_px_e8 = order->limit_px_e8,
		.decided_px_e8 = order->decided_px_e8,
		.side = order->side,
		.order_type = order->order_type,
		.time_in_force = order->time_in_force,
		.reduce_only = order->reduce_only,
		.reason = order->reason };
}

static void order_send_cancel(void *self, const struct event *in, struct outbox *out) { say(self, EVENT_ORDER_CANCEL, in, out); }

static void order_send_replace(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	order->next_qty_e8 = in->ref.qty_e8;
	order->next_limit_px_e8 = in->ref.limit_px_e8;
	say(order, EVENT_ORDER_REPLACE, in, out);
}

static void order_ask_venue(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	if (order->queries < UINT16_MAX) order->queries++;
	say(order, EVENT_ORDER_QUERY, in, out);
}

static void order_on_ack(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	(void)out;
	if (in->reply.venue_id) order->venue_id = in->reply.venue_id;        /* an answer without one takes no name away */
	order->queries = 0;
}

static void order_on_fill(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	(void)out;
	order->filled_qty_e8 += in->fill.qty_e8;
	order->paid_usd_e8 += e8_mul(in->fill.qty_e8, in->fill.px_e8);
	order->fee_usd_e8 += in->fill.fee_usd_e8;
	if (order->filled_qty_e8 > order->qty_e8) order->overfills++;
	if (order->filled_qty_e8 >= order->qty_e8) order->done_ns = in->t_ns;
}

static void order_on_late_fill(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	order_on_fill(order, in, out);
	order->done_ns = in->t_ns;        /* stays findable for another while */
}

/* A fill of an order that this table no longer holds: the account books it, there is no order to change. */
static void order_on_orphan_fill(void *self, const struct event *in, struct outbox *out)
{
	(void)self;
	(void)in;
	(void)out;
}

static void order_on_done(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	(void)out;
	order->done_ns = in->t_ns;
}

static void order_on_reject(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	order->reject_code = (uint8_t)(in->reply.code > UINT8_MAX ? UINT8_MAX : in->reply.code);
	order_on_done(order, in, out);
}

static void order_on_never_arrived(void *self, const struct event *in, struct outbox *out) { order_on_done(self, in, out); }

static void order_on_replaced(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	(void)out;
	if (order->next_qty_e8 > 0) order->qty_e8 = order->next_qty_e8;
	if (order->next_limit_px_e8 > 0) order->limit_px_e8 = order->next_limit_px_e8;
	order->next_qty_e8 = order->next_limit_px_e8 = 0;
	if (in->reply.venue_id) order->venue_id = in->reply.venue_id;
}

static void order_on_kept(void *self, const struct event *in, struct outbox *out)
{
	struct order *order = self;
	(void)in;
	(void)out;
	order->next_qty_e8 = order->next_limit_px_e8 = 0;
}

static void order_clear(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	memset(self, 0, sizeof(struct order));
}

static void digits_out(uint64_t value, char *text)
{
	for (int i = ID_HALF_CHARACTERS - 1; i >= 0; i--) {
		text[i] = id_digit[value & 31];
		value >>= ID_DIGIT_BITS;
	}
}

static bool digits_in(const char *text, uint64_t *value)
{
	*value = 0;
	for (int i = 0; i < ID_HALF_CHARACTERS; i++) {
		const char *at = memchr(id_digit, text[i], sizeof id_digit - 1);
		if (!at) return false;
		*value = *value << ID_DIGIT_BITS | (uint64_t)(at - id_digit);
	}
	return true;
}

void order_id_text(uint64_t journal_id, uint64_t order_id, char text[static ORDER_ID_TEXT_BYTES])
{
	BUG_UNLESS(1200, journal_id < UINT64_C(1) << 50);
	BUG_UNLESS(1201, order_id < UINT64_C(1) << 50);
	digits_out(journal_id, text);
	digits_out(order_id, text + ID_HALF_CHARACTERS);
	text[2 * ID_HALF_CHARACTERS] = '\0';
}

bool order_id_parse(const char *text, size_t length, uint64_t *journal_id, uint64_t *order_id)
{
	if (length != 2 * ID_HALF_CHARACTERS) return false;
	return digits_in(text, journal_id) && digits_in(text + ID_HALF_CHARACTERS, order_id);
}
