/* association.h - does a forecast go with what happened: information coefficient, linear and by rank.
 *
 * Linear: Pearson's correlation of predictions and outcomes (scipy.stats.pearsonr); by rank: Spearman's, ties at their mean rank
 * (scipy.stats.spearmanr). -1..1; 0 when either side is constant or there are fewer than two pairs: nothing is known, and a coefficient of
 * 0 is what raises the warning of document 04 section 4.11.2. Values must be finite. */
#ifndef STRATEGIES_METRICS_ASSOCIATION_H
#define STRATEGIES_METRICS_ASSOCIATION_H
#include <stdint.h>

enum { ASSOCIATION_PAIRS_MAX = 4096 };       /* by rank: 200 names x 20 days */

/* Room for the ranks; the caller owns it, nothing in it outlives a call. */
struct association_room { uint32_t ids[ASSOCIATION_PAIRS_MAX]; double rank[2][ASSOCIATION_PAIRS_MAX]; };

double association_linear(const double *predicted, const double *happened, uint32_t count);
/* count must be at most ASSOCIATION_PAIRS_MAX. */
double association_rank(const double *predicted, const double *happened, uint32_t count, struct association_room *room);

#endif
