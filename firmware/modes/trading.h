/* trading.h - one process that trades recorded or generated days: the parts, put together. Used by backtest and run.
 *
 * A mode is only a choice of parts: the workers, the machines and the pump are the same objects everywhere. Everything lives in one struct
 * taken from the kernel in BOOT. History before the first day (WARM_DAYS of it, where the data has it) feeds the factors and is not
 * traded. Rows P1 (single), T1, T3. */
#ifndef FIRMWARE_MODES_TRADING_H
#define FIRMWARE_MODES_TRADING_H
#include "firmware/pump.h"
#include "hal/sim/world.h"

enum { WARM_DAYS = 420, TRADING_SENTENCE_MAX = BARS_SENTENCE_MAX };

/* Its workers, a bit each: those of the layout single. */
#define TRADING_PLACED_BIT(layout, worker, process) | 1u << WORKER_##worker
#define TRADING_NO_PROCESS(layout, process)
enum { PLACED_SINGLE = 0 LAYOUT_single(TRADING_NO_PROCESS, TRADING_PLACED_BIT) };

struct trading_plan {
	const char     *data;        /* a folder of bars; 0: a random walk from seed */
	struct market_rates rates[FUNDING_VENUES];        /* of the perpetual's funding, where there are any */
	int32_t         from_day, to_day;
	uint64_t        seed;
	bool            paper;       /* costs of the paper venue (document 04 §4.11.1); else §3.5 */
	bool            operator_confirms;
	struct settings settings;
};

struct trading {
	struct bars          bars;
	struct bars_load     load;
	struct sim_world     world;
	struct worker_rooms  rooms;
	struct pump          pump;
	struct hal           hal;
	struct memory_map   *map;
	struct trading_plan  plan;
	int32_t              begin_day;                  /* the first bar, history included */
	int32_t              first_day, last_day;        /* of what is traded */
	uint32_t             symbols;                    /* with bars, tradable */
	bool                 has_vix, wired;
	uint64_t             events;
	char                 sentence[TRADING_SENTENCE_MAX];
};

/* Zeroed memory for all of it, or 0. */
struct trading *trading_take(void);
/* Loads the bars and wires the parts; false after writing the sentence that says what to change. */
bool trading_boot(struct trading *trading, const struct trading_plan *plan, uint64_t journal_id);
/* Its two halves: the bars; and fresh parts around the bars there are, with a new shared map. */
bool trading_load(struct trading *trading, const struct trading_plan *plan);
bool trading_wire(struct trading *trading, uint64_t journal_id);
/* Of trading days that several processes share, when boot has done with them. empty: back to the kernel goes all that only boot needed; touch: brings what is
 * left into memory, the plan and, with_bars, the bars. */
void trading_empty(struct trading *trading);
void trading_touch(const struct trading *trading, bool with_bars);
/* Runs history up to the first trading day. */
void trading_warm(struct trading *trading);
/* One event of the world; false at the end. */
bool trading_turn(struct trading *trading);
/* The next event begins a new moment of the market: the venue owes nothing more. */
bool trading_between_moments(const struct trading *trading);
/* Counts the NYSE days whose end the desk sees, as the books count them. */
void trading_count_session(struct market_place *place, const struct event *event, int32_t first_day);

#endif
