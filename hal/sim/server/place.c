/* place.c - see place.h. Checks in this order: the request itself, the id's uniqueness, then money and holdings: so a repeated request is told as such. */
#include "hal/sim/server/place.h"

#include <stdio.h>
#include <string.h>

#include "hal/sim/server/log.h"
#include "hal/sim/server/moment.h"
#include "hal/sim/server/names.h"
#include "hal/sim/server/worth.h"

enum { CENT_E8 = 1000000, SUB_CENT_E8 = 10000, JOURNAL = 1 };

enum {
	ORDER_SYMBOL, ORDER_QTY, ORDER_NOTIONAL, ORDER_SIDE, ORDER_TYPE, ORDER_TIF, ORDER_LIMIT, ORDER_STOP, ORDER_TRAIL_PX, ORDER_TRAIL_PCT,
	ORDER_EXTENDED, ORDER_CLIENT_ID, ORDER_CLASS, ORDER_PATHS_N
};
static const char *const order_path[ORDER_PATHS_N] = {
	"symbol", "qty", "notional", "side", "type", "time_in_force", "limit_price", "stop_price", "trail_price", "trail_percent", "extended_hours",
	"client_order_id", "order_class",
};

/* --- the request -------------------------------------------------------------------------------------------------- */

static bool is_there(const struct json_value *value) { return value->kind != JSON_NONE && value->kind != JSON_NULL; }

static bool refuse(struct rest *rest, const char *what)
{
	rest_refuse(rest, 422, CODE_INVALID, "%s", what);
	return false;
}

static bool read_symbol(struct rest *rest, const struct json_value *value, uint16_t *sym)
{
	char   text[32];
	size_t length;
	if (value->kind != JSON_STRING || json_text(value, text, sizeof text, &length) != JSON_OK || length == 0) {
		rest_refuse(rest, 422, CODE_PARAMETER, "symbol is required");
		return false;
	}
	*sym = name_find(text, length);
	if (*sym == SYM_NONE) rest_refuse(rest, 422, CODE_INVALID, "asset \"%s\" not found", text);
	else if (universe[*sym].asset_class == ASSET_INDEX) rest_refuse(rest, 422, CODE_INVALID, "asset \"%s\" is not tradable", text);
	else return true;
	return false;
}

static bool read_side(struct rest *rest, const struct json_value *value, uint8_t *side)
{
	if (value->kind != JSON_STRING || (!json_is(value, "buy") && !json_is(value, "sell"))) return refuse(rest, "side must be buy or sell");
	*side = json_is(value, "buy") ? SIDE_BUY : SIDE_SELL;
	return true;
}

static bool read_type(struct rest *rest, const struct json_value *found, uint8_t *order_type)
{
	const struct json_value *type = &found[ORDER_TYPE];
	if (type->kind != JSON_STRING) return refuse(rest, "type is required");
	if (!json_is(type, "market") && !json_is(type, "limit")) return refuse(rest, "this venue takes market and limit orders only");
	if (is_there(&found[ORDER_STOP]) || is_there(&found[ORDER_TRAIL_PX]) || is_there(&found[ORDER_TRAIL_PCT]))
		return refuse(rest, "market and limit orders have no stop or trail price");
	*order_type = json_is(type, "limit") ? ORDER_TYPE_LIMIT : ORDER_TYPE_MARKET;
	return true;
}

static bool read_tif(struct rest *rest, const struct json_value *value, uint16_t sym, uint8_t *tif)
{
	for (*tif = 0; *tif < BROKER_TIFS_N; ++*tif)
		if (value->kind == JSON_STRING && json_is(value, broker_tif_text[*tif])) break;
	if (*tif == BROKER_TIFS_N) return refuse(rest, "invalid time_in_force: this venue takes day, gtc, opg and ioc");
	if (name_is_crypto(sym) && *tif != BROKER_GTC && *tif != BROKER_IOC) return refuse(rest, "invalid crypto time_in_force");
	return true;
}

static bool read_qty(struct rest *rest, const struct json_value *found, uint16_t sym, int64_t *qty_e8)
{
	uint32_t cut = 0;
	if (is_there(&found[ORDER_NOTIONAL])) return refuse(rest, "this venue takes qty, not notional");
	if (!is_there(&found[ORDER_QTY])) return refuse(rest, "qty or notional is required");
	if (json_e8_of_text(&found[ORDER_QTY], qty_e8, &cut) != JSON_OK) return refuse(rest, "qty is not a number");
	if (*qty_e8 <= 0) return refuse(rest, "qty must be > 0");
	if (*qty_e8 > MATCH_QTY_MAX * E8) return refuse(rest, "qty is too large");
	if (cut == 0 && *qty_e8 % universe[sym].lot_e8 == 0) return true;
	return refuse(rest, name_is_crypto(sym) ? "qty increment is too small" : "asset is not fractionable");
}

bool place_check_limit(struct rest *rest, uint16_t sym, int64_t limit_px_e8, uint32_t cut)
{
	char    text[E8_TEXT_BYTES];
	int64_t step_e8 = limit_px_e8 >= E8 ? CENT_E8 : SUB_CENT_E8;
	if (limit_px_e8 <= 0) return refuse(rest, "limit price must be > 0");
	if (limit_px_e8 > MATCH_PX_MAX_USD * E8) return refuse(rest, "limit price is too far away");
	if (name_is_crypto(sym) || (cut == 0 && limit_px_e8 % step_e8 == 0)) return true;
	e8_text(text, limit_px_e8);
	rest_refuse(rest, 422, CODE_INVALID, "invalid limit_price %s. sub-penny increment does not fulfill minimum pricing criteria", text);
	return false;
}

static bool read_limit(struct rest *rest, const struct json_value *value, struct wish *wish)
{
	uint32_t cut = 0;
	wish->limit_px_e8 = 0;
	if (wish->order_type == ORDER_TYPE_MARKET) return !is_there(value) || refuse(rest, "market orders have no limit price");
	if (!is_there(value)) return refuse(rest, "limit orders require a limit price");
	if (json_e8_of_text(value, &wish->limit_px_e8, &cut) != JSON_OK) return refuse(rest, "limit_price is not a number");
	return place_check_limit(rest, wish->sym, wish->limit_px_e8, cut);
}

static bool read_client_id(struct rest *rest, const struct json_value *value, char client_id[BROKER_ID_BYTES])
{
	size_t length = 0;
	client_id[0] = '\0';
	if (!is_there(value)) return true;
	if (value->kind == JSON_STRING && json_text(value, client_id, BROKER_ID_BYTES, &length) == JSON_OK && strlen(client_id) == length) return true;
	rest_refuse(rest, 422, CODE_PARAMETER, "client_order_id must be no more than 128 characters");
	return false;
}

static bool read_class(struct rest *rest, const struct json_value *found)
{
	const struct json_value *kind = &found[ORDER_CLASS];
	bool                     simple = kind->kind == JSON_STRING && (json_is(kind, "") || json_is(kind, "simple"));
	if (is_there(kind) && !simple) return refuse(rest, "this venue takes simple orders only");
	return found[ORDER_EXTENDED].kind != JSON_TRUE || refuse(rest, "this venue has no extended hours");
}

bool place_read(struct rest *rest, struct wish *wish)
{
	static struct json_paths paths;
	struct json_reader       json;
	struct json_value        found[ORDER_PATHS_N], first;
	if (paths.paths == 0) json_paths_init(&paths, order_path, ORDER_PATHS_N);
	json_open(&json, rest->body, rest->body_bytes);
	memset(wish, 0, sizeof *wish);
	if (json_next(&json, &first) != JSON_OBJECT || !json_pick(&json, &paths, found) || !json_finish(&json)) {
		rest_refuse(rest, 400, CODE_SYNTAX, "request body format is invalid");
		return false;
	}
	return read_class(rest, found) && read_client_id(rest, &found[ORDER_CLIENT_ID], wish->client_id) && read_symbol(rest, &found[ORDER_SYMBOL], &wish->sym) &&
	       read_side(rest, &found[ORDER_SIDE], &wish->side) && read_type(rest, found, &wish->order_type) &&
	       read_tif(rest, &found[ORDER_TIF], wish->sym, &wish->tif) && read_qty(rest, found, wish->sym, &wish->qty_e8) &&
	       read_limit(rest, &found[ORDER_LIMIT], wish);
}

/* --- may it be? --------------------------------------------------------------------------------------------------- */

static bool check_holdings(const struct server *server, struct rest *rest, const struct wish *wish)
{
	int64_t held_e8 = server->broker.position[wish->sym].qty_e8, open_e8 = worth_held_for_orders_e8(server, wish->sym);
	char    wanted[E8_TEXT_BYTES], available[E8_TEXT_BYTES], symbol[NAME_SYMBOL_BYTES];
	if (wish->qty_e8 <= held_e8 - open_e8) return true;
	e8_text(wanted, wish->qty_e8);
	e8_text(available, held_e8 - open_e8);
	rest_refuse(rest, 403, CODE_FORBIDDEN, "insufficient qty available for order (requested: %s, available: %s)", wanted, available);
	json_begin(&rest->json, rest->json.text, rest->json.size);        /* the body with what there is */
	json_object_begin(&rest->json);
	json_key(&rest->json, "available"), json_string(&rest->json, available);
	json_key(&rest->json, "code"), json_i64(&rest->json, CODE_FORBIDDEN);
	e8_text(available, held_e8);
	json_key(&rest->json, "existing_qty"), json_string(&rest->json, available);
	e8_text(available, open_e8);
	json_key(&rest->json, "held_for_orders"), json_string(&rest->json, available);
	json_key(&rest->json, "message"), json_string(&rest->json, "insufficient qty available for order");
	json_key(&rest->json, "symbol"), json_string(&rest->json, name_symbol(wish->sym, symbol));
	json_object_end(&rest->json);
	return false;
}

static bool check_money(struct server *server, struct rest *rest, const struct wish *wish)
{
	if (wish->side == SIDE_SELL) return check_holdings(server, rest, wish);
	if (worth_order_cost_usd_e8(server, wish->sym, wish->qty_e8, wish->limit_px_e8) <= worth_buying_power_usd_e8(server)) return true;
	rest_refuse(rest, 403, CODE_FORBIDDEN, "insufficient buying power");
	return false;
}

static bool check(struct server *server, struct rest *rest, const struct wish *wish)
{
	if (*wish->client_id && broker_find(&server->broker, wish->client_id, strlen(wish->client_id)) != BROKER_NONE) {
		server->counts.orders_repeated++;
		rest_refuse(rest, 422, CODE_PARAMETER, "client_order_id must be unique");
		return false;
	}
	if (broker_has_room(&server->broker)) return check_money(server, rest, wish);
	server->counts.full++;
	rest_refuse(rest, 503, CODE_FULL, "this venue holds no more orders");
	return false;
}

/* --- its way in --------------------------------------------------------------------------------------------------- */

/* A market order that comes while its session is closed waits for the next open. */
static enum time_in_force engine_tif(const struct server *server, const struct wish *wish)
{
	bool open = server->match.is_open[universe[wish->sym].calendar];
	if (wish->tif == BROKER_OPG) return TIF_OPEN;
	if (wish->tif == BROKER_IOC) return TIF_IOC;
	if (wish->order_type == ORDER_TYPE_MARKET && !open) return TIF_OPEN;
	return wish->tif == BROKER_GTC ? TIF_GTC : TIF_DAY;
}

static void send_new(struct server *server, uint32_t number, enum time_in_force tif)
{
	const struct broker_order *order = &server->broker.order[number];
	struct event               event = event_make(EVENT_ORDER_NEW, order->sym, order->updated_ns);
	event.request = (struct order_request){
		.journal_id = JOURNAL, .order_id = number + UINT64_C(1), .qty_e8 = order->qty_e8, .limit_px_e8 = order->limit_px_e8, .side = order->side,
		.order_type = order->order_type, .time_in_force = (uint8_t)tif,
	};
	match_order(&server->match, &event);
	moment_settle(server);
}

uint32_t place_order(struct server *server, struct rest *rest, const struct wish *wish)
{
	struct broker_order order = { .side = wish->side, .order_type = wish->order_type, .tif = wish->tif, .sym = wish->sym };
	if (!check(server, rest, wish)) return BROKER_NONE;
	order.qty_e8 = wish->qty_e8;
	order.limit_px_e8 = wish->limit_px_e8;
	order.created_ns = order.updated_ns = server->moment.t_ns;
	if (*wish->client_id) memcpy(order.client_id, wish->client_id, sizeof order.client_id);
	else name_uuid(UUID_REQUEST, (UINT64_C(1) << 40) + server->broker.orders_n, order.client_id);
	uint32_t number = broker_add(&server->broker, &order);
	server->counts.orders_new++;
	send_new(server, number, engine_tif(server, wish));
	return number;
}

void place_send(struct server *server, enum event_kind kind, uint32_t number, int64_t qty_e8, int64_t limit_px_e8)
{
	const struct broker_order *order = &server->broker.order[number];
	struct event               event = event_make(kind, order->sym, server->moment.t_ns);
	event.ref = (struct order_ref){ .journal_id = JOURNAL, .order_id = order->first + UINT64_C(1), .qty_e8 = qty_e8, .limit_px_e8 = limit_px_e8 };
	server->verdict = event_make(EVENT_NONE, SYM_NONE, 0);
	match_order(&server->match, &event);
	moment_settle(server);
}
