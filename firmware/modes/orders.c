/* orders.c - `tickwork orders`: what the venue may still fill, and with --all what has ended a short while ago. */
#include <stdio.h>

#include "firmware/cli/table.h"
#include "firmware/console/words.h"
#include "firmware/modes/looking.h"

static void cells(const struct event *event, char cell[LOOKING_COLUMNS_MAX][LOOKING_CELL_BYTES])
{
	const struct order_note *order = &event->order;
	(void)snprintf(cell[0], LOOKING_CELL_BYTES, "%llu", (unsigned long long)order->order_id);
	(void)snprintf(cell[1], LOOKING_CELL_BYTES, "%s", word_symbol(event->sym));
	(void)snprintf(cell[2], LOOKING_CELL_BYTES, "%s", word_side(order->side));
	(void)e8_text(cell[3], order->qty_e8);
	(void)e8_text(cell[4], order->filled_qty_e8);
	if (order->limit_px_e8) (void)e8_text(cell[5], order->limit_px_e8);
	else (void)snprintf(cell[5], LOOKING_CELL_BYTES, "%s", word_order_type(order->order_type));
	(void)snprintf(cell[6], LOOKING_CELL_BYTES, "%s", word_order_state(order->state));
	(void)snprintf(cell[7], LOOKING_CELL_BYTES, "%s", word_order_reason(order->reason));
}

int verb_orders(struct cli *cli)
{
	static const struct table_column column[] = { { "ORDER", 8, true }, { "SYMBOL", 7, false }, { "SIDE", 4, false }, { "QTY", 8, true },
		{ "FILLED", 8, true }, { "LIMIT", 8, true }, { "STATE", 10, false }, { "REASON", 12, false } };
	return looking_list(cli, &(struct looking_list){ ROWS_ORDERS, cli_given(cli, "--all"), column, 8, "no orders", cells });
}
