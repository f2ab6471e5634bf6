/* dns_test.c - the resolver against a name server written here, on loopback, in the same loop, with every fault it can have. */
#include "hal/linux/dns.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "firmware/rights.h"
#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "hal/linux/process.h"
#include "tests/kit/sanitized.h"
#include "tests/kit/test.h"

enum behaviour { GOOD, SILENT, FAILS, NO_SUCH, EMPTY, CUT, LIES_ID, LIES_NAME, GARBAGE, ONLY_A, FAILS_AAAA, FLOODS, CUT_AND_NO_TCP };
enum { MANY = 40, TEST_TIMEOUT_MS = 400, PATIENCE_MS = 8000 };

struct server {
	int             fd, questions, ports[64], ids[64];
	enum behaviour  behaviour;
	struct address  at;
	uint32_t        ttl_s;
	struct sock     listener, tcp;
	uint8_t         tcp_bytes[1024];
	size_t          tcp_n;
};

static struct dns        dns;
static struct server     one, two;
static struct dns_result result;
static int               answers;

static void done(void *self, const struct dns_result *came)
{
	(void)self;
	result = *came;
	answers++;
}

static size_t put_record(uint8_t *out, size_t n, bool six, uint32_t ttl_s, uint8_t last)
{
	uint8_t head[] = { 0xc0, 0x0c, 0, six ? 28 : 1, 0, 1, 0, 0, (uint8_t)(ttl_s >> 8), (uint8_t)ttl_s, 0, six ? 16 : 4 };
	memcpy(out + n, head, sizeof head);
	n += sizeof head;
	memset(out + n, 0, 16);
	memcpy(out + n, six ? "\x20\x01\x0d\xb8" : "\xc0\x00\x02", six ? 4 : 3);
	out[n + (six ? 15 : 3)] = last;
	return n + (six ? 16 : 4);
}

/* An answer to the question in `out`, by behaviour; its length, 0 for none. */
static size_t reply(struct server *server, uint8_t *out, size_t n, bool over_tcp)
{
	bool           six = out[n - 3] == 28;
	enum behaviour as = over_tcp && server->behaviour == CUT ? GOOD : server->behaviour;
	int            records = over_tcp ? MANY : 1;
	if (as == SILENT || (as == ONLY_A && six)) return 0;
	out[2] = 0x81, out[3] = 0x80;
	if (as == FAILS || (as == FAILS_AAAA && six)) out[3] = 0x82;
	if (as == NO_SUCH) out[3] = 0x83;
	if (as == CUT || as == CUT_AND_NO_TCP) out[2] |= 2;
	if (as == LIES_ID || as == FLOODS) out[0] ^= 1;
	if (as == LIES_NAME) out[13] ^= 1;
	if (as == GARBAGE) return memset(out + 4, 0xc0, n - 4), n;
	if (as == EMPTY || as == NO_SUCH || out[3] == 0x82 || out[2] & 2) return n;
	out[7] = (uint8_t)records;
	for (int i = 0; i < records; i++) n = put_record(out, n, six, server->ttl_s, (uint8_t)(i + 1));
	return n;
}

static void on_question(void *self, int ready)
{
	struct server     *server = self;
	struct sockaddr_in from;
	socklen_t          bytes = sizeof from;
	uint8_t            message[2048];
	ssize_t            n = recvfrom(server->fd, message, sizeof message, 0, (struct sockaddr *)&from, &bytes);
	(void)ready;
	if (n < 18) return;
	server->ids[server->questions & 63] = message[0] << 8 | message[1];
	server->ports[server->questions++ & 63] = from.sin_port;
	size_t length = reply(server, message, (size_t)n, false);
	for (int i = 0; length && i < (server->behaviour == FLOODS ? 2 * DNS_STRANGERS_MAX : 1); i++)
		CHECK(sendto(server->fd, message, length, 0, (struct sockaddr *)&from, bytes) == (ssize_t)length);
}

static void on_tcp_question(void *self, struct sock *sock, enum sock_event event)
{
	struct server *server = self;
	uint8_t        message[2048];
	size_t         got, sent;
	if (event != SOCK_READABLE || sock_recv(sock, server->tcp_bytes + server->tcp_n, sizeof server->tcp_bytes - server->tcp_n, &got) != SOCK_OK) return;
	server->tcp_n += got;
	size_t wanted = 2 + ((size_t)server->tcp_bytes[0] << 8 | server->tcp_bytes[1]);
	if (server->tcp_n < 2 || server->tcp_n < wanted) return;
	memcpy(message + 2, server->tcp_bytes + 2, wanted - 2);
	size_t n = reply(server, message + 2, wanted - 2, true);
	message[0] = (uint8_t)(n >> 8), message[1] = (uint8_t)n;
	for (size_t i = 0; i < n + 2; i++) CHECK_EQ(sock_send(sock, message + i, 1, &sent), SOCK_OK);        /* byte by byte */
	server->tcp_n = 0;
}

static void on_tcp_call(void *self, struct sock *sock, enum sock_event event)
{
	struct server *server = self;
	if (event != SOCK_READABLE) return;
	sock_close(&server->tcp);
	(void)sock_accept(sock, &server->tcp, 0);
	server->tcp_n = 0;
}

static void open_server(struct server *server, enum behaviour behaviour)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	*server = (struct server){ .behaviour = behaviour, .ttl_s = 60 };
	CHECK(address_parse("127.0.0.1", 0, &server->at));
	sock_init(&server->listener, on_tcp_call, server);
	sock_init(&server->tcp, on_tcp_question, server);
	for (int tries = 0; tries < 50; tries++) {        /* the same port in both protocols */
		sock_close(&server->listener);
		server->at.port = 0;
		CHECK_EQ(sock_listen(&server->listener, &server->at), SOCK_OK);
		CHECK(sock_local(&server->listener, &server->at));
		server->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		at.sin_port = htons(server->at.port);
		if (bind(server->fd, (struct sockaddr *)&at, sizeof at) == 0) break;
		close(server->fd);
	}
	if (behaviour == CUT_AND_NO_TCP) sock_close(&server->listener);
	CHECK(loop_watch(server->fd, LOOP_READ, on_question, server) != LOOP_NONE);
	CHECK(dns_server_add(&dns, &server->at));
}

static void begin(enum behaviour behaviour)
{
	CHECK(loop_open());
	dns_init(&dns);
	dns.timeout_ns = TEST_TIMEOUT_MS * NS_PER_MS;
	open_server(&one, behaviour);
}

static enum dns_verdict resolve(const char *name)
{
	int64_t late_ns = clock_monotonic_ns() + PATIENCE_MS * NS_PER_MS;
	answers = 0;
	(void)dns_resolve(&dns, name, done, 0);
	while (answers == 0 && clock_monotonic_ns() < late_ns) loop_once(20 * NS_PER_MS);
	CHECK_EQ(answers, 1);
	for (int i = 0; i < DNS_LOOKUPS_MAX; i++) CHECK(!dns.lookups[i].taken);
	return result.verdict;
}

TEST(t_P1_dns_resolves_both_families)
{
	char text[ADDRESS_TEXT_BYTES];
	begin(GOOD);
	CHECK_EQ(resolve("Venue.Example."), DNS_OK);
	CHECK_EQ(result.addresses_n, 2);
	CHECK_STR(address_text(&result.addresses[0], text), "192.0.2.1:0");
	CHECK_STR(address_text(&result.addresses[1], text), "[2001:db8::1]:0");
}

TEST(t_P1_dns_cache_keeps_the_lifetime)
{
	begin(GOOD);
	one.ttl_s = 1;
	CHECK_EQ(resolve("venue.example"), DNS_OK);
	CHECK_EQ(resolve("VENUE.example"), DNS_OK);
	CHECK_EQ(one.questions, 2);        /* one of each family */
	CHECK_EQ(dns.from_cache, 1);
	loop_turn(1100 * NS_PER_MS);
	CHECK_EQ(resolve("venue.example"), DNS_OK);
	CHECK_EQ(one.questions, 4);
	one.ttl_s = 0;
	CHECK_EQ(resolve("other.example"), DNS_OK);
	CHECK_EQ(resolve("other.example"), DNS_OK);
	CHECK_EQ(one.questions, 8);        /* a lifetime of nothing is not kept */
}

TEST(t_P1_dns_cache_has_a_maximum)
{
	char name[32];
	begin(GOOD);
	for (int i = 0; i < DNS_CACHE_MAX + 4; i++) {
		one.ttl_s = 100 + (uint32_t)i;
		snprintf(name, sizeof name, "host%d.example", i);
		CHECK_EQ(resolve(name), DNS_OK);
		CHECK_EQ(dns.cache_most, i < DNS_CACHE_MAX ? i + 1 : DNS_CACHE_MAX);
	}
	CHECK_EQ(dns.lookups_most, 1);
	CHECK_EQ(resolve(name), DNS_OK);
	CHECK_EQ(dns.from_cache, 1);
	CHECK_EQ(resolve("host0.example"), DNS_OK);        /* it ended first, and was asked again */
	CHECK_EQ(dns.from_cache, 1);
}

TEST(t_P1_dns_ports_and_ids_change)
{
	int same = 0;
	begin(GOOD);
	one.ttl_s = 0;
	for (int i = 0; i < 10; i++) CHECK_EQ(resolve("venue.example"), DNS_OK);
	for (int i = 2; i < one.questions; i += 2) same += one.ports[i] == one.ports[i - 2];
	CHECK_EQ(one.questions, 20);
	CHECK(same <= 1);
	same = 0;
	for (int i = 1; i < one.questions; i++) same += one.ids[i] == one.ids[i - 1];
	CHECK(same <= 1);
}

TEST(t_P1_dns_silent_server)
{
	begin(SILENT);
	int64_t begun_ns = clock_monotonic_ns();
	CHECK_EQ(resolve("venue.example"), DNS_LATE);
	CHECK_EQ(one.questions, 2 * DNS_ROUNDS);
	CHECK(clock_monotonic_ns() - begun_ns >= DNS_ROUNDS * TEST_TIMEOUT_MS * NS_PER_MS);
}

TEST(t_P1_dns_second_server_helps)
{
	static const enum behaviour broken[] = { SILENT, FAILS, GARBAGE, LIES_ID, LIES_NAME, FLOODS };
	begin(SILENT);
	open_server(&two, GOOD);
	two.ttl_s = 0;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		one.behaviour = broken[i];
		two.questions = 0;
		CHECK_EQ(resolve("venue.example"), DNS_OK);
		CHECK_EQ(result.addresses_n, 2);
		CHECK_EQ(two.questions, 2);
	}
}

TEST(t_P1_dns_nothing_listens)
{
	begin(GOOD);
	loop_close();
	close(one.fd);
	CHECK(loop_open());
	CHECK_EQ(resolve("venue.example"), DNS_LATE);
}

TEST(t_P1_dns_lies_are_not_believed)
{
	begin(LIES_ID);
	CHECK_EQ(resolve("venue.example"), DNS_LATE);
	one.behaviour = LIES_NAME;
	CHECK_EQ(resolve("venue.example"), DNS_LATE);
}

TEST(t_P1_dns_refusals)
{
	begin(NO_SUCH);
	CHECK_EQ(resolve("venue.example"), DNS_NO_NAME);
	one.behaviour = EMPTY;
	CHECK_EQ(resolve("venue.example"), DNS_NO_ADDRESS);
	one.behaviour = FAILS;
	CHECK_EQ(resolve("venue.example"), DNS_SERVER_FAILED);
	one.behaviour = GOOD;
	CHECK_EQ(resolve("venue.example"), DNS_OK);        /* failures are not kept */
}

TEST(t_P1_dns_one_family_is_enough)
{
	begin(ONLY_A);
	dns.timeout_ns = 5 * NS_PER_S;
	int64_t begun_ns = clock_monotonic_ns();
	CHECK_EQ(resolve("venue.example"), DNS_OK);
	CHECK_EQ(result.addresses_n, 1);
	CHECK(clock_monotonic_ns() - begun_ns < 3 * NS_PER_S);        /* the grace, not the timeout */
	one.behaviour = FAILS_AAAA;
	CHECK_EQ(resolve("other.example"), DNS_OK);
	CHECK_EQ(result.addresses_n, 1);
}

TEST(t_P1_dns_cut_answer_over_tcp)
{
	begin(CUT);
	CHECK_EQ(resolve("venue.example"), DNS_OK);
	CHECK_EQ(result.addresses_n, DNS_RESULT_MAX);        /* 40 of each were there */
	CHECK_EQ(result.addresses[0].family, ADDRESS_IP4);
	CHECK_EQ(result.addresses[DNS_RESULT_MAX - 1].family, ADDRESS_IP6);
}

TEST(t_P1_dns_cut_answer_without_tcp)
{
	begin(CUT_AND_NO_TCP);
	CHECK_EQ(resolve("venue.example"), DNS_TRUNCATED);
}

TEST(t_P1_dns_literals_and_names)
{
	begin(SILENT);
	CHECK_EQ(resolve("192.0.2.44"), DNS_OK);
	CHECK_EQ(result.addresses[0].bytes[3], 44);
	CHECK_EQ(resolve("2001:db8::44"), DNS_OK);
	CHECK_EQ(result.addresses[0].family, ADDRESS_IP6);
	CHECK_EQ(resolve("localhost"), DNS_OK);
	CHECK_EQ(result.addresses_n, 2);
	CHECK_EQ(resolve("not a name"), DNS_BAD_NAME);
	CHECK_EQ(resolve(""), DNS_BAD_NAME);
	CHECK_EQ(one.questions, 0);
}

TEST(t_P1_dns_files)
{
	char  resolv[256], hosts[256];
	FILE *file;
	snprintf(resolv, sizeof resolv, "%s/resolv.conf", test_folder());
	snprintf(hosts, sizeof hosts, "%s/hosts", test_folder());
	file = fopen(resolv, "w");
	fprintf(file, "# people\nsearch lan\nnameserver 192.0.2.53 ; ours\nnameserver\tnonsense\nnameserver 2001:db8::53\n");
	fprintf(file, "nameserver 192.0.2.54\nnameserver 192.0.2.55");
	fclose(file);
	file = fopen(hosts, "w");
	fprintf(file, "127.0.0.1\tlocalhost\n192.0.2.7  Venue.Example venue # here\n2001:db8::7 venue\n%0600d long\nbad line\n", 0);
	for (int i = 0; i < DNS_HOSTS_MAX; i++) fprintf(file, "192.0.2.9 h%d\n", i);
	fclose(file);
	CHECK(loop_open());
	dns_init(&dns);
	dns_boot(&dns, resolv, hosts);
	CHECK_EQ(dns.servers_n, 3);
	CHECK_EQ(dns.servers[1].family, ADDRESS_IP6);
	CHECK_EQ(dns.servers[2].bytes[3], 54);
	CHECK_EQ(dns.hosts_n, DNS_HOSTS_MAX);
	CHECK_EQ(dns.hosts_left_out, 4);
	CHECK_EQ(resolve("venue"), DNS_OK);
	CHECK_EQ(result.addresses_n, 2);
	CHECK_EQ(resolve("venue.example"), DNS_OK);
	CHECK_EQ(result.addresses_n, 1);
	dns_init(&dns);
	dns_boot(&dns, "/nonexistent/resolv.conf", "/nonexistent/hosts");
	CHECK_EQ(dns.servers_n, 1);
	CHECK_EQ(dns.servers[0].port, 53);
}

TEST(t_P1_dns_lookups_have_a_maximum)
{
	char name[32];
	begin(SILENT);
	answers = 0;
	for (int i = 0; i < DNS_LOOKUPS_MAX; i++) {
		snprintf(name, sizeof name, "host%d.example", i);
		CHECK_EQ(dns_resolve(&dns, name, done, 0), i);
		CHECK_EQ(dns.lookups_most, i + 1);
	}
	CHECK_EQ(answers, 0);
	CHECK_EQ(dns_resolve(&dns, "more.example", done, 0), DNS_NONE);
	CHECK_EQ(answers, 1);
	CHECK_EQ(result.verdict, DNS_NO_ROOM);
	loop_turn(20 * NS_PER_MS);
	for (int i = 0; i < DNS_LOOKUPS_MAX; i++) dns_cancel(&dns, i);
	loop_turn(2 * TEST_TIMEOUT_MS * NS_PER_MS);
	CHECK_EQ(answers, 1);        /* cancelled ones are silent */
}

/* The asking side: a child that is there before the server's loop, sealed with the right to the network alone. */
static int ask_sealed(int from)
{
	char           sentence[RIGHTS_SENTENCE_BYTES];
	struct address at;
	if (read(from, &at, sizeof at) != (ssize_t)sizeof at || !process_shut_in() || !loop_open()) return 1;
	dns_init(&dns);
	dns.timeout_ns = TEST_TIMEOUT_MS * NS_PER_MS;
	struct rights rights = { .mask = RIGHT_NET, .port = { at.port }, .ports = 1 };
	if (!dns_server_add(&dns, &at) || !rights_seal(&rights, sentence)) return 2;
	return resolve("venue.example") == DNS_OK ? 0 : 3;
}

/* How it ended, the server behaving so. */
static int end_of_sealed(enum behaviour behaviour)
{
	int status = -1, ends[2], tries = PATIENCE_MS;
	if (SANITIZED) SKIP("the sanitizer asks the kernel for more than a filter allows");
	CHECK(pipe(ends) == 0);
	pid_t child = fork();
	if (child == 0) _exit(ask_sealed(ends[0]));
	begin(behaviour);
	CHECK(write(ends[1], &one.at, sizeof one.at) == (ssize_t)sizeof one.at);
	while (waitpid(child, &status, WNOHANG) == 0 && tries-- > 0) loop_once(NS_PER_MS);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(t_O10_names_are_found_by_a_sealed_process) { CHECK_EQ(end_of_sealed(GOOD), 0); }
TEST(t_O10_and_long_answers_over_tcp)
{
	CHECK_EQ(end_of_sealed(CUT), 0);
	CHECK(one.listener.state == SOCK_LISTENING && one.tcp_n == 0 && one.tcp.received_bytes > 0);
}
TEST(t_O10_a_silent_name_server_ends_no_sealed_process) { CHECK_EQ(end_of_sealed(SILENT), 3); }
