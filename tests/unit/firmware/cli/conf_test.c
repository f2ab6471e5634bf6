#include "firmware/cli/conf.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kit/test.h"

static struct conf conf;

static bool parse(const char *text) { return conf_parse(&conf, text, strlen(text)); }

static void check_refused(const char *text, const char *sentence)
{
	struct settings built_in;
	settings_default(&built_in);
	CHECK(!parse(text));
	CHECK_STR(conf.refusal, sentence);
	CHECK(memcmp(&conf.settings, &built_in, sizeof built_in) == 0);
}

TEST(t_P18_a_file_tightens)
{
	CHECK(parse("# this machine trades less\r\n\r\n  drawdown_level1_bp=400 # earlier\r\n\tcash_buffer_bp  =  1000\t\r\n"));
	CHECK_STR(conf.refusal, "");
	CHECK_EQ(setting(&conf.settings, SETTING_drawdown_level1_bp), 400);
	CHECK_EQ(setting(&conf.settings, SETTING_cash_buffer_bp), 1000);
	CHECK_EQ(setting(&conf.settings, SETTING_leverage_max_bp), CFG_leverage_max_bp);
	CHECK_EQ(conf.line[SETTING_drawdown_level1_bp], 3);
	CHECK_EQ(conf.line[SETTING_cash_buffer_bp], 4);
	CHECK_EQ(conf.line[SETTING_leverage_max_bp], 0);
}

TEST(t_P18_an_empty_file_changes_nothing)
{
	struct settings built_in;
	settings_default(&built_in);
	CHECK(parse(""));
	CHECK(parse("\n\n# nothing"));
	CHECK(memcmp(&conf.settings, &built_in, sizeof built_in) == 0);
	CHECK(conf.present);
}

TEST(t_P18_the_built_in_value_itself_is_no_loosening)
{
	CHECK(parse("drawdown_level1_bp = 500\ncash_buffer_bp = 500"));
	CHECK_EQ(conf.line[SETTING_cash_buffer_bp], 2);
}

TEST(t_P18_each_mistake_names_its_line)
{
	check_refused("\n\ndrawdwon_level1_bp = 400\n",
	    "tickwork.conf line 3: unknown key \"drawdwon_level1_bp\"; did you mean drawdown_level1_bp?");
	check_refused("drawdown_level1_bp = 4x0\n", "tickwork.conf line 1: drawdown_level1_bp = \"4x0\" is not a whole number; give 1..10000 bp");
	check_refused("drawdown_level1_bp = 400 bp\n",
	    "tickwork.conf line 1: drawdown_level1_bp = \"400 bp\" is not a whole number; give 1..10000 bp");
	check_refused("drawdown_level1_bp = 99999999999\n",
	    "tickwork.conf line 1: drawdown_level1_bp = \"99999999999\" is not a whole number; give 1..10000 bp");
	check_refused("drawdown_level1_bp = 0\n", "tickwork.conf line 1: drawdown_level1_bp = \"0\" is out of bounds; give 1..10000 bp");
	check_refused("drawdown_level1_bp = 501\n",
	    "tickwork.conf line 1: drawdown_level1_bp = \"501\" would loosen it; here it may only be lowered from 500 bp");
	check_refused("cash_buffer_bp = 499\n",
	    "tickwork.conf line 1: cash_buffer_bp = \"499\" would loosen it; here it may only be raised from 500 bp");
	check_refused("orders_max = 2048\n",
	    "tickwork.conf line 1: orders_max is fixed when the binary is built; change it in config.h and build again");
	check_refused("drawdown_level1_bp = 400\n#\ndrawdown_level1_bp = 400\n",
	    "tickwork.conf line 3: drawdown_level1_bp is set twice, first on line 1; keep one of them");
	check_refused("drawdown_level1_bp =\n", "tickwork.conf line 1: drawdown_level1_bp has no value; write drawdown_level1_bp = number");
	check_refused("drawdown_level1_bp 400\n", "tickwork.conf line 1: \"drawdown_level1_bp 400\" has no \"=\"; write key = value");
	check_refused("= 400\n", "tickwork.conf line 1: a value without a key; write key = value");
}

TEST(t_P18_levels_must_still_rise)
{
	check_refused("# less\ndrawdown_level2_bp = 500\n", "tickwork.conf line 2: drawdown_level1_bp (500) must stay below drawdown_level2_bp (500): a risk "
	                                                   "level below the one before it is never seen");
	CHECK(parse("drawdown_level2_bp = 500\ndrawdown_level1_bp = 499\n"));
	check_refused("drawdown_level3_bp = 700\ndrawdown_level2_bp = 750\n", "tickwork.conf line 2: drawdown_level2_bp (750) must stay below drawdown_level3_bp "
	                                                                      "(700): a risk level below the one before it is never seen");
	check_refused("drawdown_level4_bp = 1200\n", "tickwork.conf line 1: drawdown_level3_bp (1200) must stay below drawdown_level4_bp (1200): a risk level "
	                                             "below the one before it is never seen");
}

TEST(t_P18_settings_that_do_not_go_together_are_named)
{
	check_refused("reduce_level2_bp = 5001\n",
	    "tickwork.conf line 1: reduce_level2_bp (5001) must not exceed reduce_level3_bp (5000): a higher risk level would sell less");
	CHECK(parse("reduce_level2_bp = 5001\nreduce_level3_bp = 5001\n"));
	check_refused("confidence_min_bp = 6001\n", "tickwork.conf line 1: confidence_min_bp (6001) must not exceed confidence_level1_bp (6000): risk level 1 would "
	                                            "ask for less confidence than a calm day");
	check_refused("correlation_all_bp = 4999\n", "tickwork.conf line 1: correlation_average_bp (5000) must not exceed correlation_all_bp (4999): risk level 2 "
	                                             "would come before level 1");
	check_refused("credits_max = 24\n", "tickwork.conf line 1: credits_reports (24) must stay below credits_max (24): a report would wait for ever");
	check_refused("credits_max = 100\ncredits_copies = 100\n",
	    "tickwork.conf line 2: credits_copies (100) must stay below credits_max (100): a copy of the books would wait for ever");
}

static void check_value(const struct setting_row *row, const char *value, const char *sentence)
{
	char text[256], want[1024];
	snprintf(text, sizeof text, "\n%s = %s\n", row->name, value);
	snprintf(want, sizeof want, "tickwork.conf line 2: %s%s", row->name, sentence);
	check_refused(text, want);
}

/* Every setting there is: below its least, above its most, of the wrong kind, looser than built in; each with its line and what to give. */
TEST(t_P18_each_setting_refuses_nonsense)
{
	static const char *const wrong[] = { "yes", "1.5", "0x10", "1e3", "-", "+1", "many" };
	for (size_t i = 0; i < SETTINGS_N; i++) {
		const struct setting_row *row = &settings_table[i];
		char                      value[32], want[512];
		if (row->tighten == SETTINGS_FIXED) {
			check_value(row, "1", " is fixed when the binary is built; change it in config.h and build again");
			continue;
		}
		for (int side = 0; side < 3; side++) {
			snprintf(value, sizeof value, "%d", side == 0 ? (int)row->min - 1 : side == 1 ? (int)row->max + 1 : -999999999);
			snprintf(want, sizeof want, " = \"%s\" is out of bounds; give %d..%d %s", value, (int)row->min, (int)row->max, row->unit);
			check_value(row, value, want);
		}
		for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
			snprintf(want, sizeof want, " = \"%s\" is not a whole number; give %d..%d %s", wrong[k], (int)row->min, (int)row->max, row->unit);
			check_value(row, wrong[k], want);
		}
		bool    lower = row->tighten == SETTINGS_LOWER;
		int32_t looser = row->value + (lower ? 1 : -1);
		if (looser < row->min || looser > row->max) continue;
		snprintf(value, sizeof value, "%d", (int)looser);
		snprintf(want, sizeof want, " = \"%s\" would loosen it; here it may only be %s from %d %s", value, lower ? "lowered" : "raised", (int)row->value,
		    row->unit);
		check_value(row, value, want);
	}
}

TEST(t_P18_strange_bytes_are_refused)
{
	char long_line[400];
	CHECK(!conf_parse(&conf, "a\0b = 1", 7));
	CHECK_STR(conf.refusal, "tickwork.conf line 1: holds a zero byte; this is a text file");
	memset(long_line, 'a', sizeof long_line);
	CHECK(!conf_parse(&conf, long_line, sizeof long_line));
	CHECK_STR(conf.refusal, "tickwork.conf line 1: longer than 255 characters");
}

/* A good file cut at every byte is taken or refused, and never a limit looser than the built-in one. */
TEST(t_P18_a_cut_file_never_loosens)
{
	static const char text[] = "cash_buffer_bp = 1500\r\ndrawdown_level1_bp = 450 # early\nleverage_max_bp=9000\n";
	for (size_t bytes = 0; bytes < sizeof text; bytes++) {
		bool taken = conf_parse(&conf, text, bytes);
		CHECK(taken == (conf.refusal[0] == '\0'));
		for (size_t i = 0; i < SETTINGS_N; i++) {
			const struct setting_row *row = &settings_table[i];
			int32_t                   value = conf.settings.value[i];
			CHECK(row->tighten == SETTINGS_LOWER ? value <= row->value : value >= row->value);
		}
	}
}

/* A good file with one byte changed, each byte to each value: taken or refused in one line, and never loosened. */
TEST(t_P18_a_flipped_byte_never_loosens)
{
	static const char good[] = "cash_buffer_bp = 1500\ndrawdown_level1_bp = 450\n";
	for (size_t at = 0; at + 1 < sizeof good; at++)
		for (int byte = 0; byte < 256; byte++) {
			char text[sizeof good];
			memcpy(text, good, sizeof good);
			text[at] = (char)byte;
			bool taken = conf_parse(&conf, text, sizeof good - 1);
			CHECK(taken == (conf.refusal[0] == '\0') && !strchr(conf.refusal, '\n'));
			CHECK(setting(&conf.settings, SETTING_cash_buffer_bp) >= CFG_cash_buffer_bp);
			CHECK(setting(&conf.settings, SETTING_drawdown_level1_bp) <= CFG_drawdown_level1_bp);
		}
}

TEST(t_P18_no_file_is_fine_and_a_folder_is_not)
{
	char path[256], want[512];
	CHECK(conf_read(&conf, test_folder()));
	CHECK(!conf.present);
	snprintf(path, sizeof path, "%s/tickwork.conf", test_folder());
	CHECK_EQ(mkdir(path, 0700), 0);
	CHECK(!conf_read(&conf, test_folder()));
	snprintf(want, sizeof want, "tickwork.conf in \"%s\" is not a regular file", test_folder());
	CHECK_STR(conf.refusal, want);
	CHECK_EQ(rmdir(path), 0);
	CHECK_EQ(mkfifo(path, 0600), 0);
	CHECK(!conf_read(&conf, test_folder()));
	CHECK_STR(conf.refusal, want);
}

TEST(t_P18_a_file_over_the_maximum_is_refused)
{
	char  path[256];
	FILE *file;
	snprintf(path, sizeof path, "%s/tickwork.conf", test_folder());
	file = fopen(path, "w");
	CHECK(file != 0);
	for (int i = 0; file && i < CONF_BYTES_MAX; i++) fputc('\n', file);
	if (file) fclose(file);
	CHECK(!conf_read(&conf, test_folder()));
	CHECK_STR(conf.refusal, "tickwork.conf: 16384 bytes or more; a line for each setting takes less");
	CHECK_EQ(truncate(path, CONF_BYTES_MAX - 1), 0);
	CHECK(conf_read(&conf, test_folder()));
}
