/* desk_fuzz_test.c - random days with fixed seeds: whatever the world says, the desk never traps, the books stay conserved, an order holds
 * back what it may spend, and no order it sends passes a limit of R6. */
#include <stdio.h>

#include "fsm/desk/ticket.h"
#include "tests/kit/desk_session.h"
#include "tests/kit/test.h"

enum { SEEDS = 200, INPUTS = 2000 };

static struct desk_rig     rig;
static struct desk_session session;

static int64_t limit_usd(enum setting_id id) { return e8_bp(account_nav_usd_e8(&rig.desk.account), setting(&rig.desk.settings, id)); }

/* The limits hold at the moment an order that adds risk is sent; afterwards only the market can move them. */
static void check_limits_of_a_buy(const struct event *request)
{
	const struct account  *account = &rig.desk.account;
	const struct position *position = &account->position[request->sym];
	int64_t                open_usd = e8_mul(order_table_open_qty_e8(&rig.desk.orders, request->sym, SIDE_BUY), position->px_e8);
	int64_t                reserved = order_table_reserved_usd_e8(&rig.desk.orders);
	CHECK(account_gross_usd_e8(account) + reserved <= limit_usd(SETTING_leverage_max_bp));
	CHECK(account->cash_usd_e8 - reserved >= limit_usd(SETTING_cash_buffer_bp));
	CHECK(position_value_usd_e8(position) + open_usd <= e8_bp(account_nav_usd_e8(account), universe[request->sym].cap_bp) + 1);
	CHECK(rig.desk.use.turnover_day_usd_e8 <= limit_usd(SETTING_turnover_day_max_bp));
	CHECK(rig.desk.use.trades_today <= setting(&rig.desk.settings, SETTING_trades_day_max));
	CHECK(e8_mul(request->request.qty_e8, position->px_e8) >= USD(setting(&rig.desk.settings, SETTING_trade_min_usd)));
	uint8_t level = rig.desk.ladder.state, stop = rig.desk.stop[request->sym].state;
	CHECK(level == LADDER_CLEAR || level == LADDER_RECOVERY || (level == LADDER_LEVEL1 && universe[request->sym].asset_class != ASSET_CRYPTO));
	CHECK(rig.desk.regime < REGIME_EXTREME && !rig.desk.halted && !rig.desk.paused);
	CHECK(stop == STOP_IDLE || stop == STOP_ARMED);
	CHECK(recovery_allows_more(&rig.desk.recovery) && reconcile_allows_more(&rig.desk.reconcile) && !rig.desk.blocked);
	CHECK(!rig.desk.owed[request->sym].held && !externals_work_in(&rig.desk.externals, request->sym));
	CHECK(universe[request->sym].asset_class != ASSET_INDEX);
}

static void check_orders_sent(void)
{
	for (uint32_t i = 0; i < rig.out.count; i++) {
		const struct event *event = &rig.out.event[i];
		if (event->kind != EVENT_ORDER_NEW) continue;
		CHECK(event->request.qty_e8 > 0 && event->request.order_id >> 8 == rig.desk.inputs && event->request.journal_id == RIG_JOURNAL);
		if (event->request.side == SIDE_BUY && !event->request.reduce_only) check_limits_of_a_buy(event);
	}
}

/* What sells can still take out of a position is never more than there is, while the venue is honest. */
static void check_honest(void)
{
	CHECK(rig.desk.account.cash_usd_e8 >= 0);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		CHECK(rig.desk.account.position[sym].qty_e8 >= order_table_open_qty_e8(&rig.desk.orders, sym, SIDE_SELL));
}

/* In a market that stands still nothing but our own orders moves the book, so the limits hold after every step, not only when an order goes: with
 * everything that works or is UNKNOWN filled as well. NAV only falls by costs, and rises with a dividend: nav_most is the highest it was. */
static void check_still(int64_t nav_most)
{
	const struct account *account = &rig.desk.account;
	int64_t               nav = account_nav_usd_e8(account), reserved = order_table_reserved_usd_e8(&rig.desk.orders);
	CHECK(account->cash_usd_e8 - reserved >= e8_bp(nav, setting(&rig.desk.settings, SETTING_cash_buffer_bp)) - E8);
	CHECK(account_gross_usd_e8(account) + reserved <= e8_bp(nav_most, setting(&rig.desk.settings, SETTING_leverage_max_bp)));
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		int64_t open_usd = e8_mul(order_table_open_qty_e8(&rig.desk.orders, sym, SIDE_BUY), account->position[sym].px_e8);
		CHECK(position_value_usd_e8(&account->position[sym]) + open_usd <= e8_bp(nav_most, universe[sym].cap_bp) + 1);
	}
}

static void run(enum session_mode mode, uint64_t said[static EVENT_KINDS_N], struct machine_log *log)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		int64_t nav_most = 0;
		session_init(&session, &rig, seed, mode);
		for (int i = 0; i < INPUTS; i++) {
			session_input(&session, &rig);
			rig_check(&rig);
			check_orders_sent();
			if (mode != SESSION_NONSENSE) check_honest();
			nav_most = e8_max(nav_most, account_nav_usd_e8(&rig.desk.account));
			if (mode == SESSION_STILL) check_still(nav_most);
		}
		for (int k = 0; k < EVENT_KINDS_N; k++) said[k] += rig.said[k];
		for (int m = 0; m < MACHINES_N; m++)
			for (int c = 0; c < MACHINE_CELLS_MAX; c++) log->hits[m][c] += rig.log.hits[m][c];
	}
}

/* How much of the machines a desk in motion takes, for people; the walk of machines_test asserts the whole. */
static void print_coverage(const struct machine_log *log)
{
	for (size_t m = 0; m < MACHINES_N; m++) {
		uint32_t taken = 0, cells = 0;
		for (uint32_t c = 0; c < (uint32_t)machines[m]->states * machines[m]->events; c++) {
			if (machines[m]->cells[c].kind == CELL_BUG) continue;
			cells++;
			taken += log->hits[m][c] > 0;
		}
		printf("  %s: %u of %u cells taken\n", machines[m]->name, taken, cells);
	}
}

TEST(t_X2_R6_random_days_with_an_honest_venue_keep_every_limit)
{
	static uint64_t           said[EVENT_KINDS_N];
	static struct machine_log log;
	run(SESSION_HONEST, said, &log);
	print_coverage(&log);
	CHECK(said[EVENT_ORDER_NEW] > SEEDS && said[EVENT_FILL] > SEEDS && said[EVENT_ORDER_CANCEL] > SEEDS && said[EVENT_ORDER_QUERY] > SEEDS);
	CHECK(said[EVENT_RISK] > SEEDS);
	for (uint8_t s = 0; s < LADDER_STATES_N; s++) {
		uint32_t visits = 0;
		for (uint8_t e = 0; e < LADDER_EVENTS_N; e++) visits += log.hits[MACHINE_LADDER][s * LADDER_EVENTS_N + e];
		printf("  ladder %s: %u steps\n", ladder_machine.state_name[s], visits);
		CHECK(visits > 0);        /* the days were wild enough to visit every level */
	}
}

/* Partial fills, rejects, lost answers, cancels and late words included; the ledger is conserved to the last unit (rig_check). */
TEST(t_R6_in_a_still_market_no_limit_is_ever_passed)
{
	static uint64_t           said[EVENT_KINDS_N];
	static struct machine_log log;
	run(SESSION_STILL, said, &log);
	CHECK(said[EVENT_ORDER_NEW] > SEEDS && said[EVENT_FILL] > SEEDS && said[EVENT_ORDER_CANCEL] > SEEDS && said[EVENT_ORDER_QUERY] > SEEDS);
	uint32_t unknown = 0;
	for (uint8_t e = 0; e < ORDER_EVENTS_N; e++) unknown += log.hits[MACHINE_ORDER][ORDER_UNKNOWN * ORDER_EVENTS_N + e];
	CHECK(unknown > SEEDS);
}

TEST(t_X2_random_days_with_nonsense_never_trap_and_stay_conserved)
{
	static uint64_t           said[EVENT_KINDS_N];
	static struct machine_log log;
	run(SESSION_NONSENSE, said, &log);
	print_coverage(&log);
	CHECK(said[EVENT_ORDER_NEW] > SEEDS && said[EVENT_FILL] > SEEDS);
}
