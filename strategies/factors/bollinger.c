/* bollinger.c - see bollinger.h. The batch form does block by block what the window does value by value: tails of one block, heads of the next. */
#include "strategies/factors/bollinger.h"

#include <math.h>

#include "strategies/factors/price.h"
#include "strategies/factors/scan.h"

void bollinger_init(struct bollinger *bollinger, uint32_t period, double width)
{
	BUG_UNLESS(2041, width >= 0.1 && width <= 10);
	window_moments_init(&bollinger->prices, period);
	bollinger->last = 0;
	bollinger->width = width;
}

bool bollinger_push(struct bollinger *bollinger, double price)
{
	if (!price_is_sound(price)) return false;
	window_moments_push(&bollinger->prices, price);
	bollinger->last = price;
	return true;
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

struct tails { double sum[WINDOW_MOMENTS_MAX + 1], squares[WINDOW_MOMENTS_MAX + 1]; };
struct out { double *restrict upper, *restrict middle, *restrict lower; };

/* Tails of a full block about the anchor of the next one: the turn of the window. */
static void tails_of(const double *price, uint32_t count, double anchor, struct tails *tails)
{
	uint32_t at = count;
	scan4    sum = { 0, 0, 0, 0 }, squares = sum;
	for (; at >= SCAN_LANES; at -= SCAN_LANES) {
		scan4 distance = scan4_load(price + at - SCAN_LANES) - scan4_all(anchor);
		scan4 sums = scan4_tails(distance), more = scan4_tails(distance * distance);
		scan4_store(tails->sum + at - SCAN_LANES, sums + sum);
		scan4_store(tails->squares + at - SCAN_LANES, more + squares);
		sum += scan4_all(sums[0]);
		squares += scan4_all(more[0]);
	}
	for (double tail = sum[0], tail_squares = squares[0]; at-- > 0; ) {
		double distance = price[at] - anchor;
		tails->sum[at] = tail += distance;
		tails->squares[at] = tail_squares += distance * distance;
	}
}

/* Means, and variances in upper, of a block by the tails of the block before. */
static void moments(const double *price, uint32_t count, double each, const struct tails *before, struct out out)
{
	uint32_t at = 0;
	double   anchor = price[0];
	scan4    sum = { 0, 0, 0, 0 }, squares = sum, share = scan4_all(each);
	for (; at + SCAN_LANES <= count; at += SCAN_LANES) {
		scan4 distance = scan4_load(price + at) - scan4_all(anchor);
		scan4 sums = scan4_heads(distance), more = scan4_heads(distance * distance);
		scan4 whole = scan4_load(before->sum + at + 1) + (sums + sum);
		scan4_store(out.middle + at, scan4_all(anchor) + whole * share);
		scan4_store(out.upper + at, (scan4_load(before->squares + at + 1) + (more + squares) - whole * whole * share) * share);
		sum += scan4_all(sums[SCAN_LANES - 1]);
		squares += scan4_all(more[SCAN_LANES - 1]);
	}
	for (double head = sum[0], head_squares = squares[0]; at < count; at++) {
		double distance = price[at] - anchor;
		head += distance;
		head_squares += distance * distance;
		double whole = before->sum[at + 1] + head;
		out.middle[at] = anchor + whole * each;
		out.upper[at] = (before->squares[at + 1] + head_squares - whole * whole * each) * each;
	}
}

static void bands(uint32_t count, double width, struct out out)
{
	for (uint32_t at = 0; at < count; at++) {
		double variance = out.upper[at], middle = out.middle[at], half = variance > 0 ? width * sqrt(variance) : 0;
		out.upper[at] = middle + half;
		out.lower[at] = middle - half;
	}
}

size_t bollinger_batch(uint32_t period, double width, const double *restrict price, size_t count,
	double *restrict upper, double *restrict middle, double *restrict lower)
{
	struct tails     before = { { 0 }, { 0 } };
	struct bollinger bollinger;
	size_t           at, checked = period;
	bollinger_init(&bollinger, period, width);
	if (count < period || !prices_are_sound(price, period)) return 0;
	for (at = 0; at < period; at++) (void)bollinger_push(&bollinger, price[at]);
	struct bollinger_bands first = bollinger_value(&bollinger);
	upper[0] = first.upper, middle[0] = first.middle, lower[0] = first.lower;
	while (at < count) {
		uint32_t some = count - at < period ? (uint32_t)(count - at) : period;
		size_t   to = at + 1 - period;
		if (!prices_checked(price, count, at + some, &checked)) return 0;
		tails_of(price + at - period, period, price[at], &before);
		moments(price + at, some, bollinger.prices.each, &before, (struct out){ upper + to, middle + to, lower + to });
		bands(some, width, (struct out){ upper + to, middle + to, lower + to });
		at += some;
	}
	return count - period + 1;
}
