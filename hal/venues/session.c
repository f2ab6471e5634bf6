/* session.c - each action names a duty of the driver, and what the desk is told. */
#include "hal/venues/session.h"

MACHINE_DEFINE(session, SESSION)

static void owe(void *self, enum session_duty duty, enum venue_state tells)
{
	struct venue_session *session = self;
	session->duty = (uint8_t)duty;
	if (tells == VENUE_STATES_N || tells == (enum venue_state)session->told) return;
	session->tells = session->told = (uint8_t)tells;
}

#define SESSION_ACTION(name, duty, tells)                                           \
	static void name(void *self, const struct event *in, struct outbox *out)    \
	{                                                                           \
		(void)in;                                                           \
		(void)out;                                                          \
		owe(self, duty, tells);                                             \
	}
SESSION_ACTION(session_connect, SESSION_CONNECT, VENUE_STATES_N)
SESSION_ACTION(session_authenticate, SESSION_AUTHENTICATE, VENUE_STATES_N)
SESSION_ACTION(session_listen, SESSION_LISTEN, VENUE_STATES_N)
SESSION_ACTION(session_sync, SESSION_SYNC, VENUE_SYNCING)
SESSION_ACTION(session_up, SESSION_REST, VENUE_UP)
SESSION_ACTION(session_wait, SESSION_WAIT, VENUE_DOWN)
SESSION_ACTION(session_wait_long, SESSION_WAIT_LONG, VENUE_REFUSED)
SESSION_ACTION(session_stop, SESSION_CLOSE, VENUE_DOWN)

void session_reset(struct venue_session *session)
{
	*session = (struct venue_session){ .state = SESSION_DOWN, .duty = SESSION_REST, .tells = VENUE_STATES_N, .told = VENUE_STATES_N };
}

void session_step(struct venue_session *session, uint8_t event, int64_t t_ns, struct machine_log *log)
{
	struct event in = event_make(EVENT_NONE, SYM_NONE, t_ns);
	session->duty = SESSION_REST;
	session->tells = VENUE_STATES_N;
	session->state = machine_step(&session_machine, session->state, event, session, &in, 0, log);
}
