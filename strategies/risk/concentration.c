/* concentration.c - shares of gross exposure. */
#include "strategies/risk/concentration.h"

#include <math.h>

struct concentration concentration_of(const double *weight, uint32_t assets)
{
	struct concentration c = { 0, 0, 0, 0, 0, 0 };
	for (uint32_t i = 0; i < assets; i++) {
		c.gross += fabs(weight[i]);
		c.net += weight[i];
	}
	if (!(c.gross > 0)) return c;
	for (uint32_t i = 0; i < assets; i++) {
		double share = fabs(weight[i]) / c.gross;
		c.herfindahl += share * share;
		if (share <= c.largest) continue;
		c.largest = share;
		c.largest_index = i;
	}
	c.effective_count = 1 / c.herfindahl;
	return c;
}
