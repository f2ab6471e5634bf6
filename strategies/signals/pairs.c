/* pairs.c - two assets that keep together: buy the cheap one when they part, leave when they meet.
 *
 * Papers: Engle and Granger (1987) for the test; Gatev, Goetzmann and Rouwenhorst, "Pairs trading: performance of a relative-value
 * arbitrage rule", Review of Financial Studies 19 (2006), for forming on one period and trading on the next.
 *
 * Every `refit` rows all pairs are tested over the last 252; the most significant with a hedge above 0 and a half-life up to half_life_most
 * are kept, best first, an asset in one pair only. A pair that is open keeps its parameters and its assets until it closes. Between,
 * z = (ln y - intercept - hedge ln x) / deviation with those parameters:
 *   open      |z| > entry: BUY the cheap one; the rich one is SELL, and short by hedge where `short` is 1
 *   close     |z| < exit, or |z| > stop (it has broken, and is forgotten), or the pair is no longer significant at a refit while closed */
#include <math.h>
#include <string.h>

#include "strategies/factors/cointegration_screen.h"
#include "strategies/factors/four.h"
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
	uint16_t       member[ASSETS_MAX];              /* of the refit under way: assets with a full history, and their series */
	struct centred centred[ASSETS_MAX];
};

_Static_assert(FORMATION % LANES == 0, "rows become series four by four");
_Static_assert((int)ASSETS_MAX <= (int)SCREEN_SERIES, "raise SCREEN_SERIES: all pairs of the universe are screened at once");

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	memset(mine, 0, sizeof *mine);
	panel_init(&mine->panel);
	mine->since_refit = (uint32_t)setting[REFIT];
}

static bool is_taken(const struct state *mine, uint32_t asset)
{
	for (const struct pair *pair = mine->pair; pair < mine->pair + PAIRS_MAX; pair++)
		if (pair->used && (pair->y == asset || pair->x == asset)) return true;
	return false;
}

/* Four rows of the panel, so many ago and later, of four assets: series of four. */
static void take_four(const struct panel *panel, uint32_t ago, const uint16_t *asset, four series[LANES])
{
	for (uint32_t t = 0; t < LANES; t++) {
		const double *row = panel_row(panel, ago - t);
		series[t] = (four){ row[asset[0]], row[asset[1]], row[asset[2]], row[asset[3]] };
	}
	four_transpose(series);
}

/* A series about its mean for each asset with a full history that may be paired: those of an open pair are taken. Their number. */
static uint32_t centre(struct state *mine)
{
	uint32_t full = panel_full(&mine->panel, mine->member), count = 0;
	for (uint32_t k = 0; k < full; k++) if (!is_taken(mine, mine->member[k])) mine->member[count++] = mine->member[k];
	for (uint32_t k = 0; k < count; k += LANES) {
		uint16_t asset[LANES];
		for (uint32_t i = 0; i < LANES; i++) asset[i] = mine->member[k + i < count ? k + i : k];
		for (uint32_t t = 0; t < FORMATION; t += LANES) {
			four series[LANES];
			take_four(&mine->panel, FORMATION - 1 - t, asset, series);
			for (uint32_t i = 0; i < LANES; i++) four_store(mine->centred[k + i].padded + CENTRED_RIM + t, series[i]);
		}
	}
	for (uint32_t k = 0; k < count; k++) cointegration_centre_own(FORMATION, &mine->centred[k]);
	return count;
}

/* False where the pair is none to trade. */
static bool test_pair(const struct state *mine, const double *setting, uint32_t y, uint32_t x, struct pair *out)
{
	struct cointegration c;
	if (!cointegration_of(&mine->centred[y], &mine->centred[x], (uint32_t)setting[LAGS], &c)) return false;
	if (c.statistic >= c.critical[FIVE_PER_CENT] || c.hedge <= 0 || c.half_life <= 0 || c.half_life > setting[HALF_LIFE_MOST]) return false;
	*out = (struct pair){ true, 0, mine->member[y], mine->member[x], c.hedge, c.intercept, c.deviation, c.statistic };
	return true;
}

/* Pairs that may be traded. */
struct found { uint32_t count; struct pair pair[ASSETS_MAX * (ASSETS_MAX - 1) / 2]; };

/* The screen is asked first, and what it does not rule out is tested. */
static void find(const struct state *mine, const double *setting, uint32_t count, struct found *found)
{
	const double most = cointegration_critical(FIVE_PER_CENT, FORMATION) + SCREEN_ERROR;
	double       statistic[SCREEN_SERIES][SCREEN_SERIES];
	found->count = 0;
	cointegration_screen(mine->centred, count, (uint32_t)setting[LAGS], statistic);
	for (uint32_t y = 0; y < count; y++) {
		for (uint32_t x = y + 1; x < count; x++)
			if (statistic[y][x] < most) found->count += test_pair(mine, setting, y, x, &found->pair[found->count]);
	}
}

/* The most significant pair of two assets that are in none, 0 where there is none. */
static const struct pair *best_of(const struct state *mine, const struct found *found)
{
	const struct pair *best = 0;
	for (const struct pair *pair = found->pair; pair < found->pair + found->count; pair++) {
		if (best && !(pair->significance < best->significance)) continue;
		if (!is_taken(mine, pair->y) && !is_taken(mine, pair->x)) best = pair;
	}
	return best;
}

static void form(struct state *mine, const double *setting, uint32_t count)
{
	struct found       found;
	const struct pair *best;
	find(mine, setting, count, &found);
	for (int k = 0; k < PAIRS_MAX; k++) {
		if (mine->pair[k].used) continue;
		if (!(best = best_of(mine, &found))) return;
		mine->pair[k] = *best;
	}
}

static void refit(struct state *mine, const double *setting)
{
	uint32_t open = 0;
	mine->since_refit = 0;
	for (int k = 0; k < PAIRS_MAX; k++) open += mine->pair[k].used = mine->pair[k].side != 0;
	if (open == PAIRS_MAX) return;
	uint32_t count = centre(mine);
	if (count >= 2) form(mine, setting, count);
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
