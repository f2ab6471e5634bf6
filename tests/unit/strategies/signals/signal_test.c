/* signal_test.c - grades, regimes, the table of strategies, momentum's rules and mean reversion's memory. */
#include "strategies/signals/signal.h"

#include <math.h>
#include <string.h>

#include "tests/kit/test.h"

static struct market market;
static struct signal out[ASSETS_MAX];
static double        room[STRATEGY_STATE_MAX / sizeof(double)];
static double        setting[SETTINGS_MAX];

static void begin(enum strategy_id id, uint32_t assets)
{
	memset(&market, 0, sizeof market);
	market.assets = assets;
	market.vix = 15;
	strategy_settings(strategy_of(id), setting);
	strategy_of(id)->init(room, setting);
}

/* One warm asset: its price, its 60-day momentum and its averages. */
static struct signal momentum_says(double price, double momentum, double sma_20, double sma_50, double sma_200, double vix)
{
	begin(STRATEGY_momentum, 1);
	struct asset_view *asset = &market.asset[0];
	market.vix = vix;
	asset->fresh = true;
	asset->bar.close = price;
	asset->factors.bars_seen = 200;
	asset->factors.value[FACTOR_MOMENTUM_60] = momentum;
	asset->factors.value[FACTOR_SMA_20] = sma_20;
	asset->factors.value[FACTOR_SMA_50] = sma_50;
	asset->factors.value[FACTOR_SMA_200] = sma_200;
	strategy_step(STRATEGY_momentum, room, setting, &market, out);
	return out[0];
}

TEST(t_S3_a_boundary_belongs_to_the_higher_regime)
{
	CHECK_EQ(regime_from_vix(12), REGIME_NORMAL);
	CHECK_EQ(regime_from_vix(nextafter(20, 0)), REGIME_NORMAL);
	CHECK_EQ(regime_from_vix(20), REGIME_ELEVATED);
	CHECK_EQ(regime_from_vix(nextafter(30, 0)), REGIME_ELEVATED);
	CHECK_EQ(regime_from_vix(30), REGIME_HIGH_VOL);
	CHECK_EQ(regime_from_vix(nextafter(40, 0)), REGIME_HIGH_VOL);
	CHECK_EQ(regime_from_vix(40), REGIME_EXTREME);
	CHECK_EQ(regime_from_vix(82.69), REGIME_EXTREME);
}

TEST(t_S3_an_unknown_vix_is_extreme)
{
	CHECK_EQ(regime_from_vix(NAN), REGIME_EXTREME);
	CHECK_EQ(regime_from_vix(0), REGIME_EXTREME);
	CHECK_EQ(regime_from_vix(-3), REGIME_EXTREME);
}

TEST(t_S3_high_volatility_halves_every_confidence)
{
	for (uint8_t grade = 0; grade < GRADE_COUNT; grade++) {
		struct signal signal = { .grade = grade, .confidence = 0.8, .target_weight = 0.1 };
		signal_apply_regime(&signal, REGIME_HIGH_VOL);
		CHECK_EQ(signal.grade, grade);
		CHECK(signal.confidence == 0.4 && signal.target_weight == 0.1);
		CHECK_EQ(signal.regime, REGIME_HIGH_VOL);
	}
}

TEST(t_S3_extreme_volatility_lets_only_reductions_through)
{
	const enum grade after[GRADE_COUNT] = { GRADE_STRONG_SELL, GRADE_SELL, GRADE_HOLD, GRADE_HOLD, GRADE_HOLD };
	for (uint8_t grade = 0; grade < GRADE_COUNT; grade++) {
		struct signal signal = { .grade = grade, .confidence = 0.8, .reason = REASON_MOMENTUM_UP };
		signal_apply_regime(&signal, REGIME_EXTREME);
		CHECK_EQ(signal.grade, after[grade]);
		CHECK_EQ(signal.reason, grade > GRADE_HOLD ? REASON_REDUCE_ONLY : REASON_MOMENTUM_UP);
		CHECK(signal.confidence == 0.8);
	}
}

TEST(t_S3_calm_regimes_change_nothing)
{
	struct signal signal = { .grade = GRADE_BUY, .confidence = 0.8 };
	signal_apply_regime(&signal, REGIME_NORMAL);
	signal_apply_regime(&signal, REGIME_ELEVATED);
	CHECK(signal.grade == GRADE_BUY && signal.confidence == 0.8);
	CHECK_EQ(signal.regime, REGIME_ELEVATED);
}

TEST(t_S2_momentum_strong_buy)
{
	struct signal signal = momentum_says(110, 0.15, 105, 100, 90, 15);
	CHECK_EQ(signal.grade, GRADE_STRONG_BUY);
	CHECK_EQ(signal.reason, REASON_MOMENTUM_STRONG);
	CHECK_NEAR(signal.confidence, 0.875, 1e-15);    /* half way from 0.10 to 0.20 */
	CHECK(signal.target_weight == 0.10);
	CHECK_EQ(momentum_says(110, 0.10, 105, 100, 90, 15).grade, GRADE_BUY);          /* > high, not >= */
	CHECK_EQ(momentum_says(110, 0.15, 105, 110, 90, 15).grade, GRADE_BUY);          /* not above SMA 50 */
	CHECK_EQ(momentum_says(110, 0.15, 105, 100, 110, 15).grade, GRADE_BUY);         /* not above SMA 200 */
	CHECK_EQ(momentum_says(110, 0.15, 105, 100, 90, 29.99).grade, GRADE_STRONG_BUY);
}

TEST(t_S2_vix_30_is_no_strong_buy)
{
	struct signal signal = momentum_says(110, 0.15, 105, 100, 90, 30);
	CHECK_EQ(signal.grade, GRADE_BUY);
	CHECK_NEAR(signal.confidence, 0.75 / 2, 1e-15);
	signal = momentum_says(110, 0.15, 105, 100, 90, 40);
	CHECK_EQ(signal.grade, GRADE_HOLD);
	CHECK_EQ(signal.reason, REASON_REDUCE_ONLY);
}

TEST(t_S2_momentum_buy_and_hold)
{
	struct signal signal = momentum_says(110, 0.06, 105, 100, 120, 15);
	CHECK_EQ(signal.grade, GRADE_BUY);
	CHECK_NEAR(signal.confidence, 0.625, 1e-15);    /* half way from 0.02 to 0.10 */
	CHECK(signal.target_weight == 0.05);
	CHECK_EQ(momentum_says(110, 0.02, 105, 100, 90, 15).grade, GRADE_HOLD);
	CHECK_EQ(momentum_says(110, 0.06, 110, 100, 90, 15).grade, GRADE_HOLD);
	CHECK_EQ(momentum_says(110, 0.06, 105, 115, 90, 15).grade, GRADE_BUY);          /* the document asks BUY before SELL */
}

TEST(t_S2_momentum_sells)
{
	CHECK_EQ(momentum_says(90, -0.03, 95, 85, 80, 15).grade, GRADE_SELL);
	CHECK_EQ(momentum_says(90, -0.02, 95, 85, 80, 15).grade, GRADE_HOLD);
	CHECK_EQ(momentum_says(90, 0.0, 95, 91, 80, 15).reason, REASON_BELOW_SMA_50);
	CHECK_EQ(momentum_says(90, -0.15, 95, 100, 110, 15).grade, GRADE_STRONG_SELL);
	CHECK_EQ(momentum_says(90, -0.10, 95, 100, 110, 15).grade, GRADE_SELL);
	CHECK_EQ(momentum_says(90, -0.15, 95, 100, 90, 15).grade, GRADE_SELL);
	CHECK(momentum_says(90, -0.15, 95, 100, 110, 15).target_weight == 0);
	CHECK_EQ(momentum_says(90, -0.15, 95, 100, 110, 50).grade, GRADE_STRONG_SELL);
}

/* An average of decimals that equals the price comes out a rounding beside it: that is no crossing. */
TEST(t_S2_a_price_at_its_average_has_not_crossed_it)
{
	CHECK_EQ(momentum_says(30.85, 0.0, 30, 30.850000000000005, 20, 15).grade, GRADE_HOLD);
	CHECK_EQ(momentum_says(30.85, 0.05, 30.849999999999998, 30, 40, 15).grade, GRADE_HOLD);
	CHECK_EQ(momentum_says(30.85, 0.0, 30, 30.8501, 20, 15).grade, GRADE_SELL);
}

TEST(t_S2_too_little_history_is_said)
{
	begin(STRATEGY_momentum, 2);
	market.asset[0].factors.bars_seen = 143;
	market.asset[1].factors.bars_seen = 200;
	market.asset[1].bar.close = 1;
	strategy_step(STRATEGY_momentum, room, setting, &market, out);
	CHECK_EQ(out[0].reason, REASON_WARMING_UP);
	CHECK_EQ(out[0].grade, GRADE_HOLD);
	CHECK_EQ(out[0].bars_seen, 143);
	CHECK_EQ(out[0].bars_needed, 200);
	CHECK(out[0].confidence == 0 && !signal_is_warm(&out[0]));
	CHECK(signal_is_warm(&out[1]));
	CHECK_EQ(out[1].asset, 1);
}

static struct signal reversion_says(double z, double rsi, bool fresh)
{
	struct asset_view *asset = &market.asset[0];
	asset->factors.bars_seen = asset->factors.bars_seen + fresh > 20 ? asset->factors.bars_seen + fresh : 20;
	asset->factors.value[FACTOR_ZSCORE_20] = z;
	asset->factors.value[FACTOR_RSI_14] = rsi;
	strategy_step(STRATEGY_mean_reversion, room, setting, &market, out);
	return out[0];
}

TEST(t_S1_mean_reversion_in_and_out)
{
	begin(STRATEGY_mean_reversion, 1);
	CHECK_EQ(reversion_says(0, 50, true).grade, GRADE_HOLD);
	CHECK_EQ(reversion_says(-2, 40, true).grade, GRADE_HOLD);       /* RSI disagrees */
	struct signal signal = reversion_says(-2, 30, true);
	CHECK_EQ(signal.grade, GRADE_BUY);
	CHECK_NEAR(signal.confidence, 0.75, 1e-15);
	CHECK(signal.target_weight == 0.03);
	CHECK_EQ(reversion_says(-0.5, 45, true).grade, GRADE_HOLD);
	CHECK_EQ(reversion_says(0.1, 55, true).reason, REASON_BACK_AT_MEAN);
	CHECK_EQ(reversion_says(0.1, 55, false).reason, REASON_BACK_AT_MEAN);   /* a second turn on the same bar says the same */
	market.asset[0].fresh = true;           /* and a mark that was left standing does not make it a new bar */
	CHECK_EQ(reversion_says(0.1, 55, false).reason, REASON_BACK_AT_MEAN);
	CHECK_EQ(reversion_says(0.2, 56, true).grade, GRADE_HOLD);
	CHECK_EQ(reversion_says(-2.6, 20, true).grade, GRADE_STRONG_BUY);
	CHECK_EQ(reversion_says(2, 70, true).grade, GRADE_SELL);
	CHECK_EQ(reversion_says(2.6, 80, true).grade, GRADE_STRONG_SELL);
}

TEST(t_S1_every_strategy_is_whole)
{
	for (enum strategy_id id = 0; id < STRATEGY_COUNT; id++) {
		const struct strategy *strategy = strategy_of(id);
		CHECK(strategy->name[0] && strategy->paper[0] && strategy->needs[0]);
		CHECK(strategy->state_bytes > 0 && strategy->state_bytes <= STRATEGY_STATE_MAX);
		CHECK(strategy->settings <= SETTINGS_MAX);
		strategy_settings(strategy, setting);
		CHECK_EQ(strategy_settings_wrong(strategy, setting), -1);
		if (!strategy->settings) continue;
		setting[0] = NAN;
		CHECK_EQ(strategy_settings_wrong(strategy, setting), 0);
		for (uint32_t other = 0; other < id; other++) CHECK(strcmp(strategy->name, strategy_of(other)->name) != 0);
	}
}

/* Every strategy over a generated market of 15 assets: in bounds, finite, the same twice, its state no larger than it says,
 * and nothing said before day 250 depends on what came after. */
static uint64_t seed;
static double uniform(void)
{
	seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
	return (double)((seed * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

enum { DAYS = 400, FUTURE = 330, UNIVERSE = 15 };
static struct factors kept[UNIVERSE];
static struct signal  said[2][DAYS][UNIVERSE];

static void turn(int day, double *price, bool other_future)
{
	double common = 0.02 * (uniform() - 0.5);
	market.day = day;
	market.vix = 10 + 35 * uniform();
	for (uint32_t i = 0; i < market.assets; i++) {
		double moved = common + 0.03 * (uniform() - 0.5) + (uniform() < 0.01 ? 0.1 : 0);
		price[i] *= 1 + moved + (other_future && day >= FUTURE ? 0.02 : 0);
		struct factor_bar bar = { price[i], price[i] * 1.01, price[i] * 0.99, price[i], price[i], 1000 };
		market.asset[i].bar = bar;
		market.asset[i].fresh = true;
		market.asset[i].roles = i == 3 || i == 7 ? ROLE_SAFE_HAVEN : 0;
		double rate_8h = 0.0006 * (uniform() - 0.4);
		if (i == 14) funding_add(&market.funding[i][FUNDING_BYBIT], rate_8h);
		CHECK(factors_push(&kept[i], &bar));
		factors_row(&kept[i], &market.asset[i].factors);
	}
}

/* turns: how many steps a day; only the first of them brings news. */
static void run(enum strategy_id id, bool other_future, int turns, struct signal record[DAYS][UNIVERSE])
{
	double   price[UNIVERSE];
	uint8_t *bytes = (uint8_t *)room;
	uint32_t size = strategy_of(id)->state_bytes;
	memset(room, 0xa5, sizeof room);
	begin(id, UNIVERSE);
	seed = 99;
	for (int i = 0; i < UNIVERSE; i++) price[i] = 50 + i, factors_init(&kept[i], 252);
	for (int day = 0; day < DAYS; day++) {
		turn(day, price, other_future);
		for (int step = 0; step < turns; step++) strategy_step(id, room, setting, &market, out);
		memcpy(record[day], out, sizeof record[day]);
	}
	size_t untouched = size;
	while (untouched < sizeof room && bytes[untouched] == 0xa5) untouched++;
	CHECK_EQ(untouched, sizeof room);
}

TEST(t_S1_every_strategy_stays_in_bounds_and_does_not_look_ahead)
{
	for (enum strategy_id id = 0; id < STRATEGY_COUNT; id++) {
		int graded = 0;
		run(id, false, 1, said[0]);
		run(id, true, 1, said[1]);
		for (int day = 0; day < DAYS; day++) {
			for (int i = 0; i < UNIVERSE; i++) {
				const struct signal *one = &said[0][day][i], *two = &said[1][day][i];
				CHECK(isfinite(one->confidence) && isfinite(one->target_weight));
				CHECK(one->confidence >= 0 && one->confidence <= 1);
				CHECK(signal_is_warm(one) || (one->grade == GRADE_HOLD && one->reason == REASON_WARMING_UP));
				graded += one->grade != GRADE_HOLD;
				if (day < FUTURE) CHECK(memcmp(one, two, sizeof *one) == 0);
			}
		}
		CHECK(graded > 0);
	}
}

TEST(t_S1_turns_without_news_change_nothing)
{
	for (enum strategy_id id = 0; id < STRATEGY_COUNT; id++) {
		run(id, false, 1, said[0]);
		run(id, false, 3, said[1]);
		CHECK(memcmp(said[0], said[1], sizeof said[0]) == 0);
	}
}

/* The same market, seen otherwise: the assets in another order, or each price in a unit of its own (a power of two). */
static struct market seen;
static void see(const uint32_t *place, const double *unit)
{
	memset(&seen, 0, sizeof seen);
	seen.day = market.day, seen.vix = market.vix, seen.assets = market.assets;
	for (uint32_t i = 0; i < market.assets; i++) {
		struct asset_view *view = &seen.asset[place[i]];
		*view = market.asset[i];
		memcpy(seen.funding[place[i]], market.funding[i], sizeof market.funding[i]);
		double *price[] = { &view->bar.open, &view->bar.high, &view->bar.low, &view->bar.close, &view->bar.adj_close,
			&view->factors.value[FACTOR_SMA_20], &view->factors.value[FACTOR_SMA_50], &view->factors.value[FACTOR_SMA_200],
			&view->factors.value[FACTOR_EMA_20], &view->factors.value[FACTOR_ATR_14] };
		for (size_t k = 0; k < sizeof price / sizeof price[0]; k++) *price[k] *= unit[i];
	}
}

static void check_seen_otherwise(enum strategy_id id, const uint32_t *place, const double *unit)
{
	static double        other_room[STRATEGY_STATE_MAX / sizeof(double)];
	static struct signal other[ASSETS_MAX];
	double               price[UNIVERSE];
	int                  graded = 0;
	begin(id, UNIVERSE);
	strategy_of(id)->init(other_room, setting);
	seed = 99;
	for (int i = 0; i < UNIVERSE; i++) price[i] = 50 + i, factors_init(&kept[i], 252);
	for (int day = 0; day < DAYS; day++) {
		turn(day, price, false);
		see(place, unit);
		strategy_step(id, room, setting, &market, out);
		strategy_step(id, other_room, setting, &seen, other);
		for (uint32_t i = 0; i < UNIVERSE; i++) {
			const struct signal *two = &other[place[i]];
			graded += out[i].grade != GRADE_HOLD;
			CHECK(two->grade == out[i].grade && two->reason == out[i].reason && two->bars_seen == out[i].bars_seen);
			CHECK(fabs(two->confidence - out[i].confidence) <= 1e-9 && fabs(two->target_weight - out[i].target_weight) <= 1e-6);
		}
	}
	CHECK(graded > 0);
}

/* Pairs are left out: the test of Engle and Granger regresses the first asset of a pair on the second, and not the second on the first. */
TEST(t_S1_the_order_of_the_assets_does_not_matter)
{
	uint32_t place[UNIVERSE];
	double   unit[UNIVERSE];
	for (uint32_t i = 0; i < UNIVERSE; i++) place[i] = (7 * i + 4) % UNIVERSE, unit[i] = 1;
	for (enum strategy_id id = 0; id < STRATEGY_COUNT; id++)
		if (id != STRATEGY_pairs) check_seen_otherwise(id, place, unit);
}

TEST(t_S1_the_unit_of_a_price_does_not_matter)
{
	uint32_t place[UNIVERSE];
	double   unit[UNIVERSE];
	for (uint32_t i = 0; i < UNIVERSE; i++) place[i] = i, unit[i] = ldexp(1, (int)i - 7);
	for (enum strategy_id id = 0; id < STRATEGY_COUNT; id++) check_seen_otherwise(id, place, unit);
}

static void bad_id(void) { (void)strategy_of(STRATEGY_COUNT); }
TEST(t_S1_an_unknown_strategy_is_a_bug) { CHECK_BUG(bad_id, 2030); }
