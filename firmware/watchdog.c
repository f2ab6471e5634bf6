/* watchdog.c - one turn: signals, the dead, the beats, the timers, the standbys, the end; then sleep. */
#include "firmware/watchdog.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "firmware/cli/exit_code.h"
#include "firmware/operator_file.h"
#include "firmware/watchdog_box.h"
#include "hal/linux/clock.h"
#include "hal/linux/wake.h"

static const char own_name[] = "watchdog";

#define JITTER_STRIDE UINT64_C(0x9e3779b97f4a7c15)

static const struct watchdog_row *row_of(const struct watchdog *dog, uint32_t row) { return &dog->plan->row[row]; }

/* Into the diary, and to the service manager. */
static void note(struct watchdog *dog, const char *name, const char *what)
{
	char            text[NOTIFY_TEXT_MAX];
	struct timespec wall = { 0, 0 };
	(void)clock_gettime(CLOCK_REALTIME, &wall);
	lastwords_add(&dog->words, wall.tv_sec * NS_PER_S + wall.tv_nsec, name, what);
	(void)snprintf(text, sizeof text, "STATUS=%s: %s", name, what);
	notify_say(&dog->notify, text);
}

/* And into the log: what the watchdog says itself. Its children's sentences are there already. */
static void say(struct watchdog *dog, const char *name, const char *what)
{
	bool is_calm = name == own_name || !dog->is_up;
	note(dog, name, what);
	if (dog->plan->log) log_say(dog->plan->log, LOG_KIND_process, is_calm ? LOG_info : LOG_error, WORKER_watchdog, name, what);
}

void watchdog_say(struct watchdog *dog, const char *what)
{
	note(dog, own_name, what);
	if (dog->plan->log) log_say(dog->plan->log, LOG_KIND_process, LOG_error, WORKER_watchdog, own_name, what);
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
	note(dog, of->name, words);
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
	if (dog->plan->has_stalled) (void)dog->plan->has_stalled(dog->plan->context, row, false, dog->now_ns);        /* deadlines begin here */
	dog->beats[row] = beats_of(of);
	dog->said[row] = said_count(of);        /* what another said in this place, the desk or its rescue, is not its word */
	return process_fork(&dog->child[row], &recipe);
}

static void say_state(struct watchdog *dog, uint32_t row, uint8_t before)
{
	const struct process *process = &dog->process[row];
	if (process->state == before) return;
	if (process->state == PROCESS_LATE && !dog->stalled) say(dog, row_of(dog, row)->name, before == PROCESS_BOOTING ? "does not get ready" : "no beat: hung");
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

/* Who lives and does not work ends like who does not live. */
static void look_at_work(struct watchdog *dog, uint32_t row)
{
	const struct watchdog_plan *plan = dog->plan;
	char                        words[NOTIFY_TEXT_MAX];
	bool                        is_ready = dog->process[row].state == PROCESS_READY;
	const char                 *what = plan->has_stalled ? plan->has_stalled(plan->context, row, is_ready, dog->now_ns) : 0;
	if (!what || !is_ready) return;
	(void)snprintf(words, sizeof words, "lives without working: %s", what);
	say(dog, row_of(dog, row)->name, words);
	plan->life->of[row].stalls++;
	dog->stalled = true;
	step(dog, row, PROCESS_EV_OVERDUE);
	dog->stalled = false;
}

/* Who stood still itself, with a machine or a container that was paused, cannot say that others were late. */
static void excuse_all(struct watchdog *dog, int64_t away_ns)
{
	const struct watchdog_plan *plan = dog->plan;
	char                        words[NOTIFY_TEXT_MAX];
	if (away_ns <= WATCHDOG_TURN_MS * NS_PER_MS + plan->limits.heartbeat_ns / 2) return;
	(void)snprintf(words, sizeof words, "stood still for %lld ms, and the processes may have, too: none is late for that", (long long)(away_ns / NS_PER_MS));
	say(dog, own_name, words);
	for (uint32_t i = 0; i < plan->rows; i++) {
		uint8_t state = dog->process[i].state;
		if (state == PROCESS_BOOTING || state == PROCESS_READY) step(dog, i, PROCESS_EV_BEAT);
		if (plan->has_stalled) (void)plan->has_stalled(plan->context, i, false, dog->now_ns);
	}
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
	(void)snprintf(dog->plan->life->end, LIFE_END_BYTES, "%s", why);
	notify_say(&dog->notify, "STOPPING=1");
}

/* --- the dead ----------------------------------------------------------------------------------------------------- */

/* Asked to end, it did: by itself, or by the signal that asked. */
static bool ended_as_asked(int status) { return process_ended_well(status) || (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM); }

/* Before anybody else writes where the dead one did. */
static void record(struct watchdog *dog, uint32_t row, int status)
{
	if (!watchdog_box_put(dog, row, status) && dog->box.fd >= 0) say(dog, own_name, "HOME/blackbox cannot be written: this death is not kept");
}

static void on_end(struct watchdog *dog, uint32_t row, int status)
{
	const struct watchdog_plan *plan = dog->plan;
	struct process             *process = &dog->process[row];
	struct process_life        *life = &plan->life->of[row];
	char                        words[PROCESS_WORDS_BYTES];
	bool                        is_asked = dog->is_ending || process->is_given_up, ends_all = !is_asked && plan->row[row].policy == WATCHDOG_STOP_ALL;
	process->random = hash_mix(process->random + JITTER_STRIDE);
	life->pid = dog->child[row].pid;
	process_drop(&dog->child[row]);
	hear_last(dog, row);
	life->last_status = status;
	life->deaths += !is_asked;
	if (!is_asked || !ended_as_asked(status)) record(dog, row, status);
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

/* What was written over before it was taken is lost, and whoever asked hears nothing. Its writer is a process that outsiders speak to: nothing of it
 * is believed. */
static void empty_calls(struct watchdog *dog)
{
	const struct operator_desk *calls = dog->plan->calls;
	uint64_t                    count = calls ? __atomic_load_n(&calls->count, __ATOMIC_ACQUIRE) : dog->called;
	if (count - dog->called > OPERATOR_RING) {
		dog->refused++;
		say(dog, own_name, "commands of a console are lost: they came faster than they were taken");
		dog->called = count - OPERATOR_RING;
	}
	for (; dog->called != count; dog->called++) {
		struct operator_request request = calls->ring[dog->called % OPERATOR_RING];
		if (operator_request_is_sane(&request)) pass_on(dog, &request);
		else dog->refused++;
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
	case SIGUSR1:
		empty_box(dog, true);
		empty_calls(dog);
		break;
	case SIGUSR2:
		for (uint32_t i = 0; i < dog->plan->rows; i++) watchdog_release(dog, i);
		break;
	default: break;        /* SIGCHLD has woken us; SIGHUP is ignored */
	}
}

static bool all_are_within_limits(const struct watchdog *dog)
{
	bool all = true;
	for (uint32_t i = 0; i < dog->plan->rows; i++) all = all && process_is_within_limits(&dog->process[i], CFG_hardware_fed_while_held);
	return all;
}

/* Those who watch us hear of us, while there is nothing amiss that we do not mend ourselves. */
static void feed(struct watchdog *dog)
{
	bool is_up = true;
	for (uint32_t i = 0; i < dog->plan->rows; i++) is_up = is_up && (dog->was_ready[i] || row_of(dog, i)->policy == WATCHDOG_STANDBY);
	if (is_up && !dog->is_up) notify_say(&dog->notify, "READY=1");
	dog->is_up = dog->is_up || is_up;
	if (dog->now_ns - dog->said_ns < dog->feed_every_ns) return;
	dog->said_ns = dog->now_ns;
	if (!all_are_within_limits(dog)) {
		dog->starved++;
		return;
	}
	if (notify_is_watched(&dog->notify)) notify_say(&dog->notify, "WATCHDOG=1");
	watchdog_device_feed(&dog->device);
}

/* In BOOT: what feeds on us, and how often. */
static void open_feeding(struct watchdog *dog)
{
	char sentence[WATCHDOG_DEVICE_SENTENCE_BYTES];
	(void)notify_open(&dog->notify, getenv("NOTIFY_SOCKET"));
	notify_watch(&dog->notify, getenv("WATCHDOG_USEC"), getenv("WATCHDOG_PID"), (int32_t)getpid());
	dog->feed_every_ns = WATCHDOG_NOTIFY_MS * NS_PER_MS;
	if (notify_is_watched(&dog->notify)) dog->feed_every_ns = e8_min(dog->feed_every_ns, dog->notify.watch_ns / 2);
	dog->device.fd = -1;
	if (dog->plan->device && !watchdog_device_open(&dog->device, dog->plan->device, CFG_hardware_watchdog_s, sentence)) say(dog, own_name, sentence);
	else if (dog->plan->device) say(dog, own_name, "feeds the hardware's watchdog");
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
	(void)footprint_turn(&dog->footprint, dog->now_ns);
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
	int64_t                     before_ns = dog->now_ns;
	dog->now_ns = clock_monotonic_ns();
	excuse_all(dog, dog->now_ns - before_ns);
	for (int number; (number = signals_take(&dog->signals)) != 0;) on_signal(dog, number);
	bury(dog);
	if (plan->should_end && plan->should_end(plan->context)) begin_to_end(dog, "ends: the market is over");
	if (dog->is_ending) end_further(dog);
	for (uint32_t i = 0; i < plan->rows; i++) look_at(dog, i);
	for (uint32_t i = 0; i < plan->rows && !dog->is_ending; i++) look_at_work(dog, i);
	for (uint32_t i = 0; i < plan->rows; i++) look_at_timer(dog, i);
	for (uint32_t i = 0; i < plan->rows && !dog->is_ending; i++) {
		if (plan->row[i].policy == WATCHDOG_STANDBY) look_at_standby(dog, i);
		else look_at_held(dog, i);
	}
	publish(dog);
	feed(dog);
	if (plan->on_turn) plan->on_turn(plan->context);
	blackbox_sync(&dog->box);
	return !dog->is_ending || !all_are_done(dog);
}

/* --- from the first fork to the last grave ------------------------------------------------------------------------ */

static void begin(struct watchdog *dog, const struct watchdog_plan *plan)
{
	uint64_t seed = plan->seed;
	BUG_UNLESS(4050, plan->rows > 0 && plan->rows <= LIFE_ROWS);
	if (seed == 0) (void)random_u64(&seed);        /* without chance all machines jitter alike, and nothing else is lost */
	memset(dog, 0, sizeof *dog);
	memset(plan->life, 0, sizeof *plan->life);
	dog->plan = plan;
	dog->called = plan->calls ? plan->calls->count : 0;
	dog->words.fd = -1;
	dog->now_ns = clock_monotonic_ns();
	for (uint32_t i = 0; i < plan->rows; i++) {
		const struct watchdog_row *row = &plan->row[i];
		bool is_standby = row->policy == WATCHDOG_STANDBY;
		BUG_UNLESS(4051, !is_standby || (row->stands_for < plan->rows && plan->row[row->stands_for].policy == WATCHDOG_RESTART));
		process_begin(&dog->process[i], &plan->limits);
		dog->process[i].random = hash_mix(seed + i);
		dog->child[i] = (struct process_child){ 0, -1 };
		(void)snprintf(plan->life->of[i].name, PROCESS_NAME_BYTES, "%s", row->name);
	}
	plan->life->begun_ns = dog->now_ns;
	plan->life->processes = plan->rows;
	footprint_begin(&dog->footprint, &plan->life->memory, plan->declared_bytes);
}

int watchdog_run(struct watchdog *dog, const struct watchdog_plan *plan)
{
	static const int heard[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1, SIGUSR2 };
	char             sentence[BLACKBOX_SENTENCE_BYTES];
	begin(dog, plan);
	bool hears = signals_hear(&dog->signals, heard, sizeof heard / sizeof *heard);
	if (plan->home) (void)lastwords_open(&dog->words, plan->home);        /* nothing stops for want of a diary */
	dog->notify.fd = -1;
	open_feeding(dog);
	__atomic_store_n(&plan->life->pid, (int32_t)getpid(), __ATOMIC_RELEASE);        /* from here on a SIGUSR1 is heard, and kills nobody */
	(void)process_adopt_orphans();        /* a kernel that cannot gives them to init */
	empty_box(dog, false);
	say(dog, own_name, hears ? "starts" : "cannot start: no descriptor for its signals");
	for (uint32_t i = 0; hears && i < plan->rows; i++)
		if (plan->row[i].policy != WATCHDOG_STANDBY) step(dog, i, PROCESS_EV_SPAWN);
	if (!watchdog_box_open(dog, sentence)) say(dog, own_name, sentence);        /* while they boot: who dies meanwhile is buried after it */
	while (hears && turn(dog)) sleep_until_due(dog);
	say(dog, own_name, !hears || dog->failed ? "has ended, not well" : "has ended");
	plan->life->failed = !hears || dog->failed;
	plan->life->ended_ns = clock_wall_ns();
	footprint_end(&dog->footprint);
	watchdog_box_close(dog);
	notify_close(&dog->notify);
	watchdog_device_close(&dog->device);
	lastwords_close(&dog->words);
	signals_deafen(&dog->signals);        /* what came while the last one was buried may not end whoever has called us */
	return hears && !dog->failed ? CLI_DONE : CLI_FAILED;
}
