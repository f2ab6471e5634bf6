/* disk_test.c - the Linux disk keeps the disk port's contract on a real folder, and carries a journal. */
#include "hal/linux/disk.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/store/journal.h"
#include "hal/store/journal_read.h"
#include "tests/kit/test.h"
#include "tests/kit/without_call.h"

static struct disk_linux disk;

static const char *path_of(const char *name)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", test_folder(), name);
	return path;
}

static int32_t fresh(uint64_t bytes)
{
	int32_t file = -1;
	CHECK_EQ(disk_linux_init(&disk, test_folder()), DISK_OK);
	CHECK_EQ(disk_create(&disk.disk, "a", bytes, &file), DISK_OK);
	return file;
}

TEST(t_X2_linux_disk_makes_a_private_file_of_written_zeros)
{
	struct stat info;
	uint8_t     back[8];
	size_t      got;
	int32_t     file = fresh(200000);
	CHECK_EQ(stat(path_of("a"), &info), 0);
	CHECK_EQ(info.st_size, 200000);
	CHECK_EQ(info.st_mode & 0777, 0600);
	CHECK(info.st_blocks * 512 >= 200000);
	CHECK(fcntl(file, F_GETFD) & FD_CLOEXEC);
	CHECK_EQ(disk_read(&disk.disk, file, 199996, back, sizeof back, &got), DISK_OK);
	CHECK_EQ(got, 4);
	CHECK_EQ(back[0] + back[3], 0);
}

TEST(t_X2_linux_disk_reserves_room_without_waiting)
{
	struct stat info;
	uint8_t     back[4] = { 1, 1, 1, 1 };
	size_t      got;
	int32_t     file = fresh(10);
	disk_close(&disk.disk, file);
	CHECK_EQ(disk_linux_reserve(&disk, "a", 200000, &file), DISK_OK);
	CHECK_EQ(stat(path_of("a"), &info), 0);
	CHECK(info.st_size == 200000 && info.st_blocks * 512 >= 200000 && (info.st_mode & 0777) == 0600);
	CHECK_EQ(disk_read(&disk.disk, file, 199996, back, sizeof back, &got), DISK_OK);
	CHECK(got == 4 && back[0] + back[3] == 0);
	CHECK_EQ(disk_write(&disk.disk, file, 199998, "xx", 2), DISK_OK);
}

TEST(t_X2_linux_disk_writes_zeros_where_room_cannot_be_reserved)
{
	struct stat info;
	int32_t     file;
	CHECK_EQ(disk_linux_init(&disk, test_folder()), DISK_OK);
	without_call(SYS_fallocate, EOPNOTSUPP);
	CHECK_EQ(disk_linux_reserve(&disk, "a", 200000, &file), DISK_OK);
	CHECK_EQ(stat(path_of("a"), &info), 0);
	CHECK(info.st_size == 200000 && info.st_blocks * 512 >= 200000);
}

TEST(t_X2_linux_disk_reads_what_was_written)
{
	char     back[16] = "";
	size_t   got;
	uint64_t bytes;
	int32_t  file = fresh(100);
	CHECK_EQ(disk_write(&disk.disk, file, 95, "tickwork", 8), DISK_OK);
	CHECK_EQ(disk_sync(&disk.disk, file), DISK_OK);
	CHECK_EQ(disk_size(&disk.disk, file, &bytes), DISK_OK);
	CHECK_EQ(bytes, 103);
	disk_close(&disk.disk, file);
	CHECK_EQ(disk_open(&disk.disk, "a", DISK_READ, &file), DISK_OK);
	CHECK_EQ(disk_read(&disk.disk, file, 95, back, sizeof back, &got), DISK_OK);
	CHECK_EQ(got, 8);
	CHECK_STR(back, "tickwork");
	CHECK_EQ(disk_write(&disk.disk, file, 0, "x", 1), DISK_FAILED);
}

TEST(t_X2_linux_disk_never_renames_over_a_file)
{
	int32_t file = fresh(10), other;
	CHECK_EQ(disk_create(&disk.disk, "b", 10, &other), DISK_OK);
	CHECK_EQ(disk_rename(&disk.disk, "a", "b"), DISK_EXISTS);
	CHECK_EQ(disk_rename(&disk.disk, "a", "c"), DISK_OK);
	CHECK_EQ(disk_rename(&disk.disk, "a", "d"), DISK_MISSING);
	CHECK_EQ(disk_write(&disk.disk, file, 0, "x", 1), DISK_OK);
	CHECK_EQ(disk_remove(&disk.disk, "c"), DISK_OK);
	CHECK_EQ(disk_remove(&disk.disk, "c"), DISK_MISSING);
	CHECK_EQ(disk_rename(&disk.disk, "b", path_of("absolute")), DISK_OK);
}

TEST(t_X2_linux_disk_says_what_is_wrong_with_a_name)
{
	int32_t           file;
	struct disk_linux nowhere;
	(void)fresh(10);
	CHECK_EQ(mkdir(path_of("folder"), 0700), 0);
	CHECK_EQ(mkfifo(path_of("pipe"), 0600), 0);
	CHECK_EQ(disk_open(&disk.disk, "nothing", DISK_READ, &file), DISK_MISSING);
	CHECK_EQ(disk_open(&disk.disk, "nowhere/a", DISK_READ, &file), DISK_MISSING);
	CHECK_EQ(disk_open(&disk.disk, "folder", DISK_READ, &file), DISK_NOT_A_FILE);
	CHECK_EQ(disk_open(&disk.disk, "folder", DISK_WRITE, &file), DISK_NOT_A_FILE);
	CHECK_EQ(disk_open(&disk.disk, "pipe", DISK_READ, &file), DISK_NOT_A_FILE);
	CHECK_EQ(disk_linux_init(&nowhere, path_of("nowhere")), DISK_MISSING);
	for (int code = 0; code < DISK_CODES_N; code++) CHECK(disk_code_text((enum disk_code)code)[0]);
}

/* A second instance, in a process of its own, may read but not write; when the first one dies the lock is free. */
TEST(t_X2_linux_disk_has_one_writer)
{
	int32_t file = fresh(10), other;
	pid_t   child = fork();
	if (child == 0) {
		disk_close(&disk.disk, file);
		enum disk_code busy = disk_open(&disk.disk, "a", DISK_WRITE, &other);
		enum disk_code again = disk_create(&disk.disk, "a", 5, &other);
		_exit(busy == DISK_BUSY && again == DISK_BUSY && disk_open(&disk.disk, "a", DISK_READ, &other) == DISK_OK ? 0 : 1);
	}
	int status = -1;
	waitpid(child, &status, 0);
	CHECK_EQ(status, 0);
	disk_close(&disk.disk, file);
	CHECK_EQ(disk_open(&disk.disk, "a", DISK_WRITE, &file), DISK_OK);
}

TEST(t_X2_linux_disk_that_may_not_be_written_is_said)
{
	int32_t file = fresh(10);
	disk_close(&disk.disk, file);
	if (geteuid() == 0 && seteuid(65534) != 0) SKIP("needs a user without rights");
	CHECK_EQ(disk_open(&disk.disk, "/etc/shadow", DISK_READ, &file), DISK_DENIED);
	CHECK_EQ(disk_create(&disk.disk, "/etc/tickwork-test", 10, &file), DISK_DENIED);
	if (getuid() == 0) CHECK_EQ(seteuid(0), 0);
}

/* The limit of a file's size stands in for a full disk: the same path, and every machine has it. */
TEST(t_X2_linux_disk_that_is_full_is_said_and_leaves_nothing)
{
	struct rlimit limit = { 100000, 100000 };
	struct stat   info;
	int32_t       file;
	CHECK_EQ(disk_linux_init(&disk, test_folder()), DISK_OK);
	CHECK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	CHECK_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
	CHECK_EQ(disk_create(&disk.disk, "a", 200000, &file), DISK_FULL);
	CHECK_EQ(file, -1);
	CHECK(stat(path_of("a"), &info) != 0);
	CHECK_EQ(disk_create(&disk.disk, "a", 100000, &file), DISK_OK);
	CHECK_EQ(disk_write(&disk.disk, file, 99999, "xx", 2), DISK_FULL);
	disk_close(&disk.disk, file);
	CHECK_EQ(disk_linux_reserve(&disk, "a", 200000, &file), DISK_FULL);
	CHECK(stat(path_of("a"), &info) != 0);
}

/* --- a journal on it -------------------------------------------------------------------------------------------------------- */

static struct journal        journal;
static struct journal_reader reader;
static struct outbox         outbox;
static uint8_t               buffer[JOURNAL_BUFFER_MIN], window[JOURNAL_WINDOW_MIN];

static void steps(uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		struct event event = event_make(EVENT_TICK, SYM_NONE, (int64_t)i);
		uint64_t     number = 0;
		CHECK_EQ(journal_input(&journal, &event, &number), JOURNAL_OK);
		outbox_begin(&outbox, 1, number, (int64_t)i);
		CHECK_EQ(journal_result(&journal, &outbox, false, 0), JOURNAL_OK);
		CHECK_EQ(journal_sync(&journal), JOURNAL_OK);
	}
}

/* The writer is killed in the middle; the next process goes on. */
TEST(t_P15_a_journal_on_linux_survives_the_death_of_its_writer)
{
	const uint64_t          state[2] = { 1, 2 };
	struct settings         settings = { { 0 } };
	struct journal_setup    setup;
	struct journal_record   record;
	struct journal_plan     plan = { 7, JOURNAL_SEGMENT_BYTES_MIN, 2, JOURNAL_CIRCLE };
	struct journal_snapshot snapshot = { state, sizeof state, 0, 3 };
	CHECK_EQ(disk_linux_init(&disk, test_folder()), DISK_OK);
	journal_setup_make(&setup, "build", &settings);
	pid_t child = fork();
	if (child == 0) {
		bool ok = journal_create(&journal, &disk.disk, "journal", &plan, &setup, buffer, sizeof buffer) == JOURNAL_OK &&
		          journal_segment_begin(&journal, &snapshot, 0) == JOURNAL_OK;
		outbox_begin(&outbox, 1, 0, 0);
		ok = ok && journal_checkpoint(&journal, &outbox, true) == JOURNAL_OK;
		steps(50);
		_exit(ok ? 9 : 1);
	}
	int status = 0;
	waitpid(child, &status, 0);
	CHECK_EQ(WEXITSTATUS(status), 9);
	CHECK_EQ(journal_read_open(&reader, &disk.disk, "journal", window, sizeof window), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&reader), JOURNAL_OK);
	while (journal_read_next(&reader, &record) != JOURNAL_END) continue;
	CHECK_EQ(reader.input_seq, 50);
	CHECK_EQ(reader.end, JOURNAL_ENDED_OPEN);
	CHECK_EQ(journal_reopen(&journal, &disk.disk, "journal", &reader, &setup, buffer, sizeof buffer), JOURNAL_OK);
	steps(10);
	CHECK_EQ(journal_close(&journal, 4), JOURNAL_OK);
	while (journal_read_next(&reader, &record) != JOURNAL_END) continue;
	CHECK_EQ(reader.input_seq, 60);
	CHECK_EQ(reader.end, JOURNAL_ENDED_CLOSED);
	CHECK_EQ(reader.close_state_hash, 4);
}
