/* loop.h - one libev loop a process: sleeping, and the signals that ask it to stop. The only includer of libev.
 *
 * libev's memory comes from one arena of CFG_loop_arena_kib (its arrays double, so the arena keeps size classes and gives
 * back by class); an arena that is used up is a bug (3070): its size is a setting, proven by the tests. Make the loop after fork, in BOOT.
 * SIGINT and SIGTERM ask for a clean stop; the second SIGINT is left to the default, so a person can always leave. */
#ifndef HAL_LINUX_LOOP_H
#define HAL_LINUX_LOOP_H
#include "fsm/settings.h"

enum { LOOP_ARENA_BYTES = CFG_loop_arena_kib * 1024 };

/* Opens the one loop of this process; false when the kernel gives no epoll. */
bool loop_open(void);
/* Sleeps for that long (0: looks once, does not sleep) or until a signal comes. */
void loop_turn(int64_t sleep_ns);
/* A signal has asked for a stop: its number, or 0. */
int  loop_stop_signal(void);
void loop_close(void);
/* Bytes of the arena ever used. */
size_t loop_arena_used(void);

#endif
