/* mean_reversion.c - buy what has fallen too far, leave when it is back at its mean.
 *
 * Papers: Lehmann, "Fads, martingales, and market efficiency", Quarterly Journal of Economics 105 (1990), for short-horizon reversal;
 * Wilder (1978) for the RSI that must agree before we act.
 *
 *   z = deviations of the close from its 20-day mean, rsi = RSI 14
 *   STRONG_BUY    z <= -entry_strong  and rsi < oversold
 *   BUY           z <= -entry         and rsi < oversold
 *   STRONG_SELL   z >=  entry_strong  and rsi > overbought
 *   SELL          z >=  entry         and rsi > overbought
 *   SELL          we said BUY and z >= exit: the reversion has happened
 *
 * The state remembers, asset by asset, whether we were in before this bar, so that every turn on the same bar says the same. */
#include <math.h>
#include <string.h>

#include "strategies/factors/four.h"
#include "strategies/signals/signal.h"

enum { ENTRY, ENTRY_STRONG, EXIT, OVERSOLD, OVERBOUGHT, WEIGHT, SETTINGS };

static const struct setting settings[SETTINGS] = {
	[ENTRY]        = { "entry",        1.5, 0.1, 4.0,   "deviations from the mean at which we act" },
	[ENTRY_STRONG] = { "entry_strong", 2.5, 0.1, 4.3,   "deviations at which we are sure; sqrt(19) is the most there is" },
	[EXIT]         = { "exit",         0.0, -2.0, 2.0,  "deviations at which a reversion is over" },
	[OVERSOLD]     = { "oversold",     35, 0, 50,       "RSI below which a fall is overdone" },
	[OVERBOUGHT]   = { "overbought",   65, 50, 100,     "RSI above which a rise is overdone" },
	[WEIGHT]       = { "weight",       0.06, 0.0, 1.0,  "share of the portfolio for a strong buy; half of it for a buy" },
};

struct state { struct news news; bool was_in[ASSETS_MAX], in[ASSETS_MAX]; };

static void init(void *state, const double *setting)
{
	(void)setting;
	memset(state, 0, sizeof(struct state));
}

enum { FAR_BELOW, BELOW, FAR_ABOVE, ABOVE, BACK, NOTHING, RULES };

/* What is said where a rule is the first that holds: as sure as sure + more * the way from entry to entry_strong, and whether we are in after it; keeps: as
 * before. A row of a table is taken without a guess, as in momentum.c. */
struct rule { uint8_t grade, reason; bool in, keeps; double sure, more, weight; };

static void make_rules(const double *setting, struct rule rule[RULES])
{
	double weight = setting[WEIGHT];
	rule[FAR_BELOW] = (struct rule){ GRADE_STRONG_BUY, REASON_OVERSOLD, true, false, 0.5, 0.5, weight };
	rule[BELOW] = (struct rule){ GRADE_BUY, REASON_OVERSOLD, true, false, 0.5, 0.5, weight / 2 };
	rule[FAR_ABOVE] = (struct rule){ GRADE_STRONG_SELL, REASON_OVERBOUGHT, false, false, 0.5, 0.5, 0 };
	rule[ABOVE] = (struct rule){ GRADE_SELL, REASON_OVERBOUGHT, false, false, 0.5, 0.5, 0 };
	rule[BACK] = (struct rule){ GRADE_SELL, REASON_BACK_AT_MEAN, false, false, 0.5, 0, 0 };
	rule[NOTHING] = (struct rule){ GRADE_HOLD, REASON_NONE, false, true, 0, 0, 0 };
}

/* The first that holds, of bits in their order. */
static uint32_t rule_of(const double *setting, double z, double rsi, uint32_t was_in)
{
	uint32_t far = fabs(z) >= setting[ENTRY_STRONG], back = was_in & !(z < setting[EXIT]);
	uint32_t below = (uint32_t)(z <= -setting[ENTRY]) & (rsi < setting[OVERSOLD]), above = (uint32_t)(z >= setting[ENTRY]) & (rsi > setting[OVERBOUGHT]);
	return (uint32_t)__builtin_ctz((below & far) << FAR_BELOW | below << BELOW | (above & far) << FAR_ABOVE | above << ABOVE | back << BACK | 1u << NOTHING);
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	struct rule   rule[RULES];
	make_rules(setting, rule);
	for (uint32_t i = 0; i < market->assets; i++) {
		const struct asset_view *asset = &market->asset[i];
		const double            *factor = asset->factors.value;
		if (news_of(&mine->news, market, i)) mine->was_in[i] = mine->in[i];
		if (signal_warming(&out[i], asset->factors.bars_seen, 20)) continue;
		double             z = factor[FACTOR_ZSCORE_20], way = share_of((fabs(z) - setting[ENTRY]) / (setting[ENTRY_STRONG] - setting[ENTRY]));
		const struct rule *says = &rule[rule_of(setting, z, factor[FACTOR_RSI_14], mine->was_in[i])];
		mine->in[i] = says->in | (says->keeps & mine->was_in[i]);
		signal_say(&out[i], says->grade, says->reason, says->sure + says->more * way, says->weight);
	}
}

const struct strategy mean_reversion_strategy = {
	"mean_reversion", "Lehmann 1990; Wilder 1978", "20 daily bars an asset",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
