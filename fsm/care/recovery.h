/* recovery.h - the way back to a venue after a crash or a lost session (document 04 §4.9.2): load, ask, cancel, apply, compare, resume.
 *
 *   TRADING      nothing to come back from; a recorded market, which has no session, never leaves it
 *   LOADED       the venue is away: we have our own books, from memory or from the journal, and nobody to ask
 *   ASKING       the session is up: every order the venue may hold is UNKNOWN and asked for; what was filled meanwhile is booked
 *   CANCELLING   all have answered: entries that have not been executed, whole or in part, are cancelled; reductions stay
 *   RECONCILING  orders stand still: positions and cash must agree with a snapshot of the venue
 *   STUCK        asked recovery_tries_max times without an answer: people must look; it goes on by itself when the answers come
 * New risk is allowed in TRADING only. Exits are allowed in each state; while the venue is away they are owed (fsm/desk/desk_care.c).
 *
 * VENUE_LOST and VENUE_UP come from the driver, MATCHED from a comparison; ANSWERED, SETTLED, LATE and GIVEN_UP are what the desk sees
 * when it looks at its orders and its timer. Each step is put out as a RECOVERY record: the recovery log. Rows X2, X11. */
#ifndef FSM_CARE_RECOVERY_H
#define FSM_CARE_RECOVERY_H
#include "fsm/machines.h"

// clang-format off
#define RECOVERY_STATES(X, U) X(U, TRADING) X(U, LOADED) X(U, ASKING) X(U, CANCELLING) X(U, RECONCILING) X(U, STUCK)
#define RECOVERY_EVENTS(X, U, s)                                                                         \
	X(U, s, VENUE_LOST, WORLD) X(U, s, VENUE_UP, WORLD) X(U, s, MATCHED, WORLD)                      \
	X(U, s, ANSWERED, US) X(U, s, SETTLED, US) X(U, s, LATE, US) X(U, s, GIVEN_UP, US)

#define RECOVERY_CELLS(GO, STAY, DROP, BUG)                                                              \
	GO  (RECOVERY, TRADING, VENUE_LOST, LOADED, recovery_load)                                       \
	DROP(RECOVERY, TRADING, VENUE_UP)      DROP(RECOVERY, TRADING, MATCHED)                          \
	BUG (RECOVERY, TRADING, ANSWERED)      BUG (RECOVERY, TRADING, SETTLED)                          \
	BUG (RECOVERY, TRADING, LATE)          BUG (RECOVERY, TRADING, GIVEN_UP)                         \
	                                                                                                 \
	GO  (RECOVERY, LOADED, VENUE_UP, ASKING, recovery_ask)                                           \
	DROP(RECOVERY, LOADED, VENUE_LOST)     DROP(RECOVERY, LOADED, MATCHED)   /* of the session lost */ \
	BUG (RECOVERY, LOADED, ANSWERED)       BUG (RECOVERY, LOADED, SETTLED)                           \
	BUG (RECOVERY, LOADED, LATE)           BUG (RECOVERY, LOADED, GIVEN_UP)                          \
	                                                                                                 \
	GO  (RECOVERY, ASKING, VENUE_LOST, LOADED, recovery_load)                                        \
	GO  (RECOVERY, ASKING, ANSWERED, CANCELLING, recovery_cancel)                                    \
	STAY(RECOVERY, ASKING, LATE, recovery_wait)            /* each order asks again by its own timer */ \
	GO  (RECOVERY, ASKING, GIVEN_UP, STUCK, recovery_alarm)                                          \
	DROP(RECOVERY, ASKING, VENUE_UP)       DROP(RECOVERY, ASKING, MATCHED)   /* orders first */      \
	BUG (RECOVERY, ASKING, SETTLED)                                                                  \
	                                                                                                 \
	GO  (RECOVERY, CANCELLING, VENUE_LOST, LOADED, recovery_load)                                    \
	GO  (RECOVERY, CANCELLING, SETTLED, RECONCILING, recovery_compare)                               \
	STAY(RECOVERY, CANCELLING, LATE, recovery_cancel_again)                                          \
	GO  (RECOVERY, CANCELLING, GIVEN_UP, STUCK, recovery_alarm)                                      \
	DROP(RECOVERY, CANCELLING, VENUE_UP)   DROP(RECOVERY, CANCELLING, MATCHED)                       \
	BUG (RECOVERY, CANCELLING, ANSWERED)                                                             \
	                                                                                                 \
	GO  (RECOVERY, RECONCILING, VENUE_LOST, LOADED, recovery_load)                                   \
	GO  (RECOVERY, RECONCILING, MATCHED, TRADING, recovery_resume)                                   \
	STAY(RECOVERY, RECONCILING, LATE, recovery_wait)                                                 \
	STAY(RECOVERY, RECONCILING, GIVEN_UP, recovery_warn)   /* no snapshot that agrees: said once */  \
	DROP(RECOVERY, RECONCILING, VENUE_UP)                                                            \
	BUG (RECOVERY, RECONCILING, ANSWERED)  BUG (RECOVERY, RECONCILING, SETTLED)                      \
	                                                                                                 \
	GO  (RECOVERY, STUCK, VENUE_LOST, LOADED, recovery_load)                                         \
	GO  (RECOVERY, STUCK, ANSWERED, CANCELLING, recovery_cancel)                                     \
	DROP(RECOVERY, STUCK, VENUE_UP)        DROP(RECOVERY, STUCK, MATCHED)                            \
	BUG (RECOVERY, STUCK, SETTLED)         BUG (RECOVERY, STUCK, LATE)                               \
	BUG (RECOVERY, STUCK, GIVEN_UP)
// clang-format on

MACHINE_DECLARE(recovery, RECOVERY)

/* What a step asks of the desk: to go over its orders from the first on, asking for each or cancelling what should not be working. */
enum recovery_duty { RECOVERY_DUTY_NONE, RECOVERY_DUTY_ASK, RECOVERY_DUTY_SWEEP };

/* asked ... cancelled count since the session was last lost. */
struct recovery {
	uint64_t life;                               /* the venue's session: number of its connection */
	int64_t  due_ns;                             /* when the desk looks again, 0: not; the one timer that counts */
	uint32_t asked, found, filled, cancelled;    /* orders: asked for, still working; fills booked; cancels sent */
	uint32_t tries;                              /* of this state, without what it waits for */
	uint32_t at;                                 /* the order where a duty goes on that did not fit into one step */
	uint8_t  state, duty;
	uint8_t  venue;                              /* enum venue_state, as last said */
	uint8_t  has_venue;                          /* a session was ever heard of */
	uint8_t  pad[4];
};

static inline bool recovery_allows_more(const struct recovery *recovery) { return recovery->state == RECOVERY_TRADING; }
static inline bool recovery_is_away(const struct recovery *recovery) { return recovery->state == RECOVERY_LOADED; }
/* Waits for something that a timer should watch. */
static inline bool recovery_waits(const struct recovery *recovery)
{
	return recovery->state == RECOVERY_ASKING || recovery->state == RECOVERY_CANCELLING || recovery->state == RECOVERY_RECONCILING;
}

#endif
