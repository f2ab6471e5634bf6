/* rolling_sharpe.c - a ring of returns. */
#include "strategies/metrics/rolling_sharpe.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/metrics/moments.h"
#include "strategies/metrics/performance.h"
#include "strategies/metrics/ratio.h"

void rolling_sharpe_init(struct rolling_sharpe *rolling, uint32_t window)
{
	BUG_UNLESS(2203, window >= 2 && window <= ROLLING_SHARPE_WINDOW_MAX);
	memset(rolling, 0, sizeof *rolling);
	rolling->window = window;
}

bool rolling_sharpe_push(struct rolling_sharpe *rolling, double simple_return)
{
	if (!(simple_return >= -1 && simple_return <= 1e6)) return false;
	rolling->simple_return[rolling->next] = simple_return;
	rolling->next = (rolling->next + 1) % rolling->window;
	if (rolling->count < rolling->window) rolling->count++;
	return true;
}

bool rolling_sharpe_ratio(const struct rolling_sharpe *rolling, double *ratio)
{
	*ratio = 0;
	if (rolling->count < rolling->window) return false;
	struct moments moments = moments_of(rolling->simple_return, rolling->window);
	*ratio = ratio_of_deviation(sqrt(PERFORMANCE_DAYS_A_YEAR) * moments.mean, moments.deviation, PERFORMANCE_BOUND);
	return true;
}
