/* appliance.h - `tickwork run` in several processes: boot, then the watchdog over the processes of the layout.
 *
 *   lock      HOME is ours for as long as this process lives
 *   map       HOME/map, made anew; and shared memory for the bars
 *   boot      a child of its own loads the bars, runs history, and where the journal goes on from before runs the period again in shadow up to
 *             its end; it leaves every worker as a successor wants to find it (firmware/commit.h) and ends
 *   run       the watchdog forks the processes; from then on each may die at any time (firmware/runner.h)
 *   end       the market is over, or a signal: the market stops first, then the desk, the books last
 *
 * Rows P1, P3, P4, P15. */
#ifndef FIRMWARE_MODES_APPLIANCE_H
#define FIRMWARE_MODES_APPLIANCE_H
#include "firmware/care.h"
#include "firmware/cli/cli.h"
#include "firmware/cli/status_line.h"
#include "firmware/modes/venue_plan.h"
#include "firmware/progress.h"
#include "firmware/runner.h"
#include "firmware/watchdog.h"

/* What boot leaves behind for everyone, in shared memory. */
struct boot_word {
	struct trading trading;
	uint64_t       journal_id;
	uint64_t       journal_inputs;                   /* the journal's last input, when it goes on from before */
	uint32_t       comes_back, was_cut, is_ready, trap;
	char           sentence[HOME_SENTENCE_MAX];      /* why not */
};

struct appliance {
	struct runner_plan  plan;
	struct boot_word    *boot;
	int                  lock_fd;                    /* of HOME, kept by every process */
	struct home         *home;                       /* until boot is done: the lock; in boot: the journal */
	struct watchdog_plan watch;
	struct progress      progress[LIFE_ROWS];
	struct care          care;
	struct watchdog      dog;
	const struct worker_progress *word[LAYOUT_PROCESSES_MAX][WORKERS_N];
	const struct worker_trace    *trace[LAYOUT_PROCESSES_MAX][WORKERS_N];
	struct status_line   line;
	struct cli          *cli;
	struct trading_plan  days;
	int                  keep[LAYOUT_PROCESSES_MAX][LAYOUT_PROCESSES_MAX + 1 + SECRET_PAIRS_N];        /* descriptors of each process: bells, lock, keys */
	char                 trust[FILES_PATH_MAX];      /* the roots, where none are given: HOME/roots.pem */
};

/* After the checks before a run (doctor.h); the secrets were taken for them, and are the appliance's from here on. */
int appliance_run(struct cli *cli, const struct layout *layout, const struct trading_plan *days, const struct venue_plan *venue, const struct secrets *secrets);

/* process_main of the boot child. */
int appliance_boot(void *context, uint32_t row);
/* It has ended before it was ready and has not said why: into HOME/lastwords and HOME/blackbox, as the watchdog does it later for the others. */
struct boot_end { int32_t pid, status; uint32_t deaths; int64_t lived_ns; };
void appliance_bury_boot(struct appliance *appliance, const struct boot_end *end);

#endif
