/* feed.h - market truth: takes the market's events, believes them or not, and hands them on.
 *
 * Inputs   PRICE, BAR, DIVIDEND, TICK of the market (recorded, generated or a venue's).
 * Outputs  PRICE (to the prices region), BAR, DIVIDEND and TICK (to the workers), QUARANTINE for what was not believed.
 * A price or bar that moved more than bar_jump_max_bp against the last believed close is quarantined (D3); when the next one lies as far
 * away too, the new level is believed. An index (VIX) may jump: it is what says EXTREME. Comes back by REGION. Rows D3, P6. */
#ifndef FIRMWARE_WORKERS_FEED_H
#define FIRMWARE_WORKERS_FEED_H
#include "fsm/settings.h"
#include "fsm/worker.h"

enum { FEED_FAULT_JUMP = 1, FEED_FAULT_NOT_A_PRICE = 2 };

struct feed {
	struct settings settings;
	int64_t         last_px_e8[UNIVERSE_N];         /* last believed */
	int64_t         doubted_px_e8[UNIVERSE_N];      /* last quarantined, 0 when none */
	uint64_t        ticks, quarantined;
};

void feed_init(struct feed *feed, const struct settings *settings);
void feed_step(void *self, const struct event *in, struct outbox *out);

#endif
