/* dry_run.c - `tickwork run --dry-run`, and the same checks in silence before any other run. */
#include "firmware/modes/dry_run.h"

#include "firmware/cli/cli.h"
#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"

static void show(const struct preflight *preflight, struct cli *cli)
{
	static const struct table_column column[] = { { "CHECK", 13, false }, { "RESULT", 6, false }, { "FOUND", 8, false } };
	struct table                     table = { column, 3 };
	table_head(&cli->out, table);
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++) {
		const struct preflight_result *result = &preflight->result[id];
		const char *const              text[] = { preflight_name(id), preflight_verdict_text[result->verdict], result->sentence };
		table_row(&cli->out, table, text);
	}
}

static void json_text(struct json *json, const char *key, const char *value)
{
	json_key(json, key);
	json_string(json, value);
}

static void json_check(struct json *json, const struct preflight *preflight, enum preflight_id id)
{
	static const char *const word[] = { [PREFLIGHT_OK] = "ok", [PREFLIGHT_WARNING] = "warn", [PREFLIGHT_FAILURE] = "fail" };
	json_object_begin(json);
	json_text(json, "name", preflight_name(id));
	json_text(json, "what", preflight_what(id));
	json_text(json, "result", word[preflight->result[id].verdict]);
	json_text(json, "found", preflight->result[id].sentence);
	json_object_end(json);
}

static void show_json(const struct preflight *preflight, struct cli *cli, bool ok)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "ok");
	json_bool(json, ok);
	json_key(json, "checks");
	json_array_begin(json);
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++) json_check(json, preflight, id);
	json_array_end(json);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void warn(const struct preflight *preflight, struct cli *cli)
{
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++)
		if (preflight->result[id].verdict == PREFLIGHT_WARNING) out_format(&cli->err, "tickwork: warning: %s\n", preflight->result[id].sentence);
	out_flush(&cli->err);
}

int dry_run(struct preflight *preflight, struct cli *cli)
{
	facts_look(&preflight->facts);
	preflight->cpu = cpu_ask();
	bool              ok = preflight_run(preflight) != PREFLIGHT_FAILURE;
	enum preflight_id failed = preflight_failed(preflight);
	if (cli_given(cli, "--dry-run")) {
		if (cli->json) show_json(preflight, cli, ok); else show(preflight, cli);
		return ok ? CLI_DONE : CLI_FAILED;
	}
	if (!ok) return cli_refuse(cli, CLI_BAD_INPUT, "%s", preflight->result[failed].sentence);
	warn(preflight, cli);
	return CLI_DONE;
}
