/* desk_causes_test.c - each cause comes into force by what the world does, refuses what its row says, and each change is said once (R1, R2, R9, S3). */
#include <string.h>

#include "fsm/desk/ticket.h"
#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

static struct desk_rig rig;

static void begin(void)
{
	rig_init(&rig);
	rig_price(&rig, GLD, USD(100));
	rig_price(&rig, BTC, USD(40000));
}

static uint64_t now(uint16_t sym) { return desk_causes_of_book(&rig.desk) | (sym == SYM_NONE ? 0 : desk_causes_of_symbol(&rig.desk, sym)); }

/* The change of this cause that the last step said; 0 when it said none. */
static const struct event *change_of(enum cause_id cause)
{
	for (uint32_t i = 0; i < rig.out.count; i++)
		if (rig.out.event[i].kind == EVENT_CAUSE && rig.out.event[i].change.cause == cause) return &rig.out.event[i];
	return 0;
}

/* The last step brought this cause, and only this one, into force. */
static void check_begun(enum cause_id cause, uint16_t sym)
{
	const struct event *event = change_of(cause);
	CHECK(event && event->change.in_force == 1 && event->sym == sym && event->change.since_ns == rig.desk.t_ns);
	CHECK(event && event->change.action == cause_table[cause].action);
	CHECK_EQ(now(sym), cause_bit(cause, true));
}

static void check_ended(enum cause_id cause, uint16_t sym)
{
	const struct event *event = change_of(cause);
	CHECK(event && event->change.in_force == 0 && event->sym == sym && event->change.since_ns == 0);
	CHECK_EQ(now(sym) & cause_bit(cause, true), 0);
}

TEST(t_S3_boundaries_of_the_regime_are_a_warning_and_no_new_risk)
{
	begin();
	CHECK_EQ(now(GLD), 0);
	rig_regime(&rig, REGIME_ELEVATED);
	CHECK(now(GLD) == 0 && rig_count(&rig, EVENT_CAUSE) == 0);
	rig_regime(&rig, REGIME_HIGH_VOL);
	check_begun(CAUSE_HIGH_VOL, SYM_NONE);
	rig_regime(&rig, REGIME_HIGH_VOL);
	CHECK_EQ(rig_count(&rig, EVENT_CAUSE), 0); /* said once */
	rig_regime(&rig, REGIME_EXTREME);
	check_begun(CAUSE_EXTREME, SYM_NONE);
	CHECK(change_of(CAUSE_HIGH_VOL) && !change_of(CAUSE_HIGH_VOL)->change.in_force);
	rig_regime(&rig, REGIME_NORMAL);
	check_ended(CAUSE_EXTREME, SYM_NONE);
}

TEST(t_R9_the_operators_causes_begin_and_end_by_his_words)
{
	begin();
	rig_operator(&rig, OPERATOR_HALT);
	check_begun(CAUSE_HALTED, SYM_NONE);
	rig_operator(&rig, OPERATOR_RESUME);
	check_ended(CAUSE_HALTED, SYM_NONE);
	rig_operator(&rig, OPERATOR_PAUSE);
	check_begun(CAUSE_PAUSED, SYM_NONE);
	rig_operator(&rig, OPERATOR_RESUME);
	check_ended(CAUSE_PAUSED, SYM_NONE);
	rig.desk.owed[GLD].held = 1;
	rig_operator(&rig, OPERATOR_HALT);
	CHECK(change_of(CAUSE_FLATTENED) && change_of(CAUSE_FLATTENED)->sym == GLD);
	rig_operator(&rig, OPERATOR_RESUME);
	check_ended(CAUSE_FLATTENED, GLD);
}

TEST(t_R2_a_stop_is_a_cause_of_its_symbol_alone)
{
	begin();
	rig_hold(&rig, GLD, QTY(100), USD(100));
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	check_begun(CAUSE_STOP_HALF, GLD);
	CHECK_EQ(now(SPY), 0);
	rig_alarm(&rig, GLD, ALARM_STOP_EXIT);
	CHECK(change_of(CAUSE_STOP_EXIT)->change.in_force && !change_of(CAUSE_STOP_HALF)->change.in_force);
	(void)rig_fill_all(&rig);
	CHECK_EQ(now(GLD), cause_bit(CAUSE_STOP_REST, true));
	for (int i = 0; i < CFG_stop_cooldown_sessions; i++) {
		rig_price(&rig, GLD, USD(82));
		rig_day_end(&rig);
	}
	check_ended(CAUSE_STOP_REST, GLD);
}

TEST(t_R1_each_level_is_its_own_cause_with_the_action_of_the_document)
{
	static const struct {
		int64_t px_e8;
		enum cause_id cause;
	} fall[] = { { USD(94), CAUSE_LEVEL1 }, { USD(91), CAUSE_LEVEL2 }, { USD(87), CAUSE_LEVEL3 } };
	for (size_t i = 0; i < sizeof fall / sizeof *fall; i++) {
		begin();
		rig_hold(&rig, GLD, QTY(1000), USD(100));
		rig_price(&rig, GLD, fall[i].px_e8);
		rig_mark(&rig);
		check_begun(fall[i].cause, SYM_NONE);
	}
	CHECK(cause_table[CAUSE_LEVEL1].action == CAUSE_ACTION_CAUTION && cause_table[CAUSE_LEVEL2].action == CAUSE_ACTION_REDUCE);
	CHECK(cause_table[CAUSE_LEVEL3].action == CAUSE_ACTION_REDUCE && cause_table[CAUSE_LEVEL4].action == CAUSE_ACTION_FLATTEN);
}

TEST(t_R1_level_1_refuses_crypto_and_nothing_else)
{
	begin();
	rig.desk.ladder.state = LADDER_LEVEL1;
	struct ticket gold = { .sym = GLD, .qty_e8 = E8 }, coin = { .sym = BTC, .qty_e8 = E8 };
	ticket_risk(&rig.desk, &gold);
	ticket_risk(&rig.desk, &coin);
	CHECK(gold.rule == TICKET_NONE && coin.rule == TICKET_LEVEL1);
	CHECK_STR(ticket_rule_text[coin.rule], cause_table[CAUSE_LEVEL1].text);
}

TEST(t_R9_the_worst_of_several_causes_is_the_one_that_is_named)
{
	begin();
	rig.desk.stop[GLD].state = STOP_EXITING;
	rig.desk.regime = REGIME_EXTREME;
	rig.desk.halted = rig.desk.paused = 1;
	struct ticket gold = { .sym = GLD, .qty_e8 = E8 }, spy = { .sym = SPY, .qty_e8 = E8 };
	ticket_risk(&rig.desk, &gold);
	ticket_risk(&rig.desk, &spy);
	CHECK(gold.rule == TICKET_STOP_EXIT && spy.rule == TICKET_HALTED);
}

TEST(t_X1_an_unknown_order_is_a_cause_of_its_symbol_until_the_venue_has_spoken)
{
	begin();
	uint64_t order_id = rig_sent_buy(&rig);
	rig_timer(&rig, order_id);
	check_begun(CAUSE_UNKNOWN, GLD);
	rig_reply(&rig, EVENT_ACK, order_id, 7, 0);
	check_ended(CAUSE_UNKNOWN, GLD);
}

TEST(t_R9_a_checkpoint_says_every_cause_in_force_and_another_desk_takes_them_over)
{
	static struct desk other;
	begin();
	rig_regime(&rig, REGIME_EXTREME);
	rig_hold(&rig, GLD, QTY(100), USD(100));
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	int64_t since_ns = rig.desk.causes.since_ns[cause_place(CAUSE_STOP_HALF, GLD)];
	desk_init(&other, RIG_JOURNAL, &rig.desk.settings);
	outbox_begin(&rig.out, 0, rig.desk.inputs, rig.desk.t_ns);
	CHECK_EQ(desk_checkpoint(&rig.desk, 0, &rig.out), 0);
	for (uint32_t i = 0; i < rig.out.count; i++) desk_adopt(&other, &rig.out.event[i]);
	CHECK(memcmp(&other.causes, &rig.desk.causes, sizeof other.causes) == 0 && since_ns != 0);
	struct event wrong = event_make(EVENT_CAUSE, GLD, 1);
	wrong.change = (struct cause_note){ .cause = CAUSE_HALTED, .in_force = 1 };
	desk_adopt(&other, &wrong); /* of the book, and names a symbol */
	wrong.change.cause = CAUSES_N;
	desk_adopt(&other, &wrong);
	CHECK(memcmp(&other.causes, &rig.desk.causes, sizeof other.causes) == 0);
}

static const struct review *review_of(enum cause_id cause) { return &rig.desk.causes.review[cause]; }

static void fall_to_level_1(void)
{
	begin();
	rig_hold(&rig, GLD, QTY(1000), USD(100));
	rig_price(&rig, GLD, USD(94));
	rig_mark(&rig);
	CHECK_EQ(rig.desk.ladder.state, LADDER_LEVEL1);
}

TEST(t_R9_every_escalation_opens_a_review_of_its_own_and_closes_it_with_the_cause)
{
	fall_to_level_1();
	CHECK(change_of(CAUSE_LEVEL1)->change.review == CAUSE_REVIEW_OPEN && change_of(CAUSE_LEVEL1)->change.review_id == 1);
	CHECK_EQ(rig_said(&rig, EVENT_ACCOUNT, SYM_NONE)->account.reviews_open, 1);
	rig_price(&rig, GLD, USD(91));
	rig_mark(&rig);
	CHECK(review_of(CAUSE_LEVEL1)->state == CAUSE_REVIEW_CLOSED && review_of(CAUSE_LEVEL2)->state == CAUSE_REVIEW_OPEN);
	CHECK(review_of(CAUSE_LEVEL2)->id == 2 && desk_reviews_open(&rig.desk) == 1);
	rig_regime(&rig, REGIME_EXTREME);
	rig_operator(&rig, OPERATOR_HALT);
	CHECK_EQ(rig.desk.causes.reviews, 2);        /* weather, and the operator's own word, are no escalation */
}

TEST(t_R9_a_review_that_nobody_acknowledges_lets_nothing_grow_until_somebody_does)
{
	fall_to_level_1();
	for (int i = 0; i < CFG_unacknowledged_sessions; i++) {
		CHECK_EQ(cause_against(now(SYM_NONE), ASSET_ETF), CAUSES_N);
		rig_price(&rig, GLD, USD(94));
		rig_day_end(&rig);
	}
	CHECK(change_of(CAUSE_UNACKNOWLEDGED) && cause_against(now(SYM_NONE), ASSET_ETF) == CAUSE_UNACKNOWLEDGED);
	rig_ack(&rig, 7);        /* no such review */
	CHECK(rig_count(&rig, EVENT_CAUSE) == 0 && cause_against(now(SYM_NONE), ASSET_ETF) == CAUSE_UNACKNOWLEDGED);
	rig_ack(&rig, 1);
	CHECK(change_of(CAUSE_LEVEL1)->change.review == CAUSE_REVIEW_ACKNOWLEDGED);
	check_ended(CAUSE_UNACKNOWLEDGED, SYM_NONE);
	CHECK(now(SYM_NONE) == cause_bit(CAUSE_LEVEL1, true) && desk_reviews_open(&rig.desk) == 0);
	rig_ack(&rig, 0);        /* nothing is left */
	CHECK_EQ(rig_count(&rig, EVENT_CAUSE), 0);
}

TEST(t_R9_silence_ends_by_itself_when_what_it_was_about_has_ended)
{
	fall_to_level_1();
	for (int i = 0; i < CFG_unacknowledged_sessions; i++) rig_day_end(&rig);
	CHECK_EQ(cause_against(now(SYM_NONE), ASSET_ETF), CAUSE_UNACKNOWLEDGED);
	rig_price(&rig, GLD, USD(100));
	rig_mark(&rig);
	CHECK_EQ(now(SYM_NONE), 0);
	CHECK_EQ(review_of(CAUSE_LEVEL1)->state, CAUSE_REVIEW_CLOSED);
}

TEST(t_R7_what_health_warns_of_is_a_cause_of_its_symbol_until_it_is_over)
{
	static const struct { uint8_t alarm, cause; } row[] = { { ALARM_STOP_NEAR, CAUSE_ALARMED }, { ALARM_OVERSIZED, CAUSE_ALARMED },
		{ ALARM_VOLATILE, CAUSE_WATCHED }, { ALARM_VAR_SHARE, CAUSE_WATCHED }, { ALARM_STALE, CAUSE_STALE } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		begin();
		rig_alarm(&rig, GLD, row[i].alarm);
		CHECK_EQ(now(GLD), 0);        /* nothing is held that it could be about */
		rig_hold(&rig, GLD, QTY(100), USD(100));
		rig_alarm(&rig, GLD, row[i].alarm);
		check_begun((enum cause_id)row[i].cause, GLD);
		CHECK_EQ(now(SPY), 0);
		rig_alarm_over(&rig, GLD, row[i].alarm);
		check_ended((enum cause_id)row[i].cause, GLD);
	}
	rig_alarm(&rig, GLD, ALARM_STOP_NEAR);
	rig_alarm(&rig, GLD, ALARM_OVERSIZED);
	rig_alarm_over(&rig, GLD, ALARM_STOP_NEAR);
	CHECK_EQ(now(GLD), cause_bit(CAUSE_ALARMED, true));        /* the other one lasts */
	struct ticket gold = { .sym = GLD, .qty_e8 = E8 };
	ticket_risk(&rig.desk, &gold);
	CHECK_EQ(gold.rule, TICKET_ALARMED);
}

/* A price is as old as the sessions of its own market: bitcoin has seven a week. */
TEST(t_R7_a_price_ages_by_the_sessions_of_its_own_market)
{
	begin();
	for (int i = 0; i <= CFG_price_stale_sessions; i++) rig_tick(&rig, CALENDAR_CRYPTO, TICK_DAY_END);        /* no session of the NYSE */
	CHECK_EQ(now(BTC), cause_bit(CAUSE_STALE, true));
	CHECK_EQ(now(GLD), 0);
	for (int i = 0; i <= CFG_price_stale_sessions; i++) rig_day_end(&rig);
	CHECK_EQ(now(GLD), cause_bit(CAUSE_STALE, true));
	rig_price(&rig, BTC, USD(40000));
	check_ended(CAUSE_STALE, BTC);
}

/* One cause for both files: it ends when both are back. */
TEST(t_X2_a_file_that_is_gone_is_a_cause_that_asks_for_a_person)
{
	begin();
	rig_care(&rig, CARE_JOURNAL, 1);
	check_begun(CAUSE_FILES, SYM_NONE);
	CHECK(cause_against(now(SYM_NONE), ASSET_ETF) == CAUSE_FILES && cause_table[CAUSE_FILES].opens_review);
	CHECK_EQ(now(SYM_NONE) & cause_bit(CAUSE_DEGRADED, true), 0);        /* no part is held down: tickwork release would end nothing */
	rig_care(&rig, CARE_BOOKS, 1);
	rig_care(&rig, CARE_JOURNAL, 0);
	CHECK(now(SYM_NONE) & cause_bit(CAUSE_FILES, true));
	rig_care(&rig, CARE_BOOKS, 0);
	check_ended(CAUSE_FILES, SYM_NONE);
}

TEST(t_O4_memory_and_credits_are_causes_of_their_own)
{
	begin();
	rig_care(&rig, CARE_MEMORY, 1);
	check_begun(CAUSE_MEMORY, SYM_NONE);
	CHECK(cause_against(now(SYM_NONE), ASSET_ETF) == CAUSE_MEMORY && cause_table[CAUSE_MEMORY].clears == CAUSE_CLEARS_ITSELF);
	rig_care(&rig, CARE_MEMORY, 0);
	check_ended(CAUSE_MEMORY, SYM_NONE);
	rig_care(&rig, CARE_CREDITS, 1);
	check_begun(CAUSE_CREDITS, SYM_NONE);
	CHECK_EQ(cause_against(now(SYM_NONE), ASSET_ETF), CAUSES_N);
}

/* Every escalation that opens a review lowers the risk by itself when nobody acknowledges it, and one word of a person ends that. */
TEST(t_R9_silence_about_each_escalation_lets_nothing_grow)
{
	for (int i = 0; i < CAUSES_BOOK_N; i++) {
		if (!cause_table[i].opens_review) continue;
		begin();
		rig.desk.causes.review[i] = (struct review){ .id = 1, .state = CAUSE_REVIEW_OPEN };
		rig.desk.causes.reviews = 1;
		for (int day = 0; day < CFG_unacknowledged_sessions; day++) {
			CHECK_EQ(now(SYM_NONE) >> CAUSE_UNACKNOWLEDGED & 1, 0);
			rig_price(&rig, GLD, USD(100));
			rig_price(&rig, BTC, USD(40000));
			rig_day_end(&rig);
		}
		CHECK_EQ(cause_against(now(SYM_NONE), ASSET_ETF), CAUSE_UNACKNOWLEDGED);
		rig_ack(&rig, 1);
		CHECK_EQ(now(SYM_NONE), 0);
	}
}

/* What every row promises, so that a new one is thought through: an order of the rows, a way out, and who may end it. */
TEST(t_R9_each_row_says_how_it_ends_and_who_may_end_it)
{
	for (int i = 0; i < CAUSES_N; i++) {
		const struct cause_row *row = &cause_table[i];
		CHECK(row->text[0] && row->way_out[0] && row->action > CAUSE_ACTION_NONE);
		CHECK(row->clears != CAUSE_CLEARS_OPERATOR || row->override != CAUSE_OVERRIDE_NOBODY || i == CAUSE_JOURNAL);
		CHECK(!row->opens_review || !row->of_symbol);
	}
}
