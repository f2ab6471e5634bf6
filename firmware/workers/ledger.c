/* ledger.c - cursor, batch, files: what is safe, and the way back when something fails. See ledger.h. */
#include "firmware/workers/ledger.h"

#include <stdio.h>
#include <string.h>

#include "firmware/workers/ledger_parts.h"

enum { SLOT_BITS = 16, SLOT_LAST = (1 << SLOT_BITS) - 1 };

static const char *const csv_name[LEDGER_CSVS_N] = { "orders.csv", "signals.csv", "fills.csv" };

bool ledger_books_ok(struct ledger *ledger, enum books_verdict verdict)
{
	if (verdict != BOOKS_OK) (void)books_sentence(&ledger->books, verdict, ledger->sentence, sizeof ledger->sentence);
	return verdict == BOOKS_OK;
}

bool ledger_files_ok(struct ledger *ledger, enum files_verdict verdict, const char *path)
{
	if (verdict != FILES_OK) (void)files_sentence(verdict, path, ledger->sentence, sizeof ledger->sentence);
	return verdict == FILES_OK;
}

static uint64_t *remembered(struct books_cursor *cursor, enum ledger_csv csv)
{
	return csv == LEDGER_ORDERS ? &cursor->orders_bytes : csv == LEDGER_SIGNALS ? &cursor->signals_bytes : &cursor->fills_bytes;
}

/* Lines first, then the transaction that knows their length: a crash between the two leaves lines to cut, never lines to miss. */
static bool lines_keep(struct ledger *ledger, struct books_cursor *cursor)
{
	for (enum ledger_csv i = 0; i < LEDGER_CSVS_N; i++) {
		struct append_file *file = &ledger->csv[i];
		uint64_t           *bytes = remembered(cursor, i), end = append_end(file);
		if (*bytes == end) continue;
		if (!ledger_files_ok(ledger, ledger->is_durable ? append_sync(file) : append_flush(file), file->path)) return false;
		*bytes = end;
	}
	return true;
}

static bool commit(struct ledger *ledger)
{
	struct books_cursor cursor = ledger->committed;
	if (!lines_keep(ledger, &cursor)) return false;
	cursor.seq = ledger->id >> SLOT_BITS;
	cursor.idx = ledger->id & SLOT_LAST;
	if (!ledger_books_ok(ledger, books_commit(&ledger->books, &cursor))) return false;
	ledger->committed = cursor;
	ledger->committed_id = ledger->id;
	ledger->batch = 0;
	ledger->is_touched = false;
	ledger->commits++;
	return true;
}

/* Between two inputs: a day that ended is closed, a batch that is due is kept. */
static bool turn_end(struct ledger *ledger, bool is_due)
{
	if (ledger->is_day_due && !ledger_day_close(ledger, ledger->id)) return false;
	is_due |= ledger_is_due(ledger);
	ledger->is_day_due = false;
	return is_due && ledger->is_touched ? commit(ledger) : true;
}

static bool stop(struct ledger *ledger)
{
	books_rollback(&ledger->books);
	ledger->is_stopped = true;
	ledger->undone++;
	return false;
}

/* An input stands before its outputs: slot 0, then index + 1. */
static uint64_t id_of(const struct event *event)
{
	bool is_input = event->kind == EVENT_SIGNAL || event->kind == EVENT_REGIME || event->kind == EVENT_DIVIDEND;
	BUG_UNLESS(4120, event->cause > 0 && event->cause < UINT64_C(1) << (63 - SLOT_BITS));
	return event->cause << SLOT_BITS | (is_input ? 0u : event->index + 1u);
}

bool ledger_step(struct ledger *ledger, const struct event *event)
{
	if (ledger->is_stopped) return false;
	if (event->kind == EVENT_QUARANTINE) {
		ledger->is_touched = true;
		return ledger_book_quarantine(ledger, event) ? true : stop(ledger);
	}
	if (event->cause == 0) return true;        /* of the channel itself (a heartbeat), not of an input */
	uint64_t id = id_of(event);
	if (id <= ledger->id) {
		ledger->repeats++;
		return true;
	}
	if (id >> SLOT_BITS != ledger->id >> SLOT_BITS && !turn_end(ledger, false)) return stop(ledger);
	if (!ledger_book(ledger, event, id)) return stop(ledger);
	ledger->id = id;
	ledger->is_touched = true;
	ledger->batch++;
	ledger->events++;
	return true;
}

bool ledger_pass(struct ledger *ledger, uint64_t input_seq)
{
	if (ledger->is_stopped) return false;
	if (input_seq <= ledger->id >> SLOT_BITS || ledger->is_day_due) return true;        /* a day is closed under the id of its own event */
	ledger->id = input_seq << SLOT_BITS | SLOT_LAST;
	ledger->is_touched = true;
	return true;
}

bool ledger_flush(struct ledger *ledger)
{
	if (ledger->is_stopped) return false;
	return turn_end(ledger, true) ? true : stop(ledger);
}

uint64_t ledger_cursor(const struct ledger *ledger) { return ledger->committed_id >> SLOT_BITS; }

/* Cut to what the books remember. Shorter than that is somebody else's work: that file is kept aside and a new one begun. */
static bool lines_restore(struct ledger *ledger, enum ledger_csv which)
{
	struct append_file *file = &ledger->csv[which];
	uint64_t           *bytes = remembered(&ledger->committed, which);
	char                path[FILES_PATH_MAX];
	if (!ledger_files_ok(ledger, append_cut(file, *bytes), file->path)) return false;
	if (file->bytes < *bytes) {
		memcpy(path, file->path, sizeof path);
		append_close(file);
		if (!ledger_files_ok(ledger, files_aside(path), path)) return false;
		if (!ledger_files_ok(ledger, append_open(file, path, ledger->csv_buffer[which], LEDGER_CSV_BUFFER_BYTES), path)) return false;
		ledger->moved_aside++;
	}
	if (file->bytes > 0) return true;
	const char *header = ledger_csv_header(which);
	*bytes = 0;
	return ledger_files_ok(ledger, append_write(file, header, strlen(header)), file->path);
}

/* Memory and files as the books say; new headers are kept at once. */
static bool restore(struct ledger *ledger)
{
	if (!ledger_books_ok(ledger, books_cursor_read(&ledger->books, &ledger->committed))) return false;
	ledger->committed_id = ledger->id = ledger->committed.seq << SLOT_BITS | ledger->committed.idx;
	ledger->initial_usd_e8 = ledger->committed.initial_usd_e8;
	ledger->is_day_due = false;
	ledger->batch = 0;
	for (enum ledger_csv i = 0; i < LEDGER_CSVS_N; i++)
		if (!lines_restore(ledger, i)) return false;
	return ledger_load(ledger) && commit(ledger);
}

bool ledger_resume(struct ledger *ledger)
{
	if (!ledger->is_stopped) return true;
	books_rollback(&ledger->books);
	ledger->is_stopped = !restore(ledger);
	return !ledger->is_stopped;
}

static bool paths_open(struct ledger *ledger, const char *home, char books_path[FILES_PATH_MAX])
{
	char     path[FILES_PATH_MAX];
	uint64_t bytes;
	bool     ok = ledger_files_ok(ledger, files_path(books_path, home, "books.db"), home) &&
	          ledger_files_ok(ledger, files_path(ledger->reports_folder, home, "reports"), home) &&
	          ledger_files_ok(ledger, files_folder(ledger->reports_folder), ledger->reports_folder);
	bool is_new = ok && (files_size(books_path, &bytes) != FILES_OK || bytes == 0);
	for (enum ledger_csv i = 0; ok && i < LEDGER_CSVS_N; i++) {
		ok = ledger_files_ok(ledger, files_path(path, home, csv_name[i]), home);
		if (ok && is_new && files_size(path, &bytes) == FILES_OK) ok = ledger_files_ok(ledger, files_aside(path), path);
		if (ok) ok = ledger_files_ok(ledger, append_open(&ledger->csv[i], path, ledger->csv_buffer[i], LEDGER_CSV_BUFFER_BYTES), path);
	}
	return ok;
}

static void close_all(struct ledger *ledger)
{
	for (enum ledger_csv i = 0; i < LEDGER_CSVS_N; i++) append_close(&ledger->csv[i]);
	if (ledger->books.db) books_close(&ledger->books);
	ledger->is_stopped = true;
}

bool ledger_open(struct ledger *ledger, const struct ledger_config *config)
{
	char path[FILES_PATH_MAX];
	memset(ledger, 0, sizeof *ledger);
	for (enum ledger_csv i = 0; i < LEDGER_CSVS_N; i++) ledger->csv[i].fd = -1;
	ledger->is_durable = config->durable;
	ledger->mode = config->mode;
	bool ok = paths_open(ledger, config->home, path);
	struct books_config books = { path, config->heap, config->heap_bytes, config->journal_id, config->initial_usd_e8, config->durable };
	if (ok) ok = ledger_books_ok(ledger, books_open(&ledger->books, &books)) && restore(ledger);
	if (!ok) close_all(ledger);
	return ok;
}

bool ledger_close(struct ledger *ledger)
{
	bool kept = ledger_flush(ledger);
	close_all(ledger);
	return kept;
}
