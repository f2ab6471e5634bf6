/* tridiagonal.c - see tridiagonal.h. */
#include "strategies/factors/tridiagonal.h"

#include <float.h>
#include <math.h>

enum { THIRDS = 8, TWISTS_MAX = 8 };    /* 3^8 = 6561 parts of the whole; digits double, from three to sixteen */

static inline four pick(four_mask where, four yes, four no) { return (four)(((four_mask)yes & where) | ((four_mask)no & ~where)); }

static inline four_mask all_of(int64_t value) { return (four_mask){ value, value, value, value }; }

/* Where more than `index` values lie above. */
struct above { four_mask x, y; };

static struct above count_above(const struct tridiagonal *t, four x, four y)
{
	const four   zero = { 0, 0, 0, 0 };
	four         d = four_all(t->diagonal[0]) - x, other = four_all(t->diagonal[0]) - y;
	struct above count = { d > zero, other > zero };
	for (uint32_t i = 1; i < t->size; i++) {
		four square = four_all(t->beside[i - 1] * t->beside[i - 1]), own = four_all(t->diagonal[i]);
		d = (own - x) - square / d;
		other = (own - y) - square / other;
		count.x += d > zero;
		count.y += other > zero;
	}
	return (struct above){ -count.x, -count.y };
}

/* All values lie within this of 0. */
static double radius_of(const struct tridiagonal *t)
{
	double most = 0, before = 0;
	for (uint32_t i = 0; i < t->size; i++) {
		double beside = i + 1 < t->size ? fabs(t->beside[i]) : 0, reach = fabs(t->diagonal[i]) + before + beside;
		if (!(reach <= most)) most = reach;
		before = beside;
	}
	return most;
}

static four find(const struct tridiagonal *t, double radius, four_mask index)
{
	four low = four_all(-radius), high = four_all(radius);
	for (int k = 0; k < THIRDS; k++) {
		four         third = (high - low) * four_all(1.0 / 3), x = low + third, y = high - third;
		struct above count = count_above(t, x, y);
		four_mask    beyond_x = count.x > index, beyond_y = count.y > index;
		low = pick(beyond_y, y, pick(beyond_x, x, low));
		high = pick(beyond_y, high, pick(beyond_x, y, x));
	}
	return (low + high) * four_all(0.5);
}

/* D from above and from below, and what stands beside it in L: beside / D. */
struct twist { four above[TRIDIAGONAL_MAX], below[TRIDIAGONAL_MAX], down[TRIDIAGONAL_MAX], up[TRIDIAGONAL_MAX]; };

static void take_apart(const struct tridiagonal *t, four x, struct twist *twist)
{
	uint32_t last = t->size - 1;
	twist->above[0] = four_all(t->diagonal[0]) - x;
	twist->below[last] = four_all(t->diagonal[last]) - x;
	for (uint32_t i = 0, k = last; i < last; i++, k--) {
		four beside = four_all(t->beside[i]), other = four_all(t->beside[k - 1]);
		twist->up[i] = beside / twist->above[i];
		twist->down[k] = other / twist->below[k];
		twist->above[i + 1] = (four_all(t->diagonal[i + 1]) - x) - beside * twist->up[i];
		twist->below[k - 1] = (four_all(t->diagonal[k - 1]) - x) - other * twist->down[k];
	}
}

/* What the twist leaves where it leaves least, and where that is. */
static four least_of(const struct tridiagonal *t, four x, const struct twist *twist, four_mask *row)
{
	const four_mask magnitude = all_of(INT64_MAX);
	four            least = twist->below[0];
	*row = all_of(0);
	for (uint32_t i = 1; i < t->size; i++) {
		four      left = twist->above[i] + twist->below[i] - (four_all(t->diagonal[i]) - x);
		four_mask less = (four)((four_mask)left & magnitude) < (four)((four_mask)least & magnitude);
		least = pick(less, left, least);
		*row = (*row & ~less) | (all_of(i) & less);
	}
	return least;
}

/* From the row of the twist down to the last and up to the first; its square. */
static four vector_of(const struct tridiagonal *t, const struct twist *twist, four_mask row, four vector[TRIDIAGONAL_MAX])
{
	four part = { 0, 0, 0, 0 }, square = part;
	for (uint32_t i = 0; i < t->size; i++) {
		four_mask begins = row == all_of(i), goes_on = row < all_of(i);
		part = (four)(((four_mask)four_all(1) & begins) | ((four_mask)(-twist->down[i] * part) & goes_on));
		vector[i] = part;
		square += part * part;
	}
	part = vector[t->size - 1];
	for (uint32_t i = t->size - 1; i-- > 0; ) {
		four_mask goes_on = row > all_of(i);
		part = pick(goes_on, -twist->up[i] * part, vector[i]);
		square += (four)((four_mask)(part * part) & goes_on);
		vector[i] = part;
	}
	return square;
}

static inline bool holds(four_mask where) { return (where[0] & where[1] & where[2] & where[3]) != 0; }

bool tridiagonal_leading(const struct tridiagonal *t, uint32_t first, uint32_t count, four *value, four vector[TRIDIAGONAL_MAX])
{
	const four_mask index = { first, first + 1, first + 2, first + 3 }, unasked = all_of(first + count) <= index, magnitude = all_of(INT64_MAX);
	double          radius = radius_of(t);
	four            x = find(t, radius, index), apart = four_all(radius * TRIDIAGONAL_APART), enough = four_all(4 * DBL_EPSILON * radius);
	struct twist    twist;
	bool            found = false;
	twist.down[0] = four_all(0);
	for (int k = 0; k < TWISTS_MAX && !found; k++) {
		four_mask row;
		take_apart(t, x, &twist);
		four left = least_of(t, x, &twist, &row), step = left / vector_of(t, &twist, row, vector);
		x += step;
		found = holds((four_mask)((four)((four_mask)step & magnitude) <= enough) | unasked);
	}
	struct above more = count_above(t, x - apart, x + apart);
	*value = x;
	four_done();
	return found && holds(((more.x == index + all_of(1)) & (more.y == index)) | unasked);
}
