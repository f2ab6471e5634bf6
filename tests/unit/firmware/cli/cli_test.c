/* A table of verbs of the test's own, so that parsing is tested apart from what the real verbs do. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

#include "firmware/cli/cli.h"
#include "tests/kit/test.h"
#include "tests/unit/firmware/cli/capture.h"

static int verb_trade(struct cli *cli)
{
	out_format(&cli->out, "speed %g days %lld layout %u from %d seed %lld json %d home %s arg %s", cli_double(cli, "--speed", 1),
	    (long long)cli_int(cli, "--days", -1), (unsigned)cli_choice(cli, "--layout", 9), (int)cli_day(cli, "--from", -1),
	    (long long)cli_int(cli, "--seed", 7), cli->json, cli_text(cli, "--home", "-"), cli->argument ? cli->argument : "-");
	return CLI_DONE;
}

static int verb_refuse(struct cli *cli) { return cli_refuse(cli, CLI_REFUSED, "not on a %s", "Sunday"); }

static int verb_loud(struct cli *cli)
{
	for (int i = 0; i < 10000; i++) out_format(&cli->out, "line %d\n", i);
	return CLI_DONE;
}

static const char *const layout_words[] = { "quoter", "batch", "single", 0 };
static const char *const speed_words[] = { "max", 0 };

// clang-format off
static const struct option_row trade_options[] = {
	{ "--layout", "LAYOUT", "which", OPTION_CHOICE, false, 0, 0, layout_words },
	{ "--speed", "SPEED", "how fast", OPTION_DOUBLE, false, 0, 1000, speed_words },
	{ "--days", "N", "how many", OPTION_INT, false, 1, 100, 0 },
	{ "--seed", "N", "of what", OPTION_INT, false, 0, INT64_MAX, 0 },
	{ "--from", "DATE", "first", OPTION_DATE, false, 0, 0, 0 },
	{ "--to", "DATE", "last", OPTION_DATE, false, 0, 0, 0 },
	{ "--home", "DIR", "where", OPTION_TEXT, false, 0, 0, 0 },
	{ "--data", "DIR", "what", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--live", 0, "for real", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};
static const struct option_row needy_options[] = { { "--data", "DIR", "what", OPTION_TEXT, true, 0, 0, 0 }, { 0 } };
static const struct option_row no_options[] = { { 0 } };
static const struct verb rows[] = {
	{ "trade", "trade things", verb_trade, trade_options, { "NAME", "of what", OPTION_TEXT, false }, "tickwork trade", 0 },
	{ "needy", "need things", verb_refuse, needy_options, { 0 }, "tickwork needy", 0 },
	{ "read", "read a file", verb_loud, no_options, { "FILE", "which", OPTION_FILE, true }, "tickwork read x", 0 },
	{ "refuse", "say no", verb_refuse, no_options, { 0 }, "tickwork refuse", 0 },
	{ "loud", "say much", verb_loud, no_options, { 0 }, "tickwork loud", 0 },
	{ "help", "help", verb_help, no_options, { "TOPIC", "on what", OPTION_TEXT, false }, "tickwork help", 0 },
};
// clang-format on
static const struct verb_table table = { rows, sizeof rows / sizeof *rows };

static struct capture said;

static void check_refused(const char *line, const char *sentence)
{
	char want[1024];
	snprintf(want, sizeof want, "tickwork: %s\n", sentence);
	capture_run(&said, table, line);
	CHECK_EQ(said.code, CLI_BAD_INPUT);
	CHECK_STR(said.err, want);
	CHECK_STR(said.out, "");
}

static void check_said(const char *line, const char *out)
{
	capture_run(&said, table, line);
	CHECK_EQ(said.code, CLI_DONE);
	CHECK_STR(said.out, out);
	CHECK_STR(said.err, "");
}

TEST(t_P18_options_reach_the_verb)
{
	check_said("trade", "speed 1 days -1 layout 9 from -1 seed 7 json 0 home - arg -");
	check_said("trade --speed 2.5 --days 100 --layout single --from 1970-01-02 --seed 9223372036854775807 --json --home h gold",
	    "speed 2.5 days 100 layout 2 from 1 seed 9223372036854775807 json 1 home h arg gold");
	check_said("trade gold --days=1 --home=a=b --layout=quoter", "speed 1 days 1 layout 0 from -1 seed 7 json 0 home a=b arg gold");
	check_said("trade --speed max", "speed inf days -1 layout 9 from -1 seed 7 json 0 home - arg -");
	check_said("trade -- --days", "speed 1 days -1 layout 9 from -1 seed 7 json 0 home - arg --days");
	check_said("trade -", "speed 1 days -1 layout 9 from -1 seed 7 json 0 home - arg -");
}

TEST(t_P18_bad_words_get_one_sentence)
{
	check_refused("", "which verb? `tickwork help` lists them");
	check_refused("tarde", "unknown verb \"tarde\"; did you mean trade? (`tickwork help` lists them)");
	check_refused("--quiet", "unknown option \"--quiet\"; the nearest is refuse (`tickwork help` lists them)");
	check_refused("trade --dyas 3", "unknown option \"--dyas\" of trade; did you mean --days?");
	check_refused("trade --dyas=3", "unknown option \"--dyas\" of trade; did you mean --days?");
	check_refused("trade -d", "unknown option \"-d\" of trade; the nearest is --to");
	check_refused("trade --days", "--days of trade needs a value: --days N");
	check_refused("trade --days --json", "--days of trade needs a value: --days N");
	check_refused("trade --days 3 --days 3", "--days is given twice; give it once");
	check_refused("trade --json --json", "--json is given twice; give it once");
	check_refused("trade --json=yes", "--json of trade takes no value");
	check_refused("trade --home=", "--home of trade is empty; give DIR");
	check_refused("trade a b", "trade takes one NAME; \"b\" is one too many");
	check_refused("refuse a", "refuse takes no argument; \"a\" is one too many");
	check_refused("needy", "needy needs --data DIR");
	check_refused("read", "read needs a FILE");
	check_refused("help trad", "no help on \"trad\"; did you mean trade?");
}

TEST(t_P18_bad_values_name_their_bounds)
{
	check_refused("trade --days three", "--days \"three\" is not a whole number; give 1..100");
	check_refused("trade --days 0", "--days \"0\" is out of bounds; give 1..100");
	check_refused("trade --days 101", "--days \"101\" is out of bounds; give 1..100");
	check_refused("trade --days -1", "--days \"-1\" is out of bounds; give 1..100");
	check_refused("trade --days 99999999999999999999", "--days \"99999999999999999999\" is not a whole number; give 1..100");
	check_refused("trade --speed fast", "--speed \"fast\" is not a number; give more than 0, up to 1000, or max");
	check_refused("trade --speed 0", "--speed \"0\" is out of bounds; give more than 0, up to 1000, or max");
	check_refused("trade --speed nan", "--speed \"nan\" is not a number; give more than 0, up to 1000, or max");
	check_refused("trade --layout singel", "unknown value \"singel\" of --layout; did you mean single? (quoter batch single)");
	check_refused("trade --layout sing", "unknown value \"sing\" of --layout; did you mean single? (quoter batch single)");
	check_refused("trade --from 2010-02-30", "--from \"2010-02-30\" is not a day; write YYYY-MM-DD");
	check_refused("trade --from 2010-01-02 --to 2010-01-01", "--from 2010-01-02 is after --to 2010-01-01; give an earlier --from, or a later --to");
}

TEST(t_P18_a_missing_path_names_its_neighbour)
{
	char line[256], want[512];
	int  fd = -1;
	snprintf(line, sizeof line, "%s/journal.bin", test_folder());
	fd = open(line, O_CREAT | O_WRONLY, 0600);
	CHECK(fd >= 0);
	close(fd);
	snprintf(line, sizeof line, "read %s/jornal.bin", test_folder());
	snprintf(want, sizeof want, "read \"%s/jornal.bin\": no such file; did you mean journal.bin?", test_folder());
	check_refused(line, want);
	snprintf(line, sizeof line, "read %s", test_folder());
	snprintf(want, sizeof want, "read \"%s\" is a folder, not a file", test_folder());
	check_refused(line, want);
	snprintf(line, sizeof line, "trade --data %s/journal.bin", test_folder());
	snprintf(want, sizeof want, "--data \"%s/journal.bin\" is a file, not a folder", test_folder());
	check_refused(line, want);
	snprintf(line, sizeof line, "trade --data %s/journal.bin/", test_folder());
	snprintf(want, sizeof want, "--data \"%s/journal.bin/\": Not a directory", test_folder());
	check_refused(line, want);
	snprintf(line, sizeof line, "trade --data %s/no/such/place", test_folder());
	snprintf(want, sizeof want, "--data \"%s/no/such/place\": no such folder", test_folder());
	check_refused(line, want);
}

TEST(t_P18_too_many_words_are_refused)
{
	char line[512] = "trade";
	for (int i = 0; i < CLI_WORDS_MAX; i++) strcat(line, " x");
	check_refused(line, "66 words on the command line are more than 64");
}

TEST(t_P18_help_wins_over_mistakes)
{
	capture_run(&said, table, "needy --dtaa --help");
	CHECK_EQ(said.code, CLI_DONE);
	CHECK(strstr(said.out, "usage: tickwork needy --data DIR [--json]\n"));
	CHECK(strstr(said.out, "Example\n  tickwork needy\n"));
	capture_run(&said, table, "-h");
	CHECK_EQ(said.code, CLI_DONE);
	CHECK(strstr(said.out, "  trade     trade things\n"));
	capture_run(&said, table, "help refuse --json");
	CHECK_STR(said.out,
	    "{\"verb\":\"refuse\",\"what\":\"say no\",\"argument\":null,\"argument_required\":false,\"options\":["
	    "{\"name\":\"--json\",\"value\":null,\"required\":false,\"what\":\"one JSON object, or one a line\"},"
	    "{\"name\":\"--help\",\"value\":null,\"required\":false,\"what\":\"this text\"}],\"example\":\"tickwork refuse\"}\n");
}

TEST(t_P18_a_verb_refuses_with_its_code)
{
	capture_run(&said, table, "refuse");
	CHECK_EQ(said.code, CLI_REFUSED);
	CHECK_STR(said.err, "tickwork: not on a Sunday\n");
}

static int run_loud_on(int fd)
{
	char *words[] = { (char[]){ "tickwork" }, (char[]){ "loud" } };
	int   err = memfd_create("err", 0), code = cli_run(table, 2, words, fd, err);
	capture_text(err, said.err);
	return code;
}

TEST(t_P18_a_reader_that_left_is_no_error)
{
	int ends[2];
	CHECK_EQ(pipe(ends), 0);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	CHECK_EQ(run_loud_on(ends[1]), CLI_DONE);
	CHECK_STR(said.err, "");
}

TEST(t_P18_a_full_disk_behind_the_output_is_said)
{
	int full = open("/dev/full", O_WRONLY);
	if (full < 0) SKIP("no /dev/full here");
	CHECK_EQ(run_loud_on(full), CLI_FAILED);
	CHECK_STR(said.err, "tickwork: could not write standard output: No space left on device\n");
}

TEST(t_P18_nothing_is_lost_in_the_buffer)
{
	size_t lines = 0;
	static char out[200000];
	int    fd = memfd_create("out", 0);
	CHECK_EQ(run_loud_on(fd), CLI_DONE);
	CHECK(pread(fd, out, sizeof out - 1, 0) > 0);
	for (const char *at = strstr(out, "line "); at; at = strstr(at + 1, "line ")) lines++;
	CHECK_EQ(lines, 10000);
	CHECK(strstr(out, "line 9999\n"));
}

/* Random lines of known and broken words: always a code, never a trap, and a refusal is one line. */
TEST(t_P18_any_words_end_in_a_code_and_one_sentence)
{
	static const char *const words[] = { "trade", "needy", "read", "refuse", "help", "--days", "--days=", "--days=5", "--speed", "max", "nan",
		"--layout", "single", "--from", "2010-01-01", "--to", "--json", "--help", "--", "-", "-x", "--home", "\033[2J", "\xff\xfe", "=", "--=",
		"--data", "/", "5", "-5", "x", "--live", "--live=1" };
	uint64_t random = 0x7469636b;
	for (int round = 0; round < 3000; round++) {
		char line[512] = "";
		for (uint32_t i = 0, count = (uint32_t)(random >> 33) % 6; i <= count; i++) {
			random = random * 6364136223846793005U + 1442695040888963407U;
			strcat(line, words[(random >> 33) % (sizeof words / sizeof *words)]);
			strcat(line, " ");
		}
		capture_run(&said, table, line);
		CHECK(said.code == CLI_DONE || said.code == CLI_BAD_INPUT || said.code == CLI_REFUSED);
		CHECK(said.code == CLI_DONE ? said.err[0] == '\0' : strchr(said.err, '\n') == said.err + strlen(said.err) - 1);
	}
}

static void ask_for_a_strange_option(void)
{
	struct cli cli = { .table = table, .verb = &rows[0] };
	cli_given(&cli, "--strange");
}

TEST(t_P18_an_option_outside_the_row_is_a_bug) { CHECK_BUG(ask_for_a_strange_option, 4200); }
