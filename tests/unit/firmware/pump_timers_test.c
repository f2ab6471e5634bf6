/* pump_timers_test.c - an order without an answer is asked for, in market time, and never sent again (X2). */
#include "tests/unit/firmware/pump_rig.h"

static struct order *order_of(const char *symbol) { return order_table_find(&rooms.desk.orders, last_new(symbol)->request.order_id); }

TEST(t_X2_a_mute_venue_is_asked_and_the_order_is_unknown)
{
	int64_t sent_ns = close_ns(DAY), timeout_ns = CFG_order_timeout_ms * NS_PER_MS;
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	session(DAY);
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	CHECK_EQ(order_of("SPY")->state, ORDER_SENDING);
	time_passes(sent_ns + timeout_ns);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 0);
	time_passes(sent_ns + timeout_ns + 1);
	CHECK_EQ(order_of("SPY")->state, ORDER_UNKNOWN);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 1);
	CHECK(order_table_reserved_usd_e8(&rooms.desk.orders) > 0);        /* the venue may hold it */
	time_passes(sent_ns + 2 * timeout_ns + 1);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 2);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 1);        /* asked, never sent again */
	answer("SPY", EVENT_NOT_FOUND, sent_ns + 2 * timeout_ns + 2);
	CHECK_EQ(order_of("SPY")->state, ORDER_DONE);
	CHECK_EQ(order_table_reserved_usd_e8(&rooms.desk.orders), 0);
	time_passes(sent_ns + 20 * timeout_ns);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 2);
	CHECK_EQ(pump.timers, 0);
}

/* Market time may jump over a weekend in one event: that is one question, not one for each ten seconds of it. */
TEST(t_X2_a_weekend_of_silence_is_one_question_an_event)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	session(DAY);
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	CHECK_EQ(venue.risk_sends, 1);
	for (uint32_t n = 1; n <= 3; n++) {
		time_passes(close_ns(DAY + 3 * (int32_t)n));
		CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), n);
		CHECK_EQ(pump.timers, 1);
	}
}

TEST(t_X2_an_answer_stops_the_timer)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	session(DAY);
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	CHECK_EQ(pump.timers, 1);
	CHECK_EQ(pump.timers_most, 1);
	answer("SPY", EVENT_ACK, close_ns(DAY) + 1);
	CHECK_EQ(pump.timers, 0);
	time_passes(close_ns(DAY) + 100 * CFG_order_timeout_ms * NS_PER_MS);
	CHECK_EQ(order_of("SPY")->state, ORDER_LIVE);
	CHECK_EQ(sent(EVENT_ORDER_QUERY, "SPY"), 0);
}

TEST(t_X2_an_answer_that_says_nothing_conclusive_is_no_evidence)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	session(DAY);
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	struct event event = event_make(EVENT_NOT_FOUND, sym_of("SPY"), close_ns(DAY) + 1);
	event.reply.order_id = last_new("SPY")->request.order_id;
	pump_event(&pump, &event);
	CHECK_EQ(order_of("SPY")->state, ORDER_UNKNOWN);
	CHECK(order_table_reserved_usd_e8(&rooms.desk.orders) > 0);
	CHECK_EQ(pump.timers, 1);
}
