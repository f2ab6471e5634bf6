/* rest.c - two queues, one request out, one connection. */
#include "hal/venues/rest.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/loop.h"
#include "hal/venues/port.h"

enum { HTTP_TOO_MANY = 429, URGENT_HELD_MAX_S = 1 };

static void go_on(struct rest *rest);

/* --- the queues --------------------------------------------------------------------------------------------------- */

static struct rest_slot *queue_head(struct rest_queue *queue) { return queue->count ? &queue->slot[queue->first] : 0; }

static void queue_drop(struct rest_queue *queue)
{
	memset(&queue->slot[queue->first], 0, sizeof queue->slot[0]);
	queue->first = (queue->first + 1) % REST_QUEUE_MAX;
	queue->count--;
}

/* Back to the head: it was there before those behind it. False when the queue has filled meanwhile. */
static bool queue_put_back(struct rest_queue *queue, const struct rest_slot *slot)
{
	if (queue->count == REST_QUEUE_MAX) return false;
	queue->first = (queue->first + REST_QUEUE_MAX - 1) % REST_QUEUE_MAX;
	queue->slot[queue->first] = *slot;
	queue->count++;
	return true;
}

static bool fits(const struct rest_request *request)
{
	return strlen(request->method) < sizeof((struct rest_slot *)0)->method && strlen(request->target) < REST_TARGET_BYTES_MAX &&
	       (!request->body || strlen(request->body) < REST_BODY_BYTES_MAX);
}

static void slot_fill(struct rest_slot *slot, const struct rest_request *request)
{
	*slot = (struct rest_slot){ .tag = request->tag, .asked_ns = port_now_ns(), .has_body = request->body != 0 };
	memcpy(slot->method, request->method, strlen(request->method) + 1);
	memcpy(slot->target, request->target, strlen(request->target) + 1);
	if (!request->body) return;
	slot->body_bytes = (uint32_t)strlen(request->body);
	memcpy(slot->body, request->body, slot->body_bytes);
}

/* --- the word to the caller --------------------------------------------------------------------------------------- */

static void tell(struct rest *rest, const struct rest_slot *slot, enum rest_outcome outcome, bool is_late)
{
	bool               answered = outcome == REST_ANSWERED;
	struct rest_answer answer = { .tag = slot->tag, .outcome = outcome, .is_late = is_late, .connected_ns = rest->connected_ns };
	rest->answered += answered;
	rest->lost += outcome == REST_LOST;
	rest->unsent += outcome == REST_UNSENT;
	rest->late += is_late;
	if (answered) rest->sentence[0] = '\0';
	answer.status = answered ? rest->http.status : 0;
	answer.http = answered ? &rest->http : 0;
	answer.body = rest->body;
	answer.body_bytes = answered ? rest->body_bytes : 0;
	answer.sentence = rest->sentence;
	rest->fn(rest->self, &answer);
}

/* What is out comes to nothing: whether it took effect depends on whether a byte of it left. */
static void lose(struct rest *rest, bool is_late)
{
	struct rest_slot slot = rest->now;
	if (!rest->is_out) return;
	rest->is_out = false;
	memset(rest->out, 0, sizeof rest->out);
	if (rest->out_sent == 0 && !is_late && queue_put_back(&rest->queue[rest->is_urgent], &slot)) return;
	tell(rest, &slot, rest->out_sent ? REST_LOST : REST_UNSENT, is_late);
}

/* Those whose patience is over. Heads only: all of one queue have the same patience. */
static void tell_unsent(struct rest *rest, int64_t now_ns)
{
	for (int urgent = 1; urgent >= 0; urgent--) {
		struct rest_slot *head;
		while ((head = queue_head(&rest->queue[urgent])) != 0 && head->asked_ns + rest->plan.queue_ns <= now_ns) {
			struct rest_slot slot = *head;
			queue_drop(&rest->queue[urgent]);
			if (!*rest->sentence) snprintf(rest->sentence, sizeof rest->sentence, "%s: the request waited too long to be sent", rest->plan.reach->host);
			tell(rest, &slot, REST_UNSENT, false);
		}
	}
}

/* --- the connection ----------------------------------------------------------------------------------------------- */

static void connection_failed(struct rest *rest)
{
	if (rest->answered_on_this) return;        /* it has served: an end between two requests is no failure */
	backoff_failed(&rest->backoff, port_chance(), port_now_ns());
}

static void connection_over(struct rest *rest, bool is_late)
{
	connection_failed(rest);
	stream_close(&rest->stream);
	lose(rest, is_late);
}

static void connect_if_due(struct rest *rest, int64_t now_ns)
{
	if (rest->stream.state != STREAM_CLOSED || backoff_try(&rest->backoff, now_ns) > 0) return;
	rest->connected_ns = now_ns;
	rest->answered_on_this = rest->renews = false;
	rest->connections++;
	http_reader_init(&rest->http, HTTP_CLIENT, rest->body_bytes_max);
	if (!reach_connect(rest->plan.reach, &rest->stream)) connection_failed(rest);
}

static void write_out(struct rest *rest)
{
	rest->out_sent += port_write(&rest->stream, rest->out + rest->out_sent, rest->out_bytes - rest->out_sent);
	if (rest->out_sent == rest->out_bytes) memset(rest->out, 0, rest->out_bytes);
}

static void compose(struct rest *rest)
{
	struct http_writer out;
	http_writer_init(&out, rest->out, sizeof rest->out);
	http_request(&out, rest->now.method, rest->now.target);
	http_put(&out, "Host", rest->plan.reach->host);
	http_put(&out, "User-Agent", "tickwork");
	http_put(&out, "Accept", "application/json");
	for (size_t i = 0; i < REST_AUTH_MAX && rest->plan.auth[i].name; i++) http_put(&out, rest->plan.auth[i].name, rest->plan.auth[i].value);
	if (rest->now.has_body) {
		http_put(&out, "Content-Type", "application/json");
		http_body(&out, rest->now.body, rest->now.body_bytes);
	} else {
		http_no_body(&out);
	}
	rest->out_bytes = http_written(&out);
	if (!rest->out_bytes) snprintf(rest->sentence, sizeof rest->sentence, "%s: the request %s", rest->plan.reach->host, http_verdict_text[out.verdict]);
}

static void send_head(struct rest *rest, bool is_urgent, int64_t now_ns)
{
	rest->now = *queue_head(&rest->queue[is_urgent]);
	queue_drop(&rest->queue[is_urgent]);
	rest->is_urgent = is_urgent;
	rest->out_sent = rest->body_bytes = 0;
	rest->sent_ns = now_ns;
	compose(rest);
	if (!rest->out_bytes) {
		struct rest_slot slot = rest->now;
		tell(rest, &slot, REST_UNSENT, false);
		return;
	}
	rest->is_out = true;
	rest->now.tries++;
	http_asked(&rest->http, strcmp(rest->now.method, "HEAD") == 0 ? HTTP_WITHOUT_BODY : HTTP_PLAIN);
	write_out(rest);
}

/* Which queue may send: 1 urgent, 0 plain, -1 none. */
static int next_queue(struct rest *rest, int64_t now_ns)
{
	if (rest->queue[1].count && now_ns >= rest->urgent_held_until_ns && rate_take(&rest->rate, true, now_ns)) return 1;
	return rest->queue[0].count && rate_take(&rest->rate, false, now_ns) ? 0 : -1;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static bool header_number(const struct rest *rest, const char *name, int64_t *out)
{
	uint64_t number;
	if (!http_text_u64(http_header_of(&rest->http, name), &number)) return false;
	*out = (int64_t)number;
	return true;
}

/* How long to hold back after a 429: what the venue says; until its minute is over when it says that nothing is left; else a second. */
static int64_t pause_s(const struct rest *rest)
{
	int64_t seconds, left;
	if (header_number(rest, "Retry-After", &seconds)) return seconds;
	bool is_used_up = !header_number(rest, "X-RateLimit-Remaining", &left) || left == 0;
	return is_used_up && header_number(rest, "X-RateLimit-Reset", &seconds) ? seconds - port_wall_ns() / NS_PER_S : 1;
}

static void heed_limits(struct rest *rest, int64_t now_ns)
{
	int64_t number;
	if (header_number(rest, "X-RateLimit-Limit", &number) && number > 0) rate_limit(&rest->rate, number);
	if (header_number(rest, "X-RateLimit-Remaining", &number)) rate_left(&rest->rate, number);
	if (rest->http.status != HTTP_TOO_MANY) return;
	rest->limited++;
	rate_pause(&rest->rate, pause_s(rest), now_ns);
	rest->urgent_held_until_ns = now_ns + e8_max(0, e8_min(pause_s(rest), URGENT_HELD_MAX_S)) * NS_PER_S;
}

static void answer_done(struct rest *rest)
{
	struct rest_slot slot = rest->now;
	bool             is_limited = rest->http.status == HTTP_TOO_MANY;
	bool             keeps = rest->http.keep_alive && !rest->renews;
	heed_limits(rest, port_now_ns());
	rest->is_out = false;
	rest->answered_on_this = true;
	backoff_proved(&rest->backoff);
	if (!keeps) stream_close(&rest->stream);
	if (is_limited && slot.tries < REST_AGAIN_MAX) {
		slot.asked_ns = port_now_ns();
		if (queue_put_back(&rest->queue[rest->is_urgent], &slot)) return;
	}
	tell(rest, &slot, REST_ANSWERED, false);
}

static void take_body(struct rest *rest)
{
	memcpy(rest->body + rest->body_bytes, rest->http.body.at, rest->http.body.length);        /* the reader holds it within body_bytes_max */
	rest->body_bytes += rest->http.body.length;
	most_see(&rest->body_most, rest->body_bytes);
}

static void say_http(struct rest *rest)
{
	const char *what = http_verdict_text[rest->http.verdict];
	snprintf(rest->sentence, sizeof rest->sentence, "%s: the answer %s", rest->plan.reach->host, what);
}

/* Everything that was fed. False when the connection is no longer to be read: it was closed, or the answer cannot be believed. */
static bool read_answers(struct rest *rest)
{
	uint64_t life = rest->stream.life;
	for (;;) {
		switch (http_next(&rest->http)) {
		case HTTP_HEAD: rest->body_bytes = 0; break;
		case HTTP_BODY: take_body(rest); break;
		case HTTP_DONE:
			answer_done(rest);
			if (rest->stream.life != life) return false;
			break;
		case HTTP_MORE: return true;
		case HTTP_CLOSED: return false;
		case HTTP_FAILED:
			say_http(rest);
			connection_over(rest, false);
			return false;
		}
	}
}

static void on_bytes(struct rest *rest)
{
	char   piece[REST_PIECE_BYTES];
	size_t got;
	while ((got = port_read(&rest->stream, piece, sizeof piece)) > 0) {
		http_feed(&rest->http, piece, got);
		if (!read_answers(rest)) return;
	}
}

/* An answer without a length ends with its connection. */
static void on_ended(struct rest *rest)
{
	stream_sentence(&rest->stream, rest->sentence);
	if (rest->is_out && rest->out_sent == rest->out_bytes && stream_is_orderly(&rest->stream)) {
		http_peer_closed(&rest->http);
		(void)read_answers(rest);
		if (!rest->is_out) return;
	}
	connection_failed(rest);
	lose(rest, false);
}

static void on_stream(void *self, struct stream *stream, enum stream_event event)
{
	struct rest *rest = self;
	(void)stream;
	switch (event) {
	case STREAM_OPENED: break;
	case STREAM_BYTES: on_bytes(rest); break;
	case STREAM_ROOM:
		if (rest->is_out) write_out(rest);
		break;
	case STREAM_ENDED: on_ended(rest); break;
	}
	go_on(rest);
}

/* --- what is next ------------------------------------------------------------------------------------------------- */

static bool has_waiting(const struct rest *rest) { return rest->queue[0].count + rest->queue[1].count > 0; }

/* When to look again, from now; 0 when only the peer can change anything. */
static int64_t next_look_ns(struct rest *rest, int64_t now_ns)
{
	int64_t look_ns = INT64_MAX;
	if (rest->is_out) look_ns = rest->sent_ns + rest->plan.answer_ns - now_ns;
	for (int urgent = 0; urgent < 2; urgent++) {
		const struct rest_slot *head = queue_head(&rest->queue[urgent]);
		if (head) look_ns = e8_min(look_ns, head->asked_ns + rest->plan.queue_ns - now_ns);
	}
	if (rest->stream.state == STREAM_CLOSED && (has_waiting(rest) || rest->plan.is_warm))
		look_ns = e8_min(look_ns, e8_max(rest->backoff.due_ns - now_ns, NS_PER_MS));
	if (rest->stream.state == STREAM_OPEN && !rest->is_out) {
		if (rest->queue[0].count) look_ns = e8_min(look_ns, e8_max(rate_wait_ns(&rest->rate, false, now_ns), NS_PER_MS));
		if (rest->queue[1].count) look_ns = e8_min(look_ns, e8_max(rest->urgent_held_until_ns - now_ns, NS_PER_MS));
	}
	return look_ns == INT64_MAX ? 0 : e8_max(look_ns, NS_PER_MS);
}

static void go_on(struct rest *rest)
{
	int64_t now_ns = port_now_ns();
	int     urgent;
	if (rest->timer == LOOP_NONE) return;        /* closed by its owner from within a call */
	if (rest->is_out && rest->sent_ns + rest->plan.answer_ns <= now_ns) {
		snprintf(rest->sentence, sizeof rest->sentence, "%s: the answer did not come in time", rest->plan.reach->host);
		connection_over(rest, true);
	}
	tell_unsent(rest, now_ns);
	if (!rest->is_out && rest->renews) stream_close(&rest->stream);
	if (has_waiting(rest) || rest->plan.is_warm) connect_if_due(rest, now_ns);
	while (rest->stream.state == STREAM_OPEN && !rest->is_out && (urgent = next_queue(rest, now_ns)) >= 0) send_head(rest, urgent, now_ns);
	int64_t look_ns = next_look_ns(rest, port_now_ns());
	if (look_ns && rest->timer != LOOP_NONE) loop_timer_start(rest->timer, look_ns);
	else if (rest->timer != LOOP_NONE) loop_timer_stop(rest->timer);
}

static void on_timer(void *self) { go_on(self); }

void rest_init(struct rest *rest, const struct rest_plan *plan, rest_fn *fn, void *self, char *body, size_t body_bytes_max)
{
	memset(rest, 0, sizeof *rest);
	rest->plan = *plan;
	rest->fn = fn;
	rest->self = self;
	rest->body = body;
	rest->body_bytes_max = body_bytes_max;
	port_stream(&rest->stream, on_stream, rest);
	rate_init(&rest->rate, plan->requests_per_min, RATE_RESERVE_BP, port_now_ns());
	backoff_init(&rest->backoff, plan->reach->connects_per_min, port_now_ns());
	rest->timer = port_timer(on_timer, rest);
	BUG_UNLESS(3650, rest->timer != LOOP_NONE);        /* the loop's table is made for them all */
	if (plan->is_warm) loop_timer_start(rest->timer, 0);
}

bool rest_ask(struct rest *rest, const struct rest_request *request)
{
	struct rest_queue *queue = &rest->queue[request->is_urgent];
	if (queue->count == REST_QUEUE_MAX || !fits(request)) {
		rest->full++;
		return false;
	}
	slot_fill(&queue->slot[(queue->first + queue->count) % REST_QUEUE_MAX], request);
	queue->count++;
	most_see(&rest->queued_most, queue->count);
	rest->asked++;
	if (request->is_urgent) rest->backoff.due_ns = 0;        /* it does not wait out what failed before; the budget holds */
	loop_timer_start(rest->timer, 0);
	return true;
}

void rest_renew(struct rest *rest)
{
	rest->renews = true;
	loop_timer_start(rest->timer, 0);
}

bool rest_is_idle(const struct rest *rest) { return !rest->is_out && !has_waiting(rest); }

uint32_t rest_room(const struct rest *rest, bool is_urgent) { return REST_QUEUE_MAX - rest->queue[is_urgent].count; }

void rest_close(struct rest *rest)
{
	stream_close(&rest->stream);
	if (rest->timer != LOOP_NONE) loop_timer_end(rest->timer);
	rest->timer = LOOP_NONE;
	rest->is_out = false;
	memset(rest->queue, 0, sizeof rest->queue);
	memset(rest->out, 0, sizeof rest->out);
}
