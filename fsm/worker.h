/* worker.h - a worker is a step function over events with a bounded outbox.
 *
 * It runs to completion on one event, never waits, never allocates, never reads a clock, never does I/O. What it needs from a
 * shared region the pump samples first and hands in as an event of its own. It does not know where it lives: firmware/layouts
 * says which process runs it and routes its outputs by kind.
 *
 * The outbox holds the outputs of one step. OUTBOX_MAX is proven against the worst step of each worker in its own file;
 * going over it is a bug. Outputs carry (cause = the input's sequence, index), so a repeat is told from a new one. Row P2. */
#ifndef FSM_WORKER_H
#define FSM_WORKER_H
#include "fsm/event.h"

enum { OUTBOX_MAX = 512 };

struct outbox { uint64_t cause; int64_t t_ns; uint32_t count; uint8_t from, pad[3]; struct event event[OUTBOX_MAX]; };

typedef void worker_step(void *self, const struct event *in, struct outbox *out);

static inline void outbox_begin(struct outbox *out, uint8_t from, uint64_t cause, int64_t t_ns)
{
	out->cause = cause;
	out->t_ns = t_ns;
	out->count = 0;
	out->from = from;
}

/* A zeroed event of this kind at the end of the outbox, to be filled in by the caller. */
static inline struct event *outbox_add(struct outbox *out, enum event_kind kind, uint16_t sym)
{
	BUG_UNLESS(1140, out->count < OUTBOX_MAX);
	struct event *event = &out->event[out->count];
	event_begin(event, kind, sym, out->t_ns);
	event->cause = out->cause;
	event->from = out->from;
	event->index = (uint16_t)out->count;
	out->count++;
	return event;
}

#endif
