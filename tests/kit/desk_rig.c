/* desk_rig.c - see desk_rig.h. */
#include "tests/kit/desk_rig.h"

#include <string.h>

#include "tests/kit/test.h"

void rig_init(struct desk_rig *rig)
{
	struct settings settings;
	memset(rig, 0, sizeof *rig);
	settings_default(&settings);
	desk_init(&rig->desk, RIG_JOURNAL, &settings);
	rig->worker = (struct desk_worker){ &rig->desk, &rig->log };
	rig->day = RIG_DAY;
	rig->t_ns = RIG_DAY * NS_PER_DAY;
	rig->outputs_hash = HASH_SEED;
}

void rig_step(struct desk_rig *rig, struct event in)
{
	in.cause = rig->desk.inputs + 1;
	if (in.t_ns == 0) in.t_ns = rig->t_ns += NS_PER_MS;
	outbox_begin(&rig->out, 1, in.cause, in.t_ns);
	desk_step(&rig->worker, &in, &rig->out);
	rig->outputs_hash = hash_words(rig->outputs_hash, rig->out.event, rig->out.count * sizeof(struct event));
	for (uint32_t i = 0; i < rig->out.count; i++) rig->said[rig->out.event[i].kind]++;
}

void rig_price(struct desk_rig *rig, uint16_t sym, int64_t px_e8)
{
	struct event in = event_make(EVENT_PRICE, sym, 0);
	in.price = (struct price){ px_e8, 1000000, rig->day, PRICE_CLOSE };
	rig_step(rig, in);
}

void rig_regime(struct desk_rig *rig, uint8_t regime)
{
	struct event in = event_make(EVENT_REGIME, SYM_NONE, 0);
	in.regime = (struct regime_note){ .vix_e8 = QTY(15 + 10 * regime), .day = rig->day, .regime = regime };
	rig_step(rig, in);
}

void rig_dividend(struct desk_rig *rig, uint16_t sym, int64_t per_unit_e8)
{
	struct event in = event_make(EVENT_DIVIDEND, sym, 0);
	in.dividend = (struct dividend){ per_unit_e8, rig->day, 0 };
	rig_step(rig, in);
}

void rig_signal(struct desk_rig *rig, uint16_t sym, uint8_t strategy, uint8_t grade, int32_t weight_bp, int32_t confidence_bp)
{
	struct event in = event_make(EVENT_SIGNAL, sym, 0);
	in.signal = (struct signal_note){ .trace_id = rig->desk.inputs,
		.volatility_e8 = universe[sym].volatility_bp * (E8 / BP_ONE),
		.px_e8 = rig->desk.account.position[sym].px_e8,
		.day = rig->day,
		.confidence_bp = confidence_bp,
		.weight_bp = weight_bp,
		.bars_seen = 300,
		.bars_needed = 200,
		.strategy = strategy,
		.grade = grade,
		.regime = rig->desk.regime };
	rig_step(rig, in);
}

void rig_wish(struct desk_rig *rig, uint16_t sym, int32_t target_bp)
{
	int32_t share_bp = setting(&rig->desk.settings, SETTING_share_momentum_bp);
	rig_signal(rig, sym, STRATEGY_momentum, GRADE_BUY, (target_bp * BP_ONE + share_bp - 1) / share_bp, BP_ONE);
}

void rig_alarm(struct desk_rig *rig, uint16_t sym, uint8_t alarm_kind)
{
	const struct position *position = &rig->desk.account.position[sym];
	struct event           in = event_make(EVENT_ALARM, sym, 0);
	in.alarm = (struct alarm){ .px_e8 = position->px_e8, .loss_bp = position_loss_bp(position), .alarm_kind = alarm_kind };
	rig_step(rig, in);
}

void rig_alarm_over(struct desk_rig *rig, uint16_t sym, uint8_t alarm_kind)
{
	struct event in = event_make(EVENT_ALARM, sym, 0);
	in.alarm = (struct alarm){ .alarm_kind = alarm_kind, .priority = ALARM_PRIORITIES, .is_over = 1 };
	rig_step(rig, in);
}

void rig_operator(struct desk_rig *rig, uint8_t command)
{
	struct event in = event_make(EVENT_OPERATOR, SYM_NONE, 0);
	in.instruction.command = command;
	rig_step(rig, in);
}

void rig_ack(struct desk_rig *rig, uint64_t id)
{
	struct event in = event_make(EVENT_OPERATOR, SYM_NONE, 0);
	in.instruction = (struct operator_order){ .code = id, .command = OPERATOR_ACK };
	rig_step(rig, in);
}

void rig_care(struct desk_rig *rig, uint32_t condition, uint8_t is_active)
{
	struct event in = event_make(EVENT_CARE, SYM_NONE, 0);
	in.care = (struct care_note){ .condition = condition, .is_active = is_active };
	rig_step(rig, in);
}

void rig_correlation(struct desk_rig *rig, uint8_t assets, int32_t average_bp, int32_t lowest_bp, uint16_t a, uint16_t b)
{
	struct event in = event_make(EVENT_CORRELATION, SYM_NONE, 0);
	uint64_t     with[UNIVERSE_N] = { 0 };
	if (a != b) with[a] = UINT64_C(1) << b;
	if (a != b) with[b] = UINT64_C(1) << a;
	in.correlation = (struct correlation_note){ .day = rig->day, .assets = assets, .average_e8 = average_bp * (int32_t)(E8 / BP_ONE),
		.lowest_e8 = lowest_bp * (int32_t)(E8 / BP_ONE), .highest_e8 = (int32_t)E8, .highest_a = a, .highest_b = b };
	correlation_pack(with, in.correlation.pair);
	rig_step(rig, in);
}

void rig_timer(struct desk_rig *rig, uint64_t order_id)
{
	struct event in = event_make(EVENT_TIMER, SYM_NONE, 0);
	const struct order *order = rig_order(rig, order_id);
	in.timer = (struct timer){ order_id, order ? order->due_ns : 0 };
	rig_step(rig, in);
}

void rig_tick(struct desk_rig *rig, uint8_t calendar, uint8_t phase)
{
	static const int64_t at_ns[TICK_PHASES_N] = { 14 * 3600 * NS_PER_S, 21 * 3600 * NS_PER_S, 24 * 3600 * NS_PER_S - NS_PER_S };
	int64_t              t_ns = rig->day * NS_PER_DAY + at_ns[phase];
	struct event         in = event_make(EVENT_TICK, SYM_NONE, 0);
	if (t_ns > rig->t_ns) rig->t_ns = t_ns;
	in.tick = (struct tick){ .day = rig->day, .phase = phase, .calendar = calendar };
	rig_step(rig, in);
}

void rig_cycle(struct desk_rig *rig, uint8_t calendar)
{
	struct event in = event_make(EVENT_CYCLE, SYM_NONE, 0);
	in.cycle = (struct cycle){ .day = rig->day, .calendar = calendar };
	rig_step(rig, in);
}

void rig_day_end(struct desk_rig *rig)
{
	rig_tick(rig, CALENDAR_NYSE, TICK_DAY_END);
	rig->day++;
	rig->t_ns = rig->day * NS_PER_DAY;
}

void rig_decide(struct desk_rig *rig, uint8_t calendar)
{
	if (rig->desk.day[calendar].state != DAY_CLOSED) rig_day_end(rig);
	rig_tick(rig, calendar, TICK_OPEN);
	rig_tick(rig, calendar, TICK_CLOSE);
	rig_cycle(rig, calendar);
}

void rig_mark(struct desk_rig *rig)
{
	if (rig->desk.day[CALENDAR_NYSE].state != DAY_CLOSED) rig_day_end(rig);
	rig_tick(rig, CALENDAR_NYSE, TICK_OPEN);
	rig_tick(rig, CALENDAR_NYSE, TICK_CLOSE);
}

void rig_reply(struct desk_rig *rig, uint16_t kind, uint64_t order_id, uint64_t venue_id, uint32_t conclusive)
{
	struct event in = event_make(EVENT_NONE, SYM_NONE, 0);
	in.kind = kind;
	in.reply = (struct order_reply){ order_id, venue_id, 0, conclusive };
	rig_step(rig, in);
}

void rig_fill_as(struct desk_rig *rig, uint64_t order_id, uint16_t sym, uint8_t side, int64_t qty_e8, int64_t px_e8, uint64_t execution_id)
{
	struct event in = event_make(EVENT_FILL, sym, 0);
	in.fill = (struct fill){ .order_id = order_id, .execution_id = execution_id, .qty_e8 = qty_e8, .px_e8 = px_e8, .side = side };
	rig_step(rig, in);
}

void rig_fill(struct desk_rig *rig, uint64_t order_id, int64_t qty_e8, int64_t px_e8)
{
	const struct order *order = rig_order(rig, order_id);
	rig_fill_as(rig, order_id, order->sym, order->side, qty_e8, px_e8, 1000000 + ++rig->executions);
}

uint32_t rig_fill_all(struct desk_rig *rig)
{
	uint32_t filled = 0;
	for (size_t i = 0; i < ORDERS_MAX; i++) {
		struct order order = rig->desk.orders.order[i];
		if (order_open_qty_e8(&order) == 0) continue;
		rig_fill(rig, order.order_id, order_open_qty_e8(&order), rig->desk.account.position[order.sym].px_e8);
		filled++;
	}
	return filled;
}

void rig_hold(struct desk_rig *rig, uint16_t sym, int64_t qty_e8, int64_t px_e8)
{
	rig_fill_as(rig, UINT64_C(1) << 40, sym, qty_e8 > 0 ? SIDE_BUY : SIDE_SELL, e8_abs(qty_e8), px_e8, 2000000 + ++rig->executions);
	rig_price(rig, sym, px_e8);
}

void rig_venue(struct desk_rig *rig, uint8_t state, uint64_t life)
{
	struct event in = event_make(EVENT_VENUE, SYM_NONE, 0);
	in.venue = (struct venue_note){ .life = life, .state = state };
	rig_step(rig, in);
}

void rig_reconnect(struct desk_rig *rig)
{
	uint64_t life = rig->desk.recovery.life + 1;
	rig_venue(rig, VENUE_DOWN, life);
	rig_venue(rig, VENUE_SYNCING, life);
	rig_venue(rig, VENUE_UP, life);
}

void rig_holding(struct desk_rig *rig, uint64_t snapshot, uint16_t sym, int64_t qty_e8)
{
	struct event in = event_make(EVENT_HOLDING, sym, 0);
	in.holding = (struct holding){ .snapshot = snapshot, .qty_e8 = qty_e8 };
	rig_step(rig, in);
}

void rig_balance(struct desk_rig *rig, uint64_t snapshot, int64_t cash_usd_e8, uint32_t holdings)
{
	struct event in = event_make(EVENT_BALANCE, SYM_NONE, 0);
	in.balance = (struct balance){ .snapshot = snapshot, .cash_usd_e8 = cash_usd_e8, .holdings = holdings };
	rig_step(rig, in);
}

void rig_snapshot(struct desk_rig *rig, int64_t gld_more_e8, int64_t cash_more_e8)
{
	uint64_t snapshot = ++rig->snapshots;
	uint32_t holdings = 0;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		int64_t qty_e8 = rig->desk.account.position[sym].qty_e8 + (sym == GLD ? gld_more_e8 : 0);
		if (qty_e8 == 0) continue;
		rig_holding(rig, snapshot, sym, qty_e8);
		holdings++;
	}
	rig_balance(rig, snapshot, rig->desk.account.cash_usd_e8 + cash_more_e8, holdings);
}

void rig_external(struct desk_rig *rig, uint64_t venue_id, uint16_t sym, uint8_t side, int64_t qty_e8, int64_t filled_e8, int64_t limit_px_e8)
{
	struct event in = event_make(EVENT_EXTERNAL, sym, 0);
	in.external = (struct external){ .venue_id = venue_id, .qty_e8 = qty_e8, .filled_qty_e8 = filled_e8, .limit_px_e8 = limit_px_e8, .side = side };
	rig_step(rig, in);
}

void rig_cash(struct desk_rig *rig, uint64_t activity_id, uint16_t sym, uint32_t cash_kind, int64_t usd_e8)
{
	struct event in = event_make(EVENT_CASH, sym, 0);
	in.cash = (struct cash){ .activity_id = activity_id, .usd_e8 = usd_e8, .day = rig->day, .cash_kind = cash_kind };
	rig_step(rig, in);
}

void rig_care_timer(struct desk_rig *rig)
{
	struct event in = event_make(EVENT_TIMER, SYM_NONE, 0);
	in.timer.due_ns = rig->desk.recovery.due_ns;
	if (in.timer.due_ns > rig->t_ns) rig->t_ns = in.timer.due_ns;
	rig_step(rig, in);
}

const struct event *rig_said(const struct desk_rig *rig, enum event_kind kind, uint16_t sym)
{
	for (uint32_t i = 0; i < rig->out.count; i++)
		if (rig->out.event[i].kind == kind && (sym == SYM_NONE || rig->out.event[i].sym == sym)) return &rig->out.event[i];
	return 0;
}

uint32_t rig_count(const struct desk_rig *rig, enum event_kind kind)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < rig->out.count; i++) count += rig->out.event[i].kind == kind;
	return count;
}

uint64_t rig_sent_buy(struct desk_rig *rig)
{
	rig_price(rig, GLD, USD(100));
	rig_wish(rig, GLD, 1000);
	rig_decide(rig, CALENDAR_NYSE);
	const struct event *request = rig_said(rig, EVENT_ORDER_NEW, GLD);
	CHECK(request != 0);
	return request ? request->request.order_id : 0;
}

struct order *rig_order(struct desk_rig *rig, uint64_t order_id) { return order_table_find(&rig->desk.orders, order_id); }

/* An order holds back exactly what it may still spend. */
static bool order_is_sound(const struct order *order)
{
	int64_t open_e8 = order_open_qty_e8(order);
	if (order->state == ORDER_FREE) return order->order_id == 0 && order->qty_e8 == 0;
	if (order->order_id == 0 || order->qty_e8 <= 0 || order->filled_qty_e8 < 0) return false;
	if (order->state != ORDER_DONE && order->filled_qty_e8 >= order->qty_e8) return false;
	if (order->side == SIDE_SELL) return order->reserved_usd_e8 == 0;
	return open_e8 == 0 || order->reserved_usd_e8 == desk_reserve_usd_e8(order);
}

/* A step that looks only at its own symbol must have missed no change; and no order is counted as UNKNOWN, or forgotten, that is not. One check for
 * all: this runs after millions of steps. */
static bool causes_are_sound(const struct desk *desk)
{
	uint64_t unknown[UNIVERSE_N] = { 0 };
	bool     sound = desk->causes.book == desk_causes_of_book(desk);
	for (size_t i = 0; i < desk->orders.used_max; i++) unknown[desk->orders.order[i].sym] += desk->orders.order[i].state == ORDER_UNKNOWN;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		sound = sound && desk->unknown[sym] == unknown[sym] && desk->causes.symbol[sym] == desk_causes_of_symbol(desk, sym);
	return sound;
}

void rig_check(const struct desk_rig *rig)
{
	const struct order_table *table = &rig->desk.orders;
	uint32_t                  used = 0;
	CHECK(account_is_conserved(&rig->desk.account));
	for (size_t i = 0; i < table->used_max; i++) {
		const struct order *order = &table->order[i];
		if (order->state == ORDER_FREE && order->order_id == 0) continue;
		uint32_t slot = UINT32_MAX;
		used++;
		CHECK(order_is_sound(order));
		CHECK(idmap_find(table->by_order_id, ORDER_CELLS_N, order->order_id, &slot) && slot == i);
	}
	CHECK_EQ(used + table->pool.free_n, ORDERS_MAX);
	CHECK(causes_are_sound(&rig->desk));
	CHECK_EQ(rig->desk.positions_dirty, 0);
	CHECK_EQ(rig->desk.account_dirty, 0);
}
