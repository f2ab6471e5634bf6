/* home.h - the folder of one appliance: lock, tickwork.conf, journal. What a run opens in BOOT, and how it comes back.
 *
 *   HOME/lock            held by the running instance
 *   HOME/tickwork.conf   what this machine tightens
 *   HOME/journal         the desk's journal, a circle of CFG_journal_segments
 *   HOME/books.db, orders.csv, signals.csv, fills.csv, reports/   the ledger's
 *
 * Coming back: the desk is rebuilt from the journal alone (newest snapshot, then every INPUT stepped again and every RESULT compared).
 * In a recorded or generated market the rest of the process is rebuilt by running the period again from its start in shadow; where
 * the re-run meets the journal's end its state must have the same hash, else the run refuses: other data or settings. Rows P15, P18, X2. */
#ifndef FIRMWARE_MODES_HOME_H
#define FIRMWARE_MODES_HOME_H
#include "firmware/cli/conf.h"
#include "firmware/modes/recorder.h"
#include "hal/store/journal_read.h"

enum { HOME_SENTENCE_MAX = 1024, HOME_WINDOW_BYTES = 1 << 20, HOME_BUFFER_BYTES = 1 << 20 };

struct home {
	const char           *folder;
	struct conf           conf;
	struct disk_linux     own_disk;         /* the folder's */
	struct disk          *disk;             /* where the journal is; given before home_read by a simulation, whose conf is then given, too */
	struct journal        journal;
	struct journal_setup  setup;
	struct journal_reader reader;
	struct desk           desk;             /* as the journal has it */
	struct machine_log    log;
	struct event          in;               /* the journal's last input, and what the desk said to it */
	struct outbox         out;
	uint64_t              journal_id, open_input, replayed;
	enum trade_mode       mode;             /* given before home_read: a journal of another one is refused */
	bool                  comes_back, journal_open, was_cut;
	int                   lock_fd;          /* a child that keeps it holds the lock too */
	char                  sentence[HOME_SENTENCE_MAX];
	uint8_t               window[HOME_WINDOW_BYTES], buffer[HOME_BUFFER_BYTES];
};

/* Makes the folder and takes the lock for this process's life; then reads tickwork.conf, and the journal when there is one. False: the sentence says
 * why. home_open does both. */
bool home_lock(struct home *home, const char *folder);
bool home_read(struct home *home, const char *folder);
bool home_open(struct home *home, const char *folder);
/* Creates the journal, or continues the one that was read, and gives it to the pump. */
bool home_attach(struct home *home, struct pump *pump);
/* What came from outside (pump_comes_from_outside: commands of people, conditions) and the journal still has, oldest first, each with its number as
 * cause; at most `room`. A re-run from the beginning needs it. Reads the journal by a reader of its own, `window` its room. */
enum { HOME_COMMANDS_MAX = 1024 };
uint32_t home_commands(struct home *home, struct journal_reader *reader, uint8_t *window, size_t window_bytes, struct event *commands, uint32_t room);
/* The desk's process: its desk is the journal's, nothing is re-run. The last step's outputs go out once more, because a predecessor may have died
 * before all were out; its RESULT is written when only its INPUT was. */
bool home_continue(struct home *home, struct pump *pump);
/* The journal gets its last word: the run ended on purpose, in this state. */
enum journal_verdict home_close(struct home *home, uint64_t state_hash);
/* The journal stays as it is: of a run that has not come back to where the journal ends, there is nothing to say. */
void home_abandon(struct home *home);

#endif
