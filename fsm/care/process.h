/* process.h - the life of one process of the appliance, as its watchdog sees it.
 *
 * OFF          not wanted yet (a standby), or ready for another life
 * BOOTING      forked, not yet ready: due is the end of the boot grace, put off by every beat
 * READY        works: due is the end of the heartbeat period, put off by every beat
 * LATE         its beat is overdue: SIGTERM sent, SIGKILL when the grace is over; what it says now no longer counts
 * TERMINATING  asked to stop: the same, but it will not come back
 * KILLING      SIGKILL sent, to be reaped; sent again when the grace is over once more
 * BACKOFF      dead, to be spawned again when due: at once after a first failure, then doubling, with jitter
 * HELD         dead too often within an hour: held down until somebody releases it (degraded mode)
 * DONE         ended and not wanted back
 *
 * A step leaves a duty (spawn, SIGTERM, SIGKILL) that the owner carries out and clears, and one due time with one meaning in each state
 * (process_due_event). Times are monotonic and come in the event's t_ns. The end of a process is classified before the step, by
 * process_end_event: GONE when a stop was asked, LOOPED when it is one death too many in an hour, else DIED. Rows P2, P3, P4. */
#ifndef FSM_CARE_PROCESS_H
#define FSM_CARE_PROCESS_H
#include "fsm/machines.h"
#include "fsm/settings.h"

// clang-format off
#define PROCESS_STATES(X, U) X(U, OFF) X(U, BOOTING) X(U, READY) X(U, LATE) X(U, TERMINATING) X(U, KILLING) X(U, BACKOFF) X(U, HELD) X(U, DONE)

#define PROCESS_EVENTS(X, U, s)                                                                          \
	X(U, s, SPAWN, US)       X(U, s, FORK_FAILED, WORLD)  X(U, s, READY, WORLD)   X(U, s, BEAT, WORLD)     \
	X(U, s, OVERDUE, US)     X(U, s, GRACE_OVER, US)      X(U, s, BACKOFF_OVER, US)                      \
	X(U, s, DIED, WORLD)     X(U, s, LOOPED, WORLD)       X(U, s, GONE, WORLD)                           \
	X(U, s, STOP, US)        X(U, s, RELEASE, US)

/* The end of a process that is wanted. */
#define PROCESS_ENDS(GO, U, s)                                                                           \
	GO  (U, s, DIED, BACKOFF, process_back_off)                                                      \
	GO  (U, s, LOOPED, HELD, process_hold)                                                           \
	GO  (U, s, GONE, DONE, process_rest)

/* What a process says, or is said of it, when it is not there (any more). */
#define PROCESS_SILENT(DROP, BUG, U, s)                                                                  \
	DROP(U, s, FORK_FAILED)        DROP(U, s, READY)               DROP(U, s, BEAT)                  \
	DROP(U, s, DIED)               DROP(U, s, LOOPED)              DROP(U, s, GONE)                  \
	BUG (U, s, OVERDUE)            BUG (U, s, GRACE_OVER)

#define PROCESS_CELLS(GO, STAY, DROP, BUG)                                                               \
	PROCESS_SILENT(DROP, BUG, PROCESS, OFF)                                                          \
	GO  (PROCESS, OFF, SPAWN, BOOTING, process_spawn)                                                \
	GO  (PROCESS, OFF, STOP, DONE, process_rest)                                                     \
	BUG (PROCESS, OFF, BACKOFF_OVER)  DROP(PROCESS, OFF, RELEASE)                                    \
	                                                                                                 \
	PROCESS_ENDS(GO, PROCESS, BOOTING)                                                               \
	GO  (PROCESS, BOOTING, FORK_FAILED, BACKOFF, process_fork_later)                                  \
	GO  (PROCESS, BOOTING, READY, READY, process_work)                                               \
	STAY(PROCESS, BOOTING, BEAT, process_boot_on)                                                    \
	GO  (PROCESS, BOOTING, OVERDUE, LATE, process_end_hang)                                          \
	GO  (PROCESS, BOOTING, STOP, TERMINATING, process_ask_to_end)                                    \
	BUG (PROCESS, BOOTING, SPAWN)     DROP(PROCESS, BOOTING, RELEASE)                                \
	BUG (PROCESS, BOOTING, GRACE_OVER)  BUG (PROCESS, BOOTING, BACKOFF_OVER)                         \
	                                                                                                 \
	PROCESS_ENDS(GO, PROCESS, READY)                                                                 \
	STAY(PROCESS, READY, BEAT, process_go_on)                                                        \
	GO  (PROCESS, READY, OVERDUE, LATE, process_end_hang)                                            \
	GO  (PROCESS, READY, STOP, TERMINATING, process_ask_to_end)                                      \
	DROP(PROCESS, READY, FORK_FAILED) DROP(PROCESS, READY, READY)    DROP(PROCESS, READY, RELEASE)   \
	BUG (PROCESS, READY, SPAWN)                                                                      \
	BUG (PROCESS, READY, GRACE_OVER)  BUG (PROCESS, READY, BACKOFF_OVER)                             \
	                                                                                                 \
	PROCESS_ENDS(GO, PROCESS, LATE)                                                                  \
	GO  (PROCESS, LATE, GRACE_OVER, KILLING, process_kill)                                           \
	GO  (PROCESS, LATE, STOP, TERMINATING, process_give_up)          /* SIGTERM is out already */    \
	DROP(PROCESS, LATE, FORK_FAILED)  DROP(PROCESS, LATE, READY)     DROP(PROCESS, LATE, BEAT)       \
	DROP(PROCESS, LATE, RELEASE)      BUG (PROCESS, LATE, SPAWN)                                     \
	BUG (PROCESS, LATE, OVERDUE)      BUG (PROCESS, LATE, BACKOFF_OVER)                              \
	                                                                                                 \
	GO  (PROCESS, TERMINATING, DIED, DONE, process_rest)                                             \
	GO  (PROCESS, TERMINATING, LOOPED, DONE, process_rest)                                           \
	GO  (PROCESS, TERMINATING, GONE, DONE, process_rest)                                             \
	GO  (PROCESS, TERMINATING, GRACE_OVER, KILLING, process_kill)                                    \
	DROP(PROCESS, TERMINATING, STOP)  DROP(PROCESS, TERMINATING, RELEASE)                            \
	DROP(PROCESS, TERMINATING, FORK_FAILED)  DROP(PROCESS, TERMINATING, READY)                       \
	DROP(PROCESS, TERMINATING, BEAT)  BUG (PROCESS, TERMINATING, SPAWN)                              \
	BUG (PROCESS, TERMINATING, OVERDUE)  BUG (PROCESS, TERMINATING, BACKOFF_OVER)                    \
	                                                                                                 \
	PROCESS_ENDS(GO, PROCESS, KILLING)                                                               \
	STAY(PROCESS, KILLING, GRACE_OVER, process_kill)                 /* deep in the kernel: again */ \
	STAY(PROCESS, KILLING, STOP, process_give_up)                                                    \
	DROP(PROCESS, KILLING, FORK_FAILED)  DROP(PROCESS, KILLING, READY)  DROP(PROCESS, KILLING, BEAT) \
	DROP(PROCESS, KILLING, RELEASE)   BUG (PROCESS, KILLING, SPAWN)                                  \
	BUG (PROCESS, KILLING, OVERDUE)   BUG (PROCESS, KILLING, BACKOFF_OVER)                           \
	                                                                                                 \
	PROCESS_SILENT(DROP, BUG, PROCESS, BACKOFF)                                                      \
	GO  (PROCESS, BACKOFF, BACKOFF_OVER, BOOTING, process_spawn)                                     \
	GO  (PROCESS, BACKOFF, STOP, DONE, process_rest)                                                 \
	BUG (PROCESS, BACKOFF, SPAWN)     DROP(PROCESS, BACKOFF, RELEASE)                                \
	                                                                                                 \
	PROCESS_SILENT(DROP, BUG, PROCESS, HELD)                                                         \
	GO  (PROCESS, HELD, RELEASE, OFF, process_forgive)                                               \
	GO  (PROCESS, HELD, STOP, DONE, process_rest)                                                    \
	BUG (PROCESS, HELD, SPAWN)        BUG (PROCESS, HELD, BACKOFF_OVER)                              \
	                                                                                                 \
	PROCESS_SILENT(DROP, BUG, PROCESS, DONE)                                                         \
	GO  (PROCESS, DONE, RELEASE, OFF, process_forgive)                                               \
	DROP(PROCESS, DONE, STOP)         BUG (PROCESS, DONE, SPAWN)     BUG (PROCESS, DONE, BACKOFF_OVER)
// clang-format on

MACHINE_DECLARE(process, PROCESS)

enum process_duty { PROCESS_DUTY_NONE, PROCESS_DUTY_SPAWN, PROCESS_DUTY_TERM, PROCESS_DUTY_KILL };
/* Deaths remembered, to count those of the last hour: the bound of restarts_hour_max, and one. */
enum { PROCESS_DEATHS_MAX = 1001 };
_Static_assert((int)CFG_restarts_hour_max < (int)PROCESS_DEATHS_MAX, "config.h: raise PROCESS_DEATHS_MAX");
#define PROCESS_NEVER_NS INT64_MAX
#define PROCESS_HOUR_NS (INT64_C(3600) * NS_PER_S)

/* heartbeat, boot, grace: see the states. healthy: a process that was READY this long has its failures forgiven (not the hour's deaths). */
struct process_limits {
	int64_t  heartbeat_ns, boot_grace_ns, term_grace_ns, backoff_first_ns, backoff_most_ns, healthy_ns;
	uint32_t restarts_hour_max, pad;
};

struct process {
	uint8_t  state, duty, is_given_up, pad[5];
	int64_t  due_ns, since_ns;               /* PROCESS_NEVER_NS: no timer; in this state since */
	int64_t  spawned_ns, ready_ns;           /* of this life; ready_ns 0: not (yet) */
	uint64_t random;                         /* the owner's, fresh before each end: the jitter */
	uint32_t failures;                       /* in a row: what the backoff doubles by */
	uint32_t spawns, deaths, hangs;
	struct process_limits limits;
	int64_t  death_ns[PROCESS_DEATHS_MAX];   /* ring, by deaths */
};

void process_limits_from(struct process_limits *limits, const struct settings *settings);
/* OFF, with these limits. */
void process_begin(struct process *process, const struct process_limits *limits);
/* The only way its state changes. t_ns is monotonic. */
void process_step(struct process *process, enum process_event event, int64_t t_ns, struct machine_log *log);

/* Classifies the end of a process: wanted back, or one time too often, or not wanted. */
enum process_event process_end_event(const struct process *process, int64_t t_ns);
/* What it means that due_ns has come; only where due_ns is not PROCESS_NEVER_NS. */
enum process_event process_due_event(const struct process *process);

/* May the watchdogs above us (hardware, service manager) be told that all is well with this process? Who is late, and who does not end by SIGKILL, is
 * what they are for. BACKOFF and HELD are states we have chosen: a machine that is reset for them comes back to the same, for ever; where `held_is_well`
 * is false a process that is held down resets it all the same. */
bool process_is_within_limits(const struct process *process, bool held_is_well);

/* There is a child, alive or not yet reaped. */
static inline bool process_is_live(const struct process *process)
{
	return process->state == PROCESS_BOOTING || process->state == PROCESS_READY || process->state == PROCESS_LATE ||
	       process->state == PROCESS_TERMINATING || process->state == PROCESS_KILLING;
}

#endif
