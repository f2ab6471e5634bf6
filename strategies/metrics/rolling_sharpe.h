/* rolling_sharpe.h - annualised Sharpe ratio of the last 20, 60 or 252 daily returns (T4, document 04 section 4.11.2).
 *
 * sqrt(252) mean / sample deviation of the window, risk-free 0 (empyrical.sharpe_ratio of the window); 0 where the deviation is rounding
 * (below 1e-15). Until the window is full there is no ratio, only "warming up, 12 of 20". Summed anew at each reading, once a day: nothing
 * drifts, however long it runs. The caller owns the struct. */
#ifndef STRATEGIES_METRICS_ROLLING_SHARPE_H
#define STRATEGIES_METRICS_ROLLING_SHARPE_H
#include <stdbool.h>
#include <stdint.h>

enum { ROLLING_SHARPE_SHORT = 20, ROLLING_SHARPE_MEDIUM = 60, ROLLING_SHARPE_LONG = 252, ROLLING_SHARPE_WINDOW_MAX = 252 };

struct rolling_sharpe { uint32_t window, count, next; double simple_return[ROLLING_SHARPE_WINDOW_MAX]; };

/* window is 2..ROLLING_SHARPE_WINDOW_MAX. */
void rolling_sharpe_init(struct rolling_sharpe *rolling, uint32_t window);
/* False, and nothing changes, for a return that is NaN, below -1 or above 1e6. */
bool rolling_sharpe_push(struct rolling_sharpe *rolling, double simple_return);
/* False, and 0, while count < window. */
bool rolling_sharpe_ratio(const struct rolling_sharpe *rolling, double *ratio);

#endif
