/* analyst.h - factors and strategies: from bars to signals, once a cycle.
 *
 * Inputs   BAR, FUNDING, REGIME (sampled), TICK.
 * Outputs  a SIGNAL for each strategy and each symbol with a new bar, then CYCLE: the desk decides when it has seen that.
 *          Signals at or above confidence_min_bp travel in the desk's second queue, the rest in its third (P5).
 * A TICK CLOSE of a calendar ends a cycle for the symbols of that calendar. Weights, confidence and volatility leave floating point here.
 * Comes back by REBUILD: bars are read again. Rows S1, S2, D6. */
#ifndef FIRMWARE_WORKERS_ANALYST_H
#define FIRMWARE_WORKERS_ANALYST_H
#include "fsm/feed/feature_cache.h"
#include "fsm/settings.h"
#include "fsm/worker.h"
#include "strategies/signals/signal.h"

/* The states of all strategies, one behind the other: the sum of their sizes, and a little for one more. */
enum { ANALYST_ROOM_BYTES = 672 * 1024 };

struct analyst {
	struct settings      settings;
	uint64_t             cycles;
	bool                 runs_all;            /* strategies without a share too: for people who ask, the desk is at rest */
	struct factors       factors[UNIVERSE_N];
	struct market        market;
	struct feature_cache features;
	uint64_t             hash[UNIVERSE_N];    /* of each symbol's latest row */
	double               setting[STRATEGY_COUNT][SETTINGS_MAX];
	struct signal        said[ASSETS_MAX];
	uint32_t             state_at[STRATEGY_COUNT];        /* bytes into room */
	uint32_t             running_bytes, pad;              /* of room: the states of strategies that run stand first */
	_Alignas(16) uint8_t room[ANALYST_ROOM_BYTES];
};
_Static_assert((int)UNIVERSE_N <= (int)ASSETS_MAX, "raise ASSETS_MAX");
_Static_assert((int)STRATEGY_COUNT * (int)UNIVERSE_N + 1 <= (int)OUTBOX_MAX, "a cycle fits the outbox");

void analyst_init(struct analyst *analyst, const struct settings *settings);
void analyst_step(void *self, const struct event *in, struct outbox *out);
/* From the beginning of the struct: what steps change. The rest is as analyst_init makes it, so a successor needs no copy of it. */
size_t analyst_live_bytes(const struct analyst *analyst);

#endif
