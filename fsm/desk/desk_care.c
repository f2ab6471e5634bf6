/* desk_care.c - the venue's session, the way back to it, and what is owed: asks for every order after a loss, cancels what should not work, sends
 * the closes that waited. Work over all orders goes in pages: what does not fit into a step goes on with the next input, at the latest with
 * the desk's own timer (order id 0). */
#include "fsm/desk/desk.h"

void desk_note_recovery(const struct desk *desk, uint8_t event, struct outbox *out)
{
	const struct recovery *recovery = &desk->recovery;
	struct event          *note = outbox_add(out, EVENT_RECOVERY, SYM_NONE);
	note->recovery = (struct recovery_note){ .life = recovery->life,
		.asked = recovery->asked,
		.found = recovery->found,
		.filled = recovery->filled,
		.cancelled = recovery->cancelled,
		.state = recovery->state,
		.event = event };
}

void desk_recovery_event(struct desk_worker *worker, uint8_t event, const struct event *in, struct outbox *out)
{
	struct desk     *desk = worker->desk;
	struct recovery *recovery = &desk->recovery;
	uint8_t          before = recovery->state;
	recovery->state = machine_step(&recovery_machine, before, event, recovery, in, out, worker->log);
	if (machine_cell(&recovery_machine, before, event)->kind == CELL_DROP) return;
	desk_note_recovery(desk, event, out);
	if (recovery->state != before) desk->reconcile.snapshot = 0;        /* one begun before the orders stood still is too old */
}

/* --- the session ------------------------------------------------------------------------------------------------------------- */

static void lose_session(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	if (recovery_is_away(&worker->desk->recovery)) return;
	desk_recovery_event(worker, RECOVERY_EV_VENUE_LOST, in, out);
	worker->desk->reconcile.has_compared = 0;
	desk_reconcile_event(worker, RECONCILE_EV_SESSION_LOST, in, out);
}

/* A journal that lost its end (the power went, the disk failed) numbers its inputs again, and so its orders; those the venue has keep their ids. */
static void notice_loss(struct desk *desk, uint64_t last_order_id)
{
	if (last_order_id < order_id_make(desk->losses, desk->inputs, 0) || order_id_losses(last_order_id) >= ORDER_ID_LOSSES_MAX) return;
	desk->losses = order_id_losses(last_order_id) + 1;
}

void desk_on_session(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk     *desk = worker->desk;
	struct recovery *recovery = &desk->recovery;
	if (in->venue.state >= VENUE_STATES_N) {
		desk->orphans++;
		return;
	}
	notice_loss(desk, in->venue.last_order_id);
	bool told_again = in->venue.state == VENUE_UP && recovery->venue == VENUE_UP && in->venue.life == recovery->life && recovery->has_venue;
	recovery->venue = (uint8_t)in->venue.state;
	desk->repeats += told_again;
	if (told_again) return;
	recovery->has_venue = 1;
	lose_session(worker, in, out);        /* an UP of another life says that the one before is over */
	recovery->life = in->venue.life;
	if (in->venue.state == VENUE_UP) desk_recovery_event(worker, RECOVERY_EV_VENUE_UP, in, out);
}

/* --- the appliance itself ---------------------------------------------------------------------------------------------------- */

void desk_on_care(struct desk *desk, const struct event *in)
{
	BUG_UNLESS(1620, in->care.condition < CARE_CONDITIONS_N && in->care.is_active <= 1);
	uint64_t bit = UINT64_C(1) << in->care.condition;
	desk->care = in->care.is_active ? desk->care | bit : desk->care & ~bit;
	desk->account_dirty = 1;
}

/* --- asking, cancelling, closing --------------------------------------------------------------------------------------------- */

static bool may_work(const struct order *order) { return order->state != ORDER_FREE && order->state != ORDER_DONE; }

/* Every order the venue may hold is UNKNOWN until it says otherwise. */
static void ask_page(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk     *desk = worker->desk;
	struct recovery *recovery = &desk->recovery;
	for (; recovery->at < desk->orders.used_max; recovery->at++) {
		struct order *order = &desk->orders.order[recovery->at];
		if (!may_work(order)) continue;
		if (!desk_has_room(out)) return;
		recovery->asked++;
		desk_order_event(worker, order, ORDER_EV_RECOVER, in, out);
	}
	recovery->duty = RECOVERY_DUTY_NONE;
	recovery->due_ns = 0;
}

/* An order that adds risk where none may be added. */
static bool is_unwanted(const struct desk *desk, const struct order *order)
{
	if (!may_work(order) || order->reduce_only) return false;
	bool cancels_entries = desk->recovery.state == RECOVERY_CANCELLING && desk_setting(desk, SETTING_recovery_cancel_entries);
	return cancels_entries || desk->halted || desk->owed[order->sym].held || desk->owed[order->sym].all;
}

/* One that is CANCELLING has its cancel; an UNKNOWN one says first where it stands. */
static bool may_be_cancelled(const struct order *order)
{
	return order->state == ORDER_SENDING || order->state == ORDER_LIVE || order->state == ORDER_REPLACING;
}

static void send_owed(struct desk_worker *worker, uint16_t sym, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	struct owed *owed = &desk->owed[sym];
	if (!owed->all && owed->qty_e8 == 0) return;
	int64_t held_e8 = desk->account.position[sym].qty_e8, size_e8 = e8_abs(held_e8);
	uint8_t closes = held_e8 < 0 ? SIDE_BUY : SIDE_SELL;
	int64_t closing_e8 = order_table_open_qty_e8(&desk->orders, sym, closes);
	int64_t opening_e8 = order_table_open_qty_e8(&desk->orders, sym, closes == SIDE_BUY ? SIDE_SELL : SIDE_BUY);
	int64_t qty_e8 = (owed->all ? size_e8 : e8_min(owed->qty_e8, size_e8)) - closing_e8;
	owed->qty_e8 = 0;
	if (qty_e8 > 0) (void)desk_send(worker, in, out, sym, closes, qty_e8, owed->reason);
	if (held_e8 == 0 && closing_e8 == 0 && opening_e8 == 0) owed->all = 0;
}

static void sweep_page(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk     *desk = worker->desk;
	struct recovery *recovery = &desk->recovery;
	for (; recovery->at < desk->orders.used_max; recovery->at++) {
		struct order *order = &desk->orders.order[recovery->at];
		if (!is_unwanted(desk, order) || !may_be_cancelled(order)) continue;
		if (!desk_has_room(out)) return;
		recovery->cancelled += recovery->state != RECOVERY_TRADING;
		desk_order_event(worker, order, ORDER_EV_CANCEL, in, out);
	}
	if (!desk_has_room(out)) return;
	bool answered = recovery->state != RECOVERY_ASKING;        /* what an order without an answer closes is not known yet */
	for (uint16_t sym = 0; answered && sym < UNIVERSE_N; sym++) send_owed(worker, sym, in, out);
	recovery->duty = RECOVERY_DUTY_NONE;
	recovery->due_ns = 0;
}

void desk_sweep(struct desk_worker *worker)
{
	struct recovery *recovery = &worker->desk->recovery;
	if (recovery_is_away(recovery) || recovery->duty == RECOVERY_DUTY_ASK) return;        /* the way back sweeps in any case */
	recovery->duty = RECOVERY_DUTY_SWEEP;
	recovery->at = 0;
}

void desk_close(struct desk_worker *worker, uint16_t sym, int64_t qty_e8, bool all, uint8_t reason, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	struct owed *owed = &desk->owed[sym];
	if (!recovery_is_away(&desk->recovery)) {
		(void)desk_send(worker, in, out, sym, desk->account.position[sym].qty_e8 < 0 ? SIDE_BUY : SIDE_SELL, qty_e8, reason);
		return;
	}
	owed->qty_e8 = e8_max(owed->qty_e8, qty_e8);
	if (!owed->all) owed->reason = reason;        /* who wants all has the word */
	owed->all |= all;
}

/* --- where we stand --------------------------------------------------------------------------------------------------------- */

/* The venue owes no word on what was asked or cancelled. An exit that is being sent is not waited for. */
static bool all_answered(const struct desk *desk)
{
	for (size_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		if (order->state == ORDER_UNKNOWN || order->state == ORDER_CANCELLING) return false;
	}
	return true;
}

static bool all_settled(const struct desk *desk)
{
	for (size_t i = 0; i < desk->orders.used_max; i++)
		if (is_unwanted(desk, &desk->orders.order[i])) return false;
	return all_answered(desk);
}

static void arm(struct desk *desk, const struct event *in, struct outbox *out)
{
	struct recovery *recovery = &desk->recovery;
	bool             watches = recovery_waits(recovery) && recovery->tries < (uint32_t)desk_setting(desk, SETTING_recovery_tries_max);
	if (recovery->duty != RECOVERY_DUTY_NONE) recovery->due_ns = in->t_ns + 1;
	else if (watches && recovery->due_ns <= in->t_ns) recovery->due_ns = in->t_ns + desk_setting(desk, SETTING_order_timeout_ms) * NS_PER_MS;
	else return;
	outbox_add(out, EVENT_TIMER, SYM_NONE)->timer.due_ns = recovery->due_ns;
}

void desk_care(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk     *desk = worker->desk;
	struct recovery *recovery = &desk->recovery;
	if (recovery->state == RECOVERY_TRADING && recovery->duty == RECOVERY_DUTY_NONE) return;
	if (recovery->duty == RECOVERY_DUTY_ASK) ask_page(worker, in, out);
	bool asking = recovery->state == RECOVERY_ASKING || recovery->state == RECOVERY_STUCK;
	if (asking && recovery->duty != RECOVERY_DUTY_ASK && all_answered(desk)) desk_recovery_event(worker, RECOVERY_EV_ANSWERED, in, out);
	if (recovery->duty == RECOVERY_DUTY_SWEEP) sweep_page(worker, in, out);
	bool cancelling = recovery->state == RECOVERY_CANCELLING && recovery->duty == RECOVERY_DUTY_NONE;
	if (cancelling && all_settled(desk)) desk_recovery_event(worker, RECOVERY_EV_SETTLED, in, out);
	bool matched = desk->reconcile.has_compared && reconcile_is_settled(&desk->reconcile);
	if (recovery->state == RECOVERY_RECONCILING && matched) desk_recovery_event(worker, RECOVERY_EV_MATCHED, in, out);
	arm(desk, in, out);
}

void desk_on_care_timer(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk     *desk = worker->desk;
	struct recovery *recovery = &desk->recovery;
	if (recovery->due_ns == 0 || in->timer.due_ns != recovery->due_ns) return;        /* an older one was replaced by a newer */
	recovery->due_ns = 0;
	if (recovery->duty != RECOVERY_DUTY_NONE || !recovery_waits(recovery)) return;        /* only to go on with a page */
	bool last = recovery->tries + 1 >= (uint32_t)desk_setting(desk, SETTING_recovery_tries_max);
	desk_recovery_event(worker, last ? RECOVERY_EV_GIVEN_UP : RECOVERY_EV_LATE, in, out);
}
