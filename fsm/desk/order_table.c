/* order_table.c - slots, two indices and the memory of executions. */
#include "fsm/desk/order_table.h"

#include <string.h>

void order_table_init(struct order_table *table)
{
	memset(table, 0, sizeof *table);
	pool_init(&table->pool, table->next, ORDERS_MAX);
}

struct order *order_table_take(struct order_table *table, uint64_t order_id, bool reduces)
{
	uint32_t slot = POOL_NONE;
	if (reduces || table->pool.free_n > ORDER_TABLE_RESERVE)
		slot = pool_take(&table->pool, table->next);
	else
		table->pool.empty_count++;
	if (slot == POOL_NONE) return 0;
	if (slot >= table->used_max) table->used_max = slot + 1;
	struct order *order = &table->order[slot];
	BUG_UNLESS(1210, order->state == ORDER_FREE && order->order_id == 0);
	order->order_id = order_id;
	idmap_put(table->by_order_id, ORDER_CELLS_N, order_id, slot);
	return order;
}

struct order *order_table_find(struct order_table *table, uint64_t order_id)
{
	uint32_t slot = 0;
	if (!order_id || !idmap_find(table->by_order_id, ORDER_CELLS_N, order_id, &slot)) return 0;
	return &table->order[slot];
}

struct order *order_table_find_venue(struct order_table *table, uint64_t venue_id)
{
	uint32_t slot = 0;
	if (!venue_id || !idmap_find(table->by_venue_id, ORDER_CELLS_N, venue_id, &slot)) return 0;
	return &table->order[slot];
}

/* Only its own: a venue may have given one id to two orders. */
static void forget_venue(struct order_table *table, const struct order *order, uint64_t venue_id)
{
	if (venue_id && order_table_find_venue(table, venue_id) == order) idmap_remove(table->by_venue_id, ORDER_CELLS_N, venue_id);
}

void order_table_name_venue(struct order_table *table, struct order *order, uint64_t old_venue_id)
{
	if (order->state == ORDER_FREE) return;
	forget_venue(table, order, old_venue_id);
	if (order->venue_id) idmap_put(table->by_venue_id, ORDER_CELLS_N, order->venue_id, (uint32_t)(order - table->order));
}

void order_table_give(struct order_table *table, struct order *order, uint64_t order_id, uint64_t venue_id)
{
	BUG_UNLESS(1211, order->state == ORDER_FREE);
	idmap_remove(table->by_order_id, ORDER_CELLS_N, order_id);
	forget_venue(table, order, venue_id);
	pool_give(&table->pool, table->next, (uint32_t)(order - table->order));
}

static bool seen_in(const uint64_t *cells, uint64_t id)
{
	for (uint32_t i = idmap_home(id, EXECUTION_CELLS_N); cells[i]; i = (i + 1) & (EXECUTION_CELLS_N - 1))
		if (cells[i] == id) return true;
	return false;
}

bool executions_first_time(struct executions *executions, uint64_t execution_id)
{
	BUG_UNLESS(1212, execution_id != 0);
	if (seen_in(executions->id[0], execution_id) || seen_in(executions->id[1], execution_id)) return false;
	if (executions->in_generation == EXECUTIONS_GENERATION_MAX) {
		executions->current ^= 1;
		executions->in_generation = 0;
		memset(executions->id[executions->current], 0, sizeof executions->id[0]);
	}
	uint64_t *cells = executions->id[executions->current];
	uint32_t  i = idmap_home(execution_id, EXECUTION_CELLS_N);
	while (cells[i]) i = (i + 1) & (EXECUTION_CELLS_N - 1);
	cells[i] = execution_id;
	executions->in_generation++;
	executions->count++;
	executions->hash = hash_u64(executions->hash, execution_id);
	return true;
}

uint32_t order_table_live(const struct order_table *table)
{
	uint32_t live = 0;
	for (size_t i = 0; i < table->used_max; i++)
		live += table->order[i].state != ORDER_FREE && table->order[i].state != ORDER_DONE;
	return live;
}

uint32_t order_table_in_flight(const struct order_table *table)
{
	uint32_t count = 0;
	for (size_t i = 0; i < table->used_max; i++) count += order_in_flight(&table->order[i]);
	return count;
}

int64_t order_table_open_qty_e8(const struct order_table *table, uint16_t sym, uint8_t side)
{
	int64_t open_e8 = 0;
	for (size_t i = 0; i < table->used_max; i++) {
		const struct order *order = &table->order[i];
		if (order->sym == sym && order->side == side) open_e8 += order_open_qty_e8(order);
	}
	return open_e8;
}

int64_t order_table_reserved_usd_e8(const struct order_table *table)
{
	int64_t reserved = 0;
	for (size_t i = 0; i < table->used_max; i++) {
		const struct order *order = &table->order[i];
		if (order->side == SIDE_BUY && order_open_qty_e8(order) > 0) reserved += order->reserved_usd_e8;
	}
	return reserved;
}
