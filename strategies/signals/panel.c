/* panel.c - see panel.h. */
#include "strategies/signals/panel.h"

#include <string.h>

#include "strategies/factors/four_log.h"

void panel_init(struct panel *panel) { memset(panel, 0, sizeof *panel); }

/* A new row of prices; 0 where there is no row. */
static double *push(struct panel *panel, const struct market *market)
{
	BUG_UNLESS(2070, market->assets <= ASSETS_MAX && market->assets >= panel->assets);
	if (!news_row(&panel->news, market)) return 0;
	double *row = panel->price[panel->at];
	panel->assets = market->assets;
	for (uint32_t i = 0; i < market->assets; i++) {
		row[i] = market->asset[i].bar.adj_close;
		panel->rows[i] += market->asset[i].factors.bars_seen > 0 && panel->rows[i] < PANEL_ROWS;
	}
	panel->at = panel->at + 1 < PANEL_ROWS ? panel->at + 1 : 0;
	return row;
}

bool panel_push(struct panel *panel, const struct market *market) { return push(panel, market) != 0; }

bool panel_push_logs(struct panel *panel, const struct market *market)
{
	double *row = push(panel, market);
	for (uint32_t i = 0; row && i < market->assets; i += LANES) {
		four price = four_load(row + i), known = four_max(price, four_all(PRICE_LEAST));
		four_store(row + i, (four)((four_mask)four_log(known) & (four_mask)(price > four_all(0))));
	}
	four_done();
	return row != 0;
}

double panel_price(const struct panel *panel, uint32_t asset, uint32_t ago)
{
	BUG_UNLESS(2071, asset < panel->assets && ago < panel->rows[asset]);
	return panel->price[(panel->at + PANEL_ROWS - 1 - ago) % PANEL_ROWS][asset];
}

uint32_t panel_full(const struct panel *panel, uint16_t *asset)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < panel->assets; i++) if (panel->rows[i] == PANEL_ROWS) asset[count++] = (uint16_t)i;
	return count;
}
