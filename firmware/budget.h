/* budget.h - what each process of each layout that runs maps, part by part: declared here, known to the compiler, and no byte more.
 *
 * BUDGET_PARTS rows: name, bytes, whose, when, kind, what.
 *   whose   the process with one of these workers; WATCHDOG, SINGLE and ALL are seats of their own. The rescue is the desk's process over again
 *   when    ALWAYS, or BY_PROTOCOL: only with a venue reached over the network
 *   kind    OWN: each process has its own. ONCE: one copy for all, so it counts once in the sum of a layout
 * Each row is one mapping, in whole pages; two parts cannot be known to the compiler: the program's segments (of its own ELF headers) and what
 * the kernel maps of itself for its clock. A process is charged with all of the program, though its read-only pages lie in memory once.
 *
 * The rows, with the processes and the regions of the shared map, are one table of fixed shape in the program's file, section .note.tickwork: so the
 * budget of a program can be read without running it (budget_read), and `tickwork audit` prints the table whichever program it came from.
 *
 * declared = mapped, to the byte, in every process that runs; `tickwork audit` says so or fails. Rows O10, P3; invariant 8. */
#ifndef FIRMWARE_BUDGET_H
#define FIRMWARE_BUDGET_H
#include "firmware/layouts.h"
#include "firmware/memory_map.h"

#define BUDGET_PAGES(bytes) (((bytes) + (size_t)MAP_PAGE_BYTES - 1) / MAP_PAGE_BYTES * MAP_PAGE_BYTES)
#define BUDGET_OF(worker) (1u << WORKER_##worker)
/* The seats that are no workers. */
#define BUDGET_WATCHDOG (1u << WORKERS_N)
#define BUDGET_SINGLE (1u << (WORKERS_N + 1))
#define BUDGET_WORKERS ((1u << WORKERS_N) - 1)
#define BUDGET_APPLIANCE (BUDGET_WORKERS | BUDGET_WATCHDOG)
#define BUDGET_ALL (BUDGET_APPLIANCE | BUDGET_SINGLE)

enum budget_when { BUDGET_ALWAYS, BUDGET_BY_PROTOCOL };
enum budget_kind { BUDGET_OWN, BUDGET_ONCE };

// clang-format off
#define BUDGET_PARTS(X)                                                                                                              \
	/* name         bytes                               whose                                when         kind  what       */ \
	X(shared_map,   sizeof(struct memory_map),          BUDGET_ALL,                          ALWAYS,      ONCE, "the regions and channels") \
	X(bars,         sizeof(struct boot_word),           BUDGET_APPLIANCE,                    ALWAYS,      ONCE, "days as boot left them") \
	X(appliance,    sizeof(struct appliance),           BUDGET_APPLIANCE,                    ALWAYS,      OWN,  "the plan, inherited")  \
	X(runner,       sizeof(struct runner),              BUDGET_WORKERS,                      ALWAYS,      OWN,  "workers and their pump") \
	X(home,         sizeof(struct home),                BUDGET_OF(desk),                     ALWAYS,      OWN,  "journal, and the way back from it") \
	X(books,        sizeof(struct ledger_process),      BUDGET_OF(ledger),                   ALWAYS,      OWN,  "ledger, SQLite's heap, its reader") \
	X(console,      sizeof(struct console),             BUDGET_OF(feed),                     ALWAYS,      OWN,  "control socket")       \
	X(venue_room,   sizeof(struct venue_room),          BUDGET_OF(feed) | BUDGET_OF(desk),   BY_PROTOCOL, OWN,  "names, roots, TLS sessions") \
	X(keys,         2 * SECRET_PAGE_BYTES,              BUDGET_OF(feed) | BUDGET_OF(desk),   BY_PROTOCOL, OWN,  "a key and its secret, locked") \
	X(market,       sizeof(struct alpaca_market),       BUDGET_OF(feed),                     BY_PROTOCOL, OWN,  "market data driver")   \
	X(history,      sizeof(struct bars),                BUDGET_OF(feed),                     BY_PROTOCOL, OWN,  "bars before the first day") \
	X(orders,       sizeof(struct alpaca_trading),      BUDGET_OF(desk),                     BY_PROTOCOL, OWN,  "order driver")         \
	X(trading,      sizeof(struct trading),             BUDGET_SINGLE,                       ALWAYS,      OWN,  "bars, venue, workers, pump") \
	X(run,          sizeof(struct run),                 BUDGET_SINGLE,                       ALWAYS,      OWN,  "journal, books, status line") \
	X(stack,        CFG_stack_kib * 1024,               BUDGET_ALL,                          ALWAYS,      OWN,  "stack_kib, taken whole in BOOT")
// clang-format on

/* The table. Its shape is its version: rows, texts and maxima are the same in every program of a version, only what stands in them differs. */
enum { BUDGET_VERSION = 1, BUDGET_PARTS_MAX = 32, BUDGET_PLACES_MAX = 24, BUDGET_REGIONS_MAX = 96 };
enum { BUDGET_NAME_BYTES = 32, BUDGET_WHAT_BYTES = 48, BUDGET_WORDS_BYTES = 64 };

struct budget_part { char name[BUDGET_NAME_BYTES], what[BUDGET_WHAT_BYTES]; uint64_t bytes; uint32_t whose; uint16_t when, kind; };
/* Workers in processes: rows of one process stand together, the watchdog first, the rescue last. */
struct budget_place { char layout[BUDGET_NAME_BYTES], process[BUDGET_NAME_BYTES]; uint32_t whose, pad; };
struct budget_region { char name[BUDGET_NAME_BYTES], writer[BUDGET_NAME_BYTES], readers[BUDGET_WORDS_BYTES], what[BUDGET_WORDS_BYTES]; uint64_t bytes; };
struct budget {
	uint32_t             version, bytes;        /* of this struct: the two prove that reader and writer mean the same shape */
	uint32_t             parts, places, regions, pad;
	uint64_t             limit_bytes, journal_file_bytes, stack_bytes;
	struct budget_part   part[BUDGET_PARTS_MAX];
	struct budget_place  place[BUDGET_PLACES_MAX];
	struct budget_region region[BUDGET_REGIONS_MAX];
};
#define BUDGET_NOTE_SECTION ".note.tickwork"
enum { BUDGET_NOTE_NAME_BYTES = 12, BUDGET_NOTE_TYPE = 1 };
/* As every ELF note: sizes, type, name, then what it says. */
struct budget_note { uint32_t name_bytes, desc_bytes, type; char name[BUDGET_NOTE_NAME_BYTES]; struct budget desc; };

extern const struct budget_note budget_note;

/* A process of a layout; its seats. */
struct budget_process { const char *layout, *name; uint32_t whose; };
/* Of all layouts of the table (layout 0), or of one; returns how many. */
enum { BUDGET_ROWS_MAX = BUDGET_PLACES_MAX };
uint32_t budget_processes(const struct budget *budget, const char *layout, struct budget_process process[BUDGET_ROWS_MAX]);

bool budget_has(const struct budget_part *part, uint32_t whose, bool by_protocol);
/* Of the parts above. */
uint64_t budget_parts_bytes(const struct budget *budget, uint32_t whose, bool by_protocol);
/* All of a process. rest_bytes: the program and the kernel's pages. */
uint64_t budget_process_bytes(const struct budget *budget, uint32_t whose, bool by_protocol, uint64_t rest_bytes);
/* All processes of a layout that live at once: what is there ONCE counts once, and the rescue not beside the process it stands for. */
uint64_t budget_layout_bytes(const struct budget *budget, const char *layout, bool by_protocol, uint64_t rest_bytes);
/* Of this program, on this machine, now. Opens a file: in BOOT. */
uint64_t budget_rest_bytes(void);
uint64_t budget_declared_bytes(uint32_t whose, bool by_protocol);

enum budget_verdict { BUDGET_OK, BUDGET_UNREADABLE, BUDGET_NO_PROGRAM, BUDGET_NO_NOTE, BUDGET_OTHER_VERSION, BUDGET_DAMAGED, BUDGET_VERDICTS_N };
/* What to say of the file. */
extern const char *const budget_verdict_text[BUDGET_VERDICTS_N];
/* The table of another program, which is not run. program_bytes: its segments. */
enum budget_verdict budget_read(const char *path, struct budget_note *note, uint64_t *program_bytes);

#endif
