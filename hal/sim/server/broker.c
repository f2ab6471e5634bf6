/* broker.c - see broker.h. */
#include "hal/sim/server/broker.h"

#include <string.h>

#include "fsm/hash.h"

const char *const broker_state_text[BROKER_STATES_N] = {
	[BROKER_ACCEPTED] = "accepted",
	[BROKER_NEW] = "new",
	[BROKER_PARTIAL] = "partially_filled",
	[BROKER_FILLED] = "filled",
	[BROKER_CANCELED] = "canceled",
	[BROKER_EXPIRED] = "expired",
	[BROKER_REPLACED] = "replaced",
	[BROKER_REJECTED] = "rejected",
};
const char *const broker_tif_text[] = { [BROKER_DAY] = "day", [BROKER_GTC] = "gtc", [BROKER_OPG] = "opg", [BROKER_IOC] = "ioc" };

void broker_init(struct broker *broker, int64_t cash_usd_e8)
{
	memset(broker, 0, sizeof *broker);
	broker->cash_usd_e8 = broker->last_equity_usd_e8 = cash_usd_e8;
}

/* --- orders ------------------------------------------------------------------------------------------------------- */

bool broker_has_room(const struct broker *broker)
{
	return broker->orders_n < BROKER_ORDERS_MAX && broker->open_n < BROKER_OPEN_MAX && broker->activities_n < BROKER_ACTIVITIES_MAX;
}

/* The cell of this id, or the free one where it belongs. */
static uint32_t cell_of(const struct broker *broker, const char *client_id, size_t length)
{
	uint64_t h = HASH_SEED;
	for (size_t i = 0; i < length; i++) h = hash_u64(h, (uint8_t)client_id[i]);
	uint32_t cell = (uint32_t)hash_end(h) % BROKER_INDEX_CELLS;
	for (; broker->by_client_id[cell]; cell = (cell + 1) % BROKER_INDEX_CELLS) {
		const char *known = broker->order[broker->by_client_id[cell] - 1].client_id;
		if (strlen(known) == length && memcmp(known, client_id, length) == 0) break;
	}
	return cell;
}

uint32_t broker_find(const struct broker *broker, const char *client_id, size_t length)
{
	uint32_t found = broker->by_client_id[cell_of(broker, client_id, length)];
	return found ? found - 1 : BROKER_NONE;
}

uint32_t broker_add(struct broker *broker, const struct broker_order *order)
{
	BUG_UNLESS(3600, broker->orders_n < BROKER_ORDERS_MAX && broker->open_n < BROKER_OPEN_MAX);
	uint32_t number = broker->orders_n++, cell = cell_of(broker, order->client_id, strlen(order->client_id));
	BUG_UNLESS(3601, broker->by_client_id[cell] == 0);
	broker->by_client_id[cell] = number + 1;
	broker->order[number] = *order;
	broker->order[number].first = number;
	broker->order[number].replaces = broker->order[number].replaced_by = BROKER_NONE;
	if (number > 0) broker->order[number].created_ns = e8_max(order->created_ns, broker->order[number - 1].created_ns + 1);
	broker->current[number] = number;
	broker->open[broker->open_n++] = number;
	return number;
}

static void leave_open(struct broker *broker, uint32_t number)
{
	uint32_t at = 0;
	while (at < broker->open_n && broker->open[at] != number) at++;
	BUG_UNLESS(3604, at < broker->open_n);
	broker->open_n--;
	memmove(&broker->open[at], &broker->open[at + 1], (broker->open_n - at) * sizeof broker->open[0]);
}

void broker_end(struct broker *broker, uint32_t number, enum broker_state state, int64_t t_ns)
{
	struct broker_order *order = &broker->order[number];
	order->state = (uint8_t)state;
	order->updated_ns = order->ended_ns = t_ns;
	leave_open(broker, number);
}

uint32_t broker_replace(struct broker *broker, uint32_t old, const char *client_id, int64_t qty_e8, int64_t limit_px_e8, int64_t t_ns)
{
	struct broker_order *before = &broker->order[old], fresh = *before;
	broker_end(broker, old, BROKER_REPLACED, t_ns);
	strncpy(fresh.client_id, client_id, sizeof fresh.client_id - 1);
	fresh.qty_e8 = qty_e8;
	fresh.limit_px_e8 = limit_px_e8;
	fresh.created_ns = fresh.updated_ns = t_ns;
	uint32_t number = broker_add(broker, &fresh), first = before->first;
	broker->order[number].first = first;
	broker->order[number].replaces = old;
	broker->current[first] = number;
	before->replaced_by = number;
	return number;
}

bool broker_is_open(const struct broker_order *order) { return order->state <= BROKER_PARTIAL; }

int64_t broker_average_px_e8(const struct broker_order *order)
{
	return order->filled_qty_e8 > 0 ? e8_div(order->filled_usd_e8, order->filled_qty_e8) : 0;
}

/* --- money -------------------------------------------------------------------------------------------------------- */

static struct activity *add_activity(struct broker *broker, enum activity_kind kind, uint16_t sym, int64_t t_ns)
{
	struct activity *activity = &broker->activity[broker->activities_n];
	if (broker->activities_n < BROKER_ACTIVITIES_MAX) broker->activities_n++;
	else broker->activities_lost++;
	*activity = (struct activity){ .kind = (uint8_t)kind, .sym = sym, .t_ns = t_ns, .order = BROKER_NONE };
	return activity;
}

static void hold(struct broker_position *position, bool is_buy, int64_t qty_e8, int64_t notional_usd_e8)
{
	if (is_buy) {
		position->qty_e8 += qty_e8;
		position->cost_usd_e8 += notional_usd_e8;
		return;
	}
	BUG_UNLESS(3603, qty_e8 <= position->qty_e8);        /* nobody may sell here what is not there */
	position->cost_usd_e8 -= i128_narrow(div_near((i128)position->cost_usd_e8 * qty_e8, position->qty_e8));
	position->qty_e8 -= qty_e8;
}

const struct activity *broker_fill(struct broker *broker, uint32_t number, const struct fill *fill, int64_t t_ns)
{
	struct broker_order *order = &broker->order[number];
	struct activity     *activity = add_activity(broker, ACTIVITY_FILL, order->sym, t_ns);
	bool                 is_buy = order->side == SIDE_BUY;
	int64_t              notional_usd_e8 = e8_mul(fill->qty_e8, fill->px_e8);
	hold(&broker->position[order->sym], is_buy, fill->qty_e8, notional_usd_e8);
	broker->cash_usd_e8 -= (is_buy ? notional_usd_e8 : -notional_usd_e8) + fill->fee_usd_e8;
	order->filled_qty_e8 += fill->qty_e8;
	order->filled_usd_e8 += notional_usd_e8;
	order->fee_usd_e8 += fill->fee_usd_e8;
	order->filled_ns = order->updated_ns = t_ns;
	order->state = order->filled_qty_e8 < order->qty_e8 ? BROKER_PARTIAL : BROKER_FILLED;
	if (order->state == BROKER_FILLED) leave_open(broker, number);
	activity->number = fill->execution_id;
	activity->qty_e8 = fill->qty_e8;
	activity->px_e8 = fill->px_e8;
	activity->fee_usd_e8 = fill->fee_usd_e8;
	activity->net_usd_e8 = (is_buy ? -notional_usd_e8 : notional_usd_e8) - fill->fee_usd_e8;
	activity->cum_qty_e8 = order->filled_qty_e8;
	activity->leaves_qty_e8 = order->qty_e8 - order->filled_qty_e8;
	activity->order = number;
	activity->side = order->side;
	return activity;
}

const struct activity *broker_dividend(struct broker *broker, uint16_t sym, int64_t per_unit_e8, int64_t t_ns)
{
	int64_t held_e8 = broker->position[sym].qty_e8;
	if (held_e8 == 0) return 0;
	struct activity *activity = add_activity(broker, ACTIVITY_DIVIDEND, sym, t_ns);
	activity->number = ++broker->dividends_n;
	activity->qty_e8 = held_e8;
	activity->px_e8 = per_unit_e8;
	activity->net_usd_e8 = e8_mul(held_e8, per_unit_e8);
	broker->cash_usd_e8 += activity->net_usd_e8;
	return activity;
}

int64_t broker_entry_px_e8(const struct broker_position *position)
{
	return position->qty_e8 > 0 ? e8_div(position->cost_usd_e8, position->qty_e8) : 0;
}
