/* runner_ledger.c - the books follow the journal, in a process that may fall behind. */
#include <string.h>

#include "firmware/runner.h"
#include "hal/linux/clock.h"

bool runner_ledger_open(struct runner *runner)
{
	const struct runner_plan         *plan = runner->plan;
	const struct ledger_process_config config = { plan->folder, plan->map, plan->journal_id, plan->initial_usd_e8,
		&plan->map->progress_ledger[0].projected_seq, plan->venue.kind != VENUE_KIND_SIM && !plan->venue.is_stepped };        /* recorded days can be run again */
	if (ledger_process_open(&runner->ledger, &config)) return true;
	strncpy(runner->sentence, ledger_process_sentence(&runner->ledger), sizeof runner->sentence - 1);
	return false;
}

bool runner_ledger_turn(struct runner *runner)
{
	return ledger_process_turn(&runner->ledger, clock_monotonic_ns(), RUNNER_BOOKS_A_TURN) > 0;
}
