/* bollinger.c - see bollinger.h. The batch form merges neighbours with neighbours (tree.h), sums and squares about their own means, after Chan,
 * Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979):
 *
 *     squares of both = squares of one + squares of the other + (difference of their sums)^2 / (twice the count of each)
 *
 * Nothing is subtracted but values of like size, so there is no anchor, and equal prices deviate by exactly 0. */
#include "strategies/factors/bollinger.h"

#include <math.h>
#include <string.h>

#include "strategies/factors/tree.h"

void bollinger_init(struct bollinger *bollinger, uint32_t period, double width)
{
	BUG_UNLESS(2041, width >= 0.1 && width <= 10);
	window_moments_init(&bollinger->prices, period);
	bollinger->last = 0;
	bollinger->width = width;
}

static double reach(const struct bollinger *bollinger)
{
	return bollinger->width * sqrt(window_squares(&bollinger->prices) * bollinger->prices.each);
}

struct bollinger_bands bollinger_value(const struct bollinger *bollinger)
{
	double middle = window_mean(&bollinger->prices), half = reach(bollinger);
	double percent_b = half > 0 ? 0.5 + (bollinger->last - middle) / (2 * half) : 0.5;
	return (struct bollinger_bands){ middle + half, middle, middle - half, percent_b, 2 * half / middle };
}

/* What percent_b is made of, of one series that may not be there or not be full. */
struct measured { double variance, above, width; };

static inline struct measured measure(const struct bollinger *bollinger, bool is_there)
{
	if (!is_there || !bollinger->prices.full) return (struct measured){ 0, 0, 0 };
	return (struct measured){ window_squares(&bollinger->prices) * bollinger->prices.each, bollinger->last - window_mean(&bollinger->prices),
		bollinger->width };
}

/* As bollinger_value, four at a time: reach and quotient. The four are put together in registers: a vector that is read where its parts were just
 * written waits for all of them. */
static four percent_b_four(const struct bollinger *bollinger, size_t count)
{
	const struct bollinger *last = bollinger + count - 1;
	struct measured         a = measure(bollinger, true), b = measure(count > 1 ? bollinger + 1 : last, count > 1);
	struct measured         c = measure(count > 2 ? bollinger + 2 : last, count > 2), d = measure(count > 3 ? bollinger + 3 : last, count > 3);
	four                    width = { a.width, b.width, c.width, d.width }, variance = { a.variance, b.variance, c.variance, d.variance };
	four                    above = { a.above, b.above, c.above, d.above }, half = width * four_sqrt(variance), apart = above / (half + half);
	return four_all(0.5) + (four)((four_mask)apart & (four_mask)(half > four_all(0)));
}

void bollinger_percent_b(const struct bollinger *bollinger, size_t count, double *restrict percent_b)
{
	for (size_t at = 0; at < count; at += LANES) {
		size_t some = count - at < LANES ? count - at : LANES;
		four   value = percent_b_four(bollinger + at, some);
		for (size_t i = 0; i < some; i++) percent_b[at + i] = value[i];
	}
	four_done();
}

struct level { double sum[TREE_ROOM], squares[TREE_ROOM]; };

/* Of 4 values. What two of them leave is made once and used in both halves of the vectors. */
static void first_level(const double *restrict value, size_t count, struct level *restrict out)
{
	four one = four_load(value), two = four_load(value + 1), sum = one + two, apart = (one - two) * (one - two);
	for (size_t at = 0; at < count; at += LANES) {
		one = four_load(value + at + LANES), two = four_load(value + at + LANES + 1);
		four next = one + two, next_apart = (one - two) * (one - two);
		four other = four_middle(sum, next), between = sum - other, both = apart + four_middle(apart, next_apart);
		four_store(out->sum + at, sum + other);
		four_store(out->squares + at, four_fma(between * between, four_all(0.25), both * four_all(0.5)));
		sum = next;
		apart = next_apart;
	}
}

/* Of 4 of a level, `width` values each and as far apart. */
static void next_level(const struct level *restrict below, size_t width, size_t count, struct level *restrict out)
{
	const four two_widths = four_all(0.5 / (double)width), four_widths = four_all(0.25 / (double)width);
	for (size_t at = 0; at < count; at += LANES) {
		const double *sum = below->sum + at, *own = below->squares + at;
		four a = four_load(sum), b = four_load(sum + width), c = four_load(sum + 2 * width), d = four_load(sum + 3 * width);
		four squares = (four_load(own) + four_load(own + width)) + (four_load(own + 2 * width) + four_load(own + 3 * width));
		squares = four_fma((a - b) * (a - b) + (c - d) * (c - d), two_widths, squares);
		a += b;
		c += d;
		four_store(out->sum + at, a + c);
		four_store(out->squares + at, four_fma((a - c) * (a - c), four_widths, squares));
	}
}

/* A window of a block: its terms, last first, so that the first is the widest. Values have no squares. */
struct term { const double *sum, *squares; double width, each; };
static const double no_squares[TREE_BLOCK];
struct out { double *restrict upper, *restrict middle, *restrict lower; };

/* What the terms add to the first, about its mean: weighed distances and squares. */
struct further { four sum, squares; };

/* A term as wide as the first, whose sum is `first`: squares of distances are left to be divided by the width. */
static inline struct further merge_like(struct further so_far, four sum, four first)
{
	four weighed = sum - first;
	return (struct further){ so_far.sum + weighed, four_fma(weighed, weighed, so_far.squares) };
}

static inline struct further merge(struct further so_far, four sum, four each, four width, four mean)
{
	four apart = four_fma(sum, each, -mean), weighed = apart * width;
	return (struct further){ so_far.sum + weighed, four_fma(weighed, apart, so_far.squares) };
}

static inline void put(struct further further, four first, double each, double width, size_t at, struct out out)
{
	four more = further.sum * four_all(each), middle = first + more;
	four variance = four_max(four_fma(-further.sum, more, further.squares) * four_all(each), four_all(0));
	four half = four_sqrt(variance) * four_all(width);
	four_store(out.upper + at, middle + half);
	four_store(out.middle + at, middle);
	four_store(out.lower + at, middle - half);
}

/* Of the terms `alike` are as wide as the first. */
static void bands(const struct term *term, size_t alike, size_t terms, double each, double width, struct out out)
{
	const four share = four_all(term[0].each);
	for (size_t at = 0; at < TREE_BLOCK; at += 2 * LANES) {
		const four     one = four_load(term[0].sum + at), two = four_load(term[0].sum + at + LANES), mean_one = one * share, mean_two = two * share;
		struct further a = { four_all(0), four_all(0) }, b = a;
		four           own_a = four_load(term[0].squares + at), own_b = four_load(term[0].squares + at + LANES);
		for (const struct term *own = term + 1; own < term + alike; own++) {
			own_a += four_load(own->squares + at);
			own_b += four_load(own->squares + at + LANES);
			a = merge_like(a, four_load(own->sum + at), one);
			b = merge_like(b, four_load(own->sum + at + LANES), two);
		}
		a.squares = four_fma(a.squares, share, own_a);
		b.squares = four_fma(b.squares, share, own_b);
		for (const struct term *own = term + alike; own < term + terms; own++) {
			a.squares += four_load(own->squares + at);
			b.squares += four_load(own->squares + at + LANES);
			a = merge(a, four_load(own->sum + at), four_all(own->each), four_all(own->width), mean_one);
			b = merge(b, four_load(own->sum + at + LANES), four_all(own->each), four_all(own->width), mean_two);
		}
		put(a, mean_one, each, width, at, out);
		put(b, mean_two, each, width, at + LANES, out);
	}
}

static void block(const struct tree *tree, const double *value, double width, struct out out)
{
	_Alignas(64) struct level level[2];
	struct term  term[TREE_TERMS_MAX];
	uint32_t     alike = 0, last = tree->terms - 1;
	BUG_UNLESS(2009, tree->terms > 0 && tree->levels <= 3);
	if (tree->levels > 1) first_level(value, tree_places(tree, 1), &level[0]);
	if (tree->levels > 2) next_level(&level[0], 4, tree_places(tree, 2), &level[1]);
	for (uint32_t k = 0; k < tree->terms; k++) {
		uint32_t      of = tree->level[last - k], offset = tree->offset[last - k];
		double        values = (double)(1 << (2 * of));
		const double *sum = of ? level[of - 1].sum : value, *squares = of ? level[of - 1].squares + offset : no_squares;
		term[k] = (struct term){ sum + offset, squares, values, 1 / values };
		alike += of == tree->level[last];
	}
	bands(term, alike, tree->terms, 1.0 / tree->period, width, out);
}

size_t bollinger_batch(uint32_t period, double width, const double *restrict price, size_t count,
	double *restrict upper, double *restrict middle, double *restrict lower)
{
	struct tree tree;
	double      padded[TREE_ROOM], last[3][TREE_BLOCK];
	size_t      outputs = count + 1 - period, checked = 0;
	BUG_UNLESS(2008, period >= 2 && period <= WINDOW_MOMENTS_MAX && width >= 0.1 && width <= 10);
	tree_init(&tree, period);
	if (count < period) return 0;
	for (size_t at = 0; at < outputs; at += TREE_BLOCK) {
		size_t     some = outputs - at < TREE_BLOCK ? outputs - at : TREE_BLOCK;
		struct out out = some < TREE_BLOCK ? (struct out){ last[0], last[1], last[2] } : (struct out){ upper + at, middle + at, lower + at };
		if (!prices_checked(price, at + some + period - 1, &checked)) return 0;
		block(&tree, tree_block(&tree, price, count, at, padded), width, out);
		if (some == TREE_BLOCK) continue;
		memcpy(upper + at, last[0], some * sizeof *upper);
		memcpy(middle + at, last[1], some * sizeof *middle);
		memcpy(lower + at, last[2], some * sizeof *lower);
	}
	four_done();
	return outputs;
}
