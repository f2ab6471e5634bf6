/* process_test.c - the life of a process on a made-up clock: backoff, holding down, hangs, the ordered end (P2, P3, P4). */
#include "fsm/care/process.h"

#include "tests/kit/test.h"

static struct machine_log    log_of_all;
static struct process        process;
static struct process_limits limits;
static int64_t               t_ns;

static void begin(void)
{
	struct settings settings;
	settings_default(&settings);
	process_limits_from(&limits, &settings);
	process_begin(&process, &limits);
	t_ns = NS_PER_S;
}

static void step(enum process_event event) { process_step(&process, event, t_ns, &log_of_all); }

/* Dies now, with that much chance in the jitter; returns the pause before the next life. */
static int64_t die(uint64_t random)
{
	process.random = random;
	step(process_end_event(&process, t_ns));
	return process.due_ns - t_ns;
}

static void live_again(void)
{
	t_ns = process.due_ns;
	step(process_due_event(&process));
	CHECK_EQ(process.state, PROCESS_BOOTING);
	CHECK_EQ(process.duty, PROCESS_DUTY_SPAWN);
}

TEST(t_P3_the_first_restart_is_at_once_and_then_the_pause_doubles)
{
	begin();
	limits.restarts_hour_max = 100;
	process_begin(&process, &limits);
	step(PROCESS_EV_SPAWN);
	CHECK_EQ(die(0), 0);
	int64_t whole_ns = limits.backoff_first_ns;
	for (int i = 0; i < 40; i++) {
		live_again();
		CHECK_EQ(die(0), whole_ns / 2);
		whole_ns = e8_min(whole_ns * 2, limits.backoff_most_ns);
	}
	CHECK_EQ(whole_ns, limits.backoff_most_ns);
}

/* A most that is far beyond what doubling reaches: the pause stops growing instead of leaving its number. */
TEST(t_P3_the_pause_of_one_that_always_dies_stays_a_number)
{
	begin();
	limits.restarts_hour_max = 100;
	limits.backoff_most_ns = INT64_MAX;
	process_begin(&process, &limits);
	step(PROCESS_EV_SPAWN);
	int64_t last_ns = 0;
	for (int i = 0; i < 50; i++) {
		int64_t pause_ns = die(0);
		CHECK(pause_ns >= last_ns);
		last_ns = pause_ns;
		live_again();
	}
	CHECK_EQ(last_ns, limits.backoff_first_ns / 2 << 20);
}

TEST(t_P3_jitter_fills_the_second_half_of_the_pause)
{
	for (uint64_t random = 0; random < 65536; random += 4095) {
		begin();
		step(PROCESS_EV_SPAWN);
		(void)die(random);
		live_again();
		int64_t pause_ns = die(random);
		CHECK(pause_ns >= limits.backoff_first_ns / 2 && pause_ns < limits.backoff_first_ns);
		CHECK_EQ(pause_ns, limits.backoff_first_ns / 2 + limits.backoff_first_ns / 2 * (int64_t)random / 65536);
	}
}

TEST(t_P3_a_healthy_period_forgives_the_failures)
{
	begin();
	step(PROCESS_EV_SPAWN);
	for (int i = 0; i < 5; i++) {
		(void)die(0);
		live_again();
	}
	step(PROCESS_EV_READY);
	t_ns += limits.healthy_ns - 1;
	CHECK(die(0) > 0);
	live_again();
	step(PROCESS_EV_READY);
	t_ns += limits.healthy_ns;
	CHECK_EQ(die(0), 0);
}

TEST(t_P3_one_death_too_many_in_an_hour_holds_it_down)
{
	begin();
	step(PROCESS_EV_SPAWN);
	for (uint32_t i = 0; i < limits.restarts_hour_max; i++) {
		(void)die(0);
		live_again();
	}
	(void)die(0);
	CHECK_EQ(process.state, PROCESS_HELD);
	CHECK(!process_is_live(&process));
	CHECK_EQ(process.due_ns, PROCESS_NEVER_NS);
	step(PROCESS_EV_RELEASE);
	CHECK_EQ(process.state, PROCESS_OFF);
	step(PROCESS_EV_SPAWN);
	CHECK_EQ(die(0), 0);        /* a new count, a new backoff */
}

TEST(t_P3_deaths_further_apart_never_hold_it_down)
{
	begin();
	step(PROCESS_EV_SPAWN);
	for (int i = 0; i < 3000; i++) {
		(void)die(0);
		CHECK_EQ(process.state, PROCESS_BACKOFF);
		live_again();
		t_ns += PROCESS_HOUR_NS / limits.restarts_hour_max;
	}
}

TEST(t_P3_no_restart_allowed_means_held_at_the_first_death)
{
	begin();
	limits.restarts_hour_max = 0;
	process_begin(&process, &limits);
	step(PROCESS_EV_SPAWN);
	(void)die(0);
	CHECK_EQ(process.state, PROCESS_HELD);
}

TEST(t_P3_a_beat_puts_the_deadline_off_and_silence_ends_in_sigkill)
{
	begin();
	step(PROCESS_EV_SPAWN);
	CHECK_EQ(process.due_ns, t_ns + limits.boot_grace_ns);
	t_ns += limits.boot_grace_ns - 1;
	step(PROCESS_EV_BEAT);
	CHECK_EQ(process.due_ns, t_ns + limits.boot_grace_ns);
	step(PROCESS_EV_READY);
	CHECK_EQ(process.due_ns, t_ns + limits.heartbeat_ns);
	t_ns = process.due_ns;
	step(process_due_event(&process));
	CHECK(process.state == PROCESS_LATE && process.duty == PROCESS_DUTY_TERM && process.hangs == 1);
	step(PROCESS_EV_BEAT);        /* too late */
	t_ns += limits.term_grace_ns;
	CHECK_EQ(process.due_ns, t_ns);
	step(process_due_event(&process));
	CHECK(process.state == PROCESS_KILLING && process.duty == PROCESS_DUTY_KILL);
	CHECK_EQ(die(0), 0);
	live_again();
}

TEST(t_P4_a_stop_is_sigterm_then_sigkill_and_no_way_back)
{
	begin();
	step(PROCESS_EV_SPAWN);
	step(PROCESS_EV_READY);
	step(PROCESS_EV_STOP);
	CHECK(process.state == PROCESS_TERMINATING && process.duty == PROCESS_DUTY_TERM);
	CHECK_EQ(process.due_ns, t_ns + CFG_term_grace_ms * NS_PER_MS);
	t_ns = process.due_ns;
	step(process_due_event(&process));
	CHECK(process.state == PROCESS_KILLING && process.duty == PROCESS_DUTY_KILL);
	CHECK_EQ(process_end_event(&process, t_ns), PROCESS_EV_GONE);
	step(PROCESS_EV_GONE);
	CHECK_EQ(process.state, PROCESS_DONE);
}

TEST(t_P4_a_stop_while_it_is_late_or_killed_keeps_it_down)
{
	begin();
	step(PROCESS_EV_SPAWN);
	step(PROCESS_EV_OVERDUE);
	process.duty = PROCESS_DUTY_NONE;
	step(PROCESS_EV_STOP);
	CHECK(process.state == PROCESS_TERMINATING && process.duty == PROCESS_DUTY_NONE);        /* SIGTERM is out */
	begin();
	step(PROCESS_EV_SPAWN);
	step(PROCESS_EV_OVERDUE);
	step(PROCESS_EV_GRACE_OVER);
	step(PROCESS_EV_STOP);
	CHECK_EQ(process.state, PROCESS_KILLING);
	step(process_end_event(&process, t_ns));
	CHECK_EQ(process.state, PROCESS_DONE);
	step(PROCESS_EV_RELEASE);
	step(PROCESS_EV_SPAWN);
	CHECK_EQ(process_end_event(&process, t_ns), PROCESS_EV_DIED);        /* the stop was of its last life */
}

TEST(t_P3_a_fork_that_fails_is_tried_for_ever)
{
	begin();
	step(PROCESS_EV_SPAWN);
	for (int i = 0; i < 1000; i++) {
		step(PROCESS_EV_FORK_FAILED);
		CHECK_EQ(process.state, PROCESS_BACKOFF);
		CHECK(process.due_ns - t_ns <= limits.backoff_most_ns);
		live_again();
	}
	CHECK_EQ(process_end_event(&process, t_ns), PROCESS_EV_DIED);
}

static void limits_beyond_the_ring(void)
{
	begin();
	limits.restarts_hour_max = PROCESS_DEATHS_MAX;
	process_begin(&process, &limits);
}

static void no_timer_is_due(void)
{
	begin();
	(void)process_due_event(&process);
}

TEST(t_P2_limits_that_cannot_be_kept_and_a_timer_that_is_not_set_trap)
{
	CHECK_BUG(limits_beyond_the_ring, 1600);
	CHECK_BUG(no_timer_is_due, 1603);
}

TEST(t_P3_those_above_us_are_fed_in_these_states)
{
	static const bool is_well[PROCESS_STATES_N] = { [PROCESS_OFF] = true, [PROCESS_BOOTING] = true, [PROCESS_READY] = true,
		[PROCESS_TERMINATING] = true, [PROCESS_BACKOFF] = true, [PROCESS_DONE] = true };
	struct process of = { 0 };
	for (uint8_t state = 0; state < PROCESS_STATES_N; state++) {
		of.state = state;
		CHECK_EQ(process_is_within_limits(&of, false), is_well[state]);
		CHECK_EQ(process_is_within_limits(&of, true), is_well[state] || state == PROCESS_HELD);
	}
}
