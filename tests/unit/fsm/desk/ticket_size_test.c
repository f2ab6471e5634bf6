/* ticket_size_test.c - from wishes to targets, and what an order says of how it came to its size (R5, R6, S1, S3, N5, T7). */
#include "tests/unit/fsm/desk/ticket_rig.h"

static int32_t target(uint16_t sym)
{
	int32_t target_bp[UNIVERSE_N];
	ticket_size(&rig.desk, target_bp);
	return target_bp[sym];
}

TEST(t_R5_targets_are_shares_of_wishes_scaled_to_the_volatility_target)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, 8000);             /* 0.4 x 0.8 x 0.7 = 22.4 % */
	CHECK_EQ(target(GLD), 2240);
	rig_signal(&rig, GLD, STRATEGY_mean_reversion, GRADE_BUY, 1000, BP_ONE);     /* + 0.1 x 1 x 0.3 = 3 % */
	CHECK_EQ(target(GLD), 2540);
	rig.desk.view[STRATEGY_momentum][GLD].volatility_e8 = E8 / 5;                /* 20 % where 10 % is wanted: half */
	CHECK_EQ(target(GLD), 1270);
	rig.desk.view[STRATEGY_momentum][GLD].volatility_e8 = E8 / 100;
	rig.desk.view[STRATEGY_mean_reversion][GLD].volatility_e8 = E8 / 100;        /* 1 %: ten times, but the cap is 50 % */
	CHECK_EQ(target(GLD), 5000);
}

TEST(t_R6_targets_together_leave_the_cash_buffer)
{
	begin();
	rig.desk.settings.value[SETTING_portfolio_volatility_bp] = 5000;
	rig_wish(&rig, GLD, 5000);
	rig_wish(&rig, SPY, 4000);
	rig_wish(&rig, QQQ, 3000);        /* 120 %, scaled to 95 % */
	CHECK_EQ(target(GLD), 5000 * 9500 / 12000);
	CHECK_EQ(target(SPY), 4000 * 9500 / 12000);
	CHECK_EQ(target(QQQ), 3000 * 9500 / 12000);
}

TEST(t_R5_targets_together_keep_the_portfolio_volatility)
{
	begin();
	rig.desk.settings.value[SETTING_portfolio_volatility_bp] = 350;
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 5000, BP_ONE);        /* 0.5 x 0.7 = 35 %, x 10 % = 3.5 % */
	CHECK_EQ(target(GLD), 3500);
	rig_signal(&rig, SPY, STRATEGY_momentum, GRADE_BUY, 5000, BP_ONE);        /* + 35 % x 15 % = 8.75 %: four tenths */
	CHECK_EQ(target(GLD), 1400);
	CHECK_EQ(target(SPY), 1400);
}

TEST(t_S1_hold_keeps_the_wish_sell_ends_it_and_a_faint_buy_is_no_wish)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, 2999);
	CHECK_EQ(target(GLD), 0);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_STRONG_BUY, 4000, 3000);
	CHECK_EQ(target(GLD), 840);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_HOLD, 0, 0);
	CHECK_EQ(target(GLD), 840);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_SELL, 0, 1);
	CHECK_EQ(target(GLD), 0);
}

TEST(t_N5_bad_news_about_the_market_shrinks_every_target)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, BP_ONE);
	struct event in = event_make(EVENT_REGIME, SYM_NONE, 0);
	in.regime = (struct regime_note){ .vix_e8 = QTY(15), .day = rig.day, .regime = REGIME_NORMAL, .sentiment_bp = 5000 };
	rig_step(&rig, in);
	CHECK_EQ(target(GLD), 2800);
	in.regime.sentiment_bp = -5000;        /* half of the half that the worst news takes */
	rig_step(&rig, in);
	CHECK_EQ(target(GLD), 2100);
}

TEST(t_S3_a_wish_from_a_calmer_day_is_halved_above_vix_30)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, BP_ONE);
	rig_regime(&rig, REGIME_HIGH_VOL);
	CHECK_EQ(target(GLD), 1400);
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_HOLD, 0, 0);
	CHECK_EQ(target(GLD), 1400);
	rig_regime(&rig, REGIME_NORMAL);
	CHECK_EQ(target(GLD), 2800);
}

TEST(t_T7_the_stage_of_capital_takes_its_part_of_every_target)
{
	begin();
	rig.desk.settings.value[SETTING_capital_stage_bp] = 1000;
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, BP_ONE);
	CHECK_EQ(target(GLD), 280);
}

/* --- how an order came to its size -------------------------------------------------------------------------------- */

TEST(t_R5_an_order_says_what_each_step_left_of_its_wish)
{
	begin();
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 4000, 8000);        /* 0.4 x 0.7 = 28 %, 0.8 sure: 22.4 % */
	rig.desk.use.turnover_day_usd_e8 = 0;
	rig_decide(&rig, CALENDAR_NYSE);
	const struct event *order = rig_said(&rig, EVENT_ORDER_NEW, GLD), *size = rig_said(&rig, EVENT_SIZE, GLD);
	CHECK(order && size);
	if (!order || !size) return;
	CHECK_EQ(size->size.order_id, order->request.order_id);
	CHECK(size->size.weight_bp[SIZE_WISH] == 2800 && size->size.weight_bp[SIZE_CONFIDENCE] == 2240);
	CHECK(size->size.weight_bp[SIZE_STEPS_N - 1] == 2240 && size->size.qty_e8[FIT_MOVE] == QTY(224));
	CHECK(size->size.qty_e8[FIT_STEPS_N - 1] == order->request.qty_e8);
	uint64_t bought = order->request.order_id;
	rig_reply(&rig, EVENT_ACK, bought, 7, 1);
	rig_fill(&rig, bought, QTY(224), USD(100));
	rig_signal(&rig, GLD, STRATEGY_momentum, GRADE_BUY, 2000, 8000);        /* half as much: 112 shares go */
	rig_decide(&rig, CALENDAR_NYSE);
	order = rig_said(&rig, EVENT_ORDER_NEW, GLD);
	size = rig_said(&rig, EVENT_SIZE, GLD);
	CHECK(order && size && order->request.side == SIDE_SELL && size->size.order_id == order->request.order_id);
	if (!order || !size) return;
	CHECK(size->size.weight_bp[SIZE_STEPS_N - 1] == 1120 && size->size.qty_e8[FIT_MOVE] == order->request.qty_e8);
}
