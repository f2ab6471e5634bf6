/* rank.c - see rank.h. A universe is tens of assets: counting those below beats sorting, and needs no memory. */
#include "strategies/factors/rank.h"

#include "fsm/bug.h"

void rank_percentile(const double *restrict value, size_t count, double *restrict rank)
{
	BUG_UNLESS(2046, count <= RANK_VALUES_MAX);
	for (size_t i = 0; i < count; i++) {
		size_t below = 0, equal = 0;
		for (size_t k = 0; k < count; k++) {
			below += value[k] < value[i];
			equal += value[k] == value[i];
		}
		BUG_UNLESS(2047, equal > 0);
		rank[i] = ((double)below + ((double)equal + 1) / 2) / (double)count;
	}
}
