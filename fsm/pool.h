/* pool.h - a fixed number of slots handed out and given back, by index.
 *
 * The free list lives in next[]; the lowest free count ever is kept. Empty is an answer (POOL_NONE, counted), not an error.
 * Indices, not pointers: a pool inside a pointer-free state survives a copy, a snapshot and a replay. */
#ifndef FSM_POOL_H
#define FSM_POOL_H
#include "fsm/units.h"

#define POOL_NONE UINT32_MAX

/* The head of a pool of `slots_n` slots; next[slots_n] belongs to the caller. */
struct pool { uint32_t slots_n, free_n, low_water, empty_count, first, pad; };

static inline void pool_init(struct pool *pool, uint32_t *next, uint32_t slots_n)
{
	*pool = (struct pool){ slots_n, slots_n, slots_n, 0, 0, 0 };
	for (uint32_t i = 0; i < slots_n; i++) next[i] = i + 1 < slots_n ? i + 1 : POOL_NONE;
}

static inline uint32_t pool_take(struct pool *pool, uint32_t *next)
{
	uint32_t index = pool->first;
	if (index == POOL_NONE) {
		pool->empty_count++;
		return POOL_NONE;
	}
	pool->first = next[index];
	next[index] = POOL_NONE;
	pool->free_n--;
	if (pool->free_n < pool->low_water) pool->low_water = pool->free_n;
	return index;
}

static inline void pool_give(struct pool *pool, uint32_t *next, uint32_t index)
{
	BUG_UNLESS(1150, index < pool->slots_n);
	BUG_UNLESS(1151, pool->free_n < pool->slots_n);
	next[index] = pool->first;
	pool->first = index;
	pool->free_n++;
}

#endif
