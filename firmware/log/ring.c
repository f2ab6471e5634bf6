/* ring.c - stores on one side, copies on the other. */
#include "firmware/log/ring.h"

#include <stdio.h>
#include <time.h>

#include "firmware/console/event_text.h"
#include "fsm/desk/order.h"
#include "hal/linux/clock.h"

void log_stamp(struct log_record *record)
{
	struct timespec wall = { 0, 0 };
	(void)clock_gettime(CLOCK_REALTIME, &wall);
	record->wall_ns = wall.tv_sec * NS_PER_S + wall.tv_nsec;
	record->mono_ns = clock_monotonic_ns();
}

void log_put(struct log_ring *ring, struct log_record *record)
{
	struct log_record *slot = &ring->slot[ring->count % LOG_SLOTS];
	log_stamp(record);
	record->seq = 0;
	__atomic_store_n(&slot->seq, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);        /* whoever reads sees that it is being written */
	memcpy((uint8_t *)slot + sizeof slot->seq, (const uint8_t *)record + sizeof slot->seq, sizeof *slot - sizeof slot->seq);
	__atomic_store_n(&slot->seq, ring->count + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&ring->count, ring->count + 1, __ATOMIC_RELEASE);
}

/* What a terminal would obey becomes a '?'. */
static void set_text(struct log_record *record, const char *text)
{
	(void)snprintf(record->text, LOG_TEXT_BYTES, "%s", text);
	for (char *at = record->text; *at; at++)
		if ((uint8_t)*at < ' ' || *at == 0x7f) *at = '?';
}

void log_say(struct log_ring *ring, enum log_kind kind, enum log_level level, uint8_t source, const char *process, const char *text)
{
	struct log_record record = { .kind = (uint16_t)kind, .level = (uint8_t)level, .source = source, .sym = SYM_NONE };
	(void)snprintf(record.process, sizeof record.process, "%s", process);
	set_text(&record, text);
	log_put(ring, &record);
}

/* kind of record plus one; 0: not worth one. */
static const struct { uint8_t kind, level; } told[EVENT_KINDS_N] = {
	[EVENT_ORDER] = { LOG_KIND_order + 1, LOG_info },           [EVENT_FILL] = { LOG_KIND_fill + 1, LOG_info },
	[EVENT_REFUSAL] = { LOG_KIND_refusal + 1, LOG_info },       [EVENT_RISK] = { LOG_KIND_risk + 1, LOG_warn },
	[EVENT_OPERATOR] = { LOG_KIND_operator + 1, LOG_info },     [EVENT_VENUE] = { LOG_KIND_session + 1, LOG_warn },
	[EVENT_RECONCILED] = { LOG_KIND_reconcile + 1, LOG_info },  [EVENT_RECOVERY] = { LOG_KIND_recovery + 1, LOG_info },
	[EVENT_CASH] = { LOG_KIND_cash + 1, LOG_info },             [EVENT_ALARM] = { LOG_KIND_alarm + 1, LOG_warn },
	[EVENT_QUARANTINE] = { LOG_KIND_quarantine + 1, LOG_warn }, [EVENT_NEW_REJECTED] = { LOG_KIND_order + 1, LOG_warn },
	[EVENT_CANCEL_REJECTED] = { LOG_KIND_order + 1, LOG_warn },
	[EVENT_CARE] = { LOG_KIND_care + 1, LOG_warn },
	[EVENT_SIGNAL] = { LOG_KIND_signal + 1, LOG_info },
};

static void set_figures(struct log_record *record, const struct event *event)
{
	if (event->kind == EVENT_ORDER) {
		record->order_id = event->order.order_id;
		record->qty_e8 = event->order.qty_e8;
		record->px_e8 = event->order.limit_px_e8;
	} else if (event->kind == EVENT_FILL) {
		record->order_id = event->fill.order_id;
		record->qty_e8 = event->fill.qty_e8;
		record->px_e8 = event->fill.px_e8;
		record->usd_e8 = event->fill.realised_usd_e8;
	} else if (event->kind == EVENT_NEW_REJECTED || event->kind == EVENT_CANCEL_REJECTED) {
		record->order_id = event->reply.order_id;
		record->value = event->reply.code;
	} else if (event->kind == EVENT_REFUSAL) {
		record->qty_e8 = event->refusal.wanted_qty_e8;
	} else if (event->kind == EVENT_RISK) {
		record->usd_e8 = event->risk.nav_usd_e8;
		record->value = event->risk.drawdown_bp;
	} else if (event->kind == EVENT_CASH) {
		record->usd_e8 = event->cash.usd_e8;
	}
}

/* An order by the input that made it, as a refusal has it too. */
static void set_trace(struct log_record *record, const struct event *event)
{
	if (record->order_id) record->trace_id = order_id_input(record->order_id);
	else if (event->kind == EVENT_REFUSAL) record->trace_id = event->cause;
}

static uint8_t level_of(const struct event *event)
{
	bool is_calm = event->kind == EVENT_VENUE && (event->venue.state == VENUE_UP || event->venue.state == VENUE_SYNCING);
	return is_calm ? LOG_info : told[event->kind].level;
}

static struct log_record record_of(const struct log_ring *ring, uint8_t source, const struct event *event)
{
	struct log_record record = { .kind = (uint16_t)(told[event->kind].kind - 1), .level = level_of(event), .source = source, .sym = event->sym };
	char              text[EVENT_TEXT_BYTES];
	record.t_ns = event->t_ns;
	record.input = event->cause;
	memcpy(record.process, ring->process, sizeof record.process);
	set_text(&record, event_text(text, event));
	set_figures(&record, event);
	set_trace(&record, event);
	return record;
}

void log_input(struct log_ring *ring, uint8_t source, const struct event *event)
{
	if (!told[event->kind].kind) return;
	struct log_record record = record_of(ring, source, event);
	log_put(ring, &record);
}

static bool is_repeated(struct log_ring *ring, const struct event *output)
{
	uint64_t key = output->cause << 16 | (output->index + 1u);
	if (key <= ring->key) return true;
	ring->key = key;
	return false;
}

void log_event(struct log_ring *ring, uint8_t source, const struct event *event)
{
	if (told[event->kind].kind && !is_repeated(ring, event)) log_input(ring, source, event);
}

void log_signal(struct log_ring *ring, uint8_t source, const struct event *order, const struct event *signal)
{
	if (is_repeated(ring, order)) return;
	struct log_record record = record_of(ring, source, signal);
	record.input = order->cause;
	record.order_id = order->request.order_id;
	record.trace_id = order_id_input(record.order_id);
	record.value = (int64_t)signal->signal.trace_id;
	log_put(ring, &record);
}

bool log_take(const struct log_ring *ring, uint64_t *next, uint64_t *missed, struct log_record *out)
{
	for (;;) {
		uint64_t count = __atomic_load_n(&ring->count, __ATOMIC_ACQUIRE), behind = count - *next;
		if (*next >= count) return false;
		if (behind >= LOG_SLOTS) {        /* the oldest slot may be being written */
			*missed += behind - LOG_SLOTS / 2;
			*next = count - LOG_SLOTS / 2;
		}
		const struct log_record *slot = &ring->slot[*next % LOG_SLOTS];
		uint64_t                 before = __atomic_load_n(&slot->seq, __ATOMIC_ACQUIRE);
		memcpy(out, slot, sizeof *out);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		bool is_whole = before == *next + 1 && __atomic_load_n(&slot->seq, __ATOMIC_RELAXED) == before;
		(*next)++;
		if (is_whole) return true;
		(*missed)++;
	}
}
