/* budget.c - the table as it stands in the file of the program, its sums, and the table of another program. */
#include "firmware/budget.h"

#include <string.h>

#include "firmware/modes/appliance.h"
#include "firmware/modes/run.h"
#include "hal/linux/elf_note.h"
#include "hal/linux/usage.h"
#include "hal/venues/alpaca/market.h"
#include "hal/venues/alpaca/trading.h"

#define COUNT_PART(name, bytes, whose, when, kind, what) +1
#define PART(name, bytes, whose, when, kind, what) { #name, what, BUDGET_PAGES(bytes), whose, BUDGET_##when, BUDGET_##kind },

#define NO_PROCESS(layout, process)
#define COUNT_PLACE(layout, worker, process) +1
#define PLACE(layout, worker, process) { #layout, #process, BUDGET_OF(worker), 0 },
#define SINGLE_PLACE(layout, worker, process) { #layout, #process, BUDGET_SINGLE, 0 },
enum { PLACES_N = 2 LAYOUT_appliance(NO_PROCESS, COUNT_PLACE) LAYOUT_single(NO_PROCESS, COUNT_PLACE) };

#define REGION(name, type, count, writer, readers, what) { #name, #writer, readers, what, BUDGET_PAGES(sizeof(((struct memory_map *)0)->name)) },
#define CHANNEL(name, bytes, slots, producer, consumer, priority, what)                            \
	{ #name ".slots", #producer, #consumer, what, BUDGET_PAGES(sizeof(struct name##_slots)) }, \
		{ #name ".cursor", #consumer, #producer, "how far " #consumer " has read", BUDGET_PAGES(sizeof(struct channel_cursor)) },

_Static_assert((0 BUDGET_PARTS(COUNT_PART)) <= BUDGET_PARTS_MAX, "raise BUDGET_PARTS_MAX, and BUDGET_VERSION with it");
_Static_assert((int)PLACES_N <= (int)BUDGET_PLACES_MAX, "raise BUDGET_PLACES_MAX, and BUDGET_VERSION with it");
_Static_assert((int)REGION_ROWS_N <= (int)BUDGET_REGIONS_MAX, "raise BUDGET_REGIONS_MAX, and BUDGET_VERSION with it");

__attribute__((section(BUDGET_NOTE_SECTION), used, aligned(8))) const struct budget_note budget_note = {
	sizeof "tickwork",
	sizeof(struct budget),
	BUDGET_NOTE_TYPE,
	"tickwork",
	{
		.version = BUDGET_VERSION,
		.bytes = sizeof(struct budget),
		.parts = 0 BUDGET_PARTS(COUNT_PART),
		.places = PLACES_N,
		.regions = REGION_ROWS_N,
		.limit_bytes = (uint64_t)CFG_budget_all_kib * 1024,
		.journal_file_bytes = (uint64_t)CFG_journal_segments * CFG_journal_segment_kib * 1024 + JOURNAL_PAGE_BYTES,
		.stack_bytes = CFG_stack_kib * 1024,
		.part = { BUDGET_PARTS(PART) },
		.place = { { "appliance", "watchdog", BUDGET_WATCHDOG, 0 }, LAYOUT_appliance(NO_PROCESS, PLACE){ "appliance", "rescue", BUDGET_OF(desk), 0 },
			LAYOUT_single(NO_PROCESS, SINGLE_PLACE) },
		.region = { REGIONS(REGION) CHANNELS(CHANNEL) },
	},
};

/* --- sums ----------------------------------------------------------------------------------------------------------- */

uint32_t budget_processes(const struct budget *budget, const char *layout, struct budget_process process[BUDGET_ROWS_MAX])
{
	uint32_t rows = 0;
	for (uint32_t i = 0; i < budget->places; i++) {
		const struct budget_place *place = &budget->place[i];
		struct budget_process *last = rows ? &process[rows - 1] : 0;
		if (layout && strcmp(place->layout, layout) != 0) continue;
		if (last && strcmp(last->name, place->process) == 0 && strcmp(last->layout, place->layout) == 0) last->whose |= place->whose;
		else process[rows++] = (struct budget_process){ place->layout, place->process, place->whose };
	}
	return rows;
}

bool budget_has(const struct budget_part *part, uint32_t whose, bool by_protocol)
{
	return (part->whose & whose) != 0 && (part->when == BUDGET_ALWAYS || by_protocol);
}

static uint64_t sum(const struct budget *budget, uint32_t whose, bool by_protocol, bool with_once)
{
	uint64_t bytes = 0;
	for (uint32_t i = 0; i < budget->parts; i++) {
		const struct budget_part *part = &budget->part[i];
		if (budget_has(part, whose, by_protocol) && (with_once || part->kind == BUDGET_OWN)) bytes += part->bytes;
	}
	return bytes;
}

uint64_t budget_parts_bytes(const struct budget *budget, uint32_t whose, bool by_protocol) { return sum(budget, whose, by_protocol, true); }

uint64_t budget_process_bytes(const struct budget *budget, uint32_t whose, bool by_protocol, uint64_t rest_bytes)
{
	return sum(budget, whose, by_protocol, true) + rest_bytes;
}

uint64_t budget_layout_bytes(const struct budget *budget, const char *layout, bool by_protocol, uint64_t rest_bytes)
{
	struct budget_process process[BUDGET_ROWS_MAX];
	uint32_t all = 0, rows = budget_processes(budget, layout, process);
	uint64_t bytes = 0;
	for (uint32_t i = 0; i < rows; i++) {
		all |= process[i].whose;
		if (strcmp(process[i].name, "rescue") != 0) bytes += sum(budget, process[i].whose, by_protocol, false) + rest_bytes;
	}
	return bytes + sum(budget, all, by_protocol, true) - sum(budget, all, by_protocol, false);
}

uint64_t budget_rest_bytes(void) { return usage_program_bytes() + usage_kernel_bytes(); }

uint64_t budget_declared_bytes(uint32_t whose, bool by_protocol)
{
	return budget_process_bytes(&budget_note.desc, whose, by_protocol, budget_rest_bytes());
}

/* --- of another program --------------------------------------------------------------------------------------------- */

const char *const budget_verdict_text[BUDGET_VERDICTS_N] = {
	[BUDGET_OK] = "declares its memory",
	[BUDGET_UNREADABLE] = "cannot be read, or is no file: name a program of tickwork",
	[BUDGET_NO_PROGRAM] = "is no whole x86-64 program: name a program of tickwork",
	[BUDGET_NO_NOTE] = "has no section " BUDGET_NOTE_SECTION ": it is not tickwork, or one from before it had a budget inside",
	[BUDGET_OTHER_VERSION] = "declares its memory in another form than this program reads: use that program's own `audit`",
	[BUDGET_DAMAGED] = "has a damaged " BUDGET_NOTE_SECTION ": get the program anew",
};

/* Texts end in their fields, and numbers are such that their sums cannot overflow. */
static bool is_text(const char *text, size_t bytes) { return memchr(text, '\0', bytes) != 0 && text[0] != '\0'; }

static bool parts_are_good(const struct budget *budget)
{
	for (uint32_t i = 0; i < budget->parts; i++) {
		const struct budget_part *part = &budget->part[i];
		if (!is_text(part->name, sizeof part->name) || !is_text(part->what, sizeof part->what) || part->bytes >> 40) return false;
		if (part->when > BUDGET_BY_PROTOCOL || part->kind > BUDGET_ONCE) return false;
	}
	return true;
}

static bool places_are_good(const struct budget *budget)
{
	for (uint32_t i = 0; i < budget->places; i++)
		if (!is_text(budget->place[i].layout, BUDGET_NAME_BYTES) || !is_text(budget->place[i].process, BUDGET_NAME_BYTES)) return false;
	return true;
}

/* A region that nobody else reads has no readers. */
static bool regions_are_good(const struct budget *budget)
{
	for (uint32_t i = 0; i < budget->regions; i++) {
		const struct budget_region *region = &budget->region[i];
		if (!is_text(region->name, sizeof region->name) || !is_text(region->writer, sizeof region->writer) || region->bytes >> 40) return false;
		if (!memchr(region->readers, '\0', sizeof region->readers) || !is_text(region->what, sizeof region->what)) return false;
	}
	return true;
}

static enum budget_verdict judge(const struct budget_note *note, uint64_t section_bytes)
{
	static const char name[BUDGET_NOTE_NAME_BYTES] = "tickwork";
	const struct budget *budget = &note->desc;
	if (section_bytes < offsetof(struct budget_note, desc.parts) || memcmp(note->name, name, sizeof name) != 0) return BUDGET_DAMAGED;
	if (note->type != BUDGET_NOTE_TYPE || budget->version != BUDGET_VERSION) return BUDGET_OTHER_VERSION;
	if (section_bytes < sizeof *note || note->desc_bytes != sizeof *budget || budget->bytes != sizeof *budget) return BUDGET_DAMAGED;
	if (budget->parts > BUDGET_PARTS_MAX || budget->places > BUDGET_PLACES_MAX || budget->regions > BUDGET_REGIONS_MAX) return BUDGET_DAMAGED;
	if (budget->limit_bytes >> 40 || budget->journal_file_bytes >> 50 || budget->stack_bytes >> 40) return BUDGET_DAMAGED;
	return parts_are_good(budget) && places_are_good(budget) && regions_are_good(budget) ? BUDGET_OK : BUDGET_DAMAGED;
}

enum budget_verdict budget_read(const char *path, struct budget_note *note, uint64_t *program_bytes)
{
	struct elf_note found;
	memset(note, 0, sizeof *note);
	enum elf_verdict verdict = elf_note_read(path, BUDGET_NOTE_SECTION, note, sizeof *note, &found);
	*program_bytes = found.program_bytes;
	switch (verdict) {
	case ELF_UNREADABLE: return BUDGET_UNREADABLE;
	case ELF_STRANGE: return BUDGET_NO_PROGRAM;
	case ELF_ABSENT: return BUDGET_NO_NOTE;
	case ELF_OK: break;
	}
	return judge(note, found.section_bytes);
}
