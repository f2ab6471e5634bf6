/* layouts_test.c - the five tables: who runs where, and what must hold of each. */
#include "firmware/layouts.h"

#include <string.h>

#include "tests/kit/test.h"

static uint32_t places_of(const struct layout *layout, enum worker_id worker)
{
	uint32_t count = 0;
	for (size_t i = 0; i < layout->places; i++) count += layout->place[i].worker == worker;
	return count;
}

static uint32_t processes_of(const struct layout *layout)
{
	uint32_t count = 0;
	for (size_t i = 0; i < layout->places; i++) {
		bool seen = false;
		for (size_t j = 0; j < i; j++) seen = seen || strcmp(layout->place[i].process, layout->place[j].process) == 0;
		count += !seen;
	}
	return count;
}

TEST(t_P1_the_five_layouts_are_named)
{
	static const char *const names[] = { "appliance", "quoter", "engines", "batch", "single" };
	CHECK_EQ(LAYOUTS_N, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct layout *layout = layout_find(names[i]);
		CHECK(layout != 0);
		if (layout) CHECK_STR(layout->name, names[i]);
	}
	CHECK(layout_find("") == 0);
	CHECK(layout_find("appliances") == 0);
	CHECK(layout_find("APPLIANCE") == 0);
}

TEST(t_P1_no_layout_has_too_many_processes_and_none_is_empty)
{
	for (size_t i = 0; i < LAYOUTS_N; i++) {
		CHECK_EQ(processes_of(&layouts[i]), layouts[i].processes);        /* each process has a worker */
		CHECK(layouts[i].processes <= 8);
	}
	CHECK(layout_find("appliance")->processes <= 5);
	CHECK_EQ(layout_find("single")->processes, 1);
}

TEST(t_X1_each_layout_has_exactly_one_desk_and_one_ledger)
{
	for (size_t i = 0; i < LAYOUTS_N; i++) {
		CHECK_EQ(places_of(&layouts[i], WORKER_desk), 1);
		CHECK_EQ(places_of(&layouts[i], WORKER_ledger), 1);
		CHECK_EQ(places_of(&layouts[i], WORKER_feed), 1);
	}
}

TEST(t_X1_only_the_desk_may_trade)
{
	for (int w = 0; w < WORKERS_N; w++) CHECK_EQ((workers[w].rights & RIGHT_TRADE) != 0, w == WORKER_desk);
}

/* Nobody waits for somebody who waits for him: TICK n can always be taken by somebody. */
TEST(t_P2_following_has_no_circle)
{
	uint32_t done = 0, before = 1;
	while (done != before) {
		before = done;
		for (int w = 0; w < WORKERS_N; w++)
			if ((workers[w].follows & ~done) == 0) done |= 1u << w;
	}
	CHECK_EQ(done, (1u << WORKERS_N) - 1);
	CHECK(workers[WORKER_desk].follows >> WORKER_analyst & 1);
	CHECK(workers[WORKER_desk].follows >> WORKER_health & 1);
	CHECK(workers[WORKER_analyst].follows >> WORKER_context & 1);
}

TEST(t_P1_single_places_whatever_backtest_needs_and_says_it_is_runnable)
{
	const struct layout *single = layout_find("single");
	CHECK(single->is_runnable);
	for (int w = 0; w < WORKERS_N; w++) {
		bool needed = w == WORKER_feed || w == WORKER_context || w == WORKER_analyst || w == WORKER_health || w == WORKER_desk || w == WORKER_ledger;
		CHECK_EQ(layout_places(single, (enum worker_id)w), needed);
	}
}

TEST(t_P1_engines_has_three_analysts_and_quoter_a_quoter)
{
	CHECK_EQ(places_of(layout_find("engines"), WORKER_analyst), 3);
	CHECK_EQ(places_of(layout_find("quoter"), WORKER_quoter), 1);
	CHECK_EQ(places_of(layout_find("batch"), WORKER_models), 2);
}
