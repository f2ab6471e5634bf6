/* log.c - see log.h. */
#include "hal/sim/server/log.h"

#include "hal/sim/server/fields.h"
#include "hal/sim/server/show.h"

enum { LINE_BYTES = 2048 };

static void begin(struct server *server, struct json *json, char line[LINE_BYTES], const char *what)
{
	json_begin(json, line, LINE_BYTES);
	json_object_begin(json);
	field_i64(json, "seq", (int64_t)++server->log_sequence);
	field_i64(json, "t_ns", server->moment.t_ns);
	field_i64(json, "moment", server->moment.number);
	field_text(json, "what", what);
}

static void end(struct server *server, struct json *json)
{
	json_object_end(json);
	json_line(json);
	if (server->config.log) server->config.log(server->config.log_self, json->text, json_length(json));
}

void log_order(struct server *server, const char *what, uint32_t number)
{
	const struct broker_order *order = &server->broker.order[number];
	struct json                json;
	char                       line[LINE_BYTES];
	begin(server, &json, line, what);
	field_uuid(&json, "order_id", UUID_ORDER, number);
	field_text(&json, "client_order_id", order->client_id);
	field_symbol(&json, "symbol", order->sym);
	field_text(&json, "side", show_side(order->side));
	field_e8_text(&json, "qty", order->qty_e8);
	field_e8_text(&json, "filled_qty", order->filled_qty_e8);
	field_text(&json, "type", show_type(order->order_type));
	if (order->order_type == ORDER_TYPE_LIMIT) field_e8_text(&json, "limit_price", order->limit_px_e8);
	field_text(&json, "time_in_force", broker_tif_text[order->tif]);
	if (order->replaced_by != BROKER_NONE) field_uuid(&json, "replaced_by", UUID_ORDER, order->replaced_by);
	end(server, &json);
}

void log_refused(struct server *server, const char *client_id, uint32_t status, int64_t code, const char *message)
{
	struct json json;
	char        line[LINE_BYTES];
	begin(server, &json, line, "refused");
	field_text(&json, "client_order_id", client_id);
	field_i64(&json, "status", status);
	field_i64(&json, "code", code);
	field_text(&json, "message", message);
	end(server, &json);
}

static void fill_fields(struct server *server, struct json *json, const struct activity *activity)
{
	const struct broker_order *order = &server->broker.order[activity->order];
	field_uuid(json, "execution_id", UUID_EXECUTION, activity->number);
	field_uuid(json, "order_id", UUID_ORDER, activity->order);
	field_text(json, "client_order_id", order->client_id);
	field_text(json, "side", show_side(activity->side));
	field_e8_text(json, "price", activity->px_e8);
	field_e8_text(json, "commission", activity->fee_usd_e8);
	field_e8_text(json, "cum_qty", activity->cum_qty_e8);
	field_e8_text(json, "position_qty", server->broker.position[activity->sym].qty_e8);
}

static void cash_fields(struct json *json, const struct activity *activity)
{
	field_uuid(json, "activity_id", UUID_CASH, activity->number);
	field_text(json, "kind", "DIV");
	field_e8_text(json, "per_share_amount", activity->px_e8);
	field_e8_text(json, "net_amount", activity->net_usd_e8);
}

void log_activity(struct server *server, const struct activity *activity)
{
	struct json json;
	char        line[LINE_BYTES];
	bool        fill = activity->kind == ACTIVITY_FILL;
	begin(server, &json, line, fill ? "fill" : "cash");
	field_i64(&json, "at_ns", activity->t_ns);
	field_symbol(&json, "symbol", activity->sym);
	field_e8_text(&json, "qty", activity->qty_e8);
	if (fill) fill_fields(server, &json, activity);
	else cash_fields(&json, activity);
	field_e8_text(&json, "cash", server->broker.cash_usd_e8);
	end(server, &json);
}
