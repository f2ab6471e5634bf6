/* describe.c - a few figures, copied. */
#include "firmware/blackbox/describe.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "firmware/pump.h"

bool blackbox_start(struct blackbox *box, const char *home, char sentence[BLACKBOX_SENTENCE_BYTES])
{
	char path[FILES_PATH_MAX], why[FILES_SENTENCE_MAX];
	bool is_renewed = false;
	enum files_verdict verdict = blackbox_open(box, home, &is_renewed);
	if (verdict == FILES_OK && !is_renewed) return true;
	const char *named = files_path(path, home, BLACKBOX_NAME) == FILES_OK ? path : home;
	if (verdict == FILES_OK) (void)snprintf(sentence, BLACKBOX_SENTENCE_BYTES, "%s was none of this build's: it is set aside and made anew", named);
	else (void)snprintf(sentence, BLACKBOX_SENTENCE_BYTES, "deaths are not kept: %s", files_sentence(verdict, named, why, sizeof why));
	return false;
}

struct blackbox_death *blackbox_begin_own(struct blackbox *box, const char *process, const struct fatal_note *fatal, int64_t life_ns)
{
	struct blackbox_death *death = blackbox_begin(box);
	strncpy(death->process, process, sizeof death->process - 1);
	death->pid = (int32_t)getpid();
	death->status = (int32_t)fatal->signal; /* as waitpid gives the end by a signal */
	death->bug = fatal->signal == SIGILL ? bug_caught() : 0;
	death->state = PROCESS_READY;
	death->deaths = 1;
	death->life_ns = life_ns;
	death->fatal = *fatal;
	return death;
}

void blackbox_describe_worker(struct blackbox_death *death, uint32_t index, uint32_t worker, const struct worker_progress *progress)
{
	death->worker[index] = (struct blackbox_worker){ .worker = worker, .steps = progress->steps, .ticks = progress->ticks, .t_ns = progress->t_ns };
}

void blackbox_describe_all(struct blackbox_death *death, struct memory_map *map, const struct worker_trace *trace[static BLACKBOX_WORKERS_MAX])
{
	static const enum worker_id told[BLACKBOX_WORKERS_MAX] = { WORKER_feed, WORKER_context, WORKER_analyst, WORKER_health, WORKER_desk, WORKER_ledger };
	death->workers = BLACKBOX_WORKERS_MAX;
	for (uint32_t i = 0; i < BLACKBOX_WORKERS_MAX; i++) {
		trace[i] = pump_trace(map, told[i]);
		blackbox_describe_worker(death, i, told[i], pump_progress(map, told[i]));
	}
	blackbox_describe_journal(death, map->trace_desk);
}

void blackbox_describe_journal(struct blackbox_death *death, const struct worker_trace *desk)
{
	death->journal_input = desk->journal_input;
	if (desk->count > 0) death->dying_input = desk->ring[(desk->count - 1) & (TRACE_SLOTS - 1)].cause;
}
