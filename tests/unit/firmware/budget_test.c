/* budget_test.c - processes of a layout and the parts that each of them has. */
#include "firmware/budget.h"

#include <string.h>

#include "hal/linux/files.h"
#include "tests/kit/test.h"

static struct budget_process process[BUDGET_ROWS_MAX];

static uint32_t whose(const char *name)
{
	uint32_t rows = budget_processes(&budget_note.desc, "appliance", process);
	for (uint32_t i = 0; i < rows; i++)
		if (strcmp(process[i].name, name) == 0) return process[i].whose;
	bug_trap(4531);        /* there is no such process */
}

TEST(t_O10_the_appliance_is_a_watchdog_its_processes_and_the_rescue)
{
	CHECK_EQ(budget_processes(&budget_note.desc, "appliance", process), APPLIANCE_PROCESSES_MAX + 2);
	CHECK_STR(process[0].name, "watchdog");
	CHECK_STR(process[APPLIANCE_PROCESSES_MAX + 1].name, "rescue");
	CHECK_EQ(whose("watchdog"), BUDGET_WATCHDOG);
	CHECK_EQ(whose("rescue"), whose("market_decision_engine"));
	CHECK_EQ(whose("market_decision_engine"), BUDGET_OF(desk));
	CHECK_EQ(whose("position_health_monitor"), BUDGET_OF(health) | BUDGET_OF(ledger));
	CHECK_EQ(budget_processes(&budget_note.desc, "single", process), 1);
	CHECK_EQ(process[0].whose, BUDGET_SINGLE);
}

TEST(t_O10_parts_are_whole_pages_and_named_once)
{
	const struct budget *budget = &budget_note.desc;
	CHECK(budget->parts > 0);
	for (uint32_t i = 0; i < budget->parts; i++) {
		CHECK(budget->part[i].bytes > 0 && budget->part[i].bytes % MAP_PAGE_BYTES == 0);
		CHECK(budget->part[i].whose != 0);
		for (uint32_t j = 0; j < i; j++) CHECK(strcmp(budget->part[i].name, budget->part[j].name) != 0);
	}
}

/* The table is written by macros of its own: here it meets the tables that run. */
TEST(t_O10_the_note_has_the_regions_and_processes_that_run)
{
	const struct budget *budget = &budget_note.desc;
	const struct layout *layout = &layouts[LAYOUT_appliance_id];
	CHECK_EQ(budget->regions, REGION_ROWS_N);
	for (uint32_t i = 0; i < REGION_ROWS_N; i++) {
		CHECK_STR(budget->region[i].name, region_rows[i].name);
		CHECK_STR(budget->region[i].readers, region_rows[i].readers);
		CHECK_STR(budget->region[i].writer, writer_name(region_rows[i].writer));
		CHECK_EQ(budget->region[i].bytes, BUDGET_PAGES(region_rows[i].bytes));
	}
	for (size_t i = 0; i < layout->places; i++) CHECK(whose(layout->place[i].process) >> layout->place[i].worker & 1);
}

/* What is there once counts once, and the rescue never beside the desk. */
TEST(t_O10_a_layout_counts_the_shared_map_once)
{
	const struct budget *budget = &budget_note.desc;
	uint32_t             rows = budget_processes(budget, "appliance", process);
	uint64_t             own = 0, once = BUDGET_PAGES(sizeof(struct memory_map));
	for (uint32_t i = 0; i < budget->parts; i++)
		if (strcmp(budget->part[i].name, "bars") == 0) once += budget->part[i].bytes;
	for (uint32_t i = 0; i + 1 < rows; i++) own += budget_process_bytes(budget, process[i].whose, false, 4096) - once;
	CHECK_EQ(budget_layout_bytes(budget, "appliance", false, 4096), own + once);
	CHECK(budget_layout_bytes(budget, "appliance", true, 4 << 20) <= budget->limit_bytes);
}

TEST(t_O10_only_who_speaks_to_a_venue_declares_more_by_protocol)
{
	const char *const silent[] = { "watchdog", "strategy_analyzer", "position_health_monitor", "combined_analyzer" };
	for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
		CHECK_EQ(budget_parts_bytes(&budget_note.desc, whose(silent[i]), true), budget_parts_bytes(&budget_note.desc, whose(silent[i]), false));
	CHECK(budget_parts_bytes(&budget_note.desc, BUDGET_OF(desk), true) > budget_parts_bytes(&budget_note.desc, BUDGET_OF(desk), false));
	CHECK(budget_parts_bytes(&budget_note.desc, BUDGET_OF(feed), true) > budget_parts_bytes(&budget_note.desc, BUDGET_OF(feed), false));
	CHECK(budget_declared_bytes(BUDGET_OF(desk), true) > budget_parts_bytes(&budget_note.desc, BUDGET_OF(desk), true));
}

/* --- of another program --------------------------------------------------------------------------------------------- */

static struct budget_note read_note;

static enum budget_verdict read_of(const char *path)
{
	uint64_t program_bytes;
	return budget_read(path, &read_note, &program_bytes);
}

/* A program as small as one can be: a header, a segment, two sections: the names and the note. */
struct tiny {
	uint8_t            head[64], segment[56];
	uint8_t            section[3][64];
	char               names[32];
	struct budget_note note;
};

static void put(uint8_t *at, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static void put_section(uint8_t *at, uint32_t name, uint64_t offset, uint64_t bytes)
{
	put(at, name, 4);
	put(at + 4, 7, 4);
	put(at + 24, offset, 8);
	put(at + 32, bytes, 8);
}

static void make_tiny(struct tiny *tiny)
{
	static const uint8_t ident[] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };
	memset(tiny, 0, sizeof *tiny);
	memcpy(tiny->head, ident, sizeof ident);
	put(tiny->head + 18, 62, 2);
	put(tiny->head + 32, offsetof(struct tiny, segment), 8);
	put(tiny->head + 40, offsetof(struct tiny, section), 8);
	put(tiny->head + 54, 56, 2);
	put(tiny->head + 56, 1, 2);
	put(tiny->head + 58, 64, 2);
	put(tiny->head + 60, 3, 2);
	put(tiny->head + 62, 1, 2);
	put(tiny->segment, 1, 4);
	put(tiny->segment + 16, 0x400000, 8);
	put(tiny->segment + 40, 5000, 8);
	memcpy(tiny->names, "\0.names\0" BUDGET_NOTE_SECTION, 8 + sizeof BUDGET_NOTE_SECTION);
	put_section(tiny->section[1], 1, offsetof(struct tiny, names), sizeof tiny->names);
	put_section(tiny->section[2], 8, offsetof(struct tiny, note), sizeof tiny->note);
	tiny->note = budget_note;
}

static enum budget_verdict verdict_of(const struct tiny *tiny, size_t bytes)
{
	char path[FILES_PATH_MAX];
	CHECK(files_path(path, test_folder(), "program") == FILES_OK);
	CHECK(files_replace(path, tiny, bytes, false) == FILES_OK);
	return read_of(path);
}

TEST(t_O10_the_table_of_a_program_is_read_from_its_file)
{
	struct tiny tiny;
	uint64_t    program_bytes;
	char        path[FILES_PATH_MAX];
	CHECK_EQ(read_of("/proc/self/exe"), BUDGET_OK);
	CHECK(memcmp(&read_note, &budget_note, sizeof budget_note) == 0);
	make_tiny(&tiny);
	CHECK_EQ(verdict_of(&tiny, sizeof tiny), BUDGET_OK);
	CHECK(memcmp(&read_note, &budget_note, sizeof budget_note) == 0);
	CHECK(files_path(path, test_folder(), "program") == FILES_OK);
	CHECK_EQ(budget_read(path, &read_note, &program_bytes), BUDGET_OK);
	CHECK_EQ(program_bytes, 8192);
}

TEST(t_O10_what_is_no_table_of_ours_has_its_verdict)
{
	struct tiny tiny;
	make_tiny(&tiny);
	CHECK_EQ(read_of("/nonexistent"), BUDGET_UNREADABLE);
	CHECK_EQ(read_of("/"), BUDGET_UNREADABLE);
	CHECK_EQ(verdict_of(&tiny, 0), BUDGET_NO_PROGRAM);
	tiny.note.desc.version++;
	CHECK_EQ(verdict_of(&tiny, sizeof tiny), BUDGET_OTHER_VERSION);
	make_tiny(&tiny);
	tiny.note.desc.bytes -= 8;
	CHECK_EQ(verdict_of(&tiny, sizeof tiny), BUDGET_DAMAGED);
	make_tiny(&tiny);
	tiny.note.desc.parts = BUDGET_PARTS_MAX + 1;
	CHECK_EQ(verdict_of(&tiny, sizeof tiny), BUDGET_DAMAGED);
	make_tiny(&tiny);
	memset(tiny.note.desc.region[0].what, 'x', sizeof tiny.note.desc.region[0].what);
	CHECK_EQ(verdict_of(&tiny, sizeof tiny), BUDGET_DAMAGED);
	make_tiny(&tiny);
	put(tiny.section[2] + 32, sizeof tiny.note - 8, 8);
	CHECK_EQ(verdict_of(&tiny, sizeof tiny), BUDGET_DAMAGED);
	make_tiny(&tiny);
	tiny.names[12] = 'X';
	CHECK_EQ(verdict_of(&tiny, sizeof tiny), BUDGET_NO_NOTE);
}

/* Whatever one byte of the file is, and wherever it ends, there is a verdict; the file's own numbers are never believed. */
TEST(t_O10_a_damaged_program_is_told_and_never_followed)
{
	struct tiny tiny;
	make_tiny(&tiny);
	for (size_t i = 0; i < offsetof(struct tiny, note); i++) {
		((uint8_t *)&tiny)[i] ^= 0xff;
		CHECK(verdict_of(&tiny, sizeof tiny) < BUDGET_VERDICTS_N);
		((uint8_t *)&tiny)[i] ^= 0xff;
	}
	for (size_t bytes = 0; bytes < sizeof tiny; bytes += bytes < 512 ? 7 : 2048) CHECK(verdict_of(&tiny, bytes) != BUDGET_OK);
}
