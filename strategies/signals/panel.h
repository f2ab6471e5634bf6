/* panel.h - the last year of adjusted closes of all assets, row by row, for strategies that compare assets.
 *
 * A row is a turn with new bars for more than half of the assets known (news_row); the others carry their last price, so a holiday
 * of one market is a return of 0. An asset has a history from its first row on. Full: the oldest row goes.
 * A panel holds prices or, for strategies that only read those, their logarithms: one of the two pushes, always the same. */
#ifndef STRATEGIES_SIGNALS_PANEL_H
#define STRATEGIES_SIGNALS_PANEL_H
#include "strategies/signals/signal.h"

enum { PANEL_ROWS = 253 };      /* prices; 252 returns, a trading year */

struct panel { struct news news; uint32_t at, assets, rows[ASSETS_MAX]; double price[PANEL_ROWS][ASSETS_MAX]; };

void panel_init(struct panel *panel);
/* True where the turn was a row. The universe may grow but not shrink: a bug (2070). */
bool panel_push(struct panel *panel, const struct market *market);
bool panel_push_logs(struct panel *panel, const struct market *market);
/* Rows an asset has been there, at most PANEL_ROWS. */
static inline uint32_t panel_rows(const struct panel *panel, uint32_t asset) { return panel->rows[asset]; }
/* The price, or its logarithm, so many rows ago, 0 the last. Beyond what is there it is a bug (2071). */
double panel_price(const struct panel *panel, uint32_t asset, uint32_t ago);
/* The whole row, by asset; those that are not there yet hold 0. */
static inline const double *panel_row(const struct panel *panel, uint32_t ago) { return panel->price[(panel->at + PANEL_ROWS - 1 - ago) % PANEL_ROWS]; }
/* The simple return of the row so many rows ago. */
static inline double panel_return(const struct panel *panel, uint32_t asset, uint32_t ago)
{
	return panel_price(panel, asset, ago) / panel_price(panel, asset, ago + 1) - 1;
}
/* The assets with a full history, in order; how many. */
uint32_t panel_full(const struct panel *panel, uint16_t *asset);

#endif
