/* audit_test.c - the declaration adds up, says nothing twice, fits, and is refused when it does not. */
#include "firmware/audit.h"

#include <string.h>

#include "fsm/care/process.h"
#include "hal/linux/memory.h"
#include "hal/linux/usage.h"
#include "tests/kit/test.h"

static struct audit    audit;
static struct trading *trading;

static void look(void)
{
	struct settings settings;
	settings_default(&settings);
	trading = trading_take();
	BUG_UNLESS(4323, trading);
	rooms_init(&trading->rooms, PLACED_SINGLE, 1, &settings, true);
	pump_init(&trading->pump, trading->map, &trading->rooms, &trading->hal, 0);
	audit_look(&audit, trading);
}

static uint64_t part(const char *name)
{
	for (size_t i = 0; i < AUDIT_PARTS_N; i++)
		if (strcmp(audit.part[i].name, name) == 0) return audit.part[i].bytes;
	bug_trap(4337);        /* there is no such part */
}

TEST(t_O10_the_parts_add_up_to_what_is_taken)
{
	uint64_t sum = 0, regions = 0;
	look();
	for (size_t i = 0; i < AUDIT_PARTS_N; i++) sum += audit.part[i].bytes;
	for (size_t i = 0; i < REGION_ROWS_N; i++) regions += budget_note.desc.region[i].bytes;
	CHECK_EQ(regions, sizeof(struct memory_map));
	CHECK_EQ(audit.map_bytes, sizeof(struct memory_map));
	CHECK_EQ(audit.private_bytes, sum);
	CHECK_EQ(audit.declared_bytes, sum + regions);
	uint64_t others = part("program") + part("stack") + part("kernel");
	CHECK_EQ(sum - others, BUDGET_PAGES(sizeof(struct trading)) + BUDGET_PAGES(sizeof(struct run)));
	CHECK_EQ(part("stack"), CFG_stack_kib * 1024);
	CHECK_EQ(part("sqlite_heap"), CFG_ledger_heap_kib * 1024);
	CHECK(part("program") >= LOOP_ARENA_BYTES);
}

TEST(t_O10_declared_is_within_the_budget_of_a_gibibyte)
{
	look();
	uint64_t product = audit.declared_bytes - part("program") + AUDIT_PROGRAM_MAX;        /* here the program is the one of the tests */
	CHECK(product <= audit.limit_bytes);
	CHECK_EQ(audit.limit_bytes, (int64_t)CFG_budget_all_kib * 1024);
	CHECK(audit.limit_bytes <= UINT64_C(768) << 20);
}

TEST(t_O10_every_name_is_said_once)
{
	look();
	for (size_t i = 0; i < AUDIT_PARTS_N; i++)
		for (size_t j = 0; j < i; j++) CHECK(strcmp(audit.part[i].name, audit.part[j].name) != 0);
	for (size_t i = 0; i < AUDIT_TABLES_N; i++)
		for (size_t j = 0; j < i; j++) CHECK(strcmp(audit.table[i].name, audit.table[j].name) != 0);
	for (size_t i = 0; i < AUDIT_ARENAS_N; i++)
		for (size_t j = 0; j < AUDIT_TABLES_N; j++) CHECK(strcmp(audit.arena[i].name, audit.table[j].name) != 0);
}

TEST(t_O10_fresh_tables_are_all_free)
{
	look();
	for (size_t i = 0; i < AUDIT_TABLES_N; i++) {
		CHECK(audit.table[i].maximum > 0);
		CHECK_EQ(audit.table[i].low_water, audit.table[i].maximum);
	}
	for (size_t i = 0; i < AUDIT_ARENAS_N; i++) CHECK_EQ(audit.arena[i].low_water, audit.arena[i].bytes);
}

static uint64_t low_water(const char *name)
{
	audit_look(&audit, trading);
	for (size_t i = 0; i < AUDIT_TABLES_N; i++)
		if (strcmp(audit.table[i].name, name) == 0) return audit.table[i].low_water;
	bug_trap(4338);        /* there is no such table */
}

TEST(t_O10_low_water_is_the_live_table_s)
{
	struct event event = event_make(EVENT_ALARM, 0, 0);
	look();
	for (int i = 0; i < CFG_ring_events; i++) CHECK(channel_put(&trading->pump.channel[CHANNEL_alarms], &event, sizeof event));
	CHECK(!channel_put(&trading->pump.channel[CHANNEL_alarms], &event, sizeof event));
	CHECK_EQ(low_water("alarms"), 0);
	CHECK_EQ(low_water("signals_high"), CFG_ring_events);
	for (uint64_t id = 1; id <= 10; id++) CHECK(order_table_take(&trading->rooms.desk.orders, id, true) != 0);
	CHECK_EQ(low_water("orders"), CFG_orders_max - 10);
	trading->bars.of[3].count = 100;
	CHECK_EQ(low_water("bars"), CFG_bars_max - 100);
	CHECK(executions_first_time(&trading->rooms.desk.orders.executions, 7));
	CHECK_EQ(low_water("executions"), EXECUTIONS_GENERATION_MAX - 1);
}

TEST(t_O10_over_budget_or_another_number_of_bytes_mapped_is_not_ok)
{
	struct audit said = { .declared_bytes = 100, .limit_bytes = 100, .mapped_bytes = 100, .resident_bytes = 100 };
	CHECK(audit_is_ok(&said));
	said.declared_bytes = 101;
	CHECK(!audit_is_ok(&said));
	said = (struct audit){ .declared_bytes = 100, .limit_bytes = 200, .mapped_bytes = 101, .resident_bytes = 50 };
	CHECK(!audit_is_ok(&said));
	said = (struct audit){ .declared_bytes = 100, .limit_bytes = 200, .mapped_bytes = 99, .resident_bytes = 50 };
	CHECK(!audit_is_ok(&said));
	said = (struct audit){ .declared_bytes = 100, .limit_bytes = 200, .mapped_bytes = 100, .resident_bytes = 101 };
	CHECK(!audit_is_ok(&said));
	said = (struct audit){ .declared_bytes = 100, .limit_bytes = 200 };
	CHECK(audit_is_ok(&said));
}

/* The kernel's count moves by what is taken, and resident by what is touched. */
TEST(t_O10_the_kernel_counts_what_is_taken)
{
	enum { BYTES = 8 << 20 };
	struct usage before, taken, touched;
	CHECK(usage_read(&before));
	uint8_t *memory = memory_take(BYTES);
	CHECK(memory != 0);
	CHECK(usage_read(&taken));
	CHECK_EQ(taken.mapped_bytes - before.mapped_bytes, BYTES);
	memset(memory, 1, BYTES);
	CHECK(usage_read(&touched));
	CHECK(touched.resident_bytes >= taken.resident_bytes + BYTES - (1 << 20));
	CHECK_EQ(touched.mapped_bytes, taken.mapped_bytes);
	CHECK(usage_program_bytes() > 0 && usage_program_bytes() % MAP_PAGE_BYTES == 0);
}

static struct memory_map running;

static struct audit_view view_of(void)
{
	struct audit_view view = { .budget = &budget_note.desc, .map = &running, .layout = "appliance", .is_alive = true, .rest_bytes = 4096 };
	return view;
}

TEST(t_O10_a_process_that_runs_is_held_against_its_declaration)
{
	uint64_t declared = budget_process_bytes(&budget_note.desc, BUDGET_OF(desk), false, 4096);
	memcpy(running.life->of[4].name, "market_decision_engine", sizeof "market_decision_engine");
	running.life->of[4].state = PROCESS_READY;
	running.progress_desk->memory = (struct footprint){ .mapped_bytes = declared, .resident_bytes = 4096, .share_bytes = 1024, .looked_ns = 1 };
	struct audit_view view = view_of();
	audit_view_fill(&view);
	CHECK(audit_view_is_ok(&view));
	CHECK_EQ(view.mapped_bytes, declared);
	CHECK_EQ(view.share_bytes, 1024);
	CHECK_EQ(view.processes, APPLIANCE_PROCESSES_MAX + 2);
	CHECK(!view.process[view.processes - 1].is_running);        /* the rescue shares the desk's word and is not there */
	running.progress_desk->memory.mapped_bytes += 4096;
	view = view_of();
	audit_view_fill(&view);
	CHECK(!audit_view_is_ok(&view));
	CHECK_STR(audit_stranger(&view)->name, "market_decision_engine");
	view = view_of();
	view.is_alive = false;
	audit_view_fill(&view);
	CHECK(audit_view_is_ok(&view));
	CHECK_EQ(view.mapped_bytes, 0);
}
