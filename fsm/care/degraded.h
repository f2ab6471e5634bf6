/* degraded.h - what the appliance does while a part of it is missing: one row a condition, so that nobody finds out on the day.
 *
 * DEGRADED rows: condition (enum care_condition of fsm/event.h), may more risk be taken, what is missing, what is done meanwhile. A condition begins when the
 * process of that worker is held down (fsm/care/process.h: never a reset loop), when the machine's credits (fsm/care/credits.h) or its memory run low, or when
 * a file that is in use is gone from its place (firmware/kept.h); it ends when the process is ready again, or they are back. The desk takes both as an
 * input (CARE), so they are in the journal and a replay decides the same. Exits from risk are never held back by a row. Rows P3, R9. */
#ifndef FSM_CARE_DEGRADED_H
#define FSM_CARE_DEGRADED_H
#include "fsm/event.h"

// clang-format off
#define DEGRADED(X)                                                                                                                  \
	/* condition more risk  missing                            meanwhile                                                  */ \
	X(FEED,      false, "market data is held down",          "prices stand still: no new risk, and nobody answers at HOME/control") \
	X(CONTEXT,   true,  "regime and context are held down",  "the last regime stays in force")                              \
	X(ANALYST,   false, "the analyst is held down",          "no new signals: no new risk, stops and exits go on")          \
	X(HEALTH,    false, "position health is held down",      "nobody watches the stops: no new risk, the ladder goes on")   \
	X(DESK,      false, "the desk is held down",             "the rescue cancels, halts and flattens in its place")         \
	X(LEDGER,    true,  "the books are held down",           "trading goes on, the books follow from the journal later")    \
	X(CREDITS,   true,  "CPU credits run low",               "reports and copies of the books wait, trading goes on") \
	X(MEMORY,    false, "the machine's memory is nearly used", "a part that dies may not come back: no new risk") \
	X(JOURNAL,   false, "the journal is gone from its place", "what is traded now may be lost: no new risk, exits go on; put it back") \
	X(BOOKS,     false, "the books are gone from their place", "what is booked now may be lost: no new risk, exits go on; put them back")
// clang-format on

struct degraded_row { const char *missing, *meanwhile; bool allows_more; };
extern const struct degraded_row degraded[CARE_CONDITIONS_N];

/* May more risk be taken with these conditions in force (bit each)? */
bool degraded_allows_more(uint64_t conditions);

#endif
