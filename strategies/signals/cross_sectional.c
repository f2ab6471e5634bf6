/* cross_sectional.c - hold the best of the year, avoid the worst, flee when most of the best have lost their trend. Document 04 §4.5.1.
 *
 * Paper: Asness, Moskowitz and Pedersen, "Value and momentum everywhere", Journal of Finance 68 (2013).
 *
 *   rank = percentile of the 12-1 month return among the assets with a year of history (compounded; summed by setting)
 *   BUY      rank > top and close > SMA 200: an equal share with the others;   STRONG_BUY for the best rank
 *   HOLD     rank > top but below SMA 200; or between: keeps its weight
 *   SELL     rank < bottom: avoid, never short
 *   Defence: more than half of the top below SMA 200 -> BUY the safe havens in equal parts, SELL all else. */
#include "strategies/factors/four.h"
#include "strategies/factors/momentum_12_1.h"
#include "strategies/factors/rank.h"
#include "strategies/signals/panel.h"

enum { TOP, BOTTOM, SUMMED, INVESTED, SETTINGS };

static const struct setting settings[SETTINGS] = {
	[TOP]      = { "top",      0.7, 0.5, 1.0, "rank above which an asset is among the best" },
	[BOTTOM]   = { "bottom",   0.3, 0.0, 0.5, "rank below which it is among the worst" },
	[SUMMED]   = { "summed",   0,   0, 1,     "1: sum of returns, as the document writes it; 0: compounded" },
	[INVESTED] = { "invested", 1.0, 0.0, 1.0, "share of the portfolio over all that are bought" },
};

struct state { struct panel panel; };

/* The ranked assets of this turn. */
struct table { uint32_t count, top, top_below, havens; uint16_t asset[ASSETS_MAX]; double rank[ASSETS_MAX]; };

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	(void)setting;
	panel_init(&mine->panel);
}

static bool above_trend(const struct asset_view *asset) { return price_above(asset->bar.close, asset->factors.value[FACTOR_SMA_200]); }

/* Of factors/momentum_12_1.h, four assets at a time: the returns from day to day, or one over all of them. Anything for who has no year. */
static void returns_of(const struct panel *panel, uint32_t assets, bool summed, double *value)
{
	const uint32_t days = summed ? 1 : MOMENTUM_YEAR - MOMENTUM_MONTH;
	for (uint32_t i = 0; i < assets; i += LANES) {
		four sum = four_all(0);
		for (uint32_t ago = MOMENTUM_MONTH; ago < MOMENTUM_YEAR; ago += days)
			sum += four_load(panel_row(panel, ago) + i) / four_load(panel_row(panel, ago + days) + i) - four_all(1);
		four_store(value + i, sum);
	}
	four_done();
}

static void rank_all(const struct panel *panel, const double *setting, const struct market *market, struct table *table)
{
	double value[ASSETS_MAX];
	table->count = table->top = table->top_below = table->havens = 0;
	returns_of(panel, market->assets, setting[SUMMED] > 0, value);
	for (uint32_t i = 0; i < market->assets; i++) {
		table->havens += (market->asset[i].roles & ROLE_SAFE_HAVEN) != 0;
		if (panel_rows(panel, i) < PANEL_ROWS || !market->asset[i].factors.ready[FACTOR_SMA_200]) continue;
		value[table->count] = value[i];
		table->asset[table->count++] = (uint16_t)i;
	}
	rank_percentile(value, table->count, table->rank);
	for (uint32_t k = 0; k < table->count; k++) {
		uint32_t top = table->rank[k] > setting[TOP], above = above_trend(&market->asset[table->asset[k]]);
		table->top += top;
		table->top_below += top & !above;
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
	(void)panel_push(&mine->panel, market);
	for (uint32_t i = 0; i < market->assets; i++) (void)signal_warming(&out[i], panel_rows(&mine->panel, i), PANEL_ROWS);
	rank_all(&mine->panel, setting, market, &table);
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
