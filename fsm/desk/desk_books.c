/* desk_books.c - the venue's books against ours, orders there that are not ours, and money that moved without a fill. */
#include "fsm/desk/desk.h"

/* USD, and units: what a venue says of one value stays below, or it talks nonsense and is counted. */
#define VENUE_VALUE_MAX INT64_C(1000000000)
#define CASH_MAX_USD INT64_C(100000000)

static bool is_sane(int64_t value_e8) { return value_e8 <= VENUE_VALUE_MAX * E8 && value_e8 >= -VENUE_VALUE_MAX * E8; }

/* --- the snapshot ------------------------------------------------------------------------------------------------------------ */

void desk_on_holding(struct desk_worker *worker, const struct event *in)
{
	if (in->holding.snapshot != 0 && is_sane(in->holding.qty_e8))
		reconcile_on_holding(&worker->desk->reconcile, in->sym, &in->holding);
	else
		worker->desk->orphans++;        /* the snapshot will not be whole */
}

void desk_note_reconciled(const struct desk *desk, struct outbox *out)
{
	struct event *note = outbox_add(out, EVENT_RECONCILED, SYM_NONE);
	reconcile_describe(&desk->reconcile, &note->reconciled);
	note->reconciled.externals = desk->externals.count + desk->reconcile.foreign;
}

void desk_reconcile_event(struct desk_worker *worker, uint8_t event, const struct event *in, struct outbox *out)
{
	struct desk      *desk = worker->desk;
	struct reconcile *reconcile = &desk->reconcile;
	uint8_t           before = reconcile->state;
	reconcile->state = machine_step(&reconcile_machine, before, event, reconcile, in, out, worker->log);
	if (machine_cell(&reconcile_machine, before, event)->kind == CELL_DROP) return;
	desk_note_reconciled(desk, out);
	if (in->kind == EVENT_BALANCE) out->event[out->count - 1].reconciled.snapshot = in->balance.snapshot;
}

/* Rounding: what the settings allow, and 1e-8 a fill. Working orders may have been filled meanwhile: at a price we do not know, so cash may be off
 * by twice what we expect. */
static void slack_of(const struct desk *desk, struct reconcile_slack *slack)
{
	int64_t rounding = desk_setting(desk, SETTING_reconcile_cash_cents) * (E8 / 100) + (int64_t)(desk->fills < E8 ? desk->fills : E8);
	slack->cash_less_usd_e8 = slack->cash_more_usd_e8 = rounding;
	slack->cash_less_usd_e8 += 2 * order_table_reserved_usd_e8(&desk->orders);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		slack->buys_e8[sym] = order_table_open_qty_e8(&desk->orders, sym, SIDE_BUY);
		slack->sells_e8[sym] = order_table_open_qty_e8(&desk->orders, sym, SIDE_SELL);
		slack->cash_more_usd_e8 += 2 * e8_mul(slack->sells_e8[sym], desk->account.position[sym].px_e8);
	}
}

/* Only while nothing of ours is on its way, and the venue is there. */
static bool is_comparable(const struct desk *desk)
{
	bool stands_still = desk->recovery.state == RECOVERY_TRADING || desk->recovery.state == RECOVERY_RECONCILING;
	return stands_still && order_table_in_flight(&desk->orders) == 0;
}

/* The books agree with the venue, so a fill that they lack can only be of an order that works: it was not made before that was sent. */
static int64_t whole_ns(const struct desk *desk, int64_t t_ns)
{
	for (size_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		if (order->state != ORDER_FREE && order->state != ORDER_DONE) t_ns = e8_min(t_ns, order->sent_ns);
	}
	return t_ns;
}

void desk_on_balance(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk           *desk = worker->desk;
	struct reconcile_slack slack;
	if (in->balance.snapshot == 0 || !is_sane(in->balance.cash_usd_e8)) {
		desk->orphans++;
		return;
	}
	desk->blocked = in->balance.blocked != 0;
	if (!reconcile_on_balance(&desk->reconcile, &in->balance)) return;
	externals_snapshot(&desk->externals);
	desk_sweep(worker);
	if (!is_comparable(desk)) {
		desk->reconcile.skipped++;
		return;
	}
	slack_of(desk, &slack);
	uint8_t event = reconcile_compare(&desk->reconcile, &desk->account, &in->balance, &slack);
	if (event != RECONCILE_EV_DIFFERS) desk->reconcile.whole_ns = whole_ns(desk, in->t_ns);
	desk_reconcile_event(worker, event, in, out);
}

/* --- orders of others -------------------------------------------------------------------------------------------------------- */

void desk_on_external(struct desk_worker *worker, const struct event *in)
{
	struct desk           *desk = worker->desk;
	const struct external *external = &in->external;
	int64_t                px_e8 = external->limit_px_e8;
	bool                   sane = external->venue_id != 0 && external->qty_e8 > 0 && is_sane(external->qty_e8) && external->filled_qty_e8 >= 0 &&
	            is_sane(external->filled_qty_e8) && px_e8 >= 0 && is_sane(px_e8) && (i128)external->qty_e8 * px_e8 <= (i128)CASH_MAX_USD * E8 * E8;
	if (!sane) {
		desk->orphans++;
		return;
	}
	if (order_table_find_venue(&desk->orders, external->venue_id)) {
		desk->repeats++;        /* ours after all: its name came late */
		return;
	}
	if (px_e8 == 0 && in->sym < UNIVERSE_N) px_e8 = desk_cost_px_e8(in->sym, desk->account.position[in->sym].px_e8);
	if ((i128)external->qty_e8 * px_e8 > (i128)CASH_MAX_USD * E8 * E8) px_e8 = 0;
	externals_tell(&desk->externals, in->sym, external, px_e8);
}

/* --- money ------------------------------------------------------------------------------------------------------------------- */

bool activity_first_time(struct activities *activities, uint64_t activity_id)
{
	BUG_UNLESS(1241, activity_id != 0);
	for (size_t i = 0; i < ACTIVITIES_MAX; i++)
		if (activities->id[i] == activity_id) return false;
	activities->id[activities->count++ % ACTIVITIES_MAX] = activity_id;
	return true;
}

/* A deposit is no gain and a withdrawal no loss: the peak moves with them, so that the drawdown stays. */
static void move_peak(struct desk *desk, int64_t nav_before)
{
	int64_t nav = account_nav_usd_e8(&desk->account);
	if (nav_before <= 0 || nav <= 0) return;
	i128 peak = div_near((i128)desk->ladder.peak_nav_usd_e8 * nav, nav_before);
	desk->ladder.peak_nav_usd_e8 = peak < INT64_MAX ? (int64_t)peak : INT64_MAX;
}

void desk_on_cash(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk       *desk = worker->desk;
	const struct cash *cash = &in->cash;
	bool sane = cash->activity_id != 0 && cash->cash_kind < CASH_KINDS_N && cash->usd_e8 <= CASH_MAX_USD * E8 && cash->usd_e8 >= -CASH_MAX_USD * E8;
	if (!sane) {
		desk->orphans++;
		return;
	}
	if (!activity_first_time(&desk->activities, cash->activity_id)) {
		desk->repeats++;
		return;
	}
	int64_t nav_before = account_nav_usd_e8(&desk->account);
	account_on_cash(&desk->account, in->sym, (enum cash_kind)cash->cash_kind, cash->usd_e8);
	if (cash->cash_kind == CASH_TRANSFER) move_peak(desk, nav_before);
	outbox_add(out, EVENT_CASH, in->sym)->cash = *cash;
	desk->account_dirty = 1;
	if (in->sym < UNIVERSE_N) desk_touch(desk, in->sym);
}
