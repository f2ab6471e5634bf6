/* rotation.c - tactical allocation: the best twelve-month returns with their trend intact, at equal risk. Document 04 §4.5.3.
 *
 * Papers: Keller and Butler, "Elastic asset allocation" (2014/2015), for ranking and filtering; risk parity as in
 * strategies/portfolios/risk_parity.h.
 *
 * Every `every` rows:
 *   1. rank > top by the 12-1 month return       2. close > SMA 200       3. equal risk on the covariance of 60 returns, capped
 *   4. move from the weights held toward those, only as far as turnover and cost of the month allow
 * Turnover is half the sum of |change|, its month the rebalances of the last 21 rows; cost is the sum of |change| times cost_bp.
 * Nothing selected: the target is cash. Where no weights can be found (a standstill, no convergence) the old ones stay. */
#include <math.h>
#include <string.h>

#include "strategies/factors/rank.h"
#include "strategies/portfolios/risk_parity.h"
#include "strategies/signals/panel.h"

enum { TOP, CAP, EVERY, TURNOVER_MOST, COST_MOST, COST_BP, SETTINGS };
enum { RETURNS = 60, YEAR = 252, MONTH = 21 };

static const struct setting settings[SETTINGS] = {
	[TOP]           = { "top",           0.7,    0.5, 1.0, "rank above which an asset is selected" },
	[CAP]           = { "cap",           0.40,   0.05, 1,  "share of the portfolio of one asset, at most" },
	[EVERY]         = { "every",         21,     1, 252,   "rows from one rebalance to the next" },
	[TURNOVER_MOST] = { "turnover_most", 0.40,   0.01, 10, "turnover a month, at most; below it, never at it" },
	[COST_MOST]     = { "cost_most",     0.002,  1e-5, 1,  "cost a month as a share of the portfolio, at most" },
	[COST_BP]       = { "cost_bp",       10,     0, 500,   "estimated cost of trading, basis points of what is traded" },
};

struct state {
	struct panel panel;
	uint32_t     since, month_at;
	double       held[ASSETS_MAX], goal[ASSETS_MAX], rank[ASSETS_MAX];
	double       traded[MONTH];             /* sum of |change| of each of the last 21 rows */
	int8_t       moved[ASSETS_MAX];         /* direction of the last rebalance */
	double       covariance[RISK_PARITY_MAX][RISK_PARITY_MAX];
};

_Static_assert((int)ASSETS_MAX <= (int)RISK_PARITY_MAX, "raise RISK_PARITY_MAX: rotation may select every asset of the universe");

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	memset(mine, 0, sizeof *mine);
	panel_init(&mine->panel);
	mine->since = (uint32_t)setting[EVERY];
}

static uint32_t select_assets(struct state *mine, const double *setting, const struct market *market, uint16_t *chosen)
{
	uint16_t asset[ASSETS_MAX];
	double   value[ASSETS_MAX], rank[ASSETS_MAX];
	uint32_t count = panel_full(&mine->panel, asset), selected = 0;
	for (uint32_t k = 0; k < count; k++) value[k] = panel_price(&mine->panel, asset[k], MONTH) / panel_price(&mine->panel, asset[k], YEAR) - 1;
	rank_percentile(value, count, rank);
	for (uint32_t k = 0; k < count; k++) {
		const struct asset_view *view = &market->asset[asset[k]];
		mine->rank[asset[k]] = rank[k];
		if (rank[k] <= setting[TOP] || !view->factors.ready[FACTOR_SMA_200]) continue;
		if (price_above(view->bar.close, view->factors.value[FACTOR_SMA_200])) chosen[selected++] = asset[k];
	}
	return selected;
}

static void covary(struct state *mine, const uint16_t *chosen, uint32_t count)
{
	double returns[ASSETS_MAX][RETURNS];
	for (uint32_t i = 0; i < count; i++) {
		double mean = 0;
		for (uint32_t t = 0; t < RETURNS; t++) mean += (returns[i][t] = panel_return(&mine->panel, chosen[i], t)) / RETURNS;
		for (uint32_t t = 0; t < RETURNS; t++) returns[i][t] -= mean;
	}
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < count; k++) {
			double sum = 0;
			for (uint32_t t = 0; t < RETURNS; t++) sum += returns[i][t] * returns[k][t];
			mine->covariance[i][k] = sum / (RETURNS - 1);
		}
	}
}

/* The goal of this rebalance; false where the old weights stay. */
static bool aim(struct state *mine, const double *setting, const struct market *market)
{
	uint16_t chosen[ASSETS_MAX];
	double   cap[ASSETS_MAX], weight[RISK_PARITY_MAX];
	uint32_t count = select_assets(mine, setting, market, chosen);
	if (count > 0) {
		covary(mine, chosen, count);
		for (uint32_t i = 0; i < count; i++) cap[i] = setting[CAP];
		enum risk_parity_end end = risk_parity(mine->covariance, count, 0, cap, weight);
		if (end != RISK_PARITY_DONE && end != RISK_PARITY_CAPS_TOO_SMALL) return false;
	}
	memset(mine->goal, 0, sizeof mine->goal);
	for (uint32_t i = 0; i < count; i++) mine->goal[chosen[i]] = weight[i];
	return true;
}

/* Moves toward the goal, as far as the rest of the month's turnover and cost allow. */
static void rebalance(struct state *mine, const double *setting, uint32_t assets)
{
	double whole = 0, spent = 0, allowed = 2 * setting[TURNOVER_MOST], share;
	for (uint32_t i = 0; i < assets; i++) whole += fabs(mine->goal[i] - mine->held[i]);
	for (uint32_t t = 0; t < MONTH; t++) spent += mine->traded[t];
	if (setting[COST_BP] > 0 && setting[COST_MOST] / (setting[COST_BP] * 1e-4) < allowed) allowed = setting[COST_MOST] / (setting[COST_BP] * 1e-4);
	allowed = allowed * (1 - 1e-9) - spent;
	share = whole <= 0 || allowed <= 0 ? 0 : whole <= allowed ? 1 : allowed / whole;
	for (uint32_t i = 0; i < assets; i++) {
		double change = share * (mine->goal[i] - mine->held[i]);
		mine->moved[i] = (int8_t)((change > 0) - (change < 0));
		mine->held[i] += change;
		mine->traded[mine->month_at] += fabs(change);
	}
}

static void decide(struct state *mine, const double *setting, const struct market *market)
{
	uint16_t full[ASSETS_MAX];
	mine->month_at = (mine->month_at + 1) % MONTH;
	mine->traded[mine->month_at] = 0;
	if (++mine->since < setting[EVERY] || panel_full(&mine->panel, full) == 0) return;
	mine->since = 0;
	if (aim(mine, setting, market)) rebalance(mine, setting, market->assets);
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	if (panel_push(&mine->panel, market)) decide(mine, setting, market);
	for (uint32_t i = 0; i < market->assets; i++) {
		double weight = mine->held[i], sure = 0.5 + 0.5 * mine->rank[i];
		if (signal_warming(&out[i], panel_rows(&mine->panel, i), PANEL_ROWS)) continue;
		if (mine->moved[i] > 0) signal_say(&out[i], GRADE_BUY, REASON_ROTATED_IN, sure, weight);
		else if (mine->moved[i] < 0) signal_say(&out[i], GRADE_SELL, REASON_ROTATED_OUT, 0.8, weight);
		else if (weight <= 0) signal_say(&out[i], GRADE_HOLD, REASON_NONE, 0, 0);
		else signal_say(&out[i], GRADE_HOLD, REASON_ROTATED_IN, sure, weight);
	}
}

const struct strategy rotation_strategy = {
	"rotation", "Keller, Butler 2015; Spinu 2013", "253 common daily rows",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
