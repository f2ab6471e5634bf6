/* journal.h - the desk's journal: INPUT before the step, RESULT after it, durable when it must be.
 *
 * One file of N segments behind one page. Each segment starts with who wrote it (build, settings, symbols), a SNAPSHOT of the
 * state and a CHECKPOINT of portable records, so each alone is enough to start from. JOURNAL.md gives the bytes.
 *
 * CIRCLE   every segment written with zeros at creation; the oldest is used again only when the segment after it starts with a
 *          whole snapshot and the ledger has projected all of it; else JOURNAL_FULL
 * GROW     segments are added up to segments_max; for the journal of a backtest
 *
 * A life:  journal_create or journal_reopen
 *          while journal_needs_segment: journal_segment_begin, journal_checkpoint ... the last one true
 *          journal_input, step, journal_result, journal_sync when the step adds risk; again
 *          journal_close
 * A new file gets its name with its first whole segment: it exists with something to start from, or not at all.
 *
 * Records collect in the caller's buffer and reach the file when it is full or at journal_flush and journal_sync.
 * FULL     nothing was appended, and nothing is broken: begin a segment, or wait for the ledger
 * LOST     a write or a sync failed: for ever; no retry, nothing is appended any more. The caller makes it a risk cause
 *
 * Numbers: every record has a sequence, every INPUT a number of its own; both from 1, both going on over restarts.
 * Memory: the caller's; about 9 KiB and a buffer of at least JOURNAL_BUFFER_MIN bytes. One writer. Rows X2, P15. */
#ifndef HAL_STORE_JOURNAL_H
#define HAL_STORE_JOURNAL_H
#include "hal/disk.h"
#include "hal/store/journal_format.h"

#define JOURNAL_VERDICTS(X)                                                                                  \
	X(OK, "is fine")                                                                                     \
	X(FULL, "is full: its oldest segment is not yet in the books")                                       \
	X(LOST, "could not be written: nothing is recorded any more")                                        \
	X(EXISTS, "is there already: continue it, or move it away")                                          \
	X(MISSING, "is not there")                                                                           \
	X(NO_SPACE, "does not fit on the disk: free space or choose fewer or smaller segments")              \
	X(DENIED, "may not be read or written by this user")                                                 \
	X(BUSY, "is in use by another instance")                                                             \
	X(DISK_FAILED, "could not be read or written: the disk fails")                                       \
	X(NOT_A_JOURNAL, "is not a journal of tickwork")                                                     \
	X(OTHER_FORMAT, "is a journal of another format version: use the build that wrote it")               \
	X(HEAD_DAMAGED, "is a journal whose first page is damaged")                                          \
	X(NO_SNAPSHOT, "has no segment with a whole snapshot to start from")                                 \
	X(GAP, "has a damaged segment head: records before it are out of reach")                             \
	X(GONE, "no longer has the wanted record: its segment was used again")                               \
	X(AHEAD, "ends before the wanted record")                                                            \
	X(DAMAGED, "is damaged before its end: later records exist")                                         \
	X(OTHER_BUILD, "was written by another build: its results hold, its state does not")
#define JOURNAL_VERDICT_ID(name, text) JOURNAL_##name,
enum journal_verdict { JOURNAL_VERDICTS(JOURNAL_VERDICT_ID) JOURNAL_VERDICTS_N };

/* The second half of a sentence that begins with the file's name. */
extern const char *const journal_verdict_text[JOURNAL_VERDICTS_N];
enum journal_verdict journal_verdict_of_disk(enum disk_code code);

/* Who writes, by which numbers, about which symbols. build is cut to 31 bytes. */
void journal_setup_make(struct journal_setup *setup, const char *build, const struct settings *settings);
void journal_setup_symbol(struct journal_setup *setup, const char *symbol);

/* journal_id: 48 random bits. segment_bytes: see journal_segment_bytes_min; a multiple of 4096. */
struct journal_plan { uint64_t journal_id, segment_bytes; uint32_t segments_max; enum journal_shape shape; };

/* The smallest segment for a state of this size and a checkpoint of so many events. Compile-time when its arguments are. */
static inline uint64_t journal_segment_bytes_min(uint64_t state_bytes, uint64_t checkpoint_events)
{
	uint64_t pieces = state_bytes / JOURNAL_SNAPSHOT_PIECE_BYTES + 1, results = checkpoint_events / OUTBOX_MAX + 1;
	uint64_t need = JOURNAL_PAGE_BYTES + state_bytes + pieces * 56 + checkpoint_events * EVENT_BYTES + results * 48 + 2 * JOURNAL_STEP_MAX;
	uint64_t pages = need / JOURNAL_PAGE_BYTES + 1;
	return pages * JOURNAL_PAGE_BYTES < JOURNAL_SEGMENT_BYTES_MIN ? JOURNAL_SEGMENT_BYTES_MIN : pages * JOURNAL_PAGE_BYTES;
}

/* A pointer-free state between two steps. state_bytes is a multiple of eight, not 0. input_seq is the journal's last INPUT (in the
 * first segment of a file: the number to go on from). An INPUT still open is given up by it: take its event in again as a new one. */
struct journal_snapshot { const void *state; uint64_t state_bytes, input_seq, state_hash; };

struct journal {
	struct disk                *disk;
	int32_t                     file;
	struct journal_head         head;
	struct journal_segment_head segment;
	uint8_t                    *buffer;
	size_t                      buffer_bytes, used;
	uint64_t                    at;               /* file offset of buffer[0] */
	uint64_t                    segment_end;      /* file offset */
	uint64_t                    next_seq, durable_seq, written_seq;
	uint64_t                    input_seq, result_seq;
	uint64_t                    segments_begun;   /* the number of the next segment */
	uint64_t                    first_seq[JOURNAL_CIRCLE_SEGMENTS_MAX];        /* by slot */
	enum disk_code              failure;          /* why it is LOST */
	bool                        lost, dirty, beginning, renew, working_name;
	char                        name[DISK_NAME_MAX + 1];
};

/* Makes the file under a working name (name + ".new"). What can go wrong with a disk is told here: for a circle all space is
 * taken now. After OK the first segment is due. */
enum journal_verdict journal_create(struct journal *journal, struct disk *disk, const char *name, const struct journal_plan *plan,
    const struct journal_setup *setup, void *buffer, size_t buffer_bytes);

/* Goes on after recovery: reader has read this file to its end (not DAMAGED) from its newest whole segment. What lies behind the
 * last whole record is overwritten with zeros. A segment is due when build, settings or symbols are no longer those of
 * the segment. An INPUT without its RESULT is still open: step it again, then journal_result. */
struct journal_reader;
enum journal_verdict journal_reopen(struct journal *journal, struct disk *disk, const char *name, struct journal_reader *reader,
    const struct journal_setup *setup, void *buffer, size_t buffer_bytes);

/* True when a segment must be begun before the next INPUT. */
bool journal_needs_segment(const struct journal *journal);
/* projected_seq: the ledger has every record up to it (UINT64_MAX where there is no ledger). FULL leaves everything as it was. */
enum journal_verdict journal_segment_begin(struct journal *journal, const struct journal_snapshot *snapshot, uint64_t projected_seq);
/* Portable records that rebuild the account with this segment alone, their cause the snapshot's input_seq; at least one call, the
 * last one with last: then the segment is durable. */
enum journal_verdict journal_checkpoint(struct journal *journal, const struct outbox *records, bool last);

/* Before the step. *input_seq is the number of this INPUT: the cause of all it makes. */
enum journal_verdict journal_input(struct journal *journal, const struct event *event, uint64_t *input_seq);
/* After the step: what it made. result->cause must be the last INPUT. */
enum journal_verdict journal_result(struct journal *journal, const struct outbox *result, bool with_hash, uint64_t state_hash);
/* To the file, where a reader sees it; not yet durable. */
enum journal_verdict journal_flush(struct journal *journal);
/* Durable: one write and one fdatasync, or nothing when there is nothing new. durable_seq then is the last record. */
enum journal_verdict journal_sync(struct journal *journal);
/* Says that the writer ended on purpose, in this state; durable; closes the file (in every case). FULL: durable, but the word did
 * not fit any more. */
enum journal_verdict journal_close(struct journal *journal, uint64_t state_hash);
/* Closes without a word, as a crash does: for what must be given up. A file that has no name yet is removed. */
void journal_abandon(struct journal *journal);

/* The sequence of the last record appended; 0 before the first. */
static inline uint64_t journal_last_seq(const struct journal *journal) { return journal->next_seq - 1; }

#endif
