/* idmap_test.c - the map against a naive list, with a million random puts, finds and removals. */
#include "fsm/idmap.h"

#include "tests/kit/random.h"
#include "tests/kit/test.h"

enum { CELLS = 128, ENTRIES = CELLS / 2, STEPS = 1000000, IDS = 200 };

struct naive { uint64_t id[IDS]; uint32_t slot[IDS], count; };

static uint32_t naive_at(const struct naive *naive, uint64_t id)
{
	for (uint32_t i = 0; i < naive->count; i++)
		if (naive->id[i] == id) return i;
	return UINT32_MAX;
}

static void one_step(struct idmap_cell *cells, struct naive *naive, const uint64_t *ids, struct random *random)
{
	uint64_t id = ids[random_below(random, IDS)];
	uint32_t at = naive_at(naive, id), slot = random_below(random, 1000), found = UINT32_MAX;
	switch (random_below(random, 3)) {
	case 0:
		if (at == UINT32_MAX && naive->count == ENTRIES) return;
		idmap_put(cells, CELLS, id, slot);
		if (at == UINT32_MAX) at = naive->count++;
		naive->id[at] = id;
		naive->slot[at] = slot;
		return;
	case 1:
		idmap_remove(cells, CELLS, id);
		if (at == UINT32_MAX) return;
		naive->count--;
		naive->id[at] = naive->id[naive->count];
		naive->slot[at] = naive->slot[naive->count];
		return;
	default:
		CHECK_EQ(idmap_find(cells, CELLS, id, &found), at != UINT32_MAX);
		if (at != UINT32_MAX) CHECK_EQ(found, naive->slot[at]);
		return;
	}
}

static void check_whole(const struct idmap_cell *cells, const struct naive *naive)
{
	uint32_t used = 0, slot = 0;
	for (uint32_t i = 0; i < CELLS; i++) used += cells[i].id != 0;
	CHECK_EQ(used, naive->count);
	for (uint32_t i = 0; i < naive->count; i++) CHECK(idmap_find(cells, CELLS, naive->id[i], &slot) && slot == naive->slot[i]);
}

static void random_operations(bool crowded)
{
	static struct idmap_cell cells[CELLS];
	static struct naive      naive;
	struct random            random = { crowded ? 31 : 13 };
	uint64_t                 ids[IDS];
	/* crowded: only ids whose home is one of four cells, across the end of the table */
	for (uint32_t i = 0; i < IDS; i++) {
		do ids[i] = random_u64(&random);
		while (ids[i] == 0 || (crowded && (idmap_home(ids[i], CELLS) + 2) % CELLS >= 4));
	}
	for (uint32_t step = 0; step < STEPS; step++) {
		one_step(cells, &naive, ids, &random);
		if (step % 1000 == 0) check_whole(cells, &naive);
	}
	check_whole(cells, &naive);
}

TEST(t_X12_idmap_is_a_naive_map_over_random_operations) { random_operations(false); }
TEST(t_X12_idmap_is_a_naive_map_where_all_ids_collide_across_the_end) { random_operations(true); }

static void put_id_zero(void)
{
	static struct idmap_cell cells[CELLS];
	idmap_put(cells, CELLS, 0, 1);
}

static void put_too_many(void)
{
	static struct idmap_cell cells[CELLS];
	for (uint64_t id = 1; id <= CELLS + 1; id++) idmap_put(cells, CELLS, id, 1);
}

TEST(t_X12_idmap_id_zero_and_too_many_ids_trap)
{
	CHECK_BUG(put_id_zero, 1160);
	CHECK_BUG(put_too_many, 1161);
}
