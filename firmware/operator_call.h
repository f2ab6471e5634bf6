/* operator_call.h - one command of the operator, from the person's side: into the letter box, a word to the watchdog, and the wait for the answer.
 *
 * Never blocks: call_turn is called every few milliseconds until it says something else than CALL_WAITS. What it waits for, in order: room in the
 * letter box (HOME/request; within the appliance the `calls` region, which has always room), the watchdog to take the command into the `requests`
 * region, whoever trades to answer in `answers`. After CALL_PATIENCE_NS it gives up and names the process that did not do its part; a command that
 * was placed by then stays placed. Row R9. */
#ifndef FIRMWARE_OPERATOR_CALL_H
#define FIRMWARE_OPERATOR_CALL_H
#include "firmware/operator_desk.h"
#include "hal/wire/json_write.h"

#define CALL_PATIENCE_NS (2 * NS_PER_S)
enum { CALL_TURN_MS = 5, CALL_SENTENCE_BYTES = 512 };

/* CALL_NO_WAY   nobody is there to take the command: nothing was placed
 * CALL_SILENT   it was placed, and nobody answered in time */
enum call_state { CALL_WAITS, CALL_DONE, CALL_REFUSED, CALL_NEEDS_CODE, CALL_NO_WAY, CALL_SILENT };

struct operator_call {
	const struct memory_map *map;
	const char              *folder;        /* the caller's */
	struct operator_desk    *box;           /* of a caller within the appliance, who opens no files; 0: HOME/request */
	struct operator_request  request;
	int64_t                  begun_ns;
	uint64_t                 seq;           /* 0: the watchdog has not taken it yet */
	int32_t                  watchdog_pid;
	bool                     placed;
	uint64_t                 code;          /* of CALL_NEEDS_CODE */
	char                     sentence[CALL_SENTENCE_BYTES];        /* of every state but CALL_WAITS */
};

/* box: 0, or the `calls` region of the map, written by this process alone. holder_pid: who holds HOME/lock (attach.h), 0 for nobody. now_ns is monotonic. */
enum call_state call_begin(struct operator_call *call, const struct memory_map *map, const char *folder, int32_t holder_pid,
    struct operator_desk *box, const struct operator_request *request, int64_t now_ns);
enum call_state call_turn(struct operator_call *call, int64_t now_ns);
/* {"command":...,"outcome":"done|refused|needs_code|unreachable|unanswered","code":...,"text":...}; code is null but for needs_code. */
void call_json(struct json *json, const struct operator_call *call, enum call_state state);

#endif
