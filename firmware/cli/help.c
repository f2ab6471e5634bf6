#include "firmware/cli/help.h"

#include <stdio.h>
#include <string.h>

#include "firmware/cli/near.h"
#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "firmware/cli/text.h"

enum { LABEL_BYTES = 32, LABEL_WIDTH = 22, VERB_WIDTH = 10, INDENT = 2, CLAUSE_BYTES = 320 };

static void title(struct cli *cli, const char *text)
{
	out_paint(&cli->out, OUT_BOLD);
	out_text(&cli->out, text);
	out_paint(&cli->out, OUT_PLAIN);
	out_text(&cli->out, "\n");
}

static const char *option_label(const struct option_row *row, char label[LABEL_BYTES])
{
	snprintf(label, LABEL_BYTES, "%s%s%s", row->name, row->placeholder ? " " : "", row->placeholder ? row->placeholder : "");
	return label;
}

static void option_what(const struct option_row *row, char *text, size_t size)
{
	if (row->kind == OPTION_CHOICE)
		snprintf(text, size, "%s (%s)", row->what, row->words);
	else if (row->kind == OPTION_INT && row->max != INT64_MAX)
		snprintf(text, size, "%s (%lld..%lld)", row->what, (long long)row->min, (long long)row->max);
	else if (row->kind == OPTION_DOUBLE)
		snprintf(text, size, "%s (a number%s%s)", row->what, row->words ? ", or " : "", row->words ? row->words : "");
	else
		snprintf(text, size, "%s", row->what);
}

static void print_usage(struct cli *cli, const struct verb *verb)
{
	char   label[LABEL_BYTES], part[LABEL_BYTES + 4];
	size_t column = (size_t)snprintf(part, sizeof part, "usage: tickwork %s", verb->name);
	size_t indent = column + 1;
	out_text(&cli->out, part);
	for (const struct option_row *row = verb_option_next(verb, 0); row; row = verb_option_next(verb, row)) {
		if (strcmp(row->name, "--help") == 0) continue;
		size_t length = (size_t)snprintf(part, sizeof part, row->required ? " %s" : " [%s]", option_label(row, label));
		table_break(&cli->out, &column, indent, length);
		out_text(&cli->out, part);
	}
	if (verb->argument.placeholder) {
		size_t length = (size_t)snprintf(part, sizeof part, verb->argument.required ? " %s" : " [%s]", verb->argument.placeholder);
		table_break(&cli->out, &column, indent, length);
		out_text(&cli->out, part);
	}
	out_text(&cli->out, "\n");
}

static void print_labelled(struct cli *cli, const char *label, const char *what)
{
	out_pad(&cli->out, INDENT);
	out_text(&cli->out, label);
	size_t used = INDENT + strlen(label);
	out_pad(&cli->out, used < LABEL_WIDTH ? LABEL_WIDTH - used : 1);
	table_wrap(&cli->out, used < LABEL_WIDTH ? LABEL_WIDTH : used + 1, LABEL_WIDTH, what);
}

static void print_verb(struct cli *cli, const struct verb *verb)
{
	char label[LABEL_BYTES], what[OUT_LINE_MAX];
	out_format(&cli->out, "tickwork %s: %s.\n\n", verb->name, verb->what);
	print_usage(cli, verb);
	out_text(&cli->out, "\n");
	if (verb->argument.placeholder) print_labelled(cli, verb->argument.placeholder, verb->argument.what);
	for (const struct option_row *row = verb_option_next(verb, 0); row; row = verb_option_next(verb, row)) {
		option_what(row, what, sizeof what);
		print_labelled(cli, option_label(row, label), what);
	}
	if (verb->details) {
		out_text(&cli->out, "\n");
		table_wrap(&cli->out, 0, 0, verb->details);
	}
	out_text(&cli->out, "\n");
	title(cli, "Example");
	out_format(&cli->out, "  %s\n", verb->example);
}

static void json_options(struct json *json, const struct verb *verb)
{
	char what[OUT_LINE_MAX];
	json_key(json, "options");
	json_array_begin(json);
	for (const struct option_row *row = verb_option_next(verb, 0); row; row = verb_option_next(verb, row)) {
		option_what(row, what, sizeof what);
		json_object_begin(json);
		json_key(json, "name");
		json_string(json, row->name);
		json_key(json, "value");
		if (row->placeholder) json_string(json, row->placeholder); else json_null(json);
		json_key(json, "required");
		json_bool(json, row->required);
		json_key(json, "what");
		json_string(json, what);
		json_object_end(json);
	}
	json_array_end(json);
}

static void json_verb(struct cli *cli, const struct verb *verb)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "verb");
	json_string(json, verb->name);
	json_key(json, "what");
	json_string(json, verb->what);
	json_key(json, "argument");
	if (verb->argument.placeholder) json_string(json, verb->argument.placeholder); else json_null(json);
	json_key(json, "argument_required");
	json_bool(json, verb->argument.required);
	json_options(json, verb);
	json_key(json, "example");
	json_string(json, verb->example);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

void help_verb(struct cli *cli, const struct verb *verb)
{
	if (cli->json) json_verb(cli, verb); else print_verb(cli, verb);
}

static void print_all(struct cli *cli)
{
	out_text(&cli->out, "tickwork trades unattended on one small machine; on paper unless told otherwise.\n\n"
	                    "usage: tickwork VERB [OPTION]...\n\n");
	for (size_t i = 0; i < cli->table.count; i++) {
		const struct verb *verb = &cli->table.verb[i];
		out_format(&cli->out, "  %-*s%s\n", VERB_WIDTH, verb->name, verb->what);
	}
	out_text(&cli->out, "\n`tickwork VERB --help` explains a verb, `tickwork help exit-codes` exit codes.\n\n");
	title(cli, "Example");
	out_text(&cli->out, "  tickwork run --days 20 --speed max\n");
}

void help_all(struct cli *cli)
{
	if (!cli->json) print_all(cli);
	for (size_t i = 0; cli->json && i < cli->table.count; i++) json_verb(cli, &cli->table.verb[i]);
}

struct exit_row { int32_t code; const char *what; };
#define EXIT_ROW(name, code, what) { code, what },
static const struct exit_row exit_rows[] = { EXIT_CODES(EXIT_ROW) };

static void help_exit_codes(struct cli *cli)
{
	struct print_json print;
	for (size_t i = 0; i < sizeof exit_rows / sizeof *exit_rows; i++) {
		if (!cli->json) {
			out_format(&cli->out, "%d  %s\n", (int)exit_rows[i].code, exit_rows[i].what);
			continue;
		}
		struct json *json = print_json_begin(&print);
		json_object_begin(json);
		json_key(json, "code");
		json_i64(json, exit_rows[i].code);
		json_key(json, "what");
		json_string(json, exit_rows[i].what);
		json_object_end(json);
		print_json_end(&print, &cli->out);
	}
}

int verb_help(struct cli *cli)
{
	char               quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	struct near        near;
	const struct verb *verb = cli->argument ? verb_find(cli->table, cli->argument) : 0;
	if (verb)
		help_verb(cli, verb);
	else if (!cli->argument)
		help_all(cli);
	else if (strcmp(cli->argument, "exit-codes") == 0)
		help_exit_codes(cli);
	else {
		near_begin(&near, cli->argument);
		for (size_t i = 0; i < cli->table.count; i++) near_offer(&near, cli->table.verb[i].name);
		near_offer(&near, "exit-codes");
		return cli_refuse(cli, CLI_BAD_INPUT, "no help on %s%s", text_quote(quote, cli->argument),
		    near_clause(&near, clause, sizeof clause));
	}
	return CLI_DONE;
}
