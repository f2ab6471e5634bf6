/* book_test.c - the book against a naive one: a list of all levels ever set, sorted when asked. */
#include "fsm/feed/book.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit/test.h"

enum { NAIVE_MAX = 50, PRICES_N = 400, OPERATIONS = 200000 };

/* Levels by price index; what fell off the 50th place is forgotten, as in the book. */
struct naive { struct book_level level[PRICES_N]; uint64_t overflow; };

static uint64_t random_state = 20260121;
static uint64_t chance(uint64_t below)
{
	uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static uint32_t naive_count(const struct naive *naive)
{
	uint32_t count = 0;
	for (int i = 0; i < PRICES_N; i++) count += naive->level[i].qty_e8 > 0;
	return count;
}

/* The worst price of a side: the lowest bid, the highest ask. */
static int naive_worst(const struct naive *naive, int side)
{
	int worst = -1;
	for (int i = 0; i < PRICES_N; i++)
		if (naive->level[i].qty_e8 > 0 && (side == 1 || worst < 0)) worst = i;
	return worst;
}

static void naive_set(struct naive *naive, int side, int price, int64_t qty_e8, uint64_t orders)
{
	bool there = naive->level[price].qty_e8 > 0;
	naive->level[price] = qty_e8 ? (struct book_level){ (price + 1) * E8, qty_e8, orders } : (struct book_level){ 0, 0, 0 };
	if (there || !qty_e8 || naive_count(naive) <= NAIVE_MAX) return;
	naive->overflow++;
	naive->level[naive_worst(naive, side)] = (struct book_level){ 0, 0, 0 };
}

static bool same_side(const struct book *book, const struct naive *naive, int side)
{
	uint32_t at = 0;
	for (int i = 0; i < PRICES_N; i++) {
		int price = side == 0 ? PRICES_N - 1 - i : i;        /* bids fall, asks rise */
		if (naive->level[price].qty_e8 == 0) continue;
		if (at >= book->levels[side] || memcmp(&book->level[side][at], &naive->level[price], sizeof naive->level[0]) != 0) return false;
		at++;
	}
	return at == book->levels[side];
}

TEST(t_P6_random_operations_equal_a_naive_book)
{
	static struct book  book;
	static struct naive naive[2];
	uint32_t            full = 0;
	book_clear(&book);
	for (int i = 0; i < OPERATIONS; i++) {
		int      side = (int)chance(2), price = (int)chance(PRICES_N);
		int64_t  qty_e8 = chance(5) < 2 ? 0 : (int64_t)chance(1000) + 1;
		uint64_t orders = chance(9) + 1;
		CHECK(book_level_set(&book, (uint8_t)side, (price + 1) * E8, qty_e8, qty_e8 ? orders : 0));
		naive_set(&naive[side], side, price, qty_e8, orders);
		full += book.levels[side] == BOOK_LEVELS;
		bool same = same_side(&book, &naive[side], side);
		CHECK(same);
		if (!same) return;
	}
	CHECK(full > 1000);        /* the edge of the fiftieth level was walked */
	CHECK_EQ(book.overflow_count, naive[0].overflow + naive[1].overflow);
}

static void fill_book(struct book *book, uint32_t levels)
{
	book_clear(book);
	for (uint32_t i = 0; i < levels; i++) {
		CHECK(book_level_set(book, 0, (100 - (int64_t)i) * E8, (i + 1) * E8, i + 1));
		CHECK(book_level_set(book, 1, (101 + (int64_t)i) * E8, (i + 1) * E8, i + 1));
	}
}

TEST(t_P6_fifty_levels_bids_fall_asks_rise)
{
	static struct book book;
	fill_book(&book, 60);
	CHECK_EQ(book.levels[0], 50);
	CHECK_EQ(book.levels[1], 50);
	CHECK_EQ(book.overflow_count, 20);
	for (int i = 1; i < 50; i++) {
		CHECK(book.level[0][i].px_e8 < book.level[0][i - 1].px_e8);
		CHECK(book.level[1][i].px_e8 > book.level[1][i - 1].px_e8);
	}
	CHECK(book_level_set(&book, 0, 200 * E8, E8, 1));        /* a better bid pushes the last one off */
	CHECK_EQ(book.levels[0], 50);
	CHECK_EQ(book.level[0][0].px_e8, 200 * E8);
	CHECK_EQ(book.level[0][49].px_e8, 52 * E8);
	CHECK_EQ(book.level[0][49].orders, 49);
}

TEST(t_P6_mid_and_spread)
{
	static struct book book;
	book_clear(&book);
	CHECK_EQ(book_mid_px_e8(&book), 0);
	CHECK_EQ(book_spread_px_e8(&book), 0);
	CHECK(book_level_set(&book, 0, 100 * E8, E8, 1));
	CHECK_EQ(book_mid_px_e8(&book), 0);
	CHECK_EQ(book_spread_px_e8(&book), 0);
	CHECK(book_level_set(&book, 1, 100 * E8 + 3, E8, 1));
	CHECK_EQ(book_mid_px_e8(&book), 100 * E8 + 1);        /* down to a whole 1e-8 */
	CHECK_EQ(book_spread_px_e8(&book), 3);
	CHECK(!book_is_crossed(&book));
	CHECK(book_level_set(&book, 0, 100 * E8 + 3, E8, 1));
	CHECK(book_is_crossed(&book));
	CHECK_EQ(book_spread_px_e8(&book), 0);
}

TEST(t_P6_top_ten_with_sequence_and_microseconds)
{
	static struct book     book;
	static struct book_top top;
	fill_book(&book, 30);
	book.sequence = 77;
	book.t_us = 1234567;
	book_top(&book, &top);
	CHECK_EQ(top.sequence, 77);
	CHECK_EQ(top.t_us, 1234567);
	CHECK_EQ(top.levels[0], 10);
	CHECK_EQ(top.levels[1], 10);
	CHECK_EQ(top.mid_px_e8, 100 * E8 + E8 / 2);
	CHECK_EQ(top.spread_px_e8, E8);
	CHECK(memcmp(top.level[0], book.level[0], sizeof top.level[0]) == 0);
	CHECK(memcmp(top.level[1], book.level[1], sizeof top.level[1]) == 0);
	fill_book(&book, 3);
	book_top(&book, &top);
	CHECK_EQ(top.levels[0], 3);
	CHECK_EQ(top.level[0][3].px_e8, 0);
}

static struct book book_for_bug;
static void        third_side(void) { (void)book_level_set(&book_for_bug, 2, E8, E8, 1); }

TEST(t_P6_what_is_no_level_changes_nothing)
{
	static struct book book, before;
	fill_book(&book, 5);
	before = book;
	CHECK(!book_level_set(&book, 0, 0, E8, 1));
	CHECK(!book_level_set(&book, 0, -1, E8, 1));
	CHECK(!book_level_set(&book, 1, E8, -1, 1));
	CHECK(book_level_set(&book, 1, 1, 0, 0));        /* removing what is not there */
	CHECK(memcmp(&book, &before, sizeof book) == 0);
	CHECK_BUG(third_side, 1520);
}
