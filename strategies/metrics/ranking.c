/* ranking.c - heapsort over positions: the worst case is the usual case, and there is no stack to size. */
#include "strategies/metrics/ranking.h"

#include <stdbool.h>

static bool before(const double *values, uint32_t a, uint32_t b)
{
	return values[a] < values[b] || (values[a] == values[b] && a < b);
}

static void sift(const double *values, uint32_t *ids, uint32_t at, uint32_t count)
{
	uint32_t moved = ids[at];
	for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && before(values, ids[child], ids[child + 1])) child++;
		if (!before(values, moved, ids[child])) break;
		ids[at] = ids[child];
	}
	ids[at] = moved;
}

void ranking_sort(const double *values, uint32_t *ids, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) ids[i] = i;
	for (uint32_t i = count / 2; i-- > 0;) sift(values, ids, i, count);
	for (uint32_t last = count; last-- > 1;) {
		uint32_t largest = ids[0];
		ids[0] = ids[last];
		ids[last] = largest;
		sift(values, ids, 0, last);
	}
}

void ranking_ranks(const double *values, const uint32_t *ids, uint32_t count, double *ranks)
{
	for (uint32_t first = 0, end; first < count; first = end) {
		for (end = first + 1; end < count && values[ids[end]] == values[ids[first]];) end++;
		for (uint32_t i = first; i < end; i++) ranks[ids[i]] = ((double)first + 1 + (double)end) / 2;
	}
}

double ranking_quantile(const double *values, const uint32_t *ids, uint32_t count, double share)
{
	if (count == 0) return 0;
	double   place = share * (double)(count - 1);
	uint32_t below = place > 0 ? (uint32_t)place : 0;
	if (below >= count - 1) return values[ids[count - 1]];
	double low = values[ids[below]], high = values[ids[below + 1]];
	return low + (high - low) * (place - below);
}
