/* operator_desk.c - a ring of requests, a ring of answers, and the codes that lie in the second. */
#include "firmware/operator_desk.h"

#include <stdio.h>

#include "fsm/risk/ladder.h"

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const char *const operator_verb[OPERATOR_COMMANDS_N] = {
	[OPERATOR_HALT] = "halt", [OPERATOR_RESUME] = "resume", [OPERATOR_PAUSE] = "pause", [OPERATOR_FLATTEN] = "flatten", [OPERATOR_CONFIRM] = "confirm",
	[OPERATOR_ACK] = "ack",
};

bool operator_needs_code(uint8_t command) { return command == OPERATOR_RESUME || command == OPERATOR_CONFIRM; }

/* --- codes -------------------------------------------------------------------------------------------------------- */

const char *operator_code_text(uint64_t code, char text[OPERATOR_CODE_BYTES])
{
	for (int i = OPERATOR_CODE_CHARACTERS - 1; i >= 0; i--, code >>= 5) text[i] = crockford[code & 31];
	text[OPERATOR_CODE_CHARACTERS] = '\0';
	return text;
}

static int digit_of(char c)
{
	char upper = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	if (upper == 'O') upper = '0';
	if (upper == 'I' || upper == 'L') upper = '1';
	for (int i = 0; i < 32; i++) if (crockford[i] == upper) return i;
	return -1;
}

bool operator_code_parse(const char *text, uint64_t *code)
{
	uint64_t value = 0;
	for (int i = 0; i < OPERATOR_CODE_CHARACTERS; i++) {
		int digit = digit_of(text[i]);
		if (digit < 0) return false;        /* the terminator too */
		value = value << 5 | (uint64_t)digit;
	}
	*code = value;
	return text[OPERATOR_CODE_CHARACTERS] == '\0' && value != 0;
}

static uint64_t code_of(uint64_t random)
{
	uint64_t code = random & ((UINT64_C(1) << OPERATOR_CODE_BITS) - 1);
	return code ? code : 1;
}

/* --- the rings ---------------------------------------------------------------------------------------------------- */

static const struct operator_request *request_of(const struct operator_desk *requests, uint64_t seq)
{
	for (int i = 0; i < OPERATOR_RING; i++) if (requests->ring[i].seq == seq) return &requests->ring[i];
	return 0;
}

static const struct operator_answer *answer_of(const struct operator_answers *answers, uint64_t seq)
{
	for (int i = 0; i < OPERATOR_RING; i++) if (__atomic_load_n(&answers->ring[i].seq, __ATOMIC_ACQUIRE) == seq) return &answers->ring[i];
	return 0;
}

bool operator_answer_find(const struct operator_answers *answers, uint64_t seq, struct operator_answer *out)
{
	const struct operator_answer *answer = seq ? answer_of(answers, seq) : 0;
	if (!answer) return false;
	*out = *answer;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	out->text[OPERATOR_TEXT_BYTES - 1] = '\0';
	return out->seq == seq && __atomic_load_n(&answer->seq, __ATOMIC_RELAXED) == seq;
}

/* The sequence is 0 while the rest is written, and comes back last. */
static void answer(struct operator_answers *answers, uint64_t seq, int64_t now_ns, enum operator_outcome outcome, uint64_t code, const char *sentence)
{
	struct operator_answer *at = &answers->ring[(seq - 1) % OPERATOR_RING];
	__atomic_store_n(&at->seq, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	at->code = code;
	at->t_ns = now_ns;
	at->outcome = outcome;
	at->pad = 0;
	(void)snprintf(at->text, sizeof at->text, "%s", sentence);
	__atomic_store_n(&at->seq, seq, __ATOMIC_RELEASE);
	if (answers->count < seq) __atomic_store_n(&answers->count, seq, __ATOMIC_RELEASE);
}

/* A code is good when it was made for this command, is young, and no answer says that it was used. */
static bool code_is_good(const struct operator_desk *requests, const struct operator_answers *answers, const struct operator_request *request, int64_t now_ns)
{
	bool made = false;
	for (int i = 0; i < OPERATOR_RING; i++) {
		const struct operator_answer  *at = &answers->ring[i];
		const struct operator_request *of = at->seq ? request_of(requests, at->seq) : 0;
		if (!of || at->code != request->code) continue;
		if (at->outcome != OPERATOR_NEEDS_CODE) return false;
		made = made || (of->command == request->command && now_ns - at->t_ns >= 0 && now_ns - at->t_ns <= OPERATOR_CODE_NS);
	}
	return made;
}

/* --- the turn ----------------------------------------------------------------------------------------------------- */

static const char *wrong_with(const struct operator_request *request)
{
	if (request->command >= OPERATOR_COMMANDS_N) return "an unknown command: the request was not made by this program";
	if (request->sym == SYM_NONE) return 0;
	if (request->command != OPERATOR_FLATTEN) return "only flatten takes a symbol";
	return request->sym < UNIVERSE_N ? 0 : "a symbol that is not in the universe";
}

/* Answers what needs no step; true when a step is needed. */
static bool take(const struct operator_turn *turn, const struct operator_desk *requests, struct operator_answers *answers,
    const struct operator_request *request, int64_t now_ns, uint64_t random)
{
	const char *wrong = wrong_with(request);
	if (!wrong && request->command != OPERATOR_HALT && request->command != OPERATOR_FLATTEN) wrong = turn->only_exits;
	if (wrong) {
		answer(answers, request->seq, now_ns, OPERATOR_REFUSED, 0, wrong);
		return false;
	}
	if (!operator_needs_code(request->command)) return true;
	if (request->code == 0) {
		answer(answers, request->seq, now_ns, OPERATOR_NEEDS_CODE, code_of(random), "this adds risk: say it again with the code");
		return false;
	}
	if (code_is_good(requests, answers, request, now_ns)) return true;
	answer(answers, request->seq, now_ns, OPERATOR_REFUSED, 0, "that code is used, older than 60 s or of another command: ask for a new one");
	return false;
}

/* Copies it out; false when the ring has gone on. */
static bool request_is(const struct operator_desk *requests, uint64_t seq, struct operator_request *out)
{
	const struct operator_request *request = request_of(requests, seq);
	if (request) *out = *request;
	return request && out->seq == seq;
}

/* Copies out the next request without an answer. */
static bool next_of(struct operator_turn *turn, const struct operator_desk *requests, const struct operator_answers *answers, struct operator_request *out)
{
	uint64_t last = __atomic_load_n(&requests->count, __ATOMIC_ACQUIRE);
	uint64_t oldest = last > OPERATOR_RING ? last - OPERATOR_RING + 1 : 1;
	if (turn->next == 0) turn->next = oldest;        /* what lies in the ring from before a restart has its answer, or gets it now */
	if (turn->next < oldest) {
		turn->lost += oldest - turn->next;
		turn->next = oldest;
	}
	for (; turn->next <= last; turn->next++) {
		if (answer_of(answers, turn->next)) continue;
		if (request_is(requests, turn->next, out)) {
			turn->next++;
			return true;
		}
		turn->lost++;
	}
	return false;
}

bool operator_turn(struct operator_turn *turn, const struct operator_desk *requests, struct operator_answers *answers, int64_t now_ns, uint64_t random,
    struct event *out)
{
	struct operator_request request;
	BUG_UNLESS(4250, turn->in_step == 0);
	if (!next_of(turn, requests, answers, &request) || !take(turn, requests, answers, &request, now_ns, random)) return false;
	event_begin(out, EVENT_OPERATOR, request.sym, 0);
	out->instruction = (struct operator_order){ .code = request.code, .command = request.command };
	turn->in_step = request.seq;
	turn->code = request.code;
	return true;
}

void operator_answered(struct operator_turn *turn, struct operator_answers *answers, int64_t now_ns, enum operator_outcome outcome, const char *sentence)
{
	BUG_UNLESS(4251, turn->in_step != 0 && (outcome == OPERATOR_DONE || outcome == OPERATOR_REFUSED));
	answer(answers, turn->in_step, now_ns, outcome, turn->code, sentence);
	turn->in_step = 0;
}

/* --- what became of it -------------------------------------------------------------------------------------------- */

static const char *why_not_confirmed(uint8_t ladder_state)
{
	switch ((enum ladder_state)ladder_state) {
	case LADDER_LEVEL4: return "not yet: level 4 is still selling; confirm when nothing is held and it was quiet";
	case LADDER_OUT: return "not yet: the quiet sessions before re-entry are not over";
	case LADDER_RECOVERY: return "it is confirmed already: the way back in has begun";
	case LADDER_CLEAR:
	case LADDER_LEVEL1:
	case LADDER_LEVEL2:
	case LADDER_LEVEL3:
	case LADDER_READY:
	case LADDER_STATES_N: break;
	}
	return "nothing waits for a confirmation";
}

static const char *judge_resume(const struct account_note *before, const struct account_note *after, enum operator_outcome *outcome)
{
	bool stood = before->halted || before->paused, stands = after->halted || after->paused;
	*outcome = stood && !stands ? OPERATOR_DONE : OPERATOR_REFUSED;
	if (!stood) return "nothing to resume: trading is neither halted nor paused";
	return stands ? "trading stays halted: a rule still holds it" : "trading goes on, within its risk level";
}

static const char *judge(const struct operator_order *order, const struct account_note *before, const struct account_note *after,
    enum operator_outcome *outcome)
{
	*outcome = OPERATOR_DONE;
	switch ((enum operator_command)order->command) {
	case OPERATOR_HALT: return "trading is halted: open buys are cancelled, only exits go on until resume";
	case OPERATOR_PAUSE: return "trading is paused: no new risk is taken until resume";
	case OPERATOR_FLATTEN: return before->positions ? "positions are being closed" : "nothing is held; nothing is bought until resume";
	case OPERATOR_RESUME: return judge_resume(before, after, outcome);
	case OPERATOR_ACK:
		if (before->reviews_open > after->reviews_open) return "acknowledged: somebody has seen it";
		*outcome = OPERATOR_REFUSED;
		return "no review of that number waits to be acknowledged";
	case OPERATOR_CONFIRM:
		if (before->ladder_state != LADDER_RECOVERY && after->ladder_state == LADDER_RECOVERY) return "confirmed: the way back in begins, by steps";
		*outcome = OPERATOR_REFUSED;
		return why_not_confirmed(before->ladder_state);
	case OPERATOR_COMMANDS_N: break;
	}
	*outcome = OPERATOR_REFUSED;
	return "an unknown command";
}

enum operator_outcome operator_judge(const struct operator_order *order, const struct account_note *before, const struct account_note *after,
    char sentence[OPERATOR_TEXT_BYTES])
{
	enum operator_outcome outcome;
	(void)snprintf(sentence, OPERATOR_TEXT_BYTES, "%s", judge(order, before, after, &outcome));
	return outcome;
}
