/* eigen.h - eigenvalues and eigenvectors of a symmetric matrix: Householder's mirrors to three diagonals, then implicit QL steps with
 * Wilkinson's shift (Golub and Van Loan, Matrix Computations, 8.3; Martin, Reinsch and Wilkinson, Numerische Mathematik 12, 1968).
 *
 * Errors are a few 1e-16 of the largest value, which suits correlations of at most EIGEN_MAX assets.
 * Reference: numpy.linalg.eigh, values relative 1e-12 of the largest, vectors up to sign. */
#ifndef STRATEGIES_FACTORS_EIGEN_H
#define STRATEGIES_FACTORS_EIGEN_H
#include <stdbool.h>
#include <stdint.h>

enum { EIGEN_MAX = 32, EIGEN_STEPS_MAX = 50 };        /* assets; QL steps for one value, two are usual */

struct eigen {
	uint32_t size;
	double   value[EIGEN_MAX];                      /* largest first */
	double   vector[EIGEN_MAX][EIGEN_MAX];          /* vector[k] belongs to value[k]; length 1; its largest part is positive */
};

/* matrix is row by row, EIGEN_MAX apart, symmetric, and is destroyed. False where it has not converged, as with values not finite.
 * A size outside 1..EIGEN_MAX is a bug (2052). */
bool eigen_symmetric(double matrix[EIGEN_MAX][EIGEN_MAX], uint32_t size, struct eigen *out);
/* The same of the `wanted` largest values alone, where each stands apart from the others (tridiagonal.h); else of all. What lies beyond them
 * is anything. More than size of them are a bug too. */
bool eigen_leading(double matrix[EIGEN_MAX][EIGEN_MAX], uint32_t size, uint32_t wanted, struct eigen *out);

#endif
