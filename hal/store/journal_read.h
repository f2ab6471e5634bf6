/* journal_read.h - reads a journal: for recovery, for the ledger's cursor, for `tickwork replay`.
 *
 *   journal_read_open    is it a journal, of a format this build knows
 *   journal_seek_newest  recovery: the newest segment that starts with a whole snapshot
 *   journal_seek_oldest  everything that is retained
 *   journal_seek_after   the first record after a sequence
 *   journal_seek_input   the ledger: the segment that holds its cursor's INPUT and all after it
 *   journal_read_next    one record; JOURNAL_END, and reader->end says how it ended
 *   journal_read_live    the same of a journal that another process is writing at this moment
 *
 * How it can end: no byte of what follows is believed, and reader->at is where it happened.
 *   CLOSED    the writer said that it ended on purpose
 *   OPEN      the last record is whole and nothing follows: the writer is alive, or was killed between writes
 *   CUT       a record (or the start of a segment) is not whole and nothing proves a later one: the end of a power cut
 *   DAMAGED   the same, but a later record testifies that this one was durable: the disk lost it, or someone changed it
 *   FAILED    the disk could not be read
 * An INPUT without its RESULT is open (journal_input_open): the desk steps it again. A SNAPSHOT after an open INPUT gave it up.
 *
 * The end is not sticky: a reader of a living journal calls journal_read_live again later and takes CUT for `not yet`.
 * seq_max bounds what is handed out: the ledger sets it to what the writer says is durable, so that books never know more
 * than the journal after a power cut.
 *
 * Records of another build: their bytes are told apart by that build's own table of kinds in the segment head; an event's kind may
 * then be one that this build does not know. Nothing in a file can make the reader trap or run for ever.
 *
 * Memory: the caller's; about 13 KiB and a window of at least JOURNAL_WINDOW_MIN bytes. A record points into the window and
 * holds until the next call. Rows X2, P15. */
#ifndef HAL_STORE_JOURNAL_READ_H
#define HAL_STORE_JOURNAL_READ_H
#include "hal/store/journal.h"

enum { JOURNAL_WINDOW_MIN = JOURNAL_RECORD_MAX };

#define JOURNAL_ENDINGS(X)                                                                        \
	X(CLOSED, "closed by its writer") X(OPEN, "not closed by its writer")                     \
	X(CUT, "cut in the middle of a record") X(DAMAGED, "damaged: later records exist")        \
	X(FAILED, "not readable: the disk fails")
#define JOURNAL_ENDING_ID(name, text) JOURNAL_ENDED_##name,
enum journal_ending { JOURNAL_ENDINGS(JOURNAL_ENDING_ID) JOURNAL_ENDINGS_N };

struct journal_reader {
	struct disk                *disk;
	int32_t                     file;
	struct journal_head         head;
	struct journal_segment_head segment;        /* of the segment being read */
	struct journal_segment_head probe;
	uint8_t                    *window;
	size_t                      window_bytes, window_have;
	uint64_t                    window_at, file_bytes;
	uint64_t                    at, segment_end, next_seq, seq_max;
	uint64_t                    input_seq, result_seq;        /* the last INPUT and RESULT seen, or what the snapshot says */
	uint64_t                    state_next, state_bytes, state_hash;        /* of the snapshot: bytes seen so far, and all */
	enum journal_ending         end;
	bool                        segment_whole, started, closed, disk_failed;
	uint64_t                    close_state_hash;
};

/* One record. Where a field does not belong to the type it is zero. */
struct journal_record {
	enum journal_type type;
	uint64_t          seq, at;                 /* its sequence and its place in the file, for messages */
	uint64_t          input_seq;
	uint64_t          state_hash;              /* RESULT (when hashed), SNAPSHOT, CLOSE */
	uint64_t          state_bytes, offset;     /* SNAPSHOT: this piece of the state */
	const uint8_t    *bytes;                   /* SNAPSHOT: the piece; else the events as stored */
	uint32_t          bytes_n, count;          /* count: events left to journal_event_next */
	bool              hashed, last;            /* RESULT; CHECKPOINT: the last one of its segment */
	const uint8_t    *kind_bytes;
};

/* JOURNAL_OK, MISSING, DENIED, NOT_A_JOURNAL, OTHER_FORMAT, HEAD_DAMAGED, DISK_FAILED. Only after OK journal_read_close is due. */
enum journal_verdict journal_read_open(struct journal_reader *reader, struct disk *disk, const char *name, void *window, size_t window_bytes);
void                 journal_read_close(struct journal_reader *reader);

/* OK, NO_SNAPSHOT, DISK_FAILED. The next record is the segment's SNAPSHOT. */
enum journal_verdict journal_seek_newest(struct journal_reader *reader);
/* OK; GAP when a segment that should be there is not readable: reading starts after it; NO_SNAPSHOT, DISK_FAILED. */
enum journal_verdict journal_seek_oldest(struct journal_reader *reader);
/* The next record is the one after seq. OK; GONE when it is no longer retained; AHEAD when the journal ends before seq. */
enum journal_verdict journal_seek_after(struct journal_reader *reader, uint64_t seq);

/* In the newest segment that begins before this INPUT: the next record is its SNAPSHOT. GONE when the INPUT is no longer retained: the
 * reader then stands at the oldest segment there is. An INPUT that is not written yet is looked for in the newest. Else OK, NO_SNAPSHOT,
 * DISK_FAILED. */
enum journal_verdict journal_seek_input(struct journal_reader *reader, uint64_t input_seq);

enum journal_type journal_read_next(struct journal_reader *reader, struct journal_record *record);
/* Beside a living writer: never DAMAGED because of a write that happens meanwhile. */
enum journal_type journal_read_live(struct journal_reader *reader, struct journal_record *record);
/* The next event of an INPUT, RESULT or CHECKPOINT, whole again; false when there is none left. */
bool journal_event_next(struct journal_record *record, struct event *event);
/* The state of the segment just sought, into the caller's memory: OK; OTHER_BUILD when its size is another; DAMAGED, DISK_FAILED. */
enum journal_verdict journal_read_state(struct journal_reader *reader, void *state, uint64_t state_bytes, struct journal_record *snapshot);

/* True when a RESULT holds exactly the events of this outbox, byte for byte; call it before journal_event_next. */
bool journal_result_same(const struct journal_record *record, const struct outbox *result);

static inline bool journal_input_open(const struct journal_reader *reader) { return reader->input_seq != reader->result_seq; }

/* Written by the same build, settings and symbols: its INPUTs may be stepped again and must give the same RESULTs. */
static inline bool journal_same_setup(const struct journal_reader *reader, const struct journal_setup *setup)
{
	return memcmp(&reader->segment.setup, setup, sizeof *setup) == 0;
}

extern const char *const journal_ending_text[JOURNAL_ENDINGS_N];

/* For journal_reopen: what lies behind the end of a reader. left_to: from there to the end of the segment all is zero. first_seq: of the retained segments,
 * by slot. */
struct journal_rest { uint64_t file_bytes, left_to, first_seq[JOURNAL_CIRCLE_SEGMENTS_MAX]; bool next_slot_spoilt; };
/* OK; DAMAGED when the reader ended DAMAGED or a durable record lies behind its end; NO_SNAPSHOT; DISK_FAILED. */
enum journal_verdict journal_read_rest(struct journal_reader *reader, struct journal_rest *rest);

#endif
