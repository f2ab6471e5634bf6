/* ticket_risk_test.c - may this grow at all? Each rule that says no, in the words of its refusal (R2, R6, S3, X12, P3). */
#include "tests/unit/fsm/desk/ticket_rig.h"

TEST(t_S3_extreme_volatility_refuses_increases_and_allows_sales)
{
	begin();
	rig_hold(&rig, SPY, QTY(100), USD(100));
	rig_signal(&rig, SPY, STRATEGY_momentum, GRADE_STRONG_SELL, 0, BP_ONE);
	rig_regime(&rig, REGIME_EXTREME);
	check_refused(TICKET_EXTREME, "extreme volatility: only reductions");
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, SPY) && rig_said(&rig, EVENT_ORDER_NEW, SPY)->request.side == SIDE_SELL);
	rig_regime(&rig, REGIME_HIGH_VOL);
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
}

TEST(t_R6_halted_and_paused_add_nothing_until_resumed)
{
	begin();
	rig_operator(&rig, OPERATOR_HALT);
	check_refused(TICKET_HALTED, "halted by the operator");
	rig_operator(&rig, OPERATOR_RESUME);
	rig_operator(&rig, OPERATOR_PAUSE);
	check_refused(TICKET_PAUSED, "paused by the operator");
	rig_operator(&rig, OPERATOR_RESUME);
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
}

TEST(t_R6_a_lost_journal_adds_nothing)
{
	begin();
	rig.desk.journal_lost = 1;
	check_refused(TICKET_JOURNAL, "the journal is lost");
}

TEST(t_P3_a_part_that_is_held_down_adds_nothing_where_its_row_says_so)
{
	for (uint32_t i = 0; i < CARE_CONDITIONS_N; i++) {
		begin();
		rig_care(&rig, i, 1);
		CHECK(rig_said(&rig, EVENT_ACCOUNT, SYM_NONE)->account.care == 1u << i);
		static const uint8_t own[CARE_CONDITIONS_N][2] = { [CARE_MEMORY] = { TICKET_MEMORY, CAUSE_MEMORY }, [CARE_JOURNAL] = { TICKET_FILES, CAUSE_FILES },
			[CARE_BOOKS] = { TICKET_FILES, CAUSE_FILES } };
		uint8_t rule = own[i][0] ? own[i][0] : TICKET_DEGRADED;
		if (!degraded[i].allows_more) check_refused(rule, cause_table[own[i][0] ? own[i][1] : CAUSE_DEGRADED].text);
		rig_care(&rig, i, 0);
		CHECK_EQ(rig.desk.care, 0);
	}
}

TEST(t_R2_a_stopped_symbol_is_not_bought)
{
	begin();
	rig.desk.stop[GLD].state = STOP_COOLING;
	rig.desk.stop[GLD].sessions_left = 3;
	check_refused(TICKET_STOP_REST, "stopped out, not yet rested");
}

TEST(t_R6_an_old_price_adds_nothing)
{
	begin();
	for (int i = 0; i < 5; i++) rig_day_end(&rig);
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
	rig_day_end(&rig);
	check_refused(TICKET_STALE, "no fresh price");
	rig_price(&rig, GLD, USD(100));
	CHECK_EQ(checked(GLD, 1000).rule, TICKET_NONE);
}

TEST(t_R6_one_working_order_a_symbol)
{
	begin();
	rig_wish(&rig, GLD, 1000);
	rig_decide(&rig, CALENDAR_NYSE);
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, GLD) != 0);
	check_refused(TICKET_WORKING, "an order of this symbol is still working");
}

TEST(t_X12_a_full_table_is_a_reason)
{
	begin();
	uint64_t      id = 0;
	struct order *order;
	while ((order = order_table_take(&rig.desk.orders, ++id, false)))
		*order = (struct order){ .order_id = id, .qty_e8 = 1, .state = ORDER_LIVE, .side = SIDE_SELL, .sym = VIX };
	check_refused(TICKET_TABLE, "the order table is full");
	CHECK_EQ(rig.desk.use.trades_today, 0);
}
