/* books_test.c - the books are whole, exact, repeatable, and say what is wrong with their file. */
#include "hal/store/books.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fsm/bug.h"
#include "tests/kit/test.h"
#include "tests/kit/without_call.h"

enum { HEAP_BYTES = 4 << 20 };
static _Alignas(16) char heap[HEAP_BYTES];
static struct books        books;
static struct books_cursor cursor;
static char                path[BOOKS_PATH_MAX], said[BOOKS_SENTENCE_MAX];

static enum books_verdict open_in(const char *folder, uint64_t journal_id, size_t heap_bytes)
{
	snprintf(path, sizeof path, "%.480s/books.db", folder);
	struct books_config config = { path, heap, heap_bytes, journal_id, 7, true };
	return books_open(&books, &config);
}

static enum books_verdict open_books(void) { return open_in(test_folder(), 42, HEAP_BYTES); }

static enum books_verdict add_dividend(int64_t id)
{
	const struct books_value values[] = { books_number(id), books_number(id * 10), books_text("SPY"), books_number(123456789) };
	return books_run(&books, BOOKS_DIVIDEND_ADD, values, 4);
}

static int64_t count_of(const char *table)
{
	char command[1024];
	long long count = -1;
	snprintf(command, sizeof command,
	    "python3 -c \"import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute('select count(*) from ' + sys.argv[2]).fetchone()[0])\" "
	    "'%.480s' '%.60s'",
	    path, table);
	FILE *answer = popen(command, "r");
	if (!answer || fscanf(answer, "%lld", &count) != 1) count = -1;
	if (answer) pclose(answer);
	return count;
}

static int64_t count_here(void)
{
	bool    more = false;
	int64_t count = 0;
	const struct books_value since = books_number(0);
	CHECK_EQ(books_ask(&books, BOOKS_DAY_QUARANTINE, &since, 1), BOOKS_OK);
	for (CHECK_EQ(books_next(&books, BOOKS_DAY_QUARANTINE, &more), BOOKS_OK); more;
		CHECK_EQ(books_next(&books, BOOKS_DAY_QUARANTINE, &more), BOOKS_OK))
		count += books_column(&books, BOOKS_DAY_QUARANTINE, 1);
	return count;
}

static enum books_verdict add_quarantine(int64_t id)
{
	const struct books_value values[] = { books_number(id), books_number(id), books_text("SPY"), books_text("jump"), books_number(2),
		books_number(1) };
	return books_run(&books, BOOKS_QUARANTINE_ADD, values, 6);
}

TEST(t_O1_new_books_have_a_cursor_at_nothing)
{
	CHECK_EQ(open_books(), BOOKS_OK);
	CHECK(books.created);
	CHECK_EQ(books_cursor_read(&books, &cursor), BOOKS_OK);
	CHECK(cursor.journal_id == 42 && cursor.seq == 0 && cursor.initial_usd_e8 == 7);
	books_close(&books);
	struct stat info;
	CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
	CHECK_EQ(open_books(), BOOKS_OK);
	CHECK(!books.created);
	books_close(&books);
}

TEST(t_O1_a_batch_and_its_cursor_are_one)
{
	CHECK_EQ(open_books(), BOOKS_OK);
	CHECK_EQ(add_quarantine(1), BOOKS_OK);
	cursor = (struct books_cursor){ .seq = 9, .idx = 3, .orders_bytes = 4, .signals_bytes = 5, .fills_bytes = 6 };
	CHECK_EQ(books_commit(&books, &cursor), BOOKS_OK);
	CHECK_EQ(add_quarantine(2), BOOKS_OK);
	CHECK_EQ(count_here(), 2);
	books_rollback(&books);
	CHECK_EQ(count_here(), 1);
	CHECK_EQ(books_cursor_read(&books, &cursor), BOOKS_OK);
	CHECK(cursor.seq == 9 && cursor.idx == 3 && cursor.orders_bytes == 4 && cursor.signals_bytes == 5 && cursor.fills_bytes == 6);
	books_close(&books);
}

TEST(t_O1_a_repeat_changes_nothing)
{
	CHECK_EQ(open_books(), BOOKS_OK);
	for (int i = 0; i < 3; i++) CHECK_EQ(add_quarantine(5), BOOKS_OK);
	CHECK_EQ(count_here(), 1);
	books_close(&books);
}

/* A process that dies in a batch leaves the books of the last commit. */
TEST(t_O1_a_killed_writer_leaves_whole_books)
{
	test_folder();
	pid_t child = fork();
	if (child == 0) {
		if (open_books() != BOOKS_OK || add_quarantine(1) != BOOKS_OK) _exit(1);
		cursor.seq = 1;
		if (books_commit(&books, &cursor) != BOOKS_OK || add_quarantine(2) != BOOKS_OK) _exit(1);
		raise(SIGKILL);
	}
	int status = 0;
	waitpid(child, &status, 0);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK_EQ(open_books(), BOOKS_OK);
	CHECK_EQ(count_here(), 1);
	CHECK_EQ(books_cursor_read(&books, &cursor), BOOKS_OK);
	CHECK_EQ(cursor.seq, 1);
	books_close(&books);
}

/* Every table of O1 and every view can be read by somebody else's SQLite once the books are closed. */
TEST(t_O1_another_sqlite_reads_every_table_and_view)
{
	static const char *const names[] = { "portfolio_state", "risk_state", "trade_history", "risk_events", "signal_log", "pending_orders",
		"positions", "order_history", "portfolio", "holdings", "risk_now", "trades", "risk_changes", "signals", "open_orders" };
	CHECK_EQ(open_books(), BOOKS_OK);
	CHECK_EQ(add_dividend(1), BOOKS_OK);
	CHECK_EQ(books_commit(&books, &cursor), BOOKS_OK);
	books_close(&books);
	int64_t dividends = count_of("dividend_log");
	if (dividends < 0) SKIP("no python3 with sqlite3 to read the books with");
	CHECK_EQ(dividends, 1);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) CHECK_EQ(count_of(names[i]), 0);
}

TEST(t_O1_a_damaged_file_is_named_and_kept)
{
	snprintf(path, sizeof path, "%s/books.db", test_folder());
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	CHECK(fd >= 0 && write(fd, "this is not a database, it is a letter to my aunt\n", 50) == 50);
	close(fd);
	CHECK_EQ(open_books(), BOOKS_CORRUPT);
	books_sentence(&books, BOOKS_CORRUPT, said, sizeof said);
	CHECK(strstr(said, "books.db is damaged or is not a database: move it aside") != 0);
	struct stat info;
	CHECK(stat(path, &info) == 0 && info.st_size == 50);
}

TEST(t_O1_a_damaged_page_is_a_verdict)
{
	CHECK_EQ(open_books(), BOOKS_OK);
	for (int i = 1; i < 5000; i++) CHECK_EQ(add_quarantine(i), BOOKS_OK);
	CHECK_EQ(books_commit(&books, &cursor), BOOKS_OK);
	books_close(&books);
	struct stat info;
	CHECK(stat(path, &info) == 0);
	int  fd = open(path, O_WRONLY);
	char junk[4096];
	memset(junk, 0x5a, sizeof junk);
	for (off_t at = 24 * 4096; at < info.st_size; at += 4096) CHECK(pwrite(fd, junk, sizeof junk, at) == 4096);
	close(fd);
	enum books_verdict verdict = open_books();
	bool               more = false;
	const struct books_value since = books_number(0);
	if (verdict == BOOKS_OK) verdict = books_ask(&books, BOOKS_DAY_QUARANTINE, &since, 1);
	if (verdict == BOOKS_OK) verdict = books_next(&books, BOOKS_DAY_QUARANTINE, &more);
	CHECK_EQ(verdict, BOOKS_CORRUPT);
	if (books.db) books_close(&books);
}

TEST(t_O1_books_of_another_journal_are_refused)
{
	CHECK_EQ(open_books(), BOOKS_OK);
	books_close(&books);
	CHECK_EQ(open_in(test_folder(), 43, HEAP_BYTES), BOOKS_FOREIGN);
	CHECK(strstr(books_sentence(&books, BOOKS_FOREIGN, said, sizeof said), "another journal") != 0);
}

TEST(t_O1_a_second_process_is_refused)
{
	CHECK_EQ(open_books(), BOOKS_OK);
	pid_t child = fork();
	if (child == 0) {
		char command[1024];
		snprintf(command, sizeof command,
		    "python3 -c \"import sqlite3,sys\ntry: sqlite3.connect(sys.argv[1], timeout=0).execute('select * from cursor'); sys.exit(1)\n"
		    "except sqlite3.OperationalError as e: sys.exit(0 if 'locked' in str(e) else 2)\" '%.500s'",
		    path);
		execl("/bin/sh", "sh", "-c", command, (char *)0);
		_exit(127);
	}
	int status = 0;
	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) SKIP("no python3");
	CHECK_EQ(status, 0);
	books_close(&books);
}

TEST(t_O1_a_missing_folder_is_said)
{
	char none[BOOKS_PATH_MAX];
	snprintf(none, sizeof none, "%.400s/none", test_folder());
	CHECK_EQ(open_in(none, 1, HEAP_BYTES), BOOKS_DENIED);
	CHECK(strstr(books_sentence(&books, BOOKS_DENIED, said, sizeof said), "none/books.db cannot be opened") != 0);
}

/* A file system of this test's own, so that full and read-only are the real thing. */
static const char *own_disk(const char *options)
{
	if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWNS | CLONE_NEWUSER) != 0) SKIP("may not mount a small disk here");
	if (mount("none", "/", 0, MS_REC | MS_PRIVATE, 0) != 0) SKIP("may not mount a small disk here");
	if (mount("tmpfs", test_folder(), "tmpfs", 0, options) != 0) SKIP("may not mount a small disk here");
	return test_folder();
}

TEST(t_O1_a_full_disk_undoes_the_batch_and_goes_on_when_there_is_room)
{
	const char *folder = own_disk("size=512k");
	CHECK_EQ(open_in(folder, 42, HEAP_BYTES), BOOKS_OK);
	enum books_verdict verdict = BOOKS_OK;
	int64_t            id = 1, kept = 0;
	for (; id < 100000 && verdict == BOOKS_OK; id++) {
		verdict = add_quarantine(id);
		if (verdict != BOOKS_OK || id % 100 != 0) continue;
		cursor.seq = (uint64_t)id;
		verdict = books_commit(&books, &cursor);
		if (verdict == BOOKS_OK) kept = id;
	}
	CHECK_EQ(verdict, BOOKS_FULL);
	CHECK(kept > 0);
	books_rollback(&books);
	CHECK_EQ(books_cursor_read(&books, &cursor), BOOKS_OK);
	CHECK_EQ(count_here(), (int64_t)cursor.seq);
	CHECK((int64_t)cursor.seq >= kept);
	CHECK_EQ(mount("tmpfs", folder, "tmpfs", MS_REMOUNT, "size=8m"), 0);
	CHECK_EQ(add_quarantine(1000000), BOOKS_OK);
	CHECK_EQ(books_commit(&books, &cursor), BOOKS_OK);
	CHECK_EQ(count_here(), (int64_t)cursor.seq + 1);
	books_close(&books);
	umount(folder);
}

TEST(t_O1_a_read_only_disk_is_said)
{
	const char *folder = own_disk("size=2m");
	CHECK_EQ(mount("tmpfs", folder, "tmpfs", MS_REMOUNT | MS_RDONLY, 0), 0);
	CHECK_EQ(open_in(folder, 42, HEAP_BYTES), BOOKS_READ_ONLY);
	CHECK(strstr(books_sentence(&books, BOOKS_READ_ONLY, said, sizeof said), "read-only file system") != 0);
	umount(folder);
}

/* The same without any right to mount: a limit on the size of files. */
TEST(t_O1_a_file_that_may_not_grow_is_a_full_disk)
{
	CHECK_EQ(open_books(), BOOKS_OK);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 200 * 1024, RLIM_INFINITY });
	enum books_verdict verdict = BOOKS_OK;
	for (int64_t id = 1; id < 100000 && verdict == BOOKS_OK; id++) {
		verdict = add_quarantine(id);
		if (verdict == BOOKS_OK && id % 100 == 0) verdict = books_commit(&books, &cursor);
	}
	CHECK_EQ(verdict, BOOKS_FULL);
	books_rollback(&books);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
	CHECK_EQ(add_quarantine(1000000), BOOKS_OK);
	CHECK_EQ(books_commit(&books, &cursor), BOOKS_OK);
	books_close(&books);
}

/* One batch far larger than the heap: SQLite spills to the log, or says so; it never crashes and the heap is never left. */
TEST(t_O1_a_small_heap_is_enough_or_a_verdict)
{
	CHECK_EQ(open_in(test_folder(), 42, BOOKS_HEAP_MIN), BOOKS_OK);
	enum books_verdict verdict = BOOKS_OK;
	for (int64_t id = 1; id < 60000 && verdict == BOOKS_OK; id++) verdict = add_quarantine(id * 7919 % 60013);
	CHECK(verdict == BOOKS_OK || verdict == BOOKS_MEMORY);
	CHECK(books_heap_high_water() <= BOOKS_HEAP_MIN);
	books_rollback(&books);
	CHECK_EQ(count_here(), 0);
	books_close(&books);
}

/* A text as large as the heap cannot be copied into a row. */
TEST(t_O1_an_exhausted_heap_is_a_verdict)
{
	static char large[BOOKS_HEAP_MIN];
	memset(large, 'x', sizeof large - 1);
	CHECK_EQ(open_in(test_folder(), 42, BOOKS_HEAP_MIN), BOOKS_OK);
	const struct books_value values[] = { books_number(1), books_number(1), books_text(large), books_text(large), books_number(1), books_number(1) };
	CHECK_EQ(books_run(&books, BOOKS_QUARANTINE_ADD, values, 6), BOOKS_MEMORY);
	CHECK(strstr(books_sentence(&books, BOOKS_MEMORY, said, sizeof said), "ledger_heap_kib") != 0);
	books_rollback(&books);
	CHECK_EQ(add_quarantine(1), BOOKS_OK);
	CHECK_EQ(books_commit(&books, &cursor), BOOKS_OK);
	books_close(&books);
}

static int64_t mappings(void)
{
	static char maps[1 << 20];
	int64_t     lines = 0;
	int         fd = open("/proc/self/maps", O_RDONLY);
	for (ssize_t count; (count = read(fd, maps, sizeof maps)) > 0;)
		for (ssize_t i = 0; i < count; i++) lines += maps[i] == '\n';
	close(fd);
	return lines;
}

/* After books_open the process maps nothing for the books, and there is no -shm file beside them. */
TEST(t_O1_nothing_is_mapped_after_boot)
{
	char shm[BOOKS_PATH_MAX + 8];
	CHECK_EQ(open_books(), BOOKS_OK);
	int64_t before = mappings();
	for (int64_t id = 1; id < 20000; id++) {
		CHECK_EQ(add_quarantine(id), BOOKS_OK);
		if (id % 500 == 0) CHECK_EQ(books_commit(&books, &cursor), BOOKS_OK);
	}
	CHECK_EQ(count_here(), 19999);
	CHECK_EQ(mappings(), before);
	snprintf(shm, sizeof shm, "%s-shm", path);
	CHECK(access(shm, F_OK) != 0);
	books_close(&books);
}

static void open_twice(void)
{
	struct books second;
	struct books_config config = { path, heap, HEAP_BYTES, 42, 7, true };
	(void)open_books();
	(void)books_open(&second, &config);
}

static void too_few_values(void)
{
	(void)open_books();
	(void)books_run(&books, BOOKS_QUARANTINE_ADD, 0, 0);
}

TEST(t_O1_misuse_is_a_bug)
{
	test_folder();
	CHECK_BUG(open_twice, 3300);
	CHECK_BUG(too_few_values, 3303);
}

/* On a disk that answers no wait with anything but an error. */
TEST(t_P15_books_of_virtual_time_never_wait_for_the_disk)
{
	snprintf(path, sizeof path, "%.480s/books.db", test_folder());
	struct books_config config = { path, heap, HEAP_BYTES, 42, 7, false };
	without_call(SYS_fsync, EIO);
	without_call(SYS_fdatasync, EIO);
	CHECK_EQ(books_open(&books, &config), BOOKS_OK);
	CHECK_EQ(add_dividend(1), BOOKS_OK);
	snprintf(said, sizeof said, "%.480s/books.db-wal", test_folder());
	CHECK_EQ(access(said, F_OK), 0);        /* where a wait had failed SQLite would have gone on without its log, and without a word */
	books_close(&books);
	CHECK_EQ(unlink(path), 0);
	CHECK(open_books() != BOOKS_OK);        /* durable ones do, from the first byte */
}
