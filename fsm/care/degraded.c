/* degraded.c - the rows, and the one question the desk asks of them. */
#include "fsm/care/degraded.h"

#define DEGRADED_ROW(name, more, what, then) [CARE_##name] = { what, then, more },
const struct degraded_row degraded[CARE_CONDITIONS_N] = { DEGRADED(DEGRADED_ROW) };

#define FORBIDS_MORE(name, more, what, then) | ((more) ? 0 : UINT64_C(1) << CARE_##name)
static const uint64_t forbids_more = 0 DEGRADED(FORBIDS_MORE);

bool degraded_allows_more(uint64_t conditions) { return (conditions & forbids_more) == 0; }
