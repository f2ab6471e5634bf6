/* match.h - the one matching engine: a venue in memory, for backtest, paper and simulation.
 *
 * In: what the desk sends (ORDER_NEW, ORDER_CANCEL, ORDER_REPLACE, ORDER_QUERY) and what the market sends (PRICE, BAR, TICK).
 * Out: what a venue answers, by match_next in the order of market time: ACK, NEW_REJECTED, CANCELLED, CANCEL_REJECTED,
 * REPLACED, REPLACE_REJECTED, EXPIRED, NOT_FOUND, FILL. After each input take everything that is due up to its time, before
 * the next input goes in. match_due_ns says when the next answer is due, so that a virtual clock can go there.
 *
 * Orders are known by (journal_id, order_id). A repeated ORDER_NEW never doubles an order: it is answered with the state the
 * order is in, like an ORDER_QUERY (below). Finished orders are remembered until their slot is needed (the oldest goes first);
 * an ORDER_NEW whose id is not above the last forgotten one of its journal is refused (MATCH_CODE_FORGOTTEN), so not even then.
 *
 *   answer to a query   the last fill again, with its execution id, when there was one; then ACK for a working order,
 *                       CANCELLED, EXPIRED or NEW_REJECTED for a finished one, nothing more for a filled one;
 *                       NOT_FOUND, conclusive, when there is no such order
 *
 * Which price fills what. An order sees a price only when that price comes in after the order did; it is matched at most
 * once with each.
 *   market, TIF_OPEN    the next opening PRICE. When that comes before the delay is over, the fill is at this price but due
 *                       when the delay is over (at 24/7 venues the open is the instant the day before ended)
 *   market, others      the next price (PRICE, or the close of a BAR) at or after submission + delay
 *   limit               an opening or last price at the limit or better: at that price. The range of a BAR, for an order that
 *                       was there before its session opened: at the limit, when the range goes beyond it (a touch does not
 *                       fill: others stood in the queue before us). For a later order only the bar's close counts
 *   post_only           always at its limit; refused when the last price of an open session would fill it at once
 *   TIF_IOC             what the first price does not fill expires at once
 *   TIF_OPEN, TIF_DAY   expire at the first DAY_END after a session they were there for: an order sent after the close waits
 *                       for the next session
 *   TIF_GTC             stays until filled or cancelled
 * An order finishes exactly once. The engine holds no positions: reduce_only is the desk's promise, not looked at here.
 *
 * What it costs (struct match_costs), all in integers:
 *   price      market orders and limit orders that take: p x (1 + s) for a buy, p x (1 - s) for a sell, rounded against us to
 *              1e-8 (no tick: recorded prices are adjusted for splits and off any tick), never beyond a limit
 *   fee        the commission of the universe row on quantity x price, rounded up to 1e-8
 *   BACKTEST   document 3.5: s is the slippage of the universe row. No delay, full fills
 *   PAPER      document 4.11.1: s = base + 0.1 x volatility of one day + 2 bp for each 10,000 USD of the order beyond 10,000
 *              USD. One slippage, not the row's on top. One fill takes at most 1 % of the volume of the last whole day known
 *              (at least one lot; no limit where volume is not known); the rest goes to later prices, or expires.
 *   volatility sqrt of v, v = 0.94 v + 0.06 r^2 after each BAR (RiskMetrics), r the simple return of adj_close; v starts from
 *              the target volatility of the universe row over sqrt(252)
 *   s is at most MATCH_SLIPPAGE_MAX_BP. A fill worth more than MATCH_NOTIONAL_MAX_USD is not made: such a price is wrong.
 *
 * The caller owns struct match (pointer-free). Full: NEW_REJECTED with MATCH_CODE_FULL. Bugs: 3100-3119, all of them a caller
 * who does not take the answers or hands in events of other kinds. Rows T1, T3, X2. */
#ifndef HAL_SIM_MATCH_H
#define HAL_SIM_MATCH_H
#include "fsm/event.h"
#include "fsm/feed/calendar.h"
#include "fsm/settings.h"

enum {
	MATCH_LIMIT_DELAY_S = 300,              /* s; document 4.11.1: a limit order takes 5 min to be placed */
	MATCH_SLIPPAGE_MAX_BP = 5000,           /* bp; an order of millions must not be sold below nothing */
	MATCH_VOLATILITY_KEEP_BP = 9400,        /* bp; lambda of RiskMetrics */
	MATCH_QTY_MAX = 1000000000,             /* units of one order */
	MATCH_PX_MAX_USD = 10000000,            /* USD; a price above it is not looked at, like one that is not above 0 */
	MATCH_DUE_MAX = 4 * CFG_orders_max      /* n; of one input: two for each order (fill, expiry); as many not due yet */
};
#define MATCH_NOTIONAL_MAX_USD INT64_C(1000000000)

#define MATCH_CODES(X)                                                                  \
	X(NONE, "fine")                                                                 \
	X(SYMBOL, "the symbol is not in the universe")                                  \
	X(NOT_TRADED, "the symbol is not traded")                                       \
	X(SIDE, "the side, type or time in force is unknown")                           \
	X(QUANTITY, "the quantity is not above 0, or too large")                        \
	X(LOT, "the quantity is not a multiple of the smallest unit")                   \
	X(LIMIT, "the limit price is not above 0")                                      \
	X(POST_ONLY, "it would take liquidity")                                         \
	X(FULL, "the venue holds no more orders")                                       \
	X(FORGOTTEN, "an order as old as this may have existed")                        \
	X(UNKNOWN, "there is no such order")                                            \
	X(TOO_LATE, "the order is finished")
#define MATCH_CODE_ID(name, text) MATCH_CODE_##name,
enum match_code { MATCH_CODES(MATCH_CODE_ID) MATCH_CODES_N };
extern const char *const match_code_text[MATCH_CODES_N];        /* of order_reply.code */

struct match_costs {
	int64_t market_delay_ns, limit_delay_ns;
	int64_t size_threshold_usd_e8;
	int32_t base_bp, volatility_bp, size_bp_per_10k;
	int32_t volume_max_bp;                  /* 0: full fills */
	int32_t by_row, pad;                    /* slippage of the universe row, nothing else */
};
struct match_costs match_costs_backtest(void);
struct match_costs match_costs_paper(const struct settings *settings);

enum match_state { MATCH_FREE, MATCH_WORKING, MATCH_FILLED, MATCH_CANCELLED, MATCH_EXPIRED, MATCH_REJECTED };

struct match_order {
	struct order_request request;
	struct fill          last_fill;         /* execution_id 0: none yet */
	int64_t              sent_ns, last_fill_ns, filled_qty_e8;
	uint64_t             venue_id;
	uint16_t             sym;
	uint8_t              state, code;
	uint8_t              from_open;         /* it was there before the session of today opened */
	uint8_t              in_session;        /* a session it was there for has opened: it may expire */
	uint8_t              pad[2];
};

struct match_symbol { int64_t px_e8, adj_px_e8, variance_e16, volume; };

struct match {
	struct match_costs  costs;
	struct match_symbol symbol[UNIVERSE_N];
	uint8_t             is_open[CALENDARS_N];
	uint64_t            venue_ids, execution_ids;
	uint64_t            journal, highest_id;                        /* of the last order; UINT64_MAX once journals changed */
	uint64_t            forgotten_journal, forgotten_id;
	uint32_t            slots, reuse;                               /* slots ever used; where to look for one to use again */
	uint32_t            working, working_most;                      /* now; at once, at most */
	uint32_t            due_first, due_n;
	uint16_t            working_slot[CFG_orders_max];               /* oldest first */
	uint64_t            id[CFG_orders_max];                         /* of each slot, apart so that a search reads 16 KiB */
	struct match_order  order[CFG_orders_max];
	struct event        due[MATCH_DUE_MAX];                         /* a ring, by time */
};

void match_init(struct match *match, const struct match_costs *costs);
/* An order of the desk: ORDER_NEW, ORDER_CANCEL, ORDER_REPLACE, ORDER_QUERY; t_ns is when it reaches the venue. */
void match_order(struct match *match, const struct event *in);
/* An event of the market; kinds other than PRICE, BAR and TICK are not looked at. */
void match_market(struct match *match, const struct event *in);
/* The next answer that is due by until_t_ns. */
bool match_next(struct match *match, int64_t until_t_ns, struct event *out);
/* When the next answer is due; INT64_MAX when none is. */
int64_t match_due_ns(const struct match *match);

/* The model, for whoever checks a fill: the slippage of an order as a fraction (e8) at a price, and the price it gives. */
int64_t match_slippage_e8(const struct match *match, uint16_t sym, int64_t qty_e8, int64_t px_e8);
int64_t match_fill_px_e8(enum side side, int64_t px_e8, int64_t slippage_e8);
int64_t match_fee_usd_e8(uint16_t sym, int64_t qty_e8, int64_t px_e8);

#endif
