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
 * First statistic at price K + 1, parameters at price K + JUMPS_DAYS. Reference: numpy, 1e-12. The local variance does not drift
 * (window.h); the parameters are added up anew from the ring, O(JUMPS_DAYS), each time they are asked. */
#ifndef STRATEGIES_FACTORS_JUMPS_H
#define STRATEGIES_FACTORS_JUMPS_H
#include "strategies/factors/window.h"

enum {
	JUMPS_LOCAL = 16,       /* K, returns behind the local variance, the tested one included */
	JUMPS_DAYS = 252,       /* n, tested returns behind the parameters */
};

struct jumps {
	struct window_sum local;
	double            last_price, last_move, statistic, limit;
	double            moved[JUMPS_DAYS];
	bool              jumped[JUMPS_DAYS];
	uint32_t          at, tested, returns;
	bool              begun;
};

struct jump_diffusion { uint32_t jumps; double lambda, jump_mean, jump_deviation, sigma, drift; };

/* alpha: chance of a false jump in JUMPS_DAYS returns. Outside 1e-6..0.5 it is a bug (2055). */
void jumps_init(struct jumps *jumps, double alpha);
/* False, and nothing changes, when the price is not sound (price.h). */
bool jumps_push(struct jumps *jumps, double price);
static inline bool jumps_tested(const struct jumps *jumps) { return jumps->tested > 0; }
static inline bool jumps_ready(const struct jumps *jumps) { return jumps->tested >= JUMPS_DAYS; }
/* L of the last return, signed; 0 where the market stood still before it. A bug (2056) before jumps_tested. */
double jumps_statistic(const struct jumps *jumps);
/* Was the last return a jump? */
bool jumps_now(const struct jumps *jumps);
/* A bug (2057) before jumps_ready. */
struct jump_diffusion jumps_value(const struct jumps *jumps, uint32_t annual_days);

#endif
