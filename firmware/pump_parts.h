/* pump_parts.h - what the files of the pump share: pump.c turns, pump_commit.c leaves and resumes. For nobody else. */
#ifndef FIRMWARE_PUMP_PARTS_H
#define FIRMWARE_PUMP_PARTS_H
#include "firmware/pump.h"

/* The state of a worker other than the desk. */
void *pump_room(struct pump *pump, enum worker_id worker);
void  pump_timer_arm(struct pump *pump, const struct timer *timer);
/* What a worker has done up to this TICK, for its successor. */
void pump_commit(struct pump *pump, enum worker_id worker, uint64_t ticks);
/* The queues of a worker are done as far as it has read them. */
void pump_cursors_follow(struct pump *pump, enum worker_id worker);

#endif
