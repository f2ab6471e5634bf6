/* command.c - `tickwork halt | pause | flatten | resume | confirm | ack | release`: the operator's hand on a running appliance.
 *
 * Each places one command and waits for what became of it. Exit code 0 is done and nothing else is: 4 when a rule refuses or a code is asked for,
 * 3 when nobody is there or nobody answers in time. Row R9. */
#include <string.h>

#include "firmware/cli/near.h"
#include "firmware/cli/print_json.h"
#include "firmware/modes/looking.h"
#include "firmware/operator_call.h"
#include "fsm/care/process.h"
#include "hal/linux/clock.h"
#include "hal/linux/holder.h"
#include "hal/linux/loop.h"

enum { CLAUSE_BYTES = 320 };

static int refuse_symbol(struct cli *cli)
{
	struct near near;
	char        quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	near_begin(&near, cli->argument);
	for (size_t i = 0; i < UNIVERSE_N; i++) near_offer(&near, universe[i].symbol);
	return cli_refuse(cli, CLI_BAD_INPUT, "unknown symbol %s%s", text_quote(quote, cli->argument), near_clause(&near, clause, sizeof clause));
}

static int take_review(struct cli *cli, struct operator_request *request)
{
	char    quote[TEXT_QUOTE_BYTES];
	int64_t id = 0;
	if (!text_to_int(cli->argument, &id) || id <= 0)
		return cli_refuse(cli, CLI_BAD_INPUT, "%s is not the number of a review: `tickwork risk` lists them", text_quote(quote, cli->argument));
	request->code = (uint64_t)id;
	return CLI_DONE;
}

/* The argument is a symbol of flatten, a code of resume and confirm, a review of ack. */
static int take_argument(struct cli *cli, struct operator_request *request)
{
	char quote[TEXT_QUOTE_BYTES];
	request->sym = SYM_NONE;
	if (!cli->argument) return CLI_DONE;
	if (operator_needs_code(request->command)) {
		if (operator_code_parse(cli->argument, &request->code)) return CLI_DONE;
		return cli_refuse(cli, CLI_BAD_INPUT, "%s is not a code: give the six characters that `tickwork %s` printed", text_quote(quote, cli->argument),
		    operator_verb[request->command]);
	}
	if (request->command == OPERATOR_ACK) return take_review(cli, request);
	request->sym = universe_find(cli->argument, strlen(cli->argument));
	return request->sym == SYM_NONE ? refuse_symbol(cli) : CLI_DONE;
}

/* A signal ends the waiting, not the command. */
static enum call_state wait_for(struct operator_call *call, enum call_state state)
{
	while (state == CALL_WAITS) {
		loop_turn(CALL_TURN_MS * NS_PER_MS);
		state = call_turn(call, clock_monotonic_ns());
	}
	return state;
}

static void print_code(struct cli *cli, const struct operator_call *call)
{
	char        code[OPERATOR_CODE_BYTES];
	const char *verb = operator_verb[call->request.command], *home = cli_text(cli, "--home", 0);
	out_format(&cli->out, "%s adds risk. To mean it, type within %d s:\n  tickwork %s %s%s%s\n", verb, (int)(OPERATOR_CODE_NS / NS_PER_S), verb,
	    operator_code_text(call->code, code), home ? " --home " : "", home ? home : "");
}

static void json_answer(struct cli *cli, const struct operator_call *call, enum call_state state)
{
	struct print_json print;
	call_json(print_json_begin(&print), call, state);
	print_json_end(&print, &cli->out);
}

static int answer(struct cli *cli, const struct operator_call *call, enum call_state state)
{
	if (cli->json) json_answer(cli, call, state);
	switch (state) {
	case CALL_DONE:
		if (!cli->json) out_format(&cli->out, "%s: %s\n", operator_verb[call->request.command], call->sentence);
		return CLI_DONE;
	case CALL_NEEDS_CODE:
		if (!cli->json) print_code(cli, call);
		return CLI_REFUSED;
	case CALL_REFUSED: return cli_refuse(cli, CLI_REFUSED, "%s is refused: %s", operator_verb[call->request.command], call->sentence);
	case CALL_WAITS:
	case CALL_NO_WAY:
	case CALL_SILENT: break;
	}
	return cli_refuse(cli, CLI_OUT_OF_REACH, "%s", call->sentence);
}

static int carry_out(struct cli *cli, const struct looking *looking, const struct operator_request *request)
{
	struct operator_call call;
	const struct look   *look = &looking->look;
	if (!loop_open()) return cli_refuse(cli, CLI_FAILED, "the kernel gives no epoll: this program needs Linux 4.5 or newer");
	enum call_state state = wait_for(&call, call_begin(&call, look->map, look->folder, look->holder_pid, 0, request, clock_monotonic_ns()));
	loop_close();
	return answer(cli, &call, state);
}

static int command(struct cli *cli, enum operator_command which)
{
	struct looking          looking;
	struct operator_request request = { .command = (uint8_t)which };
	int                     code = take_argument(cli, &request);
	if (code == CLI_DONE) code = looking_begin(&looking, cli);
	if (code != CLI_DONE) return code;
	code = carry_out(cli, &looking, &request);
	looking_end(&looking);
	return code;
}

/* --- release --------------------------------------------------------------------------------------------------------- */

/* Processes that are held down, as bits of their rows; the first of them in *life. */
static uint32_t find_held(const struct look *look, struct process_life *life)
{
	struct process_life each;
	uint32_t            held = 0;
	for (uint32_t i = 0; i < LIFE_ROWS; i++) {
		if (!look_process(look, i, &each) || each.state != PROCESS_HELD) continue;
		if (!held) *life = each;
		held |= UINT32_C(1) << i;
	}
	return held;
}

static void say_released(struct cli *cli, const struct look *look, uint32_t held)
{
	struct process_life life;
	for (uint32_t i = 0; i < LIFE_ROWS; i++)
		if (held >> i & 1 && look_process(look, i, &life))
			out_format(&cli->out, cli->json ? "{\"released\":\"%s\"}\n" : "release: %s comes back\n", life.name);
}

/* Held down no longer, or asked for longer than its stand-in may take to end. */
static bool wait_for_release(const struct look *look)
{
	struct process_life life;
	int64_t             until_ns = clock_monotonic_ns() + CFG_term_grace_ms * NS_PER_MS + CALL_PATIENCE_NS;
	while (find_held(look, &life) && clock_monotonic_ns() < until_ns) loop_turn(CALL_TURN_MS * NS_PER_MS);
	return !find_held(look, &life);
}

static int release(struct cli *cli, const struct look *look)
{
	struct process_life still;
	if (!look->holder_pid) return cli_refuse(cli, CLI_OUT_OF_REACH, "nobody runs in %s: nothing can be released", look->folder);
	uint32_t held = find_held(look, &still);
	if (!held) return cli_refuse(cli, CLI_REFUSED, "release is refused: no process is held down");
	if (!loop_open()) return cli_refuse(cli, CLI_FAILED, "the kernel gives no epoll: this program needs Linux 4.5 or newer");
	bool done = holder_release(look->folder, look->holder_pid) && wait_for_release(look);
	loop_close();
	if (!done && find_held(look, &still))
		return cli_refuse(cli, CLI_OUT_OF_REACH, "the watchdog (process %d) has not released %s", look->holder_pid, still.name);
	say_released(cli, look, held);
	return CLI_DONE;
}

int verb_release(struct cli *cli)
{
	struct looking looking;
	int            code = looking_begin(&looking, cli);
	if (code != CLI_DONE) return code;
	code = release(cli, &looking.look);
	looking_end(&looking);
	return code;
}

int verb_halt(struct cli *cli) { return command(cli, OPERATOR_HALT); }
int verb_pause(struct cli *cli) { return command(cli, OPERATOR_PAUSE); }
int verb_flatten(struct cli *cli) { return command(cli, OPERATOR_FLATTEN); }
int verb_resume(struct cli *cli) { return command(cli, OPERATOR_RESUME); }
int verb_confirm(struct cli *cli) { return command(cli, OPERATOR_CONFIRM); }
int verb_ack(struct cli *cli) { return command(cli, OPERATOR_ACK); }
