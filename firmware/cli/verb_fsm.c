/* verb_fsm.c - the state machines as they run, not as someone drew them. */
#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/coverage.h"
#include "firmware/cli/draw.h"
#include "firmware/cli/near.h"
#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "firmware/cli/text.h"
#include "fsm/machines.h"

enum { CLAUSE_BYTES = 320, TEXT_BYTES = 160, WHAT_INDENT = 4 };

static void print_counts(struct cli *cli, const struct machine *machine, size_t indent)
{
	char               text[TEXT_BYTES];
	struct draw_counts counts = draw_count(machine);
	snprintf(text, sizeof text, "%u states x %u events: %u go, %u stay, %u drop, %u bug; %u of %u states reachable", machine->states,
	    machine->events, counts.cell[CELL_GO], counts.cell[CELL_STAY], counts.cell[CELL_DROP], counts.cell[CELL_BUG], counts.reached,
	    machine->states);
	out_pad(&cli->out, indent);
	table_wrap(&cli->out, indent, indent, text);
}

static void print_machine(struct cli *cli, size_t i)
{
	out_format(&cli->out, "%s: %s\n", machines[i]->name, machine_purpose[i]);
	print_counts(cli, machines[i], 0);
	out_text(&cli->out, "\n");
	draw_matrix(&cli->out, machines[i]);
}

static void print_line(struct cli *cli, size_t i)
{
	out_paint(&cli->out, OUT_BOLD);
	out_text(&cli->out, machines[i]->name);
	out_paint(&cli->out, OUT_PLAIN);
	out_format(&cli->out, ": %s\n", machine_purpose[i]);
	print_counts(cli, machines[i], WHAT_INDENT);
}

static void json_cells(struct json *json, const struct machine *machine)
{
	json_key(json, "table");
	json_array_begin(json);
	for (uint8_t s = 0; s < machine->states; s++)
		for (uint8_t e = 0; e < machine->events; e++) {
			const struct machine_cell *cell = machine_cell(machine, s, e);
			json_object_begin(json);
			json_key(json, "state");
			json_string(json, machine->state_name[s]);
			json_key(json, "event");
			json_string(json, machine->event_name[e]);
			json_key(json, "kind");
			json_string(json, draw_kind(cell->kind));
			json_key(json, "to");
			json_string(json, machine->state_name[cell->to]);
			json_key(json, "action");
			if (cell->action) json_string(json, cell->action_name); else json_null(json);
			json_object_end(json);
		}
	json_array_end(json);
}

static void json_machine(struct json *json, size_t i, bool with_cells)
{
	struct draw_counts counts = draw_count(machines[i]);
	json_object_begin(json);
	json_key(json, "name");
	json_string(json, machines[i]->name);
	json_key(json, "purpose");
	json_string(json, machine_purpose[i]);
	json_key(json, "states");
	json_u64(json, machines[i]->states);
	json_key(json, "events");
	json_u64(json, machines[i]->events);
	json_key(json, "cells");
	json_object_begin(json);
	for (uint8_t kind = CELL_GO; kind <= CELL_BUG; kind++) {
		json_key(json, draw_kind(kind));
		json_u64(json, counts.cell[kind]);
	}
	json_object_end(json);
	json_key(json, "reachable");
	json_bool(json, counts.reached == machines[i]->states);
	if (with_cells) json_cells(json, machines[i]);
	json_object_end(json);
}

/* One machine with its cells, or all without. */
static void show_json(struct cli *cli, size_t from, size_t to)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_array_begin(json);
	for (size_t i = from; i < to; i++) json_machine(json, i, to - from == 1);
	json_array_end(json);
	print_json_end(&print, &cli->out);
}

static size_t machine_index(const char *name)
{
	size_t index = 0;
	while (index < MACHINES_N && strcmp(machines[index]->name, name) != 0) index++;
	return index;
}

static int refuse_unknown(struct cli *cli, const char *name)
{
	struct near near;
	char        quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	near_begin(&near, name);
	for (size_t i = 0; i < MACHINES_N; i++) near_offer(&near, machines[i]->name);
	return cli_refuse(cli, CLI_BAD_INPUT, "unknown machine %s%s", text_quote(quote, name), near_clause(&near, clause, sizeof clause));
}

int verb_fsm(struct cli *cli)
{
	size_t from = cli->argument ? machine_index(cli->argument) : 0;
	size_t to = cli->argument ? from + 1 : MACHINES_N;
	if (from == MACHINES_N) return refuse_unknown(cli, cli->argument);
	if (cli_given(cli, "--coverage")) return coverage_show(cli, cli_text(cli, "--coverage", ""), cli->argument);
	if (cli->json && cli_given(cli, "--dot"))
		return cli_refuse(cli, CLI_BAD_INPUT, "--dot and --json are two forms; give one");
	if (cli->json) show_json(cli, from, to);
	for (size_t i = from; !cli->json && i < to; i++) {
		if (cli_given(cli, "--dot"))
			draw_dot(&cli->out, machines[i], machine_purpose[i]);
		else if (cli->argument)
			print_machine(cli, i);
		else
			print_line(cli, i);
	}
	return CLI_DONE;
}
