/* log.h - the venue's own record of what it did, one JSON object a line, for whoever checks the books of a client against it.
 *
 * Every line: seq (from 1, without gaps), t_ns (market time), moment, what. Then, by what:
 *   accepted, refused, replaced, canceled, expired, rejected    order_id, client_order_id, symbol, side, qty, type, limit_price, time_in_force; of
 *                                                               refused (at the call) the status, code and message; of replaced the new order's ids
 *   fill       execution_id, order_id, client_order_id, symbol, side, qty, price, commission, cum_qty, position_qty, cash
 *   cash       activity_id, kind, symbol, qty, per_share_amount, net_amount, cash
 * Numbers are strings with up to eight decimals, as on the wire. */
#ifndef HAL_SIM_SERVER_LOG_H
#define HAL_SIM_SERVER_LOG_H
#include "hal/sim/server/server.h"

void log_order(struct server *server, const char *what, uint32_t order);
void log_refused(struct server *server, const char *client_id, uint32_t status, int64_t code, const char *message);
void log_activity(struct server *server, const struct activity *activity);

#endif
