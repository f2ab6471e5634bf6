/* runner_desk.c - the desk comes back from its journal, takes its TICKs, what the venue owes, and the operator's word. */
#include <stdio.h>
#include <string.h>

#include "firmware/kept.h"
#include "firmware/runner.h"
#include "hal/linux/clock.h"

static uint64_t projected_seq(void *self)
{
	struct runner *runner = self;
	return runner->plan->ledger_row == RUNNER_NO_ROW ? UINT64_MAX : runner->plan->map->progress_ledger[0].projected_seq;
}

void runner_desk_say(struct runner *runner)
{
	struct worker_progress *word = pump_progress(runner->pump.map, WORKER_desk);
	if (!runner->home->journal_open) return;
	if (runner->pump.journal_verdict == JOURNAL_OK) word->input_seq = runner->rooms.desk.inputs;        /* of a lost journal nobody reads on */
	if (runner->said_inputs != runner->rooms.desk.inputs || word->state_hash == 0) word->state_hash = desk_hash(&runner->rooms.desk);
	runner->said_inputs = runner->rooms.desk.inputs;
	(void)journal_flush(&runner->home->journal);        /* so that the ledger finds it in the file */
}

bool runner_desk_continue(struct runner *runner) { return runner->rescue.is_alone || home_continue(runner->home, &runner->pump); }

/* What lies there may have been put there meanwhile: the orders in flight are not its own. */
static bool is_same_journal(struct runner *runner)
{
	struct home *home = runner->home;
	if (runner->plan->journal_id == 0 || home->journal_id == runner->plan->journal_id) return true;
	(void)snprintf(home->sentence, sizeof home->sentence, "%s/journal is not the one this run began with: put that back, then tickwork release", home->folder);
	return false;
}

bool runner_desk_open(struct runner *runner)
{
	struct pump *pump = &runner->pump;
	if (runner->rescue.is_here) runner_rescue_read(runner);
	else if (!home_read(runner->home, runner->plan->folder) || !is_same_journal(runner)) return false;
	runner->rooms.desk = runner->home->desk;
	pump->projected_seq = projected_seq;
	pump->listener.self = runner;
	if (!runner->plan->world && !runner->rescue.is_alone) kept_note(pump->map, KEPT_JOURNAL, runner->plan->folder);
	if (runner->plan->venue.kind != VENUE_KIND_SIM) return runner_trading_open(runner);
	pump->paper = pump->map->paper;
	paper_repair(pump->paper);
	pump_resume(pump);
	if (!runner_desk_continue(runner)) return false;
	runner_desk_say(runner);
	return true;
}

/* A command of the operator, between two other inputs. */
static bool take_operator(struct runner *runner)
{
	struct memory_map  *map = runner->pump.map;
	const struct desk  *desk = &runner->rooms.desk;
	struct event        command, before = event_make(EVENT_ACCOUNT, SYM_NONE, 0), after = before;
	char                sentence[OPERATOR_TEXT_BYTES];
	uint64_t            random = 0;
	if (!random_u64(&random)) return false;
	if (!operator_turn(&runner->turn, map->requests, map->answers, clock_monotonic_ns(), random, &command)) return false;
	desk_note_account(desk, &before);
	command.t_ns = desk->t_ns;
	if (runner->rescue.is_here) runner_rescue_obey(runner, &command);
	pump_outside(&runner->pump, &command);
	desk_note_account(desk, &after);
	enum operator_outcome outcome = operator_judge(&command.instruction, &before.account, &after.account, sentence);
	if (runner->rescue.asked) snprintf(sentence, sizeof sentence, "what the venue says is held will be closed");
	if (!runner->plan->world) log_say(map->log_desk, LOG_KIND_operator, LOG_info, WORKER_desk, map->log_desk[0].process, sentence);
	operator_answered(&runner->turn, map->answers, clock_monotonic_ns(), outcome, sentence);
	runner_desk_say(runner);
	return true;
}

/* What the appliance lacks, as the watchdog says it now. */
static bool take_care(struct runner *runner)
{
	if (!pump_care(&runner->pump, __atomic_load_n(&runner->pump.map->conditions[0].in_force, __ATOMIC_RELAXED))) return false;
	runner_desk_say(runner);
	return true;
}

/* The scripted operator sees the account after each moment; then what the venue owes, until it owes nothing. */
static void finish_moment(struct runner *runner)
{
	struct pump *pump = &runner->pump;
	struct event event;
	if (cell_read(&pump->map->account[0], &event)) paper_show_account(pump->paper, &event.account);
	while (paper_peek(pump->paper, &event)) pump_venue(pump, &event);
	runner_desk_say(runner);
	pump_acknowledge(pump);
}

bool runner_desk_turn(struct runner *runner)
{
	bool worked = pump_settle(&runner->pump) > 0;
	if (take_operator(runner)) worked = true;
	if (take_care(runner)) worked = true;
	if (runner->trading) {
		if (!runner_trading_turn(runner)) return worked;
		runner_desk_say(runner);
		return true;
	}
	if (!runner->pump.tick_owed) return worked;
	finish_moment(runner);
	return true;
}

void runner_desk_close(struct runner *runner)
{
	runner_desk_say(runner);
	if (runner->trading) runner_trading_close(runner);
	if (!runner->rescue.is_alone) (void)home_close(runner->home, desk_hash(&runner->rooms.desk));
}
