/* shares.h - how much of the target each strategy gives: one row share_NAME_bp of config.h for each row of STRATEGIES.
 *
 * A strategy without a row does not compile. Share 0 switches it off: the analyst does not run it (P14); `tickwork signals` still shows what
 * it would say. The shares together are at most one. Rows S1, P14, P20. */
#ifndef FSM_DESK_SHARES_H
#define FSM_DESK_SHARES_H
#include "fsm/settings.h"
#include "strategies/signals/signal.h"

#define SHARE_CFG(name) +CFG_share_##name##_bp
_Static_assert((0 STRATEGIES(SHARE_CFG)) <= BP_ONE, "config.h: shares of the target exceed one");

/* The setting that holds it. */
enum setting_id strategy_share_row(int strategy);
/* 0..BP_ONE. */
int32_t strategy_share_bp(const struct settings *settings, int strategy);

#endif
