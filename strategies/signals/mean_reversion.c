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
#include "strategies/signals/signal.h"

#include <string.h>

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

/* Says the row; returns whether we are in after it. */
static bool judge(const double *setting, double z, double rsi, bool was_in, struct signal *out)
{
	bool   strong = z <= -setting[ENTRY_STRONG] || z >= setting[ENTRY_STRONG];
	if (z <= -setting[ENTRY] && rsi < setting[OVERSOLD]) {
		double sure = 0.5 + 0.5 * signal_reach(-z, setting[ENTRY], setting[ENTRY_STRONG]);
		signal_say(out, strong ? GRADE_STRONG_BUY : GRADE_BUY, REASON_OVERSOLD, sure, strong ? setting[WEIGHT] : setting[WEIGHT] / 2);
		return true;
	}
	if (z >= setting[ENTRY] && rsi > setting[OVERBOUGHT]) {
		double sure = 0.5 + 0.5 * signal_reach(z, setting[ENTRY], setting[ENTRY_STRONG]);
		signal_say(out, strong ? GRADE_STRONG_SELL : GRADE_SELL, REASON_OVERBOUGHT, sure, 0);
		return false;
	}
	if (!was_in || z < setting[EXIT]) return was_in;
	signal_say(out, GRADE_SELL, REASON_BACK_AT_MEAN, 0.5, 0);
	return false;
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	for (uint32_t i = 0; i < market->assets; i++) {
		const struct asset_view *asset = &market->asset[i];
		const double            *factor = asset->factors.value;
		if (news_of(&mine->news, market, i)) mine->was_in[i] = mine->in[i];
		if (signal_warming(&out[i], asset->factors.bars_seen, 20)) continue;
		mine->in[i] = judge(setting, factor[FACTOR_ZSCORE_20], factor[FACTOR_RSI_14], mine->was_in[i], &out[i]);
	}
}

const struct strategy mean_reversion_strategy = {
	"mean_reversion", "Lehmann 1990; Wilder 1978", "20 daily bars an asset",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
