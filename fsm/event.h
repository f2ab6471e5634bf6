/* event.h - the one record that travels: what happened, or what shall happen.
 *
 * A worker is stepped with one event and answers with events in its outbox. The same 128 bytes lie in a channel slot, in a
 * journal record (payload trimmed to its kind) and on the tape, so there is one thing to print, hash and replay.
 *
 * seq     set by the channel (from 1, written last: a slot is ready when its seq is); (channel, seq) tells a repeat
 * t_ns    market time of the event
 * cause   the input sequence of the worker that made it; with index it names this output for ever (P9)
 * sym     index into universe[], SYM_NONE when it concerns none
 * Payload bytes beyond the kind's own are zero: no old bytes leave a process.
 *
 * Part of the vocabulary: every layer sees it. Rows P7, P9. */
#ifndef FSM_EVENT_H
#define FSM_EVENT_H
#include <string.h>

#include "fsm/units.h"

/* Market time moves only by TICKs, one for each phase of a calendar's session. */
enum tick_phase { TICK_OPEN, TICK_CLOSE, TICK_DAY_END, TICK_PHASES_N };
struct tick { int32_t day; uint8_t phase, calendar, early_close, last; };

/* A day (or minute) of one symbol. adj_px_e8 is the total-return close. volume counts units, not money. */
struct bar { int64_t open_px_e8, high_px_e8, low_px_e8, close_px_e8, adj_px_e8, volume; int32_t day; uint32_t calendar; };

/* A price in force: the open or close of a day, or a last trade. */
enum price_kind { PRICE_OPEN, PRICE_CLOSE, PRICE_TRADE };
struct price { int64_t px_e8, volume; int32_t day; uint32_t price_kind; };

/* Cash a share on the ex-date. */
struct dividend { int64_t per_unit_e8; int32_t day; uint32_t pad; };

/* What a perpetual of the symbol has just paid for eight hours, as a share; to its short side where it is above 0. */
enum funding_venue { FUNDING_BINANCE, FUNDING_BYBIT, FUNDING_VENUES };
struct funding_note { int64_t rate_e8; uint32_t venue, pad; };

/* A trade of the market (P7): venue's id and sequence. */
struct trade { uint64_t trade_id, venue_seq; int64_t px_e8, qty_e8; uint32_t is_buy, pad; };

/* sentiment: of the news about the whole market, -10,000 (worst) to 10,000; 0 without news. */
struct regime_note { int64_t vix_e8; int32_t day; uint8_t regime, is_proxy; int16_t sentiment_bp; };

/* strategy = STRATEGIES row; weight is the strategy's wish before sizing; volatility is annual, a fraction. */
struct signal_note {
	uint64_t trace_id, feature_hash;
	int64_t  volatility_e8, atr_e8, px_e8;
	int32_t  day, confidence_bp, weight_bp, bars_seen, bars_needed;
	uint8_t  strategy, grade, regime, reason;
};
/* Every signal of this cycle has been sent: decide. */
struct cycle { int32_t day; uint8_t calendar, pad[3]; uint32_t signals, warming; };

/* A warning of the health worker about a position: kind, priority (1 critical, 2 warning, 3 information), what it says. */
#define ALARMS(X)                                                                                         \
	X(STOP_HALF, 1, "the loss is over the half stop") X(STOP_EXIT, 1, "the loss is over the exit stop")  \
	X(RECOVERED, 1, "back at its entry price after a half stop") X(STALE, 2, "its price is old")         \
	X(STOP_NEAR, 2, "close to its stop") X(OVERSIZED, 2, "larger than the sizer allows now")             \
	X(VOLATILE, 3, "far more volatile than its target") X(VAR_SHARE, 3, "most of the book's risk")
#define ALARM_ID(name, priority, text) ALARM_##name,
enum alarm_kind { ALARMS(ALARM_ID) ALARM_KINDS_N };
enum { ALARM_PRIORITIES = 3 };
/* stop_distance: to its next stop; var: of one session at 5 %, of the NAV; allowed: the size that is suggested; is_over: the condition has ended,
 * which is information. */
struct alarm {
	int64_t px_e8, entry_px_e8;
	int32_t loss_bp, stop_distance_bp, volatility_bp, var_bp, var_share_bp, weight_bp, allowed_bp;
	uint8_t alarm_kind, priority, is_over, age_sessions;
};

enum side { SIDE_BUY, SIDE_SELL };
enum order_type { ORDER_TYPE_MARKET, ORDER_TYPE_LIMIT };
enum time_in_force { TIF_OPEN, TIF_DAY, TIF_GTC, TIF_IOC };
/* Why an order exists: printed in reports, kept in the books. */
#define ORDER_REASONS(X)                                                                                    \
	X(SIGNAL, "signal") X(STOP_HALF, "stop half") X(STOP_EXIT, "stop exit") X(RISK_REDUCE, "risk reduce") \
	X(RISK_FLATTEN, "risk flatten") X(OPERATOR, "operator") X(REBALANCE, "rebalance")
#define ORDER_REASON_ID(name, text) ORDER_REASON_##name,
enum order_reason { ORDER_REASONS(ORDER_REASON_ID) ORDER_REASONS_N };

/* Desk to venue. order_id = input sequence << 8 | index, unique in one journal; with journal_id it is the client order id. */
struct order_request {
	uint64_t journal_id, order_id;
	int64_t  qty_e8, limit_px_e8, decided_px_e8;
	uint8_t  side, order_type, time_in_force, post_only, reduce_only, reason, pad[2];
};
struct order_ref { uint64_t journal_id, order_id; int64_t qty_e8, limit_px_e8; };        /* cancel, query, replace */

/* Venue to desk. */
struct order_reply { uint64_t order_id, venue_id; uint32_t code, conclusive; };
/* realised and reason are the desk's, in the fill it passes on; the venue leaves them zero. */
struct fill {
	uint64_t order_id, execution_id;
	int64_t  qty_e8, px_e8, fee_usd_e8, remaining_qty_e8, realised_usd_e8;
	uint8_t  side, reason, is_late, pad[5];
};

/* A timer of the desk's own that ran out: which order, and how often already. */
struct timer { uint64_t order_id; int64_t due_ns; };

#define OPERATOR_COMMANDS(X) X(HALT) X(RESUME) X(PAUSE) X(FLATTEN) X(CONFIRM) X(ACK)
#define OPERATOR_COMMAND_ID(name) OPERATOR_##name,
enum operator_command { OPERATOR_COMMANDS(OPERATOR_COMMAND_ID) OPERATOR_COMMANDS_N };
/* code: of RESUME and CONFIRM; of ACK the id of a review, 0 for all */
struct operator_order { uint64_t code; uint8_t command, scripted, pad[6]; };

/* Absolute records that a RESULT carries: applied in order they rebuild the account without deciding again. */
struct position_note { int64_t qty_e8, cost_usd_e8, realised_usd_e8, px_e8, fees_usd_e8, dividends_usd_e8, reserved_qty_e8; int32_t day; uint32_t stop_state; };
struct account_note {
	int64_t cash_usd_e8, nav_usd_e8, peak_nav_usd_e8, reserved_usd_e8, realised_usd_e8, fees_usd_e8, dividends_usd_e8;
	int64_t turnover_usd_e8, unrealised_usd_e8;
	int32_t day, drawdown_bp;
	uint8_t  level, recovery_weeks, regime, review_open, positions, calendar;
	uint16_t orders_working;
	uint8_t  ladder_state, halted, paused, reviews_open;        /* reviews_open: nobody has acknowledged them */
	uint32_t care;                          /* conditions in force, bit each (enum care_condition) */
};
/* flags of an ACCOUNT: the last record of a date; and whether the NYSE had a session on it. */
enum { ACCOUNT_DAY_END = 1, ACCOUNT_SESSION = 2 };
/* flag of the market's events: history before the first trading moment, which the desk does not see. */
enum { EVENT_WARMING = 128 };
/* flag of health's alarms between TICKs: of prices of this moment, whatever the TICKs are */
enum { EVENT_OF_NOW = 64 };
/* flag of the VENUE event a process begins with in a new map: keys of queues and regions begin anew. */
enum { EVENT_NEW_MAP = 1 };
/* An order as the desk holds it, at each change of its state. */
struct order_note {
	uint64_t order_id, venue_id;
	int64_t  qty_e8, filled_qty_e8, limit_px_e8, average_px_e8, fee_usd_e8, decided_px_e8, sent_ns;
	uint8_t  state, side, order_type, time_in_force, reason, reduce_only, event, retries;
};
enum risk_cause { RISK_DRAWDOWN, RISK_STOP, RISK_OPERATOR, RISK_STALE, RISK_REVIEW, RISK_CORRELATION, RISK_CAUSES_N };
struct risk_note { int64_t nav_usd_e8, peak_nav_usd_e8; int32_t drawdown_bp, day; uint8_t from_level, to_level, cause, event, sessions, pad[3]; };
/* A cause of the table (fsm/risk/causes.h) that came into force, or ended; action: the worst of all that
 * are in force now, of the book or of the symbol; review: the state of its review (enum cause_review), and which. */
struct cause_note { int64_t since_ns, nav_usd_e8, peak_nav_usd_e8; int32_t drawdown_bp; uint8_t cause, in_force, action, review; uint32_t review_id, pad; };
/* A wish that did not become an order, and which rule said so. */
struct refusal { int64_t wanted_qty_e8, allowed_qty_e8; int32_t target_bp, current_bp; uint8_t rule, side, pad[6]; };
/* How an order of a wish came to its size: the weight after each step of SIZE_STEPS, the quantity after each of FIT_STEPS
 * (strategies/sizing/sizer.h). Of a reduction all quantities are what it sells. */
enum { SIZE_NOTE_WEIGHTS = 12, SIZE_NOTE_QUANTITIES = 5 };
struct size_note { uint64_t order_id; int64_t qty_e8[SIZE_NOTE_QUANTITIES]; int32_t weight_bp[SIZE_NOTE_WEIGHTS]; };
/* How the assets moved together up to this close (R3, strategies/risk/correlation.h): the pairs of the universe above the limit, bit each
 * (correlation_pack), and the figures of those that are held: how many, their average, lowest and highest pair, and which one that is. */
enum { CORRELATION_WORDS = 4 };
struct correlation_note {
	uint64_t pair[CORRELATION_WORDS];
	int32_t  day, average_e8, lowest_e8, highest_e8;
	uint16_t pairs_above, highest_a, highest_b;
	uint8_t  assets, pad;
};
/* A bar or price the feed would not believe (D3). */
struct quarantine { int64_t px_e8, before_px_e8; int32_t day; uint32_t fault; };

struct heartbeat { uint64_t beats, steps; };

/* What a venue's driver says of its session: UP when orders may go out and everything missed meanwhile has been told. last_order_id: the highest id of
 * this journal's orders that the venue has shown, 0 for none. */
enum venue_state { VENUE_DOWN, VENUE_SYNCING, VENUE_UP, VENUE_REFUSED, VENUE_STATES_N };
struct venue_note { uint64_t life, last_order_id; uint32_t state, code; };        /* life: number of the connection; code: the venue's or HTTP's, 0 for none */
/* One position as the venue has it; of one snapshot. A symbol outside our universe has sym SYM_NONE. */
struct holding { uint64_t snapshot; int64_t qty_e8, cost_usd_e8, px_e8; };
/* The venue's account, after all HOLDINGs of the snapshot: the snapshot is whole. */
struct balance { uint64_t snapshot; int64_t cash_usd_e8, equity_usd_e8; uint32_t holdings; uint8_t blocked, pad[3]; };
/* A working order at the venue that is not ours. */
struct external { uint64_t venue_id; int64_t qty_e8, filled_qty_e8, limit_px_e8; uint8_t side, order_type, pad[6]; };
/* Money that moved at the venue without a fill: a dividend on its ex-date, a fee, interest, a transfer. Booked once by its activity. */
enum cash_kind { CASH_DIVIDEND, CASH_FEE, CASH_INTEREST, CASH_TRANSFER, CASH_KINDS_N };
struct cash { uint64_t activity_id; int64_t usd_e8; int32_t day; uint32_t cash_kind; };
/* Our books against the venue's: written with each comparison. */
struct reconcile_note { uint64_t snapshot; int64_t cash_difference_usd_e8, worst_qty_difference_e8; uint32_t differences, externals; uint8_t state, pad[7]; };
/* One step of coming back after a crash (document 04 4.9.2). */
struct recovery_note { uint64_t life; uint32_t asked, found, filled, cancelled; uint8_t state, event, pad[6]; };

/* Something that keeps the appliance from its whole work: a worker that is held down, a machine that runs out of credits or memory, a file that is gone.
 * Begins and ends as an input of the desk; what it means is in fsm/care/degraded.h. */
#define CARE_CONDITIONS(X) X(FEED) X(CONTEXT) X(ANALYST) X(HEALTH) X(DESK) X(LEDGER) X(CREDITS) X(MEMORY) X(JOURNAL) X(BOOKS)
#define CARE_CONDITION_ID(name) CARE_##name,
enum care_condition { CARE_CONDITIONS(CARE_CONDITION_ID) CARE_CONDITIONS_N };
struct care_note { uint32_t condition; uint8_t is_active, pad[3]; };

/* kind, payload member. The payload's size is taken from the member. */
#define EVENT_KINDS(X)                                                                                      \
	X(NONE, heartbeat) X(TICK, tick) X(BAR, bar) X(PRICE, price) X(DIVIDEND, dividend) X(TRADE, trade)     \
	X(REGIME, regime) X(SIGNAL, signal) X(CYCLE, cycle) X(ALARM, alarm)                                    \
	X(ORDER_NEW, request) X(ORDER_CANCEL, ref) X(ORDER_REPLACE, ref) X(ORDER_QUERY, ref)                   \
	X(ACK, reply) X(NEW_REJECTED, reply) X(CANCEL_REJECTED, reply) X(REPLACE_REJECTED, reply)              \
	X(REPLACED, reply) X(CANCELLED, reply) X(EXPIRED, reply) X(NOT_FOUND, reply) X(FILL, fill)             \
	X(TIMER, timer) X(OPERATOR, instruction) X(POSITION, position) X(ACCOUNT, account) X(ORDER, order)        \
	X(RISK, risk) X(REFUSAL, refusal) X(QUARANTINE, quarantine) X(HEARTBEAT, heartbeat) X(SHUTDOWN, heartbeat) \
	X(VENUE, venue) X(HOLDING, holding) X(BALANCE, balance) X(EXTERNAL, external)                         \
	X(RECONCILED, reconciled) X(RECOVERY, recovery) X(CASH, cash) X(CARE, care)                      \
	X(FUNDING, funding) X(SIZE, size) X(CAUSE, change) X(CORRELATION, correlation)

#define EVENT_KIND_ID(name, member) EVENT_##name,
enum event_kind { EVENT_KINDS(EVENT_KIND_ID) EVENT_KINDS_N };

enum { EVENT_BYTES = 128, EVENT_PAYLOAD_MAX = 96, EVENT_HEAD_BYTES = 32 };

struct event {
	uint64_t seq;
	int64_t  t_ns;
	uint64_t cause;
	uint16_t kind, sym;
	uint16_t index;
	uint8_t  from, flags;
	union {
		struct tick           tick;
		struct bar            bar;
		struct price          price;
		struct dividend       dividend;
		struct funding_note   funding;
		struct trade          trade;
		struct regime_note    regime;
		struct signal_note    signal;
		struct cycle          cycle;
		struct alarm          alarm;
		struct order_request  request;
		struct order_ref      ref;
		struct order_reply    reply;
		struct fill           fill;
		struct timer          timer;
		struct operator_order instruction;
		struct position_note  position;
		struct account_note   account;
		struct order_note     order;
		struct risk_note      risk;
		struct refusal        refusal;
		struct quarantine     quarantine;
		struct heartbeat      heartbeat;
		struct venue_note     venue;
		struct holding        holding;
		struct balance        balance;
		struct external       external;
		struct cash           cash;
		struct reconcile_note reconciled;
		struct recovery_note  recovery;
		struct care_note      care;
		struct size_note      size;
		struct cause_note     change;
		struct correlation_note correlation;
		uint8_t               bytes[EVENT_PAYLOAD_MAX];
	};
};
_Static_assert(sizeof(struct event) == EVENT_BYTES, "an event is two cache lines");
_Static_assert(offsetof(struct event, bytes) == EVENT_HEAD_BYTES, "the head is half a cache line");

extern const char *const event_kind_name[EVENT_KINDS_N];
extern const uint8_t     event_payload_bytes[EVENT_KINDS_N];

/* Makes *event a zeroed one of this kind, in place. */
static inline void event_begin(struct event *event, enum event_kind kind, uint16_t sym, int64_t t_ns)
{
	event->seq = event->cause = 0;
	event->t_ns = t_ns;
	event->kind = (uint16_t)kind;
	event->sym = sym;
	event->index = 0;
	event->from = event->flags = 0;
	memset(event->bytes, 0, EVENT_PAYLOAD_MAX / 2);        /* in halves, which compilers turn into plain stores */
	memset(event->bytes + EVENT_PAYLOAD_MAX / 2, 0, EVENT_PAYLOAD_MAX / 2);
}

/* The same as a value. */
static inline struct event event_make(enum event_kind kind, uint16_t sym, int64_t t_ns)
{
	struct event event;
	event_begin(&event, kind, sym, t_ns);
	return event;
}

#endif
