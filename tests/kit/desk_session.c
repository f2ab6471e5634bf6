/* desk_session.c - see desk_session.h. */
#include "tests/kit/desk_session.h"

#include <string.h>

static uint32_t below(struct desk_session *session, uint32_t bound) { return random_below(&session->random, bound); }

static void queue_put(struct session_queue *queue, struct event event)
{
	if (queue->count == SESSION_QUEUE_MAX) return;        /* what does not fit is lost on the wire */
	queue->event[(queue->first + queue->count++) % SESSION_QUEUE_MAX] = event;
}

static struct event queue_take(struct session_queue *queue)
{
	struct event event = queue->event[queue->first];
	queue->first = (queue->first + 1) % SESSION_QUEUE_MAX;
	queue->count--;
	event.t_ns = 0;
	event.seq = 0;
	return event;
}

void session_init(struct desk_session *session, struct desk_rig *rig, uint64_t seed, enum session_mode mode)
{
	memset(session, 0, sizeof *session);
	rig_init(rig);
	session->random.state = seed;
	session->mode = mode;
	session->bear = seed % 2;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		session->px_e8[sym] = random_between(&session->random, 5 * E8, 600 * E8);
		rig_price(rig, sym, session->px_e8[sym]);
	}
}

/* One draw a statement: the order of draws within an expression is the compiler's, and a seed must mean the same to all of them. */

/* --- the venue ------------------------------------------------------------------------------------------------- */

static struct event reply(enum event_kind kind, const struct session_order *order)
{
	struct event event = event_make(kind, order->sym, 0);
	event.reply = (struct order_reply){ order->order_id, order->order_id + 1, 0, 1 };
	return event;
}

static struct session_order *venue_find(struct desk_session *session, uint64_t order_id)
{
	for (uint32_t i = 0; i < session->orders; i++)
		if (session->order[i].order_id == order_id) return &session->order[i];
	return 0;
}

static void venue_fill(struct desk_session *session, struct session_order *order)
{
	const struct asset *asset = &universe[order->sym];
	int64_t             part_e8 = below(session, 2) ? order->left_e8 : e8_lots(order->left_e8 / 2, asset->lot_e8);
	int64_t             slip_e8 = e8_bp(order->px_e8, (int64_t)below(session, (uint32_t)asset->slippage_bp + 1));
	if (part_e8 <= 0) part_e8 = order->left_e8;
	struct event event = event_make(EVENT_FILL, order->sym, 0);
	event.fill = (struct fill){ .order_id = order->order_id,
		.execution_id = ++session->executions,
		.qty_e8 = part_e8,
		.px_e8 = order->side == SIDE_BUY ? order->px_e8 + slip_e8 : order->px_e8 - slip_e8,
		.side = order->side };
	event.fill.fee_usd_e8 = e8_bp(e8_mul(part_e8, event.fill.px_e8), asset->commission_bp);
	order->left_e8 -= part_e8;
	order->working = order->left_e8 > 0;
	queue_put(&session->to_desk, event);
	if (below(session, 5) == 0) queue_put(&session->to_desk, event);        /* told twice */
}

static void venue_new(struct desk_session *session, const struct event *in)
{
	uint32_t luck = below(session, 12);
	if (luck == 0 || session->orders == SESSION_ORDERS_MAX) return;        /* never arrives */
	struct session_order *order = &session->order[session->orders++];
	*order = (struct session_order){ in->request.order_id, in->request.qty_e8, in->request.decided_px_e8, in->sym, in->request.side, luck != 1 };
	if (luck == 2) return;        /* works it, but the answer is lost */
	queue_put(&session->to_desk, reply(order->working ? EVENT_ACK : EVENT_NEW_REJECTED, order));
}

static void venue_cancel(struct desk_session *session, const struct event *in)
{
	struct session_order *order = venue_find(session, in->ref.order_id);
	struct session_order  unknown = { .order_id = in->ref.order_id, .sym = in->sym };
	uint32_t              luck = below(session, 6);
	if (luck == 0) return;
	if (!order || !order->working || luck == 1) {
		queue_put(&session->to_desk, reply(EVENT_CANCEL_REJECTED, order ? order : &unknown));
		return;
	}
	order->working = 0;
	queue_put(&session->to_desk, reply(EVENT_CANCELLED, order));
}

static void venue_query(struct desk_session *session, const struct event *in)
{
	struct session_order *order = venue_find(session, in->ref.order_id);
	struct session_order  unknown = { .order_id = in->ref.order_id, .sym = in->sym };
	if (!order) {
		struct event event = reply(EVENT_NOT_FOUND, &unknown);
		event.reply.conclusive = below(session, 2);
		queue_put(&session->to_desk, event);
	} else if (order->working)
		queue_put(&session->to_desk, reply(EVENT_ACK, order));
	else if (order->left_e8 > 0)
		queue_put(&session->to_desk, reply(below(session, 2) ? EVENT_CANCELLED : EVENT_EXPIRED, order));
}

static void venue_turn(struct desk_session *session)
{
	if (session->to_venue.count && below(session, 3)) {
		struct event in = queue_take(&session->to_venue);
		if (in.kind == EVENT_ORDER_NEW) venue_new(session, &in);
		if (in.kind == EVENT_ORDER_CANCEL) venue_cancel(session, &in);
		if (in.kind == EVENT_ORDER_QUERY) venue_query(session, &in);
		return;
	}
	for (uint32_t tries = 0; session->orders && tries < 8; tries++) {
		struct session_order *order = &session->order[below(session, session->orders)];
		if (!order->working) continue;
		venue_fill(session, order);
		return;
	}
}

/* --- nonsense -------------------------------------------------------------------------------------------------- */

static uint64_t any_order_id(struct desk_session *session)
{
	if (session->orders && below(session, 4)) return session->order[below(session, session->orders)].order_id;
	return below(session, 2) ? 0 : random_u64(&session->random) >> below(session, 64);
}

static int64_t any_amount(struct desk_session *session)
{
	switch (below(session, 8)) {
	case 0: return 0;
	case 1: return -random_between(&session->random, 1, 100 * E8);
	case 2: return (int64_t)random_u64(&session->random);
	case 3: return below(session, 2) ? INT64_MAX : INT64_MIN;
	default: return random_between(&session->random, 1, 20 * E8);
	}
}

static struct event nonsense_fill(struct desk_session *session)
{
	struct event event = event_make(EVENT_FILL, (uint16_t)below(session, UNIVERSE_N), 0);
	if (below(session, 8) == 0) event.sym = SYM_NONE;
	event.fill.order_id = any_order_id(session);
	event.fill.execution_id = below(session, 50);
	if (event.fill.execution_id > 15) event.fill.execution_id = UINT64_C(1) << 50 | random_u64(&session->random);
	event.fill.qty_e8 = any_amount(session);
	event.fill.px_e8 = any_amount(session);
	event.fill.fee_usd_e8 = any_amount(session);
	if (below(session, 4)) event.fill.fee_usd_e8 = 0;
	event.fill.remaining_qty_e8 = any_amount(session);
	event.fill.side = (uint8_t)below(session, 3);
	event.fill.reason = (uint8_t)below(session, 256);
	return event;
}

static struct event nonsense_reply(struct desk_session *session)
{
	static const uint16_t kind[] = { EVENT_ACK, EVENT_NEW_REJECTED, EVENT_CANCEL_REJECTED, EVENT_REPLACE_REJECTED, EVENT_REPLACED,
		EVENT_CANCELLED, EVENT_EXPIRED, EVENT_NOT_FOUND };
	struct event          event = event_make(EVENT_ACK, (uint16_t)below(session, 2 * UNIVERSE_N), 0);
	if (event.sym >= UNIVERSE_N) event.sym = SYM_NONE;
	event.kind = kind[below(session, sizeof kind / sizeof *kind)];
	event.reply.order_id = any_order_id(session);
	event.reply.venue_id = any_order_id(session);
	event.reply.code = below(session, 1000);
	event.reply.conclusive = below(session, 2);
	return event;
}

/* What a venue with sessions may say of itself, its books and its money. */
static struct event nonsense_care(struct desk_session *session)
{
	static const uint16_t kind[] = { EVENT_VENUE, EVENT_VENUE, EVENT_HOLDING, EVENT_BALANCE, EVENT_EXTERNAL, EVENT_CASH };
	struct event          event = event_make(EVENT_VENUE, (uint16_t)below(session, 2 * UNIVERSE_N), 0);
	if (event.sym >= UNIVERSE_N) event.sym = SYM_NONE;
	event.kind = kind[below(session, sizeof kind / sizeof *kind)];
	switch (event.kind) {
	case EVENT_VENUE:
		event.venue.life = below(session, 3);
		event.venue.state = below(session, 3) ? VENUE_UP : below(session, VENUE_STATES_N + 1);
		return event;
	case EVENT_HOLDING:
		event.holding.snapshot = below(session, 3);
		event.holding.qty_e8 = any_amount(session);
		return event;
	case EVENT_BALANCE:
		event.balance.snapshot = below(session, 3);
		event.balance.cash_usd_e8 = any_amount(session);
		event.balance.holdings = below(session, 2);
		event.balance.blocked = below(session, 4) == 0;
		return event;
	case EVENT_EXTERNAL:
		event.external.venue_id = below(session, 100);
		event.external.qty_e8 = any_amount(session);
		event.external.filled_qty_e8 = any_amount(session);
		event.external.limit_px_e8 = any_amount(session);
		event.external.side = (uint8_t)below(session, 3);
		return event;
	default:
		event.cash.activity_id = below(session, 40);
		event.cash.usd_e8 = any_amount(session);
		event.cash.cash_kind = below(session, CASH_KINDS_N + 1);
		return event;
	}
}

static void nonsense(struct desk_session *session, struct desk_rig *rig)
{
	struct event event;
	uint8_t      calendar = (uint8_t)below(session, CALENDARS_N);
	switch (below(session, 8)) {
	case 0: rig_tick(rig, calendar, (uint8_t)below(session, TICK_PHASES_N)); return;
	case 1: rig_cycle(rig, calendar); return;
	case 2: rig_timer(rig, any_order_id(session)); return;
	case 3:
		event = event_make(EVENT_OPERATOR, SYM_NONE, 0);
		event.instruction.command = (uint8_t)below(session, 256);
		rig_step(rig, event);
		return;
	case 4: rig_step(rig, nonsense_reply(session)); return;
	case 5:
	case 6: rig_step(rig, nonsense_care(session)); return;
	default: rig_step(rig, nonsense_fill(session)); return;
	}
}

/* --- the market, the analyst, the health worker, the operator ---------------------------------------------------------- */

/* All prices at once: the book has no time to shrink on the way down. */
static void crash(struct desk_session *session, struct desk_rig *rig)
{
	int64_t move_bp = random_between(&session->random, -4000, -1000);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		session->px_e8[sym] = e8_max(session->px_e8[sym] + e8_bp(session->px_e8[sym], move_bp), E8);
		rig_price(rig, sym, session->px_e8[sym]);
	}
}

static void market(struct desk_session *session, struct desk_rig *rig)
{
	if (session->bear && session->mode != SESSION_STILL && below(session, 100) == 0) {
		crash(session, rig);
		return;
	}
	uint16_t sym = (uint16_t)below(session, UNIVERSE_N);
	if (session->mode == SESSION_STILL) {
		rig_price(rig, sym, session->px_e8[sym]);
		return;
	}
	int64_t move_bp = below(session, 30) == 0 ? random_between(&session->random, -4500, 3000) : random_between(&session->random, -300, 300);
	session->px_e8[sym] = e8_min(e8_max(session->px_e8[sym] + e8_bp(session->px_e8[sym], move_bp), E8), 100000 * E8);
	rig_price(rig, sym, session->px_e8[sym]);
}

static void analyst(struct desk_session *session, struct desk_rig *rig)
{
	uint16_t sym = (uint16_t)below(session, UNIVERSE_N);
	uint8_t  strategy = (uint8_t)below(session, STRATEGY_COUNT), grade = (uint8_t)below(session, GRADE_COUNT);
	int32_t  weight_bp = (int32_t)below(session, BP_ONE + 1), confidence_bp = (int32_t)below(session, BP_ONE + 1);
	rig_signal(rig, sym, strategy, grade, weight_bp, confidence_bp);
}

/* The day goes on by one phase, sometimes out of turn. */
static void clock_turn(struct desk_session *session, struct desk_rig *rig)
{
	uint8_t calendar = (uint8_t)(below(session, 3) ? CALENDAR_NYSE : CALENDAR_CRYPTO);
	switch ((enum day_state)rig->desk.day[calendar].state) {
	case DAY_CLOSED: rig_tick(rig, calendar, TICK_OPEN); return;
	case DAY_OPEN: rig_tick(rig, calendar, TICK_CLOSE); return;
	case DAY_DECIDING: rig_cycle(rig, calendar); return;
	case DAY_SETTLED: rig_day_end(rig); return;
	case DAY_STATES_N: return;
	}
}

static void people(struct desk_session *session, struct desk_rig *rig)
{
	static const uint8_t command[] = { OPERATOR_CONFIRM, OPERATOR_CONFIRM, OPERATOR_RESUME, OPERATOR_RESUME, OPERATOR_PAUSE, OPERATOR_HALT,
		OPERATOR_FLATTEN };
	uint16_t sym = (uint16_t)below(session, UNIVERSE_N);
	switch (below(session, 8)) {
	case 0: rig_operator(rig, command[below(session, sizeof command)]); return;
	case 1: rig_regime(rig, (uint8_t)(below(session, 4) ? REGIME_NORMAL : below(session, REGIME_COUNT))); return;
	case 2: rig_dividend(rig, sym, random_between(&session->random, 1, E8)); return;
	case 3: rig_operator(rig, OPERATOR_RESUME); return;
	default:
		if (below(session, 2)) rig_alarm(rig, sym, (uint8_t)below(session, ALARM_KINDS_N));
		else rig_alarm_over(rig, sym, (uint8_t)below(session, ALARM_KINDS_N));
		return;
	}
}

static void timer_turn(struct desk_session *session, struct desk_rig *rig)
{
	struct event timer = queue_take(&session->timers), in = event_make(EVENT_TIMER, SYM_NONE, 0);
	in.timer = timer.timer;
	rig_step(rig, in);
}

static void post(struct desk_session *session, const struct desk_rig *rig)
{
	for (uint32_t i = 0; i < rig->out.count; i++) {
		const struct event *event = &rig->out.event[i];
		if (event->kind == EVENT_ORDER_NEW || event->kind == EVENT_ORDER_CANCEL || event->kind == EVENT_ORDER_QUERY) queue_put(&session->to_venue, *event);
		if (event->kind == EVENT_TIMER) queue_put(&session->timers, *event);
	}
}

void session_input(struct desk_session *session, struct desk_rig *rig)
{
	venue_turn(session);
	uint32_t luck = below(session, 100);
	if (session->mode == SESSION_NONSENSE && luck < 12)
		nonsense(session, rig);
	else if (luck < 40 && session->to_desk.count)
		rig_step(rig, queue_take(&session->to_desk));
	else if (luck < 45 && session->timers.count)
		timer_turn(session, rig);
	else if (luck < 60)
		analyst(session, rig);
	else if (luck < 75)
		clock_turn(session, rig);
	else if (luck < 80)
		people(session, rig);
	else
		market(session, rig);
	post(session, rig);
}
