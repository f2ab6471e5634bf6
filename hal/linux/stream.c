/* stream.c - carries bytes between a sock and a tls, and tells the owner. */
#include "hal/linux/stream.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/loop.h"

static uint64_t                 lives;
static const struct stream_net *net;

void stream_use(const struct stream_net *other) { net = other; }

static void tell(struct stream *stream, enum stream_event event) { stream->fn(stream->self, stream, event); }

static void give_back(struct stream *stream)
{
	if (stream->lookup != DNS_NONE) dns_cancel(stream->plan.dns, stream->lookup);
	if (stream->timer != LOOP_NONE) loop_timer_end(stream->timer);
	sock_close(&stream->sock);
	stream->lookup = DNS_NONE;
	stream->timer = LOOP_NONE;
	stream->state = STREAM_CLOSED;
	stream->life = ++lives;
}

/* From the loop only. */
static void ended(struct stream *stream, enum stream_layer layer)
{
	give_back(stream);
	stream->layer = layer;
	tell(stream, STREAM_ENDED);
}

/* From within a call: the owner is told by the loop. */
static void end_soon(struct stream *stream, enum stream_layer layer)
{
	sock_close(&stream->sock);
	stream->state = STREAM_ENDING;
	stream->layer = layer;
	loop_timer_start(stream->timer, 0);
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

/* What TLS has for the wire. False when the sock has died of it. */
static bool push(struct stream *stream)
{
	size_t         ready, sent;
	const uint8_t *at;
	while ((at = tls_send_bytes(&stream->tls, &ready)) != 0) {
		enum sock_verdict verdict = sock_send(&stream->sock, at, ready, &sent);
		if (verdict == SOCK_WAIT) return true;
		if (verdict != SOCK_OK) return false;
		tls_sent(&stream->tls, sent);
	}
	return true;
}

/* One piece of the wire into TLS. SOCK_WAIT also when TLS has no room: its plain bytes wait for the owner. */
static enum sock_verdict pull(struct stream *stream)
{
	size_t            room, got;
	uint8_t          *into = tls_recv_room(&stream->tls, &room);
	enum sock_verdict verdict = into ? sock_recv(&stream->sock, into, room, &got) : SOCK_WAIT;
	if (verdict == SOCK_OK) tls_received(&stream->tls, got);
	if (verdict == SOCK_END) tls_ended(&stream->tls);
	return verdict == SOCK_END ? SOCK_OK : verdict;
}

static bool has_plain(struct stream *stream)
{
	size_t ready;
	return stream->tls.state == TLS_OPEN && br_ssl_engine_recvapp_buf(stream->tls.engine, &ready) != 0;
}

/* What has changed is told. False when the stream is no longer the one it was. */
static bool tell_changes(struct stream *stream)
{
	uint64_t life = stream->life;
	if (stream->state == STREAM_SHAKING && stream->tls.state == TLS_OPEN) {
		stream->state = STREAM_OPEN;
		loop_timer_stop(stream->timer);
		tell(stream, STREAM_OPENED);
		if (stream->life != life || stream->state == STREAM_ENDING) return false;
	}
	if (has_plain(stream)) tell(stream, STREAM_BYTES);
	if (stream->life != life || stream->state == STREAM_ENDING) return false;
	if (stream->tls.state != TLS_DONE) return true;
	ended(stream, STREAM_BY_TLS);
	return false;
}

static void hold_if_full(struct stream *stream)
{
	size_t room;
	sock_hold(&stream->sock, tls_recv_room(&stream->tls, &room) == 0 && has_plain(stream));
}

static void on_bytes(struct stream *stream)
{
	for (int i = 0; i < STREAM_PIECES_A_TURN; i++) {
		enum sock_verdict verdict = pull(stream);
		if (verdict == SOCK_WAIT) break;
		bool alive = verdict == SOCK_OK && push(stream);
		if (!tell_changes(stream)) return;        /* what came before the end comes out before it */
		if (alive) continue;
		ended(stream, STREAM_BY_SOCK);
		return;
	}
	hold_if_full(stream);
}

static void on_room(struct stream *stream)
{
	if (!push(stream)) {
		ended(stream, STREAM_BY_SOCK);
		return;
	}
	if (!tell_changes(stream) || !stream->wants_room) return;
	stream->wants_room = false;
	tell(stream, STREAM_ROOM);
}

size_t stream_read(struct stream *stream, void *into, size_t room)
{
	if (stream->state != STREAM_OPEN) return 0;
	if (net) return net->read(net->self, stream, into, room);
	size_t got = tls_read(&stream->tls, into, room);
	if (got) hold_if_full(stream);
	return got;
}

size_t stream_write(struct stream *stream, const void *from, size_t bytes)
{
	const uint8_t *at = from;
	size_t         written = 0, taken = 1;
	if (stream->state != STREAM_OPEN) return 0;
	if (net) {
		written = net->write(net->self, stream, from, bytes);
		stream->wants_room = written < bytes;
		return written;
	}
	while (written < bytes && taken) {
		taken = tls_write(&stream->tls, at + written, bytes - written);
		written += taken;
		tls_flush(&stream->tls);
		if (push(stream)) continue;
		end_soon(stream, STREAM_BY_SOCK);
		return written;
	}
	stream->wants_room = written < bytes;
	return written;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static void shake(struct stream *stream)
{
	stream->state = STREAM_SHAKING;
	if (stream->plan.limits.shake_ns) loop_timer_start(stream->timer, stream->plan.limits.shake_ns);
	if (stream->tls.state == TLS_DONE) end_soon(stream, STREAM_BY_TLS);
	else if (!push(stream)) end_soon(stream, STREAM_BY_SOCK);
}

/* The next address that can be tried; false when there is none. */
static bool connect_next(struct stream *stream)
{
	struct sock_limits limits = { stream->plan.limits.connect_ns, stream->plan.limits.idle_ns };
	while (stream->tried < stream->named.addresses_n) {
		struct address to = stream->named.addresses[stream->tried++];
		to.port = stream->plan.port;
		if (sock_connect(&stream->sock, &to, &limits) == SOCK_OK) return true;
	}
	return false;
}

static void on_sock(void *self, struct sock *sock, enum sock_event event)
{
	struct stream *stream = self;
	(void)sock;
	switch (event) {
	case SOCK_CONNECTED:
		tls_client_init(&stream->tls, &stream->plan.tls);
		memset(stream->plan.tls.seed, 0, sizeof stream->plan.tls.seed);
		shake(stream);
		return;
	case SOCK_READABLE: on_bytes(stream); return;
	case SOCK_WRITABLE: on_room(stream); return;
	case SOCK_FAILED:
		if (stream->state != STREAM_CONNECTING || !connect_next(stream)) ended(stream, STREAM_BY_SOCK);
		return;
	}
}

static void on_name(void *self, const struct dns_result *result)
{
	struct stream *stream = self;
	stream->lookup = DNS_NONE;
	stream->named = *result;
	stream->state = STREAM_CONNECTING;
	if (result->verdict != DNS_OK) end_soon(stream, STREAM_BY_NAME);
	else if (!connect_next(stream)) end_soon(stream, STREAM_BY_SOCK);
}

static void on_timer(void *self)
{
	struct stream *stream = self;
	if (stream->state != STREAM_ENDING) {
		tls_late(&stream->tls);
		stream->layer = STREAM_BY_TLS;
	}
	ended(stream, stream->layer);
}

void stream_init(struct stream *stream, stream_fn *fn, void *self)
{
	memset(stream, 0, sizeof *stream);
	stream->fn = fn;
	stream->self = self;
	stream->lookup = DNS_NONE;
	stream->timer = LOOP_NONE;
	sock_init(&stream->sock, on_sock, stream);
}

/* A timer for a closed stream; false, with the sock's verdict set, when the loop has none. */
static bool begin(struct stream *stream, const struct stream_limits *limits)
{
	BUG_UNLESS(3540, stream->state == STREAM_CLOSED);
	stream->plan.limits = *limits;
	stream->named = (struct dns_result){ .verdict = DNS_OK };
	stream->tried = 0;
	stream->wants_room = false;
	stream->life = ++lives;
	stream->timer = loop_timer(on_timer, stream);
	stream->sock.verdict = SOCK_NO_ROOM;
	return stream->timer != LOOP_NONE;
}

static void take_plan(struct stream *stream, const struct stream_plan *plan)
{
	size_t length = strnlen(plan->tls.host, sizeof stream->host - 1);
	stream->plan = *plan;
	memcpy(stream->host, plan->tls.host, length);
	stream->host[length] = '\0';
	stream->plan.tls.host = stream->host;
}

static void connect_in_memory(struct stream *stream)
{
	BUG_UNLESS(3542, stream->state == STREAM_CLOSED);
	stream->wants_room = false;
	stream->life = ++lives;
	stream->state = STREAM_CONNECTING;
	stream->tls.is_client = true;        /* whom its sentence names */
	memcpy(stream->tls.host, stream->host, sizeof stream->tls.host);
	net->connect(net->self, stream);
}

void stream_connect(struct stream *stream, const struct stream_plan *plan)
{
	if (net) {
		take_plan(stream, plan);
		connect_in_memory(stream);
		return;
	}
	BUG_UNLESS(3541, begin(stream, &plan->limits));        /* two timers for each stream: the loop's table is made for them all */
	take_plan(stream, plan);
	stream->state = STREAM_NAMING;
	int lookup = dns_resolve(plan->dns, stream->host, on_name, stream);
	if (stream->state == STREAM_NAMING) stream->lookup = lookup;
}

enum sock_verdict stream_accept(struct stream *stream, struct sock *listener, struct tls_service *service, const uint8_t seed[TLS_SEED_BYTES],
    const struct stream_limits *limits)
{
	struct sock_limits idle = { 0, limits->idle_ns };
	enum sock_verdict  verdict = begin(stream, limits) ? sock_accept(listener, &stream->sock, &idle) : SOCK_NO_ROOM;
	if (verdict != SOCK_OK) {
		give_back(stream);
		return verdict;
	}
	stream->host[0] = '\0';
	tls_server_init(&stream->tls, service, seed);
	shake(stream);
	return SOCK_OK;
}

void stream_close(struct stream *stream)
{
	if (stream->state == STREAM_CLOSED) return;
	if (net) net->close(net->self, stream);
	else if (stream->state == STREAM_OPEN) {
		sock_part(&stream->sock);
		tls_close(&stream->tls);
		(void)push(stream);
		stream->layer = STREAM_BY_TLS;
	}
	give_back(stream);
}

/* --- in memory ---------------------------------------------------------------------------------------------------- */

static void net_ended(struct stream *stream, enum sock_verdict verdict)
{
	stream->sock.verdict = verdict;
	stream->tls.verdict = TLS_OK;
	ended(stream, verdict == SOCK_END ? STREAM_BY_TLS : STREAM_BY_SOCK);
}

void stream_net_says(struct stream *stream, enum stream_event event, enum sock_verdict verdict)
{
	switch (event) {
	case STREAM_OPENED: stream->state = STREAM_OPEN; break;
	case STREAM_ENDED: net_ended(stream, verdict); return;
	case STREAM_ROOM:
		if (!stream->wants_room) return;
		stream->wants_room = false;
		break;
	case STREAM_BYTES: break;
	}
	tell(stream, event);
}

/* --- for people --------------------------------------------------------------------------------------------------- */

bool stream_is_orderly(const struct stream *stream) { return stream->layer == STREAM_BY_TLS && stream->tls.verdict == TLS_OK; }

const char *stream_sentence(const struct stream *stream, char text[STREAM_SENTENCE_BYTES])
{
	const char *host = *stream->host ? stream->host : "the peer";
	switch (stream->layer) {
	case STREAM_BY_NAME: snprintf(text, STREAM_SENTENCE_BYTES, "%s: %s", host, dns_verdict_text[stream->named.verdict]); return text;
	case STREAM_BY_SOCK:
		if (*stream->host) snprintf(text, STREAM_SENTENCE_BYTES, "%s:%u: %s", host, stream->plan.port, sock_verdict_text[stream->sock.verdict]);
		else snprintf(text, STREAM_SENTENCE_BYTES, "%s: %s", host, sock_verdict_text[stream->sock.verdict]);
		return text;
	case STREAM_BY_TLS: return tls_sentence(&stream->tls, text);
	}
	return text;
}
