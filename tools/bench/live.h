/* live.h - an appliance under measurement: started as anyone starts it, watched through its map, ended by SIGTERM.
 *
 * What it does is read from the map it keeps for `tickwork status`; nothing in the product knows of the bench. Times it writes there and
 * now_ns are of one clock. The bench looks every LIVE_LOOK_US, which is its error. */
#ifndef TOOLS_BENCH_LIVE_H
#define TOOLS_BENCH_LIVE_H
#include "firmware/memory_map.h"
#include "tools/bench/bench.h"

enum { LIVE_WORDS_MAX = 16, LIVE_LOOK_US = 50, LIVE_PATIENCE_S = 60 };

struct live {
	char          home[PATH_BYTES + 16];
	int           pid;
	double        begun_ns;        /* before the fork of what becomes the product */
	struct attach attach;
};

typedef bool live_is(const struct memory_map *map, const void *context);

/* `tickwork run --layout appliance` with these words (the last one 0), in a home that is not there yet. Returns when its map can be read. */
void live_start(struct live *live, const struct bench *bench, const char *const words[]);
/* Waits until it is so, and says when that was seen; ends the bench when it does not come. */
double live_until(struct live *live, live_is *is, const void *context);
/* Each process of the layout is ready; the desk has done a moment of the market, not only history. */
live_is live_is_ready, live_is_trading;
/* When the last worker of all got ready. */
double live_ready_ns(const struct memory_map *map);
/* The row's workers, those that run in this build; returns how many. */
uint32_t live_workers(const struct memory_map *map, uint32_t row, const struct worker_progress *word[WORKERS_N]);
/* How many rows are processes of the layout. Behind them stands the rescue, which nobody may wait for: it lives when the desk does not. */
uint32_t live_processes(const struct memory_map *map);
/* Tells it to end, waits for that, removes its home. */
void live_stop(struct live *live);

#endif
