/* adopt_test.c - records that another build wrote: what this one does not know is taken for the more careful. */
#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

static struct desk_rig rig;

static struct event record(enum event_kind kind, uint16_t sym)
{
	rig_init(&rig);
	rig_price(&rig, GLD, USD(100));
	return event_make(kind, sym, rig.t_ns);
}

TEST(t_P15_states_that_this_build_does_not_know_are_the_careful_ones)
{
	struct event of = record(EVENT_POSITION, GLD);
	of.position = (struct position_note){ .qty_e8 = QTY(1), .cost_usd_e8 = USD(100), .px_e8 = USD(100), .stop_state = STOP_STATES_N };
	desk_adopt(&rig.desk, &of);
	CHECK_EQ(rig.desk.stop[GLD].state, STOP_EXITING);
	of = record(EVENT_ACCOUNT, SYM_NONE);
	of.account = (struct account_note){ .cash_usd_e8 = USD(1000), .peak_nav_usd_e8 = USD(1000), .ladder_state = LADDER_STATES_N };
	desk_adopt(&rig.desk, &of);
	CHECK_EQ(rig.desk.ladder.state, LADDER_LEVEL3);
	for (uint8_t state = ORDER_FREE; state <= ORDER_STATES_N; state = (uint8_t)(state + ORDER_STATES_N)) {
		of = record(EVENT_ORDER, GLD);
		of.order = (struct order_note){ .order_id = 256, .qty_e8 = QTY(1), .decided_px_e8 = USD(100), .state = state, .reason = ORDER_REASON_OPERATOR };
		desk_adopt(&rig.desk, &of);
		CHECK_EQ(rig_order(&rig, 256)->state, ORDER_UNKNOWN);
		CHECK(rig.desk.unknown[GLD] == 1 && rig.desk.owed[GLD].held);
	}
}

TEST(t_P15_records_that_say_nothing_change_nothing)
{
	static const uint16_t kinds[] = { EVENT_CASH, EVENT_RECONCILED, EVENT_RECOVERY, EVENT_FILL, EVENT_CAUSE };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct event of = record((enum event_kind)kinds[i], SYM_NONE);
		uint64_t     before = desk_hash(&rig.desk);
		if (of.kind == EVENT_RECONCILED) of.reconciled.state = RECONCILE_STATES_N;
		if (of.kind == EVENT_RECOVERY) of.recovery.state = RECOVERY_STATES_N;
		if (of.kind == EVENT_CAUSE) of.change.cause = CAUSES_N;
		desk_adopt(&rig.desk, &of);
		CHECK_EQ(desk_hash(&rig.desk), before);
	}
}

TEST(t_P15_a_table_that_is_full_of_orders_counts_those_it_cannot_take)
{
	struct event of = record(EVENT_ORDER, GLD);
	for (uint64_t i = 1; i <= ORDERS_MAX + 2; i++) {
		of.order = (struct order_note){ .order_id = i << 8, .qty_e8 = QTY(1), .decided_px_e8 = USD(100), .state = ORDER_LIVE };
		desk_adopt(&rig.desk, &of);
	}
	CHECK_EQ(rig.desk.orphans, 2);
}

/* The records do not say what was sold at a loss: where the guard is on, all of it may have been. */
TEST(t_P15_R8_with_the_wash_guard_nothing_is_bought_before_thirty_days)
{
	struct event of = record(EVENT_ACCOUNT, SYM_NONE);
	of.account = (struct account_note){ .cash_usd_e8 = USD(1000), .peak_nav_usd_e8 = USD(1000), .day = RIG_DAY };
	desk_adopt(&rig.desk, &of);
	CHECK(!book_use_in_wash_window(&rig.desk.use, GLD, RIG_DAY));
	rig.desk.settings.value[SETTING_wash_sale_guard] = 1;
	desk_adopt(&rig.desk, &of);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		CHECK(book_use_in_wash_window(&rig.desk.use, sym, RIG_DAY + 30) && !book_use_in_wash_window(&rig.desk.use, sym, RIG_DAY + 31));
}

TEST(t_P15_a_day_end_lets_go_of_old_orders_and_keeps_the_young)
{
	struct event of = record(EVENT_ORDER, GLD);
	int64_t      now_ns = of.t_ns;
	for (uint64_t i = 1; i <= 3; i++) {
		of.t_ns = i == 2 ? now_ns : now_ns - CFG_order_retire_s * NS_PER_S;
		of.order = (struct order_note){ .order_id = i << 8, .qty_e8 = QTY(1), .decided_px_e8 = USD(100), .state = i == 3 ? ORDER_LIVE : ORDER_DONE };
		desk_adopt(&rig.desk, &of);
	}
	of = event_make(EVENT_ACCOUNT, SYM_NONE, now_ns);
	of.flags = ACCOUNT_DAY_END;
	desk_adopt(&rig.desk, &of);
	CHECK(!rig_order(&rig, 1 << 8));
	CHECK(rig_order(&rig, 2 << 8) && rig_order(&rig, 2 << 8)->state == ORDER_DONE);
	CHECK(rig_order(&rig, 3 << 8) && rig_order(&rig, 3 << 8)->state == ORDER_LIVE);
}

TEST(t_P15_causes_and_reviews_that_this_build_does_not_have_are_left_out)
{
	struct event of = record(EVENT_CAUSE, SYM_NONE);
	uint64_t     before = desk_hash(&rig.desk);
	of.change = (struct cause_note){ .cause = CAUSES_BOOK_N, .in_force = 1, .since_ns = 1 };        /* of a symbol, told without one */
	desk_adopt(&rig.desk, &of);
	CHECK_EQ(desk_hash(&rig.desk), before);
	for (uint8_t cause = 0; cause < CAUSES_BOOK_N; cause++) {
		if (!cause_table[cause].opens_review) continue;
		of.change = (struct cause_note){ .cause = cause, .in_force = 1, .since_ns = 1, .review = CAUSE_REVIEWS_N, .review_id = 9 };
		desk_adopt(&rig.desk, &of);
		CHECK(rig.desk.causes.review[cause].id == 0 && rig.desk.causes.reviews == 0);
		CHECK(rig.desk.causes.book & cause_bit((enum cause_id)cause, true));        /* the cause itself is in force */
	}
}
