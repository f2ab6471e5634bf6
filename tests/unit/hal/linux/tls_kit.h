/* tls_kit.h - a TLS client and server in one process with a wire between them that cuts bytes as it likes; no sockets. */
#ifndef TESTS_UNIT_HAL_LINUX_TLS_KIT_H
#define TESTS_UNIT_HAL_LINUX_TLS_KIT_H
#include <string.h>

#include "hal/linux/tls.h"
#include "tests/kit/test.h"

enum { TLS_KIT_ROUNDS_MAX = 400000, TLS_KIT_FIRST_SEED = 7 };
#define TLS_KIT_NOW_S INT64_C(1767225600)        /* 2026-01-01 */
#define TLS_KIT_DAY_S INT64_C(86400)

struct tls_kit {
	struct certificate  certificate;
	struct anchors      anchors;
	struct tls_service  service;
	struct tls_sessions sessions;
	struct tls          client, server;
	uint64_t            chance;
	uint8_t             seed;        /* of the next meeting: never the same twice */
	size_t              recorded_n;
	uint8_t             recorded[65536];        /* what the server sent */
};

static inline size_t tls_kit_chance(struct tls_kit *kit, size_t below)
{
	kit->chance = kit->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(kit->chance >> 33) % below;
}

static inline bool tls_kit_certificate(struct certificate *certificate, const char *name, int64_t from_s, int64_t to_s, uint8_t seed)
{
	struct certificate_plan plan = { .names = { name, "localhost" }, .from_s = from_s, .to_s = to_s };
	memset(plan.seed, seed, sizeof plan.seed);
	return certificate_make(certificate, &plan);
}

/* A server for venue.example, whose certificate is good for a year around now, and a client that trusts it. */
static inline void tls_kit_init(struct tls_kit *kit)
{
	memset(kit, 0, sizeof *kit);
	kit->chance = 8;
	kit->seed = TLS_KIT_FIRST_SEED;
	CHECK(tls_kit_certificate(&kit->certificate, "venue.example", TLS_KIT_NOW_S - 100 * TLS_KIT_DAY_S, TLS_KIT_NOW_S + 265 * TLS_KIT_DAY_S, 1));
	anchors_init(&kit->anchors);
	CHECK_EQ(anchors_add(&kit->anchors, kit->certificate.der, kit->certificate.chain.data_len), ANCHORS_OK);
	tls_service_init(&kit->service, &kit->certificate);
}

static inline void tls_kit_meet(struct tls_kit *kit, const char *host, int64_t now_s)
{
	struct tls_client how = { .host = host, .anchors = &kit->anchors, .sessions = &kit->sessions, .now_s = now_s };
	uint8_t           server_seed[TLS_SEED_BYTES];
	memset(how.seed, kit->seed, sizeof how.seed);
	memset(server_seed, kit->seed ^ 0x55, sizeof server_seed);
	kit->seed++;
	kit->recorded_n = 0;
	tls_client_init(&kit->client, &how);
	tls_server_init(&kit->server, &kit->service, server_seed);
}

/* Some bytes one way, in a piece of at most `most`; how many. */
static inline size_t tls_kit_carry(struct tls *from, struct tls *to, size_t most, struct tls_kit *record)
{
	size_t         ready, room;
	const uint8_t *at = tls_send_bytes(from, &ready);
	uint8_t       *into = tls_recv_room(to, &room);
	size_t         n = ready < room ? ready : room;
	if (n > most) n = most;
	if (n == 0) return 0;
	memcpy(into, at, n);
	if (record && record->recorded_n + n <= sizeof record->recorded) {
		memcpy(record->recorded + record->recorded_n, at, n);
		record->recorded_n += n;
	}
	tls_sent(from, n);
	tls_received(to, n);
	return n;
}

/* Until neither has anything for the other. */
static inline void tls_kit_settle(struct tls_kit *kit, size_t most)
{
	for (int i = 0; i < TLS_KIT_ROUNDS_MAX; i++) {
		size_t up = tls_kit_carry(&kit->client, &kit->server, 1 + tls_kit_chance(kit, most), 0);
		size_t down = tls_kit_carry(&kit->server, &kit->client, 1 + tls_kit_chance(kit, most), kit);
		if (up + down == 0) return;
	}
}

#endif
