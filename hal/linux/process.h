/* process.h - children of the watchdog: forked, shut in, signalled, reaped, and how one ended in words.
 *
 * A child starts with nothing of its parent but memory and the descriptors it was given. In this order it
 *   asks for SIGKILL when its parent dies, and ends at once when that has happened already,
 *   may gain no privileges and is not dumpable (no ptrace, no core, /proc/PID of root only),
 *   leaves the terminal's foreground group, so that a Ctrl-C reaches the watchdog alone and the order of the end is the watchdog's,
 *   has every signal handler reset and, last, nothing blocked; SIGHUP and SIGPIPE are ignored (a lost terminal or reader is no reason to die),
 *   has every descriptor closed but 0, 1, 2 and those of `keep`,
 *   and runs; what its function returns is its exit code.
 * Make the child's own epoll in the child: an inherited one edits the parent's.
 *
 * pidfd names a child for good, whatever becomes of its number; without it (Linux before 5.3) the pid does, which is safe too, because
 * only process_reap frees it. The end of a child is a SIGCHLD: block it and take it from a signalfd. Rows P3, P4. */
#ifndef HAL_LINUX_PROCESS_H
#define HAL_LINUX_PROCESS_H
#include "fsm/units.h"

enum { PROCESS_KEEP_MAX = 32, PROCESS_WORDS_BYTES = 64 };

/* pid 0: there is none; pidfd -1: the kernel gave none. */
struct process_child { int pid, pidfd; };

typedef int process_main(void *context, uint32_t row);

/* What a child may have: at most PROCESS_KEEP_MAX descriptors beside 0, 1 and 2. */
struct process_recipe { process_main *run; void *context; uint32_t row, keeps; const int *keep; };

/* This process may gain no privileges: a filter of calls asks for that. False: the kernel cannot. */
bool process_renounce(void);
/* The same, and it is no other's to trace, dump or look into by /proc. */
bool process_shut_in(void);
/* From now on children of dead children become ours to reap. False on a kernel that cannot (before 3.4). */
bool process_adopt_orphans(void);
/* False when the kernel has no memory or pid for one more; *child is none then. */
bool process_fork(struct process_child *child, const struct process_recipe *recipe);
/* Of a child that is not yet reaped. */
void process_signal(const struct process_child *child, int signal_number);
/* Reaps one child that has ended, ours or adopted, without waiting; false when there is none. */
bool process_reap(int *pid, int *status);
/* After its child was reaped. */
void process_drop(struct process_child *child);

/* "exit 2", "killed by signal 9 (SIGKILL)"; of a child that died by SIGILL with the id of a bug: "bug 1224"; by SIGSYS with
 * the number of the call that was refused (seccomp.h): "no right to the system call connect (SIGSYS)". Returns text. */
const char *process_words(int status, uint32_t word, char text[static PROCESS_WORDS_BYTES]);
/* It returned 0. */
bool process_ended_well(int status);

/* Before anything is opened: a descriptor 0, 1 or 2 that was closed becomes /dev/null for reading, so that none of our files gets its number and
 * hears what is meant for a person. A write to it fails, as before. */
void process_standard_begin(void);

#endif
