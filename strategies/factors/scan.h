/* scan.h - running sums of a block from its head and from its tail, four values at a time, for the batch forms of windows.
 *
 * One addition after another waits for the one before; here four values are summed within a vector and only one carry a vector is waited
 * for. The order of additions differs from the streaming form, their number and signs do not: results agree to n times 1e-16.
 * Vectors are those of gcc and clang, so both give the same bits. Blocks are of any length. */
#ifndef STRATEGIES_FACTORS_SCAN_H
#define STRATEGIES_FACTORS_SCAN_H
#include <stdint.h>
#include <string.h>

enum { SCAN_LANES = 4 };

typedef double scan4 __attribute__((vector_size(SCAN_LANES * sizeof(double))));

static inline scan4 scan4_load(const double *from)
{
	scan4 value;
	memcpy(&value, from, sizeof value);
	return value;
}

static inline void scan4_store(double *to, scan4 value) { memcpy(to, &value, sizeof value); }

static inline scan4 scan4_all(double value) { return (scan4){ value, value, value, value }; }

/* The larger of each two, and the smaller; of no NaN. */
typedef int64_t scan4_mask __attribute__((vector_size(SCAN_LANES * sizeof(int64_t))));
static inline scan4 scan4_max(scan4 a, scan4 b)
{
	scan4_mask above = (scan4_mask)(a > b);
	return (scan4)((above & (scan4_mask)a) | (~above & (scan4_mask)b));
}

static inline scan4 scan4_min(scan4 a, scan4 b)
{
	scan4_mask below = (scan4_mask)(a < b);
	return (scan4)((below & (scan4_mask)a) | (~below & (scan4_mask)b));
}

/* Sums from the left, a b c d -> a, a+b, a+b+c, a+b+c+d. */
static inline scan4 scan4_heads(scan4 value)
{
	const scan4 zero = { 0, 0, 0, 0 };
	value += __builtin_shufflevector(value, zero, 4, 0, 1, 2);
	return value + __builtin_shufflevector(value, zero, 4, 4, 0, 1);
}

/* Sums from the right, a b c d -> a+b+c+d, b+c+d, c+d, d. */
static inline scan4 scan4_tails(scan4 value)
{
	const scan4 zero = { 0, 0, 0, 0 };
	value += __builtin_shufflevector(value, zero, 1, 2, 3, 4);
	return value + __builtin_shufflevector(value, zero, 2, 3, 4, 4);
}

#endif
