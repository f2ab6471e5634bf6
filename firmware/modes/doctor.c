/* doctor.c - `tickwork doctor`, `run --dry-run`, and the same checks in silence before any other run. */
#include "firmware/modes/doctor.h"

#include <stdio.h>
#include <unistd.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/table.h"
#include "firmware/modes/looking.h"
#include "firmware/modes/venue_check.h"
#include "hal/linux/memory.h"
#include "hal/linux/terminal.h"
#include "hal/wire/json_write.h"

/* One check as an object: its sentence twice as long when every character is escaped. */
enum { CHECK_JSON_BYTES = 4 * PREFLIGHT_SENTENCE_BYTES, QUESTION_BYTES = 512 };

struct tally {
	uint32_t of[PREFLIGHT_VERDICTS_N];
};
static struct tally count(const struct preflight *preflight)
{
	struct tally tally = { { 0 } };
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++) tally.of[preflight->result[id].verdict]++;
	return tally;
}

/* What to do goes on in a line of its own. */
static void show_row(struct cli *cli, struct table table, const struct preflight *preflight, enum preflight_id id)
{
	struct preflight_result result = preflight->result[id];
	const char             *const text[] = { preflight_name(id), preflight_verdict_text[result.verdict], result.sentence };
	if (result.advice_at) result.sentence[result.advice_at - 1] = '\n';
	table_row(&cli->out, table, text);
}

static void show_table(const struct preflight *preflight, struct cli *cli)
{
	static const struct table_column column[] = { { "CHECK", 14, false }, { "RESULT", 6, false }, { "FOUND, AND WHAT TO DO", 8, false } };
	const struct table               table = { column, 3 };
	struct tally                     tally = count(preflight);
	table_head(&cli->out, table);
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++) show_row(cli, table, preflight, id);
	out_format(&cli->out, "%d checks: %u ok, %u to note, %u to read, %u that stop a run\n", PREFLIGHTS_N, tally.of[PREFLIGHT_OK],
	    tally.of[PREFLIGHT_NOTE],
	    tally.of[PREFLIGHT_WARNING], tally.of[PREFLIGHT_FAILURE]);
}

static void put(struct json *json, const char *key, const char *text, size_t length)
{
	json_key(json, key);
	if (length > 0) json_string_of(json, text, length);
	else json_null(json);
}

static void show_check(const struct preflight *preflight, struct cli *cli, enum preflight_id id)
{
	static const char             *const word[] = { [PREFLIGHT_OK] = "ok", [PREFLIGHT_NOTE] = "note", [PREFLIGHT_WARNING] = "warn",
	    [PREFLIGHT_FAILURE] = "fail" };
	const struct preflight_result *result = &preflight->result[id];
	const char                    *advice = result->advice_at ? result->sentence + result->advice_at : "";
	char                           text[CHECK_JSON_BYTES];
	struct json                    json;
	json_begin(&json, text, sizeof text);
	json_object_begin(&json);
	put(&json, "name", preflight_name(id), strlen(preflight_name(id)));
	put(&json, "what", preflight_what(id), strlen(preflight_what(id)));
	put(&json, "result", word[result->verdict], strlen(word[result->verdict]));
	put(&json, "found", result->sentence, result->found_bytes);
	put(&json, "advice", advice, strlen(advice));
	json_object_end(&json);
	out_bytes(&cli->out, text, json_length(&json));
}

/* One object, written check by check: all of them need not fit anywhere at once. */
static void show_json(const struct preflight *preflight, struct cli *cli)
{
	struct tally tally = count(preflight);
	out_format(&cli->out, "{\"ok\":%s,\"notes\":%u,\"warnings\":%u,\"failures\":%u,\"checks\":[", tally.of[PREFLIGHT_FAILURE] ? "false" : "true",
	    tally.of[PREFLIGHT_NOTE], tally.of[PREFLIGHT_WARNING], tally.of[PREFLIGHT_FAILURE]);
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++) {
		if (id > 0) out_text(&cli->out, ",");
		show_check(preflight, cli, id);
	}
	out_text(&cli->out, "]}\n");
}

int doctor_show(struct preflight *preflight, struct cli *cli)
{
	preflight_look(preflight);
	bool ok = preflight_run(preflight) != PREFLIGHT_FAILURE;
	if (cli->json) show_json(preflight, cli);
	else show_table(preflight, cli);
	return ok ? CLI_DONE : CLI_FAILED;
}

int doctor_warn(struct preflight *preflight, struct cli *cli)
{
	preflight_look(preflight);
	if (preflight_run(preflight) == PREFLIGHT_FAILURE) {
		enum preflight_id failed = preflight_failed(preflight);
		return cli_refuse(cli, preflight_is_rule(failed) ? CLI_REFUSED : CLI_BAD_INPUT, "%s", preflight->result[failed].sentence);
	}
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++)
		if (preflight->result[id].verdict == PREFLIGHT_WARNING) out_format(&cli->err, "tickwork: warning: %s\n", preflight->result[id].sentence);
	out_flush(&cli->err);
	return CLI_DONE;
}

static void ask_account(char account[PREFLIGHT_ACCOUNT_BYTES], const char *host)
{
	char question[QUESTION_BYTES];
	(void)snprintf(question, sizeof question, "LIVE, real money at %s. Type the number of the account to trade: ", host);
	terminal_ask(STDIN_FILENO, STDERR_FILENO, question, account, PREFLIGHT_ACCOUNT_BYTES);
}

static int examine(struct cli *cli, const struct venue_plan *plan, struct secrets *secrets, bool is_visit,
    int (*tell)(struct preflight *preflight, struct cli *cli))
{
	char              refusal[SECRET_SENTENCE_BYTES];
	const char       *home = cli_text(cli, "--home", HOME_DEFAULT);
	struct preflight *preflight = memory_take(sizeof *preflight);
	(void)secrets_take(secrets, home, refusal);
	if (!preflight) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for the checks: %zu KiB are needed", sizeof *preflight >> 10);
	*preflight = (struct preflight){ .home = home, .data = cli_text(cli, "--data", 0), .plan = plan, .secrets = secrets, .secrets_refusal = refusal,
		.is_visit = is_visit, .venue_check = venue_check_before, .venue_context = (void *)(uintptr_t)home,
		.account = { terminal_is_there(STDIN_FILENO) ? ask_account : 0, tell == doctor_show, "" } };
	int code = tell(preflight, cli);
	memory_give(preflight, sizeof *preflight);
	return code;
}

int doctor_before(struct cli *cli, const struct venue_plan *plan, struct secrets *secrets)
{
	return examine(cli, plan, secrets, false, cli_given(cli, "--dry-run") ? doctor_show : doctor_warn);
}

int verb_doctor(struct cli *cli)
{
	struct venue_plan plan;
	struct secrets    secrets;
	int               code = venue_plan_take(&plan, cli);
	if (code != CLI_DONE) return code;
	code = examine(cli, &plan, &secrets, true, doctor_show);
	secrets_close(&secrets);
	return code;
}
