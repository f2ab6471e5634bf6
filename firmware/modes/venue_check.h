/* venue_check.h - asks a host of the venue outside once, before the start: is it there, is it trusted, does it take our key, what time does it have.
 *
 * A child of its own reads the host's pair of keys and opens the loop, since the parent of a run may do neither; it GETs the account and the clock
 * (of the data's host the latest bars) over one connection, and is over within VENUE_CHECK_S whatever the venue does. What it found comes back in
 * shared memory, as a sentence:
 *
 *   OK        the key was taken. has_clock: the venue's clock against ours, which in stepped time is no clock and is left out
 *   WARNING   it is there and trusted, but has trouble of its own (a status of 429, or 500 and up): the driver goes on asking, so the run may start
 *   FAILURE   no name, no connection, no trust, the key refused, no answer in time, or answers that are not those of Alpaca
 *
 * One connection that fails is tried once more. A check that needs keys or roots which other checks have found wanting is a FAILURE, too. Row P12. */
#ifndef FIRMWARE_MODES_VENUE_CHECK_H
#define FIRMWARE_MODES_VENUE_CHECK_H
#include "firmware/preflight/preflight.h"

enum { VENUE_CHECK_S = 5 };

/* A preflight_venue_fn. context: HOME, as text, where the roots are when the plan names none. Waits for the child. */
void venue_check_before(void *context, enum preflight_host host, const struct venue_plan *plan, const struct secrets *secrets, struct preflight_venue *found);

#endif
