/* commit.h - what a worker leaves in the shared map after each TICK, so that its successor goes on as if nothing had happened.
 *
 * A worker that is killed has private state, a place in its queues and a number of records it has put out. All of it is copied here, into the
 * older of two slots, once it has done a TICK; then the slot becomes the valid one. The successor takes the valid slot and steps
 * again what came after it. Its steps are deterministic, so what it puts out again is what its predecessor put out: a record whose
 * number a channel has already is not put a second time, and a cell that says the same already is not written.
 *
 * The desk has no commit, its journal is one; the ledger's is its cursor in the books. Rows P3, P6; invariant 4. */
#ifndef FIRMWARE_COMMIT_H
#define FIRMWARE_COMMIT_H
#include "firmware/workers/analyst.h"
#include "firmware/workers/context.h"
#include "firmware/workers/feed.h"
#include "firmware/workers/health.h"
#include "hal/replay/market.h"

enum { COMMIT_CHANNELS_MAX = 16, COMMIT_PLACE_BYTES = 1024 };

/* next: the record to be read from each queue. put: records ever put into each. seen_*: (cause, index) of the last sample. */
struct commit_head {
	uint64_t ticks, steps, next[COMMIT_CHANNELS_MAX], put[COMMIT_CHANNELS_MAX];
	uint64_t seen_regime, seen_account, seen_price[UNIVERSE_N], seen_position[UNIVERSE_N];
};

/* Where the market's source stands: recorded days, or a venue's driver (its own struct, as bytes). sessions: NYSE days ended so far;
 * in_session: the NYSE has closed on the date that has not ended yet. */
struct market_place {
	uint64_t sessions, in_session;
	union { struct market_replay recorded; uint8_t driver[COMMIT_PLACE_BYTES]; } of;
};
_Static_assert(sizeof(struct market_replay) <= COMMIT_PLACE_BYTES, "raise COMMIT_PLACE_BYTES");

struct feed_room { struct feed feed; struct market_place place; };

/* valid: 0 none yet, else slot + 1. */
#define COMMIT_SLOTS(type) { uint64_t valid; struct { struct commit_head head; type state; } slot[2]; }
struct feed_commit COMMIT_SLOTS(struct feed_room);
struct context_commit COMMIT_SLOTS(struct context);
struct analyst_commit COMMIT_SLOTS(struct analyst);
struct health_commit COMMIT_SLOTS(struct health);

/* One worker's two slots, whatever its state. state_bytes: what of it steps can change; the rest is as its init makes it. */
struct commit { uint64_t *valid; struct commit_head *head[2]; void *state[2]; size_t state_bytes; };
#define COMMIT_OF(region, bytes) \
	{ &(region)->valid, { &(region)->slot[0].head, &(region)->slot[1].head }, { &(region)->slot[0].state, &(region)->slot[1].state }, bytes }

void commit_write(const struct commit *commit, const struct commit_head *head, const void *state);
/* False: this worker has not done its first TICK. */
bool commit_read(const struct commit *commit, struct commit_head *head, void *state);

#endif
