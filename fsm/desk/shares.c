/* shares.c - the rows of config.h, found by strategy. */
#include "fsm/desk/shares.h"

struct share_row { bool given; uint16_t setting; };
#define SHARE_ROW(X, strategy, value, why) [STRATEGY_##strategy] = { true, SETTING_share_##strategy##_bp },
static const struct share_row share_row[STRATEGY_COUNT] = { SHARES(SHARE_ROW, ) };

int32_t strategy_share_bp(const struct settings *settings, int strategy)
{
	BUG_UNLESS(1260, strategy >= 0 && strategy < STRATEGY_COUNT);
	return share_row[strategy].given ? setting(settings, (enum setting_id)share_row[strategy].setting) : 0;
}

bool strategy_share_only(struct settings *settings, int strategy)
{
	BUG_UNLESS(1261, strategy >= 0 && strategy < STRATEGY_COUNT);
	if (!share_row[strategy].given) return false;
	for (int s = 0; s < STRATEGY_COUNT; s++)
		if (share_row[s].given) settings->value[share_row[s].setting] = s == strategy ? BP_ONE : 0;
	return true;
}
