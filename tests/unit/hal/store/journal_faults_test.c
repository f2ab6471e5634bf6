/* journal_faults_test.c - the journal against the world: cut at any byte, flipped at any byte, failing disks, power cuts after any
 * write, and bytes made up by a fuzzer. Each failure is named by its n or its seed. */
#include <stdio.h>

#include "tests/unit/hal/store/journal_kit.h"

enum { RECORDS_MAX = 4096 };

static uint64_t record_at[RECORDS_MAX + 1];        /* where each record begins; one more: where the last one ends */
static uint64_t records_n;
static uint8_t  original[KIT_FILE_BYTES];

/* Where everything lies in the journal as it is now, read from its oldest segment. */
static void survey(void)
{
	struct journal_record record;
	records_n = 0;
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_OK);
	while (journal_read_next(&kit.reader, &record) != JOURNAL_END) {
		BUG_UNLESS(3090, records_n < RECORDS_MAX);
		record_at[records_n++] = record.at;
	}
	record_at[records_n] = kit.reader.at;
	journal_read_close(&kit.reader);
}

static void closed_journal(enum journal_shape shape, uint64_t steps)
{
	kit_disk();
	CHECK_EQ(kit_create(shape), JOURNAL_OK);
	CHECK_EQ(kit_run(steps, 10), JOURNAL_OK);
	CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
	survey();
	memcpy(original, disk_sim_find(&kit.disk, "journal")->memory, sizeof original);
}

/* Opens and recovers; how many records were whole, and 0 when there was nothing to start from. */
static uint64_t whole_records(bool *agrees)
{
	uint64_t records = 0;
	*agrees = true;
	if (kit_read_open() != JOURNAL_OK) return 0;
	if (journal_seek_newest(&kit.reader) == JOURNAL_OK) *agrees = kit_recover(&records);
	journal_read_close(&kit.reader);
	return records;
}

/* --- cut ---------------------------------------------------------------------------------------------------------------------- */

static void cut_everywhere(enum journal_shape shape)
{
	enum { START_RECORDS = 3 };        /* snapshot and two checkpoints: before them there is nothing to start from */
	closed_journal(shape, 120);
	struct disk_sim_file *file = disk_sim_find(&kit.disk, "journal");
	uint64_t              whole = 0, end = record_at[records_n];
	for (uint64_t bytes = 0; bytes <= end; bytes++) {
		bool agrees;
		file->size_bytes = bytes;
		while (whole < records_n && record_at[whole + 1] <= bytes) whole++;
		uint64_t got = whole_records(&agrees);
		CHECK(agrees);
		CHECK_EQ(got, whole < START_RECORDS ? 0 : whole);
		if (got == 0) continue;
		CHECK_EQ(kit.reader.end, whole == records_n ? JOURNAL_ENDED_CLOSED : JOURNAL_ENDED_CUT);
		CHECK_EQ(kit.reader.at, record_at[whole]);
	}
	CHECK_EQ(whole, records_n);
	CHECK(records_n > 240);
}

TEST(t_X2_a_journal_cut_at_any_byte_recovers_to_the_last_whole_record_grow) { cut_everywhere(JOURNAL_GROW); }
TEST(t_X2_a_journal_cut_at_any_byte_recovers_to_the_last_whole_record_circle) { cut_everywhere(JOURNAL_CIRCLE); }

/* Around the seam of two segments, and back to work after each cut. */
TEST(t_X2_a_journal_cut_where_a_segment_begins_goes_on_from_the_one_before)
{
	closed_journal(JOURNAL_GROW, 1300);
	struct disk_sim_file *file = disk_sim_find(&kit.disk, "journal");
	uint64_t              seam = JOURNAL_PAGE_BYTES + KIT_SEGMENT_BYTES, size = file->size_bytes, first = kit.reader.segment.first_seq;
	CHECK_EQ(kit.reader.segment.number, 1);
	for (uint64_t bytes = seam - 70; bytes < seam + 7000; bytes += bytes < seam + 200 ? 1 : 13) {
		uint64_t records = 0;
		memcpy(file->memory, original, sizeof original);
		memset(file->memory + bytes, 0, sizeof original - bytes);
		file->size_bytes = bytes < size ? bytes : size;
		CHECK_EQ(kit_read_open(), JOURNAL_OK);
		CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
		CHECK(kit_recover(&records));
		CHECK(kit.reader.segment.number == 1 || kit.reader.next_seq == first || bytes < seam);
		CHECK(kit.reader.end == JOURNAL_ENDED_CUT || (kit.reader.end == JOURNAL_ENDED_OPEN && bytes <= seam));
		CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
		if (journal_input_open(&kit.reader)) CHECK_EQ(journal_result(&kit.journal, &kit.outbox, false, 0), JOURNAL_OK);
		journal_read_close(&kit.reader);
		CHECK_EQ(kit_run(30, 10), JOURNAL_OK);
		CHECK_EQ(journal_close(&kit.journal, 5), JOURNAL_OK);
		bool agrees;
		CHECK(whole_records(&agrees) > 0 && agrees);
		CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
	}
}

/* --- flipped -------------------------------------------------------------------------------------------------------------- */

/* Every byte of every record: the reader stops in front of it, and knows that later records exist. */
TEST(t_X2_a_flip_in_any_byte_is_detected)
{
	closed_journal(JOURNAL_CIRCLE, 120);
	struct disk_sim_file *file = disk_sim_find(&kit.disk, "journal");
	uint64_t              hit = 0, end = record_at[records_n] + JOURNAL_RECORD_HEAD_BYTES;
	for (uint64_t at = 0; at < end; at++) {
		bool agrees;
		while (hit < records_n && record_at[hit + 1] <= at) hit++;
		file->memory[at] ^= (uint8_t)(1 << (at % 8));
		uint64_t got = whole_records(&agrees);
		file->memory[at] ^= (uint8_t)(1 << (at % 8));
		CHECK(agrees);
		CHECK_EQ(got, at < record_at[3] ? 0 : hit);
		if (got == 0) continue;
		CHECK_EQ(kit.reader.end, at < record_at[records_n - 1] ? JOURNAL_ENDED_DAMAGED : JOURNAL_ENDED_CUT);
		CHECK_EQ(kit.reader.at, record_at[hit]);
	}
}

TEST(t_X2_a_damaged_journal_is_not_written_to_and_says_so)
{
	uint64_t records = 0;
	closed_journal(JOURNAL_CIRCLE, 50);
	struct disk_sim_file *file = disk_sim_find(&kit.disk, "journal");
	file->memory[record_at[20] + 30] ^= 4;
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_DAMAGED);
	uint64_t writes = kit.disk.calls[DISK_SIM_WRITE_CALL];
	CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_DAMAGED);
	CHECK_EQ(kit.disk.calls[DISK_SIM_WRITE_CALL], writes);
}

/* A durable sector that came back as zeros looks like an end; before anything is overwritten the rest is looked at. */
TEST(t_X2_a_lost_sector_is_found_before_it_is_written_over)
{
	uint64_t records = 0;
	closed_journal(JOURNAL_CIRCLE, 50);
	struct disk_sim_file *file = disk_sim_find(&kit.disk, "journal");
	memset(file->memory + record_at[30], 0, record_at[33] - record_at[30]);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	CHECK_EQ(records, 30);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_OPEN);
	CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_DAMAGED);
}

/* A spoilt head of an old segment: the newest still starts, the ledger is told of the gap. */
TEST(t_X2_a_spoilt_segment_head_is_a_gap_for_the_oldest_and_none_for_recovery)
{
	bool agrees;
	closed_journal(JOURNAL_GROW, 1990);
	CHECK_EQ(kit.reader.segment.number, 2);
	struct disk_sim_file *file = disk_sim_find(&kit.disk, "journal");
	file->memory[JOURNAL_PAGE_BYTES + KIT_SEGMENT_BYTES + 100] ^= 1;
	CHECK(whole_records(&agrees) > 0 && agrees);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_GAP);
	CHECK_EQ(kit.reader.segment.number, 2);
	CHECK_EQ(journal_seek_after(&kit.reader, 10), JOURNAL_GONE);
}

/* --- right checksums, wrong meaning --------------------------------------------------------------------------------------- */

/* Writes length, seq and one byte of the payload of a record and seals it again; where the reader then stops. */
struct forgery { uint64_t index; uint32_t length; uint64_t seq; uint32_t byte_at; uint8_t byte; };

static uint64_t stops_at(struct forgery forgery)
{
	struct journal_record_head head;
	uint64_t                   records = 0;
	uint8_t                   *at = disk_sim_find(&kit.disk, "journal")->memory + record_at[forgery.index];
	memcpy(&head, at, sizeof head);
	if (forgery.length) head.length = forgery.length;
	if (forgery.seq) head.seq = forgery.seq;
	at[sizeof head + forgery.byte_at] = forgery.byte;
	head.payload_checksum = crc32c(at + sizeof head, head.length);
	head.head_checksum = journal_head_checksum(&head);
	memcpy(at, &head, sizeof head);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	if (journal_seek_newest(&kit.reader) == JOURNAL_OK) CHECK(kit_recover(&records) && kit.reader.end == JOURNAL_ENDED_DAMAGED);
	journal_read_close(&kit.reader);
	memcpy(disk_sim_find(&kit.disk, "journal")->memory, original, sizeof original);
	return records;
}

/* Records 3 + 2 i and 4 + 2 i are INPUT and RESULT number i + 1; an INPUT's kind lies at 8 + 24, a RESULT's count at 8. */
TEST(t_X2_a_sealed_record_without_sense_is_damage)
{
	enum { KIND_AT = 8 + 24, COUNT_AT = 8 };
	closed_journal(JOURNAL_CIRCLE, 20);
	uint8_t price = original[record_at[7] + JOURNAL_RECORD_HEAD_BYTES + KIND_AT];
	CHECK_EQ(price, EVENT_PRICE);        /* INPUT 3 */
	CHECK_EQ(stops_at((struct forgery){ .index = 7, .byte_at = KIND_AT, .byte = EVENT_TICK }), 7);
	CHECK_EQ(stops_at((struct forgery){ .index = 7, .byte_at = KIND_AT, .byte = 63, .length = 40 }), 7);
	CHECK_EQ(stops_at((struct forgery){ .index = 7, .byte_at = KIND_AT, .byte = 64, .length = 40 }), 7);
	CHECK_EQ(stops_at((struct forgery){ .index = 7, .byte_at = 0, .byte = 4 }), 7);
	CHECK_EQ(stops_at((struct forgery){ .index = 7, .byte_at = KIND_AT, .byte = price, .seq = 9 }), 7);
	CHECK_EQ(stops_at((struct forgery){ .index = 7, .byte_at = KIND_AT, .byte = price, .seq = 7 }), 7);
	CHECK_EQ(stops_at((struct forgery){ .index = 8, .byte_at = COUNT_AT, .byte = 4 }), 8);
	CHECK_EQ(stops_at((struct forgery){ .index = 8, .byte_at = COUNT_AT, .byte = 2 }), 8);
	CHECK_EQ(stops_at((struct forgery){ .index = 8, .byte_at = COUNT_AT, .byte = 3, .length = 8 }), 8);
	CHECK_EQ(stops_at((struct forgery){ .index = 8, .byte_at = 0, .byte = 2 }), 8);
	CHECK_EQ(stops_at((struct forgery){ .index = 0, .byte_at = 24, .byte = 8 }), 0);
	CHECK_EQ(stops_at((struct forgery){ .index = 0, .byte_at = 16, .byte = 1 }), 0);
}

/* Two halves of different states, each with right checksums, are no state. */
TEST(t_X2_pieces_of_two_snapshots_are_no_snapshot)
{
	static uint64_t            state[10000];
	static uint8_t             memory[1 << 20];
	struct journal_record_head head;
	struct journal_plan        plan = { 1, 0, 2, JOURNAL_CIRCLE };
	struct journal_snapshot    snapshot = { state, sizeof state, 0, 0x55 };
	plan.segment_bytes = journal_segment_bytes_min(sizeof state, 1);
	kit_disk();
	disk_sim_room(&kit.disk, memory, 0, sizeof memory);
	CHECK_EQ(journal_create(&kit.journal, &kit.disk.disk, "two", &plan, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
	CHECK_EQ(journal_segment_begin(&kit.journal, &snapshot, 0), JOURNAL_OK);
	outbox_begin(&kit.outbox, 1, 0, 0);
	CHECK_EQ(journal_checkpoint(&kit.journal, &kit.outbox, true), JOURNAL_OK);
	uint8_t *second = disk_sim_find(&kit.disk, "two")->memory + 2 * JOURNAL_PAGE_BYTES + JOURNAL_RECORD_HEAD_BYTES + 65536;
	memcpy(&head, second, sizeof head);
	CHECK_EQ(head.type, JOURNAL_SNAPSHOT);
	CHECK_EQ(journal_read_open(&kit.reader, &kit.disk.disk, "two", kit_window, sizeof kit_window), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	second[sizeof head + 8] ^= 1;        /* its state hash */
	head.payload_checksum = crc32c(second + sizeof head, head.length);
	head.head_checksum = journal_head_checksum(&head);
	memcpy(second, &head, sizeof head);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_NO_SNAPSHOT);
}

/* What a power cut left behind the last whole record, here and in a segment that was about to begin, is gone before work goes on. */
TEST(t_X2_going_on_erases_what_lies_behind_the_last_whole_record)
{
	uint64_t records = 0;
	closed_journal(JOURNAL_CIRCLE, 50);
	uint8_t *memory = disk_sim_find(&kit.disk, "journal")->memory;
	uint64_t behind = record_at[40], next = JOURNAL_PAGE_BYTES + KIT_SEGMENT_BYTES;
	for (uint64_t i = 40; i < records_n; i++) memory[record_at[i] + 6] = 0xff;        /* no later record is a valid witness */
	memset(memory + behind + 3000, 0x5a, 100000);
	memset(memory + next, 0x77, KIT_SEGMENT_BYTES);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CUT);
	CHECK_EQ(kit.reader.at, behind);
	CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
	uint64_t left = 0;
	for (uint64_t at = behind; at < next + KIT_SEGMENT_BYTES; at++) left += memory[at] != 0;
	CHECK_EQ(left, 0);
}

/* --- no journal at all ------------------------------------------------------------------------------------------------------ */

static enum journal_verdict verdict_with(uint64_t at, uint8_t byte, bool summed)
{
	struct disk_sim_file *file = disk_sim_find(&kit.disk, "journal");
	struct journal_head  *head = (struct journal_head *)(void *)file->memory;
	memcpy(file->memory, original, JOURNAL_PAGE_BYTES);
	file->memory[at] = byte;
	if (summed) head->checksum = journal_page_checksum(head);
	enum journal_verdict verdict = kit_read_open();
	if (verdict == JOURNAL_OK) journal_read_close(&kit.reader);
	return verdict;
}

TEST(t_X2_what_is_not_our_journal_gets_its_own_verdict)
{
	closed_journal(JOURNAL_CIRCLE, 5);
	CHECK_EQ(verdict_with(0, 't', true), JOURNAL_OK);
	CHECK_EQ(verdict_with(0, 'x', true), JOURNAL_NOT_A_JOURNAL);
	CHECK_EQ(verdict_with(offsetof(struct journal_head, format), 2, true), JOURNAL_OTHER_FORMAT);
	CHECK_EQ(verdict_with(offsetof(struct journal_head, format), 2, false), JOURNAL_HEAD_DAMAGED);
	CHECK_EQ(verdict_with(offsetof(struct journal_head, segments_max), 0, true), JOURNAL_HEAD_DAMAGED);
	CHECK_EQ(verdict_with(offsetof(struct journal_head, shape), 2, true), JOURNAL_HEAD_DAMAGED);
	CHECK_EQ(verdict_with(offsetof(struct journal_head, segment_bytes), 8, true), JOURNAL_HEAD_DAMAGED);
	disk_sim_find(&kit.disk, "journal")->size_bytes = 5;
	CHECK_EQ(kit_read_open(), JOURNAL_NOT_A_JOURNAL);
	disk_sim_find(&kit.disk, "journal")->size_bytes = 0;
	CHECK_EQ(kit_read_open(), JOURNAL_NOT_A_JOURNAL);
	CHECK_EQ(journal_read_open(&kit.reader, &kit.disk.disk, "nothing", kit_window, sizeof kit_window), JOURNAL_MISSING);
	for (int i = 0; i < JOURNAL_VERDICTS_N; i++) CHECK(journal_verdict_text[i] && journal_verdict_text[i][0]);
}

TEST(t_X2_a_journal_is_never_made_over_another_nor_opened_twice)
{
	uint64_t              records = 0;
	static struct journal second;
	static uint8_t        buffer[JOURNAL_BUFFER_MIN];
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	CHECK_EQ(journal_reopen(&second, &kit.disk.disk, "journal", &kit.reader, &kit.setup, buffer, sizeof buffer), JOURNAL_BUSY);
	journal_abandon(&kit.journal);
	CHECK_EQ(kit_create_as(JOURNAL_CIRCLE, 3), JOURNAL_EXISTS);
	CHECK(whole_records(&(bool){ false }) > 0);
}

/* --- disks that fail -------------------------------------------------------------------------------------------------------- */

TEST(t_X2_no_space_at_creation_is_said_and_leaves_nothing)
{
	struct journal_plan plan = { 1, KIT_SEGMENT_BYTES, KIT_SEGMENTS + 1, JOURNAL_CIRCLE };
	kit_disk();
	CHECK_EQ(journal_create(&kit.journal, &kit.disk.disk, "journal", &plan, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_NO_SPACE);
	CHECK(!disk_sim_find(&kit.disk, "journal") && !disk_sim_find(&kit.disk, "journal.new"));
	disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = DISK_SIM_CREATE, .nth = 2, .code = DISK_DENIED });
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_DENIED);
}

/* Any write of the creation fails: no journal of that name; once the disk is well again a new one can be made. */
TEST(t_X2_creation_that_fails_at_any_write_or_sync_leaves_no_journal)
{
	for (int verb = DISK_SIM_RENAME; verb <= DISK_SIM_SYNC; verb++) {
		if (verb != DISK_SIM_RENAME && verb != DISK_SIM_WRITE_CALL && verb != DISK_SIM_SYNC) continue;
		uint64_t failed = 0;
		for (uint64_t nth = 1;; nth++, failed++) {
			kit_disk();
			disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = (uint8_t)verb, .nth = nth, .code = DISK_FULL, .short_bytes = 100 });
			if (kit_create(JOURNAL_CIRCLE) == JOURNAL_OK) break;
			CHECK(kit.journal.lost && kit.journal.failure == DISK_FULL);
			journal_abandon(&kit.journal);
			CHECK(!disk_sim_find(&kit.disk, "journal") && !disk_sim_find(&kit.disk, "journal.new"));
			CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
		}
		CHECK(failed >= 1);
	}
}

static void lost_for_ever(void)
{
	struct event event = kit_input(1);
	uint64_t     number, writes = kit.disk.calls[DISK_SIM_WRITE_CALL], syncs = kit.disk.calls[DISK_SIM_SYNC];
	CHECK_EQ(journal_input(&kit.journal, &event, &number), JOURNAL_LOST);
	CHECK_EQ(journal_result(&kit.journal, &kit.outbox, false, 0), JOURNAL_LOST);
	CHECK_EQ(journal_flush(&kit.journal), JOURNAL_LOST);
	CHECK_EQ(journal_sync(&kit.journal), JOURNAL_LOST);
	CHECK_EQ(kit_segment(UINT64_MAX), JOURNAL_LOST);
	CHECK_EQ(journal_close(&kit.journal, 0), JOURNAL_LOST);
	CHECK_EQ(kit.disk.calls[DISK_SIM_WRITE_CALL], writes);
	CHECK_EQ(kit.disk.calls[DISK_SIM_SYNC], syncs);
}

/* The n-th write fails, or arrives in part, for all n; the n-th sync fails, for all n. What was durable before is still there. */
static void fail_everywhere(enum disk_sim_verb verb, uint64_t short_bytes)
{
	uint64_t nth = 1;
	for (;; nth++) {
		bool agrees;
		kit_disk();
		CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
		memset(kit.disk.calls, 0, sizeof kit.disk.calls);
		disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = (uint8_t)verb, .nth = nth, .code = DISK_FAILED, .short_bytes = short_bytes });
		if (kit_run(2500, 32) == JOURNAL_OK) break;
		uint64_t durable = kit.journal.durable_seq;
		lost_for_ever();
		CHECK(whole_records(&agrees) > 0 && agrees);
		CHECK(kit.reader.next_seq > durable);
		CHECK(kit.reader.end == JOURNAL_ENDED_OPEN || kit.reader.end == JOURNAL_ENDED_CUT);
	}
	CHECK(nth > 50);
}

TEST(t_X2_a_failed_write_loses_the_journal_for_ever_for_all_n) { fail_everywhere(DISK_SIM_WRITE_CALL, 0); }
TEST(t_X2_a_short_write_loses_the_journal_for_ever_for_all_n) { fail_everywhere(DISK_SIM_WRITE_CALL, 77); }
TEST(t_X2_a_failed_sync_loses_the_journal_for_ever_for_all_n) { fail_everywhere(DISK_SIM_SYNC, UINT64_MAX); }

TEST(t_X2_a_disk_that_cannot_be_read_is_said)
{
	bool agrees;
	closed_journal(JOURNAL_CIRCLE, 100);
	uint64_t failed = 0;
	for (uint64_t nth = 1;; nth++, failed++) {
		disk_sim_restart(&kit.disk);
		disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = DISK_SIM_READ_CALL, .nth = nth, .code = DISK_FAILED });
		enum journal_verdict verdict = kit_read_open();
		if (verdict == JOURNAL_OK) verdict = journal_seek_newest(&kit.reader);
		uint64_t records;
		agrees = verdict == JOURNAL_OK && kit_recover(&records);
		if (agrees && kit.reader.end == JOURNAL_ENDED_CLOSED) break;
		CHECK(verdict == JOURNAL_DISK_FAILED || kit.reader.end == JOURNAL_ENDED_FAILED);
	}
	CHECK(failed >= 4);
}

/* --- power ---------------------------------------------------------------------------------------------------------------------- */

/* The power goes with the n-th call, for all n of a run that fills the circle and goes round. */
static void power_everywhere(enum disk_sim_verb verb, enum disk_sim_cut cut)
{
	enum { STEPS = 7000, SYNC_EVERY = 48 };
	uint64_t nth = 1, shortened = 0;
	for (;; nth++) {
		kit_disk();
		shortened = hash_mix(nth) % 4000;
		disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = (uint8_t)verb, .nth = nth, .power = 1, .short_bytes = shortened });
		enum journal_verdict verdict = kit_create(JOURNAL_CIRCLE);
		bool                 existed = verdict == JOURNAL_OK;
		if (existed) verdict = kit_run(STEPS, SYNC_EVERY);
		if (verdict == JOURNAL_OK) break;
		uint64_t durable = kit.journal.durable_seq, appended = journal_last_seq(&kit.journal);
		disk_sim_power_cut(&kit.disk, cut, nth);
		disk_sim_restart(&kit.disk);
		kit_back_to_work(durable, appended, existed);
	}
	CHECK(nth > STEPS / SYNC_EVERY);
	CHECK(kit.journal.segments_begun > KIT_SEGMENTS);
}

TEST(t_X2_power_cut_after_any_write_losing_what_was_not_synced) { power_everywhere(DISK_SIM_WRITE_CALL, DISK_SIM_LOSE); }
TEST(t_X2_power_cut_after_any_write_keeping_all) { power_everywhere(DISK_SIM_WRITE_CALL, DISK_SIM_KEEP); }
TEST(t_X2_power_cut_after_any_write_tearing_sectors) { power_everywhere(DISK_SIM_WRITE_CALL, DISK_SIM_TEAR); }
TEST(t_X2_power_cut_after_any_write_in_the_middle_of_it) { power_everywhere(DISK_SIM_WRITE_CALL, DISK_SIM_PART); }
TEST(t_X2_power_cut_at_any_sync_tearing_sectors) { power_everywhere(DISK_SIM_SYNC, DISK_SIM_TEAR); }

/* --- made-up bytes ----------------------------------------------------------------------------------------------------------- */

static uint64_t dice_seed;
static uint64_t dice(uint64_t below) { return hash_mix(++dice_seed * UINT64_C(0x9e3779b97f4a7c15)) % below; }

static void spoil_bytes(uint8_t *memory, uint64_t end)
{
	for (uint64_t i = dice(8); i-- > 0;) memory[dice(end)] = (uint8_t)dice(256);
}

static void spoil_block(uint8_t *memory, uint64_t end)
{
	uint64_t bytes = 1 + dice(3000), to = dice(end - bytes), from = dice(end - bytes);
	if (dice(2)) memmove(memory + to, memory + from, bytes);
	else memset(memory + to, (int)dice(3) - 1, bytes);
}

/* A record with a wrong content and right checksums. */
static void spoil_record(uint8_t *memory, uint64_t end)
{
	struct journal_record_head head;
	uint8_t                   *at = memory + record_at[dice(records_n)];
	(void)end;
	memcpy(&head, at, sizeof head);
	if (dice(2)) at[sizeof head + dice(head.length)] = (uint8_t)dice(256);
	else ((uint8_t *)&head)[dice(16)] = (uint8_t)dice(dice(2) ? 4 : 256);
	if (head.length < 70000) head.payload_checksum = crc32c(at + sizeof head, head.length);
	head.head_checksum = journal_head_checksum(&head);
	memcpy(at, &head, sizeof head);
}

static void spoil_head(uint8_t *memory, uint64_t end)
{
	struct journal_head *head = (struct journal_head *)(void *)memory;
	(void)end;
	memory[8 + dice(36)] = (uint8_t)dice(dice(2) ? 4 : 256);
	head->checksum = journal_page_checksum(head);
}

static void spoil_segment(uint8_t *memory, uint64_t end)
{
	uint8_t                     *at = memory + JOURNAL_PAGE_BYTES + dice(KIT_SEGMENTS) * KIT_SEGMENT_BYTES;
	struct journal_segment_head *head = (struct journal_segment_head *)(void *)at;
	(void)end;
	at[dice(140)] = (uint8_t)dice(dice(2) ? 4 : 256);
	head->checksum = journal_page_checksum(head);
}

static uint64_t read_all(void)
{
	struct journal_record record;
	struct event          event;
	uint64_t              records = 0, events = 0;
	while (journal_read_next(&kit.reader, &record) != JOURNAL_END && records < 2 * KIT_FILE_BYTES) {
		for (records++; journal_event_next(&record, &event); events++) continue;
		(void)journal_result_same(&record, &kit.outbox);
	}
	CHECK(records <= kit.reader.file_bytes / JOURNAL_RECORD_HEAD_BYTES && events <= kit.reader.file_bytes / EVENT_HEAD_BYTES);
	return records;
}

static void read_every_way(void)
{
	struct journal_record record;
	struct journal_rest   rest;
	if (kit_read_open() != JOURNAL_OK) return;
	(void)journal_seek_after(&kit.reader, dice(3000));
	(void)journal_seek_oldest(&kit.reader);
	if (kit.reader.segment.number || kit.reader.next_seq) (void)read_all();
	if (journal_seek_newest(&kit.reader) == JOURNAL_OK) {
		(void)journal_read_state(&kit.reader, kit.state, sizeof kit.state, &record);
		(void)read_all();
		(void)journal_read_rest(&kit.reader, &rest);
	}
	journal_read_close(&kit.reader);
}

static void fuzz(enum journal_shape shape, uint64_t seeds)
{
	typedef void spoiler(uint8_t *, uint64_t);
	static spoiler *const spoil[] = { spoil_bytes, spoil_block, spoil_record, spoil_head, spoil_segment };
	closed_journal(shape, shape == JOURNAL_CIRCLE ? 6000 : 1990);
	struct disk_sim_file *file = disk_sim_find(&kit.disk, "journal");
	uint64_t              size = file->size_bytes, before = kit.reader.end;
	CHECK_EQ(before, JOURNAL_ENDED_CLOSED);
	for (uint64_t seed = 1; seed <= seeds; seed++) {
		dice_seed = seed << 20;
		memcpy(file->memory, original, sizeof original);
		file->size_bytes = dice(4) ? size : dice(size);
		for (uint64_t i = 1 + dice(4); i-- > 0;) spoil[dice(5)](file->memory, size);
		read_every_way();
	}
}

TEST(t_X2_no_bytes_make_the_reader_trap_or_run_for_ever_grow) { fuzz(JOURNAL_GROW, 1500); }
TEST(t_X2_no_bytes_make_the_reader_trap_or_run_for_ever_circle) { fuzz(JOURNAL_CIRCLE, 1500); }
