/* risk_explore_test.c - every state that ladder, stops, re-entry, operator and the other causes can reach together, breadth first over the real
 * desk: in none is risk added while a cause forbids it, in none is more held than level 4 or a stop leaves, and out of each there is a way back.
 *
 * What is infinite is made finite. A drawdown is one of the five classes of the ladder (the peak is put where it makes it so), a position is held or
 * not (gold and bitcoin, in amounts that are always the same), an order is filled whole or rejected before the next input; counts that only
 * matter up to a limit are cut there, and the limits are set low. Nothing else of the desk's state survives from one input to the next.
 * The first exploration has ladder, stops, re-entry, reviews, operator and regime; the second the journal and a part that is held down; the third
 * correlation; the fourth health's warnings and memory; the fifth the venue's session, its books against ours and orders of others, with more inputs where
 * TICKWORK_LONG=1. Rows R1, R2, R4, R9, S3. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

enum { STATES_MAX = 1 << 21,
	CELLS = 1 << 23,
	QUIET_MOST = 2,
	SILENCE_MOST = 1,
	REVIEW_MOST = 2,
	COOLDOWN_MOST = 1,
	WEEK = RECOVERY_SESSIONS_A_WEEK };
#define GOLD_PX USD(100)
#define COIN_PX USD(40000)
#define FOREIGN 777

/* What is known of a state, bits each: all else is put back to what it was in the beginning. */
#define FIELDS(X) \
	X(ladder, 3)                                                                                                                                              \
	X(review, 1)                                                                                                                                              \
	X(held_for, 2)                                                                                                                                            \
	X(quiet, 2)                                                                                                                                               \
	X(weeks, 2)                                                                                                                                               \
	X(sessions, 3)                                                                                                                                            \
	X(gold, 1) X(coin, 1)                                                                                                                                     \
		X(gold_stop, 3) X(gold_rest, 1) X(coin_stop, 3) X(coin_rest, 1) X(gold_all, 1) X(gold_kept, 1) X(coin_all, 1)                                     \
			X(coin_kept, 1) X(unseen, 1) X(overdue, 1) X(halted, 1) X(paused, 1) X(regime, 2) X(journal, 1) X(part, 1) X(has_venue, 1) X(recovery, 3) \
				X(compared, 1) X(reconcile, 3) X(gap, 1) X(blocked, 1) X(foreign, 1) X(together, 2) X(taken, 1) X(warned, 1) X(memory, 1)
#define FIELD(name, bits) uint8_t name;
struct state {
	FIELDS(FIELD)
};
#define FIELD_BITS(name, bits) +(bits)
_Static_assert(0 FIELDS(FIELD_BITS) <= 64, "a state is packed into one word");

static struct desk_rig rig, fresh[4]; /* nothing held, gold, coin, both */
static uint64_t word_of[STATES_MAX];
static uint32_t cell[CELLS], states; /* state + 1 in a hash table */
static uint64_t buys, sales, refusals;

/* --- a state, and the desk that is in it ------------------------------------------------------------------------------ */

static void make_fresh(struct desk_rig *of, bool gold, bool coin)
{
	rig_init(of);
	of->desk.settings.value[SETTING_unacknowledged_sessions] = SILENCE_MOST;
	of->desk.settings.value[SETTING_quiet_days] = QUIET_MOST;
	of->desk.settings.value[SETTING_review_sessions] = REVIEW_MOST;
	of->desk.settings.value[SETTING_stop_cooldown_sessions] = COOLDOWN_MOST;
	of->desk.settings.value[SETTING_reentry_step_bp] = BP_ONE / 2;
	rig_price(of, GLD, GOLD_PX);
	rig_price(of, BTC, COIN_PX);
	if (gold) rig_hold(of, GLD, QTY(10), GOLD_PX);
	if (coin) rig_hold(of, BTC, E8 / 100, COIN_PX);
	rig_signal(of, GLD, STRATEGY_momentum, GRADE_STRONG_BUY, 4000, BP_ONE);
	rig_signal(of, BTC, STRATEGY_momentum, GRADE_STRONG_BUY, 2000, BP_ONE);
}

static uint64_t word_from(const struct state *state)
{
	uint64_t word = 0;
#define FIELD_IN(name, bits)               \
	CHECK(state->name < 1u << (bits)); \
	word = word << (bits) | state->name;
	FIELDS(FIELD_IN)
	return word;
}

static struct state state_from(uint64_t word)
{
	struct state state;
	uint32_t at = 0 FIELDS(FIELD_BITS);
#define FIELD_OUT(name, bits) \
	at -= (bits);         \
	state.name = (uint8_t)(word >> at & ((1u << (bits)) - 1));
	FIELDS(FIELD_OUT)
	return state;
}

/* Has a review waited too long? */
static bool is_overdue(const struct desk *desk)
{
	for (int i = 0; i < CAUSES_BOOK_N; i++)
		if (desk->causes.review[i].state == CAUSE_REVIEW_OPEN && desk->causes.review[i].sessions >= SILENCE_MOST) return true;
	return false;
}

static struct state look(void)
{
	const struct desk *desk = &rig.desk;
	struct state state = { .ladder = desk->ladder.state,
		.review = desk->ladder.review_open,
		.gold = desk->account.position[GLD].qty_e8 != 0,
		.coin = desk->account.position[BTC].qty_e8 != 0,
		.gold_stop = desk->stop[GLD].state,
		.coin_stop = desk->stop[BTC].state,
		.gold_rest = desk->stop[GLD].sessions_left > 0,
		.coin_rest = desk->stop[BTC].sessions_left > 0,
		.gold_all = desk->owed[GLD].all,
		.gold_kept = desk->owed[GLD].held,
		.coin_all = desk->owed[BTC].all,
		.coin_kept = desk->owed[BTC].held,
		.unseen = desk_reviews_open(desk) > 0,
		.overdue = is_overdue(desk),
		.halted = desk->halted,
		.paused = desk->paused,
		.regime = desk->regime == REGIME_EXTREME ? 2 : desk->regime == REGIME_HIGH_VOL,
		.journal = desk->journal_lost,
		.part = desk->care >> CARE_HEALTH & 1,
		.memory = desk->care >> CARE_MEMORY & 1,
		.together = desk->correlation.lowest_e8 > 0 ? 2 : desk->correlation.average_e8 > 0,
		.taken = desk->together_confirmed,
		.warned = desk->alarms[GLD] != 0,
		.has_venue = desk->recovery.has_venue,
		.recovery = desk->recovery.state,
		.compared = desk->reconcile.has_compared,
		.reconcile = desk->reconcile.state,
		.gap = desk->reconcile.gap.cash_usd_e8 != 0,
		.blocked = desk->blocked,
		.foreign = desk->externals.count > 0 };
	/* counts matter where they are counted */
	bool counts_held = desk->ladder.state == LADDER_LEVEL2 || desk->ladder.state == LADDER_LEVEL3;
	bool counts_quiet = desk->ladder.state == LADDER_OUT || desk->ladder.state == LADDER_READY;
	if (counts_held) state.held_for = (uint8_t)e8_min(desk->ladder.sessions_held, REVIEW_MOST);
	if (counts_quiet) state.quiet = (uint8_t)e8_min(desk->ladder.quiet_sessions, QUIET_MOST);
	if (desk->ladder.state != LADDER_RECOVERY) return state;
	state.weeks = (uint8_t)desk->ladder.weeks;
	state.sessions = (uint8_t)(desk->recovery_sessions % WEEK);
	return state;
}

static void unpack_symbol(uint16_t sym, uint8_t stop, uint8_t rest, uint8_t all, uint8_t kept)
{
	rig.desk.stop[sym] = (struct stop){ .state = stop, .sessions_left = rest ? COOLDOWN_MOST : 0 };
	rig.desk.owed[sym] = (struct owed){ .all = all, .held = kept, .reason = all || kept ? ORDER_REASON_OPERATOR : 0 };
}

/* 0: apart; 1: together on average; 2: every pair. */
static struct correlation_note correlation_of_level(uint8_t level)
{
	return (struct correlation_note){ .assets = 4, .average_e8 = level ? 9 * (int32_t)(E8 / 10) : 0, .lowest_e8 = level == 2 ? 9 * (int32_t)(E8 / 10) : 0 };
}

static void unpack(struct state state)
{
	const struct desk_rig *from = &fresh[state.gold | state.coin << 1];
	struct desk *desk = &rig.desk;
	memcpy(desk, &from->desk, offsetof(struct desk, orders));
	order_table_init(&desk->orders);
	rig.day = from->day;
	rig.t_ns = from->t_ns;
	rig.executions = from->executions + (UINT64_C(1) << 20);
	desk->ladder.state = state.ladder;
	desk->ladder.review_open = state.review;
	desk->ladder.sessions_held = state.held_for;
	desk->ladder.quiet_sessions = state.quiet;
	desk->ladder.weeks = state.weeks;
	desk->recovery_sessions = state.sessions;
	unpack_symbol(GLD, state.gold_stop, state.gold_rest, state.gold_all, state.gold_kept);
	unpack_symbol(BTC, state.coin_stop, state.coin_rest, state.coin_all, state.coin_kept);
	desk->halted = state.halted;
	desk->paused = state.paused;
	desk->regime = state.regime == 2 ? REGIME_EXTREME : state.regime ? REGIME_HIGH_VOL
									 : REGIME_NORMAL;
	desk->journal_lost = state.journal;
	desk->care = (uint64_t)state.part << CARE_HEALTH | (uint64_t)state.memory << CARE_MEMORY;
	desk->correlation = correlation_of_level(state.together);
	desk->together_confirmed = state.taken;
	desk->alarms[GLD] = (uint8_t)(state.warned << ALARM_STOP_NEAR);
	desk->recovery = (struct recovery){ .life = 5, .state = state.recovery, .has_venue = state.has_venue };
	desk->recovery.venue = state.recovery == RECOVERY_LOADED ? VENUE_DOWN : VENUE_UP;
	desk->reconcile.state = state.reconcile;
	desk->reconcile.has_compared = state.compared;
	desk->reconcile.gap.cash_usd_e8 = state.gap ? E8 : 0;
	desk->blocked = state.blocked;
	rig.snapshots = 0;
	if (state.foreign) {
		desk->externals.count = 1;
		desk->externals.order[0] = (struct external_order){ .venue_id = FOREIGN, .open_qty_e8 = E8, .sym = GLD, .side = SIDE_SELL };
	}
}

/* The causes that follow from all that, said long ago, and their reviews: all seen, or none. */
static void unpack_causes(struct state state)
{
	struct desk *desk = &rig.desk;
	uint64_t book = desk_causes_of_book(desk);
	for (int i = 0; i < CAUSES_BOOK_N; i++) {
		bool has = book >> i & 1 && cause_table[i].opens_review;
		desk->causes.review[i] = (struct review){ .id = 1, .sessions = state.overdue ? SILENCE_MOST : 0 };
		desk->causes.review[i].state = !has ? CAUSE_REVIEW_CLOSED : state.unseen ? CAUSE_REVIEW_OPEN : CAUSE_REVIEW_ACKNOWLEDGED;
	}
	desk->causes.book = desk_causes_of_book(desk);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) desk->causes.symbol[sym] = desk_causes_of_symbol(desk, sym);
}

/* --- what must hold ---------------------------------------------------------------------------------------------------- */

/* May this grow? Said here anew, from the document, beside what the table of causes says. */
static bool may_grow(const struct desk *desk, uint16_t sym)
{
	uint8_t level = desk->ladder.state, stop = desk->stop[sym].state;
	bool level_allows = level == LADDER_CLEAR || level == LADDER_RECOVERY || (level == LADDER_LEVEL1 && sym != BTC);
	bool stop_allows = stop == STOP_IDLE || stop == STOP_ARMED;
	bool person_allows = !desk->halted && !desk->paused && !desk->owed[sym].held && !is_overdue(desk);
	bool venue_allows = desk->recovery.state == RECOVERY_TRADING && desk->reconcile.state != RECONCILE_MISMATCH && !desk->blocked;
	bool foreign = sym == GLD && desk->externals.count, warned = sym == GLD && desk->alarms[GLD];
	bool apart = desk->correlation.lowest_e8 == 0 || desk->together_confirmed, all_apart = desk->correlation.average_e8 == 0;
	if (!apart || (!all_apart && sym == BTC) || warned) return false;
	return level_allows && stop_allows && person_allows && venue_allows && !foreign && desk->regime != REGIME_EXTREME && !desk->journal_lost && !desk->care;
}

static void check_step(void)
{
	for (uint32_t i = 0; i < rig.out.count; i++) {
		const struct event *event = &rig.out.event[i];
		refusals += event->kind == EVENT_REFUSAL;
		if (event->kind != EVENT_ORDER_NEW) continue;
		bool adds = event->request.side == SIDE_BUY && !event->request.reduce_only;
		buys += adds;
		sales += !adds;
		if (adds) CHECK(may_grow(&rig.desk, event->sym));
	}
	CHECK_EQ(rig.desk.causes.book, desk_causes_of_book(&rig.desk));
	uint8_t grows = cause_against(desk_causes_of_book(&rig.desk) | desk_causes_of_symbol(&rig.desk, GLD), ASSET_HAVEN) == CAUSES_N;
	CHECK_EQ(grows, may_grow(&rig.desk, GLD));
}

/* --- inputs ------------------------------------------------------------------------------------------------------------ */

/* The venue fills all that works, or rejects it. */
static void settle(bool fills)
{
	check_step();
	for (int round = 0; round < 4; round++)
		for (size_t i = 0; i < rig.desk.orders.used_max; i++) {
			struct order order = rig.desk.orders.order[i];
			int64_t open_e8 = order_open_qty_e8(&order);
			if (open_e8 == 0) continue;
			if (order.state == ORDER_UNKNOWN) rig_reply(&rig, EVENT_ACK, order.order_id, 9, 0);
			else if (fills) rig_fill(&rig, order.order_id, open_e8, rig.desk.account.position[order.sym].px_e8);
			else rig_reply(&rig, EVENT_NEW_REJECTED, order.order_id, 0, 0);
			check_step();
		}
}

static void mark(int drawdown_bp, bool fills)
{
	int64_t nav = account_nav_usd_e8(&rig.desk.account);
	rig.desk.ladder.peak_nav_usd_e8 = i128_narrow(div_ceil((i128)nav * BP_ONE, BP_ONE - drawdown_bp));
	rig_mark(&rig);
	settle(fills);
	rig_cycle(&rig, CALENDAR_NYSE);
	settle(fills);
	rig_tick(&rig, CALENDAR_CRYPTO, TICK_OPEN);
	rig_tick(&rig, CALENDAR_CRYPTO, TICK_CLOSE);
	settle(fills);
	rig_cycle(&rig, CALENDAR_CRYPTO);
	settle(fills);
	bool all_sold = fills && rig.desk.ladder.state == LADDER_LEVEL4 && rig.desk.recovery.state == RECOVERY_TRADING;
	if (all_sold) CHECK(account_is_flat(&rig.desk.account));
}

enum input {
	MARK_0,
	MARK_1,
	MARK_2,
	MARK_3,
	MARK_4,
	REJECT_0,
	REJECT_2,
	REJECT_4,
	DAY_END,
	HALF_GOLD,
	EXIT_GOLD,
	EXIT_REFUSED,
	BACK_GOLD,
	EXIT_COIN,
	HALT,
	PAUSE,
	RESUME,
	FLATTEN_GOLD,
	FLATTEN,
	CONFIRM,
	ACK,
	NORMAL,
	HIGH,
	EXTREME,
	SMALL_N,
	VENUE_LOST = SMALL_N,
	VENUE_BACK,
	SNAPSHOT,
	SNAPSHOT_DIFFERS,
	BLOCK,
	FOREIGN_COMES,
	TOGETHER,
	CORRELATED,
	APART,
	WARNED,
	WARNED_NO_MORE,
	MEMORY_SHORT,
	MEMORY_BACK,
	JOURNAL_LOST,
	JOURNAL_NEW,
	PART_HELD,
	PART_BACK,
	INPUTS_N
};

static void operator(uint8_t command, uint16_t sym)
{
	struct event in = event_make(EVENT_OPERATOR, sym, 0);
	in.instruction.command = command;
	rig_step(&rig, in);
}

/* The venue tells its books; those of others are told with them, or are over. */
static void snapshot(int64_t more_e8)
{
	if (rig.desk.recovery.has_venue && rig.desk.recovery.state != RECOVERY_LOADED) rig_snapshot(&rig, 0, more_e8);
}

static void block(void)
{
	if (!rig.desk.recovery.has_venue || rig.desk.recovery.state == RECOVERY_LOADED) return;
	struct event in = event_make(EVENT_BALANCE, SYM_NONE, 0);
	in.balance = (struct balance){ .snapshot = ++rig.snapshots, .cash_usd_e8 = rig.desk.account.cash_usd_e8, .blocked = 1 };
	rig_step(&rig, in);
}

static void input_small(enum input input)
{
	static const int32_t class_bp[] = { 0, 500, 800, 1200, 1500 };
	if (input <= MARK_4) mark(class_bp[input], true);
	else if (input <= REJECT_4) mark(class_bp[2 * (input - REJECT_0)], false);
	else if (input == DAY_END) rig_day_end(&rig);
	else if (input == HALF_GOLD) rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	else if (input == EXIT_GOLD) rig_alarm(&rig, GLD, ALARM_STOP_EXIT);
	else if (input == EXIT_REFUSED) rig_alarm(&rig, GLD, ALARM_STOP_EXIT); /* its sale is */
	else if (input == BACK_GOLD) rig_alarm(&rig, GLD, ALARM_RECOVERED);
	else if (input == EXIT_COIN) rig_alarm(&rig, BTC, ALARM_STOP_EXIT);
	else if (input == HALT) operator(OPERATOR_HALT, SYM_NONE);
	else if (input == PAUSE) operator(OPERATOR_PAUSE, SYM_NONE);
	else if (input == RESUME) operator(OPERATOR_RESUME, SYM_NONE);
	else if (input == FLATTEN_GOLD) operator(OPERATOR_FLATTEN, GLD);
	else if (input == FLATTEN) operator(OPERATOR_FLATTEN, SYM_NONE);
	else if (input == CONFIRM) operator(OPERATOR_CONFIRM, SYM_NONE);
	else if (input == ACK) rig_ack(&rig, 0);
	else rig_regime(&rig, input == NORMAL ? REGIME_NORMAL : input == HIGH ? REGIME_HIGH_VOL
									      : REGIME_EXTREME);
}

static void input_large(enum input input)
{
	if (input == VENUE_LOST) rig_venue(&rig, VENUE_DOWN, rig.desk.recovery.life);
	else if (input == VENUE_BACK) rig_reconnect(&rig);
	else if (input == SNAPSHOT) snapshot(0);
	else if (input == SNAPSHOT_DIFFERS) snapshot(USD(1000));
	else if (input == BLOCK) block();
	else if (input == FOREIGN_COMES) rig_external(&rig, FOREIGN, GLD, SIDE_SELL, E8, 0, USD(1));
	else if (input == JOURNAL_LOST || input == JOURNAL_NEW) rig.desk.journal_lost = input == JOURNAL_LOST;
	else if (input == TOGETHER) rig_correlation(&rig, 4, 9000, 9000, GLD, GLD);
	else if (input == CORRELATED) rig_correlation(&rig, 4, 9000, 0, GLD, GLD);
	else if (input == APART) rig_correlation(&rig, 4, 0, 0, GLD, GLD);
	else if (input == WARNED) rig_alarm(&rig, GLD, ALARM_STOP_NEAR);
	else if (input == WARNED_NO_MORE) rig_alarm_over(&rig, GLD, ALARM_STOP_NEAR);
	else if (input == MEMORY_SHORT || input == MEMORY_BACK) rig_care(&rig, CARE_MEMORY, input == MEMORY_SHORT);
	else rig_care(&rig, CARE_HEALTH, input == PART_HELD);
}

static struct state after(struct state from, enum input input)
{
	unpack(from);
	rig_regime(&rig, rig.desk.regime); /* says the causes of the state that was put in */
	rig.out.count = 0;
	if (input < SMALL_N) input_small(input);
	else input_large(input);
	if (input == JOURNAL_LOST || input == JOURNAL_NEW) rig_regime(&rig, rig.desk.regime);
	settle(input != EXIT_REFUSED);
	bool sold = input == EXIT_GOLD && rig.desk.recovery.state == RECOVERY_TRADING;
	if (sold) CHECK_EQ(rig.desk.account.position[GLD].qty_e8, 0); /* no cause keeps an exit from being sent */
	return look();
}

/* --- breadth first ----------------------------------------------------------------------------------------------------- */

static uint32_t number_of(uint64_t word)
{
	uint32_t at = (uint32_t)(word * UINT64_C(0x9e3779b97f4a7c15) >> 41);
	while (cell[at] && word_of[cell[at] - 1] != word) at = (at + 1) % CELLS;
	if (!cell[at]) {
		CHECK(states < STATES_MAX);
		word_of[states] = word;
		cell[at] = ++states;
	}
	return cell[at] - 1;
}

static bool is_free(struct state state)
{
	unpack(state);
	unpack_causes(state);
	return may_grow(&rig.desk, GLD) && may_grow(&rig.desk, BTC);
}

static uint32_t (*edge)[INPUTS_N];

static void explore(const enum input *list, uint32_t inputs)
{
	for (int i = 0; i < 4; i++) make_fresh(&fresh[i], i & 1, i >> 1);
	rig_init(&rig);
	(void)number_of(0);
	for (uint32_t at = 0; at < states; at++)
		for (uint32_t input = 0; input < inputs; input++) {
			struct state to = after(state_from(word_of[at]), list[input]);
			edge[at][input] = number_of(word_from(&to));
		}
}

/* From the free states back over every edge: what is not reached has no way out. */
static uint32_t without_way_out(uint32_t inputs)
{
	static bool leads[STATES_MAX];
	bool more = true;
	uint32_t lost = 0;
	for (uint32_t at = 0; at < states; at++) leads[at] = is_free(state_from(word_of[at]));
	while (more) {
		more = false;
		for (uint32_t at = states; at-- > 0;)
			for (uint32_t input = 0; input < inputs && !leads[at]; input++) more |= leads[at] = leads[edge[at][input]];
	}
	for (uint32_t at = 0; at < states; at++) lost += !leads[at];
	return lost;
}

static void check_all(const enum input *list, uint32_t inputs, uint32_t at_least)
{
	bool seen[LADDER_STATES_N] = { false }, stopped[STOP_STATES_N] = { false };
	edge = malloc(STATES_MAX * sizeof *edge);
	CHECK(edge != 0);
	if (!edge) return;
	explore(list, inputs);
	uint32_t lost = without_way_out(inputs);
	for (uint32_t at = 0; at < states; at++) {
		struct state state = state_from(word_of[at]);
		seen[state.ladder] = stopped[state.gold_stop] = true;
	}
	printf("  %u states, %llu transitions: %llu buys, %llu sales, %llu refusals; %u states without a way out\n", states,
		(unsigned long long)states * inputs, (unsigned long long)buys, (unsigned long long)sales, (unsigned long long)refusals, lost);
	CHECK_EQ(lost, 0);
	CHECK(states >= at_least && buys > 0 && sales > 0 && refusals > 0);
	CHECK(seen[LADDER_CLEAR] && seen[LADDER_OUT] && seen[LADDER_READY] && seen[LADDER_RECOVERY]);
	CHECK(stopped[STOP_IDLE] && stopped[STOP_ARMED]);
	free(edge);
}

TEST(t_R1_R9_every_state_of_ladder_stops_and_operator_has_a_way_out_and_adds_no_risk_against_a_cause)
{
	enum input list[SMALL_N];
	for (int i = 0; i < SMALL_N; i++) list[i] = (enum input)i;
	check_all(list, SMALL_N, 8000);
}

TEST(t_R9_a_lost_journal_and_a_part_held_down_have_a_way_out_beside_the_ladder)
{
	static const enum input list[] = { MARK_0, MARK_1, MARK_4, DAY_END, EXIT_GOLD, CONFIRM, ACK, JOURNAL_LOST, JOURNAL_NEW, PART_HELD, PART_BACK };
	check_all(list, sizeof list / sizeof *list, 300);
}

TEST(t_R3_assets_that_move_together_have_a_way_out_beside_the_ladder)
{
	static const enum input list[] = { MARK_0, MARK_1, MARK_4, DAY_END, EXIT_GOLD, CONFIRM, ACK, TOGETHER, CORRELATED, APART };
	check_all(list, sizeof list / sizeof *list, 150);
}

TEST(t_R7_O4_warnings_of_health_and_a_short_memory_have_a_way_out_beside_the_ladder)
{
	static const enum input list[] = { MARK_0, MARK_2, MARK_4, DAY_END, EXIT_GOLD, CONFIRM, ACK, WARNED, WARNED_NO_MORE, MEMORY_SHORT, MEMORY_BACK };
	check_all(list, sizeof list / sizeof *list, 200);
}

TEST(t_R9_X10_the_venues_causes_have_a_way_out_beside_the_ladder)
{
	enum { MORE_N = 3 }; /* the last ones only in the long run */
	static const enum input list[] = { MARK_0, MARK_4, DAY_END, RESUME, CONFIRM, ACK, VENUE_LOST, VENUE_BACK, SNAPSHOT, SNAPSHOT_DIFFERS, BLOCK, FOREIGN_COMES,
		MARK_2, REJECT_4, EXIT_GOLD };
	check_all(list, sizeof list / sizeof *list - (getenv("TICKWORK_LONG") ? 0 : MORE_N), 3000);
}
