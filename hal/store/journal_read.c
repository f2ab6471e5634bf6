/* journal_read.c - the reader of the journal: lengths and checksums first, meaning second. Contract: journal_read.h.
 *
 * Every step forward moves reader->at up or ends; a search looks at each slot or each aligned offset once. */
#include "hal/store/journal_read.h"

#define ENDING_TEXT(name, text) text,
const char *const journal_ending_text[JOURNAL_ENDINGS_N] = { JOURNAL_ENDINGS(ENDING_TEXT) };

static const uint8_t zero_page[JOURNAL_PAGE_BYTES];

/* --- bytes ---------------------------------------------------------------------------------------------------------------- */

static void window_forget(struct journal_reader *reader) { reader->window_have = 0; }

/* The bytes at offset, or null when the file ends before they do (or the disk fails). */
static const uint8_t *view(struct journal_reader *reader, uint64_t offset, size_t bytes)
{
	uint64_t skip = offset - reader->window_at;
	if (offset >= reader->window_at && skip + bytes <= reader->window_have) return reader->window + skip;
	reader->window_at = offset;
	enum disk_code code = disk_read(reader->disk, reader->file, offset, reader->window, reader->window_bytes, &reader->window_have);
	if (code != DISK_OK) reader->disk_failed = true;
	if (code != DISK_OK) window_forget(reader);
	return bytes <= reader->window_have ? reader->window : 0;
}

static bool refresh_size(struct journal_reader *reader)
{
	if (disk_size(reader->disk, reader->file, &reader->file_bytes) == DISK_OK) return true;
	reader->disk_failed = true;
	return false;
}

static bool record_head_at(struct journal_reader *reader, uint64_t at, struct journal_record_head *head)
{
	const uint8_t *bytes = view(reader, at, sizeof *head);
	if (bytes) memcpy(head, bytes, sizeof *head);
	return bytes != 0;
}

static bool record_head_ok(const struct journal_record_head *head)
{
	if (head->type == JOURNAL_END || head->type >= JOURNAL_TYPES_N) return false;
	if (head->length == 0 || head->length > JOURNAL_PAYLOAD_MAX || head->length % 8 != 0) return false;
	return journal_head_checksum(head) == head->head_checksum;
}

/* --- the first page ------------------------------------------------------------------------------------------------------- */

static bool head_in_bounds(const struct journal_head *head)
{
	uint32_t segments_most = head->shape == JOURNAL_CIRCLE ? JOURNAL_CIRCLE_SEGMENTS_MAX : JOURNAL_GROW_SEGMENTS_MAX;
	if (head->shape >= JOURNAL_SHAPES_N || head->segments_max < 2 || head->segments_max > segments_most) return false;
	if (head->segment_bytes < JOURNAL_SEGMENT_BYTES_MIN || head->segment_bytes > JOURNAL_SEGMENT_BYTES_MAX) return false;
	return head->segment_bytes % JOURNAL_PAGE_BYTES == 0;
}

static enum journal_verdict head_read(struct journal_reader *reader)
{
	const size_t magic_bytes = sizeof reader->head.magic;
	size_t       got;
	enum disk_code code = disk_read(reader->disk, reader->file, 0, &reader->head, sizeof reader->head, &got);
	if (code != DISK_OK) return JOURNAL_DISK_FAILED;
	if (got < magic_bytes || memcmp(reader->head.magic, JOURNAL_MAGIC, magic_bytes) != 0) return JOURNAL_NOT_A_JOURNAL;
	if (got < sizeof reader->head || journal_page_checksum(&reader->head) != reader->head.checksum) return JOURNAL_HEAD_DAMAGED;
	if (reader->head.format != JOURNAL_FORMAT) return JOURNAL_OTHER_FORMAT;
	return head_in_bounds(&reader->head) ? JOURNAL_OK : JOURNAL_HEAD_DAMAGED;
}

enum journal_verdict journal_read_open(struct journal_reader *reader, struct disk *disk, const char *name, void *window, size_t window_bytes)
{
	memset(reader, 0, sizeof *reader);
	BUG_UNLESS(3040, window_bytes >= JOURNAL_WINDOW_MIN);
	reader->disk = disk;
	reader->window = window;
	reader->window_bytes = window_bytes;
	reader->seq_max = UINT64_MAX;
	enum disk_code code = disk_open(disk, name, DISK_READ, &reader->file);
	if (code != DISK_OK) return journal_verdict_of_disk(code);
	enum journal_verdict verdict = head_read(reader);
	if (verdict == JOURNAL_OK && !refresh_size(reader)) verdict = JOURNAL_DISK_FAILED;
	if (verdict != JOURNAL_OK) journal_read_close(reader);
	return verdict;
}

void journal_read_close(struct journal_reader *reader)
{
	disk_close(reader->disk, reader->file);
	reader->file = -1;
}

/* --- segments ------------------------------------------------------------------------------------------------------------- */

enum slot { SLOT_EMPTY, SLOT_OURS, SLOT_OLDER, SLOT_SPOILT, SLOT_BEYOND };

static bool segment_head_ok(const struct journal_reader *reader, const struct journal_segment_head *segment)
{
	if (memcmp(segment->magic, JOURNAL_SEGMENT_MAGIC, sizeof segment->magic) != 0) return false;
	if (journal_page_checksum(segment) != segment->checksum || segment->journal_id != reader->head.journal_id) return false;
	if (segment->setup.settings_n > JOURNAL_SETTINGS_MAX || segment->setup.symbols_n > JOURNAL_SYMBOLS_MAX) return false;
	for (uint32_t kind = 0; kind < JOURNAL_KINDS_MAX; kind++) {
		if (segment->setup.kind_bytes[kind] > EVENT_PAYLOAD_MAX) return false;
	}
	return segment->first_seq > 0;
}

/* What lies in the slot of this segment number; its head is left in probe. */
static enum slot slot_read(struct journal_reader *reader, uint64_t number)
{
	struct journal_segment_head *probe = &reader->probe;
	uint64_t                     at = journal_slot_at(&reader->head, number);
	size_t                       got;
	if (reader->head.shape == JOURNAL_GROW && number >= reader->head.segments_max) return SLOT_BEYOND;
	if (disk_read(reader->disk, reader->file, at, probe, sizeof *probe, &got) != DISK_OK) {
		reader->disk_failed = true;
		return SLOT_SPOILT;
	}
	if (got == 0) return SLOT_BEYOND;
	if (memcmp(probe, zero_page, got) == 0) return SLOT_EMPTY;
	if (got < sizeof *probe || !segment_head_ok(reader, probe)) return SLOT_SPOILT;
	if (probe->number == number) return SLOT_OURS;
	return probe->number + reader->head.segments_max == number ? SLOT_OLDER : SLOT_SPOILT;
}

/* Goes to the start of the segment whose head is in probe. */
static void segment_enter(struct journal_reader *reader)
{
	uint64_t slot_at = journal_slot_at(&reader->head, reader->probe.number);
	reader->segment = reader->probe;
	reader->at = slot_at + JOURNAL_PAGE_BYTES;
	reader->segment_end = slot_at + reader->head.segment_bytes;
	reader->next_seq = reader->segment.first_seq;
	reader->state_next = reader->state_bytes = 0;
	reader->segment_whole = false;
	reader->closed = false;
}

/* --- how it ended --------------------------------------------------------------------------------------------------------- */

/* The first word of 8 bytes in [at, end) that is not zero, or that cannot be read; end when there is none. */
static uint64_t skip_zeros(struct journal_reader *reader, uint64_t at, uint64_t end)
{
	uint64_t word = 0;
	while (at < end) {
		const uint8_t *bytes = view(reader, at, sizeof word);
		if (!bytes) return at;
		uint64_t have = reader->window_have - (at - reader->window_at), words = (have < end - at ? have : end - at) / sizeof word;
		for (uint64_t i = 0; i < words; i++, at += sizeof word) {
			memcpy(&word, bytes + i * sizeof word, sizeof word);
			if (word != 0) return at;
		}
	}
	return end;
}

/* Whether a record in [at, end) testifies that the record of this sequence was durable. No record begins with a word of zeros. */
static bool testified(struct journal_reader *reader, uint64_t at, uint64_t end, uint64_t seq)
{
	struct journal_record_head head;
	_Static_assert(offsetof(struct journal_record_head, length) == 0, "a record begins with its length, which is not 0");
	if (!refresh_size(reader)) return false;
	if (end > reader->file_bytes) end = reader->file_bytes;
	for (; (at = skip_zeros(reader, at, end)) + sizeof head <= end; at += 8) {
		if (!record_head_at(reader, at, &head)) return false;
		if (head.seq <= seq || head.unsynced == JOURNAL_UNSYNCED_MAX || head.seq - head.unsynced < seq) continue;
		if (head.seq - seq <= reader->head.segment_bytes && record_head_ok(&head)) return true;
	}
	return false;
}

static bool next_segment_testifies(struct journal_reader *reader)
{
	return slot_read(reader, reader->segment.number + 1) == SLOT_OURS && reader->probe.first_seq > reader->next_seq;
}

static enum journal_type ended(struct journal_reader *reader, enum journal_ending end)
{
	window_forget(reader);
	reader->end = reader->disk_failed ? JOURNAL_ENDED_FAILED : end;
	reader->disk_failed = false;
	return JOURNAL_END;
}

/* The bytes at reader->at are not the record that should be there. */
static enum journal_type ended_broken(struct journal_reader *reader)
{
	bool later = testified(reader, reader->at, reader->segment_end, reader->next_seq) || next_segment_testifies(reader);
	return ended(reader, later ? JOURNAL_ENDED_DAMAGED : JOURNAL_ENDED_CUT);
}

/* Nothing follows. A circle has its full size from its first day: a shorter file lost what may have followed. */
static enum journal_type ended_whole(struct journal_reader *reader)
{
	const struct journal_head *head = &reader->head;
	if (reader->closed) return ended(reader, JOURNAL_ENDED_CLOSED);
	bool shorter = head->shape == JOURNAL_CIRCLE && refresh_size(reader) &&
	               reader->file_bytes < JOURNAL_PAGE_BYTES + head->segments_max * head->segment_bytes;
	return ended(reader, shorter ? JOURNAL_ENDED_CUT : JOURNAL_ENDED_OPEN);
}

/* A head that is no head: torn while the segment began, or spoilt later. */
static enum journal_type ended_at_slot(struct journal_reader *reader, uint64_t number)
{
	uint64_t slot_at = journal_slot_at(&reader->head, number);
	bool     later = testified(reader, slot_at, slot_at + reader->head.segment_bytes, reader->next_seq);
	return ended(reader, later ? JOURNAL_ENDED_DAMAGED : JOURNAL_ENDED_CUT);
}

/* Whether the segment in probe starts with a whole SNAPSHOT and CHECKPOINT; the reader stays where it is. */
static bool segment_is_whole(struct journal_reader *reader)
{
	struct journal_reader ahead = *reader;
	struct journal_record record;
	ahead.started = false;
	ahead.seq_max = UINT64_MAX;
	segment_enter(&ahead);
	while (!ahead.segment_whole && journal_read_next(&ahead, &record) != JOURNAL_END) continue;
	reader->disk_failed = reader->disk_failed || (!ahead.segment_whole && ahead.end == JOURNAL_ENDED_FAILED);
	window_forget(reader);
	return ahead.segment_whole;
}

/* This segment has no further record: goes on in the next one (true), or ends. One that is not whole is never entered: what it
 * would start from is still here. */
static bool segment_next(struct journal_reader *reader)
{
	uint64_t number = reader->segment.number + 1;
	switch (slot_read(reader, number)) {
	case SLOT_OURS:
		if (reader->probe.first_seq > reader->next_seq) ended(reader, JOURNAL_ENDED_DAMAGED);
		else if (reader->probe.first_seq < reader->next_seq) ended_whole(reader);
		else if (!segment_is_whole(reader)) ended_at_slot(reader, number);
		else break;
		return false;
	case SLOT_SPOILT: ended_at_slot(reader, number); return false;
	case SLOT_EMPTY:
	case SLOT_OLDER:
	case SLOT_BEYOND: ended_whole(reader); return false;
	}
	segment_enter(reader);
	return true;
}

/* --- what a payload means ------------------------------------------------------------------------------------------------- */

static bool event_at(const uint8_t *kind_bytes, const uint8_t *at, size_t left, size_t *bytes)
{
	uint16_t kind;
	if (left < EVENT_HEAD_BYTES) return false;
	memcpy(&kind, at + offsetof(struct event, kind), sizeof kind);
	if (kind >= JOURNAL_KINDS_MAX || kind_bytes[kind] == 0) return false;
	*bytes = (size_t)EVENT_HEAD_BYTES + kind_bytes[kind];
	return *bytes <= left;
}

static bool events_ok(const struct journal_record *record)
{
	size_t at = 0, bytes;
	if (record->count > OUTBOX_MAX) return false;
	for (uint32_t i = 0; i < record->count; i++) {
		if (!event_at(record->kind_bytes, record->bytes + at, record->bytes_n - at, &bytes)) return false;
		at += bytes;
	}
	return at == record->bytes_n;
}

/* Cuts the fixed part off the front of a record's bytes. */
static bool take(struct journal_record *record, void *into, uint32_t bytes)
{
	if (record->bytes_n < bytes) return false;
	memcpy(into, record->bytes, bytes);
	record->bytes += bytes;
	record->bytes_n -= bytes;
	return true;
}

static bool input_parse(struct journal_reader *reader, struct journal_record *record)
{
	if (!take(record, &record->input_seq, sizeof record->input_seq)) return false;
	record->count = 1;
	if (!events_ok(record) || !reader->segment_whole) return false;
	if (record->input_seq != reader->input_seq + 1 || journal_input_open(reader)) return false;
	reader->input_seq = record->input_seq;
	return true;
}

static bool result_parse(struct journal_reader *reader, struct journal_record *record)
{
	struct journal_result_head head;
	if (!take(record, &head, sizeof head)) return false;
	record->input_seq = head.input_seq;
	record->count = head.count;
	record->state_hash = head.state_hash;
	record->hashed = head.flags & JOURNAL_RESULT_HASHED;
	record->last = head.flags & JOURNAL_RESULT_LAST;
	if (!events_ok(record) || record->input_seq != reader->input_seq) return false;
	if (record->type == JOURNAL_CHECKPOINT) {
		if (reader->state_next == 0 || reader->state_next != reader->state_bytes || reader->segment_whole) return false;
		reader->segment_whole = record->last;
		return true;
	}
	if (!reader->segment_whole || !journal_input_open(reader)) return false;
	reader->result_seq = reader->input_seq;
	return true;
}

static bool snapshot_parse(struct journal_reader *reader, struct journal_record *record)
{
	struct journal_snapshot_head head;
	if (!take(record, &head, sizeof head)) return false;
	record->input_seq = head.input_seq;
	record->state_hash = head.state_hash;
	record->state_bytes = head.state_bytes;
	record->offset = head.offset;
	if (reader->segment_whole || head.offset != reader->state_next || record->bytes_n == 0) return false;
	if (head.offset >= head.state_bytes || record->bytes_n > head.state_bytes - head.offset) return false;
	if (reader->started && head.input_seq != reader->input_seq) return false;
	if (head.offset == 0) {
		reader->state_bytes = head.state_bytes;
		reader->state_hash = head.state_hash;
	}
	if (head.state_bytes != reader->state_bytes || head.state_hash != reader->state_hash) return false;
	reader->input_seq = reader->result_seq = head.input_seq;
	reader->started = true;
	reader->state_next += record->bytes_n;
	return true;
}

static bool close_parse(struct journal_reader *reader, struct journal_record *record)
{
	struct journal_close words;
	if (!take(record, &words, sizeof words) || record->bytes_n != 0) return false;
	record->input_seq = words.input_seq;
	record->state_hash = reader->close_state_hash = words.state_hash;
	return reader->segment_whole && words.input_seq == reader->input_seq;
}

static bool parse(struct journal_reader *reader, struct journal_record *record)
{
	reader->closed = record->type == JOURNAL_CLOSE;
	switch (record->type) {
	case JOURNAL_INPUT: return input_parse(reader, record);
	case JOURNAL_RESULT:
	case JOURNAL_CHECKPOINT: return result_parse(reader, record);
	case JOURNAL_SNAPSHOT: return snapshot_parse(reader, record);
	case JOURNAL_CLOSE: return close_parse(reader, record);
	case JOURNAL_END:
	case JOURNAL_TYPES_N: break;
	}
	return false;
}

/* --- one record ------------------------------------------------------------------------------------------------------------ */

enum next { NEXT_RECORD, NEXT_NOTHING, NEXT_BROKEN };

/* What lies at reader->at, by its first bytes. A record of another sequence is left over from an older lap, or out of place. */
static enum next next_head(struct journal_reader *reader, struct journal_record_head *head)
{
	if (reader->at + sizeof *head > reader->segment_end) return NEXT_NOTHING;
	if (!record_head_at(reader, reader->at, head)) {
		return reader->closed && refresh_size(reader) && reader->file_bytes == reader->at ? NEXT_NOTHING : NEXT_BROKEN;
	}
	if (memcmp(head, zero_page, sizeof *head) == 0) return NEXT_NOTHING;
	if (!record_head_ok(head)) return NEXT_BROKEN;
	bool fits = reader->at + sizeof *head + head->length <= reader->segment_end;
	return fits && head->seq == reader->next_seq ? NEXT_RECORD : NEXT_BROKEN;
}

enum journal_type journal_read_next(struct journal_reader *reader, struct journal_record *record)
{
	struct journal_record_head head;
	if (reader->next_seq > reader->seq_max) return ended_whole(reader);
	enum next next = next_head(reader, &head);
	if (next == NEXT_NOTHING && reader->segment_whole) {
		if (!segment_next(reader)) return JOURNAL_END;
		next = next_head(reader, &head);
	}
	if (next != NEXT_RECORD) return ended_broken(reader);
	const uint8_t *payload = view(reader, reader->at, sizeof head + head.length);
	if (!payload || crc32c(payload + sizeof head, head.length) != head.payload_checksum) return ended_broken(reader);
	*record = (struct journal_record){ .type = (enum journal_type)head.type, .seq = head.seq, .at = reader->at,
		.bytes = payload + sizeof head, .bytes_n = head.length, .kind_bytes = reader->segment.setup.kind_bytes };
	if (!parse(reader, record)) return ended(reader, JOURNAL_ENDED_DAMAGED);
	reader->at += sizeof head + head.length;
	reader->next_seq++;
	return record->type;
}

/* Whoever writes meanwhile can make DAMAGED only of an older look: a record that testifies was made after the one at reader->at was
 * whole and durable, and a later segment begins after the one before it is. So what was missing is there at a second look, or is lost. */
enum journal_type journal_read_live(struct journal_reader *reader, struct journal_record *record)
{
	enum journal_type type = journal_read_next(reader, record);
	return type == JOURNAL_END && reader->end == JOURNAL_ENDED_DAMAGED ? journal_read_next(reader, record) : type;
}

bool journal_event_next(struct journal_record *record, struct event *event)
{
	size_t bytes;
	bool   has_events = record->type == JOURNAL_INPUT || record->type == JOURNAL_RESULT || record->type == JOURNAL_CHECKPOINT;
	if (!has_events || record->count == 0) return false;
	bool is_whole = event_at(record->kind_bytes, record->bytes, record->bytes_n, &bytes);
	BUG_UNLESS(4700, is_whole);        /* the reader has looked at each before it gave the record out */
	memset(event, 0, sizeof *event);
	memcpy(event, record->bytes, bytes);
	record->bytes += bytes;
	record->bytes_n -= (uint32_t)bytes;
	record->count--;
	return true;
}

bool journal_result_same(const struct journal_record *record, const struct outbox *result)
{
	const uint8_t *at = record->bytes;
	size_t         left = record->bytes_n;
	if (record->input_seq != result->cause || record->count != result->count) return false;
	for (uint32_t i = 0; i < result->count; i++) {
		const struct event *event = &result->event[i];
		BUG_UNLESS(3041, event->kind < EVENT_KINDS_N);
		size_t bytes = (size_t)EVENT_HEAD_BYTES + event_payload_bytes[event->kind];
		if (bytes > left || memcmp(at, event, bytes) != 0) return false;
		at += bytes;
		left -= bytes;
	}
	return left == 0;
}

/* --- seeking --------------------------------------------------------------------------------------------------------------- */

/* One more than the highest segment number that any slot holds; 0 when none does. */
static uint64_t numbers_end(struct journal_reader *reader)
{
	uint64_t slots = (reader->file_bytes + reader->head.segment_bytes - JOURNAL_PAGE_BYTES) / reader->head.segment_bytes, end = 0;
	if (slots > reader->head.segments_max) slots = reader->head.segments_max;
	for (uint64_t slot = 0; slot < slots; slot++) {
		(void)slot_read(reader, slot);
		const struct journal_segment_head *probe = &reader->probe;
		bool here = segment_head_ok(reader, probe) && probe->number % reader->head.segments_max == slot;
		if (here && probe->number < UINT64_MAX / 2 && probe->number + 1 > end) end = probe->number + 1;
	}
	return end;
}

/* A failure of the disk on the way outweighs what was found. */
static enum journal_verdict verdict_or_disk(struct journal_reader *reader, enum journal_verdict verdict)
{
	bool failed = reader->disk_failed;
	window_forget(reader);
	reader->disk_failed = false;
	return failed ? JOURNAL_DISK_FAILED : verdict;
}

enum journal_verdict journal_seek_newest(struct journal_reader *reader)
{
	if (!refresh_size(reader)) return verdict_or_disk(reader, JOURNAL_DISK_FAILED);
	uint64_t end = numbers_end(reader);
	uint64_t oldest = end > reader->head.segments_max ? end - reader->head.segments_max : 0;
	for (uint64_t number = end; number-- > oldest;) {
		if (slot_read(reader, number) != SLOT_OURS || !segment_is_whole(reader)) continue;
		reader->started = false;
		segment_enter(reader);
		return JOURNAL_OK;
	}
	return verdict_or_disk(reader, JOURNAL_NO_SNAPSHOT);
}

/* From the newest back as far as heads are whole and follow one another. The slot after the newest may hold the start of a new
 * segment instead of the oldest one: that is no gap. */
enum journal_verdict journal_seek_oldest(struct journal_reader *reader)
{
	enum journal_verdict verdict = journal_seek_newest(reader);
	if (verdict != JOURNAL_OK) return verdict;
	uint64_t newest = reader->segment.number, number = newest, slots = reader->head.segments_max;
	uint64_t expected = newest + 2 > slots ? newest + 2 - slots : 0;
	while (number > 0 && number + slots > newest + 1 && slot_read(reader, number - 1) == SLOT_OURS) number--;
	(void)slot_read(reader, number);
	segment_enter(reader);
	return verdict_or_disk(reader, number > expected ? JOURNAL_GAP : JOURNAL_OK);
}

/* In the segment where it must lie: the last one that starts at or before it. */
enum journal_verdict journal_seek_after(struct journal_reader *reader, uint64_t seq)
{
	struct journal_record record;
	enum journal_verdict  verdict = journal_seek_newest(reader);
	if (verdict != JOURNAL_OK) return verdict;
	uint64_t number = reader->segment.number, seq_max = reader->seq_max;
	while (reader->segment.first_seq - 1 > seq) {
		if (number == 0 || slot_read(reader, --number) != SLOT_OURS) return verdict_or_disk(reader, JOURNAL_GONE);
		segment_enter(reader);
	}
	reader->seq_max = seq;
	while (journal_read_next(reader, &record) != JOURNAL_END) continue;
	reader->seq_max = seq_max;
	if (reader->end == JOURNAL_ENDED_FAILED) return JOURNAL_DISK_FAILED;
	if (reader->next_seq == seq + 1) return JOURNAL_OK;
	return reader->end == JOURNAL_ENDED_DAMAGED ? JOURNAL_DAMAGED : JOURNAL_AHEAD;
}

/* The last INPUT before the segment in probe, as its first record says; the reader stays where it is. */
static bool segment_begins_after(struct journal_reader *reader, uint64_t *input_seq)
{
	struct journal_reader ahead = *reader;
	struct journal_record record;
	ahead.seq_max = UINT64_MAX;
	segment_enter(&ahead);
	bool found = journal_read_next(&ahead, &record) == JOURNAL_SNAPSHOT;
	reader->disk_failed = reader->disk_failed || (!found && ahead.end == JOURNAL_ENDED_FAILED);
	window_forget(reader);
	if (found) *input_seq = record.input_seq;
	return found;
}

enum journal_verdict journal_seek_input(struct journal_reader *reader, uint64_t input_seq)
{
	enum journal_verdict verdict = journal_seek_newest(reader);
	if (verdict != JOURNAL_OK) return verdict;
	uint64_t before = 0, number = reader->segment.number;
	while (slot_read(reader, number) == SLOT_OURS && segment_begins_after(reader, &before)) {
		segment_enter(reader);
		if (before < input_seq) return JOURNAL_OK;
		if (number-- == 0) break;
	}
	return verdict_or_disk(reader, JOURNAL_GONE);
}

enum journal_verdict journal_read_state(struct journal_reader *reader, void *state, uint64_t state_bytes, struct journal_record *snapshot)
{
	uint64_t have = 0;
	do {
		if (journal_read_next(reader, snapshot) != JOURNAL_SNAPSHOT) {
			return reader->end == JOURNAL_ENDED_FAILED ? JOURNAL_DISK_FAILED : JOURNAL_DAMAGED;
		}
		if (snapshot->state_bytes != state_bytes) return JOURNAL_OTHER_BUILD;
		memcpy((uint8_t *)state + snapshot->offset, snapshot->bytes, snapshot->bytes_n);
		have = snapshot->offset + snapshot->bytes_n;
	} while (have < state_bytes);
	return JOURNAL_OK;
}

/* --- behind the end -------------------------------------------------------------------------------------------------------- */

/* A segment whose head is lost counts as starting with the one after it: its records are held back a little longer. */
static void first_seqs(struct journal_reader *reader, struct journal_rest *rest)
{
	uint64_t newest = reader->segment.number, slots = reader->head.segments_max, first_seq = reader->segment.first_seq;
	uint64_t oldest = newest + 1 > slots ? newest + 1 - slots : 0;
	if (reader->head.shape == JOURNAL_GROW) return;
	for (uint64_t number = newest + 1; number-- > oldest;) {
		if (slot_read(reader, number) == SLOT_OURS) first_seq = reader->probe.first_seq;
		rest->first_seq[number % slots] = first_seq;
	}
}

/* Where the last word in [at, end) that is not zero ends, or at; end when the file does not reach so far. */
static uint64_t left_to(struct journal_reader *reader, uint64_t at, uint64_t end)
{
	uint64_t left = at;
	if (end > reader->file_bytes) return end;
	while (!reader->disk_failed && (at = skip_zeros(reader, at, end)) < end) left = at += 8;
	return left;
}

enum journal_verdict journal_read_rest(struct journal_reader *reader, struct journal_rest *rest)
{
	uint64_t next_at = journal_slot_at(&reader->head, reader->segment.number + 1);
	*rest = (struct journal_rest){ .file_bytes = 0 };
	if (!refresh_size(reader)) return verdict_or_disk(reader, JOURNAL_DISK_FAILED);
	if (reader->end == JOURNAL_ENDED_FAILED) return JOURNAL_DISK_FAILED;
	if (reader->end == JOURNAL_ENDED_DAMAGED) return JOURNAL_DAMAGED;
	if (!reader->segment_whole) return JOURNAL_NO_SNAPSHOT;
	enum slot next = slot_read(reader, reader->segment.number + 1);
	rest->file_bytes = reader->file_bytes;
	rest->next_slot_spoilt = next == SLOT_SPOILT || next == SLOT_OURS;
	rest->left_to = left_to(reader, reader->at, reader->segment_end);
	bool later = testified(reader, reader->at, rest->left_to, reader->next_seq) ||
	             (next != SLOT_OLDER && next != SLOT_BEYOND &&
	                 testified(reader, next_at, next_at + reader->head.segment_bytes, reader->next_seq));
	first_seqs(reader, rest);
	return verdict_or_disk(reader, later ? JOURNAL_DAMAGED : JOURNAL_OK);
}
