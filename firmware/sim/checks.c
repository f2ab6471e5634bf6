/* checks.c - what must hold. At every order that leaves and after every turn of the desk: ids are new, risk is on the disk first, nothing is sold that is not
 * held, limits are kept, money is conserved. At the end: the venue's books are ours. */
#include <string.h>

#include "firmware/sim/faults.h"
#include "firmware/sim/parts.h"
#include "fsm/desk/order.h"
#include "fsm/hash.h"
#include "hal/venues/alpaca/trading.h"

enum { WAITS_TICKS_MOST = 2 };

/* --- orders on their way out ----------------------------------------------------------------------------------------- */

static void check_durable(struct house *house, const struct runner *runner, const struct event *event)
{
	const struct journal *journal = runner->pump.journal;
	bool                  is_durable = journal && !journal->lost && journal->durable_seq + 1 == journal->next_seq;
	if (!is_durable) house_violates(house, "order %llu adds risk and its record is not durable", (unsigned long long)event->request.order_id);
}

static void check_may_buy(struct house *house, const struct desk *desk, const struct event *event)
{
	const char *symbol = universe[event->sym].symbol;
	if (desk->halted || desk->paused) house_violates(house, "order %llu buys %s against the operator", (unsigned long long)event->request.order_id, symbol);
	if (desk->journal_lost) house_violates(house, "order %llu buys %s without a journal", (unsigned long long)event->request.order_id, symbol);
	uint64_t causes = desk_causes_of_book(desk) | desk_causes_of_symbol(desk, event->sym);
	if (cause_action_of(causes) >= CAUSE_ACTION_NO_NEW_RISK)
		house_violates(house, "order %llu buys %s although %s", (unsigned long long)event->request.order_id, symbol, cause_table[cause_worst(causes)].text);
	if (desk->recovery.state != RECOVERY_TRADING)
		house_violates(house, "order %llu buys %s before the venue is understood", (unsigned long long)event->request.order_id, symbol);
}

int64_t house_open_e8(const struct desk *desk, uint16_t sym, uint8_t side)
{
	int64_t qty_e8 = 0;
	for (uint64_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		if (order->sym == sym && order->side == side) qty_e8 += order_open_qty_e8(order);
	}
	return qty_e8;
}

/* What is held, and what may still come of buys, is below the cap of the symbol; one lot is the rounding. */
static void check_cap(struct house *house, const struct desk *desk, const struct event *event)
{
	const struct position *position = &desk->account.position[event->sym];
	int64_t                qty_e8 = position->qty_e8 + house_open_e8(desk, event->sym, SIDE_BUY) - universe[event->sym].lot_e8;
	int64_t                worth_e8 = qty_e8 > 0 ? e8_mul(qty_e8, position->px_e8) : 0,
		cap_e8 = e8_bp(account_nav_usd_e8(&desk->account), universe[event->sym].cap_bp);
	if (worth_e8 > cap_e8) house_violates(house, "order %llu takes %s above its cap", (unsigned long long)event->request.order_id, universe[event->sym].symbol);
}

/* Cash that is there pays for all that may still be bought, at the prices it was decided at. */
static void check_cash(struct house *house, const struct desk *desk, const struct event *event)
{
	int64_t left_usd_e8 = desk->account.cash_usd_e8;
	for (uint64_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		if (order->side == SIDE_BUY) left_usd_e8 -= e8_mul(order_open_qty_e8(order), order->decided_px_e8);
	}
	if (left_usd_e8 < 0) house_violates(house, "order %llu is more than there is cash for", (unsigned long long)event->request.order_id);
}

/* Nothing leaves before its RESULT is in the journal. */
static void check_recorded(struct house *house, const struct runner *runner, const struct event *event)
{
	const struct journal *journal = runner->pump.journal;
	if (runner->pump.journal_verdict != JOURNAL_OK || !journal || journal->lost || journal->result_seq == runner->rooms.desk.inputs) return;
	house_violates(house, "order %llu leaves before its record", (unsigned long long)event->request.order_id);
}

static void check_sell(struct house *house, const struct desk *desk, const struct event *event)
{
	if (house_open_e8(desk, event->sym, SIDE_SELL) > desk->account.position[event->sym].qty_e8)
		house_violates(house, "order %llu sells %s that is not held", (unsigned long long)event->request.order_id, universe[event->sym].symbol);
}

/* A short may be a buy that the books have not heard of yet, as long as questions are open: by itself the desk buys nothing back then. */
static void check_buys_back(struct house *house, const struct desk *desk, const struct event *event)
{
	if (event->request.side != SIDE_BUY || event->request.reason != ORDER_REASON_REBALANCE || desk->recovery.state == RECOVERY_TRADING) return;
	house_violates(house, "order %llu buys %s back before the venue is understood", (unsigned long long)event->request.order_id, universe[event->sym].symbol);
}

/* The highest id of ours that the venue has. */
static uint64_t highest_at_venue(struct house *house, const struct desk *desk)
{
	const struct broker *broker = &house->server->broker;
	uint64_t             journal_id, order_id;
	for (; house->ids_read < broker->orders_n; house->ids_read++) {
		const char *text = broker->order[house->ids_read].client_id;
		if (!order_id_parse(text, strlen(text), &journal_id, &order_id) || journal_id != desk->journal_id) continue;
		house->id_most = order_id > house->id_most ? order_id : house->id_most;
	}
	return house->id_most;
}

/* Ids grow, whatever the journal has lost: one that does not is, or will soon be, another order's at the venue. */
static void check_id_grows(struct house *house, const struct desk *desk, uint64_t order_id)
{
	uint64_t most = highest_at_venue(house, desk);
	if (order_id <= most) house_violates(house, "order %llu leaves, and the venue has had %llu", (unsigned long long)order_id, (unsigned long long)most);
}

static void check_new(struct house *house, const struct runner *runner, const struct event *event)
{
	const struct desk *desk = &runner->rooms.desk;
	house->counts.orders++;
	house_trace(house, 5, event->request.order_id);
	house->has_strangers = house->has_strangers || runner->rescue.is_alone;
	if (!house_is_first(house->sent, HOUSE_SENT_CELLS, event->request.order_id))
		house_violates(house, "order %llu leaves a second time", (unsigned long long)event->request.order_id);
	if (!runner->rescue.is_alone) check_id_grows(house, desk, event->request.order_id);
	check_recorded(house, runner, event);
	if (event->request.side == SIDE_SELL) check_sell(house, desk, event);
	if (event->request.reduce_only) {
		check_buys_back(house, desk, event);
		return;
	}
	check_durable(house, runner, event);
	check_may_buy(house, desk, event);
	check_cash(house, desk, event);
	check_cap(house, desk, event);
}

static struct runner *desk_runner(struct house *house) { return house->row[house_row_of(house, WORKER_desk)].runner; }

/* A message about an order that the venue may hold. */
static void note_asked(struct house *house, const struct desk *desk, const struct event *event)
{
	uint64_t order_id = event->ref.order_id;
	for (uint64_t i = 0; i < desk->orders.used_max; i++) {
		if (desk->orders.order[i].order_id != order_id) continue;
		if (event->kind == EVENT_ORDER_QUERY) house->queried[i] = order_id;
		house->asked[i].at_ns = house->now_ns;
	}
}

static void spy_send(void *self, const struct event *event)
{
	struct runner *runner = desk_runner(self);
	house_faults_at_order(self, event->kind == EVENT_ORDER_CANCEL);
	if (event->kind == EVENT_ORDER_NEW) check_new(self, runner, event);
	else note_asked(self, &runner->rooms.desk, event);
	house_point(self, HOUSE_CALL_order, event_kind_name[event->kind], strlen(event_kind_name[event->kind]));
	alpaca_trading_ports.send(runner->trading, event);
}

static enum hal_recv spy_recv(void *self, struct event *event)
{
	enum hal_recv what = alpaca_trading_ports.recv(desk_runner(self)->trading, event);
	if (what != HAL_EVENT) return what;
	house_point(self, HOUSE_CALL_hear, event_kind_name[event->kind], strlen(event_kind_name[event->kind]));
	house_check_word(self, event);
	return what;
}

static int64_t spy_now_ns(void *self) { return alpaca_trading_ports.now_ns(desk_runner(self)->trading); }
static uint64_t spy_random(void *self) { return alpaca_trading_ports.random(desk_runner(self)->trading); }
static const struct hal_world spy_ports = { spy_recv, spy_send, spy_now_ns, spy_random };

void house_checks_attach(struct house *house, struct runner *runner)
{
	runner->hal = (struct hal){ house, &spy_ports, 0 };
	house_word_begin(house);
}

/* --- the desk --------------------------------------------------------------------------------------------------------- */

/* Ours of an order at the venue, 0 when the desk does not hold it (any more). */
static struct order *ours_of(const struct desk *desk, const struct broker_order *theirs)
{
	uint64_t journal_id, order_id;
	if (!order_id_parse(theirs->client_id, strlen(theirs->client_id), &journal_id, &order_id) || journal_id != desk->journal_id) return 0;
	return order_table_find((struct order_table *)(uintptr_t)&desk->orders, order_id);
}

/* The end of an order is the venue's to say: what works there is not done here, and no more of it is booked than was filled there. */
static void check_open_orders(struct house *house, const struct desk *desk)
{
	const struct broker *broker = &house->server->broker;
	for (uint32_t i = 0; i < broker->open_n; i++) {
		const struct broker_order *theirs = &broker->order[broker->open[i]];
		const struct order        *ours = ours_of(desk, theirs);
		if (!ours) continue;
		if (ours->state == ORDER_DONE) house_violates(house, "order %llu works at the venue and is done in our books", (unsigned long long)ours->order_id);
		if (ours->filled_qty_e8 > theirs->filled_qty_e8)
			house_violates(house, "more of order %llu is booked than the venue has filled", (unsigned long long)ours->order_id);
	}
}

/* With nobody disturbing it the way back to new risk is no matter of market time: the desk asks for what it waits for. History that a new life reads
 * passes in no time, and is none of it. */
static void check_way_back(struct house *house, const struct desk *desk)
{
	const struct worker_progress *word = &house->map->progress_desk[0];
	uint64_t                      ticks = word->ticks;
	bool                          reads = word->warm_ns != house->waits_warm_ns;
	bool waits = !reads && house->is_calm && desk->recovery.state == RECOVERY_RECONCILING && desk->reconcile.state != RECONCILE_MISMATCH;
	house->waits_warm_ns = word->warm_ns;
	if (!waits) house->waits_from_tick = ticks;
	else if (ticks > house->waits_from_tick + WAITS_TICKS_MOST)
		house_violates(house, "%llu moments of the market since the desk waits to compare with the venue", (unsigned long long)(ticks - house->waits_from_tick));
}

/* What the venue counts of what it had to refuse: an order is posted once, and asks for nothing that is not there. A desk that lost records of exits
 * may sell what such an exit still holds, and so may one that comes back to a stranger's. */
static void check_refusals(struct house *house, const struct desk *desk)
{
	const struct server_counts *counts = &house->server->counts;
	house->has_losses = house->has_losses || desk->losses > 0;
	if (house->has_losses || house->has_strangers) return;
	if (counts->orders_repeated > 0) house_violates(house, "an order was posted a second time");
	if (counts->orders_refused > counts->orders_repeated) house_violates(house, "the venue had to refuse an order");
}

void house_check_desk(struct house *house)
{
	const struct desk *desk = house_desk(house);
	if (!desk || desk->inputs == house->seen_inputs) return;
	house->counts.steps += desk->inputs > house->seen_inputs ? desk->inputs - house->seen_inputs : 0;
	house->seen_inputs = desk->inputs;
	house_trace(house, 6, desk->inputs);
	check_open_orders(house, desk);
	check_way_back(house, desk);
	check_refusals(house, desk);
	if (!account_is_conserved(&desk->account)) house_violates(house, "money is not conserved after input %llu", (unsigned long long)desk->inputs);
}

/* --- the end ------------------------------------------------------------------------------------------------------------ */

static void check_positions(struct house *house, const struct desk *desk)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		int64_t ours_e8 = desk->account.position[sym].qty_e8, theirs_e8 = house->server->broker.position[sym].qty_e8;
		if (ours_e8 != theirs_e8)
			house_violates(house, "%s: the venue holds %lld e-8, our books %lld", universe[sym].symbol, (long long)theirs_e8, (long long)ours_e8);
	}
	int64_t off_e8 = desk->account.cash_usd_e8 + house->paid_in_usd_e8 - house->server->broker.cash_usd_e8;
	if (off_e8 != 0) house_violates(house, "our cash is %lld e-8 USD above the venue's", (long long)off_e8);
}

/* Fees and dividends are what the venue's activities say. */
static void check_money(struct house *house, const struct desk *desk)
{
	const struct broker *broker = &house->server->broker;
	int64_t              fees_usd_e8 = 0, dividends_usd_e8 = 0;
	for (uint32_t i = 0; i < broker->activities_n; i++) {
		fees_usd_e8 += broker->activity[i].fee_usd_e8;
		if (broker->activity[i].kind == ACTIVITY_DIVIDEND) dividends_usd_e8 += broker->activity[i].net_usd_e8;
	}
	if (fees_usd_e8 != desk->account.fees_usd_e8) house_violates(house, "fees: the venue took %lld e-8 USD, our books say %lld", (long long)fees_usd_e8,
		    (long long)desk->account.fees_usd_e8);
	if (dividends_usd_e8 != desk->account.dividends_usd_e8) house_violates(house, "dividends: the venue paid %lld e-8 USD, our books say %lld",
		    (long long)dividends_usd_e8, (long long)desk->account.dividends_usd_e8);
}

/* Money at the venue that no word explains is never taken for agreement. */
static void check_gap(struct house *house, const struct desk *desk)
{
	const struct reconcile *reconcile = &desk->reconcile;
	if (!house->paid_in_usd_e8 || reconcile->compared <= house->compared_then + 2) return;
	if (reconcile->state == RECONCILE_CLEAN) house_violates(house, "the venue has money that we do not know of, and the books are said to agree");
}

/* Each order at the venue with our journal's name was recorded by us, and executed as we booked it. */
static void check_orders(struct house *house, const struct desk *desk)
{
	const struct broker *broker = &house->server->broker;
	for (uint32_t i = 0; i < broker->orders_n; i++) {
		uint64_t journal_id, order_id;
		if (!order_id_parse(broker->order[i].client_id, strlen(broker->order[i].client_id), &journal_id, &order_id) || journal_id != desk->journal_id) {
			if (!house->has_strangers) house_violates(house, "the venue has an order that is not ours: %s", broker->order[i].client_id);
			continue;
		}
		bool adds_risk = broker->order[i].side == SIDE_BUY; /* an exit waits for no disk, and its record may be lost */
		if (adds_risk && order_id_losses(order_id) >= desk->losses && order_id_input(order_id) > desk->inputs)
			house_violates(house, "the venue has order %llu, of which there is no record", (unsigned long long)order_id);
		bool is_known = order_table_find((struct order_table *)(uintptr_t)&desk->orders, order_id) != 0;
		if (broker_is_open(&broker->order[i]) && order_id_losses(order_id) == desk->losses && !is_known)
			house_violates(house, "order %llu works at the venue and we do not know it", (unsigned long long)order_id);
	}
	if (house->counts.fills != desk->fills)
		house_violates(house, "the venue made %llu fills, we booked %llu", (unsigned long long)house->counts.fills, (unsigned long long)desk->fills);
}

/* What we think works does. */
static void check_live_orders(struct house *house, const struct desk *desk)
{
	for (uint64_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *ours = &desk->orders.order[i];
		char                text[ORDER_ID_TEXT_BYTES];
		if (ours->state == ORDER_FREE || ours->state == ORDER_DONE) continue;
		order_id_text(desk->journal_id, ours->order_id, text);
		uint32_t at = broker_find(&house->server->broker, text, strlen(text));
		if (at == BROKER_NONE || !broker_is_open(&house->server->broker.order[at]))
			house_violates(house, "order %llu works in our books and not at the venue", (unsigned long long)ours->order_id);
	}
}

/* Books are never made to follow the venue's: what a rescue without a journal has sold is a difference that is seen. */
static void check_strangers(struct house *house, const struct desk *desk)
{
	bool differ = false;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		differ = differ || desk->account.position[sym].qty_e8 != house->server->broker.position[sym].qty_e8;
	if (differ && desk->reconcile.state == RECONCILE_CLEAN) house_violates(house, "a rescue has sold what our books still hold, and they are said to agree");
}

static void count_fills(struct house *house)
{
	const struct broker *broker = &house->server->broker;
	for (uint32_t i = 0; i < broker->activities_n; i++) house->counts.fills += broker->activity[i].kind == ACTIVITY_FILL;
}

void house_check_end(struct house *house)
{
	const struct desk *desk = house_desk(house);
	if (!desk) {
		house_violates(house, "the desk is dead at the end");
		return;
	}
	count_fills(house);
	if (house->has_strangers) {
		check_strangers(house, desk);
		return;
	}
	check_positions(house, desk);
	check_money(house, desk);
	check_gap(house, desk);
	check_orders(house, desk);
	check_live_orders(house, desk);
}

void house_check_refused(struct house *house)
{
	if (!strstr(house->refusal, "journal")) house_violates(house, "the desk does not start, and does not name its journal: %s", house->refusal);
	if (house->counts.orders != house->orders_then)
		house_violates(house, "%llu orders left after a journal that is refused", (unsigned long long)(house->counts.orders - house->orders_then));
}
