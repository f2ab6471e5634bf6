/* machines.c - the list of machines as a table. */
#include "fsm/machines.h"

#define MACHINE_EXTERN(lower, UPPER, what) extern const struct machine lower##_machine;
#define MACHINE_POINTER(lower, UPPER, what) &lower##_machine,
#define MACHINE_PURPOSE(lower, UPPER, what) what,

MACHINES(MACHINE_EXTERN)

const struct machine *const machines[MACHINES_N] = { MACHINES(MACHINE_POINTER) };
const char *const           machine_purpose[MACHINES_N] = { MACHINES(MACHINE_PURPOSE) };
