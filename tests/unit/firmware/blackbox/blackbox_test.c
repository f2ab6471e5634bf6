/* blackbox_test.c - deaths in order over restarts, the latest events of each worker, and whatever else lies in the file (P3). */
#include "tests/unit/firmware/blackbox/blackbox_property.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/blackbox/trace.h"
#include "firmware/console/event_text.h"
#include "firmware/version.h"
#include "tests/kit/test.h"

static struct blackbox box;
static struct worker_trace trace_a, trace_b;
static _Alignas(64) uint8_t room[BLACKBOX_SLOT_BYTES];

static void fill(struct worker_trace *trace, uint32_t events)
{
	for (uint32_t i = 0; i < events; i++) {
		struct event event = event_make(EVENT_TICK, 0, (int64_t)(trace->count + 1) * NS_PER_S);
		event.cause = trace->count + 1;
		trace_put(trace, &event);
	}
}

static void open_box(bool want_renewed)
{
	bool is_renewed = false;
	CHECK_EQ(blackbox_open(&box, test_folder(), &is_renewed), FILES_OK);
	CHECK_EQ(is_renewed, want_renewed);
}

static void die(int32_t pid, uint32_t workers)
{
	const struct worker_trace *const trace[] = { &trace_a, &trace_b };
	struct blackbox_death *death = blackbox_begin(&box);
	(void)snprintf(death->process, sizeof death->process, "desk");
	death->pid = pid;
	death->workers = workers;
	CHECK(blackbox_put(&box, trace));
	blackbox_sync(&box);
}

/* How many are kept, and the newest of them in `room`. */
static uint32_t read_all(uint64_t *newest)
{
	struct blackbox_file file;
	uint32_t count = 0, slot = 0;
	*newest = 0;
	CHECK_EQ(blackbox_read_open(&file, test_folder()), FILES_OK);
	CHECK_EQ(file.slots, CFG_blackbox_deaths);
	for (uint32_t i = 0; i < file.slots; i++) {
		const struct blackbox_death *death = blackbox_read(&file, i, room);
		if (!death) continue;
		count++;
		if (death->number > *newest) *newest = death->number, slot = i;
	}
	if (count) CHECK(blackbox_read(&file, slot, room) != 0);
	blackbox_read_close(&file);
	return count;
}

static int file_fd(void)
{
	char path[FILES_PATH_MAX];
	CHECK_EQ(files_path(path, test_folder(), BLACKBOX_NAME), FILES_OK);
	return open(path, O_RDWR | O_CLOEXEC);
}

TEST(t_P3_deaths_are_kept_over_restarts_and_the_oldest_make_room)
{
	uint64_t newest;
	struct stat before, after;
	for (int32_t i = 1; i <= 2 * CFG_blackbox_deaths + 3; i++) {
		open_box(false);
		int fd = file_fd();
		CHECK_EQ(fstat(fd, i == 1 ? &before : &after), 0);
		(void)close(fd);
		die(1000 + i, 0);
		blackbox_close(&box);
		CHECK_EQ(read_all(&newest), i < CFG_blackbox_deaths ? i : CFG_blackbox_deaths);
		CHECK_EQ(newest, i);
	}
	CHECK(before.st_size == after.st_size && before.st_blocks == after.st_blocks && before.st_blocks * 512 >= before.st_size); /* all its room from the start */
	CHECK_EQ(after.st_mode & 0777, 0600);
	const struct blackbox_death *death = (const void *)room;
	CHECK_EQ(death->pid, 1000 + 2 * CFG_blackbox_deaths + 3);
	CHECK_STR(death->build, build_id());
}

TEST(t_P3_the_latest_thousand_events_of_each_worker_are_kept)
{
	uint64_t newest;
	fill(&trace_a, 2500);
	fill(&trace_b, 7);
	open_box(false);
	die(1, 2);
	blackbox_close(&box);
	CHECK_EQ(read_all(&newest), 1);
	const struct blackbox_death *death = (const void *)room;
	CHECK(death->worker[0].events == 1000 && death->worker[0].count == 2500);
	CHECK(death->worker[1].events == 7 && death->worker[1].count == 7);
	const struct event *a = blackbox_events(death, 0), *b = blackbox_events(death, 1);
	for (uint64_t i = 0; i < 1000; i++)
		if (a[i].cause != 1501 + i) CHECK_EQ(a[i].cause, 1501 + i);
	for (uint64_t i = 0; i < 7; i++) CHECK_EQ(b[i].cause, i + 1);
}

TEST(t_P3_a_torn_death_is_left_out_and_the_rest_is_read)
{
	uint64_t newest;
	uint8_t byte;
	fill(&trace_a, 100);
	open_box(false);
	for (int32_t i = 1; i <= 3; i++) die(i, 1);
	int fd = file_fd();
	off_t at = 2 * (off_t)BLACKBOX_SLOT_BYTES + BLACKBOX_HEAD_BYTES + 50 * EVENT_BYTES; /* in the middle of number 2's events */
	CHECK_EQ(pread(fd, &byte, 1, at), 1);
	byte ^= 1;
	CHECK_EQ(pwrite(fd, &byte, 1, at), 1);
	CHECK_EQ(read_all(&newest), 2);
	CHECK_EQ(newest, 3);
	memset(room, 0xff, BLACKBOX_HEAD_BYTES);
	CHECK_EQ(pwrite(fd, room, BLACKBOX_HEAD_BYTES, 3 * (off_t)BLACKBOX_SLOT_BYTES), BLACKBOX_HEAD_BYTES);
	blackbox_close(&box);
	open_box(false);
	CHECK_EQ(read_all(&newest), 1);
	die(4, 1); /* the numbers go on from what can be read */
	CHECK_EQ(read_all(&newest), 2);
	(void)close(fd);
}

TEST(t_P3_a_file_of_another_shape_is_set_aside)
{
	char path[FILES_PATH_MAX], line[16] = { 0 };
	uint64_t newest;
	CHECK_EQ(files_path(path, test_folder(), BLACKBOX_NAME), FILES_OK);
	CHECK_EQ(files_replace(path, "not a box", 9, false), FILES_OK);
	struct blackbox_file file;
	CHECK_EQ(blackbox_read_open(&file, test_folder()), FILES_BROKEN);
	open_box(true);
	blackbox_close(&box);
	CHECK_EQ(read_all(&newest), 0);
	(void)snprintf(path, sizeof path, "%s/" BLACKBOX_NAME ".old-1", test_folder());
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK_EQ(read(fd, line, sizeof line), 9);
	CHECK_STR(line, "not a box");
	(void)close(fd);
}

TEST(t_P3_without_a_folder_nothing_stops)
{
	bool is_renewed;
	CHECK_EQ(blackbox_open(&box, "/nonexistent/home", &is_renewed), FILES_MISSING);
	CHECK(blackbox_begin(&box) != 0 && !blackbox_put(&box, 0));
	blackbox_sync(&box);
	blackbox_close(&box);
}

static uint64_t next(uint64_t *state) { return *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407; }

TEST(t_P3_any_bytes_are_a_death_or_none)
{
	uint8_t bytes[512];
	uint64_t state = 45;
	for (int turn = 0; turn < 20000; turn++) {
		size_t count = next(&state) >> 33 & 511;
		for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(next(&state) >> (turn % 3 ? 40 : 62));
		const char *broken = blackbox_property(bytes, count);
		if (broken) CHECK_STR(broken, "");
	}
	CHECK(blackbox_property(bytes, 0) == 0);
}

TEST(t_P3_any_event_has_a_text_that_ends)
{
	char text[EVENT_TEXT_BYTES];
	struct event event;
	uint64_t state = 7;
	for (uint32_t turn = 0; turn < 20000; turn++) {
		for (size_t i = 0; i < sizeof event; i++) ((uint8_t *)&event)[i] = (uint8_t)(next(&state) >> (turn % 2 ? 40 : 62));
		event.kind = (uint16_t)(turn % (EVENT_KINDS_N + 3));
		size_t length = strnlen(event_text(text, &event), sizeof text);
		if (length >= sizeof text) CHECK_EQ(length, 0);
		for (size_t i = 0; i < length; i++)
			if (text[i] < ' ') CHECK_EQ(text[i], ' ');
	}
	event = event_make(EVENT_OPERATOR, SYM_NONE, 0);
	event.instruction.code = 123456;
	event.instruction.command = OPERATOR_RESUME;
	CHECK_STR(event_text(text, &event), "RESUME"); /* a code is nobody else's business */
	CHECK_STR(event_name(EVENT_FILL), "FILL");
}
