/* cointegration.c - see cointegration.h. */
#include "strategies/factors/cointegration.h"

#include <math.h>

#include "fsm/bug.h"
#include "strategies/factors/least_squares.h"

#define LN_2 0.693147180559945309417

/* R squared beyond which y is x: as statsmodels, 1 - 100 sqrt(epsilon). */
#define COLLINEAR (1 - 100 * 1.4901161193847656e-8)

/* MacKinnon (2010), "Critical values for cointegration tests", Queen's Economics Department working paper 1227, table 2, N = 2, constant:
 * critical = b0 + b1 / T + b2 / T^2 + b3 / T^3 */
static const double surface[SIGNIFICANCES][4] = {
	[ONE_PER_CENT]  = { -3.89644, -10.9519, -22.527, 0 },
	[FIVE_PER_CENT] = { -3.33613, -6.1101, -6.823, 0 },
	[TEN_PER_CENT]  = { -3.04445, -4.2412, -2.720, 0 },
};

/* About the first value, so that a series that stands still deviates by exactly 0. */
static double mean_of(const double *value, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++) sum += value[i] - value[0];
	return value[0] + sum / (double)count;
}

/* Step 1, about the means; leaves the residuals in u. */
static bool spread_of(const double *y, const double *x, size_t count, double *u, struct cointegration *out)
{
	double mean_y = mean_of(y, count), mean_x = mean_of(x, count), xx = 0, xy = 0, yy = 0, left = 0;
	for (size_t t = 0; t < count; t++) {
		xx += (x[t] - mean_x) * (x[t] - mean_x);
		xy += (x[t] - mean_x) * (y[t] - mean_y);
		yy += (y[t] - mean_y) * (y[t] - mean_y);
	}
	if (!(xx > 0) || !(yy > 0)) return false;
	out->hedge = xy / xx;
	out->intercept = mean_y - out->hedge * mean_x;
	for (size_t t = 0; t < count; t++) {
		u[t] = (y[t] - mean_y) - out->hedge * (x[t] - mean_x);
		left += u[t] * u[t];
	}
	out->deviation = sqrt(left / (double)count);
	out->zscore = u[count - 1] / out->deviation;
	return 1 - left / yy < COLLINEAR;
}

/* Step 2: the t of rho in the regression without constant. */
static bool dickey_fuller(const double *u, const double *du, size_t count, uint32_t lags, double *statistic)
{
	const double        *column[1 + COINTEGRATION_LAGS_MAX] = { u + lags };
	struct least_squares fit;
	for (uint32_t lag = 1; lag <= lags; lag++) column[lag] = du + lags - lag;
	if (!least_squares(column, 1 + lags, du + lags, count - 1 - lags, &fit)) return false;
	*statistic = fit.beta[0] / fit.deviation[0];
	return isfinite(*statistic);
}

static double half_life_of(const double *u, const double *du, size_t count)
{
	double mean_u = mean_of(u, count), mean_du = mean_of(du, count), uu = 0, ud = 0;
	for (size_t t = 0; t < count; t++) {
		uu += (u[t] - mean_u) * (u[t] - mean_u);
		ud += (u[t] - mean_u) * (du[t] - mean_du);
	}
	double pull = ud / uu;
	return pull > -1 && pull < 0 ? -LN_2 / log1p(pull) : 0;
}

bool cointegration_test(const double *y, const double *x, size_t count, uint32_t lags, struct cointegration *out)
{
	double u[COINTEGRATION_MOST], du[COINTEGRATION_MOST];
	BUG_UNLESS(2051, count >= COINTEGRATION_LEAST && count <= COINTEGRATION_MOST && lags <= COINTEGRATION_LAGS_MAX);
	if (!spread_of(y, x, count, u, out)) return false;
	for (size_t t = 0; t + 1 < count; t++) du[t] = u[t + 1] - u[t];
	if (!dickey_fuller(u, du, count, lags, &out->statistic)) return false;
	out->half_life = half_life_of(u, du, count - 1);
	for (int level = 0; level < SIGNIFICANCES; level++) {
		const double *b = surface[level];
		double        each = 1 / (double)(count - 1);
		out->critical[level] = b[0] + each * (b[1] + each * (b[2] + each * b[3]));
	}
	return true;
}
