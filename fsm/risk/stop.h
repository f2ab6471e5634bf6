/* stop.h - the stop of one position (document 04 §4.3.3): half at the first loss, all at the second, then a rest.
 *
 * Losses are measured from the average entry price by the health worker and arrive as alarms. HALVED adds nothing to the position until
 * it has come back to its entry price. COOLING keeps a stopped symbol out for stop_cooldown_sessions. Alarms race with fills, so
 * none is ever a BUG. Row R2. */
#ifndef FSM_RISK_STOP_H
#define FSM_RISK_STOP_H
#include "fsm/machines.h"

// clang-format off
#define STOP_STATES(X, U) X(U, IDLE) X(U, ARMED) X(U, HALVED) X(U, EXITING) X(U, COOLING)
#define STOP_EVENTS(X, U, s)                                                                             \
	X(U, s, OPENED, WORLD) X(U, s, FLAT, WORLD) X(U, s, LOSS_HALF, WORLD) X(U, s, LOSS_EXIT, WORLD)  \
	X(U, s, RECOVERED, WORLD) X(U, s, COOLED, US)
#define STOP_CELLS(GO, STAY, DROP, BUG)                                                                  \
	GO  (STOP, IDLE, OPENED, ARMED, stop_arm)                                                        \
	DROP(STOP, IDLE, FLAT)         DROP(STOP, IDLE, LOSS_HALF)     DROP(STOP, IDLE, LOSS_EXIT)       \
	DROP(STOP, IDLE, RECOVERED)    BUG (STOP, IDLE, COOLED)                                          \
	                                                                                                 \
	DROP(STOP, ARMED, OPENED)      DROP(STOP, ARMED, RECOVERED)    BUG (STOP, ARMED, COOLED)         \
	GO  (STOP, ARMED, FLAT, IDLE, stop_disarm)                                                       \
	GO  (STOP, ARMED, LOSS_HALF, HALVED, stop_sell_half)                                             \
	GO  (STOP, ARMED, LOSS_EXIT, EXITING, stop_sell_all)                                             \
	                                                                                                 \
	DROP(STOP, HALVED, OPENED)     DROP(STOP, HALVED, LOSS_HALF)   BUG (STOP, HALVED, COOLED)        \
	GO  (STOP, HALVED, FLAT, IDLE, stop_disarm)                                                      \
	GO  (STOP, HALVED, LOSS_EXIT, EXITING, stop_sell_all)                                            \
	GO  (STOP, HALVED, RECOVERED, ARMED, stop_arm)                                                   \
	                                                                                                 \
	DROP(STOP, EXITING, OPENED)    DROP(STOP, EXITING, LOSS_HALF)  BUG (STOP, EXITING, COOLED)       \
	STAY(STOP, EXITING, LOSS_EXIT, stop_sell_all)            /* whatever is left, again */           \
	DROP(STOP, EXITING, RECOVERED)                           /* an exit is not taken back */         \
	GO  (STOP, EXITING, FLAT, COOLING, stop_cool)                                                    \
	                                                                                                 \
	GO  (STOP, COOLING, OPENED, EXITING, stop_sell_all)      /* a late fill: out again */            \
	DROP(STOP, COOLING, FLAT)      DROP(STOP, COOLING, LOSS_HALF)  DROP(STOP, COOLING, LOSS_EXIT)    \
	DROP(STOP, COOLING, RECOVERED)                                                                   \
	GO  (STOP, COOLING, COOLED, IDLE, stop_disarm)
// clang-format on

MACHINE_DECLARE(stop, STOP)

/* What a stop asks of the desk after a step. */
enum stop_duty { STOP_DUTY_NONE, STOP_DUTY_SELL_HALF, STOP_DUTY_SELL_ALL };
struct stop { uint8_t state, duty, pad[2]; int32_t sessions_left; };

#endif
