/* book_use.h - what a book has used of its limits (strategies/sizing/book_limits.h): counts of the day and of the minute. Row R6.
 *
 * Trades, turnover and children count only what adds risk. Messages count every request to the venue, but only what adds risk is refused for
 * them: cancels and exits always go. A child is one order for one symbol's wish of one day; after order_children_max of them (refused,
 * expired, cut short) the wish waits for the next day. Both caps are compiled in: no file and no operator raises them. Pointer-free, no padding.
 *
 * A day trade is a purchase and a sale after it of one security in one session; crypto is none. Brokers that keep the pattern-day-trader rule
 * (FINRA 4210(f)(8)(B), replaced in June 2026) forbid a fourth in five sessions to an account below 25,000 USD. As any purchase may have to be
 * sold the same day (a stop), the guard refuses purchases once day_trades_max are used and the NAV is below day_trades_equity_usd; it is off at
 * DAY_TRADES_OFF, the built-in value.
 *
 * Wash sales (26 U.S.C. 1091): a loss does not count when the same security is bought within 30 days before or after the sale. What would be such a
 * purchase is known here before the trade: a symbol sold at a loss stands in its window for WASH_DAYS calendar days (cause WASH, shown by `tickwork risk`);
 * with wash_sale_guard the purchase is refused (cause NO_WASH). The loss is that of the average cost; which lots it falls on says `tickwork tax`. Exits are
 * never asked, so a sale at a loss soon after a purchase is only reported there. Crypto is no security. Row R8. */
#ifndef FSM_DESK_BOOK_USE_H
#define FSM_DESK_BOOK_USE_H
#include <string.h>

#include "fsm/settings.h"
#include "strategies/compliance/lots.h"

struct book_use {
	int64_t  turnover_day_usd_e8;
	int64_t  minute;                       /* number of the minute that messages are counted in */
	uint32_t messages, messages_before;    /* in it, and in the one before */
	int32_t  trades_today;
	uint32_t children[UNIVERSE_N];         /* orders of each symbol's wish today */
	uint32_t pad[(UNIVERSE_N & 1) ? 2 : 1];
	uint64_t bought_today;                 /* bit a symbol: a sale would make a day trade */
	int32_t  loss_day[UNIVERSE_N + (UNIVERSE_N & 1)];        /* of the last sale at a loss; 0: none */
	uint8_t  day_trades[8];                /* of the last DAY_TRADE_SESSIONS sessions, today's first */
};
_Static_assert(sizeof(struct book_use) % 8 == 0, "book_use has no padding of the compiler's");

enum { BOOK_MINUTE_S = 60, DAY_TRADE_SESSIONS = 5, DAY_TRADES_OFF = 100 };
_Static_assert(UNIVERSE_N <= 64, "bought_today has 64 bits");

/* A new session of the NYSE. */
static inline void book_use_session(struct book_use *use)
{
	memmove(use->day_trades + 1, use->day_trades, DAY_TRADE_SESSIONS - 1);
	use->day_trades[0] = 0;
	use->bought_today = 0;
}

/* An execution. Several sales after one purchase are one day trade. */
static inline void book_use_fill(struct book_use *use, uint16_t sym, bool is_buy)
{
	uint64_t bit = UINT64_C(1) << sym;
	if (universe[sym].asset_class == ASSET_CRYPTO) return;
	if (!is_buy && use->bought_today & bit && use->day_trades[0] < UINT8_MAX) use->day_trades[0]++;
	use->bought_today = is_buy ? use->bought_today | bit : use->bought_today & ~bit;
}

/* A sale realised this much, its fee paid, on this day of the NYSE (0: before the first). */
static inline void book_use_realised(struct book_use *use, uint16_t sym, int64_t gain_usd_e8, int32_t day)
{
	if (gain_usd_e8 < 0 && universe[sym].asset_class != ASSET_CRYPTO) use->loss_day[sym] = day;
}

/* A purchase on this day would make a loss of before a wash sale. */
static inline bool book_use_in_wash_window(const struct book_use *use, uint16_t sym, int32_t day)
{
	return use->loss_day[sym] != 0 && day - use->loss_day[sym] <= WASH_DAYS;
}

static inline uint32_t book_use_day_trades(const struct book_use *use)
{
	uint32_t count = 0;
	for (int i = 0; i < DAY_TRADE_SESSIONS; i++) count += use->day_trades[i];
	return count;
}

/* Goes on to the minute of t_ns. */
static inline void book_use_minute(struct book_use *use, int64_t t_ns)
{
	int64_t minute = t_ns / (BOOK_MINUTE_S * NS_PER_S);
	if (minute == use->minute) return;
	use->messages_before = minute == use->minute + 1 ? use->messages : 0;
	use->messages = 0;
	use->minute = minute;
}

/* No 60 seconds have more than the cap: the minute before is counted whole. */
static inline bool book_use_may_send(const struct book_use *use)
{
	return use->messages + use->messages_before < CFG_desk_messages_per_min;
}

#endif
