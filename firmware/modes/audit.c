/* audit.c - `tickwork audit`: who may write which memory, what each process declares, and that what runs is what was declared. Of this program, which
 * runs nothing for it and takes the memory that a run takes; of the file of another (FILE); or of a running appliance (--home). */
#include "firmware/audit.h"

#include <stdio.h>
#include <string.h>

#include "firmware/cli/table.h"
#include "firmware/marks.h"
#include "firmware/modes/audit_json.h"
#include "firmware/modes/audit_rights.h"
#include "firmware/modes/looking.h"
#include "hal/linux/memory.h"
#include "hal/linux/stack.h"
#include "hal/linux/usage.h"

enum { NUMBER_BYTES = 24,
	KIB = 1024 };

static const char *number(char text[NUMBER_BYTES], uint64_t value)
{
	if (value) (void)snprintf(text, NUMBER_BYTES, "%llu", (unsigned long long)value);
	else (void)snprintf(text, NUMBER_BYTES, "-");
	return text;
}

/* What is left: none is a figure, too. */
static const char *left(char text[NUMBER_BYTES], uint64_t value)
{
	(void)snprintf(text, NUMBER_BYTES, "%llu", (unsigned long long)value);
	return text;
}

/* --- tables ------------------------------------------------------------------------------------------------------------- */

static void show_regions(struct cli *cli, const struct budget *budget)
{
	static const struct table_column column[] = { { "REGION", 22, false }, { "BYTES", 8, true }, { "WRITER", 8, false }, { "READERS", 8, false } };
	struct table table = { column, 4 };
	char bytes[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (uint32_t i = 0; i < budget->regions; i++) {
		const struct budget_region *row = &budget->region[i];
		const char *const text[] = { row->name, number(bytes, row->bytes), row->writer, row->readers };
		table_row(&cli->out, table, text);
	}
}

static void show_declared(struct cli *cli, const struct audit_view *view)
{
	static const struct table_column column[] = { { "LAYOUT", 10, false }, { "PROCESS", 24, false }, { "DECLARED", 10, true }, { "BY PROTOCOL", 11, false } };
	struct table table = { column, 4 };
	char declared[NUMBER_BYTES], by_protocol[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (uint32_t i = 0; i < view->processes; i++) {
		const struct audit_process *row = &view->process[i];
		const char *const text[] = { row->layout, row->name, number(declared, row->declared_bytes), number(by_protocol, row->by_protocol_bytes) };
		table_row(&cli->out, table, text);
	}
}

static void show_running(struct cli *cli, const struct audit_view *view)
{
	static const struct table_column column[] = { { "PROCESS", 23, false }, { "DECLARED", 9, true }, { "MAPPED", 9, true }, { "RESIDENT", 9, true },
		{ "SHARE", 9, true }, { "STACK FREE", 10, false } };
	struct table table = { column, 6 };
	char text[5][NUMBER_BYTES];
	table_head(&cli->out, table);
	for (uint32_t i = 0; i < view->processes; i++) {
		const struct audit_process *row = &view->process[i];
		struct footprint seen = row->memory;
		const char *const cell[] = { row->name, number(text[0], row->declared_bytes), number(text[1], seen.mapped_bytes),
			number(text[2], seen.resident_bytes), number(text[3], seen.share_bytes), number(text[4], seen.stack_low_water) };
		table_row(&cli->out, table, cell);
	}
}

/* The names of the processes that have it, or all. */
static void whose_text(const struct audit_view *view, uint32_t whose, char text[OUT_LINE_MAX])
{
	uint32_t used = 0, count = 0;
	text[0] = '\0';
	for (uint32_t i = 0; i < view->processes && used < OUT_LINE_MAX; i++) {
		if (!(view->process[i].whose & whose)) continue;
		used += (uint32_t)snprintf(text + used, OUT_LINE_MAX - used, "%s%s", used ? " " : "", view->process[i].name);
		count++;
	}
	if (count == view->processes) (void)snprintf(text, OUT_LINE_MAX, "all");
}

static void show_mappings(struct cli *cli, const struct audit_view *view)
{
	static const struct table_column column[] = { { "MAPPING", 12, false }, { "BYTES", 9, true }, { "COPIES", 6, false }, { "WHEN", 11, false },
		{ "WHAT, AND IN WHICH PROCESSES", 8, false } };
	struct table table = { column, 5 };
	char bytes[NUMBER_BYTES], whose[OUT_LINE_MAX], words[OUT_LINE_MAX + BUDGET_WHAT_BYTES];
	table_head(&cli->out, table);
	for (uint32_t i = 0; i < view->budget->parts; i++) {
		const struct budget_part *part = &view->budget->part[i];
		whose_text(view, part->whose, whose);
		if (!whose[0]) continue;
		(void)snprintf(words, sizeof words, "%s: %s", part->what, whose);
		const char *const text[] = { part->name, number(bytes, part->bytes), part->kind == BUDGET_ONCE ? "one" : "each",
			part->when == BUDGET_ALWAYS ? "always" : "by protocol", words };
		table_row(&cli->out, table, text);
	}
	const char *const rest[] = { "program", number(bytes, view->rest_bytes), "each", "always", "the binary, and the kernel's pages for its clock: all" };
	table_row(&cli->out, table, rest);
}

static void show_private(struct cli *cli, const struct audit *audit)
{
	static const struct table_column column[] = { { "PRIVATE", 16, false }, { "BYTES", 9, true }, { "OF", 8, false }, { "WHAT", 8, false } };
	struct table table = { column, 4 };
	char bytes[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (size_t i = 0; i < AUDIT_PARTS_N; i++) {
		const struct audit_part *part = &audit->part[i];
		const char *const text[] = { part->name, number(bytes, part->bytes), part->worker, part->what };
		table_row(&cli->out, table, text);
	}
}

static void show_tables(struct cli *cli, const struct audit *audit)
{
	static const struct table_column column[] = { { "TABLE", 16, false }, { "MAXIMUM", 9, true }, { "LOW WATER", 9, true }, { "WHAT", 8, false } };
	struct table table = { column, 4 };
	char maximum[NUMBER_BYTES], low_water[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (size_t i = 0; i < AUDIT_TABLES_N; i++) {
		const struct audit_table *row = &audit->table[i];
		const char *const text[] = { row->name, number(maximum, row->maximum), left(low_water, row->low_water), row->what };
		table_row(&cli->out, table, text);
	}
}

static void show_arenas(struct cli *cli, const struct audit *audit)
{
	static const struct table_column column[] = { { "ARENA", 16, false }, { "BYTES", 9, true }, { "LOW WATER", 9, true },
		{ "LIES IN", 11, false }, { "OF", 8, false } };
	struct table table = { column, 5 };
	char bytes[NUMBER_BYTES], low_water[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (size_t i = 0; i < AUDIT_ARENAS_N; i++) {
		const struct audit_arena *row = &audit->arena[i];
		const char *const text[] = { row->name, number(bytes, row->bytes), left(low_water, row->low_water), row->within, row->what };
		table_row(&cli->out, table, text);
	}
}

static void show_channels(struct cli *cli, const struct memory_map *map)
{
	static const struct table_column column[] = { { "CHANNEL", 16, false }, { "SLOTS", 9, true }, { "LOW WATER", 9, true }, { "WHAT", 8, false } };
	struct table table = { column, 4 };
	char slots[NUMBER_BYTES], low_water[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (size_t i = 0; i < CHANNELS_N; i++) {
		const char *const text[] = { channel_rows[i].name, number(slots, channel_rows[i].slots), left(low_water, audit_channel_low_water(map, i)),
			channel_rows[i].what };
		table_row(&cli->out, table, text);
	}
}

static void show_marks(struct cli *cli, const struct audit_view *view)
{
	static const struct table_column column[] = { { "PROCESS", 23, false }, { "TABLE", 15, false }, { "MAXIMUM", 9, true }, { "LOW WATER", 9, true },
		{ "WHAT", 8, false } };
	struct table table = { column, 5 };
	char maximum[NUMBER_BYTES], low_water[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (uint32_t row = 0; row < view->processes; row++)
		for (size_t i = 0; i < MARKS_N; i++) {
			const struct audit_process *process = &view->process[row];
			if (!process->is_running || !mark_is_of(&marks[i], process->whose, view->by_protocol)) continue;
			const char *const text[] = { process->name, marks[i].name, number(maximum, marks[i].maximum), left(low_water, process->memory.low_water[i]),
				marks[i].what };
			table_row(&cli->out, table, text);
		}
}

/* --- the whole ---------------------------------------------------------------------------------------------------------- */

static void show_sum(struct cli *cli, const char *name, uint64_t bytes, const char *what)
{
	out_format(&cli->out, "%-14s %9llu KiB%s%s\n", name, (unsigned long long)(bytes / KIB), *what ? "  " : "", what);
}

static void show_own(struct cli *cli, const struct audit *own)
{
	out_text(&cli->out, "\nPrivate memory of the one process of layout single, in `tickwork run`.\n\n");
	show_private(cli, own);
	out_text(&cli->out, "\nTables and channels. Low water: the fewest ever free; here nothing ran yet.\n\n");
	show_tables(cli, own);
	out_text(&cli->out, "\nLibraries live in arenas inside the rows above and take nothing else.\n\n");
	show_arenas(cli, own);
}

static void show_sums(struct cli *cli, const struct audit_view *view)
{
	out_text(&cli->out, "\n");
	show_sum(cli, "shared map", audit_map_bytes(view->budget), "");
	show_sum(cli, "declared", view->total_bytes, view->map ? "by the processes of this appliance" : "by all processes of the largest layout, by protocol");
	if (view->own) show_sum(cli, "mapped", view->own->mapped_bytes, "by this process, which took what `everything` takes");
	if (view->own) show_sum(cli, "resident", view->own->resident_bytes, "of it, in memory now");
	if (view->map) show_sum(cli, "resident", view->share_bytes, "of all processes, a shared page counted once");
	show_sum(cli, "limit", view->budget->limit_bytes, "budget_all_kib");
	show_sum(cli, "journal file", view->budget->journal_file_bytes, "on disk: journal_segments x journal_segment_kib");
}

static void show(struct cli *cli, const struct audit_view *view)
{
	out_text(&cli->out, "Shared map, the same in every layout. A page has one writer; the others map it\nread-only.\n\n");
	show_regions(cli, view->budget);
	out_text(&cli->out, "\nProcesses, in bytes. BY PROTOCOL: with a venue over the network.\n\n");
	if (view->map) show_running(cli, view);
	else show_declared(cli, view);
	out_text(&cli->out, "\nWhat they map. COPIES: one for all, or one each.\n\n");
	show_mappings(cli, view);
	if (view->own) show_own(cli, view->own);
	if (view->map) {
		out_text(&cli->out, "\nChannels. Low water: the fewest slots ever free.\n\n");
		show_channels(cli, view->map);
		out_text(&cli->out, "\nTables and arenas of a process alone.\n\n");
		show_marks(cli, view);
	}
	show_sums(cli, view);
}

static int judge(struct cli *cli, const struct audit_view *view)
{
	const struct audit_process *stranger = audit_stranger(view);
	const struct audit *own = view->own;
	unsigned long long declared_kib = view->total_bytes / KIB, limit_kib = view->budget->limit_bytes / KIB;
	if (view->total_bytes > view->budget->limit_bytes)
		return cli_refuse(cli, CLI_FAILED, "%llu KiB are declared and budget_all_kib is %llu: lower a size in config.h", declared_kib, limit_kib);
	if (stranger)
		return cli_refuse(cli, CLI_FAILED, "%s maps %llu bytes and declares %llu: firmware/budget.h is not what runs", stranger->name,
			(unsigned long long)stranger->memory.mapped_bytes, (unsigned long long)stranger->declared_bytes);
	if (own && !audit_is_ok(own))
		return cli_refuse(cli, CLI_FAILED, "%llu bytes are mapped and %llu declared: firmware/budget.h is not what runs", (unsigned long long)own->mapped_bytes,
			(unsigned long long)own->declared_bytes);
	if (!cli->json)
		out_text(&cli->out, view->map || own ? "ok: declared = mapped >= resident, and within the limit\n" : "ok: within the limit\n");
	return CLI_DONE;
}

static int answer(struct cli *cli, struct audit_view *view)
{
	audit_view_fill(view);
	if (cli->json) audit_json(&cli->out, view);
	else show(cli, view);
	return judge(cli, view);
}

/* --- for ARCHITECTURE.md ------------------------------------------------------------------------------------------------ */

enum { TABLE_STEP_MIB = 16 };        /* so that the document changes when a process does, and not with each line of code */

static unsigned mib_at_most(uint64_t bytes)
{
	uint64_t step = (uint64_t)TABLE_STEP_MIB << 20;
	return (unsigned)((bytes + step - 1) / step * TABLE_STEP_MIB);
}

/* The mappings of a process that not all of its layout have. */
static void show_own_mappings(struct cli *cli, const struct budget *budget, uint32_t whose)
{
	const char *before = "";
	for (uint32_t i = 0; i < budget->parts; i++) {
		const struct budget_part *part = &budget->part[i];
		if (!(part->whose & whose) || (part->whose & BUDGET_APPLIANCE) == BUDGET_APPLIANCE) continue;
		out_format(&cli->out, "%s%s%s", before, part->name, part->when == BUDGET_BY_PROTOCOL ? "*" : "");
		before = " ";
	}
}

/* Rows of this build, which a test holds against the document. */
static int show_table(struct cli *cli)
{
	struct audit_view view = { .budget = &budget_note.desc, .rest_bytes = budget_rest_bytes() };
	audit_view_fill(&view);
	out_text(&cli->out, "| process | workers | MiB at most | by protocol | mappings that not all have |\n|---|---|---|---|---|\n");
	for (uint32_t i = 0; i < view.processes; i++) {
		const struct audit_process *row = &view.process[i];
		const char                 *before = "";
		out_format(&cli->out, "| %s | ", row->name);
		for (int worker = 0; worker < WORKERS_N; worker++) {
			if (!(row->whose >> worker & 1)) continue;
			out_format(&cli->out, "%s%s", before, workers[worker].name);
			before = " ";
		}
		out_format(&cli->out, " | %u | %u | ", mib_at_most(row->declared_bytes), mib_at_most(row->by_protocol_bytes));
		show_own_mappings(cli, view.budget, row->whose);
		out_text(&cli->out, " |\n");
	}
	return CLI_DONE;
}

/* --- three ways to look ------------------------------------------------------------------------------------------------- */

/* What a run would have before its first event. */
static struct trading *take(void)
{
	static struct settings settings;
	struct trading *trading = trading_take();
	if (!trading || !memory_take(sizeof(struct run)) || !stack_take(AUDIT_STACK_BYTES)) return 0;
	settings_default(&settings);
	rooms_init(&trading->rooms, PLACED_SINGLE, 0, &settings, true);
	pump_init(&trading->pump, trading->map, &trading->rooms, &trading->hal, 0);
	return trading;
}

static int audit_own(struct cli *cli)
{
	struct audit audit;
	struct trading *trading = take();
	struct audit_view view = { .budget = &budget_note.desc, .own = &audit, .rest_bytes = budget_rest_bytes() };
	if (!trading)
		return cli_refuse(cli, CLI_FAILED, "the kernel gives no memory for what a run takes, %zu MB, or arguments and environment leave no stack",
			(sizeof *trading + sizeof(struct run)) >> 20);
	audit_look(&audit, trading);
	return answer(cli, &view);
}

static int audit_file(struct cli *cli, const char *path)
{
	static struct budget_note note;
	uint64_t program_bytes;
	enum budget_verdict verdict = budget_read(path, &note, &program_bytes);
	struct audit_view view = { .budget = &note.desc, .rest_bytes = program_bytes + usage_kernel_bytes() };
	if (verdict != BUDGET_OK) return cli_refuse(cli, CLI_BAD_INPUT, "%s %s", path, budget_verdict_text[verdict]);
	return answer(cli, &view);
}

static int audit_home(struct cli *cli)
{
	struct looking looking;
	char layout[MAP_STAMP_TEXT_BYTES];
	int code = looking_begin(&looking, cli);
	if (code != CLI_DONE) return code;
	const struct map_stamp *stamp = looking.look.map->stamp;
	(void)snprintf(layout, sizeof layout, "%.*s", MAP_STAMP_TEXT_BYTES - 1, stamp->layout);
	struct audit_view view = { .budget = &budget_note.desc, .map = looking.look.map, .layout = layout,
		.is_alive = looking.look.holder_pid != 0, .rest_bytes = budget_rest_bytes(), .by_protocol = strncmp(stamp->venue, "sim", sizeof stamp->venue) != 0 };
	if (!cli->json) looking_head(cli, &looking);
	code = answer(cli, &view);
	looking_end(&looking);
	return code;
}

int verb_audit(struct cli *cli)
{
	bool is_home = cli_given(cli, "--home");
	if (cli->argument && (cli_given(cli, "--rights") || cli_given(cli, "--table")))
		return cli_refuse(cli, CLI_BAD_INPUT, "--rights and --table are of this program; leave %s out", cli->argument);
	if (cli_given(cli, "--rights")) return audit_rights(cli);
	if (cli->argument && is_home) return cli_refuse(cli, CLI_BAD_INPUT, "%s and --home: one of the two", cli->argument);
	if (cli->argument) return audit_file(cli, cli->argument);
	if (cli_given(cli, "--table")) return show_table(cli);
	return is_home ? audit_home(cli) : audit_own(cli);
}
