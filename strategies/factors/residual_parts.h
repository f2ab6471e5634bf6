/* residual_parts.h - sums of products of returns about their means, of which only those days are summed again that were written.
 *
 * The rows of a table are cut into parts; of each are kept the means and the sums of products of distances from them. Of all days, in any order:
 *
 *     sum of products = sum over parts of theirs + sum over parts of n (mean - mean of all) (mean - mean of all)'
 *                                                     (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm", 1979)
 *
 * Nothing is subtracted but about a value of the same asset: the first day's in a part, the first part's mean in all of them. So nothing drifts, and
 * an asset that stands still deviates by exactly 0. */
#ifndef STRATEGIES_FACTORS_RESIDUAL_PARTS_H
#define STRATEGIES_FACTORS_RESIDUAL_PARTS_H
#include <stdint.h>

#include "strategies/factors/eigen.h"
#include "strategies/factors/four.h"

enum {
	RESIDUAL_DAYS_MAX = 252,                        /* returns behind the correlation matrix */
	RESIDUAL_PART_DAYS = 42,
	RESIDUAL_PARTS = RESIDUAL_DAYS_MAX / RESIDUAL_PART_DAYS,
	RESIDUAL_SQUARES = EIGEN_MAX / LANES * (EIGEN_MAX / LANES + 2) / 4,     /* on and below the diagonal: 1 + 1 + 2 + 2 + ... */
};

_Static_assert((int)RESIDUAL_DAYS_MAX % (int)RESIDUAL_PART_DAYS == 0 && RESIDUAL_PARTS <= 32, "whole parts, a bit for each");

/* Products of four assets with eight. */
struct residual_square { double product[LANES][2 * LANES]; };
struct residual_part { double mean[EIGEN_MAX]; struct residual_square square[RESIDUAL_SQUARES]; };

/* made: a bit for each part that is up to date, of the first `assets`. All zeros: nothing yet. */
struct residual_parts { uint32_t made, assets; struct residual_part part[RESIDUAL_PARTS]; };

/* To be said of each row that is written, unless nothing was made of it yet. */
static inline void residual_parts_written(struct residual_parts *parts, uint32_t row) { parts->made &= ~(1u << row / RESIDUAL_PART_DAYS); }

/* At least the lower half, of the first `assets` of `days` rows; days 2..RESIDUAL_DAYS_MAX, the same from call to call. */
void residual_products(struct residual_parts *parts, double returns[][EIGEN_MAX], uint32_t days, uint32_t assets, double matrix[EIGEN_MAX][EIGEN_MAX]);

#endif
