/* ticket_exit_test.c - who leaves is asked nothing, and an entry that is stuck holds back no exit (R6). */
#include "tests/unit/fsm/desk/ticket_rig.h"

TEST(t_R6_leaving_a_position_is_not_held_back_by_band_lot_or_minimum)
{
	begin();
	rig_hold(&rig, GLD, E8 / 2, USD(100));        /* half a share, 50 USD, 0.05 % */
	struct ticket ticket = opened(GLD, 0);
	CHECK(ticket.rule == TICKET_NONE && ticket.qty_e8 == -E8 / 2);
}

TEST(t_R6_reductions_are_asked_nothing)
{
	begin();
	rig_hold(&rig, GLD, QTY(200), USD(100));
	rig.desk.use.trades_today = 99;
	rig.desk.use.turnover_day_usd_e8 = USD(90000);
	rig.desk.halted = rig.desk.journal_lost = 1;
	rig.desk.regime = REGIME_EXTREME;
	rig.desk.ladder.state = LADDER_LEVEL3;
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_SELL, 0, BP_ONE);
	rig_tick(&rig, CALENDAR_NYSE, TICK_OPEN);
	rig.desk.use.trades_today = 99;
	rig_tick(&rig, CALENDAR_NYSE, TICK_CLOSE);
	rig_cycle(&rig, CALENDAR_NYSE);
	const struct event *sale = rig_said(&rig, EVENT_ORDER_NEW, GLD);
	CHECK(sale && sale->request.side == SIDE_SELL && sale->request.qty_e8 == QTY(200) && sale->request.reduce_only);
	CHECK_EQ(rig.desk.use.trades_today, 99);
}

static struct order *stuck_entry(uint8_t state)
{
	begin();
	rig_wish(&rig, GLD, 2000);
	rig_decide(&rig, CALENDAR_NYSE);
	const struct event *order = rig_said(&rig, EVENT_ORDER_NEW, GLD);
	CHECK(order && order->request.qty_e8 == QTY(200));
	uint64_t id = order ? order->request.order_id : 0;
	if (state == ORDER_LIVE || state == ORDER_CANCELLING) rig_reply(&rig, EVENT_ACK, id, 7, 1);
	if (state == ORDER_UNKNOWN) rig_timer(&rig, id);
	rig_fill(&rig, id, QTY(50), USD(100));        /* part of it is ours */
	if (state == ORDER_CANCELLING) rig_operator(&rig, OPERATOR_HALT);
	CHECK(rig_order(&rig, id) && rig_order(&rig, id)->state == state);
	return rig_order(&rig, id);
}

static void ask_stop(void) { rig_alarm(&rig, GLD, ALARM_STOP_EXIT); }
static void ask_flatten(void) { rig_operator(&rig, OPERATOR_FLATTEN); }
static void ask_sell(void)
{
	rig_day_end(&rig);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_SELL, 0, BP_ONE);
	rig_decide(&rig, CALENDAR_NYSE);
}
static void ask_ladder(void)
{
	rig.desk.ladder.peak_nav_usd_e8 = USD(130000);
	rig_mark(&rig);
}

TEST(t_R6_a_stuck_entry_never_blocks_the_exit_of_what_is_owned)
{
	static const uint8_t state[] = { ORDER_SENDING, ORDER_LIVE, ORDER_CANCELLING, ORDER_UNKNOWN };
	static void (*const  ask[])(void) = { ask_stop, ask_flatten, ask_sell, ask_ladder };
	for (size_t s = 0; s < sizeof state; s++)
		for (size_t a = 0; a < sizeof ask / sizeof *ask; a++) {
			struct order *entry = stuck_entry(state[s]);
			if (!entry) return;
			ask[a]();
			const struct event *exits = rig_said(&rig, EVENT_ORDER_NEW, GLD);
			CHECK(exits && exits->request.side == SIDE_SELL && exits->request.qty_e8 == QTY(50) && exits->request.reduce_only);
			CHECK(state[s] == ORDER_CANCELLING || rig_said(&rig, EVENT_ORDER_CANCEL, GLD));        /* and the entry is taken back */
			CHECK(order_open_qty_e8(entry) == QTY(150) && entry->reserved_usd_e8 > 0);              /* what it may still fill stays reserved */
		}
}
