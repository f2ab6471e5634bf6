/* cointegration.c - see cointegration.h. */
#include "strategies/factors/cointegration.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/four.h"
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

double cointegration_critical(enum significance level, size_t count)
{
	const double *b = surface[level];
	double        each = 1 / (double)(count - 1);
	return b[0] + each * (b[1] + each * (b[2] + each * b[3]));
}

#define LEFT_LEAST 1e-4         /* of du^2: with less left unexplained, the root has too few digits */

/* About the first value, so that a series that stands still deviates by exactly 0. */
void cointegration_centre_own(size_t count, struct centred *out)
{
	double *own = out->value, first = own[0];
	size_t  whole = count / LANES * LANES;
	BUG_UNLESS(2051, count >= COINTEGRATION_LEAST && count <= COINTEGRATION_MOST);
	memset(own + count, 0, (CENTRED_ROOM - count) * sizeof *own);
	four sum = four_distances(own, first, whole);
	for (size_t t = whole; t < count; t++) sum[0] += own[t] - first;
	out->mean = first + four_sum(sum) / (double)count;
	for (size_t t = 0; t < whole; t += LANES) four_store(own + t, four_load(own + t) - four_all(out->mean));
	for (size_t t = whole; t < count; t++) own[t] -= out->mean;
	out->count = count;
	out->squares = four_dot(own, own, count);
	four_done();
}

void cointegration_centre(const double *value, size_t count, struct centred *out)
{
	BUG_UNLESS(2335, count <= COINTEGRATION_MOST);
	memcpy(out->value, value, count * sizeof *value);
	cointegration_centre_own(count, out);
}

/* What the pair leaves: u, its changes du, and their sums; zero beyond count and count - 1. */
struct spread { _Alignas(four) double u[CENTRED_ROOM], du[CENTRED_ROOM]; size_t count; double sum, squares, du_squares[1 + COINTEGRATION_LAGS_MAX]; };

/* Step 1. */
static bool spread_of(const struct centred *y, const struct centred *x, struct spread *spread, struct cointegration *out)
{
	if (!(x->squares > 0) || !(y->squares > 0)) return false;
	out->hedge = four_dot(y->value, x->value, y->count) / x->squares;
	out->intercept = y->mean - out->hedge * x->mean;
	spread->count = y->count;
	for (size_t t = 0; t < CENTRED_ROOM; t += LANES) {
		four u = four_fma(four_all(-out->hedge), four_load(x->value + t), four_load(y->value + t));
		four_store(spread->u + t, u);
	}
	spread->sum = four_sum(four_distances(spread->u, 0, CENTRED_ROOM));
	spread->squares = four_dot(spread->u, spread->u, y->count);
	out->deviation = sqrt(spread->squares / (double)y->count);
	out->zscore = spread->u[y->count - 1] / out->deviation;
	four_done();
	return 1 - spread->squares / y->squares < COLLINEAR;
}

static void change(struct spread *spread, uint32_t lags)
{
	size_t changes = spread->count - 1;
	for (size_t t = 0; t + LANES < CENTRED_ROOM; t += LANES) {
		four_store(spread->du + t, four_load(spread->u + t + 1) - four_load(spread->u + t));
	}
	memset(spread->du + changes, 0, (CENTRED_ROOM - changes) * sizeof(double));
	for (uint32_t lag = 0; lag <= lags; lag++) spread->du_squares[lag] = four_dot(spread->du + lag, spread->du, changes - lag);
	four_done();
}

/* Sum of du[t-one] du[t-two] for t from lags on, one <= two. */
static double changes_of(const struct spread *spread, uint32_t lags, uint32_t one, uint32_t two)
{
	const double *du = spread->du;
	double        sum = spread->du_squares[two - one];
	for (size_t s = two - one; s < lags - one; s++) sum -= du[s] * du[s - (two - one)];
	for (size_t s = spread->count - 1 - one; s < spread->count - 1; s++) sum -= du[s] * du[s - (two - one)];
	return sum;
}

/* Moments of du[t-1] .. du[t-lags], u[t], du[t] (as rows 0 .. lags - 1, lags, lags + 1), t from lags on. */
static void moments_of(const struct spread *spread, uint32_t lags, double moments[COLUMNS_MAX][COLUMNS_MAX])
{
	const double *u = spread->u;
	size_t        last = spread->count - 1;
	double        squares = spread->squares - u[last] * u[last];
	for (uint32_t two = 1; two <= lags; two++) {
		for (uint32_t one = 1; one <= two; one++) moments[two - 1][one - 1] = changes_of(spread, lags, one, two);
		moments[lags + 1][two - 1] = changes_of(spread, lags, 0, two);
	}
	moments[lags + 1][lags + 1] = changes_of(spread, lags, 0, 0);
	for (uint32_t lag = 0; lag <= lags; lag++) {
		double own = lag ? moments[lag - 1][lag - 1] : moments[lags + 1][lags + 1];
		double sum = (u[last - lag] * u[last - lag] - u[lags - lag] * u[lags - lag] - own) / 2;
		for (uint32_t one = 1; one < lag; one++) sum += moments[lag - 1][one - 1];
		if (lag == 0) moments[lags + 1][lags] = sum;
		else moments[lags][lag - 1] = sum + own;
	}
	for (uint32_t t = 0; t < lags; t++) squares -= u[t] * u[t];
	moments[lags][lags] = squares;
}

static bool by_values(const struct spread *spread, uint32_t lags, double *statistic)
{
	const double        *column[1 + COINTEGRATION_LAGS_MAX] = { spread->u + lags };
	struct least_squares fit;
	for (uint32_t lag = 1; lag <= lags; lag++) column[lag] = spread->du + lags - lag;
	if (!least_squares(column, 1 + lags, spread->du + lags, spread->count - 1 - lags, &fit)) return false;
	*statistic = fit.beta[0] / fit.deviation[0];
	return isfinite(*statistic);
}

/* Step 2: the t of rho in the regression without constant. */
static bool dickey_fuller(const struct spread *spread, uint32_t lags, double *statistic)
{
	double root[COLUMNS_MAX][COLUMNS_MAX], freedom = (double)(spread->count - 1 - lags) - (1 + lags);
	moments_of(spread, lags, root);
	double all = root[lags + 1][lags + 1];
	if (!least_squares_root(root, lags + 2) || root[lags + 1][lags + 1] * root[lags + 1][lags + 1] < LEFT_LEAST * all) {
		return by_values(spread, lags, statistic);
	}
	*statistic = root[lags + 1][lags] / root[lags + 1][lags + 1] * sqrt(freedom);
	return isfinite(*statistic);
}

static double half_life_of(const struct spread *spread)
{
	const double *u = spread->u;
	size_t        last = spread->count - 1;
	double        n = (double)last, mean_u = (spread->sum - u[last]) / n, mean_du = (u[last] - u[0]) / n;
	double        uu = spread->squares - u[last] * u[last] - n * mean_u * mean_u;
	double        ud = (u[last] * u[last] - u[0] * u[0] - spread->du_squares[0]) / 2 - n * mean_u * mean_du;
	double        pull = ud / uu;
	return pull > -1 && pull < 0 ? -LN_2 / log1p(pull) : 0;
}

bool cointegration_of(const struct centred *y, const struct centred *x, uint32_t lags, struct cointegration *out)
{
	struct spread spread;
	BUG_UNLESS(2059, y->count == x->count && lags <= COINTEGRATION_LAGS_MAX);
	if (!spread_of(y, x, &spread, out)) return false;
	change(&spread, lags);
	if (!dickey_fuller(&spread, lags, &out->statistic)) return false;
	out->half_life = half_life_of(&spread);
	for (int level = 0; level < SIGNIFICANCES; level++) out->critical[level] = cointegration_critical((enum significance)level, y->count);
	return true;
}

bool cointegration_test(const double *y, const double *x, size_t count, uint32_t lags, struct cointegration *out)
{
	struct centred centred[2];
	cointegration_centre(y, count, &centred[0]);
	cointegration_centre(x, count, &centred[1]);
	return cointegration_of(&centred[0], &centred[1], lags, out);
}
