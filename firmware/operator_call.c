/* operator_call.c - place, wake, find, wait. */
#include "firmware/operator_call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "firmware/console/words.h"
#include "firmware/operator_file.h"
#include "hal/linux/holder.h"

static enum call_state say(struct operator_call *call, enum call_state state, const char *format, ...) __attribute__((format(printf, 3, 4)));
static enum call_state say(struct operator_call *call, enum call_state state, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(call->sentence, sizeof call->sentence, format, arguments);
	va_end(arguments);
	return state;
}

static const char *verb_of(const struct operator_call *call) { return operator_verb[call->request.command]; }

/* --- placing ------------------------------------------------------------------------------------------------------ */

static enum call_state ended_meanwhile(struct operator_call *call)
{
	return say(call, CALL_SILENT, "the watchdog of %s (process %d) ended in this moment: nobody did `%s`, and the next one drops it", call->folder,
	    call->watchdog_pid, verb_of(call));
}

/* Appended; what the watchdog did not take for a whole ring of commands is written over, and then nobody answers it. */
static enum call_state place_inside(struct operator_call *call)
{
	uint64_t count = call->box->count;
	call->box->ring[count % OPERATOR_RING] = call->request;
	__atomic_store_n(&call->box->count, count + 1, __ATOMIC_RELEASE);
	call->placed = true;
	return holder_ring(call->watchdog_pid) ? CALL_WAITS : ended_meanwhile(call);
}

static enum call_state place(struct operator_call *call)
{
	if (call->box) return place_inside(call);
	enum operator_file_verdict verdict = operator_file_write(call->folder, &call->request);
	if (verdict == OPERATOR_FILE_BUSY) {
		(void)holder_wake(call->folder, call->watchdog_pid);        /* the other one's word may have been lost */
		return CALL_WAITS;
	}
	if (verdict != OPERATOR_FILE_OK) return say(call, CALL_NO_WAY, "%s/request %s", call->folder, operator_file_text[verdict]);
	call->placed = true;
	if (holder_wake(call->folder, call->watchdog_pid)) return CALL_WAITS;
	return ended_meanwhile(call);
}

enum call_state call_begin(struct operator_call *call, const struct memory_map *map, const char *folder, int32_t holder_pid,
    struct operator_desk *box, const struct operator_request *request, int64_t now_ns)
{
	*call = (struct operator_call){ .map = map, .folder = folder, .box = box, .request = *request, .begun_ns = now_ns, .watchdog_pid = holder_pid };
	BUG_UNLESS(4255, request->command < OPERATOR_COMMANDS_N);
	call->request.t_ns = now_ns;
	if (!holder_pid)
		return say(call, CALL_NO_WAY, "the watchdog of %s is dead, so nobody can `%s` there: what it left at the venue stays; start tickwork run --home %s",
		    folder, verb_of(call), folder);
	return place(call);
}

/* --- waiting ------------------------------------------------------------------------------------------------------ */

static bool is_mine(const struct operator_call *call, const struct operator_request *request)
{
	return request->t_ns == call->request.t_ns && request->command == call->request.command && request->sym == call->request.sym &&
	       request->code == call->request.code;
}

static uint64_t seq_of(const struct operator_call *call)
{
	const struct operator_desk *requests = call->map->requests;
	uint64_t                    count = __atomic_load_n(&requests->count, __ATOMIC_ACQUIRE);
	for (int i = 0; i < OPERATOR_RING; i++) {
		const struct operator_request *request = &requests->ring[i];
		if (request->seq != 0 && request->seq <= count && is_mine(call, request)) return request->seq;
	}
	return 0;
}

static enum call_state answered(struct operator_call *call, const struct operator_answer *answer)
{
	call->code = answer->code;
	switch ((enum operator_outcome)answer->outcome) {
	case OPERATOR_DONE: return say(call, CALL_DONE, "%s", answer->text);
	case OPERATOR_NEEDS_CODE: return say(call, CALL_NEEDS_CODE, "%s", answer->text);
	case OPERATOR_REFUSED:
	case OPERATOR_WAITS: break;
	}
	return say(call, CALL_REFUSED, "%s", answer->text);
}

/* The row of the process that trades: the desk's, or the rescue's (the row behind the layout's) while the desk is held down. */
static bool trader_of(const struct memory_map *map, struct process_life *out)
{
	char layout_name[MAP_STAMP_TEXT_BYTES];
	(void)snprintf(layout_name, sizeof layout_name, "%.*s", MAP_STAMP_TEXT_BYTES - 1, map->stamp->layout);
	const struct layout *layout = layout_find(layout_name);
	for (size_t p = 0; layout && p < layout->places; p++)
		for (size_t i = 0; layout->place[p].worker == WORKER_desk && i < LIFE_ROWS; i++) {
			*out = map->life->of[i];
			out->name[PROCESS_NAME_BYTES - 1] = '\0';
			if (strcmp(out->name, layout->place[p].process) == 0) return true;
		}
	return false;
}

static bool lies_in_the_box(const struct operator_call *call)
{
	char     path[FILES_PATH_MAX];
	uint64_t bytes;
	return files_path(path, call->folder, "request") == FILES_OK && files_size(path, &bytes) == FILES_OK;
}

static enum call_state nobody_answered(struct operator_call *call)
{
	struct process_life trader;
	const char         *verb = verb_of(call);
	if (!call->placed)
		return say(call, CALL_SILENT, "%s/request still holds an earlier command: the watchdog (process %d) hangs; nothing was done", call->folder,
		    call->watchdog_pid);
	if (!call->seq && call->box)
		return say(call, CALL_SILENT, "the watchdog (process %d) did not pass `%s` on within %d s: it hangs, or %d commands wait for an answer already",
		    call->watchdog_pid, verb, (int)(CALL_PATIENCE_NS / NS_PER_S), (int)OPERATOR_RING);
	if (!call->seq && !lies_in_the_box(call))
		return say(call, CALL_SILENT, "the watchdog (process %d) did not pass `%s` on: %d commands wait for an answer already; nothing was done",
		    call->watchdog_pid, verb, (int)OPERATOR_RING);
	if (!call->seq)
		return say(call, CALL_SILENT, "the watchdog (process %d) did not take `%s` within %d s: it hangs; the command waits in %s/request", call->watchdog_pid,
		    verb, (int)(CALL_PATIENCE_NS / NS_PER_S), call->folder);
	if (!trader_of(call->map, &trader))
		return say(call, CALL_SILENT, "no process that trades answered `%s` within %d s; the command waits for one", verb, (int)(CALL_PATIENCE_NS / NS_PER_S));
	bool lives = call->box ? trader.pid != 0 : process_exists(trader.pid);
	return say(call, CALL_SILENT, "%s (%s, %s) did not answer `%s` within %d s; the command waits for it", trader.name,
	    word_process_state(trader.state), lives ? "alive" : "dead", verb, (int)(CALL_PATIENCE_NS / NS_PER_S));
}

enum call_state call_turn(struct operator_call *call, int64_t now_ns)
{
	struct operator_answer answer;
	enum call_state        state = call->placed ? CALL_WAITS : place(call);
	if (state != CALL_WAITS) return state;
	if (call->placed && !call->seq) call->seq = seq_of(call);
	if (operator_answer_find(call->map->answers, call->seq, &answer)) return answered(call, &answer);
	return now_ns - call->begun_ns < CALL_PATIENCE_NS ? CALL_WAITS : nobody_answered(call);
}

void call_json(struct json *json, const struct operator_call *call, enum call_state state)
{
	static const char *const outcome[] = { [CALL_WAITS] = "waits", [CALL_DONE] = "done", [CALL_REFUSED] = "refused", [CALL_NEEDS_CODE] = "needs_code",
		[CALL_NO_WAY] = "unreachable", [CALL_SILENT] = "unanswered" };
	char                     code[OPERATOR_CODE_BYTES];
	json_object_begin(json);
	json_key(json, "command");
	json_string(json, verb_of(call));
	json_key(json, "outcome");
	json_string(json, outcome[state]);
	json_key(json, "code");
	if (state == CALL_NEEDS_CODE) json_string(json, operator_code_text(call->code, code)); else json_null(json);
	json_key(json, "text");
	json_string(json, call->sentence);
	json_object_end(json);
}
