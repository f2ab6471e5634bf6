/* units.h - numbers of the trade: money, price and quantity as integers with eight decimals.
 *
 * px_e8, qty_e8, usd_e8     int64, value x 10^8; a product goes through 128 bit and names its rounding
 * t_ns                      market time, nanoseconds since 1970-01-01 00:00 UTC
 * day                       calendar day, days since 1970-01-01
 * bp                        basis points, 1/10,000
 *
 * Range: +-92 billion units. A result outside it traps (a bug), so callers bound what the world hands in first.
 * Doubles live in strategies/ and leave through e8_from_double, the only rounding from floating point.
 *
 * This header is part of the vocabulary: every layer sees it. */
#ifndef FSM_UNITS_H
#define FSM_UNITS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fsm/bug.h"

#define E8 INT64_C(100000000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)
#define NS_PER_DAY (INT64_C(86400) * NS_PER_S)

enum { BP_ONE = 10000 };        /* one, in basis points */

__extension__ typedef __int128 i128;

/* The symbol id of nothing. */
enum { SYM_NONE = 0xffff };

static inline int64_t i128_narrow(i128 wide)
{
	BUG_UNLESS(1001, wide <= INT64_MAX && wide >= -INT64_MAX);
	return (int64_t)wide;
}

/* Division that rounds toward minus infinity; the divisor is positive. */
static inline i128 div_floor(i128 a, int64_t b)
{
	BUG_UNLESS(1002, b > 0);
	i128 quotient = a / b;
	return (a % b < 0) ? quotient - 1 : quotient;
}

/* Division that rounds toward plus infinity; the divisor is positive. */
static inline i128 div_ceil(i128 a, int64_t b) { return -div_floor(-a, b); }

/* Division to nearest, halves away from zero; the divisor is positive. */
static inline i128 div_near(i128 a, int64_t b)
{
	BUG_UNLESS(1003, b > 0);
	return (a >= 0) ? (a + b / 2) / b : -((-a + b / 2) / b);
}

/* Products and quotients of two numbers with eight decimals, to nearest. The product goes without a wide division where the smaller
 * number s is below 1,844 units: with l = w * 10^8 + f, l * s / 10^8 is w * s + f * s / 10^8, and f * s fits a word. */
static inline int64_t e8_mul(int64_t a_e8, int64_t b_e8)
{
	uint64_t a = a_e8 < 0 ? -(uint64_t)a_e8 : (uint64_t)a_e8, b = b_e8 < 0 ? -(uint64_t)b_e8 : (uint64_t)b_e8;
	uint64_t small = a < b ? a : b, large = a < b ? b : a, whole;
	if (small >= UINT64_C(184400000000) || __builtin_mul_overflow(large / E8, small, &whole) || whole > INT64_MAX / 2)
		return i128_narrow(div_near((i128)a_e8 * b_e8, E8));
	uint64_t near = whole + (large % E8 * small + E8 / 2) / E8;
	return (a_e8 < 0) != (b_e8 < 0) ? -(int64_t)near : (int64_t)near;
}

static inline int64_t e8_mul_floor(int64_t a_e8, int64_t b_e8) { return i128_narrow(div_floor((i128)a_e8 * b_e8, E8)); }
static inline int64_t e8_mul_ceil(int64_t a_e8, int64_t b_e8) { return i128_narrow(div_ceil((i128)a_e8 * b_e8, E8)); }
static inline int64_t e8_div(int64_t a_e8, int64_t b_e8) { return i128_narrow(div_near((i128)a_e8 * E8, b_e8)); }
static inline int64_t e8_div_floor(int64_t a_e8, int64_t b_e8) { return i128_narrow(div_floor((i128)a_e8 * E8, b_e8)); }

/* A share of a number, to nearest: bp of a. */
static inline int64_t e8_bp(int64_t a_e8, int64_t bp) { return i128_narrow(div_near((i128)a_e8 * bp, BP_ONE)); }

static inline int64_t e8_abs(int64_t a_e8) { return a_e8 < 0 ? -a_e8 : a_e8; }
static inline int64_t e8_min(int64_t a_e8, int64_t b_e8) { return a_e8 < b_e8 ? a_e8 : b_e8; }
/* High water: *most is the largest that was ever seen. */
static inline void most_see(uint64_t *most, uint64_t now)
{
	if (now > *most) *most = now;
}

static inline int64_t e8_max(int64_t a_e8, int64_t b_e8) { return a_e8 > b_e8 ? a_e8 : b_e8; }

/* The largest whole number of lots that fits, toward zero. */
static inline int64_t e8_lots(int64_t qty_e8, int64_t lot_e8)
{
	BUG_UNLESS(1004, lot_e8 > 0);
	return qty_e8 - qty_e8 % lot_e8;
}

static inline double e8_to_double(int64_t a_e8) { return (double)a_e8 / 1e8; }

/* The one door from floating point: to nearest, halves away from zero. False, and 0, where the value is NaN or out of range. */
static inline bool e8_from_double(double value, int64_t *out_e8)
{
	double scaled = value * 1e8;
	*out_e8 = 0;
	if (!(scaled > -9.2e18 && scaled < 9.2e18)) return false;
	*out_e8 = (int64_t)(scaled + (scaled >= 0 ? 0.5 : -0.5));
	return true;
}

/* Civil dates (proleptic Gregorian), after Howard Hinnant's days_from_civil. */
struct civil { int32_t year; uint32_t month, day; };

static inline int32_t day_from_civil(int32_t year, uint32_t month, uint32_t day_of_month)
{
	int32_t  y = month <= 2 ? year - 1 : year;
	int32_t  era = (y >= 0 ? y : y - 399) / 400;
	uint32_t year_of_era = (uint32_t)(y - era * 400);
	uint32_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day_of_month - 1;
	uint32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + (int32_t)day_of_era - 719468;
}

static inline struct civil civil_from_day(int32_t day)
{
	int32_t  z = day + 719468;
	int32_t  era = (z >= 0 ? z : z - 146096) / 146097;
	uint32_t day_of_era = (uint32_t)(z - era * 146097);
	uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	uint32_t m = (5 * day_of_year + 2) / 153;
	struct civil date = { (int32_t)year_of_era + era * 400, m < 10 ? m + 3 : m - 9, day_of_year - (153 * m + 2) / 5 + 1 };
	if (date.month <= 2) date.year++;
	return date;
}

/* 0 = Monday ... 6 = Sunday. 1970-01-01 was a Thursday. */
static inline uint32_t weekday_from_day(int32_t day) { return (uint32_t)(((day + 3) % 7 + 7) % 7); }

static inline int32_t day_from_t_ns(int64_t t_ns) { return (int32_t)(t_ns / NS_PER_DAY - (t_ns % NS_PER_DAY < 0)); }

#endif
