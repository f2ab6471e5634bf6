/* pump.h - the turn of a process: takes events from the world and the channels, steps its workers, and routes what they say.
 *
 * Workers never know where they live. The pump
 *   samples   before a worker sees a TICK it gets what changed in the regions it reads, each as an event of its own (PRICE, REGIME,
 *             POSITION), so that a step reads nothing but its state and its event
 *   orders    a worker takes TICK n when the workers it follows have done TICK n; queues are drained by priority with a limit,
 *             the lowest getting at least one
 *   journals  around each step of the desk: INPUT before, RESULT after; nothing leaves before its RESULT is appended, a new order
 *             not before it is durable; of a lost journal exits go all the same
 *   routes    by worker and kind (ROUTES in pump.c): to a region, a channel, the venue, a timer
 * In `single` all workers are here and pump_settle runs them until nothing is left to do. Rows P2, P5, P7, X2, invariants 4 and 7. */
#ifndef FIRMWARE_PUMP_H
#define FIRMWARE_PUMP_H
#include "firmware/memory_map.h"
#include "firmware/workers/analyst.h"
#include "firmware/workers/context.h"
#include "firmware/workers/feed.h"
#include "firmware/workers/health.h"
#include "hal/hal.h"
#include "hal/store/journal.h"

enum { PUMP_TIMERS_MAX = CFG_orders_max, PUMP_TURNS_MAX = 10000 };

/* Everything private to the workers of one process, mapped in BOOT. */
struct worker_rooms {
	struct feed        feed;
	struct context     context;
	struct analyst     analyst;
	struct health      health;
	struct desk        desk;
	struct machine_log log;
};

/* Whoever projects the desk's results: the ledger, a backtest's tables, a test. Called for each result event in order. */
struct pump_listener { void *self; void (*on_result)(void *self, const struct event *event); };

struct pump {
	struct memory_map   *map;
	struct worker_rooms *rooms;
	struct hal          *hal;
	struct journal      *journal;             /* 0: not recorded */
	struct pump_listener listener;
	uint64_t           (*projected_seq)(void *self);        /* how far the books are; 0: no books */
	struct desk_worker   desk;
	struct channel       channel[CHANNELS_N];
	uint8_t              inbox[WORKERS_N][CHANNELS_N], inboxes[WORKERS_N];        /* channels each worker reads, by priority */
	uint64_t             next[CHANNELS_N], put[CHANNELS_N];        /* the record to be read; records ever put by workers here */
	uint64_t             seen_price[UNIVERSE_N], seen_position[UNIVERSE_N], seen_regime, seen_account;        /* the desk's are in its state */
	struct market_place  place;               /* of the market's source, where feed is here */
	struct timer         timer[PUMP_TIMERS_MAX];
	int64_t              timer_at_ns[PUMP_TIMERS_MAX];        /* machine time, where timers run by it */
	int64_t              desk_tick_ns;        /* the last TICK that the desk has taken here; others took the ones before, and all that belonged to them */
	uint32_t             timers, timers_most, outbox_most;        /* now; at once, at most; events of one step, at most */
	uint32_t             placed, anywhere;    /* workers of this process, and those that are waited for; bit a worker */
	uint64_t             order_steps, syncs, withheld, timers_full;
	uint64_t             open_input;          /* an INPUT of the journal that has no RESULT yet: the next input must be it */
	const struct event  *commands;            /* what came from outside, of the journal, by number (cause): the re-run takes it where it was taken */
	uint32_t             commands_n, commands_at;
	uint64_t             shadow_until, shadow_hash;        /* the input, and the state hash after it, where shadow ends */
	enum journal_verdict journal_verdict;
	bool                 durable;             /* new orders wait for the disk */
	bool                 shadow;              /* re-running what the journal has already: nothing is appended */
	bool                 diverged;            /* the re-run came to another state than the journal */
	bool                 warming;             /* history before the first trading day: the desk is not stepped */
	bool                 commits;             /* workers of several processes: what is done is committed at each TICK */
	bool                 tick_owed;           /* the desk has taken a TICK and acknowledges it when the venue owes nothing more */
	bool                 by_machine;          /* a real venue: the desk's timers run by machine time, whatever the market's does */
	bool                 mute;                /* nothing goes to the venue: what it may have had already is asked for, not sent again */
	bool                 logs;                /* what people should know goes into the rings of the log */
	bool                 moved;               /* something was published since the others were last woken */
	uint64_t             desk_until;          /* a replay: the desk takes no input after this one; 0: no end */
	struct tape         *tape;                /* where inputs that come from no queue are kept; 0: nowhere */
	struct paper        *paper;               /* the venue of this process, 0: the world's */
	struct outbox        out;
};

void pump_init(struct pump *pump, struct memory_map *map, struct worker_rooms *rooms, struct hal *hal, uint32_t placed);
/* Fresh workers, those that are placed here; the rooms of the others are not touched, so zeroed memory stays memory that nobody has paid for. */
void rooms_init(struct worker_rooms *rooms, uint32_t placed, uint64_t journal_id, const struct settings *settings, bool has_vix);

/* One event of the world into the worker that owns its kind, then everything that follows from it. */
void pump_event(struct pump *pump, const struct event *event);
/* Runs the placed workers until no queue holds anything for them; returns how many events that took. */
uint32_t pump_settle(struct pump *pump);
/* What a worker says of itself. */
struct worker_progress *pump_progress(struct memory_map *map, enum worker_id worker);
/* What a worker was doing. */
struct worker_trace *pump_trace(struct memory_map *map, enum worker_id worker);
/* The re-run has come to where the journal ends (diverged says whether to the same state); else it goes on. */
bool pump_is_back(struct pump *pump);
/* Goes on from what a predecessor in this process has committed: repairs what it was writing, takes its places in the queues. */
void pump_resume(struct pump *pump);
/* Leaves all workers but the desk as successors in other processes want to find them. */
void pump_commit_all(struct pump *pump);
/* The desk's last step once more, outputs only: a predecessor may have died before all of them were out; who got them drops them. is_open: its RESULT
 * is not in the journal yet. */
void pump_finish(struct pump *pump, const struct event *in, const struct outbox *out, bool is_open);
/* One input of the desk from its venue. */
void pump_venue(struct pump *pump, const struct event *event);
/* The first input of a process that has a real venue. */
void pump_begin_life(struct pump *pump, const struct event *event, bool is_new_map);
/* One input from outside (pump_comes_from_outside): no number, the caller knows which was taken. */
void pump_outside(struct pump *pump, const struct event *event);
/* The conditions in force, bit each: what has begun or ended since the desk's last word of it is an input. True when something has. */
bool pump_care(struct pump *pump, uint64_t in_force);
/* The desk's timers that are due at this machine time, where they run by it. */
void pump_fire(struct pump *pump, int64_t now_ns);
/* The desk has nothing left to do for its TICK. */
void pump_acknowledge(struct pump *pump);
/* Where time is real, every health_period_ms: the health worker looks at the positions. Row R7. */
void pump_health(struct pump *pump);
/* Everyone has done the market's last TICK: the next moment may come. */
bool pump_all_done(const struct pump *pump, uint32_t of_workers);
/* Begins a journal segment when one is due. Called between steps. */
enum journal_verdict pump_segment(struct pump *pump);
/* A command of a person, or a CARE: nothing that a run makes again by itself. */
bool pump_comes_from_outside(const struct event *event);
/* The ledger's queue is its own; a process without one leaves it alone. Events waiting in it. */
bool pump_take_result(struct pump *pump, struct event *event);
/* Inputs of the desk that the books want to see as well as its results. */
bool pump_books_input(uint16_t kind);

#endif
