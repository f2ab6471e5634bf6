/* residual_window.c - see residual_window.h. Tails are walked backwards, from where a path is known to where it begins. */
#include "strategies/factors/residual_window.h"

#include <string.h>

#include "fsm/bug.h"

/* Days of a window, the last one first, with the paths of the factors. */
struct walk {
	const double *returns[RESIDUAL_WINDOW_MAX], *factors[RESIDUAL_WINDOW_MAX];
	double        paths[RESIDUAL_WINDOW_MAX][COLUMNS_MAX];
};

struct residual_shape residual_shape(uint32_t columns, uint32_t assets)
{
	uint32_t column_fours = (columns + LANES - 1) / LANES, asset_fours = (assets + LANES - 1) / LANES, lanes = column_fours + asset_fours;
	return (struct residual_shape){ column_fours, asset_fours, lanes, column_fours * lanes };
}

/* The days that end with row `last`; the paths on it are 0. */
static void take_days(struct walk *walk, const struct residual_ring *ring, uint32_t last, uint32_t days)
{
	four     low = { 0, 0, 0, 0 }, high = low;
	uint32_t row = last;
	for (uint32_t t = 0; t < days; t++) {
		walk->returns[t] = ring->returns[row];
		walk->factors[t] = ring->factors[row];
		four_store(walk->paths[t], low);
		four_store(walk->paths[t] + LANES, high);
		low -= four_load(ring->factors[row]);
		high -= four_load(ring->factors[row] + LANES);
		row = row > 0 ? row - 1 : ring->days - 1;
	}
}

/* Four lanes with the four factors from k on, in the days from..to: row[t][at] is what the first of them did. */
static void walk_four(const struct walk *walk, uint32_t from_day, uint32_t to_day, const double *const *row, uint32_t at, uint32_t k,
	const struct residual_block *from, struct residual_block *to)
{
	four a = four_load(from->products[0]), b = four_load(from->products[1]), c = four_load(from->products[2]), d = four_load(from->products[3]);
	four path_a = four_load(from->path_products[0]), path_b = four_load(from->path_products[1]);
	four path_c = four_load(from->path_products[2]), path_d = four_load(from->path_products[3]);
	four squares = four_load(from->squares), path_squares = four_load(from->path_squares), sum = four_load(from->path_sum);
	four path = four_load(from->path);
	for (uint32_t t = from_day; t < to_day; t++) {
		const double *factor = walk->factors[t] + k, *other = walk->paths[t] + k;
		four          own = four_load(row[t] + at);
		a = four_fma(four_all(factor[0]), own, a), path_a = four_fma(four_all(other[0]), path, path_a);
		b = four_fma(four_all(factor[1]), own, b), path_b = four_fma(four_all(other[1]), path, path_b);
		c = four_fma(four_all(factor[2]), own, c), path_c = four_fma(four_all(other[2]), path, path_c);
		d = four_fma(four_all(factor[3]), own, d), path_d = four_fma(four_all(other[3]), path, path_d);
		squares = four_fma(own, own, squares), path_squares = four_fma(path, path, path_squares);
		sum += path;
		path -= own;
	}
	four_store(to->products[0], a), four_store(to->products[1], b), four_store(to->products[2], c), four_store(to->products[3], d);
	four_store(to->path_products[0], path_a), four_store(to->path_products[1], path_b);
	four_store(to->path_products[2], path_c), four_store(to->path_products[3], path_d);
	four_store(to->squares, squares), four_store(to->path_squares, path_squares), four_store(to->path_sum, sum);
	four_store(to->path, path);
}

static uint32_t row_before(const struct residual_ring *ring, uint32_t row, uint32_t days) { return (row + ring->days - days) % ring->days; }

/* The tails of a block: of all days but the first `turn` - 1, and then one day more each. */
static void turn_block(struct residual_tails *tails, const struct walk *walk, uint32_t blocks, uint32_t block, const double *const *row, uint32_t at,
	uint32_t k)
{
	static const struct residual_block none;
	const struct residual_block       *from = &none;
	uint32_t                           from_day = 0;
	for (uint32_t gone = tails->turn; gone-- > 0; ) {
		struct residual_block *to = &tails->tail[gone * blocks + block];
		walk_four(walk, from_day, tails->days - gone, row, at, k, from, to);
		from = to;
		from_day = tails->days - gone;
	}
}

static void turn(struct residual_tails *tails, const struct residual_shape *shape, const struct residual_ring *ring, uint32_t first, uint32_t days)
{
	struct walk walk;
	uint32_t    block = 0, most = RESIDUAL_TAILS / shape->blocks;
	take_days(&walk, ring, row_before(ring, first, ring->days - days + 1), days);
	tails->days = days;
	tails->first = first;
	tails->gone = 0;
	tails->turn = most < RESIDUAL_TURN_MAX ? most : RESIDUAL_TURN_MAX;
	if (tails->turn > days) tails->turn = days;
	for (uint32_t k = 0; k < shape->columns; k++) {
		for (uint32_t at = 0; at < shape->columns; at++) turn_block(tails, &walk, shape->blocks, block++, walk.factors, at * LANES, k * LANES);
		for (uint32_t at = 0; at < shape->assets; at++) turn_block(tails, &walk, shape->blocks, block++, walk.returns, at * LANES, k * LANES);
	}
	memset(tails->head, 0, shape->blocks * sizeof tails->head[0]);
}

/* A day of four lanes with four factors, whose paths it ends with are `paths`. */
static void add_four(struct residual_block *block, const double *own_of, const double *factor, const double *paths)
{
	four own = four_load(own_of), path = four_load(block->path) + own;
	for (uint32_t k = 0; k < LANES; k++) {
		four_store(block->products[k], four_fma(four_all(factor[k]), own, four_load(block->products[k])));
		four_store(block->path_products[k], four_fma(four_all(paths[k]), path, four_load(block->path_products[k])));
	}
	four_store(block->squares, four_fma(own, own, four_load(block->squares)));
	four_store(block->path_squares, four_fma(path, path, four_load(block->path_squares)));
	four_store(block->path_sum, four_load(block->path_sum) + path);
	four_store(block->path, path);
}

static void add_day(struct residual_block *head, const struct residual_shape *shape, const double *returns, const double *factors)
{
	double paths[COLUMNS_MAX];
	for (uint32_t k = 0; k < shape->columns; k++) four_store(paths + k * LANES, four_load(head[k].path) + four_load(factors + k * LANES));
	for (uint32_t k = 0; k < shape->columns; k++) {
		for (uint32_t at = 0; at < shape->columns; at++) add_four(head++, factors + at * LANES, factors + k * LANES, paths + k * LANES);
		for (uint32_t at = 0; at < shape->assets; at++) add_four(head++, returns + at * LANES, factors + k * LANES, paths + k * LANES);
	}
}

/* Both together; the window begins where the tail does. */
static void join(const struct residual_block *tail, const struct residual_block *head, struct residual_block *out)
{
	for (uint32_t k = 0; k < LANES; k++) {
		four_store(out->products[k], four_load(tail->products[k]) + four_load(head->products[k]));
		four_store(out->path_products[k], four_load(tail->path_products[k]) + four_load(head->path_products[k]));
	}
	four_store(out->squares, four_load(tail->squares) + four_load(head->squares));
	four_store(out->path_squares, four_load(tail->path_squares) + four_load(head->path_squares));
	four_store(out->path_sum, four_load(tail->path_sum) + four_load(head->path_sum));
	four_store(out->path, four_load(tail->path));
}

void residual_window_sums(struct residual_tails *tails, const struct residual_ring *ring, uint32_t first, uint32_t days, uint32_t columns,
	uint32_t assets, struct residual_block out[RESIDUAL_BLOCKS_MAX])
{
	BUG_UNLESS(3941, days >= RESIDUAL_WINDOW_LEAST && days <= RESIDUAL_WINDOW_MAX && days <= ring->days && first < ring->days);
	BUG_UNLESS(3940, columns <= COLUMNS_MAX && assets <= EIGEN_MAX);
	struct residual_shape shape = residual_shape(columns, assets);
	uint32_t              gone = row_before(ring, first, tails->first);
	if (tails->days != days || gone >= tails->turn || gone < tails->gone) turn(tails, &shape, ring, first, days), gone = 0;
	for (; tails->gone < gone; tails->gone++) {
		uint32_t row = (tails->first + days + tails->gone) % ring->days;
		add_day(tails->head, &shape, ring->returns[row], ring->factors[row]);
	}
	for (uint32_t k = 0; k < shape.blocks; k++) join(&tails->tail[gone * shape.blocks + k], &tails->head[k], &out[k]);
	four_done();
}
