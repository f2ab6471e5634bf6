/* four_log.h - the natural logarithm of four values at a time, for who asks it of every asset and day.
 *
 *     x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2),  s = f / (2 + f)
 *     log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)),    log x = log(1 + f) + k ln 2
 *
 * R is a polynomial with an error below 2^-58.45, ln 2 stands in two parts (Sun Microsystems, fdlibm e_log.c, 1993). Error below one unit
 * in the last place; log 1 is 0. Of normal numbers above 0 only, such as prices and their ratios. */
#ifndef STRATEGIES_FACTORS_FOUR_LOG_H
#define STRATEGIES_FACTORS_FOUR_LOG_H
#include "strategies/factors/four.h"

typedef uint64_t four_bits __attribute__((vector_size(LANES * sizeof(uint64_t))));

static inline four_bits four_bits_all(uint64_t value) { return (four_bits){ value, value, value, value }; }

static inline four four_log(four x)
{
	const uint64_t one = 0x3ff0000000000000, root_half = 0x3fe6a09e00000000, fraction = 0x000fffffffffffff, two_to_52 = 0x4330000000000000;
	four_bits      bits = (four_bits)x + four_bits_all(one - root_half);
	four           k = (four)((bits >> 52) | four_bits_all(two_to_52)) - four_all(0x1p52 + 1023);
	four           f = (four)((bits & four_bits_all(fraction)) + four_bits_all(root_half)) - four_all(1);
	four           s = f / (f + four_all(2)), z = s * s, w = z * z, half = four_all(0.5) * f * f;
	four           even = four_all(2.222219843214978396e-01) + w * four_all(1.531383769920937332e-01);
	four           odd = four_all(1.818357216161805012e-01) + w * four_all(1.479819860511658591e-01);
	even = w * (four_all(3.999999999940941908e-01) + w * even);
	odd = z * (four_all(6.666666666666735130e-01) + w * (four_all(2.857142874366239149e-01) + w * odd));
	four small = s * (half + odd + even) + k * four_all(1.90821492927058770002e-10);
	return k * four_all(6.93147180369123816490e-01) - ((half - small) - f);
}

#endif
