/* sizer_test.c - the chain from wish to quantity: each step by hand, all of it against exact fractions in Python (tests/golden/sizing_ref.py), and
 * what must hold of any book at all. */
#include "strategies/sizing/sizer.h"

#include <string.h>

#include "strategies/signals/signal.h"
#include "tests/kit/random.h"
#include "tests/kit/test.h"
#include "tests/unit/strategies/golden.h"

enum { GLD, SPY, QQQ, BTC };

static struct settings   settings;
static struct size_book  book;
static struct size_trace trace[UNIVERSE_N];
static struct golden     golden;

static void begin(void)
{
	settings_default(&settings);
	size_book_init(&book, &settings);
}

/* A wish of one strategy that has the whole target, at the asset's own target volatility: the step VOLATILITY leaves it alone. */
static void wish(int sym, int32_t weight_bp, int32_t confidence_bp)
{
	size_add_wish(&book.asset[sym], weight_bp, confidence_bp, BP_ONE, BP_ONE);
	book.asset[sym].volatility_e8 = universe[sym].volatility_bp * (E8 / BP_ONE);
}

static int64_t after_bp(int sym, enum size_step_id step)
{
	size_chain(&book, trace);
	return trace[sym].weight_e8[step] / (E8 / BP_ONE);
}

TEST(t_R5_every_step_has_a_name_a_reason_and_says_whether_it_may_only_shrink)
{
	for (int i = 0; i < SIZE_STEPS_N; i++) CHECK(size_steps[i].name[0] && size_steps[i].what[0]);
	for (int i = 0; i < FIT_STEPS_N; i++) CHECK(fit_steps[i].name[0] && fit_steps[i].what[0] && fit_steps[i].shrinks);
	CHECK(!size_steps[SIZE_WISH].shrinks && !size_steps[SIZE_VOLATILITY].shrinks);
	CHECK(size_steps[SIZE_SENTIMENT].shrinks && size_steps[SIZE_KELLY].shrinks && size_steps[SIZE_RAMP].shrinks);
	CHECK_STR(size_steps[SIZE_CORRELATION].name, "CORRELATION");
}

/* 40 % wished, 60 % sure: 24 %; at twice its target volatility half of that. */
TEST(t_R5_confidence_and_volatility_by_hand)
{
	begin();
	wish(GLD, 4000, 6000);
	CHECK_EQ(after_bp(GLD, SIZE_WISH), 4000);
	CHECK_EQ(after_bp(GLD, SIZE_CONFIDENCE), 2400);
	CHECK_EQ(after_bp(GLD, SIZE_VOLATILITY), 2400);
	book.asset[GLD].volatility_e8 *= 2;
	CHECK_EQ(after_bp(GLD, SIZE_VOLATILITY), 1200);
	book.asset[GLD].volatility_e8 = 1;        /* a market that stands still orders the whole book, not more: the cap decides */
	CHECK_EQ(after_bp(GLD, SIZE_VOLATILITY), BP_ONE);
	CHECK_EQ(after_bp(GLD, SIZE_CAP), 5000);
	book.asset[GLD].volatility_e8 = 0;
	CHECK_EQ(after_bp(GLD, SIZE_WISH), 0);
}

TEST(t_R5_a_wish_below_zero_counts_as_none)
{
	begin();
	wish(GLD, -4000, BP_ONE);
	CHECK_EQ(after_bp(GLD, SIZE_WISH), 0);
	wish(GLD, 1000, BP_ONE);
	CHECK_EQ(after_bp(GLD, SIZE_WISH), 1000);
}

TEST(t_S3_a_calm_days_wish_is_halved_in_a_wild_market_and_a_wild_days_wish_once)
{
	begin();
	CHECK_EQ(size_regime_part_bp(&settings, REGIME_NORMAL, REGIME_ELEVATED), BP_ONE);
	CHECK_EQ(size_regime_part_bp(&settings, REGIME_NORMAL, REGIME_HIGH_VOL), 5000);
	CHECK_EQ(size_regime_part_bp(&settings, REGIME_ELEVATED, REGIME_EXTREME), 5000);
	CHECK_EQ(size_regime_part_bp(&settings, REGIME_HIGH_VOL, REGIME_EXTREME), BP_ONE);        /* its confidence was halved when it was said */
	CHECK_EQ(size_regime_part_bp(&settings, REGIME_HIGH_VOL, REGIME_NORMAL), BP_ONE);         /* and grows again with the next signal */
	size_add_wish(&book.asset[GLD], 4000, BP_ONE, BP_ONE, 5000);
	book.asset[GLD].volatility_e8 = E8 / 10;
	CHECK(after_bp(GLD, SIZE_CONFIDENCE) == 4000 && after_bp(GLD, SIZE_REGIME) == 2000);
}

TEST(t_N5_sentiment_may_only_shrink)
{
	begin();
	wish(GLD, 4000, BP_ONE);
	book.asset[GLD].sentiment_bp = BP_ONE;
	CHECK_EQ(after_bp(GLD, SIZE_SENTIMENT), 4000);
	book.asset[GLD].sentiment_bp = -4000;        /* four tenths of half */
	CHECK_EQ(after_bp(GLD, SIZE_SENTIMENT), 3200);
	book.asset[GLD].sentiment_bp = -BP_ONE;
	CHECK_EQ(after_bp(GLD, SIZE_SENTIMENT), 2000);
}

/* Half of Kelly at a Sharpe ratio of 0.7: 0.35 x confidence / deviation. At 40 % sure and 70 % volatility: 20 %. */
TEST(t_R5_kelly_caps_an_unsure_wish_in_a_wild_asset)
{
	begin();
	wish(GLD, BP_ONE, 4000);
	book.asset[GLD].volatility_e8 = E8 * 7 / 10;
	CHECK_EQ(after_bp(GLD, SIZE_VOLATILITY), 571);
	CHECK_EQ(after_bp(GLD, SIZE_KELLY), 571);
	book.kelly_fraction_bp = 1000;        /* a tenth of Kelly: 0.07 x 0.4 / 0.7 = 4 % */
	CHECK_EQ(after_bp(GLD, SIZE_KELLY), 400);
	book.kelly_fraction_bp = 0;
	CHECK_EQ(after_bp(GLD, SIZE_KELLY), 0);
}

/* SPY and QQQ: caps of 40 and 30 %, three quarters of 70 % is 52.5 %, in proportion 4 : 3. */
TEST(t_R3_two_that_move_together_share_a_lower_cap)
{
	begin();
	wish(SPY, 4000, BP_ONE);
	wish(QQQ, 3000, BP_ONE);
	CHECK_EQ(after_bp(SPY, SIZE_CORRELATION), 4000);
	book.asset[QQQ].correlated = 1u << SPY;        /* said of one it is true of both */
	CHECK_EQ(after_bp(SPY, SIZE_CORRELATION), 3000);
	CHECK_EQ(after_bp(QQQ, SIZE_CORRELATION), 2250);
}

/* 40 + 30 + 50 % into 95 %; then 15 x 40 + 18 x 30 + 10 x 50 % = 16.4 % into the volatility of the book. */
TEST(t_R5_R6_the_book_shares_its_room_and_its_risk)
{
	begin();
	wish(GLD, 5000, BP_ONE);
	wish(SPY, 4000, BP_ONE);
	wish(QQQ, 3000, BP_ONE);
	CHECK_EQ(after_bp(GLD, SIZE_ROOM), 3958);
	CHECK_EQ(after_bp(GLD, SIZE_RISK), 3958);        /* 16.4 x 95 / 120 = 12.98 % */
	book.limits.volatility_bp = 649;
	CHECK_EQ(after_bp(GLD, SIZE_RISK), 1978);
	book.leverage_now_bp = 6000;
	CHECK_EQ(after_bp(GLD, SIZE_ROOM), 2500);
}

TEST(t_T7_R4_stage_and_way_back_take_their_parts_of_the_end)
{
	begin();
	wish(GLD, 4000, BP_ONE);
	book.limits.stage_bp = 2500;
	book.ramp_bp = 5000;
	CHECK(after_bp(GLD, SIZE_STAGE) == 1000 && after_bp(GLD, SIZE_RAMP) == 500);
	CHECK_EQ(size_target_bp(&trace[GLD]), 500);
}

/* 100 shares at 100 USD: the cap leaves 9,000 USD, cash 8,500 USD at 100.15 a share: 84. */
TEST(t_R6_an_order_is_fitted_step_by_step)
{
	struct fit_room room = { .px_e8 = 100 * E8, .cost_px_e8 = 10015 * E8 / 100, .lot_e8 = E8 };
	struct size_fit fit;
	room.usd_e8[FIT_CAP] = 9000 * E8;
	room.usd_e8[FIT_LEVERAGE] = room.usd_e8[FIT_TURNOVER] = 20000 * E8;
	room.usd_e8[FIT_CASH] = 8500 * E8;
	size_fit(&room, 100 * E8, &fit);
	CHECK(fit.qty_e8[FIT_MOVE] == 100 * E8 && fit.qty_e8[FIT_CAP] == 90 * E8 && fit.qty_e8[FIT_LEVERAGE] == 90 * E8);
	CHECK(fit.qty_e8[FIT_CASH] == 84 * E8 && fit.qty_e8[FIT_TURNOVER] == 84 * E8 && fit.bit == FIT_CASH);
	room.usd_e8[FIT_LEVERAGE] = -1;
	size_fit(&room, 100 * E8, &fit);
	CHECK(fit.qty_e8[FIT_LEVERAGE] == 0 && fit.bit == FIT_LEVERAGE);
}

/* --- against Python ---------------------------------------------------------------------------------------------- */

static int64_t given(int row, const char *name)
{
	int column = golden_column(&golden, name);
	CHECK(column >= 0);
	return column < 0 ? 0 : (int64_t)golden.cell[row][column];
}

static void read_asset(int row, int i)
{
	struct size_asset *asset = &book.asset[i];
	CHECK(given(row, "cap") == universe[i].cap_bp && given(row, "target") == universe[i].volatility_bp);
	asset->volatility_e8 = given(row, "volatility_e8");
	asset->sentiment_bp = given(row, "sentiment");
	asset->correlated = (uint64_t)given(row, "correlated");
	size_add_wish(asset, (int32_t)given(row, "weight0"), (int32_t)given(row, "confidence0"), (int32_t)given(row, "share0"), (int32_t)given(row, "part0"));
	size_add_wish(asset, (int32_t)given(row, "weight1"), (int32_t)given(row, "confidence1"), (int32_t)given(row, "share1"), (int32_t)given(row, "part1"));
}

static void read_book(int row)
{
	begin();
	book.limits.leverage_bp = (int32_t)given(row, "leverage");
	book.limits.cash_buffer_bp = (int32_t)given(row, "cash_buffer");
	book.limits.volatility_bp = (int32_t)given(row, "volatility");
	book.limits.stage_bp = (int32_t)given(row, "stage");
	book.leverage_now_bp = (int32_t)given(row, "leverage_now");
	book.ramp_bp = (int32_t)given(row, "ramp");
	book.kelly_fraction_bp = (int32_t)given(row, "kelly_fraction");
	book.kelly_sharpe_bp = (int32_t)given(row, "kelly_sharpe");
	book.sentiment_max_bp = (int32_t)given(row, "sentiment_max");
	book.correlated_cap_bp = (int32_t)given(row, "correlated_cap");
	for (int i = 0; i < UNIVERSE_N; i++) read_asset(row + i, i);
}

TEST(t_R5_the_chain_equals_exact_fractions_in_python)
{
	int      rows = golden_read(&golden, "tests/golden/sizing/chain.csv"), first = golden_column(&golden, "w_wish");
	uint64_t took[SIZE_STEPS_N] = { 0 };
	CHECK(rows >= 24 * UNIVERSE_N && rows % UNIVERSE_N == 0 && first >= 0 && first + SIZE_STEPS_N == golden.columns);
	for (int row = 0; row < rows; row += UNIVERSE_N) {
		read_book(row);
		size_chain(&book, trace);
		for (int i = 0; i < UNIVERSE_N; i++)
			for (int step = 0; step < SIZE_STEPS_N; step++) {
				CHECK_EQ(trace[i].weight_e8[step], (int64_t)golden.cell[row + i][first + step]);
				took[step] += step > 0 && trace[i].weight_e8[step] != trace[i].weight_e8[step - 1];
			}
	}
	for (int step = 1; step < SIZE_STEPS_N; step++) CHECK(took[step] > 0);        /* no step was idle in all these books */
}

TEST(t_R6_orders_are_fitted_as_exact_fractions_in_python_say)
{
	int rows = golden_read(&golden, "tests/golden/sizing/fit.csv"), first = golden_column(&golden, "after_move");
	CHECK(rows >= 100 && first >= 0);
	for (int row = 0; row < rows; row++) {
		struct fit_room room = { .px_e8 = given(row, "px"), .cost_px_e8 = given(row, "cost_px"), .lot_e8 = given(row, "lot") };
		struct size_fit fit;
		room.usd_e8[FIT_CAP] = given(row, "cap");
		room.usd_e8[FIT_LEVERAGE] = given(row, "leverage");
		room.usd_e8[FIT_CASH] = given(row, "cash");
		room.usd_e8[FIT_TURNOVER] = given(row, "turnover");
		size_fit(&room, given(row, "move"), &fit);
		for (int step = 0; step < FIT_STEPS_N; step++) CHECK_EQ(fit.qty_e8[step], (int64_t)golden.cell[row][first + step]);
		CHECK_EQ(fit.bit, given(row, "bit"));
	}
}

/* --- any book at all --------------------------------------------------------------------------------------------- */

static void random_book(struct random *random)
{
	begin();
	book.limits.leverage_bp = (int32_t)random_below(random, 15001);
	book.limits.volatility_bp = (int32_t)random_below(random, 3000);
	book.limits.stage_bp = (int32_t)random_below(random, BP_ONE + 1);
	book.ramp_bp = (int32_t)random_below(random, BP_ONE + 1);
	for (int i = 0; i < UNIVERSE_N; i++) {
		for (int k = 0; k < 3; k++)
			size_add_wish(&book.asset[i], (int32_t)random_between(random, -BP_ONE, BP_ONE), (int32_t)random_below(random, BP_ONE + 1), 3333,
			    (int32_t)random_below(random, BP_ONE + 1));
		book.asset[i].volatility_e8 = (int64_t)(random_u64(random) >> random_below(random, 63));
		if (book.asset[i].volatility_e8 < 0) book.asset[i].volatility_e8 = -1;
		book.asset[i].sentiment_bp = (int64_t)random_below(random, 4 * BP_ONE) - 2 * BP_ONE;        /* beyond its range too */
		book.asset[i].correlated = random_u64(random);
	}
}

/* Three of one cap, each with the two others: 15 + 15 % may have 22.5 %, so each 11.25 %, whichever pair is looked at first. */
TEST(t_R3_an_asset_of_several_pairs_gets_what_the_tightest_leaves)
{
	enum { SLV = 4, XLF = 6, XLE = 7 };
	begin();
	wish(SLV, 1500, BP_ONE);
	wish(XLF, 1500, BP_ONE);
	wish(XLE, 1500, BP_ONE);
	book.asset[SLV].correlated = 1u << XLF | 1u << XLE;
	book.asset[XLF].correlated = 1u << XLE;
	CHECK(after_bp(SLV, SIZE_CORRELATION) == 1125 && after_bp(XLF, SIZE_CORRELATION) == 1125 && after_bp(XLE, SIZE_CORRELATION) == 1125);
}

static bool move_together(int a, int b) { return (book.asset[a].correlated >> b | book.asset[b].correlated >> a) & 1; }

TEST(t_R3_no_pair_passes_its_joint_cap_and_the_order_of_the_assets_does_not_matter)
{
	static const int    alike[] = { 4, 6, 7, 8, 10, 12, 13, 14 };        /* one cap, one target volatility */
	enum { ALIKE_N = sizeof alike / sizeof *alike };
	struct size_trace   before[UNIVERSE_N];
	struct size_book    given;
	struct random random;
	random.state = 2409;
	for (int n = 0; n < 2000; n++) {
		random_book(&random);
		for (int i = 0; i < UNIVERSE_N; i++) book.asset[i].correlated &= random_u64(&random);
		size_chain(&book, before);
		for (int a = 0; a < UNIVERSE_N; a++)
			for (int b = 0; b < a; b++) {
				int64_t both_e8 = before[a].weight_e8[SIZE_CORRELATION] + before[b].weight_e8[SIZE_CORRELATION];
				if (move_together(a, b)) CHECK(both_e8 <= size_joint_cap_e8(book.correlated_cap_bp, a, b));
			}
		given = book;
		for (int i = 0; i < ALIKE_N; i++) {        /* the last becomes the first */
			struct size_asset *to = &book.asset[alike[i]];
			*to = given.asset[alike[ALIKE_N - 1 - i]];
		}
		for (int i = 0; i < UNIVERSE_N; i++) {
			uint64_t turned = book.asset[i].correlated;
			for (int k = 0; k < ALIKE_N; k++) turned &= ~(UINT64_C(1) << alike[k]);
			for (int k = 0; k < ALIKE_N; k++) turned |= (book.asset[i].correlated >> alike[k] & 1) << alike[ALIKE_N - 1 - k];
			book.asset[i].correlated = turned;
		}
		size_chain(&book, trace);
		for (int i = 0; i < ALIKE_N; i++)
			CHECK_EQ(trace[alike[i]].weight_e8[SIZE_CORRELATION], before[alike[ALIKE_N - 1 - i]].weight_e8[SIZE_CORRELATION]);
	}
}

TEST(t_R5_R6_no_book_passes_a_cap_its_room_or_its_risk)
{
	struct random random;
	random.state = 2408;
	for (int n = 0; n < 20000; n++) {
		int64_t gross_e8 = 0;
		double  risk = 0;
		random_book(&random);
		size_chain(&book, trace);
		for (int i = 0; i < UNIVERSE_N; i++) {
			int64_t weight_e8 = trace[i].weight_e8[SIZE_STEPS_N - 1];
			CHECK(weight_e8 >= 0 && weight_e8 <= universe[i].cap_bp * (E8 / BP_ONE));
			CHECK(weight_e8 == 0 || book.asset[i].volatility_e8 > 0);
			gross_e8 += weight_e8;
			risk += e8_to_double(weight_e8) * e8_to_double(book.asset[i].volatility_e8);
		}
		CHECK(gross_e8 <= e8_min(book.limits.leverage_bp, BP_ONE - book.limits.cash_buffer_bp) * (E8 / BP_ONE));
		CHECK(risk <= book.limits.volatility_bp / 1e4 + 1e-6);
	}
}
