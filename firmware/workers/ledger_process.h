/* ledger_process.h - the ledger in a process of its own: books that follow the desk's journal, and the copy of them for people.
 *
 * The desk lives elsewhere. What the books take is the journal's file, read while the desk appends to it: whole records only, so books
 * never know what a killed desk could forget; before each commit of durable books the file is made durable, so they never know what a
 * power cut could take from it. CHANNEL_results says that there is something new; what it holds is in the journal and is let go at once, so
 * a channel that ran full, a ledger that was held down, and a restart are one case: go on reading from the cursor.
 *
 * CHANNEL_market_ledger brings quarantines, which the journal does not have. They are booked where their market time belongs between the
 * journal's inputs, and let go when they are committed: a kill repeats them, and the same one twice is one row.
 *
 * A turn is bounded: events_max events and the rest of the last record, one commit, one step of the copy. It never waits but for the disk.
 * After each commit, at the latest a second or LEDGER_BATCH_MAX events after the first event in it:
 *     progress_ledger.input_seq    the last INPUT that the books have whole
 *     *projected_seq               the last record of the journal up to which that is so: its segments may be used again up to here
 *     (an INPUT without output moves neither by itself, but at least every LEDGER_BATCH_MAX INPUTs both go on)
 * Nobody waits for this process. Held down or dead it stops both figures, and the channels run full, which their producers count.
 *
 * What goes wrong (full disk, damaged books or journal) undoes the batch, is said in ledger_process_sentence and tried again every
 * second from the cursor. An INPUT of the cursor that is no longer retained (books.db lost or older than the journal) is a gap: the books go
 * on with what the oldest segment says of the account.
 *
 * HOME/books-copy.db   for the sqlite3 shell while we run: made at the start, every CFG_books_copy_s and at the end, by bounded steps. A copy that
 *                      fails is counted and said; the books go on.
 *
 * Memory: the caller's, in BOOT; about 5 MB, SQLite's heap included. One a process. Rows O1, P4, P6; comes back by CURSOR. */
#ifndef FIRMWARE_WORKERS_LEDGER_PROCESS_H
#define FIRMWARE_WORKERS_LEDGER_PROCESS_H
#include "firmware/memory_map.h"
#include "firmware/workers/ledger.h"
#include "hal/linux/disk.h"
#include "hal/store/journal_read.h"

enum {
	LEDGER_WINDOW_BYTES = 2 * JOURNAL_WINDOW_MIN,
	LEDGER_COPY_PAGES = 64,                         /* a step of the copy: 256 KiB */
	LEDGER_CLOSE_EVENTS = 65536,                    /* a turn of the last ones */
};
_Static_assert(LEDGER_BATCH_MAX * (2 * JOURNAL_RECORD_HEAD_BYTES + JOURNAL_INPUT_MAX + 24) <= CFG_journal_segment_kib * 1024 / 2,
    "INPUTs that tell the books nothing would hold the journal's circle: raise journal_segment_kib");
#define LEDGER_KEEP_NS NS_PER_S                     /* a commit at the latest so long after its first event */
#define LEDGER_RETRY_NS NS_PER_S                    /* after a failure */
#define LEDGER_LOOK_NS (NS_PER_S / 5)               /* into the journal, unannounced: INPUTs that told the books nothing */
#define LEDGER_UNFINISHED_NS (NS_PER_S / 50)        /* for what is announced, or begun, and not yet whole in the file */

struct ledger_process_config {
	const char        *home;                /* exists */
	struct memory_map *map;
	uint64_t           journal_id;          /* of HOME/journal, which may come later */
	int64_t            initial_usd_e8;
	uint64_t          *projected_seq;       /* in a region that the ledger writes; 0: nobody asks */
	bool               durable;             /* false in virtual time: no fsync, the journal can be run again */
	enum trade_mode    mode;
};

struct ledger_process {
	struct ledger          ledger;
	struct memory_map     *map;
	uint64_t               journal_id, *projected_seq;
	struct channel         results, market;
	struct channel_cursor  market_next;         /* read so far; the shared one follows the commits */
	struct disk_linux      disk;
	struct journal_reader  reader;
	bool                   is_attached;         /* the reader is open and stands behind what the books have */
	bool                   is_whole;            /* the last turn read to the journal's end */
	bool                   is_closing;          /* nothing is put off any more */
	bool                   is_absent;           /* there is no journal yet */
	bool                   from_checkpoint;     /* a gap: this segment's own account is booked */
	uint16_t               checkpoint_index;
	uint64_t               heard_input, looked_input;        /* the newest announced; the one of the last look into the journal */
	uint64_t               full_seen;           /* announcements lost */
	uint64_t               stepped_seq, published_seq;        /* the last record that told the books something */
	uint64_t               events, turns, attachments, gaps, keeps, copies, copies_failed;
	int64_t                now_ns, look_ns, retry_ns, keep_ns, copy_ns;
	struct books_copy      copy;
	char                   copy_path[FILES_PATH_MAX];
	char                   sentence[BOOKS_SENTENCE_MAX];        /* of the journal or the copy; the ledger has its own */
	_Alignas(16) uint8_t   heap[CFG_ledger_heap_kib * 1024];
	uint8_t                window[LEDGER_WINDOW_BYTES];
};

/* BOOT: opens the books, not yet the journal. False: the sentence says why, nothing stays open. */
bool ledger_process_open(struct ledger_process *process, const struct ledger_process_config *config);
/* One bounded piece of work at this machine time; the events it took. 0 when there is nothing to do now. */
uint32_t ledger_process_turn(struct ledger_process *process, int64_t now_ns, uint32_t events_max);
/* When the desk has ended: everything the journal and the channels have, the last report, the copy. False when something could not be
 * kept: it comes again from the journal at the next start. */
bool ledger_process_close(struct ledger_process *process);
/* What is wrong at present or was last; "" when nothing ever was. */
const char *ledger_process_sentence(const struct ledger_process *process);

#endif
