/* kept_test.c - a file under a path, through all that can happen to it (rows X2, R9). */
#include "firmware/kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kit/test.h"

static struct memory_map *map;
static struct kept        kept;
static char               home[64], journal[128], aside[128];
static int64_t            now_ns;

static void write_bytes(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "w");
	CHECK(file && fputs(bytes, file) >= 0 && fclose(file) == 0);
}

static void begin(void)
{
	(void)snprintf(home, sizeof home, "/tmp/kept_test.%d", (int)getpid());
	(void)snprintf(journal, sizeof journal, "%s/journal", home);
	(void)snprintf(aside, sizeof aside, "%s/aside", home);
	if (!map) map = map_make();
	CHECK(map && files_folder(home) == FILES_OK);
	write_bytes(journal, "as it was");
	memset(&kept, 0, sizeof kept);
	kept_note(map, KEPT_JOURNAL, home);
	now_ns = NS_PER_S;
}

static void end(void)
{
	(void)unlink(journal);
	(void)unlink(aside);
	(void)rmdir(home);
}

static bool look(void)
{
	now_ns += KEPT_LOOK_MS * NS_PER_MS;
	return kept_turn(&kept, map, home, now_ns);
}

static bool is_gone(void) { return kept_conditions(&kept) == UINT64_C(1) << CARE_JOURNAL; }

TEST(t_X2_a_file_that_stays_and_grows_is_no_news)
{
	begin();
	write_bytes(journal, "as it was, and more");
	CHECK(!look() && kept_conditions(&kept) == 0);        /* books that nobody has opened yet are not missed */
	end();
}

TEST(t_X2_moved_away_is_gone_and_the_same_file_is_back)
{
	char text[KEPT_SENTENCE_BYTES];
	begin();
	CHECK(rename(journal, aside) == 0);
	CHECK(look() && is_gone());
	CHECK(strstr(kept_sentence(&kept, KEPT_JOURNAL, home, text), "/journal was removed, replaced or cut short") != 0);
	CHECK(!look() && is_gone());        /* said once */
	CHECK(rename(aside, journal) == 0);
	CHECK(look() && !is_gone());
	CHECK(strstr(kept_sentence(&kept, KEPT_JOURNAL, home, text), "/journal is in its place again") != 0);
	end();
}

TEST(t_X2_another_file_or_a_shorter_one_is_not_the_same)
{
	begin();
	write_bytes(aside, "as it was");
	CHECK(rename(aside, journal) == 0);
	CHECK(look() && is_gone());
	kept_note(map, KEPT_JOURNAL, home);        /* its process came back, and has opened that one */
	CHECK(look() && !is_gone());
	write_bytes(journal, "");
	CHECK(look() && is_gone());
	end();
}

TEST(t_R9_the_path_is_asked_once_a_second)
{
	begin();
	CHECK(!look());
	CHECK(unlink(journal) == 0);
	now_ns += KEPT_LOOK_MS * NS_PER_MS - 1;
	CHECK(!kept_turn(&kept, map, home, now_ns));
	now_ns++;
	CHECK(kept_turn(&kept, map, home, now_ns) && is_gone());
	end();
}
