/* journal_live_test.c - a journal read while it is written: whatever instant the reader looks at, it gets whole records in order and never
 * calls damaged what is only unfinished. The writer stands still at every byte of a write, then moves in the middle of every read. */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hal/linux/disk.h"
#include "tests/kit/random.h"
#include "tests/unit/hal/store/journal_kit.h"

/* --- a follower: what it was told, against what the kit writes ------------------------------------------------------------- */

struct follower { uint64_t inputs, results, opens, cuts; };
static struct follower follower;

static void check_events(struct journal_record *record)
{
	struct event event, want = kit_input(record->input_seq);
	uint64_t     events = 0;
	bool         same = true;
	for (; journal_event_next(record, &event); events++) {
		bool is_account = event.kind == EVENT_ACCOUNT;
		if (record->type == JOURNAL_INPUT) same = same && memcmp(&event, &want, sizeof event) == 0;
		else same = same && (is_account ? event.account.nav_usd_e8 == (int64_t)record->input_seq : event.fill.order_id == record->input_seq);
	}
	CHECK(same && events == (record->type == JOURNAL_INPUT ? 1 : record->input_seq % 4));
}

static void follow_record(struct journal_record *record)
{
	if (record->type == JOURNAL_INPUT) CHECK_EQ(record->input_seq, ++follower.inputs);
	if (record->type == JOURNAL_RESULT) CHECK_EQ(record->input_seq, ++follower.results);
	if (record->type == JOURNAL_INPUT || record->type == JOURNAL_RESULT) check_events(record);
}

/* Everything there is at this instant. */
static void follow(void)
{
	struct journal_record record;
	while (journal_read_live(&kit.reader, &record) != JOURNAL_END) follow_record(&record);
	follower.opens += kit.reader.end == JOURNAL_ENDED_OPEN;
	follower.cuts += kit.reader.end == JOURNAL_ENDED_CUT;
	if (kit.reader.end != JOURNAL_ENDED_OPEN && kit.reader.end != JOURNAL_ENDED_CUT) CHECK_STR(journal_ending_text[kit.reader.end], "open or cut");
}

static void begin(struct disk *writers, struct disk *readers)
{
	struct journal_plan plan = { 0x123456789abc, KIT_SEGMENT_BYTES, KIT_SEGMENTS, JOURNAL_CIRCLE };
	follower = (struct follower){ 0 };
	CHECK_EQ(journal_create(&kit.journal, writers, "journal", &plan, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
	CHECK_EQ(kit_segment(UINT64_MAX), JOURNAL_OK);
	CHECK_EQ(journal_read_open(&kit.reader, readers, "journal", kit_window, sizeof kit_window), JOURNAL_OK);
	CHECK_EQ(journal_seek_input(&kit.reader, 1), JOURNAL_OK);
}

/* --- a disk between the two ------------------------------------------------------------------------------------------------- */

/* Passes everything on to the memory disk; a write arrives in prefixes with a look of the reader after each, and a read is taken in
 * two parts with a move of the writer between them. */
struct between { struct disk disk; struct disk_verbs verbs; void (*look)(void); void (*move)(void); size_t step_bytes, split_bytes; bool inside; };
static struct between between;

static enum disk_code write_in_parts(struct disk *disk, int32_t file, uint64_t offset, const void *from, size_t bytes)
{
	(void)disk;
	for (size_t part = 1; part < bytes; part += between.step_bytes) {
		enum disk_code code = disk_write(&kit.disk.disk, file, offset, from, part);
		if (code != DISK_OK) return code;
		between.look();
	}
	return disk_write(&kit.disk.disk, file, offset, from, bytes);
}

static enum disk_code read_in_parts(struct disk *disk, int32_t file, uint64_t offset, void *into, size_t bytes, size_t *got)
{
	(void)disk;
	size_t first = between.split_bytes < bytes ? between.split_bytes : bytes, more = 0;
	enum disk_code code = disk_read(&kit.disk.disk, file, offset, into, first, got);
	if (code == DISK_OK && !between.inside) {
		between.inside = true;
		between.move();
		between.inside = false;
	}
	if (code == DISK_OK && *got == first) code = disk_read(&kit.disk.disk, file, offset + first, (uint8_t *)into + first, bytes - first, &more);
	*got += more;
	return code;
}

static enum disk_code between_open(struct disk *disk, const char *name, enum disk_right right, int32_t *file)
{
	(void)disk;
	return disk_open(&kit.disk.disk, name, right, file);
}

static enum disk_code between_size(struct disk *disk, int32_t file, uint64_t *bytes)
{
	(void)disk;
	return disk_size(&kit.disk.disk, file, bytes);
}

static enum disk_code between_sync(struct disk *disk, int32_t file)
{
	(void)disk;
	return disk_sync(&kit.disk.disk, file);
}

static enum disk_code between_create(struct disk *disk, const char *name, uint64_t bytes, int32_t *file)
{
	(void)disk;
	return disk_create(&kit.disk.disk, name, bytes, file);
}

static enum disk_code between_rename(struct disk *disk, const char *from, const char *to)
{
	(void)disk;
	return disk_rename(&kit.disk.disk, from, to);
}

static enum disk_code plain_read(struct disk *disk, int32_t file, uint64_t offset, void *into, size_t bytes, size_t *got)
{
	(void)disk;
	return disk_read(&kit.disk.disk, file, offset, into, bytes, got);
}

static enum disk_code plain_write(struct disk *disk, int32_t file, uint64_t offset, const void *from, size_t bytes)
{
	(void)disk;
	return disk_write(&kit.disk.disk, file, offset, from, bytes);
}

static void between_close(struct disk *disk, int32_t file)
{
	(void)disk;
	disk_close(&kit.disk.disk, file);
}

static void between_init(void)
{
	kit_disk();
	between = (struct between){ .step_bytes = SIZE_MAX / 2 };
	between.verbs = (struct disk_verbs){ .create = between_create, .open = between_open, .rename = between_rename, .read = plain_read,
		.write = plain_write, .sync = between_sync, .size = between_size, .close = between_close };
	between.disk.verbs = &between.verbs;
}

/* --- the writer stands still ------------------------------------------------------------------------------------------------ */

TEST(t_X2_a_reader_at_every_byte_of_a_write_gets_whole_records_only)
{
	between_init();
	begin(&between.disk, &kit.disk.disk);
	between.verbs.write = write_in_parts;
	between.look = follow;
	between.step_bytes = 1;
	for (int i = 0; i < 16; i++) {
		CHECK_EQ(kit_run(1, UINT64_MAX), JOURNAL_OK);
		uint64_t before = follower.results;
		CHECK_EQ(journal_flush(&kit.journal), JOURNAL_OK);
		CHECK(follower.results <= before + 1);
		follow();
		CHECK_EQ(follower.results, kit.state[0]);
	}
	CHECK(follower.cuts > 1000 && follower.opens > 16);
}

/* Several laps of the circle; inside the writes around the beginning of a segment the reader looks often. */
TEST(t_X2_a_reader_at_every_write_follows_the_circle_round)
{
	between_init();
	begin(&between.disk, &kit.disk.disk);
	between.verbs.write = write_in_parts;
	between.look = follow;
	while (kit.journal.segment.number < 2 * KIT_SEGMENTS + 1) {
		between.step_bytes = journal_needs_segment(&kit.journal) ? 97 : SIZE_MAX / 2;
		CHECK_EQ(kit_run(1, 50), JOURNAL_OK);
		if (kit.state[0] % 7 == 0) CHECK_EQ(journal_flush(&kit.journal), JOURNAL_OK);
	}
	CHECK_EQ(journal_flush(&kit.journal), JOURNAL_OK);
	follow();
	CHECK_EQ(follower.results, kit.state[0]);
	CHECK(follower.cuts > 50);
}

/* --- the writer moves while the reader reads --------------------------------------------------------------------------------- */

static struct random moves;
static uint64_t      steps_max;

/* Some steps, flushed or made durable: never a segment before the reader has let go of it. */
static void writer_moves(void)
{
	uint64_t steps = random_below(&moves, 4);
	for (uint64_t i = 0; i < steps && kit.state[0] < steps_max; i++) {
		if (journal_needs_segment(&kit.journal)) CHECK(kit_segment(follower.results > 2 ? kit.reader.next_seq - 1 : 0) != JOURNAL_LOST);
		if (journal_needs_segment(&kit.journal)) break;
		CHECK_EQ(kit_run(1, UINT64_MAX), JOURNAL_OK);
	}
	if (random_below(&moves, 2)) CHECK_EQ(journal_flush(&kit.journal), JOURNAL_OK);
	else CHECK_EQ(journal_sync(&kit.journal), JOURNAL_OK);
}

static void run_moving(uint64_t seed, uint64_t steps)
{
	between_init();
	moves = (struct random){ seed };
	steps_max = steps;
	begin(&kit.disk.disk, &between.disk);
	between.verbs.read = read_in_parts;
	between.move = writer_moves;
	for (uint64_t turn = 0; follower.results < steps; turn++) {
		between.split_bytes = random_below(&moves, 8) ? random_below(&moves, 600) : random_below(&moves, JOURNAL_WINDOW_MIN);
		follow();
		if (turn > 100 * steps) CHECK(false && "the reader stands still");
	}
	CHECK_EQ(follower.results, steps);
}

TEST(t_X2_a_writer_that_moves_in_the_middle_of_a_read_damages_nothing)
{
	for (uint64_t seed = 1; seed <= (getenv("TICKWORK_LONG") ? 400 : 20); seed++) run_moving(seed, 400);
}

TEST(t_X2_a_writer_that_moves_in_the_middle_of_a_read_goes_round_the_circle)
{
	for (uint64_t seed = 1; seed <= (getenv("TICKWORK_LONG") ? 40 : 4); seed++) run_moving(seed, 6000);
	CHECK(kit.journal.segment.number > 2 * KIT_SEGMENTS);
}

/* The second look is not blind: what is really damaged is called so, by a live reader too. */
TEST(t_X2_a_live_reader_still_finds_damage)
{
	struct journal_record record;
	between_init();
	begin(&kit.disk.disk, &kit.disk.disk);
	CHECK_EQ(kit_run(20, 1), JOURNAL_OK);
	for (int i = 0; i < 12; i++) (void)journal_read_live(&kit.reader, &record);
	disk_sim_find(&kit.disk, "journal")->memory[kit.reader.at + JOURNAL_RECORD_HEAD_BYTES] ^= 1;
	kit.reader.window_have = 0;
	CHECK_EQ(journal_read_live(&kit.reader, &record), JOURNAL_END);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_DAMAGED);
}

/* --- seeking an INPUT -------------------------------------------------------------------------------------------------------- */

TEST(t_X2_an_input_is_found_in_the_segment_that_holds_it)
{
	struct journal_record record;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	uint64_t last[2 * KIT_SEGMENTS + 2] = { 0 };        /* of each segment: the last INPUT before it */
	while (kit.journal.segment.number < 2 * KIT_SEGMENTS) {
		CHECK_EQ(kit_run(1, 50), JOURNAL_OK);
		if (kit.journal.input_seq == kit.journal.result_seq) last[kit.journal.segment.number + 1] = kit.state[0];
	}
	CHECK_EQ(journal_sync(&kit.journal), JOURNAL_OK);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	uint64_t newest = kit.journal.segment.number, oldest = newest + 1 - KIT_SEGMENTS;
	for (uint64_t number = oldest; number < newest; number++) {
		CHECK_EQ(journal_seek_input(&kit.reader, last[number] + 1), JOURNAL_OK);
		CHECK_EQ(kit.reader.segment.number, number);
		CHECK_EQ(journal_read_next(&kit.reader, &record), JOURNAL_SNAPSHOT);
		CHECK_EQ(record.input_seq, last[number]);
		CHECK_EQ(journal_seek_input(&kit.reader, last[number + 1]), JOURNAL_OK);
		CHECK_EQ(kit.reader.segment.number, number);
	}
	CHECK_EQ(journal_seek_input(&kit.reader, UINT64_MAX), JOURNAL_OK);
	CHECK_EQ(kit.reader.segment.number, newest);
	CHECK_EQ(journal_seek_input(&kit.reader, last[oldest]), JOURNAL_GONE);
	CHECK_EQ(kit.reader.segment.number, oldest);
	CHECK_EQ(journal_read_next(&kit.reader, &record), JOURNAL_SNAPSHOT);
}

/* --- two processes ----------------------------------------------------------------------------------------------------------- */

struct shared { uint64_t read_seq, steps; };

static _Noreturn void write_in_child(const struct shared *shared, uint64_t steps, uint64_t seed)
{
	struct random random = { seed };
	while (kit.state[0] < steps) {
		uint64_t read_seq = __atomic_load_n(&shared->read_seq, __ATOMIC_ACQUIRE);
		if (journal_needs_segment(&kit.journal) && kit_segment(read_seq) == JOURNAL_LOST) _exit(1);
		if (journal_needs_segment(&kit.journal)) continue;        /* the reader holds the oldest segment */
		/* The kit's own steps would begin a segment for a reader who is always there. */
		for (uint32_t left = 1 + random_below(&random, 5); left > 0 && !journal_needs_segment(&kit.journal); left--)
			if (kit_run_one(UINT64_MAX) == JOURNAL_LOST) _exit(2);
		uint32_t how = random_below(&random, 16);
		if ((how == 0 ? journal_sync(&kit.journal) : how < 8 ? journal_flush(&kit.journal) : JOURNAL_OK) != JOURNAL_OK) _exit(3);
	}
	_exit(journal_sync(&kit.journal) == JOURNAL_OK ? 0 : 4);
}

TEST(t_X2_a_journal_on_disk_is_read_beside_a_writing_process)
{
	struct disk_linux disk;
	uint64_t          steps = getenv("TICKWORK_LONG") ? 200000 : 12000;
	int               status = 0;
	struct shared    *shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(shared != MAP_FAILED && disk_linux_init(&disk, test_folder()) == DISK_OK);
	kit_setup(&kit.setup, "build one");
	begin(&disk.disk, &disk.disk);
	pid_t child = fork();
	if (child == 0) write_in_child(shared, steps, 11);
	for (time_t begun = time(0); follower.results < steps && time(0) < begun + 300;) {
		follow();
		__atomic_store_n(&shared->read_seq, kit.reader.next_seq - 1, __ATOMIC_RELEASE);
	}
	waitpid(child, &status, 0);
	CHECK_EQ(status, 0);
	follow();
	CHECK(follower.results >= steps && follower.results < steps + 5 && kit.reader.segment.number > 2 * KIT_SEGMENTS);
}
