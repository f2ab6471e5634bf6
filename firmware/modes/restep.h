/* restep.h - steps a journal's INPUTs again and compares every RESULT and every hash with what it says.
 *
 *   journal_read_open(&restep->reader, ...); restep_begin(restep) == JOURNAL_OK; restep_all(restep)
 * Then differs says what was not the same, 0 that all was, and differ_at is the byte; reader.end says how the journal ended. It starts from
 * the first snapshot; record.state_hash is then what its state should have. Nothing is sent. The caller owns the struct, zeroed. Rows X2, P15. */
#ifndef FIRMWARE_MODES_RESTEP_H
#define FIRMWARE_MODES_RESTEP_H
#include "fsm/desk/desk.h"
#include "hal/store/journal_read.h"

#define RESTEP_ALL UINT64_MAX

struct restep {
	struct journal_reader reader;
	struct journal_record record;
	struct desk           desk;
	struct machine_log    log;
	struct outbox         out;
	uint64_t              inputs, results, hashes, snapshots, differ_at;
	const char           *differs;
	uint64_t              to;             /* the last INPUT that is wanted */
	bool                  stepped;        /* the last INPUT has no RESULT yet */
};

/* Finds the oldest snapshot and takes its state. JOURNAL_OK; OTHER_BUILD: it may only be adopted; NO_SNAPSHOT, DISK_FAILED. */
enum journal_verdict restep_begin(struct restep *restep);
void restep_all(struct restep *restep);
/* Everything up to the INPUT that was asked for has been stepped, and its RESULT compared. */
bool restep_is_there(const struct restep *restep);

#endif
