/* health_test.c - positions against their stops, their risk and their size: figures by hand, what is said when, and in which queue (R2, R5, R7). */
#include "firmware/workers/health.h"

#include <math.h>
#include <string.h>

#include "fsm/feed/calendar.h"
#include "fsm/risk/stop.h"
#include "tests/kit/test.h"

enum { GLD, SPY, QQQ, BTC };

static struct health health;
static struct outbox out;

static void step(struct event in)
{
	outbox_begin(&out, 1, 1, in.t_ns);
	health_step(&health, &in, &out);
}

static void begin(void)
{
	struct settings settings;
	struct event    account = event_make(EVENT_ACCOUNT, SYM_NONE, 0);
	settings_default(&settings);
	health_init(&health, &settings);
	account.account.nav_usd_e8 = 100000 * E8;
	step(account);
}

static void price(uint16_t sym, int64_t px_e8)
{
	struct event in = event_make(EVENT_PRICE, sym, 0);
	in.price.px_e8 = px_e8;
	step(in);
}

static void hold(uint16_t sym, int64_t shares, int64_t entry_usd, uint32_t stop_state)
{
	struct event in = event_make(EVENT_POSITION, sym, 0);
	in.position = (struct position_note){ .qty_e8 = shares * E8, .cost_usd_e8 = shares * entry_usd * E8, .stop_state = stop_state };
	step(in);
}

static void mark(void)
{
	struct event in = event_make(EVENT_TICK, SYM_NONE, 0);
	in.tick = (struct tick){ .phase = TICK_CLOSE, .calendar = CALENDAR_NYSE };
	step(in);
}

static void beat(void) { step(event_make(EVENT_HEARTBEAT, SYM_NONE, 0)); }

/* Marks that move a price by bp up and down: a volatility of bp a session. */
static void moves(uint16_t sym, int64_t usd, int64_t bp, int marks)
{
	for (int i = 0; i < marks; i++) {
		price(sym, usd * E8 + (i % 2 ? e8_bp(usd * E8, bp) : 0));
		mark();
	}
	price(sym, usd * E8);
}

static const struct alarm *said(uint16_t sym, uint8_t kind)
{
	for (uint32_t i = 0; i < out.count; i++)
		if (out.event[i].kind == EVENT_ALARM && out.event[i].sym == sym && out.event[i].alarm.alarm_kind == kind) return &out.event[i].alarm;
	return 0;
}

TEST(t_R2_R7_a_stop_is_said_at_every_mark_until_it_is_taken)
{
	begin();
	hold(SPY, 100, 100, STOP_ARMED);
	price(SPY, 88 * E8);
	mark();
	CHECK(!said(SPY, ALARM_STOP_HALF));        /* 12 % is not more than 12 % */
	price(SPY, 8799 * E8 / 100);
	mark();
	CHECK(said(SPY, ALARM_STOP_HALF) && said(SPY, ALARM_STOP_HALF)->priority == 1 && said(SPY, ALARM_STOP_HALF)->loss_bp == 1201);
	mark();
	CHECK(said(SPY, ALARM_STOP_HALF));
	hold(SPY, 50, 100, STOP_HALVED);
	mark();
	CHECK(!said(SPY, ALARM_STOP_HALF));
	price(SPY, 81 * E8);
	mark();
	CHECK(said(SPY, ALARM_STOP_EXIT));
	price(SPY, 100 * E8);
	mark();
	CHECK(said(SPY, ALARM_RECOVERED) && !said(SPY, ALARM_STOP_EXIT));
}

/* Days of one range: from the close a part of it down and a part up. */
static void ranges(uint16_t sym, int64_t usd, int64_t range_usd, int days)
{
	struct event in = event_make(EVENT_BAR, sym, 0);
	in.bar = (struct bar){ .high_px_e8 = (usd + range_usd) * E8, .low_px_e8 = usd * E8, .close_px_e8 = usd * E8 };
	for (int i = 0; i < days; i++) step(in);
}

/* Is one of the stops reached at this price of something bought at 100? 2: the exit, 1: the half. */
static int stop_at(int64_t px_e8)
{
	price(SPY, px_e8);
	mark();
	return said(SPY, ALARM_STOP_EXIT) ? 2 : said(SPY, ALARM_STOP_HALF) ? 1 : 0;
}

TEST(t_R2_the_average_range_tightens_both_stops)
{
	begin();
	health.settings.value[SETTING_stop_atr_bp] = 20000;        /* two ranges */
	hold(SPY, 100, 100, STOP_ARMED);
	ranges(SPY, 100, 3, 14);
	CHECK_EQ(stop_at(93 * E8), 0);        /* 13 ranges are too few */
	ranges(SPY, 100, 3, 1);
	CHECK_EQ(stop_at(96 * E8), 0);        /* two ranges of 3 are 6 % where the exit was 18: the half is at 4 */
	CHECK_EQ(stop_at(9599 * E8 / 100), 1);
	CHECK_EQ(stop_at(94 * E8), 1);
	CHECK_EQ(stop_at(9399 * E8 / 100), 2);
}

TEST(t_R2_at_the_top_of_its_bounds_the_range_says_nothing)
{
	begin();
	hold(SPY, 1, 100000, STOP_ARMED);
	ranges(SPY, 100000, 1, 15);        /* 1,000 ranges of 0.001 % would be a stop at 1 % */
	CHECK_EQ(stop_at(95000 * E8), 0);
	health.settings.value[SETTING_stop_atr_bp]--;
	CHECK_EQ(stop_at(95000 * E8), 2);
}

TEST(t_R2_the_average_range_never_loosens_a_stop)
{
	for (int64_t range_usd = 0; range_usd < 40; range_usd++)
		for (int32_t times_bp = 10000; times_bp <= 10000000; times_bp *= 3)
			for (int64_t px_usd = 75; px_usd <= 101; px_usd++) {
				begin();
				hold(SPY, 100, 100, STOP_ARMED);
				int without = stop_at(px_usd * E8);
				health.settings.value[SETTING_stop_atr_bp] = times_bp;
				ranges(SPY, 100, range_usd, 15);
				CHECK(stop_at(px_usd * E8) >= without);
			}
}

/* Between two marks a loss is heard of at the next HEARTBEAT, once; the next mark says it again. */
TEST(t_R7_between_marks_a_stop_is_said_once)
{
	begin();
	hold(SPY, 100, 100, STOP_ARMED);
	price(SPY, 100 * E8);
	mark();
	beat();
	CHECK_EQ(out.count, 0);
	price(SPY, 80 * E8);
	beat();
	CHECK(said(SPY, ALARM_STOP_EXIT));
	beat();
	CHECK(!said(SPY, ALARM_STOP_EXIT));
	mark();
	CHECK(said(SPY, ALARM_STOP_EXIT));
}

TEST(t_R7_close_to_its_stop_is_a_warning_that_begins_and_ends)
{
	begin();
	hold(SPY, 100, 100, STOP_ARMED);
	price(SPY, 8950 * E8 / 100);        /* 10.5 %: 1.5 % from the half stop */
	mark();
	const struct alarm *near = said(SPY, ALARM_STOP_NEAR);
	CHECK(near && near->priority == 2 && near->stop_distance_bp == 150 && near->loss_bp == 1050 && !near->is_over);
	mark();
	CHECK(!said(SPY, ALARM_STOP_NEAR));
	price(SPY, 95 * E8);
	mark();
	near = said(SPY, ALARM_STOP_NEAR);
	CHECK(near && near->is_over && near->priority == ALARM_PRIORITIES);
}

TEST(t_R7_an_old_price_is_a_warning)
{
	begin();
	hold(SPY, 100, 100, STOP_ARMED);
	price(SPY, 100 * E8);
	for (int i = 0; i <= 5; i++) {
		mark();
		CHECK(!said(SPY, ALARM_STALE));
	}
	mark();
	CHECK(said(SPY, ALARM_STALE) && said(SPY, ALARM_STALE)->age_sessions == 6);
	price(SPY, 100 * E8);
	mark();
	CHECK(said(SPY, ALARM_STALE) && said(SPY, ALARM_STALE)->is_over);
}

/* One per cent a session, up and down: 1 % x sqrt(252) = 15.9 % a year; 40 % of the NAV in it lose 40 % x 1.645 x 1 % = 0.66 % in one bad session of 20. */
TEST(t_R5_R7_volatility_and_var_by_hand)
{
	begin();
	moves(SPY, 100, 100, 19);
	CHECK_EQ(health_volatility_e8(&health.of[SPY], CALENDAR_NYSE), 0);        /* 18 returns: not known yet */
	moves(SPY, 100, 100, 200);
	CHECK_NEAR(e8_to_double(health_volatility_e8(&health.of[SPY], CALENDAR_NYSE)), 0.00995 * sqrt(252), 0.005);        /* 1 % up is 0.99 % down */
	hold(SPY, 400, 100, STOP_ARMED);
	hold(QQQ, 1, 100, STOP_ARMED);
	price(QQQ, 100 * E8);
	beat();
	const struct alarm *share = said(SPY, ALARM_VAR_SHARE);        /* of what is known, all of the risk */
	CHECK(share && share->priority == 3 && share->var_share_bp == BP_ONE && share->weight_bp == 4000);
	if (!share) return;
	CHECK(share->var_bp >= 65 && share->var_bp <= 67);
	CHECK(share->volatility_bp > 1570 && share->volatility_bp < 1600);
}

/* The sizer, used a second time: SPY at twice its target volatility may have half of a full wish by itself, its cap of 40 % binding before. At 6 % a
 * session (95 % a year) it may have 15.7 %: 30 % held is too much, and the alarm says what would do. */
TEST(t_R5_R7_a_position_beyond_what_the_sizer_allows_now_is_told_its_size)
{
	begin();
	moves(SPY, 100, 200, 200);
	hold(SPY, 390, 100, STOP_ARMED);
	mark();
	CHECK(!said(SPY, ALARM_OVERSIZED));        /* 39 % below its cap of 40 % */
	moves(SPY, 100, 600, 200);
	hold(SPY, 300, 100, STOP_ARMED);
	health.of[SPY].said = 0;
	beat();
	const struct alarm *over = said(SPY, ALARM_OVERSIZED);
	CHECK(over && over->priority == 2 && over->weight_bp == 3000);
	if (!over) return;
	CHECK_NEAR(over->allowed_bp, 1e4 * 0.15 / (0.06 * sqrt(252)), 60);
	CHECK(said(SPY, ALARM_VOLATILE) && said(SPY, ALARM_VOLATILE)->priority == 3);
	CHECK(!said(SPY, ALARM_VAR_SHARE));        /* the only position has all of the risk: no news */
	hold(SPY, 0, 0, STOP_IDLE);
	beat();
	CHECK(said(SPY, ALARM_OVERSIZED) && said(SPY, ALARM_OVERSIZED)->is_over);
	beat();
	CHECK_EQ(out.count, 0);
}

TEST(t_R7_a_jump_of_any_size_keeps_the_figures_in_range)
{
	begin();
	hold(SPY, 1, 100, STOP_ARMED);
	for (int i = 0; i < 100; i++) {
		price(SPY, i % 2 ? 1 : 90000000 * E8);
		mark();
		CHECK(health_volatility_e8(&health.of[SPY], CALENDAR_NYSE) >= 0);
	}
	CHECK_NEAR(e8_to_double(health_volatility_e8(&health.of[SPY], CALENDAR_NYSE)), sqrt(252), 0.1);        /* 100 % a day is where it ends */
}

static const struct correlation_note *together(void)
{
	for (uint32_t i = 0; i < out.count; i++)
		if (out.event[i].kind == EVENT_CORRELATION) return &out.event[i].correlation;
	return 0;
}

/* A session in which SPY and QQQ go by the same, GLD the other way, bitcoin nowhere. */
static void session(int64_t bp)
{
	price(SPY, health.of[SPY].position.px_e8 + e8_bp(100 * E8, bp));
	price(QQQ, 2 * health.of[SPY].position.px_e8);
	price(GLD, 200 * E8 - health.of[SPY].position.px_e8);
	price(BTC, 50000 * E8);
	mark();
}

TEST(t_R3_how_the_book_moves_together_is_said_at_each_close_of_the_nyse)
{
	begin();
	price(SPY, 100 * E8);
	hold(SPY, 10, 100, STOP_ARMED);
	for (int i = 0; i <= CORRELATION_WINDOW; i++) {
		session(i % 2 ? 100 : -100);
		CHECK(together() && together()->assets == 0 + (i == CORRELATION_WINDOW));        /* sixty returns are sixty-one closes */
	}
	CHECK(together()->pairs_above == 1 && together()->pair[0] == 1u << 2);        /* (QQQ, SPY): a pair of the universe, held or not */
	hold(QQQ, 10, 100, STOP_ARMED);
	hold(GLD, 10, 100, STOP_ARMED);
	hold(BTC, 1, 50000, STOP_ARMED);
	session(100);
	CHECK(together()->assets == 3 && together()->highest_a == SPY && together()->highest_b == QQQ);
	CHECK(together()->highest_e8 > E8 * 99 / 100 && together()->lowest_e8 < -E8 * 99 / 100 && together()->average_e8 < 0);
	beat();
	CHECK(!together());
}

/* A gap shorter than price_stale_sessions is a return of 0; a longer one begins anew. */
TEST(t_R3_an_asset_without_a_price_is_not_known_to_move)
{
	begin();
	price(SPY, 100 * E8);
	hold(SPY, 10, 100, STOP_ARMED);
	hold(QQQ, 10, 100, STOP_ARMED);
	for (int i = 0; i <= CORRELATION_WINDOW; i++) session(i % 2 ? 100 : -100);
	CHECK_EQ(together()->assets, 2);
	for (int i = 0; i < CFG_price_stale_sessions; i++) {
		price(SPY, 100 * E8 + i);
		mark();
		CHECK_EQ(together()->assets, 2);
	}
	price(SPY, 101 * E8);
	mark();
	CHECK_EQ(together()->assets, 1);
}

static void stream(uint16_t sym, int64_t px_e8)
{
	struct event in = event_make(EVENT_PRICE, sym, 0);
	in.price = (struct price){ .px_e8 = px_e8, .price_kind = PRICE_TRADE };
	step(in);
}

static void tick(uint8_t phase, uint8_t flags)
{
	struct event in = event_make(EVENT_TICK, SYM_NONE, 0);
	in.tick = (struct tick){ .phase = phase, .calendar = CALENDAR_NYSE };
	in.flags = flags;
	step(in);
}

/* After a restart in a session the last TICK is history's: a price of that history says nothing of what is held today, one of the stream does. */
TEST(t_R7_after_a_restart_in_a_session_only_prices_of_the_stream_count)
{
	begin();
	price(SPY, 80 * E8);
	price(QQQ, 80 * E8);
	tick(TICK_OPEN, EVENT_WARMING);
	hold(SPY, 10, 100, STOP_ARMED);
	hold(QQQ, 10, 100, STOP_ARMED);
	beat();
	CHECK_EQ(out.count, 0);
	stream(SPY, 80 * E8);
	beat();
	CHECK(said(SPY, ALARM_STOP_EXIT) && !said(QQQ, ALARM_STOP_EXIT) && out.event[0].flags == EVENT_OF_NOW);
	tick(TICK_OPEN, 0);
	beat();
	CHECK(said(QQQ, ALARM_STOP_EXIT));
}

TEST(t_R7_O4_a_stream_that_is_silent_in_an_open_session_is_an_old_price)
{
	const int beats = CFG_price_stale_s * 1000 / CFG_health_period_ms;
	begin();
	hold(SPY, 10, 100, STOP_ARMED);
	stream(SPY, 100 * E8);
	for (int i = 0; i < 2 * beats; i++) beat();
	CHECK(!said(SPY, ALARM_STALE));        /* nobody trades before the open */
	tick(TICK_OPEN, 0);
	for (int i = 0; i < beats; i++) {
		beat();
		CHECK(!said(SPY, ALARM_STALE));
	}
	beat();
	CHECK(said(SPY, ALARM_STALE) && said(SPY, ALARM_STALE)->priority == 2);
	stream(SPY, 100 * E8);
	beat();
	CHECK(said(SPY, ALARM_STALE) && said(SPY, ALARM_STALE)->is_over);
}
