/* doctor_test.c - `tickwork doctor` and `run --dry-run` show every check and make nothing; any other run is stopped by the first failure (P12). */
#include "firmware/modes/doctor.h"

#include <sys/stat.h>

#include "hal/linux/lock.h"
#include "tests/kit/test.h"
#include "tests/unit/firmware/cli/capture.h"

static struct capture said;
static char line[1024];

static void write_file(const char *name, const char *text, mode_t mode)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", test_folder(), name);
	FILE *file = fopen(path, "w");
	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0 && chmod(path, mode) == 0);
}

static void check_width(const char *text)
{
	for (size_t length = 0; *text; text = text[length] ? text + length + 1 : text + length) {
		length = strcspn(text, "\n");
		CHECK(length <= 80);
	}
}

TEST(t_P12_all_checks_are_shown_and_nothing_is_made)
{
	static const char *const verbs[] = { "doctor", "run --dry-run" };
	struct stat        info;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		snprintf(line, sizeof line, "%s --home %s/home", verbs[i], test_folder());
		capture_run(&said, verb_table, line);
		CHECK_EQ(said.code, CLI_DONE);
		CHECK(strstr(said.out, "CHECK           RESULT  FOUND, AND WHAT TO DO\nclock           ok      20") == said.out);
		for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++) CHECK(strstr(said.out, preflight_name(id)) != 0);
		CHECK(strstr(said.out, " to note, 0 to read, 0 that stop a run\n") != 0);
		check_width(said.out);
		CHECK_STR(said.err, "");
		snprintf(line, sizeof line, "%s/home", test_folder());
		CHECK(stat(line, &info) != 0);
	}
}

TEST(t_P12_the_doctor_visits_a_running_instance)
{
	int holder, fd;
	CHECK_EQ(lock_take(test_folder(), &holder, &fd), LOCK_OK);
	snprintf(line, sizeof line, "doctor --home %s", test_folder());
	capture_run(&said, verb_table, line);
	CHECK_EQ(said.code, CLI_DONE);
	CHECK(strstr(said.out, "lock            ok      an instance (process ") != 0);
	snprintf(line, sizeof line, "run --dry-run --home %s", test_folder());
	capture_run(&said, verb_table, line);
	CHECK_EQ(said.code, CLI_FAILED);
	CHECK(strstr(said.out, "lock            FAIL    another instance (process ") != 0);
}

TEST(t_P12_a_broken_journal_is_a_failure_with_a_way_out)
{
	write_file("journal", "no journal at all\n", 0600);
	snprintf(line, sizeof line, "doctor --json --home %s", test_folder());
	capture_run(&said, verb_table, line);
	CHECK_EQ(said.code, CLI_FAILED);
	CHECK(strstr(said.out, "/journal is not a journal of tickwork\",\"advice\":\"bring it back from a backup, or move it away") != 0);
}

TEST(t_P12_books_that_are_none)
{
	write_file("books.db", "no database at all, but long enough to be looked at as one: ...............................................................", 0600);
	snprintf(line, sizeof line, "doctor --json --home %s", test_folder());
	capture_run(&said, verb_table, line);
	CHECK_EQ(said.code, CLI_FAILED);
	CHECK(strstr(said.out, "\"name\":\"books\"") != 0);
	CHECK(strstr(said.out, "is damaged or is not a database") != 0);
}

TEST(t_P12_a_dry_run_that_fails_exits_1)
{
	snprintf(line, sizeof line, "run --dry-run --layout appliance --venue alpaca --home %s", test_folder());
	capture_run(&said, verb_table, line);
	CHECK_EQ(said.code, CLI_FAILED);
	CHECK(strstr(said.out, "secrets         FAIL    APCA_API_KEY_ID is missing:\n") != 0);
	CHECK_STR(said.err, "");
	strcat(line, " --json");
	capture_run(&said, verb_table, line);
	CHECK_EQ(said.code, CLI_FAILED);
	CHECK(strstr(said.out, "{\"ok\":false,\"notes\":") == said.out);
	CHECK(strstr(said.out, ",\"checks\":[{\"name\":\"clock\",\"what\":\"") != 0);
	CHECK(strstr(said.out, "there, private\",\"result\":\"fail\",\"found\":\"APCA_API_KEY_ID is missing\",\"advice\":\"set it in the environment, ") != 0);
	CHECK(strcmp(said.out + strlen(said.out) - 4, "}]}\n") == 0);
}

TEST(t_P12_a_run_stops_at_the_first_failure)
{
	write_file("tickwork.conf", "leverage_max_bp = 1\n", 0600);
	for (int layout = 0; layout < 2; layout++) {
		snprintf(line, sizeof line, "run --layout %s --days 1 --home %s", layout ? "appliance" : "single", test_folder());
		capture_run(&said, verb_table, line);
		CHECK_EQ(said.code, CLI_BAD_INPUT);
		CHECK_STR(said.err, "tickwork: tickwork.conf line 1: leverage_max_bp = \"1\" is out of bounds; give 1000..15000 bp\n");
		CHECK_STR(said.out, "");
	}
}

static struct venue_plan plan;

static int check_only(struct cli *cli)
{
	char             refusal[SECRET_SENTENCE_BYTES];
	struct secrets   secrets;
	struct preflight preflight = { .home = test_folder(), .plan = &plan, .secrets = &secrets, .secrets_refusal = refusal };
	(void)secrets_take(&secrets, test_folder(), refusal);
	return doctor_warn(&preflight, cli);
}

TEST(t_P12_a_warning_is_said_and_stops_nothing)
{
	struct verb run = *verb_find(verb_table, "run");
	char        want[1024];
	run.run = check_only;
	write_file("secrets", "", 0644);
	capture_run(&said, (struct verb_table){ &run, 1 }, "run");
	CHECK_EQ(said.code, CLI_DONE);
	CHECK_STR(said.out, "");
	snprintf(want, sizeof want, "tickwork: warning: %s/secrets has mode 0644 and others may open it: ", test_folder());
	CHECK(strstr(said.err, want) != 0);
}
