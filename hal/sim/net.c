/* net.c - segments with due times; whatever is due first happens first. */
#include "hal/sim/net.h"

#include <string.h>

#include "hal/linux/clock.h"
#include "hal/sim/chance.h"

enum { HANDSHAKE_TRIPS = 3,
	BACKOFF_SYN_S = 1 }; /* one-way trips of TCP and TLS before bytes may pass; s, a SYN is sent again */

/* --- pipes -------------------------------------------------------------------------------------------------------- */

static void pipe_init(struct net_pipe *pipe)
{
	pipe->first = pipe->bytes = pipe->arrived = pipe->segment_first = pipe->segments = 0;
	pipe->last_due_ns = 0;
	pipe->end_ns = INT64_MAX;
	pipe->is_muted = false;
}

static int64_t trip_ns(struct net_sim *net)
{
	const struct net_weather *weather = &net->weather;
	return weather->latency_ns + (int64_t)chance_below(&net->random_state, (uint64_t)weather->jitter_ns + 1);
}

/* When something that leaves now arrives: in order, and not while it is dark. */
static int64_t arrival_ns(struct net_sim *net, struct net_pipe *pipe)
{
	int64_t due_ns = clock_monotonic_ns() + trip_ns(net);
	if (chance_bp(&net->random_state, net->weather.lose_bp)) {
		due_ns += net->weather.lose_ns;
		net->counts.lost++;
	}
	due_ns = e8_max(due_ns, pipe->last_due_ns);
	if (due_ns < net->weather.dark_until_ns) due_ns = net->weather.dark_until_ns + trip_ns(net);
	return pipe->last_due_ns = due_ns;
}

static uint32_t segment_bytes(struct net_sim *net, size_t bytes)
{
	uint32_t most = NET_SEGMENT_BYTES;
	if (net->weather.chop_max && chance_next(&net->random_state) & 1) most = 1 + (uint32_t)chance_below(&net->random_state, net->weather.chop_max);
	return bytes < most ? (uint32_t)bytes : most;
}

/* What fits is taken; a muted pipe takes everything and loses it. */
static size_t pipe_write(struct net_sim *net, struct net_pipe *pipe, const char *from, size_t bytes)
{
	size_t written = 0;
	if (pipe->is_muted) return bytes;
	while (written < bytes && pipe->segments < NET_SEGMENTS_MAX && pipe->bytes < NET_WINDOW_BYTES) {
		size_t   room = NET_WINDOW_BYTES - pipe->bytes, left = bytes - written;
		uint32_t count = segment_bytes(net, left < room ? left : room);
		for (uint32_t i = 0; i < count; i++) pipe->byte[(pipe->first + pipe->bytes + i) % NET_WINDOW_BYTES] = from[written + i];
		pipe->segment[(pipe->segment_first + pipe->segments++) % NET_SEGMENTS_MAX] = (struct net_segment){ arrival_ns(net, pipe), count };
		pipe->bytes += count;
		written += count;
	}
	net->counts.bytes += written;
	return written;
}

static size_t pipe_read(struct net_pipe *pipe, char *into, size_t room)
{
	size_t count = room < pipe->arrived ? room : pipe->arrived;
	for (size_t i = 0; i < count; i++) into[i] = pipe->byte[(pipe->first + i) % NET_WINDOW_BYTES];
	pipe->first = (uint32_t)((pipe->first + count) % NET_WINDOW_BYTES);
	pipe->bytes -= (uint32_t)count;
	pipe->arrived -= (uint32_t)count;
	return count;
}

static void pipe_end(struct net_sim *net, struct net_pipe *pipe)
{
	if (pipe->end_ns == INT64_MAX && !pipe->is_muted) pipe->end_ns = arrival_ns(net, pipe);
}

/* When the next thing of this direction arrives: a segment, or after all of them the end. */
static int64_t pipe_next_ns(const struct net_pipe *pipe)
{
	return pipe->segments ? pipe->segment[pipe->segment_first].due_ns : pipe->end_ns;
}

/* The next segment is there. */
static uint32_t pipe_arrive(struct net_sim *net, struct net_pipe *pipe)
{
	uint32_t count = pipe->segment[pipe->segment_first].bytes;
	pipe->segment_first = (pipe->segment_first + 1) % NET_SEGMENTS_MAX;
	pipe->segments--;
	pipe->arrived += count;
	net->counts.segments++;
	return count;
}

/* --- ends --------------------------------------------------------------------------------------------------------- */

static void hang_up_venue(struct net_sim *net, struct net_line *line)
{
	if (line->number != SERVER_FULL) server_disconnect(net->server, line->number);
	line->number = SERVER_FULL;
}

static void free_line(struct net_sim *net, struct net_line *line)
{
	hang_up_venue(net, line);
	line->state = NET_FREE;
	line->stream = 0;
}

/* Both ends are gone at once. The stream's function may open another line. */
static int end_line(struct net_sim *net, struct net_line *line, enum sock_verdict verdict)
{
	struct stream *stream = line->stream;
	int            owner = line->owner;
	free_line(net, line);
	if (!stream) return NET_NOBODY;
	net->owner = owner;
	stream_net_says(stream, STREAM_ENDED, verdict);
	return owner;
}

static struct net_line *line_of(struct net_sim *net, const struct stream *stream)
{
	for (struct net_line *line = net->line; line < net->line + NET_LINES_MAX; line++)
		if (line->state != NET_FREE && line->stream == stream) return line;
	return 0;
}

/* --- verbs of the streams ------------------------------------------------------------------------------------------- */

static void at_verb(struct net_sim *net, enum net_verb verb, const char *bytes, size_t count)
{
	if (net->at_verb) net->at_verb(net->at_verb_self, verb, bytes, count);
}

static enum sock_verdict call_verdict(struct net_sim *net, const struct net_line *line)
{
	bool is_late = chance_bp(&net->random_state, net->weather.late_bp);
	if (line->call_due_ns < net->weather.dark_until_ns || is_late) return SOCK_CONNECT_LATE;
	return chance_bp(&net->random_state, net->weather.refuse_bp) ? SOCK_REFUSED : SOCK_OK;
}

static struct net_line *line_in(struct net_sim *net, enum net_line_state state)
{
	for (struct net_line *line = net->line; line < net->line + NET_LINES_MAX; line++)
		if (line->state == state) return line;
	return 0;
}

/* One that is free, else one whose client is gone: two processes hold ten streams between them. What the dead had written is then lost on its way. */
static struct net_line *line_for_call(struct net_sim *net)
{
	struct net_line *line = line_in(net, NET_FREE);
	if (line) return line;
	line = line_in(net, NET_CLIENT_GONE);
	BUG_UNLESS(3660, line);
	free_line(net, line);
	return line;
}

static void net_connect(void *self, struct stream *stream)
{
	struct net_sim  *net = self;
	at_verb(net, NET_CONNECT, 0, 0);
	struct net_line *line = line_for_call(net);
	net->counts.calls++;
	line->state = NET_CALLING;
	line->owner = net->owner;
	line->number = SERVER_FULL;
	line->stream = stream;
	line->call_due_ns = clock_monotonic_ns() + HANDSHAKE_TRIPS * trip_ns(net);
	line->call_verdict = call_verdict(net, line);
	if (line->call_verdict == SOCK_CONNECT_LATE) line->call_due_ns = clock_monotonic_ns() + stream->plan.limits.connect_ns;
	pipe_init(&line->to_venue);
	pipe_init(&line->to_client);
}

static size_t net_read(void *self, struct stream *stream, void *into, size_t room)
{
	struct net_sim  *net = self;
	struct net_line *line = line_of(net, stream);
	at_verb(net, NET_READ, 0, 0);
	net->looked_ns = 0; /* there will be room */
	return line ? pipe_read(&line->to_client, into, room) : 0;
}

static size_t net_write(void *self, struct stream *stream, const void *from, size_t bytes)
{
	struct net_sim  *net = self;
	struct net_line *line = line_of(net, stream);
	at_verb(net, NET_WRITE, from, bytes);
	if (!line || line->state != NET_OPEN) return 0;
	if (!line->to_venue.is_muted && chance_bp(&net->random_state, net->weather.deaf_bp)) {
		line->to_venue.is_muted = true;
		net->counts.deaf++;
	}
	line->moved_ns = clock_monotonic_ns();
	return pipe_write(net, &line->to_venue, from, bytes);
}

/* What the client had written is still on its way; the venue sees its end after that. */
static void leave(struct net_sim *net, struct net_line *line)
{
	line->stream = 0;
	if (line->state == NET_CALLING || line->to_venue.is_muted) {
		free_line(net, line);
		return;
	}
	line->state = NET_CLIENT_GONE;
	pipe_end(net, &line->to_venue);
}

static void net_close(void *self, struct stream *stream)
{
	struct net_sim  *net = self;
	struct net_line *line = line_of(net, stream);
	at_verb(net, NET_CLOSE, 0, 0);
	if (line) leave(net, line);
}

/* --- what is due -------------------------------------------------------------------------------------------------- */

/* The venue's bytes into the network, as far as there is room; its end behind them. */
static void collect(struct net_sim *net)
{
	size_t count, taken;
	for (struct net_line *line = net->line; line < net->line + NET_LINES_MAX; line++) {
		if (line->number == SERVER_FULL || line->state == NET_FREE) continue;
		do {
			const char *bytes = server_pending(net->server, line->number, &count);
			taken = count ? pipe_write(net, &line->to_client, bytes, count) : 0;
			server_sent(net->server, line->number, taken);
		} while (taken > 0 && taken < count);
		if (server_is_over(net->server, line->number)) pipe_end(net, &line->to_client);
	}
}

static int answer_call(struct net_sim *net, struct net_line *line)
{
	if (line->call_verdict == SOCK_OK) line->number = server_connect(net->server);
	if (line->call_verdict == SOCK_OK && line->number == SERVER_FULL) {
		net->counts.full++;
		line->call_verdict = SOCK_REFUSED;
	}
	net->counts.refused += line->call_verdict == SOCK_REFUSED;
	net->counts.late += line->call_verdict == SOCK_CONNECT_LATE;
	if (line->call_verdict != SOCK_OK) return end_line(net, line, line->call_verdict);
	line->state = NET_OPEN;
	line->moved_ns = clock_monotonic_ns();
	if (chance_bp(&net->random_state, net->weather.half_bp)) {
		line->to_client.is_muted = true;
		net->counts.halves++;
	}
	int owner = net->owner = line->owner;
	stream_net_says(line->stream, STREAM_OPENED, SOCK_OK);
	return owner;
}

static void give_venue(struct net_sim *net, struct net_line *line)
{
	char   piece[NET_SEGMENT_BYTES];
	size_t got;
	while ((got = pipe_read(&line->to_venue, piece, sizeof piece)) > 0)
		if (line->number != SERVER_FULL) server_receive(net->server, line->number, piece, got);
}

/* A cut in the middle of a segment: its first part arrives, then both ends learn of the reset. */
static bool is_cut(struct net_sim *net, struct net_pipe *pipe, uint32_t count)
{
	if (!chance_bp(&net->random_state, net->weather.cut_bp)) return false;
	uint32_t lost = 1 + (uint32_t)chance_below(&net->random_state, count);
	pipe->arrived -= lost;
	pipe->bytes -= lost; /* nothing behind them will ever be read */
	net->counts.cuts++;
	return true;
}

static int venue_hears(struct net_sim *net, struct net_line *line)
{
	struct net_pipe *pipe = &line->to_venue;
	if (!pipe->segments) {
		bool is_gone = line->state == NET_CLIENT_GONE;
		pipe->end_ns = INT64_MAX;
		if (is_gone) free_line(net, line);
		return NET_NOBODY;
	}
	bool was_full = pipe->segments == NET_SEGMENTS_MAX || pipe->bytes == NET_WINDOW_BYTES;
	bool cut = is_cut(net, pipe, pipe_arrive(net, pipe));
	line->moved_ns = clock_monotonic_ns();
	give_venue(net, line);
	if (cut) return end_line(net, line, SOCK_RESET);
	if (!was_full || line->state != NET_OPEN) return NET_NOBODY;
	net->owner = line->owner;
	stream_net_says(line->stream, STREAM_ROOM, SOCK_OK);
	return net->owner;
}

static int client_hears(struct net_sim *net, struct net_line *line)
{
	struct net_pipe *pipe = &line->to_client;
	struct stream   *stream = line->stream;
	int              owner = line->owner;
	if (!pipe->segments) return end_line(net, line, SOCK_END);
	bool     cut = is_cut(net, pipe, pipe_arrive(net, pipe));
	uint64_t life = stream ? stream->life : 0;
	line->moved_ns = clock_monotonic_ns();
	if (!stream) {
		pipe->first = (pipe->first + pipe->arrived) % NET_WINDOW_BYTES;
		pipe->bytes -= pipe->arrived;
		pipe->arrived = 0;
		return NET_NOBODY;
	}
	net->owner = owner;
	stream_net_says(stream, STREAM_BYTES, SOCK_OK);
	if (cut && line->stream == stream && stream->life == life) (void)end_line(net, line, SOCK_RESET);
	return owner;
}

static int64_t idle_ns(const struct net_line *line)
{
	int64_t most_ns = line->stream ? line->stream->plan.limits.idle_ns : 0;
	return most_ns && line->moved_ns < INT64_MAX - most_ns ? line->moved_ns + most_ns : INT64_MAX;
}

static int64_t line_next_ns(const struct net_line *line)
{
	if (line->state == NET_FREE) return INT64_MAX;
	if (line->state == NET_CALLING) return line->call_due_ns;
	int64_t wire_ns = e8_min(pipe_next_ns(&line->to_venue), pipe_next_ns(&line->to_client));
	return e8_min(wire_ns, idle_ns(line));
}

static struct net_line *first_line(const struct net_sim *net)
{
	const struct net_line *first = &net->line[0];
	int64_t                first_ns = line_next_ns(first);
	for (const struct net_line *line = net->line + 1; line < net->line + NET_LINES_MAX; line++) {
		int64_t next_ns = line_next_ns(line);
		if (next_ns >= first_ns) continue;
		first = line;
		first_ns = next_ns;
	}
	return (struct net_line *)(uintptr_t)first;
}

/* What the server wanted at the last turn and could not do waits for room on a line, not for time. */
static int64_t server_next_ns(const struct net_sim *net)
{
	int64_t wakes_ns = server_wakes_ns(net->server);
	return wakes_ns > net->looked_ns ? wakes_ns : INT64_MAX;
}

int64_t net_sim_next_ns(const struct net_sim *net) { return e8_min(line_next_ns(first_line(net)), server_next_ns(net)); }

static bool tells_client(const struct net_line *line)
{
	if (line->state == NET_FREE || !line->stream) return false;
	return line->state == NET_CALLING || pipe_next_ns(&line->to_client) < pipe_next_ns(&line->to_venue) || idle_ns(line) <= line_next_ns(line);
}

int net_sim_owner(const struct net_sim *net)
{
	const struct net_line *line = first_line(net);
	return line_next_ns(line) <= server_next_ns(net) && tells_client(line) ? line->owner : NET_NOBODY;
}

static void pipe_delay(struct net_pipe *pipe, int64_t until_ns)
{
	for (uint32_t i = 0; i < pipe->segments; i++) {
		struct net_segment *segment = &pipe->segment[(pipe->segment_first + i) % NET_SEGMENTS_MAX];
		segment->due_ns = e8_max(segment->due_ns, until_ns);
	}
	if (pipe->end_ns != INT64_MAX) pipe->end_ns = e8_max(pipe->end_ns, until_ns);
	pipe->last_due_ns = e8_max(pipe->last_due_ns, until_ns);
}

void net_sim_delay(struct net_sim *net, int owner, int64_t until_ns)
{
	for (struct net_line *line = net->line; line < net->line + NET_LINES_MAX; line++) {
		if (line->state == NET_FREE || !line->stream || line->owner != owner) continue;
		line->call_due_ns = e8_max(line->call_due_ns, until_ns);
		line->moved_ns = e8_max(line->moved_ns, until_ns);
		pipe_delay(&line->to_client, until_ns);
	}
}

static int line_turn(struct net_sim *net, struct net_line *line)
{
	if (line->state == NET_CALLING) return answer_call(net, line);
	int64_t venue_ns = pipe_next_ns(&line->to_venue), client_ns = pipe_next_ns(&line->to_client);
	if (idle_ns(line) < venue_ns && idle_ns(line) < client_ns) return end_line(net, line, SOCK_IDLE);
	return venue_ns <= client_ns ? venue_hears(net, line) : client_hears(net, line);
}

int net_sim_turn(struct net_sim *net, int64_t now_ns)
{
	struct net_line *line = first_line(net);
	server_now(net->server, now_ns);
	net->looked_ns = now_ns;
	int owner = line_next_ns(line) <= now_ns ? line_turn(net, line) : NET_NOBODY;
	collect(net);
	return owner;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

void net_sim_init(struct net_sim *net, struct server *server, uint64_t seed)
{
	for (struct net_line *line = net->line; line < net->line + NET_LINES_MAX; line++) {
		line->state = NET_FREE;
		line->number = SERVER_FULL;
		line->stream = 0;
	}
	net->server = server;
	net->weather = (struct net_weather){ 0 };
	net->counts = (struct net_counts){ 0 };
	net->random_state = seed;
	net->owner = NET_NOBODY;
	net->looked_ns = 0;
	net->at_verb = 0;
	net->verbs = (struct stream_net){ net_connect, net_read, net_write, net_close, net };
}

void net_sim_use(struct net_sim *net) { stream_use(net ? &net->verbs : 0); }

void net_sim_drop(struct net_sim *net, int owner)
{
	for (struct net_line *line = net->line; line < net->line + NET_LINES_MAX; line++)
		if (line->state != NET_FREE && line->stream && line->owner == owner) leave(net, line);
}

void net_sim_cut(struct net_sim *net, int owner)
{
	for (struct net_line *line = net->line; line < net->line + NET_LINES_MAX; line++) {
		if (line->state == NET_FREE || (owner != NET_NOBODY && line->owner != owner)) continue;
		net->counts.cuts++;
		(void)end_line(net, line, SOCK_RESET);
	}
}
