/* book.h - an order book of 50 levels a side, as the feed writes it and others copy it.
 *
 * Bids fall, asks rise; a level is price, size and number of orders; size 0 removes it. Levels beyond the 50th fall off and are counted.
 * sequence is the venue's, t_us the venue's time in microseconds. mid and spread are 0 while a side is empty; a book whose best bid is not
 * below its best ask is crossed, which is a fact for the reader, not an error here. 2,448 bytes. Row P6. */
#ifndef FSM_FEED_BOOK_H
#define FSM_FEED_BOOK_H
#include "fsm/settings.h"

enum { BOOK_LEVELS = CFG_book_levels_max, BOOK_TOP_LEVELS = 10 };

struct book_level { int64_t px_e8, qty_e8; uint64_t orders; };
struct book {
	uint64_t          sequence;
	int64_t           t_us;
	uint32_t          levels[2];        /* by enum side: bids, asks */
	uint64_t          overflow_count;
	struct book_level level[2][BOOK_LEVELS];
};
/* The ten best levels a side. */
struct book_top { uint64_t sequence; int64_t t_us, mid_px_e8, spread_px_e8; uint32_t levels[2]; struct book_level level[2][BOOK_TOP_LEVELS]; };

void book_clear(struct book *book);
/* Sets, replaces or (qty_e8 == 0) removes one level; side 0 bids, 1 asks. False, and nothing changes, for px <= 0 or qty < 0. */
bool book_level_set(struct book *book, uint8_t side, int64_t px_e8, int64_t qty_e8, uint64_t orders);
/* 0 while a side is empty. */
int64_t book_mid_px_e8(const struct book *book);
int64_t book_spread_px_e8(const struct book *book);
bool    book_is_crossed(const struct book *book);
void    book_top(const struct book *book, struct book_top *top);

#endif
