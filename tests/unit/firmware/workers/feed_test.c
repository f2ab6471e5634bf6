/* feed_test.c - what is believed, what is doubted, and when a new level is believed after all (D3). */
#include "firmware/workers/feed.h"

#include "tests/kit/test.h"

static struct feed     feed;
static struct outbox   out;
static struct settings settings;
static int64_t         t_ns;

static void begin(void)
{
	settings_default(&settings);
	feed_init(&feed, &settings);
	t_ns = 16000 * NS_PER_DAY;
}

/* Feeds one bar that opens, closes and trades at this price; true when it was believed. */
static bool bar(const char *symbol, size_t length, int64_t px_e8)
{
	struct event in = event_make(EVENT_BAR, universe_find(symbol, length), t_ns += NS_PER_DAY);
	in.bar = (struct bar){ px_e8, px_e8, px_e8, px_e8, px_e8, 1000, day_from_t_ns(t_ns), 0 };
	outbox_begin(&out, 0, 1, in.t_ns);
	feed_step(&feed, &in, &out);
	bool believed = out.count == 2 && out.event[0].kind == EVENT_BAR && out.event[1].kind == EVENT_PRICE;
	bool doubted = out.count == 1 && out.event[0].kind == EVENT_QUARANTINE;
	CHECK(believed || doubted);
	return believed;
}

static bool spy(int64_t px_e8) { return bar("SPY", 3, px_e8); }

TEST(t_D3_a_jump_over_the_limit_is_quarantined_and_the_second_confirms)
{
	begin();
	CHECK(spy(100 * E8));
	CHECK(!spy(151 * E8));
	CHECK_EQ(out.event[0].quarantine.fault, FEED_FAULT_JUMP);
	CHECK_EQ(out.event[0].quarantine.px_e8, 151 * E8);
	CHECK_EQ(out.event[0].quarantine.before_px_e8, 100 * E8);
	CHECK_EQ(out.event[0].quarantine.day, day_from_t_ns(t_ns));
	CHECK_EQ(feed.quarantined, 1);
	CHECK(spy(150 * E8 + E8));        /* as far away again: the new level */
	CHECK(spy(152 * E8));
}

TEST(t_D3_exactly_the_limit_is_believed_and_a_hair_more_is_not)
{
	begin();
	CHECK(spy(100 * E8));
	CHECK(spy(150 * E8));
	begin();
	CHECK(spy(100 * E8));
	CHECK(!spy(150 * E8 + 1));
	begin();
	CHECK(spy(100 * E8));
	CHECK(spy(50 * E8));
	begin();
	CHECK(spy(100 * E8));
	CHECK(!spy(50 * E8 - 1));
}

TEST(t_D3_a_single_outlier_is_forgotten)
{
	begin();
	CHECK(spy(100 * E8));
	CHECK(!spy(1000 * E8));
	CHECK(spy(101 * E8));
	CHECK(!spy(1000 * E8));        /* a new doubt, not the confirmation of the old one */
	CHECK(!spy(10 * E8));          /* another direction does not confirm it */
	CHECK(spy(102 * E8));
}

TEST(t_D3_vix_may_jump_and_no_other)
{
	begin();
	CHECK(bar("VIX", 3, 17 * E8));
	CHECK(bar("VIX", 3, 37 * E8));
	CHECK(bar("VIX", 3, 9 * E8));
	CHECK(bar("BTC-USD", 7, 400 * E8));
	CHECK(!bar("BTC-USD", 7, 900 * E8));
}

TEST(t_D3_what_is_no_price_is_never_believed)
{
	begin();
	CHECK(!spy(0));
	CHECK_EQ(out.event[0].quarantine.fault, FEED_FAULT_NOT_A_PRICE);
	CHECK(!spy(-E8));
	CHECK(!bar("VIX", 3, 0));
	CHECK(spy(100 * E8));
	CHECK(!spy(0));
	CHECK(spy(101 * E8));
}

/* Opens are looked at like closes, and share what is believed. */
TEST(t_D3_a_price_that_jumps_is_not_published)
{
	begin();
	CHECK(spy(100 * E8));
	struct event in = event_make(EVENT_PRICE, universe_find("SPY", 3), t_ns);
	in.price = (struct price){ .px_e8 = 200 * E8, .day = 1, .price_kind = PRICE_OPEN };
	outbox_begin(&out, 0, 1, in.t_ns);
	feed_step(&feed, &in, &out);
	CHECK_EQ(out.count, 1);
	CHECK_EQ(out.event[0].kind, EVENT_QUARANTINE);
	CHECK(spy(200 * E8));
}

static void unknown_symbol(void)
{
	struct event in = event_make(EVENT_PRICE, UNIVERSE_N, 0);
	begin();
	outbox_begin(&out, 0, 1, 0);
	feed_step(&feed, &in, &out);
}

TEST(t_P2_a_symbol_outside_the_universe_is_a_bug_of_the_caller) { CHECK_BUG(unknown_symbol, 4000); }
