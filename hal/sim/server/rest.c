/* rest.c - the routes of the venue, and what stands before every handler: keys and the rate. */
#include "hal/sim/server/rest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hal/sim/server/names.h"
#include "hal/sim/server/stamp.h"
#include "hal/wire/percent.h"

/* Who may call: anyone with a key (market data, market facts), or the trading key alone; the simulator's own paths take any and cost no rate. */
enum right { RIGHT_ANY, RIGHT_TRADE, RIGHT_SIM };

struct route {
	const char *method, *path;      /* a path that ends in * has one more part */
	enum right  right;
	void      (*handle)(struct server *server, struct rest *rest);
};
static const struct route routes[] = {
	{ "POST", "/v2/orders", RIGHT_TRADE, rest_orders_post },
	{ "GET", "/v2/orders", RIGHT_TRADE, rest_orders_list },
	{ "DELETE", "/v2/orders", RIGHT_TRADE, rest_orders_delete_all },
	{ "GET", "/v2/orders:by_client_order_id", RIGHT_TRADE, rest_orders_by_client_id },
	{ "GET", "/v2/orders/*", RIGHT_TRADE, rest_orders_get },
	{ "PATCH", "/v2/orders/*", RIGHT_TRADE, rest_orders_patch },
	{ "DELETE", "/v2/orders/*", RIGHT_TRADE, rest_orders_delete },
	{ "GET", "/v2/positions", RIGHT_TRADE, rest_positions_list },
	{ "DELETE", "/v2/positions", RIGHT_TRADE, rest_positions_close_all },
	{ "GET", "/v2/positions/*", RIGHT_TRADE, rest_positions_get },
	{ "DELETE", "/v2/positions/*", RIGHT_TRADE, rest_positions_close },
	{ "GET", "/v2/account", RIGHT_TRADE, rest_account_get },
	{ "GET", "/v2/account/configurations", RIGHT_TRADE, rest_account_configurations },
	{ "GET", "/v2/account/activities", RIGHT_TRADE, rest_account_activities },
	{ "GET", "/v2/account/activities/*", RIGHT_TRADE, rest_account_activities },
	{ "GET", "/v2/clock", RIGHT_ANY, rest_clock_get },
	{ "GET", "/v2/calendar", RIGHT_ANY, rest_calendar_get },
	{ "GET", "/v2/assets", RIGHT_ANY, rest_assets_list },
	{ "GET", "/v2/assets/*", RIGHT_ANY, rest_assets_get },
	{ "GET", "/v2/stocks/bars", RIGHT_ANY, rest_data_bars },
	{ "GET", "/v2/stocks/snapshots", RIGHT_ANY, rest_data_snapshots },
	{ "GET", "/v2/stocks/trades/latest", RIGHT_ANY, rest_data_trades_latest },
	{ "GET", "/v2/stocks/quotes/latest", RIGHT_ANY, rest_data_quotes_latest },
	{ "GET", "/v2/stocks/bars/latest", RIGHT_ANY, rest_data_bars_latest },
	{ "GET", "/v1beta3/crypto/us/bars", RIGHT_ANY, rest_crypto_bars },
	{ "GET", "/v1beta3/crypto/us/snapshots", RIGHT_ANY, rest_crypto_snapshots },
	{ "GET", "/v1beta3/crypto/us/latest/trades", RIGHT_ANY, rest_crypto_trades_latest },
	{ "GET", "/v1beta3/crypto/us/latest/quotes", RIGHT_ANY, rest_crypto_quotes_latest },
	{ "GET", "/v1beta3/crypto/us/latest/bars", RIGHT_ANY, rest_crypto_bars_latest },
	{ "POST", "/sim/v1/advance", RIGHT_SIM, rest_sim_advance },
	{ "GET", "/sim/v1/now", RIGHT_SIM, rest_sim_now },
	{ "POST", "/sim/v1/faults", RIGHT_SIM, rest_sim_faults },
	{ "GET", "/sim/v1/counts", RIGHT_SIM, rest_sim_counts },
};
enum { ROUTES_N = sizeof routes / sizeof *routes };

static bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

uint32_t rest_wheres(const struct rest *rest)
{
	if (begins(rest->path, "/sim/")) return 0;
	uint32_t wheres = 1u << FAULT_AT_REST;
	if (begins(rest->path, "/v2/orders")) wheres |= 1u << FAULT_AT_ORDERS;
	if (strcmp(rest->method, "POST") == 0 && strcmp(rest->path, "/v2/orders") == 0) wheres |= 1u << FAULT_AT_POSTS;
	if (begins(rest->path, "/v2/stocks/") || begins(rest->path, "/v1beta3/")) wheres |= 1u << FAULT_AT_DATA;
	return wheres;
}

void rest_refuse(struct rest *rest, uint32_t status, int64_t code, const char *format, ...)
{
	char    message[REST_MESSAGE_BYTES];
	va_list list;
	va_start(list, format);
	vsnprintf(message, sizeof message, format, list);
	va_end(list);
	rest->status = status;
	rest->refused = true;
	json_begin(&rest->json, rest->json.text, rest->json.size);
	json_object_begin(&rest->json);
	json_key(&rest->json, "code");
	json_i64(&rest->json, code);
	json_key(&rest->json, "message");
	json_string(&rest->json, message);
	json_object_end(&rest->json);
}

/* --- parameters --------------------------------------------------------------------------------------------------- */

bool rest_query(const struct rest *rest, const char *name, char *value, size_t size)
{
	size_t name_bytes = strlen(name), length;
	for (const char *at = rest->query; *at; at += strcspn(at, "&"), at += *at == '&') {
		if (strncmp(at, name, name_bytes) != 0 || at[name_bytes] != '=') continue;
		const char *text = at + name_bytes + 1;
		return percent_decode(value, size, text, strcspn(text, "&"), &length);
	}
	return false;
}

bool rest_query_i64(struct rest *rest, const char *name, int64_t low, int64_t high, int64_t otherwise, int64_t *out)
{
	char  text[32], *end;
	*out = otherwise;
	if (!rest_query(rest, name, text, sizeof text)) return true;
	*out = strtoll(text, &end, 10);
	if (*text && *end == '\0' && *out >= low && *out <= high) return true;
	rest_refuse(rest, 422, CODE_PARAMETER, "invalid %s: %s (%lld to %lld)", name, text, (long long)low, (long long)high);
	return false;
}

bool rest_query_symbols(struct rest *rest, bool crypto, bool wanted[UNIVERSE_N])
{
	char list[REST_VALUE_BYTES];
	memset(wanted, 0, UNIVERSE_N);
	if (!rest_query(rest, "symbols", list, sizeof list) || !*list) {
		rest_refuse(rest, 400, CODE_SYNTAX, "symbols is required");
		return false;
	}
	for (const char *at = list; *at;) {
		size_t   length = strcspn(at, ",");
		uint16_t sym = name_find(at, length);
		if (sym == SYM_NONE || name_is_crypto(sym) != crypto || universe[sym].asset_class == ASSET_INDEX) {
			rest_refuse(rest, 400, CODE_SYNTAX, "invalid symbol: %.*s", (int)length, at);
			return false;
		}
		wanted[sym] = true;
		at += length + (at[length] == ',');
	}
	return true;
}

bool rest_query_time(struct rest *rest, const char *name, int64_t *t_ns, bool *is_date)
{
	char text[STAMP_BYTES];
	if (!rest_query(rest, name, text, sizeof text) || stamp_parse(text, strlen(text), t_ns, is_date)) return true;
	rest_refuse(rest, 422, CODE_PARAMETER, "invalid %s: %s", name, text);
	return false;
}

/* --- who calls, and how often ------------------------------------------------------------------------------------- */

enum server_key rest_key_of(const struct server *server, const struct json_value *id, const struct json_value *secret)
{
	for (int key = SERVER_KEY_DATA; key < SERVER_KEYS_N; key++) {
		const struct server_credential *own = &server->config.key[key];
		if (id->kind == JSON_STRING && secret->kind == JSON_STRING && json_is(id, own->id) && json_is(secret, own->secret)) return (enum server_key)key;
	}
	return SERVER_KEY_NONE;
}

static bool may(struct rest *rest, enum right right)
{
	if (rest->who == SERVER_KEY_NONE) rest_refuse(rest, 401, CODE_KEY, "request is not authorized");
	else if (right == RIGHT_TRADE && rest->who != SERVER_KEY_TRADING) rest_refuse(rest, 403, CODE_FORBIDDEN, "this key may not trade: it is for market data");
	else return true;
	return false;
}

static bool within_rate(struct server *server, struct rest *rest)
{
	int32_t *calls = &server->calls[rest->who];
	if (server->now_ns - server->minute_ns[rest->who] >= 60 * NS_PER_S) {
		server->minute_ns[rest->who] = server->now_ns;
		*calls = 0;
	}
	if (++*calls <= server->config.rate) return true;
	server->counts.rate_limited++;
	rest_refuse(rest, 429, CODE_TOO_MANY, "too many requests.");
	return false;
}

/* --- routing ------------------------------------------------------------------------------------------------------ */

/* The route's path fits; what stands for * is decoded. */
static bool fits(const struct route *route, struct rest *rest, char part[REST_PATH_BYTES])
{
	size_t length = strlen(route->path), decoded;
	if (route->path[length - 1] != '*') return strcmp(route->path, rest->path) == 0;
	const char *at = rest->path + length - 1;
	if (strncmp(route->path, rest->path, length - 1) != 0 || !*at) return false;
	rest->rest = part;
	return percent_decode(part, REST_PATH_BYTES, at, strlen(at), &decoded);
}

static const struct route *find(struct rest *rest, char part[REST_PATH_BYTES], bool *path_known)
{
	for (size_t i = 0; i < ROUTES_N; i++) {
		if (!fits(&routes[i], rest, part)) continue;
		*path_known = true;
		if (strcmp(routes[i].method, rest->method) == 0) return &routes[i];
	}
	return 0;
}

static void handle(struct server *server, struct rest *rest)
{
	char                part[REST_PATH_BYTES] = "";
	bool                path_known = false;
	const struct route *route = find(rest, part, &path_known);
	bool                sim = route && route->right == RIGHT_SIM;
	rest->status = 200;
	rest->rest = part;
	if (sim) server->counts.sim_calls++;
	else server->counts.rest_calls++;
	if (!may(rest, route ? route->right : RIGHT_ANY) || (!sim && !within_rate(server, rest))) return;
	if (route) route->handle(server, rest);
	else if (path_known) rest_refuse(rest, 405, CODE_SYNTAX, "method %s is not allowed here", rest->method);
	else rest_refuse(rest, 404, CODE_NOT_FOUND, "endpoint not found.");
}

void rest_call(struct server *server, struct rest *rest)
{
	json_begin(&rest->json, server->reply, sizeof server->reply);
	handle(server, rest);
	if (rest->json.overflow) rest_refuse(rest, 500, CODE_FAILED, "the reply is too long: ask for less");
	server->counts.rejected_calls += rest->status >= 400;
}
