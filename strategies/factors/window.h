/* window.h - sums and moments over the last n values that never drift.
 *
 * A running sum that adds the new value and subtracts the old one keeps every rounding error for ever, and after one huge value it is
 * wrong for good. Here nothing is ever subtracted. The values are cut into blocks of n; a window is then the tail of the last block
 * and the head of this one. The head is a running sum, the tails are summed once, backwards, when a block is full:
 *
 *     last block  a b c d e      tails: abcde bcde cde de e
 *     this block  f g            head:  fg             window of 5 = cde + fg
 *
 * A push costs O(1) amortised: one addition, and at one push in n the n additions of the tails. The error of a value is that of
 * adding its own n values, whether it is the first or the ten-millionth. (Batch forms of means and bands add as tree.h says.)
 *
 * Moments are taken about an anchor, the first value of this block. It lies in every window until the next turn, so the squares
 * cannot dwarf the deviation: sum (x - anchor)^2 <= (n + 1) * n * variance, and cancellation costs at most a factor n + 1.
 * A constant window has a deviation of exactly 0.
 *
 * Lengths: 1..WINDOW_SUM_MAX or 2..WINDOW_MOMENTS_MAX; another length is a bug (2000, 2001, 2004). Values must be finite: the callers check.
 * Reading a window that is not full is a bug (2002, 2003, 2005, 2006). */
#ifndef STRATEGIES_FACTORS_WINDOW_H
#define STRATEGIES_FACTORS_WINDOW_H
#include <stdbool.h>
#include <stdint.h>

#include "fsm/bug.h"

enum {
	WINDOW_SUM_MAX = 252,           /* values; a trading year */
	WINDOW_MOMENTS_MAX = 64,        /* values; the 60-day factors are the longest */
};

struct window_sum {
	uint32_t period, at;
	bool     full;
	double   head;
	double   slot[WINDOW_SUM_MAX + 1];      /* below at: values of this block; from at on: tails of the last one; [period]: 0 */
};

struct window_moments {
	uint32_t period, at;
	bool     full, begun;
	double   anchor, each;          /* each: 1 / period */
	struct { double sum, squares; } head, slot[WINDOW_MOMENTS_MAX + 1];
};

struct co_tail { double x, y, xx, yy, xy; };

struct window_co_moments {
	uint32_t       period, at;
	bool           full, begun;
	double         anchor_x, anchor_y;
	struct co_tail head, slot[WINDOW_MOMENTS_MAX + 1];
};

void window_sum_init(struct window_sum *window, uint32_t period);
void window_sum_turn(struct window_sum *window);
void window_moments_init(struct window_moments *window, uint32_t period);
void window_moments_turn(struct window_moments *window, double anchor);
void window_co_moments_init(struct window_co_moments *window, uint32_t period);
void window_co_moments_push(struct window_co_moments *window, double x, double y);

static inline void window_sum_push(struct window_sum *window, double value)
{
	if (window->at == window->period) window_sum_turn(window);
	window->slot[window->at++] = value;
	window->head += value;
	window->full |= window->at == window->period;
}

static inline double window_sum(const struct window_sum *window)
{
	BUG_UNLESS(2002, window->full);
	return window->slot[window->at] + window->head;
}

static inline void window_moments_push(struct window_moments *window, double value)
{
	if (!window->begun || window->at == window->period) window_moments_turn(window, value);
	double distance = value - window->anchor;
	window->slot[window->at++].sum = value;
	window->head.sum += distance;
	window->head.squares += distance * distance;
	window->full |= window->at == window->period;
}

static inline double window_mean(const struct window_moments *window)
{
	BUG_UNLESS(2003, window->full);
	return window->anchor + (window->slot[window->at].sum + window->head.sum) * window->each;
}

/* Sum of squared distances from the mean; divide by n or n - 1. Never negative. */
static inline double window_squares(const struct window_moments *window)
{
	BUG_UNLESS(2006, window->full);
	double sum = window->slot[window->at].sum + window->head.sum;
	double squares = window->slot[window->at].squares + window->head.squares - sum * sum * window->each;
	return squares > 0 ? squares : 0;
}

/* Sums of products of distances from the means. */
struct co_moments { double mean_x, mean_y, xx, yy, xy; };

struct co_moments window_co_moments(const struct window_co_moments *window);

#endif
