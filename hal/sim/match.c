/* match.c - see match.h. Working orders are a list by age; a price walks it once; answers wait in a ring by time. */
#include "hal/sim/match.h"

#include <string.h>

#include "hal/sim/root.h"

enum { SESSIONS_YEAR = 252, E8_PER_BP = 10000 };
static const int64_t return_max_e8 = 10 * E8;           /* a wilder day is a mistake of the data; its square still fits */

#define MATCH_CODE_TEXT(name, text) text,
const char *const match_code_text[MATCH_CODES_N] = { MATCH_CODES(MATCH_CODE_TEXT) };

/* --- costs --- */

struct match_costs match_costs_backtest(void) { return (struct match_costs){ .by_row = 1 }; }

struct match_costs match_costs_paper(const struct settings *settings)
{
	return (struct match_costs){
		.market_delay_ns = setting(settings, SETTING_paper_delay_s) * NS_PER_S,
		.limit_delay_ns = MATCH_LIMIT_DELAY_S * NS_PER_S,
		.size_threshold_usd_e8 = setting(settings, SETTING_paper_size_threshold_usd) * E8,
		.base_bp = setting(settings, SETTING_paper_slippage_base_bp),
		.volatility_bp = setting(settings, SETTING_paper_slippage_vol_bp),
		.size_bp_per_10k = setting(settings, SETTING_paper_size_bp_per_10k),
		.volume_max_bp = setting(settings, SETTING_paper_volume_max_bp),
	};
}

static i128 notional_usd_e8(int64_t qty_e8, int64_t px_e8) { return div_ceil((i128)qty_e8 * px_e8, E8); }

int64_t match_slippage_e8(const struct match *match, uint16_t sym, int64_t qty_e8, int64_t px_e8)
{
	const struct match_costs *costs = &match->costs;
	const i128                most = (i128)MATCH_SLIPPAGE_MAX_BP * E8_PER_BP;
	if (costs->by_row) return (int64_t)universe[sym].slippage_bp * E8_PER_BP;
	i128 excess_usd_e8 = notional_usd_e8(qty_e8, px_e8) - costs->size_threshold_usd_e8;
	i128 volatility_e8 = div_ceil((i128)root_floor(match->symbol[sym].variance_e16) * costs->volatility_bp, BP_ONE);
	/* bp for each 10,000 USD: excess / (10,000 x 10^8) x bp x 10^4 */
	i128 size_e8 = excess_usd_e8 > 0 ? div_ceil(excess_usd_e8 * costs->size_bp_per_10k, E8) : 0;
	i128 all_e8 = (i128)costs->base_bp * E8_PER_BP + volatility_e8 + size_e8;
	return i128_narrow(all_e8 < most ? all_e8 : most);
}

int64_t match_fill_px_e8(enum side side, int64_t px_e8, int64_t slippage_e8)
{
	if (side == SIDE_BUY) return e8_mul_ceil(px_e8, E8 + slippage_e8);
	return e8_max(e8_mul_floor(px_e8, E8 - slippage_e8), 1);
}

int64_t match_fee_usd_e8(uint16_t sym, int64_t qty_e8, int64_t px_e8)
{
	return i128_narrow(div_ceil((i128)qty_e8 * px_e8 * universe[sym].commission_bp, E8 * BP_ONE));
}

/* --- answers --- */

static struct event *due_at(struct match *match, uint32_t index) { return &match->due[(match->due_first + index) % MATCH_DUE_MAX]; }

static void answer(struct match *match, const struct event *event)
{
	BUG_UNLESS(3100, match->due_n < MATCH_DUE_MAX);
	uint32_t at = match->due_n++;
	for (; at > 0 && due_at(match, at - 1)->t_ns > event->t_ns; at--) *due_at(match, at) = *due_at(match, at - 1);
	*due_at(match, at) = *event;
}

static void reply(struct match *match, enum event_kind kind, uint16_t sym, uint64_t order_id, uint64_t venue_id, enum match_code code, int64_t t_ns)
{
	struct event event = event_make(kind, sym, t_ns);
	event.reply = (struct order_reply){ .order_id = order_id, .venue_id = venue_id, .code = code, .conclusive = 1 };
	answer(match, &event);
}

static void reply_order(struct match *match, enum event_kind kind, const struct match_order *order, enum match_code code, int64_t t_ns)
{
	reply(match, kind, order->sym, order->request.order_id, order->venue_id, code, t_ns);
}

int64_t match_due_ns(const struct match *match) { return match->due_n > 0 ? match->due[match->due_first].t_ns : INT64_MAX; }

bool match_next(struct match *match, int64_t until_t_ns, struct event *out)
{
	if (match->due_n == 0 || match_due_ns(match) > until_t_ns) return false;
	*out = match->due[match->due_first];
	match->due_first = (match->due_first + 1) % MATCH_DUE_MAX;
	if (--match->due_n == 0) match->due_first = 0;          /* so that a quiet venue touches one page */
	return true;
}

/* --- the table --- */

void match_init(struct match *match, const struct match_costs *costs)
{
	memset(match, 0, sizeof *match);
	match->costs = *costs;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		int64_t volatility_e8 = (int64_t)universe[sym].volatility_bp * E8_PER_BP;
		match->symbol[sym].variance_e16 = volatility_e8 * volatility_e8 / SESSIONS_YEAR;
	}
}

static struct match_order *find(struct match *match, uint64_t journal_id, uint64_t order_id)
{
	if (journal_id == match->journal && order_id > match->highest_id) return 0;
	for (uint32_t slot = 0; slot < match->slots; slot++)
		if (match->id[slot] == order_id && match->order[slot].request.journal_id == journal_id) return &match->order[slot];
	return 0;
}

static void forget(struct match *match, const struct order_request *request)
{
	if (request->journal_id != match->forgotten_journal) match->forgotten_id = 0;
	match->forgotten_journal = request->journal_id;
	if (request->order_id > match->forgotten_id) match->forgotten_id = request->order_id;
}

/* A free slot, or that of a finished order, round the table; orders_max when all of them work. */
static uint32_t take_slot(struct match *match)
{
	if (match->slots < CFG_orders_max) return match->slots++;
	for (uint32_t tried = 0; tried < CFG_orders_max; tried++) {
		uint32_t slot = match->reuse;
		match->reuse = (match->reuse + 1) % CFG_orders_max;
		if (match->order[slot].state == MATCH_WORKING) continue;
		forget(match, &match->order[slot].request);
		return slot;
	}
	return CFG_orders_max;
}

static void note_id(struct match *match, const struct order_request *request)
{
	bool first = match->venue_ids == 0;
	if (!first && request->journal_id != match->journal) match->highest_id = UINT64_MAX;
	match->journal = request->journal_id;
	if (request->order_id > match->highest_id) match->highest_id = request->order_id;
}

static struct match_order *keep(struct match *match, const struct event *in)
{
	uint32_t slot = take_slot(match);
	if (slot == CFG_orders_max) return 0;
	note_id(match, &in->request);
	match->id[slot] = in->request.order_id;
	match->order[slot] = (struct match_order){ .request = in->request, .sent_ns = in->t_ns, .venue_id = ++match->venue_ids, .sym = in->sym };
	return &match->order[slot];
}

/* --- what the desk sends --- */

/* Whether a price would fill this limit order. */
static bool crosses(const struct order_request *request, int64_t px_e8)
{
	return request->side == SIDE_BUY ? px_e8 <= request->limit_px_e8 : px_e8 >= request->limit_px_e8;
}

static enum match_code check_post_only(const struct match *match, uint16_t sym, const struct order_request *request)
{
	if (!request->post_only) return MATCH_CODE_NONE;
	if (request->order_type == ORDER_TYPE_MARKET) return MATCH_CODE_POST_ONLY;
	bool takes = match->is_open[universe[sym].calendar] && match->symbol[sym].px_e8 > 0 && crosses(request, match->symbol[sym].px_e8);
	return takes ? MATCH_CODE_POST_ONLY : MATCH_CODE_NONE;
}

static enum match_code check(const struct match *match, uint16_t sym, const struct order_request *request)
{
	if (sym >= UNIVERSE_N) return MATCH_CODE_SYMBOL;
	if (universe[sym].asset_class == ASSET_INDEX) return MATCH_CODE_NOT_TRADED;
	if (request->side > SIDE_SELL || request->order_type > ORDER_TYPE_LIMIT || request->time_in_force > TIF_IOC) return MATCH_CODE_SIDE;
	if (request->qty_e8 <= 0 || request->qty_e8 > MATCH_QTY_MAX * E8) return MATCH_CODE_QUANTITY;
	if (request->qty_e8 % universe[sym].lot_e8 != 0) return MATCH_CODE_LOT;
	if (request->order_type == ORDER_TYPE_LIMIT && request->limit_px_e8 <= 0) return MATCH_CODE_LIMIT;
	return check_post_only(match, sym, request);
}

/* What an order that is known already is answered with: its last fill, then its state. */
static void answer_state(struct match *match, const struct match_order *order, int64_t t_ns)
{
	bool filled = order->last_fill.execution_id != 0 && order->last_fill_ns <= t_ns;
	if (filled) {
		struct event event = event_make(EVENT_FILL, order->sym, t_ns);
		event.fill = order->last_fill;
		answer(match, &event);
	}
	switch ((enum match_state)order->state) {
	case MATCH_FREE:
	case MATCH_WORKING: reply_order(match, EVENT_ACK, order, MATCH_CODE_NONE, t_ns); break;
	case MATCH_FILLED:
		if (!filled) reply_order(match, EVENT_ACK, order, MATCH_CODE_NONE, t_ns);
		break;
	case MATCH_CANCELLED: reply_order(match, EVENT_CANCELLED, order, MATCH_CODE_NONE, t_ns); break;
	case MATCH_EXPIRED: reply_order(match, EVENT_EXPIRED, order, MATCH_CODE_NONE, t_ns); break;
	case MATCH_REJECTED: reply_order(match, EVENT_NEW_REJECTED, order, (enum match_code)order->code, t_ns); break;
	}
}

static void accept(struct match *match, struct match_order *order)
{
	bool open = match->is_open[universe[order->sym].calendar];
	order->state = MATCH_WORKING;
	order->in_session = open && order->request.time_in_force != TIF_OPEN;
	match->working_slot[match->working++] = (uint16_t)(order - match->order);
	if (match->working > match->working_most) match->working_most = match->working;
	reply_order(match, EVENT_ACK, order, MATCH_CODE_NONE, order->sent_ns);
}

static void reject(struct match *match, const struct event *in, enum match_code code)
{
	reply(match, EVENT_NEW_REJECTED, in->sym, in->request.order_id, 0, code, in->t_ns);
}

static void on_new(struct match *match, const struct event *in)
{
	const struct order_request *request = &in->request;
	struct match_order         *order = find(match, request->journal_id, request->order_id);
	if (order) {
		answer_state(match, order, in->t_ns);
		return;
	}
	if (request->journal_id == match->forgotten_journal && request->order_id <= match->forgotten_id) {
		reject(match, in, MATCH_CODE_FORGOTTEN);
		return;
	}
	order = keep(match, in);
	if (!order) {
		reject(match, in, MATCH_CODE_FULL);
		return;
	}
	order->code = (uint8_t)check(match, in->sym, request);
	if (order->code == MATCH_CODE_NONE) {
		accept(match, order);
	} else {
		order->state = MATCH_REJECTED;
		reply_order(match, EVENT_NEW_REJECTED, order, (enum match_code)order->code, in->t_ns);
	}
}

static void leave(struct match *match, const struct match_order *order)
{
	uint32_t slot = (uint32_t)(order - match->order), at = 0;
	while (at < match->working && match->working_slot[at] != slot) at++;
	BUG_UNLESS(3101, at < match->working);
	match->working--;
	memmove(&match->working_slot[at], &match->working_slot[at + 1], (match->working - at) * sizeof match->working_slot[0]);
}

static void on_cancel(struct match *match, const struct event *in, struct match_order *order)
{
	if (order->state != MATCH_WORKING) {
		reply_order(match, EVENT_CANCEL_REJECTED, order, MATCH_CODE_TOO_LATE, in->t_ns);
		return;
	}
	order->state = MATCH_CANCELLED;
	leave(match, order);
	reply_order(match, EVENT_CANCELLED, order, MATCH_CODE_NONE, in->t_ns);
}

static void on_replace(struct match *match, const struct event *in, struct match_order *order)
{
	struct order_request wanted = order->request;
	wanted.qty_e8 = in->ref.qty_e8;
	wanted.limit_px_e8 = in->ref.limit_px_e8;
	enum match_code code = order->state == MATCH_WORKING ? check(match, order->sym, &wanted) : MATCH_CODE_TOO_LATE;
	if (code == MATCH_CODE_NONE && wanted.qty_e8 <= order->filled_qty_e8) code = MATCH_CODE_QUANTITY;
	if (code == MATCH_CODE_NONE) {
		order->request = wanted;
		order->sent_ns = in->t_ns;
		order->from_open = 0;
	}
	reply_order(match, code == MATCH_CODE_NONE ? EVENT_REPLACED : EVENT_REPLACE_REJECTED, order, code, in->t_ns);
}

static void on_ref(struct match *match, const struct event *in)
{
	bool                cancel = in->kind == EVENT_ORDER_CANCEL, replace = in->kind == EVENT_ORDER_REPLACE;
	struct match_order *order = find(match, in->ref.journal_id, in->ref.order_id);
	enum event_kind     unknown = cancel ? EVENT_CANCEL_REJECTED : replace ? EVENT_REPLACE_REJECTED : EVENT_NOT_FOUND;
	if (!order) reply(match, unknown, in->sym, in->ref.order_id, 0, MATCH_CODE_UNKNOWN, in->t_ns);
	else if (cancel) on_cancel(match, in, order);
	else if (replace) on_replace(match, in, order);
	else answer_state(match, order, in->t_ns);
}

void match_order(struct match *match, const struct event *in)
{
	bool ref = in->kind == EVENT_ORDER_CANCEL || in->kind == EVENT_ORDER_REPLACE || in->kind == EVENT_ORDER_QUERY;
	BUG_UNLESS(3102, ref || in->kind == EVENT_ORDER_NEW);
	if (ref) on_ref(match, in);
	else on_new(match, in);
}

/* --- what the market sends --- */

/* One price as orders see it: of an open, a last trade, or the close of a bar with its range. */
struct quote { int64_t px_e8, low_px_e8, high_px_e8, t_ns; uint16_t sym; bool is_opening, has_range; };

/* What one fill may take of this order now. */
static int64_t fillable_e8(const struct match *match, const struct match_order *order)
{
	int64_t remaining_e8 = order->request.qty_e8 - order->filled_qty_e8, lot_e8 = universe[order->sym].lot_e8;
	int64_t volume = match->symbol[order->sym].volume;
	if (match->costs.volume_max_bp == 0 || volume <= 0) return remaining_e8;
	i128 most_e8 = (i128)volume * E8 * match->costs.volume_max_bp / BP_ONE;
	if (most_e8 >= remaining_e8) return remaining_e8;
	return e8_max(e8_lots((int64_t)most_e8, lot_e8), lot_e8);
}

static int64_t px_within_limit(const struct order_request *request, int64_t px_e8)
{
	if (request->order_type == ORDER_TYPE_MARKET) return px_e8;
	return request->side == SIDE_BUY ? e8_min(px_e8, request->limit_px_e8) : e8_max(px_e8, request->limit_px_e8);
}

static void fill(struct match *match, struct match_order *order, int64_t qty_e8, int64_t px_e8, int64_t t_ns)
{
	struct event event = event_make(EVENT_FILL, order->sym, t_ns);
	if (notional_usd_e8(qty_e8, px_e8) > (i128)MATCH_NOTIONAL_MAX_USD * E8) return;
	order->filled_qty_e8 += qty_e8;
	BUG_UNLESS(3103, order->filled_qty_e8 <= order->request.qty_e8);
	event.fill = (struct fill){
		.order_id = order->request.order_id,
		.execution_id = ++match->execution_ids,
		.qty_e8 = qty_e8,
		.px_e8 = px_e8,
		.fee_usd_e8 = match_fee_usd_e8(order->sym, qty_e8, px_e8),
		.remaining_qty_e8 = order->request.qty_e8 - order->filled_qty_e8,
		.side = order->request.side,
	};
	order->last_fill = event.fill;
	order->last_fill_ns = t_ns;
	if (event.fill.remaining_qty_e8 == 0) order->state = MATCH_FILLED;
	answer(match, &event);
}

/* Takes the price on offer, and pays for it. */
static void fill_taking(struct match *match, struct match_order *order, int64_t px_e8, int64_t t_ns)
{
	const struct order_request *request = &order->request;
	int64_t                     slippage_e8 = match_slippage_e8(match, order->sym, request->qty_e8, px_e8);
	int64_t                     paid_px_e8 = match_fill_px_e8((enum side)request->side, px_e8, slippage_e8);
	fill(match, order, fillable_e8(match, order), px_within_limit(request, paid_px_e8), t_ns);
}

static void fill_resting(struct match *match, struct match_order *order, int64_t t_ns)
{
	fill(match, order, fillable_e8(match, order), order->request.limit_px_e8, t_ns);
}

static bool range_goes_beyond(const struct order_request *request, const struct quote *quote)
{
	return request->side == SIDE_BUY ? quote->low_px_e8 < request->limit_px_e8 : quote->high_px_e8 > request->limit_px_e8;
}

static void meet_limit(struct match *match, struct match_order *order, const struct quote *quote, int64_t t_ns)
{
	const struct order_request *request = &order->request;
	if (quote->has_range && order->from_open) {
		if (range_goes_beyond(request, quote)) fill_resting(match, order, t_ns);
	} else if (crosses(request, quote->px_e8)) {
		if (request->post_only) fill_resting(match, order, t_ns);
		else fill_taking(match, order, quote->px_e8, t_ns);
	}
}

static void expire(struct match *match, struct match_order *order, int64_t t_ns)
{
	order->state = MATCH_EXPIRED;
	reply_order(match, EVENT_EXPIRED, order, MATCH_CODE_NONE, t_ns);
}

/* One order sees one price. */
static void meet(struct match *match, struct match_order *order, const struct quote *quote)
{
	const struct order_request *request = &order->request;
	bool                        market = request->order_type == ORDER_TYPE_MARKET, opening = request->time_in_force == TIF_OPEN;
	int64_t                     ready_ns = order->sent_ns + (market ? match->costs.market_delay_ns : match->costs.limit_delay_ns);
	int64_t                     t_ns = e8_max(quote->t_ns, ready_ns);
	if (opening ? !quote->is_opening : t_ns > quote->t_ns) return;
	if (market) fill_taking(match, order, quote->px_e8, t_ns);
	else meet_limit(match, order, quote, t_ns);
	if (request->time_in_force == TIF_IOC && order->state == MATCH_WORKING) expire(match, order, t_ns);
}

/* Keeps the working orders, in their order, and drops the others from the list. */
static void sweep(struct match *match)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < match->working; i++)
		if (match->order[match->working_slot[i]].state == MATCH_WORKING) match->working_slot[kept++] = match->working_slot[i];
	match->working = kept;
}

static void on_quote(struct match *match, const struct quote *quote)
{
	match->symbol[quote->sym].px_e8 = quote->px_e8;
	for (uint32_t i = 0; i < match->working; i++) {
		struct match_order *order = &match->order[match->working_slot[i]];
		if (order->sym == quote->sym) meet(match, order, quote);
	}
	sweep(match);
}

static bool is_price(int64_t px_e8) { return px_e8 > 0 && px_e8 <= MATCH_PX_MAX_USD * E8; }

static void learn(struct match_symbol *symbol, const struct bar *bar)
{
	int64_t before_e8 = symbol->adj_px_e8;
	symbol->volume = bar->volume;
	if (!is_price(bar->adj_px_e8)) return;
	symbol->adj_px_e8 = bar->adj_px_e8;
	if (before_e8 == 0) return;
	i128 return_e8 = div_near((i128)(bar->adj_px_e8 - before_e8) * E8, before_e8);
	if (return_e8 > return_max_e8) return_e8 = return_max_e8;
	i128 kept = (i128)symbol->variance_e16 * MATCH_VOLATILITY_KEEP_BP;
	symbol->variance_e16 = i128_narrow(div_near(kept + return_e8 * return_e8 * (BP_ONE - MATCH_VOLATILITY_KEEP_BP), BP_ONE));
}

static void on_bar(struct match *match, const struct event *in)
{
	const struct bar  *bar = &in->bar;
	const struct quote quote = {
		.px_e8 = bar->close_px_e8,
		.low_px_e8 = bar->low_px_e8,
		.high_px_e8 = bar->high_px_e8,
		.t_ns = in->t_ns,
		.sym = in->sym,
		.has_range = true,
	};
	learn(&match->symbol[in->sym], bar);
	on_quote(match, &quote);
}

static void on_price(struct match *match, const struct event *in)
{
	const struct quote quote = { .px_e8 = in->price.px_e8, .t_ns = in->t_ns, .sym = in->sym, .is_opening = in->price.price_kind == PRICE_OPEN };
	on_quote(match, &quote);
}

static void on_open(struct match *match, uint8_t calendar)
{
	match->is_open[calendar] = 1;
	for (uint32_t i = 0; i < match->working; i++) {
		struct match_order *order = &match->order[match->working_slot[i]];
		if (universe[order->sym].calendar == calendar) order->from_open = order->in_session = 1;
	}
}

static void on_day_end(struct match *match, int64_t t_ns)
{
	for (uint32_t i = 0; i < match->working; i++) {
		struct match_order *order = &match->order[match->working_slot[i]];
		if (order->in_session && order->request.time_in_force != TIF_GTC) expire(match, order, t_ns);
	}
	sweep(match);
}

static void on_tick(struct match *match, const struct event *in)
{
	const struct tick *tick = &in->tick;
	if (tick->calendar >= CALENDARS_N) return;
	if (tick->phase == TICK_OPEN) on_open(match, tick->calendar);
	if (tick->phase == TICK_CLOSE) match->is_open[tick->calendar] = 0;
	if (tick->phase == TICK_DAY_END) on_day_end(match, in->t_ns);
}

void match_market(struct match *match, const struct event *in)
{
	if (in->kind == EVENT_TICK) on_tick(match, in);
	if (in->sym >= UNIVERSE_N) return;
	if (in->kind == EVENT_PRICE && is_price(in->price.px_e8)) on_price(match, in);
	if (in->kind == EVENT_BAR && is_price(in->bar.close_px_e8)) on_bar(match, in);
}
