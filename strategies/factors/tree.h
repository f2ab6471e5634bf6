/* tree.h - sums over every window of a series, for the batch forms: neighbours of neighbours, so that nothing drifts and nothing waits.
 *
 * A running sum waits for itself and never forgets an error; sums by block (window.h) forget, but still add one value after another. Here the
 * sums of 4 neighbours are made of the series, those of 16 of the sums of 4, those of 64 of the sums of 16; every place of a level by
 * itself, four at a time. A window is a few terms of the levels, its length written in base four (the last digit up to 7, which saves a level):
 *
 *     20 = 5 of 4        50 = 2 of 1 + 3 of 16        200 = 2 of 4 + 3 of 64
 *
 * Each output is made of its own n values, in an order that depends on n alone: the same window gives the same bits wherever it lies, and
 * the error is that of some log2 n + 5 additions, smaller than that of the streaming form.
 *
 * The work is done TREE_BLOCK outputs at a time, so that the levels stay in the first cache. What a block reads beyond its values is a copy
 * of the last one (tree_block), so that a series needs no room behind it. */
#ifndef STRATEGIES_FACTORS_TREE_H
#define STRATEGIES_FACTORS_TREE_H
#include <stddef.h>
#include <stdint.h>

#include "strategies/factors/four.h"
#include "strategies/factors/window.h"

enum {
	TREE_BLOCK = 256,               /* outputs at a time; three of them, the levels and the values fit 48 kB */
	TREE_LEVELS = 4,                /* values, sums of 4, of 16, of 64 */
	TREE_TERMS_MAX = 13,            /* 127 = 3 of 1 + 3 of 4 + 7 of 16 */
	TREE_PAD = 16,                  /* what vectors read and write beyond an end */
	TREE_ROOM = TREE_BLOCK + WINDOW_SUM_MAX + TREE_PAD,
};

/* How a window is cut: terms are sums of level[k] that begin at offset[k] of the window; the last is of the highest level. */
struct tree { uint32_t period, levels, terms; uint8_t level[TREE_TERMS_MAX], offset[TREE_TERMS_MAX]; };

/* A period outside 1..WINDOW_SUM_MAX is a bug (2007). */
void tree_init(struct tree *tree, uint32_t period);
/* The values of a block of outputs that begins at `at`: in the series itself, or near its end a padded copy in room. */
const double *tree_block(const struct tree *tree, const double *value, size_t count, size_t at, double room[TREE_ROOM]);

/* Places of a level that a full block needs. */
static inline size_t tree_places(const struct tree *tree, uint32_t level) { return TREE_BLOCK + tree->period - ((size_t)1 << (2 * level)); }

/* b0 b1 b2 b3 of the four after the next two: a2 a3 b0 b1. */
static inline four four_middle(four a, four b) { return __builtin_shufflevector(a, b, 2, 3, 4, 5); }

#endif
