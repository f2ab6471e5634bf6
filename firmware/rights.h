/* rights.h - what a process may ask of the kernel: the table that is the filter, the audit and the documentation.
 *
 * CALLS rows: system call, who needs it, rule, why. A call of no row is asked by nobody.
 *   who     EVERY  each process once it is sealed          NET, DISK, JOURNAL, LISTEN  a sealed process with that right (firmware/layouts.h)
 *           BOOT   before a process is sealed: the watchdog, which is never, and each child until it is ready. BOOT may ask every row of the table
 *   rule    what the arguments must be once sealed (RULES); the rules of BOOT rows hold in BOOT, and nothing is ever mapped to be executed
 * So from SEALED on nothing can be mapped, unmapped, remapped or protected anew, no process be made, traced, read or written, no program be run: there is
 * no row for it. From the first fork on, that of boot, the last two hold for all, because the watchdog has the filter of BOOT on, and filters are inherited.
 *
 * rights_seal is the end of BOOT: memory.h takes no more, Landlock leaves the files beneath the data folder (none, without DISK) and TCP to the
 * venue's ports (none, without NET), then the filter. A refused call ends the process by SIGSYS; its number is in worker_progress.trap and its name
 * in HOME/lastwords. A right that the venue inside has no use for (NET) is not given. TRADE is no call but a descriptor: the pair of keys (secret.h).
 *
 * At most RIGHTS_CALLS_MAX calls a worker, and in `appliance` a process, which a test counts; nobody is sealed with BOOT (bug
 * 4500). Rows X1, O7, O10; invariants 1 to 3. */
#ifndef FIRMWARE_RIGHTS_H
#define FIRMWARE_RIGHTS_H
#include "firmware/layouts.h"
#include "hal/linux/landlock.h"
#include "hal/linux/seccomp.h"

enum { RIGHTS_CALLS_MAX = 25, RIGHTS_PORTS_MAX = 4, RIGHTS_DNS_PORT = 53 };
/* Beside the rights of layouts.h, and beyond them. */
enum { RIGHTS_EVERY = 1 << 8, RIGHTS_BOOT = 1 << 9 };

// clang-format off
#define RULES(X)                                                                                                                     \
	X(any,       "")                                                                                                             \
	X(no_exec,   "not to be executed")                                                                                           \
	X(stop,      "of SIGINT and SIGTERM")                                                                                        \
	X(internet,  "IPv4 or IPv6")                                                                                                 \
	X(connected, "to where the socket is connected")                                                                             \
	X(watchdog,  "SIGUSR1 or 0 to the watchdog")                                                                                 \
	X(lock,      "locks and close-on-exec")

#define CALLS(X)                                                                                                                     \
	/* call             who            rule       why                                                                         */ \
	X(epoll_pwait,      EVERY,         any,       "sleep until a bell, a socket or a timer")                                     \
	X(read,             EVERY,         any,       "bells; files of the ledger")                                                  \
	X(write,            EVERY,         any,       "bells; sentences to standard error; files of the ledger")                     \
	X(recvfrom,         NET | LISTEN,  any,       "bytes of the venue, of DNS, of a console")                                    \
	X(sendto,           NET | LISTEN,  connected, "bytes to them")                                                               \
	X(pwrite64,         JOURNAL,       any,       "INPUT and RESULT")                                                            \
	X(getrandom,        NET | JOURNAL, any,       "TLS, DNS numbers, codes for the operator")                                    \
	X(epoll_ctl,        EVERY,         any,       "what to wait for")                                                            \
	X(fdatasync,        JOURNAL | DISK, any,      "durable before an order leaves")                                              \
	X(pread64,          EVERY,         any,       "the kernel's own figures of this process; the journal")                       \
	X(clock_gettime,    EVERY,         any,       "where the kernel gives no clock to read without asking")                      \
	X(poll,             EVERY,         any,       "would standard error take a sentence now")                                    \
	X(close,            EVERY,         any,       "what was open")                                                               \
	X(rt_sigreturn,     EVERY,         any,       "back from the signal that asks to end")                                       \
	X(rt_sigaction,     EVERY,         stop,      "the second such signal ends at once")                                         \
	X(restart_syscall,  EVERY,         any,       "the kernel's own: a wait goes on after SIGCONT")                              \
	X(exit_group,       EVERY,         any,       "the end")                                                                     \
	X(socket,           NET,           internet,  "a new connection to the venue or a name server")                              \
	X(connect,          NET,           any,       "Landlock holds the port")                                                     \
	X(getsockopt,       NET | LISTEN,  any,       "did it connect; who is it")                                                   \
	X(setsockopt,       NET,           any,       "no delay; nothing leaves after the end")                                      \
	X(shutdown,         NET,           any,       "nothing more to say")                                                         \
	X(accept4,          LISTEN,        any,       "a console comes")                                                             \
	X(kill,             LISTEN,        watchdog,  "a command of a console waits for it")                                         \
	X(openat,           DISK,          any,       "reports, copy of the books, journal; Landlock holds the folder")             \
	X(lseek,            DISK,          any,       "SQLite")                                                                      \
	X(fstat,            DISK,          any,       "SQLite; length of a file")                                                    \
	X(stat,             DISK,          any,       "are journal and books where they were opened")                                \
	X(lstat,            DISK,          any,       "SQLite; is it there")                                                         \
	X(fcntl,            DISK,          lock,      "SQLite's lock of its files")                                                  \
	X(fsync,            DISK,          any,       "a report or a copy of the books is durable before its name")                  \
	X(rename,           DISK,          any,       "a report or a copy gets its name whole")                                      \
	X(unlink,           DISK,          any,       "what was begun and not finished; the log of the books at the end")            \
	X(ftruncate,        DISK,          any,       "CSV files back to the last commit; the books after a checkpoint")             \
	X(access,           DISK,          any,       "SQLite, where a file cannot be opened")                                       \
	X(getpid,           DISK,          any,       "SQLite, when it opens a file")                                                \
	X(mmap,             BOOT,          no_exec,   "arenas")                                                                      \
	X(munmap,           BOOT,          any,       "what only boot needed")                                                       \
	X(mprotect,         BOOT,          no_exec,   "regions of others become read-only")                                          \
	X(madvise,          BOOT,          any,       "keys stay out of core dumps and children")                                    \
	X(mlock,            BOOT,          any,       "keys are never swapped")                                                      \
	X(fork,             BOOT,          any,       "the watchdog's children")                                                     \
	X(wait4,            BOOT,          any,       "how they ended")                                                              \
	X(pidfd_open,       BOOT,          any,       "a name for good")                                                             \
	X(pidfd_send_signal, BOOT,         any,       "asks them to end")                                                            \
	X(tkill,            BOOT,          any,       "abort of a library")                                                          \
	X(gettid,           BOOT,          any,       "after a fork")                                                                \
	X(getppid,          BOOT,          any,       "did the parent die meanwhile")                                                \
	X(setpgid,          BOOT,          any,       "Ctrl-C is the watchdog's alone")                                              \
	X(prctl,            BOOT,          any,       "dies with its parent, no privileges, no dump, the filter")                    \
	X(close_range,      BOOT,          any,       "what is not its own")                                                         \
	X(prlimit64,        BOOT,          any,       "the same, on an older kernel; the stack")                                     \
	X(landlock_create_ruleset, BOOT,   any,       "before the filter")                                                           \
	X(landlock_add_rule, BOOT,         any,       "the same")                                                                    \
	X(landlock_restrict_self, BOOT,    any,       "the same")                                                                    \
	X(rt_sigprocmask,   BOOT,          any,       "no handler of the parent's runs in a child")                                  \
	X(signalfd4,        BOOT,          any,       "the watchdog reads its signals")                                              \
	X(ppoll,            BOOT,          any,       "the watchdog sleeps")                                                         \
	X(nanosleep,        BOOT,          any,       "a lock that is being left")                                                   \
	X(clock_nanosleep,  BOOT,          any,       "SQLite's wait for a lock")                                                    \
	X(eventfd2,         BOOT,          any,       "libev's own bell")                                                            \
	X(epoll_create1,    BOOT,          any,       "a loop of its own")                                                           \
	X(pipe2,            BOOT,          any,       "libev, where there is no eventfd")                                            \
	X(ioctl,            BOOT,          any,       "is it a terminal, how wide; a watchdog of the hardware")                      \
	X(writev,           BOOT,          any,       "a library's last words")                                                      \
	X(open,             BOOT,          any,       "journal, books, roots, name servers, the kernel's figures")                   \
	X(newfstatat,       BOOT,          any,       "the same")                                                                    \
	X(faccessat2,       BOOT,          any,       "the same")                                                                    \
	X(faccessat,        BOOT,          any,       "the same")                                                                    \
	X(statfs,           BOOT,          any,       "room on the disk")                                                            \
	X(readlink,         BOOT,          any,       "the map in the folder")                                                       \
	X(getdents64,       BOOT,          any,       "what lies in a folder")                                                       \
	X(getcwd,           BOOT,          any,       "SQLite")                                                                      \
	X(mkdir,            BOOT,          any,       "the folder of reports")                                                       \
	X(fallocate,        BOOT,          any,       "room for a file before it is needed")                                         \
	X(flock,            BOOT,          any,       "one writer of the journal; one watchdog of a folder")                         \
	X(renameat,         BOOT,          any,       "a new journal gets its name")                                                 \
	X(renameat2,        BOOT,          any,       "the same, never over another")                                                \
	X(unlinkat,         BOOT,          any,       "one that was not finished")                                                   \
	X(link,             BOOT,          any,       "a command into the letter box")                                               \
	X(sigaltstack,      BOOT,          any,       "a fatal signal is noted on a stack of its own")                               \
	X(symlink,          BOOT,          any,       "the map in the folder")                                                       \
	X(chmod,            BOOT,          any,       "the console is this user's")                                                  \
	X(fchmod,           BOOT,          any,       "the same; SQLite's files")                                                    \
	X(fchown,           BOOT,          any,       "SQLite's files are their folder's")                                           \
	X(bind,             BOOT,          any,       "the console")                                                                 \
	X(listen,           BOOT,          any,       "the same")                                                                    \
	X(getsockname,      BOOT,          any,       "where it listens")                                                            \
	X(getuid,           BOOT,          any,       "libev; whose file is it")                                                     \
	X(geteuid,          BOOT,          any,       "the same; whose console is it")                                               \
	X(getgid,           BOOT,          any,       "the same")                                                                    \
	X(getegid,          BOOT,          any,       "the same")                                                                    \
	X(uname,            BOOT,          any,       "what this kernel is")                                                         \
	X(sysinfo,          BOOT,          any,       "how much memory there is")                                                    \
	X(adjtimex,         BOOT,          any,       "is the clock kept")
// clang-format on

#define RULE_ID(rule, what) RULE_##rule,
enum rights_rule { RULES(RULE_ID) RULES_N };
#define CALL_COUNT(call, who, rule, why) +1
enum { RIGHTS_ROWS_N = 0 CALLS(CALL_COUNT) };

struct rights_row { const char *name, *why; uint32_t call, who, rule; };
extern const struct rights_row rights_rows[RIGHTS_ROWS_N];
extern const char *const       rights_rule_text[RULES_N];

/* Of a sealed process with these rights; RIGHTS_BOOT for BOOT. */
bool     rights_allow(const struct rights_row *row, uint32_t rights);
uint32_t rights_count(uint32_t rights);
/* Of a process of a layout: the union of its workers'. At a venue inside nobody needs the network. */
uint32_t rights_of(const struct layout *layout, const char *process, bool has_venue);

/* What a process is sealed with. Ports: those of its venue. */
struct rights { uint32_t mask; const char *folder; int32_t watchdog_pid; uint16_t port[RIGHTS_PORTS_MAX]; uint32_t ports; };

#define RIGHTS_NO_FILTER "the kernel takes no filter of system calls: it needs CONFIG_SECCOMP_FILTER, or a container that allows seccomp"
/* The filter of BOOT: of the watchdog, before its first fork. False: this kernel has no filters. */
bool rights_begin(void);
/* The end of BOOT. False after a sentence why not: then the process must end. */
enum { RIGHTS_SENTENCE_BYTES = 256 };
bool rights_seal(const struct rights *rights, char sentence[RIGHTS_SENTENCE_BYTES]);

#endif
