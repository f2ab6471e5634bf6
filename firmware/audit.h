/* audit.h - every byte that `tickwork run` maps, by name: what `tickwork audit` prints and the tests hold against running processes.
 *
 * struct audit is this process in layout `single`, looked into: it takes what a run takes. struct audit_process is any process of any layout, from the
 * budget of a program (firmware/budget.h), and what it has published of itself where it runs (firmware/footprint.h).
 *
 * AUDIT_TRADING and AUDIT_RUN rows: name, member, who works in it, what. The members of struct trading and struct run that are worth a
 * name; what is left of each struct is its `rest`, proven small, so that a new large member asks for a row of its own. The shared
 * map has rows already (firmware/memory_map.h). AUDIT_TABLES rows: name, maximum, free now or low water (over `trading`), what.
 * AUDIT_ARENAS rows: name, bytes, bytes ever used, where it lies, what: a library's whole memory, inside one of the rows above.
 *
 * declared = mapped >= resident, and a layout's sum within budget_all_kib: otherwise the audit fails. Bytes are whole pages where a row is mapped
 * by itself. Rows O10, P3, P6, P7; invariant 8. */
#ifndef FIRMWARE_AUDIT_H
#define FIRMWARE_AUDIT_H
#include "firmware/budget.h"
#include "firmware/modes/run.h"
#include "firmware/modes/trading.h"
#include "hal/linux/loop.h"

// clang-format off
#define AUDIT_TRADING(X)                                                                                                             \
	/* name             member                            worker    what                                                      */ \
	X(bars,             bars,                             world,    "recorded or generated days, all symbols")                  \
	X(bars_load,        load,                             world,    "one file at a time while bars are read")                   \
	X(market,           world.market,                     world,    "the days as events, in order")                             \
	X(venue,            world.match,                      world,    "paper venue: its orders and answers")                      \
	X(feed,             rooms.feed,                       feed,     "last believed and doubted prices")                         \
	X(context,          rooms.context,                    context,  "regime")                                                   \
	X(analyst_factors,  rooms.analyst.factors,            analyst,  "factors of each symbol")                                   \
	X(analyst_market,   rooms.analyst.market,             analyst,  "the market as strategies see it")                          \
	X(analyst_features, rooms.analyst.features,           analyst,  "factor rows with their hashes, the latest 1,000")         \
	X(analyst_rooms,    rooms.analyst.room,               analyst,  "states of the strategies, one behind the other")            \
	X(health,           rooms.health,                     health,   "positions against stops")                                  \
	X(orders,           rooms.desk.orders.order,          desk,     "orders, live and lately ended")                            \
	X(order_slots,      rooms.desk.orders.next,           desk,     "free slots of orders")                                     \
	X(order_ids,        rooms.desk.orders.by_order_id,    desk,     "orders by our id")                                         \
	X(venue_ids,        rooms.desk.orders.by_venue_id,    desk,     "orders by the venue's id")                                 \
	X(executions,       rooms.desk.orders.executions,     desk,     "execution ids against repeats, two generations")           \
	X(correlations,     rooms.desk.together,              desk,     "which assets move together")                               \
	X(activities,       rooms.desk.activities,            desk,     "bookings of cash against repeats")                         \
	X(externals,        rooms.desk.externals,             desk,     "orders at the venue that are not ours")                    \
	X(reconcile,        rooms.desk.reconcile,             desk,     "the venue's books, as its snapshot tells them")            \
	X(causes,           rooms.desk.causes,                desk,     "reasons to trade less, and since when")                    \
	X(book_use,         rooms.desk.use,                   desk,     "what the book has used of its limits")                     \
	X(account,          rooms.desk.account,               desk,     "cash and positions")                                       \
	X(views,            rooms.desk.view,                  desk,     "what each strategy last said")                             \
	X(settings,         rooms.desk.settings,              desk,     "settings in force")                                        \
	X(machine_log,      rooms.log,                        desk,     "transitions taken, for drawings and traces")               \
	X(outbox,           pump.out,                         pump,     "outputs of one step")                                      \
	X(timers,           pump.timer,                       pump,     "orders the venue owes a word")                            \
	X(timer_times,      pump.timer_at_ns,                 pump,     "when they are due on the machine's clock")                  \
	X(channels,         pump.channel,                     pump,     "where each queue lies")

#define AUDIT_RUN(X)                                                                                                                 \
	X(home_desk,        home.desk,                        desk,     "the desk as the journal has it, on coming back")           \
	X(home_log,         home.log,                         desk,     "transitions stepped again on coming back")                 \
	X(home_outbox,      home.out,                         desk,     "outputs stepped again on coming back")                     \
	X(journal_reader,   home.reader,                      journal,  "reads the journal on coming back")                         \
	X(journal_window,   home.window,                      journal,  "bytes of the journal being read")                          \
	X(journal,          home.journal,                     journal,  "writes INPUT and RESULT")                                  \
	X(journal_buffer,   home.buffer,                      journal,  "records not yet written")                                  \
	X(conf,             home.conf,                        boot,     "tickwork.conf")                                            \
	X(ledger,           keeper.ledger,                    ledger,   "books, CSV buffers and the day's report")                  \
	X(sqlite_heap,      keeper.heap,                      ledger,   "all of SQLite's memory")                                   \
	X(ledger_reader,    keeper.reader,                    ledger,   "reads the journal when the books are behind")              \
	X(ledger_window,    keeper.window,                    ledger,   "bytes of it")                                              \
	X(ledger_waiting,   keeper.quarantine,                ledger,   "quarantines of a shadow run")                              \
	X(commands,         command,                          pump,     "what came from outside before, for the re-run")             \
	X(status_line,      line,                             cli,      "the line a person sees")                                   \
	X(blackbox,         box,                              cli,      "the head of a death, as it is written")

#define AUDIT_TABLES(X)                                                                                                              \
	X(orders,           ORDERS_MAX,                trading->rooms.desk.orders.pool.low_water,          "slots of the desk")     \
	X(executions,       EXECUTIONS_GENERATION_MAX, EXECUTIONS_GENERATION_MAX - trading->rooms.desk.orders.executions.in_generation,  \
	                                                                                                    "ids before the old age") \
	X(timers,           PUMP_TIMERS_MAX,           PUMP_TIMERS_MAX - trading->pump.timers_most,        "orders timed at once")  \
	X(outbox,           OUTBOX_MAX,                OUTBOX_MAX - trading->pump.outbox_most,             "events of one step")    \
	X(venue_orders,     CFG_orders_max,            CFG_orders_max - trading->world.match.working_most, "orders at the venue")   \
	X(bars,             CFG_bars_max,              audit_bars_free(&trading->bars),                    "days of a symbol")

#define AUDIT_ARENAS(X)                                                                                                              \
	X(sqlite,           CFG_ledger_heap_kib * 1024, books_heap_high_water(), sqlite_heap, "SQLite, by its fixed heap")            \
	X(libev,            LOOP_ARENA_BYTES,           loop_arena_used(),       program,     "libev, by its allocator hook")
// clang-format on

enum {
	AUDIT_REST_MAX = 8448,                  /* bytes; what a struct may hold beside its rows */
	AUDIT_PROGRAM_MAX = 4 << 20,            /* bytes; the binary is at most 2 MB, its bss holds libev's arena */
	AUDIT_KERNEL_MAX = 64 * 1024,           /* bytes; vvar and vdso, which the kernel maps into every process */
	AUDIT_STACK_BYTES = CFG_stack_kib * 1024,
};

/* One row of a process's private memory. */
struct audit_part { const char *name, *worker, *what; size_t bytes; };
#define AUDIT_COUNT(name, member, worker, what) +1
enum { AUDIT_FIXED_PARTS = 5, AUDIT_PARTS_N = 0 AUDIT_TRADING(AUDIT_COUNT) AUDIT_RUN(AUDIT_COUNT) + AUDIT_FIXED_PARTS };

/* low_water: the fewest ever free. */
struct audit_table { const char *name, *what; uint64_t maximum, low_water; };
#define AUDIT_TABLE_COUNT(name, maximum, low_water, what) +1
enum { AUDIT_OWN_TABLES_N = 0 AUDIT_TABLES(AUDIT_TABLE_COUNT), AUDIT_TABLES_N = AUDIT_OWN_TABLES_N + CHANNELS_N };

struct audit_arena { const char *name, *within, *what; uint64_t bytes, low_water; };
#define AUDIT_ARENA_COUNT(name, bytes, used, within, what) +1
enum { AUDIT_ARENAS_N = 0 AUDIT_ARENAS(AUDIT_ARENA_COUNT) };

struct audit {
	struct audit_part  part[AUDIT_PARTS_N];
	struct audit_table table[AUDIT_TABLES_N];        /* the channels first, in their order */
	struct audit_arena arena[AUDIT_ARENAS_N];
	uint64_t           private_bytes;                /* sum of the parts */
	uint64_t           map_bytes;
	uint64_t           declared_bytes, limit_bytes;
	uint64_t           mapped_bytes, resident_bytes;         /* of this process, as the kernel says; 0: not known */
	bool               ok;
};

/* Looks at a process's memory as it is now; trading has its map. */
void audit_look(struct audit *audit, const struct trading *trading);
/* Whether declared = mapped >= resident and declared within the limit; mapped 0 is not known and not asked. */
bool     audit_is_ok(const struct audit *audit);
uint64_t audit_bars_free(const struct bars *bars);

/* by_protocol_bytes: declared with a venue over the network. memory: what it says of itself while it runs (is_running), else zeros. */
struct audit_process {
	const char      *layout, *name;
	uint32_t         whose;
	uint64_t         declared_bytes, by_protocol_bytes;
	bool             is_running;
	struct footprint memory;
};
/* What is looked at: the budget of some program; own 0 when it is not this process; map 0 when it is not a running appliance. */
struct audit_view {
	const struct budget     *budget;
	const struct audit      *own;
	const struct memory_map *map;
	const char              *layout;                /* that runs; 0: all of the program */
	uint64_t                 rest_bytes;            /* of each process: the program and the kernel's pages */
	bool                     is_alive, by_protocol; /* the appliance is running; it has a venue over the network */
	uint32_t                 processes;
	struct audit_process     process[BUDGET_ROWS_MAX];
	uint64_t                 total_bytes;           /* of the largest layout, or of the one that runs */
	uint64_t                 mapped_bytes, resident_bytes, share_bytes;        /* of the processes that run, their sums */
};
/* From budget, own, map, layout, rest_bytes and by_protocol. */
void audit_view_fill(struct audit_view *view);
/* The first process that maps another number of bytes than declared, or holds more than it maps; 0: none. */
const struct audit_process *audit_stranger(const struct audit_view *view);
uint64_t                    audit_map_bytes(const struct budget *budget);
uint64_t                    audit_channel_low_water(const struct memory_map *map, size_t channel);
bool                        audit_view_is_ok(const struct audit_view *view);

#endif
