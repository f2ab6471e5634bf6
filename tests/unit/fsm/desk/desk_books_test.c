/* desk_books_test.c - our books against the venue's: what is flagged, when, and how it is cleared; orders of others; money without a fill. */
#include "fsm/desk/ticket.h"
#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

static struct desk_rig rig;
static struct desk     adopted;

static uint8_t books(void) { return rig.desk.reconcile.state; }

static uint8_t rule_of(uint16_t sym)
{
	struct ticket ticket = { .sym = sym, .qty_e8 = QTY(1), .want_qty_e8 = QTY(1) };
	ticket_risk(&rig.desk, &ticket);
	return ticket.rule;
}

static void begin(void)
{
	rig_init(&rig);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) rig_price(&rig, sym, USD(100));
	rig_hold(&rig, GLD, QTY(50), USD(100));
	rig_reconnect(&rig);
}

static void begin_clean(void)
{
	begin();
	rig_snapshot(&rig, 0, 0);
	CHECK(books() == RECONCILE_CLEAN && rule_of(SPY) == TICKET_NONE);
}

TEST(t_X10_a_difference_at_the_start_is_flagged_at_once)
{
	begin();
	rig_snapshot(&rig, -QTY(3), USD(300));
	const struct event *note = rig_said(&rig, EVENT_RECONCILED, SYM_NONE);
	CHECK(books() == RECONCILE_MISMATCH && note->reconciled.state == RECONCILE_MISMATCH && note->reconciled.differences == 2);
	CHECK(note->reconciled.worst_qty_difference_e8 == -QTY(3) && note->reconciled.cash_difference_usd_e8 == USD(300));
	CHECK(note->reconciled.snapshot == 1 && rig.desk.recovery.state == RECOVERY_RECONCILING && rule_of(SPY) == TICKET_RECOVERY);
	CHECK_EQ(rig.desk.account.position[GLD].qty_e8, QTY(50));        /* never adopted */
	rig_snapshot(&rig, 0, 0);
	CHECK(books() == RECONCILE_CLEAN && rule_of(SPY) == TICKET_NONE);
}

TEST(t_X10_later_it_takes_two_snapshots_in_a_row)
{
	begin_clean();
	rig_snapshot(&rig, QTY(1), 0);
	CHECK(books() == RECONCILE_SUSPECT && rule_of(SPY) == TICKET_NONE);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(books(), RECONCILE_CLEAN);
	rig_snapshot(&rig, 0, USD(1));
	rig_snapshot(&rig, 0, USD(1));
	CHECK(books() == RECONCILE_MISMATCH && rule_of(SPY) == TICKET_RECONCILE);
	rig_alarm(&rig, GLD, ALARM_STOP_EXIT);
	CHECK(rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.reduce_only);        /* exits go on */
	rig_fill_all(&rig);
	rig_snapshot(&rig, 0, 0);
	CHECK(books() == RECONCILE_CLEAN && rule_of(SPY) == TICKET_NONE);
}

TEST(t_X10_one_in_the_eighth_decimal_is_tolerated_and_two_are_not)
{
	begin_clean();
	rig_snapshot(&rig, 1, 0);
	CHECK_EQ(books(), RECONCILE_CLEAN);
	rig_snapshot(&rig, -1, 0);
	CHECK_EQ(books(), RECONCILE_CLEAN);
	rig_snapshot(&rig, 2, 0);
	CHECK_EQ(books(), RECONCILE_SUSPECT);
	rig_snapshot(&rig, 0, 1 + (int64_t)rig.desk.fills);        /* one for each fill, and one */
	CHECK_EQ(books(), RECONCILE_CLEAN);
	rig_snapshot(&rig, 0, 2 + (int64_t)rig.desk.fills);
	CHECK_EQ(books(), RECONCILE_SUSPECT);
	rig.desk.settings.value[SETTING_reconcile_cash_cents] = 1;
	rig_snapshot(&rig, 0, E8 / 100);
	CHECK_EQ(books(), RECONCILE_CLEAN);
}

TEST(t_X10_nothing_is_compared_while_an_order_is_in_flight)
{
	begin_clean();
	uint32_t compared = rig.desk.reconcile.compared;
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	uint64_t id = rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.order_id;
	rig_snapshot(&rig, -QTY(25), USD(2500));
	CHECK(rig.desk.reconcile.compared == compared && rig.desk.reconcile.skipped == 1 && rig_count(&rig, EVENT_RECONCILED) == 0);
	rig_reply(&rig, EVENT_ACK, id, 5, 0);
	rig_snapshot(&rig, -QTY(25), USD(2500));        /* its fill is on its way */
	CHECK_EQ(books(), RECONCILE_CLEAN);
	rig_snapshot(&rig, -QTY(26), USD(2600));        /* one more than it can sell */
	rig_snapshot(&rig, -QTY(26), USD(2600));
	CHECK_EQ(books(), RECONCILE_MISMATCH);
}

TEST(t_X10_a_snapshot_that_is_not_whole_says_nothing)
{
	begin_clean();
	rig_balance(&rig, 50, rig.desk.account.cash_usd_e8, 1);
	rig_holding(&rig, 51, GLD, QTY(50));
	rig_balance(&rig, 52, rig.desk.account.cash_usd_e8, 1);
	rig_holding(&rig, 53, GLD, INT64_MIN);
	rig_balance(&rig, 53, rig.desk.account.cash_usd_e8, 1);
	rig_balance(&rig, 54, INT64_MAX, 0);
	CHECK(books() == RECONCILE_CLEAN && rig.desk.reconcile.broken == 3 && rig.desk.reconcile.compared == 1 && rig.desk.orphans >= 2);
}

TEST(t_X10_a_flat_account_has_no_holding)
{
	begin();
	rig_balance(&rig, 60, rig.desk.account.cash_usd_e8, 0);        /* but we hold gold */
	CHECK_EQ(books(), RECONCILE_MISMATCH);
}

TEST(t_X10_the_operator_resumes_after_review_and_another_difference_counts_anew)
{
	begin();
	rig_snapshot(&rig, QTY(2), 0);
	rig_operator(&rig, OPERATOR_RESUME);
	CHECK(books() == RECONCILE_REVIEWED && rig.desk.recovery.state == RECOVERY_TRADING && rule_of(SPY) == TICKET_NONE);
	rig_snapshot(&rig, QTY(2), 0);
	CHECK(books() == RECONCILE_REVIEWED && rig.desk.account.position[GLD].qty_e8 == QTY(50));
	rig_snapshot(&rig, QTY(3), 0);
	rig_snapshot(&rig, QTY(3), 0);
	CHECK(books() == RECONCILE_MISMATCH && rule_of(SPY) == TICKET_RECONCILE);
	rig_snapshot(&rig, 0, 0);
	rig_snapshot(&rig, QTY(2), 0);        /* once it was clean, nothing is known any more */
	rig_snapshot(&rig, QTY(2), 0);
	CHECK_EQ(books(), RECONCILE_MISMATCH);
}

TEST(t_X10_a_flag_outlives_the_session)
{
	begin_clean();
	rig_snapshot(&rig, QTY(1), 0);
	rig_snapshot(&rig, QTY(1), 0);
	rig_reconnect(&rig);
	CHECK(books() == RECONCILE_MISMATCH && rig.desk.recovery.state == RECOVERY_RECONCILING);
	rig_operator(&rig, OPERATOR_RESUME);        /* of what nobody has looked at in this session */
	CHECK_EQ(rig.desk.recovery.state, RECOVERY_RECONCILING);
	rig_snapshot(&rig, QTY(1), 0);
	CHECK(books() == RECONCILE_REVIEWED && rig.desk.recovery.state == RECOVERY_TRADING);
}

TEST(t_X10_what_was_never_ours_is_counted_and_not_compared)
{
	begin();
	rig_holding(&rig, 70, GLD, QTY(50));
	rig_holding(&rig, 70, SYM_NONE, QTY(7));
	rig_balance(&rig, 70, rig.desk.account.cash_usd_e8, 2);
	const struct event *note = rig_said(&rig, EVENT_RECONCILED, SYM_NONE);
	CHECK(books() == RECONCILE_CLEAN && note->reconciled.externals == 1 && note->reconciled.differences == 0);
}

TEST(t_X10_a_blocked_account_adds_no_risk)
{
	begin_clean();
	struct event in = event_make(EVENT_BALANCE, SYM_NONE, 0);
	in.balance = (struct balance){ .snapshot = 80, .cash_usd_e8 = rig.desk.account.cash_usd_e8, .holdings = 1, .blocked = 1 };
	rig_step(&rig, in);
	CHECK_EQ(rule_of(SPY), TICKET_BLOCKED);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(rule_of(SPY), TICKET_NONE);
}

/* --- orders of others -------------------------------------------------------------------------------------------------------- */

TEST(t_X10_an_order_that_is_not_ours_pauses_its_symbol_and_counts)
{
	begin_clean();
	int64_t reserved = desk_reserved_usd_e8(&rig.desk);
	rig_external(&rig, 900, SPY, SIDE_BUY, QTY(10), QTY(4), USD(90));
	CHECK(rule_of(SPY) == TICKET_EXTERNAL && rule_of(QQQ) == TICKET_NONE && desk_reserved_usd_e8(&rig.desk) == reserved + USD(540));
	CHECK_EQ(rig.said[EVENT_ORDER_CANCEL], 0);        /* never cancelled unasked */
	rig_snapshot(&rig, 0, 0);
	CHECK(rule_of(SPY) == TICKET_EXTERNAL && rig_said(&rig, EVENT_RECONCILED, SYM_NONE)->reconciled.externals == 1);
	rig_external(&rig, 900, SPY, SIDE_BUY, QTY(10), QTY(5), USD(90));
	rig_snapshot(&rig, 0, 0);
	CHECK(rule_of(SPY) == TICKET_EXTERNAL && rig.desk.externals.count == 1);
	rig_snapshot(&rig, 0, 0);        /* a snapshot without it */
	CHECK(rule_of(SPY) == TICKET_NONE && desk_reserved_usd_e8(&rig.desk) == reserved);
	rig_external(&rig, 901, SPY, SIDE_SELL, QTY(10), 0, 0);
	CHECK(rule_of(SPY) == TICKET_EXTERNAL && desk_reserved_usd_e8(&rig.desk) == reserved);
	rig_external(&rig, 901, SPY, SIDE_SELL, QTY(10), QTY(10), 0);
	CHECK_EQ(rule_of(SPY), TICKET_NONE);
}

TEST(t_X10_a_full_table_of_others_pauses_the_symbol_all_the_same)
{
	begin_clean();
	for (uint64_t id = 1; id <= EXTERNALS_MAX; id++) rig_external(&rig, 1000 + id, SYM_NONE, SIDE_SELL, QTY(1), 0, 0);
	CHECK_EQ(rule_of(SPY), TICKET_NONE);
	rig_external(&rig, 2000, SPY, SIDE_SELL, QTY(1), 0, 0);
	CHECK(rule_of(SPY) == TICKET_EXTERNAL && rig.desk.externals.full == 1 && rule_of(QQQ) == TICKET_NONE);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(rule_of(SPY), TICKET_EXTERNAL);
	rig_snapshot(&rig, 0, 0);
	CHECK(rule_of(SPY) == TICKET_NONE && rig.desk.externals.count == 0);
}

TEST(t_X10_an_order_of_ours_is_no_external)
{
	begin_clean();
	rig_alarm(&rig, GLD, ALARM_STOP_HALF);
	rig_reply(&rig, EVENT_ACK, rig_said(&rig, EVENT_ORDER_NEW, GLD)->request.order_id, 555, 0);
	rig_external(&rig, 555, GLD, SIDE_SELL, QTY(25), 0, 0);
	CHECK(rig.desk.externals.count == 0 && rig.desk.repeats == 1);
}

/* A market order of so many units that our price of them fits no book: its symbol is paused, and what it may cost stays unknown. */
TEST(t_X10_an_order_of_others_too_large_for_any_price_reserves_nothing)
{
	begin_clean();
	int64_t reserved = desk_reserved_usd_e8(&rig.desk);
	rig_external(&rig, 902, SPY, SIDE_BUY, QTY(90000000), 0, 0);
	CHECK(rule_of(SPY) == TICKET_EXTERNAL && rig.desk.externals.count == 1 && desk_reserved_usd_e8(&rig.desk) == reserved);
	rig_check(&rig);
}

/* --- money ------------------------------------------------------------------------------------------------------------------- */

TEST(t_X10_money_without_a_fill_is_booked_once)
{
	begin_clean();
	const struct account *account = &rig.desk.account;
	int64_t               cash = account->cash_usd_e8, deposited = account->deposited_usd_e8;
	rig_cash(&rig, 1, GLD, CASH_DIVIDEND, USD(12));
	CHECK(rig_said(&rig, EVENT_CASH, GLD) && rig_said(&rig, EVENT_POSITION, GLD)->position.dividends_usd_e8 == USD(12));
	rig_cash(&rig, 2, SYM_NONE, CASH_FEE, -USD(3));
	rig_cash(&rig, 3, SYM_NONE, CASH_INTEREST, USD(2));
	rig_cash(&rig, 4, SYM_NONE, CASH_INTEREST, -USD(1));
	rig_cash(&rig, 5, SYM_NONE, CASH_TRANSFER, USD(1000));
	CHECK(account->cash_usd_e8 == cash + USD(1010) && account->deposited_usd_e8 == deposited + USD(1000));
	CHECK(account->dividends_usd_e8 == USD(14) && account->fees_usd_e8 == USD(4) && account_is_conserved(account));
	for (uint64_t id = 1; id <= 5; id++) rig_cash(&rig, id, SYM_NONE, CASH_TRANSFER, USD(1000));
	CHECK(account->cash_usd_e8 == cash + USD(1010) && rig.desk.repeats == 5 && rig_count(&rig, EVENT_CASH) == 0);
	rig_cash(&rig, 0, SYM_NONE, CASH_FEE, -USD(1));
	rig_cash(&rig, 6, SYM_NONE, CASH_KINDS_N, USD(1));
	rig_cash(&rig, 7, SYM_NONE, CASH_TRANSFER, INT64_MIN);
	CHECK_EQ(account->cash_usd_e8, cash + USD(1010));
	rig_check(&rig);
}

TEST(t_R1_a_withdrawal_is_no_drawdown_and_a_deposit_hides_none)
{
	begin_clean();
	rig.desk.ladder.peak_nav_usd_e8 = USD(110000);        /* NAV is 100,000: 9.09 % below */
	rig_cash(&rig, 1, SYM_NONE, CASH_TRANSFER, -USD(50000));
	CHECK_EQ(rig.desk.ladder.peak_nav_usd_e8, USD(55000));
	rig_cash(&rig, 2, SYM_NONE, CASH_TRANSFER, USD(150000));
	CHECK_EQ(rig.desk.ladder.peak_nav_usd_e8, USD(220000));
}

/* Of a book that is worth nothing there is no share that a peak could move by. */
TEST(t_R1_money_into_a_bankrupt_book_or_all_of_it_out_moves_no_peak)
{
	begin_clean();
	int64_t nav = account_nav_usd_e8(&rig.desk.account);
	rig.desk.ladder.peak_nav_usd_e8 = USD(110000);
	rig_cash(&rig, 1, SYM_NONE, CASH_TRANSFER, -nav - USD(1));
	CHECK(account_nav_usd_e8(&rig.desk.account) == -USD(1) && rig.desk.ladder.peak_nav_usd_e8 == USD(110000));
	rig_cash(&rig, 2, SYM_NONE, CASH_TRANSFER, USD(1001));
	CHECK(account_nav_usd_e8(&rig.desk.account) == USD(1000) && rig.desk.ladder.peak_nav_usd_e8 == USD(110000));
	rig_check(&rig);
}

/* --- from the records alone -------------------------------------------------------------------------------------------------- */

static void adopt(void)
{
	for (uint32_t i = 0; i < rig.out.count; i++) desk_adopt(&adopted, &rig.out.event[i]);
}

TEST(t_X10_a_flag_and_a_booking_come_over_in_the_records)
{
	struct settings settings;
	settings_default(&settings);
	desk_init(&adopted, RIG_JOURNAL, &settings);
	begin();
	rig_snapshot(&rig, QTY(1), 0);
	adopt();
	rig_cash(&rig, 1, SYM_NONE, CASH_TRANSFER, USD(10));
	adopt();
	outbox_begin(&rig.out, 1, rig.desk.inputs, rig.t_ns);
	CHECK_EQ(desk_checkpoint(&rig.desk, 0, &rig.out), 0);
	adopt();
	CHECK(adopted.reconcile.state == RECONCILE_MISMATCH && adopted.recovery.state == RECOVERY_RECONCILING);
	CHECK(adopted.account.cash_usd_e8 == rig.desk.account.cash_usd_e8 && adopted.account.deposited_usd_e8 == rig.desk.account.deposited_usd_e8);
	uint64_t inputs = rig.desk.inputs;
	rig.desk = adopted;
	rig.desk.inputs = inputs;
	rig_cash(&rig, 1, SYM_NONE, CASH_TRANSFER, USD(10));
	CHECK(rig.desk.account.cash_usd_e8 == adopted.account.cash_usd_e8 && rig.desk.repeats == 1);
	rig_reconnect(&rig);
	rig_snapshot(&rig, 0, 0);
	CHECK_EQ(rig.desk.recovery.state, RECOVERY_TRADING);
}
