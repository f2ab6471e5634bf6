/* operator_desk.h - the operator's commands as whoever trades takes them: which is next, does it need a code, what became of it.
 *
 * Called by the process of the desk (or the rescue) at least every 20 ms:
 *
 *   if (operator_turn(&turn, map->requests, map->answers, now_ns, random, &event)) {
 *           ... journal and step the event, its market time set ...
 *           operator_answered(&turn, map->answers, now_ns, OPERATOR_DONE, "trading is halted");
 *   }
 *
 * HALT, PAUSE and FLATTEN reduce risk and are done at once. RESUME and CONFIRM add risk: the first request is answered NEEDS_CODE with a code made
 * for that command, good once and for OPERATOR_CODE_NS; the second one carries it. The code is not a secret: it makes a person type twice, and mean it.
 *
 * All memory of it lies in the two regions, so it is the same after a restart: an answered request is not done again; one that was handed out
 * and not yet answered is handed out again (the commands bear that); codes stay good. A request that left the ring before anyone looked is counted in
 * `lost`. Requests are checked like anything from outside. Row R9. */
#ifndef FIRMWARE_OPERATOR_DESK_H
#define FIRMWARE_OPERATOR_DESK_H
#include "firmware/memory_map.h"

#define OPERATOR_CODE_NS (60 * NS_PER_S)
enum { OPERATOR_CODE_CHARACTERS = 6, OPERATOR_CODE_BYTES = OPERATOR_CODE_CHARACTERS + 1, OPERATOR_CODE_BITS = 5 * OPERATOR_CODE_CHARACTERS };

/* `next`: the first request not yet looked at. Zeroed at start. only_exits: 0, or the sentence with which all but HALT and FLATTEN is refused. */
struct operator_turn { uint64_t next, in_step, code, lost; const char *only_exits; };

/* Takes the next request that nobody has answered. True: *out is an OPERATOR event to step (t_ns is the caller's to set), and operator_answered must
 * follow. False: none, or one that was answered here. now_ns is monotonic, random 64 fresh bits. */
bool operator_turn(struct operator_turn *turn, const struct operator_desk *requests, struct operator_answers *answers, int64_t now_ns, uint64_t random,
    struct event *out);
/* After the step: OPERATOR_DONE or OPERATOR_REFUSED, with the sentence a person reads. */
void operator_answered(struct operator_turn *turn, struct operator_answers *answers, int64_t now_ns, enum operator_outcome outcome, const char *sentence);
/* What to answer, from the account before and after the step: a command that changed nothing where it should have is refused with the reason. */
enum operator_outcome operator_judge(const struct operator_order *order, const struct account_note *before, const struct account_note *after,
    char sentence[OPERATOR_TEXT_BYTES]);

/* Copies out the answer to this request; false while there is none, or while it is being written. */
bool operator_answer_find(const struct operator_answers *answers, uint64_t seq, struct operator_answer *out);

bool operator_needs_code(uint8_t command);
/* "halt" */
extern const char *const operator_verb[OPERATOR_COMMANDS_N];
/* Six characters of Crockford's base 32; case does not matter, and O, I, L are read as 0, 1, 1. 0 is no code. */
const char *operator_code_text(uint64_t code, char text[OPERATOR_CODE_BYTES]);
bool        operator_code_parse(const char *text, uint64_t *code);

#endif
