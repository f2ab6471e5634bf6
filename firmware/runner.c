/* runner.c - open, narrow, turn, sleep. */
#include "firmware/runner.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "firmware/budget.h"
#include "firmware/marks.h"
#include "firmware/rights.h"
#include "fsm/care/process.h"
#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/linux/seccomp.h"
#include "hal/linux/stack.h"
#include "hal/linux/wake.h"

static bool has(const struct runner *runner, enum worker_id worker) { return runner->plan->placed[runner->row] >> worker & 1; }

static struct worker_progress *first_word(const struct runner_plan *plan, uint32_t row)
{
	return pump_progress(plan->map, (enum worker_id)__builtin_ctz(plan->placed[row]));
}

void runner_say(struct runner *runner, const char *format, ...)
{
	struct said  *said = &first_word(runner->plan, runner->row)->said;
	struct pollfd error_output = { STDERR_FILENO, POLLOUT, 0 };
	char          line[RUNNER_SAY_BYTES], told[RUNNER_SAY_BYTES + 16], text[SAID_TEXT_BYTES];
	va_list       arguments;
	va_start(arguments, format);
	(void)vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	(void)snprintf(text, sizeof text, "%.*s", SAID_TEXT_BYTES - 1, line);
	seqlock_write(&said->lock, said->text, text, sizeof text);
	if (runner->plan->world) return;
	uint32_t first = (uint32_t)__builtin_ctz(runner->plan->placed[runner->row]);
	log_say(log_ring_of(runner->plan->map, first), LOG_KIND_said, LOG_warn, (uint8_t)first, log_ring_of(runner->plan->map, first)->process, text);
	int length = snprintf(told, sizeof told, "tickwork: %s\n", line);
	if (poll(&error_output, 1, 0) != 1 || (error_output.revents & POLLOUT) == 0) return;
	if (write(STDERR_FILENO, told, (size_t)length) < 0) return;        /* nobody reads */
}

static void ring_the_sleepers(struct runner *runner)
{
	const struct runner_plan *plan = runner->plan;
	runner->pump.moved = false;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);        /* what was published comes before the look at who sleeps */
	for (uint32_t row = 0; row < plan->processes; row++)
		if (row != runner->row && __atomic_load_n(&first_word(plan, row)->sleeps, __ATOMIC_RELAXED)) wake_ring(plan->wake[row]);
}

/* Recorded and stepped days have no time between their marks. */
static void look_at_positions(struct runner *runner)
{
	const struct venue_place *venue = &runner->plan->venue;
	int64_t                   now_ns = clock_monotonic_ns();
	if (venue->kind == VENUE_KIND_SIM || venue->is_stepped || now_ns < runner->health_ns) return;
	runner->health_ns = now_ns + setting(&runner->rooms.health.settings, SETTING_health_period_ms) * NS_PER_MS;
	pump_health(&runner->pump);
}

uint32_t runner_waits_for(const struct runner_plan *plan)
{
	uint32_t waits = plan->all;
	bool     has_time = plan->venue.kind == VENUE_KIND_SIM || plan->venue.is_stepped;
	for (uint32_t row = 0; row < plan->processes && !has_time; row++)
		if (plan->map->life[0].of[row].state == PROCESS_HELD && !(plan->placed[row] >> WORKER_desk & 1)) waits &= ~plan->placed[row];
	return waits;
}

bool runner_turn(struct runner *runner)
{
	bool worked = false;
	runner->pump.anywhere = runner_waits_for(runner->plan);
	if (has(runner, WORKER_desk))
		worked = runner->rescue.is_here ? runner_rescue_turn(runner) : runner_desk_turn(runner);
	else
		worked = pump_settle(&runner->pump) > 0;
	if (has(runner, WORKER_health)) look_at_positions(runner);
	if (has(runner, WORKER_ledger)) worked = runner_ledger_turn(runner) || worked;
	if (has(runner, WORKER_feed)) worked = runner_feed_turn(runner) || worked;
	if (runner->pump.moved) ring_the_sleepers(runner);
	return worked;
}

void runner_beat(const struct runner *runner)
{
	for (int worker = 0; worker < WORKERS_N; worker++)
		if (has(runner, (enum worker_id)worker)) pump_progress(runner->plan->map, (enum worker_id)worker)->beats++;
}

/* Says that it sleeps, looks once more, sleeps: a bell rung in between is not lost. */
static void rest(struct runner *runner)
{
	struct worker_progress *word = first_word(runner->plan, runner->row);
	int64_t                 sleep_ns = RUNNER_IDLE_MS * NS_PER_MS;
	if (has(runner, WORKER_desk)) sleep_ns = RUNNER_OPERATOR_MS * NS_PER_MS;
	if (has(runner, WORKER_ledger)) sleep_ns = RUNNER_LEDGER_MS * NS_PER_MS;
	__atomic_store_n(&word->sleeps, 1, __ATOMIC_SEQ_CST);
	if (!runner_turn(runner)) {
		if (runner->due_ns != 0) sleep_ns = e8_max(e8_min(sleep_ns, runner->due_ns - clock_monotonic_ns()), 0);
		loop_once(sleep_ns);
	}
	__atomic_store_n(&word->sleeps, 0, __ATOMIC_SEQ_CST);
}

static void publish(struct runner *runner)
{
	if (footprint_turn(&runner->footprint, clock_monotonic_ns())) marks_publish(runner, runner->plan->placed[runner->row], runner->footprint.out);
}

static void work(struct runner *runner)
{
	for (uint32_t unseen = 0; !loop_stop_signal();) {
		runner_beat(runner);
		if (!runner_turn(runner)) {
			rest(runner);
			unseen = 0;
		} else if (++unseen == RUNNER_TURNS_UNSEEN) {
			loop_turn(0);        /* signals and bells come even when there is always something to do */
			unseen = 0;
		}
		if (unseen == 0) publish(runner);
	}
}

static void on_bell(void *self, int ready)
{
	const struct runner *runner = self;
	(void)ready;
	wake_clear(runner->plan->wake[runner->row]);
}

void runner_say_ready(const struct runner *runner)
{
	for (int worker = 0; worker < WORKERS_N; worker++)
		if (has(runner, (enum worker_id)worker)) pump_progress(runner->plan->map, (enum worker_id)worker)->ready_ns = clock_monotonic_ns();
}

/* People look through it; without it the appliance trades all the same. */
static void open_console(struct runner *runner)
{
	enum control_verdict verdict = console_open(runner->console, runner->plan->folder, runner->plan->map);
	if (verdict != CONTROL_OK) runner_say(runner, "%s/" CONSOLE_NAME " %s", runner->plan->folder, control_verdict_text[verdict]);
}

static bool open_all(struct runner *runner)
{
	const struct runner_plan *plan = runner->plan;
	const struct trading      *trading = plan->trading;
	rooms_init(&runner->rooms, plan->placed[runner->row], 0, &trading->plan.settings, trading->has_vix);
	pump_init(&runner->pump, plan->map, &runner->rooms, &runner->hal, plan->placed[runner->row] & ~(1u << WORKER_ledger));
	runner->pump.commits = true;
	runner->pump.anywhere = plan->all;
	if (runner->rescue.is_here) return runner_rescue_open(runner);
	if (has(runner, WORKER_desk)) return runner_desk_open(runner);
	pump_resume(&runner->pump);
	if (has(runner, WORKER_feed) && !plan->world) open_console(runner);
	if (has(runner, WORKER_feed) && plan->venue.kind != VENUE_KIND_SIM && !runner_market_open(runner)) return false;
	return !has(runner, WORKER_ledger) || runner_ledger_open(runner);
}

static bool seal(struct runner *runner)
{
	const struct runner_plan *plan = runner->plan;
	const struct venue_place *venue = &plan->venue;
	struct rights             rights = { .mask = plan->rights[runner->row], .folder = plan->folder, .watchdog_pid = plan->map->stamp->pid,
		.port = { venue->trade_port, venue->data_port, RIGHTS_DNS_PORT }, .ports = 3 };
	char                      sentence[RIGHTS_SENTENCE_BYTES];
	if (rights_seal(&rights, sentence)) return true;
	runner_say(runner, "%s", sentence);
	return false;
}

/* The box finds the events of this life apart from those of its predecessor, and the note of the signal that ends it. */
static void begin_trace(const struct runner_plan *plan, uint32_t row, const char *process)
{
	for (int worker = 0; worker < WORKERS_N; worker++) {
		if (!(plan->placed[row] >> worker & 1)) continue;
		struct worker_trace *trace = pump_trace(plan->map, (enum worker_id)worker);
		trace->life_from = trace->count;
	}
	log_rings_begin(plan->map, plan->placed[row], process);
	fatal_catch(&pump_trace(plan->map, (enum worker_id)__builtin_ctz(plan->placed[row]))->fatal, 0, 0);
}

bool runner_open(struct runner *runner, const struct runner_plan *plan, uint32_t row, const struct rescue *rescue)
{
	runner->plan = plan;
	runner->row = row;
	runner->rescue = *rescue;
	first_word(plan, row)->trap = 0;
	seqlock_repair(&first_word(plan, row)->said.lock);
	if (!runner_memory_take(runner)) return false;
	if (runner->home) runner->home->mode = plan->mode;
	if (plan->world && runner->home) {
		runner->home->disk = plan->world->disk;
		runner->home->conf.settings = plan->world->settings;
	}
	return open_all(runner);
}

const char *runner_why(const struct runner *runner) { return runner->sentence[0] || !runner->home ? runner->sentence : runner->home->sentence; }

void runner_forget(struct runner *runner)
{
	runner_venue_forget(runner);
	runner_memory_give(runner);
}

static int live(const struct runner_plan *plan, uint32_t row, const struct rescue *rescue)
{
	stack_paint();
	struct runner *runner = memory_take(sizeof *runner);
	if (!runner || !loop_open()) return 1;
	if (!map_narrow(plan->map, plan->placed[row])) return 1;
	bug_catch(&first_word(plan, row)->trap);
	seccomp_catch(&first_word(plan, row)->trap);
	begin_trace(plan, row, rescue->is_here ? "rescue" : plan->map->life[0].of[row].name); /* the note is taken first, then its word */
	if (loop_watch(plan->wake[row], LOOP_READ, on_bell, runner) == LOOP_NONE) return 1;
	if (!runner_open(runner, plan, row, rescue)) {
		runner_say(runner, "%s", runner_why(runner));
		return 1;
	}
	runner_memory_touch(runner);
	footprint_begin(&runner->footprint, &first_word(plan, row)->memory, budget_declared_bytes(plan->placed[row], plan->venue.kind != VENUE_KIND_SIM));
	publish(runner);
	if (!seal(runner)) return 1;
	runner_say_ready(runner);
	runner->pump.logs = true;
	work(runner);
	if (has(runner, WORKER_desk)) runner_desk_close(runner);
	if (has(runner, WORKER_feed)) runner_tape_end(runner, pump_progress(plan->map, WORKER_feed)->steps, 0);
	if (has(runner, WORKER_feed)) console_close(runner->console);
	secret_overwrite(&runner->key_id);
	secret_overwrite(&runner->secret_key);
	return has(runner, WORKER_ledger) && !runner_ledger_close(runner);
}

int runner_run(void *context, uint32_t row)
{
	static const struct rescue none;
	return live(context, row, &none);
}

/* A journal that has ended one rescue would end the next one too. */
int runner_rescue(const struct runner_plan *plan, uint32_t row, const struct process_life *life)
{
	int  by = WIFSIGNALED(life->last_status) ? WTERMSIG(life->last_status) : 0;
	bool was_killed = (by == SIGKILL || by == SIGTERM) && life->hangs == 0;
	struct rescue rescue = { .is_here = true, .reads_journal = life->last_status == 0 || was_killed };
	return live(plan, row, &rescue);
}
