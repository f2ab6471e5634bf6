/* feature_cache.c - a ring of rows and where each is. */
#include "fsm/feed/feature_cache.h"

#include <string.h>

enum { KEY_DAY_SHIFT = 16 };

/* Never 0, which is an empty slot. */
static uint64_t key_of(uint16_t sym, int32_t day) { return (uint64_t)(uint32_t)day << KEY_DAY_SHIFT | sym | UINT64_C(1) << 63; }

void feature_cache_init(struct feature_cache *cache) { memset(cache, 0, sizeof *cache); }

uint64_t feature_hash(const struct factor_row *row)
{
	uint64_t h = hash_u64(HASH_SEED, row->bars_seen);
	for (size_t f = 0; f < FACTOR_COUNT; f++) {
		uint64_t bits = 0;
		if (row->ready[f]) memcpy(&bits, &row->value[f], sizeof bits);
		h = hash_u64(h, bits);
	}
	return hash_end(h);
}

static struct feature_entry *find(struct feature_cache *cache, uint64_t key)
{
	uint32_t slot = 0;
	return idmap_find(cache->by_key, FEATURE_CELLS_N, key, &slot) ? &cache->entry[slot] : 0;
}

/* The slot that is written next, emptied of the oldest row. */
static struct feature_entry *take(struct feature_cache *cache, uint64_t key)
{
	struct feature_entry *entry = &cache->entry[cache->next];
	if (entry->key) {
		idmap_remove(cache->by_key, FEATURE_CELLS_N, entry->key);
		cache->evicted++;
	}
	idmap_put(cache->by_key, FEATURE_CELLS_N, key, cache->next);
	cache->next = (cache->next + 1) % FEATURE_CACHE_MAX;
	if (cache->count < FEATURE_CACHE_MAX) cache->count++;
	return entry;
}

const struct feature_entry *feature_cache_find(struct feature_cache *cache, uint16_t sym, int32_t day)
{
	const struct feature_entry *entry = find(cache, key_of(sym, day));
	if (entry)
		cache->hits++;
	else
		cache->misses++;
	return entry;
}

const struct feature_entry *feature_cache_put(struct feature_cache *cache, uint16_t sym, int32_t day, const struct factor_row *row)
{
	uint64_t              key = key_of(sym, day);
	struct feature_entry *entry = find(cache, key);
	cache->puts++;
	if (!entry) entry = take(cache, key);
	entry->key = key;
	entry->hash = feature_hash(row);
	entry->row = *row;
	return entry;
}
