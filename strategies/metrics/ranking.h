/* ranking.h - order statistics without moving the values: sorted positions, ranks, quantiles.
 *
 * The caller owns the values and an array of as many ids. Values must be finite. n log n steps, no recursion, nothing else in memory. */
#ifndef STRATEGIES_METRICS_RANKING_H
#define STRATEGIES_METRICS_RANKING_H
#include <stdint.h>

/* Fills ids with 0..count-1 so that values[ids[0]] <= values[ids[1]] <= ...; equal values by position. */
void ranking_sort(const double *values, uint32_t *ids, uint32_t count);
/* ranks[i] = rank of values[i] from 1; equal values share their mean rank. Reference: scipy.stats.rankdata (average). */
void ranking_ranks(const double *values, const uint32_t *ids, uint32_t count, double *ranks);
/* The value below which this share (0..1) lies, linear between neighbours. Reference: numpy.quantile (linear). 0 when count is 0. */
double ranking_quantile(const double *values, const uint32_t *ids, uint32_t count, double share);

#endif
