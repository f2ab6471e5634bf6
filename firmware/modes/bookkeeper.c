/* bookkeeper.c - from the desk's results to the ledger, live or from the journal. */
#include "firmware/modes/bookkeeper.h"

/* Everything the journal has from the ledger's cursor on; what it knows already it drops as a repeat. */
static bool feed_from_journal(struct bookkeeper *keeper)
{
	struct journal_record record;
	struct event          event;
	keeper->catch_ups++;
	(void)journal_flush(&keeper->home->journal);
	if (journal_read_open(&keeper->reader, keeper->home->disk, "journal", keeper->window, sizeof keeper->window) != JOURNAL_OK) return false;
	enum journal_verdict verdict = journal_seek_oldest(&keeper->reader);
	bool                 ok = verdict == JOURNAL_OK || verdict == JOURNAL_GAP;
	keeper->fills_from_shadow = keeper->pump->shadow && ledger_cursor(&keeper->ledger) < keeper->reader.input_seq;
	if (keeper->fills_from_shadow) ok = false;
	for (enum journal_type type = JOURNAL_INPUT; ok && type != JOURNAL_END;) {
		type = journal_read_next(&keeper->reader, &record);
		if (type != JOURNAL_INPUT && type != JOURNAL_RESULT) continue;
		while (ok && journal_event_next(&record, &event)) {
			event.cause = record.input_seq;
			if (type == JOURNAL_RESULT || pump_books_input(event.kind)) ok = ledger_step(&keeper->ledger, &event);
		}
	}
	ok = ok && keeper->reader.end != JOURNAL_ENDED_DAMAGED && keeper->reader.end != JOURNAL_ENDED_FAILED;
	journal_read_close(&keeper->reader);
	if (keeper->fills_from_shadow) return true;
	return ok && ledger_flush(&keeper->ledger);
}

bool bookkeeper_open(struct bookkeeper *keeper, struct home *home, struct pump *pump, int64_t initial_usd_e8)
{
	struct ledger_config config = { home->folder, keeper->heap, sizeof keeper->heap, home->journal_id, initial_usd_e8, false, home->mode };
	keeper->home = home;
	keeper->pump = pump;
	if (!ledger_open(&keeper->ledger, &config)) return false;
	pump->listener = (struct pump_listener){ keeper, bookkeeper_on_result };
	pump->projected_seq = bookkeeper_projected_seq;
	if (home->comes_back) keeper->behind = !feed_from_journal(keeper);
	return true;
}

static void try_again(struct bookkeeper *keeper)
{
	if (!ledger_resume(&keeper->ledger)) return;
	keeper->behind = !feed_from_journal(keeper);
}

/* What the ledger hears of a shadow run: nothing, but for the exceptions of the header. */
static bool is_heard(struct bookkeeper *keeper, const struct event *event)
{
	if (keeper->pump->diverged) return false;
	if (!keeper->pump->shadow || keeper->fills_from_shadow) return true;
	if (event->kind == EVENT_QUARANTINE) keeper->quarantine[keeper->quarantines++ % KEEPER_QUARANTINES_MAX] = *event;
	return false;
}

/* The shadow has come to the journal's state: what it quarantined is true. What the books have already is dropped by them. */
static void book_quarantines(struct bookkeeper *keeper)
{
	uint64_t first = keeper->quarantines > KEEPER_QUARANTINES_MAX ? keeper->quarantines - KEEPER_QUARANTINES_MAX : 0;
	for (uint64_t i = first; i < keeper->quarantines && !keeper->behind; i++)
		keeper->behind = !ledger_step(&keeper->ledger, &keeper->quarantine[i % KEEPER_QUARANTINES_MAX]);
	keeper->quarantines = 0;
}

void bookkeeper_on_result(void *self, const struct event *event)
{
	struct bookkeeper *keeper = self;
	bool               ends = event->kind == EVENT_ACCOUNT && (event->flags & ACCOUNT_DAY_END);
	if (event->kind == EVENT_ACCOUNT) keeper->last = event->account;
	if (ends) {
		keeper->sessions += (event->flags & ACCOUNT_SESSION) != 0;
		keeper->day_ended = true;
		keeper->day = event->account.day;
	}
	if (!is_heard(keeper, event)) return;
	if (keeper->quarantines > 0 && !keeper->pump->shadow) book_quarantines(keeper);
	if (!keeper->behind) keeper->behind = !ledger_step(&keeper->ledger, event);
	if (keeper->behind && ends && !keeper->pump->shadow) try_again(keeper);
}

/* Asked between two inputs, when a segment is to be used again: everything up to here goes into the books first. */
uint64_t bookkeeper_projected_seq(void *self)
{
	struct bookkeeper *keeper = self;
	struct event       event;
	while (pump_take_result(keeper->pump, &event)) bookkeeper_on_result(keeper, &event);
	if (!keeper->behind && ledger_flush(&keeper->ledger)) keeper->projected_seq = journal_last_seq(&keeper->home->journal);
	return keeper->projected_seq;
}

bool bookkeeper_close(struct bookkeeper *keeper)
{
	if (keeper->behind) try_again(keeper);
	return ledger_close(&keeper->ledger) && !keeper->behind;
}
