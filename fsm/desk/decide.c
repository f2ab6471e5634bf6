/* decide.c - the end of a cycle: targets for the whole book, tickets for this calendar's symbols, reductions before increases. */
#include "fsm/desk/ticket.h"

static void refuse(struct desk *desk, const struct ticket *ticket, struct outbox *out)
{
	if (ticket->rule <= TICKET_MIN_TRADE) return; /* too small to be news */
	struct event *event = outbox_add(out, EVENT_REFUSAL, ticket->sym);
	desk->refusals++;
	event->refusal = (struct refusal){ ticket->want_qty_e8, ticket->qty_e8, ticket->target_bp, ticket->current_bp, ticket->rule, SIDE_BUY, { 0 } };
}

static uint64_t newest_order_id(const struct desk *desk) { return order_id_make(desk->losses, desk->inputs, desk->order_index - 1); }

static void send_reduction(struct desk_worker *worker, struct ticket *ticket, const struct size_trace *trace, const struct event *in, struct outbox *out)
{
	int64_t selling_e8 = order_table_open_qty_e8(&worker->desk->orders, ticket->sym, SIDE_SELL);
	int64_t qty_e8 = e8_min(-ticket->qty_e8, worker->desk->account.position[ticket->sym].qty_e8 - selling_e8);
	if (qty_e8 <= 0) return;
	desk_cancel_open(worker, ticket->sym, SIDE_BUY, in, out);
	uint64_t sent = worker->desk->orders_sent;
	desk_close(worker, ticket->sym, qty_e8, false, ticket->target_bp ? ORDER_REASON_REBALANCE : ORDER_REASON_SIGNAL, in, out);
	ticket->qty_e8 = -qty_e8;
	if (worker->desk->orders_sent > sent) ticket_note(ticket, trace, newest_order_id(worker->desk), out);
}

static void send_increase(struct desk_worker *worker, struct ticket *ticket, const struct size_trace *trace, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	ticket_risk(desk, ticket);
	ticket_comply(desk, ticket);
	if (ticket->rule == TICKET_NONE && ticket->qty_e8 > 0) {
		if (desk_send(worker, in, out, ticket->sym, SIDE_BUY, ticket->qty_e8, ORDER_REASON_SIGNAL)) {
			desk->use.trades_today++;
			desk->use.children[ticket->sym]++;
			desk->use.turnover_day_usd_e8 += e8_mul(ticket->qty_e8, desk->account.position[ticket->sym].px_e8);
			ticket_note(ticket, trace, newest_order_id(desk), out);
			return;
		}
		ticket->rule = TICKET_TABLE;
	}
	refuse(desk, ticket, out);
}

/* The furthest from its target goes first; equal distance, the lower symbol. */
static size_t furthest(const struct ticket *tickets, const bool *done, size_t count)
{
	size_t best = count;
	for (size_t i = 0; i < count; i++) {
		if (done[i]) continue;
		if (best == count || tickets[i].target_bp - tickets[i].current_bp > tickets[best].target_bp - tickets[best].current_bp) best = i;
	}
	return best;
}

static bool is_decidable(const struct desk *desk, uint16_t sym, uint8_t calendar)
{
	return universe[sym].calendar == calendar && universe[sym].asset_class != ASSET_INDEX && desk->account.position[sym].px_e8 > 0;
}

void desk_decide(struct desk_worker *worker, uint8_t calendar, const struct event *in, struct outbox *out)
{
	struct size_trace trace[UNIVERSE_N];
	struct ticket increase[UNIVERSE_N];
	bool done[UNIVERSE_N] = { false };
	size_t increases = 0;
	ticket_trace(worker->desk, trace);
	int64_t nav = ticket_nav_usd_e8(worker->desk);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		struct ticket ticket;
		if (!is_decidable(worker->desk, sym, calendar)) continue;
		if (worker->desk->account.position[sym].qty_e8 < 0) { /* nobody wished for a short; on the way back it may be a buy that we have not heard of yet */
			if (recovery_allows_more(&worker->desk->recovery)) desk_reduce(worker, sym, BP_ONE, ORDER_REASON_REBALANCE, in, out);
			continue;
		}
		ticket_open_at(worker->desk, sym, size_target_bp(&trace[sym]), nav, &ticket);
		if (ticket.rule == TICKET_NONE && ticket.qty_e8 < 0) send_reduction(worker, &ticket, &trace[sym], in, out);
		if (ticket.rule == TICKET_NONE && ticket.qty_e8 > 0) increase[increases++] = ticket;
	}
	for (size_t i = furthest(increase, done, increases); i < increases; i = furthest(increase, done, increases)) {
		done[i] = true;
		send_increase(worker, &increase[i], &trace[increase[i].sym], in, out);
	}
}
