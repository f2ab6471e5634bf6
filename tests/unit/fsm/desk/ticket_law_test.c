/* ticket_law_test.c - day trades and wash sales: what a broker's rule and the tax law make of a trade before it is made (R8). */
#include "tests/unit/fsm/desk/ticket_rig.h"

TEST(t_R8_day_trades_are_counted_by_symbol_and_session)
{
	struct book_use use = { 0 };
	book_use_fill(&use, GLD, false);        /* what was bought before today */
	CHECK_EQ(book_use_day_trades(&use), 0);
	book_use_fill(&use, GLD, true);
	book_use_fill(&use, SPY, false);
	CHECK_EQ(book_use_day_trades(&use), 0);
	book_use_fill(&use, GLD, false);
	book_use_fill(&use, GLD, false);        /* the second part of one sale */
	CHECK_EQ(book_use_day_trades(&use), 1);
	book_use_fill(&use, GLD, true);
	book_use_fill(&use, GLD, false);
	book_use_fill(&use, BTC, true);
	book_use_fill(&use, BTC, false);        /* crypto is no security */
	CHECK_EQ(book_use_day_trades(&use), 2);
	book_use_fill(&use, GLD, true);
	for (int session = 1; session < DAY_TRADE_SESSIONS; session++) book_use_session(&use);
	book_use_fill(&use, GLD, false);
	CHECK_EQ(book_use_day_trades(&use), 2);        /* held over night */
	book_use_session(&use);
	CHECK_EQ(book_use_day_trades(&use), 0);
}

TEST(t_R8_a_broker_with_the_day_trader_rule)
{
	begin();
	rig.desk.use.day_trades[2] = 3;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);        /* off as it is built */
	rig.desk.settings.value[SETTING_day_trades_max] = 3;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);        /* 100,000 USD */
	rig.desk.settings.value[SETTING_day_trades_equity_usd] = 200000;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_DAY_TRADES);
	CHECK_STR(ticket_rule_text[TICKET_DAY_TRADES], "the day trades of five sessions are used up");
	CHECK_EQ(checked(BTC, 500).rule, TICKET_NONE);
	rig.desk.use.day_trades[2] = 2;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
}

TEST(t_R8_a_wash_window_is_thirty_days_after_a_loss)
{
	struct book_use use = { 0 };
	CHECK(!book_use_in_wash_window(&use, GLD, 20000));
	book_use_realised(&use, GLD, 0, 20000);        /* neither gain nor loss */
	book_use_realised(&use, BTC, -1, 20000);       /* no security */
	CHECK(!book_use_in_wash_window(&use, GLD, 20000) && !book_use_in_wash_window(&use, BTC, 20000));
	book_use_realised(&use, GLD, -1, 20000);
	book_use_realised(&use, GLD, 500, 20010);      /* a later gain closes no window */
	CHECK(book_use_in_wash_window(&use, GLD, 20000) && book_use_in_wash_window(&use, GLD, 20030));
	CHECK(!book_use_in_wash_window(&use, GLD, 20031) && !book_use_in_wash_window(&use, SPY, 20001));
}

TEST(t_R8_a_wash_sale_is_known_before_the_trade)
{
	begin();
	rig.desk.day[CALENDAR_NYSE].day = 20000;
	rig.desk.use.loss_day[GLD] = rig.desk.day[CALENDAR_NYSE].day - 30;
	CHECK(desk_causes_of_symbol(&rig.desk, GLD) == cause_bit(CAUSE_WASH, true));
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);        /* said, and allowed as it is built */
	rig.desk.settings.value[SETTING_wash_sale_guard] = 1;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NO_WASH);
	CHECK_STR(ticket_rule_text[TICKET_NO_WASH], "sold at a loss within 30 days: wash_sale_guard refuses to buy");
	CHECK_EQ(checked(SPY, 1000).rule, TICKET_NONE);
	rig.desk.use.loss_day[GLD] = rig.desk.day[CALENDAR_NYSE].day - 31;
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
	CHECK(desk_causes_of_symbol(&rig.desk, GLD) == 0);
}

/* From the fill on: a sale below its cost opens the window, one above it does not, and an exit is never asked. */
TEST(t_R8_a_sale_at_a_loss_opens_the_window)
{
	begin();
	rig.desk.day[CALENDAR_NYSE].day = 20000;
	rig.desk.settings.value[SETTING_wash_sale_guard] = 1;
	rig_fill_as(&rig, 0, GLD, SIDE_BUY, QTY(100), USD(100), 71);
	rig_fill_as(&rig, 0, GLD, SIDE_SELL, QTY(10), USD(110), 72);
	CHECK_EQ(rig.desk.use.loss_day[GLD], 0);
	rig_fill_as(&rig, 0, GLD, SIDE_SELL, QTY(10), USD(90), 73);
	CHECK_EQ(rig.desk.use.loss_day[GLD], rig.desk.day[CALENDAR_NYSE].day);
	CHECK_EQ(checked(GLD, 2000).rule, TICKET_NO_WASH);
	struct ticket exit = checked(GLD, 0);
	CHECK(exit.rule == TICKET_NONE && exit.qty_e8 == -QTY(80));
}
