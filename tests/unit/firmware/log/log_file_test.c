/* log_file_test.c - rings that never wait, files that go round, a day's cap, and what a kill leaves (P8). */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/log/drain.h"
#include "firmware/log/lost.h"
#include "hal/linux/files.h"
#include "tests/kit/test.h"
#include "tests/unit/firmware/log/log_property.h"

static struct log_ring ring;
static struct log_list list;
static struct log_file file;

static void say(uint64_t number)
{
	char text[32];
	(void)snprintf(text, sizeof text, "sentence %llu", (unsigned long long)number);
	log_say(&ring, LOG_KIND_said, LOG_info, 0, "desk", text);
}

TEST(t_P8_a_ring_never_waits_and_what_is_overtaken_is_counted)
{
	struct log_record record;
	uint64_t          next = 0, missed = 0, got = 0;
	for (uint64_t i = 1; i <= 10; i++) say(i);
	while (log_take(&ring, &next, &missed, &record)) CHECK_EQ(record.seq, ++got);
	CHECK(got == 10 && missed == 0);
	for (uint64_t i = 11; i <= 10 + 3 * LOG_SLOTS; i++) say(i);
	uint64_t last = 0, count = 0;
	while (log_take(&ring, &next, &missed, &record)) {
		if (record.seq <= last) CHECK_EQ(record.seq, last + 1);
		last = record.seq;
		count++;
	}
	CHECK_EQ(last, 10 + 3 * LOG_SLOTS);
	CHECK_EQ(count + missed, 3 * LOG_SLOTS);
	CHECK(missed > 0);
}

TEST(t_P8_a_step_that_is_repeated_is_told_once)
{
	struct event event = event_make(EVENT_OPERATOR, SYM_NONE, 1);
	event.cause = 7;
	event.instruction.code = 987654;
	log_event(&ring, 0, &event);
	log_event(&ring, 0, &event);
	CHECK_EQ(ring.count, 1);
	CHECK(!strstr(ring.slot[0].text, "987654"));        /* a code is nobody else's business */
	event.index = 1;
	log_event(&ring, 0, &event);
	event.kind = EVENT_TICK;
	event.index = 2;
	log_event(&ring, 0, &event);        /* not worth a record */
	CHECK_EQ(ring.count, 2);
}

static struct log_record record_of(int64_t day, uint64_t seq)
{
	struct log_record record = { .seq = seq, .wall_ns = day * NS_PER_DAY + (int64_t)seq, .mono_ns = (int64_t)seq, .sym = SYM_NONE };
	(void)snprintf(record.process, sizeof record.process, "desk");
	(void)snprintf(record.text, sizeof record.text, "record %llu", (unsigned long long)seq);
	return record;
}

static void add(int64_t day, uint64_t from, uint64_t to)
{
	for (uint64_t seq = from; seq <= to; seq++) {
		struct log_record record = record_of(day, seq);
		log_file_add(&file, &record);
	}
}

TEST(t_P8_files_go_on_by_day_and_size_and_over_restarts)
{
	CHECK(log_file_open(&file, test_folder()));
	add(20000, 1, LOG_FILE_SLOTS + 5);        /* one more file than it fits */
	CHECK_EQ(file.generation, 2);
	log_file_close(&file);
	CHECK(log_file_open(&file, test_folder()));
	CHECK(file.generation == 2 && file.day == 20000 && file.day_records == LOG_FILE_SLOTS + 5);
	add(20000, LOG_FILE_SLOTS + 6, LOG_FILE_SLOTS + 10);
	CHECK_EQ(file.generation, 2);
	add(20001, LOG_FILE_SLOTS + 11, LOG_FILE_SLOTS + 12);
	CHECK_EQ(file.generation, 3);
	log_read(&list, test_folder());
	CHECK_EQ(list.count, LOG_FILE_SLOTS + 12);
	for (uint32_t i = 0; i < list.count; i++)
		if (list.record[i].seq != i + 1) CHECK_EQ(list.record[i].seq, i + 1);
	for (int64_t day = 20002; day < 20002 + 2 * CFG_log_files; day++) add(day, 1, 1);
	log_read(&list, test_folder());
	CHECK_EQ(list.count, CFG_log_files);        /* the oldest made room, and nothing of them is read */
	log_file_close(&file);
}

TEST(t_P8_a_day_writes_no_more_than_its_cap)
{
	CHECK(log_file_open(&file, test_folder()));
	add(20000, 1, LOG_DAY_RECORDS + 100);
	CHECK(file.written == LOG_DAY_RECORDS && file.capped == 101 && file.failed == 0);
	log_file_close(&file);
	log_read(&list, test_folder());
	CHECK(list.count == LOG_DAY_RECORDS && list.record[LOG_DAY_RECORDS - 1].kind == LOG_KIND_drop);        /* the last one says so */
	CHECK(log_file_open(&file, test_folder()));
	CHECK(!log_file_takes(&file, 20000 * NS_PER_DAY) && log_file_takes(&file, 20001 * NS_PER_DAY));
	add(20000, 1, 1);
	CHECK_EQ(file.capped, 1);        /* a restart gives no second helping */
	add(20001, 2, 2);
	CHECK_EQ(file.written, 1);
	log_file_close(&file);
}

/* Rings are emptied one after the other: the first brings records of today, the next one those of before midnight. */
TEST(t_P8_who_comes_late_at_midnight_begins_no_file)
{
	CHECK(log_file_open(&file, test_folder()));
	for (uint64_t ring_n = 0; ring_n < 7; ring_n++) {
		add(20000, 2 * ring_n, 2 * ring_n);
		add(20001, 2 * ring_n + 1, 2 * ring_n + 1);
	}
	CHECK(file.generation == 2 && file.day == 20001 && file.day_records == 13);
	file.day_records = LOG_DAY_RECORDS;
	CHECK(!log_file_takes(&file, 20000 * NS_PER_DAY) && log_file_takes(&file, 19999 * NS_PER_DAY));
	add(20000, 20, 20);
	CHECK_EQ(file.capped, 1);
	log_file_close(&file);
}

/* A clock that was once ahead has left a file of a day to come: each restart goes on behind the newest record all the same, within that day's cap. */
TEST(t_P8_a_file_of_a_day_to_come_is_not_the_newest)
{
	CHECK(log_file_open(&file, test_folder()));
	add(20100, 1, 2);
	add(20000, 3, 5);
	log_file_close(&file);
	CHECK(log_file_open(&file, test_folder()));
	CHECK(file.generation == 2 && file.day == 20000 && file.day_records == 3);
	add(20000, 6, 6);
	CHECK_EQ(file.generation, 2);
	log_file_close(&file);
}

static struct memory_map *map_of_rings(void)
{
	struct memory_map *map = map_make();
	BUG_UNLESS(3920, map != 0);
	return map;
}

static const char *lost_text(const struct memory_map *map, bool is_running)
{
	static char     text[LOG_LOST_BYTES];
	struct log_lost lost;
	log_read(&list, test_folder());
	log_lost_read(&lost, &list, 0);
	if (map) log_lost_add(&lost, map, is_running);
	return log_lost_text(text, &lost);
}

static void fill(struct memory_map *map, uint64_t records)
{
	for (uint64_t i = 0; i < records; i++) log_say(log_ring_of(map, WORKER_desk), LOG_KIND_said, LOG_info, WORKER_desk, "desk", "a sentence");
}

TEST(t_P8_what_is_missing_is_said_by_reason_over_the_lives_of_the_writer)
{
	struct memory_map      *map = map_of_rings();
	const struct log_state *state = map->log_state;
	struct log_drain        drain;
	CHECK(log_drain_open(&drain, map, test_folder()));
	fill(map, 10);
	CHECK(log_drain_turn(&drain) == 10 && lost_text(map, true) == 0);
	fill(map, 3 * LOG_SLOTS);
	CHECK_STR(lost_text(map, true), "1024 records of the log are missing: 1024 were overtaken before they were written: the ledger was late");
	CHECK_STR(lost_text(map, false), "1536 records of the log are missing: 1536 were overtaken before they were written: the ledger was late");
	while (log_drain_turn(&drain) > 0) {}
	uint64_t late = state->lost[LOG_DROP_late];
	CHECK(late >= 1024 && state->told[LOG_DROP_late] == late);
	CHECK(strstr(lost_text(0, true), "records of the log are missing: ") != 0);        /* the files alone say it */
	log_drain_close(&drain);
	CHECK(log_drain_open(&drain, map, test_folder()));        /* a successor */
	drain.file.day_records = LOG_DAY_RECORDS - 1;
	drain.file.day = day_from_t_ns(list.record[0].wall_ns);
	fill(map, 5);
	CHECK_EQ(log_drain_turn(&drain), 5);
	CHECK(state->lost[LOG_DROP_late] == late && state->lost[LOG_DROP_capped] == 5 && state->told[LOG_DROP_capped] == 0);
	CHECK(strstr(lost_text(map, true), ", 5 were beyond log_day_kib of their day") != 0);
	CHECK(strstr(lost_text(0, true), ", all after log_day_kib of a day was used up") != 0);
	drain.file.day_records = 0;        /* another day */
	(void)log_drain_turn(&drain);
	CHECK_EQ(state->told[LOG_DROP_capped], 5);
	CHECK(strstr(lost_text(0, true), ", 5 were beyond log_day_kib of their day") != 0);
	log_drain_close(&drain);
	map_drop(map);
}

TEST(t_P8_what_the_disk_refuses_is_told_when_it_writes_again)
{
	struct memory_map      *map = map_of_rings();
	const struct log_state *state = map->log_state;
	struct log_drain        drain;
	CHECK(log_drain_open(&drain, map, test_folder()));
	int kept = drain.file.fd[0];
	drain.file.fd[0] = -1;
	fill(map, 3);
	(void)log_drain_turn(&drain);
	CHECK(state->lost[LOG_DROP_failed] == 3 && state->told[LOG_DROP_failed] == 0);
	CHECK_STR(lost_text(map, true), "3 records of the log are missing: 3 were refused by the disk");
	drain.file.fd[0] = kept;
	fill(map, 1);
	(void)log_drain_turn(&drain);
	CHECK(state->lost[LOG_DROP_failed] == 3 && state->told[LOG_DROP_failed] == 3);
	CHECK_STR(lost_text(map, true), "3 records of the log are missing: 3 were refused by the disk");
	log_drain_close(&drain);
	map_drop(map);
}

TEST(t_P8_a_torn_record_is_left_out_and_written_over)
{
	char path[FILES_PATH_MAX];
	CHECK(log_file_open(&file, test_folder()));
	add(20000, 1, 9);
	CHECK(log_file_path(path, sizeof path, test_folder(), file.at));
	log_file_close(&file);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	CHECK_EQ(pwrite(fd, "torn", 4, 9 * LOG_RECORD_BYTES + 140), 4);        /* the ninth */
	CHECK_EQ(pwrite(fd, "torn", 4, 4 * LOG_RECORD_BYTES + 140), 4);
	(void)close(fd);
	log_read(&list, test_folder());
	CHECK_EQ(list.count, 7);
	CHECK(log_file_open(&file, test_folder()));
	add(20000, 9, 9);
	log_file_close(&file);
	log_read(&list, test_folder());
	CHECK(list.count == 8 && list.record[7].seq == 9);
}

TEST(t_P8_all_files_are_there_before_the_first_record)
{
	struct stat info = { 0 };
	char        path[FILES_PATH_MAX];
	log_file_prepare(test_folder());
	for (uint32_t i = 0; i < CFG_log_files; i++) {
		CHECK(log_file_path(path, sizeof path, test_folder(), i));
		CHECK_EQ(stat(path, &info), 0);
		CHECK(info.st_size == CFG_log_file_kib * 1024 && info.st_blocks * 512 >= info.st_size);
	}
	log_read(&list, test_folder());
	CHECK_EQ(list.count, 0);
	log_file_prepare("/nonexistent/home");        /* is for the ledger to say */
}

TEST(t_P8_without_a_folder_all_is_counted)
{
	CHECK(!log_file_open(&file, "/nonexistent/home"));
	add(20000, 1, 5);
	CHECK(file.failed == 5 && file.written == 0);
	log_file_close(&file);
}

TEST(t_P8_any_bytes_are_a_record_or_none)
{
	uint8_t  bytes[LOG_RECORD_BYTES];
	uint64_t state = 4;
	for (int turn = 0; turn < 20000; turn++) {
		for (size_t i = 0; i < sizeof bytes; i++) {
			state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
			bytes[i] = (uint8_t)(state >> (turn % 2 ? 40 : 62));
		}
		const char *broken = log_property(bytes, sizeof bytes);
		if (broken) CHECK_STR(broken, "");
	}
	CHECK(log_property(bytes, 0) == 0);
}
