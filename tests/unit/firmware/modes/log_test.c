/* log_test.c - `tickwork log` over a diary made here: oldest first, as a table and as JSON, and where there is none (P8). */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/lastwords.h"
#include "tests/kit/test.h"
#include "tests/unit/firmware/cli/capture.h"

static struct capture said;

static void run(const char *options)
{
	char line[2048];
	snprintf(line, sizeof line, "log --home %s %s", test_folder(), options);
	capture_run(&said, verb_table, line);
}

static const char *diary(char path[FILES_PATH_MAX])
{
	CHECK_EQ(files_path(path, test_folder(), "lastwords"), FILES_OK);
	return path;
}

static void keep_diary(void)
{
	struct lastwords words;
	CHECK_EQ(lastwords_open(&words, test_folder()), FILES_OK);
	lastwords_add(&words, INT64_C(951868799) * NS_PER_S, "desk", "killed by signal 9: \"SIGKILL\"");
	lastwords_add(&words, INT64_C(951868800) * NS_PER_S, "feed",
		"the venue's clock differs from this one's by more than half a minute, so that no order is sent to it now");
	lastwords_close(&words);
}

TEST(t_P8_log_is_a_table_oldest_first)
{
	keep_diary();
	run("");
	CHECK_EQ(said.code, CLI_DONE);
	const char *first = strstr(said.out, "2000-02-29T23:59:59Z  desk                     killed by signal 9: \"SIGKILL\"\n");
	const char *second = strstr(said.out, "2000-03-01T00:00:00Z  feed                     the venue's clock");
	CHECK(first && second && first < second);
	for (const char *line = said.out; *line; line += strcspn(line, "\n") + 1) CHECK(strcspn(line, "\n") <= 80);
}

TEST(t_P8_log_is_one_object_a_line)
{
	keep_diary();
	run("--json");
	CHECK_EQ(said.code, CLI_DONE);
	CHECK_STR(said.out,
		"{\"number\":1,\"time\":\"2000-02-29T23:59:59Z\",\"process\":\"desk\",\"what\":\"killed by signal 9: \\\"SIGKILL\\\"\",\"mode\":\"unknown\"}\n"
		"{\"number\":2,\"time\":\"2000-03-01T00:00:00Z\",\"process\":\"feed\",\"what\":\"the venue's clock differs from this one's by more than half a "
		"minute, so that no order is sent to it now\",\"mode\":\"unknown\"}\n");
}

TEST(t_P8_log_of_nobody_is_a_sentence)
{
	run("");
	CHECK_EQ(said.code, CLI_OUT_OF_REACH);
	CHECK_STR(said.out, "");
	CHECK(strstr(said.err, "tickwork: no log in ") == said.err);
	CHECK(strstr(said.err, "nothing has run there") != 0);
}

TEST(t_P8_log_that_is_none_is_a_sentence)
{
	char path[FILES_PATH_MAX];
	int  fd = open(diary(path), O_WRONLY | O_CREAT, 0600);
	CHECK(fd >= 0 && write(fd, "short", 5) == 5);
	(void)close(fd);
	run("");
	CHECK_EQ(said.code, CLI_OUT_OF_REACH);
	CHECK(strstr(said.err, "/lastwords ") != 0);
	CHECK_EQ(unlink(path), 0);
	CHECK_EQ(mkfifo(path, 0600), 0);        /* nobody writes into it: it must not be waited for */
	run("--json");
	CHECK_EQ(said.code, CLI_OUT_OF_REACH);
	CHECK_STR(said.out, "");
}
