/* driver_carry.c - test-only: funding rates of two venues on stdin, one turn a line; grade,confidence,target_weight,reason on stdout. */
#include <stdio.h>

#include "strategies/signals/signal.h"

static struct market market;
static struct signal out[ASSETS_MAX];
static double        room[STRATEGY_STATE_MAX / sizeof(double)], setting[SETTINGS_MAX];

int main(void)
{
	double one, two;
	market.assets = 1;
	market.vix = 15;
	strategy_settings(&carry_strategy, setting);
	carry_strategy.init(room, setting);
	printf("grade,confidence,target_weight,paused\n");
	while (scanf("%lf,%lf", &one, &two) == 2) {
		funding_add(&market.funding[0][FUNDING_BINANCE], one);
		funding_add(&market.funding[0][FUNDING_BYBIT], two);
		strategy_step(STRATEGY_carry, room, setting, &market, out);
		printf("%u,%.17g,%.17g,%d\n", out[0].grade, out[0].confidence, out[0].target_weight, out[0].reason == REASON_CARRY_PAUSED);
	}
	return 0;
}
