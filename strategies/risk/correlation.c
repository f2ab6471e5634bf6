/* correlation.c - a matrix, then its figures. */
#include "strategies/risk/correlation.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/metrics/association.h"
#include "strategies/metrics/moments.h"

void correlation_fill(struct correlation_matrix *matrix, const double *returns, uint32_t assets, uint32_t stride, uint32_t days)
{
	BUG_UNLESS(2221, assets <= CORRELATION_ASSETS_MAX && days <= stride);
	memset(matrix, 0, sizeof *matrix);
	matrix->assets = assets;
	for (uint32_t a = 0; a < assets; a++) {
		const double *row = returns + (size_t)a * stride;
		matrix->known[a] = moments_of(row, days).deviation > 0;
		matrix->pair[a][a] = 1;
		for (uint32_t b = 0; b < a; b++)
			matrix->pair[a][b] = matrix->pair[b][a] = association_linear(row, returns + (size_t)b * stride, days);
	}
}

static void take_pair(struct correlation_figures *figures, double value, uint32_t a, uint32_t b)
{
	figures->average += value;
	figures->pairs_high += value > CORRELATION_PAIR;
	if (figures->pairs == 0 || value < figures->lowest) figures->lowest = value;
	if (figures->pairs == 0 || value > figures->highest) {
		figures->highest = value;
		figures->highest_a = a;
		figures->highest_b = b;
	}
	figures->pairs++;
}

struct correlation_figures correlation_figures(const struct correlation_matrix *matrix)
{
	struct correlation_figures figures;
	memset(&figures, 0, sizeof figures);
	for (uint32_t a = 0; a < matrix->assets; a++)
		for (uint32_t b = a + 1; b < matrix->assets; b++) {
			if (matrix->known[a] && matrix->known[b]) take_pair(&figures, matrix->pair[a][b], a, b);
			else figures.pairs_unknown++;
		}
	if (figures.pairs == 0) return figures;
	figures.average /= figures.pairs;
	figures.average_high = figures.average > CORRELATION_AVERAGE;
	figures.all_together = figures.lowest > CORRELATION_TOGETHER;
	return figures;
}
