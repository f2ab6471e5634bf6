/* What holds for every verb of the real table. */
#include <stdio.h>

#include "firmware/layouts.h"
#include "tests/kit/test.h"
#include "tests/unit/firmware/cli/capture.h"

static struct capture said;

static size_t longest_line(const char *text)
{
	size_t longest = 0;
	while (*text) {
		size_t length = strcspn(text, "\n");
		if (length > longest) longest = length;
		text += length + (text[length] == '\n');
	}
	return longest;
}

static void check_option(const struct verb *verb, const struct option_row *row)
{
	CHECK(strncmp(row->name, "--", 2) == 0);
	CHECK(row->what != 0);
	CHECK((row->kind == OPTION_FLAG) == (row->placeholder == 0));
	CHECK(row->kind != OPTION_CHOICE || row->words);
	CHECK(verb_option(verb, row->name) == row);
}

TEST(t_P18_every_row_is_whole)
{
	for (size_t i = 0; i < verb_table.count; i++) {
		const struct verb *verb = &verb_table.verb[i];
		bool               whole = verb->name && verb->what && verb->run && verb->options && verb->example;
		size_t             options = 0;
		CHECK(whole);
		if (!whole) continue;
		CHECK(strstr(verb->example, verb->name) != 0);
		for (const struct option_row *row = verb_option_next(verb, 0); row; row = verb_option_next(verb, row), options++)
			check_option(verb, row);
		CHECK(options >= 2 && options <= VERB_OPTIONS_MAX);
	}
}

TEST(t_P1_layout_choices_are_the_layouts)
{
	const struct option_row *row = verb_option(verb_find(verb_table, "run"), "--layout");
	CHECK(row != 0);
	for (size_t i = 0; row && i < LAYOUTS_N; i++) CHECK_STR(row->words[i], layouts[i].name);
	CHECK(row && row->words[LAYOUTS_N] == 0);
}

TEST(t_P18_every_verb_explains_itself_in_80_columns)
{
	char line[64];
	for (size_t i = 0; i < verb_table.count; i++) {
		snprintf(line, sizeof line, "%s --help", verb_table.verb[i].name);
		capture_run(&said, verb_table, line);
		CHECK_EQ(said.code, CLI_DONE);
		CHECK(longest_line(said.out) <= 80);
		CHECK(strstr(said.out, "usage: tickwork ") != 0);
		CHECK(strstr(said.out, verb_table.verb[i].example) != 0);
		CHECK(strstr(said.out, "--json") != 0);
	}
	capture_run(&said, verb_table, "help");
	CHECK(longest_line(said.out) <= 80);
	for (size_t i = 0; i < verb_table.count; i++) CHECK(strstr(said.out, verb_table.verb[i].what) != 0);
}

TEST(t_P18_a_swapped_pair_in_any_verb_is_understood)
{
	for (size_t i = 0; i < verb_table.count; i++) {
		char        word[32], want[64];
		const char *name = verb_table.verb[i].name;
		snprintf(word, sizeof word, "%s", name);
		size_t at = name[1] == name[2] ? 2 : 1;        /* a pair of two letters */
		word[at] = name[at + 1];
		word[at + 1] = name[at];
		capture_run(&said, verb_table, word);
		CHECK_EQ(said.code, CLI_BAD_INPUT);
		snprintf(want, sizeof want, "did you mean %s?", name);
		CHECK(strstr(said.err, want) != 0);
	}
}

TEST(t_P18_tables_fit_80_columns)
{
	static const char *const lines[] = { "config", "config universe", "config leverage_max_bp", "fsm", "fsm order", "fsm day", "fsm ladder",
		"fsm stop", "version", "help exit-codes" };
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		capture_run(&said, verb_table, lines[i]);
		CHECK_EQ(said.code, CLI_DONE);
		CHECK(said.out[0] != '\0');
		CHECK(longest_line(said.out) <= 80);
	}
}

static void check_refused(const char *line, const char *sentence)
{
	char want[512];
	snprintf(want, sizeof want, "tickwork: %s\n", sentence);
	capture_run(&said, verb_table, line);
	CHECK_EQ(said.code, CLI_BAD_INPUT);
	CHECK_STR(said.err, want);
}

TEST(t_P18_unknown_names_are_named)
{
	check_refused("config drawdwon_level1_bp", "unknown key \"drawdwon_level1_bp\"; did you mean drawdown_level1_bp?");
	check_refused("config univers", "unknown key \"univers\"; did you mean universe?");
	check_refused("fsm ordr", "unknown machine \"ordr\"; did you mean order?");
	check_refused("fsm order --dot --json", "--dot and --json are two forms; give one");
	check_refused("backtest", "backtest needs --data DIR");
	check_refused("run --layout sinlge",
	    "unknown value \"sinlge\" of --layout; did you mean single? (appliance quoter engines batch single)");
}

static void write_conf(const char *text)
{
	char  path[256];
	FILE *file;
	snprintf(path, sizeof path, "%s/tickwork.conf", test_folder());
	file = fopen(path, "w");
	CHECK(file && fputs(text, file) >= 0);
	if (file) fclose(file);
}

TEST(t_P18_config_shows_what_the_machine_tightened)
{
	char line[256];
	write_conf("# this machine\nleverage_max_bp = 10000\n");
	snprintf(line, sizeof line, "config leverage_max_bp --home %s", test_folder());
	capture_run(&said, verb_table, line);
	CHECK_EQ(said.code, CLI_DONE);
	CHECK(strstr(said.out, "tickwork.conf line 2 tightens it from 15000\n") != 0);
	strcat(line, " --json");
	capture_run(&said, verb_table, line);
	CHECK_STR(said.out, "{\"name\":\"leverage_max_bp\",\"value\":10000,\"min\":1000,\"max\":15000,\"unit\":\"bp\",\"tighten\":\"lower\","
	                    "\"why\":\"R6: leverage 1.5 at most\",\"built_in\":15000,\"line\":2}\n");
	write_conf("leverage_max_bp = 15001\n");
	snprintf(line, sizeof line, "config --home %s", test_folder());
	capture_run(&said, verb_table, line);
	CHECK_EQ(said.code, CLI_BAD_INPUT);
	CHECK_STR(said.err, "tickwork: tickwork.conf line 1: leverage_max_bp = \"15001\" is out of bounds; give 1000..15000 bp\n");
}

TEST(t_P2_fsm_json_has_its_shape)
{
	capture_run(&said, verb_table, "fsm --json");
	CHECK_EQ(said.code, CLI_DONE);
	CHECK(strncmp(said.out, "[{\"name\":\"", 10) == 0);
	CHECK(strstr(said.out, "\"states\":") && strstr(said.out, "\"events\":"));
	CHECK(strstr(said.out, "\"cells\":{\"go\":") && strstr(said.out, "\"reachable\":true}"));
	CHECK(strstr(said.out, "\"reachable\":false") == 0);
	CHECK(said.out[strlen(said.out) - 2] == ']');
}
