/* watchdog.c - one turn: signals, the dead, the beats, the timers, the standbys, the end; then sleep. */
#include "firmware/watchdog.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "firmware/cli/exit_code.h"
#include "firmware/operator_file.h"
#include "hal/linux/clock.h"
#include "hal/linux/wake.h"

static const char own_name[] = "watchdog";

static const struct watchdog_row *row_of(const struct watchdog *dog, uint32_t row) { return &dog->plan->row[row]; }

/* Into the diary, and to the service manager. */
static void say(struct watchdog *dog, const char *name, const char *what)
{
	char            text[NOTIFY_TEXT_MAX];
	struct timespec wall = { 0, 0 };
	(void)clock_gettime(CLOCK_REALTIME, &wall);
	lastwords_add(&dog->words, wall.tv_sec * NS_PER_S + wall.tv_nsec, name, what);
	(void)snprintf(text, sizeof text, "STATUS=%s: %s", name, what);
	notify_say(&dog->notify, text);
}

/* --- what a process says ------------------------------------------------------------------------------------------ */

/* Sentences begun: one that its writer died in counts, too. */
static uint64_t said_count(const struct watchdog_row *row)
{
	return row->workers ? (__atomic_load_n(&row->progress[0]->said.lock.version, __ATOMIC_ACQUIRE) + 1) / 2 : 0;
}

static void hear(struct watchdog *dog, uint32_t row)
{
	const struct watchdog_row *of = row_of(dog, row);
	char                       text[SAID_TEXT_BYTES], words[SAID_TEXT_BYTES + 32];
	uint64_t                   count = said_count(of), news = count - dog->said[row];
	if (news == 0 || !seqlock_read(&of->progress[0]->said.lock, text, of->progress[0]->said.text, sizeof text)) return;
	text[sizeof text - 1] = 0;
	if (news == 1) (void)snprintf(words, sizeof words, "%s", text);
	else (void)snprintf(words, sizeof words, "%s (%llu more)", text, (unsigned long long)(news - 1));
	say(dog, of->name, words);
	dog->said[row] = count;
}

/* Of a process that has ended: a sentence it died in cannot be read, and is not passed over in silence. */
static void hear_last(struct watchdog *dog, uint32_t row)
{
	hear(dog, row);
	if (said_count(row_of(dog, row)) != dog->said[row]) say(dog, row_of(dog, row)->name, "died in the middle of a sentence");
}

/* --- one row ------------------------------------------------------------------------------------------------------ */

static uint64_t beats_of(const struct watchdog_row *row)
{
	uint64_t beats = 0;
	for (uint32_t i = 0; i < row->workers; i++) beats += __atomic_load_n(&row->progress[i]->beats, __ATOMIC_RELAXED);
	return beats;
}

static bool row_is_ready(const struct watchdog_row *row, int64_t spawned_ns)
{
	for (uint32_t i = 0; i < row->workers; i++)
		if (__atomic_load_n(&row->progress[i]->ready_ns, __ATOMIC_ACQUIRE) < spawned_ns) return false;
	return true;
}

static uint32_t bug_of(const struct watchdog_row *row)
{
	for (uint32_t i = 0; i < row->workers; i++)
		if (row->progress[i]->trap) return row->progress[i]->trap;
	return 0;
}

static bool is_standby_of(const struct watchdog *dog, uint32_t standby, uint32_t row)
{
	return row_of(dog, standby)->policy == WATCHDOG_STANDBY && row_of(dog, standby)->stands_for == row;
}

/* Somebody who may not live beside this row does. */
static bool rival_is_live(const struct watchdog *dog, uint32_t row)
{
	for (uint32_t i = 0; i < dog->plan->rows; i++)
		if ((is_standby_of(dog, i, row) || is_standby_of(dog, row, i)) && process_is_live(&dog->process[i])) return true;
	return false;
}

static bool spawn(struct watchdog *dog, uint32_t row)
{
	const struct watchdog_row *of = row_of(dog, row);
	struct process_recipe      recipe = { of->run, dog->plan->context, row, of->keeps, of->keep };
	BUG_UNLESS(4052, !rival_is_live(dog, row));
	dog->beats[row] = beats_of(of);
	dog->said[row] = said_count(of);        /* what another said in this place, the desk or its rescue, is not its word */
	return process_fork(&dog->child[row], &recipe);
}

static void say_state(struct watchdog *dog, uint32_t row, uint8_t before)
{
	const struct process *process = &dog->process[row];
	if (process->state == before) return;
	if (process->state == PROCESS_LATE) say(dog, row_of(dog, row)->name, before == PROCESS_BOOTING ? "does not get ready" : "no beat: hung");
	if (process->state == PROCESS_KILLING) say(dog, row_of(dog, row)->name, "does not end on SIGTERM: killed");
	if (process->state == PROCESS_HELD) say(dog, row_of(dog, row)->name, "died too often within an hour: held down");
}

/* One event for one row, and the duty that comes of it. */
static void step(struct watchdog *dog, uint32_t row, enum process_event event)
{
	struct process *process = &dog->process[row];
	uint8_t         before = process->state, duty;
	process_step(process, event, dog->now_ns, &dog->log);
	say_state(dog, row, before);
	duty = process->duty;
	process->duty = PROCESS_DUTY_NONE;
	switch ((enum process_duty)duty) {
	case PROCESS_DUTY_NONE: break;
	case PROCESS_DUTY_TERM: process_signal(&dog->child[row], SIGTERM); break;
	case PROCESS_DUTY_KILL: process_signal(&dog->child[row], SIGKILL); break;
	case PROCESS_DUTY_SPAWN:
		if (spawn(dog, row)) break;
		say(dog, row_of(dog, row)->name, "cannot be forked: the kernel has no memory or pid for it");
		step(dog, row, PROCESS_EV_FORK_FAILED);
		break;
	}
}

/* What the row's workers say of themselves. */
static void look_at(struct watchdog *dog, uint32_t row)
{
	const struct watchdog_row *of = row_of(dog, row);
	struct process            *process = &dog->process[row];
	uint64_t                   beats = beats_of(of);
	if (process_is_live(process)) hear(dog, row);
	if (process->state != PROCESS_BOOTING && process->state != PROCESS_READY) return;
	if (process->state == PROCESS_BOOTING && row_is_ready(of, process->spawned_ns)) {
		step(dog, row, PROCESS_EV_READY);
		dog->was_ready[row] = true;
	}
	if (beats == dog->beats[row] && of->workers) return;
	dog->beats[row] = beats;
	step(dog, row, PROCESS_EV_BEAT);
}

static void look_at_timer(struct watchdog *dog, uint32_t row)
{
	if (dog->process[row].due_ns <= dog->now_ns) step(dog, row, process_due_event(&dog->process[row]));
}

static void begin_to_end(struct watchdog *dog, const char *why)
{
	if (dog->is_ending) return;
	dog->is_ending = true;
	say(dog, own_name, why);
	notify_say(&dog->notify, "STOPPING=1");
}

/* --- the dead ----------------------------------------------------------------------------------------------------- */

/* Asked to end, it did: by itself, or by the signal that asked. */
static bool ended_as_asked(int status) { return process_ended_well(status) || (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM); }

static void on_end(struct watchdog *dog, uint32_t row, int status)
{
	const struct watchdog_plan *plan = dog->plan;
	struct process             *process = &dog->process[row];
	struct process_life        *life = &plan->life->of[row];
	char                        words[PROCESS_WORDS_BYTES];
	bool                        is_asked = dog->is_ending || process->is_given_up, ends_all = !is_asked && plan->row[row].policy == WATCHDOG_STOP_ALL;
	(void)random_u64(&process->random);        /* without chance there is no jitter */
	process_drop(&dog->child[row]);
	hear_last(dog, row);
	life->last_status = status;
	life->deaths += !is_asked;
	if (!is_asked || !ended_as_asked(status)) say(dog, plan->row[row].name, process_words(status, bug_of(&plan->row[row]), words));
	dog->failed = dog->failed || ends_all || (dog->is_ending && !ended_as_asked(status));
	if (ends_all) begin_to_end(dog, "ends: a process has died that must not");
	if (plan->on_death) plan->on_death(plan->context, row, status);
	step(dog, row, is_asked || ends_all ? PROCESS_EV_GONE : process_end_event(process, dog->now_ns));
}

static void bury(struct watchdog *dog)
{
	int      pid, status;
	uint32_t row;
	while (process_reap(&pid, &status)) {
		for (row = 0; row < dog->plan->rows && dog->child[row].pid != pid; row++) {}
		if (row < dog->plan->rows) on_end(dog, row, status);
		else dog->orphans++;
	}
}

/* --- who may live, and who shall end ------------------------------------------------------------------------------ */

static void look_at_standby(struct watchdog *dog, uint32_t row)
{
	struct process *process = &dog->process[row];
	uint32_t        other = row_of(dog, row)->stands_for;
	bool            is_wanted = dog->process[other].state == PROCESS_HELD && !dog->is_wanted_back[other];
	bool            is_rising = process_is_live(process) || process->state == PROCESS_BACKOFF || process->state == PROCESS_HELD;
	if (!is_wanted && is_rising && !process->is_given_up) step(dog, row, PROCESS_EV_STOP);
	if (process->state == PROCESS_DONE) step(dog, row, PROCESS_EV_RELEASE);
	if (is_wanted && process->state == PROCESS_OFF) step(dog, row, PROCESS_EV_SPAWN);
}

static void look_at_held(struct watchdog *dog, uint32_t row)
{
	if (!dog->is_wanted_back[row] || rival_is_live(dog, row)) return;
	dog->is_wanted_back[row] = false;
	if (dog->process[row].state != PROCESS_HELD) return;
	say(dog, row_of(dog, row)->name, "released");
	step(dog, row, PROCESS_EV_RELEASE);
	step(dog, row, PROCESS_EV_SPAWN);
}

void watchdog_release(struct watchdog *dog, uint32_t row)
{
	BUG_UNLESS(4053, row < dog->plan->rows);
	dog->is_wanted_back[row] = dog->process[row].state == PROCESS_HELD && row_of(dog, row)->policy != WATCHDOG_STANDBY;
}

static uint32_t lowest_order_live(const struct watchdog *dog)
{
	uint32_t lowest = UINT32_MAX;
	for (uint32_t i = 0; i < dog->plan->rows; i++)
		if (process_is_live(&dog->process[i]) && row_of(dog, i)->stop_order < lowest) lowest = row_of(dog, i)->stop_order;
	return lowest;
}

/* What does not run is done; what runs is asked in its order; who is in a hurry asks nobody. */
static void end_further(struct watchdog *dog)
{
	uint32_t order = lowest_order_live(dog);
	for (uint32_t i = 0; i < dog->plan->rows; i++) {
		struct process *process = &dog->process[i];
		bool            is_live = process_is_live(process), is_asked = process->is_given_up || process->state == PROCESS_DONE;
		if (!is_asked && (!is_live || dog->is_hurried || row_of(dog, i)->stop_order == order)) step(dog, i, PROCESS_EV_STOP);
		if (dog->is_hurried && process->state == PROCESS_TERMINATING) step(dog, i, PROCESS_EV_GRACE_OVER);
	}
}

static bool all_are_done(const struct watchdog *dog)
{
	for (uint32_t i = 0; i < dog->plan->rows; i++)
		if (dog->process[i].state != PROCESS_DONE) return false;
	return true;
}

/* --- the operator ------------------------------------------------------------------------------------------------- */

/* Its slot still holds a command that nobody has answered. */
static bool slot_is_waiting(const struct watchdog_plan *plan, uint64_t slot)
{
	const struct operator_answer *answer = plan->answers ? &plan->answers->ring[slot] : 0;
	uint64_t                      seq = plan->requests->ring[slot].seq;
	if (!seq || !answer) return false;
	return __atomic_load_n(&answer->seq, __ATOMIC_ACQUIRE) != seq || answer->outcome == OPERATOR_WAITS;
}

static void pass_on(struct watchdog *dog, const struct operator_request *request)
{
	const struct watchdog_plan *plan = dog->plan;
	struct operator_desk       *desk = plan->requests;
	uint64_t                    count = desk->count, slot = count % OPERATOR_RING;
	if (slot_is_waiting(plan, slot)) {
		dog->refused++;
		say(dog, own_name, "a command is refused: too many wait for an answer");
		return;
	}
	desk->ring[slot] = *request;
	desk->ring[slot].seq = count + 1;
	__atomic_store_n(&desk->count, count + 1, __ATOMIC_RELEASE);
	for (uint32_t i = 0; i < plan->rows; i++)
		if (plan->row[i].hears_operator && plan->row[i].wake_fd >= 0) wake_ring(plan->row[i].wake_fd);
}

static void empty_box(struct watchdog *dog, bool passes_on)
{
	struct operator_request request;
	if (!dog->plan->home || !dog->plan->requests) return;
	for (int i = 0; i < OPERATOR_RING; i++) {
		enum operator_file_verdict verdict = operator_file_read(dog->plan->home, &request);
		if (verdict == OPERATOR_FILE_NONE) return;
		if (verdict == OPERATOR_FILE_OK && passes_on) pass_on(dog, &request);
		else if (verdict == OPERATOR_FILE_OK) say(dog, own_name, "a command from before the start is dropped");
		else dog->refused++;
		if (verdict == OPERATOR_FILE_DAMAGED) say(dog, own_name, "HOME/request is not a command: thrown away");
	}
}

/* --- a turn ------------------------------------------------------------------------------------------------------- */

static void on_signal(struct watchdog *dog, int number)
{
	switch (number) {
	case SIGTERM: begin_to_end(dog, "ends on SIGTERM"); break;
	case SIGINT:
		dog->is_hurried = dog->is_ending;
		begin_to_end(dog, "ends on SIGINT");
		break;
	case SIGUSR1: empty_box(dog, true); break;
	case SIGUSR2:
		for (uint32_t i = 0; i < dog->plan->rows; i++) watchdog_release(dog, i);
		break;
	default: break;        /* SIGCHLD has woken us; SIGHUP is ignored */
	}
}

/* Those who watch us hear of us. A watchdog of the hardware is fed here too, when there is one. */
static void feed(struct watchdog *dog)
{
	bool is_up = true;
	for (uint32_t i = 0; i < dog->plan->rows; i++) is_up = is_up && (dog->was_ready[i] || row_of(dog, i)->policy == WATCHDOG_STANDBY);
	if (is_up && !dog->is_up) notify_say(&dog->notify, "READY=1");
	dog->is_up = dog->is_up || is_up;
	if (dog->now_ns - dog->said_ns < WATCHDOG_NOTIFY_MS * NS_PER_MS) return;
	dog->said_ns = dog->now_ns;
	notify_say(&dog->notify, "WATCHDOG=1");
}

static void publish(struct watchdog *dog)
{
	struct life *life = dog->plan->life;
	for (uint32_t i = 0; i < dog->plan->rows; i++) {
		const struct process *process = &dog->process[i];
		struct process_life  *of = &life->of[i];
		of->state = process->state;
		of->since_ns = process->since_ns;
		of->spawned_ns = process->spawned_ns;
		of->ready_ns = process->ready_ns;
		of->restarts = process->spawns ? process->spawns - 1 : 0;
		of->hangs = process->hangs;
		of->pid = dog->child[i].pid;
	}
	life->turn_ns = dog->now_ns;
	__atomic_store_n(&life->turns, life->turns + 1, __ATOMIC_RELEASE);
}

static void sleep_until_due(const struct watchdog *dog)
{
	int64_t until_ns = dog->now_ns + WATCHDOG_TURN_MS * NS_PER_MS;
	for (uint32_t i = 0; i < dog->plan->rows; i++) until_ns = e8_min(until_ns, dog->process[i].due_ns);
	signals_wait(&dog->signals, until_ns - clock_monotonic_ns());
}

/* False when all is over. */
static bool turn(struct watchdog *dog)
{
	const struct watchdog_plan *plan = dog->plan;
	dog->now_ns = clock_monotonic_ns();
	for (int number; (number = signals_take(&dog->signals)) != 0;) on_signal(dog, number);
	bury(dog);
	if (plan->should_end && plan->should_end(plan->context)) begin_to_end(dog, "ends: the market is over");
	if (dog->is_ending) end_further(dog);
	for (uint32_t i = 0; i < plan->rows; i++) look_at(dog, i);
	for (uint32_t i = 0; i < plan->rows; i++) look_at_timer(dog, i);
	for (uint32_t i = 0; i < plan->rows && !dog->is_ending; i++) {
		if (plan->row[i].policy == WATCHDOG_STANDBY) look_at_standby(dog, i);
		else look_at_held(dog, i);
	}
	publish(dog);
	feed(dog);
	if (plan->on_turn) plan->on_turn(plan->context);
	return !dog->is_ending || !all_are_done(dog);
}

/* --- from the first fork to the last grave ------------------------------------------------------------------------ */

static void begin(struct watchdog *dog, const struct watchdog_plan *plan)
{
	BUG_UNLESS(4050, plan->rows > 0 && plan->rows <= LIFE_ROWS);
	memset(dog, 0, sizeof *dog);
	memset(plan->life, 0, sizeof *plan->life);
	dog->plan = plan;
	dog->words.fd = -1;
	dog->now_ns = clock_monotonic_ns();
	for (uint32_t i = 0; i < plan->rows; i++) {
		const struct watchdog_row *row = &plan->row[i];
		bool is_standby = row->policy == WATCHDOG_STANDBY;
		BUG_UNLESS(4051, !is_standby || (row->stands_for < plan->rows && plan->row[row->stands_for].policy == WATCHDOG_RESTART));
		process_begin(&dog->process[i], &plan->limits);
		dog->child[i] = (struct process_child){ 0, -1 };
		(void)snprintf(plan->life->of[i].name, PROCESS_NAME_BYTES, "%s", row->name);
	}
	plan->life->begun_ns = dog->now_ns;
	plan->life->processes = plan->rows;
}

int watchdog_run(struct watchdog *dog, const struct watchdog_plan *plan)
{
	static const int heard[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1, SIGUSR2 };
	begin(dog, plan);
	bool hears = signals_hear(&dog->signals, heard, sizeof heard / sizeof *heard);
	(void)notify_open(&dog->notify, getenv("NOTIFY_SOCKET"));
	if (plan->home) (void)lastwords_open(&dog->words, plan->home);        /* nothing stops for want of a diary */
	__atomic_store_n(&plan->life->pid, (int32_t)getpid(), __ATOMIC_RELEASE);        /* from here on a SIGUSR1 is heard, and kills nobody */
	(void)process_adopt_orphans();        /* a kernel that cannot gives them to init */
	empty_box(dog, false);
	say(dog, own_name, hears ? "starts" : "cannot start: no descriptor for its signals");
	for (uint32_t i = 0; hears && i < plan->rows; i++)
		if (plan->row[i].policy != WATCHDOG_STANDBY) step(dog, i, PROCESS_EV_SPAWN);
	while (hears && turn(dog)) sleep_until_due(dog);
	say(dog, own_name, !hears || dog->failed ? "has ended, not well" : "has ended");
	notify_close(&dog->notify);
	lastwords_close(&dog->words);
	signals_deafen(&dog->signals);        /* what came while the last one was buried may not end whoever has called us */
	return hears && !dog->failed ? CLI_DONE : CLI_FAILED;
}
