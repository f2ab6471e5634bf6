/* laws_test.c - what must hold for every factor there is, those of factors.h and those of extended.h alike: the future does not change the
 * past, a scaled series says the scaled thing, nothing but numbers leaves, and after ten million bars a factor says what a fresh one says. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strategies/factors/extended.h"
#include "strategies/factors/jumps.h"
#include "strategies/factors/price.h"
#include "strategies/factors/rank.h"
#include "tests/kit/test.h"

enum { BARS = 700,
	FUTURE = 500,
	COLUMNS = FACTOR_COUNT + EXTENDED_COUNT,
	JUMP_COLUMNS = 6,
	ALL = COLUMNS + JUMP_COLUMNS };

/* Every factor of one symbol against another, and the jump diffusion of its strategy. */
struct everything {
	struct factors factors;
	struct extended extended;
	struct jumps jumps;
};
struct row {
	double value[ALL];
	bool ready[ALL];
};
struct day {
	struct factor_bar bar;
	double other;
};

static uint64_t seed = 88172645463325252u;
static double uniform(void)
{
	seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
	return (double)((seed * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

/* A walk that jumps now and then; some bars without volume, some days without the other symbol. */
static struct day next_day(double *price, double *other)
{
	double common = 0.02 * (uniform() - 0.5), jump = uniform() < 0.02 ? 0.12 : 0;
	*price *= 1 + common + 0.02 * (uniform() - 0.5) + (uniform() < 0.5 ? jump : -jump);
	*other *= 1 + common + 0.02 * (uniform() - 0.5);
	if (*price < 1 || *price > 1e5) *price = 100;
	if (*other < 1 || *other > 1e5) *other = 100;
	double high = *price * (1 + 0.01 * uniform()), low = *price * (1 - 0.01 * uniform());
	double volume = uniform() < 0.1 ? 0 : floor(1e6 * uniform());
	return (struct day){ { *price, high, low, *price, 0.9 * *price, volume }, uniform() < 0.05 ? 0 : *other };
}

static void begin(struct everything *all)
{
	factors_init(&all->factors, 252);
	extended_init(&all->extended, 252);
	jumps_init(&all->jumps, 0.01);
}

static void push(struct everything *all, const struct day *day)
{
	if (!factors_push(&all->factors, &day->bar) || !extended_push(&all->extended, &day->bar, day->other)) abort();
	if (!jumps_push(&all->jumps, day->bar.adj_close)) abort();
}

static void say(const struct everything *all, struct row *row)
{
	struct factor_row factors;
	struct extended_row extended;
	memset(row, 0, sizeof *row);
	factors_row(&all->factors, &factors);
	extended_row(&all->extended, &extended);
	memcpy(row->value, factors.value, sizeof factors.value);
	memcpy(row->ready, factors.ready, sizeof factors.ready);
	memcpy(row->value + FACTOR_COUNT, extended.value, sizeof extended.value);
	memcpy(row->ready + FACTOR_COUNT, extended.ready, sizeof extended.ready);
	if (!jumps_ready(&all->jumps)) return;
	struct jump_diffusion d = jumps_value(&all->jumps, 252);
	const double parts[JUMP_COLUMNS] = { jumps_statistic(&all->jumps), d.lambda, d.jump_mean, d.jump_deviation, sqrt(d.variance), d.drift };
	for (int k = 0; k < JUMP_COLUMNS; k++) row->value[COLUMNS + k] = parts[k], row->ready[COLUMNS + k] = true;
}

static struct row one[BARS], two[BARS];

static void run(struct row *out, double scale, bool other_future)
{
	static struct everything all;
	double price = 100, other = 60;
	seed = 7;
	begin(&all);
	for (int i = 0; i < BARS; i++) {
		struct day day = next_day(&price, &other);
		if (other_future && i >= FUTURE) day = (struct day){ { 3, 3.2, 2.9, 3, 2.5, 7 }, 1 + uniform() };
		struct factor_bar *bar = &day.bar;
		bar->open *= scale, bar->high *= scale, bar->low *= scale, bar->close *= scale, bar->adj_close *= scale;
		day.other *= scale;
		push(&all, &day);
		say(&all, &out[i]);
	}
}

TEST(t_D6_every_factor_is_said_and_finite)
{
	run(one, 1, false);
	for (int i = 0; i < BARS; i++)
		for (int c = 0; c < ALL; c++) CHECK(isfinite(one[i].value[c]) && one[i].ready[c] >= (i > 0 && one[i - 1].ready[c]));
	for (int c = 0; c < ALL; c++) CHECK(one[BARS - 1].ready[c]);
}

TEST(t_D6_no_factor_looks_ahead)
{
	run(one, 1, false);
	run(two, 1, true);
	CHECK(memcmp(one, two, FUTURE * sizeof one[0]) == 0);
	int same = 0;
	for (int c = 0; c < COLUMNS; c++) same += one[BARS - 1].value[c] == two[BARS - 1].value[c];
	CHECK(same <= 1); /* a share of jumps may be none in both futures; all else has seen which one it was */
}

/* A power of two only moves exponents: levels are scaled by it and all else stays, bit for bit. */
TEST(t_D6_every_factor_scales)
{
	const double scales[] = { 2, 0x1p-24, 0x1p20 };
	run(one, 1, false);
	for (size_t s = 0; s < sizeof scales / sizeof scales[0]; s++) {
		run(two, scales[s], false);
		for (int i = 0; i < BARS; i++) {
			for (int c = 0; c < ALL; c++) {
				int extended = c - FACTOR_COUNT;
				bool level = c <= FACTOR_EMA_20 || c == FACTOR_ATR_14 || extended == EXTENDED_BOLLINGER_UPPER_20 ||
					extended == EXTENDED_BOLLINGER_MIDDLE_20 || extended == EXTENDED_BOLLINGER_LOWER_20 || extended == EXTENDED_VWAP_20;
				CHECK(two[i].value[c] == (level ? scales[s] : 1) * one[i].value[c]);
			}
		}
	}
}

/* At both ends of what counts as a price, with no volume and the most there is. */
TEST(t_D6_every_factor_stays_finite_at_the_ends)
{
	static struct everything all;
	struct row row;
	begin(&all);
	for (int i = 0; i < 5000; i++) {
		double price = uniform() < 0.5 ? PRICE_LEAST : PRICE_MOST, other = uniform() < 0.5 ? PRICE_LEAST : PRICE_MOST;
		struct day day = { { price, price, price, price, price, uniform() < 0.5 ? 0 : VOLUME_MOST }, other };
		if (i > 3000) day.bar = (struct factor_bar){ PRICE_MOST, PRICE_MOST, PRICE_LEAST, PRICE_LEAST, PRICE_LEAST, VOLUME_MOST };
		push(&all, &day);
		say(&all, &row);
		for (int c = 0; c < ALL; c++) CHECK(isfinite(row.value[c]));
		if (row.ready[FACTOR_COUNT + EXTENDED_CORRELATION_60]) CHECK(fabs(row.value[FACTOR_COUNT + EXTENDED_CORRELATION_60]) <= 1);
		if (row.ready[FACTOR_COUNT + EXTENDED_JUMP_SHARE_20]) CHECK(row.value[FACTOR_COUNT + EXTENDED_JUMP_SHARE_20] <= 1);
	}
}

/* Ten million bars (a million in the short run), with a price a billion times the others every 100,003: what is said then is what a
 * fresh instance says that has seen the last ones alone. The means that never forget have shrunk what came before to nothing. */
TEST(t_D6_no_factor_drifts)
{
	enum { LAST = 4096 };
	static struct everything all, fresh;
	static struct day last[LAST];
	struct row row, want;
	double price = 100, other = 60;
	int bars = getenv("TICKWORK_LONG") ? 10000000 : 1000000;
	seed = 11;
	begin(&all);
	begin(&fresh);
	for (int i = 0; i < bars; i++) {
		struct day day = next_day(&price, &other);
		double spike = i % 100003 == 0 && i < bars - LAST ? 1e9 : 1;
		struct factor_bar *bar = &day.bar;
		bar->open *= spike, bar->high *= spike, bar->low *= spike, bar->close *= spike, bar->adj_close *= spike;
		push(&all, &day);
		last[i % LAST] = day;
	}
	for (int i = 0; i < LAST; i++) push(&fresh, &last[(bars + i) % LAST]);
	say(&all, &row);
	say(&fresh, &want);
	for (int c = 0; c < ALL; c++) {
		CHECK(row.ready[c] && want.ready[c]);
		CHECK(fabs(row.value[c] - want.value[c]) <= 1e-12 * fabs(want.value[c]) + 1e-14);
	}
}

/* The order of the days before the last does not matter to what only adds them up. */
TEST(t_D6_an_average_does_not_mind_the_order)
{
	struct sma sma[2];
	struct bollinger bands[2];
	struct zscore zscore[2];
	double price[20];
	for (int i = 0; i < 20; i++) price[i] = 100 + uniform();
	for (int k = 0; k < 2; k++) {
		sma_init(&sma[k], 20), bollinger_init(&bands[k], 20, 2), zscore_init(&zscore[k], 20);
		for (int i = 0; i < 20; i++) {
			double at = k && i < 19 ? price[(i * 7 + 3) % 19] : price[i];
			CHECK(sma_push(&sma[k], at) && bollinger_push(&bands[k], at) && zscore_push(&zscore[k], at));
		}
	}
	CHECK_NEAR(sma_value(&sma[1]), sma_value(&sma[0]), 1e-14);
	CHECK_NEAR(bollinger_value(&bands[1]).upper, bollinger_value(&bands[0]).upper, 1e-13);
	CHECK_NEAR(zscore_value(&zscore[1]), zscore_value(&zscore[0]), 1e-10);
}

/* Symbols exchanged: the same correlation and covariance; assets exchanged: the ranks go with them. */
TEST(t_D6_pairs_and_ranks_do_not_mind_the_order)
{
	static struct correlation there, back;
	double value[15], swapped[15], rank[15], swapped_rank[15];
	correlation_init(&there, 60), correlation_init(&back, 60);
	for (int i = 0; i < 200; i++) {
		double x = uniform() - 0.5, y = x + uniform();
		CHECK(correlation_push(&there, x, y) && correlation_push(&back, y, x));
		if (!correlation_ready(&there)) continue;
		CHECK_NEAR(correlation_value(&back), correlation_value(&there), 1e-15);
		CHECK(correlation_covariance(&back) == correlation_covariance(&there));
	}
	for (int i = 0; i < 15; i++) value[i] = floor(6 * uniform());
	for (int i = 0; i < 15; i++) swapped[i] = value[(i * 4 + 2) % 15];
	rank_percentile(value, 15, rank);
	rank_percentile(swapped, 15, swapped_rank);
	for (int i = 0; i < 15; i++) CHECK(swapped_rank[i] == rank[(i * 4 + 2) % 15]);
}
