#include "firmware/cli/draw.h"

#include <string.h>

#include "firmware/cli/table.h"

enum { STATES_MAX = 256, GO_MARK = 3 };        /* "-> " before the target */

const char *draw_kind(uint8_t kind)
{
	static const char *const text[] = { [CELL_GO] = "go", [CELL_STAY] = "stay", [CELL_DROP] = "drop", [CELL_BUG] = "bug" };
	BUG_UNLESS(4230, kind <= CELL_BUG);
	return text[kind];
}

struct draw_counts draw_count(const struct machine *machine)
{
	struct draw_counts counts;
	bool               reached[STATES_MAX];
	memset(&counts, 0, sizeof counts);
	counts.reached = machine_reach(machine, reached);
	for (uint8_t s = 0; s < machine->states; s++)
		for (uint8_t e = 0; e < machine->events; e++) counts.cell[machine_cell(machine, s, e)->kind]++;
	return counts;
}

static size_t cell_width(const struct machine *machine, uint8_t s, uint8_t e)
{
	const struct machine_cell *cell = machine_cell(machine, s, e);
	return cell->kind == CELL_GO ? GO_MARK + strlen(machine->state_name[cell->to]) : strlen(draw_kind(cell->kind));
}

static size_t event_width(const struct machine *machine, uint8_t e)
{
	size_t width = strlen(machine->event_name[e]);
	for (uint8_t s = 0; s < machine->states; s++)
		if (cell_width(machine, s, e) > width) width = cell_width(machine, s, e);
	return width;
}

static size_t names_width(const char *const *name, uint8_t count)
{
	size_t width = 0;
	for (uint8_t i = 0; i < count; i++)
		if (strlen(name[i]) > width) width = strlen(name[i]);
	return width;
}

static void put_cell(struct out *out, const struct machine *machine, uint8_t s, uint8_t e)
{
	const struct machine_cell *cell = machine_cell(machine, s, e);
	if (cell->kind == CELL_BUG) out_paint(out, OUT_RED);
	if (cell->kind == CELL_DROP) out_paint(out, OUT_DIM);
	if (cell->kind == CELL_GO)
		out_format(out, "-> %s", machine->state_name[cell->to]);
	else
		out_text(out, draw_kind(cell->kind));
	if (cell->kind == CELL_BUG || cell->kind == CELL_DROP) out_paint(out, OUT_PLAIN);
}

/* The first event that no longer fits beside `from`; at least one does. */
static uint8_t panel_end(const struct machine *machine, uint8_t from, size_t column)
{
	uint8_t e = from;
	for (; e < machine->events; e++) {
		column += TABLE_GAP + event_width(machine, e);
		if (e > from && column > TABLE_WIDTH) break;
	}
	return e;
}

static void put_heads(struct out *out, const struct machine *machine, uint8_t from, uint8_t to, size_t left)
{
	out_paint(out, OUT_BOLD);
	out_pad(out, left);
	for (uint8_t e = from; e < to; e++) {
		out_format(out, "  %s", machine->event_name[e]);
		if (e + 1 < to) out_pad(out, event_width(machine, e) - strlen(machine->event_name[e]));
	}
	out_paint(out, OUT_PLAIN);
	out_text(out, "\n");
}

static void put_panel(struct out *out, const struct machine *machine, uint8_t from, uint8_t to, size_t left)
{
	put_heads(out, machine, from, to, left);
	for (uint8_t s = 0; s < machine->states; s++) {
		out_text(out, machine->state_name[s]);
		out_pad(out, left - strlen(machine->state_name[s]));
		for (uint8_t e = from; e < to; e++) {
			out_pad(out, TABLE_GAP);
			put_cell(out, machine, s, e);
			if (e + 1 < to) out_pad(out, event_width(machine, e) - cell_width(machine, s, e));
		}
		out_text(out, "\n");
	}
	out_text(out, "\n");
}

static void put_actions(struct out *out, const struct machine *machine, size_t states, size_t events)
{
	for (uint8_t s = 0; s < machine->states; s++)
		for (uint8_t e = 0; e < machine->events; e++) {
			const struct machine_cell *cell = machine_cell(machine, s, e);
			if (cell->kind != CELL_GO && cell->kind != CELL_STAY) continue;
			out_format(out, "%-*s  %-*s  %-*s  %s\n", (int)states, machine->state_name[s], (int)events, machine->event_name[e],
			    (int)states + GO_MARK, cell->kind == CELL_STAY ? "stay" : machine->state_name[cell->to], cell->action_name);
		}
}

void draw_matrix(struct out *out, const struct machine *machine)
{
	size_t left = names_width(machine->state_name, machine->states);
	for (uint8_t from = 0; from < machine->events;) {
		uint8_t to = panel_end(machine, from, left);
		put_panel(out, machine, from, to, left);
		from = to;
	}
	put_actions(out, machine, left, names_width(machine->event_name, machine->events));
}

/* All events that lead from one state to another share an arrow. */
static void dot_arrow(struct out *out, const struct machine *machine, uint8_t from, uint8_t to)
{
	uint32_t count = 0;
	for (uint8_t e = 0; e < machine->events; e++) {
		const struct machine_cell *cell = machine_cell(machine, from, e);
		if ((cell->kind != CELL_GO && cell->kind != CELL_STAY) || cell->to != to) continue;
		if (count == 0) out_format(out, "\t%s -> %s [label=\"", machine->state_name[from], machine->state_name[to]);
		out_format(out, "%s%s / %s", count ? "\\n" : "", machine->event_name[e], cell->action_name);
		count++;
	}
	if (count > 0) out_text(out, "\"];\n");
}

static void dot_comment(struct out *out, const struct machine *machine, uint8_t s, uint8_t kind, const char *said)
{
	uint32_t count = 0;
	for (uint8_t e = 0; e < machine->events; e++) {
		if (machine_cell(machine, s, e)->kind != kind) continue;
		out_format(out, "%s%s%s", count ? "" : "\t// ", count ? "" : machine->state_name[s], count ? "" : said);
		out_format(out, " %s", machine->event_name[e]);
		count++;
	}
	if (count > 0) out_text(out, "\n");
}

void draw_dot(struct out *out, const struct machine *machine, const char *purpose)
{
	out_format(out, "// %s: %s\ndigraph %s {\n\trankdir=LR;\n\tnode [shape=box, style=rounded];\n\t%s [style=\"rounded,bold\"];\n",
	    machine->name, purpose, machine->name, machine->state_name[0]);
	for (uint8_t s = 0; s < machine->states; s++) {
		for (uint8_t to = 0; to < machine->states; to++) dot_arrow(out, machine, s, to);
		dot_comment(out, machine, s, CELL_DROP, " drops");
		dot_comment(out, machine, s, CELL_BUG, " would be a bug on");
	}
	out_text(out, "}\n");
}
