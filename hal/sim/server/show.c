/* show.c - see show.h. Members and their order are those of the venue's own examples. */
#include "hal/sim/server/show.h"

#include <stdio.h>

#include "hal/sim/server/fields.h"
#include "hal/sim/server/stamp.h"
#include "hal/sim/server/worth.h"

const char *show_side(uint8_t side) { return side == SIDE_BUY ? "buy" : "sell"; }
const char *show_type(uint8_t order_type) { return order_type == ORDER_TYPE_LIMIT ? "limit" : "market"; }
static const char *class_text(uint16_t sym) { return name_is_crypto(sym) ? "crypto" : "us_equity"; }

/* --- order -------------------------------------------------------------------------------------------------------- */

static int64_t ended_ns(const struct broker_order *order, enum broker_state state) { return order->state == state ? order->ended_ns : 0; }

static void order_stamps(struct json *json, const struct broker_order *order)
{
	field_stamp(json, "created_at", order->created_ns);
	field_stamp(json, "updated_at", order->updated_ns);
	field_stamp(json, "submitted_at", order->created_ns);
	field_stamp(json, "filled_at", order->state == BROKER_FILLED ? order->filled_ns : 0);
	field_stamp(json, "expired_at", ended_ns(order, BROKER_EXPIRED));
	field_null(json, "expires_at");
	field_stamp(json, "canceled_at", ended_ns(order, BROKER_CANCELED));
	field_stamp(json, "failed_at", ended_ns(order, BROKER_REJECTED));
	field_stamp(json, "replaced_at", ended_ns(order, BROKER_REPLACED));
}

static void order_chain(struct json *json, const char *key, uint32_t number)
{
	if (number == BROKER_NONE) field_null(json, key);
	else field_uuid(json, key, UUID_ORDER, number);
}

static void order_numbers(struct json *json, const struct broker_order *order)
{
	int64_t average_px_e8 = broker_average_px_e8(order);
	field_null(json, "notional");
	field_e8_text(json, "qty", order->qty_e8);
	field_e8_text(json, "filled_qty", order->filled_qty_e8);
	if (average_px_e8) field_e8_text(json, "filled_avg_price", average_px_e8);
	else field_null(json, "filled_avg_price");
}

static void order_nulls(struct json *json)
{
	static const char *const name[] = { "legs", "trail_percent", "trail_price", "hwm" };
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) field_null(json, name[i]);
}

void show_order(const struct server *server, struct json *json, uint32_t number)
{
	const struct broker_order *order = &server->broker.order[number];
	json_object_begin(json);
	field_uuid(json, "id", UUID_ORDER, number);
	field_text(json, "client_order_id", order->client_id);
	order_stamps(json, order);
	order_chain(json, "replaced_by", order->replaced_by);
	order_chain(json, "replaces", order->replaces);
	field_uuid(json, "asset_id", UUID_ASSET, order->sym);
	field_symbol(json, "symbol", order->sym);
	field_text(json, "asset_class", class_text(order->sym));
	order_numbers(json, order);
	field_text(json, "order_class", "simple");
	field_text(json, "order_type", show_type(order->order_type));
	field_text(json, "type", show_type(order->order_type));
	field_text(json, "side", show_side(order->side));
	field_text(json, "time_in_force", broker_tif_text[order->tif]);
	if (order->order_type == ORDER_TYPE_LIMIT) field_e8_text(json, "limit_price", order->limit_px_e8);
	else field_null(json, "limit_price");
	field_null(json, "stop_price");
	field_text(json, "status", broker_state_text[order->state]);
	field_bool(json, "extended_hours", false);
	order_nulls(json);
	field_text(json, "position_intent", order->side == SIDE_BUY ? "buy_to_open" : "sell_to_close");
	field_e8_text(json, "commission", order->fee_usd_e8);
	json_object_end(json);
}

/* --- activity ----------------------------------------------------------------------------------------------------- */

const char *show_activity_id(const struct activity *activity, char text[SHOW_ACTIVITY_BYTES])
{
	char stamp[STAMP_BYTES], uuid[NAME_UUID_BYTES];
	name_uuid(activity->kind == ACTIVITY_FILL ? UUID_EXECUTION : UUID_CASH, activity->number, uuid);
	snprintf(text, SHOW_ACTIVITY_BYTES, "%s::%s", stamp_digits(activity->t_ns, stamp), uuid);
	return text;
}

static void fill_fields(struct json *json, const struct activity *activity)
{
	bool whole = activity->leaves_qty_e8 == 0;
	field_stamp(json, "transaction_time", activity->t_ns);
	field_text(json, "type", whole ? "fill" : "partial_fill");
	field_e8_text(json, "price", activity->px_e8);
	field_e8_text(json, "qty", activity->qty_e8);
	field_text(json, "side", show_side(activity->side));
	field_symbol(json, "symbol", activity->sym);
	field_e8_text(json, "leaves_qty", activity->leaves_qty_e8);
	field_uuid(json, "order_id", UUID_ORDER, activity->order);
	field_e8_text(json, "cum_qty", activity->cum_qty_e8);
	field_text(json, "order_status", whole ? "filled" : "partially_filled");
	field_e8_text(json, "commission", activity->fee_usd_e8);
}

static void dividend_fields(struct json *json, const struct activity *activity)
{
	field_date(json, "date", day_from_t_ns(activity->t_ns));
	field_e8_text(json, "net_amount", activity->net_usd_e8);
	field_symbol(json, "symbol", activity->sym);
	field_e8_text(json, "qty", activity->qty_e8);
	field_e8_text(json, "per_share_amount", activity->px_e8);
	field_text(json, "description", "cash dividend");
	field_text(json, "status", "executed");
}

void show_activity(const struct server *server, struct json *json, uint32_t index)
{
	const struct activity *activity = &server->broker.activity[index];
	char                   id[SHOW_ACTIVITY_BYTES];
	json_object_begin(json);
	field_text(json, "activity_type", activity->kind == ACTIVITY_FILL ? "FILL" : "DIV");
	field_text(json, "id", show_activity_id(activity, id));
	if (activity->kind == ACTIVITY_FILL) fill_fields(json, activity);
	else dividend_fields(json, activity);
	json_object_end(json);
}

/* --- position ----------------------------------------------------------------------------------------------------- */

static int64_t ratio_e8(int64_t part_e8, int64_t whole_e8) { return whole_e8 > 0 ? e8_div(part_e8, whole_e8) : 0; }

void show_position(const struct server *server, struct json *json, uint16_t sym)
{
	const struct broker_position *position = &server->broker.position[sym];
	int64_t                       px_e8 = server->match.symbol[sym].px_e8, value_usd_e8 = e8_mul(position->qty_e8, px_e8);
	int64_t                       gain_usd_e8 = value_usd_e8 - position->cost_usd_e8, last_px_e8 = worth_last_close_px_e8(server, sym);
	int64_t                       today_usd_e8 = e8_mul(position->qty_e8, px_e8 - last_px_e8);
	json_object_begin(json);
	field_uuid(json, "asset_id", UUID_ASSET, sym);
	field_symbol(json, "symbol", sym);
	field_text(json, "exchange", name_is_crypto(sym) ? "CRYPTO" : "ARCA");
	field_text(json, "asset_class", class_text(sym));
	field_bool(json, "asset_marginable", !name_is_crypto(sym));
	field_e8_text(json, "avg_entry_price", broker_entry_px_e8(position));
	field_e8_text(json, "qty", position->qty_e8);
	field_e8_text(json, "qty_available", position->qty_e8 - worth_held_for_orders_e8(server, sym));
	field_text(json, "side", "long");
	field_e8_text(json, "market_value", value_usd_e8);
	field_e8_text(json, "cost_basis", position->cost_usd_e8);
	field_e8_text(json, "unrealized_pl", gain_usd_e8);
	field_e8_text(json, "unrealized_plpc", ratio_e8(gain_usd_e8, position->cost_usd_e8));
	field_e8_text(json, "unrealized_intraday_pl", today_usd_e8);
	field_e8_text(json, "unrealized_intraday_plpc", ratio_e8(px_e8 - last_px_e8, last_px_e8));
	field_e8_text(json, "current_price", px_e8);
	field_e8_text(json, "lastday_price", last_px_e8);
	field_e8_text(json, "change_today", ratio_e8(px_e8 - last_px_e8, last_px_e8));
	json_object_end(json);
}
