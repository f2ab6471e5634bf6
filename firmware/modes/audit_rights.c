/* audit_rights.c - `tickwork audit --rights`: what each process may ask of the kernel, and why, from the table that is the filter. */
#include "firmware/modes/audit_rights.h"

#include <stdio.h>
#include <string.h>

#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "firmware/rights.h"

enum { TEXT_BYTES = 64, NUMBER_BYTES = 16 };

struct name { uint32_t bit; const char *text; };
static const struct name names[] = { { RIGHTS_EVERY, "every" }, { RIGHT_NET, "net" }, { RIGHT_TRADE, "trade" }, { RIGHT_DISK, "disk" },
	{ RIGHT_JOURNAL, "journal" }, { RIGHT_LISTEN, "listen" }, { RIGHTS_BOOT, "boot" } };
enum { NAMES_N = sizeof names / sizeof *names };

static const char *names_of(uint32_t mask, char text[static TEXT_BYTES])
{
	size_t length = 0;
	(void)snprintf(text, TEXT_BYTES, "-");
	for (size_t i = 0; i < NAMES_N; i++)
		if (mask & names[i].bit) length += (size_t)snprintf(text + length, TEXT_BYTES - length, "%s%s", length ? " " : "", names[i].text);
	return text;
}

/* A process with several workers has several places: it is shown at its first. */
static bool is_first(const struct layout *layout, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (strcmp(layout->place[i].process, layout->place[place].process) == 0) return false;
	return true;
}

static const char *workers_of(const struct layout *layout, const char *process, char text[static TEXT_BYTES])
{
	size_t length = 0;
	for (size_t i = 0; i < layout->places; i++)
		if (strcmp(layout->place[i].process, process) == 0)
			length += (size_t)snprintf(text + length, TEXT_BYTES - length, "%s%s", length ? " " : "", workers[layout->place[i].worker].name);
	return text;
}

/* --- for people --------------------------------------------------------------------------------------------------------- */

static void show_processes(struct out *out, const struct layout *layout)
{
	static const struct table_column column[] = { { "PROCESS", 23, false }, { "CALLS", 5, true }, { "RIGHTS", 17, false }, { "WORKERS", 8, false } };
	struct table                     table = { column, 4 };
	table_head(out, table);
	for (size_t i = 0; i < layout->places; i++) {
		const char *process = layout->place[i].process;
		uint32_t    rights = rights_of(layout, process, true);
		char        calls[NUMBER_BYTES], which[TEXT_BYTES], who[TEXT_BYTES];
		if (!is_first(layout, i)) continue;
		(void)snprintf(calls, sizeof calls, "%u", rights_count(rights));
		const char *const text[] = { process, calls, names_of(rights, which), workers_of(layout, process, who) };
		table_row(out, table, text);
	}
}

static void show_calls(struct out *out)
{
	static const struct table_column column[] = { { "CALL", 23, false }, { "NUMBER", 6, true }, { "WHO", 13, false }, { "WHY, AND WHAT ALONE", 8, false } };
	struct table                     table = { column, 4 };
	table_head(out, table);
	for (size_t i = 0; i < RIGHTS_ROWS_N; i++) {
		const struct rights_row *row = &rights_rows[i];
		char                     number[NUMBER_BYTES], who[TEXT_BYTES], why[3 * TEXT_BYTES];
		const char              *rule = rights_rule_text[row->rule];
		(void)snprintf(number, sizeof number, "%u", row->call);
		(void)snprintf(why, sizeof why, "%s%s%s%s", row->why, *rule ? " (only: " : "", rule, *rule ? ")" : "");
		const char *const text[] = { row->name, number, names_of(row->who, who), why };
		table_row(out, table, text);
	}
}

static void show(struct out *out, const struct layout *layout)
{
	int abi = landlock_abi();
	out_text(out, "What each process of layout appliance may ask of the kernel once it is sealed,\n"
	              "at a venue by protocol; with the venue inside nobody has net.\n\n");
	show_processes(out, layout);
	out_format(out, "\nAt most %d calls a worker. The watchdog, and each process until it is ready, may\n"
	                "ask the %u of the table. A call of no row of a process ends it, by SIGSYS.\n\n", (int)RIGHTS_CALLS_MAX, rights_count(RIGHTS_BOOT));
	show_calls(out);
	if (abi) out_format(out, "\nLandlock %d of this kernel: files beneath the data folder for disk, none for others;\nTCP to %s.\n", abi,
		    abi >= LANDLOCK_ABI_PORTS ? "the venue's ports alone" : "any port, for this kernel knows none");
	else out_text(out, "\nThis kernel has no Landlock: a process with disk may open any file of this user.\n");
}

/* --- for programs ------------------------------------------------------------------------------------------------------- */

static void json_names(struct json *json, const char *key, uint32_t mask)
{
	json_key(json, key);
	json_array_begin(json);
	for (size_t i = 0; i < NAMES_N; i++)
		if (mask & names[i].bit) json_string(json, names[i].text);
	json_array_end(json);
}

static void json_process(struct json *json, const struct layout *layout, const char *process)
{
	uint32_t rights = rights_of(layout, process, true);
	json_object_begin(json);
	json_key(json, "name");
	json_string(json, process);
	json_names(json, "rights", rights);
	json_key(json, "workers");
	json_array_begin(json);
	for (size_t i = 0; i < layout->places; i++)
		if (strcmp(layout->place[i].process, process) == 0) json_string(json, workers[layout->place[i].worker].name);
	json_array_end(json);
	json_key(json, "calls");
	json_array_begin(json);
	for (size_t i = 0; i < RIGHTS_ROWS_N; i++)
		if (rights_allow(&rights_rows[i], rights)) json_string(json, rights_rows[i].name);
	json_array_end(json);
	json_object_end(json);
}

static void json_call(struct json *json, const struct rights_row *row)
{
	json_object_begin(json);
	json_key(json, "name");
	json_string(json, row->name);
	json_key(json, "number");
	json_u64(json, row->call);
	json_names(json, "who", row->who);
	json_key(json, "only");
	if (*rights_rule_text[row->rule]) json_string(json, rights_rule_text[row->rule]);
	else json_null(json);
	json_key(json, "why");
	json_string(json, row->why);
	json_object_end(json);
}

static void show_json(struct out *out, const struct layout *layout)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "layout");
	json_string(json, layout->name);
	json_key(json, "processes");
	json_array_begin(json);
	for (size_t i = 0; i < layout->places; i++)
		if (is_first(layout, i)) json_process(json, layout, layout->place[i].process);
	json_array_end(json);
	json_key(json, "calls_max");
	json_u64(json, RIGHTS_CALLS_MAX);
	json_key(json, "boot");
	json_u64(json, rights_count(RIGHTS_BOOT));
	json_key(json, "landlock_abi");
	json_u64(json, (uint64_t)landlock_abi());
	json_key(json, "calls");
	json_array_begin(json);
	for (size_t i = 0; i < RIGHTS_ROWS_N; i++) json_call(json, &rights_rows[i]);
	json_array_end(json);
	json_object_end(json);
	print_json_end(&print, out);
}

int audit_rights(struct cli *cli)
{
	const struct layout *layout = &layouts[LAYOUT_appliance_id];
	if (cli->json) show_json(&cli->out, layout);
	else show(&cli->out, layout);
	return CLI_DONE;
}
