/* journal.c - the writer of the journal: records into a buffer, the buffer into the file. Contract: journal.h; bytes: JOURNAL.md. */
#include "hal/store/journal.h"

#include "hal/store/journal_read.h"

#define PAYLOAD_WORDS(name, member) \
	_Static_assert(sizeof((struct event){ 0 }.member) % 8 == 0, "the payload of " #name " keeps records aligned");
EVENT_KINDS(PAYLOAD_WORDS)

#define VERDICT_TEXT(name, text) text,
const char *const journal_verdict_text[JOURNAL_VERDICTS_N] = { JOURNAL_VERDICTS(VERDICT_TEXT) };

#define WORKING_SUFFIX ".new"

enum journal_verdict journal_verdict_of_disk(enum disk_code code)
{
	switch (code) {
	case DISK_OK: return JOURNAL_OK;
	case DISK_MISSING: return JOURNAL_MISSING;
	case DISK_EXISTS: return JOURNAL_EXISTS;
	case DISK_DENIED: return JOURNAL_DENIED;
	case DISK_FULL: return JOURNAL_NO_SPACE;
	case DISK_BUSY: return JOURNAL_BUSY;
	case DISK_NOT_A_FILE: return JOURNAL_NOT_A_JOURNAL;
	case DISK_FAILED:
	case DISK_CODES_N: break;
	}
	return JOURNAL_DISK_FAILED;
}

static void text_copy(char *into, size_t room, const char *text)
{
	for (size_t i = 0; i + 1 < room && text[i]; i++) into[i] = text[i];
}

void journal_setup_make(struct journal_setup *setup, const char *build, const struct settings *settings)
{
	memset(setup, 0, sizeof *setup);
	text_copy(setup->build, sizeof setup->build, build);
	memcpy(setup->kind_bytes, event_payload_bytes, sizeof event_payload_bytes);
	setup->settings_n = SETTINGS_N;
	memcpy(setup->setting, settings->value, SETTINGS_N * sizeof setup->setting[0]);
}

void journal_setup_symbol(struct journal_setup *setup, const char *symbol)
{
	BUG_UNLESS(3000, setup->symbols_n < JOURNAL_SYMBOLS_MAX);
	text_copy(setup->symbol[setup->symbols_n++], JOURNAL_SYMBOL_BYTES, symbol);
}

/* --- losing ------------------------------------------------------------------------------------------------------------ */

static enum journal_verdict lose(struct journal *journal, enum disk_code code)
{
	journal->lost = true;
	journal->failure = code;
	return JOURNAL_LOST;
}

static enum journal_verdict write_at(struct journal *journal, uint64_t offset, const void *from, size_t bytes)
{
	enum disk_code code = disk_write(journal->disk, journal->file, offset, from, bytes);
	journal->dirty = true;
	return code == DISK_OK ? JOURNAL_OK : lose(journal, code);
}

/* --- the buffer ----------------------------------------------------------------------------------------------------------- */

static uint64_t position(const struct journal *journal) { return journal->at + journal->used; }
static uint64_t room(const struct journal *journal) { return journal->segment_end - position(journal); }

/* Every write ends with an empty record head, so that old bytes behind it are never taken for the end of a record. */
enum journal_verdict journal_flush(struct journal *journal)
{
	if (journal->lost) return JOURNAL_LOST;
	if (journal->used == 0) return JOURNAL_OK;
	size_t stop = room(journal) < JOURNAL_RECORD_HEAD_BYTES ? (size_t)room(journal) : JOURNAL_RECORD_HEAD_BYTES;
	memset(journal->buffer + journal->used, 0, stop);
	enum journal_verdict verdict = write_at(journal, journal->at, journal->buffer, journal->used + stop);
	if (verdict != JOURNAL_OK) return verdict;
	journal->at += journal->used;
	journal->used = 0;
	journal->written_seq = journal->next_seq - 1;
	return JOURNAL_OK;
}

enum journal_verdict journal_sync(struct journal *journal)
{
	enum journal_verdict verdict = journal_flush(journal);
	if (verdict != JOURNAL_OK || !journal->dirty) return verdict;
	enum disk_code code = disk_sync(journal->disk, journal->file);
	if (code != DISK_OK) return lose(journal, code);
	journal->dirty = false;
	journal->durable_seq = journal->written_seq;
	return JOURNAL_OK;
}

/* Room in the buffer for a record; null when the journal is lost by emptying it. The caller has made sure of room in the segment. */
static uint8_t *record_open(struct journal *journal, size_t length_max)
{
	size_t need = journal->used + 2 * JOURNAL_RECORD_HEAD_BYTES + length_max + EVENT_BYTES;
	if (need > journal->buffer_bytes && journal_flush(journal) != JOURNAL_OK) return 0;
	return journal->buffer + journal->used + JOURNAL_RECORD_HEAD_BYTES;
}

static uint16_t unsynced(const struct journal *journal)
{
	uint64_t count = journal->next_seq - journal->durable_seq;
	return (uint16_t)(count < JOURNAL_UNSYNCED_MAX ? count : JOURNAL_UNSYNCED_MAX);
}

/* struct journal_record_head, made in registers: as a struct its summing and its copy would each wait for the stores before them. */
static void head_put(uint8_t *at, uint64_t length, uint64_t type, uint64_t unsynced, uint64_t seq)
{
	uint64_t begins = length | type << 32 | unsynced << 48;
	uint32_t payload = crc32c(at + JOURNAL_RECORD_HEAD_BYTES, length);
	uint32_t head = crc32c_end(crc32c_u32(crc32c_u64(crc32c_u64(CRC32C_BEGIN, begins), seq), payload));
	uint64_t checksums = payload | (uint64_t)head << 32;
	memcpy(at, &begins, sizeof begins);
	memcpy(at + offsetof(struct journal_record_head, seq), &seq, sizeof seq);
	memcpy(at + offsetof(struct journal_record_head, payload_checksum), &checksums, sizeof checksums);
}

static void record_end(struct journal *journal, enum journal_type type, size_t length)
{
	BUG_UNLESS(3001, length % 8 == 0 && length <= JOURNAL_PAYLOAD_MAX);
	BUG_UNLESS(3002, room(journal) >= JOURNAL_RECORD_HEAD_BYTES + length);
	head_put(journal->buffer + journal->used, length, (uint64_t)type, unsynced(journal), journal->next_seq);
	journal->used += JOURNAL_RECORD_HEAD_BYTES + length;
	journal->next_seq++;
}

/* --- records -------------------------------------------------------------------------------------------------------------- */

/* Copies the whole event, which is quicker than a part of it: the buffer has room, and what comes next covers the surplus. */
static size_t event_put(uint8_t *at, const struct event *event)
{
	BUG_UNLESS(3003, event->kind < EVENT_KINDS_N);
	memcpy(at, event, sizeof *event);
	return (size_t)EVENT_HEAD_BYTES + event_payload_bytes[event->kind];
}

static size_t result_put(uint8_t *at, const struct outbox *result, uint32_t flags, uint64_t state_hash)
{
	struct journal_result_head head = { result->cause, result->count, flags, state_hash };
	size_t                     length = sizeof head;
	memcpy(at, &head, sizeof head);
	for (uint32_t i = 0; i < result->count; i++) length += event_put(at + length, &result->event[i]);
	return length;
}

static size_t result_bytes_most(const struct outbox *result)
{
	BUG_UNLESS(3005, result->count <= OUTBOX_MAX);
	return sizeof(struct journal_result_head) + (size_t)result->count * EVENT_BYTES;
}

bool journal_needs_segment(const struct journal *journal)
{
	return journal->renew || room(journal) < JOURNAL_STEP_MAX + JOURNAL_CLOSE_RECORD_BYTES;
}

enum journal_verdict journal_input(struct journal *journal, const struct event *event, uint64_t *input_seq)
{
	uint64_t number = journal->input_seq + 1;
	if (journal->lost) return JOURNAL_LOST;
	BUG_UNLESS(3007, !journal->beginning);
	BUG_UNLESS(3008, journal->input_seq == journal->result_seq);
	if (journal_needs_segment(journal)) return JOURNAL_FULL;
	uint8_t *at = record_open(journal, JOURNAL_INPUT_MAX);
	if (!at) return JOURNAL_LOST;
	memcpy(at, &number, sizeof number);
	record_end(journal, JOURNAL_INPUT, sizeof number + event_put(at + sizeof number, event));
	*input_seq = journal->input_seq = number;
	return JOURNAL_OK;
}

enum journal_verdict journal_result(struct journal *journal, const struct outbox *result, bool with_hash, uint64_t state_hash)
{
	if (journal->lost) return JOURNAL_LOST;
	BUG_UNLESS(3009, !journal->beginning);
	BUG_UNLESS(3010, journal->input_seq == journal->result_seq + 1 && result->cause == journal->input_seq);
	uint8_t *at = record_open(journal, result_bytes_most(result));
	if (!at) return JOURNAL_LOST;
	size_t length = result_put(at, result, with_hash ? JOURNAL_RESULT_HASHED : 0, with_hash ? state_hash : 0);
	record_end(journal, JOURNAL_RESULT, length);
	journal->result_seq = journal->input_seq;
	return JOURNAL_OK;
}

/* --- segments ------------------------------------------------------------------------------------------------------------- */

/* The slot of the next segment holds nothing, or a segment that all have done with. */
static bool slot_is_free(const struct journal *journal, uint64_t projected_seq)
{
	uint64_t number = journal->segments_begun, segments = journal->head.segments_max;
	BUG_UNLESS(3022, segments > 0);
	if (number < segments) return true;
	if (journal->head.shape == JOURNAL_GROW) return false;
	uint64_t after = journal->first_seq[(number + 1) % segments];        /* of the segment that follows the oldest one */
	return projected_seq >= after - 1;
}

/* The page alone, without an empty record head behind it: should a power cut bring the head of the lap before back, all its records
 * must still be there. */
static enum journal_verdict segment_head_write(struct journal *journal)
{
	struct journal_segment_head *segment = &journal->segment;
	segment->number = journal->segments_begun++;
	segment->first_seq = journal->next_seq;
	segment->checksum = journal_page_checksum(segment);
	uint64_t slot_at = journal_slot_at(&journal->head, segment->number);
	journal->at = slot_at + JOURNAL_PAGE_BYTES;
	journal->segment_end = slot_at + journal->head.segment_bytes;
	if (journal->head.shape == JOURNAL_CIRCLE) journal->first_seq[segment->number % journal->head.segments_max] = segment->first_seq;
	return write_at(journal, slot_at, segment, sizeof *segment);
}

static enum journal_verdict snapshot_put(struct journal *journal, const struct journal_snapshot *snapshot)
{
	for (uint64_t offset = 0; offset < snapshot->state_bytes; offset += JOURNAL_SNAPSHOT_PIECE_BYTES) {
		struct journal_snapshot_head head = { snapshot->input_seq, snapshot->state_hash, snapshot->state_bytes, offset };
		uint64_t                     left = snapshot->state_bytes - offset;
		size_t                       piece = left < JOURNAL_SNAPSHOT_PIECE_BYTES ? (size_t)left : JOURNAL_SNAPSHOT_PIECE_BYTES;
		uint8_t                     *at = record_open(journal, sizeof head + piece);
		if (!at) return JOURNAL_LOST;
		memcpy(at, &head, sizeof head);
		memcpy(at + sizeof head, (const uint8_t *)snapshot->state + offset, piece);
		record_end(journal, JOURNAL_SNAPSHOT, sizeof head + piece);
	}
	return JOURNAL_OK;
}

/* The segment before is durable before the first byte of the new one, and its head before the rest of it: a hole never lies in
 * front of a snapshot, and an older segment is never spoilt without a sign. */
enum journal_verdict journal_segment_begin(struct journal *journal, const struct journal_snapshot *snapshot, uint64_t projected_seq)
{
	if (journal->lost) return JOURNAL_LOST;
	BUG_UNLESS(3011, !journal->beginning);
	BUG_UNLESS(3012, snapshot->state_bytes > 0 && snapshot->state_bytes % 8 == 0);
	BUG_UNLESS(3013, journal->head.segment_bytes >= journal_segment_bytes_min(snapshot->state_bytes, 0));
	BUG_UNLESS(3014, journal->segments_begun == 0 || snapshot->input_seq == journal->input_seq);
	if (!slot_is_free(journal, projected_seq)) return JOURNAL_FULL;
	if (journal_sync(journal) != JOURNAL_OK) return JOURNAL_LOST;
	journal->input_seq = journal->result_seq = snapshot->input_seq;
	journal->beginning = true;
	journal->renew = false;
	if (segment_head_write(journal) != JOURNAL_OK || journal_sync(journal) != JOURNAL_OK) return JOURNAL_LOST;
	return snapshot_put(journal, snapshot);
}

static void working_name(const struct journal *journal, char into[DISK_NAME_MAX + 1])
{
	size_t length = strlen(journal->name);
	memcpy(into, journal->name, length);
	memcpy(into + length, WORKING_SUFFIX, sizeof WORKING_SUFFIX);
}

/* The segment is whole. The first one also gives the file its name. */
static enum journal_verdict segment_finish(struct journal *journal)
{
	char working[DISK_NAME_MAX + 1];
	if (journal_sync(journal) != JOURNAL_OK) return JOURNAL_LOST;
	journal->beginning = false;
	if (!journal->working_name) return JOURNAL_OK;
	working_name(journal, working);
	enum disk_code code = disk_rename(journal->disk, working, journal->name);
	if (code != DISK_OK) return lose(journal, code);
	journal->working_name = false;
	return JOURNAL_OK;
}

enum journal_verdict journal_checkpoint(struct journal *journal, const struct outbox *records, bool last)
{
	if (journal->lost) return JOURNAL_LOST;
	BUG_UNLESS(3015, journal->beginning);
	BUG_UNLESS(3006, records->cause == journal->input_seq);
	uint8_t *at = record_open(journal, result_bytes_most(records));
	if (!at) return JOURNAL_LOST;
	record_end(journal, JOURNAL_CHECKPOINT, result_put(at, records, last ? JOURNAL_RESULT_LAST : 0, 0));
	return last ? segment_finish(journal) : JOURNAL_OK;
}

/* --- a new file ------------------------------------------------------------------------------------------------------------ */

static void bind(struct journal *journal, struct disk *disk, const char *name, void *buffer, size_t buffer_bytes)
{
	size_t length = strlen(name);
	memset(journal, 0, sizeof *journal);
	BUG_UNLESS(3016, buffer_bytes >= JOURNAL_BUFFER_MIN);
	BUG_UNLESS(3017, length + sizeof WORKING_SUFFIX <= sizeof journal->name);
	memcpy(journal->name, name, length + 1);
	journal->disk = disk;
	journal->file = -1;
	journal->buffer = buffer;
	journal->buffer_bytes = buffer_bytes;
	journal->next_seq = 1;
}

static void segment_for(struct journal *journal, const struct journal_setup *setup)
{
	memset(&journal->segment, 0, sizeof journal->segment);
	memcpy(journal->segment.magic, JOURNAL_SEGMENT_MAGIC, sizeof journal->segment.magic);
	journal->segment.journal_id = journal->head.journal_id;
	journal->segment.setup = *setup;
}

static void head_make(struct journal_head *head, const struct journal_plan *plan)
{
	uint32_t segments_most = plan->shape == JOURNAL_CIRCLE ? JOURNAL_CIRCLE_SEGMENTS_MAX : JOURNAL_GROW_SEGMENTS_MAX;
	BUG_UNLESS(3018, plan->segments_max >= 2 && plan->segments_max <= segments_most);
	BUG_UNLESS(3019, plan->segment_bytes >= JOURNAL_SEGMENT_BYTES_MIN && plan->segment_bytes <= JOURNAL_SEGMENT_BYTES_MAX);
	BUG_UNLESS(3020, plan->segment_bytes % JOURNAL_PAGE_BYTES == 0 && plan->journal_id >> 48 == 0);
	memcpy(head->magic, JOURNAL_MAGIC, sizeof head->magic);
	head->format = JOURNAL_FORMAT;
	head->shape = (uint32_t)plan->shape;
	head->journal_id = plan->journal_id;
	head->segment_bytes = plan->segment_bytes;
	head->segments_max = plan->segments_max;
	head->checksum = journal_page_checksum(head);
}

static bool name_is_taken(struct disk *disk, const char *name)
{
	int32_t        file;
	enum disk_code code = disk_open(disk, name, DISK_READ, &file);
	if (code == DISK_OK) disk_close(disk, file);
	return code != DISK_MISSING;
}

enum journal_verdict journal_create(struct journal *journal, struct disk *disk, const char *name, const struct journal_plan *plan,
    const struct journal_setup *setup, void *buffer, size_t buffer_bytes)
{
	char working[DISK_NAME_MAX + 1];
	bind(journal, disk, name, buffer, buffer_bytes);
	journal->lost = true;        /* until there is a file */
	head_make(&journal->head, plan);
	segment_for(journal, setup);
	if (name_is_taken(disk, name)) return JOURNAL_EXISTS;
	working_name(journal, working);
	uint64_t       segments = plan->shape == JOURNAL_CIRCLE ? plan->segments_max : 0;
	enum disk_code code = disk_create(disk, working, JOURNAL_PAGE_BYTES + segments * plan->segment_bytes, &journal->file);
	if (code != DISK_OK) return journal_verdict_of_disk(code);
	journal->lost = false;
	journal->working_name = true;
	journal->renew = true;
	return write_at(journal, 0, &journal->head, sizeof journal->head);
}

/* --- going on after recovery -------------------------------------------------------------------------------------------- */

static enum journal_verdict zero_fill(struct journal *journal, uint64_t from, uint64_t to)
{
	memset(journal->buffer, 0, journal->buffer_bytes);
	while (from < to) {
		size_t bytes = to - from < journal->buffer_bytes ? (size_t)(to - from) : journal->buffer_bytes;
		if (write_at(journal, from, journal->buffer, bytes) != JOURNAL_OK) return JOURNAL_LOST;
		from += bytes;
	}
	return JOURNAL_OK;
}

/* The records before the head: while anything is left of them, a head that is not empty says that they are to be erased. */
static enum journal_verdict erase_next_slot(struct journal *journal)
{
	uint64_t slot_at = journal_slot_at(&journal->head, journal->segments_begun), records_at = slot_at + JOURNAL_PAGE_BYTES;
	if (zero_fill(journal, records_at, slot_at + journal->head.segment_bytes) != JOURNAL_OK) return JOURNAL_LOST;
	if (journal_sync(journal) != JOURNAL_OK) return JOURNAL_LOST;
	return zero_fill(journal, slot_at, records_at);
}

/* Behind the last whole record there may be pieces of later ones, here and in the segment that was about to begin: they must never
 * be read as new ones. What is zero already is not written again: the first sync has made it durable, whoever wrote it. A circle that
 * was cut short gets its full size back. Durable before the first byte of it: the head of a segment that a killed process had begun; else
 * a power cut could bring the head of the lap before back, over erased records. */
static enum journal_verdict erase_rest(struct journal *journal, const struct journal_rest *rest)
{
	uint64_t whole = JOURNAL_PAGE_BYTES + journal->head.segments_max * journal->head.segment_bytes;
	if (journal_sync(journal) != JOURNAL_OK) return JOURNAL_LOST;
	if (zero_fill(journal, journal->at, rest->left_to) != JOURNAL_OK) return JOURNAL_LOST;
	if (rest->next_slot_spoilt && erase_next_slot(journal) != JOURNAL_OK) return JOURNAL_LOST;
	if (journal->head.shape == JOURNAL_CIRCLE && rest->file_bytes < whole) return zero_fill(journal, rest->file_bytes, whole);
	return JOURNAL_OK;
}

static void take_over(struct journal *journal, const struct journal_reader *reader, const struct journal_rest *rest)
{
	journal->head = reader->head;
	journal->segment = reader->segment;
	journal->segments_begun = reader->segment.number + 1;
	journal->at = reader->at;
	journal->segment_end = reader->segment_end;
	journal->next_seq = reader->next_seq;
	journal->written_seq = reader->next_seq - 1;
	journal->input_seq = reader->input_seq;
	journal->result_seq = reader->result_seq;
	memcpy(journal->first_seq, rest->first_seq, sizeof journal->first_seq);
}

static enum journal_verdict reopen_file(struct journal *journal, struct journal_reader *reader, const struct journal_setup *setup)
{
	struct journal_rest  rest;
	enum journal_verdict verdict = journal_read_rest(reader, &rest);
	if (verdict != JOURNAL_OK) return verdict;
	take_over(journal, reader, &rest);
	journal->lost = false;
	journal->dirty = true;        /* what a killed process wrote may not be durable yet */
	journal->renew = memcmp(&journal->segment.setup, setup, sizeof *setup) != 0;
	segment_for(journal, setup);
	if (erase_rest(journal, &rest) != JOURNAL_OK) return JOURNAL_LOST;
	return journal_sync(journal);
}

enum journal_verdict journal_reopen(struct journal *journal, struct disk *disk, const char *name, struct journal_reader *reader,
    const struct journal_setup *setup, void *buffer, size_t buffer_bytes)
{
	bind(journal, disk, name, buffer, buffer_bytes);
	journal->lost = true;
	enum disk_code code = disk_open(disk, name, DISK_WRITE, &journal->file);
	if (code != DISK_OK) return journal_verdict_of_disk(code);
	enum journal_verdict verdict = reopen_file(journal, reader, setup);
	if (verdict != JOURNAL_OK) journal_abandon(journal);
	return verdict;
}

/* --- the end -------------------------------------------------------------------------------------------------------------- */

void journal_abandon(struct journal *journal)
{
	char working[DISK_NAME_MAX + 1];
	if (journal->file >= 0) disk_close(journal->disk, journal->file);
	if (journal->working_name) {
		working_name(journal, working);
		(void)disk_remove(journal->disk, working);        /* nothing was promised under this name */
	}
	journal->working_name = false;
	journal->file = -1;
	journal->lost = true;
}

/* Synced before as well as after, so that CLOSE testifies that all before it was durable. */
static enum journal_verdict close_put(struct journal *journal, uint64_t state_hash)
{
	struct journal_close words = { journal->input_seq, state_hash };
	if (journal_sync(journal) != JOURNAL_OK) return JOURNAL_LOST;
	if (room(journal) < JOURNAL_CLOSE_RECORD_BYTES) return JOURNAL_FULL;
	uint8_t *at = record_open(journal, sizeof words);
	BUG_UNLESS(4701, at);        /* the sync has emptied the buffer */
	memcpy(at, &words, sizeof words);
	record_end(journal, JOURNAL_CLOSE, sizeof words);
	return journal_sync(journal);
}

enum journal_verdict journal_close(struct journal *journal, uint64_t state_hash)
{
	BUG_UNLESS(3021, journal->lost || !journal->beginning);
	enum journal_verdict verdict = journal->lost ? JOURNAL_LOST : close_put(journal, state_hash);
	journal_abandon(journal);
	return verdict;
}
