/* positions.c - `tickwork positions`: what is held, at the last believed price. */
#include <stdio.h>

#include "firmware/cli/table.h"
#include "firmware/console/words.h"
#include "firmware/modes/looking.h"

static void cells(const struct event *event, char cell[LOOKING_COLUMNS_MAX][LOOKING_CELL_BYTES])
{
	const struct position_note *position = &event->position;
	int64_t                     value_usd_e8, unrealised_usd_e8 = look_unrealised_usd_e8(position, &value_usd_e8);
	(void)snprintf(cell[0], LOOKING_CELL_BYTES, "%s", word_symbol(event->sym));
	(void)e8_text(cell[1], position->qty_e8);
	(void)e8_text(cell[2], position->px_e8);
	(void)text_usd(cell[3], value_usd_e8);
	(void)text_usd(cell[4], position->cost_usd_e8);
	(void)text_usd(cell[5], unrealised_usd_e8);
	(void)snprintf(cell[6], LOOKING_CELL_BYTES, "%s", word_stop_state(position->stop_state));
}

int verb_positions(struct cli *cli)
{
	static const struct table_column column[] = { { "SYMBOL", 7, false }, { "QTY", 9, true }, { "PRICE", 9, true }, { "VALUE USD", 12, true },
		{ "COST USD", 12, true }, { "UNREALISED", 11, true }, { "STOP", 7, false } };
	return looking_list(cli, &(struct looking_list){ ROWS_POSITIONS, false, column, 7, "no positions", cells });
}
