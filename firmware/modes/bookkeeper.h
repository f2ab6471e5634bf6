/* bookkeeper.h - the ledger as a listener of this process: feeds it, and feeds it again when it has been behind.
 *
 * The ledger's failing never stops the desk. While it is behind (full disk, damaged books) its events are not kept here: they are in the
 * journal. At each day end it is asked whether the world has got better; then everything from its cursor on is read from the journal.
 *
 * A run that comes back brings the books up to the journal's end first and does not listen to the shadow run: bars that are not the
 * journal's must leave no trace. Two exceptions: books that the journal can no longer fill (their next record's place was used again)
 * are filled by the shadow run; and quarantines, which the journal does not have, wait until the shadow has proven itself. */
#ifndef FIRMWARE_MODES_BOOKKEEPER_H
#define FIRMWARE_MODES_BOOKKEEPER_H
#include "firmware/modes/home.h"
#include "firmware/workers/ledger.h"

enum { KEEPER_QUARANTINES_MAX = 64 };        /* of a shadow run, the latest; older ones are in the books since their day's end */

struct bookkeeper {
	struct ledger         ledger;
	struct home          *home;
	struct pump          *pump;
	struct journal_reader reader;
	struct account_note   last;             /* the latest account, for the status line */
	uint64_t              sessions, projected_seq, catch_ups;
	int32_t               day, first_day, last_day;
	bool                  behind, day_ended, fills_from_shadow;
	uint64_t              quarantines;      /* seen in shadow */
	struct event          quarantine[KEEPER_QUARANTINES_MAX];
	_Alignas(16) uint8_t  heap[CFG_ledger_heap_kib * 1024];
	uint8_t               window[HOME_WINDOW_BYTES];
};

/* BOOT. False: keeper->ledger.sentence says why. */
bool bookkeeper_open(struct bookkeeper *keeper, struct home *home, struct pump *pump, int64_t initial_usd_e8);
/* pump_listener, and the pump's question how far the books are. */
void     bookkeeper_on_result(void *self, const struct event *event);
uint64_t bookkeeper_projected_seq(void *self);
bool     bookkeeper_close(struct bookkeeper *keeper);

#endif
