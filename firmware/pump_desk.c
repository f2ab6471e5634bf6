/* pump_desk.c - the desk's step between the journal's INPUT and RESULT. Row O3. */
#include "firmware/pump_parts.h"

#include "hal/tape.h"

bool pump_books_input(uint16_t kind) { return kind == EVENT_SIGNAL || kind == EVENT_REGIME || kind == EVENT_DIVIDEND || kind == EVENT_ALARM; }

static void journal_lost(struct pump *pump, enum journal_verdict verdict)
{
	pump->journal_verdict = verdict;
	pump_log_journal(pump, journal_verdict_text[verdict]);
	pump->rooms->desk.journal_lost = 1;        /* cause JOURNAL_LOST: no new risk; cancels and reductions go on */
}

static bool journals(const struct pump *pump)
{
	return pump->journal && !pump->shadow && !pump->diverged && pump->journal_verdict == JOURNAL_OK;
}

static void write_input(struct pump *pump, struct event *in)
{
	uint64_t number = in->cause;
	if (!journals(pump)) return;
	if (pump->open_input == number) {
		pump->open_input = 0;        /* the journal has this INPUT already, from before the crash */
		return;
	}
	enum journal_verdict verdict = journal_input(pump->journal, in, &number);
	if (verdict != JOURNAL_OK) journal_lost(pump, verdict);
	BUG_UNLESS(4032, verdict != JOURNAL_OK || number == in->cause);
}

static void write_result(struct pump *pump)
{
	if (!journals(pump)) return;
	const struct desk   *desk = pump->desk.desk;
	bool                 with_hash = desk->inputs % CFG_state_hash_every == 0;
	enum journal_verdict verdict = journal_result(pump->journal, &pump->out, with_hash, with_hash ? desk_hash(desk) : 0);
	bool                 orders = desk_must_be_durable(&pump->out);
	pump->order_steps += orders;
	if (verdict == JOURNAL_OK && orders && pump->durable) {
		verdict = journal_sync(pump->journal);
		pump->syncs++;
	}
	bool flushes = pump->commits || (orders && pump->durable);
	if (verdict == JOURNAL_OK && pump->commits) verdict = journal_flush(pump->journal);        /* the process may die with its buffer: others see what it did */
	if (verdict == JOURNAL_OK && flushes) pump_trace(pump->map, WORKER_desk)->journal_input = desk->inputs;
	if (verdict != JOURNAL_OK) journal_lost(pump, verdict);
}

static void check_shadow(struct pump *pump)
{
	pump->diverged = desk_hash(pump->desk.desk) != pump->shadow_hash;
}

/* The re-run has caught up with the journal: from here on it is written again. */
static void leave_shadow(struct pump *pump)
{
	pump->shadow = false;
	if (!pump->open_input) check_shadow(pump);        /* with an open INPUT the hash is the one after that */
}

_Static_assert((int)CHANNELS_N <= (int)DESK_CHANNELS_MAX, "fsm/desk/desk.h: raise DESK_CHANNELS_MAX");

bool pump_was_taken(const struct pump *pump, uint8_t source, uint64_t number) { return number <= pump->rooms->desk.taken[source]; }

/* In the re-run: commands of the operator that the journal has before the next input. */
static void take_commands(struct pump *pump)
{
	while (pump->commands_at < pump->commands_n && pump->commands[pump->commands_at].cause == pump->desk.desk->inputs + 1)
		pump_step_desk(pump, &pump->commands[pump->commands_at++], DESK_SOURCE_NONE, 0);
}

void pump_step_desk(struct pump *pump, const struct event *event, uint8_t source, uint64_t number)
{
	struct event in = *event;
	if (pump->desk_until && pump->desk.desk->inputs >= pump->desk_until) return;
	if (event->kind != EVENT_OPERATOR && event->kind != EVENT_CARE) take_commands(pump);
	struct worker_progress *progress = pump_progress(pump->map, WORKER_desk);
	progress->steps++;
	progress->t_ns = in.t_ns;
	in.flags = source;
	in.seq = number;
	if (pump->shadow && pump->desk.desk->inputs == pump->shadow_until) leave_shadow(pump);
	if (journals(pump)) {
		enum journal_verdict verdict = pump_segment(pump);
		if (verdict != JOURNAL_OK) journal_lost(pump, verdict);
	}
	in.cause = pump->desk.desk->inputs + 1;
	trace_put(pump_trace(pump->map, WORKER_desk), &in);
	if (pump->logs) pump_log_input(pump, &in);
	if (pump->tape && number == 0)
		tape_keep(pump->tape, (struct tape_entry){ .kind = TAPE_INPUT, .number = source, .value = in.cause, .bytes = sizeof in }, &in);
	bool was_open = !pump->shadow && pump->open_input == in.cause;
	write_input(pump, &in);
	outbox_begin(&pump->out, WORKER_desk, in.cause, in.t_ns);
	desk_step(&pump->desk, &in, &pump->out);
	if (was_open) check_shadow(pump);
	write_result(pump);
	if (pump->paper && in.seq != 0 && in.flags == DESK_SOURCE_VENUE) paper_take(pump->paper);
	if (pump_books_input(in.kind)) pump_put(pump, WORKER_desk, CHANNEL_results, &in);
	pump_route(pump, WORKER_desk);
}

bool pump_is_back(struct pump *pump)
{
	take_commands(pump);
	if (pump->shadow && !pump->open_input && pump->desk.desk->inputs == pump->shadow_until) leave_shadow(pump);
	return !pump->shadow;
}

enum journal_verdict pump_segment(struct pump *pump)
{
	const struct desk      *desk = &pump->rooms->desk;
	struct journal_snapshot snapshot = { desk, sizeof *desk, desk->inputs, 0 };
	if (!journal_needs_segment(pump->journal)) return JOURNAL_OK;
	snapshot.state_hash = desk_hash(desk);
	uint64_t             projected = pump->projected_seq ? pump->projected_seq(pump->listener.self) : UINT64_MAX;
	enum journal_verdict verdict = journal_segment_begin(pump->journal, &snapshot, projected);
	uint32_t             at = 0;
	do {
		if (verdict != JOURNAL_OK) return verdict;
		outbox_begin(&pump->out, WORKER_desk, desk->inputs, desk->t_ns);
		at = desk_checkpoint(desk, at, &pump->out);
		verdict = journal_checkpoint(pump->journal, &pump->out, at == 0);
	} while (at != 0);
	return verdict;
}

void pump_finish(struct pump *pump, const struct event *in, const struct outbox *out, bool is_open)
{
	pump->out = *out;
	if (is_open) write_result(pump);
	if (pump_books_input(in->kind)) pump_put(pump, WORKER_desk, CHANNEL_results, in);
	pump->mute = pump->by_machine;
	pump_route(pump, WORKER_desk);
	pump->mute = false;
}

void pump_begin_life(struct pump *pump, const struct event *event, bool is_new_map)
{
	pump_step_desk(pump, event, is_new_map ? EVENT_NEW_MAP : DESK_SOURCE_NONE, 0);
}
