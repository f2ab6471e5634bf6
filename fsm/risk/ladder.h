/* ladder.h - the four risk levels by drawdown from peak NAV, and the way back (document 04 §4.3.3, §4.3.4).
 *
 *   LEVEL1   5 %   no new crypto, a higher confidence threshold
 *   LEVEL2   8 %   sells 25 % of each position, closes crypto, then only sells
 *   LEVEL3  12 %   sells 50 % of each position, then only sells; a person reviews
 *   LEVEL4  15 %   sells everything; then OUT until quiet_days sessions in a row were quiet, READY until a person confirms
 *   RECOVERY       25 % of the normal size, 25 % more a week, leverage 1.0; the peak is rebased to the NAV at confirmation
 *
 * A deeper level allows nothing that a lighter one forbids: the document's "safe havens only" of level 3 could only buy what level 2 refuses.
 *
 * The drawdown is classified once for each mark (DD_CLEAR, DD_1 ... DD_4) and stepped. LEVEL1 and LEVEL2 clear by themselves when the
 * drawdown falls below them; LEVEL3 and LEVEL4 never do. A book that is only allowed to sell can end in cash with its drawdown frozen, so
 * LEVEL2 and LEVEL3 held for review_sessions open a review as well: CONFIRM is a way out of every level. Rows R1, R4. */
#ifndef FSM_RISK_LADDER_H
#define FSM_RISK_LADDER_H
#include "fsm/machines.h"
#include "fsm/settings.h"

// clang-format off
#define LADDER_STATES(X, U) \
	X(U, CLEAR) X(U, LEVEL1) X(U, LEVEL2) X(U, LEVEL3) X(U, LEVEL4) X(U, OUT) X(U, READY) X(U, RECOVERY)
#define LADDER_EVENTS(X, U, s)                                                                           \
	X(U, s, DD_CLEAR, WORLD) X(U, s, DD_1, WORLD) X(U, s, DD_2, WORLD) X(U, s, DD_3, WORLD)          \
	X(U, s, DD_4, WORLD)     X(U, s, FLAT, WORLD) X(U, s, QUIET, WORLD) X(U, s, NOISY, WORLD)        \
	X(U, s, HELD, US)        X(U, s, CONFIRM, WORLD) X(U, s, WEEK, US)  X(U, s, RAMPED, US)          \
	X(U, s, OPENED, WORLD)
/* what every level does with a deeper drawdown */
#define LADDER_DOWN(GO, U, s)                                                                            \
	GO  (U, s, DD_4, LEVEL4, ladder_liquidate)
#define LADDER_NOT_OUT(DROP, U, s)                                                                       \
	DROP(U, s, FLAT)  DROP(U, s, QUIET)  DROP(U, s, NOISY)  DROP(U, s, OPENED)
#define LADDER_NO_RAMP(BUG, U, s)                                                                        \
	BUG (U, s, WEEK)  BUG (U, s, RAMPED)
#define LADDER_CELLS(GO, STAY, DROP, BUG)                                                                \
	DROP(LADDER, CLEAR, DD_CLEAR)                                                                    \
	GO  (LADDER, CLEAR, DD_1, LEVEL1, ladder_warn)                                                   \
	GO  (LADDER, CLEAR, DD_2, LEVEL2, ladder_reduce_quarter)                                         \
	GO  (LADDER, CLEAR, DD_3, LEVEL3, ladder_reduce_half)                                            \
	LADDER_DOWN(GO, LADDER, CLEAR)                                                                   \
	LADDER_NOT_OUT(DROP, LADDER, CLEAR)  LADDER_NO_RAMP(BUG, LADDER, CLEAR)                          \
	BUG (LADDER, CLEAR, HELD)            DROP(LADDER, CLEAR, CONFIRM)                                \
	                                                                                                 \
	GO  (LADDER, LEVEL1, DD_CLEAR, CLEAR, ladder_clear)                                              \
	DROP(LADDER, LEVEL1, DD_1)                                                                       \
	GO  (LADDER, LEVEL1, DD_2, LEVEL2, ladder_reduce_quarter)                                        \
	GO  (LADDER, LEVEL1, DD_3, LEVEL3, ladder_reduce_half)                                           \
	LADDER_DOWN(GO, LADDER, LEVEL1)                                                                  \
	LADDER_NOT_OUT(DROP, LADDER, LEVEL1) LADDER_NO_RAMP(BUG, LADDER, LEVEL1)                         \
	BUG (LADDER, LEVEL1, HELD)           DROP(LADDER, LEVEL1, CONFIRM)                               \
	                                                                                                 \
	GO  (LADDER, LEVEL2, DD_CLEAR, CLEAR, ladder_clear)                                              \
	GO  (LADDER, LEVEL2, DD_1, LEVEL1, ladder_warn)                                                  \
	DROP(LADDER, LEVEL2, DD_2)                                                                       \
	GO  (LADDER, LEVEL2, DD_3, LEVEL3, ladder_reduce_half)                                           \
	LADDER_DOWN(GO, LADDER, LEVEL2)                                                                  \
	LADDER_NOT_OUT(DROP, LADDER, LEVEL2) LADDER_NO_RAMP(BUG, LADDER, LEVEL2)                         \
	STAY(LADDER, LEVEL2, HELD, ladder_ask_review)                                                    \
	GO  (LADDER, LEVEL2, CONFIRM, RECOVERY, ladder_rebase)                                           \
	                                                                                                 \
	DROP(LADDER, LEVEL3, DD_CLEAR)       DROP(LADDER, LEVEL3, DD_1)                                  \
	DROP(LADDER, LEVEL3, DD_2)           DROP(LADDER, LEVEL3, DD_3)                                  \
	LADDER_DOWN(GO, LADDER, LEVEL3)                                                                  \
	LADDER_NOT_OUT(DROP, LADDER, LEVEL3) LADDER_NO_RAMP(BUG, LADDER, LEVEL3)                         \
	STAY(LADDER, LEVEL3, HELD, ladder_ask_review)                                                    \
	GO  (LADDER, LEVEL3, CONFIRM, RECOVERY, ladder_rebase)                                           \
	                                                                                                 \
	STAY(LADDER, LEVEL4, DD_CLEAR, ladder_liquidate)         /* whatever is left, at every mark: */  \
	STAY(LADDER, LEVEL4, DD_1, ladder_liquidate)             /* a refused sale is sent again even */ \
	STAY(LADDER, LEVEL4, DD_2, ladder_liquidate)             /* when the drawdown has recovered */   \
	STAY(LADDER, LEVEL4, DD_3, ladder_liquidate)                                                     \
	STAY(LADDER, LEVEL4, DD_4, ladder_liquidate)                                                     \
	GO  (LADDER, LEVEL4, FLAT, OUT, ladder_wait)                                                     \
	DROP(LADDER, LEVEL4, QUIET)          DROP(LADDER, LEVEL4, NOISY)                                 \
	DROP(LADDER, LEVEL4, OPENED)                             /* the next mark sells it */            \
	BUG (LADDER, LEVEL4, HELD)           DROP(LADDER, LEVEL4, CONFIRM)                               \
	LADDER_NO_RAMP(BUG, LADDER, LEVEL4)                                                              \
	                                                                                                 \
	DROP(LADDER, OUT, DD_CLEAR)  DROP(LADDER, OUT, DD_1)  DROP(LADDER, OUT, DD_2)                    \
	DROP(LADDER, OUT, DD_3)      DROP(LADDER, OUT, DD_4)  DROP(LADDER, OUT, FLAT)                    \
	GO  (LADDER, OUT, QUIET, READY, ladder_ask_review)                                               \
	GO  (LADDER, OUT, OPENED, LEVEL4, ladder_liquidate)      /* a late fill: out again */            \
	DROP(LADDER, OUT, NOISY)     BUG (LADDER, OUT, HELD)  DROP(LADDER, OUT, CONFIRM)                 \
	LADDER_NO_RAMP(BUG, LADDER, OUT)                                                                 \
	                                                                                                 \
	DROP(LADDER, READY, DD_CLEAR)  DROP(LADDER, READY, DD_1)  DROP(LADDER, READY, DD_2)              \
	DROP(LADDER, READY, DD_3)      DROP(LADDER, READY, DD_4)  DROP(LADDER, READY, FLAT)              \
	DROP(LADDER, READY, QUIET)     GO  (LADDER, READY, NOISY, OUT, ladder_wait)                      \
	BUG (LADDER, READY, HELD)      GO  (LADDER, READY, CONFIRM, RECOVERY, ladder_rebase)             \
	GO  (LADDER, READY, OPENED, LEVEL4, ladder_liquidate)                                            \
	LADDER_NO_RAMP(BUG, LADDER, READY)                                                               \
	                                                                                                 \
	DROP(LADDER, RECOVERY, DD_CLEAR)     DROP(LADDER, RECOVERY, DD_1)                                \
	GO  (LADDER, RECOVERY, DD_2, LEVEL2, ladder_reduce_quarter)                                      \
	GO  (LADDER, RECOVERY, DD_3, LEVEL3, ladder_reduce_half)                                         \
	LADDER_DOWN(GO, LADDER, RECOVERY)                                                                \
	LADDER_NOT_OUT(DROP, LADDER, RECOVERY)                                                           \
	BUG (LADDER, RECOVERY, HELD)         DROP(LADDER, RECOVERY, CONFIRM)                             \
	STAY(LADDER, RECOVERY, WEEK, ladder_ramp)                                                        \
	GO  (LADDER, RECOVERY, RAMPED, CLEAR, ladder_clear)
// clang-format on

MACHINE_DECLARE(ladder, LADDER)

/* What the ladder asks of the desk after a step; the desk clears it. */
enum ladder_duty { LADDER_DUTY_NONE, LADDER_DUTY_REDUCE_QUARTER, LADDER_DUTY_REDUCE_HALF, LADDER_DUTY_FLATTEN, LADDER_DUTY_REBASE };

struct ladder {
	int64_t peak_nav_usd_e8;
	int32_t drawdown_bp;
	int32_t sessions_held;      /* sessions in this state */
	int32_t quiet_sessions;     /* in a row, while OUT */
	int32_t weeks;              /* in RECOVERY */
	uint8_t state, duty, review_open, confirms, pad[4];
};

/* The event that a mark is, by the settings in force: the drawdown's class, or, where that is deeper, the level that correlation asks for (0-2). */
uint8_t ladder_classify(const struct settings *settings, int32_t drawdown_bp, uint8_t correlation_level);
/* 0-4 for people and reports; RECOVERY counts as 1, OUT and READY as 4. */
uint8_t ladder_level(const struct ladder *ladder);
/* The share of a normal target that recovery allows, in bp. */
int32_t ladder_ramp_bp(const struct settings *settings, const struct ladder *ladder);

#endif
