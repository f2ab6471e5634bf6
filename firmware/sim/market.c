/* market.c - the market of a seed: the generated one, in most seeds with waves so that there is something to trade, in two of three with little volume. */
#include "firmware/sim/parts.h"
#include "fsm/hash.h"
#include "hal/replay/generate.h"
#include "hal/sim/chance.h"

enum {
	CALM_SEEDS = 4,          /* one in so many has no waves */
	CLIMB_DAYS = 120,        /* before the first session all climbs: momentum wants to buy then */
	CLIMB_BP = 30,           /* bp a day */
	WAVE_DAYS = 10,          /* at most, of one wave */
	WAVE_BP = 250,           /* bp a day at most, up or down */
	FACTOR_MOST = 3,         /* so far above or below the generated price, then back */
	PAY_DAYS = 9,            /* sessions from one dividend to the next */
	PAY_BP = 80,
	LIQUID_SEEDS = 3,        /* one in so many has volume for every order */
	THIN_LEAST_USD = 10000,  /* USD a day in one symbol, of which the venue gives 1 % to one fill */
	THIN_MOST_USD = 1000000
};

struct wave { uint64_t chance; int64_t factor_e8; int32_t left, drift_bp; };

static void next_wave(struct wave *wave)
{
	int32_t bp = 1 + (int32_t)chance_below(&wave->chance, WAVE_BP);
	bool    is_up = wave->factor_e8 < E8 / FACTOR_MOST || (wave->factor_e8 < FACTOR_MOST * E8 && chance_below(&wave->chance, 2) == 0);
	wave->left = 1 + (int32_t)chance_below(&wave->chance, WAVE_DAYS);
	wave->drift_bp = is_up ? bp : -bp;
}

/* The open stands where the last close was, so that no gap comes in. */
static void ride(struct wave *wave, struct bar *bar, bool is_trading)
{
	int64_t before_e8 = wave->factor_e8, open_px_e8 = e8_mul(bar->open_px_e8, before_e8);
	if (is_trading && wave->left-- <= 0) next_wave(wave);
	wave->factor_e8 += e8_bp(wave->factor_e8, is_trading ? wave->drift_bp : CLIMB_BP);
	bar->close_px_e8 = bar->adj_px_e8 = e8_mul(bar->close_px_e8, wave->factor_e8);
	bar->open_px_e8 = open_px_e8;
	bar->high_px_e8 = e8_max(e8_mul(bar->high_px_e8, wave->factor_e8), e8_max(open_px_e8, bar->close_px_e8));
	bar->low_px_e8 = e8_min(e8_mul(bar->low_px_e8, wave->factor_e8), e8_min(open_px_e8, bar->close_px_e8));
}

static void make_waves(struct bars *bars, uint64_t seed, int32_t first_day)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		struct bars_series *series = &bars->of[sym];
		struct wave         wave = { .chance = hash_u64(seed, sym), .factor_e8 = E8 };
		if (universe[sym].asset_class == ASSET_INDEX) continue;
		for (uint32_t i = 0; i < series->count; i++)
			if (series->bar[i].day >= first_day - CLIMB_DAYS) ride(&wave, &series->bar[i], series->bar[i].day >= first_day);
	}
}

/* So little is traded that orders are filled in parts, and that some are not filled before they expire: the venue gives a share of a day's volume. */
static void make_thin(struct bars *bars)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		for (uint32_t i = 0; i < bars->of[sym].count; i++) {
			struct bar *bar = &bars->of[sym].bar[i];
			int64_t     usd = THIN_LEAST_USD + bar->volume % THIN_MOST_USD;
			bar->volume = 1 + usd * E8 / bar->close_px_e8;
		}
}

/* Each symbol in another rhythm; the adjusted prices before the day are lower by what is paid. */
static void pay_dividends(struct bars *bars, uint64_t seed, int32_t first_day)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		struct bars_series *series = &bars->of[sym];
		uint64_t            chance = hash_u64(seed ^ 1, sym);
		if (universe[sym].asset_class == ASSET_INDEX || universe[sym].asset_class == ASSET_CRYPTO) continue;
		for (uint32_t at = (uint32_t)chance_below(&chance, PAY_DAYS) + 1; at < series->count; at += PAY_DAYS) {
			if (series->bar[at].day < first_day) continue;
			for (uint32_t i = 0; i < at; i++) series->bar[i].adj_px_e8 -= e8_bp(series->bar[i].adj_px_e8, PAY_BP);
		}
	}
}

void house_market(struct bars *bars, uint64_t seed, int32_t from_day, int32_t first_day, int32_t to_day)
{
	uint64_t habit = hash_mix(seed);
	generate_bars(bars, seed, from_day, to_day);
	if (habit % CALM_SEEDS != 0) make_waves(bars, seed, first_day);
	pay_dividends(bars, seed, first_day);
	if ((habit >> 32) % LIQUID_SEEDS != 0) make_thin(bars);
}
