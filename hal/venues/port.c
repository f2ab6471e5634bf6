/* port.c - the driver's side of the tape. */
#include "hal/venues/port.h"

#include <string.h>

#include "hal/linux/clock.h"

struct port_timer { loop_due_fn *fn; void *self; };
struct port_stream { struct stream *stream; stream_fn *fn; void *self; };

static struct {
	struct tape       *tape;
	struct port_timer  timer[PORT_TIMERS_MAX];
	struct port_stream stream[PORT_STREAMS_MAX];
	uint32_t           timers, streams, hidden_n;
	const char        *hidden[PORT_HIDDEN_MAX];
	char               request[PORT_REQUEST_BYTES_MAX]; /* without its keys */
} port;

static bool records(void) { return port.tape && port.tape->mode == TAPE_RECORD; }
static bool plays(void) { return port.tape && port.tape->mode == TAPE_PLAY; }

static void keep(enum tape_kind kind, uint32_t number, uint64_t value, const void *payload, size_t bytes)
{
	tape_keep(port.tape, (struct tape_entry){ .kind = (uint8_t)kind, .number = (uint16_t)number, .value = value, .bytes = (uint32_t)bytes }, payload);
}

/* --- without names, TLS and the kernel ------------------------------------------------------------------------------ */

static void no_call(void *self, struct stream *stream) { (void)self, (void)stream; }
static size_t no_read(void *self, struct stream *stream, void *into, size_t room)
{
	(void)self, (void)stream, (void)into, (void)room;
	return 0;
}
static size_t no_write(void *self, struct stream *stream, const void *from, size_t bytes)
{
	(void)self, (void)stream, (void)from, (void)bytes;
	return 0;
}
static const struct stream_net nowhere = { no_call, no_read, no_write, no_call, 0 };

void port_use(struct tape *tape)
{
	port.tape = tape;
	port.timers = port.streams = port.hidden_n = 0;
	if (plays()) stream_use(&nowhere);
}

void port_hide(const char *text)
{
	BUG_UNLESS(4044, port.hidden_n < PORT_HIDDEN_MAX);
	port.hidden[port.hidden_n++] = text;
}

/* --- time and chance ---------------------------------------------------------------------------------------------- */

static uint64_t word(enum tape_kind kind, uint64_t value)
{
	struct tape_entry entry = { 0 };
	const uint8_t    *payload;
	if (plays()) return tape_take(port.tape, kind, 0, &entry, &payload) ? entry.value : 0;
	if (records()) keep(kind, 0, value, 0, 0);
	return value;
}

static uint64_t chance(void)
{
	uint64_t bits = 0;
	return random_u64(&bits) ? bits : (uint64_t)clock_monotonic_ns();
}

int64_t  port_now_ns(void) { return (int64_t)word(TAPE_NOW, plays() ? 0 : (uint64_t)clock_monotonic_ns()); }
int64_t  port_wall_ns(void) { return (int64_t)word(TAPE_WALL, plays() ? 0 : (uint64_t)clock_wall_ns()); }
uint64_t port_chance(void) { return word(TAPE_RANDOM, plays() ? 0 : chance()); }

/* --- timers ------------------------------------------------------------------------------------------------------- */

static void on_timer(void *self)
{
	const struct port_timer *timer = self;
	if (records()) keep(TAPE_TIMER, (uint32_t)(timer - port.timer), 0, 0, 0);
	timer->fn(timer->self);
}

int port_timer(loop_due_fn *fn, void *self)
{
	if (!port.tape) return loop_timer(fn, self);
	BUG_UNLESS(4041, port.timers < PORT_TIMERS_MAX);
	struct port_timer *timer = &port.timer[port.timers++];
	*timer = (struct port_timer){ fn, self };
	return loop_timer(on_timer, timer);
}

/* --- connections -------------------------------------------------------------------------------------------------- */

static uint32_t number_of(const struct stream *stream)
{
	uint32_t at = 0;
	while (at < port.streams && port.stream[at].stream != stream) at++;
	BUG_UNLESS(4042, at < port.streams);
	return at;
}

static void on_stream(void *self, struct stream *stream, enum stream_event event)
{
	const struct port_stream *of = self;
	uint64_t                  orderly = event == STREAM_ENDED && stream_is_orderly(stream) ? PORT_ORDERLY : 0;
	if (records()) keep(TAPE_STREAM, (uint32_t)(of - port.stream), (uint64_t)event | orderly, 0, 0);
	of->fn(of->self, stream, event);
}

void port_stream(struct stream *stream, stream_fn *fn, void *self)
{
	if (!port.tape) {
		stream_init(stream, fn, self);
		return;
	}
	BUG_UNLESS(4043, port.streams < PORT_STREAMS_MAX);
	struct port_stream *of = &port.stream[port.streams++];
	*of = (struct port_stream){ stream, fn, self };
	stream_init(stream, on_stream, of);
}

size_t port_read(struct stream *stream, void *into, size_t room)
{
	struct tape_entry entry;
	const uint8_t    *payload;
	if (!plays()) {
		size_t got = stream_read(stream, into, room);
		if (records()) keep(TAPE_READ, number_of(stream), 0, into, got);
		return got;
	}
	if (!tape_take(port.tape, TAPE_READ, (uint16_t)number_of(stream), &entry, &payload)) return 0;
	if (entry.bytes > room) {
		tape_diverge(port.tape, "more bytes from the venue than were asked for");
		return 0;
	}
	memcpy(into, payload, entry.bytes);
	return entry.bytes;
}

static bool is_request(const char *text, size_t bytes)
{
	static const char *const methods[] = { "GET /", "POST /", "DELETE /", "PATCH /" };
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (bytes > strlen(methods[i]) && memcmp(text, methods[i], strlen(methods[i])) == 0) return true;
	return false;
}

static void cover(const char *key, size_t bytes)
{
	size_t length = strlen(key);
	char  *at = length ? memmem(port.request, bytes, key, length) : 0;
	for (; at; at = memmem(at, bytes - (size_t)(at - port.request), key, length)) memset(at, '*', length);
}

/* How many bytes of what is written go onto the tape, and lie in port.request: a request without its keys; 0 of anything else. */
static size_t shown(const void *from, size_t bytes)
{
	if (bytes > sizeof port.request || !is_request(from, bytes)) return 0;
	memcpy(port.request, from, bytes);
	for (uint32_t i = 0; i < port.hidden_n; i++) cover(port.hidden[i], bytes);
	return bytes;
}

static size_t play_write(struct stream *stream, const void *from, size_t bytes)
{
	struct tape_entry entry;
	const uint8_t    *payload;
	size_t            count = shown(from, bytes);
	if (!tape_take(port.tape, TAPE_WROTE, (uint16_t)number_of(stream), &entry, &payload)) return 0;
	if (entry.value >> 32 != bytes || entry.bytes != count || memcmp(payload, port.request, count) != 0) {
		tape_diverge(port.tape, "other bytes to the venue");
		return 0;
	}
	size_t taken = (uint32_t)entry.value;
	stream->state = (enum stream_state)entry.recv;
	stream->wants_room = taken < bytes;
	return taken;
}

size_t port_write(struct stream *stream, const void *from, size_t bytes)
{
	if (plays()) return play_write(stream, from, bytes);
	size_t taken = stream_write(stream, from, bytes);
	if (!records()) return taken;
	struct tape_entry entry = { .kind = TAPE_WROTE, .recv = (uint8_t)stream->state, .number = (uint16_t)number_of(stream),
		.bytes = (uint32_t)shown(from, bytes), .value = (uint64_t)bytes << 32 | taken };
	tape_keep(port.tape, entry, port.request);
	return taken;
}

/* --- playing ------------------------------------------------------------------------------------------------------ */

static void play_timer(const struct tape_entry *entry)
{
	if (entry->number >= port.timers) tape_diverge(port.tape, "a timer that the driver does not have");
	else port.timer[entry->number].fn(port.timer[entry->number].self);
}

static void play_stream(const struct tape_entry *entry)
{
	enum stream_event event = (enum stream_event)(entry->value & (PORT_ORDERLY - 1));
	if (entry->number >= port.streams || port.stream[entry->number].stream->state == STREAM_CLOSED) {
		tape_diverge(port.tape, "a word of a connection that the driver does not have");
		return;
	}
	stream_net_says(port.stream[entry->number].stream, event, entry->value & PORT_ORDERLY ? SOCK_END : SOCK_RESET);
}

bool port_play(struct tape_entry *entry, const uint8_t **payload)
{
	while (tape_next(port.tape, entry, payload)) {
		if (entry->kind == TAPE_TIMER) play_timer(entry);
		else if (entry->kind == TAPE_STREAM) play_stream(entry);
		else return true;
	}
	return false;
}
