/* carry.c - crypto carry: long spot, short the perpetual, while funding pays for it. Document 04 §4.5.2.
 *
 * Paper: Brunnermeier, Nagel and Pedersen, "Carry trades and currency crashes", NBER Macroeconomics Annual 23 (2009).
 *
 *   in at a venue when its rate > entry, out when its rate < exit; annualised carry = rate * 3 * 365
 *   pause: while the deviation of the last `recent` rates exceeds `swing` times that of all rates, nothing is entered
 *   target weight = what is in, exchange_most a venue, position_most in all: 8 % with one venue, 10 % with two
 *
 * The weight is that of the spot leg; the desk sells the same quantity of the perpetual at the venues that are in. The history of a venue
 * is Welford's running mean and squares: one division a rate, no drift to speak of (each step only adds squares). */
#include <math.h>
#include <string.h>

#include "strategies/factors/window.h"
#include "strategies/signals/signal.h"

enum { ENTRY, EXIT, EXCHANGE_MOST, POSITION_MOST, SWING, RECENT, SETTINGS };
enum { RATES_NEEDED = 90 };             /* thirty days of eight-hour rates before a deviation means anything */
#define RATE_MOST 0.1                   /* a share per eight hours; beyond it a rate is a mistake and is not taken */

static const struct setting settings[SETTINGS] = {
	[ENTRY]         = { "entry",          0.0001, 0, 0.01,      "rate per 8 h above which we enter" },
	[EXIT]          = { "exit",          -0.0001, -0.01, 0.01,  "rate per 8 h below which we leave" },
	[EXCHANGE_MOST] = { "exchange_most",  0.08, 0, 1,           "share of the portfolio at one exchange" },
	[POSITION_MOST] = { "position_most",  0.10, 0, 1,           "share of the portfolio in all" },
	[SWING]         = { "swing",          3, 1, 100,            "times its historical deviation above which funding is too wild" },
	[RECENT]        = { "recent",         21, 3, WINDOW_MOMENTS_MAX, "rates of the recent deviation; 21 are a week" },
};

struct leg {
	struct window_moments recent;
	double                mean, squares, rate;      /* mean and squares are of all rates ever */
	uint64_t              read;                     /* how many have been read */
	uint32_t              rates;
	bool                  in, paused;
};
struct state { struct leg leg[ASSETS_MAX][FUNDING_VENUES]; bool held[ASSETS_MAX], was_held[ASSETS_MAX]; };

static void init(void *state, const double *setting)
{
	struct state *mine = state;
	memset(mine, 0, sizeof *mine);
	for (uint32_t i = 0; i < ASSETS_MAX; i++) {
		for (uint32_t venue = 0; venue < FUNDING_VENUES; venue++) window_moments_init(&mine->leg[i][venue].recent, (uint32_t)setting[RECENT]);
	}
}

static void leg_push(struct leg *leg, const double *setting, double rate)
{
	double away = rate - leg->mean, now, ever;
	leg->rate = rate;
	leg->rates += leg->rates < UINT32_MAX;
	leg->mean += away / leg->rates;
	leg->squares += away * (rate - leg->mean);
	window_moments_push(&leg->recent, rate);
	if (leg->rates < RATES_NEEDED) return;
	now = sqrt(window_squares(&leg->recent) / (leg->recent.period - 1));
	ever = sqrt(leg->squares / (leg->rates - 1));
	leg->paused = now > setting[SWING] * ever;
	if (rate < setting[EXIT]) leg->in = false;
	else if (rate > setting[ENTRY] && !leg->paused) leg->in = true;
}

/* All that came since the last turn, as far as they are kept; true where one was taken. */
static bool leg_read(struct leg *leg, const double *setting, const struct funding *funding)
{
	bool news = false;
	if (funding->rates_seen - leg->read > FUNDING_KEPT) leg->read = funding->rates_seen - FUNDING_KEPT;
	for (; leg->read < funding->rates_seen; leg->read++) {
		double rate = funding->rate_8h[leg->read % FUNDING_KEPT];
		if (!(fabs(rate) <= RATE_MOST)) continue;
		leg_push(leg, setting, rate);
		news = true;
	}
	return news;
}

static void judge(const double *setting, const struct leg *leg, bool was_held, struct signal *out)
{
	double   weight = 0, best = 0;
	uint32_t in = 0, paused = 0;
	for (uint32_t venue = 0; venue < FUNDING_VENUES; venue++) {
		weight += leg[venue].in ? setting[EXCHANGE_MOST] : 0;
		in += leg[venue].in;
		paused += leg[venue].paused;
		if (leg[venue].in && leg[venue].rate > best) best = leg[venue].rate;
	}
	if (in > 0) {
		double sure = 0.5 + 0.5 * signal_reach(best, setting[ENTRY], 5 * setting[ENTRY] + 1e-6);
		if (weight > setting[POSITION_MOST]) weight = setting[POSITION_MOST];
		signal_say(out, GRADE_BUY, REASON_CARRY_PAYS, sure, weight);
	} else if (was_held) {
		signal_say(out, GRADE_SELL, REASON_CARRY_ENDED, 0.9, 0);
	} else if (paused > 0) {
		signal_say(out, GRADE_HOLD, REASON_CARRY_PAUSED, 0, 0);
	}
}

static void step_asset(struct state *mine, const double *setting, const struct market *market, uint32_t i, struct signal *out)
{
	uint32_t rates = 0;
	bool     news = false;
	for (uint32_t venue = 0; venue < FUNDING_VENUES; venue++) {
		struct leg *leg = &mine->leg[i][venue];
		news |= leg_read(leg, setting, &market->funding[i][venue]);
		if (leg->rates > rates) rates = leg->rates;
	}
	if (rates == 0) {
		signal_say(out, GRADE_HOLD, REASON_NO_FUNDING, 0, 0);
		return;
	}
	if (signal_warming(out, rates, RATES_NEEDED)) return;
	if (news) mine->was_held[i] = mine->held[i];
	mine->held[i] = mine->leg[i][FUNDING_BINANCE].in || mine->leg[i][FUNDING_BYBIT].in;
	judge(setting, mine->leg[i], mine->was_held[i], out);
}

static void step(void *state, const double *setting, const struct market *market, struct signal *out)
{
	for (uint32_t i = 0; i < market->assets; i++) step_asset(state, setting, market, i, &out[i]);
}

const struct strategy carry_strategy = {
	"carry", "Brunnermeier, Nagel, Pedersen 2009", "90 funding rates of a perpetual",
	STRATEGY_STATE(struct state), SETTINGS, settings, init, step,
};
