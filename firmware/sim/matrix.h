/* matrix.h - the crash matrix: a short scenario, ended at each call of the desk's process in each of the ways of HOUSE_RUINS, brought back, held against
 * the undisturbed run. `tickwork sim --crash-matrix`; rows P15, X2, X10, X11, invariant 4.
 *
 * What must hold in each cell is what holds in any run of the house (house.h): no order leaves twice, none that adds risk before its record is
 * durable, every fill is booked once, and at the end positions, cash and orders are the venue's. Then the journal, stepped again, must give each of its
 * results and the desk's last state. Beside that a cell says how the run ended:
 *
 *   SAME       positions, cash, orders and fills at the venue as if nothing had happened
 *   OTHER      everything holds, and an entry was not made or made later: what had not left is never sent again, and nothing new is entered
 *              until the venue is understood again; with recovery_cancel_entries, what worked at the crash was cancelled
 *   VIOLATED   something did not hold; the sentence says what
 *   FOUND      only where the disk has lied (HOUSE_LIES): the journal says that it is damaged, to the desk, which then does not start and sends nothing, or
 *              to whoever reads all of it
 *
 * A disk that lies is a second table: at each write and each sync one lie, and so many calls later the end. */
#ifndef FIRMWARE_SIM_MATRIX_H
#define FIRMWARE_SIM_MATRIX_H
#include "firmware/modes/restep.h"
#include "firmware/sim/house.h"

#define MATRIX_VERDICTS(X) X(SAME, "same") X(OTHER, "other") X(VIOLATED, "VIOLATED") X(FOUND, "found")
#define MATRIX_VERDICT_ID(name, text) MATRIX_##name,
enum matrix_verdict { MATRIX_VERDICTS(MATRIX_VERDICT_ID) MATRIX_VERDICTS_N };

enum { MATRIX_WINDOW_BYTES = 1 << 20 };

/* How a run ended, at the venue. */
struct matrix_end {
	int64_t  cash_usd_e8, qty_e8[UNIVERSE_N];
	uint64_t orders, fills;
};

struct matrix {
	uint64_t            seed;
	int32_t             days;
	bool                keeps_entries;
	struct matrix_end   calm;                          /* of the undisturbed run */
	uint64_t            calls;                         /* of the desk's process in it */
	struct house_called called[HOUSE_CALLED_MAX];
	uint64_t            cells[HOUSE_RUINS_N][MATRIX_VERDICTS_N];
	uint64_t            by_call[HOUSE_CALLS_N][MATRIX_VERDICTS_N];
	uint64_t            lies[HOUSE_LIES_N][MATRIX_VERDICTS_N];
	char                sentence[HOUSE_SENTENCE_BYTES]; /* of the last cell that was VIOLATED, or why there is no matrix */
	struct restep       restep;
	uint8_t             window[MATRIX_WINDOW_BYTES];
};

extern const char *const matrix_verdict_text[MATRIX_VERDICTS_N];

/* The undisturbed run. keeps_entries: with recovery_cancel_entries 0, so that an entry which worked at the crash works on, and more ends are SAME.
 * False: the sentence says why not. The struct is the caller's, zeroed. */
bool matrix_begin(struct matrix *matrix, uint64_t seed, int32_t days, bool keeps_entries);
/* One cell, call from 1 to matrix->calls. */
enum matrix_verdict matrix_cell(struct matrix *matrix, uint64_t call, enum house_ruin ruin);
/* True where the disk can lie so, at a write or at a sync, with so many calls after it. */
bool matrix_may_lie(const struct matrix *matrix, uint64_t call, enum house_lie lie, uint32_t after);
/* One cell of the second table. After a write that was none the process is killed or the power goes, by the number of the call; after a sync that was
 * none the power goes. */
enum matrix_verdict matrix_lie(struct matrix *matrix, uint64_t call, enum house_lie lie, uint32_t after);

#endif
