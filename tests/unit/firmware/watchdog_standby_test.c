/* watchdog_standby_test.c - who stands for another lives only while that one is held down, and never beside it (X1). */
#include "tests/unit/firmware/watchdog_rig.h"

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

static int child_rescue_stays(void *context, uint32_t row)
{
	meet_rival(ROW_A);
	return child_ignores_term(context, row);
}

TEST(t_X1_the_desk_waits_for_a_rescue_that_does_not_end)
{
	set_stage(2, child_desk, child_rescue_stays, 0);
	plan.row[ROW_B].policy = WATCHDOG_STANDBY;
	plan.row[ROW_B].stands_for = ROW_A;
	plan.limits.restarts_hour_max = 3;
	plan.limits.term_grace_ns = NS_PER_S / 2;
	plan.on_turn = heal_the_desk;
	CHECK_EQ(run_until(desk_is_back), CLI_DONE);
	CHECK(stage->lives[ROW_A] == 5 && stage->lives[ROW_B] == 1);
	CHECK_EQ(stage->rivals_met, 0);
	CHECK(WIFSIGNALED(life_of(ROW_B)->last_status) && WTERMSIG(life_of(ROW_B)->last_status) == SIGKILL);
}

static void heal_the_desk_when_both_are_held(void *context)
{
	(void)context;
	if (stage->desk_is_well || life_of(ROW_A)->state != PROCESS_HELD || life_of(ROW_B)->state != PROCESS_HELD) return;
	stage->desk_is_well = true;
	(void)raise(SIGUSR2);
}

static bool desk_is_back_alone(void *context) { return (desk_is_back(context) && life_of(ROW_B)->state == PROCESS_OFF) || patience_is_over(); }

/* Who asks for all that is held down asks for the desk: nobody wants its rescue beside it. */
TEST(t_X1_a_rescue_that_is_held_down_as_well_is_not_released_with_its_desk)
{
	set_stage(2, child_desk, child_dies, 0);
	plan.row[ROW_B].policy = WATCHDOG_STANDBY;
	plan.row[ROW_B].stands_for = ROW_A;
	plan.limits.restarts_hour_max = 1;
	plan.on_turn = heal_the_desk_when_both_are_held;
	CHECK_EQ(run_until(desk_is_back_alone), CLI_DONE);
	CHECK(stage->lives[ROW_A] == 3 && stage->lives[ROW_B] == 2);
	CHECK(words_say("a: released") && !words_say("b: released"));
}
