/* least_squares.h - ordinary least squares with few regressors, for the small regressions of the strategies.
 *
 *     y = sum beta[k] column[k] + error,   beta = (X'X)^-1 X'y by Cholesky,   variance of the error = |y - X beta|^2 / (count - columns)
 *
 * A constant is a column of ones. Columns should be of like size and not nearly the same: X'X squares their condition; a matrix that is
 * not positive definite to 1e-13 of its diagonal is refused. Reference: statsmodels OLS, 1e-9. */
#ifndef STRATEGIES_FACTORS_LEAST_SQUARES_H
#define STRATEGIES_FACTORS_LEAST_SQUARES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COLUMNS_MAX = 8 };

struct least_squares {
	double beta[COLUMNS_MAX];
	double deviation[COLUMNS_MAX];  /* standard error of beta */
	double squares;                 /* sum of squared errors */
};

/* False where there is no answer: count <= columns, columns that depend on each other, or values that are not finite.
 * More than COLUMNS_MAX columns is a bug (2050). */
bool least_squares(const double *const column[], uint32_t columns, const double *y, size_t count, struct least_squares *out);

/* The lower Cholesky root of a matrix of products, of which the lower half is given, in its place; the upper half is left as it was.
 * False where the matrix is not positive definite to 1e-13 of its diagonal. With [X y] in the matrix the last row is the regression:
 * root[y][y]^2 is the sum of squared errors, root[y][k]^2 what column k takes off it after the columns before it. */
bool least_squares_root(double root[COLUMNS_MAX][COLUMNS_MAX], uint32_t n);

#endif
