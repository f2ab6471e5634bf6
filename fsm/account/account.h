/* account.h - what we own, in integers: cash, positions at cost, and what was realised.
 *
 * Conservation, exact to the last 1e-8 after every event:
 *     cash + sum(cost) = deposited + realised + dividends - fees
 * A fill's notional is qty x px rounded to nearest once; cash and cost move by that same number. Cost leaves a position in proportion to
 * the quantity sold, rounded toward minus infinity, and all of it with the last unit. Quantities are signed (a late fill can make a
 * position short); the desk never wants a short. Rows P6, O1. */
#ifndef FSM_ACCOUNT_ACCOUNT_H
#define FSM_ACCOUNT_ACCOUNT_H
#include "fsm/event.h"
#include "fsm/settings.h"

struct position {
	int64_t qty_e8, cost_usd_e8, realised_usd_e8, fees_usd_e8, dividends_usd_e8;
	int64_t px_e8;           /* last believed price, 0 before the first */
	int32_t px_day;
	int32_t px_age;          /* sessions without a new price */
};

struct account {
	int64_t         cash_usd_e8, deposited_usd_e8, realised_usd_e8, fees_usd_e8, dividends_usd_e8, turnover_usd_e8;
	struct position position[UNIVERSE_N];
};

void account_init(struct account *account, int64_t deposit_usd_e8);
/* Books an execution; returns what it realised. qty_e8 > 0, px_e8 > 0. */
int64_t account_on_fill(struct account *account, uint16_t sym, bool is_buy, int64_t qty_e8, int64_t px_e8, int64_t fee_usd_e8);
/* Cash on the ex-date for what is held; returns it. */
int64_t account_on_dividend(struct account *account, uint16_t sym, int64_t per_unit_e8);

/* Money that moved without a fill; usd_e8 is signed as the cash sees it, sym SYM_NONE when it concerns no position of ours. Interest received is
 * income like a dividend, interest paid a fee. */
void account_on_cash(struct account *account, uint16_t sym, enum cash_kind kind, int64_t usd_e8);

int64_t account_nav_usd_e8(const struct account *account);
/* Sum of absolute position values. */
int64_t account_gross_usd_e8(const struct account *account);
int64_t account_unrealised_usd_e8(const struct account *account);
bool    account_is_flat(const struct account *account);
/* The invariant above. */
bool account_is_conserved(const struct account *account);

/* Most positions are empty most of the time: those cost no wide division. */
static inline int64_t position_value_usd_e8(const struct position *position)
{
	return position->qty_e8 ? e8_mul(position->qty_e8, position->px_e8) : 0;
}

/* Average entry price; 0 when flat. */
int64_t position_entry_px_e8(const struct position *position);
/* Loss from the average entry price in bp, rounded up (a hair over a stop is over it), negative when in profit; 0 when flat. */
int32_t position_loss_bp(const struct position *position);

#endif
