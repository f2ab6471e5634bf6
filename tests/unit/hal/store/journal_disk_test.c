/* journal_disk_test.c - each way in which the disk can fail the journal where the runs of journal_faults_test.c do not come: a size that is not told,
 * each search at each read, and a buffer that is full before anybody syncs. */
#include "tests/unit/hal/store/journal_kit.h"

enum { WIDE_BYTES = 1 << 23, STATE_WORDS = 20000 };

/* --- reading ------------------------------------------------------------------------------------------------------------------ */

static const struct disk_verbs *sim_verbs;
static uint64_t                 sizes, size_fails_at;

static enum disk_code size_or_not(struct disk *disk, int32_t file, uint64_t *bytes)
{
	return ++sizes == size_fails_at ? DISK_FAILED : sim_verbs->size(disk, file, bytes);
}

static void size_fails(uint64_t nth)
{
	static struct disk_verbs verbs;
	if (kit.disk.disk.verbs != &verbs) sim_verbs = kit.disk.disk.verbs;
	verbs = *sim_verbs;
	verbs.size = size_or_not;
	kit.disk.disk.verbs = &verbs;
	sizes = 0;
	size_fails_at = nth;
}

static void read_fails(uint64_t nth)
{
	disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = DISK_SIM_READ_CALL, .nth = nth, .code = DISK_FAILED });
}

/* Two segments, closed or with the beginning of a record behind the last one. */
static void two_segments(enum journal_shape shape, bool closed)
{
	kit_disk();
	CHECK_EQ(kit_create(shape), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	CHECK_EQ(kit_segment(UINT64_MAX), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	if (closed) CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
	else kit_memory[0][kit.journal.at] = 8;
	journal_abandon(&kit.journal);
}

static enum journal_verdict read_to_the_end(void)
{
	struct journal_record record;
	while (journal_read_next(&kit.reader, &record) != JOURNAL_END) continue;
	return kit.reader.end == JOURNAL_ENDED_FAILED ? JOURNAL_DISK_FAILED : JOURNAL_OK;
}

static enum journal_verdict seek_after(void) { return journal_seek_after(&kit.reader, 2); }
static enum journal_verdict seek_input(void) { return journal_seek_input(&kit.reader, 2); }
static enum journal_verdict seek_oldest(void) { return journal_seek_oldest(&kit.reader); }

static enum journal_verdict read_state(void)
{
	struct journal_record record;
	enum journal_verdict  verdict = journal_seek_newest(&kit.reader);
	return verdict == JOURNAL_OK ? journal_read_state(&kit.reader, kit.state, sizeof kit.state, &record) : verdict;
}

static enum journal_verdict read_rest(void)
{
	struct journal_rest  rest;
	enum journal_verdict verdict = journal_seek_newest(&kit.reader);
	if (verdict == JOURNAL_OK) (void)read_to_the_end();
	return verdict == JOURNAL_OK ? journal_read_rest(&kit.reader, &rest) : verdict;
}

/* The n-th call fails, for all n: the look says so, or the reading after it does; it never takes what it could not read for an end. */
static void looks_with(void (*fails)(uint64_t nth), enum journal_verdict (*look)(void))
{
	uint64_t nth = 1;
	for (;; nth++) {
		disk_sim_restart(&kit.disk);
		fails(nth);
		enum journal_verdict verdict = kit_read_open();
		bool                 is_open = verdict == JOURNAL_OK;
		if (is_open) verdict = look();
		if (verdict == JOURNAL_OK) verdict = read_to_the_end();
		if (is_open) journal_read_close(&kit.reader);
		if ((fails == size_fails ? sizes : kit.disk.calls[DISK_SIM_READ_CALL]) < nth) break;
		CHECK_EQ(verdict, JOURNAL_DISK_FAILED);
	}
	CHECK(nth > 1);
}

TEST(t_X2_a_disk_that_fails_at_the_nth_call_of_any_search_is_said_for_all_n)
{
	static enum journal_verdict (*const look[])(void) = { seek_after, seek_input, seek_oldest, read_state, read_rest };
	for (int i = 0; i < 8; i++) {
		for (size_t k = 0; k < sizeof look / sizeof *look; k++) {
			two_segments(i & 1 ? JOURNAL_GROW : JOURNAL_CIRCLE, i & 2);
			looks_with(i & 4 ? size_fails : read_fails, look[k]);
		}
	}
}

/* --- writing ------------------------------------------------------------------------------------------------------------------- */

static uint8_t wide[WIDE_BYTES];

/* Room for a segment of millions of bytes, beside the two small files. */
static void create_wide(void)
{
	struct journal_plan plan = { 1, 0, 2, JOURNAL_GROW };
	plan.segment_bytes = WIDE_BYTES - 2 * JOURNAL_PAGE_BYTES;
	kit_disk();
	memset(wide, 0, sizeof wide);
	disk_sim_room(&kit.disk, wide, 0, sizeof wide);
	kit.disk.file[0].capacity_bytes = kit.disk.file[1].capacity_bytes = 0;
	CHECK_EQ(journal_create(&kit.journal, &kit.disk.disk, "journal", &plan, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
}

static void next_write_fails(void)
{
	uint64_t nth = kit.disk.calls[DISK_SIM_WRITE_CALL] + 1;
	disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = DISK_SIM_WRITE_CALL, .nth = nth, .code = DISK_FULL });
}

static void is_lost(void)
{
	CHECK(kit.journal.lost && kit.journal.failure == DISK_FULL);
	CHECK_EQ(journal_checkpoint(&kit.journal, &kit.outbox, true), JOURNAL_LOST);
	CHECK_EQ(journal_flush(&kit.journal), JOURNAL_LOST);
}

/* Whose record does not fit into the full buffer, an INPUT's or a RESULT's: that depends on where the buffer began. */
TEST(t_X2_a_buffer_that_cannot_be_emptied_loses_the_journal_at_any_record)
{
	uint64_t inputs = 0, results = 0;
	for (uint64_t steps = 0; steps < 64; steps++) {
		kit_disk();
		CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
		CHECK_EQ(kit_run(steps, UINT64_MAX), JOURNAL_OK);
		CHECK_EQ(journal_flush(&kit.journal), JOURNAL_OK);
		next_write_fails();
		CHECK_EQ(kit_run(5000, UINT64_MAX), JOURNAL_LOST);
		bool is_result = kit.journal.input_seq != kit.journal.result_seq;
		results += is_result;
		inputs += !is_result;
		is_lost();
	}
	CHECK(inputs > 0 && results > 0);
}

static struct journal_snapshot big_snapshot(void)
{
	static uint64_t state[STATE_WORDS];
	return (struct journal_snapshot){ state, sizeof state, 0, 0x55 };
}

TEST(t_X2_a_snapshot_or_checkpoint_that_cannot_be_written_loses_the_journal)
{
	struct journal_snapshot snapshot = big_snapshot();
	uint64_t                snapshots = 0, checkpoints = 0;
	for (uint64_t nth = 1;; nth++) {
		enum journal_verdict verdict;
		create_wide();
		uint64_t first = kit.disk.calls[DISK_SIM_WRITE_CALL] + nth;
		disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = DISK_SIM_WRITE_CALL, .nth = first, .code = DISK_FULL });
		verdict = journal_segment_begin(&kit.journal, &snapshot, 0);
		snapshots += verdict == JOURNAL_LOST;
		outbox_begin(&kit.outbox, 1, 0, 0);
		while (kit.outbox.count < OUTBOX_MAX) (void)outbox_add(&kit.outbox, EVENT_FILL, 1);
		for (int i = 0; i < 40 && verdict == JOURNAL_OK; i++) verdict = journal_checkpoint(&kit.journal, &kit.outbox, false);
		if (verdict == JOURNAL_OK) break;
		CHECK_EQ(verdict, JOURNAL_LOST);
		checkpoints++;
		is_lost();
	}
	CHECK(snapshots >= 2 && checkpoints > snapshots);
}

TEST(t_X2_a_close_that_cannot_be_synced_is_lost_at_either_sync)
{
	for (uint64_t nth = 1; nth <= 2; nth++) {
		kit_disk();
		CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
		CHECK_EQ(kit_run(5, UINT64_MAX), JOURNAL_OK);
		uint64_t sync = kit.disk.calls[DISK_SIM_SYNC] + nth;
		disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = DISK_SIM_SYNC, .nth = sync, .code = DISK_FAILED });
		CHECK_EQ(journal_close(&kit.journal, 0), JOURNAL_LOST);
		CHECK_EQ(kit.disk.calls[DISK_SIM_SYNC], sync);
		CHECK_EQ(kit.journal.file, -1);
	}
}

/* Behind so many records that nobody has synced none testifies to the one that is missing. */
TEST(t_X2_a_record_says_when_more_than_it_can_count_are_not_durable)
{
	struct journal_snapshot    snapshot = { kit.state, sizeof kit.state, 0, 0 };
	struct journal_record_head head = { 0 };
	uint64_t                   at = 2 * JOURNAL_PAGE_BYTES, number = 0;
	struct event               event = event_make(EVENT_TICK, SYM_NONE, 0);
	create_wide();
	CHECK_EQ(journal_segment_begin(&kit.journal, &snapshot, 0), JOURNAL_OK);
	outbox_begin(&kit.outbox, 1, 0, 0);
	CHECK_EQ(journal_checkpoint(&kit.journal, &kit.outbox, true), JOURNAL_OK);
	uint64_t durable = kit.journal.durable_seq;
	for (int i = 0; i < JOURNAL_UNSYNCED_MAX / 2 + 10; i++) {
		CHECK_EQ(journal_input(&kit.journal, &event, &number), JOURNAL_OK);
		outbox_begin(&kit.outbox, 1, number, 0);
		CHECK_EQ(journal_result(&kit.journal, &kit.outbox, false, 0), JOURNAL_OK);
	}
	CHECK_EQ(journal_flush(&kit.journal), JOURNAL_OK);
	for (uint64_t seq = 1; seq <= journal_last_seq(&kit.journal); seq++, at += sizeof head + head.length) {
		memcpy(&head, wide + at, sizeof head);
		CHECK_EQ(head.seq, seq);
		if (seq > durable) CHECK_EQ(head.unsynced, seq - durable < JOURNAL_UNSYNCED_MAX ? seq - durable : JOURNAL_UNSYNCED_MAX);
	}
	CHECK_EQ(head.unsynced, JOURNAL_UNSYNCED_MAX);
}

/* --- words ---------------------------------------------------------------------------------------------------------------------- */

TEST(t_X2_each_answer_of_the_disk_has_its_verdict)
{
	static const enum journal_verdict want[DISK_CODES_N] = { [DISK_OK] = JOURNAL_OK, [DISK_MISSING] = JOURNAL_MISSING, [DISK_EXISTS] = JOURNAL_EXISTS,
		[DISK_DENIED] = JOURNAL_DENIED, [DISK_FULL] = JOURNAL_NO_SPACE, [DISK_BUSY] = JOURNAL_BUSY, [DISK_NOT_A_FILE] = JOURNAL_NOT_A_JOURNAL,
		[DISK_FAILED] = JOURNAL_DISK_FAILED };
	for (enum disk_code code = DISK_OK; code < DISK_CODES_N; code++) CHECK_EQ(journal_verdict_of_disk(code), want[code]);
}

TEST(t_P15_names_longer_than_their_room_are_cut_and_end)
{
	struct journal_setup setup;
	kit_setup(&setup, "a build whose name goes on and on and on");
	journal_setup_symbol(&setup, "LONGERTHANTWELVE");
	CHECK_STR(setup.build, "a build whose name goes on and ");
	CHECK_EQ(strlen(setup.build), JOURNAL_BUILD_BYTES - 1);
	CHECK_STR(setup.symbol[2], "LONGERTHANT");
}
