/* ticket.c - size, risk, comply: pure functions of the desk's state. */
#include "fsm/desk/ticket.h"

#include "fsm/desk/shares.h"

#define RULE_TEXT(name, text) [TICKET_##name] = text,
const char *const ticket_rule_text[TICKET_RULES_N] = { TICKET_RULES(RULE_TEXT) };

/* Views x shares, then scaled so that the asset alone would have its target volatility. Long only. */
static int64_t asset_target_bp(const struct desk *desk, uint16_t sym, int64_t *volatility_e8)
{
	int64_t wish_bp = 0;
	*volatility_e8 = 0;
	for (int s = 0; s < STRATEGY_COUNT; s++) {
		const struct view *view = &desk->view[s][sym];
		int32_t            share_bp = strategy_share_bp(&desk->settings, s);
		if (!view->ready || share_bp == 0) continue;
		wish_bp += (int64_t)view->level_bp * share_bp / BP_ONE;
		*volatility_e8 = e8_max(*volatility_e8, view->volatility_e8);
	}
	if (wish_bp <= 0 || *volatility_e8 <= 0) return 0;
	int64_t scaled_bp = i128_narrow((i128)wish_bp * universe[sym].volatility_bp * (E8 / BP_ONE) / *volatility_e8);
	return e8_min(scaled_bp, universe[sym].cap_bp);
}

void ticket_size(const struct desk *desk, int32_t target_bp[static UNIVERSE_N])
{
	int64_t wish_bp[UNIVERSE_N], volatility_e8[UNIVERSE_N], gross_bp = 0, risk_bp = 0;
	for (uint16_t i = 0; i < UNIVERSE_N; i++) {
		wish_bp[i] = asset_target_bp(desk, i, &volatility_e8[i]);
		gross_bp += wish_bp[i];
		risk_bp += wish_bp[i] * volatility_e8[i] / E8;        /* as if all moved together: an upper bound */
	}
	int64_t room_bp = e8_min(BP_ONE - desk_setting(desk, SETTING_cash_buffer_bp), desk_setting(desk, SETTING_leverage_max_bp));
	if (desk->ladder.state == LADDER_RECOVERY) room_bp = e8_min(room_bp, desk_setting(desk, SETTING_reentry_leverage_bp));
	int64_t risk_room_bp = desk_setting(desk, SETTING_portfolio_volatility_bp);
	int32_t ramp_bp = ladder_ramp_bp(&desk->settings, &desk->ladder);
	for (uint16_t i = 0; i < UNIVERSE_N; i++) {
		int64_t target = wish_bp[i];
		if (gross_bp > room_bp) target = wish_bp[i] * room_bp / gross_bp;
		if (risk_bp > risk_room_bp) target = e8_min(target, wish_bp[i] * risk_room_bp / risk_bp);
		target_bp[i] = (int32_t)(target * ramp_bp / BP_ONE);
	}
}

int64_t ticket_nav_usd_e8(const struct desk *desk) { return e8_max(account_nav_usd_e8(&desk->account), 1); }

void ticket_open(const struct desk *desk, uint16_t sym, int32_t target_bp, struct ticket *ticket)
{
	ticket_open_at(desk, sym, target_bp, ticket_nav_usd_e8(desk), ticket);
}

void ticket_open_at(const struct desk *desk, uint16_t sym, int32_t target_bp, int64_t nav, struct ticket *ticket)
{
	const struct position *position = &desk->account.position[sym];
	int64_t                value = position_value_usd_e8(position);
	*ticket = (struct ticket){ .sym = sym, .target_bp = target_bp };
	ticket->current_bp = (int32_t)i128_narrow(div_near((i128)value * BP_ONE, nav));
	bool exits = target_bp == 0 && position->qty_e8 > 0;
	if (!exits && e8_abs(target_bp - ticket->current_bp) < desk_setting(desk, SETTING_rebalance_band_bp)) {
		ticket->rule = TICKET_BAND;
		return;
	}
	BUG_UNLESS(1250, position->px_e8 > 0);
	int64_t move_usd = e8_bp(nav, target_bp) - value;
	int64_t move_e8 = exits ? -position->qty_e8 : e8_lots(e8_div(move_usd, position->px_e8), universe[sym].lot_e8);
	ticket->want_qty_e8 = ticket->qty_e8 = move_e8;
	if (move_e8 == 0)
		ticket->rule = TICKET_LOT;
	else if (!exits && e8_abs(e8_mul(move_e8, position->px_e8)) < (int64_t)desk_setting(desk, SETTING_trade_min_usd) * E8)
		ticket->rule = TICKET_MIN_TRADE;
}

/* Is there a venue, and do we know how we stand with it? */
static uint8_t venue_rule(const struct desk *desk)
{
	if (recovery_is_away(&desk->recovery)) return TICKET_VENUE;
	if (!recovery_allows_more(&desk->recovery)) return TICKET_RECOVERY;
	if (!reconcile_allows_more(&desk->reconcile)) return TICKET_RECONCILE;
	return desk->blocked ? TICKET_BLOCKED : TICKET_NONE;
}

static uint8_t risk_rule(const struct desk *desk, uint16_t sym)
{
	uint8_t of_venue = venue_rule(desk);
	if (desk->halted || desk->paused || desk->owed[sym].held) return TICKET_OPERATOR;
	if (desk->journal_lost) return TICKET_JOURNAL;
	if (of_venue != TICKET_NONE) return of_venue;
	if (!ladder_allows_more(&desk->ladder)) return TICKET_LADDER;
	if (universe[sym].asset_class == ASSET_CRYPTO && !ladder_allows_crypto(&desk->ladder)) return TICKET_CRYPTO;
	if (desk->regime >= REGIME_EXTREME) return TICKET_REGIME;
	if (!stop_allows_more(&desk->stop[sym])) return TICKET_STOP;
	if (desk->account.position[sym].px_age > desk_setting(desk, SETTING_price_stale_sessions)) return TICKET_STALE;
	if (externals_work_in(&desk->externals, sym)) return TICKET_EXTERNAL;
	if (order_table_open_qty_e8(&desk->orders, sym, SIDE_BUY) || order_table_open_qty_e8(&desk->orders, sym, SIDE_SELL)) return TICKET_WORKING;
	return TICKET_NONE;
}

void ticket_risk(const struct desk *desk, struct ticket *ticket)
{
	if (ticket->rule == TICKET_NONE && ticket->qty_e8 > 0) ticket->rule = risk_rule(desk, ticket->sym);
}

/* Lowers the ticket to a money limit; the rule that bit last stays with it. */
static void limit_usd(struct ticket *ticket, int64_t px_e8, int64_t room_usd_e8, uint8_t rule)
{
	int64_t qty_e8 = room_usd_e8 > 0 ? e8_lots(e8_div_floor(room_usd_e8, px_e8), universe[ticket->sym].lot_e8) : 0;
	if (qty_e8 >= ticket->qty_e8) return;
	ticket->qty_e8 = qty_e8;
	ticket->rule = rule;
}

void ticket_comply(const struct desk *desk, struct ticket *ticket)
{
	const struct position *position = &desk->account.position[ticket->sym];
	const struct asset    *asset = &universe[ticket->sym];
	if (ticket->rule != TICKET_NONE || ticket->qty_e8 <= 0) return;
	int64_t nav = account_nav_usd_e8(&desk->account), reserved = desk_reserved_usd_e8(desk);
	limit_usd(ticket, position->px_e8, e8_bp(nav, asset->cap_bp) - position_value_usd_e8(position), TICKET_CAP);
	limit_usd(ticket, position->px_e8,
	    e8_bp(nav, desk_setting(desk, SETTING_leverage_max_bp)) - account_gross_usd_e8(&desk->account) - reserved, TICKET_LEVERAGE);
	limit_usd(ticket, desk_cost_px_e8(ticket->sym, position->px_e8),
	    desk->account.cash_usd_e8 - reserved - e8_bp(nav, desk_setting(desk, SETTING_cash_buffer_bp)), TICKET_CASH);
	limit_usd(ticket, position->px_e8, e8_bp(nav, desk_setting(desk, SETTING_turnover_day_max_bp)) - desk->turnover_day_usd_e8, TICKET_TURNOVER);
	if (desk->trades_today >= desk_setting(desk, SETTING_trades_day_max)) {
		ticket->qty_e8 = 0;
		ticket->rule = TICKET_TRADES;
	}
	/* a shrunken ticket still goes when it is worth a trade */
	if (e8_mul(ticket->qty_e8, position->px_e8) < (int64_t)desk_setting(desk, SETTING_trade_min_usd) * E8)
		ticket->qty_e8 = 0;
	else
		ticket->rule = TICKET_NONE;
}
