/* tearsheet_test.c - the 45 figures: against quantstats and empyrical, by hand, at the edges, and under the laws. */
#include "strategies/metrics/tearsheet.h"

#include <math.h>

#include "fsm/units.h"
#include "tests/kit/test.h"
#include "tests/unit/strategies/metrics/golden.h"

enum { POINTS = 2048 };

static struct tearsheet      sheet, other;
static struct tearsheet_room room;
static double  nav[TEARSHEET_POINTS_MAX], values[POINTS];
static int32_t day[TEARSHEET_POINTS_MAX];

static void fill(struct tearsheet *out, uint32_t count)
{
	CHECK_EQ(tearsheet_fill(out, &room, day, nav, count, 0), PERFORMANCE_OK);
	for (int i = 0; i < TEARSHEET_METRICS; i++) CHECK(out->figure[i] >= -PERFORMANCE_BOUND && out->figure[i] <= PERFORMANCE_BOUND);
}

TEST(t_T4_tearsheet_equals_quantstats)
{
	int cases = 0;
	golden_open("tests/golden/metrics_ref.txt");
	for (const char *at = golden_case("tearsheet_", 0); at; at = golden_case("tearsheet_", at), cases++) {
		uint32_t count = golden_get(at, "in nav", nav, POINTS);
		CHECK_EQ(golden_get(at, "in day", values, POINTS), count);
		for (uint32_t i = 0; i < count; i++) day[i] = (int32_t)values[i];
		fill(&sheet, count);
		for (int i = 0; i < TEARSHEET_METRICS; i++)
			golden_near(at, tearsheet_key((enum tearsheet_metric)i), sheet.figure[i], 1e-12);
	}
	CHECK_EQ(cases, 4);
}

static uint32_t read_adjusted(const char *symbol)
{
	char path[1024], line[512];
	uint32_t count = 0;
	snprintf(path, sizeof path, "%s/daily/%s.csv", test_shared(), symbol);
	FILE *file = fopen(path, "r");
	if (!file) SKIP("no daily data");
	while (fgets(line, sizeof line, file) && count < TEARSHEET_POINTS_MAX) {
		int year;
		unsigned month, of_month;
		double adjusted;
		if (sscanf(line, "%d-%u-%u,%*f,%*f,%*f,%*f,%lf", &year, &month, &of_month, &adjusted) != 4) continue;
		day[count] = day_from_civil(year, month, of_month);
		nav[count++] = adjusted;
	}
	fclose(file);
	return count;
}

/* What everybody knows of the index fund: total return fell 55.19 % from 2007-10-09 to 2009-03-09, and 2008 was its worst year. */
TEST(t_T4_tearsheet_of_the_index_fund)
{
	uint32_t count = read_adjusted("SPY");
	fill(&sheet, count);
	CHECK(fabs(sheet.figure[TEARSHEET_MAX_DRAWDOWN] - 55.19) < 0.05);
	CHECK(fabs(sheet.figure[TEARSHEET_WORST_YEAR] + 36.8) < 0.1);
	struct performance performance;
	performance_init(&performance);
	for (uint32_t i = 0; i < count; i++) CHECK_EQ(performance_push(&performance, day[i], nav[i], 0), PERFORMANCE_OK);
	CHECK_EQ(performance.drawdown.from, day_from_civil(2007, 10, 9));
	CHECK_EQ(performance.drawdown.to, day_from_civil(2009, 3, 9));
}

static void days_from(int32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) day[i] = first + (int32_t)i;
}

/* 100, 110, 99, 108.9, 108.9 in one January: gains 0.1 and 0.1, loss 0.1, one idle day. One drawdown, days 2 to 4: 9.99 deepest 10 %. */
TEST(t_T4_tearsheet_by_hand)
{
	const double path[] = { 100, 110, 99, 108.9, 108.9 };
	days_from(0, 5);
	for (int i = 0; i < 5; i++) nav[i] = path[i];
	fill(&sheet, 5);
	const double *f = sheet.figure;
	CHECK_NEAR(f[TEARSHEET_TOTAL_RETURN], 8.9, 1e-13);
	CHECK_NEAR(f[TEARSHEET_OMEGA], 2, 1e-13);
	CHECK_NEAR(f[TEARSHEET_GAIN_TO_PAIN], 1, 1e-13);
	CHECK_NEAR(f[TEARSHEET_PAYOFF_RATIO], 1, 1e-13);
	CHECK_NEAR(f[TEARSHEET_WIN_DAY], 200.0 / 3, 1e-13);
	CHECK_NEAR(f[TEARSHEET_KELLY], 100.0 / 3, 1e-12);
	CHECK_NEAR(f[TEARSHEET_EXPOSURE], 75, 1e-13);
	CHECK_NEAR(f[TEARSHEET_LONGEST_DRAWDOWN], 3, 0);
	CHECK_NEAR(f[TEARSHEET_AVERAGE_DRAWDOWN], 10, 1e-13);
	CHECK_NEAR(f[TEARSHEET_ULCER_INDEX], 100 * sqrt((0.01 + 0.0001 + 0.0001) / 3), 1e-12);
	CHECK_NEAR(f[TEARSHEET_BEST_MONTH], 8.9, 1e-13);
	CHECK_NEAR(f[TEARSHEET_WIN_YEAR], 100, 0);
	CHECK(f[TEARSHEET_CONSECUTIVE_WINS] == 1 && f[TEARSHEET_CONSECUTIVE_LOSSES] == 1);
}

TEST(t_T4_tearsheet_without_returns_is_zero)
{
	days_from(10, 2);
	nav[0] = 100;
	for (uint32_t count = 0; count < 2; count++) {
		fill(&sheet, count);
		for (int i = 0; i < TEARSHEET_METRICS; i++) CHECK(sheet.figure[i] == 0);
	}
}

TEST(t_T4_tearsheet_of_constant_rising_and_ruined_series)
{
	days_from(0, 600);
	for (int i = 0; i < 600; i++) nav[i] = 55555.5;
	fill(&sheet, 600);
	CHECK(sheet.figure[TEARSHEET_SHARPE] == 0 && sheet.figure[TEARSHEET_OMEGA] == 0 && sheet.figure[TEARSHEET_STABILITY] == 0);
	CHECK(sheet.figure[TEARSHEET_PROBABILISTIC_SHARPE] == 50 && sheet.figure[TEARSHEET_EXPOSURE] == 0);
	for (int i = 1; i < 600; i++) nav[i] = nav[i - 1] * 1.0005;
	fill(&sheet, 600);
	CHECK(sheet.figure[TEARSHEET_OMEGA] == PERFORMANCE_BOUND && sheet.figure[TEARSHEET_KELLY] == 100);
	CHECK(sheet.figure[TEARSHEET_SKEW] == 0 && sheet.figure[TEARSHEET_LONGEST_DRAWDOWN] == 0);
	CHECK_NEAR(sheet.figure[TEARSHEET_STABILITY], 1, 1e-12);
	nav[599] = -1;
	fill(&sheet, 600);
	CHECK(sheet.figure[TEARSHEET_TOTAL_RETURN] == -100 && sheet.figure[TEARSHEET_MAX_DRAWDOWN] == 100);
	CHECK(sheet.figure[TEARSHEET_EXPECTED_YEAR] == -100 && sheet.figure[TEARSHEET_STABILITY] == 0);
}

TEST(t_T4_tearsheet_names_the_wrong_point)
{
	uint32_t wrong = 99;
	days_from(0, 10);
	for (int i = 0; i < 10; i++) nav[i] = 100 + i;
	nav[7] = (double)NAN;
	CHECK_EQ(tearsheet_fill(&sheet, &room, day, nav, 10, &wrong), PERFORMANCE_BAD_VALUE);
	CHECK_EQ(wrong, 7);
	nav[7] = 107;
	day[4] = 3;
	CHECK_EQ(tearsheet_fill(&sheet, &room, day, nav, 10, &wrong), PERFORMANCE_BAD_DAY);
	CHECK_EQ(wrong, 4);
	for (int i = 0; i < TEARSHEET_METRICS; i++) CHECK(sheet.figure[i] == 0);
}

TEST(t_T4_tearsheet_keys_are_unique)
{
	for (int i = 0; i < TEARSHEET_METRICS; i++)
		for (int j = 0; j < i; j++) CHECK(strcmp(tearsheet_key((enum tearsheet_metric)i), tearsheet_key((enum tearsheet_metric)j)) != 0);
}

static void walk(uint64_t seed, uint32_t count, double first, double deviation)
{
	nav[0] = first;
	for (uint32_t i = 1; i < count; i++) nav[i] = nav[i - 1] * (1 + deviation * golden_normal(&seed));
}

/* In another currency (a power of two, so that every quotient is the same) all 45 are the same. */
TEST(t_T4_tearsheet_scale_law)
{
	days_from(18000, 500);
	for (uint64_t seed = 1; seed <= 10; seed++) {
		walk(seed, 500, 1000, 0.015);
		fill(&sheet, 500);
		for (int i = 0; i < 500; i++) nav[i] /= 4096;
		fill(&other, 500);
		CHECK(memcmp(&sheet, &other, sizeof sheet) == 0);
	}
}

/* Figures of the set of daily returns do not know their order. */
TEST(t_T4_tearsheet_permutation_law)
{
	static double returns[500];
	const enum tearsheet_metric unordered[] = { TEARSHEET_TOTAL_RETURN, TEARSHEET_VOLATILITY, TEARSHEET_SHARPE, TEARSHEET_OMEGA,
		TEARSHEET_SKEW, TEARSHEET_KURTOSIS, TEARSHEET_VALUE_AT_RISK, TEARSHEET_EXPECTED_SHORTFALL, TEARSHEET_TAIL_RATIO,
		TEARSHEET_PAYOFF_RATIO, TEARSHEET_KELLY, TEARSHEET_BEST_DAY, TEARSHEET_WORST_DAY, TEARSHEET_EXPECTED_DAY, TEARSHEET_WIN_DAY };
	days_from(18000, 500);
	for (uint64_t seed = 1; seed <= 10; seed++) {
		walk(seed, 500, 1000, 0.015);
		fill(&sheet, 500);
		for (int i = 1; i < 500; i++) returns[i] = nav[i] / nav[i - 1];
		for (int i = 1; i < 500; i++) nav[i] = nav[i - 1] * returns[1 + (i * 7) % 499];
		fill(&other, 500);
		for (uint32_t i = 0; i < sizeof unordered / sizeof *unordered; i++)
			CHECK_NEAR(sheet.figure[unordered[i]], other.figure[unordered[i]], 1e-9);
	}
}

/* The largest series of the widest range that is accepted. */
TEST(t_T4_tearsheet_of_wild_series_is_finite)
{
	uint64_t seed = 13;
	for (int trial = 0; trial < 40; trial++) {
		uint32_t count = trial ? 2 + (uint32_t)(40 * golden_uniform(&seed)) : TEARSHEET_POINTS_MAX;
		days_from(-1000, count);
		for (uint32_t i = 0; i < count; i++) nav[i] = pow(10, 22 * golden_uniform(&seed) - 7.9);
		fill(&sheet, count);
	}
}

static void too_many(void) { (void)tearsheet_fill(&sheet, &room, day, nav, TEARSHEET_POINTS_MAX + 1, 0); }
TEST(t_T4_tearsheet_too_many_points_is_a_bug) { CHECK_BUG(too_many, 2205); }
