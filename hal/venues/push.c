/* push.c - the upgrade over http, then frames over the same stream. */
#include "hal/venues/push.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/loop.h"
#include "hal/venues/port.h"

enum { UPGRADED = 101 };

static void tell(struct push *push, enum push_event event) { push->fn(push->self, push, event); }

static void ended(struct push *push)
{
	stream_close(&push->stream);
	loop_timer_stop(push->timer);
	push->state = PUSH_CLOSED;
	push->ended++;
	tell(push, PUSH_ENDED);
}

static void ended_because(struct push *push, const char *who, const char *what)
{
	snprintf(push->sentence, sizeof push->sentence, "%s: %s %s", push->plan.reach->host, who, what);
	ended(push);
}

/* --- out ---------------------------------------------------------------------------------------------------------- */

static void flush(struct push *push)
{
	size_t sent = port_write(&push->stream, push->out, push->out_bytes);
	most_see(&push->out_most, push->out_bytes);
	memmove(push->out, push->out + sent, push->out_bytes - sent);
	push->out_bytes -= sent;
	memset(push->out + push->out_bytes, 0, sent);        /* it may have held a key */
}

static bool frame(struct push *push, enum websocket_opcode opcode, const char *payload, size_t bytes)
{
	uint8_t  mask[WEBSOCKET_MASK_BYTES];
	uint64_t chance = port_chance();
	if (push->state != PUSH_OPEN) return false;
	memcpy(mask, &chance, sizeof mask);
	size_t made = websocket_frame(push->out + push->out_bytes, sizeof push->out - push->out_bytes, opcode, true, mask, payload, bytes);
	push->out_bytes += made;
	if (made) flush(push);
	return made > 0;
}

bool push_say(struct push *push, const char *text, size_t bytes) { return frame(push, WEBSOCKET_OP_TEXT, text, bytes); }

bool push_ping(struct push *push, uint64_t number)
{
	char payload[PUSH_NUMBER_BYTES];
	memcpy(payload, &number, sizeof payload);
	return frame(push, WEBSOCKET_OP_PING, payload, sizeof payload);
}

static void goodbye(struct push *push, uint16_t code)
{
	uint8_t  mask[WEBSOCKET_MASK_BYTES];
	uint64_t chance = port_chance();
	memcpy(mask, &chance, sizeof mask);
	push->out_bytes += websocket_close(push->out + push->out_bytes, sizeof push->out - push->out_bytes, mask, code, "");
	flush(push);
}

/* --- the upgrade -------------------------------------------------------------------------------------------------- */

static void ask_upgrade(struct push *push)
{
	uint8_t            nonce[WEBSOCKET_NONCE_BYTES];
	struct http_writer out;
	for (size_t i = 0; i < sizeof nonce; i += sizeof(uint64_t)) {
		uint64_t chance = port_chance();
		memcpy(nonce + i, &chance, sizeof chance);
	}
	websocket_key(push->key, nonce);
	http_writer_init(&out, push->out, sizeof push->out);
	websocket_ask(&out, push->plan.reach->host, push->plan.target, push->key);
	for (size_t i = 0; i < REST_AUTH_MAX && push->plan.headers[i].name; i++) http_put(&out, push->plan.headers[i].name, push->plan.headers[i].value);
	http_no_body(&out);
	push->out_bytes = http_written(&out);
	http_reader_init(&push->http, HTTP_CLIENT, PUSH_PIECE_BYTES);
	http_asked(&push->http, HTTP_TO_UPGRADE);
	websocket_init(&push->ws, WEBSOCKET_CLIENT, push->message, push->message_bytes_max);
	push->state = PUSH_UPGRADING;
	flush(push);
}

static void refused_upgrade(struct push *push)
{
	char what[64];
	snprintf(what, sizeof what, "answers the WebSocket upgrade with status %u", push->http.status);
	ended_because(push, "the venue", what);
}

static void opened(struct push *push)
{
	enum websocket_verdict verdict = websocket_answered(&push->http, push->key);
	if (push->http.status != UPGRADED) {
		refused_upgrade(push);
		return;
	}
	if (verdict != WEBSOCKET_IS_OK) {
		ended_because(push, "the venue", websocket_verdict_text[verdict]);
		return;
	}
	push->state = PUSH_OPEN;
	push->opened++;
	push->due_ns = port_now_ns() + push->plan.ping_ns;
	tell(push, PUSH_OPENED);
}

/* False when it is over. What follows the head is the first of the frames. */
static bool read_upgrade(struct push *push)
{
	uint64_t life = push->stream.life;
	for (;;) {
		switch (http_next(&push->http)) {
		case HTTP_HEAD:
			if (push->http.status == UPGRADED) break;
			refused_upgrade(push);
			return false;
		case HTTP_BODY: break;
		case HTTP_DONE:
			websocket_feed(&push->ws, push->http.next, http_rest(&push->http));
			opened(push);
			return push->stream.life == life && push->state == PUSH_OPEN;
		case HTTP_MORE: return true;
		case HTTP_CLOSED:
		case HTTP_FAILED:
			ended_because(push, "the answer to the WebSocket upgrade", http_verdict_text[push->http.verdict]);
			return false;
		}
	}
}

/* --- in ----------------------------------------------------------------------------------------------------------- */

static void on_pong(struct push *push)
{
	push->pong = 0;
	if (push->ws.length == sizeof push->pong) memcpy(&push->pong, push->ws.at, sizeof push->pong);
	if (push->pong) tell(push, PUSH_PONG);
}

static void on_message(struct push *push)
{
	push->at = push->ws.at;
	push->bytes = push->ws.length;
	push->messages++;
	most_see(&push->message_most, push->bytes);
	tell(push, PUSH_MESSAGE);
}

static void on_close(struct push *push)
{
	char what[64];
	goodbye(push, push->ws.code);
	snprintf(what, sizeof what, "closed the stream with code %u", push->ws.code);
	ended_because(push, "the venue", what);
}

/* Everything fed, unless held. False when the stream is no longer the one it was, or held. */
static bool read_frames(struct push *push)
{
	uint64_t life = push->stream.life;
	while (push->stream.life == life && push->state == PUSH_OPEN && !push->is_held) {
		switch (websocket_next(&push->ws)) {
		case WEBSOCKET_TEXT: case WEBSOCKET_BINARY: on_message(push); break;
		case WEBSOCKET_PING: (void)frame(push, WEBSOCKET_OP_PONG, push->ws.at, push->ws.length); break;
		case WEBSOCKET_PONG: on_pong(push); break;
		case WEBSOCKET_CLOSED: on_close(push); return false;
		case WEBSOCKET_MORE: return true;
		case WEBSOCKET_GONE:
		case WEBSOCKET_FAILED:
			goodbye(push, websocket_code_of(push->ws.verdict));
			ended_because(push, "the stream", websocket_verdict_text[push->ws.verdict]);
			return false;
		}
	}
	return false;
}

static void on_bytes(struct push *push)
{
	size_t got;
	if (push->state == PUSH_OPEN && !read_frames(push)) return;
	while ((got = port_read(&push->stream, push->piece, sizeof push->piece)) > 0) {
		push->heard_ns = port_now_ns();
		if (push->state == PUSH_OPEN) {
			websocket_feed(&push->ws, push->piece, got);
		} else {
			http_feed(&push->http, push->piece, got);
			if (!read_upgrade(push)) return;
		}
		if (push->state == PUSH_OPEN && !read_frames(push)) return;
	}
}

static void arm(struct push *push)
{
	int64_t now_ns = port_now_ns(), due_ns = push->due_ns;
	if (push->state == PUSH_CLOSED) return;
	if (push->state == PUSH_OPEN) due_ns = e8_min(due_ns, push->heard_ns + push->plan.silence_ns);
	loop_timer_start(push->timer, e8_max(due_ns - now_ns, NS_PER_MS));
}

static void on_stream(void *self, struct stream *stream, enum stream_event event)
{
	struct push *push = self;
	push->heard_ns = port_now_ns();
	switch (event) {
	case STREAM_OPENED: ask_upgrade(push); break;
	case STREAM_BYTES: on_bytes(push); break;
	case STREAM_ROOM: flush(push); break;
	case STREAM_ENDED:
		stream_sentence(stream, push->sentence);
		ended(push);
		return;
	}
	arm(push);
}

/* The one deadline that has come; false when it ended the stream. */
static bool look(struct push *push, int64_t now_ns)
{
	bool is_open = push->state == PUSH_OPEN;
	if (is_open && now_ns >= push->heard_ns + push->plan.silence_ns) {
		ended_because(push, "the stream", "was silent for too long");
		return false;
	}
	if (now_ns < push->due_ns) return true;
	if (!is_open) {
		ended_because(push, "the venue", "did not open the stream in time");
		return false;
	}
	push->due_ns = now_ns + push->plan.ping_ns;
	(void)push_ping(push, 0);
	return true;
}

static void on_timer(void *self)
{
	struct push *push = self;
	int64_t      now_ns = port_now_ns();
	if (push->is_held) push->heard_ns = now_ns;        /* we are what is silent */
	else if (push->state == PUSH_OPEN) on_bytes(push);        /* what was left unread while held */
	if (push->state != PUSH_CLOSED && look(push, now_ns)) arm(push);
}

/* --- opening and closing ------------------------------------------------------------------------------------------ */

void push_init(struct push *push, const struct push_plan *plan, push_fn *fn, void *self, char *message, size_t message_bytes_max)
{
	memset(push, 0, sizeof *push);
	push->plan = *plan;
	push->fn = fn;
	push->self = self;
	push->message = message;
	push->message_bytes_max = message_bytes_max;
	port_stream(&push->stream, on_stream, push);
	push->timer = port_timer(on_timer, push);
	BUG_UNLESS(3651, push->timer != LOOP_NONE);        /* the loop's table is made for them all */
}

bool push_open(struct push *push)
{
	BUG_UNLESS(3652, push->state == PUSH_CLOSED);
	push->is_held = false;
	push->out_bytes = 0;
	push->sentence[0] = '\0';
	push->heard_ns = port_now_ns();
	push->due_ns = push->heard_ns + push->plan.upgrade_ns;
	if (!reach_connect(push->plan.reach, &push->stream)) return false;
	push->state = PUSH_CONNECTING;
	arm(push);
	return true;
}

void push_hold(struct push *push, bool is_held)
{
	if (push->is_held == is_held) return;
	push->is_held = is_held;
	if (!is_held && push->state == PUSH_OPEN) loop_timer_start(push->timer, 0);
}

void push_close(struct push *push)
{
	if (push->state == PUSH_OPEN) goodbye(push, WEBSOCKET_CODE_NORMAL);
	stream_close(&push->stream);
	loop_timer_stop(push->timer);
	push->state = PUSH_CLOSED;
}

void push_end(struct push *push)
{
	push_close(push);
	loop_timer_end(push->timer);
	push->timer = LOOP_NONE;
}
