/* shares.c - the rows of config.h in the order of STRATEGIES. */
#include "fsm/desk/shares.h"

#define SHARE_ROW(name) SETTING_share_##name##_bp,
static const enum setting_id share_row[STRATEGY_COUNT] = { STRATEGIES(SHARE_ROW) };

enum setting_id strategy_share_row(int strategy)
{
	BUG_UNLESS(1260, strategy >= 0 && strategy < STRATEGY_COUNT);
	return share_row[strategy];
}

int32_t strategy_share_bp(const struct settings *settings, int strategy) { return setting(settings, strategy_share_row(strategy)); }
