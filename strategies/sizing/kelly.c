/* kelly.c - three lines of arithmetic that must never be infinite. */
#include "strategies/sizing/kelly.h"

#include <stdbool.h>

static double within(double share)
{
	if (share != share) return 0;
	return share > KELLY_SHARE_MAX ? KELLY_SHARE_MAX : share < -KELLY_SHARE_MAX ? -KELLY_SHARE_MAX : share;
}

double kelly_of_bet(double p, double payoff)
{
	bool can_be_judged = p >= 0 && p <= 1 && payoff > 0;
	return can_be_judged ? within(p - (1 - p) / payoff) : 0;
}

double kelly_of_returns(double mean, double deviation)
{
	return deviation > 0 && mean == mean ? within(mean / deviation / deviation) : 0;
}

double kelly_cap(double kelly_share, double fraction, double share_max)
{
	double share = kelly_share * fraction;
	if (!(share > 0)) return 0;
	return share < share_max ? share : share_max;
}
