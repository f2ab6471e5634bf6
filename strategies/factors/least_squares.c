/* least_squares.c - see least_squares.h. */
#include "strategies/factors/least_squares.h"

#include <math.h>

#include "fsm/bug.h"

#define PIVOT_LEAST 1e-13       /* of the diagonal: below it two columns are one */

static double dot(const double *a, const double *b, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++) sum += a[i] * b[i];
	return sum;
}

bool least_squares_root(double root[COLUMNS_MAX][COLUMNS_MAX], uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		double pivot = root[k][k], least = pivot * PIVOT_LEAST;
		for (uint32_t i = 0; i < k; i++) pivot -= root[k][i] * root[k][i];
		if (!(pivot > least) || !isfinite(pivot)) return false;
		root[k][k] = sqrt(pivot);
		for (uint32_t row = k + 1; row < n; row++) {
			for (uint32_t i = 0; i < k; i++) root[row][k] -= root[row][i] * root[k][i];
			root[row][k] /= root[k][k];
		}
	}
	return true;
}

static void solve(double root[COLUMNS_MAX][COLUMNS_MAX], uint32_t n, double *x)
{
	for (uint32_t k = 0; k < n; k++) {
		for (uint32_t i = 0; i < k; i++) x[k] -= root[k][i] * x[i];
		x[k] /= root[k][k];
	}
	for (uint32_t k = n; k-- > 0; ) {
		for (uint32_t i = k + 1; i < n; i++) x[k] -= root[i][k] * x[i];
		x[k] /= root[k][k];
	}
}

static double squares_left(const double *const column[], uint32_t n, const double *y, size_t count, const double *beta)
{
	double sum = 0;
	for (size_t t = 0; t < count; t++) {
		double error = y[t];
		for (uint32_t k = 0; k < n; k++) error -= beta[k] * column[k][t];
		sum += error * error;
	}
	return sum;
}

bool least_squares(const double *const column[], uint32_t columns, const double *y, size_t count, struct least_squares *out)
{
	double root[COLUMNS_MAX][COLUMNS_MAX] = { { 0 } };
	BUG_UNLESS(2050, columns >= 1 && columns <= COLUMNS_MAX);
	if (count <= columns) return false;
	for (uint32_t k = 0; k < columns; k++) {
		out->beta[k] = dot(column[k], y, count);
		for (uint32_t i = 0; i <= k; i++) root[k][i] = dot(column[k], column[i], count);
	}
	if (!least_squares_root(root, columns)) return false;
	solve(root, columns, out->beta);
	out->squares = squares_left(column, columns, y, count, out->beta);
	if (!isfinite(out->squares)) return false;
	for (uint32_t k = 0; k < columns; k++) {
		double unit[COLUMNS_MAX] = { 0 };
		unit[k] = 1;
		solve(root, columns, unit);
		out->deviation[k] = sqrt(unit[k] * out->squares / (double)(count - columns));
	}
	return true;
}
