/* pool_test.c - slots are handed out once, come back, and running out is counted. */
#include "fsm/pool.h"

#include "tests/kit/random.h"
#include "tests/kit/test.h"

enum { SLOTS = 100, STEPS = 1000000 };

TEST(t_P6_pool_hands_out_each_slot_once_until_empty)
{
	struct pool pool;
	uint32_t    next[SLOTS];
	bool        taken[SLOTS] = { false };
	pool_init(&pool, next, SLOTS);
	for (uint32_t i = 0; i < SLOTS; i++) {
		uint32_t slot = pool_take(&pool, next);
		CHECK(slot < SLOTS && !taken[slot]);
		taken[slot] = true;
	}
	CHECK_EQ(pool_take(&pool, next), POOL_NONE);
	CHECK(pool.empty_count == 1 && pool.low_water == 0 && pool.free_n == 0);
	pool_give(&pool, next, 42);
	CHECK_EQ(pool_take(&pool, next), 42);
	CHECK_EQ(pool.low_water, 0);
}

TEST(t_P6_pool_random_takes_and_gives_never_hand_out_a_slot_twice)
{
	struct pool   pool;
	struct random random = { 11 };
	uint32_t      next[SLOTS], held[SLOTS], held_n = 0, most = 0;
	bool          taken[SLOTS] = { false };
	pool_init(&pool, next, SLOTS);
	for (uint32_t step = 0; step < STEPS; step++) {
		if (random_below(&random, 2) && held_n < SLOTS) {
			uint32_t slot = pool_take(&pool, next);
			CHECK(slot < SLOTS && !taken[slot]);
			taken[slot] = true;
			held[held_n++] = slot;
		} else if (held_n) {
			uint32_t at = random_below(&random, held_n), slot = held[at];
			held[at] = held[--held_n];
			taken[slot] = false;
			pool_give(&pool, next, slot);
		}
		most = held_n > most ? held_n : most;
		CHECK_EQ(pool.free_n, SLOTS - held_n);
	}
	CHECK_EQ(pool.low_water, SLOTS - most);
}

static void give_what_is_no_slot(void)
{
	struct pool pool;
	uint32_t    next[SLOTS];
	pool_init(&pool, next, SLOTS);
	(void)pool_take(&pool, next);
	pool_give(&pool, next, SLOTS);
}

static void give_too_often(void)
{
	struct pool pool;
	uint32_t    next[SLOTS];
	pool_init(&pool, next, SLOTS);
	pool_give(&pool, next, 0);
}

TEST(t_P6_pool_giving_what_was_not_taken_traps)
{
	CHECK_BUG(give_what_is_no_slot, 1150);
	CHECK_BUG(give_too_often, 1151);
}
