/* chance.h - seeded chance: splitmix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"). The same state gives the same run. */
#ifndef HAL_SIM_CHANCE_H
#define HAL_SIM_CHANCE_H
#include "fsm/units.h"

static inline uint64_t chance_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 .. n - 1; the bias of the remainder is below n / 2^64. 0 for n 0. */
static inline uint64_t chance_below(uint64_t *state, uint64_t n) { return n ? chance_next(state) % n : 0; }

/* So many times in ten thousand. */
static inline bool chance_bp(uint64_t *state, uint32_t bp) { return bp != 0 && chance_below(state, BP_ONE) < bp; }

#endif
