/* shares.c - the rows of config.h in the order of STRATEGIES. */
#include "fsm/desk/shares.h"

#define SHARE_ROW(name) SETTING_share_##name##_bp,
static const enum setting_id share_row[STRATEGY_COUNT] = { STRATEGIES(SHARE_ROW) };

int32_t strategy_share_bp(const struct settings *settings, int strategy)
{
	BUG_UNLESS(1260, strategy >= 0 && strategy < STRATEGY_COUNT);
	return setting(settings, share_row[strategy]);
}
