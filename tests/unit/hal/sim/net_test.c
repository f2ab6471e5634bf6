/* net_test.c - a network in memory: bytes come in order and whole under any weather that keeps them, and not at all under the one that does not. */
#include "hal/sim/net.h"

#include <string.h>

#include "hal/linux/clock.h"
#include "hal/linux/memory.h"
#include "hal/replay/generate.h"
#include "tests/kit/test.h"

enum { FIRST_DAY = 17000,
	LAST_DAY = 17030,
	ROUNDS_MAX = 2000000 };

static struct server *server;
static struct net_sim *net;
static struct stream stream;
static int64_t now_ns = 1;
static char heard[1 << 16];
static size_t heard_bytes;
static uint32_t opened, ended;

static int64_t monotonic_ns(void *self)
{
	(void)self;
	return now_ns;
}
static int64_t wall_ns(void *self)
{
	(void)self;
	return FIRST_DAY * NS_PER_DAY + now_ns;
}
static uint64_t chance(void *self)
{
	(void)self;
	return 4;
}
static const struct clock_source source = { monotonic_ns, wall_ns, chance, 0 };

static void on_stream(void *self, struct stream *of, enum stream_event event)
{
	size_t got;
	(void)self;
	opened += event == STREAM_OPENED;
	ended += event == STREAM_ENDED;
	while (event == STREAM_BYTES && (got = stream_read(of, heard + heard_bytes, sizeof heard - 1 - heard_bytes)) > 0) heard_bytes += got;
}

static void begin(uint64_t seed)
{
	static struct bars bars;
	const char        *why;
	struct server_config config = { .bars = &bars, .from_day = FIRST_DAY, .to_day = LAST_DAY, .cash_usd_e8 = E8, .rate = SERVER_RATE_MAX,
		.key = { [SERVER_KEY_DATA] = { "PKSIMDATA", "sim-data-secret" }, [SERVER_KEY_TRADING] = { "PKSIM", "sim-secret" } } };
	server = memory_take(sizeof *server);
	net = memory_take(sizeof *net);
	clock_use(&source);
	generate_bars(&bars, 1, FIRST_DAY - 10, LAST_DAY);
	CHECK(server_init(server, &config, &why));
	net_sim_init(net, server, seed);
	net_sim_use(net);
	stream_init(&stream, on_stream, 0);
}

static void connect_now(void)
{
	struct stream_plan plan = { .port = 443, .limits = { 10 * NS_PER_S, 10 * NS_PER_S, 90 * NS_PER_S }, .tls = { .host = "house" } };
	net->owner = 1;
	stream_connect(&stream, &plan);
}

/* Behind the headers, which count the calls of a minute. */
static const char *body(void)
{
	heard[heard_bytes] = '\0';
	const char *end = strstr(heard, "\r\n\r\n");
	return end ? end : "";
}

/* Until nothing more is due before this time. */
static void run_until(int64_t until_ns)
{
	for (int i = 0; i < ROUNDS_MAX && net_sim_next_ns(net) <= until_ns; i++) {
		now_ns = e8_max(now_ns, net_sim_next_ns(net));
		(void)net_sim_turn(net, now_ns);
	}
	now_ns = e8_max(now_ns, until_ns);
}

static const char request[] = "GET /v2/account HTTP/1.1\r\nHost: house\r\nAPCA-API-KEY-ID: PKSIM\r\nAPCA-API-SECRET-KEY: sim-secret\r\n\r\n";

static size_t ask(void)
{
	heard_bytes = 0;
	CHECK_EQ((int64_t)stream_write(&stream, request, sizeof request - 1), (int64_t)sizeof request - 1);
	run_until(now_ns + 60 * NS_PER_S);
	return heard_bytes;
}

TEST(t_X2_net_bytes_arrive_whole_and_in_order_in_any_weather)
{
	static char fair[sizeof heard];
	begin(7);
	connect_now();
	run_until(now_ns + NS_PER_S);
	CHECK_EQ(opened, 1);
	CHECK(ask() > 200 && memcmp(heard, "HTTP/1.1 200", 12) == 0);
	strcpy(fair, body());
	CHECK(strlen(fair) > 100);
	for (uint32_t chop = 1; chop < 40; chop++) {
		net->weather = (struct net_weather){ .latency_ns = 1000 * chop, .jitter_ns = 5 * NS_PER_MS, .lose_ns = NS_PER_S, .lose_bp = 3000, .chop_max = chop };
		CHECK(ask() > strlen(fair));
		CHECK_STR(body(), fair);
	}
	CHECK(net->counts.lost > 10 && net->counts.segments > 100);
	CHECK_EQ(ended, 0);
}

TEST(t_X5_net_a_half_open_line_says_nothing_and_ends_by_its_own_patience)
{
	begin(7);
	net->weather.half_bp = BP_ONE;
	connect_now();
	run_until(now_ns + NS_PER_S);
	CHECK_EQ(opened, 1);
	CHECK_EQ((int64_t)ask(), 0);
	CHECK_EQ(ended, 0);
	run_until(now_ns + 90 * NS_PER_S);
	CHECK_EQ(ended, 1);
	CHECK_EQ(stream.sock.verdict, SOCK_IDLE);
}

TEST(t_X5_net_calls_are_refused_or_not_answered)
{
	char text[STREAM_SENTENCE_BYTES];
	begin(7);
	net->weather.refuse_bp = BP_ONE;
	connect_now();
	run_until(now_ns + NS_PER_S);
	CHECK(ended == 1 && stream.sock.verdict == SOCK_REFUSED);
	CHECK(strstr(stream_sentence(&stream, text), "house") != 0);
	net->weather = (struct net_weather){ .late_bp = BP_ONE };
	connect_now();
	run_until(now_ns + 9 * NS_PER_S);
	CHECK_EQ(ended, 1);
	run_until(now_ns + 2 * NS_PER_S);
	CHECK(ended == 2 && stream.sock.verdict == SOCK_CONNECT_LATE);
}

/* What the dead had written still arrives, and nobody tells them anything. */
TEST(t_X2_net_the_dead_are_heard_and_not_told)
{
	begin(7);
	connect_now();
	run_until(now_ns + NS_PER_S);
	CHECK_EQ((int64_t)stream_write(&stream, request, sizeof request - 1), (int64_t)sizeof request - 1);
	net_sim_drop(net, 1);
	uint64_t calls = server->counts.rest_calls;
	run_until(now_ns + 10 * NS_PER_S);
	CHECK_EQ((int64_t)(server->counts.rest_calls - calls), 1);
	CHECK(heard_bytes == 0 && ended == 0);
	for (int i = 0; i < NET_LINES_MAX; i++) CHECK_EQ(net->line[i].state, NET_FREE);
}

TEST(t_X5_net_a_cut_in_a_segment_gives_its_first_part)
{
	begin(9);
	connect_now();
	run_until(now_ns + NS_PER_S);
	CHECK(ask() > 0);
	net->weather.cut_bp = BP_ONE;
	size_t got = ask();
	CHECK_EQ(ended, 1);
	CHECK_EQ(stream.sock.verdict, SOCK_RESET);
	CHECK(got < 300);
}

TEST(t_X5_net_the_lines_of_one_owner_are_cut)
{
	begin(11);
	connect_now();
	run_until(now_ns + NS_PER_S);
	net_sim_cut(net, 2);
	CHECK_EQ(ended, 0);
	CHECK(ask() > 0);
	net_sim_cut(net, 1);
	CHECK_EQ(ended, 1);
	CHECK_EQ(stream.sock.verdict, SOCK_RESET);
}
