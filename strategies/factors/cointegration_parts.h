/* cointegration_parts.h - sums of products of series with each other, a few steps apart, of which only those rows are summed again that were written.
 *
 *     S[l] = sum x[t] y[t-l] + y[t] x[t-l]            x and y about their means, l = 0 .. lags + 1; for l = 0 this is twice the sum of x y
 *
 * The series are the columns of a ring of rows, and the window is all rows but the oldest. The ring is cut into parts; of each are kept the sums of
 * x[t] (y[t-l] + y[t+l]) about an anchor, as if the ring had no end. A part is made anew when one of its rows or of their neighbours was written.
 * All parts together are S about the anchors, once the products across the seam and those of the oldest row are taken off; then the means are.
 *
 * The anchor is the oldest row at the time when all parts were made, so that a series that stands still has sums of exactly 0. Its distance from the
 * means costs digits: sums are good to a few roundings of the squares about the anchors (screen_squares), not of their own. */
#ifndef STRATEGIES_FACTORS_COINTEGRATION_PARTS_H
#define STRATEGIES_FACTORS_COINTEGRATION_PARTS_H
#include "strategies/factors/cointegration.h"
#include "strategies/factors/four.h"

enum {
	SCREEN_SERIES = 32,
	SCREEN_ROWS = COINTEGRATION_MOST + 1,
	SCREEN_CHUNK = 23,                              /* rows summed at once; a part is one of them, or some */
	SCREEN_PARTS = SCREEN_ROWS / SCREEN_CHUNK,
	SCREEN_SUMS_MAX = COINTEGRATION_LAGS_MAX + 2,
	SCREEN_AT_ONCE = 3,                             /* lags */
	SCREEN_GROUPS = (SCREEN_SUMS_MAX + SCREEN_AT_ONCE - 1) / SCREEN_AT_ONCE,
	SCREEN_SUMS = SCREEN_GROUPS * SCREEN_AT_ONCE,
	SCREEN_RIM = SCREEN_SUMS,                       /* rows before and after a row: all but the last are multiplied with it */
	SCREEN_FOURS = SCREEN_SERIES / LANES,
	SCREEN_SQUARES_MAX = SCREEN_FOURS * (SCREEN_FOURS + 1) / 2 * SCREEN_GROUPS,
	SCREEN_SQUARES = 110,                           /* squares kept: with sixteen series and one lag parts of one chunk, with 32 of four */
};

_Static_assert((int)SCREEN_ROWS % (int)SCREEN_CHUNK == 0 && SCREEN_PARTS <= 32, "whole chunks, a bit for each");
_Static_assert((int)SCREEN_SQUARES >= (int)SCREEN_SQUARES_MAX, "one part must fit");

/* COINTEGRATION_LEAST + 1 .. SCREEN_ROWS rows of values; `oldest` is the row that will be written next. */
struct screen_ring { uint32_t rows, oldest; double (*value)[SCREEN_SERIES]; };

/* Four series with four, at three lags. */
struct screen_square { double sum[SCREEN_AT_ONCE][LANES][LANES]; };

/* What the parts are of, and how many there are: rows a part, squares a part. */
struct screen_shape { uint32_t rows, series, lags, part_rows, parts, groups, squares; };

/* written: rows since the parts were last asked for. made: a bit for each part that was made. All zeros: nothing yet. */
struct screen_parts {
	uint32_t             written, made;
	struct screen_shape  shape;
	double               anchor[SCREEN_SERIES], total[SCREEN_PARTS][SCREEN_SERIES];
	struct screen_square square[SCREEN_SQUARES];
};

/* To be said of each row that is written. */
static inline void screen_parts_written(struct screen_parts *parts) { parts->written += parts->written < SCREEN_ROWS; }

/* The values about their anchors, from RIM rows before the oldest to RIM after it, and the means of the window so; what the means take off a sum. */
struct screen_edges { double value[SCREEN_RIM + 1 + SCREEN_RIM][SCREEN_SERIES], mean[SCREEN_SERIES], off[SCREEN_SUMS][SCREEN_SERIES]; };

/* Makes what is not up to date, of the first `series`. Numbers beyond the bounds above are a bug (2333, 2334). */
void screen_parts_make(struct screen_parts *parts, const struct screen_ring *ring, uint32_t series, uint32_t lags, struct screen_edges *edges);
/* S of y with the series from y / LANES * LANES on; others are not written. */
void screen_sums(const struct screen_parts *parts, const struct screen_edges *edges, uint32_t y, double both[SCREEN_SUMS][SCREEN_SERIES]);

#endif
