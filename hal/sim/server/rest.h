/* rest.h - one REST call of the venue: what was asked, and the reply that is being made.
 *
 * A handler reads `rest` (query parameters by rest_query, the body by its own paths), writes one JSON value into rest->json and leaves status 200,
 * or calls rest_refuse, once, and returns. Error bodies are {"code":N,"message":"..."}, codes as the venue documents them. */
#ifndef HAL_SIM_SERVER_REST_H
#define HAL_SIM_SERVER_REST_H
#include "hal/sim/server/server.h"
#include "hal/wire/json.h"

enum {
	REST_PATH_BYTES = 256, REST_QUERY_BYTES = 4096, REST_VALUE_BYTES = 2048, REST_MESSAGE_BYTES = 256,
	/* the venue's codes */
	CODE_SYNTAX = 40010000, CODE_PARAMETER = 40010001, CODE_KEY = 40110000, CODE_FORBIDDEN = 40310000, CODE_NOT_FOUND = 40410000,
	CODE_CONFLICT = 40910000, CODE_INVALID = 42210000, CODE_TOO_MANY = 42910000, CODE_FAILED = 50010000, CODE_FULL = 50310000
};

struct rest {
	char            method[8], path[REST_PATH_BYTES], query[REST_QUERY_BYTES];
	const char     *rest;                   /* of the path, behind its route, decoded */
	const char     *body;
	size_t          body_bytes;
	enum server_key who;

	uint32_t        status;
	bool            refused;
	struct json     json;
};

/* Answers the call: status, and the body in rest->json (none: json.length is 0). */
void rest_call(struct server *server, struct rest *rest);
/* Whether the call belongs to these places of faults (bits of fault_where). */
uint32_t rest_wheres(const struct rest *rest);

/* The decoded value of a query parameter; false when it is not there, or too long. */
bool rest_query(const struct rest *rest, const char *name, char *value, size_t size);
/* A whole number within bounds; `otherwise` when it is not there. False after refusing. */
bool rest_query_i64(struct rest *rest, const char *name, int64_t low, int64_t high, int64_t otherwise, int64_t *out);
/* "A,B,C" of query parameter `symbols`: wanted[sym] for those of this class. False after refusing (an unknown symbol, or none). */
bool rest_query_symbols(struct rest *rest, bool crypto, bool wanted[UNIVERSE_N]);
/* An instant or a date of a query parameter; *t_ns stays when it is not there. False after refusing. */
bool rest_query_time(struct rest *rest, const char *name, int64_t *t_ns, bool *is_date);
__attribute__((format(printf, 4, 5))) void rest_refuse(struct rest *rest, uint32_t status, int64_t code, const char *format, ...);

/* Whose key this is, with its secret. */
enum server_key rest_key_of(const struct server *server, const struct json_value *id, const struct json_value *secret);

/* The handlers. */
#define REST_HANDLERS(X)                                                                                                       \
	X(orders_post) X(orders_list) X(orders_get) X(orders_by_client_id) X(orders_patch) X(orders_delete) X(orders_delete_all)  \
	X(positions_list) X(positions_get) X(positions_close) X(positions_close_all)                                              \
	X(account_get) X(account_activities) X(account_configurations) X(clock_get) X(calendar_get) X(assets_list) X(assets_get)   \
	X(data_bars) X(data_snapshots) X(data_trades_latest) X(data_quotes_latest) X(data_bars_latest)                            \
	X(crypto_bars) X(crypto_snapshots) X(crypto_trades_latest) X(crypto_quotes_latest) X(crypto_bars_latest)                  \
	X(sim_advance) X(sim_now) X(sim_faults) X(sim_counts)
#define REST_HANDLER(name) void rest_##name(struct server *server, struct rest *rest);
REST_HANDLERS(REST_HANDLER)
#undef REST_HANDLER

#endif
