/* feature_cache.h - the factor rows of symbols and days, kept once for everyone who needs them, each with its hash.
 *
 * A row is computed when its bar comes and read by every strategy and model after that; its hash is what a signal carries as the proof
 * of what it saw. Room for FEATURE_CACHE_MAX rows: the oldest one put goes first (counted). Putting a key again replaces its row.
 * Pointer-free, the caller's memory, about 170 kB; put and find take the same time however full it is. Row D7. */
#ifndef FSM_FEED_FEATURE_CACHE_H
#define FSM_FEED_FEATURE_CACHE_H
#include "fsm/idmap.h"
#include "strategies/factors/factors.h"

enum { FEATURE_CACHE_MAX = 1000, FEATURE_CELLS_N = 2048 };

struct feature_entry { uint64_t key, hash; struct factor_row row; };
struct feature_cache {
	uint32_t             next, count;        /* the slot that is written next; slots ever written, at most all */
	uint64_t             puts, hits, misses, evicted;
	struct idmap_cell    by_key[FEATURE_CELLS_N];
	struct feature_entry entry[FEATURE_CACHE_MAX];
};

void feature_cache_init(struct feature_cache *cache);
/* Keeps the row; the entry holds until FEATURE_CACHE_MAX later ones have come. */
const struct feature_entry *feature_cache_put(struct feature_cache *cache, uint16_t sym, int32_t day, const struct factor_row *row);
/* 0 when it is not there, or no longer. */
const struct feature_entry *feature_cache_find(struct feature_cache *cache, uint16_t sym, int32_t day);
/* Over the bars seen and the values that are ready; equal rows have equal hashes on every compiler. */
uint64_t feature_hash(const struct factor_row *row);

#endif
