/* watchdog_box_test.c - a process dies by a bug, by its exit code and by hanging: the box has why, what it was doing and where the journal stood (P3). */
#include "firmware/watchdog_box.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hal/linux/clock.h"
#include "tests/kit/test.h"

enum { LIVES = 4,
	PATIENCE_S = 60 };

struct stage {
	struct life life;
	struct worker_progress progress;
	struct worker_trace trace, desk;
	uint32_t lives;
};
static struct stage *stage;
static struct watchdog dog;
static struct watchdog_plan plan;
static int64_t patience_ns;
static _Alignas(64) uint8_t room[BLACKBOX_SLOT_BYTES];

static void nap(void) { (void)nanosleep(&(struct timespec){ 0, 2 * NS_PER_MS }, 0); }

static int child(void *context, uint32_t row)
{
	uint32_t life = stage->lives++;
	struct event event = event_make(EVENT_TICK, SYM_NONE, 0);
	(void)context;
	(void)row;
	stage->trace.life_from = stage->trace.count;
	fatal_catch(&stage->trace.fatal, 0, 0);
	stage->progress.trap = 0;
	bug_catch(&stage->progress.trap);
	event.cause = life + 1;
	trace_put(&stage->trace, &event);
	if (life == 0) bug_trap(4593);
	if (life == 1) return 3;
	stage->progress.ready_ns = clock_monotonic_ns();
	stage->progress.beats++;
	if (life == 2) (void)raise(SIGSTOP);
	for (;;) {
		stage->progress.beats++;
		nap();
	}
}

static bool is_over(void *context)
{
	(void)context;
	bool lives_again = stage->lives == LIVES && stage->progress.ready_ns >= dog.process[0].spawned_ns;
	return lives_again || clock_monotonic_ns() > patience_ns;
}

static const struct blackbox_death *death(uint64_t number)
{
	struct blackbox_file file;
	CHECK_EQ(blackbox_read_open(&file, test_folder()), FILES_OK);
	const struct blackbox_death *found = blackbox_read(&file, (uint32_t)(number % file.slots), room);
	blackbox_read_close(&file);
	CHECK(found && found->number == number);
	return found;
}

TEST(t_P3_the_box_tells_a_bug_an_exit_and_a_hang)
{
	static const struct worker_progress *progress;
	static const struct worker_trace *trace;
	stage = mmap(0, sizeof *stage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stage == MAP_FAILED) SKIP("no memory for shared pages");
	progress = &stage->progress;
	trace = &stage->trace;
	stage->desk.journal_input = 41;
	struct event input = event_make(EVENT_TICK, SYM_NONE, 0);
	input.cause = 42;
	trace_put(&stage->desk, &input);
	plan = (struct watchdog_plan){ .rows = 1, .life = &stage->life, .home = test_folder(), .should_end = is_over, .desk_trace = &stage->desk };
	plan.limits = (struct process_limits){ .heartbeat_ns = NS_PER_S / 5, .boot_grace_ns = 300 * NS_PER_S, .term_grace_ns = NS_PER_S / 20,
		.backoff_first_ns = NS_PER_MS, .backoff_most_ns = NS_PER_MS, .healthy_ns = 300 * NS_PER_S, .restarts_hour_max = 100 };
	plan.row[0] = (struct watchdog_row){ .name = "keeper", .run = child, .workers = 1, .progress = &progress,
		.trace = &trace, .worker = { WORKER_health }, .wake_fd = -1 };
	patience_ns = clock_monotonic_ns() + PATIENCE_S * NS_PER_S;
	(void)watchdog_run(&dog, &plan);
	CHECK(stage->lives >= LIVES);

	const struct blackbox_death *of = death(1);
	CHECK_STR(of->process, "keeper");
	CHECK(of->bug == 4593 && of->how == BLACKBOX_ENDED && of->fatal.signal == SIGILL && of->pid > 0);
	CHECK(of->journal_input == 41 && of->dying_input == 42);
	CHECK(of->workers == 1 && of->worker[0].worker == WORKER_health && of->worker[0].events == 1);
	CHECK_EQ(blackbox_events(of, 0)[0].cause, 1);
	of = death(2);
	CHECK(WIFEXITED(of->status) && WEXITSTATUS(of->status) == 3 && of->bug == 0 && of->fatal.signal == 0);
	CHECK(of->worker[0].events == 2 && of->worker[0].life_from == 1); /* the predecessor's are told apart */
	of = death(3);
	CHECK_EQ(of->how, BLACKBOX_HUNG);
	CHECK(WIFSIGNALED(of->status) && (WTERMSIG(of->status) == SIGKILL || WTERMSIG(of->status) == SIGTERM));
}

static int dog_dies(void *context, uint32_t row)
{
	(void)row;
	struct watchdog *mine = context;
	char sentence[BLACKBOX_SENTENCE_BYTES];
	CHECK(watchdog_box_open(mine, sentence));
	(void)kill(getpid(), SIGSEGV);
	return 0;
}

TEST(t_P3_the_watchdog_keeps_its_own_death)
{
	static struct life life;
	struct process_recipe recipe = { .run = dog_dies, .context = &dog };
	struct process_child dying;
	int status = 0;
	plan = (struct watchdog_plan){ .life = &life, .home = test_folder() };
	dog.plan = &plan;
	CHECK(process_fork(&dying, &recipe));
	CHECK_EQ(waitpid(dying.pid, &status, 0), dying.pid);
	process_drop(&dying);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	const struct blackbox_death *of = death(1);
	CHECK_STR(of->process, "watchdog");
	CHECK(of->fatal.signal == SIGSEGV && of->workers == 0);
}

/* --- what a head says of an end, by waitpid's word -------------------------------------------------------------------- */

enum { BY_EXIT = 3 << 8 };
static struct worker_progress its[2];
static struct worker_trace traces[2];

static const struct blackbox_death *kept(uint32_t state, bool is_given_up, int status)
{
	static struct life life;
	static const struct worker_progress *const progress[2] = { &its[0], &its[1] };
	static const struct worker_trace *const trace[2] = { &traces[0], &traces[1] };
	char sentence[BLACKBOX_SENTENCE_BYTES];
	plan = (struct watchdog_plan){ .rows = 1, .life = &life, .home = test_folder() };
	plan.row[0] = (struct watchdog_row){ .name = "two", .workers = 2, .progress = progress, .trace = trace, .worker = { WORKER_health, WORKER_feed } };
	dog.plan = &plan;
	dog.process[0].state = (uint8_t)state;
	dog.process[0].is_given_up = is_given_up;
	CHECK(watchdog_box_open(&dog, sentence));
	uint64_t number = dog.box.last_number + 1;
	CHECK(watchdog_box_put(&dog, 0, status));
	watchdog_box_close(&dog);
	return death(number);
}

TEST(t_P3_a_bug_is_told_only_of_an_end_by_a_bug)
{
	its[0].trap = 0;
	its[1].trap = 4593;
	CHECK_EQ(kept(PROCESS_READY, false, SIGILL)->bug, 4593);
	CHECK_EQ(kept(PROCESS_READY, false, SIGKILL)->bug, 0);
	CHECK_EQ(kept(PROCESS_READY, false, BY_EXIT)->bug, 0);
	its[0].trap = 4594;
	CHECK_EQ(kept(PROCESS_READY, false, SIGILL)->bug, 4594); /* the first worker's */
}

TEST(t_P3_a_note_is_told_only_of_the_end_that_it_is_of)
{
	traces[0].fatal.signal = SIGBUS;
	CHECK_EQ(kept(PROCESS_READY, false, SIGBUS)->fatal.signal, SIGBUS);
	CHECK_EQ(kept(PROCESS_READY, false, SIGSYS)->fatal.signal, SIGBUS); /* it was not allowed to end itself */
	CHECK_EQ(kept(PROCESS_READY, false, SIGKILL)->fatal.signal, 0);
	CHECK_EQ(kept(PROCESS_READY, false, BY_EXIT)->fatal.signal, 0);
	traces[0].fatal.signal = 0;
	CHECK_EQ(kept(PROCESS_READY, false, SIGSYS)->fatal.signal, 0);
}

TEST(t_P3_an_end_that_was_forced_is_a_hang_unless_it_was_asked_for)
{
	CHECK_EQ(kept(PROCESS_LATE, false, SIGTERM)->how, BLACKBOX_HUNG);
	CHECK_EQ(kept(PROCESS_KILLING, false, SIGKILL)->how, BLACKBOX_HUNG);
	CHECK_EQ(kept(PROCESS_KILLING, true, SIGKILL)->how, BLACKBOX_ENDED);
	CHECK_EQ(kept(PROCESS_READY, false, SIGKILL)->how, BLACKBOX_ENDED);
}

TEST(t_P3_a_sentence_that_its_writer_died_in_is_not_kept)
{
	strcpy(its[0].said.text, "half of a sen");
	CHECK_STR(kept(PROCESS_READY, false, SIGKILL)->said, "half of a sen");
	its[0].said.lock.version = 1;
	CHECK_STR(kept(PROCESS_READY, false, SIGKILL)->said, "");
}
