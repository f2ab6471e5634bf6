/* watchdog_end_test.c - the end of all: in its order, by a signal or by a death that ends everything, whatever a process was doing (P4). */
#include "tests/unit/firmware/watchdog_rig.h"

static bool a_is_late(void *context)
{
	(void)context;
	return life_of(ROW_A)->state == PROCESS_LATE || patience_is_over();
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

static int child_fails_at_its_end(void *context, uint32_t row)
{
	(void)child_works(context, row);
	return 3;
}

/* It is no death in its life, and no good end either. */
TEST(t_P4_who_fails_while_it_ends_makes_the_end_a_failure)
{
	set_stage(2, child_fails_at_its_end, child_works, 0);
	CHECK_EQ(run_until(all_are_ready), CLI_FAILED);
	CHECK(words_say("a: exit 3") && !words_say("b: exit"));
	CHECK(life_of(ROW_A)->deaths == 0 && stage->lives[ROW_A] == 1);
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
