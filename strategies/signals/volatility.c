/* volatility.c - hold less when it swings more, follow a break of the usual range.
 *
 * Papers: Moreira and Muir, "Volatility-managed portfolios", Journal of Finance 72 (2017), for the weight target / volatility;
 * Williams, Long-Term Secrets to Short-Term Trading (1999), for the breakout by a multiple of the range.
 *
 *   ratio = volatility 20 / volatility 60,  move = close - last close,  range = ATR 14 of the bar before
 *   SELL   STRONG_SELL where ratio > rising too     move < -breakout * range
 *   SELL                                            ratio > rising
 *   BUY    STRONG_BUY where above SMA 50            move > breakout * range
 *   BUY                                             ratio < falling and close > SMA 50 */
#include <string.h>

#include "strategies/signals/signal.h"

enum { TARGET, BREAKOUT, RISING, FALLING, WEIGHT, SETTINGS };

static const struct setting settings[SETTINGS] = {
	[TARGET]   = { "target",   0.15, 0.01, 1.0, "volatility a year at which the full weight is held" },
	[BREAKOUT] = { "breakout", 1.5,  0.5, 10,   "true ranges a close must move to break out" },
	[RISING]   = { "rising",   1.5,  1.0, 5.0,  "20-day over 60-day volatility above which it rises fast" },
	[FALLING]  = { "falling",  0.8,  0.1, 1.0,  "20-day over 60-day volatility below which it falls" },
	[WEIGHT]   = { "weight",   0.08, 0.0, 1.0,  "share of the portfolio at target volatility; never more" },
};

/* The bar before this one: its close and range. */
struct before { double close, range; bool known; };
struct state { struct news news; struct before last[ASSETS_MAX], now[ASSETS_MAX]; };

static void init(void *state, const double *setting)
{
	(void)setting;
	memset(state, 0, sizeof(struct state));
}

static double managed_weight(const double *setting, double volatility)
{
	return volatility > setting[TARGET] ? setting[WEIGHT] * setting[TARGET] / volatility : setting[WEIGHT];
}

static void judge(const double *setting, const struct asset_view *asset, const struct before *last, struct signal *out)
{
	const double *factor = asset->factors.value;
	double        slow = factor[FACTOR_VOLATILITY_60], fast = factor[FACTOR_VOLATILITY_20], ratio = slow > 0 ? fast / slow : 1;
	double        move = last->known && last->range > 0 ? (asset->bar.close - last->close) / last->range : 0;
	double        weight = managed_weight(setting, fast), far = setting[BREAKOUT];
	bool          above = price_above(asset->bar.close, factor[FACTOR_SMA_50]), rising = ratio > setting[RISING];
	if (move < -far) {
		signal_say(out, rising ? GRADE_STRONG_SELL : GRADE_SELL, REASON_BREAKOUT_DOWN, 0.6 + 0.4 * signal_reach(-move, far, 2 * far), 0);
	} else if (rising) {
		signal_say(out, GRADE_SELL, REASON_VOLATILITY_RISES, 0.5 + 0.3 * signal_reach(ratio, setting[RISING], 2 * setting[RISING]), 0);
	} else if (move > far) {
		double sure = 0.6 + 0.4 * signal_reach(move, far, 2 * far);
		signal_say(out, above ? GRADE_STRONG_BUY : GRADE_BUY, REASON_BREAKOUT_UP, sure, weight);
	} else if (ratio < setting[FALLING] && above) {
		signal_say(out, GRADE_BUY, REASON_CALM_TREND, 0.5 + 0.3 * signal_reach(ratio, setting[FALLING], setting[FALLING] / 2), weight / 2);
	}
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	for (uint32_t i = 0; i < market->assets; i++) {
		const struct asset_view *asset = &market->asset[i];
		if (news_of(&mine->news, market, i)) {
			mine->last[i] = mine->now[i];
			mine->now[i] = (struct before){ asset->bar.close, asset->factors.value[FACTOR_ATR_14], asset->factors.ready[FACTOR_ATR_14] };
		}
		if (signal_warming(&out[i], asset->factors.bars_seen, 61)) continue;
		judge(setting, asset, &mine->last[i], &out[i]);
	}
}

const struct strategy volatility_strategy = {
	"volatility", "Moreira, Muir 2017; Williams 1999", "61 daily bars an asset",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
