/* watchdog_lives_test.c - one life after another: the watchdog brings back, waits longer each time, holds down and buries (P1, P2, P3). */
#include <stdio.h>
#include <sys/syscall.h>

#include "tests/kit/without_call.h"
#include "tests/unit/firmware/watchdog_rig.h"

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

/* Of who is not READY there is always something to say, and it counts as nothing: it is how deadlines begin anew. */
static uint32_t begun_anew;
static const char *has_not_begun(void *context, uint32_t row, bool is_ready, int64_t now_ns)
{
	(void)context, (void)now_ns;
	begun_anew += !is_ready && row == ROW_A && life_of(ROW_A)->state == PROCESS_READY;
	return is_ready ? 0 : "has not begun";
}

static void stands_still_beside_a_dead_one(void *context)
{
	if (life_of(ROW_B)->state == PROCESS_BACKOFF) stands_still(context);
}

TEST(t_P2_P3_what_stood_still_begins_its_deadlines_anew_and_hurries_nobody)
{
	set_stage(2, child_works, child_dies, 0);
	turns_since = begun_anew = 0;
	plan.limits.heartbeat_ns = NS_PER_S;
	plan.limits.backoff_first_ns = plan.limits.backoff_most_ns = 300 * NS_PER_S;
	plan.on_turn = stands_still_beside_a_dead_one;
	plan.has_stalled = has_not_begun;
	CHECK_EQ(run_until(has_gone_on), CLI_DONE);
	CHECK(words_say("watchdog: stood still for 1") && !words_say("lives without working"));
	CHECK(begun_anew >= 1 && life_of(ROW_A)->hangs == 0 && stage->lives[ROW_A] == 1);
	CHECK(life_of(ROW_B)->deaths == 2 && stage->lives[ROW_B] == 2);        /* the first restart is at once, the second waits */
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

/* --- before it is ready --------------------------------------------------------------------------------------------- */

static int child_never_boots_first(void *context, uint32_t row)
{
	if (stage->lives[row] > 0) return child_works(context, row);
	(void)be_born(row);
	for (;;) nap(1000);
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

static int child_beats_before_it_is_ready(void *context, uint32_t row)
{
	for (int i = 0; i < 20; i++) {
		__atomic_add_fetch(&stage->progress[row].beats, 1, __ATOMIC_SEQ_CST);
		nap(BEAT_MS);
	}
	return child_works(context, row);
}

TEST(t_P3_a_beat_puts_off_the_end_of_a_boot)
{
	set_stage(1, child_beats_before_it_is_ready, 0, 0);
	CHECK_EQ(run_until(all_are_ready), CLI_DONE);
}

/* --- too often ------------------------------------------------------------------------------------------------------ */

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

/* --- orphans, and a kernel or a home that is not there -------------------------------------------------------------- */

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

TEST(t_P3_without_a_home_it_keeps_no_diary_and_lives)
{
	set_stage(2, child_dies_first, child_works, 0);
	plan.home = 0;
	plan.row[ROW_B].workers = 0;
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK_EQ(life_of(ROW_A)->deaths, 1);
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
