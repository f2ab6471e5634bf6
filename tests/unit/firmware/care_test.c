/* care_test.c - from the life of processes to conditions (row P3). */
#include "firmware/care.h"

#include "fsm/care/process.h"
#include "tests/kit/test.h"

#define BIT(name) (UINT64_C(1) << CARE_##name)

static struct life life;
static const uint32_t placed[3] = { 1u << WORKER_feed, 1u << WORKER_health | 1u << WORKER_ledger, 1u << WORKER_desk };

static uint64_t after(uint64_t before, uint32_t row, enum process_state state)
{
	life.of[row].state = state;
	return care_of_processes(before, &life, placed, 3);
}

TEST(t_P3_a_worker_is_missing_from_held_until_ready)
{
	for (uint32_t i = 0; i < 3; i++) life.of[i].state = PROCESS_READY;
	CHECK_EQ(after(0, 1, PROCESS_BACKOFF), 0);        /* dies and comes back: nothing */
	CHECK_EQ(after(0, 1, PROCESS_HELD), BIT(HEALTH) | BIT(LEDGER));
	CHECK_EQ(after(BIT(HEALTH) | BIT(LEDGER), 1, PROCESS_BOOTING), BIT(HEALTH) | BIT(LEDGER));
	CHECK_EQ(after(BIT(HEALTH) | BIT(LEDGER), 1, PROCESS_READY), 0);
	CHECK_EQ(after(0, 2, PROCESS_HELD), BIT(DESK));
}

TEST(t_P3_a_rescue_that_is_held_is_not_another_worker)
{
	life.of[3].state = PROCESS_HELD;
	CHECK_EQ(after(0, 2, PROCESS_READY), 0);
}

/* Less than 64 MiB: short, until 72 are free again. */
TEST(t_O4_memory_is_short_from_a_limit_until_an_eighth_above_it)
{
	struct settings settings;
	settings_default(&settings);
	const int64_t least_kib = CFG_memory_free_mib * 1024;
	CHECK(!care_is_short(false, least_kib, &settings) && care_is_short(false, least_kib - 1, &settings));
	CHECK(care_is_short(true, least_kib + least_kib / 8 - 1, &settings) && !care_is_short(true, least_kib + least_kib / 8, &settings));
}
