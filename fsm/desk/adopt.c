/* adopt.c - rebuilds the desk from the absolute records of RESULTs alone, without deciding anything again.
 *
 * For a journal that another build wrote: its INPUTs might be decided otherwise today, its RESULTs are what happened. What records do not
 * carry (the strategies' wishes, counters of a half-done recovery) starts anew and only makes the desk more careful. */
#include "fsm/desk/desk.h"

#include <string.h>

static void adopt_position(struct desk *desk, uint16_t sym, const struct position_note *note)
{
	struct position *position = &desk->account.position[sym];
	position->qty_e8 = note->qty_e8;
	position->cost_usd_e8 = note->cost_usd_e8;
	position->realised_usd_e8 = note->realised_usd_e8;
	position->fees_usd_e8 = note->fees_usd_e8;
	position->dividends_usd_e8 = note->dividends_usd_e8;
	position->px_e8 = note->px_e8;
	position->px_day = note->day;
	position->px_age = desk_setting(desk, SETTING_price_stale_sessions) + 1;        /* old until a price comes */
	desk->stop[sym].state = note->stop_state < STOP_STATES_N ? (uint8_t)note->stop_state : STOP_EXITING;
	if (desk->stop[sym].state == STOP_COOLING) desk->stop[sym].sessions_left = desk_setting(desk, SETTING_stop_cooldown_sessions);
}

static void adopt_account(struct desk *desk, const struct account_note *note)
{
	struct account *account = &desk->account;
	account->cash_usd_e8 = note->cash_usd_e8;
	account->realised_usd_e8 = note->realised_usd_e8;
	account->fees_usd_e8 = note->fees_usd_e8;
	account->dividends_usd_e8 = note->dividends_usd_e8;
	account->turnover_usd_e8 = note->turnover_usd_e8;
	account->deposited_usd_e8 = account->cash_usd_e8 - account->realised_usd_e8 - account->dividends_usd_e8 + account->fees_usd_e8;
	for (size_t i = 0; i < UNIVERSE_N; i++) account->deposited_usd_e8 += account->position[i].cost_usd_e8;
	desk->use.trades_today = desk_setting(desk, SETTING_trades_day_max);        /* nobody says how many there were: no more today */
	desk->use.day_trades[0] = (uint8_t)desk_setting(desk, SETTING_day_trades_max);                 /* nor of these */
	for (size_t i = 0; i < UNIVERSE_N && desk_setting(desk, SETTING_wash_sale_guard); i++) desk->use.loss_day[i] = note->day;        /* nor what was lost */
	desk->ladder.peak_nav_usd_e8 = note->peak_nav_usd_e8;
	desk->ladder.drawdown_bp = note->drawdown_bp;
	desk->ladder.state = note->ladder_state < LADDER_STATES_N ? note->ladder_state : LADDER_LEVEL3;
	desk->ladder.weeks = note->recovery_weeks;
	desk->ladder.review_open = note->review_open;
	desk->regime = note->regime;
	desk->halted = note->halted;
	desk->paused = note->paused;
}

static void adopt_order(struct desk *desk, const struct event *record)
{
	const struct order_note *note = &record->order;
	struct order *order = order_table_find(&desk->orders, note->order_id);
	if (!order) order = order_table_take(&desk->orders, note->order_id, true);
	if (!order) {
		desk->orphans++;
		return;
	}
	uint64_t old_venue_id = order->venue_id;
	if (order->state == ORDER_UNKNOWN) desk->unknown[order->sym]--;
	order->sym = record->sym;
	order->venue_id = note->venue_id;
	order->qty_e8 = note->qty_e8;
	order->filled_qty_e8 = note->filled_qty_e8;
	order->limit_px_e8 = note->limit_px_e8;
	order->decided_px_e8 = note->decided_px_e8;
	order->paid_usd_e8 = e8_mul(note->average_px_e8, note->filled_qty_e8);
	order->fee_usd_e8 = note->fee_usd_e8;
	order->sent_ns = note->sent_ns;
	order->done_ns = note->state == ORDER_DONE ? record->t_ns : 0;
	order->state = note->state < ORDER_STATES_N && note->state != ORDER_FREE ? note->state : ORDER_UNKNOWN;
	order->side = note->side;
	order->order_type = note->order_type;
	order->time_in_force = note->time_in_force;
	order->reason = note->reason;
	order->reduce_only = note->reduce_only;
	if (order->sym < UNIVERSE_N && order->reason == ORDER_REASON_OPERATOR) desk->owed[order->sym].held = 1;        /* FLATTEN; a RESUME may be due */
	if (order->state == ORDER_UNKNOWN) desk->unknown[order->sym]++;
	if (order->side == SIDE_BUY) order->reserved_usd_e8 = desk_reserve_usd_e8(order);
	order_table_name_venue(&desk->orders, order, old_venue_id);
}

/* The desk that wrote the records let go of its old orders at the end of each day without a word: so the table never fills up here either. */
static void adopt_day_end(struct desk *desk, int64_t t_ns)
{
	struct order_table *table = &desk->orders;
	for (size_t i = 0; i < table->used_max; i++) {
		struct order *order = &table->order[i];
		if (order->state != ORDER_DONE || order->done_ns > t_ns - CFG_order_retire_s * NS_PER_S) continue;
		uint64_t order_id = order->order_id, venue_id = order->venue_id;
		memset(order, 0, sizeof *order);
		order_table_give(table, order, order_id, venue_id);
	}
	while (table->used_max && table->order[table->used_max - 1].state == ORDER_FREE) table->used_max--;
}

static void adopt_review(struct causes *causes, const struct cause_note *note)
{
	bool known = cause_table[note->cause].opens_review && note->review < CAUSE_REVIEWS_N;
	if (!known) return;
	causes->review[note->cause] = (struct review){ .id = note->review_id, .state = note->review };
	if (causes->reviews < note->review_id) causes->reviews = note->review_id;
}

/* The causes themselves follow from the rest: what is adopted is since when, so that none is said twice. */
static void adopt_cause(struct desk *desk, const struct event *record)
{
	const struct cause_note *note = &record->change;
	bool                     of_book = note->cause < CAUSES_BOOK_N && record->sym == SYM_NONE;
	bool                     of_symbol = note->cause >= CAUSES_BOOK_N && note->cause < CAUSES_N && record->sym < UNIVERSE_N;
	if (!of_book && !of_symbol) return;
	uint64_t *set = of_book ? &desk->causes.book : &desk->causes.symbol[record->sym];
	*set = note->in_force ? *set | cause_bit((enum cause_id)note->cause, true) : *set & ~cause_bit((enum cause_id)note->cause, true);
	if (of_book) adopt_review(&desk->causes, note);
	desk->causes.since_ns[cause_place((enum cause_id)note->cause, record->sym)] = note->in_force ? e8_max(note->since_ns, 1) : 0;
}

static void adopt_care(struct desk *desk, const struct event *record)
{
	if (record->kind == EVENT_CASH && record->cash.activity_id) (void)activity_first_time(&desk->activities, record->cash.activity_id);
	if (record->kind == EVENT_RECONCILED && record->reconciled.state < RECONCILE_STATES_N) desk->reconcile.state = record->reconciled.state;
	if (record->kind != EVENT_RECOVERY || record->recovery.state >= RECOVERY_STATES_N) return;
	desk->recovery.has_venue = 1;
	desk->recovery.life = record->recovery.life;
	desk->recovery.state = record->recovery.state;        /* the next life begins with VENUE, which leads out of each */
}

void desk_adopt(struct desk *desk, const struct event *record)
{
	adopt_care(desk, record);
	if (record->kind == EVENT_CAUSE) adopt_cause(desk, record);
	if (record->kind == EVENT_CORRELATION) desk_take_correlation(desk, &record->correlation);
	if (record->kind == EVENT_ACCOUNT) adopt_account(desk, &record->account);
	if (record->kind == EVENT_ACCOUNT && record->flags & ACCOUNT_DAY_END) adopt_day_end(desk, record->t_ns);
	if (record->kind == EVENT_FILL && record->fill.execution_id) (void)executions_first_time(&desk->orders.executions, record->fill.execution_id);
	if (record->sym >= UNIVERSE_N) return;
	if (record->kind == EVENT_POSITION) adopt_position(desk, record->sym, &record->position);
	if (record->kind == EVENT_ORDER) adopt_order(desk, record);
}
