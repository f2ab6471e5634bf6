/* kolmogorov_smirnov.c - distances are kept as integers, (steps of a) x count of b - (steps of b) x count of a, so that "at least" is exact.
 *
 * Source of the recursion: J. L. Hodges (1958), "The significance probability of the Smirnov two-sample test", Arkiv foer Matematik 3. */
#include "strategies/metrics/kolmogorov_smirnov.h"

#include <math.h>
#include <stdbool.h>

#include "fsm/bug.h"
#include "strategies/metrics/ranking.h"

static int64_t distance(int64_t a_steps, int64_t a_count, int64_t b_steps, int64_t b_count)
{
	int64_t d = a_steps * b_count - b_steps * a_count;
	return d < 0 ? -d : d;
}

/* Both sorted samples are walked together; the distance counts only after every copy of a value was taken. */
static int64_t largest_distance(const double *a, uint32_t a_count, const double *b, uint32_t b_count, const struct ks_room *room)
{
	int64_t  largest = 0;
	uint32_t i = 0, j = 0;
	while (i < a_count && j < b_count) {
		double x = fmin(a[room->ids[0][i]], b[room->ids[1][j]]);
		while (i < a_count && a[room->ids[0][i]] <= x) i++;
		while (j < b_count && b[room->ids[1][j]] <= x) j++;
		int64_t d = distance(i, a_count, j, b_count);
		if (d > largest) largest = d;
	}
	return largest;
}

/* Chance that a random path from (0, 0) to (a_count, b_count) is ever at least `least` away from the diagonal. */
static double chance_of_path(int64_t a_count, int64_t b_count, int64_t least, double *path)
{
	path[0] = 0;
	for (int64_t j = 1; j <= b_count; j++) path[j] = distance(0, a_count, j, b_count) >= least ? 1 : path[j - 1];
	for (int64_t i = 1; i <= a_count; i++) {
		if (distance(i, a_count, 0, b_count) >= least) path[0] = 1;
		for (int64_t j = 1; j <= b_count; j++) {
			bool outside = distance(i, a_count, j, b_count) >= least;
			path[j] = outside ? 1 : ((double)i * path[j] + (double)j * path[j - 1]) / (double)(i + j);
		}
	}
	return path[b_count];
}

/* Kolmogorov's limit: 2 sum (-1)^(k-1) exp(-2 k^2 x^2), or its theta transform where that converges slowly. */
static double chance_in_the_limit(double x)
{
	double sum = 0;
	if (x < 0.04) return 1;
	for (int k = 1; k <= 8; k++) {
		double odd = 2 * k - 1;
		sum += x < 1 ? exp(-odd * odd * 1.23370055013616982735 / (x * x)) : (k % 2 ? 2 : -2) * exp(-2.0 * k * k * x * x);
	}
	return x < 1 ? 1 - 2.50662827463100050242 / x * sum : sum;
}

struct ks_result ks_two_samples(const double *a, uint32_t a_count, const double *b, uint32_t b_count, struct ks_room *room)
{
	BUG_UNLESS(2202, a_count <= KS_VALUES_MAX && b_count <= KS_VALUES_MAX);
	struct ks_result result = { 0, 1 };
	if (a_count == 0 || b_count == 0) return result;
	ranking_sort(a, room->ids[0], a_count);
	ranking_sort(b, room->ids[1], b_count);
	int64_t largest = largest_distance(a, a_count, b, b_count, room);
	double  pairs = (double)a_count * (double)b_count;
	result.statistic = (double)largest / pairs;
	if (pairs <= KS_EXACT_PAIRS_MAX) result.p_value = chance_of_path(a_count, b_count, largest, room->path);
	else result.p_value = chance_in_the_limit(sqrt(pairs / (double)(a_count + b_count)) * result.statistic);
	return result;
}
