/* account_test.c - the books: conserved to the last 1e-8 after a million random events, and stories computed by hand (P6, O1). */
#include "fsm/account/account.h"

#include "tests/kit/random.h"
#include "tests/kit/test.h"

enum { STEPS = 1000000, GLD = 0, SPY = 1 };
#define USD(n) ((int64_t)(n) * E8)

static void check_position(const struct account *account, int64_t qty, int64_t cost, int64_t realised)
{
	CHECK_EQ(account->position[GLD].qty_e8, USD(qty));
	CHECK_EQ(account->position[GLD].cost_usd_e8, USD(cost));
	CHECK_EQ(account->realised_usd_e8, USD(realised));
	CHECK(account_is_conserved(account));
}

TEST(t_O1_a_position_bought_twice_and_sold_in_two_parts)
{
	struct account account;
	account_init(&account, USD(10000));
	CHECK_EQ(account_on_fill(&account, GLD, true, USD(10), USD(100), USD(1)), 0);
	CHECK_EQ(account_on_fill(&account, GLD, true, USD(10), USD(120), USD(1)), 0);
	check_position(&account, 20, 2200, 0);
	CHECK_EQ(position_entry_px_e8(&account.position[GLD]), USD(110));
	CHECK_EQ(account_on_fill(&account, GLD, false, USD(5), USD(130), USD(1)), USD(100));        /* 5 x (130 - 110) */
	check_position(&account, 15, 1650, 100);
	CHECK_EQ(account_on_fill(&account, GLD, false, USD(15), USD(100), USD(1)), USD(-150));
	check_position(&account, 0, 0, -50);
	CHECK_EQ(account.cash_usd_e8, USD(10000 - 50 - 4));
	CHECK_EQ(account.turnover_usd_e8, USD(1000 + 1200 + 650 + 1500));
	CHECK(account_is_flat(&account));
}

TEST(t_O1_a_sale_through_zero_closes_the_long_and_opens_a_short)
{
	struct account account;
	account_init(&account, USD(10000));
	(void)account_on_fill(&account, GLD, true, USD(10), USD(100), 0);
	CHECK_EQ(account_on_fill(&account, GLD, false, USD(15), USD(110), 0), USD(100));
	check_position(&account, -5, -550, 100);
	CHECK_EQ(position_entry_px_e8(&account.position[GLD]), USD(110));
	CHECK_EQ(account_on_fill(&account, GLD, true, USD(2), USD(100), 0), USD(20));
	check_position(&account, -3, -330, 120);
	CHECK_EQ(account_on_fill(&account, GLD, true, USD(5), USD(120), 0), USD(-30));
	check_position(&account, 2, 240, 90);
}

TEST(t_O1_nav_gross_and_unrealised_follow_the_mark)
{
	struct account account;
	account_init(&account, USD(10000));
	(void)account_on_fill(&account, GLD, true, USD(10), USD(100), USD(2));
	(void)account_on_fill(&account, SPY, false, USD(4), USD(50), USD(1));
	account.position[GLD].px_e8 = USD(90);
	account.position[SPY].px_e8 = USD(60);
	CHECK_EQ(account_nav_usd_e8(&account), USD(10000 - 3 - 100 - 40));
	CHECK_EQ(account_gross_usd_e8(&account), USD(900 + 240));
	CHECK_EQ(account_unrealised_usd_e8(&account), USD(-140));
	CHECK_EQ(account_on_dividend(&account, GLD, E8 / 2), USD(5));
	CHECK_EQ(account_on_dividend(&account, SPY, USD(1)), USD(-4));        /* a short pays it */
	CHECK_EQ(account_nav_usd_e8(&account), USD(10000 - 3 - 140 + 1));
	CHECK(account_is_conserved(&account));
}

TEST(t_R2_loss_is_measured_from_the_average_entry_price)
{
	struct account   account;
	struct position *position = &account.position[GLD];
	account_init(&account, USD(10000));
	CHECK_EQ(position_loss_bp(position), 0);
	(void)account_on_fill(&account, GLD, true, USD(10), USD(100), USD(2));
	CHECK_EQ(position_loss_bp(position), 0);        /* no mark yet */
	position->px_e8 = USD(88);
	CHECK_EQ(position_loss_bp(position), 1200);
	position->px_e8 = USD(110);
	CHECK_EQ(position_loss_bp(position), -1000);
	(void)account_on_fill(&account, GLD, false, USD(20), USD(100), 0);
	CHECK_EQ(position_loss_bp(position), 1000);        /* short at 100, marked 110 */
}

static void one_event(struct account *account, struct random *random)
{
	uint16_t sym = (uint16_t)random_below(random, UNIVERSE_N);
	uint32_t shift = random_below(random, 30);
	int64_t  px = (random_between(random, 1, 70000 * E8) >> shift) + 1;
	int64_t  qty = (random_between(random, 1, 50 * E8) >> (29 - shift)) + 1;
	int64_t  held = account->position[sym].qty_e8;
	bool     is_buy = random_below(random, 2);
	if (random_below(random, 8) == 0) {
		(void)account_on_dividend(account, sym, random_between(random, 0, 3 * E8));
		return;
	}
	if (random_below(random, 4) == 0 && held != 0) {        /* exactly flat */
		is_buy = held < 0;
		qty = e8_abs(held);
	}
	(void)account_on_fill(account, sym, is_buy, qty, px, random_between(random, -E8, 5 * E8));
	account->position[sym].px_e8 = px;
}

/* A position without quantity has no cost, and cost has the sign of the quantity. */
static bool positions_are_sound(const struct account *account)
{
	for (size_t i = 0; i < UNIVERSE_N; i++) {
		const struct position *position = &account->position[i];
		if (position->qty_e8 == 0 && position->cost_usd_e8 != 0) return false;
		if (position->qty_e8 > 0 && position->cost_usd_e8 < 0) return false;
		if (position->qty_e8 < 0 && position->cost_usd_e8 > 0) return false;
	}
	return true;
}

TEST(t_O1_a_million_random_events_are_conserved_to_the_last_unit)
{
	static struct account account;
	struct random         random = { 17 };
	account_init(&account, USD(100000));
	for (int i = 0; i < STEPS; i++) {
		one_event(&account, &random);
		CHECK(account_is_conserved(&account));
		CHECK(positions_are_sound(&account));
		i128 profit = (i128)account.realised_usd_e8 + account_unrealised_usd_e8(&account) + account.dividends_usd_e8 - account.fees_usd_e8;
		CHECK(account_nav_usd_e8(&account) == account.deposited_usd_e8 + profit);
	}
	int64_t realised = 0, fees = 0, dividends = 0;
	for (size_t i = 0; i < UNIVERSE_N; i++) {
		realised += account.position[i].realised_usd_e8;
		fees += account.position[i].fees_usd_e8;
		dividends += account.position[i].dividends_usd_e8;
	}
	CHECK(realised == account.realised_usd_e8 && fees == account.fees_usd_e8 && dividends == account.dividends_usd_e8);
}

static struct account bug_account;
static void fill_of_nothing(void) { (void)account_on_fill(&bug_account, GLD, true, 0, 1, 0); }
static void fill_of_no_symbol(void) { (void)account_on_fill(&bug_account, SYM_NONE, true, 1, 1, 0); }
static void dividend_of_no_symbol(void) { (void)account_on_dividend(&bug_account, UNIVERSE_N, 1); }

TEST(t_O1_what_the_desk_must_keep_out_traps)
{
	CHECK_BUG(fill_of_no_symbol, 1300);
	CHECK_BUG(fill_of_nothing, 1301);
	CHECK_BUG(dividend_of_no_symbol, 1302);
}
