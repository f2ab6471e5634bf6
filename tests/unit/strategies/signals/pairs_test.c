/* pairs_test.c - a made pair parts and meets again; a third asset has nothing to do with it. */
#include "strategies/factors/cointegration.h"
#include "tests/unit/strategies/signals/market_kit.h"

static double walk, other, spread;

/* A day of x, y = 1.2 x + spread in logarithms, and an unrelated walk. */
static void day(double pushed)
{
	walk += 0.01 * (uniform() - 0.5);
	other += 0.01 * (uniform() - 0.5);
	spread = 0.5 * spread + 0.004 * (uniform() - 0.5) + pushed;
	bar(0, 50 * exp(1.2 * walk + spread));
	bar(1, 80 * exp(walk));
	bar(2, 30 * exp(other));
	turn();
}

static void form(void)
{
	begin(STRATEGY_pairs, 3);
	seed = 5, walk = other = spread = 0;
	for (int i = 0; i < 252; i++) day(0);
	CHECK_EQ(out[0].reason, REASON_WARMING_UP);
	CHECK_EQ(out[0].bars_seen, 252);
	CHECK_EQ(out[0].bars_needed, 253);
	day(0);
	CHECK(signal_is_warm(&out[0]));
}

TEST(t_S1_pairs_buys_the_cheap_leg)
{
	form();
	day(-0.006);
	CHECK(out[0].grade >= GRADE_BUY);
	CHECK_EQ(out[0].reason, REASON_PAIR_CHEAP);
	CHECK(out[0].target_weight == 0.05);
	CHECK_EQ(out[1].grade, GRADE_SELL);
	CHECK_EQ(out[1].reason, REASON_PAIR_RICH);
	CHECK(out[1].target_weight == 0);
	CHECK_EQ(out[2].grade, GRADE_HOLD);
	check_repeats();
	int days = 0;
	while (out[0].reason != REASON_PAIR_CLOSED && days++ < 15) day(0);
	CHECK_EQ(out[0].reason, REASON_PAIR_CLOSED);
	CHECK(out[0].grade == GRADE_SELL && out[0].target_weight == 0);
}

TEST(t_S1_pairs_sells_the_rich_leg_short_when_told)
{
	form();
	*set("short") = 1;
	day(0.004);
	CHECK_EQ(out[1].reason, REASON_PAIR_CHEAP);
	CHECK(out[1].target_weight == 0.05);
	CHECK_EQ(out[0].reason, REASON_PAIR_RICH);
	CHECK_NEAR(out[0].target_weight, -0.05 / 1.2, 0.02);    /* by 1 / hedge, and the hedge is estimated near 1.2 */
}

TEST(t_S1_pairs_forgets_a_broken_pair)
{
	form();
	day(-0.006);
	CHECK_EQ(out[0].reason, REASON_PAIR_CHEAP);
	day(-0.05);
	CHECK_EQ(out[0].reason, REASON_PAIR_CLOSED);
	day(0);
	CHECK_EQ(out[0].grade, GRADE_HOLD);
}

/* The rule as it is written, pair by pair: what the strategy trades must be what this trades, year after year. */
enum { MADE = 9, PAIRS = 4, DAYS = 900, YEAR = 252 };
static double logs[DAYS][MADE];
static struct wanted { bool used; int side, y, x; struct cointegration c; } wanted[PAIRS];

static bool is_wanted(int asset)
{
	for (int k = 0; k < PAIRS; k++) if (wanted[k].used && (wanted[k].y == asset || wanted[k].x == asset)) return true;
	return false;
}

/* The most significant of all pairs of assets that are free, over the year that ends with this day. */
static struct wanted best_pair(int today)
{
	struct wanted best = { .used = false };
	double        y[YEAR], x[YEAR];
	for (int i = 0; i < MADE; i++) {
		for (int k = i + 1; k < MADE; k++) {
			struct cointegration c;
			for (int t = 0; t < YEAR; t++) y[t] = logs[today - YEAR + 1 + t][i], x[t] = logs[today - YEAR + 1 + t][k];
			if (is_wanted(i) || is_wanted(k) || !cointegration_test(y, x, YEAR, 1, &c)) continue;
			if (!(c.statistic < c.critical[FIVE_PER_CENT] && c.hedge > 0 && c.half_life > 0 && c.half_life <= 60)) continue;
			if (!best.used || c.statistic < best.c.statistic) best = (struct wanted){ true, 0, i, k, c };
		}
	}
	return best;
}

static uint8_t wanted_reason[MADE];

static void want_trade(struct wanted *pair, int today)
{
	double z = (logs[today][pair->y] - pair->c.intercept - pair->c.hedge * logs[today][pair->x]) / pair->c.deviation, far = fabs(z);
	if (pair->side != 0 && (far < 0.5 || far > 4 || (z < 0) != (pair->side > 0))) {
		wanted_reason[pair->y] = wanted_reason[pair->x] = REASON_PAIR_CLOSED;
		pair->side = 0;
		pair->used = far <= 4;
	} else if (far > 2 && far <= 4) {
		pair->side = z < 0 ? 1 : -1;
		wanted_reason[pair->y] = z < 0 ? REASON_PAIR_CHEAP : REASON_PAIR_RICH;
		wanted_reason[pair->x] = z < 0 ? REASON_PAIR_RICH : REASON_PAIR_CHEAP;
	}
}

/* Nine walks, of which some keep together for some time, and one with the opposite of another: no pair to trade, however sure. */
static void made_day(int today, double *apart)
{
	static const int from[MADE][2] = { { 0 }, { 0 }, { 0 }, { 0, 300 }, { 200, 600 }, { 500, 900 }, { 0, 900 }, { 0, 900 }, { 600, 900 } };
	double           common = 0.01 * (uniform() - 0.5);
	for (int i = 0; i < MADE; i++) {
		bool   together = today >= from[i][0] && today < from[i][1];
		double before = today ? logs[today - 1][i] : 3 + 0.2 * i, partner = today ? logs[today][i % 3] - logs[today - 1][i % 3] : 0;
		double back = together ? 0.8 * apart[i] + 0.01 * (uniform() - 0.5) - apart[i] : 0;
		apart[i] += back;
		logs[today][i] = before + (together ? partner * (i == 7 ? -1 : 0.8 + 0.1 * i) + back : common + 0.02 * (uniform() - 0.5));
	}
}

TEST(t_S1_pairs_are_the_best_of_each_refit)
{
	double apart[MADE] = { 0 };
	int    opened = 0, closed = 0;
	begin(STRATEGY_pairs, MADE);
	seed = 11;
	memset(wanted, 0, sizeof wanted);
	for (int today = 0; today < DAYS; today++) {
		made_day(today, apart);
		for (uint32_t i = 0; i < MADE; i++) bar(i, exp(logs[today][i]));
		for (uint32_t i = 0; i < MADE; i++) logs[today][i] = log(market.asset[i].bar.adj_close);
		turn();
		memset(wanted_reason, 0, sizeof wanted_reason);
		if (today < YEAR) continue;
		for (int k = 0; today % 21 == 0 && k < PAIRS; k++) wanted[k].used = wanted[k].side != 0;
		for (int k = 0; today % 21 == 0 && k < PAIRS; k++) if (!wanted[k].used) wanted[k] = best_pair(today);
		for (int k = 0; k < PAIRS; k++) if (wanted[k].used) want_trade(&wanted[k], today);
		for (uint32_t i = 0; i < MADE; i++) {
			CHECK_EQ(out[i].reason, wanted_reason[i]);
			opened += wanted_reason[i] == REASON_PAIR_CHEAP;
			closed += wanted_reason[i] == REASON_PAIR_CLOSED;
		}
	}
	CHECK(opened > 60 && closed > 20);
}
