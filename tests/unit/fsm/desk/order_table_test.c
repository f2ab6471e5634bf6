/* order_table_test.c - 2,000 live orders found three ways, a full table that keeps room for exits, executions remembered (X12). */
#include "fsm/desk/order_table.h"

#include <string.h>

#include "tests/kit/random.h"
#include "tests/kit/test.h"

static struct order_table table;
enum { LIVE = 2000, VENUE_BASE = 900000 };

static struct order *add(uint64_t order_id, bool reduces)
{
	struct order *order = order_table_take(&table, order_id, reduces);
	if (!order) return 0;
	order->state = ORDER_LIVE;
	order->qty_e8 = 2 * E8;
	order->sym = (uint16_t)(order_id % 3);
	order->side = order_id % 2 ? SIDE_BUY : SIDE_SELL;
	order->venue_id = VENUE_BASE + order_id;
	if (order->side == SIDE_BUY) order->reserved_usd_e8 = 5 * E8;
	order_table_name_venue(&table, order, 0);
	return order;
}

static void end(struct order *order)
{
	uint64_t order_id = order->order_id, venue_id = order->venue_id;
	*order = (struct order){ 0 };
	order_table_give(&table, order, order_id, venue_id);
}

TEST(t_X12_two_thousand_live_orders_are_found_by_each_name)
{
	order_table_init(&table);
	for (uint64_t id = 1; id <= LIVE; id++) CHECK(add(id << 8, false) != 0);
	CHECK_EQ(order_table_live(&table), LIVE);
	for (uint64_t id = 1; id <= LIVE; id++) {
		char     text[ORDER_ID_TEXT_BYTES];
		uint64_t journal_id = 0, order_id = 0;
		CHECK(order_table_find(&table, id << 8) && order_table_find(&table, id << 8)->order_id == id << 8);
		CHECK(order_table_find_venue(&table, VENUE_BASE + (id << 8)) == order_table_find(&table, id << 8));
		order_id_text(42, id << 8, text);
		CHECK(order_id_parse(text, strlen(text), &journal_id, &order_id) && order_table_find(&table, order_id)->venue_id == VENUE_BASE + (id << 8));
	}
	CHECK(!order_table_find(&table, 0) && !order_table_find_venue(&table, 0) && !order_table_find(&table, 77));
}

TEST(t_X12_a_full_table_refuses_increases_and_keeps_its_reserve_for_reductions)
{
	uint64_t id = 0;
	order_table_init(&table);
	while (add(++id, false)) continue;
	CHECK_EQ(order_table_live(&table), ORDERS_MAX - ORDER_TABLE_RESERVE);
	CHECK(order_table_live(&table) >= LIVE);
	CHECK_EQ(table.pool.empty_count, 1);
	for (uint32_t i = 0; i < ORDER_TABLE_RESERVE; i++) CHECK(add(++id, true) != 0);
	CHECK(add(++id, true) == 0);
	CHECK_EQ(table.pool.empty_count, 2);
	CHECK(!order_table_find(&table, id));
	end(order_table_find(&table, 5));
	CHECK(add(++id, false) == 0);        /* one free slot is still the reserve's */
	CHECK(add(++id, true) != 0);
}

TEST(t_X12_random_lives_of_orders_leave_nothing_behind)
{
	struct random random = { 29 };
	uint64_t      ids[500] = { 0 };
	order_table_init(&table);
	for (uint64_t step = 1; step <= 200000; step++) {
		uint32_t at = random_below(&random, 500);
		if (ids[at]) {
			struct order *order = order_table_find(&table, ids[at]);
			CHECK(order && order->order_id == ids[at]);
			end(order);
			CHECK(!order_table_find(&table, ids[at]) && !order_table_find_venue(&table, VENUE_BASE + ids[at]));
			ids[at] = 0;
		} else {
			ids[at] = step;
			CHECK(add(step, random_below(&random, 2)) != 0);
		}
	}
	for (uint32_t i = 0; i < 500; i++)
		if (ids[i]) end(order_table_find(&table, ids[i]));
	CHECK_EQ(table.pool.free_n, ORDERS_MAX);
	for (uint32_t i = 0; i < ORDER_CELLS_N; i++) CHECK(!table.by_order_id[i].id && !table.by_venue_id[i].id);
}

TEST(t_X12_open_quantity_reserve_and_flight_are_sums_over_what_works)
{
	order_table_init(&table);
	for (uint64_t id = 1; id <= 6; id++) CHECK(add(id, false) != 0);        /* odd: buys; sym = id mod 3 */
	CHECK_EQ(order_table_open_qty_e8(&table, 1, SIDE_BUY), 2 * E8);         /* 1 */
	CHECK_EQ(order_table_open_qty_e8(&table, 1, SIDE_SELL), 2 * E8);        /* 4 */
	CHECK_EQ(order_table_reserved_usd_e8(&table), 15 * E8);
	order_table_find(&table, 1)->state = ORDER_DONE;
	CHECK_EQ(order_table_open_qty_e8(&table, 1, SIDE_BUY), 0);
	CHECK_EQ(order_table_reserved_usd_e8(&table), 10 * E8);
	CHECK_EQ(order_table_in_flight(&table), 0);
	order_table_find(&table, 2)->state = ORDER_UNKNOWN;
	order_table_find(&table, 3)->state = ORDER_CANCELLING;
	CHECK_EQ(order_table_in_flight(&table), 2);
	CHECK_EQ(order_table_live(&table), 5);
	order_table_find(&table, 4)->filled_qty_e8 = 3 * E8;        /* filled over: nothing is open */
	CHECK_EQ(order_table_open_qty_e8(&table, 1, SIDE_SELL), 0);
}

TEST(t_X2_an_execution_is_remembered_for_at_least_a_generation)
{
	static struct executions executions;
	for (uint64_t id = 1; id <= 100000; id++) {
		CHECK(executions_first_time(&executions, id));
		CHECK(!executions_first_time(&executions, id));
		if (id > EXECUTIONS_GENERATION_MAX) CHECK(!executions_first_time(&executions, id - EXECUTIONS_GENERATION_MAX));
	}
	CHECK_EQ(executions.count, 100000);
	CHECK((int)EXECUTIONS_GENERATION_MAX >= (int)LIVE);        /* each live order may be filled once more */
}

static void execution_without_an_id(void)
{
	static struct executions executions;
	(void)executions_first_time(&executions, 0);
}

static void give_a_working_order(void)
{
	order_table_init(&table);
	struct order *order = add(1, false);
	order_table_give(&table, order, 1, order->venue_id);
}

TEST(t_X12_what_the_desk_must_not_do_traps)
{
	CHECK_BUG(execution_without_an_id, 1212);
	CHECK_BUG(give_a_working_order, 1211);
}
