/* panel.c - see panel.h. */
#include "strategies/signals/panel.h"

#include <math.h>
#include <string.h>

void panel_init(struct panel *panel) { memset(panel, 0, sizeof *panel); }

static bool push(struct panel *panel, const struct market *market, bool logs)
{
	BUG_UNLESS(2070, market->assets <= ASSETS_MAX && market->assets >= panel->assets);
	if (!news_row(&panel->news, market)) return false;
	panel->assets = market->assets;
	for (uint32_t i = 0; i < market->assets; i++) {
		bool known = market->asset[i].factors.bars_seen > 0;
		double price = market->asset[i].bar.adj_close;
		panel->price[panel->at][i] = logs && known ? log(price) : price;
		panel->rows[i] += known && panel->rows[i] < PANEL_ROWS;
	}
	panel->at = panel->at + 1 < PANEL_ROWS ? panel->at + 1 : 0;
	return true;
}

bool panel_push(struct panel *panel, const struct market *market) { return push(panel, market, false); }
bool panel_push_logs(struct panel *panel, const struct market *market) { return push(panel, market, true); }

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
