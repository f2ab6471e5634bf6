/* residual.c - see residual.h. */
#include "strategies/factors/residual.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"

struct moments { double mean[EIGEN_MAX], deviation[EIGEN_MAX]; };

/* About the first day, so that an asset that stands still deviates by exactly 0. */
static bool moments_of(double returns[][EIGEN_MAX], uint32_t days, uint32_t assets, struct moments *out)
{
	memset(out, 0, sizeof *out);
	for (uint32_t t = 0; t < days; t++) {
		for (uint32_t i = 0; i < assets; i++) out->mean[i] += returns[t][i] - returns[0][i];
	}
	for (uint32_t i = 0; i < assets; i++) out->mean[i] = returns[0][i] + out->mean[i] / days;
	for (uint32_t t = 0; t < days; t++) {
		for (uint32_t i = 0; i < assets; i++) out->deviation[i] += (returns[t][i] - out->mean[i]) * (returns[t][i] - out->mean[i]);
	}
	for (uint32_t i = 0; i < assets; i++) {
		out->deviation[i] = sqrt(out->deviation[i] / (days - 1));
		if (!(out->deviation[i] > 0) || !isfinite(out->deviation[i])) return false;
	}
	return true;
}

static void correlate(double returns[][EIGEN_MAX], uint32_t days, uint32_t assets, const struct moments *moments,
	double matrix[EIGEN_MAX][EIGEN_MAX])
{
	memset(matrix, 0, sizeof(double) * EIGEN_MAX * EIGEN_MAX);
	for (uint32_t t = 0; t < days; t++) {
		double y[EIGEN_MAX];
		for (uint32_t i = 0; i < assets; i++) y[i] = (returns[t][i] - moments->mean[i]) / moments->deviation[i];
		for (uint32_t i = 0; i < assets; i++) {
			for (uint32_t k = 0; k <= i; k++) matrix[i][k] += y[i] * y[k] / (days - 1);
		}
	}
	for (uint32_t i = 0; i < assets; i++) {
		for (uint32_t k = 0; k < i; k++) matrix[k][i] = matrix[i][k];
	}
}

bool residual_fit(struct residual_model *model, double returns[][EIGEN_MAX], uint32_t days, uint32_t assets, uint32_t factors)
{
	struct moments moments;
	struct eigen   eigen;
	double         matrix[EIGEN_MAX][EIGEN_MAX];
	BUG_UNLESS(2053, assets >= 2 && assets <= EIGEN_MAX && days >= 2 && days <= RESIDUAL_DAYS_MAX);
	BUG_UNLESS(2058, factors >= 1 && factors <= RESIDUAL_FACTORS_MAX && factors <= assets);
	memset(model, 0, sizeof *model);
	if (!moments_of(returns, days, assets, &moments)) return false;
	correlate(returns, days, assets, &moments, matrix);
	if (!eigen_symmetric(matrix, assets, &eigen)) return false;
	for (uint32_t j = 0; j < factors; j++) {
		model->explained += eigen.value[j] / assets;
		for (uint32_t i = 0; i < assets; i++) model->weight[j][i] = eigen.vector[j][i] / moments.deviation[i];
	}
	model->assets = assets;
	model->factors = factors;
	return true;
}

/* a and b of X[k+1] = a + b X[k] + z, and the variance of z. */
static bool autoregress(const double *x, uint32_t count, struct residual_score *out, uint32_t annual_days)
{
	double mean_x = 0, mean_y = 0, xx = 0, xy = 0, left = 0, n = count - 1;
	for (uint32_t k = 0; k + 1 < count; k++) mean_x += x[k] / n, mean_y += x[k + 1] / n;
	for (uint32_t k = 0; k + 1 < count; k++) {
		xx += (x[k] - mean_x) * (x[k] - mean_x);
		xy += (x[k] - mean_x) * (x[k + 1] - mean_y);
	}
	double b = xy / xx, a = mean_y - b * mean_x;
	if (!(b > 0 && b < 1)) return false;
	for (uint32_t k = 0; k + 1 < count; k++) left += (x[k + 1] - a - b * x[k]) * (x[k + 1] - a - b * x[k]) / n;
	out->kappa = -log(b) * annual_days;
	out->m = a / (1 - b);
	out->sigma = sqrt(left / (1 - b * b));
	return out->sigma > 0;
}

static void factor_returns(const struct residual_model *model, double returns[][EIGEN_MAX], uint32_t window,
	double factor[COLUMNS_MAX][RESIDUAL_WINDOW_MAX])
{
	for (uint32_t t = 0; t < window; t++) {
		factor[0][t] = 1;
		for (uint32_t j = 0; j < model->factors; j++) {
			double sum = 0;
			for (uint32_t i = 0; i < model->assets; i++) sum += model->weight[j][i] * returns[t][i];
			factor[1 + j][t] = sum;
		}
	}
}

static bool score_one(const double *const column[], uint32_t columns, const double *y, uint32_t window, uint32_t annual_days,
	struct residual_score *out)
{
	struct least_squares fit;
	double               x[RESIDUAL_WINDOW_MAX], level = 0;
	memset(out, 0, sizeof *out);
	if (!least_squares(column, columns, y, window, &fit)) return false;
	for (uint32_t t = 0; t < window; t++) {
		level += y[t];
		for (uint32_t k = 0; k < columns; k++) level -= fit.beta[k] * column[k][t];
		x[t] = level;
	}
	return autoregress(x, window, out, annual_days);
}

static void centre(struct residual_score *score, uint32_t count)
{
	double sum = 0, valid = 0;
	for (uint32_t i = 0; i < count; i++) if (score[i].valid) sum += score[i].m, valid++;
	for (uint32_t i = 0; i < count; i++) if (score[i].valid) score[i].s = (sum / valid - score[i].m) / score[i].sigma;
}

void residual_scores(const struct residual_model *model, double returns[][EIGEN_MAX], uint32_t window, uint32_t annual_days,
	struct residual_score *score)
{
	double        factor[COLUMNS_MAX][RESIDUAL_WINDOW_MAX], y[RESIDUAL_WINDOW_MAX];
	const double *column[COLUMNS_MAX];
	BUG_UNLESS(2054, window >= model->factors + 3 && window <= RESIDUAL_WINDOW_MAX && model->factors <= RESIDUAL_FACTORS_MAX);
	factor_returns(model, returns, window, factor);
	for (uint32_t k = 0; k < COLUMNS_MAX; k++) column[k] = factor[k];
	for (uint32_t i = 0; i < model->assets; i++) {
		for (uint32_t t = 0; t < window; t++) y[t] = returns[t][i];
		score[i].valid = score_one(column, 1 + model->factors, y, window, annual_days, &score[i]);
	}
	centre(score, model->assets);
}
