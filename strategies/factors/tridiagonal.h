/* tridiagonal.h - some leading eigenvalues of a symmetric matrix of three diagonals, and their vectors, four of each at a time.
 *
 *     T - x = L D L',  D[i] = diagonal[i] - x - beside[i-1]^2 / D[i-1]              as many D > 0 as there are values above x (Sylvester)
 *     twist: D from above meets D from below in the row where they leave least, g; a vector that begins there has (T - x) z = g e[row],
 *     so x + g / z'z is nearer to the value, by as many digits again              (Parlett and Dhillon, Linear Algebra Appl. 267, 1997)
 *
 * Thirds of an interval find each value, twists its digits and its vector. Values nearer to each other than TRIDIAGONAL_APART of the largest
 * have no vectors of their own to working precision: then the answer is no, and who asked has to take all of them (eigen.h). */
#ifndef STRATEGIES_FACTORS_TRIDIAGONAL_H
#define STRATEGIES_FACTORS_TRIDIAGONAL_H
#include <stdbool.h>
#include <stdint.h>

#include "strategies/factors/four.h"

#define TRIDIAGONAL_APART 1e-4

enum { TRIDIAGONAL_MAX = 32 };

/* beside[i] stands between i and i + 1. */
struct tridiagonal { uint32_t size; double diagonal[TRIDIAGONAL_MAX], beside[TRIDIAGONAL_MAX]; };

/* The values number first .. first + count - 1, count <= LANES, 0 the largest; vector[i] holds part i of each, of any length. False where they
 * are too near each other or to their neighbours, or are no numbers. */
bool tridiagonal_leading(const struct tridiagonal *t, uint32_t first, uint32_t count, four *value, four vector[TRIDIAGONAL_MAX]);

#endif
