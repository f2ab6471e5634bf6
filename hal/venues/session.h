/* session.h - the life of the session with a venue, as a table: stream, login, subscription, synchronisation, and the way back.
 *
 * The owner classifies what happened, steps the machine and does its duty. DUE is the owner's timer: the wait of a backoff (or, refused, of
 * SESSION_REFUSED_S) is over. LATE: a step took too long. REFUSED: the venue does not take our key, said on the stream or by REST.
 * tells is the VENUE event owed, VENUE_STATES_N for none; it is owed once for each change. Any driver with a stream and a snapshot uses it. */
#ifndef HAL_VENUES_SESSION_H
#define HAL_VENUES_SESSION_H
#include "hal/venues/machines.h"

/* s, until a refused key is tried again: keys are mended by people. */
enum { SESSION_REFUSED_S = 60 };

enum session_duty { SESSION_REST, SESSION_CONNECT, SESSION_AUTHENTICATE, SESSION_LISTEN, SESSION_SYNC, SESSION_WAIT, SESSION_WAIT_LONG, SESSION_CLOSE };

struct venue_session { uint8_t state, duty, tells, told; };

// clang-format off
#define SESSION_STATES(X, U) \
	X(U, DOWN) X(U, CONNECTING) X(U, AUTHENTICATING) X(U, LISTENING) X(U, SYNCING) X(U, UP) X(U, BACKOFF) X(U, REFUSED)

#define SESSION_EVENTS(X, U, s)                                                                                       \
	X(U, s, START, US)             X(U, s, STOP, US)              X(U, s, DUE, US)             X(U, s, LATE, US)     \
	X(U, s, OPENED, WORLD)         X(U, s, ENDED, WORLD)          X(U, s, AUTHORIZED, WORLD)   X(U, s, LISTENING, WORLD) \
	X(U, s, REFUSED, WORLD)        X(U, s, SYNCED, WORLD)         X(U, s, UNSYNCED, WORLD)

/* Whatever the step is: the stream may end, be late, be refused, or not be wanted any more. A wait that runs out meanwhile is an old one. */
#define SESSION_ALIVE(GO, STAY, DROP, U, s)                                                                           \
	GO  (U, s, STOP, DOWN, session_stop)          GO  (U, s, ENDED, BACKOFF, session_wait)                           \
	GO  (U, s, REFUSED, REFUSED, session_wait_long)                                                                  \
	DROP(U, s, START)                              DROP(U, s, DUE)

#define SESSION_CELLS(GO, STAY, DROP, BUG)                                                                            \
	GO  (SESSION, DOWN, START, CONNECTING, session_connect)                                                          \
	DROP(SESSION, DOWN, STOP)              DROP(SESSION, DOWN, DUE)               DROP(SESSION, DOWN, LATE)          \
	DROP(SESSION, DOWN, OPENED)            DROP(SESSION, DOWN, ENDED)             DROP(SESSION, DOWN, AUTHORIZED)    \
	DROP(SESSION, DOWN, LISTENING)         DROP(SESSION, DOWN, REFUSED)           DROP(SESSION, DOWN, SYNCED)        \
	DROP(SESSION, DOWN, UNSYNCED)                                                                                    \
	                                                                                                                 \
	SESSION_ALIVE(GO, STAY, DROP, SESSION, CONNECTING)                                                               \
	GO  (SESSION, CONNECTING, OPENED, AUTHENTICATING, session_authenticate)                                          \
	GO  (SESSION, CONNECTING, LATE, BACKOFF, session_wait)                                                           \
	DROP(SESSION, CONNECTING, AUTHORIZED)  DROP(SESSION, CONNECTING, LISTENING)                                      \
	DROP(SESSION, CONNECTING, SYNCED)      DROP(SESSION, CONNECTING, UNSYNCED)                                       \
	                                                                                                                 \
	SESSION_ALIVE(GO, STAY, DROP, SESSION, AUTHENTICATING)                                                           \
	GO  (SESSION, AUTHENTICATING, AUTHORIZED, LISTENING, session_listen)                                             \
	GO  (SESSION, AUTHENTICATING, LATE, BACKOFF, session_wait)                                                       \
	DROP(SESSION, AUTHENTICATING, OPENED)  DROP(SESSION, AUTHENTICATING, LISTENING)                                  \
	DROP(SESSION, AUTHENTICATING, SYNCED)  DROP(SESSION, AUTHENTICATING, UNSYNCED)                                   \
	                                                                                                                 \
	SESSION_ALIVE(GO, STAY, DROP, SESSION, LISTENING)                                                                \
	GO  (SESSION, LISTENING, LISTENING, SYNCING, session_sync)                                                       \
	GO  (SESSION, LISTENING, LATE, BACKOFF, session_wait)                                                            \
	DROP(SESSION, LISTENING, OPENED)       DROP(SESSION, LISTENING, AUTHORIZED)                                      \
	DROP(SESSION, LISTENING, SYNCED)       DROP(SESSION, LISTENING, UNSYNCED)                                        \
	                                                                                                                 \
	SESSION_ALIVE(GO, STAY, DROP, SESSION, SYNCING)                                                                  \
	GO  (SESSION, SYNCING, SYNCED, UP, session_up)                                                                   \
	GO  (SESSION, SYNCING, UNSYNCED, BACKOFF, session_wait)                                                          \
	DROP(SESSION, SYNCING, LATE)           /* its questions have patience of their own */                            \
	DROP(SESSION, SYNCING, OPENED)         DROP(SESSION, SYNCING, AUTHORIZED)     DROP(SESSION, SYNCING, LISTENING)  \
	                                                                                                                 \
	SESSION_ALIVE(GO, STAY, DROP, SESSION, UP)                                                                       \
	GO  (SESSION, UP, UNSYNCED, BACKOFF, session_wait)                                                               \
	DROP(SESSION, UP, SYNCED)              /* a reconciliation */                                                    \
	DROP(SESSION, UP, LATE)                DROP(SESSION, UP, OPENED)                                                 \
	DROP(SESSION, UP, AUTHORIZED)          DROP(SESSION, UP, LISTENING)                                              \
	                                                                                                                 \
	GO  (SESSION, BACKOFF, DUE, CONNECTING, session_connect)                                                         \
	GO  (SESSION, BACKOFF, STOP, DOWN, session_stop)                                                                 \
	GO  (SESSION, BACKOFF, REFUSED, REFUSED, session_wait_long)                                                      \
	DROP(SESSION, BACKOFF, START)          DROP(SESSION, BACKOFF, LATE)           DROP(SESSION, BACKOFF, OPENED)     \
	DROP(SESSION, BACKOFF, ENDED)          DROP(SESSION, BACKOFF, AUTHORIZED)     DROP(SESSION, BACKOFF, LISTENING)  \
	DROP(SESSION, BACKOFF, SYNCED)         DROP(SESSION, BACKOFF, UNSYNCED)                                          \
	                                                                                                                 \
	GO  (SESSION, REFUSED, DUE, CONNECTING, session_connect)                                                         \
	GO  (SESSION, REFUSED, STOP, DOWN, session_stop)                                                                 \
	DROP(SESSION, REFUSED, START)          DROP(SESSION, REFUSED, LATE)           DROP(SESSION, REFUSED, OPENED)     \
	DROP(SESSION, REFUSED, ENDED)          DROP(SESSION, REFUSED, AUTHORIZED)     DROP(SESSION, REFUSED, LISTENING)  \
	DROP(SESSION, REFUSED, REFUSED)        DROP(SESSION, REFUSED, SYNCED)         DROP(SESSION, REFUSED, UNSYNCED)
// clang-format on

MACHINE_DECLARE(session, SESSION)

/* Steps it; what is then to be done stands in duty and tells. */
void session_step(struct venue_session *session, uint8_t event, int64_t t_ns, struct machine_log *log);
void session_reset(struct venue_session *session);

#endif
