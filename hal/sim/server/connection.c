/* connection.c - the wire of one client: requests into calls, replies and frames into bytes, and the faults on the way. */
#include "hal/sim/server/connection.h"

#include <stdio.h>
#include <string.h>

#include "hal/sim/server/link.h"
#include "hal/sim/server/moment.h"
#include "hal/sim/server/rest.h"
#include "hal/sim/server/stream.h"

enum { HEAD_BYTES = 2048, GARBAGE = 0xa5 };

/* --- the way out -------------------------------------------------------------------------------------------------- */

/* Room behind what waits, moved to the front when that helps; the client is closed when there is none. */
static char *room(struct server *server, struct connection *connection, size_t bytes)
{
	size_t waits = connection->out_end - connection->out_first;
	if (connection->over || connection->muted) return 0;
	if (connection->out_end + bytes > sizeof connection->out) {
		memmove(connection->out, connection->out + connection->out_first, waits);
		connection->out_first = 0;
		connection->out_end = waits;
	}
	if (waits + bytes <= sizeof connection->out) return connection->out + connection->out_end;
	server->counts.slow_clients++;
	connection->over = true;
	connection->out_first = connection->out_end = 0;
	return 0;
}

/* What has just been put is `bytes` long; the fault decides what becomes of it. */
static void meet_fault(struct server *server, struct connection *connection, size_t bytes, enum fault_kind fault, uint32_t ms)
{
	if (fault != FAULT_NONE) server->counts.faults++;
	switch (fault) {
	case FAULT_CUT:
	case FAULT_HALF_FRAME:
		connection->out_end -= bytes - bytes / 2;
		connection->over = fault == FAULT_CUT;
		connection->muted = fault == FAULT_HALF_FRAME;
		break;
	case FAULT_DOUBLE:
		if (!room(server, connection, bytes)) break;
		if (connection->not_before_ns <= server->now_ns) connection->early_bytes = connection->out_end - connection->out_first;
		connection->not_before_ns = e8_max(connection->not_before_ns, server->now_ns + ms * NS_PER_MS);
		memcpy(connection->out + connection->out_end, connection->out + connection->out_end - bytes, bytes);
		connection->out_end += bytes;
		break;
	case FAULT_MUTE:
		connection->out_end -= bytes;
		connection->muted = true;
		break;
	case FAULT_DELAY: connection->not_before_ns = e8_max(connection->not_before_ns, server->now_ns + ms * NS_PER_MS); break;
	case FAULT_DROP:
	case FAULT_429:
	case FAULT_500:
	case FAULT_GARBAGE:
	case FAULT_NONE: break;        /* these were met before there was anything to send */
	}
}

static bool put_frame(struct server *server, struct connection *connection, enum websocket_opcode opcode, const char *payload, size_t length)
{
	char *at = room(server, connection, length + WEBSOCKET_HEAD_BYTES_MAX);
	if (!at) return false;
	connection->out_end += websocket_frame(at, length + WEBSOCKET_HEAD_BYTES_MAX, opcode, true, 0, payload, length);
	return true;
}

void connection_answer(struct server *server, struct connection *connection, enum websocket_opcode opcode, const char *payload, size_t length)
{
	(void)put_frame(server, connection, opcode, payload, length);
}

bool connection_say(struct server *server, struct connection *connection, enum websocket_opcode opcode, const char *payload, size_t length, int where)
{
	static const char garbage[] = "\x7b\x22stream\x22:tr\x01\x02";
	uint32_t          ms = 0;
	if (connection->over || connection->muted) return false;
	enum fault_kind fault = faults_take(&server->faults, 1u << where, FAULTS_ALL & ~FAULTS_OF_OPENING, &ms);
	if (fault == FAULT_DROP) {
		server->counts.faults++;
		connection->over = true;
		return false;
	}
	if (fault == FAULT_GARBAGE) {
		server->counts.faults++;
		(void)put_frame(server, connection, WEBSOCKET_OP_BINARY, garbage, sizeof garbage - 1);
		return false;
	}
	size_t before = connection->out_end - connection->out_first;
	if (!put_frame(server, connection, opcode, payload, length)) return false;
	meet_fault(server, connection, connection->out_end - connection->out_first - before, fault, ms);
	return true;
}

/* --- a request ---------------------------------------------------------------------------------------------------- */

static enum server_key key_of(const struct server *server, const struct http_reader *http)
{
	struct http_text  id = http_header_of(http, "APCA-API-KEY-ID"), secret = http_header_of(http, "APCA-API-SECRET-KEY");
	struct json_value id_value = { .at = id.at, .length = id.length, .kind = id.at ? JSON_STRING : JSON_NONE };
	struct json_value secret_value = { .at = secret.at, .length = secret.length, .kind = secret.at ? JSON_STRING : JSON_NONE };
	return rest_key_of(server, &id_value, &secret_value);
}

/* Copies what fits; false when it does not. */
static bool copy(char *to, size_t size, const char *from, size_t length)
{
	if (length >= size) return false;
	memcpy(to, from, length);
	to[length] = '\0';
	return true;
}

static bool read_call(const struct server *server, const struct connection *connection, struct rest *rest)
{
	const struct http_text *target = &connection->http.target, *method = &connection->http.method;
	const char             *mark = memchr(target->at, '?', target->length);
	size_t                  path_bytes = mark ? (size_t)(mark - target->at) : target->length;
	rest->who = key_of(server, &connection->http);
	rest->body = connection->body;
	rest->body_bytes = connection->body_bytes;
	rest->query[0] = '\0';
	return copy(rest->method, sizeof rest->method, method->at, method->length) && copy(rest->path, sizeof rest->path, target->at, path_bytes) &&
	       (!mark || copy(rest->query, sizeof rest->query, mark + 1, target->length - path_bytes - 1));
}

static void put_rate(const struct server *server, struct http_writer *out, enum server_key who)
{
	int32_t left = server->config.rate - server->calls[who];
	int64_t reset_ns = server->config.wall_ns + server->minute_ns[who] + 60 * NS_PER_S;
	http_put_u64(out, "X-RateLimit-Limit", (uint64_t)server->config.rate);
	http_put_u64(out, "X-RateLimit-Remaining", left > 0 ? (uint64_t)left : 0);
	http_put_u64(out, "X-RateLimit-Reset", (uint64_t)(reset_ns / NS_PER_S));
}

/* The reply as bytes, behind what waits; 0 bytes when there is no room. */
static size_t put_reply(struct server *server, struct connection *connection, const struct rest *rest, bool garbage)
{
	struct http_writer out;
	size_t             body_bytes = rest->json.length;
	char              *at = room(server, connection, HEAD_BYTES + body_bytes);
	if (!at) return 0;
	http_writer_init(&out, at, HEAD_BYTES + body_bytes);
	http_response(&out, rest->status);
	http_put(&out, "Content-Type", "application/json; charset=UTF-8");
	put_rate(server, &out, rest->who);
	if (!connection->http.keep_alive) http_put(&out, "Connection", "close");
	if (rest->status == 204) http_no_body(&out);
	else http_body(&out, rest->json.text, body_bytes);
	if (garbage) memset(at + out.length - body_bytes / 2, GARBAGE, body_bytes / 2);
	BUG_UNLESS(3620, http_written(&out) > 0);
	connection->out_end += http_written(&out);
	return http_written(&out);
}

static void refuse_early(struct rest *rest, char *text, size_t size, uint32_t status)
{
	json_begin(&rest->json, text, size);
	if (status == 429) rest_refuse(rest, status, CODE_TOO_MANY, "too many requests.");
	else rest_refuse(rest, status, CODE_FAILED, "internal server error occurred");
}

static void call(struct server *server, struct connection *connection)
{
	struct rest rest = { 0 };
	uint32_t    ms = 0;
	bool        readable = read_call(server, connection, &rest);
	enum fault_kind fault = readable ? faults_take(&server->faults, rest_wheres(&rest), FAULTS_ALL, &ms) : FAULT_NONE;
	if (fault == FAULT_DROP) {
		server->counts.faults++;
		connection->over = true;
		return;
	}
	json_begin(&rest.json, server->reply, sizeof server->reply);
	if (!readable) rest_refuse(&rest, 414, CODE_SYNTAX, "the path or query is too long");
	else if (fault == FAULT_429 || fault == FAULT_500) refuse_early(&rest, server->reply, sizeof server->reply, fault == FAULT_429 ? 429 : 500);
	else rest_call(server, &rest);
	size_t bytes = put_reply(server, connection, &rest, fault == FAULT_GARBAGE);
	if (bytes) meet_fault(server, connection, bytes, fault, ms);
	if (server->config.latency_ns && rest_wheres(&rest))
		connection->not_before_ns = e8_max(connection->not_before_ns, server->now_ns + server->config.latency_ns);
	if (!connection->http.keep_alive) connection->over = true;
}

/* --- an upgrade --------------------------------------------------------------------------------------------------- */

static bool stream_of(const struct http_text *target, enum connection_mode *mode, enum connection_feed *feed)
{
	if (http_text_is(*target, "/stream")) *mode = CONNECTION_TRADES;
	else if (http_text_is(*target, "/v2/iex") || http_text_is(*target, "/v2/sip")) *mode = CONNECTION_DATA, *feed = FEED_STOCKS;
	else if (http_text_is(*target, "/v1beta3/crypto/us")) *mode = CONNECTION_DATA, *feed = FEED_CRYPTO;
	else return false;
	return true;
}

static uint32_t opening_fault(struct server *server, enum connection_mode mode)
{
	uint32_t        ms;
	enum fault_where where = mode == CONNECTION_TRADES ? FAULT_AT_STREAM : FAULT_AT_DATA;
	enum fault_kind fault = faults_take(&server->faults, 1u << where, FAULTS_OF_OPENING, &ms);
	if (fault == FAULT_NONE) return 0;
	server->counts.faults++;
	return fault == FAULT_429 ? 429 : 500;
}

/* A whole answer without a stream behind it, and the end. */
static void decline(struct server *server, struct connection *connection, uint32_t status, enum websocket_verdict verdict)
{
	struct http_writer out;
	char              *at = room(server, connection, HEAD_BYTES);
	if (!at) return;
	http_writer_init(&out, at, HEAD_BYTES);
	if (status) {
		http_response(&out, status);
		http_body(&out, "", 0);
	} else websocket_refuse(&out, verdict);
	connection->out_end += http_written(&out);
	connection->over = true;
}

static void upgrade(struct server *server, struct connection *connection)
{
	enum connection_mode   mode = CONNECTION_HTTP;
	struct http_writer     out;
	char                   key[WEBSOCKET_KEY_BYTES];
	bool                   known = stream_of(&connection->http.target, &mode, &connection->feed);
	uint32_t               status = known ? opening_fault(server, mode) : 404;
	enum websocket_verdict verdict = websocket_asked(&connection->http, key);
	if (status || verdict != WEBSOCKET_IS_OK) {
		decline(server, connection, status, verdict);
		return;
	}
	char *at = room(server, connection, HEAD_BYTES);
	if (!at) return;
	http_writer_init(&out, at, HEAD_BYTES);
	websocket_answer(&out, key);
	http_no_body(&out);
	connection->out_end += http_written(&out);
	connection->mode = mode;
	connection->opened_ns = server->now_ns;
	connection->packed = http_text_is(http_header_of(&connection->http, "Content-Type"), "application/msgpack");
	websocket_init(&connection->websocket, WEBSOCKET_SERVER, connection->message, sizeof connection->message);
	if (mode == CONNECTION_DATA) stream_data_welcome(server, connection);
}

/* --- the way in --------------------------------------------------------------------------------------------------- */

static void end_stream(struct server *server, struct connection *connection, uint16_t code)
{
	char   frame[WEBSOCKET_HEAD_BYTES_MAX + WEBSOCKET_CONTROL_BYTES_MAX];
	size_t bytes = websocket_close(frame, sizeof frame, 0, code, "");
	char  *at = room(server, connection, bytes);
	if (at) {
		memcpy(at, frame, bytes);
		connection->out_end += bytes;
	}
	connection->over = true;
}

static void on_stream_event(struct server *server, struct connection *connection, enum websocket_event event)
{
	const struct websocket *ws = &connection->websocket;
	switch (event) {
	case WEBSOCKET_TEXT:
	case WEBSOCKET_BINARY:
		if (connection->mode == CONNECTION_TRADES) stream_trades_message(server, connection, ws->at, ws->length);
		else stream_data_message(server, connection, ws->at, ws->length);
		break;
	case WEBSOCKET_PING: connection_answer(server, connection, WEBSOCKET_OP_PONG, ws->at, ws->length); break;
	case WEBSOCKET_CLOSED: end_stream(server, connection, ws->code); break;
	case WEBSOCKET_FAILED: end_stream(server, connection, websocket_code_of(ws->verdict)); break;
	case WEBSOCKET_GONE: connection->over = true; break;
	case WEBSOCKET_PONG:
	case WEBSOCKET_MORE: break;
	}
}

static void read_stream(struct server *server, struct connection *connection, const char *bytes, size_t count)
{
	enum websocket_event event;
	websocket_feed(&connection->websocket, bytes, count);
	do {
		event = websocket_next(&connection->websocket);
		on_stream_event(server, connection, event);
	} while (event != WEBSOCKET_MORE && !connection->over);
}

static bool wants_upgrade(const struct http_reader *http) { return http_header_has(http, "Upgrade", "websocket"); }

/* False when what follows is no longer HTTP, or the end. */
static bool on_http_event(struct server *server, struct connection *connection, enum http_event event)
{
	const struct http_text *body = &connection->http.body;
	switch (event) {
	case HTTP_HEAD: connection->body_bytes = 0; return true;
	case HTTP_BODY:
		memcpy(connection->body + connection->body_bytes, body->at, body->length);
		connection->body_bytes += body->length;
		return true;
	case HTTP_DONE:
		if (wants_upgrade(&connection->http)) upgrade(server, connection);
		else call(server, connection);
		return connection->mode == CONNECTION_HTTP && !connection->over;
	case HTTP_MORE:
		return false;
	case HTTP_CLOSED:
	case HTTP_FAILED:
		if (event == HTTP_FAILED) decline(server, connection, 400, WEBSOCKET_IS_OK);
		connection->over = true;
		return false;
	}
	return false;
}

void connection_receive(struct server *server, struct connection *connection, const char *bytes, size_t count)
{
	struct http_reader *http = &connection->http;
	if (connection->over) return;
	if (connection->mode != CONNECTION_HTTP) {
		read_stream(server, connection, bytes, count);
		return;
	}
	http_feed(http, bytes, count);
	while (on_http_event(server, connection, http_next(http))) continue;
	if (connection->mode != CONNECTION_HTTP && !connection->over) read_stream(server, connection, http->next, http_rest(http));
}

void connection_open(struct server *server, struct connection *connection)
{
	memset(connection, 0, offsetof(struct connection, body));
	connection->mode = CONNECTION_HTTP;
	connection->opened_ns = server->now_ns;
	http_reader_init(&connection->http, HTTP_SERVER, sizeof connection->body);
}

void connection_turn(struct server *server, struct connection *connection)
{
	if (connection->mode != CONNECTION_DATA || connection->authorized || connection->over) return;
	if (server->now_ns - connection->opened_ns < CONNECTION_AUTH_MS * NS_PER_MS) return;
	stream_data_error(server, connection, 404, "auth timeout");
	connection->over = true;
}
