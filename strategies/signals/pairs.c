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
	struct panel        panel;      /* of logarithms */
	struct screen_parts parts;      /* of the panel */
	uint32_t            since_refit;
	struct pair         pair[PAIRS_MAX];
	struct signal       said[ASSETS_MAX];
};

_Static_assert((int)ASSETS_MAX == (int)SCREEN_SERIES && (int)PANEL_ROWS == (int)SCREEN_ROWS, "the panel is the ring that is screened");
_Static_assert((int)FORMATION == (int)PANEL_ROWS - 1, "the window of the screen is all rows but the oldest");

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

/* The assets with a full history that may be paired: those of an open pair are taken. Their number. */
static uint32_t members_of(const struct state *mine, uint16_t *member)
{
	uint32_t full = panel_full(&mine->panel, member), count = 0;
	for (uint32_t k = 0; k < full; k++) if (!is_taken(mine, member[k])) member[count++] = member[k];
	return count;
}

/* Both series of a pair, in one walk over the rows. */
static void centre(const struct panel *panel, const struct pair *pair, struct centred *y, struct centred *x)
{
	uint32_t row = panel->at;
	for (uint32_t t = 0; t < FORMATION; t++) {
		row = row + 1 < PANEL_ROWS ? row + 1 : 0;
		y->value[t] = panel->price[row][pair->y];
		x->value[t] = panel->price[row][pair->x];
	}
	cointegration_centre_own(FORMATION, y);
	cointegration_centre_own(FORMATION, x);
}

/* A pair and the least its statistic can be: what the screen says until it is tested. A pair that is none to trade is not used. */
struct candidate { bool tested; struct pair pair; };
struct candidates { uint32_t count; struct candidate candidate[ASSETS_MAX * (ASSETS_MAX - 1) / 2]; };

static void test(const struct state *mine, const double *setting, struct candidate *candidate)
{
	struct pair         *pair = &candidate->pair;
	struct centred       y, x;
	struct cointegration c;
	centre(&mine->panel, pair, &y, &x);
	candidate->tested = true;
	pair->used = cointegration_of(&y, &x, (uint32_t)setting[LAGS], &c) && c.statistic < c.critical[FIVE_PER_CENT] && c.hedge > 0 &&
		c.half_life > 0 && c.half_life <= setting[HALF_LIFE_MOST];
	if (pair->used) *pair = (struct pair){ true, 0, pair->y, pair->x, c.hedge, c.intercept, c.deviation, c.statistic };
}

/* Of assets with a full history that are in no pair, all pairs that the screen does not rule out. */
static void find(struct state *mine, const double *setting, struct candidates *all)
{
	const double             most = cointegration_critical(FIVE_PER_CENT, FORMATION) + SCREEN_ERROR;
	const struct screen_ring ring = { PANEL_ROWS, mine->panel.at, mine->panel.price };
	double                   statistic[SCREEN_SERIES][SCREEN_SERIES];
	uint16_t                 member[ASSETS_MAX];
	uint32_t                 count = members_of(mine, member);
	all->count = 0;
	if (count < 2) return;
	cointegration_screen(&mine->parts, &ring, mine->panel.assets, (uint32_t)setting[LAGS], statistic);
	for (const uint16_t *y = member; y < member + count; y++) {
		for (const uint16_t *x = y + 1; x < member + count; x++) {
			if (!(statistic[*y][*x] < most)) continue;
			struct pair pair = { .used = true, .y = *y, .x = *x, .significance = statistic[*y][*x] - SCREEN_ERROR };
			all->candidate[all->count++] = (struct candidate){ false, pair };
		}
	}
}

/* The most significant pair of two assets that are in none, 0 where there is none. */
static struct candidate *best_of(const struct state *mine, struct candidates *all)
{
	struct candidate *best = 0;
	for (struct candidate *one = all->candidate; one < all->candidate + all->count; one++) {
		if (!one->pair.used || (best && !(one->pair.significance < best->pair.significance))) continue;
		if (!is_taken(mine, one->pair.y) && !is_taken(mine, one->pair.x)) best = one;
	}
	return best;
}

/* A pair that is the best by its statistic is so beside all that are not tested yet: theirs is no less than they say. */
static void form(struct state *mine, const double *setting)
{
	struct candidates all;
	struct candidate *best;
	find(mine, setting, &all);
	for (int k = 0; k < PAIRS_MAX; k++) {
		if (mine->pair[k].used) continue;
		while ((best = best_of(mine, &all)) && !best->tested) test(mine, setting, best);
		if (!best) return;
		mine->pair[k] = best->pair;
	}
}

static void refit(struct state *mine, const double *setting)
{
	uint32_t open = 0;
	mine->since_refit = 0;
	for (int k = 0; k < PAIRS_MAX; k++) open += mine->pair[k].used = mine->pair[k].side != 0;
	if (open < PAIRS_MAX) form(mine, setting);
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
	screen_parts_written(&mine->parts);
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
