/* pairs.c - two assets that keep together: buy the cheap one when they part, leave when they meet.
 *
 * Papers: Engle and Granger (1987) for the test; Gatev, Goetzmann and Rouwenhorst, "Pairs trading: performance of a relative-value
 * arbitrage rule", Review of Financial Studies 19 (2006), for forming on one period and trading on the next.
 *
 * Every `refit` rows all pairs are tested over the last 252; the most significant with a hedge above 0 and a half-life up to half_life_most
 * are kept, an asset in one pair only. A pair that is open keeps its parameters until it closes. Between, z = (ln y - intercept - hedge ln x)
 * / deviation with those parameters:
 *   open      |z| > entry: BUY the cheap one; the rich one is SELL, and short by hedge where `short` is 1
 *   close     |z| < exit, or |z| > stop (it has broken, and is forgotten), or the pair is no longer significant at a refit while closed */
#include <math.h>
#include <string.h>

#include "strategies/factors/cointegration.h"
#include "strategies/signals/panel.h"

enum { ENTRY, EXIT, STOP, HALF_LIFE_MOST, REFIT, LAGS, SHORT, WEIGHT, SETTINGS };
enum { PAIRS_MAX = 4, FORMATION = 252 };        /* pairs at a time; rows of the test */

static const struct setting settings[SETTINGS] = {
	[ENTRY]          = { "entry",          2.0,  0.5, 5.0,  "deviations of the spread at which a pair opens" },
	[EXIT]           = { "exit",           0.5,  0.0, 2.0,  "deviations at which it closes" },
	[STOP]           = { "stop",           4.0,  2.0, 20,   "deviations at which it has broken" },
	[HALF_LIFE_MOST] = { "half_life_most", 60,   1, 252,    "bars until half of a spread has gone, at most" },
	[REFIT]          = { "refit",          21,   1, 252,    "rows from one test of all pairs to the next" },
	[LAGS]           = { "lags",           1,    0, COINTEGRATION_LAGS_MAX, "lagged changes in the test" },
	[SHORT]          = { "short",          0,    0, 1,      "1: the rich leg is sold short" },
	[WEIGHT]         = { "weight",         0.05, 0.0, 1.0,  "share of the portfolio of the cheap leg" },
};

struct pair { bool used; int8_t side; uint16_t y, x; double hedge, intercept, deviation, significance; };      /* side: +1 holds y, -1 holds x */

struct state {
	struct panel   panel;           /* of logarithms */
	uint32_t       since_refit;
	struct pair    pair[PAIRS_MAX];
	struct signal  said[ASSETS_MAX];
	struct centred centred[ASSETS_MAX];     /* of the refit under way */
};

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	memset(mine, 0, sizeof *mine);
	panel_init(&mine->panel);
	mine->since_refit = (uint32_t)setting[REFIT];
}

static bool shares(const struct pair *one, const struct pair *two)
{
	return one->used && (one->y == two->y || one->y == two->x || one->x == two->y || one->x == two->x);
}

/* Where a new pair goes: beside no better pair that shares an asset; it replaces those it beats, or the worst of a full table. */
static void offer(struct state *mine, const struct pair *new)
{
	struct pair *worst = 0;
	for (struct pair *old = mine->pair; old < mine->pair + PAIRS_MAX; old++) {
		if (shares(old, new) && (old->side != 0 || old->significance <= new->significance)) return;
	}
	for (struct pair *old = mine->pair; old < mine->pair + PAIRS_MAX; old++) {
		if (shares(old, new)) old->used = false;
		if (old->used && old->side != 0) continue;
		if (!worst || (worst->used && (!old->used || old->significance > worst->significance))) worst = old;
	}
	if (worst && (!worst->used || new->significance < worst->significance)) *worst = *new;
}

static void centre(struct state *mine, uint16_t asset)
{
	double value[FORMATION];
	for (uint32_t t = 0; t < FORMATION; t++) value[t] = panel_price(&mine->panel, asset, FORMATION - 1 - t);
	cointegration_centre(value, FORMATION, &mine->centred[asset]);
}

static void test_pair(struct state *mine, const double *setting, uint16_t one, uint16_t two)
{
	struct cointegration c;
	if (!cointegration_of(&mine->centred[one], &mine->centred[two], (uint32_t)setting[LAGS], &c)) return;
	if (c.statistic >= c.critical[FIVE_PER_CENT] || c.hedge <= 0 || c.half_life <= 0 || c.half_life > setting[HALF_LIFE_MOST]) return;
	offer(mine, &(struct pair){ true, 0, one, two, c.hedge, c.intercept, c.deviation, c.statistic });
}

static void refit(struct state *mine, const double *setting)
{
	uint16_t asset[ASSETS_MAX];
	uint32_t count = panel_full(&mine->panel, asset);
	for (int k = 0; k < PAIRS_MAX; k++) if (mine->pair[k].side == 0) mine->pair[k].used = false;
	for (uint32_t a = 0; a < count; a++) centre(mine, asset[a]);
	for (uint32_t a = 0; a < count; a++) {
		for (uint32_t b = a + 1; b < count; b++) test_pair(mine, setting, asset[a], asset[b]);
	}
	mine->since_refit = 0;
}

static void say_open(struct state *mine, const double *setting, const struct pair *pair, double far)
{
	uint16_t cheap = pair->side > 0 ? pair->y : pair->x, rich = pair->side > 0 ? pair->x : pair->y;
	double   ratio = pair->side > 0 ? pair->hedge : 1 / pair->hedge, sure = 0.5 + 0.5 * signal_reach(far, setting[ENTRY], setting[STOP]);
	double   against = setting[SHORT] > 0 ? -setting[WEIGHT] * (ratio < 1 ? ratio : 1) : 0;
	signal_say(&mine->said[cheap], far > (setting[ENTRY] + setting[STOP]) / 2 ? GRADE_STRONG_BUY : GRADE_BUY, REASON_PAIR_CHEAP, sure, setting[WEIGHT]);
	signal_say(&mine->said[rich], GRADE_SELL, REASON_PAIR_RICH, sure, against);
}

static void say_closed(struct state *mine, const struct pair *pair)
{
	signal_say(&mine->said[pair->y], GRADE_SELL, REASON_PAIR_CLOSED, 0.75, 0);
	signal_say(&mine->said[pair->x], GRADE_SELL, REASON_PAIR_CLOSED, 0.75, 0);
}

static void trade(struct state *mine, const double *setting, struct pair *pair)
{
	double y = panel_price(&mine->panel, pair->y, 0), x = panel_price(&mine->panel, pair->x, 0);
	double z = (y - pair->intercept - pair->hedge * x) / pair->deviation, far = fabs(z);
	if (pair->side != 0 && (far < setting[EXIT] || far > setting[STOP] || (z < 0) != (pair->side > 0))) {
		say_closed(mine, pair);
		pair->side = 0;
		pair->used = far <= setting[STOP];
	} else if (far > setting[ENTRY] && far <= setting[STOP]) {
		pair->side = z < 0 ? 1 : -1;
		say_open(mine, setting, pair, far);
	}
}

static void decide(struct state *mine, const double *setting, const struct market *market)
{
	for (uint32_t i = 0; i < market->assets; i++) signal_say(&mine->said[i], GRADE_HOLD, REASON_NONE, 0, 0);
	if (++mine->since_refit >= setting[REFIT]) refit(mine, setting);
	for (int k = 0; k < PAIRS_MAX; k++) if (mine->pair[k].used) trade(mine, setting, &mine->pair[k]);
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	if (panel_push_logs(&mine->panel, market)) decide(mine, setting, market);
	for (uint32_t i = 0; i < market->assets; i++) {
		const struct signal *said = &mine->said[i];
		if (signal_warming(&out[i], panel_rows(&mine->panel, i), PANEL_ROWS)) continue;
		signal_say(&out[i], (enum grade)said->grade, (enum reason)said->reason, said->confidence, said->target_weight);
	}
}

const struct strategy pairs_strategy = {
	"pairs", "Engle, Granger 1987; Gatev, Goetzmann, Rouwenhorst 2006", "253 common daily rows of two assets or more",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
