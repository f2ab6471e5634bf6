/* ticket.c - size, risk, comply: pure functions of the desk's state. */
#include "fsm/desk/ticket.h"

#include "fsm/desk/shares.h"

#define RULE_TEXT(name, text) [TICKET_##name] = text,
#define CAUSE_TEXT(name, action, clears, override, review, text, way_out) [TICKET_##name] = text,
const char *const ticket_rule_text[TICKET_RULES_N] = { TICKET_RULES(RULE_TEXT) CAUSES(CAUSE_TEXT) };

_Static_assert((int)SIZE_STEPS_N == (int)SIZE_NOTE_WEIGHTS && (int)FIT_STEPS_N == (int)SIZE_NOTE_QUANTITIES, "fsm/event.h: size_note");

static void wishes_of(const struct desk *desk, uint16_t sym, struct size_asset *asset)
{
	for (int s = 0; s < STRATEGY_COUNT; s++) {
		const struct view *view = &desk->view[s][sym];
		int32_t share_bp = strategy_share_bp(&desk->settings, s);
		if (!view->ready || share_bp == 0) continue;
		size_add_wish(asset, view->level_bp, view->sure_bp, share_bp, size_regime_part_bp(&desk->settings, view->regime, desk->regime));
		asset->volatility_e8 = e8_max(asset->volatility_e8, view->volatility_e8);
	}
	asset->sentiment_bp = desk->sentiment_bp;
	asset->correlated = desk->together[sym];
}

bool ticket_signal(const struct desk *desk, uint16_t sym, struct signal_note *signal)
{
	const struct view *first = 0;
	int64_t            most = -1;
	for (uint8_t s = 0; s < STRATEGY_COUNT; s++) {
		const struct view *view = &desk->view[s][sym];
		int64_t            part = (int64_t)strategy_share_bp(&desk->settings, s) * view->sure_bp;
		if (!view->ready || strategy_share_bp(&desk->settings, s) == 0 || part <= most) continue;
		most = part;
		first = view;
		signal->strategy = s;
	}
	if (!first) return false;
	signal->trace_id = first->trace_id;
	signal->volatility_e8 = first->volatility_e8;
	signal->day = first->day;
	signal->confidence_bp = first->sure_bp;
	signal->weight_bp = first->level_bp;
	signal->grade = first->grade;
	signal->regime = first->regime;
	return true;
}

void ticket_trace(const struct desk *desk, struct size_trace trace[static UNIVERSE_N])
{
	struct size_book book;
	size_book_init(&book, &desk->settings);
	for (uint16_t i = 0; i < UNIVERSE_N; i++) wishes_of(desk, i, &book.asset[i]);
	if (desk->ladder.state == LADDER_RECOVERY) book.leverage_now_bp = desk_setting(desk, SETTING_reentry_leverage_bp);
	book.ramp_bp = ladder_ramp_bp(&desk->settings, &desk->ladder);
	size_chain(&book, trace);
}

void ticket_size(const struct desk *desk, int32_t target_bp[static UNIVERSE_N])
{
	struct size_trace trace[UNIVERSE_N];
	ticket_trace(desk, trace);
	for (int i = 0; i < UNIVERSE_N; i++) target_bp[i] = size_target_bp(&trace[i]);
}

void ticket_note(const struct ticket *ticket, const struct size_trace *trace, uint64_t order_id, struct outbox *out)
{
	struct size_note *note = &outbox_add(out, EVENT_SIZE, ticket->sym)->size;
	note->order_id = order_id;
	for (int i = 0; i < SIZE_STEPS_N; i++) note->weight_bp[i] = (int32_t)(trace->weight_e8[i] / (E8 / BP_ONE));
	for (int i = 0; i < FIT_STEPS_N; i++) note->qty_e8[i] = ticket->qty_e8 < 0 ? -ticket->qty_e8 : ticket->fit.qty_e8[i];
}

int64_t ticket_nav_usd_e8(const struct desk *desk) { return e8_max(account_nav_usd_e8(&desk->account), 1); }

void ticket_open(const struct desk *desk, uint16_t sym, int32_t target_bp, struct ticket *ticket)
{
	ticket_open_at(desk, sym, target_bp, ticket_nav_usd_e8(desk), ticket);
}

void ticket_open_at(const struct desk *desk, uint16_t sym, int32_t target_bp, int64_t nav, struct ticket *ticket)
{
	const struct position *position = &desk->account.position[sym];
	int64_t value = position_value_usd_e8(position);
	*ticket = (struct ticket){ .sym = sym, .target_bp = target_bp };
	ticket->current_bp = (int32_t)i128_narrow(div_near((i128)value * BP_ONE, nav));
	bool exits = target_bp == 0 && position->qty_e8 > 0;
	if (!exits && e8_abs(target_bp - ticket->current_bp) < book_limits_of_portfolio(&desk->settings).band_bp) {
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

static uint8_t risk_rule(const struct desk *desk, uint16_t sym)
{
	enum cause_id cause = cause_against(desk_causes_of_book(desk) | desk_causes_of_symbol(desk, sym), universe[sym].asset_class);
	if (cause != CAUSES_N) return (uint8_t)(TICKET_RULES_N - CAUSES_N + cause);
	bool works = order_table_open_qty_e8(&desk->orders, sym, SIDE_BUY) || order_table_open_qty_e8(&desk->orders, sym, SIDE_SELL);
	return works ? TICKET_WORKING : TICKET_NONE;
}

void ticket_risk(const struct desk *desk, struct ticket *ticket)
{
	if (ticket->rule == TICKET_NONE && ticket->qty_e8 > 0) ticket->rule = risk_rule(desk, ticket->sym);
}

/* Held of a symbol or on its way to it. */
static int64_t taken_usd_e8(const struct desk *desk, uint16_t sym)
{
	const struct position *position = &desk->account.position[sym];
	return position_value_usd_e8(position) + e8_mul_ceil(order_table_open_qty_e8(&desk->orders, sym, SIDE_BUY), position->px_e8);
}

/* What its own cap leaves, and the cap it shares with each asset that it moves with. */
static int64_t cap_room_usd_e8(const struct desk *desk, uint16_t sym, int64_t nav)
{
	int64_t taken = taken_usd_e8(desk, sym), room = e8_bp(nav, universe[sym].cap_bp) - taken;
	for (uint64_t left = desk->together[sym]; left; left &= left - 1) {
		uint16_t other = (uint16_t)__builtin_ctzll(left);
		int64_t  joint_e8 = size_joint_cap_e8(desk_setting(desk, SETTING_correlated_cap_bp), sym, other);
		room = e8_min(room, e8_mul(nav, joint_e8) - taken - taken_usd_e8(desk, other));
	}
	return room;
}

/* What each limit of the book leaves for one more buy of this symbol, now. */
static void room_of(const struct desk *desk, uint16_t sym, struct fit_room *room)
{
	const struct account *account = &desk->account;
	const struct position *position = &account->position[sym];
	struct book_limits limits = book_limits_of_portfolio(&desk->settings);
	int64_t nav = account_nav_usd_e8(account), reserved = desk_reserved_usd_e8(desk);
	*room = (struct fit_room){ .px_e8 = position->px_e8, .cost_px_e8 = desk_cost_px_e8(sym, position->px_e8), .lot_e8 = universe[sym].lot_e8 };
	room->usd_e8[FIT_CAP] = cap_room_usd_e8(desk, sym, nav);
	room->usd_e8[FIT_LEVERAGE] = e8_bp(nav, limits.leverage_bp) - account_gross_usd_e8(account) - reserved;
	room->usd_e8[FIT_CASH] = account->cash_usd_e8 - reserved - e8_bp(nav, limits.cash_buffer_bp);
	room->usd_e8[FIT_TURNOVER] = e8_bp(nav, limits.turnover_day_bp) - desk->use.turnover_day_usd_e8;
}

/* Is one more order that adds risk too many? */
static uint8_t count_rule(const struct desk *desk, uint16_t sym)
{
	if (desk->use.trades_today >= book_limits_of_portfolio(&desk->settings).trades_day_max) return TICKET_TRADES;
	if (desk->use.children[sym] >= CFG_order_children_max) return TICKET_CHILDREN;
	return book_use_may_send(&desk->use) ? TICKET_NONE : TICKET_MESSAGES;
}

void ticket_comply(const struct desk *desk, struct ticket *ticket)
{
	static const uint8_t rule_of[FIT_STEPS_N] = { TICKET_NONE, TICKET_CAP, TICKET_LEVERAGE, TICKET_CASH, TICKET_TURNOVER };
	const struct position *position = &desk->account.position[ticket->sym];
	struct fit_room room;
	if (ticket->rule != TICKET_NONE || ticket->qty_e8 <= 0) return;
	room_of(desk, ticket->sym, &room);
	size_fit(&room, ticket->qty_e8, &ticket->fit);
	ticket->qty_e8 = ticket->fit.qty_e8[FIT_STEPS_N - 1];
	ticket->rule = rule_of[ticket->fit.bit];
	uint8_t counted = count_rule(desk, ticket->sym);
	if (counted != TICKET_NONE) {
		ticket->qty_e8 = 0;
		ticket->rule = counted;
	}
	/* a shrunken ticket still goes when it is worth a trade */
	if (e8_mul(ticket->qty_e8, position->px_e8) < (int64_t)desk_setting(desk, SETTING_trade_min_usd) * E8)
		ticket->qty_e8 = 0;
	else
		ticket->rule = TICKET_NONE;
}
