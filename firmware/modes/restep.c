/* restep.c - one journal, stepped once more. */
#include "firmware/modes/restep.h"

#include "firmware/layouts.h"

static void differ(struct restep *restep, const char *what)
{
	if (restep->differs) return;
	restep->differs = what;
	restep->differ_at = restep->record.at;
}

static void check_hash(struct restep *restep, uint64_t hash)
{
	restep->hashes++;
	if (desk_hash(&restep->desk) != hash) differ(restep, "the state hash differs");
}

static void on_input(struct restep *restep)
{
	struct desk_worker worker = { &restep->desk, &restep->log };
	struct event       in;
	if (!journal_event_next(&restep->record, &in)) {
		differ(restep, "an INPUT holds no event");
		return;
	}
	in.cause = restep->record.input_seq;
	if (in.cause != restep->desk.inputs + 1) {
		differ(restep, "an INPUT is missing before this one");
		return;
	}
	restep->inputs++;
	outbox_begin(&restep->out, WORKER_desk, in.cause, in.t_ns);
	desk_step(&worker, &in, &restep->out);
	restep->stepped = true;
}

static void on_result(struct restep *restep)
{
	restep->results++;
	if (!restep->stepped || !journal_result_same(&restep->record, &restep->out)) differ(restep, "a RESULT differs");
	if (restep->record.hashed) check_hash(restep, restep->record.state_hash);
	restep->stepped = false;
}

/* The first snapshot is where we start; at each later one our own state must have come to the same. */
static void on_snapshot(struct restep *restep)
{
	if (restep->record.offset) return;
	restep->snapshots++;
	if (restep->desk.inputs != restep->record.input_seq) differ(restep, "a SNAPSHOT belongs to another input");
	check_hash(restep, restep->record.state_hash);
}

enum journal_verdict restep_begin(struct restep *restep)
{
	enum journal_verdict verdict = journal_seek_oldest(&restep->reader);
	if (verdict == JOURNAL_GAP) verdict = JOURNAL_OK;
	return verdict == JOURNAL_OK ? journal_read_state(&restep->reader, &restep->desk, sizeof restep->desk, &restep->record) : verdict;
}

bool restep_is_there(const struct restep *restep) { return restep->desk.inputs >= restep->to && !restep->stepped; }

void restep_all(struct restep *restep)
{
	while (!restep->differs && !restep_is_there(restep)) {
		switch (journal_read_next(&restep->reader, &restep->record)) {
		case JOURNAL_INPUT: on_input(restep); break;
		case JOURNAL_RESULT: on_result(restep); break;
		case JOURNAL_SNAPSHOT: on_snapshot(restep); break;
		case JOURNAL_CLOSE: check_hash(restep, restep->record.state_hash); break;
		case JOURNAL_CHECKPOINT: break;
		case JOURNAL_END:
		case JOURNAL_TYPES_N: return;
		}
	}
}
