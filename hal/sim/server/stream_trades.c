/* stream_trades.c - trade_updates: authenticate, listen, and what happens to orders. */
#include <string.h>

#include "hal/sim/server/fields.h"
#include "hal/sim/server/rest.h"
#include "hal/sim/server/show.h"
#include "hal/sim/server/stream.h"
#include "hal/wire/json.h"

enum { ANSWER_BYTES = 512 };

enum { TRADES_ACTION, TRADES_KEY_ID, TRADES_SECRET_KEY, TRADES_KEY, TRADES_SECRET, TRADES_STREAMS, TRADES_PATHS_N };
static const char *const trades_path[TRADES_PATHS_N] = {
	"action", "data.key_id", "data.secret_key", "key", "secret", "data.streams",
};

static void answer(struct server *server, struct connection *connection, struct json *json)
{
	size_t length = json_length(json);
	connection_answer(server, connection, WEBSOCKET_OP_BINARY, json->text, length);
}

static void say_authorization(struct server *server, struct connection *connection, bool authorized)
{
	struct json json;
	char        text[ANSWER_BYTES];
	json_begin(&json, text, sizeof text);
	json_object_begin(&json);
	field_text(&json, "stream", "authorization");
	json_key(&json, "data");
	json_object_begin(&json);
	field_text(&json, "status", authorized ? "authorized" : "unauthorized");
	field_text(&json, "action", connection->listening && !authorized ? "listen" : "authenticate");
	json_object_end(&json);
	json_object_end(&json);
	answer(server, connection, &json);
}

static void say_listening(struct server *server, struct connection *connection)
{
	struct json json;
	char        text[ANSWER_BYTES];
	json_begin(&json, text, sizeof text);
	json_object_begin(&json);
	field_text(&json, "stream", "listening");
	json_key(&json, "data");
	json_object_begin(&json);
	json_key(&json, "streams");
	json_array_begin(&json);
	if (connection->listening) json_string(&json, "trade_updates");
	json_array_end(&json);
	json_object_end(&json);
	json_object_end(&json);
	answer(server, connection, &json);
}

/* The set is replaced by what is named; other streams there are none. */
static bool names_trade_updates(const struct json_value *streams)
{
	struct json_reader json;
	struct json_value  value;
	bool               found = false;
	if (streams->kind != JSON_ARRAY) return false;
	json_open(&json, streams->at, streams->length);
	for (json_array(&json); json_element(&json, &value);) found = found || (value.kind == JSON_STRING && json_is(&value, "trade_updates"));
	return found;
}

static void authenticate(struct server *server, struct connection *connection, const struct json_value *key, const struct json_value *secret)
{
	connection->authorized = rest_key_of(server, key, secret) == SERVER_KEY_TRADING;
	say_authorization(server, connection, connection->authorized);
}

void stream_trades_message(struct server *server, struct connection *connection, const char *text, size_t length)
{
	static struct json_paths paths;
	struct json_reader       json;
	struct json_value        found[TRADES_PATHS_N];
	if (paths.paths == 0) json_paths_init(&paths, trades_path, TRADES_PATHS_N);
	json_open(&json, text, length);
	struct json_value first;
	if (json_next(&json, &first) != JSON_OBJECT || !json_pick(&json, &paths, found) || !json_finish(&json)) {
		say_authorization(server, connection, false);
		return;
	}
	if (json_is(&found[TRADES_ACTION], "authenticate")) authenticate(server, connection, &found[TRADES_KEY_ID], &found[TRADES_SECRET_KEY]);
	else if (json_is(&found[TRADES_ACTION], "auth")) authenticate(server, connection, &found[TRADES_KEY], &found[TRADES_SECRET]);
	else if (json_is(&found[TRADES_ACTION], "listen") && connection->authorized) {
		connection->listening = names_trade_updates(&found[TRADES_STREAMS]);
		server->counts.listeners++;
		say_listening(server, connection);
	} else say_authorization(server, connection, false);
}

/* --- to everyone who listens -------------------------------------------------------------------------------------- */

static void begin(struct server *server, struct json *json, const char *event, enum uuid_kind kind, uint64_t execution)
{
	json_begin(json, server->message, sizeof server->message);
	json_object_begin(json);
	field_text(json, "stream", "trade_updates");
	json_key(json, "data");
	json_object_begin(json);
	field_text(json, "event", event);
	field_uuid(json, "execution_id", kind, execution);
}

static void send(struct server *server, struct json *json)
{
	json_object_end(json);
	json_object_end(json);
	size_t length = json_length(json);
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		struct connection *connection = &server->connection[i];
		if (connection->mode != CONNECTION_TRADES || !connection->listening) continue;
		if (connection_say(server, connection, WEBSOCKET_OP_BINARY, server->message, length, FAULT_AT_STREAM)) server->counts.stream_messages++;
	}
}

static void put_order(struct server *server, struct json *json, uint32_t number)
{
	json_key(json, "order");
	show_order(server, json, number);
}

void stream_order(struct server *server, const char *event, uint32_t number)
{
	struct json json;
	begin(server, &json, event, UUID_REQUEST, ++server->stream_ids);
	put_order(server, &json, number);
	field_stamp(&json, "timestamp", server->broker.order[number].updated_ns);
	field_e8_text(&json, "position_qty", server->broker.position[server->broker.order[number].sym].qty_e8);
	send(server, &json);
}

void stream_fill(struct server *server, const struct activity *activity)
{
	struct json json;
	begin(server, &json, activity->leaves_qty_e8 ? "partial_fill" : "fill", UUID_EXECUTION, activity->number);
	put_order(server, &json, activity->order);
	field_stamp(&json, "timestamp", activity->t_ns);
	field_e8_text(&json, "price", activity->px_e8);
	field_e8_text(&json, "qty", activity->qty_e8);
	field_e8_text(&json, "position_qty", server->broker.position[activity->sym].qty_e8);
	field_e8_text(&json, "commission", activity->fee_usd_e8);
	send(server, &json);
}
