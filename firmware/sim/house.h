/* house.h - the appliance in one process: virtual time, one seed, and everything that months would bring. `tickwork sim`; row P15, X2, X10, X11.
 *
 * The same objects as in a run: the rows of layout `appliance` are runners (firmware/runner.h) on one shared map, the desk's journal is on a disk in
 * memory (hal/sim/disk.h), both drivers speak Alpaca's protocol over a network in memory (hal/sim/net.h) to the server of build/venue
 * (hal/sim/server), whose market is generated from the seed, or recorded. Not in it: the books (SQLite) and the console; TLS and names.
 *
 * A turn does one thing: a fault, the watchdog's timers, something of the network, a timer of a driver, or one turn of each process, in an order
 * drawn from the seed. When nothing is left to do the clock goes to whatever is due next. So a run is a function of (seed, days, faults, bars).
 *
 * A process dies at a call: house_point is called before each call of a process to its disk and its network, when an order is handed to the
 * driver, and when the driver has handed an event over. At one drawn by chance, or named by the plan (matrix.h), the process does not come
 * back from it (longjmp): its memory is thrown away, its lines close, its file stays as it was. The shared map stays, as
 * in a run. A power cut takes everything but what the disk has made durable. In one seed of four who dies a few times is held down until the operator
 * releases it; for the desk the rescue speaks with the venue then (firmware/runner_rescue.c), without the journal once it has hung.
 *
 * What must hold is looked at after every turn of the desk and at the end (checks.h): a violation is a sentence with the seed. */
#ifndef FIRMWARE_SIM_HOUSE_H
#define FIRMWARE_SIM_HOUSE_H
#include <setjmp.h>

#include "firmware/runner.h"
#include "fsm/care/process.h"
#include "hal/linux/clock.h"
#include "hal/sim/disk.h"
#include "hal/sim/net.h"

enum {
	HOUSE_ROWS_MAX = APPLIANCE_PROCESSES_MAX,
	HOUSE_SEGMENTS = 4,
	HOUSE_SEGMENT_BYTES = 1 << 20, /* a snapshot and a week or two: the circle turns in a run */
	HOUSE_DISK_BYTES = HOUSE_SEGMENTS * HOUSE_SEGMENT_BYTES + JOURNAL_PAGE_BYTES,
	HOUSE_WARM_DAYS = 300,                 /* days of history: the two hundred sessions that the longest mean needs */
	HOUSE_TURN_NS = 20000, /* ns, machine time of one turn of a process */
	HOUSE_SENTENCE_BYTES = 512,
	HOUSE_VIOLATIONS_MAX = 16,  /* n, told; more are counted */
	HOUSE_STUCK_S = 3600,       /* s of virtual time after the last fault: by then the market must have gone on */
	HOUSE_SENT_CELLS = 1 << 16, /* order ids that left, open addressing: a year makes 2,000 */
	HOUSE_CALLED_MAX = 4096,    /* n, calls of the desk's process that are remembered */
	HOUSE_WORDS_BYTES = 31,
	HOUSE_TOLD_CELLS = 1 << 13, /* executions that one driver has told, the same */
	HOUSE_SKIPS_MAX = 1024,     /* n, faults of a run that can be left out, by number */
	HOUSE_NOBODY = -1
};

/* Market days are the first of this year on, where the plan does not say other days. */
enum { HOUSE_YEAR = 2015 };

/* Where a process may die: before the call. */
#define HOUSE_CALLS(X)                                                \
	X(create, "a file is made on the disk")                       \
	X(open, "a file is opened")                                   \
	X(rename, "a file gets its name")                             \
	X(remove, "a file is removed")                                \
	X(read, "a piece of the journal is read")                     \
	X(write, "records are written to the journal")                \
	X(sync, "the journal is made durable")                        \
	X(connect, "the venue is called")                             \
	X(receive, "bytes of the venue's are taken")                  \
	X(send, "bytes go to the venue")                              \
	X(hang_up, "a connection is closed")                          \
	X(hear, "the driver has told an event, no record of it yet")  \
	X(order, "an order is handed to the driver, recorded")
#define HOUSE_CALL_ID(name, what) HOUSE_CALL_##name,
enum house_call { HOUSE_CALLS(HOUSE_CALL_ID) HOUSE_CALLS_N };

/* How the desk ends at the call that the plan names; of a power cut, what the disk then has. */
#define HOUSE_RUINS(X)                                                                  \
	X(killed, "its process is killed; the system and all that was written go on")   \
	X(kept, "the power goes; all that was written is there")                        \
	X(lost, "the power goes; only what was synced is there")                        \
	X(torn, "the power goes; of what was not synced sectors are there by chance")   \
	X(part, "the power goes; all is there, but the last write ends at some byte")
#define HOUSE_RUIN_ID(name, what) HOUSE_RUIN_##name,
enum house_ruin { HOUSE_RUINS(HOUSE_RUIN_ID) HOUSE_RUINS_N };

/* What the disk does at that call instead of what it says. */
#define HOUSE_LIES(X)                                                                              \
	X(none, "it does what it says")                                                            \
	X(unwritten, "the write says that it is done, and nothing was written")                    \
	X(astray, "the write went to another page of the file")                                    \
	X(rotten, "one bit of what was written is another")                                        \
	X(unsynced, "the sync says that it is done, and nothing is durable but what was before")
#define HOUSE_LIE_ID(name, what) HOUSE_LIE_##name,
enum house_lie { HOUSE_LIES(HOUSE_LIE_ID) HOUSE_LIES_N };

/* at: a call of the desk's process, from 1 over all its lives; 0: none. There it ends, or there the disk lies, and it ends so many calls later. */
struct house_crash {
	uint64_t        at;
	enum house_ruin ruin;
	enum house_lie  lie;
	uint32_t        after;
};

/* What was called, and of bytes to the venue the first words. */
struct house_called {
	uint8_t call;
	char    words[HOUSE_WORDS_BYTES];
};

struct house_plan {
	bool               keeps_entries;           /* recovery_cancel_entries is 0: what worked at a crash works on */
	bool               ends_with_days;          /* the venue's days end, else the appliance stops after so many sessions of its own */
	struct house_crash crash;
	uint64_t seed;
	int32_t  days;                              /* sessions */
	const char *data;                           /* recorded bars, DIR/SYMBOL.csv (hal/replay/bars.h); 0: the market of the seed */
	int32_t  from_day;                          /* of recorded bars; 0: the first of HOUSE_YEAR */
	uint64_t kinds;                             /* bit a fault kind: which may befall */
	uint32_t faults_most;                       /* 0: as the seed has it, else no more than that */
	uint64_t skip[HOUSE_SKIPS_MAX / 64];        /* bit a fault, by its number: those do not befall, the others are the same ones */
};

struct house_row {
	const char    *name;
	struct process life;
	struct runner *runner;                /* 0: there is none */
	int64_t        hangs_until_ns;        /* not turned until then; INT64_MAX: for ever */
	uint32_t       dies_in;               /* calls, 0: not by a call */
	uint32_t       dies_at_region;        /* + 1: at its next write to that region of the map */
	uint64_t       dies_at_page;          /* of that region */
	bool           dies_uncounted;        /* not at that write, but at the next one to its worker's word of what is done, in the same turn */
	uint32_t       slow;                  /* turned one time in so many; 0: each time */
	bool           is_rescue;             /* who runs is not the row's own process but its standby */
	bool           is_wanted_back;        /* held down, and the operator has released it */
	bool           owes_halt;             /* its standby has worked: it comes back halted */
	uint64_t       ticks_then;            /* of the desk, when its standby came */
};

struct house_counts {
	uint64_t turns, steps, faults, spawns, kills, power_cuts, holds, points, orders, fills, commands, reviews, replays;
};

/* An order in flight, so far filled: when it came into this state, or the venue was last spoken to about it. */
struct house_asked { uint64_t order_id; int64_t at_ns, filled_qty_e8; uint64_t state; };

/* What a queue was last seen to hold: so many, the last of them made by this (cause, index). */
struct house_queue { uint64_t put, key; };

/* What the desk has come to. */
struct house_books {
	struct account account;
	uint64_t       orders_sent, fills;
};

/* asked: the request that waits for its answer, command: what it was; owes: 0, or a command to give + 1; releases_ns: when who is held down is released, 0:
 * not noticed yet; flattens: before that all is sold; hurries: what comes next needs no thought. */
struct person {
	int64_t  due_ns, releases_ns;
	uint64_t asked;
	uint8_t  command, owes, hurries, flattens, pad[4];
};

struct house {
	struct house_plan   plan;
	struct clock_source clock;
	int64_t             now_ns, wall_off_ns, last_fault_ns, last_tick_ns, next_fault_ns;
	int64_t             drift_ppm, weather_until_ns;
	uint64_t            chance, trace, ticks, mix;
	uint64_t            fate;                                  /* chance of the fault in hand */
	uint32_t            faults_drawn, faults_most;             /* so many befall or are skipped, then all is calm */
	uint32_t            at_order_bp;                           /* a message about an order brings the next one so often */
	uint64_t            order_messages;
	uint32_t            ambush;                                /* a fault of group order that waits, 0: none; ends_then: ends of orders when it began to */
	bool                ambush_on_cancel;                      /* of a cancel, not of an order */
	int64_t             ambush_ns;                             /* when it comes, INT64_MAX: its order has not left yet */
	bool                ambush_at_step;                        /* it waits for the feed to move the market while orders work */
	int64_t             step_way_ns;                           /* of that request */
	uint64_t            ends_then;
	uint32_t            power_in;                              /* calls until the power goes; 0: it stays */
	bool                waits_for_market;                      /* none befalls while the history is read */
	int64_t             gap_ns;                                /* between two of them, at most */
	struct runner_plan  run;
	struct runner_world world;
	struct trading     *trading;                               /* settings only */
	struct memory_map  *map;
	struct bars        *bars;
	struct bars_load    loading;
	struct server      *server;
	struct net_sim     *net;
	struct disk         port;                                  /* the disk as processes see it: house_point, then `disk` */
	struct disk_sim     disk;
	uint8_t            *memory, *durable;                      /* HOUSE_DISK_BYTES each */
	struct home        *boot;                                  /* makes the journal */
	struct house_row    row[HOUSE_ROWS_MAX];
	struct process      rescue;                                /* stands for the desk's row while that is held down */
	uint32_t            restarts_hour_max;                     /* of this seed */
	int                 running;                               /* the row that is being turned, HOUSE_NOBODY */
	jmp_buf             death;
	struct machine_log  log;
	struct person       person;
	struct house_counts counts;
	int64_t             waits_warm_ns;                         /* history was read up to here */
	uint64_t            waits_from_tick;                       /* of the desk's TICKs; since then it waits for a comparison */
	uint64_t            seen_inputs, sent[HOUSE_SENT_CELLS], told[HOUSE_TOLD_CELLS];
	uint64_t            id_most;                               /* the highest of ours among the venue's orders, of which ids_read were looked at */
	uint32_t            ids_read;
	int64_t             holding_e8[UNIVERSE_N];                /* of the snapshot that is being told */
	int64_t             paid_in_usd_e8;                        /* at the venue, without a word */
	uint32_t            compared_then;                         /* comparisons that had been made by then */
	uint64_t            ticks_of[WORKERS_N];                   /* the most that each worker has said of this map */
	uint64_t            audited_inputs, owed_at;
	bool                has_losses;                            /* the journal has lost records of orders that left */
	bool                has_strangers;                         /* a rescue without a journal has sold, under a name of its own */
	uint8_t             recovery_state;                        /* of the desk, when last looked at */
	struct house_asked  asked[ORDERS_MAX];                     /* by slot of the desk's table */
	struct owed         owed[UNIVERSE_N];                      /* when the desk had had owed_at inputs */
	int64_t             idle_t_ns[UNIVERSE_N];                 /* market time since when what is to be closed is not being closed */
	uint64_t            queried[ORDERS_MAX];                   /* by slot of the desk's table: the order that this session was asked for */
	uint64_t            away_inputs;                           /* of the desk, when the venue was last away */
	struct house_queue  queue[CHANNELS_N];
	uint64_t            befell[64];                            /* by fault kind */
	uint64_t            disk_fails_in;                         /* calls of write or sync until one fails; 0: none will */
	enum disk_code      disk_fails_by;
	bool                is_calm;                               /* no more faults befall */
	bool                is_dark;                               /* the power went at a call: nobody does anything any more */
	bool                is_refused;                            /* the disk has lied, and the desk does not start on what it finds */
	uint64_t            orders_then;                           /* that had left when it ended at the call of the plan */
	uint64_t            calls;                                 /* of the desk's process */
	struct house_called called[HOUSE_CALLED_MAX];
	bool                is_narrow;                             /* the row that is turned has the rights of a run */
	bool                is_gentle;                             /* nothing befalls that may change what the desk does */
	struct house_books  books;                                 /* at the end */
	uint32_t            violations;
	char                violation[HOUSE_VIOLATIONS_MAX][HOUSE_SENTENCE_BYTES];
	char                refusal[HOUSE_SENTENCE_BYTES];         /* the last process that did not come back, why not */
	char                sentence[HOUSE_SENTENCE_BYTES];        /* why it could not be built */
};

/* Takes all memory, builds everything and makes the journal. False: the sentence says why. The struct is the caller's, zeroed. */
bool house_build(struct house *house, const struct house_plan *plan);
/* Turns until the days are over and all is quiet, or something does not hold. */
void house_run(struct house *house);
/* After house_drop, when nothing befell that may change what the desk does: the same days undisturbed must come to the same books. Another house is built
 * for it, in `twin`, zeroed. */
void house_compare(struct house *house, struct house *twin);
/* Gives the memory and the machine's clock and network back. */
void house_drop(struct house *house);

/* Chance of the house, and the trace that everything which happens goes into. */
uint64_t house_chance(struct house *house, uint64_t below);
void house_trace(struct house *house, uint64_t what, uint64_t which);
void house_violates(struct house *house, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- rows.c: processes --- */
void house_rows_begin(struct house *house);
void house_rows_end(void);
/* One turn of each process that lives; true when any of them did something. */
bool house_rows_turn(struct house *house);
/* The watchdog's timers, and when the next is due. */
void house_rows_watch(struct house *house);
int64_t house_rows_next_ns(const struct house *house);
/* Something in the name of a row: a death in it ends here. */
void house_as_row(struct house *house, int row, void (*act)(struct house *house));
void house_kill(struct house *house, int row);
/* The watchdog dies, and everyone with it; or the power. Then all begins anew with a new map. The power does not go before the first order (but in
 * the crash matrix): a stepped venue cannot be begun in its middle by a home that has lost its beginning. */
void house_kill_all(struct house *house);
void house_power_cut(struct house *house, enum disk_sim_cut cut);
/* The power that the plan's crash has taken away comes back. */
void house_crash_power(struct house *house);
/* Before a call to the outside; words: what is sent, or 0. Does not come back when the running process dies here. */
void house_point(struct house *house, enum house_call call, const char *words, size_t count);
/* A row that is held down comes back, after the one that stands for it has ended. */
void house_release(struct house *house, int row);
/* The first row that is held down, or HOUSE_NOBODY. */
int house_held_row(const struct house *house);
/* The row that has this worker. */
int house_row_of(const struct house *house, enum worker_id worker);
struct desk *house_desk(const struct house *house); /* 0 while its process is dead */

#endif
