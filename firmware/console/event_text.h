/* event_text.h - what an event says, as one line for people: payload only, without its kind, symbol and time.
 *
 * The event may come from a file that another build wrote: whatever number it holds, the text is terminated and printable. Codes of the operator are
 * not printed. Row P3. */
#ifndef FIRMWARE_CONSOLE_EVENT_TEXT_H
#define FIRMWARE_CONSOLE_EVENT_TEXT_H
#include "fsm/event.h"

enum { EVENT_TEXT_BYTES = 128 };

/* Returns text; "" for a kind that says nothing more, or has no name. */
const char *event_text(char text[EVENT_TEXT_BYTES], const struct event *event);
/* "FILL"; "unknown" for a kind without a name. */
const char *event_name(uint16_t kind);

#endif
