/* price.h - what counts as a price inside the strategies: finite, above zero, and small enough that no product of a few of them overflows.
 *
 * Every factor refuses anything else at its push and stays as it was, so no NaN or infinity ever enters, and none can leave.
 * The bounds are wider than what px_e8 can hold (1e-8 to 9.2e10) because adjusted series are scaled far below their traded prices. */
#ifndef STRATEGIES_FACTORS_PRICE_H
#define STRATEGIES_FACTORS_PRICE_H
#include <stdbool.h>
#include <stddef.h>

#define PRICE_LEAST 1e-12
#define PRICE_MOST 1e15
#define VOLUME_MOST 1e18

static inline bool price_is_sound(double price) { return price >= PRICE_LEAST && price <= PRICE_MOST; }

/* Nearer than this, relatively, two prices are the same price: an average of decimals that equals a price exactly comes out a few 1e-16
 * beside it, and on real daily bars that happens every few years. Rules that compare a price with an average use these two. */
#define PRICE_SAME 1e-12

static inline bool price_above(double price, double level) { return price > level * (1 + PRICE_SAME); }
static inline bool price_below(double price, double level) { return price < level * (1 - PRICE_SAME); }

/* All of them; four at a time, so that it costs a batch next to nothing. A batch asks it of what it is about to read, so that a long series
 * comes from memory once. */
bool prices_are_sound(const double *price, size_t count);
/* Asks it of what of price[0..end) has not been asked about; *checked is how far it was. */
static inline bool prices_checked(const double *price, size_t end, size_t *checked)
{
	size_t from = *checked;
	if (end <= from) return true;
	*checked = end;
	return prices_are_sound(price + from, end - from);
}

#endif
