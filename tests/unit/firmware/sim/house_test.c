/* house_test.c - the appliance in one process: a seed is a run, and what must hold does, whatever befalls. Long: TICKWORK_LONG. */
#include <stdlib.h>
#include <string.h>

#include "firmware/sim/faults.h"
#include "hal/linux/memory.h"
#include "tests/kit/test.h"

enum { SEEDS = 6,
	SEEDS_LONG = 1000,
	DAYS = 8 };

static struct house *run(uint64_t seed, uint64_t kinds)
{
	struct house     *house = memory_take(sizeof *house), *twin = memory_take(sizeof *twin);
	struct house_plan plan = { .seed = seed, .days = DAYS, .kinds = kinds };
	BUG_UNLESS(9002, house != 0);
	CHECK(house_build(house, &plan));
	house_run(house);
	house_drop(house);
	house_compare(house, twin);
	memory_give(twin, sizeof *twin);
	for (uint32_t i = 0; i < house->violations && i < HOUSE_VIOLATIONS_MAX; i++) CHECK_STR(house->violation[i], "");
	CHECK_EQ(house->violations, 0);
	return house;
}

static void forget(struct house *house) { memory_give(house, sizeof *house); }

TEST(t_P15_sim_trades_undisturbed)
{
	struct house *house = run(1, 0);
	CHECK_EQ(house->counts.faults, 0);
	CHECK(house->counts.orders > 0 && house->counts.fills > 0);
	CHECK_EQ(house->counts.kills, 0);
}

TEST(t_P15_sim_a_seed_is_a_run)
{
	struct house *first = run(5, HOUSE_FAULTS_ALL), *second = run(5, HOUSE_FAULTS_ALL), *other = run(6, HOUSE_FAULTS_ALL);
	CHECK(first->counts.faults > 0);
	CHECK(first->trace == second->trace);
	CHECK(memcmp(&first->counts, &second->counts, sizeof first->counts) == 0);
	CHECK(other->trace != first->trace);
}

/* Seeds at random with everything that may befall; each kind befalls in some of them in the long run. */
TEST(t_X2_sim_nothing_is_doubled_or_lost_whatever_befalls)
{
	uint64_t seeds = getenv("TICKWORK_LONG") ? SEEDS_LONG : SEEDS, befell = 0;
	for (uint64_t seed = 100; seed < 100 + seeds; seed++) {
		struct house *house = run(seed, HOUSE_FAULTS_ALL);
		befell += house->counts.faults;
		forget(house);
	}
	CHECK(befell >= seeds);
}

TEST(t_X2_sim_each_group_of_faults_by_itself)
{
	static const char *const groups[] = { "net", "venue", "order", "disk", "power", "process", "clock", "person" };
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		uint64_t    kinds;
		const char *bad;
		size_t      length;
		CHECK(house_faults_parse(groups[i], &kinds, &bad, &length));
		struct house *house = run(i + 40, kinds);
		for (int kind = 0; kind < HOUSE_FAULTS_N; kind++) CHECK((kinds >> kind & 1) || house->befell[kind] == 0);
		forget(house);
	}
}

TEST(t_P15_sim_faults_are_named)
{
	uint64_t    kinds;
	const char *bad;
	size_t      length;
	CHECK(house_faults_parse("none", &kinds, &bad, &length) && kinds == 0);
	CHECK(house_faults_parse("all", &kinds, &bad, &length) && kinds == HOUSE_FAULTS_ALL);
	CHECK(house_faults_parse("kill_desk,disk_sync_fails", &kinds, &bad, &length));
	CHECK(kinds == (UINT64_C(1) << HOUSE_FAULT_kill_desk | UINT64_C(1) << HOUSE_FAULT_disk_sync_fails));
	CHECK(!house_faults_parse("kill_desk,fire", &kinds, &bad, &length));
	CHECK(length == 4 && memcmp(bad, "fire", 4) == 0);
	CHECK(!house_faults_parse("", &kinds, &bad, &length));
}
