/* desk.h - the only worker that may trade: it decides, sizes, checks, and speaks to the venue through the order machine.
 *
 * Inputs   TICK, PRICE, DIVIDEND, REGIME (the pump's samples and the market's clock), SIGNAL and CYCLE (analyst), ALARM and CORRELATION (health),
 *          ACK ... FILL (venue), TIMER (its own, run out), OPERATOR, CARE (the watchdog's word); and of a venue with sessions VENUE,
 *          HOLDING, BALANCE, EXTERNAL, CASH.
 * Outputs  ORDER_NEW, ORDER_CANCEL, ORDER_REPLACE, ORDER_QUERY and TIMER; and absolute records of what changed: POSITION, ACCOUNT, ORDER,
 *          RISK, CAUSE, CORRELATION, FILL, REFUSAL, CASH, RECOVERY, RECONCILED. The records alone, applied in order, rebuild the account (desk_adopt).
 *
 * A venue with sessions: the first input of a process that has one is a VENUE that is not UP. From then on new risk waits for the session,
 * for the answers of all orders and for a snapshot that agrees (fsm/care/recovery.h, fsm/account/reconcile.h). A snapshot is HOLDINGs and a
 * BALANCE, taken after UP and after the questions of that session are answered, then periodically; EXTERNALs told between two BALANCEs are all that
 * work. Dividends are then what CASH says: DIVIDEND, the market's, is for markets without a venue. Without VENUE nothing of this happens.
 *
 * The state is one pointer-free struct without padding: it is copied into snapshots, hashed over its fields, and re-stepped by replay.
 * All its arithmetic is integer, so every compiler gives the same bits. Rows X1, X2, X12, R1, R2, R4, R6, S3, P5. */
#ifndef FSM_DESK_DESK_H
#define FSM_DESK_DESK_H
#include "fsm/account/reconcile.h"
#include "fsm/care/degraded.h"
#include "fsm/care/recovery.h"
#include "fsm/desk/book_use.h"
#include "fsm/desk/external.h"
#include "fsm/desk/order_table.h"
#include "fsm/feed/calendar.h"
#include "fsm/feed/day.h"
#include "fsm/risk/causes.h"
#include "fsm/risk/ladder.h"
#include "fsm/risk/stop.h"
#include "strategies/risk/correlation.h"
#include "strategies/signals/signal.h"

enum { DESK_STRATEGIES_MAX = 16, RECOVERY_SESSIONS_A_WEEK = 5 };

/* Where an input came from: event.flags of an input, whose event.seq is then its key there: the sequence of a channel, the version of a region.
 * The desk keeps the last key it took from each, so that after a crash the pump knows what not to hand in again. */
enum { DESK_CHANNELS_MAX = 16 };
enum desk_source {
	DESK_SOURCE_NONE,                                                   /* seq 0: from no queue (a timer, a test) */
	DESK_SOURCE_CHANNEL,                                                /* + channel id */
	DESK_SOURCE_PRICE = DESK_SOURCE_CHANNEL + DESK_CHANNELS_MAX,        /* + symbol */
	DESK_SOURCE_REGIME = DESK_SOURCE_PRICE + UNIVERSE_N,
	DESK_SOURCE_OPERATOR,
	DESK_SOURCE_VENUE,
	DESK_SOURCES_N
};
_Static_assert((int)STRATEGY_COUNT <= (int)DESK_STRATEGIES_MAX, "raise DESK_STRATEGIES_MAX");

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

/* What one strategy last said about one symbol. level_bp is its wish in force, how sure it was of it, and in which regime: HOLD keeps them. */
struct view { int64_t volatility_e8; uint64_t trace_id; int32_t level_bp, sure_bp, day; uint8_t grade, ready, regime, pad; };

/* A close that is owed: by the operator's FLATTEN (until it is carried out), or by a rule while the venue was away (sent once it is back). */
struct owed { int64_t qty_e8; uint8_t all, held, reason, pad[5]; };        /* held: no new risk in this symbol until RESUME */

/* Ids of the last bookings of CASH, in a ring: each is booked once. */
enum { ACTIVITIES_MAX = 1024 };
struct activities { uint64_t count, id[ACTIVITIES_MAX]; };

/* The first two are not hashed: they say which file the state went to and how its inputs travelled, which differ between layouts and lives. */
struct desk {
	uint64_t           journal_id;
	uint64_t           taken[DESK_SOURCES_N];        /* key of the last input from each source, 0 before the first */
	uint64_t           inputs;          /* steps taken: the number of the last input */
	int64_t            t_ns;
	struct settings    settings;
	struct account     account;
	struct ladder      ladder;
	struct stop        stop[UNIVERSE_N];
	struct day         day[CALENDARS_N];
	struct view        view[DESK_STRATEGIES_MAX][UNIVERSE_N];
	struct recovery    recovery;
	struct reconcile   reconcile;
	struct externals   externals;
	struct owed        owed[UNIVERSE_N];
	struct causes      causes;
	uint64_t           unknown[UNIVERSE_N];        /* orders of each symbol that are UNKNOWN */
	uint64_t           losses;                     /* the venue knew orders that the journal had lost, so often: in the ids since */
	struct activities  activities;
	struct correlation_note correlation;          /* the latest */
	uint64_t           together[UNIVERSE_N];      /* of each asset those it moves with */
	int64_t            vix_e8;
	struct book_use    use;                    /* of the portfolio's limits */
	uint64_t           refusals, repeats, orphans, orders_sent, fills;
	uint64_t           care;                   /* conditions in force, bit each (enum care_condition) */
	uint64_t           positions_dirty;        /* bit a symbol; valid within a step */
	uint32_t           account_dirty;          /* within a step */
	uint32_t           order_index;            /* orders made in this step */
	int32_t            recovery_sessions, pad_days;
	uint8_t            regime, halted, paused, journal_lost, blocked;        /* blocked: the account, by the venue */
	uint8_t            together_confirmed;     /* a person takes it as it is, until it ends */
	int16_t            sentiment_bp;           /* of the news about the whole market */
	uint8_t            alarms[(UNIVERSE_N + 7) / 8 * 8];        /* of each symbol those of health in force, bit a kind */
	struct order_table orders;
};
#pragma GCC diagnostic pop
_Static_assert(UNIVERSE_N <= 64, "positions_dirty has 64 bits");
_Static_assert((int)DESK_SOURCES_N <= 256, "event.flags is a byte");

/* The worker: its state, and where it writes what it did (never read back). */
struct desk_worker { struct desk *desk; struct machine_log *log; };

void desk_init(struct desk *desk, uint64_t journal_id, const struct settings *settings);
/* worker_step; self is a struct desk_worker. in->cause is the journal's number of this input, one more than the last. A key (seq) that is not
 * 0 is noted for its source (flags). Keys begin anew with a new memory map; which map they are of is the pump's to know. */
void desk_step(void *self, const struct event *in, struct outbox *out);
/* Must the records of this step be durable before its orders leave? Of each new order, exits too: else a power cut leaves one at work that the books
 * do not know, and the same is sold again. Where the journal is lost only what adds risk stays (pump). */
bool desk_must_be_durable(const struct outbox *out);
/* Over the fields, orders in use only. */
uint64_t desk_hash(const struct desk *desk);
/* Absolute records of everything (as a step puts out for what changed), from `from`; returns where to go on, 0 when done. */
uint32_t desk_checkpoint(const struct desk *desk, uint32_t from, struct outbox *out);
/* Applies one absolute record of a RESULT; other kinds change nothing. */
void desk_adopt(struct desk *desk, const struct event *record);

/* For the files of this room: desk.c (turn), desk_venue.c, desk_risk.c, desk_causes.c, ticket.c. */
struct order *desk_send(struct desk_worker *worker, const struct event *in, struct outbox *out, uint16_t sym, uint8_t side,
    int64_t qty_e8, uint8_t reason);
void desk_order_event(struct desk_worker *worker, struct order *order, uint8_t event, const struct event *in, struct outbox *out);
void desk_on_venue(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_on_timer(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_retire(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_cancel_open(struct desk_worker *worker, uint16_t sym, uint8_t side, const struct event *in, struct outbox *out);
void desk_on_alarm(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_on_operator(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_stop_event(struct desk_worker *worker, uint16_t sym, uint8_t event, const struct event *in, struct outbox *out);
void desk_ladder_event(struct desk_worker *worker, uint8_t event, const struct event *in, struct outbox *out);
void desk_mark(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_day_end(struct desk_worker *worker, const struct event *in, struct outbox *out);
/* Closes bp of a position (BP_ONE: all), less what is already being closed; cancels first what would add to it. A short, which only a late
 * fill can make, is bought back. Never refused. */
void desk_reduce(struct desk_worker *worker, uint16_t sym, int32_t bp, uint8_t reason, const struct event *in, struct outbox *out);
void desk_decide(struct desk_worker *worker, uint8_t calendar, const struct event *in, struct outbox *out);
/* Asks for a close: sent, or owed while the venue is away (all: whatever is held then). */
void desk_close(struct desk_worker *worker, uint16_t sym, int64_t qty_e8, bool all, uint8_t reason, const struct event *in, struct outbox *out);
/* desk_care.c: sessions, recovery and what is owed; desk_books.c: the venue's books and money. */
void desk_on_session(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_on_care(struct desk *desk, const struct event *in);
void desk_on_care_timer(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_care(struct desk_worker *worker, const struct event *in, struct outbox *out);
/* Goes over all orders and symbols with the end of this step: cancels what should not work, sends what is owed. */
void desk_sweep(struct desk_worker *worker);
/* desk_correlation.c: what health says of the assets together; the level of the ladder that it asks for, 0-2. */
void    desk_on_correlation(struct desk_worker *worker, const struct event *in, struct outbox *out);
void    desk_take_correlation(struct desk *desk, const struct correlation_note *note);
uint8_t desk_correlation_level(const struct desk *desk);
/* desk_causes.c: what is in force now, as sets of causes; what has changed since the last step, and all there is, as CAUSEs. */
uint64_t desk_causes_of_book(const struct desk *desk);
uint64_t desk_causes_of_symbol(const struct desk *desk, uint16_t sym);
void desk_say_causes(struct desk *desk, const struct event *in, struct outbox *out);
/* A person has seen this review, or (0) all; another session has gone by; how many nobody has seen. */
void    desk_acknowledge(struct desk *desk, uint64_t id, struct outbox *out);
void    desk_count_reviews(struct desk *desk);
uint8_t desk_reviews_open(const struct desk *desk);
void desk_note_causes(const struct desk *desk, struct outbox *out);
/* True the first time this activity is seen. */
bool activity_first_time(struct activities *activities, uint64_t activity_id);
void desk_recovery_event(struct desk_worker *worker, uint8_t event, const struct event *in, struct outbox *out);
void desk_reconcile_event(struct desk_worker *worker, uint8_t event, const struct event *in, struct outbox *out);
void desk_on_holding(struct desk_worker *worker, const struct event *in);
void desk_on_balance(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_on_external(struct desk_worker *worker, const struct event *in);
void desk_on_cash(struct desk_worker *worker, const struct event *in, struct outbox *out);
void desk_note_recovery(const struct desk *desk, uint8_t event, struct outbox *out);
void desk_note_reconciled(const struct desk *desk, struct outbox *out);
void desk_note_account(const struct desk *desk, struct event *event);
void desk_note_order(const struct order *order, uint8_t event_id, struct outbox *out);

/* What one unit may take in cash: price, slippage and commission of its asset, rounded up. A buy holds this back for what it may still fill. */
static inline int64_t desk_cost_px_e8(uint16_t sym, int64_t px_e8)
{
	return i128_narrow(div_ceil((i128)px_e8 * (BP_ONE + universe[sym].commission_bp + universe[sym].slippage_bp), BP_ONE));
}
static inline int64_t desk_reserve_usd_e8(const struct order *order)
{
	return e8_mul_ceil(e8_max(order->qty_e8 - order->filled_qty_e8, 0), desk_cost_px_e8(order->sym, order->decided_px_e8));
}
/* Cash that is spoken for: by our working buys and by those of others. */
static inline int64_t desk_reserved_usd_e8(const struct desk *desk)
{
	return order_table_reserved_usd_e8(&desk->orders) + externals_usd_e8(&desk->externals);
}
/* Room for one more order's outputs; the rest is kept for what a step puts out at its end and for one close a symbol. Whoever finds none leaves
 * its work to the next step (desk_sweep). */
enum { DESK_OUTPUTS_KEPT = 5 * UNIVERSE_N + 24 };
_Static_assert((int)DESK_OUTPUTS_KEPT <= (int)OUTBOX_MAX * 3 / 4, "raise OUTBOX_MAX with the universe");
static inline bool desk_has_room(const struct outbox *out) { return out->count + DESK_OUTPUTS_KEPT <= OUTBOX_MAX; }
static inline int32_t desk_setting(const struct desk *desk, enum setting_id id) { return setting(&desk->settings, id); }
static inline void    desk_touch(struct desk *desk, uint16_t sym)
{
	desk->positions_dirty |= UINT64_C(1) << sym;
	desk->account_dirty = 1;
}

#endif
