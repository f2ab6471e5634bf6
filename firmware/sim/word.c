/* word.c - what the driver tells the desk is what the venue has done: each event is held against the venue's own books as it is handed over. */
#include <string.h>

#include "firmware/sim/parts.h"
#include "fsm/desk/order.h"
#include "fsm/hash.h"
#include "hal/sim/server/names.h"
#include "hal/venues/alpaca/trading.h"

bool house_is_first(uint64_t *set, uint64_t cells, uint64_t id)
{
	uint64_t at = hash_u64(HASH_SEED, id) % cells;
	for (uint64_t tries = 0; tries < cells; tries++, at = (at + 1) % cells) {
		if (set[at] == id) return false;
		if (set[at]) continue;
		set[at] = id;
		return true;
	}
	return true;
}

void house_word_begin(struct house *house)
{
	memset(house->told, 0, sizeof house->told);
	memset(house->holding_e8, 0, sizeof house->holding_e8);
}

/* --- of an order --------------------------------------------------------------------------------------------------- */

/* The number of the venue's order of this id of ours, BROKER_NONE when it has never had it. */
static uint32_t number_of(const struct house *house, uint64_t order_id)
{
	char text[ORDER_ID_TEXT_BYTES];
	order_id_text(house_desk(house)->journal_id, order_id, text);
	return broker_find(&house->server->broker, text, strlen(text));
}

/* An order is known to who has it, has ended as it ended there, and is not found where it is not. What never left may be told as cancelled. */
static void check_reply(struct house *house, const struct event *event)
{
	uint32_t          number = number_of(house, event->reply.order_id);
	bool              is_there = number != BROKER_NONE, is_true = true;
	enum broker_state state = is_there ? (enum broker_state)house->server->broker.order[number].state : BROKER_STATES_N;
	switch ((int)event->kind) {
	case EVENT_ACK: is_true = is_there; break;
	case EVENT_CANCELLED: is_true = !is_there || state == BROKER_CANCELED; break;
	case EVENT_EXPIRED: is_true = state == BROKER_EXPIRED; break;
	case EVENT_NEW_REJECTED: is_true = !is_there || state == BROKER_REJECTED; break;
	case EVENT_NOT_FOUND: is_true = !is_there; break;
	default: break;
	}
	if (is_true) return;
	house_violates(house, "the driver tells %s of order %llu, which at the venue is %s", event_kind_name[event->kind],
	    (unsigned long long)event->reply.order_id, is_there ? broker_state_text[state] : "unknown");
}

/* What the driver calls an order at the venue is that order: a cancel by another's name would end the other. */
void house_check_names(struct house *house, const struct alpaca_trading *trading)
{
	for (uint32_t i = 0; i < trading->rows_n; i++) {
		const struct alpaca_row *row = &trading->row[i];
		uint64_t                 number;
		bool                     is_named = name_uuid_parse(UUID_ORDER, row->uuid, strlen(row->uuid), &number);
		if (is_named && number != number_of(house, row->order_id))
			house_violates(house, "the driver takes another's name at the venue for that of order %llu", (unsigned long long)row->order_id);
	}
}

/* --- of an execution ------------------------------------------------------------------------------------------------ */

static bool is_made(const struct broker *broker, uint32_t number, const struct fill *fill)
{
	for (uint32_t i = 0; i < broker->activities_n; i++) {
		const struct activity *made = &broker->activity[i];
		bool                   is_it = made->kind == ACTIVITY_FILL && made->order == number && made->side == fill->side;
		if (is_it && made->qty_e8 == fill->qty_e8 && made->px_e8 == fill->px_e8 && made->fee_usd_e8 == fill->fee_usd_e8) return true;
	}
	return false;
}

/* Once in a life of the driver, and as the venue made it. */
static void check_fill(struct house *house, const struct fill *fill)
{
	if (!house_is_first(house->told, HOUSE_TOLD_CELLS, fill->execution_id))
		house_violates(house, "execution %llu is told a second time by the same driver", (unsigned long long)fill->execution_id);
	if (!is_made(&house->server->broker, number_of(house, fill->order_id), fill))
		house_violates(house, "the driver tells a fill of order %llu that the venue has not made", (unsigned long long)fill->order_id);
}

/* --- of the account ------------------------------------------------------------------------------------------------- */

/* A snapshot agrees with the fills that were told before it, all of which the desk has booked; but for a rescue without a journal, which has its books
 * from the snapshot, and after one that has sold. */
static void check_snapshot(struct house *house)
{
	const struct desk *desk = house_desk(house);
	if (house->has_strangers || house->row[house_row_of(house, WORKER_desk)].runner->rescue.is_alone) return;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		int64_t held_e8 = house->holding_e8[sym], told_e8 = desk->account.position[sym].qty_e8;
		if (held_e8 != told_e8)
			house_violates(house, "a snapshot has %lld e-8 of %s, the fills told before it make %lld", (long long)held_e8, universe[sym].symbol,
			    (long long)told_e8);
	}
	memset(house->holding_e8, 0, sizeof house->holding_e8);
}

void house_check_word(struct house *house, const struct event *event)
{
	switch ((int)event->kind) {
	case EVENT_ACK: case EVENT_CANCELLED: case EVENT_EXPIRED: case EVENT_NEW_REJECTED: case EVENT_NOT_FOUND: check_reply(house, event); return;
	case EVENT_FILL: check_fill(house, &event->fill); return;
	case EVENT_HOLDING: house->holding_e8[event->sym] = event->holding.qty_e8; return;
	case EVENT_BALANCE: check_snapshot(house); return;
	default: return;
	}
}
