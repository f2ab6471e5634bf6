/* rank.c - see rank.h. A universe is tens of assets: counting those below beats sorting, and needs no memory. */
#include "strategies/factors/rank.h"

#include "fsm/bug.h"
#include "strategies/factors/four.h"

struct standing { int64_t below, equal; };

/* Where `own` stands among the values. */
static struct standing standing_of(const double *value, size_t count, double own)
{
	four_mask       below = { 0, 0, 0, 0 }, equal = { 0, 0, 0, 0 };
	struct standing standing = { 0, 0 };
	size_t          at = 0;
	for (; at + LANES <= count; at += LANES) {
		below -= (four_mask)(four_load(value + at) < four_all(own));
		equal -= (four_mask)(four_load(value + at) == four_all(own));
	}
	for (; at < count; at++) standing.below += value[at] < own, standing.equal += value[at] == own;
	for (int lane = 0; lane < LANES; lane++) standing.below += below[lane], standing.equal += equal[lane];
	return standing;
}

void rank_percentile(const double *restrict value, size_t count, double *restrict rank)
{
	BUG_UNLESS(2046, count <= RANK_VALUES_MAX);
	for (size_t i = 0; i < count; i++) {
		struct standing standing = standing_of(value, count, value[i]);
		BUG_UNLESS(2047, standing.equal > 0);
		rank[i] = ((double)standing.below + ((double)standing.equal + 1) / 2) / (double)count;
	}
	four_done();
}
