/* units_test.c - rounding against its definition in 128 bits, and the calendar arithmetic day by day. */
#include "fsm/units.h"

#include <math.h>

#include "tests/kit/random.h"
#include "tests/kit/test.h"

enum { ROUNDS = 300000 };

/* The definition: floor is the largest q with q b <= a. */
static bool is_floor(i128 q, i128 a, i128 b) { return q * b <= a && a < (q + 1) * b; }
static bool is_ceil(i128 q, i128 a, i128 b) { return (q - 1) * b < a && a <= q * b; }

/* Nearest: twice the distance is at most b, and a tie lies away from zero. */
static bool is_near(i128 q, i128 a, i128 b)
{
	i128 twice = 2 * (a - q * b);
	if (twice == b || twice == -b) return a > 0 ? q * b > a : q * b < a;
	return twice < b && twice > -b;
}

static int64_t any_number(struct random *random)
{
	int64_t number = (int64_t)random_u64(random);
	number >>= random_below(random, 64);
	return number == INT64_MIN ? 0 : number;
}

TEST(t_O1_divisions_round_as_they_say)
{
	struct random random = { 3 };
	for (int i = 0; i < ROUNDS; i++) {
		i128    a = any_number(&random);
		int64_t b = e8_abs(any_number(&random)) / 2 + 1;
		if (random_below(&random, 2)) a *= any_number(&random) >> 8;
		if (random_below(&random, 4) == 0) a = (i128)b * (int32_t)random_u64(&random) + b / 2;        /* at or beside a tie */
		if (random_below(&random, 2)) a = -a;
		CHECK(is_floor(div_floor(a, b), a, b));
		CHECK(is_ceil(div_ceil(a, b), a, b));
		CHECK(is_near(div_near(a, b), a, b));
	}
}

TEST(t_O1_products_and_quotients_are_the_rounded_exact_ones)
{
	struct random random = { 4 };
	for (int i = 0; i < ROUNDS; i++) {
		int64_t a = any_number(&random) >> 16, b = any_number(&random) >> 20, c = e8_abs(b) + 1, lot = c >> 3 | 1;
		i128    product = (i128)a * b;
		if (product / E8 < INT64_MAX / 2 && product / E8 > -INT64_MAX / 2) {
			CHECK(is_near(e8_mul(a, b), product, E8));
			CHECK(is_floor(e8_mul_floor(a, b), product, E8));
			CHECK(is_ceil(e8_mul_ceil(a, b), product, E8));
		}
		i128 wide = (i128)a * E8;
		if (wide / c < INT64_MAX / 2 && wide / c > -INT64_MAX / 2) {
			CHECK(is_near(e8_div(a, c), wide, c));
			CHECK(is_floor(e8_div_floor(a, c), wide, c));
		}
		CHECK(is_near(e8_bp(a, b >> 20), (i128)a * (b >> 20), BP_ONE));
		int64_t lots = e8_lots(a, lot);
		CHECK(lots % lot == 0 && e8_abs(lots) <= e8_abs(a) && e8_abs(a - lots) < lot && (lots == 0 || (lots > 0) == (a > 0)));
	}
}

TEST(t_O1_rounding_by_hand)
{
	CHECK_EQ(e8_mul(15 * E8 / 10, 2 * E8), 3 * E8);
	CHECK_EQ(e8_mul(1, E8 / 2), 1);
	CHECK_EQ(e8_mul(-1, E8 / 2), -1);
	CHECK_EQ(e8_mul_floor(-1, E8 / 2), -1);
	CHECK_EQ(e8_mul_ceil(-1, E8 / 2), 0);
	CHECK_EQ(e8_mul_ceil(1, 1), 1);
	CHECK_EQ(e8_div(1 * E8, 3 * E8), 33333333);
	CHECK_EQ(e8_div(2 * E8, 3 * E8), 66666667);
	CHECK_EQ(e8_bp(100000 * E8, 1), 10 * E8);
	CHECK_EQ(e8_lots(-(E8 + 1), E8), -E8);
	CHECK_EQ(e8_min(-2, 1), -2);
	CHECK_EQ(e8_max(-2, 1), 1);
}

TEST(t_O1_the_door_from_floating_point)
{
	int64_t out = 7;
	CHECK(e8_from_double(1.5, &out) && out == 150000000);
	CHECK(e8_from_double(1.0 / 512, &out) && out == 195313);        /* 195312.5 exactly: away from zero */
	CHECK(e8_from_double(-1.0 / 512, &out) && out == -195313);
	CHECK(e8_from_double(8589934592.0, &out) && out == INT64_C(858993459200000000));
	CHECK(!e8_from_double((double)NAN, &out) && out == 0);
	CHECK(!e8_from_double((double)INFINITY, &out) && out == 0);
	CHECK(!e8_from_double(-93e9, &out) && out == 0);
	CHECK_NEAR(e8_to_double(-123456789), -1.23456789, 1e-15);
	struct random random = { 5 };
	for (int i = 0; i < ROUNDS; i++) {
		int64_t number = any_number(&random) >> 14;        /* 50 bits: two roundings of half a unit in the 53rd stay below a half */
		CHECK(e8_from_double(e8_to_double(number), &out) && out == number);
	}
}

static volatile int64_t sink;
static void multiply_too_far(void) { sink = e8_mul(INT64_MAX, 2 * E8); }
static void divide_by_zero(void) { sink = (int64_t)div_floor(1, 0); }
static void divide_near_negative(void) { sink = (int64_t)div_near(1, -1); }
static void lots_of_nothing(void) { sink = e8_lots(1, 0); }

TEST(t_O1_out_of_range_traps)
{
	CHECK_BUG(multiply_too_far, 1001);
	CHECK_BUG(divide_by_zero, 1002);
	CHECK_BUG(divide_near_negative, 1003);
	CHECK_BUG(lots_of_nothing, 1004);
}

static bool is_leap(int32_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static uint32_t month_days(int32_t year, uint32_t month)
{
	static const uint32_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

TEST(t_P11_days_known_from_almanacs)
{
	CHECK_EQ(day_from_civil(1970, 1, 1), 0);
	CHECK_EQ(day_from_civil(2000, 3, 1), 11017);
	CHECK_EQ(day_from_civil(2024, 1, 2), 19724);
	CHECK_EQ(day_from_civil(1969, 12, 31), -1);
	CHECK_EQ(weekday_from_day(day_from_civil(1970, 1, 1)), 3);
	CHECK_EQ(weekday_from_day(day_from_civil(1969, 7, 20)), 6);        /* the landing on the moon: a Sunday */
	CHECK_EQ(weekday_from_day(day_from_civil(1929, 10, 29)), 1);       /* Black Tuesday */
	CHECK_EQ(weekday_from_day(day_from_civil(1987, 10, 19)), 0);       /* Black Monday */
	CHECK_EQ(day_from_t_ns(-1), -1);
	CHECK_EQ(day_from_t_ns(NS_PER_DAY), 1);
	CHECK_EQ(day_from_t_ns(NS_PER_DAY - 1), 0);
}

TEST(t_P11_every_day_from_1900_to_2100_follows_the_one_before)
{
	int32_t      day = day_from_civil(1900, 1, 1);
	struct civil want = { 1900, 1, 1 };
	uint32_t     weekday = 0;        /* 1900-01-01 was a Monday */
	for (; want.year <= 2100; day++) {
		struct civil got = civil_from_day(day);
		CHECK(got.year == want.year && got.month == want.month && got.day == want.day);
		CHECK_EQ(day_from_civil(want.year, want.month, want.day), day);
		CHECK_EQ(weekday_from_day(day), weekday);
		weekday = (weekday + 1) % 7;
		if (++want.day <= month_days(want.year, want.month)) continue;
		want.day = 1;
		if (++want.month <= 12) continue;
		want.month = 1;
		want.year++;
	}
	CHECK_EQ(day, day_from_civil(2101, 1, 1));
}
