/* memory_map.h - the shared map: a list of regions, and the list is the struct, the permission matrix, the audit and the documentation.
 *
 * REGIONS rows: name, type, count, writer, readers, what. One writer for each byte, page by page, so that the MMU can enforce it: each
 * region starts on a page of its own, and map_narrow leaves a worker write permission only on the regions it writes.
 * CHANNELS rows: name, record bytes, slots, producer, consumer, priority, what. A channel is two regions: slots and tail (the producer's) and
 * the cursor (the consumer's). Priority orders the desk's queues (P5): 0 the market's clock, 1 critical alarms, 2 confident signals, 3 normal.
 *
 * The size is known to the compiler; the map is made once, before any worker runs, at one address. Rows P5, P6, P7, O10. */
#ifndef FIRMWARE_MEMORY_MAP_H
#define FIRMWARE_MEMORY_MAP_H
#include "firmware/attach.h"
#include "firmware/blackbox/trace.h"
#include "firmware/commit.h"
#include "firmware/layouts.h"
#include "firmware/log/ring.h"
#include "fsm/channel.h"
#include "fsm/desk/desk.h"
#include "fsm/feed/book.h"
#include "fsm/seqlock.h"
#include "hal/linux/files.h"
#include "hal/linux/map_file.h"
#include "hal/sim/paper.h"

enum { MAP_PAGE_BYTES = 4096 };
enum { WORKER_watchdog = WORKERS_N, WRITERS_N };        /* no worker, but a writer of regions */

/* A record that others sample: the last event of its kind, under a seqlock. */
struct event_cell { struct seqlock lock; struct event event; uint8_t pad[56]; };
_Static_assert(sizeof(struct event_cell) == 192, "whole lines");
struct book_cell { struct seqlock lock; struct book book; };
/* What a worker says of itself. Its process writes it, its successor goes on with it.
 * ticks        the last TICK it has done                 steps    events stepped
 * beats        turns of its process: it lives            t_ns     market time of its last event
 * full         puts that a full channel refused          trap     id of the bug that ended it, 0 for none
 * warm_ns      the desk's: the last TICK of history, which it does not see
 * sleeps       its process has nothing to do and waits for its bell
 * input_seq    the desk's last journalled input; the ledger's: the last one the books have, projected_seq: as the journal's record
 * ended        the market is over
 * due_ns       the feed's: it waits for the market's time until then (monotonic); 0: for nothing of a clock
 * venue_words  of a driver of a venue by protocol: changes with each byte heard, each connection and each question tried
 * news         the feed's: messages of its data streams, which expects_news says should come now: up, and the market is open
 * owes_venue   the desk's: it has taken its TICK and waits for the venue before it acknowledges
 * knows_map    the desk's: its journal has it that the queues of this map are numbered anew
 * read_seq     the ledger's: the last INPUT of the journal it has read; tries: what it could not do and will try again
 * kept         of the desk and the ledger: the file that it has open (firmware/kept.h)
 * memory       of its process, in the words of its first worker
 * said         the latest sentence of its process for a person; the watchdog writes it into HOME/lastwords. Of those that came faster than the
 *              watchdog turns the last one is kept; the version (+2 each) counts them all */
enum { SAID_TEXT_BYTES = 176 };
/* Memory of a process, in bytes (firmware/footprint.h). declared: what it may map (firmware/budget.h); mapped, resident, share: as the kernel counts,
 * 0 while not known; low water: the fewest bytes of its stack that were ever free. looked_ns: when, 0 for never. */
enum { FOOTPRINT_MARKS = 40 };        /* low-water marks of its own tables: firmware/marks.h */
struct footprint {
	uint64_t declared_bytes, mapped_bytes, resident_bytes, share_bytes, stack_bytes, stack_low_water;
	int64_t  looked_ns;
	uint64_t low_water[FOOTPRINT_MARKS];
};
struct said { struct seqlock lock; char text[SAID_TEXT_BYTES]; };
struct worker_progress {
	uint64_t ticks, steps, beats, full_channels, input_seq, projected_seq, state_hash, venue_words, news, read_seq, tries;
	int64_t  t_ns, ready_ns, warm_ns, due_ns;
	uint32_t trap, ended, sleeps, expects_news, owes_venue, knows_map;
	struct files_identity kept;
	struct footprint memory;
	struct said said;
};

/* How far the log's files are (firmware/log/drain.h), over the lives of their writer: of each ring; records lost, by reason; told of those; written. */
struct log_state { uint64_t next[WRITERS_N], lost[LOG_DROPS_N], told[LOG_DROPS_N], written; };

/* The watchdog's word on each process (P3): one row a process of the layout, then the rescue. */
enum { PROCESS_NAME_BYTES = 32, LIFE_ROWS = LAYOUT_PROCESSES_MAX + 1 };
struct process_life {
	char     name[PROCESS_NAME_BYTES];
	int64_t  since_ns, spawned_ns, ready_ns;        /* monotonic: in this state; last spawn; last readiness */
	uint32_t state;                                 /* enum process_state of fsm/care/process.h */
	uint32_t restarts, deaths, hangs;
	uint32_t stalls, stalled_row;                   /* of the hangs, those that beat and did not work; the last one's row + 1 (firmware/progress.h) */
	int32_t  pid, last_status;                      /* 0: none; as waitpid gave it */
};
/* end: why it has ended or is about to, in its own words; ended_ns: when, wall time, 0 as long as it runs or where it was killed. */
enum { LIFE_END_BYTES = 48 };
struct life {
	int64_t             begun_ns, turn_ns, ended_ns;
	uint64_t            turns;
	int32_t             pid;
	uint32_t            processes, failed, pad;
	char                end[LIFE_END_BYTES];
	struct footprint    memory;                     /* the watchdog's own */
	struct process_life of[LIFE_ROWS];
};

/* What the desk takes as CARE: the conditions in force, bit each (enum care_condition). And the machine's CPU credits, where it lives on them
 * (fsm/care/credits.h): shed is what the ledger leaves undone, bit each (enum shed_id); busy, steal: CPU time of the whole machine since its boot. */
struct conditions {
	uint64_t in_force, shed;
	int64_t  credits_ns, credits_max_ns, surplus_ns, empty_in_ns, busy_ns, steal_ns;
	uint32_t is_burstable, pad;
};

/* The operator's commands on their way to the desk or the rescue: the watchdog appends, whoever trades answers. seq from 1. In `calls`, on their way from
 * a console to the watchdog, seq is 0. */
enum { OPERATOR_RING = 16, OPERATOR_TEXT_BYTES = 96 };
struct operator_request { uint64_t seq, code; int64_t t_ns; uint16_t sym; uint8_t command, pad[5]; };
struct operator_desk { uint64_t count; struct operator_request ring[OPERATOR_RING]; };
/* What became of them; the ring is indexed as that of the requests. */
enum operator_outcome { OPERATOR_WAITS, OPERATOR_DONE, OPERATOR_REFUSED, OPERATOR_NEEDS_CODE };
struct operator_answer { uint64_t seq, code; int64_t t_ns; uint32_t outcome, pad; char text[OPERATOR_TEXT_BYTES]; };
struct operator_answers { uint64_t count; struct operator_answer ring[OPERATOR_RING]; };

enum { SIGNAL_CELLS = DESK_STRATEGIES_MAX * UNIVERSE_N, FILL_CELLS = 256 };

// clang-format off
#define REGIONS(X)                                                                                                                   \
	/* name        type               count         writer    readers                                  what                    */ \
	X(stamp,       struct map_stamp,  1,            watchdog, "all",                                   "who made this map")       \
	X(prices,      struct event_cell, UNIVERSE_N,   feed,     "context analyst health desk console",   "last believed prices")    \
	X(books,       struct book_cell,  UNIVERSE_N,   feed,     "quoter health desk console",            "order books, 50 levels")  \
	X(regime,      struct event_cell, 1,            context,  "analyst desk console",                  "VIX regime")              \
	X(signals,     struct event_cell, SIGNAL_CELLS, analyst,  "desk console",                          "latest signal of each strategy") \
	X(positions,   struct event_cell, UNIVERSE_N,   desk,     "health ledger console",                 "active positions")        \
	X(account,     struct event_cell, 1,            desk,     "health ledger console",                 "cash, NAV, risk level")   \
	X(causes,      struct event_cell, CAUSE_PLACES_N, desk,   "console",                               "each reason to trade less, in force or not") \
	X(correlation, struct event_cell, 1,            desk,     "console",                               "how the assets move together") \
	X(orders,      struct event_cell, ORDERS_MAX,   desk,     "ledger console",                        "each order in its slot of the table") \
	X(fills,       struct event_cell, FILL_CELLS,   desk,     "ledger console",                        "the latest fills, a ring")   \
	X(answers,     struct operator_answers, 1,      desk,     "console",                               "what became of the operator's commands") \
	X(life,        struct life,       1,            watchdog, "all",                                   "the processes")           \
	X(conditions,  struct conditions, 1,            watchdog, "desk ledger console",                          "what the appliance lacks at present") \
	X(requests,    struct operator_desk, 1,         watchdog, "desk console",                          "the operator's commands") \
	X(calls,       struct operator_desk, 1,         feed,     "",                                      "commands of a console, on their way to the watchdog") \
	X(commit_feed,      struct feed_commit, 1,      feed,     "",                                      "feed as its successor finds it") \
	X(commit_context,   struct context_commit, 1,   context,  "",                                      "context, the same")       \
	X(commit_analyst,   struct analyst_commit, 1,   analyst,  "",                                      "analyst, the same")       \
	X(commit_health,    struct health_commit, 1,    health,   "",                                      "health, the same")        \
	X(paper,            struct paper, 1,            desk,     "",                                      "the paper venue, twice")  \
	X(progress_feed,    struct worker_progress, 1,         feed,     "all",                                   "what feed has done")      \
	X(progress_context, struct worker_progress, 1,         context,  "all",                                   "what context has done")   \
	X(progress_analyst, struct worker_progress, 1,         analyst,  "all",                                   "what analyst has done")   \
	X(progress_health,  struct worker_progress, 1,         health,   "all",                                   "what health has done")    \
	X(progress_desk,    struct worker_progress, 1,         desk,     "all",                                   "what desk has done")      \
	X(progress_ledger,  struct worker_progress, 1,         ledger,   "all",                                   "what ledger has done") \
	X(trace_feed,       struct worker_trace, 1,     feed,     "watchdog",                              "the latest events of feed") \
	X(trace_context,    struct worker_trace, 1,     context,  "watchdog",                              "the latest events of context") \
	X(trace_analyst,    struct worker_trace, 1,     analyst,  "watchdog",                              "the latest events of analyst") \
	X(trace_health,     struct worker_trace, 1,     health,   "watchdog",                              "the latest events of health") \
	X(trace_desk,       struct worker_trace, 1,     desk,     "watchdog",                              "the latest events of desk") \
	X(trace_ledger,     struct worker_trace, 1,     ledger,   "watchdog",                              "the latest events of ledger") \
	X(log_feed,         struct log_ring, 1,         feed,     "ledger",                                "log records of feed")     \
	X(log_context,      struct log_ring, 1,         context,  "ledger",                                "log records of context")  \
	X(log_analyst,      struct log_ring, 1,         analyst,  "ledger",                                "log records of analyst")  \
	X(log_health,       struct log_ring, 1,         health,   "ledger",                                "log records of health")   \
	X(log_desk,         struct log_ring, 1,         desk,     "ledger",                                "log records of desk")     \
	X(log_ledger,       struct log_ring, 1,         ledger,   "",                                      "log records of ledger")   \
	X(log_watchdog,     struct log_ring, 1,         watchdog, "ledger",                                "log records of the watchdog") \
	X(log_state,        struct log_state, 1,        ledger,   "all",                                   "how far HOME/log is, and what it lost")

#define CHANNELS(X)                                                                                                                  \
	/* name            bytes        slots            producer  consumer  priority  what                                        */ \
	X(market_context,  EVENT_BYTES, CFG_ring_events, feed,     context,  0,        "bars and the market's clock")                 \
	X(market_analyst,  EVENT_BYTES, CFG_ring_events, feed,     analyst,  0,        "bars and the market's clock")                 \
	X(market_health,   EVENT_BYTES, CFG_ring_events, feed,     health,   0,        "bars and the market's clock")                          \
	X(market_desk,     EVENT_BYTES, CFG_ring_events, feed,     desk,     0,        "dividends and the market's clock")            \
	X(market_ledger,   EVENT_BYTES, CFG_ring_events, feed,     ledger,   0,        "what was quarantined")                        \
	X(alarms,          EVENT_BYTES, CFG_ring_events, health,   desk,     1,        "critical health alarms")                      \
	X(alarms_warning,  EVENT_BYTES, CFG_ring_events, health,   desk,     2,        "health warnings")                             \
	X(alarms_info,     EVENT_BYTES, CFG_ring_events, health,   desk,     3,        "health information")                          \
	X(signals_high,    EVENT_BYTES, CFG_ring_events, analyst,  desk,     2,        "high-confidence signals")                     \
	X(signals_normal,  EVENT_BYTES, CFG_ring_events, analyst,  desk,     3,        "other signals, end of a cycle")               \
	X(results,         EVENT_BYTES, CFG_ring_results, desk,    ledger,   0,        "what the desk did, for the books")            \
	X(trades,          EVENT_BYTES, CFG_ring_trades, feed,     quoter,   1,        "trades of the market")                        \
	X(fills,           EVENT_BYTES, CFG_ring_fills,  desk,     quoter,   0,        "fills of its quotes")                         \
	X(quotes,          EVENT_BYTES, CFG_ring_orders, quoter,   desk,     3,        "order requests and cancels")
// clang-format on

#define CHANNEL_REGION(name, bytes, slots, producer, consumer, priority, what)       \
	struct name##_slots { struct channel_tail tail; uint8_t slot[(slots) * (bytes)]; };
CHANNELS(CHANNEL_REGION)

#define MAP_REGION(name, type, count, writer, readers, what) _Alignas(MAP_PAGE_BYTES) type name[count];
#define MAP_CHANNEL(name, bytes, slots, producer, consumer, priority, what)      \
	_Alignas(MAP_PAGE_BYTES) struct name##_slots name##_ring;                \
	_Alignas(MAP_PAGE_BYTES) struct channel_cursor name##_cursor;
struct memory_map { REGIONS(MAP_REGION) CHANNELS(MAP_CHANNEL) };

#define CHANNEL_ID(name, bytes, slots, producer, consumer, priority, what) CHANNEL_##name,
enum channel_id { CHANNELS(CHANNEL_ID) CHANNELS_N };
#define REGION_ID(name, type, count, writer, readers, what) REGION_##name,
enum region_id { REGIONS(REGION_ID) REGIONS_N };

/* One row of the audit: a region, or half a channel. */
struct region_row { const char *name, *readers, *what; size_t offset, bytes; uint8_t writer; };
enum { REGION_ROWS_N = REGIONS_N + 2 * CHANNELS_N };
extern const struct region_row region_rows[REGION_ROWS_N];
/* Of a worker, or of the watchdog. */
const char *writer_name(uint8_t writer);

struct channel_row { const char *name, *what; uint32_t record_bytes, slots; uint8_t producer, consumer, priority; };
extern const struct channel_row channel_rows[CHANNELS_N];
_Static_assert((int)CHANNELS_N <= (int)COMMIT_CHANNELS_MAX, "raise COMMIT_CHANNELS_MAX");

/* Makes the map (zeroed, shared) at its one address and binds nothing; 0 when the kernel has no memory for it. */
struct memory_map *map_make(void);
/* The same as the file FOLDER/map, for an appliance that others look at; 0: the sentence says what to do. */
struct memory_map *map_make_file(const char *folder, char sentence[MAP_FILE_SENTENCE_BYTES]);
void               map_drop(struct memory_map *map);
/* From now on this process may write the regions of these workers and no others: a child of the watchdog, which has its own alone, gets its own. */
bool map_narrow(struct memory_map *map, uint32_t worker_mask);
/* Brings into memory what an appliance of these workers (and of the watchdog's bit) uses of the map: the regions of its writers, without channels of
 * which it has one end alone. */
void map_touch(const struct memory_map *map, uint32_t workers);
void map_channel(struct memory_map *map, enum channel_id id, struct channel *channel);

/* Publishes one record; copies one out. Repair, by the successor of a dead writer: a half-written record becomes an invalid one (kind NONE). */
void cell_write(struct event_cell *cell, const struct event *event);
bool cell_read(const struct event_cell *cell, struct event *event);
void cell_repair(struct event_cell *cell);

#endif
