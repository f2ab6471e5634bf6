/* audit.c - `tickwork audit`: takes the memory that a run takes, runs nothing, and shows who may write which of it and that it fits. */
#include "firmware/audit.h"

#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "hal/linux/memory.h"

enum { NUMBER_BYTES = 24, KIB = 1024 };
#define JOURNAL_FILE_BYTES ((uint64_t)CFG_journal_segments * CFG_journal_segment_kib * KIB + JOURNAL_PAGE_BYTES)

/* What a run would have before its first event. */
static struct trading *take(void)
{
	static struct settings settings;
	struct trading        *trading = trading_take();
	if (!trading || !memory_take(sizeof(struct run))) return 0;
	settings_default(&settings);
	rooms_init(&trading->rooms, PLACED_SINGLE, 0, &settings, true);
	pump_init(&trading->pump, trading->map, &trading->rooms, &trading->hal, 0);
	return trading;
}

static const char *number(char text[NUMBER_BYTES], uint64_t value)
{
	snprintf(text, NUMBER_BYTES, "%llu", (unsigned long long)value);
	return text;
}

/* --- for people --------------------------------------------------------------------------------------------------------- */

static void show_regions(struct cli *cli)
{
	static const struct table_column column[] = { { "REGION", 22, false }, { "BYTES", 8, true }, { "WRITER", 8, false }, { "READERS", 8, false } };
	struct table                     table = { column, 4 };
	char                             bytes[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (size_t i = 0; i < REGION_ROWS_N; i++) {
		const struct region_row *row = &region_rows[i];
		const char *const        text[] = { row->name, number(bytes, audit_region_bytes(row)), writer_name(row->writer), row->readers };
		table_row(&cli->out, table, text);
	}
}

static void show_parts(struct cli *cli, const struct audit *audit)
{
	static const struct table_column column[] = { { "PRIVATE", 16, false }, { "BYTES", 9, true }, { "OF", 8, false }, { "WHAT", 8, false } };
	struct table                     table = { column, 4 };
	char                             bytes[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (size_t i = 0; i < AUDIT_PARTS_N; i++) {
		const struct audit_part *part = &audit->part[i];
		const char *const        text[] = { part->name, number(bytes, part->bytes), part->worker, part->what };
		table_row(&cli->out, table, text);
	}
}

static void show_tables(struct cli *cli, const struct audit *audit)
{
	static const struct table_column column[] = { { "TABLE", 16, false }, { "MAXIMUM", 9, true }, { "LOW WATER", 9, true }, { "WHAT", 8, false } };
	struct table                     table = { column, 4 };
	char                             maximum[NUMBER_BYTES], low_water[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (size_t i = 0; i < AUDIT_TABLES_N; i++) {
		const struct audit_table *row = &audit->table[i];
		const char *const         text[] = { row->name, number(maximum, row->maximum), number(low_water, row->low_water), row->what };
		table_row(&cli->out, table, text);
	}
}

static void show_arenas(struct cli *cli, const struct audit *audit)
{
	static const struct table_column column[] = { { "ARENA", 16, false }, { "BYTES", 9, true }, { "LOW WATER", 9, true },
		{ "LIES IN", 11, false }, { "OF", 8, false } };
	struct table                     table = { column, 5 };
	char                             bytes[NUMBER_BYTES], low_water[NUMBER_BYTES];
	table_head(&cli->out, table);
	for (size_t i = 0; i < AUDIT_ARENAS_N; i++) {
		const struct audit_arena *row = &audit->arena[i];
		const char *const         text[] = { row->name, number(bytes, row->bytes), number(low_water, row->low_water), row->within, row->what };
		table_row(&cli->out, table, text);
	}
}

static void show_sum(struct cli *cli, const char *name, uint64_t bytes, const char *what)
{
	out_format(&cli->out, "%-14s %9llu KiB%s%s\n", name, (unsigned long long)(bytes / KIB), *what ? "  " : "", what);
}

static void show(struct cli *cli, const struct audit *audit)
{
	out_text(&cli->out, "Shared map, the same in every layout. A page has one writer; the others map it\nread-only.\n\n");
	show_regions(cli);
	out_text(&cli->out, "\nPrivate memory of the one process of layout single, in `tickwork run`.\n\n");
	show_parts(cli, audit);
	out_text(&cli->out, "\nTables and channels. Low water: the fewest ever free; here nothing ran yet.\n\n");
	show_tables(cli, audit);
	out_text(&cli->out, "\nLibraries live in arenas inside the rows above and take nothing else.\n\n");
	show_arenas(cli, audit);
	out_text(&cli->out, "\n");
	show_sum(cli, "shared map", audit->map_bytes, "");
	show_sum(cli, "private", audit->private_bytes, "");
	show_sum(cli, "declared", audit->declared_bytes, "the sum");
	show_sum(cli, "mapped", audit->mapped_bytes, "by this process, which took what a run takes");
	show_sum(cli, "resident", audit->resident_bytes, "of it, in memory now");
	show_sum(cli, "limit", audit->limit_bytes, "budget_all_kib");
	show_sum(cli, "journal file", JOURNAL_FILE_BYTES, "on disk: journal_segments x journal_segment_kib");
}

/* --- for programs ------------------------------------------------------------------------------------------------------- */

static void json_text(struct json *json, const char *key, const char *value)
{
	json_key(json, key);
	json_string(json, value);
}

static void json_number(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_u64(json, value);
}

/* Names with a space between, as an array. */
static void json_words(struct json *json, const char *key, const char *words)
{
	json_key(json, key);
	json_array_begin(json);
	for (size_t length; *words; words += length + (words[length] == ' ')) {
		length = strcspn(words, " ");
		json_string_of(json, words, length);
	}
	json_array_end(json);
}

static void json_regions(struct json *json)
{
	json_key(json, "regions");
	json_array_begin(json);
	for (size_t i = 0; i < REGION_ROWS_N; i++) {
		json_object_begin(json);
		json_text(json, "name", region_rows[i].name);
		json_number(json, "bytes", audit_region_bytes(&region_rows[i]));
		json_text(json, "writer", writer_name(region_rows[i].writer));
		json_words(json, "readers", region_rows[i].readers);
		json_text(json, "what", region_rows[i].what);
		json_object_end(json);
	}
	json_array_end(json);
}

static void json_channels(struct json *json, const struct audit *audit)
{
	json_key(json, "channels");
	json_array_begin(json);
	for (size_t i = 0; i < CHANNELS_N; i++) {
		const struct channel_row *row = &channel_rows[i];
		json_object_begin(json);
		json_text(json, "name", row->name);
		json_text(json, "producer", workers[row->producer].name);
		json_text(json, "consumer", workers[row->consumer].name);
		json_number(json, "record_bytes", row->record_bytes);
		json_number(json, "slots", row->slots);
		json_number(json, "low_water", audit->table[i].low_water);
		json_number(json, "priority", row->priority);
		json_object_end(json);
	}
	json_array_end(json);
}

static void json_parts(struct json *json, const struct audit *audit)
{
	json_key(json, "private");
	json_array_begin(json);
	for (size_t i = 0; i < AUDIT_PARTS_N; i++) {
		json_object_begin(json);
		json_text(json, "name", audit->part[i].name);
		json_number(json, "bytes", audit->part[i].bytes);
		json_text(json, "worker", audit->part[i].worker);
		json_object_end(json);
	}
	json_array_end(json);
}

static void json_low_water(struct json *json, const struct audit *audit)
{
	json_key(json, "low_water");
	json_object_begin(json);
	for (size_t i = 0; i < AUDIT_TABLES_N; i++) json_number(json, audit->table[i].name, audit->table[i].low_water);
	for (size_t i = 0; i < AUDIT_ARENAS_N; i++) json_number(json, audit->arena[i].name, audit->arena[i].low_water);
	json_object_end(json);
}

static void json_process(struct json *json, const struct audit *audit)
{
	json_key(json, "processes");
	json_array_begin(json);
	json_object_begin(json);
	json_text(json, "name", layouts[LAYOUT_single_id].place[0].process);
	json_text(json, "layout", layouts[LAYOUT_single_id].name);
	json_number(json, "declared_bytes", audit->declared_bytes);
	json_number(json, "mapped_bytes", audit->mapped_bytes);
	json_number(json, "resident_bytes", audit->resident_bytes);
	json_number(json, "stack_bytes", AUDIT_STACK_BYTES);
	json_low_water(json, audit);
	json_parts(json, audit);
	json_object_end(json);
	json_array_end(json);
}

static void json_tables(struct json *json, const struct audit *audit)
{
	json_key(json, "tables");
	json_array_begin(json);
	for (size_t i = CHANNELS_N; i < AUDIT_TABLES_N; i++) {
		json_object_begin(json);
		json_text(json, "name", audit->table[i].name);
		json_number(json, "maximum", audit->table[i].maximum);
		json_number(json, "low_water", audit->table[i].low_water);
		json_object_end(json);
	}
	json_array_end(json);
	json_key(json, "arenas");
	json_array_begin(json);
	for (size_t i = 0; i < AUDIT_ARENAS_N; i++) {
		json_object_begin(json);
		json_text(json, "name", audit->arena[i].name);
		json_number(json, "bytes", audit->arena[i].bytes);
		json_number(json, "low_water", audit->arena[i].low_water);
		json_text(json, "within", audit->arena[i].within);
		json_object_end(json);
	}
	json_array_end(json);
}

static void show_json(struct cli *cli, const struct audit *audit)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_regions(json);
	json_channels(json, audit);
	json_process(json, audit);
	json_tables(json, audit);
	json_number(json, "map_bytes", audit->map_bytes);
	json_number(json, "journal_file_bytes", JOURNAL_FILE_BYTES);
	json_number(json, "total_declared_bytes", audit->declared_bytes);
	json_number(json, "limit_bytes", audit->limit_bytes);
	json_key(json, "ok");
	json_bool(json, audit->ok);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static int judge(struct cli *cli, const struct audit *audit)
{
	unsigned long long declared_kib = audit->declared_bytes / KIB, mapped_kib = audit->mapped_bytes / KIB;
	if (audit->declared_bytes > audit->limit_bytes)
		return cli_refuse(cli, CLI_FAILED, "%llu KiB are declared and budget_all_kib is %d: lower a size in config.h", declared_kib, CFG_budget_all_kib);
	if (!audit->ok)
		return cli_refuse(cli, CLI_FAILED, "%llu KiB are mapped and only %llu declared: firmware/audit.h misses something", mapped_kib, declared_kib);
	if (!cli->json) out_text(&cli->out, "ok: declared >= mapped >= resident, and within the limit\n");
	return CLI_DONE;
}

int verb_audit(struct cli *cli)
{
	struct audit    audit;
	struct trading *trading = take();
	if (!trading) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for what a run takes: %zu MB", (sizeof *trading + sizeof(struct run)) >> 20);
	audit_look(&audit, trading);
	if (cli->json)
		show_json(cli, &audit);
	else
		show(cli, &audit);
	return judge(cli, &audit);
}
