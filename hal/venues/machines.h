/* machines.h - the machines of the hal, one line each. Their ids follow those of fsm/machines.h, so that one machine_log counts them all. */
#ifndef HAL_VENUES_MACHINES_H
#define HAL_VENUES_MACHINES_H
#include "fsm/machines.h"

#define HAL_MACHINES(X) X(session, SESSION, "the session with a venue")

#define HAL_MACHINE_ID(lower, UPPER, what) MACHINE_##UPPER,
enum hal_machine_id { HAL_MACHINES_FIRST = MACHINES_N - 1, HAL_MACHINES(HAL_MACHINE_ID) HAL_MACHINES_END };
_Static_assert((int)HAL_MACHINES_END <= (int)MACHINES_MAX, "raise MACHINES_MAX");

#endif
