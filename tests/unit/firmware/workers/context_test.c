/* context_test.c - the regime from VIX, its boundaries, and what stands for VIX where there is none (S3). */
#include "firmware/workers/context.h"

#include <math.h>

#include "fsm/feed/calendar.h"
#include "strategies/signals/signal.h"
#include "tests/kit/test.h"

static struct context context;
static struct outbox  out;
static int32_t        day;

static void feed_bar(const char *symbol, int64_t px_e8)
{
	struct event in = event_make(EVENT_BAR, universe_find(symbol, 3), (int64_t)day * NS_PER_DAY);
	in.bar = (struct bar){ px_e8, px_e8, px_e8, px_e8, px_e8, 1, day, 0 };
	outbox_begin(&out, 0, 1, in.t_ns);
	context_step(&context, &in, &out);
	CHECK_EQ(out.count, 0);        /* it speaks at the close only */
}

static const struct event *tick(enum tick_phase phase)
{
	struct event in = event_make(EVENT_TICK, SYM_NONE, (int64_t)day * NS_PER_DAY);
	in.tick = (struct tick){ .day = day, .phase = (uint8_t)phase, .calendar = CALENDAR_NYSE };
	outbox_begin(&out, 0, 1, in.t_ns);
	context_step(&context, &in, &out);
	CHECK(out.count <= 1);
	return out.count ? &out.event[0] : 0;
}

static uint8_t regime_at(int64_t vix_e8)
{
	context_init(&context, true);
	day++;
	feed_bar("VIX", vix_e8);
	const struct event *said = tick(TICK_CLOSE);
	CHECK(said && said->kind == EVENT_REGIME && !said->regime.is_proxy && said->regime.vix_e8 == vix_e8 && said->regime.day == day);
	return said ? said->regime.regime : REGIME_COUNT;
}

TEST(t_S3_boundaries_belong_to_the_higher_regime)
{
	CHECK_EQ(regime_at(1999 * E8 / 100), REGIME_NORMAL);
	CHECK_EQ(regime_at(20 * E8), REGIME_ELEVATED);
	CHECK_EQ(regime_at(2999 * E8 / 100), REGIME_ELEVATED);
	CHECK_EQ(regime_at(30 * E8), REGIME_HIGH_VOL);
	CHECK_EQ(regime_at(3999 * E8 / 100), REGIME_HIGH_VOL);
	CHECK_EQ(regime_at(40 * E8), REGIME_EXTREME);
	CHECK_EQ(regime_at(9 * E8), REGIME_NORMAL);
	CHECK_EQ(regime_at(89 * E8), REGIME_EXTREME);
}

TEST(t_S3_a_regime_is_said_once_and_only_when_new)
{
	context_init(&context, true);
	CHECK(tick(TICK_CLOSE) == 0);
	feed_bar("VIX", 25 * E8);
	CHECK(tick(TICK_OPEN) == 0);
	CHECK(tick(TICK_DAY_END) == 0);
	CHECK(tick(TICK_CLOSE) != 0);
	CHECK(tick(TICK_CLOSE) == 0);
	feed_bar("SPY", 100 * E8);        /* with a VIX the market's own volatility says nothing */
	CHECK(tick(TICK_CLOSE) == 0);
}

/* Closes that rise and fall by the same factor: the sample deviation of twenty such returns is known by hand. */
static const struct event *proxy_days(double move, int days)
{
	const struct event *said = 0;
	double              px = 100;
	for (int i = 0; i < days; i++) {
		int64_t px_e8 = 0;
		CHECK(e8_from_double(px, &px_e8));
		day++;
		feed_bar("SPY", px_e8);
		said = tick(TICK_CLOSE);
		px = i % 2 ? px / (1 + move) : px * (1 + move);
	}
	return said;
}

TEST(t_S3_without_vix_the_volatility_of_the_market_stands_for_it)
{
	double move = 0.02, down = 1 / (1 + move) - 1, mean = (move + down) / 2;
	context_init(&context, false);
	CHECK(proxy_days(move, 20) == 0);        /* twenty closes are nineteen returns */
	context_init(&context, false);
	const struct event *said = proxy_days(move, 21);
	CHECK(said != 0);
	if (!said) return;
	double deviation = sqrt(10 * ((move - mean) * (move - mean) + (down - mean) * (down - mean)) / 19);
	CHECK_NEAR(e8_to_double(said->regime.vix_e8), 100 * deviation * sqrt(252), 1e-6);
	CHECK_EQ(said->regime.is_proxy, 1);
	CHECK_EQ(said->regime.regime, REGIME_HIGH_VOL);        /* 32 points */
	context_init(&context, false);
	said = proxy_days(0.005, 30);
	CHECK(said && said->regime.regime == REGIME_NORMAL && said->regime.is_proxy);
}

TEST(t_S3_the_index_takes_over_where_it_begins)
{
	context_init(&context, false);
	const struct event *said = proxy_days(0.02, 25);
	CHECK(said && said->regime.is_proxy);
	day++;
	feed_bar("SPY", 100 * E8);
	feed_bar("VIX", 15 * E8);
	said = tick(TICK_CLOSE);
	CHECK(said && !said->regime.is_proxy && said->regime.regime == REGIME_NORMAL && said->regime.vix_e8 == 15 * E8);
	day++;
	feed_bar("VIX", 16 * E8);
	feed_bar("SPY", 50 * E8);        /* in any order */
	said = tick(TICK_CLOSE);
	CHECK(said && !said->regime.is_proxy && said->regime.vix_e8 == 16 * E8);
}
