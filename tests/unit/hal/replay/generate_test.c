/* generate_test.c - the walk keeps the promises of recorded bars, and gives the same bars for a seed wherever it is built. */
#include "hal/replay/generate.h"

#include <math.h>
#include <string.h>

#include "fsm/hash.h"
#include "hal/replay/market.h"
#include "tests/kit/test.h"

static struct bars   bars;
static struct market_replay market;

static uint64_t hash_bars(void)
{
	uint64_t hash = HASH_SEED;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) hash = hash_words(hash, bars.of[sym].bar, bars.of[sym].count * sizeof(struct bar));
	return hash_end(hash);
}

TEST(t_D1_generated_bars_are_good_bars)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		uint32_t bad = 0;
		generate_bars(&bars, seed, day_from_civil(2007, 1, 1), day_from_civil(2022, 12, 31));
		for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
			for (uint32_t i = 0; i < bars.of[sym].count; i++) {
				const struct bar *bar = &bars.of[sym].bar[i];
				bad += bar->low_px_e8 < 1000000 || bar->low_px_e8 > bar->open_px_e8 || bar->low_px_e8 > bar->close_px_e8;
				bad += bar->high_px_e8 < bar->open_px_e8 || bar->high_px_e8 < bar->close_px_e8 || bar->high_px_e8 > BARS_PX_MAX_USD * E8;
				bad += bar->close_px_e8 % 1000000 != 0 || bar->adj_px_e8 != bar->close_px_e8 || bar->volume < 0;
				bad += i > 0 && bar->day <= bar[-1].day;
			}
		}
		CHECK_EQ(bad, 0);
		CHECK_EQ(bars.of[universe_find("SPY", 3)].count, 4028);
		CHECK_EQ(bars.of[universe_find("BTC-USD", 7)].count, 3028);
	}
}

TEST(t_D1_a_generated_market_has_no_faults)
{
	generate_bars(&bars, 1, day_from_civil(2012, 1, 1), day_from_civil(2016, 12, 31));
	market_init(&market, &bars, day_from_civil(2012, 1, 1), day_from_civil(2016, 12, 31));
	CHECK_EQ(market.faults, 0);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) CHECK_EQ(market.quality[sym].dividends, 0);
	CHECK_EQ(market.begins[CALENDAR_CRYPTO], day_from_civil(2014, 9, 17));
}

/* Integers only: this number is the same for gcc, clang, musl, glibc, with and without optimisation. */
TEST(t_D1_a_seed_gives_the_same_bars_everywhere)
{
	generate_bars(&bars, 1, day_from_civil(2007, 1, 1), day_from_civil(2022, 12, 31));
	uint64_t first = hash_bars();
	generate_bars(&bars, 2, day_from_civil(2007, 1, 1), day_from_civil(2022, 12, 31));
	CHECK(hash_bars() != first);
	CHECK_EQ(first, INT64_C(458454567507608479));
}

static double volatility_of(const char *symbol)
{
	const struct bars_series *series = &bars.of[universe_find(symbol, strlen(symbol))];
	double                    squares = 0;
	for (uint32_t i = 1; i < series->count; i++) squares += pow((double)series->bar[i].close_px_e8 / (double)series->bar[i - 1].close_px_e8 - 1, 2);
	return sqrt(squares / series->count * 252);
}

TEST(t_D1_the_walk_looks_like_markets_do)
{
	generate_bars(&bars, 1, day_from_civil(2007, 1, 1), day_from_civil(2022, 12, 31));
	CHECK(volatility_of("SPY") > 0.10 && volatility_of("SPY") < 0.22);
	CHECK(volatility_of("TIP") < volatility_of("SPY"));
	CHECK(volatility_of("BTC-USD") > 0.4 && volatility_of("BTC-USD") < 0.9);
	const struct bars_series *vix = &bars.of[universe_find("VIX", 3)];
	uint32_t                  calm = 0, high = 0;
	for (uint32_t i = 0; i < vix->count; i++) {
		calm += vix->bar[i].close_px_e8 < 20 * E8;
		high += vix->bar[i].close_px_e8 > 30 * E8;
	}
	CHECK(calm > vix->count / 3);
	CHECK(high > vix->count / 100);
}
