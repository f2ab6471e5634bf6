/* stream_test.c - trade_updates and market data as a client hears them. */
#include <stdio.h>
#include <string.h>

#include "hal/sim/server/msgpack.h"
#include "tests/kit/test.h"
#include "tests/unit/hal/sim/server/client.h"

#define SAY(connection, text) client_say(connection, text, strlen(text))
#define BUY(more) "{\"symbol\":\"SPY\",\"qty\":10,\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\"" more "}"
#define LIMIT(px) "{\"symbol\":\"SPY\",\"qty\":1,\"side\":\"buy\",\"type\":\"limit\",\"limit_price\":" px ",\"time_in_force\":\"day\"}"
#define AUTH "{\"action\":\"auth\",\"key\":\"DATA\",\"secret\":\"data-secret\"}"

static size_t length;

static bool hears(int connection, enum websocket_opcode opcode, const char *text)
{
	return client_hear(connection, &length) == (int)opcode && client_has(text);
}

TEST(t_X5_venue_trade_updates)
{
	client_begin();
	int first = client_listen(), second = client_listen();
	CHECK_EQ(client_call("POST", "/v2/orders", BUY(",\"client_order_id\":\"a\"")), 200);
	CHECK(hears(first, WEBSOCKET_OP_BINARY, "{\"stream\":\"trade_updates\",\"data\":{\"event\":\"accepted\",\"execution_id\":"));
	CHECK(client_has("\"client_order_id\":\"a\"") && client_has("\"timestamp\":\"2018-03-05T00:00:00Z\""));
	CHECK(hears(second, WEBSOCKET_OP_BINARY, "\"event\":\"accepted\""));
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK(hears(first, WEBSOCKET_OP_BINARY, "\"event\":\"fill\""));
	CHECK_STR(client_member("position_qty"), "10");
	char execution[64], price[32];
	snprintf(execution, sizeof execution, "%s", client_member("execution_id"));
	snprintf(price, sizeof price, "%s", client_member("price"));
	CHECK_EQ(client_call("GET", "/v2/account/activities", ""), 200);
	CHECK(client_has(execution));
	CHECK_STR(client_member("price"), price);
	CHECK_EQ(client_call("POST", "/v2/orders", LIMIT("50")), 200);
	CHECK(hears(first, WEBSOCKET_OP_BINARY, "\"event\":\"new\""));
	client_until(TICK_CLOSE, CALENDAR_NYSE);
	CHECK_EQ(client_hear(first, &length), -1);        /* not before the day ends */
	client_until(TICK_DAY_END, CALENDAR_NYSE);
	CHECK(hears(first, WEBSOCKET_OP_BINARY, "\"event\":\"expired\""));
	CHECK_EQ(venue->counts.stream_messages, 8);
}

TEST(t_X5_venue_trade_updates_need_the_trading_key)
{
	uint32_t status;
	client_begin();
	int connection = client_stream("/stream", false, &status);
	SAY(connection, "{\"action\":\"listen\",\"data\":{\"streams\":[\"trade_updates\"]}}");
	CHECK(hears(connection, WEBSOCKET_OP_BINARY, "\"status\":\"unauthorized\""));
	SAY(connection, "{\"action\":\"authenticate\",\"data\":{\"key_id\":\"DATA\",\"secret_key\":\"data-secret\"}}");
	CHECK(hears(connection, WEBSOCKET_OP_BINARY, "{\"stream\":\"authorization\",\"data\":{\"status\":\"unauthorized\",\"action\":\"authenticate\"}}"));
	SAY(connection, "nonsense");
	CHECK(hears(connection, WEBSOCKET_OP_BINARY, "\"unauthorized\""));
	SAY(connection, "{\"action\":\"auth\",\"key\":\"KEY\",\"secret\":\"secret\"}");
	CHECK(hears(connection, WEBSOCKET_OP_BINARY, "\"status\":\"authorized\""));
	SAY(connection, "{\"action\":\"listen\",\"data\":{\"streams\":[]}}");
	CHECK(hears(connection, WEBSOCKET_OP_BINARY, "\"streams\":[]"));
	client_call("POST", "/v2/orders", BUY(""));
	CHECK_EQ(client_hear(connection, &length), -1);
	CHECK_EQ(client_stream("/nowhere", false, &status), SERVER_FULL);
	CHECK_EQ(status, 404);
}

TEST(t_X5_venue_pong_comes_after_what_happened)
{
	static const char ping[] = "\x89\x82\x01\x02\x03\x04\x69\x6b";        /* "hi", masked */
	client_begin();
	int connection = client_listen();
	client_call("POST", "/v2/orders", BUY(""));
	server_receive(venue, connection, ping, sizeof ping - 1);
	CHECK(hears(connection, WEBSOCKET_OP_BINARY, "\"accepted\""));
	CHECK(hears(connection, WEBSOCKET_OP_PONG, "hi"));
}

TEST(t_X5_venue_market_data)
{
	uint32_t status;
	client_begin();
	int connection = client_stream("/v2/iex", false, &status);
	CHECK(hears(connection, WEBSOCKET_OP_TEXT, "[{\"T\":\"success\",\"msg\":\"connected\"}]"));
	SAY(connection, "{\"action\":\"subscribe\",\"trades\":[\"SPY\"]}");
	CHECK(hears(connection, WEBSOCKET_OP_TEXT, "[{\"T\":\"error\",\"code\":401,\"msg\":\"not authenticated\"}]"));
	SAY(connection, "{\"action\":\"dance\"}");
	CHECK(hears(connection, WEBSOCKET_OP_TEXT, "\"code\":400"));
	SAY(connection, AUTH);
	CHECK(hears(connection, WEBSOCKET_OP_TEXT, "[{\"T\":\"success\",\"msg\":\"authenticated\"}]"));
	SAY(connection, AUTH);
	CHECK(hears(connection, WEBSOCKET_OP_TEXT, "\"code\":403"));
	SAY(connection, "{\"action\":\"subscribe\",\"trades\":[\"SPY\",\"BTC/USD\",\"NONE\"],\"bars\":[\"*\"],\"dailyBars\":[\"SPY\"]}");
	CHECK(hears(connection, WEBSOCKET_OP_TEXT,
	    "[{\"T\":\"subscription\",\"trades\":[\"SPY\"],\"quotes\":[],\"bars\":[\"*\"],\"updatedBars\":[],\"dailyBars\":[\"SPY\"]"));
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK(hears(connection, WEBSOCKET_OP_TEXT, "[{\"T\":\"t\",\"S\":\"SPY\",\"i\":1,\"x\":\"V\",\"p\":100,\"s\":1,\"t\":\"2018-03-05T14:30:00Z\""));
	CHECK(client_has("{\"T\":\"b\",\"S\":\"SPY\",\"o\":100,\"h\":100,") && !client_has("\"T\":\"d\""));
	client_until(TICK_CLOSE, CALENDAR_NYSE);
	CHECK(hears(connection, WEBSOCKET_OP_TEXT, "{\"T\":\"d\",\"S\":\"SPY\",\"o\":100,\"h\":101,\"l\":99,\"c\":100.5,\"v\":10000000,"));
	SAY(connection, "{\"action\":\"unsubscribe\",\"bars\":[\"*\"],\"dailyBars\":[\"SPY\"],\"trades\":[\"SPY\"]}");
	CHECK(hears(connection, WEBSOCKET_OP_TEXT, "\"trades\":[],\"quotes\":[],\"bars\":[]"));
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK_EQ(client_hear(connection, &length), -1);
}

static int welcomed(const char *target)
{
	uint32_t status;
	int      connection = client_stream(target, false, &status);
	CHECK(hears(connection, WEBSOCKET_OP_TEXT, "connected"));
	return connection;
}

TEST(t_X5_venue_market_data_refuses)
{
	client_begin();
	int first = welcomed("/v2/iex"), second = welcomed("/v2/iex"), third = welcomed("/v1beta3/crypto/us"), wrong = welcomed("/v2/iex"), late = welcomed("/v2/iex");
	SAY(first, AUTH);
	SAY(second, AUTH);
	SAY(third, AUTH);
	SAY(wrong, "{\"action\":\"auth\",\"key\":\"DATA\",\"secret\":\"guess\"}");
	CHECK(hears(first, WEBSOCKET_OP_TEXT, "authenticated"));
	CHECK(hears(second, WEBSOCKET_OP_TEXT, "[{\"T\":\"error\",\"code\":406,\"msg\":\"connection limit exceeded\"}]"));
	CHECK(server_is_over(venue, second));
	CHECK(hears(third, WEBSOCKET_OP_TEXT, "authenticated"));
	CHECK(hears(wrong, WEBSOCKET_OP_TEXT, "[{\"T\":\"error\",\"code\":402,\"msg\":\"auth failed\"}]"));
	server_disconnect(venue, first);
	int again = welcomed("/v2/iex");
	SAY(again, AUTH);
	CHECK(hears(again, WEBSOCKET_OP_TEXT, "authenticated"));
	CHECK(server_wakes_ns(venue) <= NS_PER_S + CONNECTION_AUTH_MS * NS_PER_MS);
	server_now(venue, NS_PER_S + CONNECTION_AUTH_MS * NS_PER_MS);
	CHECK(hears(late, WEBSOCKET_OP_TEXT, "\"code\":404"));
	CHECK(server_is_over(venue, late));
}

TEST(t_X5_venue_market_data_packed)
{
	static char packed[512], text[4096];
	struct json json;
	uint32_t    status;
	size_t      count;
	client_begin();
	int connection = client_stream("/v2/iex", true, &status);
	CHECK(client_hear(connection, &length) == WEBSOCKET_OP_BINARY && (unsigned char)client_body[0] == 0xdc);
	CHECK(msgpack_of_json(AUTH, strlen(AUTH), packed, sizeof packed, &count));
	client_say(connection, packed, count);
	CHECK_EQ(client_hear(connection, &length), WEBSOCKET_OP_BINARY);
	json_begin(&json, text, sizeof text);
	CHECK(msgpack_to_json(client_body, length, &json));
	CHECK_STR(text, "[{\"T\":\"success\",\"msg\":\"authenticated\"}]");
	client_say(connection, "\xc1", 1);
	CHECK_EQ(client_hear(connection, &length), WEBSOCKET_OP_BINARY);
	json_begin(&json, text, sizeof text);
	CHECK(msgpack_to_json(client_body, length, &json));
	CHECK_STR(text, "[{\"T\":\"error\",\"code\":400,\"msg\":\"invalid syntax\"}]");
}

TEST(t_X5_venue_closes_a_slow_client)
{
	client_begin();
	int connection = client_listen();
	for (int i = 0; i < 200000 && venue->counts.slow_clients == 0; i++)
		CHECK(client_call("POST", "/v2/orders", LIMIT("1")) == 200 &&
		      client_call("DELETE", "/v2/orders", "") == 207);
	CHECK_EQ(venue->counts.slow_clients, 1);
	CHECK(server_is_over(venue, connection));
}
