/* lots.h - tax lots of one security: what each sale sold, what it gained, and which losses a wash sale takes away. All integers, exact.
 *
 * Purchases and sales come in the order they happened, by trade date. A sale takes lots by method:
 *   FIFO     the oldest first (26 CFR 1.1012-1(c)(1), what counts when nothing is said)
 *   HIFO     the dearest unit first, the older one of equals
 *   PICKED   the lots that were named at the time of the sale (specific identification, 1.1012-1(c)(2)), in that order; what the picks leave is FIFO
 * Each lot that a sale touches gives one row (struct lot_sale), a line of Form 8949. Cost includes the fee of the purchase; proceeds are less the fee
 * of the sale. Parts are rounded down and the last part takes the rest, so nothing is lost:
 *     cost bought + disallowed = cost of rows + cost of lots          proceeds of all sales = proceeds of rows
 *
 * Wash sales (26 USC 1091, 26 CFR 1.1091-1 and -2; IRS Publication 550). A loss is disallowed as far as units of the same security are bought
 * within 30 days before or after the sale and are still held after it, or bought later. Each unit bought replaces one unit sold at most;
 * purchases count in the order they were made, losses in the order of their sales. What remains of the very purchase that was sold from is no
 * replacement (Rev. Rul. 56-602). The disallowed loss joins the cost of the replacement, whose holding period begins as much earlier as the
 * sold lot was held.
 * Options, other accounts and "substantially identical" securities are outside what these books can see.
 *
 * Long term: held for more than a year, of which the day after the purchase is the first (Rev. Rul. 66-7). Row R8. */
#ifndef STRATEGIES_COMPLIANCE_LOTS_H
#define STRATEGIES_COMPLIANCE_LOTS_H
#include "fsm/units.h"

enum { LOTS_MAX = 4096, LOT_SALES_MAX = 16384, WASH_DAYS = 30 };

enum lots_method { LOTS_FIFO, LOTS_HIFO, LOTS_PICKED };

/* id: of the purchase. held_day: where the holding period begins, on or before `day`. */
struct lot { uint64_t id; int64_t qty_e8, cost_usd_e8; int32_t day, held_day; bool is_replacement; };

/* open_*: the part of a loss that a purchase may still disallow. */
struct lot_sale {
	uint64_t lot_id;
	int64_t  qty_e8, proceeds_usd_e8, cost_usd_e8, disallowed_usd_e8, open_qty_e8, open_loss_usd_e8;
	int32_t  day, acquired_day, held_day;
};

struct lot_pick { uint64_t lot_id; int64_t qty_e8; };

struct lots {
	bool            washes;            /* false: property that the rule does not know, like crypto */
	bool            is_cramped;        /* a lot could not be split for want of room: a loss is not disallowed that should be */
	uint32_t        lots, sales, first_open;
	struct lot      lot[LOTS_MAX];        /* oldest first, none empty */
	struct lot_sale sale[LOT_SALES_MAX];
};

/* quantities above 0, money at least 0. picks: of LOTS_PICKED, `picks_n` of them. */
struct lots_trade { uint64_t id; int32_t day; int64_t qty_e8, usd_e8; enum lots_method method; const struct lot_pick *picks; uint32_t picks_n; };

void lots_init(struct lots *lots, bool washes);
/* OK; SHORT: more was sold than is held, the rest of the sale is left out with its part of the proceeds; FULL: no room, nothing was changed. */
enum lots_verdict { LOTS_OK, LOTS_SHORT, LOTS_FULL };
enum lots_verdict lots_buy(struct lots *lots, const struct lots_trade *trade);
enum lots_verdict lots_sell(struct lots *lots, const struct lots_trade *trade);

/* Before a trade on this day: the losses that a purchase could still take, all of them; and the units held that a loss would be matched with, as far as
 * they are not of the purchase that is sold from. */
int64_t lots_open_loss_usd_e8(const struct lots *lots, int32_t day);
int64_t lots_recent_qty_e8(const struct lots *lots, int32_t day);

int64_t lots_qty_e8(const struct lots *lots);
bool    lot_sale_is_long(const struct lot_sale *sale);
/* Proceeds less cost plus what was disallowed: column h of Form 8949. */
static inline int64_t lot_sale_gain_usd_e8(const struct lot_sale *sale)
{
	return sale->proceeds_usd_e8 - sale->cost_usd_e8 + sale->disallowed_usd_e8;
}

#endif
