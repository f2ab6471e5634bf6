/* price.c - see price.h. Written with vectors because compilers do not make them of a loop like this one at -O2. */
#include "strategies/factors/price.h"

#include "strategies/factors/four.h"

bool prices_are_sound(const double *price, size_t count)
{
	const four least = four_all(PRICE_LEAST), most = four_all(PRICE_MOST);
	four_mask  good = { -1, -1, -1, -1 };
	size_t     at = 0;
	for (; at + LANES <= count; at += LANES) {
		four value = four_load(price + at);
		good &= (four_mask)(value >= least) & (four_mask)(value <= most);
	}
	bool sound = (good[0] & good[1] & good[2] & good[3]) != 0;
	for (; at < count; at++) sound &= price_is_sound(price[at]);
	return sound;
}
