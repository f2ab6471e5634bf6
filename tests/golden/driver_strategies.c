/* driver_strategies.c - test-only: NAME ASSETS HAVEN... as arguments; day,asset,open,high,low,close,adj_close,volume on stdin, in order of
 * days, asset ASSETS being the VIX; on stdout one row a day and asset: day,asset,grade,confidence,target_weight. For strategies_ref.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strategies/signals/signal.h"

static struct market  market;
static struct factors factors[ASSETS_MAX];
static struct signal  out[ASSETS_MAX];
static double         room[STRATEGY_STATE_MAX / sizeof(double)], setting[SETTINGS_MAX];

static void turn(enum strategy_id id)
{
	strategy_step(id, room, setting, &market, out);
	for (uint32_t i = 0; i < market.assets; i++) {
		printf("%d,%u,%u,%.17g,%.17g\n", market.day, i, out[i].grade, out[i].confidence, out[i].target_weight);
		market.asset[i].fresh = false;
	}
}

static int put(uint32_t asset, const struct factor_bar *bar)
{
	if (asset == market.assets) {
		market.vix = bar->close;
		return 0;
	}
	if (asset > market.assets || !factors_push(&factors[asset], bar)) return 2;
	market.asset[asset].bar = *bar;
	market.asset[asset].fresh = true;
	factors_row(&factors[asset], &market.asset[asset].factors);
	return 0;
}

int main(int argc, char **argv)
{
	enum strategy_id  id = 0;
	struct factor_bar bar;
	uint32_t          asset;
	int               day;
	while (argc > 2 && id < STRATEGY_COUNT && strcmp(strategy_of(id)->name, argv[1]) != 0) id++;
	if (argc < 3 || id == STRATEGY_COUNT) return 2;
	market.assets = (uint32_t)strtoul(argv[2], 0, 10);
	if (market.assets > ASSETS_MAX) return 2;
	for (int i = 3; i < argc; i++) market.asset[strtoul(argv[i], 0, 10) % ASSETS_MAX].roles = ROLE_SAFE_HAVEN;
	for (uint32_t i = 0; i < market.assets; i++) factors_init(&factors[i], 252);
	strategy_settings(strategy_of(id), setting);
	strategy_of(id)->init(room, setting);
	printf("day,asset,grade,confidence,target_weight\n");
	market.day = -1;
	while (scanf("%d,%u,%lf,%lf,%lf,%lf,%lf,%lf", &day, &asset, &bar.open, &bar.high, &bar.low, &bar.close, &bar.adj_close, &bar.volume) == 8) {
		if (day != market.day && market.day >= 0) turn(id);
		market.day = day;
		if (put(asset, &bar)) return 2;
	}
	turn(id);
	return 0;
}
