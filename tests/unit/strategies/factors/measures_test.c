/* measures_test.c - the further factors: 12-1 momentum, Bollinger, VWAP, correlation, EWM volatility, bipower variation, rank. */
#include <math.h>
#include <string.h>

#include "strategies/factors/bipower.h"
#include "strategies/factors/bollinger.h"
#include "strategies/factors/correlation.h"
#include "strategies/factors/ewm.h"
#include "strategies/factors/momentum_12_1.h"
#include "strategies/factors/rank.h"
#include "strategies/factors/vwap.h"
#include "tests/kit/test.h"
#include "tests/unit/strategies/golden.h"

static struct golden golden;

static void need(const char *path)
{
	if (!golden_read(&golden, path)) SKIP("golden files are read from the root of the tree");
}

static double want(int row, const char *name) { return golden.cell[row][golden_column(&golden, name)]; }

/* Ready exactly where the reference is, and equal there: relative, or absolute where terms cancel. */
static void expect(bool ready, double got, int row, const char *name, double relative, double absolute)
{
	double wanted = want(row, name);
	CHECK_EQ(ready, !isnan(wanted));
	if (ready && !isnan(wanted)) CHECK(fabs(got - wanted) <= relative * fabs(wanted) + absolute);
}

TEST(t_S4_momentum_12_1_golden)
{
	static struct momentum_12_1 momentum;
	need("tests/golden/measures/walk.csv");
	momentum_12_1_init(&momentum);
	for (int row = 0; row < golden.rows; row++) {
		CHECK(momentum_12_1_push(&momentum, want(row, "close")));
		bool ready = momentum_12_1_ready(&momentum);
		expect(ready, ready ? momentum_12_1_value(&momentum, false) : 0, row, "momentum_12_1", 1e-12, 1e-15);
		expect(ready, ready ? momentum_12_1_value(&momentum, true) : 0, row, "momentum_12_1_summed", 1e-12, 1e-12);
	}
	CHECK(!momentum_12_1_push(&momentum, NAN) && !momentum_12_1_push(&momentum, 0));
}

/* 252 prices of 100, 21 steps up: 12-1 sees nothing of the last month. */
TEST(t_S4_momentum_12_1_by_hand)
{
	static struct momentum_12_1 momentum;
	momentum_12_1_init(&momentum);
	for (int i = 0; i < MOMENTUM_12_1_BARS - 22; i++) CHECK(momentum_12_1_push(&momentum, 100));
	CHECK(momentum_12_1_push(&momentum, 125));
	for (int i = 0; i < 21; i++) CHECK(momentum_12_1_push(&momentum, 130 + i));
	CHECK(momentum_12_1_ready(&momentum));
	CHECK(momentum_12_1_value(&momentum, false) == 0.25);
	CHECK_NEAR(momentum_12_1_value(&momentum, true), 0.25, 1e-15);
}

TEST(t_S1_bollinger_golden)
{
	static struct bollinger bollinger;
	static double           close[GOLDEN_ROWS_MAX], upper[GOLDEN_ROWS_MAX], middle[GOLDEN_ROWS_MAX], lower[GOLDEN_ROWS_MAX];
	need("tests/golden/measures/walk.csv");
	for (int row = 0; row < golden.rows; row++) close[row] = want(row, "close");
	CHECK_EQ(bollinger_batch(20, 2, close, (size_t)golden.rows, upper, middle, lower), golden.rows - 19);
	bollinger_init(&bollinger, 20, 2);
	for (int row = 0; row < golden.rows; row++) {
		CHECK(bollinger_push(&bollinger, close[row]));
		CHECK_EQ(bollinger_ready(&bollinger), row >= 19);
		if (row < 19) continue;
		struct bollinger_bands bands = bollinger_value(&bollinger);
		expect(true, bands.upper, row, "upper", 1e-12, 0);
		expect(true, bands.middle, row, "middle", 1e-12, 0);
		expect(true, bands.lower, row, "lower", 1e-12, 0);
		expect(true, bands.percent_b, row, "percent_b", 0, 1e-10);
		expect(true, bands.bandwidth, row, "bandwidth", 1e-12, 0);
		CHECK_NEAR(upper[row - 19], bands.upper, 1e-13);
		CHECK_NEAR(middle[row - 19], bands.middle, 1e-13);
		CHECK_NEAR(lower[row - 19], bands.lower, 1e-13);
	}
}

TEST(t_S1_bollinger_of_a_standstill_meets)
{
	static struct bollinger bollinger;
	bollinger_init(&bollinger, 3, 2);
	for (int i = 0; i < 7; i++) CHECK(bollinger_push(&bollinger, 0.1));
	struct bollinger_bands bands = bollinger_value(&bollinger);
	CHECK(bands.upper == 0.1 && bands.lower == 0.1 && bands.percent_b == 0.5 && bands.bandwidth == 0);
	CHECK(!bollinger_push(&bollinger, -1));
}

/* Where six series stand in their bands is the same bits as each alone; one that has too few prices stands in the middle. */
TEST(t_S1_bollinger_of_many_series)
{
	enum { SERIES = 6, DAYS = 90 };
	static struct bollinger all[SERIES];
	double                  percent_b[SERIES];
	for (int i = 0; i < SERIES; i++) bollinger_init(&all[i], (uint32_t)(5 + 3 * i), 1 + i);
	for (int t = 0; t < DAYS; t++) {
		for (int i = 0; i < SERIES; i++) CHECK(bollinger_push(&all[i], i == 2 ? 7 : 100 + 10 * sin(t * (0.3 + i))));
		bollinger_percent_b(all, SERIES, percent_b);
		for (int i = 0; i < SERIES; i++) CHECK(percent_b[i] == (bollinger_ready(&all[i]) ? bollinger_value(&all[i]).percent_b : 0.5));
	}
}

TEST(t_S1_vwap_golden)
{
	static struct vwap vwap;
	need("tests/golden/measures/walk.csv");
	vwap_init(&vwap, 20);
	for (int row = 0; row < golden.rows; row++) {
		CHECK(vwap_push(&vwap, want(row, "high"), want(row, "low"), want(row, "close"), want(row, "volume")));
		expect(vwap_ready(&vwap), vwap_ready(&vwap) ? vwap_value(&vwap) : 0, row, "vwap_20", 1e-12, 0);
	}
	CHECK(!vwap_push(&vwap, 1, 1, 1, -1) && !vwap_push(&vwap, 1, 1, 1, NAN) && !vwap_push(&vwap, 0, 1, 1, 1));
}

TEST(t_S1_vwap_session_by_hand)
{
	struct vwap_session session = { 0, 0 };
	CHECK(vwap_session_push(&session, 10, 0) && !vwap_session_ready(&session));
	CHECK(vwap_session_push(&session, 10, 3) && vwap_session_push(&session, 14, 1));
	CHECK(vwap_session_value(&session) == 11);
	CHECK(!vwap_session_push(&session, -1, 1) && !vwap_session_push(&session, 1, INFINITY));
}

TEST(t_R6_correlation_golden)
{
	static struct correlation correlation;
	need("tests/golden/measures/walk.csv");
	correlation_init(&correlation, 60);
	for (int row = 1; row < golden.rows; row++) {
		CHECK(correlation_push(&correlation, want(row, "close") / want(row - 1, "close") - 1, want(row, "other") / want(row - 1, "other") - 1));
		bool ready = correlation_ready(&correlation);
		expect(ready, ready ? correlation_value(&correlation) : 0, row, "correlation_60", 0, 1e-12);
		expect(ready, ready ? correlation_covariance(&correlation) : 0, row, "covariance_60", 1e-12, 1e-16);
	}
}

TEST(t_R6_correlation_laws)
{
	static struct correlation same, against, still;
	correlation_init(&same, 5), correlation_init(&against, 5), correlation_init(&still, 5);
	for (int i = 0; i < 23; i++) {
		double x = (i * 7) % 11 * 0.01;
		CHECK(correlation_push(&same, x, 3 * x + 1) && correlation_push(&against, x, -x) && correlation_push(&still, x, 2));
	}
	CHECK_NEAR(correlation_value(&same), 1, 1e-14);
	CHECK_NEAR(correlation_value(&against), -1, 1e-14);
	CHECK(correlation_value(&same) <= 1 && correlation_value(&against) >= -1);
	CHECK(correlation_value(&still) == 0 && correlation_covariance(&still) == 0);
	CHECK(!correlation_push(&same, NAN, 0) && !correlation_push(&same, 0, INFINITY));
}

TEST(t_S7_ewm_golden)
{
	struct ewm ewm;
	need("tests/golden/measures/walk.csv");
	ewm_init(&ewm, 0.94, 252);
	for (int row = 0; row < golden.rows; row++) {
		CHECK(ewm_push(&ewm, want(row, "close")));
		expect(ewm_ready(&ewm), ewm_ready(&ewm) ? ewm_value(&ewm) : 0, row, "ewm", 1e-12, 0);
	}
}

TEST(t_S7_ewm_by_hand)
{
	struct ewm ewm;
	ewm_init(&ewm, 0.5, 1);
	CHECK(ewm_push(&ewm, 100) && !ewm_ready(&ewm));
	CHECK(ewm_push(&ewm, 150));             /* r 1/2 */
	CHECK_NEAR(ewm_value(&ewm), 0.5, 1e-15);
	CHECK(ewm_push(&ewm, 75));              /* r -1/2 */
	CHECK_NEAR(ewm_value(&ewm), 0.5, 1e-15);
	CHECK(ewm_push(&ewm, 75));
	CHECK_NEAR(ewm_value(&ewm), sqrt(0.125), 1e-15);
	CHECK(!ewm_push(&ewm, 0));
}

TEST(t_S1_bipower_golden)
{
	static struct bipower bipower;
	need("tests/golden/measures/walk.csv");
	bipower_init(&bipower, 20);
	for (int row = 0; row < golden.rows; row++) {
		CHECK(bipower_push(&bipower, want(row, "close")));
		bool ready = bipower_ready(&bipower);
		expect(ready, ready ? bipower_realised(&bipower) : 0, row, "realised_20", 1e-12, 0);
		expect(ready, ready ? bipower_value(&bipower) : 0, row, "bipower_20", 1e-12, 0);
		expect(ready, ready ? bipower_jump_share(&bipower) : 0, row, "jump_share_20", 1e-11, 1e-13);
	}
}

/* One jump among equal steps is nearly all of the realised variance and meets only small neighbours in the bipower one. */
TEST(t_S1_bipower_sees_the_jump)
{
	static struct bipower bipower;
	double                price = 100;
	bipower_init(&bipower, 20);
	for (int i = 0; i < 30; i++) {
		price *= i == 25 ? exp(0.2) : exp(i % 2 ? 0.001 : -0.001);
		CHECK(bipower_push(&bipower, price));
	}
	CHECK_NEAR(bipower_realised(&bipower), 0.04 + 19 * 1e-6, 1e-9);
	CHECK_NEAR(bipower_value(&bipower), 1.5707963267948966 * 20 / 19 * (17 * 1e-6 + 2 * 0.2 * 0.001), 1e-9);
	CHECK(bipower_jump_share(&bipower) > 0.98);
}

TEST(t_D6_rank_golden)
{
	double rank[15];
	need("tests/golden/measures/rank.csv");
	for (int row = 0; row < golden.rows; row++) {
		rank_percentile(golden.cell[row], 15, rank);
		for (int i = 0; i < 15; i++) CHECK(rank[i] == golden.cell[row][15 + i]);
	}
}

TEST(t_D6_rank_by_hand)
{
	double value[4] = { 5, -1, 5, 7 }, rank[4];
	rank_percentile(value, 4, rank);
	CHECK(rank[0] == 0.625 && rank[1] == 0.25 && rank[2] == 0.625 && rank[3] == 1);
	rank_percentile(value, 1, rank);
	CHECK(rank[0] == 1);
}

static void rank_of_nan(void)
{
	double value[2] = { 1, NAN }, rank[2];
	rank_percentile(value, 2, rank);
}
TEST(t_D6_rank_of_nothing_is_a_bug) { CHECK_BUG(rank_of_nan, 2047); }
