/* runner_ledger.c - the books follow the journal, in a process that may fall behind. */
#include <string.h>

#include "firmware/kept.h"
#include "firmware/runner.h"
#include "hal/linux/clock.h"

bool runner_ledger_open(struct runner *runner)
{
	const struct runner_plan         *plan = runner->plan;
	const struct ledger_process_config config = { plan->folder, plan->map, plan->journal_id, plan->initial_usd_e8,
		&plan->map->progress_ledger[0].projected_seq, plan->venue.kind != VENUE_KIND_SIM && !plan->venue.is_stepped,        /* else it can be run again */
		plan->mode };
	if (!plan->world && !log_drain_open(&runner->log, plan->map, plan->folder))
		runner_say(runner, "%s/" LOG_FOLDER " cannot be made: records of the log are counted, not kept", plan->folder);
	bool is_open = ledger_process_open(runner->ledger, &config);
	if (is_open && !plan->world) kept_note(plan->map, KEPT_BOOKS, plan->folder);
	if (is_open) return true;
	strncpy(runner->sentence, ledger_process_sentence(runner->ledger), sizeof runner->sentence - 1);
	return false;
}

/* Said at the first record, and whenever their number has doubled: what is said is a record, too. */
static bool turn_log(struct runner *runner)
{
	uint64_t failed = runner->log.file.failed;
	uint32_t moved = runner->plan->world ? 0 : log_drain_turn(&runner->log);
	uint64_t now = runner->log.file.failed;
	if (runner->log.file.is_open && now / 2 >= failed && now > failed)
		runner_say(runner, "the log is not written: the disk fails; %llu records lost", (unsigned long long)now);
	return moved > 0 && runner->log.file.is_open;
}

/* Once for each place at which the books stop; what is tried again there fails in the same words. */
static void say_stopped(struct runner *runner)
{
	const struct ledger *ledger = &runner->ledger->ledger;
	if (!ledger->is_stopped || runner->said_books == ledger_cursor(ledger) + 1) return;
	runner->said_books = ledger_cursor(ledger) + 1;
	runner_say(runner, "%s; the journal has everything, the books follow from it later", ledger_process_sentence(runner->ledger));
}

bool runner_ledger_turn(struct runner *runner)
{
	bool logged = turn_log(runner);
	bool booked = ledger_process_turn(runner->ledger, clock_monotonic_ns(), RUNNER_BOOKS_A_TURN) > 0;
	say_stopped(runner);
	return booked || logged;
}

bool runner_ledger_close(struct runner *runner)
{
	bool kept = ledger_process_close(runner->ledger);
	if (!kept) runner_say(runner, "%s; the journal has everything, the next run brings the books up to date", ledger_process_sentence(runner->ledger));
	log_drain_close(&runner->log);
	return kept;
}
