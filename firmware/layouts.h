/* layouts.h - who runs where: workers, processes, and the five tables that place the first in the second.
 *
 * WORKERS rows: worker, rights, comes back by, follows, what.
 *   rights   what a process with this worker may ask of the kernel (firmware/rights.h); a process has the union of its workers' rights
 *   follows  workers whose TICK n must be done before this one takes TICK n, so that any layout gives the same outputs
 * A layout is a constant table: PROCESS(name) rows, then PLACE(worker, instance, process) rows. At most 5 processes beside the watchdog in
 * `appliance`, 8 in any. `single` is runnable in this build; the others are proven here and refused at boot with a sentence. Rows P1, X1. */
#ifndef FIRMWARE_LAYOUTS_H
#define FIRMWARE_LAYOUTS_H
#include "fsm/units.h"

enum right { RIGHT_NONE = 0, RIGHT_NET = 1, RIGHT_TRADE = 2, RIGHT_DISK = 4, RIGHT_LISTEN = 8, RIGHT_JOURNAL = 16 };

// clang-format off
#define WORKERS(X)                                                                                                                   \
	/* worker     rights                                 comes back by  follows                       what                     */ \
	X(feed,       RIGHT_NET,                             REGION,  0,                                  "market data -> prices, books, bars") \
	X(context,    RIGHT_NONE,                            REBUILD, AFTER(feed),                        "news, macro, regime")      \
	X(analyst,    RIGHT_NONE,                            REBUILD, AFTER(feed) | AFTER(context),       "factors and strategies")   \
	X(models,     RIGHT_NONE,                            REGION,  AFTER(analyst),                     "model inference")          \
	X(quoter,     RIGHT_NONE,                            REBUILD, AFTER(feed),                        "two-sided quotes")         \
	X(health,     RIGHT_NONE,                            REBUILD, AFTER(feed),                        "positions: stops, risk, size") \
	X(portfolios, RIGHT_NONE,                            REGION,  AFTER(models),                      "portfolio batches")        \
	X(desk,       RIGHT_NET | RIGHT_TRADE | RIGHT_JOURNAL, JOURNAL, AFTER(analyst) | AFTER(health),   "decides, sizes, checks, sends orders") \
	X(ledger,     RIGHT_DISK,                            CURSOR,  AFTER(desk),                        "books, reports, alerts")   \
	X(console,    RIGHT_LISTEN,                          REBUILD, AFTER(feed),                        "dashboard, control socket")

#define LAYOUT_appliance(PROCESS, PLACE)                                                                           \
	PROCESS(appliance, orchestrator)            PLACE(appliance, feed, orchestrator) PLACE(appliance, console, orchestrator) \
	PROCESS(appliance, strategy_analyzer)       PLACE(appliance, analyst, strategy_analyzer) PLACE(appliance, models, strategy_analyzer) \
	PROCESS(appliance, position_health_monitor) PLACE(appliance, health, position_health_monitor) PLACE(appliance, ledger, position_health_monitor) \
	PROCESS(appliance, combined_analyzer)       PLACE(appliance, context, combined_analyzer) \
	PROCESS(appliance, market_decision_engine)  PLACE(appliance, desk, market_decision_engine)

#define LAYOUT_quoter(PROCESS, PLACE)                                                                              \
	PROCESS(quoter, market_data)                PLACE(quoter, feed, market_data)                                \
	PROCESS(quoter, strategy)                   PLACE(quoter, quoter, strategy)                                 \
	PROCESS(quoter, execution)                  PLACE(quoter, desk, execution)                                  \
	PROCESS(quoter, keeper)                     PLACE(quoter, health, keeper) PLACE(quoter, ledger, keeper) PLACE(quoter, console, keeper)

#define LAYOUT_engines(PROCESS, PLACE)                                                                             \
	PROCESS(engines, market)                    PLACE(engines, feed, market) PLACE(engines, console, market)    \
	PROCESS(engines, fno)                       PLACE(engines, analyst, fno)                                    \
	PROCESS(engines, equity)                    PLACE(engines, analyst, equity)                                 \
	PROCESS(engines, options)                   PLACE(engines, analyst, options)                                \
	PROCESS(engines, execution)                 PLACE(engines, desk, execution)                                 \
	PROCESS(engines, keeper)                    PLACE(engines, health, keeper) PLACE(engines, ledger, keeper)

#define LAYOUT_batch(PROCESS, PLACE)                                                                               \
	PROCESS(batch, producer)                    PLACE(batch, feed, producer) PLACE(batch, context, producer)    \
	PROCESS(batch, ml_1)                        PLACE(batch, models, ml_1)                                      \
	PROCESS(batch, ml_2)                        PLACE(batch, models, ml_2)                                      \
	PROCESS(batch, batches)                     PLACE(batch, portfolios, batches)                               \
	PROCESS(batch, execution)                   PLACE(batch, desk, execution)                                   \
	PROCESS(batch, keeper)                      PLACE(batch, health, keeper) PLACE(batch, ledger, keeper) PLACE(batch, console, keeper)

#define LAYOUT_single(PROCESS, PLACE)                                                                              \
	PROCESS(single, everything)                                                                                 \
	PLACE(single, feed, everything) PLACE(single, context, everything) PLACE(single, analyst, everything)       \
	PLACE(single, health, everything) PLACE(single, desk, everything) PLACE(single, ledger, everything)

#define LAYOUTS(X)                                                                                    \
	X(appliance, "five processes beside the watchdog: the daily portfolio")                       \
	X(quoter,    "market making: feed, quoter and desk on one core")                              \
	X(engines,   "three analysts with universes of their own")                                    \
	X(batch,     "models and portfolio batches")                                                  \
	X(single,    "everything in one process: debugging, backtest, simulation")
// clang-format on

#define WORKER_ID(worker, rights, back, follows, what) WORKER_##worker,
enum worker_id { WORKERS(WORKER_ID) WORKERS_N };

enum comes_back { COMES_BACK_REGION, COMES_BACK_REBUILD, COMES_BACK_JOURNAL, COMES_BACK_CURSOR };

enum { LAYOUT_PLACES_MAX = 12, LAYOUT_PROCESSES_MAX = 8, APPLIANCE_PROCESSES_MAX = 5 };

struct worker_row { const char *name, *what; uint32_t rights, follows; uint8_t comes_back; };
struct place { const char *process; uint8_t worker; };
struct layout { const char *name, *what; uint8_t processes, places, is_runnable; struct place place[LAYOUT_PLACES_MAX]; };

#define LAYOUT_ID(name, what) LAYOUT_##name##_id,
enum layout_id { LAYOUTS(LAYOUT_ID) LAYOUTS_N };

extern const struct worker_row workers[WORKERS_N];
extern const struct layout     layouts[LAYOUTS_N];

/* 0 when there is no layout of that name. */
const struct layout *layout_find(const char *name);
bool                 layout_places(const struct layout *layout, enum worker_id worker);

#endif
