/* day.h - the trading day of one calendar: when to mark, when to decide, when to close the books.
 *
 * OPEN -> (orders of yesterday fill) -> CLOSE marks -> CYCLE decides -> DAY_END reports. A tick that is out of turn is dropped and
 * counted: a recorded day with a hole in it never decides twice. PAUSED is the operator's: marks go on, decisions do not. Row P11. */
#ifndef FSM_FEED_DAY_H
#define FSM_FEED_DAY_H
#include "fsm/machines.h"

// clang-format off
#define DAY_STATES(X, U) X(U, CLOSED) X(U, OPEN) X(U, DECIDING) X(U, SETTLED)
#define DAY_EVENTS(X, U, s) \
	X(U, s, OPENED, WORLD) X(U, s, CLOSED, WORLD) X(U, s, CYCLE, WORLD) X(U, s, ENDED, WORLD)
#define DAY_CELLS(GO, STAY, DROP, BUG)                                                                   \
	GO  (DAY, CLOSED, OPENED, OPEN, day_begin)                                                       \
	DROP(DAY, CLOSED, CLOSED)      DROP(DAY, CLOSED, CYCLE)                                          \
	STAY(DAY, CLOSED, ENDED, day_end)                        /* a holiday ends too */                \
	                                                                                                 \
	DROP(DAY, OPEN, OPENED)        DROP(DAY, OPEN, CYCLE)                                            \
	GO  (DAY, OPEN, CLOSED, DECIDING, day_mark)                                                      \
	GO  (DAY, OPEN, ENDED, CLOSED, day_end)                  /* no close came: no decision */        \
	                                                                                                 \
	DROP(DAY, DECIDING, OPENED)    DROP(DAY, DECIDING, CLOSED)                                       \
	GO  (DAY, DECIDING, CYCLE, SETTLED, day_decide)                                                  \
	GO  (DAY, DECIDING, ENDED, CLOSED, day_end)                                                      \
	                                                                                                 \
	DROP(DAY, SETTLED, OPENED)     DROP(DAY, SETTLED, CLOSED)  DROP(DAY, SETTLED, CYCLE)             \
	GO  (DAY, SETTLED, ENDED, CLOSED, day_end)
// clang-format on

MACHINE_DECLARE(day, DAY)

/* What a day asks of its owner after a step. */
enum day_duty { DAY_DUTY_NONE, DAY_DUTY_BEGIN, DAY_DUTY_MARK, DAY_DUTY_DECIDE, DAY_DUTY_END };
struct day { int32_t day, sessions; uint8_t state, duty, calendar, pad[5]; };

#endif
