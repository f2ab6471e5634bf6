/* progress.h - progress, not presence: what each worker must move, while what, by when. Who lives (beats) without working is restarted.
 *
 * PROGRESS rows: worker, name, while, deadline, also the rescue's, what has stopped.
 *   NAME_moves     the counter; any change of it is progress
 *   NAME_owes      whether it must move now: there is input for this worker, and nobody it waits for is in its way
 *   deadline       a setting, in seconds; it runs while the row owes and its counter stands, and begins anew with each life of the process
 * Nothing is owed by who waits for another worker (the row of that one runs), for the market's time (--speed, a closed market), for its venue
 * (the row of the driver runs), or for the disk: a ledger that tries again each second moves `tries`, and a restart would not make room. So a
 * full disk, a weekend and a process that is held down restart nobody else. Who stalls in each life is held down like one that crashes (P3): the
 * deadlines let that be within the hour. The console has no row: it works on demand of people, in the feed's process.
 *
 * Pure of the world: reads the shared map and takes the time as an argument. Rows P2, P3. */
#ifndef FIRMWARE_PROGRESS_H
#define FIRMWARE_PROGRESS_H
#include "firmware/memory_map.h"

// clang-format off
#define PROGRESS(X)                                                                                                                  \
	/* worker   row        deadline             rescue  what has stopped                                                      */ \
	X(feed,     moments,   progress_tick_s,     false,  "the recorded market: a moment is due and everyone has done the last one") \
	X(feed,     news,      progress_news_s,     false,  "news of an open market: its stream is up and would have been opened anew") \
	X(feed,     data,      progress_venue_s,    false,  "the driver of market data: nothing is heard and nothing is tried")      \
	X(context,  regimes,   progress_tick_s,     false,  "a TICK in its queue is not done")                                       \
	X(analyst,  signals,   progress_tick_s,     false,  "a TICK in its queue is not done")                                       \
	X(health,   alarms,    progress_tick_s,     false,  "a TICK in its queue is not done")                                       \
	X(desk,     decisions, progress_tick_s,     false,  "a TICK in its queue is not taken")                                      \
	X(desk,     commands,  progress_operator_s, true,   "the operator's command is not answered")                                \
	X(desk,     orders,    progress_venue_s,    true,   "the driver of orders: nothing is heard and nothing is tried")           \
	X(ledger,   reading,   progress_books_s,    false,  "the desk's journal grows and is not read")                              \
	X(ledger,   books,     progress_books_s,    false,  "what is read does not come into the books")
// clang-format on

#define PROGRESS_ID(worker, row, deadline, rescue, what) PROGRESS_##row,
enum progress_id { PROGRESS(PROGRESS_ID) PROGRESS_N };
struct progress_row { const char *name, *what; uint16_t setting; uint8_t worker; bool is_rescues; };
extern const struct progress_row progress_rows[PROGRESS_N];

/* What the rows ask, beside the map. all: the workers that are waited for (runner_waits_for), bit each; by_protocol: the venue is not the one inside. */
struct progress_view { struct memory_map *map; uint32_t all; uint32_t ledger_process; bool by_protocol; };
/* Of one process. placed: its workers; is_rescue: it stands for the desk's. */
struct progress { uint32_t placed; bool is_rescue; uint64_t seen[PROGRESS_N]; int64_t since_ns[PROGRESS_N]; };

/* At this monotonic time; `is_ready` is the process's. The row that is late by its deadline, 0 when none is: so of a process that is not ready. */
const struct progress_row *progress_look(struct progress *progress, const struct progress_view *view, const struct settings *settings, bool is_ready,
    int64_t now_ns);

/* Recorded days wait for books that are so many inputs behind, an eighth of the journal's circle or less, so that the journal finds room; when the
 * process of the books is held down nobody waits. ledger_process: its row in `life`, LAYOUT_PROCESSES_MAX for none. */
enum { PROGRESS_BOOKS_BEHIND_MAX = 16384 };
bool progress_waits_for_books(const struct memory_map *map, uint32_t ledger_process);

#endif
