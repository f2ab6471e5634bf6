/* kolmogorov_smirnov.h - has a distribution moved: the two-sample Kolmogorov-Smirnov test, for drift of features (T4).
 *
 * statistic  largest distance of the two empirical distributions, 0..1             scipy.stats.ks_2samp
 * p_value    chance of at least that distance when both samples come from one distribution. Exact, by counting lattice paths as
 *            Hodges (1958) does, while the product of the counts is at most KS_EXACT_PAIRS_MAX (ks_2samp, method exact);
 *            above, Kolmogorov's limit (scipy.special.kolmogorov). Ties make it conservative, there as here.
 *
 * An empty sample gives statistic 0 and p_value 1. Values must be finite. The caller owns the room. */
#ifndef STRATEGIES_METRICS_KOLMOGOROV_SMIRNOV_H
#define STRATEGIES_METRICS_KOLMOGOROV_SMIRNOV_H
#include <stdint.h>

enum { KS_VALUES_MAX = 8192, KS_EXACT_PAIRS_MAX = 1 << 18 };     /* a sample; 2^18 pairs take 3 ms */

struct ks_room { uint32_t ids[2][KS_VALUES_MAX]; double path[KS_VALUES_MAX + 1]; };
struct ks_result { double statistic, p_value; };

/* Counts must be at most KS_VALUES_MAX. */
struct ks_result ks_two_samples(const double *a, uint32_t a_count, const double *b, uint32_t b_count, struct ks_room *room);

#endif
