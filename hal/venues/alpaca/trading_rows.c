/* trading_rows.c - our orders as the driver remembers them, found by our id and by the venue's. */
#include <stdio.h>
#include <string.h>

#include "hal/venues/alpaca/trading_parts.h"

enum { NUMBER_MAX = 99 };        /* replacements of one order */

static struct alpaca_row *find(struct alpaca_trading *trading, const struct idmap_cell *cells, uint64_t id)
{
	uint32_t slot;
	return id && idmap_find(cells, ALPACA_CELLS, id, &slot) ? &trading->row[slot] : 0;
}

struct alpaca_row *alpaca_row_find(struct alpaca_trading *trading, uint64_t order_id) { return find(trading, trading->by_order, order_id); }
struct alpaca_row *alpaca_row_find_venue(struct alpaca_trading *trading, uint64_t venue_id) { return find(trading, trading->by_venue, venue_id); }

static bool may_be_forgotten(const struct alpaca_row *row)
{
	return row->is_done && !row->is_queued && row->out == ALPACA_OUT_NONE && !row->wants_new && !row->wants_ask && !row->wants_cancel && !row->wants_replace;
}

/* Two orders of one uuid are the venue's mistake: the first keeps it. */
static void forget_venue_id(struct alpaca_trading *trading, struct alpaca_row *row)
{
	uint32_t slot;
	bool     is_there = row->venue_id && idmap_find(trading->by_venue, ALPACA_CELLS, row->venue_id, &slot);
	if (is_there && slot == alpaca_slot(trading, row)) idmap_remove(trading->by_venue, ALPACA_CELLS, row->venue_id);
}

/* A row never used, else the next in turn whose order is finished; CFG_orders_max when there is none. */
static uint32_t free_slot(struct alpaca_trading *trading)
{
	if (trading->rows_n < CFG_orders_max) return trading->rows_n++;
	for (uint32_t i = 0; i < CFG_orders_max; i++) {
		uint32_t           slot = trading->reuse;
		struct alpaca_row *row = &trading->row[slot];
		trading->reuse = (trading->reuse + 1) % CFG_orders_max;
		if (!may_be_forgotten(row)) continue;
		idmap_remove(trading->by_order, ALPACA_CELLS, row->order_id);
		forget_venue_id(trading, row);
		return slot;
	}
	return CFG_orders_max;
}

/* Found or made; false when the table is full of orders that live. */
static bool take(struct alpaca_trading *trading, uint64_t order_id, uint32_t *slot)
{
	if (order_id == 0) return false;
	if (idmap_find(trading->by_order, ALPACA_CELLS, order_id, slot)) return true;
	*slot = free_slot(trading);
	if (*slot == CFG_orders_max) {
		trading->counts.rows_full++;
		return false;
	}
	trading->row[*slot] = (struct alpaca_row){ .order_id = order_id, .sym = SYM_NONE, .left_ns = trading->born_ns };
	idmap_put(trading->by_order, ALPACA_CELLS, order_id, *slot);
	return true;
}

struct alpaca_row *alpaca_row_take(struct alpaca_trading *trading, uint64_t order_id)
{
	uint32_t slot;
	return take(trading, order_id, &slot) ? &trading->row[slot] : 0;
}

struct alpaca_row *alpaca_row_of(struct alpaca_trading *trading, uint64_t order_id)
{
	uint32_t slot;
	if (take(trading, order_id, &slot)) return &trading->row[slot];
	trading->spare = (struct alpaca_row){ .order_id = order_id, .sym = SYM_NONE, .is_spare = true };
	return &trading->spare;
}

/* Words of an earlier replacement do not bring its uuid back. */
void alpaca_row_bind(struct alpaca_trading *trading, struct alpaca_row *row, const char *uuid, uint8_t number)
{
	uint64_t venue_id = alpaca_hash(uuid, strlen(uuid));
	uint32_t slot;
	if (!*uuid || number < row->number) return;
	row->number = number;
	if (row->venue_id == venue_id && row->uuid[0]) return;
	forget_venue_id(trading, row);
	memcpy(row->uuid, uuid, strlen(uuid) + 1);
	row->venue_id = venue_id;
	if (!row->is_spare && !idmap_find(trading->by_venue, ALPACA_CELLS, venue_id, &slot))
		idmap_put(trading->by_venue, ALPACA_CELLS, venue_id, alpaca_slot(trading, row));
}

/* --- client order ids --------------------------------------------------------------------------------------------- */

void alpaca_client_id(const struct alpaca_trading *trading, const struct alpaca_row *row, uint8_t number, char text[ALPACA_CLIENT_ID_BYTES])
{
	char id[VENUE_ID_BYTES];
	trading->plan.words.text(trading->plan.journal_id, row->order_id, id);
	if (number) snprintf(text, ALPACA_CLIENT_ID_BYTES, "%s-%u", id, number);
	else snprintf(text, ALPACA_CLIENT_ID_BYTES, "%s", id);
}

static bool number_of(const char *text, uint8_t *number)
{
	uint32_t value = 0;
	*number = 0;
	if (*text == '\0') return true;
	if (*text++ != '-' || *text == '\0') return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || value > NUMBER_MAX) return false;
		value = value * 10 + (uint32_t)(*text - '0');
	}
	*number = (uint8_t)value;
	return value > 0 && value <= NUMBER_MAX;
}

bool alpaca_is_ours(const struct alpaca_trading *trading, const struct alpaca_order *order, uint64_t *order_id, uint8_t *number)
{
	uint64_t journal_id;
	size_t   length = strcspn(order->client_id, "-");
	return trading->plan.words.parse(order->client_id, length, &journal_id, order_id) && journal_id == trading->plan.journal_id && *order_id != 0 &&
	       number_of(order->client_id + length, number);
}
