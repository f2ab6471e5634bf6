/* session_test.c - the session machine: its table, its story, and a long walk of everything that may happen. */
#include "hal/venues/session.h"

#include "tests/kit/test.h"
#include "tests/unit/hal/wire/mutate.h"

enum { WALK_STEPS = 200000 };

static struct venue_session session;
static struct machine_log   machine_log;

static void step(enum session_event event, enum session_state state, enum session_duty duty, enum venue_state tells)
{
	session_step(&session, (uint8_t)event, 1, &machine_log);
	CHECK_EQ(session.state, state);
	CHECK_EQ(session.duty, duty);
	CHECK_EQ(session.tells, tells);
}

TEST(t_X5_a_session_comes_up_goes_and_comes_back)
{
	session_reset(&session);
	step(SESSION_EV_START, SESSION_CONNECTING, SESSION_CONNECT, VENUE_STATES_N);
	step(SESSION_EV_OPENED, SESSION_AUTHENTICATING, SESSION_AUTHENTICATE, VENUE_STATES_N);
	step(SESSION_EV_AUTHORIZED, SESSION_LISTENING, SESSION_LISTEN, VENUE_STATES_N);
	step(SESSION_EV_LISTENING, SESSION_SYNCING, SESSION_SYNC, VENUE_SYNCING);
	step(SESSION_EV_SYNCED, SESSION_UP, SESSION_REST, VENUE_UP);
	step(SESSION_EV_SYNCED, SESSION_UP, SESSION_REST, VENUE_STATES_N);
	step(SESSION_EV_ENDED, SESSION_BACKOFF, SESSION_WAIT, VENUE_DOWN);
	step(SESSION_EV_ENDED, SESSION_BACKOFF, SESSION_REST, VENUE_STATES_N);
	step(SESSION_EV_DUE, SESSION_CONNECTING, SESSION_CONNECT, VENUE_STATES_N);
	step(SESSION_EV_LATE, SESSION_BACKOFF, SESSION_WAIT, VENUE_STATES_N);        /* DOWN has been told */
	step(SESSION_EV_STOP, SESSION_DOWN, SESSION_CLOSE, VENUE_STATES_N);
}

TEST(t_O7_a_refused_key_waits_long_and_is_tried_again)
{
	session_reset(&session);
	step(SESSION_EV_START, SESSION_CONNECTING, SESSION_CONNECT, VENUE_STATES_N);
	step(SESSION_EV_OPENED, SESSION_AUTHENTICATING, SESSION_AUTHENTICATE, VENUE_STATES_N);
	step(SESSION_EV_REFUSED, SESSION_REFUSED, SESSION_WAIT_LONG, VENUE_REFUSED);
	step(SESSION_EV_ENDED, SESSION_REFUSED, SESSION_REST, VENUE_STATES_N);
	step(SESSION_EV_DUE, SESSION_CONNECTING, SESSION_CONNECT, VENUE_STATES_N);
	step(SESSION_EV_REFUSED, SESSION_REFUSED, SESSION_WAIT_LONG, VENUE_STATES_N);
}

TEST(t_P2_the_session_machine_can_reach_and_leave_every_state)
{
	bool reached[256];
	CHECK_EQ(machine_reach(&session_machine, reached), SESSION_STATES_N);
	for (uint8_t s = 0; s < SESSION_STATES_N; s++) {
		uint32_t ways = 0;
		for (uint8_t e = 0; e < SESSION_EVENTS_N; e++) {
			const struct machine_cell *cell = machine_cell(&session_machine, s, e);
			CHECK((cell->kind == CELL_GO) == (cell->to != s));
			CHECK(cell->kind != CELL_BUG);
			ways += cell->to != s;
		}
		CHECK(ways > 0);
	}
}

/* UP is told only out of SYNCING, and every cell is taken. */
TEST(t_P2_a_long_walk_of_the_session)
{
	uint64_t seed = 3651;
	uint32_t taken = 0;
	session_reset(&session);
	for (int i = 0; i < WALK_STEPS; i++) {
		uint8_t before = session.state;
		session_step(&session, (uint8_t)draw_below(&seed, SESSION_EVENTS_N), i, &machine_log);
		CHECK((session.tells == VENUE_UP) == (before == SESSION_SYNCING && session.state == SESSION_UP));
	}
	for (uint32_t i = 0; i < (uint32_t)SESSION_STATES_N * SESSION_EVENTS_N; i++) taken += machine_log.hits[MACHINE_SESSION][i] > 0;
	CHECK_EQ(taken, (uint32_t)SESSION_STATES_N * SESSION_EVENTS_N);
}
