/* trading_orders.c - requests of orders, one at a time for each order, and what their answers mean. */
#include <stdio.h>
#include <string.h>

#include "hal/venues/alpaca/trading_parts.h"
#include "hal/venues/port.h"

/* ms until what was lost, or refused for a moment, is asked again; until a refused key is. */
enum { ASK_AGAIN_MS = 500, KEY_AGAIN_MS = 30000, STATUS_OK = 200, STATUS_SERVER = 500, STATUS_NOT_FOUND = 404, STATUS_INVALID = 422, STATUS_TOO_MANY = 429 };

/* --- the lines ---------------------------------------------------------------------------------------------------- */

void alpaca_row_queue(struct alpaca_trading *trading, struct alpaca_row *row)
{
	struct alpaca_line *line = &trading->line[row->wants_new ? ALPACA_LINE_NEW : ALPACA_LINE_URGENT];
	bool                has_work = row->wants_new || row->wants_ask || row->wants_cancel || row->wants_replace;
	if (row->is_spare || row->is_queued || row->out != ALPACA_OUT_NONE || !has_work) return;
	BUG_UNLESS(3655, line->count < CFG_orders_max);        /* a row stands in one line, once */
	line->slot[(line->first + line->count) % CFG_orders_max] = (uint16_t)alpaca_slot(trading, row);
	line->count++;
	most_see(&line->most, line->count);
	row->is_queued = true;
	alpaca_look_soon(trading);
}

uint64_t alpaca_trading_line_most(const struct alpaca_trading *trading)
{
	uint64_t most = trading->line[ALPACA_LINE_NEW].most;
	most_see(&most, trading->line[ALPACA_LINE_URGENT].most);
	return most;
}

static struct alpaca_row *line_pop(struct alpaca_trading *trading, struct alpaca_line *line)
{
	struct alpaca_row *row = &trading->row[line->slot[line->first]];
	line->first = (line->first + 1) % CFG_orders_max;
	line->count--;
	row->is_queued = false;
	return row;
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

static bool ask(struct alpaca_trading *trading, struct alpaca_row *row, enum alpaca_out out, const char *method, const char *target, const char *body)
{
	struct rest_request request = { .method = method,
		.target = target,
		.body = body,
		.tag = alpaca_tag(ALPACA_TAG_ROW, alpaca_slot(trading, row)),
		.is_urgent = out != ALPACA_OUT_NEW };
	if (!rest_ask(&trading->rest, &request)) return false;
	row->out = (uint8_t)out;
	trading->activity++;
	return true;
}

static void post(struct alpaca_trading *trading, struct alpaca_row *row)
{
	char client_id[ALPACA_CLIENT_ID_BYTES], body[ALPACA_ORDER_BODY_BYTES];
	alpaca_client_id(trading, row, 0, client_id);
	row->wants_new = false;
	if (alpaca_write_order(&row->request, row->sym, client_id, body) && ask(trading, row, ALPACA_OUT_NEW, "POST", "/v2/orders", body)) {
		trading->is_new_out = true;
		trading->counts.orders_posted++;
		return;
	}
	row->is_done = true;
	alpaca_tell_reply(trading, EVENT_NEW_REJECTED, row, ALPACA_CODE_UNSUPPORTED, 0);
}

/* By the venue's id when the order was replaced, else by ours, which is never in doubt. */
static void question(struct alpaca_trading *trading, struct alpaca_row *row)
{
	char client_id[ALPACA_CLIENT_ID_BYTES], target[REST_TARGET_BYTES_MAX];
	alpaca_client_id(trading, row, 0, client_id);
	if (row->number && row->uuid[0]) snprintf(target, sizeof target, "/v2/orders/%s", row->uuid);
	else snprintf(target, sizeof target, "/v2/orders:by_client_order_id?client_order_id=%s", client_id);
	row->wants_ask = false;
	trading->counts.asks++;
	if (!ask(trading, row, ALPACA_OUT_ASK, "GET", target, 0)) row->wants_ask = true;
}

static void cancel(struct alpaca_trading *trading, struct alpaca_row *row)
{
	char target[REST_TARGET_BYTES_MAX];
	snprintf(target, sizeof target, "/v2/orders/%s", row->uuid);
	row->wants_cancel = false;
	trading->counts.cancels++;
	if (!ask(trading, row, ALPACA_OUT_CANCEL, "DELETE", target, 0)) row->wants_cancel = true;
}

static void replace(struct alpaca_trading *trading, struct alpaca_row *row)
{
	char client_id[ALPACA_CLIENT_ID_BYTES], target[REST_TARGET_BYTES_MAX], body[ALPACA_ORDER_BODY_BYTES];
	row->number_next = (uint8_t)(row->number + 1);
	alpaca_client_id(trading, row, row->number_next, client_id);
	snprintf(target, sizeof target, "/v2/orders/%s", row->uuid);
	row->wants_replace = false;
	row->is_replacing = true;
	if (alpaca_write_replace(row->next_qty_e8, row->next_limit_px_e8, client_id, body) && ask(trading, row, ALPACA_OUT_REPLACE, "PATCH", target, body))
		return;
	row->is_replacing = false;
	alpaca_tell_reply(trading, EVENT_REPLACE_REJECTED, row, ALPACA_CODE_UNSUPPORTED, 0);
}

void alpaca_ask_later(struct alpaca_trading *trading, struct alpaca_row *row, int64_t due_ns)
{
	trading->asks_later += row->ask_after_ns == 0;
	row->ask_after_ns = due_ns;
	row->wants_ask = true;
}

/* What this row wants most. A cancel or replace needs the venue's id, which is asked for first; a cancel that has it waits for no question. */
static void row_go_on(struct alpaca_trading *trading, struct alpaca_row *row, int64_t now_ns)
{
	bool is_put_off = row->ask_after_ns > now_ns;
	if (row->out != ALPACA_OUT_NONE) return;
	if (is_put_off) {
		if (row->wants_cancel && row->uuid[0]) cancel(trading, row);
		return;
	}
	if (row->ask_after_ns) trading->asks_later--;
	row->ask_after_ns = 0;
	if ((row->wants_cancel || row->wants_replace) && !row->uuid[0]) row->wants_ask = true;
	if (row->wants_ask) question(trading, row);
	else if (row->wants_cancel) cancel(trading, row);
	else if (row->wants_replace) replace(trading, row);
}

/* Questions that were put off and are due stand in line again. */
static void wake(struct alpaca_trading *trading, int64_t now_ns)
{
	for (uint32_t i = 0; trading->asks_later && i < trading->rows_n; i++)
		if (trading->row[i].ask_after_ns && trading->row[i].ask_after_ns <= now_ns) alpaca_row_queue(trading, &trading->row[i]);
}

int64_t alpaca_orders_due_ns(const struct alpaca_trading *trading)
{
	int64_t due_ns = INT64_MAX;
	for (uint32_t i = 0; trading->asks_later && i < trading->rows_n; i++)
		if (trading->row[i].ask_after_ns && !trading->row[i].is_queued) due_ns = e8_min(due_ns, trading->row[i].ask_after_ns);
	return due_ns;
}

void alpaca_orders_go_on(struct alpaca_trading *trading, int64_t now_ns)
{
	struct alpaca_line *urgent = &trading->line[ALPACA_LINE_URGENT], *new = &trading->line[ALPACA_LINE_NEW];
	wake(trading, now_ns);
	for (uint32_t i = urgent->count; i > 0 && rest_room(&trading->rest, true); i--) row_go_on(trading, line_pop(trading, urgent), now_ns);
	while (new->count && !trading->is_new_out && rest_room(&trading->rest, false) && alpaca_events_room(trading) > ALPACA_ROOM_STREAM) {
		struct alpaca_row *row = line_pop(trading, new);
		if (row->wants_new) post(trading, row);
	}
}

void alpaca_orders_drop_unposted(struct alpaca_trading *trading)
{
	struct alpaca_line *new = &trading->line[ALPACA_LINE_NEW];
	while (new->count) {
		struct alpaca_row *row = line_pop(trading, new);
		row->wants_new = row->wants_cancel = row->wants_replace = false;
		row->is_done = true;
		alpaca_tell_reply(trading, EVENT_CANCELLED, row, 0, 0);
	}
}

/* --- what the desk wants ------------------------------------------------------------------------------------------ */

static void refuse_new(struct alpaca_trading *trading, const struct event *event, uint32_t code)
{
	struct alpaca_row nobody = { .order_id = event->request.order_id, .sym = event->sym };
	alpaca_tell_reply(trading, EVENT_NEW_REJECTED, &nobody, code, 0);
}

static void send_new(struct alpaca_trading *trading, const struct event *event)
{
	bool               is_known = alpaca_row_find(trading, event->request.order_id) != 0;
	struct alpaca_row *row = alpaca_row_take(trading, event->request.order_id);
	if (!row || event->sym >= UNIVERSE_N) {
		if (row) row->is_done = true;
		refuse_new(trading, event, row ? ALPACA_CODE_SYMBOL : ALPACA_CODE_FULL);
		return;
	}
	if (is_known && (row->wants_new || row->out == ALPACA_OUT_NEW)) return;        /* it is on its way */
	row->request = event->request;
	row->sym = event->sym;
	if (trading->session.state == SESSION_REFUSED) {
		row->is_done = true;
		refuse_new(trading, event, ALPACA_CODE_KEY);
		return;
	}
	row->wants_new = !is_known;        /* an order is posted once: who sends it again asks for it */
	row->wants_ask = row->is_asked = is_known;
	alpaca_row_queue(trading, row);
}

void alpaca_orders_send(struct alpaca_trading *trading, const struct event *event)
{
	struct alpaca_row *row;
	trading->activity++;
	if (event->kind == EVENT_ORDER_NEW) {
		send_new(trading, event);
		return;
	}
	row = alpaca_row_of(trading, event->ref.order_id);
	if (row->sym == SYM_NONE) row->sym = event->sym;
	if (event->kind == EVENT_ORDER_QUERY) row->wants_ask = row->is_asked = true;
	if (event->kind == EVENT_ORDER_CANCEL) row->wants_cancel = true;
	if (event->kind == EVENT_ORDER_REPLACE) {
		row->wants_replace = true;
		row->next_qty_e8 = event->ref.qty_e8;
		row->next_limit_px_e8 = event->ref.limit_px_e8;
	}
	alpaca_row_queue(trading, row);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static bool is_good(const struct rest_answer *answer) { return answer->outcome == REST_ANSWERED && answer->status / 100 == STATUS_OK / 100; }

/* Nobody knows whether it took effect. */
static bool is_in_doubt(const struct rest_answer *answer)
{
	return answer->outcome == REST_LOST || (answer->outcome == REST_ANSWERED && (answer->status >= STATUS_SERVER || answer->status < STATUS_OK));
}

/* The order of the answer, when it is this row's: an answer to somebody else's question is no answer. */
static bool read_own(struct alpaca_trading *trading, struct alpaca_row *row, const struct rest_answer *answer, struct alpaca_order *order)
{
	uint64_t order_id;
	uint8_t  number;
	if (!alpaca_read_order(&trading->codec, answer->body, answer->body_bytes, order)) return false;
	if (!alpaca_is_ours(trading, order, &order_id, &number) || order_id != row->order_id) {
		trading->counts.mismatched++;
		rest_renew(&trading->rest);
		return false;
	}
	alpaca_row_bind(trading, row, order->id, number);
	return true;
}

static void doubt(struct alpaca_trading *trading, struct alpaca_row *row, int64_t now_ns)
{
	row->left_ns = now_ns;
	trading->counts.orders_lost++;
	alpaca_ask_later(trading, row, now_ns + ASK_AGAIN_MS * NS_PER_MS);
}

static enum alpaca_code refusal_of(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	struct alpaca_error error;
	if (answer->outcome == REST_UNSENT) return ALPACA_CODE_UNSENT;
	alpaca_read_error(&trading->codec, answer->body, answer->body_bytes, &error);
	snprintf(trading->sentence, sizeof trading->sentence, "%s: status %u: %s", trading->plan.reach->host, answer->status, error.message);
	if (alpaca_is_wrong_key(answer->status, &error)) alpaca_refused_key(trading, answer->status);
	return alpaca_code_of(answer->status, &error);
}

static bool says_duplicate(struct alpaca_trading *trading, const struct rest_answer *answer)
{
	struct alpaca_error error;
	if (answer->outcome != REST_ANSWERED) return false;
	alpaca_read_error(&trading->codec, answer->body, answer->body_bytes, &error);
	return alpaca_is_duplicate(answer->status, &error);
}

static void on_posted(struct alpaca_trading *trading, struct alpaca_row *row, const struct rest_answer *answer, int64_t now_ns)
{
	struct alpaca_order order;
	trading->is_new_out = false;
	row->left_ns = now_ns;
	if (is_good(answer) && read_own(trading, row, answer, &order)) {
		if (order.state == ALPACA_FILLED) alpaca_on_ack(trading, row, &order);        /* its fills come by the stream */
		else alpaca_on_state(trading, row, &order);
	} else if (is_good(answer) || is_in_doubt(answer)) {
		doubt(trading, row, now_ns);
	} else if (says_duplicate(trading, answer)) {
		row->wants_ask = true;
	} else {
		row->is_done = true;
		row->wants_cancel = row->wants_replace = row->wants_ask = false;
		alpaca_tell_reply(trading, EVENT_NEW_REJECTED, row, refusal_of(trading, answer), 0);
	}
}

/* Evidence only when it could not still arrive: the order is old enough, and this connection is younger than that. */
static void on_not_found(struct alpaca_trading *trading, struct alpaca_row *row, const struct rest_answer *answer, int64_t now_ns)
{
	int64_t dead_ns = row->left_ns + trading->plan.dead_after_ns;
	if (row->number && row->uuid[0]) {
		row->number = 0;        /* asked by the venue's id: ask by ours */
		row->uuid[0] = '\0';
		row->wants_ask = true;
	} else if (answer->connected_ns < dead_ns) {
		if (now_ns >= dead_ns) rest_renew(&trading->rest);
		alpaca_ask_later(trading, row, e8_max(dead_ns, now_ns + NS_PER_MS));
	} else {
		row->is_done = true;
		row->wants_cancel = row->wants_replace = row->is_asked = false;
		alpaca_tell_reply(trading, EVENT_NOT_FOUND, row, ALPACA_CODE_NOT_FOUND, 0);
	}
}

static void on_answered(struct alpaca_trading *trading, struct alpaca_row *row, const struct rest_answer *answer, int64_t now_ns)
{
	struct alpaca_order order;
	if (answer->outcome == REST_ANSWERED && answer->status == STATUS_NOT_FOUND) {
		on_not_found(trading, row, answer, now_ns);
	} else if (!is_good(answer) || !read_own(trading, row, answer, &order)) {
		bool is_key = answer->outcome == REST_ANSWERED && refusal_of(trading, answer) == ALPACA_CODE_KEY;
		alpaca_ask_later(trading, row, now_ns + (is_key ? KEY_AGAIN_MS : ASK_AGAIN_MS) * NS_PER_MS);
	} else if (order.state == ALPACA_REPLACED && order.replaced_by[0] && row->number < UINT8_MAX) {
		alpaca_row_bind(trading, row, order.replaced_by, (uint8_t)(row->number + 1));
		row->wants_ask = true;
	} else {
		alpaca_on_state(trading, row, &order);
	}
}

static void on_cancel_answered(struct alpaca_trading *trading, struct alpaca_row *row, const struct rest_answer *answer, int64_t now_ns)
{
	if (is_good(answer)) return;        /* CANCELLED comes by the stream, or by the next synchronisation */
	if (answer->outcome != REST_ANSWERED || is_in_doubt(answer) || answer->status == STATUS_TOO_MANY) {
		row->wants_cancel = true;        /* a cancel may be sent again: it takes nothing away twice */
		alpaca_ask_later(trading, row, now_ns + ASK_AGAIN_MS * NS_PER_MS);
	} else if (answer->status == STATUS_NOT_FOUND) {
		row->wants_cancel = row->wants_ask = true;
		row->uuid[0] = '\0';
	} else {
		alpaca_tell_reply(trading, EVENT_CANCEL_REJECTED, row, refusal_of(trading, answer), 0);
	}
}

static void on_replace_answered(struct alpaca_trading *trading, struct alpaca_row *row, const struct rest_answer *answer, int64_t now_ns)
{
	struct alpaca_order order;
	if (is_good(answer) && read_own(trading, row, answer, &order)) {
		if (row->is_replacing) alpaca_tell_reply(trading, EVENT_REPLACED, row, 0, order.submitted_ns);
		row->is_replacing = false;
	} else if (is_good(answer) || is_in_doubt(answer)) {
		alpaca_ask_later(trading, row, now_ns + ASK_AGAIN_MS * NS_PER_MS);
	} else {
		row->is_replacing = false;
		alpaca_tell_reply(trading, EVENT_REPLACE_REJECTED, row, refusal_of(trading, answer), 0);
	}
}

void alpaca_orders_on_answer(struct alpaca_trading *trading, uint32_t slot, const struct rest_answer *answer)
{
	struct alpaca_row *row = &trading->row[slot];
	int64_t            now_ns = port_now_ns();
	enum alpaca_out    out = (enum alpaca_out)row->out;
	row->out = ALPACA_OUT_NONE;
	switch (out) {
	case ALPACA_OUT_NEW: on_posted(trading, row, answer, now_ns); break;
	case ALPACA_OUT_ASK: on_answered(trading, row, answer, now_ns); break;
	case ALPACA_OUT_CANCEL: on_cancel_answered(trading, row, answer, now_ns); break;
	case ALPACA_OUT_REPLACE: on_replace_answered(trading, row, answer, now_ns); break;
	case ALPACA_OUT_NONE: BUG_UNLESS(3656, out != ALPACA_OUT_NONE); break;
	}
	if (row->ask_after_ns == 0) alpaca_row_queue(trading, row);
}
