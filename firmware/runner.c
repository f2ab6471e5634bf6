/* runner.c - open, narrow, turn, sleep. */
#include "firmware/runner.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
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
	char          line[RUNNER_SAY_BYTES], text[SAID_TEXT_BYTES];
	va_list       arguments;
	va_start(arguments, format);
	(void)vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	(void)snprintf(text, sizeof text, "%.*s", SAID_TEXT_BYTES - 1, line);
	seqlock_write(&said->lock, said->text, text, sizeof text);
	if (poll(&error_output, 1, 0) == 1 && (error_output.revents & POLLOUT) != 0) dprintf(STDERR_FILENO, "tickwork: %s\n", line);
}

static void ring_the_sleepers(struct runner *runner)
{
	const struct runner_plan *plan = runner->plan;
	runner->pump.moved = false;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);        /* what was published comes before the look at who sleeps */
	for (uint32_t row = 0; row < plan->processes; row++)
		if (row != runner->row && __atomic_load_n(&first_word(plan, row)->sleeps, __ATOMIC_RELAXED)) wake_ring(plan->wake[row]);
}

static bool turn(struct runner *runner)
{
	bool worked = false;
	if (has(runner, WORKER_desk))
		worked = runner->rescue.is_here ? runner_rescue_turn(runner) : runner_desk_turn(runner);
	else
		worked = pump_settle(&runner->pump) > 0;
	if (has(runner, WORKER_ledger)) worked = runner_ledger_turn(runner) || worked;
	if (has(runner, WORKER_feed)) worked = runner_feed_turn(runner) || worked;
	if (runner->pump.moved) ring_the_sleepers(runner);
	return worked;
}

static void beat(const struct runner *runner)
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
	if (!turn(runner)) {
		if (runner->due_ns != 0) sleep_ns = e8_max(e8_min(sleep_ns, runner->due_ns - clock_monotonic_ns()), 0);
		loop_once(sleep_ns);
	}
	__atomic_store_n(&word->sleeps, 0, __ATOMIC_SEQ_CST);
}

static void work(struct runner *runner)
{
	for (uint32_t unseen = 0; !loop_stop_signal();) {
		beat(runner);
		if (!turn(runner)) {
			rest(runner);
			unseen = 0;
		} else if (++unseen == RUNNER_TURNS_UNSEEN) {
			loop_turn(0);        /* signals and bells come even when there is always something to do */
			unseen = 0;
		}
	}
}

static void on_bell(void *self, int ready)
{
	const struct runner *runner = self;
	(void)ready;
	wake_clear(runner->plan->wake[runner->row]);
}

static void say_ready(const struct runner *runner)
{
	for (int worker = 0; worker < WORKERS_N; worker++)
		if (has(runner, (enum worker_id)worker)) pump_progress(runner->plan->map, (enum worker_id)worker)->ready_ns = clock_monotonic_ns();
}

/* People look through it; without it the appliance trades all the same. */
static void open_console(struct runner *runner)
{
	enum control_verdict verdict = console_open(&runner->console, runner->plan->folder, runner->plan->map);
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
	if (has(runner, WORKER_feed)) open_console(runner);
	if (has(runner, WORKER_feed) && plan->venue.kind != VENUE_KIND_SIM && !runner_market_open(runner)) return false;
	return !has(runner, WORKER_ledger) || runner_ledger_open(runner);
}

static int live(const struct runner_plan *plan, uint32_t row, const struct rescue *rescue)
{
	struct runner *runner = memory_take(sizeof *runner);
	if (!runner || !loop_open()) return 1;
	runner->plan = plan;
	runner->row = row;
	runner->rescue = *rescue;
	first_word(plan, row)->trap = 0;
	seqlock_repair(&first_word(plan, row)->said.lock);
	bug_catch(&first_word(plan, row)->trap);
	if (loop_watch(plan->wake[row], LOOP_READ, on_bell, runner) == LOOP_NONE) return 1;
	if (!open_all(runner)) {
		runner_say(runner, "%s", runner->sentence[0] ? runner->sentence : runner->home.sentence);
		return 1;
	}
	if (!map_narrow(plan->map, plan->placed[row])) return 1;
	say_ready(runner);
	work(runner);
	if (has(runner, WORKER_desk)) runner_desk_close(runner);
	if (has(runner, WORKER_feed)) console_close(&runner->console);
	return has(runner, WORKER_ledger) && !ledger_process_close(&runner->ledger);
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
