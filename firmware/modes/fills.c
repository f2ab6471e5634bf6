/* fills.c - `tickwork fills`: the latest executions, the newest last. The map keeps FILL_CELLS of them; the books keep all. */
#include <stdio.h>

#include "firmware/cli/table.h"
#include "firmware/console/words.h"
#include "firmware/modes/looking.h"
#include "firmware/report/day.h"

static void cells(const struct event *event, char cell[LOOKING_COLUMNS_MAX][LOOKING_CELL_BYTES])
{
	const struct fill *fill = &event->fill;
	day_time(cell[0], event->t_ns);
	(void)snprintf(cell[1], LOOKING_CELL_BYTES, "%s", word_symbol(event->sym));
	(void)snprintf(cell[2], LOOKING_CELL_BYTES, "%s", word_side(fill->side));
	(void)e8_text(cell[3], fill->qty_e8);
	(void)e8_text(cell[4], fill->px_e8);
	(void)text_usd(cell[5], fill->fee_usd_e8);
	(void)snprintf(cell[6], LOOKING_CELL_BYTES, "%s", word_order_reason(fill->reason));
}

int verb_fills(struct cli *cli)
{
	static const struct table_column column[] = { { "TIME", 20, false }, { "SYMBOL", 7, false }, { "SIDE", 4, false }, { "QTY", 9, true },
		{ "PRICE", 9, true }, { "FEE USD", 7, true }, { "REASON", 12, false } };
	return looking_list(cli, &(struct looking_list){ ROWS_FILLS, true, column, 7, "no fills", cells });
}
