/* ledger.h - the worker that keeps what people read: the books, three CSV files and a report a day.
 *
 * HOME/books.db            SQLite (hal/store/books.h)
 * HOME/orders.csv          a line for each change of an order
 * HOME/signals.csv         a line for each signal the desk heard
 * HOME/fills.csv           a line for each fill
 * HOME/reports/DATE.json   and .md (firmware/report/day.h), at each day end
 *
 * It is a projection of the desk's journal: fed the same events from the beginning it makes the same rows and the same bytes. What to feed,
 * in order, for each input n of the desk (cause = n):
 *     the input itself when it is a SIGNAL, REGIME or DIVIDEND; then every output of the desk (POSITION, ACCOUNT, ORDER, FILL, RISK,
 *     REFUSAL; other kinds pass by unread). Raw FILLs of the venue are not fed: the desk's own says what was booked.
 * A QUARANTINE comes from the feed and may be fed at any time; the same one twice is one row.
 *
 * Events up to the cursor are repeats and dropped, so feeding again from ledger_cursor is always right, after a crash too: rows, CSV
 * lengths and cursor are one SQLite transaction, and the CSV files are cut back to the lengths it holds.
 * A batch is committed after LEDGER_BATCH_MAX events or a day end, at the next input, or by ledger_flush between two inputs (at most once
 * a second keeps people current).
 *
 * Failing (full disk, damaged books) never stops anybody else: the batch is undone, ledger_step answers false and does nothing more until
 * ledger_resume succeeds; then feed again from ledger_cursor. `sentence` says what to do. A report that cannot be written is counted and
 * said, and the books go on: they hold what it would have said.
 * A CSV file that is shorter than the books remember, or that was there before the books, is moved aside (.old-N), never overwritten.
 *
 * All memory is in struct ledger and in the heap given to ledger_open. One ledger a process. Rows O1, P16, T4. */
#ifndef FIRMWARE_WORKERS_LEDGER_H
#define FIRMWARE_WORKERS_LEDGER_H
#include "firmware/report/day.h"
#include "fsm/event.h"
#include "hal/linux/files.h"
#include "hal/store/books.h"

enum {
	LEDGER_BATCH_MAX = 4096,                        /* events in one transaction: about a megabyte of log */
	LEDGER_CSV_BUFFER_BYTES = 32768,
	LEDGER_CSV_LINE_MAX = 512,
	LEDGER_JSON_BYTES = UNIVERSE_N * 160 + 64,      /* positions_json: a symbol, three keys, three numbers */
	LEDGER_NAVS_MAX = 253,                          /* day ends for 252 returns */
};

enum ledger_csv { LEDGER_ORDERS, LEDGER_SIGNALS, LEDGER_FILLS, LEDGER_CSVS_N };

struct ledger_config {
	const char *home;                /* exists */
	void       *heap;                /* SQLite's; aligned to 8, CFG_ledger_heap_kib KiB */
	size_t      heap_bytes;
	uint64_t    journal_id;
	int64_t     initial_usd_e8;
	bool        durable;             /* false in virtual time: no fsync, the journal can be run again */
	enum trade_mode mode;            /* whose money it is, for the reports */
};

struct ledger_day { int64_t nav_usd_e8; int32_t day; };

struct ledger {
	struct books         books;
	struct books_cursor  committed;
	uint64_t             id, committed_id;        /* last event taken; last event safe */
	bool                 is_stopped, is_day_due, is_durable, is_touched;
	bool                 puts_off_reports, is_report_owed;        /* the caller's: no report now; the last day's is to be written later */
	uint32_t             batch;
	struct event         day_end;
	struct position_note position[UNIVERSE_N];
	int64_t              nav_usd_e8, initial_usd_e8;
	struct ledger_day    nav[LEDGER_NAVS_MAX];    /* oldest first */
	uint32_t             navs;
	enum trade_mode      mode;
	uint64_t             events, repeats, commits, undone, reports, reports_failed, reports_skipped, moved_aside;
	struct append_file   csv[LEDGER_CSVS_N];
	char                 csv_buffer[LEDGER_CSVS_N][LEDGER_CSV_BUFFER_BYTES];
	char                 reports_folder[FILES_PATH_MAX];
	char                 sentence[BOOKS_SENTENCE_MAX];        /* of the last failure; "" when there was none */
	struct day_report    report;
	char                 text[DAY_REPORT_TEXT_MAX];
	char                 positions_json[LEDGER_JSON_BYTES], weights_json[LEDGER_JSON_BYTES];
};

/* BOOT: everything is opened or made. False: `sentence` says why, nothing stays open. */
bool ledger_open(struct ledger *ledger, const struct ledger_config *config);
/* The journal's input sequence that is safe in the books: feed again from this input on, whole. */
uint64_t ledger_cursor(const struct ledger *ledger);
bool     ledger_step(struct ledger *ledger, const struct event *event);
/* Every event of the inputs up to this one has been fed: the cursor goes there, although the last of them told the books nothing. Commits
 * nothing by itself; does nothing where that input told something or a day has just ended, so ids are the same after a restart. */
bool ledger_pass(struct ledger *ledger, uint64_t input_seq);
/* True when the next input would commit: a day has ended, or the batch is full. */
static inline bool ledger_is_due(const struct ledger *ledger) { return ledger->is_day_due || ledger->batch >= LEDGER_BATCH_MAX; }
/* Between two inputs: everything so far is safe afterwards. */
bool ledger_flush(struct ledger *ledger);
/* After a false: back to the last commit. False again while the world has not got better. */
bool ledger_resume(struct ledger *ledger);
/* Writes the report that was put off; nothing when none is. Of several days that were put off the last one is written, the others are skipped: counted. */
void ledger_report(struct ledger *ledger);
/* Commits and closes; false when the last batch could not be kept (it comes again from the journal). */
bool ledger_close(struct ledger *ledger);

#endif
