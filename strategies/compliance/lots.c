/* lots.c - see lots.h. A purchase is matched with losses before it, a loss with purchases before it; whichever comes second does it. */
#include "strategies/compliance/lots.h"

#include <string.h>

#include "fsm/bug.h"

void lots_init(struct lots *lots, bool washes)
{
	lots->washes = washes;
	lots->is_cramped = false;
	lots->lots = lots->sales = lots->first_open = 0;
}

int64_t lots_qty_e8(const struct lots *lots)
{
	int64_t qty_e8 = 0;
	for (uint32_t i = 0; i < lots->lots; i++) qty_e8 += lots->lot[i].qty_e8;
	return qty_e8;
}

/* A part of an amount, rounded down; all of it for the whole. */
static int64_t part(int64_t usd_e8, int64_t qty_e8, int64_t of_qty_e8)
{
	return qty_e8 == of_qty_e8 ? usd_e8 : i128_narrow(div_floor((i128)usd_e8 * qty_e8, of_qty_e8));
}

/* The first qty of a lot becomes a lot of its own in its place; the rest follows it. False: no room. */
static bool split(struct lots *lots, uint32_t at, int64_t qty_e8)
{
	struct lot *lot = &lots->lot[at];
	if (qty_e8 == lot->qty_e8) return true;
	if (lots->lots == LOTS_MAX) {
		lots->is_cramped = true;
		return false;
	}
	int64_t cost = part(lot->cost_usd_e8, qty_e8, lot->qty_e8);
	memmove(lot + 1, lot, (lots->lots - at) * sizeof *lot);
	lots->lots++;
	lot[1].qty_e8 -= qty_e8;
	lot[1].cost_usd_e8 -= cost;
	lot->qty_e8 = qty_e8;
	lot->cost_usd_e8 = cost;
	return true;
}

/* As much as both have of a lot replaces what a sale lost: the loss moves into its cost, the time held into its time. False: no room. */
static bool replace(struct lots *lots, uint32_t at, struct lot_sale *sale)
{
	int64_t qty_e8 = e8_min(sale->open_qty_e8, lots->lot[at].qty_e8);
	if (!split(lots, at, qty_e8)) return false;
	struct lot *lot = &lots->lot[at];
	int64_t     loss = part(sale->open_loss_usd_e8, qty_e8, sale->open_qty_e8);
	sale->open_qty_e8 -= qty_e8;
	sale->open_loss_usd_e8 -= loss;
	sale->disallowed_usd_e8 += loss;
	lot->cost_usd_e8 += loss;
	lot->held_day -= sale->day - sale->held_day;
	lot->is_replacement = true;
	return true;
}

/* May a purchase on this day still take of its loss? */
static bool is_open(const struct lot_sale *sale, int32_t day) { return sale->open_qty_e8 > 0 && day - sale->day <= WASH_DAYS; }

/* The new lot, the last one, against losses of the days before: as it is split, the rest stands last. */
static void match_purchase(struct lots *lots)
{
	int32_t day = lots->lot[lots->lots - 1].day;
	while (lots->first_open < lots->sales && !is_open(&lots->sale[lots->first_open], day)) lots->first_open++;
	for (uint32_t i = lots->first_open; i < lots->sales && !lots->lot[lots->lots - 1].is_replacement; i++) {
		struct lot_sale *sale = &lots->sale[i];
		if (is_open(sale, day) && !replace(lots, lots->lots - 1, sale)) return;
	}
}

enum lots_verdict lots_buy(struct lots *lots, const struct lots_trade *trade)
{
	BUG_UNLESS(4620, trade->qty_e8 > 0 && trade->usd_e8 >= 0 && (lots->lots == 0 || lots->lot[lots->lots - 1].day <= trade->day));
	if (lots->lots + 1 >= LOTS_MAX) return LOTS_FULL;
	lots->lot[lots->lots++] = (struct lot){ trade->id, trade->qty_e8, trade->usd_e8, trade->day, trade->day, false };
	if (lots->washes) match_purchase(lots);
	return LOTS_OK;
}

/* --- sales ---------------------------------------------------------------------------------------------------------------- */

static bool is_dearer(const struct lot *a, const struct lot *b) { return (i128)a->cost_usd_e8 * b->qty_e8 > (i128)b->cost_usd_e8 * a->qty_e8; }

static uint32_t dearest(const struct lots *lots)
{
	uint32_t best = 0;
	for (uint32_t i = 1; i < lots->lots; i++)
		if (is_dearer(&lots->lot[i], &lots->lot[best])) best = i;
	return best;
}

static uint32_t find(const struct lots *lots, uint64_t id)
{
	uint32_t at = 0;
	while (at < lots->lots && lots->lot[at].id != id) at++;
	return at;
}

struct sale { const struct lots_trade *trade; int64_t left_qty_e8, left_usd_e8; };

/* Sells of one lot, at most qty; what is left of the lot stays. False: no room for another row. */
static bool sell_of(struct lots *lots, struct sale *sale, uint32_t at, int64_t qty_e8)
{
	struct lot *lot = &lots->lot[at];
	if (lots->sales == LOT_SALES_MAX) return false;
	qty_e8 = e8_min(e8_min(qty_e8, lot->qty_e8), sale->left_qty_e8);
	struct lot_sale *row = &lots->sale[lots->sales++];
	*row = (struct lot_sale){ .lot_id = lot->id, .qty_e8 = qty_e8, .day = sale->trade->day, .acquired_day = lot->day, .held_day = lot->held_day };
	row->cost_usd_e8 = part(lot->cost_usd_e8, qty_e8, lot->qty_e8);
	row->proceeds_usd_e8 = part(sale->left_usd_e8, qty_e8, sale->left_qty_e8);
	sale->left_qty_e8 -= qty_e8;
	sale->left_usd_e8 -= row->proceeds_usd_e8;
	lot->qty_e8 -= qty_e8;
	lot->cost_usd_e8 -= row->cost_usd_e8;
	if (lot->qty_e8 == 0) memmove(lot, lot + 1, (--lots->lots - at) * sizeof *lot);
	return true;
}

/* The named lots first; a purchase may lie in several pieces. */
static bool sell_picked(struct lots *lots, struct sale *sale)
{
	for (uint32_t i = 0; i < sale->trade->picks_n; i++)
		for (int64_t left = sale->trade->picks[i].qty_e8; left > 0 && sale->left_qty_e8 > 0;) {
			uint32_t at = find(lots, sale->trade->picks[i].lot_id);
			if (at == lots->lots) break;
			int64_t qty_e8 = e8_min(left, lots->lot[at].qty_e8);
			if (!sell_of(lots, sale, at, qty_e8)) return false;
			left -= qty_e8;
		}
	return true;
}

static bool sell_rest(struct lots *lots, struct sale *sale)
{
	while (sale->left_qty_e8 > 0 && lots->lots > 0) {
		uint32_t at = sale->trade->method == LOTS_HIFO ? dearest(lots) : 0;
		if (!sell_of(lots, sale, at, sale->left_qty_e8)) return false;
	}
	return true;
}

static bool may_replace(const struct lot *lot, const struct lot_sale *sale)
{
	return !lot->is_replacement && lot->id != sale->lot_id && sale->day - lot->day <= WASH_DAYS;
}

/* The rows of one sale against the lots that are held after it. */
static void match_losses(struct lots *lots, uint32_t from)
{
	for (uint32_t i = from; i < lots->sales; i++) {
		struct lot_sale *sale = &lots->sale[i];
		if (sale->proceeds_usd_e8 >= sale->cost_usd_e8) continue;
		sale->open_qty_e8 = sale->qty_e8;
		sale->open_loss_usd_e8 = sale->cost_usd_e8 - sale->proceeds_usd_e8;
		for (uint32_t at = 0; at < lots->lots && sale->open_qty_e8 > 0; at++)
			if (may_replace(&lots->lot[at], sale) && !replace(lots, at, sale)) return;
	}
}

enum lots_verdict lots_sell(struct lots *lots, const struct lots_trade *trade)
{
	struct sale sale = { trade, trade->qty_e8, trade->usd_e8 };
	uint32_t    from = lots->sales;
	BUG_UNLESS(4621, trade->qty_e8 > 0 && trade->usd_e8 >= 0);
	if (lots->sales + lots->lots + trade->picks_n > LOT_SALES_MAX) return LOTS_FULL;        /* a sale touches each lot once, and each pick */
	bool has_room = trade->method != LOTS_PICKED || sell_picked(lots, &sale);
	has_room = has_room && sell_rest(lots, &sale);
	BUG_UNLESS(4622, has_room);
	if (lots->washes) match_losses(lots, from);
	return sale.left_qty_e8 > 0 ? LOTS_SHORT : LOTS_OK;
}

/* --- questions ------------------------------------------------------------------------------------------------------------- */

int64_t lots_open_loss_usd_e8(const struct lots *lots, int32_t day)
{
	int64_t usd_e8 = 0;
	for (uint32_t i = lots->first_open; i < lots->sales; i++)
		if (is_open(&lots->sale[i], day)) usd_e8 += lots->sale[i].open_loss_usd_e8;
	return usd_e8;
}

int64_t lots_recent_qty_e8(const struct lots *lots, int32_t day)
{
	int64_t qty_e8 = 0;
	for (uint32_t i = 0; lots->washes && i < lots->lots; i++)
		if (!lots->lot[i].is_replacement && day - lots->lot[i].day <= WASH_DAYS) qty_e8 += lots->lot[i].qty_e8;
	return qty_e8;
}

/* The day a year later; 1 March after a 29 February, whose year has none. */
static int32_t year_after(int32_t day)
{
	struct civil date = civil_from_day(day);
	bool         is_leap_day = date.month == 2 && date.day == 29;
	return is_leap_day ? day_from_civil(date.year + 1, 3, 1) : day_from_civil(date.year + 1, date.month, date.day);
}

/* The day after the purchase is the first that counts (Rev. Rul. 66-7). */
bool lot_sale_is_long(const struct lot_sale *sale) { return sale->day >= year_after(sale->held_day + 1); }
