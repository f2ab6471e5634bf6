/* journal_test.c - the journal as its users see it: round trips, segments, circles, ends and verdicts. */
#include "tests/unit/hal/store/journal_kit.h"

TEST(t_P15_a_journal_gives_back_every_record_and_the_state)
{
	uint64_t records = 0;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_run(300, 10), JOURNAL_OK);
	uint64_t want = kit_hash();
	CHECK_EQ(journal_close(&kit.journal, want), JOURNAL_OK);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(journal_same_setup(&kit.reader, &kit.setup));
	CHECK(kit_recover(&records));
	CHECK_EQ(records, 1 + 2 + 600 + 1);        /* snapshot, two checkpoints, steps, close */
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
	CHECK_EQ(kit.reader.close_state_hash, want);
	CHECK_EQ(kit_hash(), want);
	CHECK_EQ(kit.reader.input_seq, 300);
	CHECK(!journal_input_open(&kit.reader));
}

TEST(t_P15_settings_symbols_and_build_stand_in_every_segment)
{
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(journal_close(&kit.journal, 0), JOURNAL_OK);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	const struct journal_setup *setup = &kit.reader.segment.setup;
	CHECK_STR(setup->build, "build one");
	CHECK_EQ(setup->settings_n, SETTINGS_N);
	CHECK_EQ(setup->setting[SETTINGS_N - 1], 1000 + SETTINGS_N - 1);
	CHECK_EQ(setup->symbols_n, 2);
	CHECK_STR(setup->symbol[1], "BTC-USD");
	CHECK_EQ(setup->kind_bytes[EVENT_FILL], sizeof(struct fill));
	CHECK_EQ(kit.reader.head.journal_id, 0x123456789abc);
}

TEST(t_P15_the_numbers_go_on_over_restarts)
{
	uint64_t records = 0;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	for (uint64_t life = 1; life <= 5; life++) {
		CHECK_EQ(kit_run(20, 1), JOURNAL_OK);
		if (life % 2) journal_abandon(&kit.journal);
		else CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
		CHECK_EQ(kit_read_open(), JOURNAL_OK);
		CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
		CHECK(kit_recover(&records));
		CHECK_EQ(kit.reader.end, life % 2 ? JOURNAL_ENDED_OPEN : JOURNAL_ENDED_CLOSED);
		CHECK_EQ(kit.reader.input_seq, 20 * life);
		CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
		CHECK(!journal_needs_segment(&kit.journal));
		journal_read_close(&kit.reader);
	}
}

TEST(t_P15_an_input_without_its_result_is_said_and_stepped_again)
{
	uint64_t     number = 0, records = 0;
	struct event event = kit_input(6);
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	CHECK_EQ(journal_input(&kit.journal, &event, &number), JOURNAL_OK);
	CHECK_EQ(journal_sync(&kit.journal), JOURNAL_OK);
	journal_abandon(&kit.journal);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	CHECK(journal_input_open(&kit.reader));
	CHECK_EQ(kit.reader.input_seq, 6);
	CHECK_EQ(kit.outbox.cause, 6);        /* kit_recover has stepped it */
	CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
	CHECK_EQ(journal_result(&kit.journal, &kit.outbox, false, 0), JOURNAL_OK);
	CHECK_EQ(kit_run(10, 1), JOURNAL_OK);
	CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	CHECK_EQ(kit.reader.input_seq, 16);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
}

/* Back to the end of a journal that was abandoned there; returns how many writes that took. */
static uint64_t writes_to_reopen(void)
{
	uint64_t records = 0, before = kit.disk.calls[DISK_SIM_WRITE_CALL];
	journal_abandon(&kit.journal);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
	return kit.disk.calls[DISK_SIM_WRITE_CALL] - before;
}

TEST(t_P3_a_successor_erases_what_is_left_and_writes_nothing_else)
{
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	CHECK_EQ(writes_to_reopen(), 0);
	uint64_t end = kit.journal.segment_end, at = kit.journal.at;
	for (uint64_t left = at + 8; left < end; left += 4096) kit_memory[0][left] = 1;
	kit_memory[0][end - 1] = 1;
	CHECK(writes_to_reopen() > 0);
	for (uint64_t left = at; left < end; left++) CHECK_EQ(kit_memory[0][left], 0);
	CHECK_EQ(writes_to_reopen(), 0);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
}

TEST(t_P15_another_build_reads_results_and_begins_a_segment_of_its_own)
{
	uint64_t             number = 0, records = 0;
	struct event         event = kit_input(6);
	struct journal_setup other;
	kit_disk();
	kit_setup(&other, "build two");
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	CHECK_EQ(journal_input(&kit.journal, &event, &number), JOURNAL_OK);
	CHECK_EQ(journal_sync(&kit.journal), JOURNAL_OK);
	journal_abandon(&kit.journal);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(!journal_same_setup(&kit.reader, &other));
	CHECK(kit_recover(&records));
	CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &other, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
	CHECK(journal_needs_segment(&kit.journal));
	kit.state[0] = 6;        /* the open INPUT is given up by the snapshot */
	CHECK_EQ(kit_segment(UINT64_MAX), JOURNAL_OK);
	CHECK_EQ(kit_run(3, 1), JOURNAL_OK);
	CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(journal_same_setup(&kit.reader, &other));
	CHECK_EQ(kit.reader.segment.number, 1);
	CHECK(kit_recover(&records));
	CHECK_EQ(kit.reader.input_seq, 9);
	CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_OK);
	CHECK_EQ(kit.reader.segment.number, 0);
	struct journal_record record;
	uint64_t              results = 0;
	enum journal_type     type;
	while ((type = journal_read_next(&kit.reader, &record)) != JOURNAL_END) results += type == JOURNAL_RESULT;
	CHECK_EQ(results, 5 + 3);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
}

TEST(t_P15_a_state_of_another_size_is_not_loaded)
{
	uint64_t              small[8];
	struct journal_record record;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK_EQ(journal_read_state(&kit.reader, small, sizeof small, &record), JOURNAL_OTHER_BUILD);
}

/* A circle of three goes round many times; what is retained is whole and continuous, older records are never read as new. */
TEST(t_X2_a_circle_is_used_again_and_never_gives_an_older_lap)
{
	uint64_t records = 0, segments = 0;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	for (int turn = 0; turn < 200; turn++) {
		CHECK_EQ(kit_run(100, 7), JOURNAL_OK);
		if (turn % 10 != 9) continue;
		uint64_t want = kit_hash(), last = kit.state[0];
		CHECK_EQ(journal_close(&kit.journal, want), JOURNAL_OK);
		CHECK_EQ(kit_read_open(), JOURNAL_OK);
		CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_OK);
		CHECK(kit_recover(&records));
		CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
		CHECK_EQ(kit.reader.input_seq, last);
		CHECK(kit_hash() == want);
		CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
		CHECK(kit_recover(&records));
		CHECK_EQ(kit.reader.input_seq, last);
		segments = kit.reader.segment.number;
		CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
		journal_read_close(&kit.reader);
	}
	CHECK(segments > 3 * KIT_SEGMENTS);
}

static enum journal_verdict run_until_refused(uint64_t projected_seq)
{
	for (int i = 0; i < 100000; i++) {
		enum journal_verdict verdict = JOURNAL_OK;
		if (journal_needs_segment(&kit.journal)) verdict = kit_segment(projected_seq);
		if (verdict == JOURNAL_OK) verdict = kit_run_one(1000);
		if (verdict != JOURNAL_OK) return verdict;
	}
	return JOURNAL_OK;
}

TEST(t_X2_a_circle_is_full_until_the_ledger_has_passed_its_oldest_segment)
{
	struct event event = kit_input(1);
	uint64_t     number, records = 0;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(run_until_refused(0), JOURNAL_FULL);
	CHECK_EQ(kit.journal.segments_begun, KIT_SEGMENTS);
	CHECK_EQ(journal_input(&kit.journal, &event, &number), JOURNAL_FULL);
	uint64_t after = kit.journal.first_seq[1];
	CHECK_EQ(kit_segment(after - 2), JOURNAL_FULL);
	CHECK_EQ(kit_segment(after - 1), JOURNAL_OK);
	CHECK_EQ(kit_run(10, 1), JOURNAL_OK);
	CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_OK);
	CHECK_EQ(kit.reader.segment.number, 1);
	CHECK(kit_recover(&records));
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
}

/* Restarting a full journal over and over does not overrun the segment: CLOSE is left out when it no longer fits. */
TEST(t_X2_a_full_journal_survives_restarts)
{
	uint64_t records = 0, left_out = 0;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(run_until_refused(0), JOURNAL_FULL);
	uint64_t want = kit_hash();
	for (int life = 0; life < 2000; life++) {
		enum journal_verdict verdict = journal_close(&kit.journal, want);
		CHECK(verdict == JOURNAL_OK || verdict == JOURNAL_FULL);
		left_out += verdict == JOURNAL_FULL;
		if (left_out > 3) break;
		CHECK_EQ(kit_read_open(), JOURNAL_OK);
		CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
		CHECK(kit_recover(&records) && kit_hash() == want);
		CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
		journal_read_close(&kit.reader);
	}
	CHECK_EQ(left_out, 4);
}

TEST(t_X2_a_growing_journal_grows_to_its_maximum)
{
	uint64_t records = 0;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_GROW), JOURNAL_OK);
	CHECK(disk_sim_find(&kit.disk, "journal")->size_bytes < JOURNAL_PAGE_BYTES + KIT_SEGMENT_BYTES);
	CHECK_EQ(run_until_refused(UINT64_MAX), JOURNAL_FULL);
	CHECK_EQ(kit.journal.segments_begun, KIT_SEGMENTS);
	uint64_t last = kit.state[0];
	CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_OK);
	CHECK_EQ(kit.reader.segment.number, 0);
	CHECK(kit_recover(&records));
	CHECK_EQ(kit.reader.input_seq, last);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
}

TEST(t_P15_a_snapshot_of_many_writes_comes_back_whole)
{
	static uint64_t       state[40000], back[40000];        /* 320,000 bytes: five pieces */
	static uint8_t        memory[1 << 22];
	struct journal_record record;
	struct journal_plan   plan = { 1, 0, 2, JOURNAL_CIRCLE };
	plan.segment_bytes = journal_segment_bytes_min(sizeof state, 10);
	kit_disk();
	disk_sim_room(&kit.disk, memory, 0, sizeof memory);
	for (size_t i = 0; i < 40000; i++) state[i] = hash_mix(i);
	struct journal_snapshot snapshot = { state, sizeof state, 77, 88 };
	CHECK_EQ(journal_create(&kit.journal, &kit.disk.disk, "big", &plan, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
	CHECK_EQ(journal_segment_begin(&kit.journal, &snapshot, 0), JOURNAL_OK);
	outbox_begin(&kit.outbox, 1, 77, 0);
	CHECK_EQ(journal_checkpoint(&kit.journal, &kit.outbox, true), JOURNAL_OK);
	CHECK_EQ(journal_read_open(&kit.reader, &kit.disk.disk, "big", kit_window, sizeof kit_window), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK_EQ(journal_read_state(&kit.reader, back, sizeof back, &record), JOURNAL_OK);
	CHECK(memcmp(state, back, sizeof state) == 0);
	CHECK_EQ(record.input_seq, 77);
	CHECK_EQ(record.state_hash, 88);
}

/* The fullest step: an outbox at its maximum of the largest events. */
TEST(t_X2_the_largest_result_fits_after_any_input)
{
	struct journal_record record;
	struct event          event = kit_input(1), back;
	uint64_t              number, steps = 0, results = 0, events = 0;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	while (!journal_needs_segment(&kit.journal)) {
		CHECK_EQ(journal_input(&kit.journal, &event, &number), JOURNAL_OK);
		outbox_begin(&kit.outbox, 1, number, 0);
		for (uint32_t i = 0; i < OUTBOX_MAX; i++) outbox_add(&kit.outbox, EVENT_ACCOUNT, 0)->account.nav_usd_e8 = i;
		CHECK_EQ(journal_result(&kit.journal, &kit.outbox, true, number), JOURNAL_OK);
		steps++;
	}
	CHECK_EQ(journal_close(&kit.journal, 0), JOURNAL_OK);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	while (journal_read_next(&kit.reader, &record) != JOURNAL_END) {
		if (record.type != JOURNAL_RESULT) continue;
		for (results++; journal_event_next(&record, &back); events++) CHECK_EQ(back.account.nav_usd_e8, back.index);
	}
	CHECK(steps >= 2);
	CHECK_EQ(results, steps);
	CHECK_EQ(events, steps * OUTBOX_MAX);
}

/* --- the ledger's cursor ---------------------------------------------------------------------------------------------------- */

TEST(t_P15_a_cursor_finds_the_record_after_any_sequence)
{
	struct journal_record record;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	while (kit.journal.segments_begun < KIT_SEGMENTS + 2) CHECK_EQ(kit_run(50, 50), JOURNAL_OK);
	CHECK_EQ(journal_sync(&kit.journal), JOURNAL_OK);
	uint64_t last = journal_last_seq(&kit.journal);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_OK);
	uint64_t first = kit.reader.segment.first_seq;
	CHECK_EQ(journal_seek_after(&kit.reader, 0), JOURNAL_GONE);
	CHECK_EQ(journal_seek_after(&kit.reader, first - 2), JOURNAL_GONE);
	for (uint64_t seq = first - 1; seq < last; seq += 97) {
		CHECK_EQ(journal_seek_after(&kit.reader, seq), JOURNAL_OK);
		CHECK(journal_read_next(&kit.reader, &record) != JOURNAL_END);
		CHECK_EQ(record.seq, seq + 1);
	}
	CHECK_EQ(journal_seek_after(&kit.reader, last), JOURNAL_OK);
	CHECK_EQ(journal_read_next(&kit.reader, &record), JOURNAL_END);
	CHECK_EQ(journal_seek_after(&kit.reader, last + 1), JOURNAL_AHEAD);
	CHECK_EQ(journal_seek_after(&kit.reader, UINT64_MAX), JOURNAL_AHEAD);
}

/* The ledger follows a living desk: it sees what has been flushed, never more than seq_max, through every change of segment. */
TEST(t_P15_a_cursor_follows_a_living_journal)
{
	struct journal_record record;
	uint64_t              seen = 0;
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_OK);
	for (int turn = 0; turn < 3000; turn++) {
		CHECK_EQ(kit_run(3, 3), JOURNAL_OK);
		kit.reader.seq_max = kit.journal.durable_seq;
		while (journal_read_next(&kit.reader, &record) != JOURNAL_END) CHECK_EQ(record.seq, ++seen);
		CHECK_EQ(seen, kit.journal.durable_seq);
	}
	CHECK(kit.journal.segments_begun > KIT_SEGMENTS);
}

/* --- misuse is a bug -------------------------------------------------------------------------------------------------------- */

static void input_twice(void)
{
	struct event event = kit_input(1);
	uint64_t     number;
	kit_disk();
	(void)kit_create(JOURNAL_CIRCLE);
	(void)journal_input(&kit.journal, &event, &number);
	(void)journal_input(&kit.journal, &event, &number);
}

static void result_of_another(void)
{
	struct event event = kit_input(1);
	uint64_t     number;
	kit_disk();
	(void)kit_create(JOURNAL_CIRCLE);
	(void)journal_input(&kit.journal, &event, &number);
	outbox_begin(&kit.outbox, 0, number + 1, 0);
	(void)journal_result(&kit.journal, &kit.outbox, false, 0);
}

TEST(t_X2_records_out_of_order_are_a_bug)
{
	CHECK_BUG(input_twice, 3008);
	CHECK_BUG(result_of_another, 3010);
}
