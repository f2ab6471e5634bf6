/* extended_test.c - the extended factors are those of their own files, begin where they should, and refuse what is not sound.
 * Their values against other libraries: tests/golden/measures_ref.py and factors_cli_ref.py. */
#include "strategies/factors/extended.h"

#include <math.h>

#include "tests/kit/test.h"

enum { BARS = 400 };

static struct extended extended;

static uint64_t seed = 88172645463325252u;
static double   uniform(void)
{
	seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
	return (double)((seed * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

static struct factor_bar bar_at(double price) { return (struct factor_bar){ price, price * 1.01, price * 0.99, price, price * 0.9, 1000 }; }

TEST(t_D6_extended_factors_begin_at_the_bar_they_name)
{
	static const uint32_t needed[EXTENDED_COUNT] = {
#define X(NAME, name, bars) [EXTENDED_##NAME] = bars,
		EXTENDED_FACTORS(X)
#undef X
	};
	struct extended_row row;
	double              price = 100;
	extended_init(&extended, 252);
	for (uint32_t bars = 1; bars <= BARS; bars++) {
		struct factor_bar bar = bar_at(price *= 1 + 0.02 * (uniform() - 0.5));
		CHECK(extended_push(&extended, &bar, 50 + uniform()));
		extended_row(&extended, &row);
		for (uint32_t f = 0; f < EXTENDED_COUNT; f++) {
			CHECK(row.ready[f] == (bars >= needed[f]));
			CHECK(isfinite(row.value[f]));
		}
	}
}

TEST(t_D6_extended_factors_are_those_of_their_files)
{
	struct bollinger    bands;
	struct vwap         vwap;
	struct extended_row row;
	double              price = 100;
	extended_init(&extended, 252);
	bollinger_init(&bands, 20, 2);
	vwap_init(&vwap, 20);
	for (uint32_t bars = 1; bars <= BARS; bars++) {
		struct factor_bar bar = bar_at(price *= 1 + 0.02 * (uniform() - 0.5));
		(void)extended_push(&extended, &bar, bar.adj_close);
		(void)bollinger_push(&bands, bar.close);
		(void)vwap_push(&vwap, bar.high, bar.low, bar.close, bar.volume);
	}
	extended_row(&extended, &row);
	CHECK(row.value[EXTENDED_BOLLINGER_UPPER_20] == bollinger_value(&bands).upper);
	CHECK(row.value[EXTENDED_PERCENT_B_20] == bollinger_value(&bands).percent_b);
	CHECK(row.value[EXTENDED_VWAP_20] == vwap_value(&vwap));
	CHECK_NEAR(row.value[EXTENDED_CORRELATION_60], 1, 1e-12);
	CHECK_STR(extended_name(EXTENDED_MOMENTUM_12_1), "momentum_12_1");
}

/* A day on which the other has no bar is no pair, and the next return spans it for both. */
TEST(t_D6_pairs_are_of_common_days)
{
	struct extended     whole;
	struct extended_row one, two;
	double              price = 100;
	extended_init(&extended, 252);
	extended_init(&whole, 252);
	for (uint32_t i = 0; i < 200; i++) {
		struct factor_bar bar = bar_at(price *= 1 + 0.02 * (uniform() - 0.5));
		double            other = 50 + uniform();
		(void)extended_push(&extended, &bar, i % 3 ? other : 0);
		if (i % 3) (void)extended_push(&whole, &bar, other);
	}
	extended_row(&extended, &one);
	extended_row(&whole, &two);
	CHECK(one.ready[EXTENDED_CORRELATION_60] && one.value[EXTENDED_CORRELATION_60] == two.value[EXTENDED_CORRELATION_60]);
	CHECK(one.value[EXTENDED_COVARIANCE_60] == two.value[EXTENDED_COVARIANCE_60]);
}

TEST(t_D6_extended_refuses_what_is_not_sound)
{
	struct factor_bar bar = bar_at(100);
	bar.low = NAN;
	extended_init(&extended, 252);
	CHECK(!extended_push(&extended, &bar, 100));
	CHECK(extended.last_mine == 0);
}

static void bad_name(void) { (void)extended_name(EXTENDED_COUNT); }
TEST(t_D6_an_unknown_extended_factor_is_a_bug) { CHECK_BUG(bad_name, 4340); }
