/* trace.h - what a worker was doing: its latest events, and the note of the signal that ended its process, in a region that outlives it.
 *
 * The pump puts each event in before it steps the worker with it; so the last one is what the worker died of, or the last that it survived. One writer,
 * the worker's process; the watchdog reads after it has reaped it, so nothing moves. The ring has more slots than are shown: the one that a dying
 * process was writing is never among the TRACE_EVENTS latest. A successor goes on with the ring. Rows P3, P6. */
#ifndef FIRMWARE_BLACKBOX_TRACE_H
#define FIRMWARE_BLACKBOX_TRACE_H
#include "fsm/event.h"
#include "hal/linux/fatal.h"

enum { TRACE_SLOTS = 1024,
	TRACE_EVENTS = 1000 };
_Static_assert((TRACE_SLOTS & (TRACE_SLOTS - 1)) == 0, "slots are found by a mask");

/* count: events ever put; life_from: of those, before this process's life. journal_input: the last INPUT that is in the journal's file (the
 * desk's). fatal: of the process, kept by its first worker. */
struct worker_trace {
	uint64_t count, life_from, journal_input, pad[5];
	struct fatal_note fatal;
	_Alignas(64) struct event ring[TRACE_SLOTS];
};

static inline void trace_put(struct worker_trace *trace, const struct event *event)
{
	uint64_t at = trace->count;
	memcpy(&trace->ring[at & (TRACE_SLOTS - 1)], event, sizeof *event);
	__atomic_store_n(&trace->count, at + 1, __ATOMIC_RELEASE);
}

/* How many are to be shown. */
static inline uint32_t trace_events(const struct worker_trace *trace) { return trace->count < TRACE_EVENTS ? (uint32_t)trace->count : TRACE_EVENTS; }

#endif
