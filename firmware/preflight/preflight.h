/* preflight.h - checks, once, before any worker starts: what `tickwork run` needs of its machine, its folder and its venue; `tickwork doctor` shows them.
 *
 * preflight_run judges facts that are handed in (so a test hands in others) and looks itself at what has a place: the bars, the trust file, the
 * files in HOME. All checks are run, whatever the first says. A check ends
 *   OK        as it should be
 *   NOTE      it works, and could be better; only `doctor` and --dry-run say it
 *   WARNING   a person should read it; the run starts
 *   FAILURE   the run does not start
 * with one sentence: what was found and, unless it is OK, what to do. Nothing is made or kept: the run takes its own lock after it.
 *
 * The venue itself is asked by `venue_check`, when there is one: name, handshake, token and clock are the driver's to know. A new check is a row here
 * and a function check_NAME in the file of its subject. Row P12. */
#ifndef FIRMWARE_PREFLIGHT_PREFLIGHT_H
#define FIRMWARE_PREFLIGHT_PREFLIGHT_H
#include "firmware/cli/conf.h"
#include "firmware/cpu.h"
#include "firmware/modes/venue_plan.h"
#include "hal/linux/facts.h"
#include "hal/linux/secret.h"

/*        name             what is looked at */
#define PREFLIGHTS(X)                                                                              \
	X(clock, "the machine's clock: its date, and that it moves")                               \
	X(clock_kept, "who keeps the clock, and how far off it may be")                            \
	X(clock_source, "what the kernel reads time from")                                         \
	X(calendar, "today: a session or not, its hours, and that the calendars reach far enough") \
	X(room, "the disk of HOME: room for journal, books and reports")                           \
	X(folder, "HOME: writable, and a file in it can be synced")                                \
	X(file_system, "the file system of HOME: local, on a disk")                                \
	X(disk_sync, "how long one small write takes until it is durable")                         \
	X(disk_encrypted, "whether the disk of HOME is encrypted")                                 \
	X(home_private, "HOME is this user's alone")                                               \
	X(open_files, "descriptors allowed")                                                       \
	X(file_size, "the size a file may have")                                                   \
	X(address_space, "address space allowed")                                                  \
	X(processes, "processes allowed")                                                          \
	X(memory, "memory free and promised, against the declared budget")                         \
	X(memory_group, "memory the control group allows")                                         \
	X(swap, "swap: keys may be written there")                                                 \
	X(huge_pages, "transparent huge pages, which make small processes big")                    \
	X(oom, "how readily the kernel kills this program when memory is out")                     \
	X(processor, "what the processor must know")                                               \
	X(cores, "processors this program may use")                                                \
	X(cpu_steal, "processor time that the host took away since boot")                          \
	X(cpu_credits, "a burstable machine: what it may use for long")                            \
	X(kernel, "what the kernel must know")                                                     \
	X(sandbox, "what shuts a process in: filters, Landlock, seals")                            \
	X(random, "random numbers without waiting")                                                \
	X(core_dumps, "where a core dump would go")                                                \
	X(watchdog, "a watchdog device that restarts a machine that hangs")                        \
	X(user, "the user this runs as")                                                           \
	X(configuration, "HOME/tickwork.conf")                                                     \
	X(lock, "other instances in HOME")                                                         \
	X(journal, "HOME/journal: readable, continuous, its checksums")                            \
	X(books, "HOME/books.db: whole, by SQLite's own check")                                    \
	X(map, "HOME/map: the shared memory of a run, and of which build")                         \
	X(control, "HOME/control: the socket other programs ask")                                  \
	X(held_down, "processes held down, and who trades")                                        \
	X(deaths, "processes that died within a day")                                              \
	X(data, "the folder of bars, or the venue's addresses")                                    \
	X(data_age, "the newest bar of each symbol, against the calendar")                         \
	X(roots, "the root certificates a venue is trusted by")                                    \
	X(secrets, "the venue's keys: there, private")                                             \
	X(locked_memory, "memory that may be locked, for keys")                                    \
	X(command_line, "no key on the command line")                                              \
	X(environment, "no key left in the environment of a process above this one")               \
	X(live, "real money: that HOME/tickwork.conf allows it, and somebody names the account")   \
	X(venue, "the venue: reached, trusted, its token")                                         \
	X(venue_data, "the venue's data: reached, trusted, its token")                             \
	X(clock_venue, "the machine's clock against the venue's")                                  \
	X(account, "the account: of the mode, and with --live the one that was named")

#define PREFLIGHT_ENUM(name, what) PREFLIGHT_##name,
enum preflight_id { PREFLIGHTS(PREFLIGHT_ENUM) PREFLIGHTS_N };

enum preflight_verdict { PREFLIGHT_OK, PREFLIGHT_NOTE, PREFLIGHT_WARNING, PREFLIGHT_FAILURE, PREFLIGHT_VERDICTS_N };

/* Descriptors a run may have open at once, processes it forks; a sentence. */
enum { PREFLIGHT_FILES_MIN = 128, PREFLIGHT_PROCESSES_MIN = 16, PREFLIGHT_SENTENCE_BYTES = 1024 };

/* sentence: "what was found: what to do"; the first found_bytes of it are what was found, and what to do begins at advice_at (0: nothing is to be done). */
struct preflight_result {
	enum preflight_verdict verdict;
	uint16_t               found_bytes, advice_at;
	char                   sentence[PREFLIGHT_SENTENCE_BYTES];
};

/* Writes a result. What to do follows a line feed in the format, which stands after a colon or a semicolon and becomes a space: "3 are there:\nmake 4".
 * Any verdict but OK needs it (4301). */
void preflight_say(struct preflight_result *result, enum preflight_verdict verdict, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What was found at a host of the venue: the result, and the venue's time minus ours when it told one. */
enum preflight_host { PREFLIGHT_TRADING, PREFLIGHT_DATA, PREFLIGHT_HOSTS_N };
enum { PREFLIGHT_ACCOUNT_BYTES = 48 };
struct preflight_venue {
	struct preflight_result result;
	char                    account_number[PREFLIGHT_ACCOUNT_BYTES], account_id[PREFLIGHT_ACCOUNT_BYTES];        /* empty: not named */
	bool                    has_clock;
	int64_t                 ahead_s;
};
typedef void preflight_venue_fn(void *context, enum preflight_host host, const struct venue_plan *plan, const struct secrets *secrets,
    struct preflight_venue *found);

/* A secret in the environment of a process above this one, where whoever runs as this user reads it. pid 0: none. */
struct preflight_exposed {
	int32_t        pid;
	enum secret_id id;
};

/* The account of a live run, where the options do not give it: `ask` writes what a person types, or an empty text. The last check asks, and only when no
 * other has failed. */
struct preflight_account_words {
	void (*ask)(char account[PREFLIGHT_ACCOUNT_BYTES], const char *host);        /* 0: there is nobody */
	bool is_rehearsal;        /* nobody is asked: `doctor`, --dry-run */
	char text[PREFLIGHT_ACCOUNT_BYTES];
};

struct preflight {
	const char              *home;
	const char              *data;        /* the folder of bars; 0: none is given */
	const struct venue_plan *plan;
	const struct secrets    *secrets;
	const char              *secrets_refusal;        /* of secrets_take; "" when it was good */
	bool                     is_visit;        /* `doctor`: another instance in HOME is no failure, and has its memory already */
	struct facts             facts;
	struct facts_folder      folder;
	struct cpu               cpu;
	struct preflight_exposed exposed;
	preflight_venue_fn *venue_check;        /* 0: a venue outside is not asked, and that is a warning */
	void                   *venue_context;
	struct preflight_account_words account;
	struct conf             conf;        /* out: HOME/tickwork.conf, whose settings are in force for the checks too */
	int32_t                 holder_pid;        /* out: who runs in HOME, when that is known */
	struct preflight_venue  told;        /* out: by the trading host */
	struct preflight_result result[PREFLIGHTS_N];        /* out */
};

/* Fills in the facts of this machine, of HOME and of the environment above: the caller gave home. */
void preflight_look(struct preflight *preflight);
/* The worst verdict. */
enum preflight_verdict preflight_run(struct preflight *preflight);
/* The first check that failed; PREFLIGHTS_N when none did. */
enum preflight_id preflight_failed(const struct preflight *preflight);
/* A check whose failure is a rule of the operator's, not bad input: the keys of real money. */
static inline bool preflight_is_rule(enum preflight_id id) { return id == PREFLIGHT_live || id == PREFLIGHT_account; }

const char *preflight_name(enum preflight_id id);
const char *preflight_what(enum preflight_id id);
extern const char *const preflight_verdict_text[PREFLIGHT_VERDICTS_N];        /* "ok", "note", "warn", "FAIL" */

#endif
