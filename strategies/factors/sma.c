/* sma.c - see sma.h. The batch form adds neighbours of neighbours (tree.h). */
#include "strategies/factors/sma.h"

#include "strategies/factors/price.h"
#include "strategies/factors/tree.h"

void sma_init(struct sma *sma, uint32_t period)
{
	window_sum_init(&sma->window, period);
	sma->each = 1.0 / period;
}

bool sma_push(struct sma *sma, double price)
{
	if (!price_is_sound(price)) return false;
	window_sum_push(&sma->window, price);
	return true;
}

/* Sums of 4 values. Two of them are made once and used in both halves of the vectors. */
static void first_level(const double *restrict value, size_t count, double *restrict sums)
{
	four pairs = four_load(value) + four_load(value + 1);
	for (size_t at = 0; at < count; at += LANES) {
		four next = four_load(value + at + LANES) + four_load(value + at + LANES + 1);
		four_store(sums + at, pairs + four_middle(pairs, next));
		pairs = next;
	}
}

/* Sums of 4 sums that are `width` apart. */
static void next_level(const double *restrict below, size_t width, size_t count, double *restrict sums)
{
	for (size_t at = 0; at < count; at += LANES) {
		four one = four_load(below + at) + four_load(below + at + width);
		four_store(sums + at, one + (four_load(below + at + 2 * width) + four_load(below + at + 3 * width)));
	}
}

/* Eight vectors, so that eight additions are under way and the terms are gone through few times. */
static void means(const double *const *term, size_t terms, double each, double *restrict out)
{
	for (size_t at = 0; at < TREE_BLOCK; at += 8 * LANES) {
		const four none = { 0, 0, 0, 0 }, share = four_all(each);
		four       a = none, b = none, c = none, d = none, e = none, f = none, g = none, h = none;
		for (size_t k = 0; k < terms; k++) {
			const double *from = term[k] + at;
			a += four_load(from), b += four_load(from + LANES), c += four_load(from + 2 * LANES), d += four_load(from + 3 * LANES);
			e += four_load(from + 4 * LANES), f += four_load(from + 5 * LANES), g += four_load(from + 6 * LANES), h += four_load(from + 7 * LANES);
		}
		double *to = out + at;
		four_store(to, a * share), four_store(to + LANES, b * share), four_store(to + 2 * LANES, c * share), four_store(to + 3 * LANES, d * share);
		to += 4 * LANES;
		four_store(to, e * share), four_store(to + LANES, f * share), four_store(to + 2 * LANES, g * share), four_store(to + 3 * LANES, h * share);
	}
}

/* The means of a block. */
static void block(const struct tree *tree, const double *restrict value, double each, double *restrict out)
{
	_Alignas(64) double sums[TREE_LEVELS - 1][TREE_ROOM];
	const double       *level[TREE_LEVELS] = { value, sums[0], sums[1], sums[2] }, *term[TREE_TERMS_MAX];
	if (tree->levels > 1) first_level(value, tree_places(tree, 1), sums[0]);
	for (uint32_t l = 2; l < tree->levels; l++) next_level(sums[l - 2], (size_t)1 << (2 * (l - 1)), tree_places(tree, l), sums[l - 1]);
	for (uint32_t k = 0; k < tree->terms; k++) term[k] = level[tree->level[k]] + tree->offset[k];
	means(term, tree->terms, each, out);
}

size_t sma_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out)
{
	struct tree tree;
	double      padded[TREE_ROOM], last[TREE_BLOCK];
	size_t      outputs = count + 1 - period, checked = 0;
	tree_init(&tree, period);
	if (count < period) return 0;
	for (size_t at = 0; at < outputs; at += TREE_BLOCK) {
		size_t some = outputs - at < TREE_BLOCK ? outputs - at : TREE_BLOCK;
		if (!prices_checked(price, at + some + period - 1, &checked)) return 0;
		block(&tree, tree_block(&tree, price, count, at, padded), 1.0 / period, some < TREE_BLOCK ? last : out + at);
		if (some < TREE_BLOCK) memcpy(out + at, last, some * sizeof *out);
	}
	four_done();
	return outputs;
}
