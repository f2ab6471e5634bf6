/* bipower.h - realised and bipower variation of the last n log returns, and the share of the variance that came by jumps
 * (Barndorff-Nielsen and Shephard, "Power and bipower variation with stochastic volatility and jumps", 2004).
 *
 *     realised = sum r[i]^2                                               everything
 *     bipower  = (pi/2) (n / (n-1)) sum |r[i]| |r[i-1]|                   the diffusion alone: a jump meets only small neighbours
 *     jump_share = max(0, realised - bipower) / realised                  0..1; 0 where nothing moved
 *
 * First value at price n + 1. Reference: numpy, window by window, relative error <= 1e-12. Does not drift: see window.h. */
#ifndef STRATEGIES_FACTORS_BIPOWER_H
#define STRATEGIES_FACTORS_BIPOWER_H
#include "strategies/factors/window.h"

struct bipower { struct window_sum squares, products; double last_price, last_return; uint32_t returns; bool begun; };

/* A period outside 2..WINDOW_SUM_MAX is a bug (2045). */
void bipower_init(struct bipower *bipower, uint32_t period);
/* False, and nothing changes, when the price is not sound (price.h). */
bool bipower_push(struct bipower *bipower, double price);
static inline bool bipower_ready(const struct bipower *bipower) { return bipower->squares.full; }
/* Variance over the n returns, not a year. Bugs (2002) before it is ready. */
double bipower_realised(const struct bipower *bipower);
double bipower_value(const struct bipower *bipower);
double bipower_jump_share(const struct bipower *bipower);

#endif
