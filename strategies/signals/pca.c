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

#include "strategies/factors/residual.h"
#include "strategies/signals/panel.h"

enum { FACTORS, WINDOW, REFIT, OPEN, CLOSE, CLOSE_SHORT, SHORT, WEIGHT, SETTINGS };
enum { DAYS = PANEL_ROWS - 1 };

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

struct state {
	struct panel          panel;
	struct residual_model model;
	uint32_t              since_refit, members;
	uint16_t              member[ASSETS_MAX];
	int8_t                side[ASSETS_MAX];
	struct signal         said[ASSETS_MAX];
	double                returns[DAYS][EIGEN_MAX];
};

_Static_assert((int)ASSETS_MAX <= (int)EIGEN_MAX, "raise EIGEN_MAX: the eigen-portfolios hold every asset of the universe");

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	memset(mine, 0, sizeof *mine);
	panel_init(&mine->panel);
	mine->since_refit = (uint32_t)setting[REFIT];
}

/* The last rows of the members' returns, oldest first. */
static void gather(struct state *mine, uint32_t rows)
{
	for (uint32_t t = 0; t < rows; t++) {
		for (uint32_t i = 0; i < mine->members; i++) mine->returns[t][i] = panel_return(&mine->panel, mine->member[i], rows - 1 - t);
	}
}

static bool refit(struct state *mine, const double *setting)
{
	uint32_t factors = (uint32_t)setting[FACTORS];
	mine->members = panel_full(&mine->panel, mine->member);
	mine->model.factors = 0;
	if (mine->members < 3) return false;
	if (factors > mine->members - 1) factors = mine->members - 1;
	gather(mine, DAYS);
	mine->since_refit = 0;
	return residual_fit(&mine->model, mine->returns, DAYS, mine->members, factors);
}

static void judge(const double *setting, double s, int8_t *side, struct signal *out)
{
	double far = fabs(s), sure = 0.5 + 0.5 * signal_reach(far, setting[OPEN], 3 * setting[OPEN]);
	bool   strong = far > 2 * setting[OPEN];
	if (s < -setting[OPEN]) {
		*side = 1;
		signal_say(out, strong ? GRADE_STRONG_BUY : GRADE_BUY, REASON_RESIDUAL_CHEAP, sure, setting[WEIGHT]);
	} else if (s > setting[OPEN]) {
		*side = -1;
		signal_say(out, strong ? GRADE_STRONG_SELL : GRADE_SELL, REASON_RESIDUAL_RICH, sure, setting[SHORT] > 0 ? -setting[WEIGHT] : 0);
	} else if (*side > 0 && s > -setting[CLOSE]) {
		*side = 0;
		signal_say(out, GRADE_SELL, REASON_BACK_AT_MEAN, 0.75, 0);
	} else if (*side < 0 && s < setting[CLOSE_SHORT]) {
		*side = 0;
		if (setting[SHORT] > 0) signal_say(out, GRADE_BUY, REASON_BACK_AT_MEAN, 0.75, 0);
	}
}

static void decide(struct state *mine, const double *setting, const struct market *market)
{
	struct residual_score score[EIGEN_MAX];
	uint32_t              window = (uint32_t)setting[WINDOW];
	for (uint32_t i = 0; i < market->assets; i++) signal_say(&mine->said[i], GRADE_HOLD, REASON_NONE, 0, 0);
	if (++mine->since_refit >= setting[REFIT] && !refit(mine, setting)) return;
	if (mine->model.factors == 0) return;
	gather(mine, window);
	residual_scores(&mine->model, mine->returns, window, 252, score);
	for (uint32_t i = 0; i < mine->members; i++) {
		uint16_t asset = mine->member[i];
		if (score[i].valid && score[i].kappa > 252 / (setting[WINDOW] / 2)) judge(setting, score[i].s, &mine->side[asset], &mine->said[asset]);
	}
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	if (panel_push(&mine->panel, market)) decide(mine, setting, market);
	for (uint32_t i = 0; i < market->assets; i++) {
		const struct signal *said = &mine->said[i];
		if (signal_warming(&out[i], panel_rows(&mine->panel, i), PANEL_ROWS)) continue;
		signal_say(&out[i], (enum grade)said->grade, (enum reason)said->reason, said->confidence, said->target_weight);
	}
}

const struct strategy pca_strategy = {
	"pca", "Avellaneda, Lee 2010", "253 common daily rows of three assets or more",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
