/* ratio.h - division that always has an answer: the one place where a figure is kept finite.
 *
 * Metrics divide by things that may be zero (no loss, no deviation). The rule of the house, stated in performance.h and tearsheet.h:
 * nothing over nothing is 0, something over nothing is the bound with the sign of the something, and no figure leaves the bound. */
#ifndef STRATEGIES_METRICS_RATIO_H
#define STRATEGIES_METRICS_RATIO_H

/* A deviation of simple returns below this is rounding: a return is a quotient near 1 less 1, good to 2^-53 = 1.1e-16. */
#define RATIO_DEVIATION_NOISE 1e-15

static inline double ratio_within(double value, double bound)
{
	if (!(value > -bound)) return value != value ? 0 : -bound;
	return value < bound ? value : bound;
}

/* above / below for below >= 0. */
static inline double ratio_of(double above, double below, double bound)
{
	if (above == 0) return 0;
	if (below > 0) return ratio_within(above / below, bound);
	return above > 0 ? bound : -bound;
}

/* mean / deviation: 0 where the deviation is only rounding. */
static inline double ratio_of_deviation(double mean, double deviation, double bound)
{
	return deviation < RATIO_DEVIATION_NOISE ? 0 : ratio_within(mean / deviation, bound);
}

#endif
