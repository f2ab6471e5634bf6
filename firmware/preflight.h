/* preflight.h - ten checks, once, before any worker starts: what `tickwork run` needs of its machine, its folder and its venue.
 *
 * preflight_run judges facts that are handed in (so a test hands in others) and looks itself at what has a place: HOME, the bars, the
 * trust file, the lock. All ten are run, whatever the first says. A check ends OK, in a WARNING a person should read (the run starts), or in a
 * FAILURE with the sentence that names what to change (the run does not start). Nothing is made or kept: the run takes its own lock after it.
 *
 * The venue itself is asked by `venue_check`, when there is one: name, handshake, token and clock are the driver's to know. Row P12. */
#ifndef FIRMWARE_PREFLIGHT_H
#define FIRMWARE_PREFLIGHT_H
#include "firmware/cli/conf.h"
#include "firmware/cpu.h"
#include "firmware/modes/venue_plan.h"
#include "hal/linux/facts.h"
#include "hal/linux/secret.h"

/*        name           what is looked at */
#define PREFLIGHTS(X)                                                                                  \
	X(clock,         "the machine's clock: its date, that it moves, who keeps it")                 \
	X(folder,        "HOME: writable, synced to a disk, room for journal and books")               \
	X(limits,        "descriptors, file size, address space and memory allowed and free")          \
	X(kernel,        "what the kernel must know")                                                  \
	X(processor,     "what the processor must know")                                               \
	X(configuration, "HOME/tickwork.conf")                                                         \
	X(data,          "the folder of bars, or the venue's addresses and root")                      \
	X(secrets,       "the venue's keys: there, private, not on the command line")                  \
	X(venue,         "the venue: reached, trusted, its token, its clock against ours")             \
	X(lock,          "no other instance in HOME")

#define PREFLIGHT_ENUM(name, what) PREFLIGHT_##name,
enum preflight_id { PREFLIGHTS(PREFLIGHT_ENUM) PREFLIGHTS_N };

enum preflight_verdict { PREFLIGHT_OK, PREFLIGHT_WARNING, PREFLIGHT_FAILURE };

/* Descriptors a run may have open at once; a sentence. */
enum { PREFLIGHT_FILES_MIN = 128, PREFLIGHT_SENTENCE_BYTES = 1024 };

struct preflight_result { enum preflight_verdict verdict; char sentence[PREFLIGHT_SENTENCE_BYTES]; };

/* What was found at the venue: the result, and the venue's time minus ours when it told one. */
struct preflight_venue { struct preflight_result result; bool has_clock; int64_t ahead_s; };
typedef void preflight_venue_fn(void *context, const struct venue_plan *plan, const struct secrets *secrets, struct preflight_venue *found);

struct preflight {
	const char              *home;
	const char              *data;                   /* the folder of bars; 0: none is given */
	const struct venue_plan *plan;
	const struct secrets    *secrets;
	const char              *secrets_refusal;        /* of secrets_take; "" when it was good */
	struct facts           facts;
	struct cpu               cpu;
	preflight_venue_fn      *venue_check;            /* 0: a venue outside is not asked, and that is a warning */
	void                    *venue_context;
	struct conf              conf;                   /* out: HOME/tickwork.conf, whose settings are in force for the checks too */
	struct preflight_result  result[PREFLIGHTS_N];   /* out */
};

/* The worst verdict. */
enum preflight_verdict preflight_run(struct preflight *preflight);
/* The first check that failed; PREFLIGHTS_N when none did. */
enum preflight_id preflight_failed(const struct preflight *preflight);

const char *preflight_name(enum preflight_id id);
const char *preflight_what(enum preflight_id id);
extern const char *const preflight_verdict_text[];        /* "ok", "warn", "FAIL" */

#endif
