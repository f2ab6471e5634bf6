/* worth.h - what follows from the books at the prices in force: equity, buying power, what open orders hold. */
#ifndef HAL_SIM_SERVER_WORTH_H
#define HAL_SIM_SERVER_WORTH_H
#include "hal/sim/server/server.h"

int64_t worth_positions_usd_e8(const struct server *server);        /* of the positions */
int64_t worth_equity_usd_e8(const struct server *server);
/* Twice the equity, less positions and open buys, these at their limit or 4 % above the price in force. Not below 0. */
int64_t worth_buying_power_usd_e8(const struct server *server);
int64_t worth_order_cost_usd_e8(const struct server *server, uint16_t sym, int64_t qty_e8, int64_t limit_px_e8);
/* Units of a position that open sells will take. */
int64_t worth_held_for_orders_e8(const struct server *server, uint16_t sym);
/* The close of the session before the running one; the price in force when there is none. */
int64_t worth_last_close_px_e8(const struct server *server, uint16_t sym);

#endif
