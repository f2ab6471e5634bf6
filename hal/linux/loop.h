/* loop.h - one libev loop a process: sleeping, descriptors, timers, and the signals that ask it to stop. The only includer of libev.
 *
 * Watches and timers are rows of two fixed tables and are named by their number; a full table answers LOOP_NONE, which the caller
 * treats as the world being full. A callback may take and give back rows, its own too. Nothing is called but from loop_turn and loop_once.
 *
 * libev's memory comes from one arena of CFG_loop_arena_kib (its arrays double, so the arena keeps size classes and gives
 * back by class); an arena that is used up is a bug (3504): its size is a setting, proven by the tests. Make the loop after fork, in BOOT.
 * SIGINT and SIGTERM ask for a clean stop; the second SIGINT is left to the default, so a person can always leave. */
#ifndef HAL_LINUX_LOOP_H
#define HAL_LINUX_LOOP_H
#include "fsm/settings.h"

enum { LOOP_ARENA_BYTES = CFG_loop_arena_kib * 1024 };
/* Descriptors watched at once, timers at once: n, a process holds fewer than ten connections; tests hold both ends. */
enum { LOOP_WATCHES_MAX = 64, LOOP_TIMERS_MAX = 64, LOOP_NONE = -1 };
/* What a descriptor may be ready for, or-ed. */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };

typedef void loop_ready_fn(void *self, int ready);
typedef void loop_due_fn(void *self);

/* Opens the one loop of this process; false when the kernel gives no epoll. */
bool loop_open(void);
/* A loop without a kernel, of a simulation: timers go by clock_monotonic_ns, each loop_turn serves the one that has been due longest and never sleeps;
 * there are no watches and no signals. A timer belongs to the owner that was named last when it was taken: loop_drop takes all of one
 * owner's away, as the end of a process does. */
void loop_open_virtual(void);
void loop_owner(int owner);
void loop_drop(int owner);
/* An owner stands still: what is due before then is due then. */
void loop_delay(int owner, int64_t until_ns);
/* Whose timer is due next, and when; LOOP_NONE when none is set. */
int  loop_next(int64_t *due_ns);
/* Sleeps for that long (0: looks once, does not sleep) or until a signal comes; serves watches and timers meanwhile. */
void loop_turn(int64_t sleep_ns);
/* The same, but comes back as soon as something was served. */
void loop_once(int64_t sleep_ns);
/* A signal has asked for a stop: its number, or 0. */
int  loop_stop_signal(void);
void loop_close(void);

/* Watches a descriptor, which stays the caller's: give the watch back before closing it. */
int  loop_watch(int fd, int ready, loop_ready_fn *fn, void *self);
/* Changes what is waited for; 0 waits for nothing. */
void loop_watch_for(int watch, int ready);
void loop_watch_end(int watch);

/* A timer at rest. start sets it going, or sets it going anew; it fires once. */
int  loop_timer(loop_due_fn *fn, void *self);
void loop_timer_start(int timer, int64_t after_ns);
void loop_timer_stop(int timer);
void loop_timer_end(int timer);

/* Rows of the two tables ever taken at once. */
int loop_watches_most(void);
int loop_timers_most(void);

/* Bytes of the arena ever used. */
size_t loop_arena_used(void);

#endif
