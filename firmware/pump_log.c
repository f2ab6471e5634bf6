/* pump_log.c - what of a step people should know: records for the rings of the log. Row P8. */
#include "firmware/pump_parts.h"

#include <stdio.h>

#include "firmware/log/drain.h"
#include "fsm/desk/ticket.h"

/* What a run does again on its way back was told the first time. */
static bool tells(const struct pump *pump) { return pump->logs && !pump->shadow && !pump->warming; }

/* The signal behind an order of the desk's own wish: the one that weighs most in it. */
static void log_signal_of(struct pump *pump, struct log_ring *ring, const struct event *order)
{
	struct event signal = event_make(EVENT_SIGNAL, order->sym, order->t_ns);
	bool         is_wish = order->request.reason == ORDER_REASON_SIGNAL || order->request.reason == ORDER_REASON_REBALANCE;
	if (is_wish && ticket_signal(&pump->rooms->desk, order->sym, &signal.signal)) log_signal(ring, WORKER_desk, order, &signal);
}

void pump_log_output(struct pump *pump, enum worker_id from, const struct event *event)
{
	if (!tells(pump) || event->kind == EVENT_SIGNAL) return;        /* of signals those alone that an order comes of */
	if (event->kind == EVENT_ORDER_NEW) log_signal_of(pump, log_ring_of(pump->map, from), event);
	else log_event(log_ring_of(pump->map, from), (uint8_t)from, event);
}

void pump_log_input(struct pump *pump, const struct event *event)
{
	static const bool told[EVENT_KINDS_N] = { [EVENT_VENUE] = true, [EVENT_OPERATOR] = true, [EVENT_CARE] = true, [EVENT_NEW_REJECTED] = true,
		[EVENT_CANCEL_REJECTED] = true };
	if (tells(pump) && told[event->kind])
		log_input(log_ring_of(pump->map, WORKER_desk), WORKER_desk, event);
}

/* Said at the first record, and whenever their number has doubled. */
void pump_log_full(struct pump *pump, enum worker_id from, enum channel_id id)
{
	char             text[LOG_TEXT_BYTES];
	struct log_ring *ring = log_ring_of(pump->map, from);
	uint64_t         full = pump_progress(pump->map, from)->full_channels;
	if (!tells(pump) || (full & (full - 1)) != 0) return;
	(void)snprintf(text, sizeof text, "queue %s is full: a record is dropped; %llu so far of %s", channel_rows[id].name, (unsigned long long)full,
	    writer_name((uint8_t)from));
	log_say(ring, LOG_KIND_queue, LOG_warn, (uint8_t)from, ring->process, text);
}

void pump_log_journal(struct pump *pump, const char *sentence)
{
	struct log_ring *ring = log_ring_of(pump->map, WORKER_desk);
	if (tells(pump)) log_say(ring, LOG_KIND_journal, LOG_error, WORKER_desk, ring->process, sentence);
}
