/* audit.c - the declaration as rows, proven, and held against the kernel's count. */
#include "firmware/audit.h"

#include <string.h>

#include "fsm/care/process.h"
#include "hal/linux/usage.h"

#define BYTES_OF(holder, member) sizeof(((struct holder *)0)->member)
#define TRADING_BYTES(name, member, worker, what) +BYTES_OF(trading, member)
#define RUN_BYTES(name, member, worker, what) +BYTES_OF(run, member)
#define TRADING_REST (sizeof(struct trading) - (0 AUDIT_TRADING(TRADING_BYTES)))
#define RUN_REST (sizeof(struct run) - (0 AUDIT_RUN(RUN_BYTES)))

_Static_assert(TRADING_REST <= AUDIT_REST_MAX, "firmware/audit.h: struct trading holds something large that AUDIT_TRADING does not name");
_Static_assert(RUN_REST <= AUDIT_REST_MAX, "firmware/audit.h: struct run holds something large that AUDIT_RUN does not name");
_Static_assert(BUDGET_PAGES(sizeof(struct memory_map)) + BUDGET_PAGES(sizeof(struct trading)) + BUDGET_PAGES(sizeof(struct run)) + AUDIT_STACK_BYTES +
			AUDIT_KERNEL_MAX + AUDIT_PROGRAM_MAX <=
		(size_t)CFG_budget_all_kib * 1024,
	"config.h: what a run declares is over budget_all_kib: lower a size, or raise the budget");
_Static_assert(BYTES_OF(run, keeper.heap) == (size_t)CFG_ledger_heap_kib * 1024, "the heap is the arena that is declared");

uint64_t audit_bars_free(const struct bars *bars)
{
	uint32_t most = 0;
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (bars->of[i].count > most) most = bars->of[i].count;
	return CFG_bars_max - most;
}

/* Pages at the end of a struct belong to its rest, so that the parts add up to what is mapped. */
static void look_at_parts(struct audit *audit)
{
	size_t n = 0;
#define TRADING_PART(name, member, worker, what) audit->part[n++] = (struct audit_part){ #name, #worker, what, BYTES_OF(trading, member) };
#define RUN_PART(name, member, worker, what) audit->part[n++] = (struct audit_part){ #name, #worker, what, BYTES_OF(run, member) };
	AUDIT_TRADING(TRADING_PART)
	audit->part[n++] = (struct audit_part){ "trading_rest", "pump", "what else struct trading holds",
		TRADING_REST + BUDGET_PAGES(sizeof(struct trading)) - sizeof(struct trading) };
	AUDIT_RUN(RUN_PART)
	audit->part[n++] = (struct audit_part){ "run_rest", "pump", "what else struct run holds", RUN_REST + BUDGET_PAGES(sizeof(struct run)) - sizeof(struct run) };
	audit->part[n++] = (struct audit_part){ "program", "all", "the binary: text, tables, libev's arena", usage_program_bytes() };
	audit->part[n++] = (struct audit_part){ "stack", "all", "declared stack, stack_kib", AUDIT_STACK_BYTES };
	audit->part[n++] = (struct audit_part){ "kernel", "all", "vvar and vdso, as this kernel has them", usage_kernel_bytes() };
	BUG_UNLESS(4320, n == AUDIT_PARTS_N);
	for (size_t i = 0; i < AUDIT_PARTS_N; i++) audit->private_bytes += audit->part[i].bytes;
}

static void look_at_tables(struct audit *audit, const struct trading *trading)
{
	size_t n = 0;
	for (; n < CHANNELS_N; n++)
		audit->table[n] = (struct audit_table){ channel_rows[n].name, channel_rows[n].what, channel_rows[n].slots,
			trading->pump.channel[n].tail->low_water };
#define TABLE(name, maximum, low_water, what) audit->table[n++] = (struct audit_table){ #name, what, (maximum), (low_water) };
	AUDIT_TABLES(TABLE)
	BUG_UNLESS(4321, n == AUDIT_TABLES_N);
}

static void look_at_arenas(struct audit *audit)
{
	size_t n = 0;
#define ARENA(name, bytes, used, within, what) audit->arena[n++] = (struct audit_arena){ #name, #within, what, (bytes), (bytes) - (used) };
	AUDIT_ARENAS(ARENA)
	BUG_UNLESS(4322, n == AUDIT_ARENAS_N);
}

bool audit_is_ok(const struct audit *audit)
{
	bool fits = audit->declared_bytes <= audit->limit_bytes;
	bool as_said = audit->declared_bytes == audit->mapped_bytes && audit->mapped_bytes >= audit->resident_bytes;
	return fits && (as_said || audit->mapped_bytes == 0);
}

void audit_look(struct audit *audit, const struct trading *trading)
{
	struct usage usage;
	*audit = (struct audit){ .map_bytes = BUDGET_PAGES(sizeof(struct memory_map)), .limit_bytes = (uint64_t)CFG_budget_all_kib * 1024 };
	look_at_parts(audit);
	look_at_tables(audit, trading);
	look_at_arenas(audit);
	audit->declared_bytes = audit->map_bytes + audit->private_bytes;
	if (usage_read(&usage)) {
		audit->mapped_bytes = usage.mapped_bytes;
		audit->resident_bytes = usage.resident_bytes;
	}
	audit->ok = audit_is_ok(audit);
}

/* --- processes of any program ----------------------------------------------------------------------------------------- */

static const struct footprint *footprint_of(const struct memory_map *map, uint32_t whose)
{
	if (whose & BUDGET_WATCHDOG) return &map->life->memory;
	return &pump_progress((struct memory_map *)(uintptr_t)map, (enum worker_id)__builtin_ctz(whose))->memory;
}

static bool runs(const struct memory_map *map, const char *name)
{
	for (uint32_t i = 0; i < LIFE_ROWS; i++)
		if (strncmp(map->life->of[i].name, name, PROCESS_NAME_BYTES) == 0) return map->life->of[i].state == PROCESS_READY;
	return false;
}

/* A process that has said nothing yet, or is not there, is not held against anything. */
static void look_at_running(struct audit_view *view, struct audit_process *row)
{
	const struct footprint *memory = footprint_of(view->map, row->whose);
	row->is_running = view->is_alive && memory->looked_ns != 0 && ((row->whose & BUDGET_WATCHDOG) || runs(view->map, row->name));
	if (!row->is_running) return;
	row->memory = *memory;
	view->mapped_bytes += row->memory.mapped_bytes;
	view->resident_bytes += row->memory.resident_bytes;
	view->share_bytes += row->memory.share_bytes;
}

void audit_view_fill(struct audit_view *view)
{
	struct budget_process process[BUDGET_ROWS_MAX];
	view->processes = budget_processes(view->budget, view->layout, process);
	for (uint32_t i = 0; i < view->processes; i++) {
		struct audit_process *row = &view->process[i];
		*row = (struct audit_process){ .layout = process[i].layout, .name = process[i].name, .whose = process[i].whose };
		row->by_protocol_bytes = budget_process_bytes(view->budget, row->whose, true, view->rest_bytes);
		row->declared_bytes = view->by_protocol ? row->by_protocol_bytes : budget_process_bytes(view->budget, row->whose, false, view->rest_bytes);
		uint64_t bytes = budget_layout_bytes(view->budget, row->layout, view->by_protocol || !view->map, view->rest_bytes);
		if (bytes > view->total_bytes) view->total_bytes = bytes;
		if (view->map) look_at_running(view, row);
		if (!view->own || !(row->whose & BUDGET_SINGLE)) continue;
		row->memory.mapped_bytes = view->own->mapped_bytes;
		row->memory.resident_bytes = view->own->resident_bytes;
	}
}

const struct audit_process *audit_stranger(const struct audit_view *view)
{
	for (uint32_t i = 0; i < view->processes; i++) {
		const struct audit_process *row = &view->process[i];
		bool is_known = row->is_running && row->memory.mapped_bytes > 0;
		if (is_known && (row->memory.mapped_bytes != row->declared_bytes || row->memory.resident_bytes > row->memory.mapped_bytes)) return row;
	}
	return 0;
}

uint64_t audit_map_bytes(const struct budget *budget)
{
	uint64_t bytes = 0;
	for (uint32_t i = 0; i < budget->regions; i++) bytes += budget->region[i].bytes;
	return bytes;
}

uint64_t audit_channel_low_water(const struct memory_map *map, size_t channel)
{
	const uint8_t *ring = (const uint8_t *)map + region_rows[REGIONS_N + 2 * channel].offset;
	return ((const struct channel_tail *)(const void *)ring)->low_water;
}

bool audit_view_is_ok(const struct audit_view *view)
{
	return view->total_bytes <= view->budget->limit_bytes && !audit_stranger(view) && (!view->own || audit_is_ok(view->own));
}
