/* residual_window.h - the sums over a window of days that the regressions of residual.h, and the paths of what they leave, are made of.
 *
 * A lane is a factor or an asset; r is what it did on a day, P what it did up to that day since some day before, its path. With the factors
 * F and their paths Q, and X = P - b Q + c the path of a residual:
 *
 *     sum F r, sum r^2                      make b and the sum of squared residuals
 *     sum Q P, sum P^2, sum P               make sum X and sum X^2
 *
 * so that no asset's days are walked again once b is known. The price is digits: X^2 comes out of larger sums, and residual.h says how small
 * it may be.
 *
 * Windows follow each other day by day and share most of their days. At a turn, the tails of a window are summed backwards, from its last day to
 * each of the first days it will lose; what comes after it is added to the head, day by day; a window is a tail and the head, as in window.h.
 * Nothing is subtracted and nothing drifts. Paths are 0 on the last day before a turn, which lies in the window until the next, so that they are
 * no longer than those of a window. */
#ifndef STRATEGIES_FACTORS_RESIDUAL_WINDOW_H
#define STRATEGIES_FACTORS_RESIDUAL_WINDOW_H
#include "strategies/factors/eigen.h"
#include "strategies/factors/four.h"
#include "strategies/factors/least_squares.h"

enum {
	RESIDUAL_WINDOW_LEAST = 16,                     /* returns behind a residual */
	RESIDUAL_WINDOW_MAX = 120,
	RESIDUAL_BLOCKS_MAX = COLUMNS_MAX / LANES * (COLUMNS_MAX + EIGEN_MAX) / LANES,
	RESIDUAL_TURN_MAX = 21,                         /* days from turn to turn, as many tails are kept: from refit to refit of pca.c */
	RESIDUAL_TAILS = 140,                           /* blocks of tails: with four columns and fifteen assets 105 are used, with most of both 7 days fit */
};

_Static_assert((int)RESIDUAL_TAILS >= (int)RESIDUAL_BLOCKS_MAX, "one tail must fit");

/* Days in a ring of `days` rows, each with the returns of all assets and, by residual_factors, those of the eigen-portfolios. */
struct residual_ring { uint32_t days; double (*returns)[EIGEN_MAX], (*factors)[COLUMNS_MAX]; };

/* Of four factors F and four lanes r: sum F r, sum Q P; of the lanes: sum r^2, sum P^2, sum P, and the path before the first day. */
struct residual_block { double products[LANES][LANES], path_products[LANES][LANES], squares[LANES], path_squares[LANES], path_sum[LANES], path[LANES]; };

/* Lanes are the factors, then the assets, both filled up to fours; block number columns / LANES * `lanes` + lanes / LANES. */
struct residual_shape { uint32_t columns, assets, lanes, blocks; };
struct residual_shape residual_shape(uint32_t columns, uint32_t assets);

/* What is kept of a turn: the window's length, where it began and where the newest day of the head lies behind it, how many days it serves. days 0:
 * nothing yet. */
struct residual_tails {
	uint32_t              days, first, gone, turn;
	struct residual_block head[RESIDUAL_BLOCKS_MAX], tail[RESIDUAL_TAILS];
};

/* Over the `days` days of the ring from row `first` on; lanes of `columns` factors and the first `assets` assets, others hold anything. What is
 * kept is used where its window is a few days older than this one, so the days they share must be the same: begin with a fresh one where they
 * are not. A window outside LEAST..MAX or beyond the ring, or more columns or assets than there is room for, is a bug (3941, 3940). */
void residual_window_sums(struct residual_tails *tails, const struct residual_ring *ring, uint32_t first, uint32_t days, uint32_t columns,
	uint32_t assets, struct residual_block out[RESIDUAL_BLOCKS_MAX]);

#endif
