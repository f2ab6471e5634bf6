/* health.h - positions against their stops (document 04 §4.3.3, row R2).
 *
 * Inputs   PRICE and POSITION (sampled), TICK.   Output  ALARM to the desk's first queue.
 * A loss over the half stop or the exit stop is said at every close until the stop has taken it: an alarm may be repeated, never lost.
 * Comes back by REBUILD. */
#ifndef FIRMWARE_WORKERS_HEALTH_H
#define FIRMWARE_WORKERS_HEALTH_H
#include "fsm/account/account.h"
#include "fsm/worker.h"

struct health { struct position position[UNIVERSE_N]; uint8_t stop_state[UNIVERSE_N]; uint64_t alarms; };

void health_init(struct health *health);
void health_step(void *self, const struct event *in, struct outbox *out);

#endif
