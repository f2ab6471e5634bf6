/* jump_diffusion.c - hold what pays for its diffusion and its jumps; leave after a jump down, and chase none up.
 *
 * Papers: Lee and Mykland (2008) and Barndorff-Nielsen and Shephard (2004) for the jumps, Merton (1976) for the process (factors/jumps.h);
 * Merton, "Lifetime portfolio selection under uncertainty", Review of Economics and Statistics 51 (1969), for the weight.
 *
 *   growth   = drift + lambda (exp(jump_mean + jump_deviation^2 / 2) - 1)          a year
 *   variance = sigma^2 + lambda (jump_mean^2 + jump_deviation^2)                   a year
 *   score = growth / sqrt(variance),   weight = growth / (aversion variance), cut to 0..1, times `weight`
 *
 *   STRONG_SELL  the last return was a jump down
 *   HOLD         the last return was a jump up
 *   BUY          score > high,  STRONG_BUY where score > 2 high and fewer than `calm` jumps a year
 *   SELL         score < low */
#include <math.h>
#include <string.h>

#include "strategies/factors/jumps.h"
#include "strategies/signals/signal.h"

enum { ALPHA, HIGH, LOW, CALM, AVERSION, WEIGHT, SETTINGS };
enum { BARS_NEEDED = JUMPS_LOCAL + JUMPS_DAYS };

static const struct setting settings[SETTINGS] = {
	[ALPHA]    = { "alpha",    0.01, 1e-6, 0.5, "chance of a false jump a year" },
	[HIGH]     = { "high",     0.75, 0, 5,      "growth over deviation above which it pays" },
	[LOW]      = { "low",      0.0, -5, 1,      "growth over deviation below which it does not" },
	[CALM]     = { "calm",     6,    0, 252,    "jumps a year below which we may be sure" },
	[AVERSION] = { "aversion", 4,    1, 20,     "relative risk aversion" },
	[WEIGHT]   = { "weight",   0.08, 0.0, 1.0,  "share of the portfolio, at most" },
};

struct state { struct news news; struct jumps jumps[ASSETS_MAX]; };

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	memset(mine, 0, sizeof *mine);
	for (uint32_t i = 0; i < ASSETS_MAX; i++) jumps_init(&mine->jumps[i], setting[ALPHA]);
}

static void judge(const double *setting, const struct jumps *jumps, struct signal *out)
{
	struct jump_diffusion d = jumps_value(jumps, 252);
	double                jump_squares = d.jump_mean * d.jump_mean + d.jump_deviation * d.jump_deviation;
	double                growth = d.drift + d.lambda * d.gain;
	double                variance = d.sigma * d.sigma + d.lambda * jump_squares, score = variance > 0 ? growth / sqrt(variance) : 0;
	double                far = fabs(jumps_statistic(jumps));
	if (jumps_now(jumps) && jumps_statistic(jumps) < 0) {
		signal_say(out, GRADE_STRONG_SELL, REASON_JUMP_DOWN, 0.75 + 0.25 * signal_reach(far, jumps->limit, 2 * jumps->limit), 0);
	} else if (jumps_now(jumps)) {
		signal_say(out, GRADE_HOLD, REASON_JUMP_UP, 0, 0);
	} else if (score > setting[HIGH]) {
		bool   strong = score > 2 * setting[HIGH] && d.lambda < setting[CALM];
		double share = signal_reach(growth / (setting[AVERSION] * variance), 0, 1);
		signal_say(out, strong ? GRADE_STRONG_BUY : GRADE_BUY, REASON_JUMP_DIFFUSION_UP,
			0.5 + 0.4 * signal_reach(score, setting[HIGH], 3 * setting[HIGH] + 0.01), setting[WEIGHT] * share);
	} else if (score < setting[LOW]) {
		signal_say(out, GRADE_SELL, REASON_JUMP_DIFFUSION_DOWN, 0.5 + 0.4 * signal_reach(score, setting[LOW], setting[LOW] - 1), 0);
	}
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	for (uint32_t i = 0; i < market->assets; i++) {
		const struct asset_view *asset = &market->asset[i];
		if (news_of(&mine->news, market, i)) (void)jumps_push(&mine->jumps[i], asset->bar.adj_close);     /* a price that is not sound is no return */
		if (signal_warming(&out[i], mine->jumps[i].returns + (uint64_t)mine->jumps[i].begun, BARS_NEEDED)) continue;
		judge(setting, &mine->jumps[i], &out[i]);
	}
}

const struct strategy jump_diffusion_strategy = {
	"jump_diffusion", "Lee, Mykland 2008; Merton 1976", "268 daily bars an asset",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
