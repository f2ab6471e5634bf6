/* stream_data.c - market data: welcome, auth, subscribe, and prices. Everything is an array of messages. */
#include <string.h>

#include "hal/sim/server/fields.h"
#include "hal/sim/server/msgpack.h"
#include "hal/sim/server/prices.h"
#include "hal/sim/server/rest.h"
#include "hal/sim/server/stream.h"
#include "hal/wire/json.h"

enum { ANSWER_BYTES = 4096, EVERY = UNIVERSE_N };

#define CHANNEL_NAME(name, type) #name,
static const char *const channel_name[] = { DATA_CHANNELS(CHANNEL_NAME) };

enum { DATA_ACTION, DATA_KEY, DATA_SECRET, DATA_FIRST_CHANNEL, DATA_PATHS_N = DATA_FIRST_CHANNEL + DATA_CHANNELS_N };

/* --- frames ------------------------------------------------------------------------------------------------------- */

/* The text as this client wants it: as it is, or packed. */
static const char *dress(struct server *server, const struct connection *connection, const char *text, size_t *length)
{
	size_t packed;
	if (!connection->packed) return text;
	BUG_UNLESS(3611, msgpack_of_json(text, *length, server->packed, sizeof server->packed, &packed));
	*length = packed;
	return server->packed;
}

static enum websocket_opcode opcode_of(const struct connection *connection) { return connection->packed ? WEBSOCKET_OP_BINARY : WEBSOCKET_OP_TEXT; }

static void answer(struct server *server, struct connection *connection, struct json *json)
{
	json_object_end(json);
	json_array_end(json);
	size_t      length = json_length(json);
	const char *at = dress(server, connection, json->text, &length);
	connection_answer(server, connection, opcode_of(connection), at, length);
}

static void begin(struct json *json, char *text, size_t size, const char *type)
{
	json_begin(json, text, size);
	json_array_begin(json);
	json_object_begin(json);
	field_text(json, "T", type);
}

static void say_success(struct server *server, struct connection *connection, const char *message)
{
	struct json json;
	char        text[ANSWER_BYTES];
	begin(&json, text, sizeof text, "success");
	field_text(&json, "msg", message);
	answer(server, connection, &json);
}

void stream_data_welcome(struct server *server, struct connection *connection) { say_success(server, connection, "connected"); }

void stream_data_error(struct server *server, struct connection *connection, int64_t code, const char *message)
{
	struct json json;
	char        text[ANSWER_BYTES];
	begin(&json, text, sizeof text, "error");
	field_i64(&json, "code", code);
	field_text(&json, "msg", message);
	answer(server, connection, &json);
}

/* --- what a client sends ------------------------------------------------------------------------------------------ */

static bool is_taken(const struct server *server, const struct connection *connection, enum server_key who)
{
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		const struct connection *other = &server->connection[i];
		if (other != connection && other->mode == CONNECTION_DATA && other->feed == connection->feed && other->authorized && other->who == who)
			return true;
	}
	return false;
}

static void authenticate(struct server *server, struct connection *connection, const struct json_value *found)
{
	enum server_key who = rest_key_of(server, &found[DATA_KEY], &found[DATA_SECRET]);
	if (connection->authorized) stream_data_error(server, connection, 403, "already authenticated");
	else if (who == SERVER_KEY_NONE) stream_data_error(server, connection, 402, "auth failed");
	else if (is_taken(server, connection, who)) stream_data_error(server, connection, 406, "connection limit exceeded");
	else {
		connection->authorized = true;
		connection->who = (uint8_t)who;
		say_success(server, connection, "authenticated");
	}
	if (!connection->authorized) connection->over = true;
}

static bool fits_feed(const struct connection *connection, uint16_t sym) { return name_is_crypto(sym) == (connection->feed == FEED_CRYPTO); }

/* One list of symbols; one that is not of this feed is remembered by nobody. */
static void want(struct connection *connection, const struct json_value *list, enum data_channel channel, bool on)
{
	struct json_reader json;
	struct json_value  value;
	char               text[NAME_SYMBOL_BYTES];
	size_t             length;
	if (list->kind != JSON_ARRAY) return;
	json_open(&json, list->at, list->length);
	for (json_array(&json); json_element(&json, &value);) {
		if (value.kind != JSON_STRING || json_text(&value, text, sizeof text, &length) != JSON_OK) continue;
		uint16_t sym = strcmp(text, "*") == 0 ? EVERY : name_find(text, length);
		if (sym > EVERY || (sym < EVERY && !fits_feed(connection, sym))) continue;
		uint32_t others = connection->wants[sym] & ~(1u << channel);
		connection->wants[sym] = (uint16_t)(others | (uint32_t)on << channel);
	}
}

static void say_subscription(struct server *server, struct connection *connection)
{
	struct json json;
	char        text[ANSWER_BYTES];
	begin(&json, text, sizeof text, "subscription");
	for (int channel = 0; channel < DATA_CHANNELS_N; channel++) {
		json_key(&json, channel_name[channel]);
		json_array_begin(&json);
		for (uint16_t sym = 0; sym <= EVERY; sym++) {
			char symbol[NAME_SYMBOL_BYTES] = "*";
			if (connection->wants[sym] >> channel & 1) json_string(&json, sym < EVERY ? name_symbol(sym, symbol) : symbol);
		}
		json_array_end(&json);
	}
	answer(server, connection, &json);
}

static void subscribe(struct server *server, struct connection *connection, const struct json_value *found, bool on)
{
	if (!connection->authorized) {
		stream_data_error(server, connection, 401, "not authenticated");
		return;
	}
	for (int channel = 0; channel < DATA_CHANNELS_N; channel++) want(connection, &found[DATA_FIRST_CHANNEL + channel], (enum data_channel)channel, on);
	server->counts.subscriptions++;
	say_subscription(server, connection);
}

static void on_message(struct server *server, struct connection *connection, const char *text, size_t length)
{
	static struct json_paths paths;
	static const char *const path[DATA_PATHS_N] = { "action", "key", "secret", DATA_CHANNELS(CHANNEL_NAME) };
	struct json_reader       json;
	struct json_value        found[DATA_PATHS_N], first;
	if (paths.paths == 0) json_paths_init(&paths, path, DATA_PATHS_N);
	json_open(&json, text, length);
	if (json_next(&json, &first) != JSON_OBJECT || !json_pick(&json, &paths, found) || !json_finish(&json))
		stream_data_error(server, connection, 400, "invalid syntax");
	else if (json_is(&found[DATA_ACTION], "auth")) authenticate(server, connection, found);
	else if (json_is(&found[DATA_ACTION], "subscribe")) subscribe(server, connection, found, true);
	else if (json_is(&found[DATA_ACTION], "unsubscribe")) subscribe(server, connection, found, false);
	else stream_data_error(server, connection, 400, "invalid syntax");
}

void stream_data_message(struct server *server, struct connection *connection, const char *text, size_t length)
{
	struct json json;
	if (!connection->packed) {
		on_message(server, connection, text, length);
		return;
	}
	json_begin(&json, server->message, sizeof server->message);
	if (msgpack_to_json(text, length, &json)) on_message(server, connection, server->message, json.length);
	else stream_data_error(server, connection, 400, "invalid syntax");
}

/* --- prices ------------------------------------------------------------------------------------------------------- */

static void put_trade(struct server *server, struct json *json, uint16_t sym, int64_t px_e8, int64_t t_ns)
{
	json_object_begin(json);
	field_text(json, "T", "t");
	field_symbol(json, "S", sym);
	field_trade(json, sym, px_e8, (int64_t)++server->trade_ids, t_ns);
	json_object_end(json);
}

static void put_quote(struct json *json, uint16_t sym, int64_t px_e8, int64_t t_ns)
{
	json_object_begin(json);
	field_text(json, "T", "q");
	field_symbol(json, "S", sym);
	field_quote(json, px_e8, t_ns);
	json_object_end(json);
}

static void put_bar(struct json *json, const char *type, uint16_t sym, const struct bar *bar, int64_t t_ns)
{
	json_object_begin(json);
	field_text(json, "T", type);
	field_symbol(json, "S", sym);
	field_e8(json, "o", bar->open_px_e8);
	field_e8(json, "h", bar->high_px_e8);
	field_e8(json, "l", bar->low_px_e8);
	field_e8(json, "c", bar->close_px_e8);
	field_i64(json, "v", bar->volume);
	field_i64(json, "n", 0);
	field_e8(json, "vw", bar->close_px_e8);
	field_stamp(json, "t", t_ns);
	json_object_end(json);
}

/* What this client wants to know of this price, as the elements of one array; false when nothing. */
static bool put_wanted(struct server *server, struct json *json, uint16_t wants, uint16_t sym, int64_t px_e8, bool whole)
{
	struct bar day, minute = { .open_px_e8 = px_e8, .high_px_e8 = px_e8, .low_px_e8 = px_e8, .close_px_e8 = px_e8 };
	int64_t    t_ns = server->moment.t_ns;
	bool       daily = wants >> DATA_dailyBars & 1 && whole && prices_today(server, sym, &day);
	if (!daily && !(wants & (1u << DATA_trades | 1u << DATA_quotes | 1u << DATA_bars))) return false;
	if (wants >> DATA_trades & 1) put_trade(server, json, sym, px_e8, t_ns);
	if (wants >> DATA_quotes & 1) put_quote(json, sym, px_e8, t_ns);
	if (wants >> DATA_bars & 1) put_bar(json, "b", sym, &minute, t_ns);
	if (daily) put_bar(json, "d", sym, &day, prices_bar_t_ns(sym, day.day));
	return true;
}

void stream_price(struct server *server, uint16_t sym, int64_t px_e8, bool whole)
{
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		struct connection *connection = &server->connection[i];
		struct json        json;
		if (connection->mode != CONNECTION_DATA || !connection->authorized || !fits_feed(connection, sym)) continue;
		json_begin(&json, server->message, sizeof server->message);
		json_array_begin(&json);
		bool any = put_wanted(server, &json, connection->wants[sym] | connection->wants[EVERY], sym, px_e8, whole);
		json_array_end(&json);
		size_t      length = json_length(&json);
		const char *at = any ? dress(server, connection, server->message, &length) : 0;
		if (any && connection_say(server, connection, opcode_of(connection), at, length, FAULT_AT_DATA)) server->counts.data_messages++;
	}
}
