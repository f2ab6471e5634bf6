/* lastwords_test.c - the diary: in order, over restarts, never growing, and readable when a record is torn (P3). */
#include "firmware/lastwords.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kit/test.h"

static struct lastword word[LASTWORDS_MAX];

static uint32_t read_all(void)
{
	uint32_t count = 0;
	CHECK_EQ(lastwords_read(test_folder(), word, &count), FILES_OK);
	return count;
}

static void add_numbers(uint32_t from, uint32_t to)
{
	struct lastwords words;
	char             text[16];
	CHECK_EQ(lastwords_open(&words, test_folder()), FILES_OK);
	for (uint32_t i = from; i <= to; i++) {
		(void)snprintf(text, sizeof text, "word %u", i);
		lastwords_add(&words, 0, "desk", text);
	}
	lastwords_close(&words);
}

TEST(t_P3_last_words_are_read_in_order_with_time_and_process)
{
	struct lastwords words;
	CHECK_EQ(lastwords_open(&words, test_folder()), FILES_OK);
	CHECK_EQ(read_all(), 0);
	lastwords_add(&words, INT64_C(951868799) * NS_PER_S, "desk", "killed by signal 9 (SIGKILL)");        /* a leap day, its last second */
	lastwords_add(&words, 0, "feed", "exit 2");
	CHECK_EQ(read_all(), 2);
	CHECK(word[0].number == 1 && word[1].number == 2);
	CHECK_STR(word[0].text, "2000-02-29T23:59:59Z desk: killed by signal 9 (SIGKILL)");
	CHECK_STR(word[1].text, "1970-01-01T00:00:00Z feed: exit 2");
}

TEST(t_P3_last_words_survive_restarts_and_the_oldest_make_room)
{
	char        path[FILES_PATH_MAX];
	struct stat info;
	for (uint32_t i = 1; i <= 200; i++) {
		add_numbers(i, i);
		uint32_t count = read_all(), want = i < LASTWORDS_MAX ? i : LASTWORDS_MAX;
		CHECK_EQ(count, want);
		CHECK(word[0].number == i - want + 1 && word[count - 1].number == i);
	}
	CHECK_STR(word[0].text, "1970-01-01T00:00:00Z desk: word 137");
	CHECK_EQ(files_path(path, test_folder(), "lastwords"), FILES_OK);
	CHECK_EQ(stat(path, &info), 0);
	CHECK(info.st_size == LASTWORDS_MAX * LASTWORDS_BYTES && (info.st_mode & 0777) == 0600);
}

TEST(t_P3_a_torn_record_is_left_out_and_the_rest_is_read)
{
	char path[FILES_PATH_MAX], junk[LASTWORDS_BYTES / 2];
	add_numbers(1, 70);
	CHECK_EQ(files_path(path, test_folder(), "lastwords"), FILES_OK);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	memset(junk, '#', sizeof junk);
	CHECK_EQ(pwrite(fd, junk, sizeof junk, 3 * LASTWORDS_BYTES), sizeof junk);        /* number 67 */
	CHECK_EQ(read_all(), LASTWORDS_MAX - 1);
	for (uint32_t i = 0; i < LASTWORDS_MAX - 1; i++) CHECK(word[i].number != 67);
	add_numbers(71, 71);
	CHECK_EQ(read_all(), LASTWORDS_MAX - 1);
	CHECK_EQ(word[LASTWORDS_MAX - 2].number, 71);
	CHECK_EQ(ftruncate(fd, 100), 0);        /* not ours any more: begun anew */
	close(fd);
	add_numbers(1, 1);
	CHECK_EQ(read_all(), 1);
}

TEST(t_P3_a_word_too_long_is_cut_and_cannot_break_the_lines)
{
	struct lastwords words;
	char             text[2 * LASTWORDS_BYTES];
	memset(text, 'x', sizeof text);
	text[3] = '\n';
	text[4] = 0x1b;
	text[sizeof text - 1] = '\0';
	CHECK_EQ(lastwords_open(&words, test_folder()), FILES_OK);
	lastwords_add(&words, 0, "desk", text);
	lastwords_add(&words, 0, "desk", "after");
	CHECK_EQ(read_all(), 2);
	CHECK(!strchr(word[0].text, '\n') && strstr(word[0].text, "desk: xxx??xxx"));
	CHECK_STR(word[1].text, "1970-01-01T00:00:00Z desk: after");
}

TEST(t_P3_no_folder_is_a_verdict_and_words_are_lost_quietly)
{
	struct lastwords words;
	uint32_t         count;
	CHECK_EQ(lastwords_open(&words, "/nonexistent/home"), FILES_MISSING);
	lastwords_add(&words, 0, "desk", "exit 2");
	lastwords_close(&words);
	CHECK_EQ(lastwords_read(test_folder(), word, &count), FILES_MISSING);
	CHECK_EQ(count, 0);
}
