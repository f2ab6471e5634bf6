/* batch_test.c - the batch forms that add in another order: every length and period, the laws of their sums, and their edges. */
#include <math.h>
#include <string.h>

#include "strategies/factors/atr.h"
#include "strategies/factors/bollinger.h"
#include "strategies/factors/sma.h"
#include "strategies/factors/tree.h"
#include "tests/kit/test.h"

enum { PRICES = 2200 };

static double high[PRICES], low[PRICES], close[PRICES], out[3][PRICES], other[3][PRICES];
static uint64_t seed = 88172645463325252u;

static double uniform(void)
{
	seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
	return (double)((seed * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

static void walk(void)
{
	double price = 100;
	for (size_t i = 0; i < PRICES; i++) {
		close[i] = price *= 1 + 0.03 * (uniform() - 0.5);
		high[i] = price * (1 + 0.01 * uniform());
		low[i] = price * (1 - 0.01 * uniform());
	}
}

static bool near(double got, double want, double relative) { return fabs(got - want) <= relative * fabs(want); }

/* Lengths about the ends of blocks. */
static size_t length_of(uint32_t period, size_t k)
{
	const size_t outputs[] = { 1, 2, 63, TREE_BLOCK - 1, TREE_BLOCK, TREE_BLOCK + 1, TREE_BLOCK + TREE_PAD, 2 * TREE_BLOCK, PRICES };
	return k < sizeof outputs / sizeof outputs[0] && outputs[k] + period - 1 < PRICES ? outputs[k] + period - 1 : PRICES;
}
enum { LENGTHS = 9 };

/* Every place of the window once, in order. */
TEST(t_D6_a_window_is_cut_into_terms)
{
	for (uint32_t period = 1; period <= WINDOW_SUM_MAX; period++) {
		struct tree tree;
		uint32_t    next = 0;
		tree_init(&tree, period);
		CHECK(tree.terms <= TREE_TERMS_MAX && tree.levels <= TREE_LEVELS);
		for (uint32_t k = 0; k < tree.terms; k++) {
			CHECK_EQ(tree.offset[k], next);
			next += 1u << (2 * tree.level[k]);
		}
		CHECK_EQ(next, period);
		CHECK_EQ(tree.level[tree.terms - 1] + 1, tree.levels);
	}
}

TEST(t_D6_sma_batch_of_every_period)
{
	walk();
	for (uint32_t period = 1; period <= WINDOW_SUM_MAX; period++) {
		for (size_t k = 0; k < LENGTHS; k++) {
			size_t     count = length_of(period, k);
			struct sma sma;
			sma_init(&sma, period);
			CHECK_EQ(sma_batch(period, close, count, out[0]), count - period + 1);
			for (size_t i = 0; i < count; i++) {
				CHECK(sma_push(&sma, close[i]));
				if (sma_ready(&sma)) CHECK(near(out[0][i + 1 - period], sma_value(&sma), 1e-13));
			}
		}
	}
}

TEST(t_S1_bollinger_batch_of_every_period)
{
	walk();
	for (uint32_t period = 2; period <= WINDOW_MOMENTS_MAX; period++) {
		for (size_t k = 0; k < LENGTHS; k++) {
			size_t           count = length_of(period, k);
			struct bollinger bollinger;
			bollinger_init(&bollinger, period, 2);
			CHECK_EQ(bollinger_batch(period, 2, close, count, out[0], out[1], out[2]), count - period + 1);
			for (size_t i = 0; i < count; i++) {
				CHECK(bollinger_push(&bollinger, close[i]));
				if (!bollinger_ready(&bollinger)) continue;
				struct bollinger_bands bands = bollinger_value(&bollinger);
				size_t                 at = i + 1 - period;
				CHECK(near(out[1][at], bands.middle, 1e-14) && near(out[0][at] - out[1][at], bands.upper - bands.middle, 1e-12));
				CHECK(near(out[2][at], bands.lower, 1e-13));
			}
		}
	}
}

TEST(t_D6_atr_batch_of_every_period)
{
	const size_t counts[] = { 1, 2, 63, 64, 65, 128, 1000 };
	walk();
	for (uint32_t period = 1; period <= 300; period++) {
		for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
			size_t     count = counts[k] + period;
			struct atr atr;
			atr_init(&atr, period);
			CHECK_EQ(atr_batch(period, high, low, close, count, out[0]), counts[k]);
			for (size_t i = 0; i < count; i++) {
				CHECK(atr_push(&atr, high[i], low[i], close[i]));
				if (atr_ready(&atr)) CHECK(near(out[0][i - period], atr_value(&atr), 1e-13));
			}
		}
	}
}

/* The same window gives the same bits wherever it lies: so a spike leaves no trace, and a million values drift no more than these. */
TEST(t_D6_a_window_remembers_nothing)
{
	walk();
	close[700] *= 1e9;
	for (uint32_t period = 20; period <= 60; period += 10) {
		CHECK(sma_batch(period, close, PRICES, out[0]) > 0);
		CHECK(sma_batch(period, close + 701, PRICES - 701, other[0]) > 0);
		CHECK(memcmp(out[0] + 701, other[0], (PRICES - 701 - period + 1) * sizeof(double)) == 0);
		CHECK(bollinger_batch(period, 2, close, PRICES, out[0], out[1], out[2]) > 0);
		CHECK(bollinger_batch(period, 2, close + 701, PRICES - 701, other[0], other[1], other[2]) > 0);
		for (int band = 0; band < 3; band++) CHECK(memcmp(out[band] + 701, other[band], (PRICES - 701 - period + 1) * sizeof(double)) == 0);
	}
}

TEST(t_S1_bollinger_batch_of_equal_prices_meets)
{
	for (uint32_t period = 2; period <= WINDOW_MOMENTS_MAX; period++) {
		for (size_t i = 0; i < 300; i++) close[i] = i < 150 ? 1 + 0.1 * (double)i : 12.34567;
		CHECK_EQ(bollinger_batch(period, 2, close, 300, out[0], out[1], out[2]), 301 - period);
		for (size_t i = 150; i + period <= 300; i++) CHECK(out[0][i] == 12.34567 && out[1][i] == 12.34567 && out[2][i] == 12.34567);
	}
}

/* Wherever it lies: in the first block, between, in the last. */
TEST(t_D6_batch_with_one_bad_price_is_empty)
{
	const size_t places[] = { 0, 19, 20, 513, 1024, PRICES - 65, PRICES - 1 };
	const double bad[] = { NAN, INFINITY, 0, -1 };
	walk();
	for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
		for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
			size_t at = places[p];
			double kept = close[at], kept_low = low[at];
			close[at] = bad[b];
			CHECK_EQ(sma_batch(20, close, PRICES, out[0]), 0);
			CHECK_EQ(bollinger_batch(20, 2, close, PRICES, out[0], out[1], out[2]), 0);
			CHECK_EQ(atr_batch(14, high, low, close, PRICES, out[0]), 0);
			close[at] = kept;
			low[at] = bad[b];
			CHECK_EQ(atr_batch(14, high, low, close, PRICES, out[0]), 0);
			low[at] = high[at] * 1.001;
			CHECK_EQ(atr_batch(14, high, low, close, PRICES, out[0]), 0);
			low[at] = kept_low;
		}
	}
	CHECK_EQ(atr_batch(14, high, low, close, PRICES, out[0]), PRICES - 14);
}
