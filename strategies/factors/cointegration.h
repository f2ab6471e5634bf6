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
 * A pair that does not come back has half_life 0 (none) and keeps its statistic.
 *
 * Cost: five sums over the series with one lag. All sums of the second regression follow from those of du[t] du[t-i], since
 *     2 sum u[t-1] du[t] = u[last]^2 - u[first]^2 - sum du[t]^2,    u[t-1] = u[t-1-i] + du[t-i] + ... + du[t-1]
 * and rho over its standard error is read from the Cholesky root of the moments of [du[t-1] .. du[t-lags], u[t-1], du[t]]: with
 * root r, it is r[du,u] / (r[du,du] / sqrt(degrees of freedom)). Where nearly nothing is left unexplained, r[du,du] has lost its digits
 * and the regression is done value by value. */
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

/* A series about its mean, made once for the many pairs it is tested in; beyond its last value it is zero. */
enum { CENTRED_ROOM = (COINTEGRATION_MOST + COINTEGRATION_LAGS_MAX + 3) / 4 * 4 + 4 };
struct centred { size_t count; double mean, squares, value[CENTRED_ROOM]; };

/* The statistic below which a pair of so many values keeps together. */
double cointegration_critical(enum significance level, size_t count);
/* A count outside the bounds above is a bug (2051, 2335). */
void cointegration_centre(const double *value, size_t count, struct centred *out);
/* The same where the values already lie in their place. */
void cointegration_centre_own(size_t count, struct centred *out);
/* False where there is no answer: a series stands still, or one is the other exactly. Series of two lengths or too many
 * lags are a bug (2059). */
bool cointegration_of(const struct centred *y, const struct centred *x, uint32_t lags, struct cointegration *out);
/* The same for two series of their own. */
bool cointegration_test(const double *y, const double *x, size_t count, uint32_t lags, struct cointegration *out);

#endif
