/* association.c - one correlation, on the values or on their ranks. */
#include "strategies/metrics/association.h"

#include <math.h>

#include "fsm/bug.h"
#include "strategies/metrics/moments.h"
#include "strategies/metrics/ranking.h"

double association_linear(const double *predicted, const double *happened, uint32_t count)
{
	struct moments a = moments_of(predicted, count), b = moments_of(happened, count);
	double sum = 0;
	if (!(a.deviation > 0) || !(b.deviation > 0)) return 0;
	for (uint32_t i = 0; i < count; i++) sum += (predicted[i] - a.mean) / a.deviation * ((happened[i] - b.mean) / b.deviation);
	return fmax(-1, fmin(sum / (double)(count - 1), 1));
}

double association_rank(const double *predicted, const double *happened, uint32_t count, struct association_room *room)
{
	BUG_UNLESS(2201, count <= ASSOCIATION_PAIRS_MAX);
	ranking_sort(predicted, room->ids, count);
	ranking_ranks(predicted, room->ids, count, room->rank[0]);
	ranking_sort(happened, room->ids, count);
	ranking_ranks(happened, room->ids, count, room->rank[1]);
	return association_linear(room->rank[0], room->rank[1], count);
}
