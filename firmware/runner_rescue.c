/* runner_rescue.c - the desk's process is held down: the same journal and the same venue in other hands, halted, and no queue is read.
 *
 * What it steps goes to the desk's journal, so that the desk, once released, comes back with all of it: a HALT first, then what the operator says
 * and what the venue answers. TICKs, signals and alarms stay in their queues, unread and unacknowledged. Everything that works at the venue
 * is cancelled by one request, at once (rescue_cancels) or with the operator's halt.
 *
 * Without a journal that this build can read, or after one has ended a rescue, it works from the venue's word alone: a fresh desk whose books are
 * each snapshot's, under a journal id of its own, so that no client order id comes twice. Then nothing is recorded but by the venue. Rows R9, P3, X1. */
#include <stdio.h>
#include <string.h>

#include "firmware/runner.h"
#include "fsm/desk/order.h"
#include "hal/linux/clock.h"
#include "hal/venues/alpaca/trading.h"

#define JOURNAL_ID_MASK ((UINT64_C(1) << 48) - 1)
static const char held_down[] = "the desk is held down; release it first";

/* --- books --------------------------------------------------------------------------------------------------------------- */

/* Without a random id it stays 0, which is no journal's. */
static void begin_alone(struct runner *runner)
{
	struct home *home = runner->home;
	uint64_t     random = 0;
	(void)random_u64(&random);
	runner_say(runner, "the rescue works from the venue's word alone: %s", home->sentence[0] ? home->sentence : "reading the journal has ended it before");
	runner->rescue.is_alone = true;
	home->journal_id = random & JOURNAL_ID_MASK;
	desk_init(&home->desk, home->journal_id, &runner->plan->trading->plan.settings);
	home->desk.t_ns = pump_progress(runner->pump.map, WORKER_desk)->t_ns;
	home->desk.halted = 1;
	log_ring_of(runner->pump.map, WORKER_desk)->key = 0;        /* its inputs are numbered anew: none of them is a repeated one */
}

void runner_rescue_read(struct runner *runner)
{
	struct home *home = runner->home;
	bool         is_read = runner->rescue.reads_journal && home_read(home, runner->plan->folder) && home->comes_back;
	if (!is_read) begin_alone(runner);
}

/* One position as the venue has it: nothing of ours, and nothing held, is the same. */
static void adopt_holding(struct desk *desk, uint16_t sym, const struct holding *holding)
{
	struct event record = event_make(EVENT_POSITION, sym, desk->t_ns);
	if (desk->account.position[sym].qty_e8 == holding->qty_e8) return;
	record.position = (struct position_note){ .qty_e8 = holding->qty_e8, .cost_usd_e8 = holding->cost_usd_e8, .px_e8 = holding->px_e8,
		.day = day_from_t_ns(desk->t_ns), .stop_state = holding->qty_e8 ? STOP_ARMED : STOP_IDLE };
	desk_adopt(desk, &record);
}

static void adopt(struct runner *runner, const struct balance *balance)
{
	struct desk *desk = &runner->rooms.desk;
	struct event record = event_make(EVENT_ACCOUNT, SYM_NONE, desk->t_ns);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) adopt_holding(desk, sym, &runner->rescue.holding[sym]);
	desk_note_account(desk, &record);
	record.account.cash_usd_e8 = balance->cash_usd_e8;
	desk_adopt(desk, &record);
}

static void step_command(struct runner *runner, enum operator_command which, uint16_t sym)
{
	struct event command = event_make(EVENT_OPERATOR, sym, runner->rooms.desk.t_ns);
	command.instruction.command = (uint8_t)which;
	pump_outside(&runner->pump, &command);
}

/* What was to be flattened before anybody knew what is held. */
static void flatten_asked(struct runner *runner)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		if (runner->rescue.asked >> sym & 1) step_command(runner, OPERATOR_FLATTEN, sym);
	runner->rescue.asked = 0;
}

void runner_rescue_hear(struct runner *runner, const struct event *event)
{
	struct rescue *rescue = &runner->rescue;
	if (!rescue->is_alone) return;
	if (event->kind == EVENT_HOLDING && event->sym < UNIVERSE_N) {
		rescue->holding[event->sym] = event->holding;
		return;
	}
	if (event->kind != EVENT_BALANCE) return;
	for (size_t sym = 0; sym < UNIVERSE_N; sym++)
		if (rescue->holding[sym].snapshot != event->balance.snapshot) rescue->holding[sym] = (struct holding){ 0 };
	adopt(runner, &event->balance);
	rescue->has_adopted = true;
	flatten_asked(runner);
}

/* --- the venue ------------------------------------------------------------------------------------------------------------- */

static bool works(const struct order *order) { return order->state != ORDER_FREE && order->state != ORDER_DONE; }

/* The paper venue knows no bulk cancel: each by itself, numbered after the outputs of the desk's last step. */
static void cancel_at_paper(struct runner *runner)
{
	const struct desk *desk = &runner->rooms.desk;
	for (uint16_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		struct event        cancel = event_make(EVENT_ORDER_CANCEL, order->sym, desk->t_ns);
		if (!works(order)) continue;
		cancel.cause = desk->inputs;
		cancel.index = (uint16_t)(OUTBOX_MAX + i);
		cancel.ref = (struct order_ref){ .order_id = order->order_id, .journal_id = desk->journal_id };
		paper_order(runner->pump.paper, &cancel);
	}
}
_Static_assert((int)OUTBOX_MAX + (int)ORDERS_MAX < UINT16_MAX, "an event's index has 16 bits");

static void cancel_all(struct runner *runner)
{
	if (runner->trading) alpaca_trading_cancel_all(runner->trading);
	else cancel_at_paper(runner);
	runner->rescue.owes_sync = true;
}

void runner_rescue_obey(struct runner *runner, const struct event *command)
{
	struct rescue *rescue = &runner->rescue;
	uint64_t       all = (UINT64_C(1) << (UNIVERSE_N - 1) << 1) - 1;
	rescue->owes_sync = true;
	if (command->instruction.command == OPERATOR_HALT) cancel_all(runner);
	if (command->instruction.command != OPERATOR_FLATTEN || !rescue->is_alone || rescue->has_adopted) return;
	rescue->asked |= command->sym < UNIVERSE_N ? UINT64_C(1) << command->sym : all;
}

/* --- the process ----------------------------------------------------------------------------------------------------------- */

bool runner_rescue_open(struct runner *runner)
{
	runner->turn.only_exits = held_down;
	runner->pump.inboxes[WORKER_desk] = 0;
	if (!runner_desk_open(runner)) return false;
	const struct desk *desk = &runner->rooms.desk;
	if (desk_setting(desk, SETTING_rescue_cancels)) cancel_all(runner);
	if (!desk->halted) step_command(runner, OPERATOR_HALT, SYM_NONE);
	runner_desk_say(runner);
	return true;
}

/* What was cancelled and closed is held against the venue's books once nothing of it is on its way. */
static bool sync_if_owed(struct runner *runner)
{
	if (!runner->trading || !runner->rescue.owes_sync || !alpaca_trading_is_quiet(runner->trading)) return false;
	runner->rescue.owes_sync = false;
	alpaca_trading_sync(runner->trading);
	return true;
}

static bool hear_paper(struct runner *runner)
{
	struct event event;
	bool         worked = false;
	for (; runner->pump.paper && paper_peek(runner->pump.paper, &event); worked = true) pump_venue(&runner->pump, &event);
	if (worked) runner_desk_say(runner);
	return worked;
}

bool runner_rescue_turn(struct runner *runner)
{
	bool worked = runner_desk_turn(runner);
	worked = hear_paper(runner) || worked;
	return sync_if_owed(runner) || worked;
}
