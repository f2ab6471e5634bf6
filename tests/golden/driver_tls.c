/* driver_tls.c - our TLS, as a program for the reference tls_ref.py to talk to. Loopback only.
 *
 *   client HOST PORT ROOTS.pem NOW_S TIMES   TIMES connections to 127.0.0.1 as HOST, each echoes a quarter of a megabyte; one line each:
 *                                            "full" or "resumed", the suite, bytes echoed, and the closing sentence
 *   server NAME ROOT.pem NOW_S               makes a certificate for NAME, writes its PEM, prints its port, echoes until killed */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "hal/linux/stream.h"

enum { ECHO_BYTES = 1 << 18, ENDS = 4, YEAR_S = 365 * 86400, TURN_S = 20 };

struct end { struct stream stream; bool done; size_t sent, came, kept; uint8_t bytes[20000]; };

static struct dns           dns;
static struct anchors       anchors;
static struct certificate   certificate;
static struct tls_service   service;
static struct tls_sessions  sessions;
static struct sock          listener;
static struct end           ends[ENDS];
static uint8_t              from[ECHO_BYTES], back[ECHO_BYTES];
static struct stream_limits limits = { 5 * NS_PER_S, 5 * NS_PER_S, 5 * NS_PER_S };

static void fill_seed(uint8_t *seed)
{
	for (size_t i = 0; i < TLS_SEED_BYTES; i += 8) {
		uint64_t bits = 0;
		if (!random_u64(&bits)) exit(1);
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
		if (written == 0 && got == 0) return;
	}
}

static void serves(void *self, struct stream *stream, enum stream_event event)
{
	(void)stream;
	if (event == STREAM_BYTES || event == STREAM_ROOM) echo(self);
}

static void on_call(void *self, struct sock *sock, enum sock_event event)
{
	uint8_t seed[TLS_SEED_BYTES];
	(void)self;
	for (size_t i = 0; i < ENDS && event == SOCK_READABLE; i++) {
		if (ends[i].stream.state != STREAM_CLOSED) continue;
		fill_seed(seed);
		ends[i].kept = 0;
		if (stream_accept(&ends[i].stream, sock, &service, seed, &limits) != SOCK_OK) return;
	}
}

static int server(char **argument)
{
	struct certificate_plan plan = { .names = { argument[0] }, .from_s = atoll(argument[2]) - YEAR_S, .to_s = atoll(argument[2]) + YEAR_S };
	struct address          at;
	char                    pem[CERTIFICATE_PEM_BYTES_MAX];
	fill_seed(plan.seed);
	if (!certificate_make(&certificate, &plan) || !address_parse("127.0.0.1", 0, &at)) return 1;
	size_t n = certificate_pem(&certificate, pem);
	int    fd = open(argument[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, pem, n) != (ssize_t)n || close(fd) != 0) return 1;
	tls_service_init(&service, &certificate);
	for (size_t i = 0; i < ENDS; i++) stream_init(&ends[i].stream, serves, &ends[i]);
	sock_init(&listener, on_call, 0);
	if (sock_listen(&listener, &at) != SOCK_OK || !sock_local(&listener, &at)) return 1;
	printf("%u\n", at.port);
	fflush(stdout);
	while (!loop_stop_signal()) loop_turn(NS_PER_S);
	return 0;
}

static void send_more(struct end *end) { end->sent += stream_write(&end->stream, from + end->sent, ECHO_BYTES - end->sent); }

static void asks(void *self, struct stream *stream, enum stream_event event)
{
	struct end *end = self;
	size_t      got;
	switch (event) {
	case STREAM_OPENED: case STREAM_ROOM: send_more(end); return;
	case STREAM_ENDED: end->done = true; return;
	case STREAM_BYTES:
		while ((got = stream_read(stream, back + end->came, ECHO_BYTES - end->came)) > 0) end->came += got;
		if (end->came < ECHO_BYTES) return;
		end->done = true;
		stream_close(stream);
		return;
	}
}

static void one_connection(char **argument)
{
	struct end        *end = &ends[0];
	struct stream_plan plan = { .dns = &dns, .port = (uint16_t)atoi(argument[1]), .limits = limits };
	char               text[STREAM_SENTENCE_BYTES];
	int64_t            late_ns = clock_monotonic_ns() + TURN_S * NS_PER_S;
	plan.tls = (struct tls_client){ .host = argument[0], .anchors = &anchors, .sessions = &sessions, .now_s = atoll(argument[3]) };
	fill_seed(plan.tls.seed);
	memset(end, 0, sizeof *end);
	memset(back, 0, sizeof back);
	stream_init(&end->stream, asks, end);
	stream_connect(&end->stream, &plan);
	while (!end->done && clock_monotonic_ns() < late_ns) loop_once(NS_PER_S);
	printf("%s %04x %zu %s\n", end->stream.tls.resumed ? "resumed" : "full", end->stream.tls.engine ? end->stream.tls.engine->session.cipher_suite : 0,
	    memcmp(from, back, end->came) == 0 ? end->came : 0, stream_sentence(&end->stream, text));
}

static int client(char **argument)
{
	enum anchors_verdict verdict;
	struct dns_host      host = { .address = { .family = ADDRESS_IP4, .bytes = { 127, 0, 0, 1 } } };
	anchors_init(&anchors);
	if ((verdict = anchors_load(&anchors, argument[2])) != ANCHORS_OK) return printf("%s %s\n", argument[2], anchors_verdict_text[verdict]), 1;
	dns_init(&dns);
	if (!dns_name_clean(argument[0], host.name)) return 1;
	dns.hosts[dns.hosts_n++] = host;
	for (size_t i = 0; i < ECHO_BYTES; i++) from[i] = (uint8_t)((i * UINT64_C(2654435761)) >> 13);
	for (int i = 0; i < atoi(argument[4]); i++) one_connection(argument);
	return 0;
}

int main(int count, char **argument)
{
	if (!loop_open()) return 1;
	if (count == 7 && strcmp(argument[1], "client") == 0) return client(argument + 2);
	if (count == 5 && strcmp(argument[1], "server") == 0) return server(argument + 2);
	return 2;
}
