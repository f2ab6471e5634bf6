/* machines.h - every machine of the appliance, one line each. `tickwork fsm`, the drawings and the generic tests read this list. */
#ifndef FSM_MACHINES_H
#define FSM_MACHINES_H
#include "fsm/machine.h"

#define MACHINES(X)                                               \
	X(order, ORDER, "the life of one order at a venue")      \
	X(day, DAY, "the session day of one calendar")           \
	X(ladder, LADDER, "the four risk levels and the way back") \
	X(stop, STOP, "the stop of one position")               \
	X(process, PROCESS, "the life of one process, as its watchdog sees it") \
	X(recovery, RECOVERY, "the way back to a venue after a crash or a lost session") \
	X(reconcile, RECONCILE, "our books against the venue's")

#define MACHINE_ID(lower, UPPER, what) MACHINE_##UPPER,
enum machine_id { MACHINES(MACHINE_ID) MACHINES_N };
_Static_assert((int)MACHINES_N <= (int)MACHINES_MAX, "raise MACHINES_MAX");

extern const struct machine *const machines[MACHINES_N];
extern const char *const           machine_purpose[MACHINES_N];

#endif
