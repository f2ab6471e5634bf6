/* watchdog.h - the parent of all: it forks the processes of a layout, sees that they live, and brings back those that do not.
 *
 * It knows a table of rows and nothing of what runs in them; it has no loop library, no TLS, no arena and parses one fixed record. Everything it knows
 * of a child comes from two words of the shared map (struct worker_progress: beats, ready_ns) and from waitpid. The life of a row is the machine of
 * fsm/care/process.h; what happened is in the `life` region, and in HOME/lastwords for later.
 *
 * A turn takes at most WATCHDOG_TURN_MS, less when a child ends, a signal comes or a timer is due. A child that dies is reaped and, after a first failure,
 * forked again in the same turn.
 *
 *   READY    when ready_ns of all its workers is at least the time of the fork: monotonic nanoseconds that the child writes once it works; so what a
 *            predecessor wrote does not count. A row without workers is ready at once and has no heartbeat.
 *   BEATS    the sum of its workers' beats has changed; every heartbeat_ns, in BOOTING every boot_grace_ns. Else SIGTERM, term_grace_ns, SIGKILL.
 *            Where the watchdog itself was late for its turn by half a heartbeat (a paused container), all deadlines of a beat and of work begin anew.
 *   STALLED  it beats, and has_stalled says what it does not do (firmware/progress.h): the same end as one that does not beat.
 *   policies RESTART brings it back with backoff and holds it down after a crash loop. STOP_ALL: its death ends everything, with CLI_FAILED.
 *            STANDBY lives only while the row it stands for is HELD; that row comes back (watchdog_release, SIGUSR2) only after the standby
 *            is reaped: so at any instant at most one of the two is a live process (row X1; bug 4052 guards it before each fork).
 *   the end  SIGTERM, SIGINT, should_end, or a STOP_ALL row: rows get SIGTERM in groups of ascending stop_order, the next group when the last process of
 *            the one before is reaped; term_grace_ns, then SIGKILL. A second SIGINT kills at once. SIGHUP is ignored.
 *   SIGUSR1  HOME/request holds a command (firmware/operator_file.h): it is numbered, appended to `requests` and rung at the rows that hear the
 *            operator; or commands of a console wait in `calls`. When OPERATOR_RING commands wait unanswered it is refused: counted, and a last word.
 *            What lies in the box at the start is dropped.
 *   SIGUSR2  releases every row that is HELD.
 *
 * A child begins with bug_catch(&progress->trap) and trap = 0, so that its end by a bug is told by its number. All children of the process are the
 * watchdog's while it runs: it reaps whatever ends. life->pid is set when signals are heard: before that, SIGUSR1 would end the process.
 *
 * Each death that nobody asked for goes into HOME/blackbox before the row is forked again, and is made durable at the end of the turn; a death of the
 * watchdog itself, too, where a signal can be caught.
 *
 * What a process says (struct said of its first worker) goes into HOME/lastwords in the next turn, the sentences that were overwritten before that as
 * a number behind it.
 *
 * If the watchdog dies, the kernel kills its children (hal/linux/process.h). What it says to the service manager: READY=1 when all rows but standbys
 * have been ready once, STATUS with each last word, STOPPING=1; and WATCHDOG=1 twice in the time it asks for (WATCHDOG_USEC), every second at the
 * least. That word and the byte that feeds the hardware's watchdog go out only while every row is within limits (process_is_within_limits): a
 * process that is late or cannot be ended starves both. An orderly end lets the hardware's go; any other leaves it armed.
 * Rows P1, P3, P4, P8, R9, X1. */
#ifndef FIRMWARE_WATCHDOG_H
#define FIRMWARE_WATCHDOG_H
#include "firmware/blackbox/blackbox.h"
#include "firmware/footprint.h"
#include "firmware/lastwords.h"
#include "firmware/memory_map.h"
#include "fsm/care/process.h"
#include "hal/linux/notify.h"
#include "hal/linux/process.h"
#include "hal/linux/signals.h"
#include "hal/linux/watchdog_device.h"

enum { WATCHDOG_TURN_MS = 200, WATCHDOG_NOTIFY_MS = 1000 };
enum watchdog_policy { WATCHDOG_RESTART, WATCHDOG_STOP_ALL, WATCHDOG_STANDBY };

struct watchdog_row {
	const char          *name;                      /* shorter than PROCESS_NAME_BYTES */
	enum watchdog_policy policy;
	uint32_t             stands_for;                /* STANDBY: index of the row whose place it takes */
	uint32_t             stop_order;                /* lower ends first */
	process_main        *run;                       /* in the child; its answer is the exit code: 0 is an orderly end */
	const int           *keep;                      /* descriptors the child keeps, beside 0, 1 and 2 */
	uint32_t             keeps, workers;
	const struct worker_progress *const *progress;  /* one of each of its workers */
	const struct worker_trace *const *trace;        /* the same, for the black box; 0: it tells no events */
	uint32_t             worker[BLACKBOX_WORKERS_MAX]; /* their numbers, enum worker_id */
	int                  wake_fd;                   /* its eventfd (hal/linux/wake.h), or -1 */
	bool                 hears_operator;
};

struct watchdog_plan {
	uint32_t             rows;                      /* at most LIFE_ROWS, spawned in this order */
	struct watchdog_row  row[LIFE_ROWS];
	void                *context;                   /* of run and of the hooks */
	struct process_limits limits;                   /* process_limits_from, or shorter ones in a test */
	const char          *home;                      /* folder of lastwords, blackbox and request; 0 for none */
	struct life         *life;
	uint64_t             declared_bytes;            /* its own memory, for `life` to say */
	struct operator_desk *requests;                 /* 0: the operator is not heard */
	const struct operator_answers *answers;
	struct log_ring     *log;                       /* where its sentences go beside the diary; or 0 */
	const struct worker_trace *desk_trace;          /* where the journal stands, for the black box; or 0 */
	const struct operator_desk    *calls;           /* 0, or commands of a console of this appliance, beside HOME/request */
	/* Hooks, each may be 0. They run between the steps of a turn and must not block. */
	void (*on_turn)(void *context);
	void (*on_death)(void *context, uint32_t row, int status);
	bool (*should_end)(void *context);              /* the market is over: end in order, exit 0 */
	/* What this process has not moved in time although it beats, for the diary; 0: nothing. Asked once a turn, of each row, and as
	 * not ready before each life, where its deadlines begin. */
	const char *(*has_stalled)(void *context, uint32_t row, bool is_ready, int64_t now_ns);
	const char          *device;                    /* path of the hardware's watchdog; 0: not used */
	uint64_t             seed;                      /* of the jitter; 0: the kernel's */
};

struct watchdog {
	const struct watchdog_plan *plan;
	struct process       process[LIFE_ROWS];
	struct process_child child[LIFE_ROWS];
	uint64_t             beats[LIFE_ROWS];          /* as last seen */
	uint64_t             said[LIFE_ROWS];           /* sentences of the process that the diary has or has counted as lost */
	bool                 was_ready[LIFE_ROWS], is_wanted_back[LIFE_ROWS];
	struct lastwords     words;
	struct blackbox      box;
	struct fatal_note    fatal;                     /* of the watchdog itself */
	struct notify        notify;
	struct machine_log   log;
	struct signals       signals;
	struct footprint_watch footprint;
	struct watchdog_device device;
	int64_t              now_ns, said_ns;           /* of this turn; last time that those above us were fed */
	int64_t              feed_every_ns;
	uint64_t             starved;                   /* times that they should have been and were not */
	uint64_t             called;                    /* of `calls`, taken */
	uint64_t             orphans, refused;          /* reaped that were none of ours; commands not passed on */
	bool                 is_ending, is_hurried, failed, is_up;
	bool                 stalled;                   /* within a step: why it is late has been said */
};

/* Runs until told to end. CLI_DONE; CLI_FAILED when a STOP_ALL row died, or a process did not end well when it was asked to. The struct is large (see
 * sizeof): the caller's, in BOOT. Signals are as before when it returns, and no child is left. */
int watchdog_run(struct watchdog *dog, const struct watchdog_plan *plan);
/* From a hook: a sentence of trouble, for diary, log and service manager. */
void watchdog_say(struct watchdog *dog, const char *what);
/* From a hook: a row that is HELD is to come back, after its standby is reaped. */
void watchdog_release(struct watchdog *dog, uint32_t row);

#endif
