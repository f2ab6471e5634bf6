/* jumps.h - which returns were jumps, and what a jump diffusion then looks like.
 *
 * Detection: Lee and Mykland, "Jumps in financial markets: a new nonparametric test and jump dynamics", Review of Financial Studies 21 (2008).
 *     sigma[i]^2 = sum over j = i-K+2 .. i-1 of |r[j]| |r[j-1]| / (K - 2)         bipower, so earlier jumps do not hide this one
 *     L[i] = r[i] / sigma[i];   jump where (|L| - C) / S > -ln(-ln(1 - alpha))
 *     c = sqrt(2 / pi),  C = sqrt(2 ln n) / c - (ln pi + ln ln n) / (2 c sqrt(2 ln n)),  S = 1 / (c sqrt(2 ln n))
 *   r are log returns, K = 16 as the paper takes for days, n = JUMPS_DAYS, alpha 1 %.
 *
 * Parameters: Merton, "Option pricing when underlying stock returns are discontinuous", Journal of Financial Economics 3 (1976), over the
 * last JUMPS_DAYS returns that were tested:
 *     lambda = jumps a year,  jump_mean and jump_deviation of ln(1 + J) (deviation by n - 1; 0 with fewer than two),
 *     sigma = sample deviation of the other returns a year,  drift = their mean a year + sigma^2 / 2
 *
 * First statistic at price K + 1, parameters at price K + JUMPS_DAYS. Reference: numpy, 1e-12.
 *
 * Nothing drifts. The local variance is the sum of its K - 2 products each time. Calm returns are summed as in window.h, nothing ever
 * subtracted, but with a turn every JUMPS_TURN returns so that a year of them fits: a window is what is left of its oldest part (tails),
 * what stays until the next turn (middle) and what came since the last (head), all about the last calm return before the turn, which is in
 * every window until the next. Jumps are few: what they were is added up anew when one comes or goes. */
#ifndef STRATEGIES_FACTORS_JUMPS_H
#define STRATEGIES_FACTORS_JUMPS_H
#include <stdbool.h>
#include <stdint.h>

#include "fsm/bug.h"

enum {
	JUMPS_LOCAL = 16,       /* K, returns behind the local variance, the tested one included */
	JUMPS_DAYS = 252,       /* n, tested returns behind the parameters */
	JUMPS_TURN = 36,        /* returns between two turns of the sums; a seventh of JUMPS_DAYS */
};

_Static_assert(JUMPS_DAYS % JUMPS_TURN == 0 && JUMPS_TURN % 4 == 0, "the ring must turn where the sums do, in fours: take such a divisor of JUMPS_DAYS");
_Static_assert(JUMPS_DAYS <= UINT8_MAX + 1, "where a jump lies in the ring is one byte: widen it");

/* Returns that were no jumps, about the anchor. */
struct calm { double sum, squares; };

struct jump_sizes { uint32_t count; double mean, deviation, gain; };

struct jumps {
	double            last_price, last_move, statistic, limit;
	double            product[JUMPS_LOCAL];         /* a ring of JUMPS_LOCAL - 2; the rest stays 0 */
	double            moved[JUMPS_DAYS];
	bool              jumped[JUMPS_DAYS];
	uint8_t           jump_at[JUMPS_DAYS];          /* places of the jumps in `moved`, a ring, oldest at jump_first */
	uint32_t          jump_first;
	struct jump_sizes sizes;
	double            anchor, last_calm;
	struct calm       head, middle, tail[JUMPS_TURN];
	uint32_t          at, product_at, tested, returns;
	bool              begun;
};

/* variance: sigma^2. gain: what a jump is expected to add to the price, exp(jump_mean + jump_deviation^2 / 2) - 1; 0 without jumps. */
struct jump_diffusion { uint32_t jumps; double lambda, jump_mean, jump_deviation, gain, variance, drift; };

/* alpha: chance of a false jump in JUMPS_DAYS returns. Outside 1e-6..0.5 it is a bug (2055). */
void jumps_init(struct jumps *jumps, double alpha);
/* False, and nothing changes, when the price is not sound (price.h). */
bool jumps_push(struct jumps *jumps, double price);
/* The same for `count` series at once; one whose price is not sound stays as it is. */
void jumps_push_all(struct jumps *jumps, const double *price, uint32_t count);
static inline bool jumps_tested(const struct jumps *jumps) { return jumps->tested > 0; }
static inline bool jumps_ready(const struct jumps *jumps) { return jumps->tested >= JUMPS_DAYS; }
/* L of the last return, signed; 0 where the market stood still before it. A bug (2056) before jumps_tested. */
static inline double jumps_statistic(const struct jumps *jumps)
{
	BUG_UNLESS(2056, jumps->tested > 0);
	return jumps->statistic;
}
/* Was the last return a jump? */
bool jumps_now(const struct jumps *jumps);
/* Mean and sample variance of the returns that were no jumps. */
static inline void jumps_calm(const struct jumps *jumps, double *mean, double *variance)
{
	uint32_t           count = JUMPS_DAYS - jumps->sizes.count;
	const struct calm *tail = &jumps->tail[jumps->at % JUMPS_TURN];
	double             sum = tail->sum + jumps->middle.sum + jumps->head.sum, further = count ? sum / count : 0;
	double             squares = tail->squares + jumps->middle.squares + jumps->head.squares - sum * further;
	*mean = count ? jumps->anchor + further : 0;
	*variance = count > 1 && squares > 0 ? squares / (count - 1) : 0;
}

/* A bug (2057) before jumps_ready. Asked for each asset and day, it is a part of its callers. */
static inline struct jump_diffusion jumps_value(const struct jumps *jumps, uint32_t annual_days)
{
	double mean, variance, year = annual_days;
	BUG_UNLESS(2057, jumps_ready(jumps));
	jumps_calm(jumps, &mean, &variance);
	double lambda = jumps->sizes.count ? (double)jumps->sizes.count * year / JUMPS_DAYS : 0;
	return (struct jump_diffusion){ jumps->sizes.count, lambda, jumps->sizes.mean, jumps->sizes.deviation, jumps->sizes.gain,
		variance * year, mean * year + variance * year / 2 };
}

#endif
