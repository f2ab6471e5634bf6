/* hash.h - a 64-bit hash over fields, for state hashes and lookups.
 *
 * Word-wise multiply-and-rotate (the mixer of MurmurHash3, public domain, Austin Appleby). Not against an adversary. Same bits on every
 * compiler: inputs are integers of named width, never the padding of a struct. */
#ifndef FSM_HASH_H
#define FSM_HASH_H
#include <string.h>

#include "fsm/units.h"

enum { HASH_SEED = 0x7469636b };

static inline uint64_t hash_mix(uint64_t h)
{
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ (h >> 33);
}

static inline uint64_t hash_u64(uint64_t h, uint64_t word)
{
	h ^= word * UINT64_C(0x87c37b91114253d5);
	h = (h << 27) | (h >> 37);
	return h * 5 + UINT64_C(0x52dce729);
}

/* bytes is a multiple of eight and the struct has no padding (-Wpadded where it is defined). */
static inline uint64_t hash_words(uint64_t h, const void *data, size_t bytes)
{
	const uint8_t *at = data;
	BUG_UNLESS(1130, bytes % 8 == 0);
	for (size_t i = 0; i < bytes; i += 8) {
		uint64_t word;
		memcpy(&word, at + i, sizeof word);
		h = hash_u64(h, word);
	}
	return h;
}

static inline uint64_t hash_end(uint64_t h) { return hash_mix(h); }

#endif
