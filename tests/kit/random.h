/* random.h - numbers that look random and are the same on every machine: SplitMix64 (Steele, Lea, Flood 2014). */
#ifndef TESTS_KIT_RANDOM_H
#define TESTS_KIT_RANDOM_H
#include <stdint.h>

struct random { uint64_t state; };

static inline uint64_t random_u64(struct random *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* 0 ... bound - 1; the bias of the remainder does not matter to a test. */
static inline uint32_t random_below(struct random *random, uint32_t bound) { return (uint32_t)(random_u64(random) >> 32) % bound; }

/* least ... most, both included. */
static inline int64_t random_between(struct random *random, int64_t least, int64_t most)
{
	return least + (int64_t)(random_u64(random) % ((uint64_t)(most - least) + 1));
}

#endif
