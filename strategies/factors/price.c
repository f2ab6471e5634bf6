/* price.c - see price.h. Written with vectors because compilers do not make them of a loop like this one at -O2. */
#include "strategies/factors/price.h"

#include <stdint.h>
#include <string.h>

enum { LANES = 4 };
typedef double  four __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t mask __attribute__((vector_size(LANES * sizeof(int64_t))));

bool prices_are_sound(const double *price, size_t count)
{
	const four least = { PRICE_LEAST, PRICE_LEAST, PRICE_LEAST, PRICE_LEAST }, most = { PRICE_MOST, PRICE_MOST, PRICE_MOST, PRICE_MOST };
	mask       good = { -1, -1, -1, -1 };
	size_t     at = 0;
	for (; at + LANES <= count; at += LANES) {
		four value;
		memcpy(&value, price + at, sizeof value);
		good &= (mask)(value >= least) & (mask)(value <= most);
	}
	bool sound = (good[0] & good[1] & good[2] & good[3]) != 0;
	for (; at < count; at++) sound &= price_is_sound(price[at]);
	return sound;
}

bool prices_are_ordered(const double *low, const double *high, size_t count)
{
	mask   good = { -1, -1, -1, -1 };
	size_t at = 0;
	for (; at + LANES <= count; at += LANES) {
		four bottom, top;
		memcpy(&bottom, low + at, sizeof bottom);
		memcpy(&top, high + at, sizeof top);
		good &= (mask)(top >= bottom);
	}
	bool ordered = (good[0] & good[1] & good[2] & good[3]) != 0;
	for (; at < count; at++) ordered &= high[at] >= low[at];
	return ordered;
}
