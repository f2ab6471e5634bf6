/* explain_read.c - one pass over the journal: step, and keep what concerns the order. */
#include <stdio.h>
#include <string.h>

#include "firmware/modes/explain.h"
#include "firmware/modes/home.h"

static void keep(struct explain *explain, const struct event *event)
{
	if (explain->messages < EXPLAIN_MESSAGES_MAX) explain->message[explain->messages++] = *event;
	else explain->messages_lost++;
}

/* The order an event speaks of; 0: none. */
static uint64_t order_of(const struct event *event)
{
	switch (event->kind) {
	case EVENT_ORDER_NEW: return event->request.order_id;
	case EVENT_ORDER_CANCEL:
	case EVENT_ORDER_REPLACE:
	case EVENT_ORDER_QUERY: return event->ref.order_id;
	case EVENT_ACK:
	case EVENT_NEW_REJECTED:
	case EVENT_CANCEL_REJECTED:
	case EVENT_REPLACE_REJECTED:
	case EVENT_REPLACED:
	case EVENT_CANCELLED:
	case EVENT_EXPIRED:
	case EVENT_NOT_FOUND: return event->reply.order_id;
	case EVENT_FILL: return event->fill.order_id;
	default: return 0;
	}
}

/* The desk as it was before the input that made the order. */
static void look_at_desk(struct explain *explain)
{
	explain->causes_book = desk_causes_of_book(&explain->desk);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) explain->causes_symbol[sym] = desk_causes_of_symbol(&explain->desk, sym);
	explain->nav_usd_e8 = account_nav_usd_e8(&explain->desk.account);
}

static void on_input(struct explain *explain)
{
	struct desk_worker worker = { &explain->desk, &explain->log };
	struct event      *in = &explain->in;
	if (!journal_event_next(&explain->record, in)) return;
	in->cause = explain->record.input_seq;
	bool makes_it = in->cause == order_id_input(explain->order_id);
	if (makes_it) {
		explain->by = *in;
		explain->at_order = explain->signals;
	}
	if (in->kind == EVENT_SIGNAL && in->signal.strategy < STRATEGY_COUNT && in->sym < UNIVERSE_N)
		explain->signals.of[in->signal.strategy][in->sym] = *in;
	if (order_of(in) == explain->order_id) keep(explain, in);
	explain->is_stepped = explain->is_stepped && in->cause == explain->desk.inputs + 1;
	if (!explain->is_stepped) return;
	if (makes_it) look_at_desk(explain);
	outbox_begin(&explain->out, WORKER_desk, in->cause, in->t_ns);
	desk_step(&worker, in, &explain->out);
}

static void on_order_new(struct explain *explain, const struct event *event)
{
	uint64_t id = event->request.order_id;
	if (id < explain->order_id) explain->below = id;
	if (id > explain->order_id && explain->above == 0) explain->above = id;
	if (id != explain->order_id) return;
	explain->is_found = true;
	explain->request = *event;
}

/* A fill is kept as the venue told it; the desk's own record of it says the same again. */
static void on_result(struct explain *explain)
{
	struct event event;
	explain->is_stepped = explain->is_stepped && journal_result_same(&explain->record, &explain->out);
	while (journal_event_next(&explain->record, &event)) {
		if (event.kind == EVENT_ORDER_NEW) on_order_new(explain, &event);
		if (event.kind == EVENT_SIZE && event.size.order_id == explain->order_id) explain->size = event, explain->is_sized = true;
		if (event.kind == EVENT_ORDER && event.order.order_id == explain->order_id) explain->last = event.order;
		if (event.kind != EVENT_FILL && order_of(&event) == explain->order_id) keep(explain, &event);
	}
}

static void walk(struct explain *explain)
{
	for (;;) {
		struct journal_reader *reader = &explain->reader;
		enum journal_type      type = explain->is_live ? journal_read_live(reader, &explain->record) : journal_read_next(reader, &explain->record);
		if (type == JOURNAL_END) return;
		if (type == JOURNAL_INPUT) on_input(explain);
		if (type == JOURNAL_RESULT) on_result(explain);
	}
}

static bool refuse(struct explain *explain, const char *what)
{
	(void)snprintf(explain->sentence, sizeof explain->sentence, "%s/journal %s: name the --home of a run", explain->home, what);
	return false;
}

/* Another build's state is another struct, and under other settings the same INPUTs mean something else. */
static bool can_step(struct explain *explain)
{
	struct conf conf;
	if (!conf_read(&conf, explain->home)) return false;
	recorder_setup(&explain->setup, &conf.settings, explain->reader.segment.setup.mode);
	return journal_read_state(&explain->reader, &explain->desk, sizeof explain->desk, &explain->record) == JOURNAL_OK &&
	       journal_same_setup(&explain->reader, &explain->setup) && desk_hash(&explain->desk) == explain->record.state_hash;
}

bool explain_read(struct explain *explain)
{
	enum disk_code code = disk_linux_init(&explain->disk, explain->home);
	if (code != DISK_OK) return refuse(explain, disk_code_text(code));
	enum journal_verdict verdict = journal_read_open(&explain->reader, &explain->disk.disk, "journal", explain->window, sizeof explain->window);
	if (verdict == JOURNAL_OK) {
		verdict = journal_seek_oldest(&explain->reader);
		bool is_there = verdict == JOURNAL_OK || verdict == JOURNAL_GAP;
		explain->is_stepped = is_there && can_step(explain);
		if (is_there && !explain->is_stepped) verdict = journal_seek_oldest(&explain->reader);        /* stand before its records again */
		if (is_there) walk(explain);
		if (is_there) verdict = JOURNAL_OK;
		journal_read_close(&explain->reader);
	}
	disk_linux_end(&explain->disk);
	return verdict == JOURNAL_OK ? true : refuse(explain, journal_verdict_text[verdict]);
}
