/* pca.c - statistical arbitrage against the leading eigen-portfolios.
 *
 * Paper: Avellaneda and Lee, "Statistical arbitrage in the US equities market", Quantitative Finance 10 (2010), sections 2 to 4.
 * s-scores by strategies/factors/residual.h: the factors from the correlations of 252 rows, remade every `refit` rows, the residuals from
 * the last `window`. An asset whose residual returns slower than half the window (kappa) is not traded.
 *
 *   BUY     s < -open, STRONG_BUY where s < -2 open        held until s > -close
 *   SELL    s > open, STRONG_SELL where s > 2 open         short where `short` is 1, until s < close_short
 *   SELL    we said BUY and s > -close
 *
 * The paper hedges each position with its eigen-portfolios; here the desk's limits on beta and correlation stand for that. */
#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/residual.h"
#include "strategies/signals/signal.h"

enum { FACTORS, WINDOW, REFIT, OPEN, CLOSE, CLOSE_SHORT, SHORT, WEIGHT, SETTINGS };
enum { DAYS = 252, PRICES_NEEDED = DAYS + 1 };          /* returns of the eigen-portfolios; prices behind them */

static const struct setting settings[SETTINGS] = {
	[FACTORS]     = { "factors",     3,    1, RESIDUAL_FACTORS_MAX, "eigen-portfolios taken as the market" },
	[WINDOW]      = { "window",      60,   20, RESIDUAL_WINDOW_MAX, "returns behind a residual" },
	[REFIT]       = { "refit",       21,   1, 252,                  "rows from one set of eigen-portfolios to the next" },
	[OPEN]        = { "open",        1.25, 0.5, 5,                  "s-score at which a position opens" },
	[CLOSE]       = { "close",       0.50, 0, 5,                    "s-score, below 0, at which a long position closes" },
	[CLOSE_SHORT] = { "close_short", 0.75, 0, 5,                    "s-score at which a short position closes" },
	[SHORT]       = { "short",       0,    0, 1,                    "1: rich assets are sold short" },
	[WEIGHT]      = { "weight",      0.05, 0.0, 1.0,                "share of the portfolio of one position" },
};

/* A year of returns of all assets, row by row in a ring: a row is a turn with new bars for more than half of the assets known (news_row); the
 * others stand still. An asset has a history from its first row on. */
struct state {
	struct news           news;
	uint32_t              at, assets, since_refit, prices[ASSETS_MAX];
	double                last[ASSETS_MAX], returns[DAYS][EIGEN_MAX], factors[DAYS][COLUMNS_MAX];
	struct residual_model model;
	int8_t                side[ASSETS_MAX];
	struct signal         said[ASSETS_MAX];
};

_Static_assert((int)ASSETS_MAX <= (int)EIGEN_MAX, "raise EIGEN_MAX: the eigen-portfolios hold every asset of the universe");
_Static_assert((int)DAYS <= (int)RESIDUAL_DAYS_MAX, "raise RESIDUAL_DAYS_MAX: the eigen-portfolios are made of that many returns");

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	memset(mine, 0, sizeof *mine);
	mine->since_refit = (uint32_t)setting[REFIT];
}

/* True where the turn was a row. */
static bool take(struct state *mine, const struct market *market)
{
	BUG_UNLESS(2061, market->assets <= ASSETS_MAX && market->assets >= mine->assets);
	if (!news_row(&mine->news, market)) return false;
	mine->assets = market->assets;
	for (uint32_t i = 0; i < market->assets; i++) {
		double price = market->asset[i].bar.adj_close;
		if (market->asset[i].factors.bars_seen == 0) continue;
		mine->returns[mine->at][i] = mine->prices[i] > 0 ? price / mine->last[i] - 1 : 0;
		mine->prices[i] += mine->prices[i] < PRICES_NEEDED;
		mine->last[i] = price;
	}
	residual_parts_written(&mine->model.parts, mine->at);
	residual_factors(&mine->model, mine->returns[mine->at], mine->factors[mine->at]);
	mine->at = mine->at + 1 < DAYS ? mine->at + 1 : 0;
	return true;
}

static bool refit(struct state *mine, const double *setting)
{
	uint16_t member[ASSETS_MAX];
	uint32_t members = 0, factors = (uint32_t)setting[FACTORS];
	for (uint32_t i = 0; i < mine->assets; i++) if (mine->prices[i] == PRICES_NEEDED) member[members++] = (uint16_t)i;
	mine->model.factors = 0;
	if (members < 3) return false;
	if (factors > members - 1) factors = members - 1;
	mine->since_refit = 0;
	if (!residual_fit(&mine->model, mine->returns, DAYS, member, members, factors)) return false;
	for (uint32_t ago = 0; ago < (uint32_t)setting[WINDOW]; ago++) {
		uint32_t row = (mine->at + DAYS - 1 - ago) % DAYS;
		residual_factors(&mine->model, mine->returns[row], mine->factors[row]);
	}
	return true;
}

enum { FAR_CHEAP, CHEAP, FAR_RICH, RICH, BACK_UP, BACK_DOWN, NOTHING, RULES };

/* What is said where a rule is the first that holds: as sure as sure + more * the way from open to three times as far, and the side after it; keeps: as
 * before. A row of a table is taken without a guess, as in momentum.c. */
struct rule { uint8_t grade, reason; int8_t side, keeps; double sure, more, weight; };

static void make_rules(const double *setting, struct rule rule[RULES])
{
	bool   may_short = setting[SHORT] > 0;
	double weight = setting[WEIGHT], against = may_short ? -weight : 0;
	rule[FAR_CHEAP] = (struct rule){ GRADE_STRONG_BUY, REASON_RESIDUAL_CHEAP, 1, 0, 0.5, 0.5, weight };
	rule[CHEAP] = (struct rule){ GRADE_BUY, REASON_RESIDUAL_CHEAP, 1, 0, 0.5, 0.5, weight };
	rule[FAR_RICH] = (struct rule){ GRADE_STRONG_SELL, REASON_RESIDUAL_RICH, -1, 0, 0.5, 0.5, against };
	rule[RICH] = (struct rule){ GRADE_SELL, REASON_RESIDUAL_RICH, -1, 0, 0.5, 0.5, against };
	rule[BACK_UP] = (struct rule){ GRADE_SELL, REASON_BACK_AT_MEAN, 0, 0, 0.75, 0, 0 };
	rule[BACK_DOWN] = (struct rule){ GRADE_HOLD, REASON_NONE, 0, 0, 0, 0, 0 };
	if (may_short) rule[BACK_DOWN] = (struct rule){ GRADE_BUY, REASON_BACK_AT_MEAN, 0, 0, 0.75, 0, 0 };
	rule[NOTHING] = (struct rule){ GRADE_HOLD, REASON_NONE, 0, 1, 0, 0, 0 };
}

/* The first that holds, of bits in their order; none for who is not traded. */
static uint32_t rule_of(const double *setting, double s, int8_t side, uint32_t traded)
{
	uint32_t far = fabs(s) > 2 * setting[OPEN], cheap = -s > setting[OPEN], rich = s > setting[OPEN];
	uint32_t back_up = (uint32_t)(side > 0) & (s > -setting[CLOSE]), back_down = (uint32_t)(side < 0) & (s < setting[CLOSE_SHORT]);
	uint32_t holds = (cheap & far) << FAR_CHEAP | cheap << CHEAP | (rich & far) << FAR_RICH | rich << RICH | back_up << BACK_UP | back_down << BACK_DOWN;
	return (uint32_t)__builtin_ctz((holds & -traded) | 1u << NOTHING);
}

static void judge_all(struct state *mine, const double *setting, uint32_t assets, const struct residual_score *score)
{
	struct rule rule[RULES];
	double      open = setting[OPEN], most = exp(-2 / setting[WINDOW]);         /* where kappa is 252 / (window / 2) */
	make_rules(setting, rule);
	for (uint32_t i = 0; i < assets; i++) {
		double             s = score[i].s, way = share_of((fabs(s) - open) / (3 * open - open));
		const struct rule *says = &rule[rule_of(setting, s, mine->side[i], (uint32_t)score[i].valid & (score[i].b < most))];
		mine->side[i] = (int8_t)(says->side + says->keeps * mine->side[i]);
		signal_say(&mine->said[i], says->grade, says->reason, says->sure + says->more * way, says->weight);
	}
}

static void decide(struct state *mine, const double *setting, const struct market *market)
{
	struct residual_score score[EIGEN_MAX];
	uint32_t              window = (uint32_t)setting[WINDOW];
	bool                  fitted = ++mine->since_refit < setting[REFIT] || refit(mine, setting);
	if (fitted && mine->model.factors > 0) {
		struct residual_ring ring = { DAYS, mine->returns, mine->factors };
		residual_scores(&mine->model, &ring, (mine->at + DAYS - window) % DAYS, window, score);
		judge_all(mine, setting, market->assets, score);
	} else {
		for (uint32_t i = 0; i < market->assets; i++) signal_say(&mine->said[i], GRADE_HOLD, REASON_NONE, 0, 0);
	}
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	if (take(mine, market)) decide(mine, setting, market);
	for (uint32_t i = 0; i < market->assets; i++) {
		const struct signal *said = &mine->said[i];
		if (signal_warming(&out[i], mine->prices[i], PRICES_NEEDED)) continue;
		signal_say(&out[i], (enum grade)said->grade, (enum reason)said->reason, said->confidence, said->target_weight);
	}
}

const struct strategy pca_strategy = {
	"pca", "Avellaneda, Lee 2010", "253 common daily rows of three assets or more",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
