/* normal.h - the normal distribution and its inverse: probabilities of Sharpe ratios, parametric risk. */
#ifndef STRATEGIES_METRICS_NORMAL_H
#define STRATEGIES_METRICS_NORMAL_H

/* Probability of a standard normal at or below x. Reference: scipy.stats.norm.cdf. */
double normal_below(double x);
/* Density of a standard normal at x. */
double normal_density(double x);
/* The x whose probability below is share, 0 < share < 1; relative error about 1e-16. A share outside (0, 1), or NaN, is taken as the nearest
 * share that has a finite answer (1e-300 and 1 - 2^-53); NaN as 0.5.
 * Source: M. J. Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37, PPND16. */
double normal_quantile(double share);

#endif
