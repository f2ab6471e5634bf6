/* lots_test.c - the examples of IRS Publication 550 and of the rulings by hand; nothing is lost in any sequence (R8). */
#include "strategies/compliance/lots.h"

#include "tests/kit/test.h"

static struct lots lots;

#define USD(x)   ((int64_t)(x) * E8)
#define UNITS(x) ((int64_t)(x) * E8)

static void buy(uint64_t id, int32_t day, int64_t qty, int64_t usd)
{
	CHECK_EQ(lots_buy(&lots, &(struct lots_trade){ .id = id, .day = day, .qty_e8 = UNITS(qty), .usd_e8 = USD(usd) }), LOTS_OK);
}

static void sell_by(enum lots_method method, int32_t day, int64_t qty, int64_t usd)
{
	CHECK_EQ(lots_sell(&lots, &(struct lots_trade){ .id = 99, .day = day, .qty_e8 = UNITS(qty), .usd_e8 = USD(usd), .method = method }), LOTS_OK);
}
static void sell(int32_t day, int64_t qty, int64_t usd) { sell_by(LOTS_FIFO, day, qty, usd); }

static void check_sale(uint32_t i, int64_t qty, int64_t proceeds, int64_t cost, int64_t disallowed)
{
	const struct lot_sale *sale = &lots.sale[i];
	CHECK(i < lots.sales);
	CHECK_EQ(sale->qty_e8, UNITS(qty));
	CHECK_EQ(sale->proceeds_usd_e8, USD(proceeds));
	CHECK_EQ(sale->cost_usd_e8, USD(cost));
	CHECK_EQ(sale->disallowed_usd_e8, USD(disallowed));
}

/* "You buy 100 shares of X stock for $1,000. You sell these shares for $750 and within 30 days from the sale you buy 100 shares of the same stock for
 * $800 ... your basis in the new stock, which is $1,050." */
TEST(t_R8_publication_550_wash_sale)
{
	lots_init(&lots, true);
	buy(1, 100, 100, 1000);
	sell(200, 100, 750);
	CHECK_EQ(lots_open_loss_usd_e8(&lots, 230), USD(250));
	CHECK_EQ(lots_open_loss_usd_e8(&lots, 231), 0);
	buy(2, 230, 100, 800);
	check_sale(0, 100, 750, 1000, 250);
	CHECK_EQ(lot_sale_gain_usd_e8(&lots.sale[0]), 0);
	CHECK_EQ(lots.lot[0].cost_usd_e8, USD(1050));
	CHECK_EQ(lots.lot[0].held_day, 230 - 100);        /* held 100 days before */
	CHECK_EQ(lots_open_loss_usd_e8(&lots, 230), 0);
}

TEST(t_R8_a_purchase_a_day_too_late_is_none)
{
	lots_init(&lots, true);
	buy(1, 100, 100, 1000);
	sell(200, 100, 750);
	buy(2, 231, 100, 800);
	check_sale(0, 100, 750, 1000, 0);
	CHECK_EQ(lots.lot[0].cost_usd_e8, USD(800));
	CHECK_EQ(lots.lot[0].held_day, 231);
}

/* 26 CFR 1.1091-1(c): fewer bought than sold; the loss of as many is disallowed. */
TEST(t_R8_fewer_bought_than_sold)
{
	lots_init(&lots, true);
	buy(1, 0, 100, 1000);
	sell(100, 100, 600);
	buy(2, 110, 75, 500);
	check_sale(0, 100, 600, 1000, 300);
	CHECK_EQ(lot_sale_gain_usd_e8(&lots.sale[0]), -USD(100));
	CHECK_EQ(lots.lot[0].cost_usd_e8, USD(800));
	buy(3, 130, 50, 300);        /* 25 of these replace the rest */
	check_sale(0, 100, 600, 1000, 400);
	CHECK_EQ(lots.lots, 3);
	CHECK(lots.lot[1].is_replacement && lots.lot[1].qty_e8 == UNITS(25) && lots.lot[1].cost_usd_e8 == USD(150 + 100));
	CHECK(!lots.lot[2].is_replacement && lots.lot[2].qty_e8 == UNITS(25) && lots.lot[2].cost_usd_e8 == USD(150));
}

TEST(t_R8_bought_before_the_sale)
{
	lots_init(&lots, true);
	buy(1, 0, 100, 1000);
	buy(2, 80, 100, 700);
	CHECK_EQ(lots_recent_qty_e8(&lots, 110), UNITS(100));
	CHECK_EQ(lots_recent_qty_e8(&lots, 111), 0);
	sell(110, 100, 600);
	check_sale(0, 100, 600, 1000, 400);
	CHECK_EQ(lots.lot[0].cost_usd_e8, USD(1100));
	sell(115, 100, 1100);        /* what was put off is used now */
	check_sale(1, 100, 1100, 1100, 0);
}

/* Rev. Rul. 56-602: a part of one purchase sold at a loss soon after; the rest of it replaces nothing. */
TEST(t_R8_the_rest_of_the_same_purchase_is_no_replacement)
{
	lots_init(&lots, true);
	buy(1, 100, 100, 1000);
	sell(110, 50, 400);
	check_sale(0, 50, 400, 500, 0);
	buy(2, 111, 50, 400);
	check_sale(0, 50, 400, 500, 100);
}

TEST(t_R8_a_unit_replaces_one_loss_at_most)
{
	lots_init(&lots, true);
	buy(1, 0, 100, 1000);
	buy(2, 1, 100, 1000);
	buy(3, 95, 100, 500);
	sell(100, 100, 800);
	check_sale(0, 100, 800, 1000, 200);
	sell(101, 100, 800);
	check_sale(1, 100, 800, 1000, 0);
}

TEST(t_R8_crypto_knows_no_wash_sale)
{
	lots_init(&lots, false);
	buy(1, 0, 1, 1000);
	sell(10, 1, 600);
	buy(2, 11, 1, 600);
	check_sale(0, 1, 600, 1000, 0);
	CHECK_EQ(lots_recent_qty_e8(&lots, 11), 0);
}

TEST(t_R8_methods)
{
	const struct lot_pick picks[] = { { 2, UNITS(5) }, { 3, UNITS(10) } };
	struct lots_trade     trade = { .id = 9, .day = 400, .qty_e8 = UNITS(20), .usd_e8 = USD(2000), .method = LOTS_PICKED, .picks = picks, .picks_n = 2 };
	for (int method = LOTS_FIFO; method <= LOTS_PICKED; method++) {
		lots_init(&lots, true);
		buy(1, 0, 10, 1000);
		buy(2, 1, 10, 1200);
		buy(3, 2, 10, 1100);
		if (method == LOTS_FIFO) sell(400, 20, 2000), check_sale(0, 10, 1000, 1000, 0), check_sale(1, 10, 1000, 1200, 0);
		if (method == LOTS_HIFO) sell_by(LOTS_HIFO, 400, 20, 2000), check_sale(0, 10, 1000, 1200, 0), check_sale(1, 10, 1000, 1100, 0);
		if (method != LOTS_PICKED) continue;
		CHECK_EQ(lots_sell(&lots, &trade), LOTS_OK);
		check_sale(0, 5, 500, 600, 0);
		check_sale(1, 10, 1000, 1100, 0);
		check_sale(2, 5, 500, 500, 0);        /* what the picks leave: the oldest */
	}
}

TEST(t_R8_more_sold_than_held)
{
	lots_init(&lots, true);
	buy(1, 0, 10, 1000);
	struct lots_trade trade = { .id = 9, .day = 1, .qty_e8 = UNITS(20), .usd_e8 = USD(3000) };
	CHECK_EQ(lots_sell(&lots, &trade), LOTS_SHORT);
	check_sale(0, 10, 1500, 1000, 0);
	CHECK_EQ(lots_qty_e8(&lots), 0);
}

static bool is_long(int32_t held, int32_t sold) { return lot_sale_is_long(&(struct lot_sale){ .held_day = held, .day = sold }); }

TEST(t_R8_more_than_a_year)
{
	int32_t bought = day_from_civil(2021, 3, 10);
	CHECK(!is_long(bought, day_from_civil(2022, 3, 10)));
	CHECK(is_long(bought, day_from_civil(2022, 3, 11)));
	CHECK(!is_long(day_from_civil(2019, 2, 28), day_from_civil(2020, 2, 29)));        /* the last day of a month: Rev. Rul. 66-7 */
	CHECK(is_long(day_from_civil(2019, 2, 28), day_from_civil(2020, 3, 1)));
	CHECK(!is_long(day_from_civil(2020, 2, 29), day_from_civil(2021, 2, 28)));
	CHECK(is_long(day_from_civil(2020, 2, 29), day_from_civil(2021, 3, 1)));
	CHECK(!is_long(day_from_civil(2020, 2, 28), day_from_civil(2021, 2, 28)));
}

/* --- nothing is lost ---------------------------------------------------------------------------------------------------------- */

static uint64_t chance_state;
static int64_t  chance(int64_t below)
{
	chance_state = chance_state * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)(chance_state >> 33) % below;
}

struct sums { int64_t bought, sold; };

static void check_conserved(const struct sums *sums)
{
	int64_t cost = 0, proceeds = 0, disallowed = 0;
	for (uint32_t i = 0; i < lots.lots; i++) {
		CHECK(lots.lot[i].qty_e8 > 0 && lots.lot[i].cost_usd_e8 >= 0 && lots.lot[i].held_day <= lots.lot[i].day);
		cost += lots.lot[i].cost_usd_e8;
	}
	for (uint32_t i = 0; i < lots.sales; i++) {
		const struct lot_sale *sale = &lots.sale[i];
		int64_t                loss = sale->cost_usd_e8 - sale->proceeds_usd_e8;
		CHECK(sale->disallowed_usd_e8 >= 0 && sale->disallowed_usd_e8 <= e8_max(loss, 0));
		cost += sale->cost_usd_e8;
		proceeds += sale->proceeds_usd_e8;
		disallowed += sale->disallowed_usd_e8;
	}
	CHECK_EQ(cost, sums->bought + disallowed);
	CHECK_EQ(proceeds, sums->sold);
}

static void trade_by_chance(struct sums *sums, uint64_t id, int32_t day)
{
	int64_t           held = lots_qty_e8(&lots);
	struct lots_trade trade = { .id = id, .day = day, .qty_e8 = 1 + chance(UNITS(100)), .method = chance(2) ? LOTS_HIFO : LOTS_FIFO };
	bool              buys = held == 0 || chance(5) < 3;
	if (!buys) trade.qty_e8 = e8_min(trade.qty_e8, held);
	trade.usd_e8 = e8_mul(trade.qty_e8, USD(50) + chance(USD(50)));
	*(buys ? &sums->bought : &sums->sold) += trade.usd_e8;
	CHECK_EQ(buys ? lots_buy(&lots, &trade) : lots_sell(&lots, &trade), LOTS_OK);
}

TEST(t_R8_nothing_is_lost)
{
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct sums sums = { 0, 0 };
		int32_t     day = 10000;
		chance_state = seed;
		lots_init(&lots, true);
		for (uint64_t i = 1; i <= 120; i++) trade_by_chance(&sums, i, day += (int32_t)chance(12));
		CHECK(!lots.is_cramped);
		check_conserved(&sums);
	}
}

static void buy_out_of_order(void)
{
	lots_init(&lots, true);
	buy(1, 10, 1, 1);
	(void)lots_buy(&lots, &(struct lots_trade){ .id = 2, .day = 9, .qty_e8 = 1, .usd_e8 = 1 });
}

TEST(t_R8_full_and_out_of_order)
{
	CHECK_BUG(buy_out_of_order, 4620);
	lots_init(&lots, true);
	for (uint64_t id = 1; id < LOTS_MAX; id++) buy(id, 0, 1, 1);
	CHECK_EQ(lots_buy(&lots, &(struct lots_trade){ .id = 7, .day = 0, .qty_e8 = 1, .usd_e8 = 1 }), LOTS_FULL);
}
