/* hash_test.c - the hash is a promise to recorded journals: known values, on every compiler. */
#include "fsm/hash.h"

#include "tests/kit/test.h"

/* hash_mix is fmix64 of MurmurHash3; 0xb456bcfc34c2cb2c is its published value of 1. hash_abc was computed with a separate Python script
 * that follows the header's definition with integers modulo 2^64. */
static const uint64_t mix_of_1 = UINT64_C(0xb456bcfc34c2cb2c);
static const uint64_t hash_abc = UINT64_C(0x1f98e20814000d76);

TEST(t_P9_hash_values_never_change)
{
	static const uint64_t abc[3] = { 1, 2, UINT64_C(0xffffffffffffffff) };
	CHECK(hash_mix(0) == 0);
	CHECK(hash_mix(1) == mix_of_1);
	CHECK(hash_end(hash_words(HASH_SEED, abc, sizeof abc)) == hash_abc);
}

TEST(t_P9_hash_sees_order_and_length)
{
	CHECK(hash_u64(hash_u64(HASH_SEED, 1), 2) != hash_u64(hash_u64(HASH_SEED, 2), 1));
	CHECK(hash_u64(HASH_SEED, 0) != HASH_SEED);
	CHECK(hash_u64(hash_u64(HASH_SEED, 0), 0) != hash_u64(HASH_SEED, 0));
}

static void hash_seven_bytes(void)
{
	static const uint8_t seven[7];
	(void)hash_words(0, seven, sizeof seven);
}

TEST(t_P9_hash_of_a_broken_word_traps) { CHECK_BUG(hash_seven_bytes, 1130); }
