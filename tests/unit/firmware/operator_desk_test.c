/* operator_desk_test.c - the desk's end of the operator's commands: codes, order, restarts. */
#include "firmware/operator_desk.h"

#include <string.h>

#include "fsm/risk/ladder.h"
#include "tests/kit/test.h"

static struct operator_desk    requests;
static struct operator_answers answers;
static struct operator_turn    turn;
static struct event            event;
static int64_t                 now_ns = 5 * NS_PER_S;
static uint64_t                random_bits = 0x1234567890abcdef;

/* As the watchdog appends. */
static uint64_t ask_sym(enum operator_command command, uint64_t code, uint16_t sym)
{
	uint64_t seq = requests.count + 1;
	requests.ring[(seq - 1) % OPERATOR_RING] = (struct operator_request){ seq, code, now_ns, sym, (uint8_t)command, { 0 } };
	requests.count = seq;
	return seq;
}
static uint64_t ask(enum operator_command command, uint64_t code) { return ask_sym(command, code, SYM_NONE); }

static bool look(void) { return operator_turn(&turn, &requests, &answers, now_ns, random_bits += 77, &event); }
static void say(enum operator_outcome outcome, const char *text) { operator_answered(&turn, &answers, now_ns, outcome, text); }
static void restart(void) { turn = (struct operator_turn){ 0 }; }

static struct operator_answer answer_to(uint64_t seq)
{
	struct operator_answer answer = { 0 };
	CHECK(operator_answer_find(&answers, seq, &answer));
	return answer;
}

TEST(t_R9_what_reduces_risk_is_done_at_once_and_in_order)
{
	static const enum operator_command commands[] = { OPERATOR_HALT, OPERATOR_PAUSE, OPERATOR_FLATTEN };
	CHECK(!look());
	for (size_t i = 0; i < 3; i++) CHECK_EQ(ask(commands[i], 0), i + 1);
	for (size_t i = 0; i < 3; i++) {
		CHECK(look());
		CHECK_EQ(event.kind, EVENT_OPERATOR);
		CHECK_EQ(event.instruction.command, commands[i]);
		CHECK_EQ(event.instruction.scripted, 0);
		CHECK_EQ(event.sym, SYM_NONE);
		struct operator_answer none;
		CHECK(!operator_answer_find(&answers, i + 1, &none));
		say(OPERATOR_DONE, "so it is");
		CHECK_EQ(answer_to(i + 1).outcome, OPERATOR_DONE);
		CHECK_STR(answer_to(i + 1).text, "so it is");
	}
	CHECK(!look());
	CHECK_EQ(answers.count, 3);
	CHECK_EQ(turn.lost, 0);
}

TEST(t_R9_flatten_carries_its_symbol)
{
	ask_sym(OPERATOR_FLATTEN, 0, 3);
	CHECK(look());
	CHECK_EQ(event.sym, 3);
	say(OPERATOR_DONE, "");
}

TEST(t_R9_what_adds_risk_needs_a_code_made_for_it)
{
	uint64_t first = ask(OPERATOR_RESUME, 0);
	CHECK(!look());
	struct operator_answer answer = answer_to(first);
	CHECK_EQ(answer.outcome, OPERATOR_NEEDS_CODE);
	CHECK(answer.code != 0 && answer.code < UINT64_C(1) << OPERATOR_CODE_BITS);

	uint64_t other = ask(OPERATOR_CONFIRM, answer.code);        /* the code of another command */
	CHECK(!look());
	CHECK_EQ(answer_to(other).outcome, OPERATOR_REFUSED);

	uint64_t wrong = ask(OPERATOR_RESUME, answer.code ^ 1);
	CHECK(!look());
	CHECK_EQ(answer_to(wrong).outcome, OPERATOR_REFUSED);

	uint64_t right = ask(OPERATOR_RESUME, answer.code);        /* a wrong try has not spent it */
	CHECK(look());
	CHECK_EQ(event.instruction.command, OPERATOR_RESUME);
	CHECK_EQ(event.instruction.code, answer.code);
	say(OPERATOR_DONE, "on");
	CHECK_EQ(answer_to(right).outcome, OPERATOR_DONE);

	uint64_t again = ask(OPERATOR_RESUME, answer.code);
	CHECK(!look());
	CHECK_EQ(answer_to(again).outcome, OPERATOR_REFUSED);
}

TEST(t_R9_a_code_is_good_for_a_minute)
{
	for (int late = 0; late < 2; late++) {
		uint64_t seq = ask(OPERATOR_CONFIRM, 0);
		CHECK(!look());
		uint64_t code = answer_to(seq).code;
		now_ns += OPERATOR_CODE_NS + late;
		ask(OPERATOR_CONFIRM, code);
		CHECK_EQ(look(), !late);
		if (!late) say(OPERATOR_REFUSED, "no");
	}
}

TEST(t_R9_a_refused_step_spends_the_code)
{
	uint64_t seq = ask(OPERATOR_CONFIRM, 0);
	CHECK(!look());
	uint64_t code = answer_to(seq).code;
	ask(OPERATOR_CONFIRM, code);
	CHECK(look());
	say(OPERATOR_REFUSED, "nothing waits");
	ask(OPERATOR_CONFIRM, code);
	CHECK(!look());
}

TEST(t_R9_a_restarted_desk_does_nothing_twice_and_forgets_nothing)
{
	ask(OPERATOR_HALT, 0);
	CHECK(look());
	say(OPERATOR_DONE, "");
	uint64_t asked = ask(OPERATOR_RESUME, 0);
	CHECK(!look());
	uint64_t code = answer_to(asked).code;
	restart();
	CHECK(!look());        /* all answered */
	CHECK_EQ(turn.lost, 0);
	uint64_t second = ask(OPERATOR_RESUME, code);
	CHECK(look());
	restart();             /* died in the step: no answer */
	CHECK(look());
	CHECK_EQ(event.instruction.command, OPERATOR_RESUME);
	say(OPERATOR_DONE, "");
	CHECK_EQ(answer_to(second).outcome, OPERATOR_DONE);
	restart();
	CHECK(!look());
}

TEST(t_R9_a_half_written_answer_is_none)
{
	struct operator_answer out;
	uint64_t               seq = ask(OPERATOR_HALT, 0);
	CHECK(look());
	say(OPERATOR_DONE, "");
	answers.ring[(seq - 1) % OPERATOR_RING].seq = 0;        /* died between the two stores */
	answers.count = 0;
	CHECK(!operator_answer_find(&answers, seq, &out));
	CHECK(!operator_answer_find(&answers, 0, &out));
	restart();
	CHECK(look());
}

TEST(t_R9_the_ring_goes_round_and_what_it_loses_is_counted)
{
	for (int i = 0; i < 5 * OPERATOR_RING; i++) {
		ask(OPERATOR_PAUSE, 0);
		CHECK(look());
		say(OPERATOR_DONE, "");
	}
	CHECK_EQ(turn.lost, 0);
	for (int i = 0; i < OPERATOR_RING + 3; i++) ask(OPERATOR_HALT, 0);
	int got = 0;
	for (; look(); got++) say(OPERATOR_DONE, "");
	CHECK_EQ(got, OPERATOR_RING);
	CHECK_EQ(turn.lost, 3);
	CHECK_EQ(answers.count, 6 * OPERATOR_RING + 3);
}

TEST(t_R9_requests_from_outside_are_checked)
{
	uint64_t seq = ask(OPERATOR_COMMANDS_N, 0);
	CHECK(!look());
	CHECK_EQ(answer_to(seq).outcome, OPERATOR_REFUSED);
	seq = ask_sym(OPERATOR_FLATTEN, 0, UNIVERSE_N);
	CHECK(!look());
	CHECK_EQ(answer_to(seq).outcome, OPERATOR_REFUSED);
	seq = ask_sym(OPERATOR_HALT, 0, 1);
	CHECK(!look());
	CHECK_EQ(answer_to(seq).outcome, OPERATOR_REFUSED);
}

static void turn_within_a_step(void)
{
	ask(OPERATOR_HALT, 0);
	(void)look();
	(void)look();
}
static void answer_without_a_step(void) { say(OPERATOR_DONE, ""); }
TEST(t_R9_a_turn_and_its_answer_alternate)
{
	CHECK_BUG(turn_within_a_step, 4250);
	CHECK_BUG(answer_without_a_step, 4251);
}

TEST(t_R9_codes_are_six_characters_that_a_person_can_type)
{
	char     text[OPERATOR_CODE_BYTES];
	uint64_t code = 0;
	for (uint64_t i = 1; i < UINT64_C(1) << OPERATOR_CODE_BITS; i = i * 3 + 1) {
		CHECK(operator_code_parse(operator_code_text(i, text), &code));
		CHECK_EQ(code, i);
	}
	CHECK_STR(operator_code_text(32, text), "000010");
	CHECK(operator_code_parse("oooolo", &code));
	CHECK_EQ(code, 32);
	CHECK(!operator_code_parse("", &code));
	CHECK(!operator_code_parse("00010", &code));
	CHECK(!operator_code_parse("0000100", &code));
	CHECK(!operator_code_parse("00001U", &code));
	CHECK(!operator_code_parse("000000", &code));
}

static enum operator_outcome judged(enum operator_command command, struct account_note before, struct account_note after, char *text)
{
	struct operator_order order = { .command = (uint8_t)command };
	return operator_judge(&order, &before, &after, text);
}

TEST(t_R9_a_command_that_changes_nothing_is_refused_with_the_reason)
{
	char                      text[OPERATOR_TEXT_BYTES];
	const struct account_note free_to_trade = { 0 }, halted = { .halted = 1 }, paused = { .paused = 1 }, level3 = { .ladder_state = LADDER_LEVEL3 },
	                          level4 = { .ladder_state = LADDER_LEVEL4 }, outside = { .ladder_state = LADDER_OUT },
	                          recovery = { .ladder_state = LADDER_RECOVERY };
	CHECK_EQ(judged(OPERATOR_HALT, free_to_trade, halted, text), OPERATOR_DONE);
	CHECK_EQ(judged(OPERATOR_PAUSE, free_to_trade, paused, text), OPERATOR_DONE);
	CHECK_EQ(judged(OPERATOR_FLATTEN, free_to_trade, halted, text), OPERATOR_DONE);
	CHECK_EQ(judged(OPERATOR_RESUME, halted, free_to_trade, text), OPERATOR_DONE);
	CHECK_EQ(judged(OPERATOR_RESUME, paused, free_to_trade, text), OPERATOR_DONE);
	CHECK_EQ(judged(OPERATOR_RESUME, halted, halted, text), OPERATOR_REFUSED);
	CHECK_EQ(judged(OPERATOR_RESUME, free_to_trade, free_to_trade, text), OPERATOR_REFUSED);
	CHECK_STR(text, "nothing to resume: trading is neither halted nor paused");
	CHECK_EQ(judged(OPERATOR_CONFIRM, level3, recovery, text), OPERATOR_DONE);
	CHECK_EQ(judged(OPERATOR_CONFIRM, free_to_trade, free_to_trade, text), OPERATOR_REFUSED);
	CHECK_STR(text, "nothing waits for a confirmation");
	CHECK_EQ(judged(OPERATOR_CONFIRM, level4, level4, text), OPERATOR_REFUSED);
	CHECK(strstr(text, "level 4 is still selling") != 0);
	CHECK_EQ(judged(OPERATOR_CONFIRM, outside, outside, text), OPERATOR_REFUSED);
	CHECK(strstr(text, "quiet sessions") != 0);
	CHECK_EQ(judged(OPERATOR_CONFIRM, recovery, recovery, text), OPERATOR_REFUSED);
	CHECK(strstr(text, "already") != 0);
}

TEST(t_R9_the_rescue_only_halts_and_flattens)
{
	static const enum operator_command refused[] = { OPERATOR_PAUSE, OPERATOR_RESUME, OPERATOR_CONFIRM };
	restart();
	turn.only_exits = "the desk is held down; release it first";
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		uint64_t seq = ask(refused[i], 0);
		CHECK(!look());
		CHECK_EQ(answer_to(seq).outcome, OPERATOR_REFUSED);
		CHECK_STR(answer_to(seq).text, turn.only_exits);
	}
	(void)ask_sym(OPERATOR_FLATTEN, 0, 1);
	CHECK(look());
	CHECK_EQ(event.sym, 1);
	say(OPERATOR_DONE, "closing");
	(void)ask(OPERATOR_HALT, 0);
	CHECK(look());
	say(OPERATOR_DONE, "halted");
	restart();
}
