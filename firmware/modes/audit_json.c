/* audit_json.c - regions, channels, processes, tables and sums: keys may be added, not changed. */
#include "firmware/modes/audit_json.h"

#include <string.h>

#include "firmware/cli/print_json.h"
#include "firmware/marks.h"
#include "firmware/trade_mode.h"

static void put_text(struct json *json, const char *key, const char *value)
{
	json_key(json, key);
	json_string(json, value);
}

static void put(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_u64(json, value);
}

/* What is not known is null. */
static void put_known(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	if (value) json_u64(json, value);
	else json_null(json);
}

/* Names with a space between, as an array. */
static void put_words(struct json *json, const char *key, const char *words)
{
	json_key(json, key);
	json_array_begin(json);
	for (size_t length; *words; words += length + (words[length] == ' ')) {
		length = strcspn(words, " ");
		json_string_of(json, words, length);
	}
	json_array_end(json);
}

static void put_regions(struct json *json, const struct budget *budget)
{
	json_key(json, "regions");
	json_array_begin(json);
	for (uint32_t i = 0; i < budget->regions; i++) {
		const struct budget_region *region = &budget->region[i];
		json_object_begin(json);
		put_text(json, "name", region->name);
		put(json, "bytes", region->bytes);
		put_text(json, "writer", region->writer);
		put_words(json, "readers", region->readers);
		put_text(json, "what", region->what);
		json_object_end(json);
	}
	json_array_end(json);
}

/* --- processes ---------------------------------------------------------------------------------------------------------- */

/* Mappings of the process, by name: their sum is what is declared. */
static void put_parts(struct json *json, const struct audit_view *view, const struct audit_process *row)
{
	json_key(json, "parts");
	json_object_begin(json);
	for (uint32_t i = 0; i < view->budget->parts; i++) {
		const struct budget_part *part = &view->budget->part[i];
		if (budget_has(part, row->whose, view->by_protocol)) put(json, part->name, part->bytes);
	}
	put(json, "program_and_kernel", view->rest_bytes);
	json_object_end(json);
}

static void put_private(struct json *json, const struct audit *own)
{
	json_key(json, "private");
	json_array_begin(json);
	for (size_t i = 0; i < AUDIT_PARTS_N; i++) {
		json_object_begin(json);
		put_text(json, "name", own->part[i].name);
		put(json, "bytes", own->part[i].bytes);
		put_text(json, "worker", own->part[i].worker);
		json_object_end(json);
	}
	json_array_end(json);
}

/* Channels that the process fills, and the tables and arenas that are its own. */
static void put_low_water(struct json *json, const struct audit_view *view, const struct audit_process *row)
{
	const struct audit *own = row->whose & BUDGET_SINGLE ? view->own : 0;
	json_key(json, "low_water");
	json_object_begin(json);
	put(json, "stack", row->is_running ? row->memory.stack_low_water : view->budget->stack_bytes);
	for (size_t i = 0; view->map && i < CHANNELS_N; i++)
		if (row->whose >> channel_rows[i].producer & 1) put(json, channel_rows[i].name, audit_channel_low_water(view->map, i));
	for (size_t i = 0; row->is_running && i < MARKS_N; i++)
		if (mark_is_of(&marks[i], row->whose, view->by_protocol)) put(json, marks[i].name, row->memory.low_water[i]);
	for (size_t i = 0; own && i < AUDIT_TABLES_N; i++) put(json, own->table[i].name, own->table[i].low_water);
	for (size_t i = 0; own && i < AUDIT_ARENAS_N; i++) put(json, own->arena[i].name, own->arena[i].low_water);
	json_object_end(json);
}

static void put_processes(struct json *json, const struct audit_view *view)
{
	json_key(json, "processes");
	json_array_begin(json);
	for (uint32_t i = 0; i < view->processes; i++) {
		const struct audit_process *row = &view->process[i];
		json_object_begin(json);
		put_text(json, "name", row->name);
		put_text(json, "layout", row->layout);
		put(json, "declared_bytes", row->declared_bytes);
		put(json, "declared_by_protocol_bytes", row->by_protocol_bytes);
		put_known(json, "mapped_bytes", row->memory.mapped_bytes);
		put_known(json, "resident_bytes", row->memory.resident_bytes);
		put_known(json, "share_bytes", row->memory.share_bytes);
		put(json, "stack_bytes", view->budget->stack_bytes);
		put_low_water(json, view, row);
		put_parts(json, view, row);
		if (view->own && (row->whose & BUDGET_SINGLE)) put_private(json, view->own);
		json_object_end(json);
	}
	json_array_end(json);
}

/* --- of this program alone ---------------------------------------------------------------------------------------------- */

static void put_channels(struct json *json, const struct audit *own)
{
	json_key(json, "channels");
	json_array_begin(json);
	for (size_t i = 0; i < CHANNELS_N; i++) {
		const struct channel_row *row = &channel_rows[i];
		json_object_begin(json);
		put_text(json, "name", row->name);
		put_text(json, "producer", workers[row->producer].name);
		put_text(json, "consumer", workers[row->consumer].name);
		put(json, "record_bytes", row->record_bytes);
		put(json, "slots", row->slots);
		put(json, "low_water", own->table[i].low_water);
		put(json, "priority", row->priority);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_tables(struct json *json, const struct audit *own)
{
	json_key(json, "tables");
	json_array_begin(json);
	for (size_t i = CHANNELS_N; i < AUDIT_TABLES_N; i++) {
		json_object_begin(json);
		put_text(json, "name", own->table[i].name);
		put(json, "maximum", own->table[i].maximum);
		put(json, "low_water", own->table[i].low_water);
		json_object_end(json);
	}
	json_array_end(json);
	json_key(json, "arenas");
	json_array_begin(json);
	for (size_t i = 0; i < AUDIT_ARENAS_N; i++) {
		json_object_begin(json);
		put_text(json, "name", own->arena[i].name);
		put(json, "bytes", own->arena[i].bytes);
		put(json, "low_water", own->arena[i].low_water);
		put_text(json, "within", own->arena[i].within);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_layouts(struct json *json, const struct audit_view *view)
{
	json_key(json, "layouts");
	json_array_begin(json);
	for (uint32_t i = 0; i < view->processes; i++) {
		if (i > 0 && strcmp(view->process[i].layout, view->process[i - 1].layout) == 0) continue;
		json_object_begin(json);
		put_text(json, "name", view->process[i].layout);
		put(json, "declared_bytes", budget_layout_bytes(view->budget, view->process[i].layout, view->by_protocol, view->rest_bytes));
		put(json, "declared_by_protocol_bytes", budget_layout_bytes(view->budget, view->process[i].layout, true, view->rest_bytes));
		json_object_end(json);
	}
	json_array_end(json);
}

void audit_json(struct out *out, const struct audit_view *view)
{
	struct print_json print;
	struct json *json = print_json_begin(&print);
	json_object_begin(json);
	put_regions(json, view->budget);
	if (view->own) put_channels(json, view->own);
	put_processes(json, view);
	if (view->own) put_tables(json, view->own);
	put_layouts(json, view);
	put(json, "map_bytes", audit_map_bytes(view->budget));
	put(json, "journal_file_bytes", view->budget->journal_file_bytes);
	put_known(json, "mapped_bytes", view->mapped_bytes);
	put_known(json, "resident_bytes", view->resident_bytes);
	put_known(json, "share_bytes", view->share_bytes);
	put(json, "total_declared_bytes", view->total_bytes);
	put(json, "limit_bytes", view->budget->limit_bytes);
	if (view->map) put_text(json, "mode", trade_mode_key(view->map->stamp->mode));
	json_key(json, "ok");
	json_bool(json, audit_view_is_ok(view));
	json_object_end(json);
	print_json_end(&print, out);
}
