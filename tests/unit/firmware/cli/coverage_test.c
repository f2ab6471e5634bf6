/* coverage_test.c - which cells were taken, as the verb reads it. */
#include <stdio.h>
#include <string.h>

#include "fsm/machines.h"
#include "hal/venues/session.h"
#include "tests/kit/test.h"
#include "tests/unit/firmware/cli/capture.h"

static struct capture said;
static char           path[128], line[160];

static void write_cells_of(FILE *file, const struct machine *machine)
{
	for (uint8_t s = 0; s < machine->states; s++)
		for (uint8_t e = 0; e < machine->events; e++)
			if (machine_cell(machine, s, e)->kind != CELL_BUG) fprintf(file, "%s %s %s 1 0\n", machine->name, machine->state_name[s], machine->event_name[e]);
}

/* All cells, and then this line; without is left out. */
static void coverage(const char *without, const char *more)
{
	char  all[128];
	FILE *file, *whole;
	snprintf(path, sizeof path, "%s/cells", test_folder());
	snprintf(all, sizeof all, "%s/all", test_folder());
	whole = fopen(all, "w+e");
	for (size_t i = 0; i < MACHINES_N; i++) write_cells_of(whole, machines[i]);
	write_cells_of(whole, &session_machine);
	rewind(whole);
	file = fopen(path, "we");
	while (fgets(line, sizeof line, whole))
		if (!*without || strncmp(line, without, strlen(without)) != 0) fputs(line, file);
	fputs(more, file);
	fclose(whole);
	fclose(file);
	snprintf(line, sizeof line, "fsm --coverage %s", path);
	capture_run(&said, verb_table, line);
}

TEST(t_P2_coverage_counts_what_was_taken_and_by_whom)
{
	coverage("", "");
	CHECK_EQ(said.code, CLI_DONE);
	CHECK(strstr(said.out, "day: 16 of 16 cells taken, 0 of them by hand alone\n") != 0);
	CHECK(strstr(said.out, "session: 88 of 88 cells taken") != 0 && !strstr(said.out, "never"));
	coverage("day OPEN CYCLE", "day OPEN CYCLE 0 5\n");
	CHECK_EQ(said.code, CLI_DONE);
	CHECK(strstr(said.out, "day: 16 of 16 cells taken, 1 of them by hand alone\n  by hand day OPEN CYCLE\n") != 0);
	coverage("session UP STOP", "");
	CHECK_EQ(said.code, CLI_FAILED);
	CHECK(strstr(said.out, "session: 87 of 88 cells taken, 0 of them by hand alone\n  never session UP STOP\n") != 0);
}

TEST(t_P2_coverage_refuses_what_is_no_list_of_cells)
{
	static const char *const wrong[] = { "day OPEN\n", "day OPENED CYCLE 1 0\n", "day OPEN CYCLES 1 0\n" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		coverage("", wrong[i]);
		CHECK_EQ(said.code, CLI_BAD_INPUT);
		CHECK(strstr(said.err, "is no list of cells of these machines") != 0);
	}
}
