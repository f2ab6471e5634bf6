/* sock_test.c - both ends of real loopback connections in one loop; nothing leaves the machine. */
#include "hal/linux/sock.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "tests/kit/test.h"

enum { MEGABYTE = 1 << 20, PATIENCE_MS = 10000 };

/* One end: what was told to it, and an echo of what came. */
struct end {
	struct sock sock;
	int         connected, failed, readable, writable;
	bool        ended, echoes, reopens;
	size_t      held;
	uint8_t     bytes[4096];
};

static struct sock   listener;
static struct end    client, server;
static struct address where;
static const struct sock_limits patient = { 2 * NS_PER_S, 5 * NS_PER_S };

static void push_back(struct end *end)
{
	size_t sent = 0;
	if (end->held && sock_send(&end->sock, end->bytes, end->held, &sent) == SOCK_OK) {
		memmove(end->bytes, end->bytes + sent, end->held - sent);
		end->held -= sent;
	}
	sock_hold(&end->sock, end->held == sizeof end->bytes);
}

static void end_told(void *self, struct sock *sock, enum sock_event event)
{
	struct end *end = self;
	size_t      got = 0;
	end->connected += event == SOCK_CONNECTED;
	end->failed += event == SOCK_FAILED;
	end->readable += event == SOCK_READABLE;
	end->writable += event == SOCK_WRITABLE;
	if (event == SOCK_READABLE && end->echoes) {
		end->ended |= sock_recv(sock, end->bytes + end->held, sizeof end->bytes - end->held, &got) == SOCK_END;
		end->held += got;
	}
	if (end->echoes && event != SOCK_FAILED) push_back(end);
}

static void accepted(void *self, struct sock *sock, enum sock_event event)
{
	(void)self;
	if (event == SOCK_READABLE && server.sock.state == SOCK_CLOSED) (void)sock_accept(sock, &server.sock, &patient);
}

static void open_listener(const char *literal)
{
	static bool open;
	if (!open) CHECK(loop_open());
	open = true;
	CHECK(address_parse(literal, 0, &where));
	sock_init(&listener, accepted, 0);
	sock_init(&server.sock, end_told, &server);
	sock_init(&client.sock, end_told, &client);
	CHECK_EQ(sock_listen(&listener, &where), SOCK_OK);
	CHECK(sock_local(&listener, &where));
}

static bool until(const int *count)
{
	int64_t late_ns = clock_monotonic_ns() + PATIENCE_MS * NS_PER_MS;
	while (*count == 0 && clock_monotonic_ns() < late_ns) loop_once(50 * NS_PER_MS);
	return *count != 0;
}

static void connect_both(const char *literal)
{
	open_listener(literal);
	CHECK_EQ(sock_connect(&client.sock, &where, &patient), SOCK_OK);
	CHECK(until(&client.connected));
	for (int i = 0; i < 100 && server.sock.state != SOCK_OPEN; i++) loop_once(10 * NS_PER_MS);
	CHECK_EQ(server.sock.state, SOCK_OPEN);
}

static uint8_t pattern(size_t at) { return (uint8_t)((at * UINT64_C(2654435761)) >> 13); }

/* A megabyte there and back in pieces of odd sizes, with both sides short of room. */
static void echo_a_megabyte(void)
{
	static uint8_t from[MEGABYTE], back[MEGABYTE];
	size_t         sent = 0, came = 0, moved = 0, rounds = 0;
	server.echoes = true;
	for (size_t i = 0; i < MEGABYTE; i++) from[i] = pattern(i);
	while (came < MEGABYTE && rounds++ < 1000000) {
		size_t piece = 1 + (rounds * 7919) % 5000;
		if (piece > MEGABYTE - sent) piece = MEGABYTE - sent;
		if (piece && sock_send(&client.sock, from + sent, piece, &moved) == SOCK_OK) sent += moved;
		loop_once(NS_PER_MS);
		piece = 1 + rounds % 3000;
		if (piece > MEGABYTE - came) piece = MEGABYTE - came;
		if (sock_recv(&client.sock, back + came, piece, &moved) == SOCK_OK) came += moved;
	}
	CHECK_EQ(came, MEGABYTE);
	CHECK(memcmp(from, back, MEGABYTE) == 0);
	CHECK_EQ(client.sock.sent_bytes, MEGABYTE);
	CHECK_EQ(client.sock.received_bytes, MEGABYTE);
}

TEST(t_P1_sock_echo_over_ip4)
{
	connect_both("127.0.0.1");
	echo_a_megabyte();
}

TEST(t_P1_sock_echo_over_ip6)
{
	int probe = socket(AF_INET6, SOCK_STREAM, 0);
	if (probe < 0) SKIP("this machine has no IPv6");
	close(probe);
	connect_both("::1");
	echo_a_megabyte();
}

/* The end of the peer's sending leaves our direction open. */
TEST(t_P1_sock_half_close)
{
	uint8_t byte = 7;
	size_t  moved;
	connect_both("127.0.0.1");
	server.echoes = true;
	sock_finish(&client.sock);
	for (int i = 0; i < 100 && !server.ended; i++) loop_once(10 * NS_PER_MS);
	CHECK(server.ended);
	CHECK_EQ(server.sock.state, SOCK_OPEN);
	CHECK_EQ(sock_send(&server.sock, &byte, 1, &moved), SOCK_OK);
	client.readable = 0;
	CHECK(until(&client.readable));
	CHECK_EQ(sock_recv(&client.sock, &byte, 1, &moved), SOCK_OK);
	CHECK_EQ(byte, 7);
	int rounds = server.readable;
	for (int i = 0; i < 5; i++) loop_once(5 * NS_PER_MS);
	CHECK_EQ(server.readable, rounds);        /* an end is told once, not for ever */
}

TEST(t_P1_sock_refused)
{
	open_listener("127.0.0.1");
	sock_close(&listener);
	enum sock_verdict verdict = sock_connect(&client.sock, &where, &patient);
	if (verdict == SOCK_OK) CHECK(until(&client.failed));
	CHECK_EQ(client.sock.verdict, SOCK_REFUSED);
	CHECK_EQ(client.sock.state, SOCK_CLOSED);
}

TEST(t_P1_sock_taken)
{
	struct sock second;
	open_listener("127.0.0.1");
	sock_init(&second, accepted, 0);
	CHECK_EQ(sock_listen(&second, &where), SOCK_TAKEN);
	CHECK_EQ(second.state, SOCK_CLOSED);
}

/* A listener whose queue is full lets a connection hang: the deadline of the connection ends it. */
TEST(t_P1_sock_connect_deadline)
{
	static struct end ends[4];
	struct sock_limits short_ones = { 100 * NS_PER_MS, 0 };
	int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), late = 0;
	CHECK(loop_open());
	CHECK(address_parse("127.0.0.1", 0, &where));
	sock_init(&listener, accepted, 0);
	CHECK_EQ(listen(fd, 0), 0);
	listener.fd = fd;
	CHECK(sock_local(&listener, &where));
	int64_t begun_ns = clock_monotonic_ns();
	for (size_t i = 0; i < 4; i++) {
		sock_init(&ends[i].sock, end_told, &ends[i]);
		CHECK_EQ(sock_connect(&ends[i].sock, &where, &short_ones), SOCK_OK);
	}
	for (int i = 0; i < 50; i++) loop_once(10 * NS_PER_MS);
	for (size_t i = 0; i < 4; i++) late += ends[i].failed && ends[i].sock.verdict == SOCK_CONNECT_LATE;
	CHECK(late >= 1);
	CHECK(clock_monotonic_ns() - begun_ns >= 100 * NS_PER_MS);
}

TEST(t_P1_sock_idle_deadline)
{
	struct sock_limits short_ones = { NS_PER_S, 400 * NS_PER_MS };
	uint8_t            byte = 1;
	size_t             moved;
	open_listener("127.0.0.1");
	CHECK_EQ(sock_connect(&client.sock, &where, &short_ones), SOCK_OK);
	CHECK(until(&client.connected));
	int64_t begun_ns = clock_monotonic_ns();
	for (int i = 0; i < 12; i++) {        /* traffic keeps it */
		loop_turn(40 * NS_PER_MS);
		CHECK_EQ(sock_send(&client.sock, &byte, 1, &moved), SOCK_OK);
	}
	CHECK_EQ(client.failed, 0);
	CHECK(until(&client.failed));
	CHECK_EQ(client.sock.verdict, SOCK_IDLE);
	CHECK(clock_monotonic_ns() - begun_ns >= 12 * 40 * NS_PER_MS + 400 * NS_PER_MS);
}

TEST(t_P1_sock_reset)
{
	struct linger now = { 1, 0 };
	uint8_t       byte;
	size_t        moved;
	connect_both("127.0.0.1");
	CHECK_EQ(setsockopt(server.sock.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
	sock_close(&server.sock);
	client.readable = 0;
	CHECK(until(&client.readable));
	CHECK_EQ(sock_recv(&client.sock, &byte, 1, &moved), SOCK_RESET);
	CHECK_EQ(client.sock.state, SOCK_CLOSED);
	CHECK_EQ(sock_recv(&client.sock, &byte, 1, &moved), SOCK_RESET);        /* sticky */
	CHECK_EQ(sock_send(&client.sock, &byte, 1, &moved), SOCK_RESET);
}

/* More than the peer's kernel takes while the peer reads nothing: what still waits here when we close, or die, is never sent. */
TEST(t_X2_what_has_not_left_when_a_connection_is_closed_never_arrives)
{
	static uint8_t bytes[MEGABYTE];
	size_t         moved = 1, taken = 0, came = 0;
	int            least = 4096;
	connect_both("127.0.0.1");
	CHECK_EQ(setsockopt(server.sock.fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof least), 0);
	while (sock_send(&client.sock, bytes, sizeof bytes, &moved) == SOCK_OK) taken += moved;
	CHECK(taken > 0);
	sock_part(&client.sock);        /* not with so much unsaid */
	sock_close(&client.sock);
	enum sock_verdict verdict = SOCK_OK;
	for (int tries = 0; tries < 100000 && (verdict == SOCK_OK || verdict == SOCK_WAIT); tries++) {
		if (verdict == SOCK_WAIT) loop_once(NS_PER_MS);
		verdict = sock_recv(&server.sock, bytes, sizeof bytes, &moved);
		came += moved;
	}
	CHECK_EQ(verdict, SOCK_RESET);
	CHECK(came < taken);
}

TEST(t_X2_who_owes_nothing_parts_in_order)
{
	uint8_t byte = 7;
	size_t  moved;
	connect_both("127.0.0.1");
	server.echoes = true;
	CHECK_EQ(sock_send(&client.sock, &byte, 1, &moved), SOCK_OK);
	CHECK(until(&client.readable));        /* the echo says that it came */
	CHECK_EQ(sock_recv(&client.sock, &byte, 1, &moved), SOCK_OK);
	sock_part(&client.sock);
	sock_close(&client.sock);
	for (int i = 0; i < 100 && !server.ended; i++) loop_once(10 * NS_PER_MS);
	CHECK(server.ended);
}

TEST(t_P1_sock_inherits_nothing)
{
	connect_both("127.0.0.1");
	int fds[] = { listener.fd, client.sock.fd, server.sock.fd };
	for (size_t i = 0; i < 3; i++) {
		CHECK(fcntl(fds[i], F_GETFD) & FD_CLOEXEC);
		CHECK(fcntl(fds[i], F_GETFL) & O_NONBLOCK);
	}
}

/* Without descriptors a listener pauses instead of spinning, and serves again when there are some. */
TEST(t_P1_sock_accept_without_descriptors)
{
	struct rlimit few;
	int           told = 0;
	open_listener("127.0.0.1");
	CHECK_EQ(sock_connect(&client.sock, &where, &patient), SOCK_OK);
	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &few), 0);
	rlim_t before = few.rlim_cur;
	few.rlim_cur = (rlim_t)client.sock.fd + 1;
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (int i = 0; i < 5; i++) loop_once(10 * NS_PER_MS);
	CHECK_EQ(server.sock.verdict, SOCK_NO_ROOM);
	CHECK_EQ(server.sock.state, SOCK_CLOSED);
	CHECK(listener.held);
	few.rlim_cur = before;
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
	while (server.sock.state == SOCK_CLOSED && told++ < 100) loop_once(20 * NS_PER_MS);
	CHECK_EQ(server.sock.state, SOCK_OPEN);
}

/* Every watch taken: the next sock says so and keeps no descriptor. */
TEST(t_P1_sock_loop_without_room)
{
	static struct sock many[LOOP_WATCHES_MAX + 1];
	int                refused = 0;
	open_listener("127.0.0.1");
	for (int i = 0; i <= LOOP_WATCHES_MAX; i++) {
		struct address any;
		CHECK(address_parse("127.0.0.1", 0, &any));
		sock_init(&many[i], accepted, 0);
		refused += sock_listen(&many[i], &any) == SOCK_NO_ROOM;
	}
	CHECK_EQ(refused, 2);        /* one watch is the first listener's */
	CHECK_EQ(many[LOOP_WATCHES_MAX].fd, -1);
	for (int i = 0; i <= LOOP_WATCHES_MAX; i++) sock_close(&many[i]);
	CHECK_EQ(sock_listen(&many[0], &(struct address){ .family = ADDRESS_IP4 }), SOCK_OK);
}

TEST(t_P1_sock_verdicts_are_sentences)
{
	for (int i = 0; i < SOCK_VERDICTS_N; i++) CHECK(sock_verdict_text[i] && strlen(sock_verdict_text[i]) > 8);
}

static int order[8], orders;
static void first_due(void *self) { order[orders++ & 7] = *(int *)self; }

TEST(t_P1_loop_timers_in_order)
{
	static int names[] = { 1, 2, 3 };
	CHECK(loop_open());
	int late = loop_timer(first_due, &names[2]), soon = loop_timer(first_due, &names[0]), never = loop_timer(first_due, &names[1]);
	loop_timer_start(late, 40 * NS_PER_MS);
	loop_timer_start(soon, 5 * NS_PER_MS);
	loop_timer_start(never, 10 * NS_PER_MS);
	loop_timer_stop(never);
	loop_turn(100 * NS_PER_MS);
	CHECK_EQ(orders, 2);
	CHECK_EQ(order[0], 1);
	CHECK_EQ(order[1], 3);
	loop_timer_end(late);
	CHECK(loop_timer(first_due, &names[0]) == late);
	for (int i = 0; i < LOOP_TIMERS_MAX; i++) (void)loop_timer(first_due, &names[0]);
	CHECK_EQ(loop_timer(first_due, &names[0]), LOOP_NONE);
	CHECK(loop_arena_used() < LOOP_ARENA_BYTES / 4);
}
