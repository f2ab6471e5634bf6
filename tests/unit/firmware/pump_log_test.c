/* pump_log_test.c - what the pump tells of a trade: one trace from the signal to the fill, each thing once (P8). */
#include "tests/unit/firmware/pump_rig.h"

TEST(t_P8_one_trace_goes_from_signal_to_fill)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	pump.logs = true;
	buy("SPY", DAY);
	const struct log_record *signal = told(LOG_KIND_signal, 0), *order = told(LOG_KIND_order, 0), *fill_of = told(LOG_KIND_fill, 0);
	BUG_UNLESS(3921, signal && order && fill_of);
	uint64_t order_id = last_new("SPY")->request.order_id;
	CHECK(signal->order_id == order_id && order->order_id == order_id && fill_of->order_id == order_id);
	CHECK(signal->trace_id == order_id >> 8 && order->trace_id == signal->trace_id && fill_of->trace_id == signal->trace_id);
	CHECK_STR(signal->text, "momentum STRONG_BUY, weight 100 %, confidence 100 %");
	CHECK(told(LOG_KIND_signal, 1) == 0);
	CHECK_EQ(signal->value, SIGNAL_TRACE);
}

/* And a shadow run says nothing: all of it was told when it was done. */
TEST(t_P8_an_input_does_not_hide_the_first_output_of_its_step)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	buy("SPY", DAY);
	session(DAY + 1);
	wish("QQQ", DAY + 1, GRADE_STRONG_BUY);
	decide(DAY + 1);
	pump.logs = true;
	answer("QQQ", EVENT_NEW_REJECTED, close_ns(DAY + 1) + 1);
	CHECK(told(LOG_KIND_order, 0) && told(LOG_KIND_order, 1));        /* what the venue said, and what became of the order */
	pump.shadow = true;
	uint64_t count = pump.map->log_desk->count;
	time_passes(close_ns(DAY + 1) + 2);
	CHECK_EQ(pump.map->log_desk->count, count);
}
