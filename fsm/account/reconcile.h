/* reconcile.h - our books against the venue's: positions and cash of one snapshot, compared, flagged, never adopted.
 *
 * A snapshot is HOLDINGs and then one BALANCE with the same number; it is whole when as many HOLDINGs came as the BALANCE says. The owner
 * compares only when no order is in flight. What an order that is working may have done meanwhile is slack; beyond it 1e-8 a value is
 * tolerated, because inbound digits are truncated there.
 *
 *   UNCHECKED  not compared since the session came up
 *   CLEAN      the last comparison agreed
 *   SUSPECT    it did not, once: a fill may be on its way
 *   MISMATCH   it did not twice in a row, or at the first comparison of a session: no new risk
 *   REVIEWED   a person has seen the differences and resumed: these are known, any other counts anew
 * Left by a comparison that agrees, or by the operator's resume. Our positions never follow the venue's by themselves.
 * Holdings in symbols outside the universe are counted, not compared: they were never ours. Rows X10, R9, invariant 7. */
#ifndef FSM_ACCOUNT_RECONCILE_H
#define FSM_ACCOUNT_RECONCILE_H
#include "fsm/account/account.h"
#include "fsm/machines.h"

// clang-format off
#define RECONCILE_STATES(X, U) X(U, UNCHECKED) X(U, CLEAN) X(U, SUSPECT) X(U, MISMATCH) X(U, REVIEWED)
#define RECONCILE_EVENTS(X, U, s)                                                                        \
	X(U, s, AGREES, WORLD) X(U, s, KNOWN, WORLD) X(U, s, DIFFERS, WORLD)                             \
	X(U, s, SESSION_LOST, WORLD) X(U, s, RESUMED, WORLD)

#define RECONCILE_CELLS(GO, STAY, DROP, BUG)                                                             \
	GO  (RECONCILE, UNCHECKED, AGREES, CLEAN, reconcile_forget)                                      \
	GO  (RECONCILE, UNCHECKED, KNOWN, REVIEWED, reconcile_note)                                      \
	GO  (RECONCILE, UNCHECKED, DIFFERS, MISMATCH, reconcile_note)    /* nothing of ours is on its way yet */ \
	DROP(RECONCILE, UNCHECKED, SESSION_LOST)   DROP(RECONCILE, UNCHECKED, RESUMED)                   \
	                                                                                                 \
	STAY(RECONCILE, CLEAN, AGREES, reconcile_forget)                                                 \
	GO  (RECONCILE, CLEAN, KNOWN, REVIEWED, reconcile_note)                                          \
	GO  (RECONCILE, CLEAN, DIFFERS, SUSPECT, reconcile_note)                                         \
	GO  (RECONCILE, CLEAN, SESSION_LOST, UNCHECKED, reconcile_note)                                  \
	DROP(RECONCILE, CLEAN, RESUMED)                                                                  \
	                                                                                                 \
	GO  (RECONCILE, SUSPECT, AGREES, CLEAN, reconcile_forget)                                        \
	GO  (RECONCILE, SUSPECT, KNOWN, REVIEWED, reconcile_note)                                        \
	GO  (RECONCILE, SUSPECT, DIFFERS, MISMATCH, reconcile_note)                                      \
	GO  (RECONCILE, SUSPECT, SESSION_LOST, UNCHECKED, reconcile_note)                                \
	DROP(RECONCILE, SUSPECT, RESUMED)                                                                \
	                                                                                                 \
	GO  (RECONCILE, MISMATCH, AGREES, CLEAN, reconcile_forget)                                       \
	GO  (RECONCILE, MISMATCH, KNOWN, REVIEWED, reconcile_note)                                       \
	STAY(RECONCILE, MISMATCH, DIFFERS, reconcile_note)                                               \
	GO  (RECONCILE, MISMATCH, RESUMED, REVIEWED, reconcile_know)                                     \
	DROP(RECONCILE, MISMATCH, SESSION_LOST)                          /* a flag outlives the session */ \
	                                                                                                 \
	GO  (RECONCILE, REVIEWED, AGREES, CLEAN, reconcile_forget)                                       \
	STAY(RECONCILE, REVIEWED, KNOWN, reconcile_note)                                                 \
	GO  (RECONCILE, REVIEWED, DIFFERS, SUSPECT, reconcile_note)                                      \
	GO  (RECONCILE, REVIEWED, SESSION_LOST, UNCHECKED, reconcile_note)                               \
	DROP(RECONCILE, REVIEWED, RESUMED)
// clang-format on

MACHINE_DECLARE(reconcile, RECONCILE)

/* Venue minus ours. */
struct reconcile_gap { int64_t qty_e8[UNIVERSE_N], cash_usd_e8; };

struct reconcile {
	uint64_t             snapshot;             /* being collected; 0: none */
	struct reconcile_gap gap, known;           /* at the last comparison; those a person has seen */
	int64_t              venue_qty_e8[UNIVERSE_N];
	int64_t              whole_ns;             /* market time: what was executed before it is in the books; 0 before any comparison agreed */
	uint32_t             holdings, foreign;    /* of this snapshot: all, and those outside the universe */
	uint32_t             compared, skipped, broken;        /* snapshots ever: compared, not comparable, not whole */
	uint8_t              state, has_compared, pad[2];      /* has_compared: since the session came up */
};

/* What working orders may have done to the venue's numbers that we have not heard of yet; all at least 0. */
struct reconcile_slack { int64_t buys_e8[UNIVERSE_N], sells_e8[UNIVERSE_N], cash_less_usd_e8, cash_more_usd_e8; };

/* Begins a snapshot with its first HOLDING. sym SYM_NONE: outside the universe. */
void reconcile_on_holding(struct reconcile *reconcile, uint16_t sym, const struct holding *holding);
/* True when this ends a whole snapshot; whole or not, the next HOLDING begins another. */
bool reconcile_on_balance(struct reconcile *reconcile, const struct balance *balance);
/* Compares, remembers the gap, and says which event that is: RECONCILE_EV_AGREES, _KNOWN or _DIFFERS. */
uint8_t reconcile_compare(struct reconcile *reconcile, const struct account *account, const struct balance *balance,
    const struct reconcile_slack *slack);
/* How many values differ (cash is one), and the largest difference of a quantity. */
void reconcile_describe(const struct reconcile *reconcile, struct reconcile_note *note);

static inline bool reconcile_allows_more(const struct reconcile *reconcile) { return reconcile->state != RECONCILE_MISMATCH; }
static inline bool reconcile_is_settled(const struct reconcile *reconcile)
{
	return reconcile->state == RECONCILE_CLEAN || reconcile->state == RECONCILE_REVIEWED;
}

#endif
