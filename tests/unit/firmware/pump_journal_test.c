/* pump_journal_test.c - the journal before the send: what leaves after its record, and what when there can be none (X2). */
#include "tests/unit/firmware/pump_rig.h"

TEST(t_X2_an_order_leaves_after_its_result_is_appended_and_risk_after_it_is_durable)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	buy("SPY", DAY);
	buy("QQQ", DAY + 1);
	CHECK_EQ(venue.risk_sends, 2);
	CHECK_EQ(pump.order_steps, 2);
	CHECK_EQ(pump.syncs, 2);
	session(DAY + 2);
	wish("SPY", DAY + 2, GRADE_STRONG_SELL);
	decide(DAY + 2);
	CHECK_EQ(venue.risk_sends, 2);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 2);
	CHECK(last_new("SPY")->request.reduce_only);
	CHECK_EQ(pump.syncs, 3);        /* a reduction too: its order must be known after a power cut */
	CHECK_EQ(venue.early_sends + venue.undurable_sends, 0);
}

TEST(t_X2_without_a_durable_result_risk_stays_and_reductions_and_cancels_go)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	buy("SPY", DAY);
	CHECK_EQ(venue.risk_sends, 1);
	disk_sim_script(&disk, (struct disk_sim_fault){ .nth = disk.calls[DISK_SIM_SYNC] + 1, .verb = DISK_SIM_SYNC, .code = DISK_FAILED });
	session(DAY + 1);
	wish("SPY", DAY + 1, GRADE_STRONG_SELL);
	wish("QQQ", DAY + 1, GRADE_STRONG_BUY);
	decide(DAY + 1);
	CHECK_EQ(pump.journal_verdict, JOURNAL_LOST);
	CHECK_EQ(rooms.desk.journal_lost, 1);
	CHECK_EQ(pump.withheld, 1);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "QQQ"), 0);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 2);        /* of the same step: the exit is not blocked */
	CHECK(last_new("SPY")->request.reduce_only);
	struct event halt = event_make(EVENT_OPERATOR, SYM_NONE, close_ns(DAY + 1) + 1);
	halt.instruction.command = OPERATOR_HALT;
	pump_event(&pump, &halt);
	CHECK_EQ(sent(EVENT_ORDER_CANCEL, "QQQ"), 1);
	halt.instruction.command = OPERATOR_RESUME;
	pump_event(&pump, &halt);
	answer("SPY", EVENT_ACK, close_ns(DAY + 1) + 2);
	never_arrived(close_ns(DAY + 1) + CFG_order_timeout_ms * NS_PER_MS + 2);
	CHECK_EQ(order_table_reserved_usd_e8(&rooms.desk.orders), 0);
	tick(TICK_DAY_END, DAY + 1, (DAY + 2) * NS_PER_DAY);
	session(DAY + 2);
	wish("QQQ", DAY + 2, GRADE_STRONG_BUY);
	wish("SPY", DAY + 2, GRADE_STRONG_BUY);
	decide(DAY + 2);
	CHECK_EQ(venue.risk_sends, 1);
	CHECK_EQ(venue.undurable_sends, 0);
}

/* A disk that fails at its n-th write or sync, for all n: risk that left was durable, and none leaves afterwards. */
static void disk_fails_at(enum disk_sim_verb verb, uint64_t nth)
{
	uint64_t before_lost = 0;
	memset(&venue, 0, sizeof venue);
	heard_n = 0;
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	disk_sim_script(&disk, (struct disk_sim_fault){ .nth = disk.calls[verb] + nth, .verb = (uint8_t)verb, .code = DISK_FAILED });
	for (int32_t day = DAY; day < DAY + 8; day++) {
		const char *symbol = day % 2 ? "SPY" : "QQQ";
		session(day);
		wish(symbol, day, day % 4 < 2 ? GRADE_STRONG_BUY : GRADE_STRONG_SELL);
		uint32_t count = venue.count;
		decide(day);
		if (venue.count > count) fill(symbol, close_ns(day) + 1);
		never_arrived(close_ns(day) + CFG_order_timeout_ms * NS_PER_MS + 1);
		tick(TICK_DAY_END, day, (day + 1) * NS_PER_DAY);
		if (pump.journal_verdict == JOURNAL_OK) before_lost = venue.risk_sends;
	}
	CHECK_EQ(pump.journal_verdict, JOURNAL_LOST);
	CHECK_EQ(venue.risk_sends, before_lost);
	CHECK_EQ(venue.early_sends + venue.undurable_sends, 0);
	map_drop(pump.map);
}

TEST(t_X2_the_disk_fails_at_the_nth_sync)
{
	for (uint64_t n = 1; n <= 4; n++) disk_fails_at(DISK_SIM_SYNC, n);
}

TEST(t_X2_the_disk_fails_at_the_nth_write)
{
	for (uint64_t n = 1; n <= 4; n++) disk_fails_at(DISK_SIM_WRITE_CALL, n);
}

TEST(t_X2_a_backtest_waits_for_no_disk)
{
	begin(PLACED(feed) | PLACED(desk));
	begin_journal();
	pump.durable = false;
	uint64_t syncs = 0;
	session(DAY);
	syncs = disk.calls[DISK_SIM_SYNC];
	wish("SPY", DAY, GRADE_STRONG_BUY);
	decide(DAY);
	CHECK_EQ(venue.risk_sends, 1);
	CHECK_EQ(disk.calls[DISK_SIM_SYNC], syncs);
	CHECK_EQ(venue.early_sends, 0);
}
