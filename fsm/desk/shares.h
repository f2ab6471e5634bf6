/* shares.h - how much of the target each strategy gives: the rows SHARES of config.h.
 *
 * A strategy without a row, or with share 0, is off: the analyst does not run it (P14); `tickwork signals` still shows what it would say.
 * The shares together are at most one (fsm/settings.h proves it). Rows S1, P14, P20. */
#ifndef FSM_DESK_SHARES_H
#define FSM_DESK_SHARES_H
#include "fsm/settings.h"
#include "strategies/signals/signal.h"

/* 0..BP_ONE. */
int32_t strategy_share_bp(const struct settings *settings, int strategy);
/* That strategy gives all of the target, the others are off; false, and nothing changes, for one without a row. */
bool strategy_share_only(struct settings *settings, int strategy);

#endif
