/* https_kit.h - a venue on loopback for tests: TLS, HTTP and WebSocket on one port in the test's own loop, answering as a script says.
 *
 * Each request comes to kit->answer, which fills the answer's text; a request to upgrade becomes a WebSocket whose messages come to kit->message.
 * Faults are fields of the kit: mute (read, never answer), cut (close after so many bytes of the answer). */
#ifndef TESTS_UNIT_HAL_VENUES_HTTPS_KIT_H
#define TESTS_UNIT_HAL_VENUES_HTTPS_KIT_H
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "hal/venues/port.h"
#include "hal/venues/reach.h"
#include "hal/wire/websocket.h"
#include "tests/kit/test.h"

enum { HTTPS_KIT_CALLS = 6, HTTPS_KIT_BYTES = 1 << 17, HTTPS_KIT_PATIENCE_MS = 10000 };

struct https_kit;
struct https_call {
	struct https_kit  *kit;
	struct stream      stream;
	struct http_reader http;
	struct websocket   ws;
	bool               is_websocket, is_taken;
	char               method[16], target[2048], body[4096], key[WEBSOCKET_KEY_BYTES], message[65536], out[HTTPS_KIT_BYTES];
	size_t             body_bytes, out_bytes;
};
struct https_kit_answer { uint32_t status; const char *body; const char *header[4][2]; bool has_no_length; };
typedef void https_answer_fn(struct https_kit *kit, struct https_call *call, struct https_kit_answer *answer);
typedef void https_message_fn(struct https_kit *kit, struct https_call *call, const char *text, size_t bytes);

struct https_kit {
	struct certificate  certificate;
	struct anchors      anchors;
	struct tls_service  service;
	struct tls_sessions sessions;
	struct dns          dns;
	struct sock         listener;
	struct address      where;
	struct reach        reach;
	struct https_call   call[HTTPS_KIT_CALLS];
	https_answer_fn    *answer;
	https_message_fn   *message;
	int                 connections, requests, mute, cut_after;        /* mute: so many requests get no answer; cut_after: -1 none */
	bool                refuses_ping;
};

static inline void https_kit_flush(struct https_call *call)
{
	size_t sent = stream_write(&call->stream, call->out, call->out_bytes);
	memmove(call->out, call->out + sent, call->out_bytes - sent);
	call->out_bytes -= sent;
}

static inline void https_kit_bytes(struct https_call *call, const char *bytes, size_t count)
{
	CHECK(call->out_bytes + count <= sizeof call->out);
	memcpy(call->out + call->out_bytes, bytes, count);
	call->out_bytes += count;
	https_kit_flush(call);
}

static inline void https_kit_frame(struct https_call *call, enum websocket_opcode opcode, const char *text, size_t bytes)
{
	static char frame[HTTPS_KIT_BYTES];
	https_kit_bytes(call, frame, websocket_frame(frame, sizeof frame, opcode, true, 0, text, bytes));
}

static inline void https_kit_push(struct https_call *call, const char *text) { https_kit_frame(call, WEBSOCKET_OP_BINARY, text, strlen(text)); }

static inline void https_kit_reply(struct https_kit *kit, struct https_call *call)
{
	static char             text[HTTPS_KIT_BYTES];
	struct http_writer      out;
	struct https_kit_answer answer = { .status = 200, .body = "{}" };
	kit->requests++;
	kit->answer(kit, call, &answer);
	if (kit->mute > 0) {
		kit->mute--;
		return;
	}
	http_writer_init(&out, text, sizeof text);
	http_response(&out, answer.status);
	for (int i = 0; i < 4 && answer.header[i][0]; i++) http_put(&out, answer.header[i][0], answer.header[i][1]);
	http_body(&out, answer.body, strlen(answer.body));
	size_t bytes = http_written(&out);
	CHECK(bytes > 0);
	if (kit->cut_after >= 0) {
		https_kit_bytes(call, text, (size_t)kit->cut_after < bytes ? (size_t)kit->cut_after : bytes);
		kit->cut_after = -1;
		stream_close(&call->stream);
		call->is_taken = false;
		return;
	}
	https_kit_bytes(call, text, bytes);
}

static inline void https_kit_upgrade(struct https_call *call)
{
	char               text[1024];
	struct http_writer out;
	CHECK_EQ(websocket_asked(&call->http, call->key), WEBSOCKET_IS_OK);
	http_writer_init(&out, text, sizeof text);
	websocket_answer(&out, call->key);
	http_no_body(&out);
	https_kit_bytes(call, text, http_written(&out));
}

static inline void https_kit_frames(struct https_kit *kit, struct https_call *call)
{
	for (;;) {
		switch (websocket_next(&call->ws)) {
		case WEBSOCKET_TEXT: case WEBSOCKET_BINARY: kit->message(kit, call, call->ws.at, call->ws.length); break;
		case WEBSOCKET_PING:
			if (!kit->refuses_ping) https_kit_frame(call, WEBSOCKET_OP_PONG, call->ws.at, call->ws.length);
			break;
		case WEBSOCKET_CLOSED: case WEBSOCKET_GONE: case WEBSOCKET_FAILED: return;
		case WEBSOCKET_PONG: break;
		case WEBSOCKET_MORE: return;
		}
		if (!call->is_taken) return;
	}
}

static inline void https_kit_head(struct https_call *call)
{
	snprintf(call->method, sizeof call->method, "%.*s", (int)call->http.method.length, call->http.method.at);
	snprintf(call->target, sizeof call->target, "%.*s", (int)call->http.target.length, call->http.target.at);
	call->body_bytes = 0;
	call->is_websocket = http_header_has(&call->http, "Upgrade", "websocket");
	if (call->is_websocket) https_kit_upgrade(call);
}

static inline void https_kit_requests(struct https_kit *kit, struct https_call *call)
{
	for (;;) {
		switch (http_next(&call->http)) {
		case HTTP_HEAD: https_kit_head(call); break;
		case HTTP_BODY:
			CHECK(call->body_bytes + call->http.body.length < sizeof call->body);
			memcpy(call->body + call->body_bytes, call->http.body.at, call->http.body.length);
			call->body_bytes += call->http.body.length;
			break;
		case HTTP_DONE:
			call->body[call->body_bytes] = '\0';
			if (call->is_websocket) {
				websocket_init(&call->ws, WEBSOCKET_SERVER, call->message, sizeof call->message);
				websocket_feed(&call->ws, call->http.next, http_rest(&call->http));
				return;
			}
			https_kit_reply(kit, call);
			if (!call->is_taken) return;
			break;
		case HTTP_MORE: case HTTP_CLOSED: case HTTP_FAILED: return;
		}
	}
}

static inline void https_kit_read(struct https_call *call)
{
	char   piece[2048];
	size_t got;
	while (call->is_taken && (got = stream_read(&call->stream, piece, sizeof piece)) > 0) {
		if (call->is_websocket) websocket_feed(&call->ws, piece, got);
		else {
			http_feed(&call->http, piece, got);
			https_kit_requests(call->kit, call);
		}
		if (call->is_websocket) https_kit_frames(call->kit, call);
	}
}

static inline void https_kit_told(void *self, struct stream *stream, enum stream_event event)
{
	struct https_call *call = self;
	(void)stream;
	switch (event) {
	case STREAM_OPENED: break;
	case STREAM_BYTES: https_kit_read(call); break;
	case STREAM_ROOM: https_kit_flush(call); break;
	case STREAM_ENDED: call->is_taken = false; break;
	}
}

static inline void https_kit_close(struct https_call *call)
{
	stream_close(&call->stream);
	call->is_taken = call->is_websocket = false;
}

static inline void https_kit_on_call(void *self, struct sock *sock, enum sock_event event)
{
	struct https_kit    *kit = self;
	uint8_t              seed[TLS_SEED_BYTES];
	struct stream_limits limits = { NS_PER_S, 5 * NS_PER_S, 60 * NS_PER_S };
	(void)event;
	for (size_t i = 0; i < HTTPS_KIT_CALLS; i++) {
		struct https_call *call = &kit->call[i];
		if (call->is_taken) continue;
		for (size_t at = 0; at < sizeof seed; at += 8) {
			uint64_t chance = port_chance();
			memcpy(seed + at, &chance, sizeof chance);
		}
		if (stream_accept(&call->stream, sock, &kit->service, seed, &limits) != SOCK_OK) return;
		call->is_taken = true;
		call->is_websocket = false;
		call->out_bytes = 0;
		kit->connections++;
		http_reader_init(&call->http, HTTP_SERVER, sizeof call->body - 1);
	}
}

/* The certificate is good from `from_s` seconds before now on, for a day. */
static inline void https_kit_init(struct https_kit *kit, https_answer_fn *answer, https_message_fn *message)
{
	struct certificate_plan plan = { .names = { "localhost" }, .from_s = (int64_t)time(0) - 3600, .to_s = (int64_t)time(0) + 86400, .seed = { 9 } };
	CHECK(loop_open());
	kit->answer = answer;
	kit->message = message;
	kit->cut_after = -1;
	CHECK(certificate_make(&kit->certificate, &plan));
	anchors_init(&kit->anchors);
	CHECK_EQ(anchors_add(&kit->anchors, kit->certificate.der, kit->certificate.chain.data_len), ANCHORS_OK);
	tls_service_init(&kit->service, &kit->certificate);
	dns_init(&kit->dns);
	for (size_t i = 0; i < HTTPS_KIT_CALLS; i++) {
		kit->call[i].kit = kit;
		stream_init(&kit->call[i].stream, https_kit_told, &kit->call[i]);
	}
	sock_init(&kit->listener, https_kit_on_call, kit);
	CHECK(address_parse("127.0.0.1", 0, &kit->where));
	CHECK_EQ(sock_listen(&kit->listener, &kit->where), SOCK_OK);
	CHECK(sock_local(&kit->listener, &kit->where));
	kit->reach = (struct reach){ .dns = &kit->dns,
		.host = "localhost",
		.port = kit->where.port,
		.anchors = &kit->anchors,
		.sessions = &kit->sessions,
		.limits = { NS_PER_S, 5 * NS_PER_S, 0 },
		.connects_per_min = 600 };
}

/* Turns the loop until *what has that value at least. */
static inline bool https_kit_until(const int *what, int value)
{
	int64_t late_ns = clock_monotonic_ns() + HTTPS_KIT_PATIENCE_MS * NS_PER_MS;
	while (*what < value && clock_monotonic_ns() < late_ns) loop_once(20 * NS_PER_MS);
	return *what >= value;
}

#endif
