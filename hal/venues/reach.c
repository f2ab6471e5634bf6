/* reach.c - a stream's plan from a venue's place. */
#include "hal/venues/reach.h"

#include <string.h>

#include "hal/linux/clock.h"

int64_t reach_wall_s(void) { return clock_wall_ns() / NS_PER_S; }

static bool fill_seed(uint8_t seed[TLS_SEED_BYTES])
{
	for (size_t i = 0; i < TLS_SEED_BYTES; i += sizeof(uint64_t)) {
		uint64_t bits;
		if (!random_u64(&bits)) return false;
		memcpy(seed + i, &bits, sizeof bits);
	}
	return true;
}

bool reach_connect(const struct reach *reach, struct stream *stream)
{
	struct stream_plan plan = { .dns = reach->dns, .port = reach->port, .limits = reach->limits };
	plan.tls = (struct tls_client){ .host = reach->host, .anchors = reach->anchors, .sessions = reach->sessions, .now_s = reach_wall_s() };
	if (!fill_seed(plan.tls.seed)) return false;
	stream_connect(stream, &plan);
	memset(plan.tls.seed, 0, sizeof plan.tls.seed);
	return true;
}
