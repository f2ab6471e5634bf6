/* correlation_test.c - the window of correlations: by hand, against pandas' rolling matrix, and its laws (R3). */
#include "strategies/risk/correlation.h"

#include <math.h>
#include <string.h>

#include "tests/kit/random.h"
#include "tests/kit/test.h"
#include "tests/unit/strategies/metrics/golden.h"

enum { ALL = (1 << UNIVERSE_N) - 1, DAYS = 100, VALUES_MAX = UNIVERSE_N * DAYS };

static struct correlation_window window;
static struct correlation_matrix matrix;
static double returns[VALUES_MAX], known[VALUES_MAX], wanted[UNIVERSE_N * UNIVERSE_N];

static void begin(void) { memset(&window, 0, sizeof window); }

static struct correlation_figures figures_of(uint64_t assets)
{
	correlation_of(&window, &matrix);
	return correlation_figures(&matrix, assets);
}

/* Repeats these days until the window is full; value[asset][day] in 1e-7. */
static void fill(const int64_t *value, int assets, int days)
{
	for (int d = 0; d < CORRELATION_WINDOW; d++) {
		int64_t day[UNIVERSE_N] = { 0 };
		for (int a = 0; a < assets; a++) day[a] = value[a * days + d % days];
		correlation_window_push(&window, day, (UINT64_C(1) << assets) - 1);
	}
}

static void check_day(const char *at, uint32_t assets, int day)
{
	char key[64];
	snprintf(key, sizeof key, "want matrix_%d", day);
	CHECK_EQ(golden_get(at, key, wanted, UNIVERSE_N * UNIVERSE_N), assets * assets);
	struct correlation_figures f = figures_of(ALL);
	for (uint32_t a = 0; a < assets; a++) {
		CHECK_EQ(matrix.known >> a & 1, wanted[a * assets + a] != 0);
		for (uint32_t b = 0; b < assets; b++) CHECK(fabs(matrix.pair[a][b] - wanted[a * assets + b]) < 1e-12);
	}
	snprintf(key, sizeof key, "want figures_%d", day);
	CHECK_EQ(golden_get(at, key, wanted, 4), 4);
	CHECK_EQ(f.pairs, wanted[0]);
	CHECK(fabs(f.average - wanted[1]) < 1e-12 && fabs(f.highest - wanted[2]) < 1e-12 && fabs(f.lowest - wanted[3]) < 1e-12);
}

TEST(t_R3_the_matrix_of_each_day_equals_pandas_rolling)
{
	int cases = 0;
	golden_open("tests/golden/risk_ref.txt");
	for (const char *at = golden_case("correlation_", 0); at; at = golden_case("correlation_", at), cases++) {
		uint32_t assets = (uint32_t)golden_one(at, "in assets");
		CHECK_EQ(golden_get(at, "in returns_e7", returns, VALUES_MAX), assets * DAYS);
		CHECK_EQ(golden_get(at, "in known", known, VALUES_MAX), assets * DAYS);
		begin();
		for (int d = 0; d < DAYS; d++) {
			int64_t day[UNIVERSE_N] = { 0 };
			uint64_t set = 0;
			for (uint32_t a = 0; a < assets; a++) {
				day[a] = (int64_t)returns[a * DAYS + (uint32_t)d];
				set |= (uint64_t)(known[a * DAYS + (uint32_t)d] != 0) << a;
			}
			correlation_window_push(&window, day, set);
			if (d == 59 || d == 77 || d == 99) check_day(at, assets, d);
		}
	}
	CHECK_EQ(cases, 3);
}

/* Two assets that move as one and a third that stands still, or moves by the same each day: one pair is known, and it says all together. */
TEST(t_R3_an_asset_that_stands_still_hides_nothing)
{
	static const int64_t still[] = { 1, -2, 3, 2, -4, 6, 0, 0, 0 }, drifts[] = { 1, -2, 3, 2, -4, 6, 12345, 12345, 12345 };
	begin();
	fill(still, 3, 3);
	struct correlation_figures f = figures_of(ALL);
	CHECK(f.pairs == 1 && f.assets == 2 && f.highest_a == 0 && f.highest_b == 1 && f.lowest == f.average);
	CHECK_NEAR(f.average, 1, 1e-14);
	begin();
	fill(drifts, 3, 3);
	f = figures_of(ALL);
	CHECK(f.pairs == 1 && f.assets == 2);
	CHECK_EQ(figures_of(1).pairs, 0);        /* one asset is no pair */
	CHECK(figures_of(1).average == 0);
}

/* Correlations 1, 0.756 and 0.756: average 0.837, though not every pair is above 0.8. By hand: 6 / sqrt(10 x 6.3). */
TEST(t_R3_all_together_means_the_lowest_pair)
{
	static const int64_t value[] = { 1, -2, 3, -2, 1, -2, 3, -2, 1, -2, 1, 0 };
	begin();
	fill(value, 3, 4);
	struct correlation_figures f = figures_of(ALL);
	uint64_t with[UNIVERSE_N];
	CHECK(f.average > 0.8 && f.lowest < 0.8 && f.lowest > 0.7);
	correlation_sets(&matrix, 0.7, with);
	CHECK(with[0] == 6 && with[1] == 5 && with[2] == 3);
	correlation_sets(&matrix, f.lowest, with);        /* above, not at */
	CHECK(with[0] == 2 && with[1] == 1 && with[2] == 0);
}

TEST(t_R3_nothing_is_known_before_sixty_returns_and_a_gap_begins_anew)
{
	int64_t day[UNIVERSE_N] = { 0 };
	begin();
	for (int d = 0; d < 3 * CORRELATION_WINDOW; d++) {
		bool gap = d == CORRELATION_WINDOW + 10;
		day[0] = d % 7 - 3;
		day[1] = d % 5 - 2;
		correlation_window_push(&window, day, gap ? 2 : 3);
		bool want = d >= CORRELATION_WINDOW - 1 && (d < CORRELATION_WINDOW + 10 || d >= 2 * CORRELATION_WINDOW + 10);
		CHECK_EQ(figures_of(ALL).pairs, want);
	}
}

static void random_day(struct random *random, int64_t day[UNIVERSE_N])
{
	int64_t shared = random_between(random, -300000, 300000);
	for (int a = 0; a < UNIVERSE_N; a++) {
		day[a] = shared * (a % 4) + random_between(random, -300000, 300000);
		if (random_below(random, 500) == 0) day[a] = random_between(random, -2, 2) * CORRELATION_RETURN_ONE;        /* beyond the bound, too */
	}
}

/* The window after many days has the sums of its last sixty, to the bit: a fresh one that saw only these is the same. */
TEST(t_R3_streaming_equals_batch_to_the_bit)
{
	static struct correlation_window fresh;
	static int64_t day[1000][UNIVERSE_N];
	struct random random;
	random.state = 60;
	begin();
	memset(&fresh, 0, sizeof fresh);
	for (int d = 0; d < 1000; d++) {
		random_day(&random, day[d]);
		correlation_window_push(&window, day[d], ALL);
	}
	for (int d = 1000 - CORRELATION_WINDOW; d < 1000; d++) correlation_window_push(&fresh, day[d], ALL);
	CHECK(memcmp(window.product, fresh.product, sizeof fresh.product) == 0 && memcmp(window.sum, fresh.sum, sizeof fresh.sum) == 0);
}

/* Renumbering the assets and resizing their moves changes no pair. */
TEST(t_R3_the_order_of_the_assets_does_not_matter)
{
	static struct correlation_window other;
	static struct correlation_matrix turned;
	struct random random;
	random.state = 61;
	for (int trial = 0; trial < 20; trial++) {
		begin();
		memset(&other, 0, sizeof other);
		for (int d = 0; d < CORRELATION_WINDOW; d++) {
			int64_t day[UNIVERSE_N], mirrored[UNIVERSE_N];
			random_day(&random, day);
			for (int a = 0; a < UNIVERSE_N; a++) day[a] = e8_max(e8_min(day[a], 2000000), -2000000);
			for (int a = 0; a < UNIVERSE_N; a++) mirrored[UNIVERSE_N - 1 - a] = day[a] * (1 + a % 3);
			correlation_window_push(&window, day, ALL);
			correlation_window_push(&other, mirrored, ALL);
		}
		correlation_of(&window, &matrix);
		correlation_of(&other, &turned);
		for (int a = 0; a < UNIVERSE_N; a++)
			for (int b = 0; b < UNIVERSE_N; b++) {
				CHECK(fabs(matrix.pair[a][b] - turned.pair[UNIVERSE_N - 1 - a][UNIVERSE_N - 1 - b]) < 1e-13);
				CHECK(matrix.pair[a][b] >= -1 && matrix.pair[a][b] <= 1 && matrix.pair[a][b] == matrix.pair[b][a]);
			}
		struct correlation_figures one = correlation_figures(&matrix, ALL), two = correlation_figures(&turned, ALL);
		CHECK(fabs(one.average - two.average) < 1e-13 && fabs(one.lowest - two.lowest) < 1e-13);
	}
}

TEST(t_R3_sets_of_pairs_travel_as_bits)
{
	struct random random;
	random.state = 62;
	for (int trial = 0; trial < 200; trial++) {
		uint64_t with[UNIVERSE_N] = { 0 }, back[UNIVERSE_N], pair[CORRELATION_WORDS];
		uint32_t pairs = 0, bits = 0;
		for (int a = 0; a < UNIVERSE_N; a++)
			for (int b = 0; b < a; b++) {
				if (random_below(&random, 3)) continue;
				with[a] |= UINT64_C(1) << b;
				with[b] |= UINT64_C(1) << a;
				pairs++;
			}
		correlation_pack(with, pair);
		correlation_unpack(pair, back);
		for (int i = 0; i < CORRELATION_WORDS; i++) bits += (uint32_t)__builtin_popcountll(pair[i]);
		CHECK(memcmp(with, back, sizeof with) == 0 && bits == pairs);
	}
}
