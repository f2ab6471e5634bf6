/* look_causes.h - the table of causes (fsm/risk/causes.h) with what the map says of each: in force or not, and since when. Rows R1, R9. */
#ifndef FIRMWARE_CONSOLE_LOOK_CAUSES_H
#define FIRMWARE_CONSOLE_LOOK_CAUSES_H
#include "firmware/console/look.h"

/* LOOK_NONE: not in force. LOOK_KNOWN: in force, and *event is the CAUSE that said so. LOOK_STALE: nobody knows. */
enum look_known look_cause(const struct look *look, enum cause_id cause, uint16_t sym, struct event *event);
/* The keys "causes" (the sentences of those in force) and "table" (all rows) of an object that is open. */
void look_causes(struct json *json, const struct look *look);

#endif
