/* rank.h - cross-sectional percentile rank: where each of n values stands among them, 1/n (least) to 1 (most); ties share their mean rank.
 *
 * Reference: pandas rank(pct=True); the same arithmetic, equal bit for bit. The order of the values does not matter. */
#ifndef STRATEGIES_FACTORS_RANK_H
#define STRATEGIES_FACTORS_RANK_H
#include <stddef.h>

enum { RANK_VALUES_MAX = 4096 };        /* values; it compares all with all, so this is 16 million comparisons */

/* More than RANK_VALUES_MAX or a value that is NaN is a bug (2046, 2047). rank has room for count and does not overlap value. */
void rank_percentile(const double *restrict value, size_t count, double *restrict rank);

#endif
