/* moments.c - sums of powers about the mean, scaled by the largest distance so that huge and tiny samples neither overflow nor vanish. */
#include "strategies/metrics/moments.h"

#include <math.h>

/* A mean in two parts: its double, and what that double is short of. Far from zero the second part is what skew is made of. */
struct mean { double near, rest; };

static struct mean mean_of(const double *values, uint32_t count)
{
	struct mean mean = { 0, 0 };
	for (uint32_t i = 0; i < count; i++) mean.near += values[i] / (double)count;
	for (uint32_t i = 0; i < count; i++) mean.rest += (values[i] - mean.near) / (double)count;
	return mean;
}

static double from_mean(double value, const struct mean *mean) { return value - mean->near - mean->rest; }

static void fill_shape(struct moments *moments, double n, const double *power)
{
	if (n > 2) moments->skew = n * sqrt(n - 1) / (n - 2) * power[3] / (power[2] * sqrt(power[2]));
	if (n < 4) return;
	double spread = n * (n + 1) * (n - 1) * power[4] / (power[2] * power[2]);
	moments->kurtosis = (spread - 3 * (n - 1) * (n - 1)) / ((n - 2) * (n - 3));
}

struct moments moments_of(const double *values, uint32_t count)
{
	struct moments moments = { 0, 0, 0, 0 };
	double power[5] = { 0, 0, 0, 0, 0 }, widest = 0, largest = 0;
	if (count == 0) return moments;
	struct mean mean = mean_of(values, count);
	moments.mean = mean.near + mean.rest;
	for (uint32_t i = 0; i < count; i++) {
		widest = fmax(widest, fabs(from_mean(values[i], &mean)));
		largest = fmax(largest, fabs(values[i]));
	}
	if (count < 2 || !(widest > 1e-14 * largest)) return moments;
	for (uint32_t i = 0; i < count; i++) {
		double x = from_mean(values[i], &mean) / widest, square = x * x;
		power[2] += square;
		power[3] += square * x;
		power[4] += square * square;
	}
	moments.deviation = widest * sqrt(power[2] / (double)(count - 1));
	fill_shape(&moments, count, power);
	return moments;
}
