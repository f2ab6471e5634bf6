/* ledger_process.c - announced by a channel, read from the journal, committed, published, copied. */
#include "firmware/workers/ledger_process.h"

#include <stdio.h>
#include <string.h>

#include "firmware/pump.h"
#include "fsm/care/credits.h"
#include "hal/linux/clock.h"

#define JOURNAL_NAME "journal"
#define COPY_NAME "books-copy.db"

const char *ledger_process_sentence(const struct ledger_process *process)
{
	return process->ledger.is_stopped || !process->sentence[0] ? process->ledger.sentence : process->sentence;
}

/* --- what is announced ---------------------------------------------------------------------------------------------------- */

/* The newest announcement stands for all before it. */
static void listen(struct ledger_process *process)
{
	struct channel *channel = &process->results;
	struct event    newest;
	uint64_t        waiting = channel_waiting(channel), full = __atomic_load_n(&channel->tail->full_count, __ATOMIC_RELAXED);
	if (full != process->full_seen) process->look_ns = 0;
	process->full_seen = full;
	if (waiting == 0) return;
	__atomic_store_n(&channel->cursor->next, channel->cursor->next + waiting - 1, __ATOMIC_RELEASE);
	if (!channel_peek(channel, &newest, sizeof newest)) return;
	channel_done(channel);
	if (newest.cause > 0) process->heard_input = newest.cause;
}

static bool is_look_due(const struct ledger_process *process)
{
	return !process->is_whole || process->heard_input != process->looked_input || process->now_ns >= process->look_ns;
}

/* --- the journal ---------------------------------------------------------------------------------------------------------- */

/* Back to the last commit, and again in a while. */
static void detach(struct ledger_process *process)
{
	if (process->is_attached) journal_read_close(&process->reader);
	process->is_attached = false;
	process->map->progress_ledger[0].tries++;
	process->retry_ns = process->now_ns + LEDGER_RETRY_NS;
}

static void say_journal(struct ledger_process *process, const char *what)
{
	(void)snprintf(process->sentence, sizeof process->sentence, "the ledger reads " JOURNAL_NAME ": it %s", what);
}

/* To the segment from which the books go on. What is committed of the cursor's INPUT may be a part of it; where its segment is gone,
 * it was whole. */
static bool seek(struct ledger_process *process)
{
	uint64_t             cursor = ledger_cursor(&process->ledger);
	enum journal_verdict verdict = journal_seek_input(&process->reader, cursor ? cursor : 1);
	if (verdict == JOURNAL_GONE) verdict = journal_seek_input(&process->reader, cursor + 1);
	process->from_checkpoint = verdict == JOURNAL_GONE;
	process->checkpoint_index = 0;
	if (verdict == JOURNAL_GONE) process->gaps++;
	if (verdict != JOURNAL_OK) say_journal(process, journal_verdict_text[verdict]);
	if (verdict != JOURNAL_OK && verdict != JOURNAL_GONE) return false;
	process->stepped_seq = process->reader.segment.first_seq - 1;        /* what is before this segment is in the books, or lost to them */
	return true;
}

static bool journal_open_here(struct ledger_process *process)
{
	struct journal_reader *reader = &process->reader;
	enum journal_verdict   verdict = journal_read_open(reader, &process->disk.disk, JOURNAL_NAME, process->window, sizeof process->window);
	process->is_absent = verdict == JOURNAL_MISSING;
	if (process->is_absent) return false;        /* the desk has not made it yet */
	if (verdict != JOURNAL_OK) say_journal(process, journal_verdict_text[verdict]);
	if (verdict != JOURNAL_OK) return false;
	process->is_attached = true;
	if (reader->head.journal_id == process->journal_id) return true;
	say_journal(process, "is another journal than the one these books are of: stop, and start again with the right home");
	return false;
}

static void attach(struct ledger_process *process)
{
	process->market_next.next = __atomic_load_n(&process->map->market_ledger_cursor.next, __ATOMIC_RELAXED);
	process->is_whole = false;
	if (!ledger_resume(&process->ledger) || !journal_open_here(process) || !seek(process)) {
		detach(process);
		return;
	}
	process->attachments++;
}

/* Quarantines of market time up to t_ns; and all where too many wait, lest the feed finds the channel full. */
static bool book_quarantines(struct ledger_process *process, int64_t t_ns)
{
	struct event event;
	while (channel_peek(&process->market, &event, sizeof event)) {
		bool is_crowded = channel_waiting(&process->market) > process->market.slots_n / 2;
		if (event.t_ns > t_ns && !is_crowded) return true;
		if (!ledger_step(&process->ledger, &event)) return false;
		channel_done(&process->market);
		process->events++;
	}
	return true;
}

/* A CHECKPOINT is the account as its segment begins: booked where nothing before it can be. */
static bool is_booked(struct ledger_process *process, const struct journal_record *record, struct event *event)
{
	if (record->type == JOURNAL_RESULT) return true;
	if (record->type == JOURNAL_INPUT) return pump_books_input(event->kind);
	if (!process->from_checkpoint) return false;
	event->index = process->checkpoint_index++;
	event->flags = 0;
	return true;
}

/* All events of a record; false when the ledger had to stop. */
static bool take(struct ledger_process *process, struct journal_record *record)
{
	struct ledger *ledger = &process->ledger;
	struct event   event;
	uint64_t       id = ledger->id;
	if (record->type == JOURNAL_INPUT) __atomic_store_n(&process->map->progress_ledger[0].read_seq, record->input_seq, __ATOMIC_RELEASE);
	while (journal_event_next(record, &event)) {
		event.cause = record->input_seq;
		process->events++;
		process->map->progress_ledger[0].t_ns = event.t_ns;
		trace_put(process->map->trace_ledger, &event);
		if (record->type == JOURNAL_INPUT && !book_quarantines(process, event.t_ns)) return false;
		if (is_booked(process, record, &event) && !ledger_step(ledger, &event)) return false;
	}
	if (record->type == JOURNAL_CHECKPOINT && record->last) process->from_checkpoint = false;
	if (record->type == JOURNAL_RESULT && record->input_seq % LEDGER_BATCH_MAX == 0 && !ledger_pass(ledger, record->input_seq)) return false;
	if (ledger->id != id || record->input_seq <= ledger_cursor(ledger)) process->stepped_seq = record->seq;
	return true;
}

/* --- commits -------------------------------------------------------------------------------------------------------------- */

/* What others go by never falls: a successor knows less than was said until it has read up to there. */
static void figure_raise(uint64_t *figure, uint64_t value)
{
	if (value > *figure) __atomic_store_n(figure, value, __ATOMIC_RELEASE);
}

static void publish(struct ledger_process *process)
{
	uint64_t input_seq = ledger_cursor(&process->ledger);
	if (input_seq > process->reader.result_seq) input_seq--;        /* its RESULT is still to come */
	figure_raise(&process->map->progress_ledger[0].input_seq, input_seq);
	figure_raise(&process->map->market_ledger_cursor.next, process->market_next.next);
	if (process->projected_seq) figure_raise(process->projected_seq, process->stepped_seq);
	process->published_seq = process->stepped_seq;
}

/* The journal first, then the books that know it. */
static bool keep(struct ledger_process *process)
{
	bool is_safe = !process->ledger.is_durable || disk_sync(&process->disk.disk, process->reader.file) == DISK_OK;
	if (!is_safe) say_journal(process, "cannot be made durable: the disk fails");
	if (!is_safe || !ledger_flush(&process->ledger)) {
		detach(process);
		return false;
	}
	process->keeps++;
	process->keep_ns = 0;
	publish(process);
	return true;
}

static void keep_in_time(struct ledger_process *process)
{
	struct ledger *ledger = &process->ledger;
	if (!ledger->is_touched && process->published_seq != process->stepped_seq) publish(process);
	if (!ledger->is_touched) return;
	if (process->keep_ns == 0) process->keep_ns = process->now_ns + LEDGER_KEEP_NS;
	bool is_crowded = process->market_next.next - process->map->market_ledger_cursor.next >= process->market.slots_n / 2;
	if (ledger_is_due(ledger) || is_crowded || process->now_ns >= process->keep_ns) (void)keep(process);
}

/* --- reading on ------------------------------------------------------------------------------------------------------------ */

/* Nothing more can be read now: when to look again. */
static void end_reached(struct ledger_process *process)
{
	enum journal_ending end = process->reader.end;
	bool                is_awaited = end == JOURNAL_ENDED_CUT || process->heard_input > process->reader.result_seq;
	process->is_whole = true;
	process->looked_input = process->heard_input;
	process->look_ns = process->now_ns + (is_awaited ? LEDGER_UNFINISHED_NS : LEDGER_LOOK_NS);
	if (end != JOURNAL_ENDED_DAMAGED && end != JOURNAL_ENDED_FAILED) return;
	if (process->ledger.is_touched && !keep(process)) return;
	say_journal(process, end == JOURNAL_ENDED_DAMAGED ? "is damaged before its end" : "cannot be read: the disk fails");
	detach(process);
}

/* Reads on until its share of work is done, the journal ends, or a commit is due: that is the turn's last piece of work. */
static void follow(struct ledger_process *process, uint64_t events_until)
{
	struct journal_record record;
	while (process->events < events_until && !(ledger_is_due(&process->ledger) && !journal_input_open(&process->reader))) {
		process->is_whole = false;
		if (journal_read_live(&process->reader, &record) == JOURNAL_END) {
			end_reached(process);
			return;
		}
		if (!take(process, &record)) {
			detach(process);
			return;
		}
	}
}

/* --- the copy ------------------------------------------------------------------------------------------------------------- */

static void copy_failed(struct ledger_process *process, enum books_verdict verdict)
{
	process->copies_failed++;
	(void)books_copy_sentence(&process->copy, verdict, process->sentence, sizeof process->sentence);
}

static void copy_begin(struct ledger_process *process)
{
	process->copy_ns = process->now_ns + CFG_books_copy_s * NS_PER_S;
	enum books_verdict verdict = books_copy_begin(&process->copy, &process->ledger.books, process->copy_path, process->ledger.is_durable);
	if (verdict != BOOKS_OK) copy_failed(process, verdict);
}

/* The machine's credits run low: this waits. */
static bool is_shed(const struct ledger_process *process, enum shed_id row)
{
	return __atomic_load_n(&process->map->conditions[0].shed, __ATOMIC_ACQUIRE) >> row & 1 && !process->is_closing;
}

/* One step, between two batches; the next copy is due when the time has come, or again next time. */
static void copy_step(struct ledger_process *process)
{
	bool done = false;
	if (process->ledger.books.in_batch || is_shed(process, SHED_COPIES)) return;
	if (!process->copy.backup && process->now_ns >= process->copy_ns) copy_begin(process);
	if (!process->copy.backup) return;
	enum books_verdict verdict = books_copy_step(&process->copy, &process->ledger.books, LEDGER_COPY_PAGES, &done);
	process->copies += done;
	if (verdict != BOOKS_OK) copy_failed(process, verdict);
}

static bool copy_last(struct ledger_process *process)
{
	uint64_t copies = process->copies, failed = process->copies_failed;
	books_copy_abandon(&process->copy);
	process->copy_ns = process->now_ns;
	while (process->copies == copies && process->copies_failed == failed) copy_step(process);
	return process->copies_failed == failed;
}

/* --- life ----------------------------------------------------------------------------------------------------------------- */

bool ledger_process_open(struct ledger_process *process, const struct ledger_process_config *config)
{
	struct ledger_config ledger = { config->home, process->heap, sizeof process->heap, config->journal_id, config->initial_usd_e8, config->durable, config->mode };
	memset(process, 0, offsetof(struct ledger_process, heap));
	process->map = config->map;
	process->journal_id = config->journal_id;
	process->projected_seq = config->projected_seq;
	map_channel(config->map, CHANNEL_results, &process->results);
	map_channel(config->map, CHANNEL_market_ledger, &process->market);
	process->market.cursor = &process->market_next;
	process->full_seen = process->results.tail->full_count;
	bool has_path = files_path(process->copy_path, config->home, COPY_NAME) == FILES_OK;
	if (!has_path || disk_linux_init(&process->disk, config->home) != DISK_OK) {
		(void)snprintf(process->sentence, sizeof process->sentence, "%s is not a folder that can be opened: choose another home", config->home);
		return false;
	}
	if (ledger_open(&process->ledger, &ledger)) return true;
	disk_linux_end(&process->disk);
	return false;
}

uint32_t ledger_process_turn(struct ledger_process *process, int64_t now_ns, uint32_t events_max)
{
	uint64_t before = process->events;
	process->now_ns = now_ns;
	process->turns++;
	process->ledger.puts_off_reports = is_shed(process, SHED_REPORTS);
	if (!process->ledger.puts_off_reports) ledger_report(&process->ledger);
	listen(process);
	if (!process->is_attached && now_ns >= process->retry_ns) attach(process);
	if (process->is_attached && is_look_due(process)) follow(process, before + events_max);
	if (process->is_attached && !book_quarantines(process, INT64_MIN)) detach(process);
	if (process->is_attached) keep_in_time(process);
	if (!process->ledger.is_stopped) copy_step(process);
	process->map->progress_ledger[0].steps += process->events - before;
	return (uint32_t)(process->events - before);
}

/* Until the journal has been read to its end in one go; a failure ends it too, its retry is the next start. */
static bool drain(struct ledger_process *process)
{
	process->retry_ns = process->look_ns = 0;
	do (void)ledger_process_turn(process, clock_monotonic_ns(), LEDGER_CLOSE_EVENTS);
	while (process->is_attached && !process->is_whole);
	if (process->is_absent) return true;
	return process->is_attached && book_quarantines(process, INT64_MAX) && keep(process);
}

bool ledger_process_close(struct ledger_process *process)
{
	process->is_closing = true;
	bool kept = drain(process);
	if (!process->ledger.is_stopped && !process->ledger.books.in_batch) kept = copy_last(process) && kept;
	books_copy_abandon(&process->copy);
	kept = ledger_close(&process->ledger) && kept;
	if (process->is_attached) journal_read_close(&process->reader);
	process->is_attached = false;
	disk_linux_end(&process->disk);
	return kept;
}
