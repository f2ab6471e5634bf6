/* momentum.c - time-series momentum with trend filters, document 04 §4.3.2, on the 60-day return.
 *
 * Paper: Moskowitz, Ooi and Pedersen, "Time series momentum", Journal of Financial Economics 104 (2012).
 *
 *   STRONG_BUY    momentum > high, price > SMA 50, price > SMA 200, VIX < 30
 *   STRONG_SELL   momentum < neg_high and price < SMA 200
 *   BUY           momentum > low and price > SMA 20
 *   SELL          momentum < neg or price < SMA 50
 *   HOLD          otherwise
 *
 * Asked in this order: that of the document, but STRONG_SELL before SELL, whose condition it implies. */
#include "strategies/signals/signal.h"

enum { HIGH, LOW, NEG, NEG_HIGH, WEIGHT, SETTINGS };

static const struct setting settings[SETTINGS] = {
	[HIGH]     = { "high",     0.10, 0.0, 2.0,   "60-day return above which a rise is strong" },
	[LOW]      = { "low",      0.02, 0.0, 2.0,   "60-day return above which there is a rise" },
	[NEG]      = { "neg",     -0.02, -1.0, 0.0,  "60-day return below which there is a fall" },
	[NEG_HIGH] = { "neg_high", -0.10, -1.0, 0.0, "60-day return below which a fall is strong" },
	[WEIGHT]   = { "weight",   0.10, 0.0, 1.0,   "share of the portfolio for a strong buy; half of it for a buy" },
};

/* Momentum remembers nothing: the factors hold its history. */
struct state { uint8_t none; };

static void init(void *state, const double *setting)
{
	(void)setting;
	((struct state *)state)->none = 0;
}

static void judge(const double *setting, const struct asset_view *asset, enum regime regime, struct signal *out)
{
	const double *factor = asset->factors.value;
	double        price = asset->bar.close, momentum = factor[FACTOR_MOMENTUM_60];
	bool          above = price_above(price, factor[FACTOR_SMA_50]) && price_above(price, factor[FACTOR_SMA_200]);
	if (momentum > setting[HIGH] && above && regime < REGIME_HIGH_VOL) {
		double sure = 0.75 + 0.25 * signal_reach(momentum, setting[HIGH], 2 * setting[HIGH]);
		signal_say(out, GRADE_STRONG_BUY, REASON_MOMENTUM_STRONG, sure, setting[WEIGHT]);
	} else if (momentum < setting[NEG_HIGH] && price_below(price, factor[FACTOR_SMA_200])) {
		double sure = 0.75 + 0.25 * signal_reach(momentum, setting[NEG_HIGH], 2 * setting[NEG_HIGH]);
		signal_say(out, GRADE_STRONG_SELL, REASON_MOMENTUM_BROKEN, sure, 0);
	} else if (momentum > setting[LOW] && price_above(price, factor[FACTOR_SMA_20])) {
		double sure = 0.5 + 0.25 * signal_reach(momentum, setting[LOW], setting[HIGH]);
		signal_say(out, GRADE_BUY, REASON_MOMENTUM_UP, sure, setting[WEIGHT] / 2);
	} else if (momentum < setting[NEG]) {
		double sure = 0.5 + 0.25 * signal_reach(momentum, setting[NEG], setting[NEG_HIGH]);
		signal_say(out, GRADE_SELL, REASON_MOMENTUM_DOWN, sure, 0);
	} else if (price_below(price, factor[FACTOR_SMA_50])) {
		signal_say(out, GRADE_SELL, REASON_BELOW_SMA_50, 0.5, 0);
	}
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	(void)state;
	for (uint32_t i = 0; i < market->assets; i++) {
		if (signal_warming(&out[i], market->asset[i].factors.bars_seen, 200)) continue;
		judge(setting, &market->asset[i], regime_from_vix(market->vix), &out[i]);
	}
}

const struct strategy momentum_strategy = {
	"momentum", "Moskowitz, Ooi, Pedersen 2012", "200 daily bars an asset; VIX",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
