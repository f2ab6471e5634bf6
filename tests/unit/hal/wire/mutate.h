/* mutate.h - deterministic damage for the codecs: a sample, and a seed that says what happened to it. */
#ifndef TESTS_UNIT_HAL_WIRE_MUTATE_H
#define TESTS_UNIT_HAL_WIRE_MUTATE_H
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MUTATED_MAX = 4096, MUTATIONS = 100000, MUTATIONS_LONG = 2000000 };

/* How many inputs a loop makes: 10^5, with the big counts 2 x 10^6. */
static inline uint32_t mutations(void) { return getenv("TICKWORK_LONG") ? MUTATIONS_LONG : MUTATIONS; }

/* splitmix64 (S. Vigna, 2015). */
static inline uint64_t draw(uint64_t *seed)
{
	uint64_t x = *seed += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static inline size_t draw_below(uint64_t *seed, size_t bound) { return bound ? (size_t)(draw(seed) % bound) : 0; }

/* One change: a bit, a byte of the format, a byte doubled or taken out, the end cut off, a stretch repeated. */
static inline size_t mutate_once(char *bytes, size_t count, const char *alphabet, size_t letters, uint64_t *seed)
{
	size_t at = draw_below(seed, count), length = draw_below(seed, 16);
	if (count == 0) return 0;
	switch (draw(seed) % 6) {
	case 0: bytes[at] = (char)(bytes[at] ^ 1 << draw(seed) % 8); return count;
	case 1: bytes[at] = alphabet[draw_below(seed, letters)]; return count;
	case 2:
		if (count == MUTATED_MAX) return count;
		memmove(bytes + at + 1, bytes + at, count - at);
		bytes[at] = alphabet[draw_below(seed, letters)];
		return count + 1;
	case 3: memmove(bytes + at, bytes + at + 1, count - at - 1); return count - 1;
	case 4: return draw(seed) % 8 ? count : at;
	default:
		if (length > count - at) length = count - at;
		if (count + length > MUTATED_MAX) return count;
		memmove(bytes + at + length, bytes + at, count - at);
		return count + length;
	}
}

static inline size_t mutate(char bytes[MUTATED_MAX], const char *sample, size_t count, const char *alphabet, size_t letters, uint64_t *seed)
{
	size_t changes = draw(seed) % 4;
	if (count > MUTATED_MAX) count = MUTATED_MAX;
	memcpy(bytes, sample, count);
	for (size_t i = 0; i < changes; i++) count = mutate_once(bytes, count, alphabet, letters, seed);
	return count;
}

#endif
