/* root.h - the square root of an integer, rounded down: volatilities from variances without floating point.
 *
 * Newton from above: the first guess is a power of two that is not below the root, and each step falls until it no longer does. */
#ifndef HAL_SIM_ROOT_H
#define HAL_SIM_ROOT_H
#include <stdint.h>

/* 0 for what is not above 0. */
static inline int64_t root_floor(int64_t square)
{
	int64_t guess = 1;
	if (square <= 0) return 0;
	for (int64_t rest = square; rest > 0; rest /= 4) guess *= 2;
	for (;;) {
		int64_t next = (guess + square / guess) / 2;
		if (next >= guess) return guess;
		guess = next;
	}
}

#endif
