/* order_table.h - every order that may still matter: 2,000 live ones and those that ended in the last five minutes.
 *
 * Found by our order id (which is the request id and, as text, the client order id) and by the venue's id. Terminal orders are retired by
 * order_table_retire once they are order_retire_s old. A full table refuses new orders (counted): the desk then adds no risk; cancels and
 * exits have ORDER_TABLE_RESERVE slots that only reductions may take.
 * Executions are remembered by id in two generations, so that a fill told twice is booked once. Pointer-free. Rows X2, X12. */
#ifndef FSM_DESK_ORDER_TABLE_H
#define FSM_DESK_ORDER_TABLE_H
#include "fsm/desk/order.h"
#include "fsm/idmap.h"
#include "fsm/pool.h"
#include "fsm/settings.h"

enum {
	ORDERS_MAX = CFG_orders_max,
	ORDER_CELLS_N = 2 * 4096,
	ORDER_TABLE_RESERVE = 48,        /* slots kept for reductions: three for each symbol */
	EXECUTIONS_GENERATION_MAX = CFG_executions_max / 2,
	EXECUTION_CELLS_N = CFG_executions_max,
};
_Static_assert(ORDER_CELLS_N >= 2 * ORDERS_MAX, "config.h: raise ORDER_CELLS_N with orders_max");

struct executions { uint64_t count, hash; uint32_t in_generation, current; uint64_t id[2][EXECUTION_CELLS_N]; };

struct order_table {
	struct pool       pool;
	uint32_t          next[ORDERS_MAX];
	struct order      order[ORDERS_MAX];
	struct idmap_cell by_order_id[ORDER_CELLS_N];
	struct idmap_cell by_venue_id[ORDER_CELLS_N];
	struct executions executions;
	uint64_t          used_max;        /* slots ever used: loops end here */
};

void          order_table_init(struct order_table *table);
/* 0 when the table is full for this kind of order. */
struct order *order_table_take(struct order_table *table, uint64_t order_id, bool reduces);
struct order *order_table_find(struct order_table *table, uint64_t order_id);
struct order *order_table_find_venue(struct order_table *table, uint64_t venue_id);
/* The order has its venue_id now; the one it had before (0: none) finds it no longer. */
void          order_table_name_venue(struct order_table *table, struct order *order, uint64_t old_venue_id);
/* Gives back the slot of an order that is FREE again. */
void order_table_give(struct order_table *table, struct order *order, uint64_t order_id, uint64_t venue_id);
/* True the first time this execution id is seen. */
bool executions_first_time(struct executions *executions, uint64_t execution_id);

uint32_t order_table_live(const struct order_table *table);
uint32_t order_table_in_flight(const struct order_table *table);
/* Signed quantity still to come from working orders of a symbol: buys, or sells. */
int64_t order_table_open_qty_e8(const struct order_table *table, uint16_t sym, uint8_t side);
/* Cash that working buys may still take. */
int64_t order_table_reserved_usd_e8(const struct order_table *table);

#endif
