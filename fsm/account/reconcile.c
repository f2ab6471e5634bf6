/* reconcile.c - collect a snapshot, compare it, name what differs. */
#include "fsm/account/reconcile.h"

#include <string.h>

MACHINE_DEFINE(reconcile, RECONCILE)

/* What the venue's digits beyond the eighth may hide in one value. */
enum { RECONCILE_TOLERANCE_E8 = 1 };

static void reconcile_note(void *self, const struct event *in, struct outbox *out)
{
	(void)self;
	(void)in;
	(void)out;
}

/* All agrees: what a person once let pass is settled. */
static void reconcile_forget(void *self, const struct event *in, struct outbox *out)
{
	struct reconcile *reconcile = self;
	(void)in;
	(void)out;
	memset(&reconcile->known, 0, sizeof reconcile->known);
}

static void reconcile_know(void *self, const struct event *in, struct outbox *out)
{
	struct reconcile *reconcile = self;
	(void)in;
	(void)out;
	reconcile->known = reconcile->gap;
}

static void begin(struct reconcile *reconcile, uint64_t snapshot)
{
	reconcile->snapshot = snapshot;
	reconcile->holdings = reconcile->foreign = 0;
	memset(reconcile->venue_qty_e8, 0, sizeof reconcile->venue_qty_e8);
}

void reconcile_on_holding(struct reconcile *reconcile, uint16_t sym, const struct holding *holding)
{
	BUG_UNLESS(1271, holding->snapshot != 0);
	if (holding->snapshot != reconcile->snapshot) begin(reconcile, holding->snapshot);
	reconcile->holdings++;
	if (sym < UNIVERSE_N) reconcile->venue_qty_e8[sym] = holding->qty_e8;
	reconcile->foreign += sym >= UNIVERSE_N;
}

bool reconcile_on_balance(struct reconcile *reconcile, const struct balance *balance)
{
	if (balance->snapshot != reconcile->snapshot) begin(reconcile, balance->snapshot);        /* a flat account has no HOLDING */
	bool whole = reconcile->holdings == balance->holdings;
	reconcile->snapshot = 0;
	reconcile->broken += !whole;
	return whole;
}

static bool within(int64_t gap_e8, int64_t less_e8, int64_t more_e8)
{
	return gap_e8 >= -less_e8 - RECONCILE_TOLERANCE_E8 && gap_e8 <= more_e8 + RECONCILE_TOLERANCE_E8;
}

/* Are the gaps, less those in `known`, explained by what is working? */
static bool is_explained(const struct reconcile_gap *gap, const struct reconcile_gap *known, const struct reconcile_slack *slack)
{
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (!within(gap->qty_e8[i] - known->qty_e8[i], slack->sells_e8[i], slack->buys_e8[i])) return false;
	return within(gap->cash_usd_e8 - known->cash_usd_e8, slack->cash_less_usd_e8, slack->cash_more_usd_e8);
}

uint8_t reconcile_compare(struct reconcile *reconcile, const struct account *account, const struct balance *balance,
    const struct reconcile_slack *slack)
{
	static const struct reconcile_gap none;
	struct reconcile_gap             *gap = &reconcile->gap;
	for (size_t i = 0; i < UNIVERSE_N; i++) gap->qty_e8[i] = reconcile->venue_qty_e8[i] - account->position[i].qty_e8;
	gap->cash_usd_e8 = balance->cash_usd_e8 - account->cash_usd_e8;
	reconcile->compared++;
	reconcile->has_compared = 1;
	if (is_explained(gap, &none, slack)) return RECONCILE_EV_AGREES;
	return is_explained(gap, &reconcile->known, slack) ? RECONCILE_EV_KNOWN : RECONCILE_EV_DIFFERS;
}

void reconcile_describe(const struct reconcile *reconcile, struct reconcile_note *note)
{
	const struct reconcile_gap *gap = &reconcile->gap;
	note->cash_difference_usd_e8 = gap->cash_usd_e8;
	note->differences = e8_abs(gap->cash_usd_e8) > RECONCILE_TOLERANCE_E8;
	note->worst_qty_difference_e8 = 0;
	for (size_t i = 0; i < UNIVERSE_N; i++) {
		note->differences += e8_abs(gap->qty_e8[i]) > RECONCILE_TOLERANCE_E8;
		if (e8_abs(gap->qty_e8[i]) > e8_abs(note->worst_qty_difference_e8)) note->worst_qty_difference_e8 = gap->qty_e8[i];
	}
	note->state = reconcile->state;
}
