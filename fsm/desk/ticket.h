/* ticket.h - from wish to order: size -> risk -> comply. Each refusal has a rule that a person can read. Rows R5, R6, S3. */
#ifndef FSM_DESK_TICKET_H
#define FSM_DESK_TICKET_H
#include "fsm/desk/desk.h"

/* In the order they are asked; the first that says no is the reason. Reductions are asked nothing but the band and the lot. */
#define TICKET_RULES(X)                                                                   \
	X(NONE, "allowed")                                                                \
	X(BAND, "smaller than the rebalance band")                                        \
	X(LOT, "smaller than one lot")                                                    \
	X(MIN_TRADE, "smaller than the minimum trade")                                    \
	X(OPERATOR, "halted or paused by the operator")                                   \
	X(JOURNAL, "the journal is lost")                                                 \
	X(VENUE, "the venue is away")                                                     \
	X(RECOVERY, "coming back to the venue: its orders and positions are being checked") \
	X(RECONCILE, "the venue's books differ from ours: review, then resume")           \
	X(BLOCKED, "the venue has blocked the account")                                   \
	X(LADDER, "the risk level allows no new risk")                                    \
	X(CRYPTO, "the risk level allows no new crypto")                                  \
	X(REGIME, "extreme volatility: only reductions")                                  \
	X(STOP, "stopped out, not yet rested")                                            \
	X(STALE, "no fresh price")                                                        \
	X(EXTERNAL, "an order that is not ours works in this symbol")                     \
	X(WORKING, "an order of this symbol is still working")                            \
	X(CAP, "the cap of this asset is reached")                                        \
	X(LEVERAGE, "the leverage limit is reached")                                      \
	X(CASH, "the cash buffer is kept")                                                \
	X(TRADES, "the day's trades are used up")                                         \
	X(TURNOVER, "the day's turnover is used up")                                      \
	X(TABLE, "the order table is full")

#define TICKET_RULE_ID(name, text) TICKET_##name,
enum ticket_rule { TICKET_RULES(TICKET_RULE_ID) TICKET_RULES_N };
extern const char *const ticket_rule_text[TICKET_RULES_N];

/* One symbol's way through the chain. Quantities are signed: positive buys. */
struct ticket { int64_t want_qty_e8, qty_e8; int32_t target_bp, current_bp; uint16_t sym; uint8_t rule, pad; };

/* Target weights of the whole book in bp: views x shares, volatility target, caps, portfolio volatility, cash. */
void ticket_size(const struct desk *desk, int32_t target_bp[static UNIVERSE_N]);
/* The trade that moves a symbol to its target, after band, lot and minimum. */
void ticket_open(const struct desk *desk, uint16_t sym, int32_t target_bp, struct ticket *ticket);
/* The same at a NAV that is known: no ticket changes it, so a whole book of them asks once. */
int64_t ticket_nav_usd_e8(const struct desk *desk);
void    ticket_open_at(const struct desk *desk, uint16_t sym, int32_t target_bp, int64_t nav, struct ticket *ticket);
/* May this increase be? Sets the rule that says no. */
void ticket_risk(const struct desk *desk, struct ticket *ticket);
/* Shrinks an increase to what caps, cash and the day's limits leave; below the minimum it is refused. */
void ticket_comply(const struct desk *desk, struct ticket *ticket);

#endif
