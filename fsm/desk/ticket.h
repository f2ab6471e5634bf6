/* ticket.h - from wish to order: size -> risk -> comply. Each refusal has a rule that a person can read. Rows R5, R6, S3. */
#ifndef FSM_DESK_TICKET_H
#define FSM_DESK_TICKET_H
#include "fsm/desk/desk.h"
#include "strategies/sizing/sizer.h"

/* The ticket's own rules; every cause of fsm/risk/causes.h is one too, TICKET_<its name>. The first that says no is the reason: of the causes that
 * is the worst one. Reductions are asked nothing but the band and the lot. */
#define TICKET_RULES(X)                                                                   \
	X(NONE, "allowed")                                                                \
	X(BAND, "smaller than the rebalance band")                                        \
	X(LOT, "smaller than one lot")                                                    \
	X(MIN_TRADE, "smaller than the minimum trade")                                    \
	X(WORKING, "an order of this symbol is still working")                            \
	X(CAP, "the cap of this asset, or one that it shares, is reached")                                        \
	X(LEVERAGE, "the leverage limit is reached")                                      \
	X(CASH, "the cash buffer is kept")                                                \
	X(TRADES, "the day's trades are used up")                                         \
	X(TURNOVER, "the day's turnover is used up")                                      \
	X(CHILDREN, "this wish has had its orders of the day")                            \
	X(MESSAGES, "the venue's messages of this minute are used up")                    \
	X(TABLE, "the order table is full")

#define TICKET_RULE_ID(name, text) TICKET_##name,
#define TICKET_CAUSE_ID(name, action, clears, override, review, text, way_out) TICKET_##name,
enum ticket_rule { TICKET_RULES(TICKET_RULE_ID) CAUSES(TICKET_CAUSE_ID) TICKET_RULES_N };
extern const char *const ticket_rule_text[TICKET_RULES_N];

/* One symbol's way through the chain. Quantities are signed: positive buys. */
struct ticket { int64_t want_qty_e8, qty_e8; int32_t target_bp, current_bp; uint16_t sym; uint8_t rule, pad[5]; struct size_fit fit; };

/* Of the views in force of a symbol the one whose word counts most, by its strategy's share and how sure it is; false when there is none. */
bool ticket_signal(const struct desk *desk, uint16_t sym, struct signal_note *signal);
/* The weights of the whole book by the chain of strategies/sizing/sizer.h from the views in force, with what each step left; and only the targets. */
void ticket_trace(const struct desk *desk, struct size_trace trace[static UNIVERSE_N]);
void ticket_size(const struct desk *desk, int32_t target_bp[static UNIVERSE_N]);
/* Says how an order of this ticket came to its size. */
void ticket_note(const struct ticket *ticket, const struct size_trace *trace, uint64_t order_id, struct outbox *out);
/* The trade that moves a symbol to its target, after band, lot and minimum. */
void ticket_open(const struct desk *desk, uint16_t sym, int32_t target_bp, struct ticket *ticket);
/* The same at a NAV that is known: no ticket changes it, so a whole book of them asks once. */
int64_t ticket_nav_usd_e8(const struct desk *desk);
void    ticket_open_at(const struct desk *desk, uint16_t sym, int32_t target_bp, int64_t nav, struct ticket *ticket);
/* May this increase be? Sets the rule that says no. */
void ticket_risk(const struct desk *desk, struct ticket *ticket);
/* Shrinks an increase to what caps, cash and the day's limits leave at this moment (ticket->fit); below the minimum it is refused. */
void ticket_comply(const struct desk *desk, struct ticket *ticket);

#endif
