/* cointegration.h - do two price series keep together? The two-step test of Engle and Granger (Econometrica 55, 1987).
 *
 *     1.  y = intercept + hedge x + u                                             least squares
 *     2.  du[t] = rho u[t-1] + sum g[i] du[t-i] + e                               statistic = rho / its standard error
 *     statistic < critical: u comes back to 0, the pair keeps together            critical values: MacKinnon (2010), two series, constant
 *
 *     half_life = -ln 2 / ln(1 + b)   of   du[t] = a + b u[t-1] + e               bars until half of a spread has gone
 *     zscore = u[last] / deviation,   deviation = sqrt(sum u^2 / n)
 *
 * Give logarithms of prices, oldest first. Reference: statsmodels coint(y, x, trend="c", maxlag=lags, autolag=None), relative 1e-9;
 * half-life by statsmodels OLS. Its 1 % value differs from the paper's, which is ours (statsmodels issue 10271).
 * A pair that does not come back has half_life 0 (none) and keeps its statistic. */
#ifndef STRATEGIES_FACTORS_COINTEGRATION_H
#define STRATEGIES_FACTORS_COINTEGRATION_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	COINTEGRATION_MOST = 252,       /* values of a series */
	COINTEGRATION_LEAST = 30,       /* below this the critical values mean nothing */
	COINTEGRATION_LAGS_MAX = 4,
};

enum significance { ONE_PER_CENT, FIVE_PER_CENT, TEN_PER_CENT, SIGNIFICANCES };

struct cointegration {
	double hedge, intercept, statistic, critical[SIGNIFICANCES];
	double half_life, deviation, zscore;
};

/* False where there is no answer: a series stands still, or one is the other exactly. A count outside the bounds above or too many lags
 * is a bug (2051). */
bool cointegration_test(const double *y, const double *x, size_t count, uint32_t lags, struct cointegration *out);

#endif
