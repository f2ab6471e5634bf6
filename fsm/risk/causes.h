/* causes.h - every reason to trade less, one row each: what it does, how it ends, who may end it, and the sentence for a person.
 *
 * CAUSES rows: name, action, how it clears, who may override, does it open a review, text (why), way out (how it ends).
 *   BOOK_CAUSES concern the whole book, SYMBOL_CAUSES one symbol of it. A refusal of the desk names the row that refused (fsm/desk/ticket.h).
 *   The action is ordered, and each contains those before it: where several causes are in force the worst one decides, for a symbol the
 *   worst of the book's and its own. Among equals the first row is named.
 * Whether a cause is in force is a function of the desk's state alone (fsm/desk/desk_causes.c): nothing is switched on here and forgotten.
 * Exits are never asked. Rows R1, R2, R4, R9, S3; document 04 sections 4.3.2 to 4.3.5. */
#ifndef FSM_RISK_CAUSES_H
#define FSM_RISK_CAUSES_H
#include "fsm/settings.h"

/*   WARN         it is said and shown; the sizes may know it
 *   CAUTION      and: no new crypto, and only signals above confidence_level1_bp
 *   NO_NEW_RISK  and: nothing grows
 *   REDUCE       and: a part was sold when it began
 *   FLATTEN      and: everything is sold, again at each mark until nothing is left */
#define CAUSE_ACTIONS(X) X(NONE, "none") X(WARN, "warn") X(CAUTION, "caution") X(NO_NEW_RISK, "no new risk") X(REDUCE, "reduce") X(FLATTEN, "flatten")
#define CAUSE_CLEARS(X)  X(ITSELF, "by itself") X(TIME, "by time") X(OPERATOR, "by the operator")
#define CAUSE_OVERRIDES(X) X(NOBODY, "nobody") X(RESUME, "resume") X(CONFIRM, "confirm") X(RELEASE, "release") X(ACK, "ack")
/* An escalation opens a review: an item that is OPEN until a person acknowledges it (`tickwork ack`) or its cause ends, CLOSED then. One that stays OPEN for
 * unacknowledged_sessions is a cause itself: silence lowers the risk. */
#define CAUSE_REVIEWS(X) X(NONE, "-") X(OPEN, "open") X(ACKNOWLEDGED, "acknowledged") X(CLOSED, "closed")
enum { CAUSE_OPENS_PLAIN, CAUSE_OPENS_REVIEW };

// clang-format off
#define BOOK_CAUSES(X)                                                                                                               \
	/* name          action       clears    override  review   why, and the way out                                              */ \
	X(JOURNAL,    NO_NEW_RISK, OPERATOR, NOBODY,   REVIEW, "the journal is lost",                                                           \
	                                               "a start with a disk that can be written")                                      \
	X(FILES,      NO_NEW_RISK, ITSELF,   NOBODY,   REVIEW, "the journal or the books were removed or replaced while in use",            \
	                                               "when they are back in their place, or after a new start")                      \
	X(HALTED,     NO_NEW_RISK, OPERATOR, RESUME,   PLAIN,  "halted by the operator",                                                        \
	                                               "tickwork resume")                                                              \
	X(PAUSED,     NO_NEW_RISK, OPERATOR, RESUME,   PLAIN,  "paused by the operator",                                                        \
	                                               "tickwork resume")                                                              \
	X(DEGRADED,   NO_NEW_RISK, OPERATOR, RELEASE,  REVIEW, "a part of the appliance is held down",                                          \
	                                               "tickwork release, and the part is ready")                                      \
	X(LEVEL4,     FLATTEN,     ITSELF,   NOBODY,   REVIEW, "risk level 4: everything is sold",                                              \
	                                               "when nothing is held any more; then it waits for quiet")                       \
	X(LEVEL3,     REDUCE,      OPERATOR, CONFIRM,  REVIEW, "risk level 3: half is sold, then only sales, and a person reviews",             \
	                                               "tickwork confirm")                                                             \
	X(LEVEL2,     REDUCE,      ITSELF,   CONFIRM,  REVIEW, "risk level 2: a quarter is sold, crypto is closed, then only sales",            \
	                                               "when the drawdown is below level 2; tickwork confirm")                         \
	X(OUT,        NO_NEW_RISK, TIME,     NOBODY,   PLAIN,  "out of the market until it was quiet",                                          \
	                                               "after quiet_days sessions in a row below high volatility")                     \
	X(READY,      NO_NEW_RISK, OPERATOR, CONFIRM,  REVIEW, "out of the market until a person confirms",                                     \
	                                               "tickwork confirm")                                                             \
	X(VENUE,      NO_NEW_RISK, ITSELF,   NOBODY,   PLAIN,  "the venue is away",                                                             \
	                                               "when its session is up again")                                                 \
	X(RECOVERY,   NO_NEW_RISK, ITSELF,   NOBODY,   PLAIN,  "coming back to the venue: its orders and positions are being checked",          \
	                                               "when every order has its answer and the books agree")                          \
	X(RECONCILE,  NO_NEW_RISK, OPERATOR, RESUME,   REVIEW, "the venue's books differ from ours: review, then resume",                       \
	                                               "when they agree again; tickwork resume")                                       \
	X(BLOCKED,    NO_NEW_RISK, ITSELF,   NOBODY,   REVIEW, "the venue has blocked the account",                                             \
	                                               "when the venue lifts it")                                                      \
	X(UNACKNOWLEDGED, NO_NEW_RISK, OPERATOR, ACK, PLAIN,   "nobody has acknowledged a review in time",                          \
	                                               "tickwork ack, or when what it is about has ended")                             \
	X(MEMORY,     NO_NEW_RISK, ITSELF,   NOBODY,   PLAIN,  "the machine's memory is nearly used: a part that dies may not come back", \
	                                               "when more than memory_free_mib are free again")                                \
	X(EXTREME,    NO_NEW_RISK, ITSELF,   NOBODY,   PLAIN,  "extreme volatility: only reductions",                                           \
	                                               "when VIX is below 40")                                                         \
	X(TOGETHER,   NO_NEW_RISK, ITSELF,   CONFIRM,  PLAIN,  "all that is held moves as one: level 2",                               \
	                                               "when a held pair is below correlation_all_bp; tickwork confirm")               \
	X(LEVEL1,     CAUTION,     ITSELF,   NOBODY,   REVIEW, "risk level 1: no new crypto, a higher confidence threshold",                    \
	                                               "when the drawdown is below level 1")                                           \
	X(CORRELATED, CAUTION,     ITSELF,   NOBODY,   PLAIN,  "what is held moves together: level 1",                                 \
	                                               "when its average is below correlation_average_bp")                             \
	X(HIGH_VOL,   WARN,        ITSELF,   NOBODY,   PLAIN,  "high volatility: the confidence of signals is halved",                          \
	                                               "when VIX is below 30")                                                         \
	X(CREDITS,    WARN,        ITSELF,   NOBODY,   PLAIN,  "CPU credits run low: reports and copies wait",                         \
	                                               "when credits_back more are there")                                             \
	X(LACKING,    WARN,        ITSELF,   NOBODY,   PLAIN,  "something is missing that trading can do without",                              \
	                                               "when it is back")                                                              \
	X(RAMP,       WARN,        TIME,     NOBODY,   PLAIN,  "the way back in: a part of the normal size, leverage 1.0",                      \
	                                               "a step a week until the size is whole")
#define SYMBOL_CAUSES(X)                                                                                                             \
	X(STOP_EXIT,  FLATTEN,     ITSELF,   NOBODY,   PLAIN,  "stopped out: all of it is being sold",                                          \
	                                               "when nothing of it is held; then it rests")                                    \
	X(STOP_HALF,  REDUCE,      ITSELF,   NOBODY,   PLAIN,  "stopped: half was sold",                                                        \
	                                               "when the price is back at the entry, or nothing is held")                      \
	X(STOP_REST,  NO_NEW_RISK, TIME,     NOBODY,   PLAIN,  "stopped out, not yet rested",                                                   \
	                                               "after stop_cooldown_sessions sessions")                                        \
	X(FLATTENED,  NO_NEW_RISK, OPERATOR, RESUME,   PLAIN,  "flattened by the operator",                                                     \
	                                               "tickwork resume")                                                              \
	X(UNKNOWN,    NO_NEW_RISK, ITSELF,   NOBODY,   PLAIN,  "an order of this symbol may work or not: the venue is asked",                   \
	                                               "when the venue has said what became of it")                                    \
	X(EXTERNAL,   NO_NEW_RISK, ITSELF,   NOBODY,   PLAIN,  "an order that is not ours works in this symbol",                                \
	                                               "when it works no more")                                                        \
	X(STALE,      NO_NEW_RISK, ITSELF,   NOBODY,   PLAIN,  "no fresh price",                                                                \
	                                               "with the next price")                                                          \
	X(ALARMED,    NO_NEW_RISK, ITSELF,   NOBODY,   PLAIN,  "position health warns: close to its stop, or too large",                \
	                                               "when health says that it is over")                                             \
	X(DAY_TRADES, NO_NEW_RISK, TIME,     NOBODY,   PLAIN,  "the day trades of five sessions are used up",                           \
	                                               "with the sessions they were in, or above day_trades_equity_usd")               \
	X(NO_WASH,    NO_NEW_RISK, TIME,     NOBODY,   PLAIN,  "sold at a loss within 30 days: wash_sale_guard refuses to buy",         \
	                                               "when the 30 days are over")                                                    \
	X(WATCHED,    WARN,        ITSELF,   NOBODY,   PLAIN,  "position health notes: volatile, or most of the book's risk",           \
	                                               "when health says that it is over")                                             \
	X(PAIRED,     WARN,        ITSELF,   NOBODY,   PLAIN,  "moves with another asset: both share a lower cap",                      \
	                                               "when no pair of it is above correlation_pair_bp")                              \
	X(WASH,       WARN,        TIME,     NOBODY,   PLAIN,  "sold at a loss within 30 days: a purchase would be a wash sale",                \
	                                               "when the 30 days are over")
// clang-format on
#define CAUSES(X) BOOK_CAUSES(X) SYMBOL_CAUSES(X)

#define CAUSE_ACTION_ID(name, text)   CAUSE_ACTION_##name,
#define CAUSE_CLEAR_ID(name, text)    CAUSE_CLEARS_##name,
#define CAUSE_OVERRIDE_ID(name, text) CAUSE_OVERRIDE_##name,
enum cause_action { CAUSE_ACTIONS(CAUSE_ACTION_ID) CAUSE_ACTIONS_N };
#define CAUSE_REVIEW_ID(name, text)   CAUSE_REVIEW_##name,
enum cause_review { CAUSE_REVIEWS(CAUSE_REVIEW_ID) CAUSE_REVIEWS_N };
extern const char *const cause_review_text[CAUSE_REVIEWS_N];
enum cause_clears { CAUSE_CLEARS(CAUSE_CLEAR_ID) CAUSE_CLEARS_N };
enum cause_override { CAUSE_OVERRIDES(CAUSE_OVERRIDE_ID) CAUSE_OVERRIDES_N };
extern const char *const cause_action_text[CAUSE_ACTIONS_N];
extern const char *const cause_clears_text[CAUSE_CLEARS_N];
extern const char *const cause_override_text[CAUSE_OVERRIDES_N];

#define CAUSE_ID(name, action, clears, override, review, text, way_out) CAUSE_##name,
enum cause_id { CAUSES(CAUSE_ID) CAUSES_N };
#define CAUSE_COUNT(name, action, clears, override, review, text, way_out) + 1
enum { CAUSES_BOOK_N = 0 BOOK_CAUSES(CAUSE_COUNT), CAUSES_SYMBOL_N = CAUSES_N - CAUSES_BOOK_N };
_Static_assert((int)CAUSES_N <= 64, "a set of causes is 64 bits");

struct cause_row { const char *name, *text, *way_out; uint8_t action, clears, override, of_symbol, opens_review; };
extern const struct cause_row cause_table[CAUSES_N];

/* A set of causes: bit a cause. */
static inline uint64_t cause_bit(enum cause_id cause, bool in_force) { return (uint64_t)in_force << cause; }

/* The worst of a set: CAUSES_N for the empty one. */
enum cause_id cause_worst(uint64_t set);
/* CAUSE_ACTION_NONE for the empty set. */
enum cause_action cause_action_of(uint64_t set);
/* The cause that lets nothing of this asset class grow: the worst of the set when it does, else CAUSES_N. */
enum cause_id cause_against(uint64_t set, uint8_t asset_class);
/* Are only confident signals heard? */
bool cause_raises_threshold(uint64_t set);

/* A place for each cause of the book, then for each symbol and each of its causes. */
enum { CAUSE_PLACES_N = CAUSES_BOOK_N + UNIVERSE_N * CAUSES_SYMBOL_N };
static inline uint32_t cause_place(enum cause_id cause, uint16_t sym)
{
	uint32_t of_book = CAUSES_BOOK_N, of_symbol = CAUSES_SYMBOL_N;
	BUG_UNLESS(1420, cause < of_book ? sym == SYM_NONE : cause < CAUSES_N && sym < UNIVERSE_N);
	return cause < of_book ? cause : of_book + sym * of_symbol + (cause - of_book);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"
/* What was in force after the last step, and since when: so that each change is said once. A part of the desk's state. */
struct causes {
	uint64_t book, symbol[UNIVERSE_N];
	int64_t  since_ns[CAUSE_PLACES_N];        /* 0: not in force */
	uint64_t reviews;                         /* opened so far: the id of the last one */
	struct review { uint32_t id; int32_t sessions; uint8_t state, pad[7]; } review[CAUSES_BOOK_N];        /* the latest of each cause; sessions: it was OPEN */
};
#pragma GCC diagnostic pop

#endif
