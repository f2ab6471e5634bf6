/* runner.h - one process of a layout: which workers it has, what it opens, how it turns.
 *
 * A child goes in this order (DESIGN 3): its own loop, its private memory, what its predecessor has committed, what its workers need
 * (journal, market, books), then the regions that it does not write become read-only, what it may ask of the kernel is cut to its rights (SEALED,
 * firmware/rights.h), and it says that it is ready. At the end the keys are overwritten.
 * A turn takes what there is; when there is nothing the process says that it sleeps, looks once more, and waits for its bell. Whoever has
 * published something rings those that sleep.
 *
 *   feed     lets the market go on by one moment when everyone has done the last one
 *   desk     takes its TICK, what the venue owes for it, and acknowledges; looks at the operator's desk at least every 20 ms
 *   others   take what their queues hold
 *   rescue   stands for the desk's process while that is held down (runner_rescue.c): the same journal and venue, halted, no queues
 *
 * Rows P1, P3, P6; DESIGN 3 and 5. */
#ifndef FIRMWARE_RUNNER_H
#define FIRMWARE_RUNNER_H
#include "firmware/console/console.h"
#include "firmware/footprint.h"
#include "firmware/log/drain.h"
#include "firmware/modes/home.h"
#include "firmware/modes/trading.h"
#include "firmware/operator_desk.h"
#include "firmware/runner_tape.h"
#include "firmware/workers/ledger_process.h"
#include "hal/linux/secret.h"
#include "hal/venues/reach.h"
#include "hal/wire/dns.h"

enum { RUNNER_SAY_BYTES = HOME_SENTENCE_MAX + 64 };
enum { RUNNER_IDLE_MS = 250, RUNNER_OPERATOR_MS = 20, RUNNER_LEDGER_MS = 100, RUNNER_TURNS_UNSEEN = 64, RUNNER_BOOKS_A_TURN = 256 };
/* An idle process beats this often: well within the shortest heartbeat_ms of config.h. */
_Static_assert(2 * (int)RUNNER_IDLE_MS <= 1000, "an idle process would be taken for a hung one");
enum { RUNNER_NO_ROW = LAYOUT_PROCESSES_MAX };

enum venue_kind { VENUE_KIND_SIM, VENUE_KIND_ALPACA };
/* Where orders go and prices come from. is_stepped: the simulator's recorded days, which move when all have done the last moment. */
struct venue_place {
	enum venue_kind kind;
	bool            is_stepped;
	uint16_t        trade_port, data_port;      /* data_port: of the streams, too */
	char            trade_host[DNS_NAME_BYTES], data_host[DNS_NAME_BYTES], stream_host[DNS_NAME_BYTES];
	const char     *trust;                      /* PEM file of roots */
	struct secrets  secrets;                    /* descriptors; a process keeps the pair that it reads in BOOT */
};

/* A world in memory (hal/sim) in which a simulation lets the processes of a run live, all of them in one. The network and the clock are already in
 * use (net_sim_use, clock_use); the journal is on this disk, the keys are these texts. No console, no books, no word on standard error. */
struct runner_world {
	struct disk    *disk;
	struct settings settings;
	struct secret   secret[SECRETS_N];
	int32_t         warm_days;              /* of history that the feed asks for */
};

/* What all processes of a run know; made before the first fork and not changed after it. */
struct runner_plan {
	const char          *folder;
	struct memory_map   *map;
	struct trading      *trading;                       /* shared: the bars and days as boot left them */
	int                  wake[LAYOUT_PROCESSES_MAX];    /* bell of each process */
	uint32_t             placed[LAYOUT_PROCESSES_MAX];  /* its workers, bit each */
	uint32_t             processes, all;                /* all: the workers of all */
	uint32_t             ledger_row;                    /* the process of the books, or RUNNER_NO_ROW */
	uint64_t             sessions_max;
	uint64_t             journal_id;                    /* of the journal this run began with; 0: not known */
	int64_t              initial_usd_e8;
	enum trade_mode      mode;                          /* whose money it is */
	uint32_t             rights[LAYOUT_PROCESSES_MAX];  /* of each process once it is sealed (firmware/rights.h) */
	struct venue_place   venue;
	const struct runner_world *world;                   /* 0: the machine's */
	uint64_t             tape_bytes;                    /* of each of the two tapes; 0: none */
	double               speed;                         /* market seconds a second; INFINITY: as fast as it goes */
};

/* Of the process that stands for the desk's (is_here). is_alone: without a journal, so the books are what the venue says; has_adopted: it has said so once.
 * asked: flattened before that, bit a symbol. */
struct rescue {
	uint64_t       asked;
	struct holding holding[UNIVERSE_N];                 /* of the snapshot that is being told */
	bool           is_here, is_alone, has_adopted, owes_sync, reads_journal;
};

/* What the connections of one process share. */
struct venue_room {
	struct dns          dns;
	struct anchors      anchors;
	struct tls_sessions sessions;
	struct reach        trade, data, stream;
	struct tape         tape;                        /* fd 0: none is kept */
	bool                tape_is_full;                /* and that has been said */
	uint8_t             tape_bytes[TAPE_BUFFER_BYTES];
};

struct runner {
	const struct runner_plan *plan;
	uint32_t                   row;
	struct pump                pump;
	struct worker_rooms        rooms;
	struct hal                 hal;                     /* none: the parts of the world are called by name */
	struct home               *home;                    /* of the desk; 0 in other processes, as the next two */
	struct operator_turn       turn;
	struct ledger_process     *ledger;
	struct log_drain           log;                     /* in the ledger's process, as the next one */
	uint64_t                   said_books;              /* after this INPUT the books stopped, which was said; plus one */
	struct console            *console;                 /* in the feed's process */
	struct secret              key_id, secret_key;
	struct venue_room         *venue;                   /* of a real venue: what its connections share, and the driver's half of this process */
	struct alpaca_trading     *trading;
	struct alpaca_market      *market;
	char                       sentence[HOME_SENTENCE_MAX];        /* why it cannot start */
	struct rescue              rescue;
	struct footprint_watch     footprint;
	char                       trouble[HOME_SENTENCE_MAX];         /* the driver's last one that was said */
	bool                       is_up;                   /* its session, as it was last told */
	bool                       was_quiet;               /* the venue's session has come up once in this life */
	int32_t                    synced_day;              /* books and venue were last compared on it */
	uint8_t                    recovery;                /* enum recovery_state of the desk when it was last looked at */
	uint64_t                   told_tick;               /* the TICK that the venue's driver has heard of */
	uint64_t                   said_inputs;             /* of the desk, at the last word about it: history brings it none */
	int64_t                    paced_market_ns, paced_ns, due_ns;
	int64_t                    health_ns;               /* the positions are looked at next */
};

/* process_main: in the child. */
int runner_run(void *context, uint32_t row);
/* The same for the process that stands for this row, the desk's. life: what became of the rescue so far. */
int runner_rescue(const struct runner_plan *plan, uint32_t row, const struct process_life *life);

/* The pieces of a life, for whoever turns processes by himself: opens all that the row's workers need, into zeroed memory, as a successor of whoever was
 * there before (false: runner_why says why not); one turn; a beat; ready; gives back what it took from the kernel, as the end of a process does. */
bool runner_open(struct runner *runner, const struct runner_plan *plan, uint32_t row, const struct rescue *rescue);
const char *runner_why(const struct runner *runner);
bool runner_turn(struct runner *runner);
void runner_beat(const struct runner *runner);
void runner_say_ready(const struct runner *runner);
void runner_forget(struct runner *runner);

/* A sentence for a person, without line feed: to standard error as far as that takes it now, and to the watchdog's diary. Never waits. Row P8. */
void runner_say(struct runner *runner, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Its memory: taken by what its workers need (firmware/budget.h); brought in whole when all is open, by who lives as a process. A simulation, whose
 * processes are born and die by the million, pays for what they use. False: the kernel has none. */
bool runner_memory_take(struct runner *runner);
void runner_memory_give(struct runner *runner);
void runner_memory_touch(struct runner *runner);

/* Workers whose TICKs the others wait for, bit each. In real time not those of a process that is held down, or one part that fails would take prices, and with
 * them the stops, from all (fsm/care/degraded.h); but the desk's, without which nothing can be done about a price. Recorded and stepped days have time. */
uint32_t runner_waits_for(const struct runner_plan *plan);
/* The halves of a turn that only one worker has; true when there was something to do. */
bool runner_feed_turn(struct runner *runner);
/* The market's time is due on the machine's clock (--speed); else due_ns says when. */
bool runner_is_due(struct runner *runner, int64_t market_ns);
/* A real venue instead of the paper one: the feed's market, the desk's orders. False: the sentence says why. */
bool runner_market_open(struct runner *runner);
bool runner_market_turn(struct runner *runner);
/* A driver made by the plan, its room and keys, and not started: by who opens it, and by who replays its tape. is_first: its tape begins. */
bool runner_market_make(struct runner *runner);
bool runner_trading_make(struct runner *runner, bool is_first);
/* runner_tape.c: begins the tape, where one is wanted (false: its file cannot be had; the sentence says why); what the owner of a driver asks, hands
 * over and hears; whether it is full; its end. desk: 0 for the feed's. */
bool runner_tape_begin(struct runner *runner, const char *name, const struct desk *desk);
void runner_tape_call(struct runner *runner, enum tape_call call, int64_t argument);
void runner_tape_told(struct runner *runner, const struct event *event);
void runner_tape_sent(struct runner *runner, const struct event *event);
void runner_tape_look(struct runner *runner);
void runner_tape_end(struct runner *runner, uint64_t count, uint64_t hash);
bool runner_trading_open(struct runner *runner);
void runner_venue_touch(const struct runner *runner);
void runner_venue_forget(struct runner *runner);
bool runner_trading_turn(struct runner *runner);
void runner_trading_close(struct runner *runner);
bool runner_ledger_open(struct runner *runner);
bool runner_ledger_turn(struct runner *runner);
/* False when the books lack something, which is said: it comes again from the journal at the next start. */
bool runner_ledger_close(struct runner *runner);
bool runner_desk_open(struct runner *runner);
bool runner_desk_turn(struct runner *runner);
void runner_desk_close(struct runner *runner);
/* The desk's journal is continued; without one there is nothing to continue. */
bool runner_desk_continue(struct runner *runner);
void runner_desk_say(struct runner *runner);
bool runner_rescue_open(struct runner *runner);
bool runner_rescue_turn(struct runner *runner);
void runner_rescue_read(struct runner *runner);
/* Hooks, before the desk is stepped: a command of the operator; an event of the venue. */
void runner_rescue_obey(struct runner *runner, const struct event *command);
void runner_rescue_hear(struct runner *runner, const struct event *event);

#endif
