/* watchdog_box.c - the head of a death, from the machine, the region of its workers and waitpid. */
#include "firmware/watchdog_box.h"

#include <signal.h>
#include <sys/wait.h>

#include "hal/linux/clock.h"

/* The watchdog itself is ended by a signal: in its handler. */
static void on_own_death(void *context)
{
	struct watchdog *dog = context;
	(void)blackbox_begin_own(&dog->box, "watchdog", &dog->fatal, dog->now_ns - dog->plan->life->begun_ns);
	(void)blackbox_put(&dog->box, 0);
	blackbox_sync(&dog->box);
}

bool watchdog_box_open(struct watchdog *dog, char sentence[BLACKBOX_SENTENCE_BYTES])
{
	dog->box.fd = -1;
	if (!dog->plan->home) return true;
	bool is_whole = blackbox_start(&dog->box, dog->plan->home, sentence);
	fatal_catch(&dog->fatal, on_own_death, dog);
	return is_whole;
}

/* A note of this end, not a predecessor's. A process that may not even end itself is ended by SIGSYS. */
static bool is_of(const struct fatal_note *fatal, int32_t status)
{
	if (!fatal->signal || !WIFSIGNALED(status)) return false;
	return (uint32_t)WTERMSIG(status) == fatal->signal || WTERMSIG(status) == SIGSYS;
}

static void describe_said(struct blackbox_death *death, const struct said *said)
{
	if (!seqlock_read(&said->lock, death->said, said->text, sizeof death->said)) memset(death->said, 0, sizeof death->said);
	death->said[sizeof death->said - 1] = 0;
}

static void describe_row(struct blackbox_death *death, const struct watchdog_row *of)
{
	strncpy(death->process, of->name, sizeof death->process - 1);
	if (of->workers) describe_said(death, &of->progress[0]->said);
	for (uint32_t i = 0; i < of->workers; i++)
		if (of->progress[i]->trap && !death->bug && WIFSIGNALED(death->status) && WTERMSIG(death->status) == SIGILL) death->bug = of->progress[i]->trap;
	if (!of->trace) return;
	if (is_of(&of->trace[0]->fatal, death->status)) death->fatal = of->trace[0]->fatal;
	death->workers = of->workers;
	for (uint32_t i = 0; i < of->workers; i++) blackbox_describe_worker(death, i, of->worker[i], of->progress[i]);
}
_Static_assert((int)BLACKBOX_TEXT_BYTES == (int)SAID_TEXT_BYTES, "a sentence is kept whole");
_Static_assert((int)BLACKBOX_NAME_BYTES >= (int)PROCESS_NAME_BYTES, "a process is named whole");

bool watchdog_box_put(struct watchdog *dog, uint32_t row, int status)
{
	const struct process *process = &dog->process[row];
	struct blackbox_death *death = blackbox_begin(&dog->box);
	bool is_hung = (process->state == PROCESS_LATE || process->state == PROCESS_KILLING) && !process->is_given_up;
	death->pid = dog->plan->life->of[row].pid;
	death->status = status;
	death->how = is_hung ? BLACKBOX_HUNG : BLACKBOX_ENDED;
	death->state = process->state;
	death->deaths = dog->plan->life->of[row].deaths;
	death->life_ns = clock_monotonic_ns() - process->spawned_ns;
	describe_row(death, &dog->plan->row[row]);
	if (dog->plan->desk_trace) blackbox_describe_journal(death, dog->plan->desk_trace);
	return blackbox_put(&dog->box, dog->plan->row[row].trace);
}

void watchdog_box_close(struct watchdog *dog)
{
	if (!dog->plan->home) return;
	fatal_release();
	blackbox_sync(&dog->box);
	blackbox_close(&dog->box);
}
