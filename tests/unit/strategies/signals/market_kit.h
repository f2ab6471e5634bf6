/* market_kit.h - a market of generated bars for the tests of one strategy at a time. */
#ifndef TESTS_UNIT_STRATEGIES_SIGNALS_MARKET_KIT_H
#define TESTS_UNIT_STRATEGIES_SIGNALS_MARKET_KIT_H
#include <math.h>
#include <string.h>

#include "strategies/signals/signal.h"
#include "tests/kit/test.h"

static struct market    market;
static struct signal    out[ASSETS_MAX];
static struct factors   factors[ASSETS_MAX];
static double           room[STRATEGY_STATE_MAX / sizeof(double)];
static double           setting[SETTINGS_MAX];
static enum strategy_id running;
static uint64_t         seed = 88172645463325252u;

/* 0..1, the same on every machine (xorshift64*). */
static inline double uniform(void)
{
	seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
	return (double)((seed * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

static inline void begin(enum strategy_id id, uint32_t assets)
{
	memset(&market, 0, sizeof market);
	market.assets = assets;
	market.vix = 15;
	running = id;
	for (uint32_t i = 0; i < ASSETS_MAX; i++) factors_init(&factors[i], 252);
	strategy_settings(strategy_of(id), setting);
	strategy_of(id)->init(room, setting);
}

static inline double *set(const char *name)
{
	const struct strategy *strategy = strategy_of(running);
	for (uint32_t i = 0; i < strategy->settings; i++) if (strcmp(strategy->setting[i].name, name) == 0) return &setting[i];
	test_check(false, __FILE__, __LINE__, name);
	return &setting[0];
}

/* A new bar for the next turn: one price, with 1 % of range. */
static inline void bar(uint32_t asset, double price)
{
	market.asset[asset].bar = (struct factor_bar){ price, price * 1.005, price * 0.995, price, price, 1000 };
	market.asset[asset].fresh = true;
	CHECK(factors_push(&factors[asset], &market.asset[asset].bar));
	factors_row(&factors[asset], &market.asset[asset].factors);
}

static inline void turn(void)
{
	strategy_step(running, room, setting, &market, out);
	for (uint32_t i = 0; i < market.assets; i++) market.asset[i].fresh = false;
	market.day++;
}

/* A turn without news says what the last one said. */
static inline void check_repeats(void)
{
	static struct signal said[ASSETS_MAX];
	memcpy(said, out, sizeof said);
	turn();
	for (uint32_t i = 0; i < market.assets; i++) {
		CHECK(said[i].grade == out[i].grade && said[i].reason == out[i].reason);
		CHECK(said[i].confidence == out[i].confidence && said[i].target_weight == out[i].target_weight);
	}
}

#endif
