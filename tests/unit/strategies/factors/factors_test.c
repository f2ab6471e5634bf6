/* factors_test.c - each factor by hand, against its golden files, at its edges, and without drift or look-ahead. */
#include "strategies/factors/factors.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit/test.h"
#include "tests/unit/strategies/golden.h"

/* xorshift64*: the same walk on every machine. */
static uint64_t seed = 88172645463325252u;
static double uniform(void)
{
	seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
	return (double)((seed * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

static struct factor_bar bar_of(double price) { return (struct factor_bar){ price, price * 1.01, price * 0.99, price, price, 100 }; }

static struct factor_bar random_bar(double *price)
{
	*price *= 1 + 0.04 * (uniform() - 0.5);
	if (*price < 1 || *price > 1e6) *price = 100;
	struct factor_bar bar = bar_of(*price);
	bar.adj_close = *price * 0.9;
	return bar;
}

TEST(t_D6_sma_by_hand)
{
	struct sma sma;
	sma_init(&sma, 3);
	CHECK(sma_push(&sma, 1) && sma_push(&sma, 2) && !sma_ready(&sma));
	CHECK(sma_push(&sma, 6) && sma_ready(&sma));
	CHECK(sma_value(&sma) == 3);
	CHECK(sma_push(&sma, 10) && sma_value(&sma) == 6);
	CHECK(sma_push(&sma, 2) && sma_value(&sma) == 6);
	CHECK(sma_push(&sma, 3) && sma_value(&sma) == 5);
}

TEST(t_D6_ema_by_hand)
{
	struct ema ema;
	ema_init(&ema, 3);      /* alpha 1/2 */
	CHECK(ema_push(&ema, 1) && ema_push(&ema, 2) && !ema_ready(&ema));
	CHECK(ema_push(&ema, 6) && ema_value(&ema) == 3);
	CHECK(ema_push(&ema, 5) && ema_value(&ema) == 4);
	CHECK(ema_push(&ema, 8) && ema_value(&ema) == 6);
}

TEST(t_D6_rsi_by_hand)
{
	struct rsi rsi;
	rsi_init(&rsi, 2);
	CHECK(rsi_push(&rsi, 10) && rsi_push(&rsi, 13) && !rsi_ready(&rsi));
	CHECK(rsi_push(&rsi, 12));              /* gain 3/2, loss 1/2 */
	CHECK_NEAR(rsi_value(&rsi), 75, 1e-15);
	CHECK(rsi_push(&rsi, 12));              /* gain 3/4, loss 1/4 */
	CHECK_NEAR(rsi_value(&rsi), 75, 1e-15);
	CHECK(rsi_push(&rsi, 14));              /* gain 11/8, loss 1/8 */
	CHECK_NEAR(rsi_value(&rsi), 100 * 11.0 / 12, 1e-15);
}

TEST(t_D6_atr_by_hand)
{
	struct atr atr;
	atr_init(&atr, 2);
	CHECK(atr_push(&atr, 11, 9, 10) && atr_push(&atr, 12, 11, 12) && !atr_ready(&atr));    /* 12 - 10 */
	CHECK(atr_push(&atr, 10, 8, 9) && atr_value(&atr) == 3);                                /* 12 - 8 */
	CHECK(atr_push(&atr, 10, 9, 10) && atr_value(&atr) == 2);                               /* 10 - 9 */
	CHECK(!atr_push(&atr, 9, 10, 9.5) && atr_value(&atr) == 2);
}

TEST(t_D6_momentum_by_hand)
{
	struct momentum momentum;
	momentum_init(&momentum, 2);
	CHECK(momentum_push(&momentum, 8) && momentum_push(&momentum, 9) && !momentum_ready(&momentum));
	CHECK(momentum_push(&momentum, 10) && momentum_value(&momentum) == 0.25);
	CHECK(momentum_push(&momentum, 4.5) && momentum_value(&momentum) == -0.5);
}

TEST(t_D6_volatility_by_hand)
{
	struct volatility volatility;
	volatility_init(&volatility, 2, 252);
	CHECK(volatility_push(&volatility, 100) && volatility_push(&volatility, 150) && !volatility_ready(&volatility));
	CHECK(volatility_push(&volatility, 75));        /* returns 1/2, -1/2: sample deviation sqrt(1/2) */
	CHECK_NEAR(volatility_value(&volatility), sqrt(0.5) * sqrt(252), 1e-15);
	CHECK(volatility_push(&volatility, 37.5));      /* -1/2, -1/2 */
	CHECK(volatility_value(&volatility) == 0);
}

TEST(t_D6_zscore_by_hand)
{
	struct zscore zscore;
	zscore_init(&zscore, 4);
	CHECK(zscore_push(&zscore, 2) && zscore_push(&zscore, 4) && zscore_push(&zscore, 4) && !zscore_ready(&zscore));
	CHECK(zscore_push(&zscore, 6));         /* mean 4, variance 2 */
	CHECK_NEAR(zscore_value(&zscore), sqrt(2), 1e-15);
}

static void compare_golden(const char *path)
{
	static struct golden  golden;
	static struct factors factors;
	struct factor_row     row;
	if (!golden_read(&golden, path)) SKIP("golden files are read from the root of the tree");
	factors_init(&factors, strstr(path, "tiny") ? 365 : 252);
	for (int at = 0; at < golden.rows; at++) {
		const double     *cell = golden.cell[at];
		struct factor_bar bar = { cell[0], cell[1], cell[2], cell[3], cell[4], cell[5] };
		CHECK(factors_push(&factors, &bar));
		factors_row(&factors, &row);
		CHECK_EQ(row.bars_seen, at + 1);
		for (enum factor f = 0; f < FACTOR_COUNT; f++) {
			double want = cell[golden_column(&golden, factor_name(f))];
			CHECK_EQ(row.ready[f], !isnan(want));
			CHECK_EQ(row.ready[f], row.bars_seen >= factor_bars_needed(f));
			if (!row.ready[f]) CHECK(row.value[f] == 0);
			else if (f == FACTOR_ZSCORE_20) CHECK(fabs(row.value[f] - want) <= 1e-9);
			else if (f == FACTOR_MOMENTUM_60 || f == FACTOR_MOMENTUM_120) CHECK(fabs(row.value[f] - want) <= 1e-15 + 1e-12 * fabs(want));
			else CHECK_NEAR(row.value[f], want, 1e-12);
		}
	}
}

TEST(t_D6_golden_walk) { compare_golden("tests/golden/factors/walk.csv"); }
TEST(t_D6_golden_tiny) { compare_golden("tests/golden/factors/tiny.csv"); }
TEST(t_D6_golden_huge) { compare_golden("tests/golden/factors/huge.csv"); }
TEST(t_D6_golden_split) { compare_golden("tests/golden/factors/split.csv"); }
TEST(t_D6_golden_spike) { compare_golden("tests/golden/factors/spike.csv"); }
TEST(t_D6_golden_flat) { compare_golden("tests/golden/factors/flat.csv"); }
TEST(t_D6_golden_half_flat) { compare_golden("tests/golden/factors/half_flat.csv"); }

enum { BATCH = 1000 };

/* Bit for bit, but for the averages and the range, whose batch forms add in another order. */
TEST(t_D6_batch_is_streaming)
{
	static double         high[BATCH], low[BATCH], close[BATCH], adj[BATCH], out[FACTOR_COUNT][BATCH];
	static struct factors factors;
	struct factor_row     row;
	double                price = 100;
	size_t                written[FACTOR_COUNT];
	static struct factor_bar bar[BATCH];
	for (int i = 0; i < BATCH; i++) {
		bar[i] = random_bar(&price);
		high[i] = bar[i].high, low[i] = bar[i].low, close[i] = bar[i].close, adj[i] = bar[i].adj_close;
	}
	written[FACTOR_SMA_20] = sma_batch(20, close, BATCH, out[FACTOR_SMA_20]);
	written[FACTOR_SMA_50] = sma_batch(50, close, BATCH, out[FACTOR_SMA_50]);
	written[FACTOR_SMA_200] = sma_batch(200, close, BATCH, out[FACTOR_SMA_200]);
	written[FACTOR_EMA_20] = ema_batch(20, close, BATCH, out[FACTOR_EMA_20]);
	written[FACTOR_RSI_14] = rsi_batch(14, close, BATCH, out[FACTOR_RSI_14]);
	written[FACTOR_ATR_14] = atr_batch(14, high, low, close, BATCH, out[FACTOR_ATR_14]);
	written[FACTOR_MOMENTUM_60] = momentum_batch(60, adj, BATCH, out[FACTOR_MOMENTUM_60]);
	written[FACTOR_MOMENTUM_120] = momentum_batch(120, adj, BATCH, out[FACTOR_MOMENTUM_120]);
	written[FACTOR_VOLATILITY_20] = volatility_batch(20, 252, adj, BATCH, out[FACTOR_VOLATILITY_20]);
	written[FACTOR_VOLATILITY_60] = volatility_batch(60, 252, adj, BATCH, out[FACTOR_VOLATILITY_60]);
	written[FACTOR_ZSCORE_20] = zscore_batch(20, close, BATCH, out[FACTOR_ZSCORE_20]);
	for (enum factor f = 0; f < FACTOR_COUNT; f++) CHECK_EQ(written[f], BATCH + 1 - factor_bars_needed(f));
	factors_init(&factors, 252);
	for (uint32_t i = 0; i < BATCH; i++) {
		CHECK(factors_push(&factors, &bar[i]));
		factors_row(&factors, &row);
		for (enum factor f = 0; f < FACTOR_COUNT; f++) {
			if (row.ready[f]) CHECK_NEAR(row.value[f], out[f][i + 1 - factor_bars_needed(f)], f <= FACTOR_SMA_200 || f == FACTOR_ATR_14 ? 1e-13 : 0);
		}
	}
}

TEST(t_D6_batch_of_too_little_or_of_nonsense_is_empty)
{
	double price[5] = { 1, 2, 3, 4, 5 }, out[5];
	CHECK_EQ(sma_batch(6, price, 5, out), 0);
	CHECK_EQ(sma_batch(5, price, 5, out), 1);
	CHECK_EQ(sma_batch(1, price, 0, out), 0);
	CHECK_EQ(momentum_batch(5, price, 5, out), 0);
	CHECK_EQ(momentum_batch(4, price, 5, out), 1);
	price[3] = -1;
	CHECK_EQ(sma_batch(2, price, 5, out), 0);
	CHECK_EQ(ema_batch(2, price, 5, out), 0);
	CHECK_EQ(rsi_batch(2, price, 5, out), 0);
	CHECK_EQ(atr_batch(2, price, price, price, 5, out), 0);
	CHECK_EQ(momentum_batch(2, price, 5, out), 0);
	CHECK_EQ(volatility_batch(2, 252, price, 5, out), 0);
	CHECK_EQ(zscore_batch(2, price, 5, out), 0);
}

TEST(t_D6_bad_bars_are_refused_and_change_nothing)
{
	static struct factors factors, before;
	const double          bad[] = { 0, -1, NAN, INFINITY, -INFINITY, DBL_MIN, DBL_MAX };
	struct factor_bar     good = bar_of(100), bar;
	factors_init(&factors, 252);
	CHECK(factors_push(&factors, &good));
	memcpy(&before, &factors, sizeof before);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		double *field[] = { &bar.open, &bar.high, &bar.low, &bar.close, &bar.adj_close };
		for (int k = 0; k < 5; k++) {
			bar = good;
			*field[k] = bad[i];
			CHECK(!factors_push(&factors, &bar));
		}
	}
	bar = good, bar.high = good.low, bar.low = good.high;
	CHECK(!factors_push(&factors, &bar));
	bar = good, bar.volume = -1;
	CHECK(!factors_push(&factors, &bar));
	bar.volume = NAN;
	CHECK(!factors_push(&factors, &bar));
	bar.volume = 0;
	CHECK(memcmp(&before, &factors, sizeof before) == 0);
	CHECK(factors_push(&factors, &bar));
	CHECK_EQ(factors.bars_seen, 2);
}

/* Ten million updates, with a value a billion times the others every 100,003: the last window is as good as the first. */
TEST(t_D6_no_drift_after_ten_million)
{
	enum { UPDATES = 10000000, LAST = 64 };
	static struct sma        sma;
	static struct volatility volatility;
	static struct zscore     zscore;
	double                   price = 100, last[LAST], sum = 0, mean = 0, squares = 0;
	sma_init(&sma, 20);
	volatility_init(&volatility, 20, 252);
	zscore_init(&zscore, 20);
	for (int i = 0; i < UPDATES; i++) {
		double next = random_bar(&price).close * (i % 100003 == 0 ? 1e9 : 1);
		last[i % LAST] = next;
		if (!sma_push(&sma, next) || !volatility_push(&volatility, next) || !zscore_push(&zscore, next)) abort();
	}
	for (int i = UPDATES - 20; i < UPDATES; i++) sum += last[i % LAST];
	CHECK_NEAR(sma_value(&sma), sum / 20, 1e-14);
	for (int i = UPDATES - 20; i < UPDATES; i++) squares += (last[i % LAST] - sum / 20) * (last[i % LAST] - sum / 20);
	CHECK_NEAR(zscore_value(&zscore), (last[(UPDATES - 1) % LAST] - sum / 20) / sqrt(squares / 20), 1e-11);
	for (int i = UPDATES - 20; i < UPDATES; i++) mean += (last[i % LAST] / last[(i - 1) % LAST] - 1) / 20;
	squares = 0;
	for (int i = UPDATES - 20; i < UPDATES; i++) {
		double away = last[i % LAST] / last[(i - 1) % LAST] - 1 - mean;
		squares += away * away;
	}
	CHECK_NEAR(volatility_value(&volatility), sqrt(squares / 19) * sqrt(252), 1e-13);
}

TEST(t_D6_future_bars_do_not_change_the_past)
{
	static struct factors factors;
	static struct factor_row row[300], other[300];
	for (int run = 0; run < 2; run++) {
		double price = 100;
		seed = 7;
		factors_init(&factors, 252);
		for (int i = 0; i < 300; i++) {
			struct factor_bar bar = random_bar(&price);
			if (run && i >= 250) bar = bar_of(price * 3);
			CHECK(factors_push(&factors, &bar));
			factors_row(&factors, run ? &other[i] : &row[i]);
		}
	}
	CHECK(memcmp(row, other, 250 * sizeof *row) == 0);
	CHECK(row[250].value[FACTOR_SMA_20] < other[250].value[FACTOR_SMA_20]);
}

/* Twice the prices: averages double, ratios stay, bit for bit (a power of two only moves the exponent). */
TEST(t_D6_scale_law)
{
	static struct factors factors, scaled;
	struct factor_row     row, other;
	double                price = 100;
	factors_init(&factors, 252);
	factors_init(&scaled, 252);
	for (int i = 0; i < 1000; i++) {
		struct factor_bar bar = random_bar(&price);
		struct factor_bar twice = { 2 * bar.open, 2 * bar.high, 2 * bar.low, 2 * bar.close, 2 * bar.adj_close, bar.volume };
		CHECK(factors_push(&factors, &bar) && factors_push(&scaled, &twice));
		factors_row(&factors, &row);
		factors_row(&scaled, &other);
		for (enum factor f = 0; f < FACTOR_COUNT; f++) {
			bool level = f <= FACTOR_EMA_20 || f == FACTOR_ATR_14;
			CHECK(other.value[f] == (level ? 2 : 1) * row.value[f]);
		}
	}
}

TEST(t_D6_extremes_stay_finite)
{
	static struct factors factors;
	struct factor_row     row;
	factors_init(&factors, 365);
	for (int i = 0; i < 1000; i++) {
		double            price = uniform() < 0.5 ? 1e-11 : 9e14;
		struct factor_bar bar = bar_of(price);
		CHECK(factors_push(&factors, &bar));
		factors_row(&factors, &row);
		for (enum factor f = 0; f < FACTOR_COUNT; f++) CHECK(isfinite(row.value[f]));
		CHECK(row.value[FACTOR_RSI_14] >= 0 && row.value[FACTOR_RSI_14] <= 100);
		CHECK(fabs(row.value[FACTOR_ZSCORE_20]) <= sqrt(19) * (1 + 1e-12));
	}
}

TEST(t_D6_long_calm_ends_flat)
{
	struct rsi rsi;
	rsi_init(&rsi, 14);
	for (int i = 0; i < 15; i++) CHECK(rsi_push(&rsi, 100 + i % 2));
	for (int i = 0; i < 100000; i++) if (!rsi_push(&rsi, 100)) abort();
	CHECK(rsi_value(&rsi) == 50);
}

static void too_early(void)
{
	static struct sma sma;
	sma_init(&sma, 5);
	(void)sma_value(&sma);
}
static void too_long(void)
{
	static struct sma sma;
	sma_init(&sma, WINDOW_SUM_MAX + 1);
}

TEST(t_D6_asking_too_early_is_a_bug)
{
	CHECK_BUG(too_early, 2002);
	CHECK_BUG(too_long, 2000);
}
