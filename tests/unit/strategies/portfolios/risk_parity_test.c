/* risk_parity_test.c - equal risk contribution by hand, by reference, by its own first-order conditions, under caps. */
#include "strategies/portfolios/risk_parity.h"

#include <math.h>
#include <string.h>

#include "tests/kit/test.h"
#include "tests/unit/strategies/golden.h"

static double covariance[RISK_PARITY_MAX][RISK_PARITY_MAX], weight[RISK_PARITY_MAX], share[RISK_PARITY_MAX], cap[RISK_PARITY_MAX];
static struct golden golden, data;

static bool near(double got, double want, double relative) { return fabs(got - want) <= relative * fabs(want); }

/* Without correlation the weights go with 1 / deviation: 0.1, 0.2, 0.4 -> 4 : 2 : 1. */
TEST(t_S6_risk_parity_by_hand)
{
	memset(covariance, 0, sizeof covariance);
	covariance[0][0] = 0.01, covariance[1][1] = 0.04, covariance[2][2] = 0.16;
	CHECK_EQ(risk_parity(covariance, 3, 0, 0, weight), RISK_PARITY_DONE);
	CHECK(near(weight[0], 4.0 / 7, 1e-14) && near(weight[1], 2.0 / 7, 1e-14) && near(weight[2], 1.0 / 7, 1e-14));
	/* two assets: always 1 / deviation, whatever the correlation */
	covariance[0][1] = covariance[1][0] = 0.015;
	CHECK_EQ(risk_parity(covariance, 2, 0, 0, weight), RISK_PARITY_DONE);
	CHECK(near(weight[0], 2.0 / 3, 1e-13) && near(weight[1], 1.0 / 3, 1e-13));
}

TEST(t_S6_risk_parity_caps_by_hand)
{
	memset(covariance, 0, sizeof covariance);
	covariance[0][0] = 0.01, covariance[1][1] = 0.04, covariance[2][2] = 0.16;
	cap[0] = 0.4, cap[1] = cap[2] = 1;
	CHECK_EQ(risk_parity(covariance, 3, 0, cap, weight), RISK_PARITY_DONE);
	CHECK(weight[0] == 0.4 && near(weight[1], 0.4, 1e-13) && near(weight[2], 0.2, 1e-13));      /* the others stay 2 : 1 */
	cap[0] = 0.5, cap[1] = 0.25, cap[2] = 0.2;
	CHECK_EQ(risk_parity(covariance, 3, 0, cap, weight), RISK_PARITY_CAPS_TOO_SMALL);
	CHECK(weight[0] == 0.5 && weight[1] == 0.25 && weight[2] == 0.2);
}

TEST(t_S6_risk_parity_budgets_by_hand)
{
	double budget[2] = { 4, 1 };
	memset(covariance, 0, sizeof covariance);
	covariance[0][0] = covariance[1][1] = 1;
	CHECK_EQ(risk_parity(covariance, 2, budget, 0, weight), RISK_PARITY_DONE);
	CHECK(near(weight[0], 2.0 / 3, 1e-14));         /* w0^2 : w1^2 = 4 : 1 */
	CHECK_EQ(risk_parity(covariance, 1, 0, 0, weight), RISK_PARITY_DONE);
	CHECK(weight[0] == 1);
}

TEST(t_S6_risk_parity_refuses_nonsense)
{
	double budget[2] = { 1, 0 };
	memset(covariance, 0, sizeof covariance);
	covariance[0][0] = 1;
	CHECK_EQ(risk_parity(covariance, 2, 0, 0, weight), RISK_PARITY_BAD_INPUT);
	covariance[1][1] = NAN;
	CHECK_EQ(risk_parity(covariance, 2, 0, 0, weight), RISK_PARITY_BAD_INPUT);
	covariance[1][1] = 1;
	CHECK_EQ(risk_parity(covariance, 2, budget, 0, weight), RISK_PARITY_BAD_INPUT);
	covariance[0][1] = covariance[1][0] = INFINITY;
	CHECK_EQ(risk_parity(covariance, 2, 0, 0, weight), RISK_PARITY_BAD_INPUT);
	covariance[0][1] = covariance[1][0] = -3;       /* no covariance matrix */
	CHECK_EQ(risk_parity(covariance, 2, 0, 0, weight), RISK_PARITY_NOT_CONVERGED);
	CHECK(weight[0] == 0 && weight[1] == 0);
}

static void load(int count)
{
	if (!golden_read(&data, "tests/golden/portfolios/covariance.csv")) SKIP("golden files are read from the root of the tree");
	for (int i = 0; i < count; i++) memcpy(covariance[i], data.cell[i], (size_t)count * sizeof(double));
}

/* Columns of risk_parity.csv: w (no caps), w_budget (budgets 1..15), w_cap (caps 0.08). */
TEST(t_S6_risk_parity_golden)
{
	double budget[15], one = 0;
	load(15);
	if (!golden_read(&golden, "tests/golden/portfolios/risk_parity.csv")) SKIP("golden files are read from the root of the tree");
	for (int i = 0; i < 15; i++) budget[i] = 1 + i, cap[i] = 0.08;
	CHECK_EQ(risk_parity(covariance, 15, 0, 0, weight), RISK_PARITY_DONE);
	for (int i = 0; i < 15; i++) CHECK(near(weight[i], golden.cell[i][golden_column(&golden, "w")], 1e-10));
	risk_parity_shares(covariance, 15, weight, share);
	for (int i = 0; i < 15; i++) CHECK(near(share[i], 1.0 / 15, 1e-12)), one += weight[i];
	CHECK(near(one, 1, 1e-14));
	CHECK_EQ(risk_parity(covariance, 15, budget, 0, weight), RISK_PARITY_DONE);
	for (int i = 0; i < 15; i++) CHECK(near(weight[i], golden.cell[i][golden_column(&golden, "w_budget")], 1e-10));
	CHECK_EQ(risk_parity(covariance, 15, 0, cap, weight), RISK_PARITY_DONE);
	for (int i = 0; i < 15; i++) CHECK(near(weight[i], golden.cell[i][golden_column(&golden, "w_cap")], 1e-6));
}

/* First-order conditions under caps: w (S w) is the same for all below their cap, and less at it. */
TEST(t_S6_risk_parity_caps_are_optimal)
{
	double level = 0, sum = 0;
	load(15);
	for (int i = 0; i < 15; i++) cap[i] = 0.08;
	CHECK_EQ(risk_parity(covariance, 15, 0, cap, weight), RISK_PARITY_DONE);
	risk_parity_shares(covariance, 15, weight, share);
	for (int i = 0; i < 15; i++) {
		sum += weight[i];
		CHECK(weight[i] > 0 && weight[i] <= 0.08);
		if (weight[i] < 0.08 && level == 0) level = share[i];
	}
	CHECK(level > 0);
	CHECK(near(sum, 1, 1e-13));
	for (int i = 0; i < 15; i++) CHECK(weight[i] < 0.08 ? near(share[i], level, 1e-11) : share[i] < level);
}

TEST(t_S6_risk_parity_laws)
{
	static double turned[RISK_PARITY_MAX][RISK_PARITY_MAX], other[RISK_PARITY_MAX];
	load(15);
	CHECK_EQ(risk_parity(covariance, 15, 0, 0, weight), RISK_PARITY_DONE);
	for (int i = 0; i < 15; i++) {
		for (int k = 0; k < 15; k++) turned[14 - i][14 - k] = 7 * covariance[i][k];
	}
	CHECK_EQ(risk_parity(turned, 15, 0, 0, other), RISK_PARITY_DONE);
	for (int i = 0; i < 15; i++) CHECK(near(other[14 - i], weight[i], 1e-12));      /* order and scale do not matter */
}

static uint64_t seed = 4101842887655102017u;
static double uniform(void)
{
	seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
	return (double)((seed * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

/* Loads on a few factors plus own risk over four orders of magnitude: hard and easy ones alike. */
static void random_covariance(int count, int factors)
{
	double load[RISK_PARITY_MAX][4];
	for (int i = 0; i < count; i++) {
		for (int f = 0; f < factors; f++) load[i][f] = (uniform() - 0.3) * pow(10, -3 * uniform());
	}
	for (int i = 0; i < count; i++) {
		for (int k = 0; k < count; k++) {
			covariance[i][k] = 0;
			for (int f = 0; f < factors; f++) covariance[i][k] += load[i][f] * load[k][f];
		}
		covariance[i][i] += pow(10, -2 - 4 * uniform());
	}
}

/* What is added up, signs aside, for the share of an asset: its rounding is a part of this. */
static double gross(int count, int asset)
{
	double sum = 0, variance = 0;
	for (int i = 0; i < count; i++) {
		sum += fabs(covariance[asset][i] * weight[asset] * weight[i]);
		for (int k = 0; k < count; k++) variance += covariance[i][k] * weight[i] * weight[k];
	}
	return sum / variance;
}

TEST(t_S6_risk_parity_of_two_thousand_random_matrices)
{
	for (int round = 0; round < 2000; round++) {
		int    count = 1 + (int)(uniform() * RISK_PARITY_MAX), capped = 0;
		double sum = 0, most = 0;
		random_covariance(count, 1 + (int)(uniform() * 4));
		for (int i = 0; i < count; i++) cap[i] = (1 + 3 * uniform()) / count;
		CHECK_EQ(risk_parity(covariance, (uint32_t)count, 0, cap, weight), count > 1 || cap[0] > 1 ? RISK_PARITY_DONE : RISK_PARITY_CAPS_TOO_SMALL);
		risk_parity_shares(covariance, (uint32_t)count, weight, share);
		for (int i = 0; i < count; i++) {
			sum += weight[i];
			capped += weight[i] >= cap[i];
			CHECK(weight[i] > 0 && weight[i] <= cap[i]);
			if (weight[i] < cap[i] && share[i] > most) most = share[i];
		}
		CHECK(near(sum, 1, 1e-12));
		if (capped == count) continue;
		for (int i = 0; i < count; i++) {
			double slack = 1e-9 * most + 1e-14 * gross(count, i);
			CHECK(share[i] <= most + slack && (weight[i] >= cap[i] || share[i] >= most - slack));
		}
	}
}
