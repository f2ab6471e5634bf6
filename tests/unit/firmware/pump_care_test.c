/* pump_care_test.c - what the appliance lacks is an input of the desk, in the journal and in the log (P3, O4). */
#include "hal/store/journal_read.h"
#include "tests/unit/firmware/pump_rig.h"

TEST(t_P3_a_condition_is_an_input_once_when_it_begins_and_once_when_it_ends)
{
	const uint64_t health = UINT64_C(1) << CARE_HEALTH, ledger = UINT64_C(1) << CARE_LEDGER;
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	uint64_t inputs = rooms.desk.inputs, written = journal.next_seq;
	CHECK(!pump_care(&pump, 0));
	CHECK(pump_care(&pump, health | ledger));
	CHECK(!pump_care(&pump, health | ledger));
	CHECK_EQ(rooms.desk.inputs, inputs + 2);
	CHECK_EQ(rooms.desk.care, health | ledger);
	CHECK(pump_care(&pump, ledger));
	CHECK_EQ(rooms.desk.inputs, inputs + 3);
	CHECK_EQ(rooms.desk.care, ledger);
	CHECK(journal.next_seq > written);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 0);
}

/* How often the journal has this condition as an input, by whether it begins or ends. */
static void count_care(enum care_condition condition, uint32_t count[static 2])
{
	static uint8_t               window[1 << 20];
	static struct journal_reader reader;
	struct journal_record        record;
	struct event                 event;
	CHECK_EQ(journal_flush(&journal), JOURNAL_OK);
	CHECK_EQ(journal_read_open(&reader, &disk.disk, "journal", window, sizeof window), JOURNAL_OK);
	CHECK_EQ(journal_seek_oldest(&reader), JOURNAL_OK);
	for (enum journal_type type; (type = journal_read_next(&reader, &record)) != JOURNAL_END;)
		while (type == JOURNAL_INPUT && journal_event_next(&record, &event))
			count[event.care.is_active] += event.kind == EVENT_CARE && event.care.condition == condition;
	journal_read_close(&reader);
}

TEST(t_O4_shedding_is_a_journalled_event_and_in_the_log)
{
	uint32_t count[2] = { 0, 0 };
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	pump.logs = true;
	(void)pump_care(&pump, UINT64_C(1) << CARE_CREDITS);
	(void)pump_care(&pump, 0);
	count_care(CARE_CREDITS, count);
	CHECK(count[true] == 1 && count[false] == 1);
	const struct log_record *begins = told(LOG_KIND_care, 0), *ends = told(LOG_KIND_care, 1);
	BUG_UNLESS(3922, begins && ends);
	CHECK_STR(begins->text, "CPU credits run low: reports and copies of the books wait, trading goes on");
	CHECK_STR(ends->text, "over: CPU credits run low");
}

TEST(t_P3_a_condition_holds_back_increases_and_no_exit)
{
	begin(PLACED(feed) | PLACED(desk) | PLACED(ledger));
	begin_journal();
	buy("SPY", DAY);
	CHECK_EQ(venue.risk_sends, 1);
	(void)pump_care(&pump, UINT64_C(1) << CARE_ANALYST);
	session(DAY + 1);
	wish("SPY", DAY + 1, GRADE_STRONG_SELL);
	wish("QQQ", DAY + 1, GRADE_STRONG_BUY);
	decide(DAY + 1);
	CHECK_EQ(venue.risk_sends, 1);
	CHECK_EQ(sent(EVENT_ORDER_NEW, "SPY"), 2);
	CHECK(last_new("SPY")->request.reduce_only);
}
