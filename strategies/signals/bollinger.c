/* bollinger.c - buy below the lower band, sell above the upper one, leave at the middle; surer with the long trend than against it.
 *
 * Source: John Bollinger, Bollinger on Bollinger Bands (2001), method III (reversals at the bands).
 *
 *   BUY         percent_b < 0;   STRONG_BUY where the close is above its SMA 200
 *   SELL        percent_b > 1;   STRONG_SELL where the close is below its SMA 200
 *   SELL        we said BUY and percent_b >= 1/2 */
#include <string.h>

#include "strategies/factors/bollinger.h"
#include "strategies/signals/signal.h"

enum { PERIOD, WIDTH, WEIGHT, SETTINGS };

static const struct setting settings[SETTINGS] = {
	[PERIOD] = { "period", 20,   5, WINDOW_MOMENTS_MAX, "bars behind the bands" },
	[WIDTH]  = { "width",  2.0,  0.5, 4.0,              "deviations from the middle to a band" },
	[WEIGHT] = { "weight", 0.06, 0.0, 1.0,              "share of the portfolio for a strong buy; half of it for a buy" },
};

struct state { struct news news; struct bollinger bands[ASSETS_MAX]; bool was_in[ASSETS_MAX], in[ASSETS_MAX]; };

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	memset(mine, 0, sizeof *mine);
	for (uint32_t i = 0; i < ASSETS_MAX; i++) bollinger_init(&mine->bands[i], (uint32_t)setting[PERIOD], setting[WIDTH]);
}

/* Says the row; returns whether we are in after it. */
static bool judge(const double *setting, double percent_b, bool trend_up, bool was_in, struct signal *out)
{
	if (percent_b < 0) {
		double sure = (trend_up ? 0.75 : 0.5) + 0.25 * signal_reach(percent_b, 0, -0.25);
		signal_say(out, trend_up ? GRADE_STRONG_BUY : GRADE_BUY, REASON_BELOW_BAND, sure, trend_up ? setting[WEIGHT] : setting[WEIGHT] / 2);
		return true;
	}
	if (percent_b > 1) {
		double sure = (trend_up ? 0.5 : 0.75) + 0.25 * signal_reach(percent_b, 1, 1.25);
		signal_say(out, trend_up ? GRADE_SELL : GRADE_STRONG_SELL, REASON_ABOVE_BAND, sure, 0);
		return false;
	}
	if (!was_in || percent_b < 0.5) return was_in;
	signal_say(out, GRADE_SELL, REASON_BACK_AT_MEAN, 0.5, 0);
	return false;
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	double        percent_b[ASSETS_MAX];
	for (uint32_t i = 0; i < market->assets; i++)
		if (news_of(&mine->news, market, i) && bollinger_push(&mine->bands[i], market->asset[i].bar.close)) mine->was_in[i] = mine->in[i];
	bollinger_percent_b(mine->bands, market->assets, percent_b);
	for (uint32_t i = 0; i < market->assets; i++) {
		const struct asset_view *asset = &market->asset[i];
		if (signal_warming(&out[i], asset->factors.bars_seen, 200) || !bollinger_ready(&mine->bands[i])) continue;
		bool trend_up = price_above(asset->bar.close, asset->factors.value[FACTOR_SMA_200]);
		mine->in[i] = judge(setting, percent_b[i], trend_up, mine->was_in[i], &out[i]);
	}
}

const struct strategy bollinger_strategy = {
	"bollinger", "Bollinger 2001", "200 daily bars an asset",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
