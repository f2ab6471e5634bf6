/* rest_orders.c - /v2/orders: new, one, all, changed, cancelled. */
#include <string.h>

#include "hal/sim/server/log.h"
#include "hal/sim/server/names.h"
#include "hal/sim/server/place.h"
#include "hal/sim/server/show.h"
#include "hal/sim/server/stream.h"
#include "hal/sim/server/worth.h"

enum { LIST_DEFAULT = 50, LIST_MAX = 500 };

static void refused_order(struct server *server, struct rest *rest, const char *client_id)
{
	char message[REST_MESSAGE_BYTES] = "";
	server->counts.orders_refused++;
	memcpy(message, rest->json.text, rest->json.length < sizeof message ? rest->json.length : sizeof message - 1);
	log_refused(server, client_id, rest->status, 0, message);
}

void rest_orders_post(struct server *server, struct rest *rest)
{
	struct wish wish;
	uint32_t    number = place_read(rest, &wish) ? place_order(server, rest, &wish) : BROKER_NONE;
	if (number == BROKER_NONE) refused_order(server, rest, wish.client_id);
	else show_order(server, &rest->json, number);
}

static uint32_t find(struct server *server, struct rest *rest)
{
	uint64_t number;
	if (name_uuid_parse(UUID_ORDER, rest->rest, strlen(rest->rest), &number) && number < server->broker.orders_n) return (uint32_t)number;
	rest_refuse(rest, 404, CODE_NOT_FOUND, "order not found for %s", rest->rest);
	return BROKER_NONE;
}

void rest_orders_get(struct server *server, struct rest *rest)
{
	uint32_t number = find(server, rest);
	if (number != BROKER_NONE) show_order(server, &rest->json, number);
}

void rest_orders_by_client_id(struct server *server, struct rest *rest)
{
	char id[BROKER_ID_BYTES];
	if (!rest_query(rest, "client_order_id", id, sizeof id) || !*id) {
		rest_refuse(rest, 422, CODE_PARAMETER, "client_order_id is required");
		return;
	}
	uint32_t number = broker_find(&server->broker, id, strlen(id));
	if (number == BROKER_NONE) rest_refuse(rest, 404, CODE_NOT_FOUND, "order not found for %s", id);
	else show_order(server, &rest->json, number);
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

enum list_status { LIST_OPEN, LIST_CLOSED, LIST_ALL };
struct list { enum list_status status; int64_t limit, after_ns, until_ns; bool ascending, by_symbol, wanted[UNIVERSE_N]; };

static bool read_status(struct rest *rest, struct list *list)
{
	char text[16] = "open", direction[8] = "desc";
	(void)rest_query(rest, "status", text, sizeof text);
	(void)rest_query(rest, "direction", direction, sizeof direction);
	list->status = strcmp(text, "all") == 0 ? LIST_ALL : strcmp(text, "closed") == 0 ? LIST_CLOSED : LIST_OPEN;
	list->ascending = strcmp(direction, "asc") == 0;
	if (list->status == LIST_OPEN && strcmp(text, "open") != 0) rest_refuse(rest, 422, CODE_PARAMETER, "invalid status: %s", text);
	else if (!list->ascending && strcmp(direction, "desc") != 0) rest_refuse(rest, 422, CODE_PARAMETER, "invalid direction: %s", direction);
	else return true;
	return false;
}

static void read_symbols(const struct rest *rest, struct list *list)
{
	char text[REST_VALUE_BYTES];
	list->by_symbol = rest_query(rest, "symbols", text, sizeof text) && *text;
	for (const char *at = text; list->by_symbol && *at;) {
		size_t   length = strcspn(at, ",");
		uint16_t sym = name_find(at, length);
		if (sym != SYM_NONE) list->wanted[sym] = true;
		at += length + (at[length] == ',');
	}
}

static bool is_listed(const struct list *list, const struct broker_order *order)
{
	bool open = broker_is_open(order);
	if (list->status != LIST_ALL && open != (list->status == LIST_OPEN)) return false;
	if (list->by_symbol && !list->wanted[order->sym]) return false;
	return order->created_ns > list->after_ns && order->created_ns < list->until_ns;
}

void rest_orders_list(struct server *server, struct rest *rest)
{
	struct list list = { .after_ns = INT64_MIN, .until_ns = INT64_MAX };
	uint32_t    orders_n = server->broker.orders_n;
	bool        is_date;
	if (!read_status(rest, &list) || !rest_query_i64(rest, "limit", 1, LIST_MAX, LIST_DEFAULT, &list.limit)) return;
	if (!rest_query_time(rest, "after", &list.after_ns, &is_date) || !rest_query_time(rest, "until", &list.until_ns, &is_date)) return;
	read_symbols(rest, &list);
	json_array_begin(&rest->json);
	for (uint32_t i = 0; i < orders_n && list.limit > 0; i++) {
		uint32_t number = list.ascending ? i : orders_n - 1 - i;
		if (!is_listed(&list, &server->broker.order[number])) continue;
		show_order(server, &rest->json, number);
		list.limit--;
	}
	json_array_end(&rest->json);
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

enum { PATCH_QTY, PATCH_LIMIT, PATCH_TIF, PATCH_CLIENT_ID, PATCH_STOP, PATCH_TRAIL, PATCH_PATHS_N };
static const char *const patch_path[PATCH_PATHS_N] = { "qty", "limit_price", "time_in_force", "client_order_id", "stop_price", "trail" };

static bool is_there(const struct json_value *value) { return value->kind != JSON_NONE && value->kind != JSON_NULL; }

static bool read_patch(struct rest *rest, struct json_value found[PATCH_PATHS_N])
{
	static struct json_paths paths;
	struct json_reader       json;
	struct json_value        first;
	if (paths.paths == 0) json_paths_init(&paths, patch_path, PATCH_PATHS_N);
	json_open(&json, rest->body, rest->body_bytes);
	if (json_next(&json, &first) == JSON_OBJECT && json_pick(&json, &paths, found) && json_finish(&json)) return true;
	rest_refuse(rest, 400, CODE_SYNTAX, "request body format is invalid");
	return false;
}

static bool refuse(struct rest *rest, int64_t code, const char *what)
{
	rest_refuse(rest, 422, code, "%s", what);
	return false;
}

static bool read_e8(const struct json_value *value, int64_t *out_e8, uint32_t *cut)
{
	return !is_there(value) || json_e8_of_text(value, out_e8, cut) == JSON_OK;
}

static bool same_tif(const struct json_value *value, uint8_t tif)
{
	return !is_there(value) || (value->kind == JSON_STRING && json_is(value, broker_tif_text[tif]));
}

static bool is_new_id(const struct server *server, const char *client_id)
{
	return !*client_id || broker_find(&server->broker, client_id, strlen(client_id)) == BROKER_NONE;
}

/* The wish that the changed order is; false after refusing. */
static bool changed(struct server *server, struct rest *rest, uint32_t number, struct wish *wish)
{
	const struct broker_order *order = &server->broker.order[number];
	struct json_value          found[PATCH_PATHS_N], *id = &found[PATCH_CLIENT_ID];
	uint32_t                   qty_cut = 0, limit_cut = 0;
	bool                       market = order->order_type == ORDER_TYPE_MARKET;
	size_t                     length;
	*wish = (struct wish){ .sym = order->sym, .order_type = order->order_type, .qty_e8 = order->qty_e8, .limit_px_e8 = order->limit_px_e8 };
	if (!read_patch(rest, found)) return false;
	if (!read_e8(&found[PATCH_QTY], &wish->qty_e8, &qty_cut) || !read_e8(&found[PATCH_LIMIT], &wish->limit_px_e8, &limit_cut))
		return refuse(rest, CODE_PARAMETER, "qty or limit_price is not a number");
	if (is_there(id) && (id->kind != JSON_STRING || json_text(id, wish->client_id, sizeof wish->client_id, &length) != JSON_OK))
		return refuse(rest, CODE_PARAMETER, "client_order_id must be no more than 128 characters");
	if (!same_tif(&found[PATCH_TIF], order->tif) || is_there(&found[PATCH_STOP]) || is_there(&found[PATCH_TRAIL]))
		return refuse(rest, CODE_INVALID, "only qty, limit_price and client_order_id can be replaced here");
	if (qty_cut || wish->qty_e8 <= order->filled_qty_e8) return refuse(rest, CODE_INVALID, "qty must be above what is filled");
	if (market && is_there(&found[PATCH_LIMIT])) return refuse(rest, CODE_INVALID, "market orders have no limit price");
	if (!is_new_id(server, wish->client_id)) return refuse(rest, CODE_PARAMETER, "client_order_id must be unique");
	return market || place_check_limit(rest, order->sym, wish->limit_px_e8, limit_cut);
}

static bool can_be_paid(const struct server *server, const struct broker_order *order, const struct wish *wish)
{
	int64_t before_usd_e8 = worth_order_cost_usd_e8(server, order->sym, order->qty_e8, order->limit_px_e8);
	int64_t after_usd_e8 = worth_order_cost_usd_e8(server, order->sym, wish->qty_e8, wish->limit_px_e8);
	return after_usd_e8 - before_usd_e8 <= worth_buying_power_usd_e8(server);
}

static bool is_held(const struct server *server, const struct broker_order *order, const struct wish *wish)
{
	return wish->qty_e8 - order->qty_e8 <= server->broker.position[order->sym].qty_e8 - worth_held_for_orders_e8(server, order->sym);
}

/* More of a sell than is held, or of a buy than can be paid, may not be reached by a change. */
static bool is_covered(struct server *server, struct rest *rest, uint32_t number, const struct wish *wish)
{
	const struct broker_order *order = &server->broker.order[number];
	if (order->side == SIDE_SELL && !is_held(server, order, wish)) rest_refuse(rest, 403, CODE_FORBIDDEN, "insufficient qty available for order");
	else if (order->side == SIDE_BUY && !can_be_paid(server, order, wish)) rest_refuse(rest, 403, CODE_FORBIDDEN, "insufficient buying power");
	else if (!broker_has_room(&server->broker)) {
		server->counts.full++;
		rest_refuse(rest, 503, CODE_FULL, "this venue holds no more orders");
	} else return true;
	return false;
}

static void replace(struct server *server, struct rest *rest, uint32_t number, struct wish *wish)
{
	place_send(server, EVENT_ORDER_REPLACE, number, wish->qty_e8, wish->limit_px_e8);
	if (server->verdict.kind != EVENT_REPLACED) {
		rest_refuse(rest, 422, CODE_INVALID, "order is not replaceable: %s", match_code_text[server->verdict.reply.code]);
		return;
	}
	if (!*wish->client_id) name_uuid(UUID_REQUEST, (UINT64_C(1) << 40) + server->broker.orders_n, wish->client_id);
	uint32_t fresh = broker_replace(&server->broker, number, wish->client_id, wish->qty_e8, wish->limit_px_e8, server->moment.t_ns);
	server->counts.orders_replaced++;
	log_order(server, "replaced", number);
	stream_order(server, "replaced", number);
	log_order(server, "accepted", fresh);
	stream_order(server, "new", fresh);
	show_order(server, &rest->json, fresh);
}

void rest_orders_patch(struct server *server, struct rest *rest)
{
	struct wish wish;
	uint32_t    number = find(server, rest);
	if (number == BROKER_NONE) return;
	if (!broker_is_open(&server->broker.order[number])) {
		rest_refuse(rest, 422, CODE_INVALID, "order is not open: it is already in \"%s\" state", broker_state_text[server->broker.order[number].state]);
		return;
	}
	if (changed(server, rest, number, &wish) && is_covered(server, rest, number, &wish)) replace(server, rest, number, &wish);
}

void rest_orders_delete(struct server *server, struct rest *rest)
{
	uint32_t number = find(server, rest);
	if (number == BROKER_NONE) return;
	const struct broker_order *order = &server->broker.order[number];
	if (!broker_is_open(order)) {
		rest_refuse(rest, 422, CODE_INVALID, "order is not cancelable: it is already in \"%s\" state", broker_state_text[order->state]);
		return;
	}
	place_send(server, EVENT_ORDER_CANCEL, number, 0, 0);
	if (server->verdict.kind == EVENT_CANCEL_REJECTED) rest_refuse(rest, 422, CODE_INVALID, "order is not cancelable: it is being filled");
	else rest->status = 204;
}

static void put_cancelled(struct server *server, struct json *json, uint32_t number)
{
	char uuid[NAME_UUID_BYTES];
	place_send(server, EVENT_ORDER_CANCEL, number, 0, 0);
	json_object_begin(json);
	json_key(json, "id"), json_string(json, name_uuid(UUID_ORDER, number, uuid));
	json_key(json, "status"), json_i64(json, server->broker.order[number].state == BROKER_CANCELED ? 200 : 500);
	if (json->length < SERVER_REPLY_BYTES / 2) json_key(json, "body"), show_order(server, json, number);        /* thousands have no room for it */
	json_object_end(json);
}

void rest_orders_delete_all(struct server *server, struct rest *rest)
{
	json_array_begin(&rest->json);
	for (uint32_t number = 0; number < server->broker.orders_n; number++)
		if (broker_is_open(&server->broker.order[number])) put_cancelled(server, &rest->json, number);
	json_array_end(&rest->json);
	rest->status = 207;
}
