/* worth.c - see worth.h. */
#include "hal/sim/server/worth.h"

#include "hal/sim/server/prices.h"

enum { MULTIPLIER = 2, MARKET_COLLAR_BP = 400 };

int64_t worth_positions_usd_e8(const struct server *server)
{
	int64_t value_usd_e8 = 0;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		value_usd_e8 += e8_mul(server->broker.position[sym].qty_e8, server->match.symbol[sym].px_e8);
	return value_usd_e8;
}

int64_t worth_equity_usd_e8(const struct server *server) { return server->broker.cash_usd_e8 + worth_positions_usd_e8(server); }

int64_t worth_order_cost_usd_e8(const struct server *server, uint16_t sym, int64_t qty_e8, int64_t limit_px_e8)
{
	int64_t px_e8 = server->match.symbol[sym].px_e8;
	i128    cost = (i128)qty_e8 * (limit_px_e8 > 0 ? limit_px_e8 : px_e8 + e8_bp(px_e8, MARKET_COLLAR_BP)) / E8;
	return cost > INT64_MAX / 4 ? INT64_MAX / 4 : (int64_t)cost;
}

/* What open orders of one side, of one symbol or (SYM_NONE) of all, still want: units, or USD. */
static int64_t open_orders(const struct server *server, enum side side, uint16_t sym, bool usd)
{
	const struct broker *broker = &server->broker;
	int64_t              sum = 0;
	for (uint32_t i = 0; i < broker->open_n; i++) {
		const struct broker_order *order = &broker->order[broker->open[i]];
		if (order->side != side || (sym != SYM_NONE && order->sym != sym)) continue;
		int64_t left_e8 = order->qty_e8 - order->filled_qty_e8;
		sum += usd ? worth_order_cost_usd_e8(server, order->sym, left_e8, order->limit_px_e8) : left_e8;
	}
	return sum;
}

int64_t worth_buying_power_usd_e8(const struct server *server)
{
	int64_t power = MULTIPLIER * worth_equity_usd_e8(server) - worth_positions_usd_e8(server) - open_orders(server, SIDE_BUY, SYM_NONE, true);
	return e8_max(power, 0);
}

int64_t worth_held_for_orders_e8(const struct server *server, uint16_t sym) { return open_orders(server, SIDE_SELL, sym, false); }

int64_t worth_last_close_px_e8(const struct server *server, uint16_t sym)
{
	const struct bar *before = prices_before(server, sym);
	return before ? before->close_px_e8 : server->match.symbol[sym].px_e8;
}
