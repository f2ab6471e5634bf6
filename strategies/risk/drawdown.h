/* drawdown.h - how far below its highest point a value stands, and how far it ever stood: one struct, one value a day.
 *
 * Shares are 0..1 of the peak (empyrical.max_drawdown is the negative of deepest). `from` is the last day at the peak before the deepest
 * point, `to` the first day at that point (pyfolio); both are the first day while nothing was lost. A value at or below 0 is ruin: 1.
 * The caller owns the struct. drawdown_rebase starts again from a value, as after a confirmed re-entry, and forgets the past. */
#ifndef STRATEGIES_RISK_DRAWDOWN_H
#define STRATEGIES_RISK_DRAWDOWN_H
#include <stdbool.h>
#include <stdint.h>

struct drawdown {
	double  peak, now, deepest;
	int32_t peak_day, from, to;
	bool    started;
};

void drawdown_init(struct drawdown *drawdown);
/* False, and nothing changes, for a value that is not finite, or for a first value that is not positive. */
bool drawdown_push(struct drawdown *drawdown, int32_t day, double value);
bool drawdown_rebase(struct drawdown *drawdown, int32_t day, double value);

#endif
