/* tls_test.c - handshakes, resumption, bytes and every refusal, client against server, without sockets. stream_test.c has the sockets,
 * tests/golden/tls_ref.py the implementation that nobody here wrote. */
#include "hal/linux/tls.h"

#include <stdio.h>

#include "tests/unit/hal/linux/tls_kit.h"

enum { MEGABYTE = 1 << 20, PIECE_MAX = 5000 };

static struct tls_kit kit;
static char           text[TLS_SENTENCE_BYTES];

static void meet(const char *host, int64_t now_s)
{
	tls_kit_meet(&kit, host, now_s);
	tls_kit_settle(&kit, PIECE_MAX);
}

static void begin_kit(void) { tls_kit_init(&kit); }

/* A refusal by the client: its verdict, and a sentence that says it. */
static void refuses(const char *host, int64_t now_s, enum tls_verdict verdict, const char *words)
{
	meet(host, now_s);
	CHECK_EQ(kit.client.state, TLS_DONE);
	CHECK_EQ(kit.client.verdict, verdict);
	CHECK(strstr(tls_sentence(&kit.client, text), words) != 0);
	if (!strstr(text, words)) printf("  said: %s\n", text);
	CHECK_EQ(tls_write(&kit.client, "x", 1), 0);
	tls_ended(&kit.server);
	CHECK_EQ(kit.server.verdict, TLS_CUT_SHAKING);
}

TEST(t_P1_tls_handshake)
{
	begin_kit();
	meet("venue.example", TLS_KIT_NOW_S);
	CHECK_EQ(kit.client.state, TLS_OPEN);
	CHECK_EQ(kit.server.state, TLS_OPEN);
	CHECK_STR(tls_name(&kit.server), "venue.example");        /* the name was sent */
	CHECK(!kit.client.resumed);
	CHECK_EQ(kit.client.engine->session.cipher_suite, BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
	CHECK_EQ(kit.client.witness.leaf_to_s, TLS_KIT_NOW_S + 265 * TLS_KIT_DAY_S);
	tls_close(&kit.client);
	tls_kit_settle(&kit, PIECE_MAX);
	CHECK_EQ(kit.client.state, TLS_DONE);
	CHECK_EQ(kit.client.verdict, TLS_OK);
	CHECK_EQ(kit.server.verdict, TLS_OK);
	CHECK_EQ(kit.server.state, TLS_DONE);
}

TEST(t_P1_tls_connection_is_48_kB)
{
	CHECK(sizeof(struct tls) <= 48 * 1024);
	CHECK(sizeof(struct tls) > BR_SSL_BUFSIZE_BIDI);
}

/* A megabyte each way at once, cut at random on both sides of the engine. */
TEST(t_P1_tls_megabyte_both_ways)
{
	static uint8_t from[MEGABYTE], up[MEGABYTE], down[MEGABYTE];
	size_t         sent[2] = { 0 }, came[2] = { 0 };
	struct tls    *ends[2] = { &kit.client, &kit.server };
	uint8_t       *back[2] = { down, up };
	begin_kit();
	meet("venue.example", TLS_KIT_NOW_S);
	for (size_t i = 0; i < MEGABYTE; i++) from[i] = (uint8_t)tls_kit_chance(&kit, 256);
	for (int round = 0; round < TLS_KIT_ROUNDS_MAX && came[0] + came[1] < 2 * MEGABYTE; round++) {
		for (int i = 0; i < 2; i++) {
			size_t piece = tls_kit_chance(&kit, 20000), left = MEGABYTE - sent[i];
			sent[i] += tls_write(ends[i], from + sent[i], piece < left ? piece : left);
			if (tls_kit_chance(&kit, 3) == 0 || sent[i] == MEGABYTE) tls_flush(ends[i]);
			left = MEGABYTE - came[i];
			piece = 1 + tls_kit_chance(&kit, 9000);
			came[i] += tls_read(ends[i], back[i] + came[i], piece < left ? piece : left);
		}
		tls_kit_carry(&kit.client, &kit.server, 1 + tls_kit_chance(&kit, 9000), 0);
		tls_kit_carry(&kit.server, &kit.client, 1 + tls_kit_chance(&kit, 9000), 0);
	}
	CHECK_EQ(came[0], MEGABYTE);
	CHECK_EQ(came[1], MEGABYTE);
	CHECK(memcmp(from, up, MEGABYTE) == 0);
	CHECK(memcmp(from, down, MEGABYTE) == 0);
}

TEST(t_P1_tls_resumption)
{
	uint8_t first_id[32];
	begin_kit();
	meet("venue.example", TLS_KIT_NOW_S);
	CHECK(!kit.client.resumed);
	CHECK_EQ(kit.client.witness.certificates, 1);
	memcpy(first_id, kit.client.engine->session.session_id, sizeof first_id);
	size_t full_bytes = kit.recorded_n;
	tls_kit_meet(&kit, "venue.example", TLS_KIT_NOW_S + 60);
	tls_kit_settle(&kit, PIECE_MAX);
	CHECK_EQ(kit.client.state, TLS_OPEN);
	CHECK_EQ(kit.server.state, TLS_OPEN);
	CHECK(kit.client.resumed);
	CHECK_EQ(kit.client.witness.certificates, 0);        /* none was shown */
	CHECK(memcmp(first_id, kit.client.engine->session.session_id, sizeof first_id) == 0);
	CHECK(kit.recorded_n < full_bytes / 2);
	CHECK_EQ(tls_write(&kit.client, "ping", 4), 4);
	tls_flush(&kit.client);
	tls_kit_settle(&kit, PIECE_MAX);
	char got[8] = { 0 };
	CHECK_EQ(tls_read(&kit.server, got, sizeof got), 4);
	CHECK_STR(got, "ping");
}

TEST(t_P1_tls_session_grows_old)
{
	begin_kit();
	meet("venue.example", TLS_KIT_NOW_S);
	meet("venue.example", TLS_KIT_NOW_S + TLS_SESSION_AGE_MAX_S + 1);
	CHECK_EQ(kit.client.state, TLS_OPEN);
	CHECK(!kit.client.resumed);
	meet("venue.example", TLS_KIT_NOW_S - 1);        /* a clock that went back */
	CHECK(!kit.client.resumed);
}

TEST(t_P1_tls_session_of_a_server_that_forgot)
{
	begin_kit();
	meet("venue.example", TLS_KIT_NOW_S);
	tls_service_init(&kit.service, &kit.certificate);        /* restarted */
	meet("venue.example", TLS_KIT_NOW_S + 1);
	CHECK_EQ(kit.client.state, TLS_OPEN);
	CHECK(!kit.client.resumed);
}

/* More hosts than rows: the oldest gives way, the newest stays. */
TEST(t_P1_tls_sessions_have_a_maximum)
{
	char host[16];
	begin_kit();
	meet("localhost", TLS_KIT_NOW_S);
	struct tls_session mine = kit.sessions.row[0];
	CHECK_STR(mine.host, "localhost");
	CHECK_EQ(kit.sessions.most, 1);
	for (int i = 1; i < TLS_SESSIONS_MAX; i++) {
		kit.sessions.row[i] = mine;
		snprintf(host, sizeof host, "h%d", i);
		memcpy(kit.sessions.row[i].host, host, sizeof host);
		kit.sessions.row[i].made_s = TLS_KIT_NOW_S + i;
	}
	kit.sessions.row[0].made_s = TLS_KIT_NOW_S + 100;
	meet("venue.example", TLS_KIT_NOW_S + 200);
	CHECK_STR(kit.sessions.row[0].host, "localhost");
	CHECK_STR(kit.sessions.row[1].host, "venue.example");
	tls_session_forget(&kit.sessions, "venue.example");
	CHECK_STR(kit.sessions.row[1].host, "");
	CHECK_EQ(kit.sessions.most, TLS_SESSIONS_MAX);
}

TEST(t_P1_tls_expired)
{
	begin_kit();
	refuses("venue.example", TLS_KIT_NOW_S + 265 * TLS_KIT_DAY_S + 1, TLS_EXPIRED, "venue.example: its certificate expired on 2026-09-23 00:00:00 UTC");
	meet("venue.example", TLS_KIT_NOW_S + 265 * TLS_KIT_DAY_S);        /* its last second */
	CHECK_EQ(kit.client.state, TLS_OPEN);
}

TEST(t_P1_tls_not_yet_valid)
{
	begin_kit();
	refuses("venue.example", TLS_KIT_NOW_S - 100 * TLS_KIT_DAY_S - 1, TLS_NOT_YET_VALID, "valid only from 2025-09-23 00:00:00 UTC");
	meet("venue.example", TLS_KIT_NOW_S - 100 * TLS_KIT_DAY_S);
	CHECK_EQ(kit.client.state, TLS_OPEN);
}

TEST(t_P1_tls_wrong_host)
{
	begin_kit();
	refuses("other.example", TLS_KIT_NOW_S, TLS_WRONG_HOST, "other.example: its certificate is for another host name");
	refuses("venue.example.evil", TLS_KIT_NOW_S, TLS_WRONG_HOST, "another host");
	refuses("a.venue.example", TLS_KIT_NOW_S, TLS_WRONG_HOST, "another host");
	meet("VENUE.Example", TLS_KIT_NOW_S);        /* names have no case */
	CHECK_EQ(kit.client.state, TLS_OPEN);
}

TEST(t_P1_tls_self_signed)
{
	begin_kit();
	CHECK(tls_kit_certificate(&kit.certificate, "venue.example", TLS_KIT_NOW_S - 1, TLS_KIT_NOW_S + 1, 2));
	refuses("venue.example", TLS_KIT_NOW_S, TLS_NOT_ANCHORED, "not among the roots");
	anchors_init(&kit.anchors);
	refuses("venue.example", TLS_KIT_NOW_S, TLS_NOT_ANCHORED, "not among the roots");
}

TEST(t_P1_tls_host_must_be_a_name)
{
	static char long_name[TLS_HOST_BYTES + 8];
	begin_kit();
	memset(long_name, 'a', sizeof long_name - 1);
	const char *hosts[] = { "", "127.0.0.1", "::1", long_name };
	for (size_t i = 0; i < 4; i++) {
		size_t n;
		tls_kit_meet(&kit, hosts[i], TLS_KIT_NOW_S);
		CHECK_EQ(kit.client.state, TLS_DONE);
		CHECK_EQ(kit.client.verdict, TLS_BAD_HOST);
		CHECK(tls_send_bytes(&kit.client, &n) == 0);
		CHECK(tls_recv_room(&kit.client, &n) == 0);
		tls_close(&kit.client);
		tls_ended(&kit.client);
		tls_flush(&kit.client);
	}
}

/* Feeds a fresh client its part of a recorded server; the same seed says the same hello. */
static void replay(const uint8_t *bytes, size_t n)
{
	struct tls_client how = { .host = "venue.example", .anchors = &kit.anchors, .now_s = TLS_KIT_NOW_S };
	size_t            room, ready;
	memset(how.seed, TLS_KIT_FIRST_SEED, sizeof how.seed);
	tls_client_init(&kit.client, &how);
	while (n) {
		while (tls_send_bytes(&kit.client, &ready)) tls_sent(&kit.client, ready);
		uint8_t *into = tls_recv_room(&kit.client, &room);
		if (!into) return;
		if (room > n) room = n;
		memcpy(into, bytes, room);
		tls_received(&kit.client, room);
		bytes += room;
		n -= room;
	}
	while (tls_send_bytes(&kit.client, &ready)) tls_sent(&kit.client, ready);
}

static void record(void)
{
	begin_kit();
	memset(&kit.sessions, 0, sizeof kit.sessions);
	meet("venue.example", TLS_KIT_NOW_S);
	CHECK_EQ(kit.client.state, TLS_OPEN);
	replay(kit.recorded, kit.recorded_n);
	CHECK_EQ(kit.client.state, TLS_OPEN);        /* the recording is a whole handshake */
}

TEST(t_P1_tls_handshake_cut_at_each_byte)
{
	record();
	for (size_t n = 0; n < kit.recorded_n; n++) {
		replay(kit.recorded, n);
		CHECK_EQ(kit.client.state, TLS_SHAKING);
		tls_ended(&kit.client);
		CHECK_EQ(kit.client.verdict, TLS_CUT_SHAKING);
	}
}

/* One byte changed anywhere never ends in an open connection. */
TEST(t_P1_tls_handshake_changed_at_each_byte)
{
	static uint8_t copy[65536];
	record();
	memcpy(copy, kit.recorded, kit.recorded_n);
	for (size_t at = 0; at < kit.recorded_n; at++) {
		copy[at] ^= (uint8_t)(1 + tls_kit_chance(&kit, 255));
		replay(copy, kit.recorded_n);
		CHECK(kit.client.state != TLS_OPEN);
		CHECK(kit.client.state == TLS_SHAKING || (kit.client.verdict != TLS_OK && strlen(tls_sentence(&kit.client, text)) > 20));
		copy[at] = kit.recorded[at];
	}
}

/* A server that answers with TLS 1.1. */
TEST(t_P1_tls_older_peer)
{
	record();
	kit.recorded[10] = 2;        /* record 5, message 4, version 03 03 */
	replay(kit.recorded, kit.recorded_n);
	CHECK_EQ(kit.client.verdict, TLS_ONLY_OLD);
	CHECK(strstr(tls_sentence(&kit.client, text), "speaks no TLS 1.2") != 0);
}

TEST(t_P1_tls_garbage)
{
	static uint8_t       noise[3000];
	begin_kit();
	for (int i = 0; i < 2000; i++) {
		for (size_t n = 0; n < sizeof noise; n++) noise[n] = (uint8_t)tls_kit_chance(&kit, 256);
		if (i & 1) noise[0] = 22, noise[1] = noise[2] = 3;        /* looks like a handshake at first */
		replay(noise, 1 + tls_kit_chance(&kit, sizeof noise));
		CHECK(kit.client.state != TLS_OPEN);
	}
}

TEST(t_P1_tls_peer_without_tls)
{
	static const char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	begin_kit();
	replay((const uint8_t *)answer, sizeof answer - 1);
	CHECK_EQ(kit.client.verdict, TLS_NOT_TLS);
	CHECK(strstr(tls_sentence(&kit.client, text), "does not speak TLS") != 0);
}

/* A server fed with a client's hello that was changed at random, and what follows: never open, never a trap. */
TEST(t_P1_tls_server_under_noise)
{
	uint8_t hello[1024], seed[TLS_SEED_BYTES] = { 1 };
	size_t  ready, room;
	begin_kit();
	tls_kit_meet(&kit, "venue.example", TLS_KIT_NOW_S);
	const uint8_t *said = tls_send_bytes(&kit.client, &ready);
	CHECK(said != 0 && ready < sizeof hello);
	for (int i = 0; i < 2000; i++) {
		memcpy(hello, said, ready);
		for (int changes = i % 8; changes > 0; changes--) hello[tls_kit_chance(&kit, ready)] = (uint8_t)tls_kit_chance(&kit, 256);
		tls_server_init(&kit.server, &kit.service, seed);
		size_t at = 0, end = i % 3 ? ready : tls_kit_chance(&kit, ready);
		while (at < end) {
			uint8_t *into = tls_recv_room(&kit.server, &room);
			if (!into) break;
			if (room > end - at) room = end - at;
			memcpy(into, hello + at, room);
			tls_received(&kit.server, room);
			at += room;
		}
		CHECK(kit.server.state != TLS_OPEN);
		tls_ended(&kit.server);
		CHECK_EQ(kit.server.state, TLS_DONE);
		CHECK(kit.server.verdict != TLS_OK);
	}
}

static void alert(uint8_t code, enum tls_verdict verdict, const char *words)
{
	uint8_t bytes[] = { 21, 3, 3, 0, 2, 2, code };
	replay(bytes, sizeof bytes);
	CHECK_EQ(kit.client.verdict, verdict);
	CHECK(strstr(tls_sentence(&kit.client, text), words) != 0);
}

TEST(t_P1_tls_alerts)
{
	begin_kit();
	alert(70, TLS_ONLY_13, "venue.example: peer speaks only TLS 1.3; this build speaks 1.2");
	alert(40, TLS_NOTHING_SHARED, "no cipher suite");
	alert(80, TLS_REFUSED, "(alert 80)");
}

TEST(t_P1_tls_open_connection_cut)
{
	begin_kit();
	meet("venue.example", TLS_KIT_NOW_S);
	tls_ended(&kit.client);
	CHECK_EQ(kit.client.verdict, TLS_CUT);
	CHECK(strcmp(kit.sessions.row[0].host, "venue.example") == 0);        /* a cut does not spoil the session */
	tls_late(&kit.client);
	CHECK_EQ(kit.client.verdict, TLS_CUT);        /* sticky */
}

TEST(t_P1_tls_record_changed_on_the_way)
{
	size_t ready, room;
	begin_kit();
	meet("venue.example", TLS_KIT_NOW_S);
	CHECK_EQ(tls_write(&kit.server, "price", 5), 5);
	tls_flush(&kit.server);
	const uint8_t *at = tls_send_bytes(&kit.server, &ready);
	uint8_t       *into = tls_recv_room(&kit.client, &room);
	CHECK(at && into && ready < 64);
	for (size_t n = 0; n < ready; n++) {        /* record by record, as the engine asks */
		into = tls_recv_room(&kit.client, &room);
		if (!into) break;
		*into = (uint8_t)(at[n] ^ (n == ready - 1));
		tls_received(&kit.client, 1);
	}
	CHECK_EQ(kit.client.state, TLS_DONE);
	CHECK_EQ(kit.client.verdict, TLS_DAMAGED);
	CHECK_STR(kit.sessions.row[0].host, "");
}

static void received_too_much(void)
{
	size_t room;
	meet("venue.example", TLS_KIT_NOW_S);
	(void)tls_recv_room(&kit.client, &room);
	tls_received(&kit.client, room + 1);
}

TEST(t_P1_tls_caller_beyond_the_room_is_a_bug)
{
	begin_kit();
	CHECK_BUG(received_too_much, 3520);
}

TEST(t_P1_tls_verdicts_are_sentences)
{
	begin_kit();
	meet("venue.example", TLS_KIT_NOW_S);
	for (int i = 0; i < TLS_VERDICTS_N; i++) {
		kit.client.verdict = (enum tls_verdict)i;
		CHECK(strncmp(tls_sentence(&kit.client, text), "venue.example: ", 15) == 0);
		CHECK(strlen(text) > 25 && !strstr(text, "(null)"));
	}
}
