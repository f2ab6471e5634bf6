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
#include "strategies/factors/four.h"
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

enum { STRONG_UP, BROKEN, UP, DOWN, BELOW, NOTHING, RULES };

/* What is said where a rule is the first that holds: as sure as sure + more * the way of the momentum from..to. Which one holds is decided by
 * prices, so branches are often guessed wrong; a row of a table is taken without a guess. */
struct rule { uint8_t grade, reason; double sure, more, from, to, weight; };

static void make_rules(const double *setting, struct rule rule[RULES])
{
	double low = setting[LOW], high = setting[HIGH], neg = setting[NEG], neg_high = setting[NEG_HIGH], weight = setting[WEIGHT];
	rule[STRONG_UP] = (struct rule){ GRADE_STRONG_BUY, REASON_MOMENTUM_STRONG, 0.75, 0.25, high, 2 * high, weight };
	rule[BROKEN] = (struct rule){ GRADE_STRONG_SELL, REASON_MOMENTUM_BROKEN, 0.75, 0.25, neg_high, 2 * neg_high, 0 };
	rule[UP] = (struct rule){ GRADE_BUY, REASON_MOMENTUM_UP, 0.5, 0.25, low, high, weight / 2 };
	rule[DOWN] = (struct rule){ GRADE_SELL, REASON_MOMENTUM_DOWN, 0.5, 0.25, neg, neg_high, 0 };
	rule[BELOW] = (struct rule){ GRADE_SELL, REASON_BELOW_SMA_50, 0.5, 0, 0, 1, 0 };
	rule[NOTHING] = (struct rule){ GRADE_HOLD, REASON_NONE, 0, 0, 0, 1, 0 };
}

/* The first that holds, of bits in their order. calm: strong buys are allowed. */
static uint32_t rule_of(const double *setting, const struct asset_view *asset, uint32_t calm)
{
	const double *factor = asset->factors.value;
	double        price = asset->bar.close, momentum = factor[FACTOR_MOMENTUM_60];
	uint32_t      above_20 = price_above(price, factor[FACTOR_SMA_20]), above_50 = price_above(price, factor[FACTOR_SMA_50]);
	uint32_t      above_200 = price_above(price, factor[FACTOR_SMA_200]), below_200 = price_below(price, factor[FACTOR_SMA_200]);
	uint32_t      below_50 = price_below(price, factor[FACTOR_SMA_50]), high = momentum > setting[HIGH], low = momentum > setting[LOW];
	uint32_t      neg = momentum < setting[NEG], neg_high = momentum < setting[NEG_HIGH];
	return (uint32_t)__builtin_ctz((high & above_50 & above_200 & calm) << STRONG_UP | (neg_high & below_200) << BROKEN | (low & above_20) << UP |
		neg << DOWN | below_50 << BELOW | 1u << NOTHING);
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct rule rule[RULES];
	uint32_t    calm = regime_from_vix(market->vix) < REGIME_HIGH_VOL;
	(void)state;
	make_rules(setting, rule);
	for (uint32_t i = 0; i < market->assets; i++) {
		const struct asset_view *asset = &market->asset[i];
		if (signal_warming(&out[i], asset->factors.bars_seen, 200)) continue;
		const struct rule *says = &rule[rule_of(setting, asset, calm)];
		double             way = share_of((asset->factors.value[FACTOR_MOMENTUM_60] - says->from) / (says->to - says->from));
		signal_say(&out[i], says->grade, says->reason, says->sure + says->more * way, says->weight);
	}
}

const struct strategy momentum_strategy = {
	"momentum", "Moskowitz, Ooi, Pedersen 2012", "200 daily bars an asset; VIX",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
