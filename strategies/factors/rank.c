/* rank.c - see rank.h. A universe is tens of assets: counting those below beats sorting, and needs no memory. */
#include "strategies/factors/rank.h"

#include "fsm/bug.h"
#include "strategies/factors/four.h"

/* Where each of four stands among the values. A comparison that holds is -1. */
static four rank_four(const double *value, size_t count, four own)
{
	four_mask below = { 0, 0, 0, 0 }, equal = { 0, 0, 0, 0 };
	for (size_t i = 0; i < count; i++) {
		four other = four_all(value[i]);
		below -= other < own;
		equal -= other == own;
	}
	BUG_UNLESS(2047, equal[0] > 0 && equal[1] > 0 && equal[2] > 0 && equal[3] > 0);
	return (four_of_counts(below) + (four_of_counts(equal) + four_all(1)) / four_all(2)) / four_all((double)count);
}

void rank_percentile(const double *restrict value, size_t count, double *restrict rank)
{
	BUG_UNLESS(2046, count <= RANK_VALUES_MAX);
	size_t whole = count / LANES * LANES;
	for (size_t at = 0; at < whole; at += LANES) four_store(rank + at, rank_four(value, count, four_load(value + at)));
	for (size_t at = whole; at < count; at++) rank[at] = rank_four(value, count, four_all(value[at]))[0];
	four_done();
}
