/* eigen.h - eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5).
 *
 * Slow for large matrices and the most accurate there is for small ones; ours are correlations of at most EIGEN_MAX assets.
 * Reference: numpy.linalg.eigh, values relative 1e-12 of the largest, vectors up to sign. */
#ifndef STRATEGIES_FACTORS_EIGEN_H
#define STRATEGIES_FACTORS_EIGEN_H
#include <stdbool.h>
#include <stdint.h>

enum { EIGEN_MAX = 32, EIGEN_SWEEPS_MAX = 50 };

struct eigen {
	uint32_t size;
	double   value[EIGEN_MAX];                      /* largest first */
	double   vector[EIGEN_MAX][EIGEN_MAX];          /* vector[k] belongs to value[k]; length 1; its largest part is positive */
};

/* matrix is row by row, EIGEN_MAX apart, symmetric, and is destroyed. False where it has not converged, as with values not finite.
 * A size outside 1..EIGEN_MAX is a bug (2052). */
bool eigen_symmetric(double matrix[EIGEN_MAX][EIGEN_MAX], uint32_t size, struct eigen *out);

#endif
