/* avellaneda_stoikov_test.c - the paper's own numbers, the document's formulas against a reference, and what must hold for any quote. */
#include "strategies/quotes/avellaneda_stoikov.h"

#include <math.h>

#include "fsm/units.h"
#include "tests/kit/test.h"
#include "tests/unit/strategies/metrics/golden.h"

enum { PRICES_MAX = 512 };

static struct avellaneda model;
static const struct avellaneda_venue cents = { .tick_e8 = E8 / 100, .lot_e8 = E8 / 1000 };

/* Paper, numerical section: s = 100, T = 1, sigma = 2, dt = 0.005, gamma = 0.1, k = 1.5. By hand: 2 / 0.1 ln(1 + 0.1 / 1.5) = 20 x 0.064538521
 * = 1.29077042; at t = 0 the spread is 0.1 x 4 + 1.29077042 = 1.69077042, and one unit long the reservation price is 100 - 0.4 = 99.6. The
 * paper's table gives the mean spread over the run: 1.49 for gamma 0.1 and 1.35 for gamma 0.01. */
TEST(t_S7_paper_worked_example)
{
	const struct { double gamma, mean_spread; } table[] = { { 0.1, 1.49 }, { 0.01, 1.35 } };
	CHECK_NEAR(avellaneda_reservation(100, 1, 0.1, 2, 1, 1), 99.6, 1e-15);
	CHECK_NEAR(avellaneda_reservation(100, -3, 0.1, 2, 0.5, 1), 100.6, 1e-15);
	CHECK_NEAR(avellaneda_spread(0.1, 2, 1, 1.5), 1.69077042, 5e-9);
	for (int row = 0; row < 2; row++) {
		double sum = 0;
		for (int i = 0; i < 200; i++) sum += avellaneda_spread(table[row].gamma, 2, 1 - 0.005 * i, 1.5);
		CHECK(fabs(sum / 200 - table[row].mean_spread) < 0.005);
	}
}

/* The same through the model: default volatility 0.02 of a mid of 100 is the paper's sigma of 2. */
TEST(t_S7_paper_form_quotes_lower_on_both_sides_when_long)
{
	struct avellaneda_config config = avellaneda_defaults();
	struct avellaneda_quotes quotes;
	config.form = AVELLANEDA_PAPER;
	config.volatility_default = 0.02;
	config.levels = 1;
	avellaneda_init(&model, &config);
	CHECK_EQ(avellaneda_quote(&model, 100, 1, &quotes), AVELLANEDA_OK);
	CHECK_NEAR(quotes.reservation, 99.6, 1e-15);
	CHECK_NEAR(quotes.bid[0].px, 99.6 - 0.8453852, 1e-9);
	CHECK_NEAR(quotes.ask[0].px, 99.6 + 0.8453852, 1e-9);
	struct avellaneda_orders orders = avellaneda_orders(&quotes, &cents);
	CHECK_EQ(orders.bid[0].px_e8, INT64_C(9875000000));
	CHECK_EQ(orders.ask[0].px_e8, INT64_C(10045000000));
	CHECK_EQ(orders.bid[0].qty_e8, INT64_C(90000000));
	CHECK_EQ(orders.ask[0].qty_e8, INT64_C(94500000));
}

static struct avellaneda_config config_of(const char *at)
{
	struct avellaneda_config c = avellaneda_defaults();
	c.form = golden_one(at, "in form") > 0 ? AVELLANEDA_PAPER : AVELLANEDA_DOCUMENT;
	c.skew = golden_one(at, "in skew") > 0 ? AVELLANEDA_SKEW_DOCUMENT : AVELLANEDA_SKEW_PAPER;
	c.gamma = golden_one(at, "in gamma");
	c.kappa = golden_one(at, "in kappa");
	c.horizon = golden_one(at, "in horizon");
	c.inventory_weight = golden_one(at, "in weight");
	c.impact = golden_one(at, "in impact");
	c.spread_base = golden_one(at, "in base");
	c.spread_max = golden_one(at, "in cap");
	c.volatility_window = (uint32_t)golden_one(at, "in window");
	c.volatility_span = golden_one(at, "in span");
	c.volatility_default = golden_one(at, "in default");
	c.volatility_floor = golden_one(at, "in floor");
	c.volatility_ceiling = golden_one(at, "in ceiling");
	c.level_gap = golden_one(at, "in gap");
	c.size_base = golden_one(at, "in size");
	c.size_floor = golden_one(at, "in size_floor");
	c.position_max = golden_one(at, "in limit");
	return c;
}

static void check_side(const char *at, const char *px_key, const char *qty_key, const struct avellaneda_level *side, uint32_t count)
{
	double px[8], qty[8];
	CHECK_EQ(golden_get(at, px_key, px, 8), count);
	CHECK_EQ(golden_get(at, qty_key, qty, 8), count);
	for (uint32_t i = 0; i < count; i++) {
		CHECK_NEAR(side[i].px, px[i], 1e-12);
		CHECK_NEAR(side[i].qty, qty[i], 1e-12);
	}
}

TEST(t_S7_quotes_equal_the_document)
{
	static double px[PRICES_MAX];
	int cases = 0;
	golden_open("tests/golden/quotes_ref.txt");
	for (const char *at = golden_case("quotes_", 0); at; at = golden_case("quotes_", at), cases++) {
		struct avellaneda_config config = config_of(at);
		struct avellaneda_quotes quotes;
		avellaneda_init(&model, &config);
		uint32_t prices = golden_get(at, "in prices", px, PRICES_MAX);
		for (uint32_t i = 0; i < prices; i++) CHECK_EQ(avellaneda_price(&model, i, px[i]), AVELLANEDA_OK);
		CHECK_EQ(avellaneda_quote(&model, golden_one(at, "in mid"), golden_one(at, "in position"), &quotes), AVELLANEDA_OK);
		golden_near(at, "volatility", quotes.volatility, 1e-12);
		golden_near(at, "reservation", quotes.reservation, 1e-12);
		golden_near(at, "spread", quotes.spread, 1e-12);
		check_side(at, "want bid_px", "want bid_qty", quotes.bid, quotes.bids);
		check_side(at, "want ask_px", "want ask_qty", quotes.ask, quotes.asks);
	}
	CHECK_EQ(cases, 16);
}

TEST(t_S7_defaults_are_the_documents)
{
	struct avellaneda_config c = avellaneda_defaults();
	CHECK(avellaneda_refusal(&c) == 0);
	CHECK_EQ(c.volatility_window, 50);
	CHECK(c.volatility_default == 0.01 && c.size_floor == 0.1);
	CHECK(c.multiplier[0] == 1 && c.multiplier[1] == 2 && c.multiplier[2] == 3);
	CHECK_EQ(c.skew, AVELLANEDA_SKEW_PAPER);
	avellaneda_init(&model, &c);
	CHECK(avellaneda_volatility(&model) == 0.01);
}

TEST(t_S7_wrong_settings_are_a_sentence)
{
	struct avellaneda_config c = avellaneda_defaults();
	c.gamma = 0;
	CHECK_STR(avellaneda_refusal(&c), "quotes: gamma must be 1e-9..1e3");
	c = avellaneda_defaults();
	c.spread_max = (double)NAN;
	CHECK_STR(avellaneda_refusal(&c), "quotes: spread_max must be 1e-8..1e9");
	c = avellaneda_defaults();
	c.volatility_window = 257;
	CHECK_STR(avellaneda_refusal(&c), "quotes: volatility_window must be 2..256 prices");
	c = avellaneda_defaults();
	c.levels = 4;
	CHECK_STR(avellaneda_refusal(&c), "quotes: levels must be 1..3");
	c = avellaneda_defaults();
	c.volatility_floor = 0.5;
	c.volatility_ceiling = 0.1;
	CHECK_STR(avellaneda_refusal(&c), "quotes: volatility_floor must be 0..volatility_ceiling");
}

static void init_refused(void)
{
	struct avellaneda_config c = avellaneda_defaults();
	c.position_max = 0;
	avellaneda_init(&model, &c);
}
TEST(t_S7_init_with_refused_settings_is_a_bug) { CHECK_BUG(init_refused, 2210); }

static void start(void)
{
	struct avellaneda_config c = avellaneda_defaults();
	avellaneda_init(&model, &c);
}

/* Time order: late and wrong prices are refused and leave the state as it was; equal stamps are in order. */
TEST(t_S7_prices_in_time_order)
{
	struct avellaneda_quotes quotes;
	start();
	CHECK_EQ(avellaneda_price(&model, 10, 100), AVELLANEDA_OK);
	CHECK_EQ(avellaneda_price(&model, 10, 101), AVELLANEDA_OK);
	struct avellaneda before = model;
	CHECK_EQ(avellaneda_price(&model, 9, 102), AVELLANEDA_LATE);
	CHECK_EQ(avellaneda_price(&model, 11, 0), AVELLANEDA_BAD_PRICE);
	CHECK_EQ(avellaneda_price(&model, 11, -5), AVELLANEDA_BAD_PRICE);
	CHECK_EQ(avellaneda_price(&model, 11, (double)NAN), AVELLANEDA_BAD_PRICE);
	CHECK_EQ(avellaneda_price(&model, 11, (double)INFINITY), AVELLANEDA_BAD_PRICE);
	CHECK(memcmp(&before, &model, sizeof model) == 0);
	CHECK_NEAR(avellaneda_volatility(&model), log(1.01), 1e-14);
	CHECK_EQ(avellaneda_quote(&model, (double)NAN, 0, &quotes), AVELLANEDA_BAD_PRICE);
	CHECK_EQ(avellaneda_quote(&model, 100, (double)NAN, &quotes), AVELLANEDA_BAD_POSITION);
	CHECK_EQ(quotes.bids + quotes.asks, 0);
}

/* The window forgets: after a whole window of the same price a shock is gone, and one step before it is not. */
TEST(t_S7_window_of_50_prices)
{
	start();
	CHECK_EQ(avellaneda_price(&model, 0, 100), AVELLANEDA_OK);
	for (int i = 1; i < 50; i++) CHECK_EQ(avellaneda_price(&model, i, 120), AVELLANEDA_OK);
	CHECK(avellaneda_volatility(&model) > 0.01);
	CHECK_EQ(avellaneda_price(&model, 50, 120), AVELLANEDA_OK);
	CHECK(avellaneda_volatility(&model) == model.config.volatility_floor);
}

TEST(t_S7_no_new_exposure_at_the_limit)
{
	struct avellaneda_quotes quotes;
	start();
	CHECK_EQ(avellaneda_quote(&model, 100, 10, &quotes), AVELLANEDA_OK);
	CHECK_EQ(quotes.bids, 0);
	CHECK_EQ(quotes.asks, 3);
	CHECK_EQ(avellaneda_quote(&model, 100, -12, &quotes), AVELLANEDA_OK);
	CHECK_EQ(quotes.bids, 3);
	CHECK_EQ(quotes.asks, 0);
}

static double side_sum(const struct avellaneda_level *side, uint32_t count)
{
	double sum = 0;
	for (uint32_t i = 0; i < count; i++) sum += side[i].qty;
	return sum;
}

static struct avellaneda_config any_config(uint64_t *seed)
{
	struct avellaneda_config c = avellaneda_defaults();
	c.form = golden_uniform(seed) < 0.5 ? AVELLANEDA_PAPER : AVELLANEDA_DOCUMENT;
	c.skew = golden_uniform(seed) < 0.5 ? AVELLANEDA_SKEW_PAPER : AVELLANEDA_SKEW_DOCUMENT;
	c.gamma = pow(10, 12 * golden_uniform(seed) - 9);
	c.kappa = pow(10, 18 * golden_uniform(seed) - 9);
	c.horizon = pow(10, 18 * golden_uniform(seed) - 9);
	c.inventory_weight = pow(10, 12 * golden_uniform(seed) - 6);
	c.spread_base = golden_uniform(seed);
	c.spread_max = pow(10, 17 * golden_uniform(seed) - 8);
	c.levels = 1 + (uint32_t)(3 * golden_uniform(seed));
	c.level_gap = golden_uniform(seed);
	c.position_max = pow(10, 6 * golden_uniform(seed));
	return c;
}

static void check_orders(const struct avellaneda_orders *orders, const struct avellaneda_venue *venue)
{
	for (uint32_t i = 0; i < orders->bids; i++) {
		CHECK(orders->bid[i].px_e8 > 0 && orders->bid[i].px_e8 % venue->tick_e8 == 0);
		CHECK(orders->bid[i].qty_e8 > 0 && orders->bid[i].qty_e8 % venue->lot_e8 == 0);
		CHECK(i == 0 || orders->bid[i].px_e8 < orders->bid[i - 1].px_e8);
		CHECK(!venue->best_ask_e8 || orders->bid[i].px_e8 < venue->best_ask_e8);
	}
	for (uint32_t i = 0; i < orders->asks; i++) {
		CHECK(orders->ask[i].px_e8 > 0 && orders->ask[i].px_e8 % venue->tick_e8 == 0);
		CHECK(orders->ask[i].qty_e8 > 0 && orders->ask[i].qty_e8 % venue->lot_e8 == 0);
		CHECK(i == 0 || orders->ask[i].px_e8 > orders->ask[i - 1].px_e8);
		CHECK(orders->ask[i].px_e8 > venue->best_bid_e8);
	}
	CHECK(!orders->bids || !orders->asks || orders->bid[0].px_e8 < orders->ask[0].px_e8);
}

/* Any settings that are accepted, any market: numbers are finite, own quotes never cross, a filled side stays within the limit, and the
 * orders obey tick, lot and post-only. */
TEST(t_S7_any_quote_is_sane)
{
	uint64_t seed = 77;
	for (int trial = 0; trial < 5000; trial++) {
		struct avellaneda_config  c = any_config(&seed);
		struct avellaneda_quotes  quotes;
		struct avellaneda_venue   venue = cents;
		double mid = pow(10, 14 * golden_uniform(&seed) - 4), position = c.position_max * (2 * golden_uniform(&seed) - 1);
		avellaneda_init(&model, &c);
		for (int i = 0; i < 8; i++) (void)avellaneda_price(&model, i, mid * exp(0.1 * golden_normal(&seed)));
		CHECK_EQ(avellaneda_quote(&model, mid, position, &quotes), AVELLANEDA_OK);
		CHECK(isfinite(quotes.reservation) && isfinite(quotes.spread) && isfinite(quotes.volatility));
		CHECK(quotes.spread >= 0 && quotes.spread <= c.spread_max);
		CHECK(position + side_sum(quotes.bid, quotes.bids) <= c.position_max * (1 + 1e-12));
		CHECK(position - side_sum(quotes.ask, quotes.asks) >= -c.position_max * (1 + 1e-12));
		CHECK(!quotes.bids || !quotes.asks || quotes.bid[0].px <= quotes.ask[0].px);
		if (trial % 2 && mid < 1e10) {
			venue.best_bid_e8 = (int64_t)(mid * 1e8) + 1;
			venue.best_ask_e8 = venue.best_bid_e8 + E8 / 100;
		}
		struct avellaneda_orders orders = avellaneda_orders(&quotes, &venue);
		check_orders(&orders, &venue);
	}
}

/* Long and short mirror each other around the mid (paper's skew), and a larger position moves the reservation price further. */
TEST(t_S7_mirror_and_monotone_laws)
{
	struct avellaneda_quotes a, b;
	double last = 101;
	struct avellaneda_config c = avellaneda_defaults();
	c.form = AVELLANEDA_PAPER;
	avellaneda_init(&model, &c);
	for (int position = 0; position < 10; position++) {
		CHECK_EQ(avellaneda_quote(&model, 100, position, &a), AVELLANEDA_OK);
		CHECK_EQ(avellaneda_quote(&model, 100, -position, &b), AVELLANEDA_OK);
		CHECK(a.reservation < last);
		last = a.reservation;
		for (uint32_t i = 0; i < a.bids; i++) {
			CHECK_NEAR(a.bid[i].px - 100, 100 - b.ask[i].px, 1e-12);
			CHECK_NEAR(a.bid[i].qty, b.ask[i].qty, 1e-15);
		}
	}
}

/* The document's skew, as written: long, the ask moves away; short, both sides close in. */
TEST(t_S7_document_skew_is_a_setting)
{
	struct avellaneda_config c = avellaneda_defaults();
	struct avellaneda_quotes flat, quotes;
	c.skew = AVELLANEDA_SKEW_DOCUMENT;
	c.inventory_weight = 0.1;
	avellaneda_init(&model, &c);
	CHECK_EQ(avellaneda_quote(&model, 100, 0, &flat), AVELLANEDA_OK);
	CHECK_EQ(avellaneda_quote(&model, 100, 2, &quotes), AVELLANEDA_OK);
	CHECK_NEAR(quotes.ask[0].px - quotes.reservation, flat.ask[0].px - 100 + 0.2, 1e-12);
	CHECK_EQ(avellaneda_quote(&model, 100, -2, &quotes), AVELLANEDA_OK);
	CHECK_NEAR(quotes.ask[0].px - quotes.reservation, flat.ask[0].px - 100 - 0.2, 1e-12);
}

/* Bid and ask at one price, as the document's skew can leave them: the ask steps a tick away. */
TEST(t_S7_own_orders_never_lock)
{
	struct avellaneda_quotes quotes = { .bids = 1, .asks = 1, .bid = { { 100, 1 } }, .ask = { { 100, 1 } } };
	struct avellaneda_orders orders = avellaneda_orders(&quotes, &cents);
	CHECK_EQ(orders.bid[0].px_e8, INT64_C(10000000000));
	CHECK_EQ(orders.ask[0].px_e8, INT64_C(10001000000));
}

/* Levels closer than a tick are moved apart, and a size below a lot is absent. */
TEST(t_S7_orders_keep_tick_and_lot)
{
	struct avellaneda_quotes quotes = {
		.bids = 2,
		.bid = { { 100.004, 1 }, { 100.003, 2 } },
		.asks = 3,
		.ask = { { 100.004, 0.0004 }, { 100.004, 2.00049 }, { 100.005, 3 } },
	};
	struct avellaneda_orders orders = avellaneda_orders(&quotes, &cents);
	CHECK_EQ(orders.bids, 2);
	CHECK_EQ(orders.bid[0].px_e8, INT64_C(10000000000));
	CHECK_EQ(orders.bid[1].px_e8, INT64_C(9999000000));
	CHECK_EQ(orders.asks, 2);
	CHECK_EQ(orders.ask[0].px_e8, INT64_C(10001000000));
	CHECK_EQ(orders.ask[0].qty_e8, INT64_C(200000000));
	CHECK_EQ(orders.ask[1].px_e8, INT64_C(10002000000));
}
