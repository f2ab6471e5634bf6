/* cross_sectional.c - hold the best of the year, avoid the worst, flee when most of the best have lost their trend. Document 04 §4.5.1.
 *
 * Paper: Asness, Moskowitz and Pedersen, "Value and momentum everywhere", Journal of Finance 68 (2013).
 *
 *   rank = percentile of the 12-1 month return among the assets with a year of history (compounded; summed by setting)
 *   BUY      rank > top and close > SMA 200: an equal share with the others;   STRONG_BUY for the best rank
 *   HOLD     rank > top but below SMA 200; or between: keeps its weight
 *   SELL     rank < bottom: avoid, never short
 *   Defence: more than half of the top below SMA 200 -> BUY the safe havens in equal parts, SELL all else. */
#include <string.h>

#include "strategies/factors/momentum_12_1.h"
#include "strategies/factors/rank.h"
#include "strategies/signals/signal.h"

enum { TOP, BOTTOM, SUMMED, INVESTED, SETTINGS };

static const struct setting settings[SETTINGS] = {
	[TOP]      = { "top",      0.7, 0.5, 1.0, "rank above which an asset is among the best" },
	[BOTTOM]   = { "bottom",   0.3, 0.0, 0.5, "rank below which it is among the worst" },
	[SUMMED]   = { "summed",   0,   0, 1,     "1: sum of returns, as the document writes it; 0: compounded" },
	[INVESTED] = { "invested", 1.0, 0.0, 1.0, "share of the portfolio over all that are bought" },
};

struct state { struct news news; struct momentum_12_1 year[ASSETS_MAX]; };

/* The ranked assets of this turn. */
struct table { uint32_t count, top, top_below, havens; uint16_t asset[ASSETS_MAX]; double rank[ASSETS_MAX]; };

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	(void)setting;
	memset(mine, 0, sizeof *mine);
	for (uint32_t i = 0; i < ASSETS_MAX; i++) momentum_12_1_init(&mine->year[i]);
}

static bool above_trend(const struct asset_view *asset) { return price_above(asset->bar.close, asset->factors.value[FACTOR_SMA_200]); }

static void rank_all(const struct state *mine, const double *setting, const struct market *market, struct table *table)
{
	double value[ASSETS_MAX];
	memset(table, 0, sizeof *table);
	for (uint32_t i = 0; i < market->assets; i++) {
		table->havens += (market->asset[i].roles & ROLE_SAFE_HAVEN) != 0;
		if (!momentum_12_1_ready(&mine->year[i]) || !market->asset[i].factors.ready[FACTOR_SMA_200]) continue;
		value[table->count] = momentum_12_1_value(&mine->year[i], setting[SUMMED] > 0);
		table->asset[table->count++] = (uint16_t)i;
	}
	rank_percentile(value, table->count, table->rank);
	for (uint32_t k = 0; k < table->count; k++) {
		bool top = table->rank[k] > setting[TOP];
		table->top += top;
		table->top_below += top && !above_trend(&market->asset[table->asset[k]]);
	}
}

static void defend(const struct table *table, const double *setting, const struct market *market, struct signal *out)
{
	for (uint32_t k = 0; k < table->count; k++) {
		uint16_t asset = table->asset[k];
		bool     haven = (market->asset[asset].roles & ROLE_SAFE_HAVEN) != 0;
		signal_say(&out[asset], haven ? GRADE_BUY : GRADE_SELL, REASON_DEFENCE, 0.8, haven ? setting[INVESTED] / table->havens : 0);
	}
}

static void judge(const struct table *table, uint32_t k, const double *setting, const struct market *market, struct signal *out)
{
	double rank = table->rank[k];
	if (rank < setting[BOTTOM]) {
		signal_say(out, GRADE_SELL, REASON_BOTTOM_RANK, 0.5 + 0.5 * signal_reach(rank, setting[BOTTOM], 0), 0);
	} else if (rank > setting[TOP] && above_trend(&market->asset[table->asset[k]])) {
		double sure = 0.5 + 0.5 * signal_reach(rank, setting[TOP], 1);
		signal_say(out, rank >= 1 ? GRADE_STRONG_BUY : GRADE_BUY, REASON_TOP_RANK, sure, setting[INVESTED] / table->top);
	} else if (rank > setting[TOP]) {
		signal_say(out, GRADE_HOLD, REASON_BELOW_SMA_200, 0, 0);
	}
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	struct table  table;
	bool          row = news_row(&mine->news, market);
	for (uint32_t i = 0; i < market->assets; i++) {
		if (row && market->asset[i].factors.bars_seen > 0) (void)momentum_12_1_push(&mine->year[i], market->asset[i].bar.adj_close);
		(void)signal_warming(&out[i], mine->year[i].seen, MOMENTUM_12_1_BARS);
	}
	rank_all(mine, setting, market, &table);
	if (2 * table.top_below > table.top) {
		defend(&table, setting, market, out);
		return;
	}
	for (uint32_t k = 0; k < table.count; k++) judge(&table, k, setting, market, &out[table.asset[k]]);
}

const struct strategy cross_sectional_strategy = {
	"cross_sectional", "Asness, Moskowitz, Pedersen 2013", "253 common daily rows; safe havens marked",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
