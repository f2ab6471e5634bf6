/* digits.h - a whole number as decimal digits. What is written a million times a day is not read from a format first.
 *
 * The digits go before `end`, at least so many of them with zeros in front; the first one is returned. Room: DIGITS_MAX, or `least` when that is more. */
#ifndef HAL_WIRE_DIGITS_H
#define HAL_WIRE_DIGITS_H
#include <stdint.h>

enum { DIGITS_MAX = 20 }; /* of UINT64_MAX */

static inline char *digits_before(char *end, uint64_t number, int least)
{
	for (; number > 0 || least > 0; number /= 10, least--) *--end = (char)('0' + number % 10);
	return end;
}

#endif
