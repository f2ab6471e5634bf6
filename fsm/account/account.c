/* account.c - the arithmetic of account.h. */
#include "fsm/account/account.h"

#include <string.h>

void account_init(struct account *account, int64_t deposit_usd_e8)
{
	memset(account, 0, sizeof *account);
	account->cash_usd_e8 = account->deposited_usd_e8 = deposit_usd_e8;
}

/* The part of a signed fill that closes what is there; the rest opens. */
static int64_t closing_part(int64_t held_e8, int64_t fill_e8)
{
	if ((held_e8 > 0) == (fill_e8 > 0) || held_e8 == 0) return 0;
	return e8_abs(fill_e8) <= e8_abs(held_e8) ? fill_e8 : -held_e8;
}

/* The cost that leaves with a closing quantity of the opposite sign. */
static int64_t cost_removed(const struct position *position, int64_t closing_e8)
{
	if (closing_e8 == -position->qty_e8) return position->cost_usd_e8;
	return i128_narrow(div_floor((i128)position->cost_usd_e8 * e8_abs(closing_e8), e8_abs(position->qty_e8)));
}

int64_t account_on_fill(struct account *account, uint16_t sym, bool is_buy, int64_t qty_e8, int64_t px_e8, int64_t fee_usd_e8)
{
	BUG_UNLESS(1300, sym < UNIVERSE_N);
	BUG_UNLESS(1301, qty_e8 > 0 && px_e8 > 0);
	struct position *position = &account->position[sym];
	int64_t          fill_e8 = is_buy ? qty_e8 : -qty_e8;
	int64_t          notional = e8_mul(fill_e8, px_e8), realised = 0;
	int64_t          closing_e8 = closing_part(position->qty_e8, fill_e8);
	int64_t          closing_notional = closing_e8 == fill_e8 ? notional : e8_mul(closing_e8, px_e8);
	if (closing_e8) {
		int64_t removed = cost_removed(position, closing_e8);
		realised = -closing_notional - removed;
		position->cost_usd_e8 -= removed;
	}
	position->cost_usd_e8 += notional - closing_notional;
	position->qty_e8 += fill_e8;
	position->realised_usd_e8 += realised;
	position->fees_usd_e8 += fee_usd_e8;
	account->cash_usd_e8 -= notional + fee_usd_e8;
	account->realised_usd_e8 += realised;
	account->fees_usd_e8 += fee_usd_e8;
	account->turnover_usd_e8 += e8_abs(notional);
	return realised;
}

int64_t account_on_dividend(struct account *account, uint16_t sym, int64_t per_unit_e8)
{
	BUG_UNLESS(1302, sym < UNIVERSE_N);
	struct position *position = &account->position[sym];
	int64_t          paid = e8_mul(position->qty_e8, per_unit_e8);
	position->dividends_usd_e8 += paid;
	account->dividends_usd_e8 += paid;
	account->cash_usd_e8 += paid;
	return paid;
}

static void book_income(struct account *account, uint16_t sym, int64_t usd_e8)
{
	account->dividends_usd_e8 += usd_e8;
	if (sym < UNIVERSE_N) account->position[sym].dividends_usd_e8 += usd_e8;
}

static void book_fee(struct account *account, uint16_t sym, int64_t usd_e8)
{
	account->fees_usd_e8 -= usd_e8;
	if (sym < UNIVERSE_N) account->position[sym].fees_usd_e8 -= usd_e8;
}

void account_on_cash(struct account *account, uint16_t sym, enum cash_kind kind, int64_t usd_e8)
{
	account->cash_usd_e8 += usd_e8;
	switch (kind) {
	case CASH_DIVIDEND: book_income(account, sym, usd_e8); return;
	case CASH_FEE: book_fee(account, sym, usd_e8); return;
	case CASH_INTEREST:
		if (usd_e8 > 0) book_income(account, sym, usd_e8);
		else book_fee(account, sym, usd_e8);
		return;
	case CASH_TRANSFER: account->deposited_usd_e8 += usd_e8; return;
	case CASH_KINDS_N: break;
	}
	bug_trap(1270);
}

int64_t account_nav_usd_e8(const struct account *account)
{
	int64_t nav = account->cash_usd_e8;
	for (size_t i = 0; i < UNIVERSE_N; i++) nav += position_value_usd_e8(&account->position[i]);
	return nav;
}

int64_t account_gross_usd_e8(const struct account *account)
{
	int64_t gross = 0;
	for (size_t i = 0; i < UNIVERSE_N; i++) gross += e8_abs(position_value_usd_e8(&account->position[i]));
	return gross;
}

int64_t account_unrealised_usd_e8(const struct account *account)
{
	int64_t unrealised = 0;
	for (size_t i = 0; i < UNIVERSE_N; i++)
		unrealised += position_value_usd_e8(&account->position[i]) - account->position[i].cost_usd_e8;
	return unrealised;
}

bool account_is_flat(const struct account *account)
{
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (account->position[i].qty_e8) return false;
	return true;
}

bool account_is_conserved(const struct account *account)
{
	i128 held = account->cash_usd_e8;
	for (size_t i = 0; i < UNIVERSE_N; i++) held += account->position[i].cost_usd_e8;
	return held == (i128)account->deposited_usd_e8 + account->realised_usd_e8 + account->dividends_usd_e8 - account->fees_usd_e8;
}

int64_t position_entry_px_e8(const struct position *position)
{
	if (position->qty_e8 == 0) return 0;
	int64_t entry = i128_narrow(div_near((i128)e8_abs(position->cost_usd_e8) * E8, e8_abs(position->qty_e8)));
	return entry;
}

int32_t position_loss_bp(const struct position *position)
{
	int64_t entry = position_entry_px_e8(position);
	if (entry <= 0 || position->px_e8 <= 0) return 0;
	i128 loss = (i128)(entry - position->px_e8) * (position->qty_e8 > 0 ? 1 : -1);
	return (int32_t)i128_narrow(div_ceil(loss * BP_ONE, entry));
}
