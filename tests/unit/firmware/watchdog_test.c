/* watchdog_test.c - a real watchdog over real children on a shared page: it brings back, holds down, replaces and buries (P3, P4, X1, R9).
 *
 * No check depends on how fast the machine is: what must happen is waited for (a minute, then the test fails), what may not happen too early
 * is compared with times the children wrote themselves. */
#include "firmware/watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "firmware/cli/exit_code.h"
#include "firmware/operator_file.h"
#include "hal/linux/clock.h"
#include "hal/linux/wake.h"
#include "tests/kit/test.h"
#include "tests/kit/without_call.h"

enum { ROWS_MAX = 4, NOTES_MAX = 64, LIVES_MAX = 32, PATIENCE_S = 60, BEAT_MS = 2, ROW_A = 0, ROW_B = 1, ROW_C = 2 };
enum note_kind { NOTE_TERM, NOTE_END };
struct note { uint32_t row, kind; };

/* What the children and the test see of each other. */
struct stage {
	struct life             life;
	struct operator_desk    requests;
	struct operator_answers answers;
	struct worker_progress  progress[ROWS_MAX];
	uint32_t                lives[ROWS_MAX], notes, rivals_met;
	int64_t                 born_ns[ROWS_MAX][LIVES_MAX];
	int                     pid[ROWS_MAX];
	struct note             note[NOTES_MAX];
	bool                    desk_is_well;
};

static struct stage         *stage;
static struct watchdog       dog;
static struct watchdog_plan  plan;
static int64_t               patience_ns;
static uint64_t              turns;
static uint32_t              deaths_told;
static volatile sig_atomic_t term_came;

/* --- children ----------------------------------------------------------------------------------------------------- */

static void nap(int64_t ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * NS_PER_MS };
	(void)nanosleep(&pause, 0);
}

static void note(uint32_t row, enum note_kind kind)
{
	uint32_t at = __atomic_fetch_add(&stage->notes, 1, __ATOMIC_SEQ_CST);
	if (at < NOTES_MAX) stage->note[at] = (struct note){ row, kind };
}

static uint32_t be_born(uint32_t row)
{
	uint32_t life = stage->lives[row];
	stage->pid[row] = (int)getpid();
	if (life < LIVES_MAX) stage->born_ns[row][life] = clock_monotonic_ns();
	__atomic_store_n(&stage->lives[row], life + 1, __ATOMIC_SEQ_CST);
	return life;
}

static void on_term(int number)
{
	(void)number;
	term_came = 1;
}

static void work(uint32_t row)
{
	__atomic_store_n(&stage->progress[row].ready_ns, clock_monotonic_ns(), __ATOMIC_SEQ_CST);
	while (!term_came) {
		__atomic_add_fetch(&stage->progress[row].beats, 1, __ATOMIC_SEQ_CST);
		nap(BEAT_MS);
	}
	note(row, NOTE_TERM);
	nap(20);
	note(row, NOTE_END);
}

static int child_works(void *context, uint32_t row)
{
	struct sigaction action = { .sa_handler = on_term };
	(void)context;
	(void)sigaction(SIGTERM, &action, 0);
	(void)be_born(row);
	work(row);
	return 0;
}

static int child_dies(void *context, uint32_t row)
{
	(void)context;
	(void)be_born(row);
	return 3;
}

static void child_says(uint32_t row, const char *what)
{
	struct said *said = &stage->progress[row].said;
	char         text[SAID_TEXT_BYTES] = { 0 };
	(void)snprintf(text, sizeof text, "%s", what);
	seqlock_write(&said->lock, said->text, text, sizeof text);
}

enum { SENTENCES = 50 };        /* each has room in the diary, should the watchdog turn as often */
static int child_talks_first(void *context, uint32_t row)
{
	char text[32];
	if (stage->lives[row] > 0) return child_works(context, row);
	for (int i = 1; i <= SENTENCES; i++) {
		(void)snprintf(text, sizeof text, "sentence %d.", i);
		child_says(row, text);
	}
	return child_dies(context, row);
}

/* Dies while the sentence is half written; its successor repairs that, as runner.c does, and has something to say. */
static int child_dies_talking_first(void *context, uint32_t row)
{
	struct said *said = &stage->progress[row].said;
	if (stage->lives[row] == 0) {
		said->lock.version++;
		return child_dies(context, row);
	}
	seqlock_repair(&said->lock);
	child_says(row, "back again");
	return child_works(context, row);
}

static int child_dies_first(void *context, uint32_t row) { return stage->lives[row] == 0 ? child_dies(context, row) : child_works(context, row); }

static int child_traps(void *context, uint32_t row)
{
	if (stage->lives[row] > 0) return child_works(context, row);
	(void)be_born(row);
	bug_catch(&stage->progress[row].trap);
	bug_trap(1224);
}

/* Works, and stops dead in its first life. */
static int child_hangs_first(void *context, uint32_t row)
{
	if (stage->lives[row] > 0) return child_works(context, row);
	(void)be_born(row);
	stage->progress[row].ready_ns = clock_monotonic_ns();
	stage->progress[row].beats++;
	(void)raise(SIGSTOP);
	return 0;
}

static int child_never_boots_first(void *context, uint32_t row)
{
	if (stage->lives[row] > 0) return child_works(context, row);
	(void)be_born(row);
	for (;;) nap(1000);
}

static int child_ignores_term(void *context, uint32_t row)
{
	(void)context;
	(void)signal(SIGTERM, SIG_IGN);
	(void)be_born(row);
	work(row);        /* for ever */
	return 0;
}

/* A trader looks whether the other one is still there: alive, or dead and not yet reaped. */
static void meet_rival(uint32_t rival)
{
	if (stage->pid[rival] && kill(stage->pid[rival], 0) == 0) __atomic_add_fetch(&stage->rivals_met, 1, __ATOMIC_SEQ_CST);
}

static int child_desk(void *context, uint32_t row)
{
	meet_rival(ROW_B);
	return stage->desk_is_well ? child_works(context, row) : child_dies(context, row);
}

static int child_rescue(void *context, uint32_t row)
{
	meet_rival(ROW_A);
	return child_works(context, row);
}

/* Leaves a child of its own behind. */
static int child_leaves_an_orphan(void *context, uint32_t row)
{
	if (stage->lives[row] > 0) return child_works(context, row);
	if (fork() == 0) {
		nap(50);
		_exit(0);
	}
	return child_dies(context, row);
}

/* --- the test's side ---------------------------------------------------------------------------------------------- */

static bool patience_is_over(void) { return clock_monotonic_ns() > patience_ns; }
static const struct process_life *life_of(uint32_t row) { return &stage->life.of[row]; }
static bool is_ready(uint32_t row) { return life_of(row)->state == PROCESS_READY; }

static void count_death(void *context, uint32_t row, int status)
{
	(void)context;
	(void)row;
	(void)status;
	deaths_told++;
}

static void count_turn(void *context)
{
	(void)context;
	turns++;
}

/* A plan of these children, all RESTART, with limits that no busy machine reaches; a test shortens those it is about. */
static void set_stage(uint32_t rows, process_main *a, process_main *b, process_main *c)
{
	static const struct worker_progress *progress[ROWS_MAX];
	static const char *const             names[ROWS_MAX] = { "a", "b", "c" };
	process_main *const                  run[ROWS_MAX] = { a, b, c };
	stage = mmap(0, sizeof *stage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stage == MAP_FAILED) SKIP("no memory for a shared page");
	plan = (struct watchdog_plan){ .rows = rows, .life = &stage->life, .requests = &stage->requests, .answers = &stage->answers,
		.home = test_folder(), .on_death = count_death, .on_turn = count_turn };
	plan.limits = (struct process_limits){ .heartbeat_ns = 300 * NS_PER_S, .boot_grace_ns = 300 * NS_PER_S, .term_grace_ns = 300 * NS_PER_S,
		.backoff_first_ns = NS_PER_MS, .backoff_most_ns = NS_PER_S, .healthy_ns = 300 * NS_PER_S, .restarts_hour_max = 100 };
	for (uint32_t i = 0; i < rows; i++) {
		progress[i] = &stage->progress[i];
		plan.row[i] = (struct watchdog_row){ .name = names[i], .run = run[i], .stop_order = i, .workers = 1, .progress = &progress[i], .wake_fd = -1 };
	}
	patience_ns = clock_monotonic_ns() + PATIENCE_S * NS_PER_S;
}

/* Runs until `over`, which must come before patience ends; afterwards nobody is left. */
static int run_until(bool (*over)(void *context))
{
	plan.should_end = over;
	int code = watchdog_run(&dog, &plan);
	CHECK(!patience_is_over());
	CHECK(waitpid(-1, 0, 0) == -1 && errno == ECHILD);
	for (uint32_t i = 0; i < plan.rows; i++) CHECK_EQ(life_of(i)->state, PROCESS_DONE);
	return code;
}

static bool words_say(const char *what)
{
	static struct lastword word[LASTWORDS_MAX];
	uint32_t               count = 0;
	CHECK_EQ(lastwords_read(test_folder(), word, &count), FILES_OK);
	for (uint32_t i = 0; i < count; i++)
		if (strstr(word[i].text, what)) return true;
	return false;
}

static bool a_lives_again(void *context)
{
	(void)context;
	return (stage->lives[ROW_A] >= 2 && is_ready(ROW_A)) || patience_is_over();
}

static bool all_are_ready(void *context)
{
	bool all = true;
	(void)context;
	for (uint32_t i = 0; i < plan.rows; i++) all = all && is_ready(i);
	return all || patience_is_over();
}

/* Lines of the diary that begin a sentence of `a`, and those counted behind them. */
static uint64_t sentences_told(void)
{
	static struct lastword word[LASTWORDS_MAX];
	uint32_t               count = 0;
	uint64_t               told = 0;
	CHECK_EQ(lastwords_read(test_folder(), word, &count), FILES_OK);
	for (uint32_t i = 0; i < count; i++) {
		const char *more = strstr(word[i].text, ". (");
		if (!strstr(word[i].text, " a: sentence ")) continue;
		told += 1 + (more ? strtoull(more + 3, 0, 10) : 0);
	}
	return told;
}

TEST(t_P8_each_sentence_is_told_or_counted)
{
	set_stage(1, child_talks_first, 0, 0);
	CHECK_EQ(run_until(a_lives_again), 0);
	CHECK_EQ(sentences_told(), SENTENCES);
	CHECK(words_say("a: sentence 50."));
}

TEST(t_P8_a_sentence_cut_by_death_is_not_passed_over)
{
	set_stage(1, child_dies_talking_first, 0, 0);
	CHECK_EQ(run_until(a_lives_again), 0);
	CHECK(words_say("a: died in the middle of a sentence"));
	CHECK(words_say("a: back again"));
	CHECK(!words_say("more)"));
}

TEST(t_P3_one_that_dies_at_once_is_brought_back)
{
	set_stage(1, child_dies_first, 0, 0);
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK_EQ(stage->lives[ROW_A], 2);
	CHECK(life_of(ROW_A)->restarts == 1 && life_of(ROW_A)->deaths == 1 && life_of(ROW_A)->hangs == 0);
	CHECK(deaths_told == 2 && turns > 0 && stage->life.turns == turns);
	CHECK_STR(life_of(ROW_A)->name, "a");
	printf("  from its first line to that of its successor: %lld us\n", (long long)(stage->born_ns[ROW_A][1] - stage->born_ns[ROW_A][0]) / 1000);
	CHECK(words_say("a: exit 3") && words_say("watchdog: starts") && words_say("watchdog: has ended"));
}

TEST(t_P3_a_bug_is_told_by_its_number)
{
	set_stage(1, child_traps, 0, 0);
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK(words_say("a: bug 1224"));
}

static bool a_is_held(void *context)
{
	(void)context;
	return life_of(ROW_A)->state == PROCESS_HELD || patience_is_over();
}

TEST(t_P3_a_crash_loop_backs_off_and_is_held_down)
{
	set_stage(2, child_dies, child_works, 0);
	plan.limits.restarts_hour_max = 6;
	plan.limits.backoff_first_ns = 20 * NS_PER_MS;
	CHECK_EQ(run_until(a_is_held), CLI_DONE);
	CHECK_EQ(stage->lives[ROW_A], 7);
	CHECK_EQ(life_of(ROW_A)->deaths, 7);
	for (uint32_t i = 2; i < 7; i++)
		CHECK(stage->born_ns[ROW_A][i] - stage->born_ns[ROW_A][i - 1] >= plan.limits.backoff_first_ns / 2 << (i - 2));
	CHECK_EQ(stage->lives[ROW_B], 1);        /* the others go on */
	CHECK(words_say("a: died too often within an hour: held down"));
}

TEST(t_P3_one_that_hangs_is_killed_and_brought_back)
{
	set_stage(1, child_hangs_first, 0, 0);
	plan.limits.heartbeat_ns = NS_PER_S;
	plan.limits.term_grace_ns = NS_PER_S;
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK(life_of(ROW_A)->hangs >= 1);
	CHECK(stage->born_ns[ROW_A][1] - stage->born_ns[ROW_A][0] >= 2 * NS_PER_S);        /* a heartbeat and a grace */
	CHECK(words_say("a: no beat: hung") && words_say("a: does not end on SIGTERM: killed") && words_say("a: killed by signal 9 (SIGKILL)"));
}

/* It beats and does nothing in its first life, as somebody else sees who knows what it should do. */
static const char *first_life_is_idle(void *context, uint32_t row, bool is_ready, int64_t now_ns)
{
	(void)context;
	CHECK(now_ns > 0 && row == ROW_A);
	return is_ready && stage->lives[ROW_A] == 1 ? "the soup is not stirred" : 0;
}

TEST(t_P3_one_that_lives_without_working_is_ended_and_brought_back)
{
	set_stage(1, child_works, 0, 0);
	plan.has_stalled = first_life_is_idle;
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK(life_of(ROW_A)->hangs == 1 && life_of(ROW_A)->stalls == 1 && life_of(ROW_A)->deaths == 1);
	CHECK(words_say("a: lives without working: the soup is not stirred") && !words_say("no beat"));
}

/* Nobody looks at a machine that was on for longer than the deadline before its processes are: the first question comes before the first life. */
static struct { uint32_t questions; bool is_before_birth; } first;
static const char *hears_of_each_life(void *context, uint32_t row, bool is_ready, int64_t now_ns)
{
	(void)context, (void)now_ns;
	if (first.questions++ == 0) first.is_before_birth = !is_ready && dog.child[row].pid <= 0;
	return 0;
}

static bool is_asked_again(void *context)
{
	(void)context;
	return first.questions > 1 || patience_is_over();
}

TEST(t_P2_deadlines_begin_before_the_first_life)
{
	set_stage(1, child_works, 0, 0);
	memset(&first, 0, sizeof first);
	plan.has_stalled = hears_of_each_life;
	CHECK_EQ(run_until(is_asked_again), CLI_DONE);
	CHECK(first.questions > 1 && first.is_before_birth);
}

/* The watchdog and its child stand still for longer than a heartbeat, and the watchdog has its turns first. */
static uint32_t turns_since;
static void stands_still(void *context)
{
	(void)context;
	if (turns_since == 0 && life_of(ROW_A)->state != PROCESS_READY) return;
	if (turns_since++ == 0) {
		(void)kill(stage->pid[ROW_A], SIGSTOP);
		nap(1500);
	} else if (turns_since == 3) {
		(void)kill(stage->pid[ROW_A], SIGCONT);
	}
}

static bool has_gone_on(void *context)
{
	(void)context;
	return turns_since > 10 || patience_is_over();
}

TEST(t_P2_P3_nobody_is_late_for_a_machine_that_stood_still)
{
	set_stage(1, child_works, 0, 0);
	turns_since = 0;
	plan.limits.heartbeat_ns = NS_PER_S;
	plan.on_turn = stands_still;
	CHECK_EQ(run_until(has_gone_on), CLI_DONE);
	CHECK(turns_since > 10 && life_of(ROW_A)->hangs == 0 && stage->lives[ROW_A] == 1);
	CHECK(words_say("watchdog: stood still for 1"));
}

static uint64_t jitter_after_a_loop(uint64_t seed)
{
	set_stage(1, child_dies, 0, 0);
	plan.limits.restarts_hour_max = 3;
	plan.seed = seed;
	CHECK_EQ(run_until(a_is_held), CLI_DONE);
	return dog.process[ROW_A].random;
}

TEST(t_P3_the_jitter_of_a_seed_is_always_the_same)
{
	uint64_t once = jitter_after_a_loop(7);
	CHECK(once == jitter_after_a_loop(7) && once != jitter_after_a_loop(8));
	CHECK(jitter_after_a_loop(0) != jitter_after_a_loop(0));        /* the kernel's: no two boots alike */
}

TEST(t_P3_one_that_never_gets_ready_is_brought_back)
{
	set_stage(1, child_never_boots_first, 0, 0);
	plan.limits.boot_grace_ns = NS_PER_S;
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK(life_of(ROW_A)->hangs >= 1);
	CHECK(words_say("a: does not get ready") && words_say("a: killed by signal 15 (SIGTERM)"));
}

TEST(t_P3_readiness_of_a_predecessor_does_not_count)
{
	set_stage(1, child_never_boots_first, 0, 0);
	stage->progress[ROW_A].ready_ns = clock_monotonic_ns() - 1;
	plan.limits.boot_grace_ns = NS_PER_S;
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK(words_say("a: does not get ready"));
}

/* --- each state, and what may come in it -------------------------------------------------------------------------- */

static bool a_is_late(void *context)
{
	(void)context;
	return life_of(ROW_A)->state == PROCESS_LATE || patience_is_over();
}

static bool a_waits_to_be_forked(void *context)
{
	(void)context;
	return life_of(ROW_A)->state == PROCESS_BACKOFF || patience_is_over();
}

static int child_beats_before_it_is_ready(void *context, uint32_t row)
{
	for (int i = 0; i < 20; i++) {
		__atomic_add_fetch(&stage->progress[row].beats, 1, __ATOMIC_SEQ_CST);
		nap(BEAT_MS);
	}
	return child_works(context, row);
}

/* Dies when its watchdog has called it READY. */
static int child_dies_ready(void *context, uint32_t row)
{
	(void)context;
	(void)be_born(row);
	__atomic_store_n(&stage->progress[row].ready_ns, clock_monotonic_ns(), __ATOMIC_SEQ_CST);
	while (!is_ready(row)) nap(1);
	return 3;
}

_Noreturn static int child_hangs(void *context, uint32_t row)
{
	(void)context;
	(void)be_born(row);
	for (;;) nap(1000);
}

_Noreturn static int child_hangs_and_ignores_term(void *context, uint32_t row)
{
	(void)signal(SIGTERM, SIG_IGN);
	child_hangs(context, row);
}

TEST(t_P3_a_beat_puts_off_the_end_of_a_boot)
{
	set_stage(1, child_beats_before_it_is_ready, 0, 0);
	CHECK_EQ(run_until(all_are_ready), CLI_DONE);
}

TEST(t_P3_one_that_dies_ready_too_often_is_held_down)
{
	set_stage(1, child_dies_ready, 0, 0);
	plan.limits.restarts_hour_max = 1;
	CHECK_EQ(run_until(a_is_held), CLI_DONE);
	CHECK_EQ(stage->lives[ROW_A], 2);
}

TEST(t_P3_one_that_hangs_too_often_is_held_down)
{
	set_stage(1, child_hangs, 0, 0);
	plan.limits.restarts_hour_max = 1;
	plan.limits.boot_grace_ns = NS_PER_S / 5;
	CHECK_EQ(run_until(a_is_held), CLI_DONE);
	CHECK(life_of(ROW_A)->hangs == 2 && WTERMSIG(life_of(ROW_A)->last_status) == SIGTERM);
}

TEST(t_P3_one_that_must_be_killed_too_often_is_held_down)
{
	set_stage(1, child_hangs_and_ignores_term, 0, 0);
	plan.limits.restarts_hour_max = 1;
	plan.limits.boot_grace_ns = plan.limits.term_grace_ns = NS_PER_S / 5;
	CHECK_EQ(run_until(a_is_held), CLI_DONE);
	CHECK(life_of(ROW_A)->hangs == 2 && WTERMSIG(life_of(ROW_A)->last_status) == SIGKILL);
}

TEST(t_P4_the_end_comes_while_one_is_late)
{
	set_stage(1, child_hangs_and_ignores_term, 0, 0);
	plan.limits.boot_grace_ns = plan.limits.term_grace_ns = NS_PER_S / 5;
	CHECK_EQ(run_until(a_is_late), CLI_FAILED);
	CHECK_EQ(stage->lives[ROW_A], 1);
}

TEST(t_P4_the_end_comes_while_one_waits_to_be_forked)
{
	set_stage(1, child_dies, 0, 0);
	plan.limits.backoff_first_ns = plan.limits.backoff_most_ns = 300 * NS_PER_S;
	CHECK_EQ(run_until(a_waits_to_be_forked), CLI_DONE);
}

TEST(t_P3_a_kernel_that_cannot_fork_is_asked_again_later)
{
	set_stage(1, child_works, 0, 0);
	plan.limits.backoff_first_ns = plan.limits.backoff_most_ns = 300 * NS_PER_S;
	int status = -1, child = fork(); /* the filter is for good, and who tidies up must fork */
	if (child == 0) {
		without_call(SYS_fork, EAGAIN);
		without_call(SYS_clone, EAGAIN);
		_exit(run_until(a_waits_to_be_forked));
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, CLI_DONE);
	CHECK(life_of(ROW_A)->deaths == 0 && stage->lives[ROW_A] == 0 && words_say("a: cannot be forked"));
}

static bool a_has_died(void *context)
{
	(void)context;
	return life_of(ROW_A)->deaths > 0 || patience_is_over();
}

TEST(t_P4_stop_all_ends_everything_and_says_so)
{
	set_stage(3, child_dies, child_works, child_works);
	plan.row[ROW_A].policy = WATCHDOG_STOP_ALL;
	CHECK_EQ(run_until(a_has_died), CLI_FAILED);
	CHECK_EQ(stage->lives[ROW_A], 1);
	CHECK(words_say("watchdog: ends: a process has died that must not"));
}

TEST(t_P4_stop_all_ends_everything_whatever_its_row_was_doing)
{
	set_stage(1, child_dies_ready, 0, 0);
	plan.row[ROW_A].policy = WATCHDOG_STOP_ALL;
	CHECK_EQ(run_until(a_has_died), CLI_FAILED);
	set_stage(1, child_hangs, 0, 0);
	plan.row[ROW_A].policy = WATCHDOG_STOP_ALL;
	plan.limits.boot_grace_ns = NS_PER_S / 5;
	CHECK_EQ(run_until(a_has_died), CLI_FAILED);
	CHECK_EQ(life_of(ROW_A)->hangs, 1);
}

TEST(t_P4_one_that_ignores_sigterm_is_killed_after_its_grace)
{
	set_stage(2, child_ignores_term, child_works, 0);
	plan.limits.term_grace_ns = NS_PER_S / 2;
	CHECK_EQ(run_until(all_are_ready), CLI_FAILED);
	CHECK(WIFSIGNALED(life_of(ROW_A)->last_status) && WTERMSIG(life_of(ROW_A)->last_status) == SIGKILL);
	CHECK_EQ(life_of(ROW_B)->last_status, 0);
}

static void ask_by_sigterm(void *context)
{
	(void)context;
	if (!dog.is_ending && all_are_ready(0)) (void)raise(SIGTERM);
}

TEST(t_P4_the_end_goes_in_its_order_and_waits_for_each)
{
	static const uint32_t order[3] = { 2, 0, 1 }, want[3] = { ROW_B, ROW_C, ROW_A };
	set_stage(3, child_works, child_works, child_works);
	for (uint32_t i = 0; i < 3; i++) plan.row[i].stop_order = order[i];
	plan.on_turn = ask_by_sigterm;
	CHECK_EQ(run_until(0), CLI_DONE);
	CHECK_EQ(stage->notes, 6);
	for (uint32_t i = 0; i < 3; i++) {
		CHECK(stage->note[2 * i].row == want[i] && stage->note[2 * i].kind == NOTE_TERM);
		CHECK(stage->note[2 * i + 1].row == want[i] && stage->note[2 * i + 1].kind == NOTE_END);
	}
}

static void ask_by_sigint_twice(void *context)
{
	(void)context;
	if (!dog.is_hurried && all_are_ready(0)) (void)raise(SIGINT);
	if (dog.is_ending && !dog.is_hurried) (void)raise(SIGINT);
}

TEST(t_P4_a_second_sigint_waits_for_nobody)
{
	set_stage(3, child_ignores_term, child_ignores_term, child_works);
	plan.on_turn = ask_by_sigint_twice;
	CHECK_EQ(run_until(0), CLI_FAILED);
	for (uint32_t i = 0; i < 2; i++) CHECK(WIFSIGNALED(life_of(i)->last_status) && WTERMSIG(life_of(i)->last_status) == SIGKILL);
}

static void hang_up_on_it(void *context)
{
	(void)context;
	(void)raise(SIGHUP);
	(void)kill(stage->pid[ROW_A] ? stage->pid[ROW_A] : getpid(), SIGHUP);
}

static bool has_turned_often(void *context) { return (all_are_ready(context) && stage->life.turns > 5) || patience_is_over(); }

TEST(t_P4_a_lost_terminal_ends_nobody)
{
	set_stage(1, child_works, 0, 0);
	plan.on_turn = hang_up_on_it;
	CHECK_EQ(run_until(has_turned_often), CLI_DONE);
	CHECK(stage->lives[ROW_A] == 1 && life_of(ROW_A)->deaths == 0);
}

/* The desk is held down; the rescue works; the desk is well again and released; both have been there, never together. */
static void heal_the_desk(void *context)
{
	(void)context;
	if (stage->desk_is_well || !is_ready(ROW_B)) return;
	CHECK_EQ(life_of(ROW_A)->state, PROCESS_HELD);
	stage->desk_is_well = true;
	(void)raise(SIGUSR2);
}

static bool desk_is_back(void *context)
{
	(void)context;
	return (stage->desk_is_well && is_ready(ROW_A)) || patience_is_over();
}

TEST(t_X1_the_standby_lives_only_while_the_desk_is_held_down)
{
	set_stage(2, child_desk, child_rescue, 0);
	plan.row[ROW_B].policy = WATCHDOG_STANDBY;
	plan.row[ROW_B].stands_for = ROW_A;
	plan.limits.restarts_hour_max = 3;
	plan.on_turn = heal_the_desk;
	CHECK_EQ(run_until(desk_is_back), CLI_DONE);
	CHECK_EQ(stage->lives[ROW_A], 5);        /* four that died, one that works */
	CHECK_EQ(stage->lives[ROW_B], 1);
	CHECK_EQ(stage->rivals_met, 0);
	CHECK(words_say("a: released"));
}

static void kill_the_rescue(void *context)
{
	(void)context;
	if (stage->lives[ROW_B] < 4 && is_ready(ROW_B) && stage->lives[ROW_B] == life_of(ROW_B)->restarts + 1) (void)kill(stage->pid[ROW_B], SIGKILL);
	if (stage->lives[ROW_B] >= 4) heal_the_desk(context);
}

TEST(t_X1_a_standby_that_dies_comes_back_while_it_is_needed)
{
	set_stage(2, child_desk, child_rescue, 0);
	plan.row[ROW_B].policy = WATCHDOG_STANDBY;
	plan.row[ROW_B].stands_for = ROW_A;
	plan.limits.restarts_hour_max = 3;
	plan.on_turn = kill_the_rescue;
	CHECK_EQ(run_until(desk_is_back), CLI_DONE);
	CHECK(stage->lives[ROW_B] >= 4);
	CHECK_EQ(stage->rivals_met, 0);
}

TEST(t_X1_a_standby_nobody_needs_is_never_forked)
{
	set_stage(2, child_dies_first, child_rescue, 0);
	plan.row[ROW_B].policy = WATCHDOG_STANDBY;
	plan.row[ROW_B].stands_for = ROW_A;
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK_EQ(stage->lives[ROW_B], 0);
}

static bool an_orphan_is_buried(void *context) { return (a_lives_again(context) && dog.orphans == 1) || patience_is_over(); }

TEST(t_P3_orphans_are_buried)
{
	set_stage(1, child_leaves_an_orphan, 0, 0);
	CHECK_EQ(run_until(an_orphan_is_buried), CLI_DONE);
	CHECK_EQ(dog.orphans, 1);
}

TEST(t_P3_children_die_with_their_watchdog)
{
	int status;
	set_stage(2, child_works, child_ignores_term, 0);
	CHECK(process_adopt_orphans());
	pid_t parent = fork();
	if (parent == 0) _exit(watchdog_run(&dog, &plan));
	while (!all_are_ready(0)) nap(10);
	CHECK(!patience_is_over());
	CHECK_EQ(kill(parent, SIGKILL), 0);
	CHECK_EQ(waitpid(parent, &status, 0), parent);
	for (uint32_t i = 0; i < 2; i++) {
		CHECK_EQ(waitpid(stage->pid[i], &status, 0), stage->pid[i]);        /* ours since its parent died */
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	CHECK(words_say("watchdog: starts"));
}

/* --- the operator ------------------------------------------------------------------------------------------------- */

static struct operator_request command = { .command = OPERATOR_HALT, .sym = SYM_NONE, .code = 77 };

static bool a_command_has_come(void *context)
{
	(void)context;
	return stage->requests.count == 1 || patience_is_over();
}

static void write_a_command(void *context)
{
	static bool written;
	(void)context;
	if (written || !is_ready(ROW_A)) return;
	written = true;
	CHECK_EQ(operator_file_write(test_folder(), &command), OPERATOR_FILE_OK);
	(void)raise(SIGUSR1);
}

static bool rings(int fd)
{
	struct pollfd bell = { .fd = fd, .events = POLLIN };
	return poll(&bell, 1, 0) == 1;
}

TEST(t_R9_a_command_is_numbered_and_rung_at_those_who_trade)
{
	set_stage(2, child_works, child_works, 0);
	for (uint32_t i = 0; i < 2; i++) plan.row[i].wake_fd = wake_make();
	plan.row[ROW_B].hears_operator = true;
	plan.on_turn = write_a_command;
	CHECK_EQ(run_until(a_command_has_come), CLI_DONE);
	CHECK(stage->requests.ring[0].seq == 1 && stage->requests.ring[0].code == 77 && stage->requests.ring[0].command == OPERATOR_HALT);
	CHECK(!rings(plan.row[ROW_A].wake_fd) && rings(plan.row[ROW_B].wake_fd));
	CHECK_EQ(dog.refused, 0);
}

/* One command a turn, until one is refused; then the first is answered, and one more fits. */
static void write_commands(void *context)
{
	(void)context;
	if (!is_ready(ROW_A)) return;
	if (dog.refused) {
		stage->answers.ring[0].outcome = OPERATOR_REFUSED;
		stage->answers.ring[0].seq = 1;
	}
	if (operator_file_write(test_folder(), &command) == OPERATOR_FILE_OK) (void)raise(SIGUSR1);
}

static bool one_more_has_come(void *context)
{
	(void)context;
	return stage->requests.count == OPERATOR_RING + 1 || patience_is_over();
}

static struct operator_desk console;

/* First one that is sane and one that is not; then more than there is room for. */
static void call_from_the_console(void *context)
{
	if (!all_are_ready(context) || console.count > 2 || dog.called != console.count) return;
	for (int i = 0; i < OPERATOR_RING; i++) console.ring[i] = (struct operator_request){ .command = OPERATOR_COMMANDS_N, .sym = SYM_NONE };
	console.ring[0] = command;
	console.count += console.count ? OPERATOR_RING + 1 : 2;
	(void)raise(SIGUSR1);
}

static bool console_is_heard(void *context)
{
	(void)context;
	return dog.called > OPERATOR_RING || patience_is_over();
}

TEST(t_R9_of_a_console_nothing_is_believed)
{
	set_stage(1, child_works, 0, 0);
	plan.calls = &console;
	plan.on_turn = call_from_the_console;
	CHECK_EQ(run_until(console_is_heard), CLI_DONE);
	CHECK(stage->requests.count >= 1 && stage->requests.ring[0].code == command.code);
	CHECK(dog.refused >= OPERATOR_RING - 1);
	CHECK(words_say("commands of a console are lost"));
}

TEST(t_P3_without_a_home_it_keeps_no_diary_and_lives)
{
	set_stage(2, child_dies_first, child_works, 0);
	plan.home = 0;
	plan.row[ROW_B].workers = 0;
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK_EQ(life_of(ROW_A)->deaths, 1);
}

TEST(t_R9_a_command_nobody_has_answered_is_never_written_over)
{
	set_stage(1, child_works, 0, 0);
	plan.on_turn = write_commands;
	CHECK_EQ(run_until(one_more_has_come), CLI_DONE);
	CHECK_EQ(dog.refused, 1);
	CHECK_EQ(stage->requests.ring[0].seq, OPERATOR_RING + 1);
	for (uint32_t i = 1; i < OPERATOR_RING; i++) CHECK_EQ(stage->requests.ring[i].seq, i + 1);
	CHECK(words_say("watchdog: a command is refused: too many wait for an answer"));
}

TEST(t_R9_a_command_from_before_the_start_is_dropped)
{
	set_stage(1, child_works, 0, 0);
	CHECK_EQ(operator_file_write(test_folder(), &command), OPERATOR_FILE_OK);
	CHECK_EQ(run_until(all_are_ready), CLI_DONE);
	CHECK_EQ(stage->requests.count, 0);
	CHECK(words_say("watchdog: a command from before the start is dropped"));
}

/* --- the service manager ------------------------------------------------------------------------------------------ */

TEST(t_P3_the_service_manager_hears_ready_and_stopping)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char               text[NOTIFY_TEXT_MAX + 1];
	bool               ready = false, stopping = false, alive = false;
	int                manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	set_stage(2, child_works, child_works, 0);
	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s/manager", test_folder());
	CHECK_EQ(bind(manager, (struct sockaddr *)&at, sizeof at), 0);
	CHECK_EQ(setenv("NOTIFY_SOCKET", at.sun_path, 1), 0);
	CHECK_EQ(setenv("WATCHDOG_USEC", "30000000", 1), 0);
	CHECK_EQ(run_until(all_are_ready), CLI_DONE);
	CHECK_EQ(dog.feed_every_ns, WATCHDOG_NOTIFY_MS * NS_PER_MS);        /* at the least */
	for (ssize_t bytes; (bytes = recv(manager, text, sizeof text - 1, 0)) > 0;) {
		text[bytes] = '\0';
		CHECK(!ready || strcmp(text, "READY=1") != 0);        /* once */
		CHECK(strcmp(text, "STOPPING=1") != 0 || ready);
		ready = ready || strcmp(text, "READY=1") == 0;
		stopping = stopping || strcmp(text, "STOPPING=1") == 0;
		alive = alive || strcmp(text, "WATCHDOG=1") == 0;
	}
	CHECK(ready && stopping && alive);
}

/* --- those above us are fed while all is well ---------------------------------------------------------------------- */

static int      manager = -1;
static uint64_t fed_when_late, words_when_late;

static void open_manager(const char *usec)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s/manager", test_folder());
	CHECK_EQ(bind(manager, (struct sockaddr *)&at, sizeof at), 0);
	CHECK_EQ(setenv("NOTIFY_SOCKET", at.sun_path, 1), 0);
	CHECK_EQ(setenv("WATCHDOG_USEC", usec, 1), 0);
}

static const char *make_device(void)
{
	static char path[FILES_PATH_MAX];
	(void)snprintf(path, sizeof path, "%s/watchdog", test_folder());
	(void)close(open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600));
	return path;
}

static uint64_t watchdog_words(void)
{
	char     text[NOTIFY_TEXT_MAX + 1];
	uint64_t count = 0;
	for (ssize_t bytes; (bytes = recv(manager, text, sizeof text - 1, 0)) > 0;) {
		text[bytes] = '\0';
		count += strcmp(text, "WATCHDOG=1") == 0;
	}
	return count;
}

/* Late from its heartbeat on, as nobody ends it: three times unfed, then it is let go. */
static void look_while_late(void *context)
{
	(void)context;
	if (life_of(ROW_A)->state != PROCESS_LATE) return;
	if (!fed_when_late) {
		fed_when_late = dog.device.fed;
		words_when_late = watchdog_words();
	}
	CHECK_EQ(dog.device.fed, fed_when_late);
	if (dog.starved == 3) CHECK_EQ(kill(stage->pid[ROW_A], SIGKILL), 0);
}

TEST(t_P3_a_late_process_starves_the_hardware_and_the_service_manager)
{
	set_stage(1, child_hangs_first, 0, 0);
	open_manager("400000");
	plan.device = make_device();
	plan.limits.heartbeat_ns = NS_PER_S;
	plan.on_turn = look_while_late;
	fed_when_late = words_when_late = 0;
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK_EQ(dog.feed_every_ns, 200 * NS_PER_MS);        /* twice in the time that is asked for */
	CHECK(dog.starved >= 3 && fed_when_late > 0 && words_when_late > 0);
	CHECK(dog.device.fed > fed_when_late && watchdog_words() == dog.device.fed - fed_when_late);        /* both again, from its next life on */
	CHECK(words_say("watchdog: feeds the hardware's watchdog"));
}

static bool three_are_fed(void *context)
{
	(void)context;
	return dog.device.fed + dog.starved >= 3 || patience_is_over();
}

TEST(t_P3_a_crash_loop_that_is_held_down_resets_no_machine)
{
	set_stage(2, child_dies, child_works, 0);
	open_manager("400000");
	plan.device = make_device();
	plan.limits.restarts_hour_max = 2;
	CHECK_EQ(run_until(three_are_fed), CLI_DONE);
	CHECK(dog.device.fed >= 3 && dog.starved == 0);
}

TEST(t_P3_without_a_device_there_is_a_sentence_and_trade)
{
	set_stage(1, child_works, 0, 0);
	plan.device = "/nonexistent/watchdog";
	CHECK_EQ(run_until(all_are_ready), CLI_DONE);
	CHECK(words_say("watchdog: no hardware watchdog at /nonexistent/watchdog"));
}

static void too_many_rows(void)
{
	plan.rows = LIFE_ROWS + 1;
	(void)watchdog_run(&dog, &plan);
}

static void standby_of_nobody(void)
{
	plan.row[ROW_B].policy = WATCHDOG_STANDBY;
	plan.row[ROW_B].stands_for = 7;
	(void)watchdog_run(&dog, &plan);
}

TEST(t_P1_a_plan_that_cannot_be_is_a_bug)
{
	set_stage(2, child_works, child_works, 0);
	CHECK_BUG(too_many_rows, 4050);
	CHECK_BUG(standby_of_nobody, 4051);
}
