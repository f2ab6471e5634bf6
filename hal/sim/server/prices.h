/* prices.h - what the market has shown of a symbol so far. Nothing of the future: a bar is whole when its session has closed. */
#ifndef HAL_SIM_SERVER_PRICES_H
#define HAL_SIM_SERVER_PRICES_H
#include "hal/sim/server/server.h"

/* How many of the symbol's bars are whole. */
uint32_t prices_whole(const struct server *server, uint16_t sym);
/* The bar of the running session: its open only (high, low, close the same, no volume), or, when it has closed, all of it. Otherwise the last whole one.
 * False when there is none at all. */
bool prices_today(const struct server *server, uint16_t sym, struct bar *bar);
/* The whole bar before the one of prices_today; 0 when there is none. */
const struct bar *prices_before(const struct server *server, uint16_t sym);
/* The instant that names a day's bar: midnight, in New York for stocks, in UTC for crypto. */
int64_t prices_bar_t_ns(uint16_t sym, int32_t day);

#endif
