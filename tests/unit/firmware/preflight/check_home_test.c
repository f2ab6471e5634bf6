/* check_home_test.c - the files in HOME as a run leaves them, and spoilt: journal, books, last words, socket, map (P12). */
#include "firmware/lastwords.h"

#include <sys/wait.h>

#include "hal/linux/lock.h"
#include "hal/store/journal_format.h"
#include "tests/kit/sanitized.h"
#include "tests/unit/firmware/cli/capture.h"
#include "tests/unit/firmware/preflight/patient.h"

static struct capture said;

/* A home with five days in it, of a process that has ended: so nobody holds its lock. */
static void run_five_days(void)
{
	char line[600];
	int  status = -1;
	snprintf(line, sizeof line, "run --days 5 --home %s", test_folder());
	pid_t child = fork();
	if (child == 0) {
		capture_run(&said, verb_table, line);
		_exit(said.code);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, 0);
	good(VENUE_sim);
}

TEST(t_P12_a_journal_that_is_whole)
{
	if (SANITIZED) SKIP("the kernel's filter ends a sanitizer's own calls: gcc's and clang's tests run it");
	char again[PREFLIGHT_SENTENCE_BYTES];
	run_five_days();
	CHECK(result_has(PREFLIGHT_journal, PREFLIGHT_OK, " records whole and in order, inputs 1 to "));
	CHECK(result_has(PREFLIGHT_journal, PREFLIGHT_OK, ", closed by its writer"));
	snprintf(again, sizeof again, "%s", preflight.result[PREFLIGHT_journal].sentence);
	check_result(PREFLIGHT_journal, PREFLIGHT_OK, again);        /* looking changes nothing */
}

/* One byte in the middle of the first segment's records. */
static void spoil_journal(off_t at)
{
	char byte = 0;
	int  fd = open(in_folder("journal"), O_RDWR);
	CHECK(fd >= 0 && pread(fd, &byte, 1, at) == 1);
	byte ^= 0x55;
	CHECK(pwrite(fd, &byte, 1, at) == 1);
	close(fd);
}

static uint64_t records_said(void)
{
	unsigned long long records = 0;
	CHECK(sscanf(preflight.result[PREFLIGHT_journal].sentence, "%llu records", &records) == 1);
	return records;
}

TEST(t_P12_a_journal_with_a_wrong_byte)
{
	if (SANITIZED) SKIP("the kernel's filter ends a sanitizer's own calls: gcc's and clang's tests run it");
	run_five_days();
	(void)preflight_run(&preflight);
	CHECK(records_said() > 10);
	spoil_journal(JOURNAL_PAGE_BYTES + 100);        /* in the first segment's head or snapshot */
	(void)preflight_run(&preflight);
	CHECK_EQ(preflight.result[PREFLIGHT_journal].verdict, PREFLIGHT_FAILURE);
	CHECK_EQ(preflight_failed(&preflight), PREFLIGHT_journal);
	CHECK(strstr(preflight.result[PREFLIGHT_journal].sentence, ": bring it back from a backup, or move it away and start anew") != 0);
}

TEST(t_P12_books_that_are_whole)
{
	if (SANITIZED) SKIP("the kernel's filter ends a sanitizer's own calls: gcc's and clang's tests run it");
	run_five_days();
	CHECK(result_has(PREFLIGHT_books, PREFLIGHT_OK, "books.db is whole, "));
	write_file("books.db-wal", "not empty", 0600);
	CHECK(result_has(PREFLIGHT_books, PREFLIGHT_OK, "their last run did not close them; the next takes in 1 KiB of its log"));
	CHECK(unlink(path) == 0);
}

TEST(t_P12_books_with_a_wrong_page)
{
	if (SANITIZED) SKIP("the kernel's filter ends a sanitizer's own calls: gcc's and clang's tests run it");
	char noise[4096];
	run_five_days();
	memset(noise, 0x5a, sizeof noise);
	int fd = open(in_folder("books.db"), O_RDWR);
	CHECK(fd >= 0 && pwrite(fd, noise, sizeof noise, 4096) == sizeof noise);
	close(fd);
	CHECK(result_has(PREFLIGHT_books, PREFLIGHT_FAILURE, "/books.db is damaged or is not a database: move it aside and start again, the journal "
	    "makes it anew"));
}

TEST(t_P12_deaths_of_a_day)
{
	struct lastwords words;
	int64_t          now_ns;
	good(VENUE_sim);
	now_ns = preflight.facts.wall_s * NS_PER_S;
	check_result(PREFLIGHT_deaths, PREFLIGHT_OK, "none in the last words of a day");
	CHECK_EQ(lastwords_open(&words, test_folder()), FILES_OK);
	lastwords_add(&words, now_ns - 86401 * NS_PER_S, "desk", "killed by signal 9 (SIGKILL)");
	lastwords_add(&words, now_ns - 5 * NS_PER_S, "watchdog", "starts");
	check_result(PREFLIGHT_deaths, PREFLIGHT_OK, "none in the last words of a day");
	lastwords_add(&words, now_ns - 4 * NS_PER_S, "desk", "bug 4711");
	lastwords_add(&words, now_ns - 3 * NS_PER_S, "feed", "exit 1");
	lastwords_close(&words);
	CHECK(result_has(PREFLIGHT_deaths, PREFLIGHT_NOTE, "2 within a day, the last 2030-06-03T01:00:58Z feed: exit 1: tickwork log --home "));
}

TEST(t_P12_a_home_too_deep_for_a_socket)
{
	char deep[200];
	good(VENUE_sim);
	check_result(PREFLIGHT_control, PREFLIGHT_OK, "none: a layout of several processes makes it");
	memset(deep, 'h', sizeof deep);
	deep[99] = '\0';
	preflight.home = deep;
	check_result(PREFLIGHT_control, PREFLIGHT_OK, "none: a layout of several processes makes it");        /* 107 characters and a zero */
	deep[99] = 'h', deep[100] = '\0';
	CHECK(result_has(PREFLIGHT_control, PREFLIGHT_WARNING, "/control has 108 characters and a socket may have 107, so there will be none: choose a "
	    "shorter --home"));
}

TEST(t_P12_a_map_of_no_run)
{
	good(VENUE_sim);
	CHECK(result_has(PREFLIGHT_map, PREFLIGHT_OK, "none: no layout of several processes runs in "));
	check_result(PREFLIGHT_held_down, PREFLIGHT_OK, "none");
	write_file("map", "not a map", 0600);
	check_result(PREFLIGHT_map, PREFLIGHT_OK, "of another build or user; a start makes it anew");
	int holder, fd;
	CHECK_EQ(lock_take(test_folder(), &holder, &fd), LOCK_OK);
	preflight.is_visit = true;
	CHECK(result_has(PREFLIGHT_map, PREFLIGHT_WARNING, "/map is not the map of an appliance, or not yet a whole one: try again"));
}
