/* pump_parts.h - what the files of the pump share: pump.c turns, pump_desk.c steps the desk, pump_route.c hands outputs on, pump_commit.c leaves
 * and resumes. For nobody else. */
#ifndef FIRMWARE_PUMP_PARTS_H
#define FIRMWARE_PUMP_PARTS_H
#include "firmware/pump.h"

/* The state of a worker other than the desk. */
void *pump_room(struct pump *pump, enum worker_id worker);
/* One record into a channel. A full one is counted where it happened; the desk's own books survive it, because the ledger can read the journal. A
 * record whose number the channel has already was put before this process's predecessor died. */
void pump_put(struct pump *pump, enum worker_id from, enum channel_id id, const struct event *event);
/* What is in the outbox, each to where its kind goes. */
void pump_route(struct pump *pump, enum worker_id from);
void pump_timer_arm(struct pump *pump, const struct timer *timer);
void pump_timer_drop(struct pump *pump, uint64_t order_id);
/* Into the rings of the log, where people should know it: an output; an input of the desk; a record that a full channel refused, which is counted
 * already; a journal that is lost. */
void pump_log_output(struct pump *pump, enum worker_id from, const struct event *event);
void pump_log_input(struct pump *pump, const struct event *event);
void pump_log_full(struct pump *pump, enum worker_id from, enum channel_id id);
void pump_log_journal(struct pump *pump, const char *sentence);
/* INPUT, step, RESULT, outputs. source and number: where the input stood (0: nowhere). */
void pump_step_desk(struct pump *pump, const struct event *event, uint8_t source, uint64_t number);
/* After a crash: the desk has had this input already. */
bool pump_was_taken(const struct pump *pump, uint8_t source, uint64_t number);
/* What a worker has done up to this TICK, for its successor. */
void pump_commit(struct pump *pump, enum worker_id worker, uint64_t ticks);
/* The queues of a worker are done as far as it has read them. */
void pump_cursors_follow(struct pump *pump, enum worker_id worker);

#endif
