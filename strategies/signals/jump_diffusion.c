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

#include "strategies/factors/four.h"
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

/* Made for all assets before any is judged, so that no branch waits for a root. score: growth over deviation; share: the weight; lambda: jumps a year. */
struct table { double growth[ASSETS_MAX], variance[ASSETS_MAX], score[ASSETS_MAX], share[ASSETS_MAX], lambda[ASSETS_MAX]; };

static void measure(const struct jumps *jumps, struct table *table, uint32_t i)
{
	struct jump_diffusion d = { 0, 0, 0, 0, 0, 0, 0 };
	if (jumps_ready(&jumps[i])) d = jumps_value(&jumps[i], 252);
	table->lambda[i] = d.lambda;
	table->growth[i] = d.drift + d.lambda * d.gain;
	table->variance[i] = d.variance + d.lambda * (d.jump_mean * d.jump_mean + d.jump_deviation * d.jump_deviation);
}

static void measure_all(const struct jumps *jumps, uint32_t assets, double aversion, struct table *table)
{
	for (uint32_t i = 0; i < assets; i++) measure(jumps, table, i);
	for (uint32_t i = assets; i % LANES != 0; i++) table->growth[i] = table->variance[i] = 0;
	for (uint32_t i = 0; i < assets; i += LANES) {
		four growth = four_load(table->growth + i), variance = four_load(table->variance + i), score = growth / four_sqrt(variance);
		four_store(table->score + i, (four)((four_mask)score & (four_mask)(variance > four_all(0))));
		four_store(table->share + i, growth / (four_all(aversion) * variance));
	}
	four_done();
}

static void judge(const double *setting, const struct jumps *jumps, const struct table *table, uint32_t i, struct signal *out)
{
	double score = table->score[i], moved = jumps_statistic(jumps), far = fabs(moved);
	if (far > jumps->limit && moved < 0) {
		signal_say(out, GRADE_STRONG_SELL, REASON_JUMP_DOWN, 0.75 + 0.25 * signal_reach(far, jumps->limit, 2 * jumps->limit), 0);
	} else if (far > jumps->limit) {
		signal_say(out, GRADE_HOLD, REASON_JUMP_UP, 0, 0);
	} else if (score > setting[HIGH]) {
		bool strong = score > 2 * setting[HIGH] && table->lambda[i] < setting[CALM];
		signal_say(out, strong ? GRADE_STRONG_BUY : GRADE_BUY, REASON_JUMP_DIFFUSION_UP,
			0.5 + 0.4 * signal_reach(score, setting[HIGH], 3 * setting[HIGH] + 0.01), setting[WEIGHT] * signal_reach(table->share[i], 0, 1));
	} else if (score < setting[LOW]) {
		signal_say(out, GRADE_SELL, REASON_JUMP_DIFFUSION_DOWN, 0.5 + 0.4 * signal_reach(score, setting[LOW], setting[LOW] - 1), 0);
	}
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	struct state *mine = state;
	struct table  table;
	double        price[ASSETS_MAX];
	for (uint32_t i = 0; i < market->assets; i++) price[i] = news_of(&mine->news, market, i) ? market->asset[i].bar.adj_close : 0;
	jumps_push_all(mine->jumps, price, market->assets);       /* a price that is not sound is no return */
	measure_all(mine->jumps, market->assets, setting[AVERSION], &table);
	for (uint32_t i = 0; i < market->assets; i++) {
		if (signal_warming(&out[i], mine->jumps[i].returns + (uint64_t)mine->jumps[i].begun, BARS_NEEDED)) continue;
		judge(setting, &mine->jumps[i], &table, i, &out[i]);
	}
}

const struct strategy jump_diffusion_strategy = {
	"jump_diffusion", "Lee, Mykland 2008; Merton 1976", "268 daily bars an asset",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
