/* journal_forged_test.c - records and heads whose checksums fit and whose contents do not, and a disk that fails where nothing else does: each is
 * damage, a cut or a failed disk, at the record where it begins, and never a trap. */
#include "tests/unit/hal/store/journal_kit.h"

enum { STATE = 64, RECORDS_AT = 2 * JOURNAL_PAGE_BYTES, SEGMENT_END = JOURNAL_PAGE_BYTES + KIT_SEGMENT_BYTES, START_RECORDS = 2 };

static uint64_t forged_at, forged_seq;        /* of the next record */
static uint8_t  payload[JOURNAL_PAYLOAD_MAX];

/* A circle whose first segment has its head and no record yet. */
static void forge_begin(void)
{
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	journal_abandon(&kit.journal);
	memset(kit_memory[0] + RECORDS_AT, 0, SEGMENT_END - RECORDS_AT);
	forged_at = RECORDS_AT;
	forged_seq = 1;
}

static void forge(enum journal_type type, uint32_t length)
{
	struct journal_record_head head = { .length = length, .type = (uint16_t)type, .unsynced = 1, .seq = forged_seq++ };
	head.payload_checksum = crc32c(payload, length);
	head.head_checksum = journal_head_checksum(&head);
	memcpy(kit_memory[0] + forged_at, &head, sizeof head);
	memcpy(kit_memory[0] + forged_at + sizeof head, payload, length);
	forged_at += sizeof head + length;
}

static void forge_snapshot(uint64_t input_seq, uint64_t state_bytes, uint64_t offset, uint32_t piece)
{
	struct journal_snapshot_head head = { input_seq, 0x55, state_bytes, offset };
	memset(payload, 7, sizeof payload);
	memcpy(payload, &head, sizeof head);
	forge(JOURNAL_SNAPSHOT, (uint32_t)sizeof head + piece);
}

static void forge_result(enum journal_type type, uint64_t input_seq, uint32_t flags)
{
	struct journal_result_head head = { input_seq, 0, flags, 0 };
	memcpy(payload, &head, sizeof head);
	forge(type, sizeof head);
}

static void forge_checkpoint(void) { forge_result(JOURNAL_CHECKPOINT, 0, JOURNAL_RESULT_LAST); }

static void forge_input(uint64_t number)
{
	struct event event = kit_input(number);
	memcpy(payload, &number, sizeof number);
	memcpy(payload + sizeof number, &event, sizeof event);
	forge(JOURNAL_INPUT, (uint32_t)sizeof number + EVENT_HEAD_BYTES + event_payload_bytes[event.kind]);
}

static void forge_close(uint64_t input_seq, uint32_t length)
{
	struct journal_close words = { input_seq, 0 };
	memset(payload, 0, sizeof words + 8);
	memcpy(payload, &words, sizeof words);
	forge(JOURNAL_CLOSE, length);
}

static void forge_start(void)
{
	forge_begin();
	forge_snapshot(0, STATE, 0, STATE);
	forge_checkpoint();
}

static enum journal_verdict newest(void)
{
	enum journal_verdict verdict = kit_read_open();
	return verdict == JOURNAL_OK ? journal_seek_newest(&kit.reader) : verdict;
}

static uint64_t read_to_the_end(void)
{
	struct journal_record record;
	uint64_t              records = 0;
	while (journal_read_next(&kit.reader, &record) != JOURNAL_END) records++;
	return records;
}

/* All but the last record that was forged are good, and the last is damage. */
static void last_is_damage(void)
{
	CHECK_EQ(newest(), JOURNAL_OK);
	CHECK_EQ(read_to_the_end(), forged_seq - 2);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_DAMAGED);
	CHECK(kit.reader.at < forged_at);
	journal_read_close(&kit.reader);
}

static void nothing_to_start_from(void)
{
	CHECK_EQ(newest(), JOURNAL_NO_SNAPSHOT);
	journal_read_close(&kit.reader);
}

TEST(t_X2_a_forged_journal_that_makes_sense_is_read)
{
	forge_start();
	forge_input(1);
	forge_result(JOURNAL_RESULT, 1, 0);
	forge_close(1, sizeof(struct journal_close));
	CHECK_EQ(newest(), JOURNAL_OK);
	CHECK_EQ(read_to_the_end(), START_RECORDS + 3);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
}

TEST(t_X2_sealed_inputs_and_results_out_of_turn_are_damage)
{
	forge_start();
	forge_input(1);
	forge_input(2);        /* before the RESULT of the first */
	last_is_damage();
	forge_start();
	forge_result(JOURNAL_RESULT, 0, 0);        /* of no INPUT */
	last_is_damage();
	forge_start();
	forge_input(2);
	last_is_damage();
}

TEST(t_X2_sealed_starts_in_the_middle_are_damage)
{
	forge_start();
	forge_snapshot(0, STATE, 0, STATE);
	last_is_damage();
	forge_start();
	forge_checkpoint();
	last_is_damage();
}

TEST(t_X2_a_sealed_close_of_a_wrong_length_or_number_is_damage)
{
	forge_start();
	forge_close(0, 8);
	last_is_damage();
	forge_start();
	forge_close(0, sizeof(struct journal_close) + 8);
	last_is_damage();
	forge_start();
	forge_close(1, sizeof(struct journal_close));
	last_is_damage();
}

/* Whatever takes the place of the CHECKPOINT after the SNAPSHOT, or of the SNAPSHOT before it. */
TEST(t_X2_a_sealed_record_before_its_start_is_whole_starts_nothing)
{
	for (enum journal_type type = JOURNAL_INPUT; type < JOURNAL_TYPES_N; type++) {
		if (type == JOURNAL_CHECKPOINT || type == JOURNAL_SNAPSHOT) continue;
		forge_begin();
		forge_snapshot(0, STATE, 0, STATE);
		if (type == JOURNAL_INPUT) forge_input(1);
		if (type == JOURNAL_RESULT) forge_result(JOURNAL_RESULT, 0, 0);
		if (type == JOURNAL_CLOSE) forge_close(0, sizeof(struct journal_close));
		forge_checkpoint();
		nothing_to_start_from();
	}
	forge_begin();
	forge_checkpoint();        /* of no SNAPSHOT */
	nothing_to_start_from();
}

static void pieces_start_nothing(uint64_t state_bytes, uint64_t offset, uint32_t piece)
{
	forge_begin();
	forge_snapshot(0, state_bytes, offset, piece);
	forge_checkpoint();
	nothing_to_start_from();
}

TEST(t_X2_a_sealed_snapshot_whose_numbers_do_not_fit_starts_nothing)
{
	pieces_start_nothing(0, 0, STATE);            /* no state at all */
	pieces_start_nothing(STATE, 0, 0);            /* a piece of nothing */
	pieces_start_nothing(STATE, 0, STATE + 8);    /* more than all of it */
	pieces_start_nothing(STATE, 8, STATE - 8);    /* its beginning is not there */
	pieces_start_nothing(2 * STATE, 0, STATE);    /* half of it */
	forge_begin();
	forge(JOURNAL_SNAPSHOT, 24);                  /* shorter than its own head */
	forge_checkpoint();
	nothing_to_start_from();
}

static void halves(uint64_t input_seq, uint64_t state_bytes)
{
	forge_begin();
	forge_snapshot(0, 2 * STATE, 0, STATE);
	forge_snapshot(input_seq, state_bytes, STATE, STATE);
	forge_checkpoint();
}

TEST(t_X2_sealed_halves_of_two_snapshots_start_nothing)
{
	halves(0, 2 * STATE);
	CHECK_EQ(newest(), JOURNAL_OK);
	journal_read_close(&kit.reader);
	halves(1, 2 * STATE);
	nothing_to_start_from();
	halves(0, 3 * STATE);
	nothing_to_start_from();
	halves(0, STATE);        /* the second half begins where this state ends */
	nothing_to_start_from();
}

/* A start that leaves so many bytes of the segment. */
static void forge_start_with_left(uint32_t left)
{
	enum { PIECE = 32768, PIECE_HEAD = JOURNAL_RECORD_HEAD_BYTES + (int)sizeof(struct journal_snapshot_head), CHECKPOINT = 48 };
	uint64_t room = SEGMENT_END - RECORDS_AT - CHECKPOINT - left, pieces = room / (PIECE + PIECE_HEAD) + 1, state = room - pieces * PIECE_HEAD;
	forge_begin();
	for (uint64_t offset = 0; offset < state; offset += PIECE) forge_snapshot(0, state, offset, (uint32_t)(state - offset < PIECE ? state - offset : PIECE));
	forge_checkpoint();
	CHECK_EQ(forged_at, SEGMENT_END - left);
}

TEST(t_X2_a_segment_may_be_full_to_its_last_byte)
{
	forge_start_with_left(0);
	CHECK_EQ(newest(), JOURNAL_OK);
	CHECK_EQ(read_to_the_end(), forged_seq - 1);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_OPEN);
	CHECK_EQ(kit.reader.at, SEGMENT_END);
}

TEST(t_X2_a_sealed_record_that_reaches_over_the_end_of_its_segment_is_none)
{
	forge_start_with_left(48);
	uint64_t whole = forged_seq - 1;
	forge(JOURNAL_INPUT, 64);
	CHECK_EQ(newest(), JOURNAL_OK);
	CHECK_EQ(read_to_the_end(), whole);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CUT);
	CHECK_EQ(kit.reader.at, SEGMENT_END - 48);
}

/* --- heads of segments ------------------------------------------------------------------------------------------------------- */

/* A journal of two segments; the head of the second, to be changed and sealed again. */
static struct journal_segment_head *two_segments(void)
{
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	CHECK_EQ(kit_segment(UINT64_MAX), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
	return (struct journal_segment_head *)(void *)(kit_memory[0] + SEGMENT_END);
}

/* Only slots' own numbers count: one beyond all that can be written would begin a circle that never ends. */
TEST(t_X2_a_sealed_segment_of_an_impossible_number_is_passed_over)
{
	static const uint64_t wrong[] = { UINT64_MAX, UINT64_MAX - 2, UINT64_MAX / 2 + 3, 2, 3 };
	bool                  is_own_slot = false;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct journal_segment_head *head = two_segments();
		head->number = wrong[i];
		head->checksum = journal_page_checksum(head);
		is_own_slot = is_own_slot || wrong[i] % KIT_SEGMENTS == 1;
		CHECK_EQ(newest(), JOURNAL_OK);
		CHECK_EQ(kit.reader.segment.number, 0);
		journal_read_close(&kit.reader);
	}
	CHECK(is_own_slot);
}

/* The second segment starts from another INPUT than the first one ended with; alone it is good. */
TEST(t_X2_a_sealed_segment_that_does_not_go_on_from_the_one_before_is_damage)
{
	struct journal_record_head   head;
	struct journal_snapshot_head words;
	(void)two_segments();
	uint8_t *at = kit_memory[0] + SEGMENT_END + JOURNAL_PAGE_BYTES;
	memcpy(&head, at, sizeof head);
	memcpy(&words, at + sizeof head, sizeof words);
	CHECK_EQ(words.input_seq, 5);
	words.input_seq = 4;
	memcpy(at + sizeof head, &words, sizeof words);
	head.payload_checksum = crc32c(at + sizeof head, head.length);
	head.head_checksum = journal_head_checksum(&head);
	memcpy(at, &head, sizeof head);
	uint8_t *checkpoint = at + sizeof head + head.length;
	for (int i = 0; i < 2; i++) {
		memcpy(&head, checkpoint, sizeof head);
		CHECK_EQ(head.type, JOURNAL_CHECKPOINT);
		memcpy(checkpoint + sizeof head, &words.input_seq, sizeof words.input_seq);
		head.payload_checksum = crc32c(checkpoint + sizeof head, head.length);
		head.head_checksum = journal_head_checksum(&head);
		memcpy(checkpoint, &head, sizeof head);
		checkpoint += sizeof head + head.length;
	}
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_OK);
	CHECK_EQ(read_to_the_end(), 3 + 10);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_DAMAGED);
}

/* --- what is compared and looked for ------------------------------------------------------------------------------------------ */

TEST(t_X2_a_result_is_the_same_only_byte_for_byte)
{
	struct journal_record record = { .type = JOURNAL_END };
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_run(3, 1), JOURNAL_OK);        /* the third RESULT has a FILL, an ACCOUNT and a FILL */
	CHECK_EQ(newest(), JOURNAL_OK);
	while (record.type != JOURNAL_RESULT || record.input_seq != 3) CHECK(journal_read_next(&kit.reader, &record) != JOURNAL_END);
	CHECK(journal_result_same(&record, &kit.outbox));
	kit.outbox.event[1].account.nav_usd_e8++;
	CHECK(!journal_result_same(&record, &kit.outbox));
	kit.outbox.event[1].account.nav_usd_e8--;
	record.bytes_n -= 8;        /* the last event is not whole */
	CHECK(!journal_result_same(&record, &kit.outbox));
	record.bytes_n += 16;
	CHECK(!journal_result_same(&record, &kit.outbox));
}

TEST(t_X2_an_input_before_all_others_is_gone)
{
	(void)two_segments();
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_input(&kit.reader, 0), JOURNAL_GONE);
	CHECK_EQ(kit.reader.segment.number, 0);
	kit_memory[0][JOURNAL_PAGE_BYTES + 100] ^= 1;        /* the first segment */
	CHECK_EQ(journal_seek_input(&kit.reader, 2), JOURNAL_GONE);
	CHECK_EQ(kit.reader.segment.number, 1);
	kit_memory[0][SEGMENT_END + 100] ^= 1;
	CHECK_EQ(journal_seek_input(&kit.reader, 2), JOURNAL_NO_SNAPSHOT);
	struct journal_rest rest;
	CHECK_EQ(journal_read_open(&kit.reader, &kit.disk.disk, "journal", kit_window, sizeof kit_window), JOURNAL_OK);
	CHECK_EQ(journal_read_rest(&kit.reader, &rest), JOURNAL_NO_SNAPSHOT);
}

/* A file that grows ends with the last byte of CLOSE; one byte more of anything is the beginning of another record. */
TEST(t_X2_a_closed_file_that_grows_ends_with_its_last_byte)
{
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_GROW), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
	CHECK_EQ(newest(), JOURNAL_OK);
	(void)read_to_the_end();
	uint64_t end = kit.reader.at;
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
	for (uint64_t more = 0; more < JOURNAL_RECORD_HEAD_BYTES; more += 8) {
		disk_sim_find(&kit.disk, "journal")->size_bytes = end + more;
		CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
		(void)read_to_the_end();
		CHECK_EQ(kit.reader.end, more ? JOURNAL_ENDED_CUT : JOURNAL_ENDED_CLOSED);
	}
}

TEST(t_X2_a_circle_that_was_cut_short_gets_its_full_size_back)
{
	kit_disk();
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	CHECK_EQ(kit_run(5, 1), JOURNAL_OK);
	uint64_t end = kit.journal.at;
	journal_abandon(&kit.journal);
	struct disk_sim_file *file = disk_sim_find(&kit.disk, "journal");
	file->size_bytes = end;
	CHECK_EQ(newest(), JOURNAL_OK);
	(void)read_to_the_end();
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CUT);
	CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
	CHECK_EQ(file->size_bytes, KIT_FILE_BYTES);
	CHECK_EQ(kit.journal.at, end);
}
