/* stream_test.c - TLS over real loopback sockets, in one loop and between two processes. */
#include "hal/linux/stream.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "tests/unit/hal/linux/tls_kit.h"

enum { MEGABYTE = 1 << 20, PATIENCE_MS = 10000 };

struct end {
	struct stream stream;
	int           opened, ended, rooms;
	bool          echoes, deaf, closes_on_bytes;
	size_t        came, kept;
	uint8_t       bytes[3000];
};

static struct certificate  certificate;
static struct anchors      anchors;
static struct tls_service  service;
static struct tls_sessions sessions;
static struct dns          dns;
static struct sock         listener;
static struct end          client, server;
static struct address      where;
static uint8_t             from[MEGABYTE], back[MEGABYTE];
static char                text[STREAM_SENTENCE_BYTES];
static struct stream_limits limits = { NS_PER_S, NS_PER_S, 5 * NS_PER_S };

static void fill_seed(uint8_t seed[TLS_SEED_BYTES])
{
	for (size_t i = 0; i < TLS_SEED_BYTES; i += 8) {
		uint64_t bits;
		CHECK(random_u64(&bits));
		memcpy(seed + i, &bits, 8);
	}
}

static void echo(struct end *end)
{
	for (;;) {
		size_t written = stream_write(&end->stream, end->bytes, end->kept);
		memmove(end->bytes, end->bytes + written, end->kept - written);
		end->kept -= written;
		size_t got = stream_read(&end->stream, end->bytes + end->kept, sizeof end->bytes - end->kept);
		end->kept += got;
		end->came += got;
		if (written == 0 && got == 0) return;
	}
}

static void told(void *self, struct stream *stream, enum stream_event event)
{
	struct end *end = self;
	end->opened += event == STREAM_OPENED;
	end->ended += event == STREAM_ENDED;
	end->rooms += event == STREAM_ROOM;
	if (event == STREAM_BYTES && end->closes_on_bytes) stream_close(stream);
	else if (event == STREAM_ENDED || event == STREAM_OPENED || end->deaf) return;
	else if (end->echoes) echo(end);
	else if (event == STREAM_BYTES) {
		size_t got;
		while ((got = stream_read(stream, back + end->came, MEGABYTE - end->came)) > 0) end->came += got;
	}
}

static void on_call(void *self, struct sock *sock, enum sock_event event)
{
	uint8_t seed[TLS_SEED_BYTES];
	(void)self;
	fill_seed(seed);
	if (event == SOCK_READABLE && server.stream.state == STREAM_CLOSED) (void)stream_accept(&server.stream, sock, &service, seed, &limits);
}

static void begin_at(const char *literal, const char *name)
{
	CHECK(loop_open());
	CHECK(tls_kit_certificate(&certificate, name, TLS_KIT_NOW_S - TLS_KIT_DAY_S, TLS_KIT_NOW_S + TLS_KIT_DAY_S, 3));
	anchors_init(&anchors);
	CHECK_EQ(anchors_add(&anchors, certificate.der, certificate.chain.data_len), ANCHORS_OK);
	tls_service_init(&service, &certificate);
	dns_init(&dns);
	stream_init(&client.stream, told, &client);
	stream_init(&server.stream, told, &server);
	sock_init(&listener, on_call, 0);
	CHECK(address_parse(literal, 0, &where));
	CHECK_EQ(sock_listen(&listener, &where), SOCK_OK);
	CHECK(sock_local(&listener, &where));
}

static void begin(void) { begin_at("127.0.0.1", "localhost"); }

static void call(const char *host)
{
	struct stream_plan plan = { .dns = &dns, .port = where.port, .limits = limits };
	plan.tls = (struct tls_client){ .host = host, .anchors = &anchors, .sessions = &sessions, .now_s = TLS_KIT_NOW_S };
	fill_seed(plan.tls.seed);
	client.opened = client.ended = 0;
	client.came = 0;
	stream_connect(&client.stream, &plan);
}

static bool until(const int *count)
{
	int64_t late_ns = clock_monotonic_ns() + PATIENCE_MS * NS_PER_MS;
	while (*count == 0 && clock_monotonic_ns() < late_ns) loop_once(20 * NS_PER_MS);
	return *count != 0;
}

static void connect_both(void)
{
	begin();
	call("localhost");
	CHECK(until(&client.opened));
	CHECK(until(&server.opened));
}

static void ends_with(const char *words)
{
	CHECK(until(&client.ended));
	CHECK_EQ(client.ended, 1);
	CHECK_EQ(client.stream.state, STREAM_CLOSED);
	CHECK(strstr(stream_sentence(&client.stream, text), words) != 0);
	if (!strstr(text, words)) CHECK_STR(text, words);
}

static void echo_a_megabyte(void)
{
	size_t  sent = 0;
	int64_t late_ns = clock_monotonic_ns() + PATIENCE_MS * NS_PER_MS;
	for (size_t i = 0; i < MEGABYTE; i++) from[i] = (uint8_t)((i * UINT64_C(2654435761)) >> 13);
	while (client.came < MEGABYTE && clock_monotonic_ns() < late_ns) {
		size_t piece = 1 + (sent * 31 + client.came) % 40000;
		sent += stream_write(&client.stream, from + sent, piece < MEGABYTE - sent ? piece : MEGABYTE - sent);
		loop_once(NS_PER_MS);
	}
	CHECK_EQ(client.came, MEGABYTE);
	CHECK(memcmp(from, back, MEGABYTE) == 0);
}

TEST(t_P1_stream_echo)
{
	connect_both();
	server.echoes = true;
	echo_a_megabyte();
	CHECK_STR(tls_name(&server.stream.tls), "localhost");
	stream_close(&client.stream);
	CHECK(until(&server.ended));
	CHECK(stream_is_orderly(&server.stream));
	CHECK(sizeof(struct stream) <= 48 * 1024);
}

TEST(t_P1_stream_resumes)
{
	connect_both();
	CHECK(!client.stream.tls.resumed);
	stream_close(&client.stream);
	CHECK(until(&server.ended));
	server.opened = 0;
	call("localhost");
	CHECK(until(&client.opened));
	CHECK(until(&server.opened));
	CHECK(client.stream.tls.resumed);
	CHECK_EQ(client.stream.tls.witness.certificates, 0);
	server.echoes = true;
	echo_a_megabyte();
}

/* A reader that does not read holds the peer back, and loses nothing. */
TEST(t_P1_stream_holds_back)
{
	size_t sent = 0;
	connect_both();
	client.deaf = true;
	for (int quiet = 0; quiet < 20;) {
		size_t moved = stream_write(&server.stream, from, 10000);
		sent += moved;
		quiet = moved ? 0 : quiet + 1;
		loop_once(2 * NS_PER_MS);
		CHECK(sent < 64u * MEGABYTE);
		if (sent >= 64u * MEGABYTE) return;
	}
	CHECK(client.stream.sock.held);
	int64_t busy_ns = 0;
	struct timespec spent[2];
	CHECK_EQ(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent[0]), 0);
	loop_turn(100 * NS_PER_MS);
	CHECK_EQ(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent[1]), 0);
	busy_ns = (spent[1].tv_sec - spent[0].tv_sec) * NS_PER_S + spent[1].tv_nsec - spent[0].tv_nsec;
	CHECK(busy_ns < 50 * NS_PER_MS);        /* it sleeps, it does not spin */
	client.deaf = false;
	int64_t late_ns = clock_monotonic_ns() + PATIENCE_MS * NS_PER_MS;
	size_t  got, came = 0;
	while (came < sent && clock_monotonic_ns() < late_ns) {
		while ((got = stream_read(&client.stream, back, 7000)) > 0) came += got;
		loop_once(NS_PER_MS);
		came += client.came;
		client.came = 0;
	}
	CHECK_EQ(came, sent);
	CHECK(server.rooms > 0);
}

TEST(t_P1_stream_second_address)
{
	int probe = socket(AF_INET6, SOCK_STREAM, 0);
	if (probe < 0) SKIP("this machine has no IPv6");
	close(probe);
	begin_at("::1", "localhost");
	call("localhost");        /* 127.0.0.1 first, where nothing listens */
	CHECK(until(&client.opened));
	CHECK_EQ(client.stream.tried, 2);
}

TEST(t_P1_stream_refused)
{
	begin();
	sock_close(&listener);
	call("localhost");
	ends_with("refuses the connection: nothing listens on that port");
}

TEST(t_P1_stream_unknown_name)
{
	begin();
	CHECK(dns_server_add(&dns, &where));        /* no UDP there */
	call("venue.example");
	ends_with("venue.example: no name server answered in time");
	call("not a name");
	ends_with("not a host name");
}

TEST(t_P1_stream_handshake_deadline)
{
	begin();
	limits.shake_ns = 150 * NS_PER_MS;
	server.stream.state = STREAM_OPEN;        /* busy: takes no calls */
	int64_t begun_ns = clock_monotonic_ns();
	call("localhost");
	ends_with("localhost: the TLS handshake was not finished in time");
	CHECK(clock_monotonic_ns() - begun_ns >= 150 * NS_PER_MS);
}

/* A server, too, does not wait for ever for a hello. */
TEST(t_P1_stream_server_handshake_deadline)
{
	struct sock        mute;
	struct sock_limits none = { 0, 0 };
	begin();
	limits.shake_ns = 100 * NS_PER_MS;
	sock_init(&mute, on_call, 0);
	CHECK_EQ(sock_connect(&mute, &where, &none), SOCK_OK);
	CHECK(until(&server.ended));
	CHECK_EQ(server.stream.tls.verdict, TLS_LATE);
	CHECK_STR(stream_sentence(&server.stream, text), "the peer: the TLS handshake was not finished in time");
}

TEST(t_P1_stream_idle_deadline)
{
	begin();
	limits.idle_ns = 400 * NS_PER_MS;
	call("localhost");
	CHECK(until(&client.opened));
	ends_with("was silent for too long");
}

TEST(t_P1_stream_refusals_of_certificates)
{
	begin_at("127.0.0.1", "venue.example");        /* localhost is its second name */
	struct dns_host host = { .name = "other.example", .address = { .family = ADDRESS_IP4, .bytes = { 127, 0, 0, 1 } } };
	dns.hosts[dns.hosts_n++] = host;
	call("other.example");
	ends_with("other.example: its certificate is for another host name");
	anchors_init(&anchors);
	CHECK(until(&server.ended));
	call("localhost");
	ends_with("not among the roots");
}

/* The peer's process dies in the middle: no goodbye. */
TEST(t_P1_stream_cut)
{
	connect_both();
	sock_close(&server.stream.sock);
	ends_with("without a goodbye");
	CHECK(!stream_is_orderly(&client.stream));
}

TEST(t_P1_stream_closed_in_its_own_callback)
{
	connect_both();
	client.closes_on_bytes = true;
	CHECK_EQ(stream_write(&server.stream, from, 40000), 40000);
	CHECK(until(&server.ended));
	CHECK_EQ(client.ended, 0);
	CHECK_EQ(client.stream.state, STREAM_CLOSED);
}

/* A hundred connections one after the other leave no watch, timer or descriptor behind. */
TEST(t_P1_stream_leaves_nothing)
{
	begin();
	for (int i = 0; i < 100; i++) {
		server.ended = 0;
		call("localhost");
		CHECK(until(&client.opened));
		stream_close(&client.stream);
		CHECK(until(&server.ended));
	}
	int fd = dup(0);
	CHECK(fd < 16);
	int watch = loop_watch(fd, 0, 0, 0), timer = loop_timer(0, 0);
	CHECK(watch == 1 && timer == 1);        /* the listener's are the only others */
}

/* The server is a process of its own, and is killed. */
TEST(t_P1_stream_between_processes)
{
	int told_port[2];
	CHECK(pipe(told_port) == 0);
	pid_t child = fork();
	if (child == 0) {
		begin();
		server.echoes = true;
		if (write(told_port[1], &where.port, sizeof where.port) != sizeof where.port) _exit(1);
		for (;;) loop_once(NS_PER_S);
	}
	uint16_t port = 0;
	CHECK(read(told_port[0], &port, sizeof port) == sizeof port);
	begin();        /* the same seed: the same certificate */
	sock_close(&listener);
	where.port = port;
	call("localhost");
	CHECK(until(&client.opened));
	echo_a_megabyte();
	CHECK_EQ(kill(child, SIGKILL), 0);
	CHECK(until(&client.ended));
	CHECK(!stream_is_orderly(&client.stream));
	CHECK_EQ(waitpid(child, 0, 0), child);
}
