/* moments.h - mean, deviation, skew and kurtosis of a sample, in two passes.
 *
 * Unbiased as pandas has them: Series.mean, std(ddof=1), skew, kurt (excess: 0 for a normal). Zero where too few values define one
 * (deviation 2, skew 3, kurtosis 4) and where the deviation is rounding, below 1e-14 of the largest value. Values must be finite. */
#ifndef STRATEGIES_METRICS_MOMENTS_H
#define STRATEGIES_METRICS_MOMENTS_H
#include <stdint.h>

struct moments { double mean, deviation, skew, kurtosis; };

struct moments moments_of(const double *values, uint32_t count);

#endif
