/* feature_cache_test.c - a thousand rows, the oldest goes first, and a hash that says what was seen. */
#include "fsm/feed/feature_cache.h"
#include "tests/kit/random.h"
#include "tests/kit/test.h"

#include <string.h>

enum { SYMBOLS = 15 };

static struct feature_cache cache;

static struct factor_row row_of(double value)
{
	struct factor_row row;
	memset(&row, 0, sizeof row);
	row.bars_seen = 300;
	for (size_t f = 0; f < FACTOR_COUNT; f++) {
		row.value[f] = value + (double)f;
		row.ready[f] = true;
	}
	return row;
}

TEST(t_D7_a_row_is_computed_once_and_found_by_all)
{
	struct factor_row row = row_of(1.5);
	feature_cache_init(&cache);
	CHECK(feature_cache_find(&cache, 3, 17000) == 0);
	const struct feature_entry *put = feature_cache_put(&cache, 3, 17000, &row);
	CHECK(feature_cache_find(&cache, 3, 17000) == put);
	CHECK(memcmp(&put->row, &row, sizeof row) == 0);
	CHECK(put->hash == feature_hash(&row));
	CHECK(feature_cache_find(&cache, 4, 17000) == 0 && feature_cache_find(&cache, 3, 17001) == 0);
	CHECK_EQ(cache.hits, 1);
	CHECK_EQ(cache.misses, 3);
}

TEST(t_D7_a_thousand_entries_and_the_oldest_goes_first)
{
	feature_cache_init(&cache);
	for (int32_t i = 0; i < FEATURE_CACHE_MAX + 250; i++) {
		struct factor_row row = row_of(i);
		(void)feature_cache_put(&cache, (uint16_t)(i % SYMBOLS), i, &row);
	}
	CHECK_EQ(FEATURE_CACHE_MAX, 1000);
	CHECK_EQ(cache.evicted, 250);
	for (int32_t i = 0; i < FEATURE_CACHE_MAX + 250; i++) {
		const struct feature_entry *entry = feature_cache_find(&cache, (uint16_t)(i % SYMBOLS), i);
		CHECK((entry != 0) == (i >= 250));
		if (entry) CHECK(entry->row.value[0] == i);
	}
}

TEST(t_D7_a_key_put_again_replaces_its_row_and_evicts_nothing)
{
	struct factor_row first = row_of(1), second = row_of(2);
	feature_cache_init(&cache);
	(void)feature_cache_put(&cache, 1, 5, &first);
	(void)feature_cache_put(&cache, 1, 5, &second);
	CHECK_EQ(cache.count, 1);
	CHECK(feature_cache_find(&cache, 1, 5)->row.value[0] == 2);
	CHECK(feature_cache_find(&cache, 1, 5)->hash == feature_hash(&second));
}

TEST(t_D7_the_hash_sees_each_ready_value_and_nothing_else)
{
	struct factor_row row = row_of(7), other = row;
	uint64_t          hash = feature_hash(&row);
	for (size_t f = 0; f < FACTOR_COUNT; f++) {
		other = row;
		other.value[f] += 1e-9;
		CHECK(feature_hash(&other) != hash);
		other.ready[f] = false;
		uint64_t warming = feature_hash(&other);
		other.value[f] = 12345;        /* not ready: whatever lies there says nothing */
		CHECK(feature_hash(&other) == warming && warming != hash);
	}
	other = row;
	other.bars_seen++;
	CHECK(feature_hash(&other) != hash);
}
