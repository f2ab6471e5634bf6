/* momentum_12_1.h - the return of the last year without its last month (Jegadeesh and Titman, 1993; Asness, Moskowitz and Pedersen, 2013).
 *
 *     compounded      p[t-21] / p[t-252] - 1                            what an investor would have earned; the default
 *     summed          sum of the simple returns r[t-251] .. r[t-21]     the form of document 04 §4.5.1
 *
 * First value at price 253. Reference: pandas, both forms as written there; relative error <= 1e-12 (summed: absolute 1e-12, terms cancel).
 * Nothing drifts: compounded is one division, summed a window of the 231 returns, which enter it a month late (window.h). */
#ifndef STRATEGIES_FACTORS_MOMENTUM_12_1_H
#define STRATEGIES_FACTORS_MOMENTUM_12_1_H
#include "strategies/factors/window.h"

enum {
	MOMENTUM_YEAR = 252,            /* trading days */
	MOMENTUM_MONTH = 21,            /* trading days */
	MOMENTUM_12_1_BARS = MOMENTUM_YEAR + 1,
};

struct momentum_12_1 { uint32_t at, seen; double price[MOMENTUM_12_1_BARS]; struct window_sum returns; };

void momentum_12_1_init(struct momentum_12_1 *momentum);
/* False, and nothing changes, when the price is not sound (price.h). */
bool momentum_12_1_push(struct momentum_12_1 *momentum, double price);
static inline bool momentum_12_1_ready(const struct momentum_12_1 *momentum) { return momentum->seen >= MOMENTUM_12_1_BARS; }
/* A bug (2040) before it is ready. */
double momentum_12_1_value(const struct momentum_12_1 *momentum, bool summed);

#endif
