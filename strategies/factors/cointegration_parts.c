/* cointegration_parts.c - see cointegration_parts.h. */
#include "strategies/factors/cointegration_parts.h"

#include <string.h>

#include "fsm/bug.h"

static uint32_t fours_of(uint32_t series) { return (series + LANES - 1) / LANES; }

static uint32_t square_number(const struct screen_shape *shape, uint32_t part, uint32_t y, uint32_t x)
{
	return part * shape->squares + (x * (x + 1) / 2 + y) * shape->groups;
}

static struct screen_shape shape_of(const struct screen_ring *ring, uint32_t series, uint32_t lags)
{
	struct screen_shape shape = { .rows = ring->rows, .series = series, .lags = lags, .groups = (lags + 2 + SCREEN_AT_ONCE - 1) / SCREEN_AT_ONCE };
	uint32_t            fours = fours_of(series), chunks = (ring->rows + SCREEN_CHUNK - 1) / SCREEN_CHUNK, fit;
	shape.squares = fours * (fours + 1) / 2 * shape.groups;
	fit = SCREEN_SQUARES / shape.squares;
	shape.part_rows = (chunks + fit - 1) / fit * SCREEN_CHUNK;
	shape.parts = (ring->rows + shape.part_rows - 1) / shape.part_rows;
	return shape;
}

static uint32_t rows_of(const struct screen_shape *shape, uint32_t part)
{
	uint32_t left = shape->rows - part * shape->part_rows;
	return left < shape->part_rows ? left : shape->part_rows;
}

/* Rows of the ring about the anchors: `count` of them and RIM more on either side. */
static void take_rows(const struct screen_parts *parts, const struct screen_ring *ring, uint32_t from, uint32_t count, double own[][SCREEN_SERIES])
{
	uint32_t row = (from + ring->rows - SCREEN_RIM) % ring->rows;
	for (uint32_t t = 0; t < SCREEN_RIM + count + SCREEN_RIM; t++) {
		const double *value = ring->value[row];
		for (uint32_t i = 0; i < parts->shape.series; i += LANES) four_store(own[t] + i, four_load(value + i) - four_load(parts->anchor + i));
		row = row + 1 < ring->rows ? row + 1 : 0;
	}
}

/* Four series from y on with four from x on, at three lags from `lag` on: twelve vectors under way. */
static inline void add_square(double own[][SCREEN_SERIES], uint32_t rows, uint32_t y, uint32_t x, const uint32_t lag, struct screen_square *to)
{
	double(*sum)[LANES][LANES] = to->sum;
	four a0 = four_load(sum[0][0]), b0 = four_load(sum[0][1]), c0 = four_load(sum[0][2]), d0 = four_load(sum[0][3]);
	four a1 = four_load(sum[1][0]), b1 = four_load(sum[1][1]), c1 = four_load(sum[1][2]), d1 = four_load(sum[1][3]);
	four a2 = four_load(sum[2][0]), b2 = four_load(sum[2][1]), c2 = four_load(sum[2][2]), d2 = four_load(sum[2][3]);
	for (uint32_t t = SCREEN_RIM; t < SCREEN_RIM + rows; t++) {
		const double *one = own[t] + y;
		four          first = four_load(own[t - lag] + x) + four_load(own[t + lag] + x);
		four          second = four_load(own[t - lag - 1] + x) + four_load(own[t + lag + 1] + x);
		four          third = four_load(own[t - lag - 2] + x) + four_load(own[t + lag + 2] + x);
		a0 = four_fma(four_all(one[0]), first, a0), a1 = four_fma(four_all(one[0]), second, a1), a2 = four_fma(four_all(one[0]), third, a2);
		b0 = four_fma(four_all(one[1]), first, b0), b1 = four_fma(four_all(one[1]), second, b1), b2 = four_fma(four_all(one[1]), third, b2);
		c0 = four_fma(four_all(one[2]), first, c0), c1 = four_fma(four_all(one[2]), second, c1), c2 = four_fma(four_all(one[2]), third, c2);
		d0 = four_fma(four_all(one[3]), first, d0), d1 = four_fma(four_all(one[3]), second, d1), d2 = four_fma(four_all(one[3]), third, d2);
	}
	four_store(sum[0][0], a0), four_store(sum[0][1], b0), four_store(sum[0][2], c0), four_store(sum[0][3], d0);
	four_store(sum[1][0], a1), four_store(sum[1][1], b1), four_store(sum[1][2], c1), four_store(sum[1][3], d1);
	four_store(sum[2][0], a2), four_store(sum[2][1], b2), four_store(sum[2][2], c2), four_store(sum[2][3], d2);
}

static void add_totals(double own[][SCREEN_SERIES], uint32_t rows, uint32_t series, double *total)
{
	for (uint32_t i = 0; i < series; i += LANES) {
		four sum = four_load(total + i);
		for (uint32_t t = SCREEN_RIM; t < SCREEN_RIM + rows; t++) sum += four_load(own[t] + i);
		four_store(total + i, sum);
	}
}

static void make_part(struct screen_parts *parts, const struct screen_ring *ring, uint32_t part)
{
	const struct screen_shape *shape = &parts->shape;
	double                     own[SCREEN_RIM + SCREEN_CHUNK + SCREEN_RIM][SCREEN_SERIES];
	uint32_t                   all = rows_of(shape, part), fours = fours_of(shape->series);
	memset(&parts->square[part * shape->squares], 0, shape->squares * sizeof parts->square[0]);
	memset(parts->total[part], 0, sizeof parts->total[part]);
	for (uint32_t from = 0; from < all; from += SCREEN_CHUNK) {
		uint32_t rows = all - from < SCREEN_CHUNK ? all - from : SCREEN_CHUNK;
		take_rows(parts, ring, part * shape->part_rows + from, rows, own);
		add_totals(own, rows, shape->series, parts->total[part]);
		for (uint32_t x = 0; x < fours; x++) {
			for (uint32_t y = 0; y <= x; y++) {
				struct screen_square *square = &parts->square[square_number(shape, part, y, x)];
				add_square(own, rows, y * LANES, x * LANES, 0, &square[0]);
				if (shape->groups > 1) add_square(own, rows, y * LANES, x * LANES, SCREEN_AT_ONCE, &square[1]);
			}
		}
	}
}

/* Of other series than before all parts are made, about new anchors. */
static void begin(struct screen_parts *parts, const struct screen_ring *ring, const struct screen_shape *shape)
{
	parts->shape = *shape;
	parts->made = 0;
	memcpy(parts->anchor, ring->value[ring->oldest], sizeof parts->anchor);
}

/* A part is no more what it was where a row of it, or one multiplied with it, is among the newest, which end before the oldest. */
static void forget(struct screen_parts *parts, const struct screen_ring *ring)
{
	uint32_t rows = ring->rows, reach = parts->shape.lags + 1, written = parts->written < rows ? parts->written : rows;
	uint32_t stale = written + 2 * reach, first = (ring->oldest + 2 * rows - written - reach) % rows;
	for (uint32_t p = 0; p < parts->shape.parts; p++) {
		uint32_t ahead = (p * parts->shape.part_rows + rows - first) % rows;
		if (ahead < stale || ahead + rows_of(&parts->shape, p) > rows) parts->made &= ~(1u << p);
	}
	parts->written = 0;
}

static void take_edges(const struct screen_parts *parts, const struct screen_ring *ring, struct screen_edges *edges)
{
	const uint32_t window = ring->rows - 1;
	take_rows(parts, ring, ring->oldest, 1, edges->value);
	for (uint32_t i = 0; i < parts->shape.series; i += LANES) {
		four sum = four_all(0) - four_load(edges->value[SCREEN_RIM] + i);
		for (uint32_t p = 0; p < parts->shape.parts; p++) sum += four_load(parts->total[p] + i);
		four mean = sum / four_all(window), both = sum + sum;
		four_store(edges->mean + i, mean);
		for (uint32_t l = 0; l <= parts->shape.lags + 1; l++) {
			four_store(edges->off[l] + i, both - four_all(window - l) * mean);
			both -= four_load(edges->value[SCREEN_RIM + 1 + l] + i) + four_load(edges->value[SCREEN_RIM - 1 - l] + i);
		}
	}
}

void screen_parts_make(struct screen_parts *parts, const struct screen_ring *ring, uint32_t series, uint32_t lags, struct screen_edges *edges)
{
	BUG_UNLESS(2333, ring->rows > COINTEGRATION_LEAST && ring->rows <= SCREEN_ROWS && ring->oldest < ring->rows);
	BUG_UNLESS(2334, series >= 1 && series <= SCREEN_SERIES && lags <= COINTEGRATION_LAGS_MAX);
	struct screen_shape shape = shape_of(ring, series, lags);
	if (memcmp(&shape, &parts->shape, sizeof shape) != 0) begin(parts, ring, &shape);
	forget(parts, ring);
	for (uint32_t p = 0; p < shape.parts; p++) if ((parts->made >> p & 1) == 0) make_part(parts, ring, p);
	parts->made = (uint32_t)((1ull << shape.parts) - 1);
	take_edges(parts, ring, edges);
	four_done();
}

/* Of all parts, y with four series. */
static void add_parts(const struct screen_parts *parts, uint32_t y, uint32_t x, double both[SCREEN_SUMS][SCREEN_SERIES])
{
	const uint32_t row = y % LANES, number = square_number(&parts->shape, 0, y / LANES, x / LANES);
	for (uint32_t g = 0; g < parts->shape.groups; g++) {
		const struct screen_square *square = &parts->square[number + g];
		four                        first = four_all(0), second = first, third = first;
		for (uint32_t p = 0; p < parts->shape.parts; p++, square += parts->shape.squares) {
			first += four_load(square->sum[0][row]), second += four_load(square->sum[1][row]), third += four_load(square->sum[2][row]);
		}
		four_store(both[g * SCREEN_AT_ONCE] + x, first);
		four_store(both[g * SCREEN_AT_ONCE + 1] + x, second);
		four_store(both[g * SCREEN_AT_ONCE + 2] + x, third);
	}
}

/* What is no product of two rows of the window that are so many apart: one of them is the oldest row, or the seam lies between them. */
static four take_off_seam(const struct screen_edges *edges, uint32_t y, uint32_t x, uint32_t lag, four sum)
{
	for (uint32_t k = 0; k <= lag; k++) {
		const double *one = edges->value[SCREEN_RIM + k], *other = edges->value[SCREEN_RIM + k - lag];
		sum -= four_all(one[y]) * four_load(other + x) + four_all(other[y]) * four_load(one + x);
	}
	return sum;
}

void screen_sums(const struct screen_parts *parts, const struct screen_edges *edges, uint32_t y, double both[SCREEN_SUMS][SCREEN_SERIES])
{
	for (uint32_t x = y / LANES * LANES; x < parts->shape.series; x += LANES) {
		four mean = four_load(edges->mean + x);
		add_parts(parts, y, x, both);
		for (uint32_t l = 0; l <= parts->shape.lags + 1; l++) {
			four sum = take_off_seam(edges, y, x, l, four_load(both[l] + x));
			four_store(both[l] + x, sum - (mean * four_all(edges->off[l][y]) + four_all(edges->mean[y]) * four_load(edges->off[l] + x)));
		}
	}
}
