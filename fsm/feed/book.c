/* book.c - sorted levels, kept sorted. */
#include "fsm/feed/book.h"

#include <string.h>

void book_clear(struct book *book) { memset(book, 0, sizeof *book); }

/* The index of the first level that is not better than px. */
static uint32_t level_at(const struct book *book, uint8_t side, int64_t px_e8)
{
	uint32_t low = 0, high = book->levels[side];
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		int64_t  here = book->level[side][middle].px_e8;
		bool     better = side == 0 ? here > px_e8 : here < px_e8;
		if (better)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void level_remove(struct book *book, uint8_t side, uint32_t index)
{
	struct book_level *level = book->level[side];
	memmove(&level[index], &level[index + 1], (book->levels[side] - index - 1) * sizeof *level);
	level[--book->levels[side]] = (struct book_level){ 0, 0, 0 };
}

static bool level_insert(struct book *book, uint8_t side, uint32_t index)
{
	struct book_level *level = book->level[side];
	if (book->levels[side] == BOOK_LEVELS) book->overflow_count++;
	if (index == BOOK_LEVELS) return false;
	if (book->levels[side] < BOOK_LEVELS) book->levels[side]++;
	memmove(&level[index + 1], &level[index], (book->levels[side] - index - 1) * sizeof *level);
	return true;
}

bool book_level_set(struct book *book, uint8_t side, int64_t px_e8, int64_t qty_e8, uint64_t orders)
{
	BUG_UNLESS(1520, side < 2);
	if (px_e8 <= 0 || qty_e8 < 0) return false;
	uint32_t index = level_at(book, side, px_e8);
	bool     there = index < book->levels[side] && book->level[side][index].px_e8 == px_e8;
	if (qty_e8 == 0) {
		if (there) level_remove(book, side, index);
		return true;
	}
	if (!there && !level_insert(book, side, index)) return true;
	book->level[side][index] = (struct book_level){ px_e8, qty_e8, orders };
	return true;
}

int64_t book_mid_px_e8(const struct book *book)
{
	if (!book->levels[0] || !book->levels[1]) return 0;
	return i128_narrow(div_floor((i128)book->level[0][0].px_e8 + book->level[1][0].px_e8, 2));
}

int64_t book_spread_px_e8(const struct book *book)
{
	if (!book->levels[0] || !book->levels[1]) return 0;
	return book->level[1][0].px_e8 - book->level[0][0].px_e8;
}

bool book_is_crossed(const struct book *book)
{
	return book->levels[0] && book->levels[1] && book->level[0][0].px_e8 >= book->level[1][0].px_e8;
}

void book_top(const struct book *book, struct book_top *top)
{
	memset(top, 0, sizeof *top);
	top->sequence = book->sequence;
	top->t_us = book->t_us;
	top->mid_px_e8 = book_mid_px_e8(book);
	top->spread_px_e8 = book_spread_px_e8(book);
	for (int side = 0; side < 2; side++) {
		top->levels[side] = book->levels[side] < BOOK_TOP_LEVELS ? book->levels[side] : BOOK_TOP_LEVELS;
		memcpy(top->level[side], book->level[side], top->levels[side] * sizeof(struct book_level));
	}
}
