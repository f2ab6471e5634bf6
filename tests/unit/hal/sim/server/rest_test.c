/* rest_test.c - what stands before the handlers (keys, rate, routes), and the calls that only read. */
#include <stdio.h>
#include <string.h>

#include "tests/kit/test.h"
#include "tests/unit/hal/sim/server/client.h"

TEST(t_X5_venue_keys)
{
	struct client_reply reply;
	client_begin();
	CHECK_EQ(client_call_as(SERVER_KEY_NONE, "GET", "/v2/account", "", &reply), 401);
	CHECK_STR(client_member("code"), "40110000");
	CHECK_EQ(client_call_as(SERVER_KEY_NONE, "POST", "/sim/v1/advance", "{\"after\":0}", &reply), 401);
	CHECK_EQ(client_call_as(SERVER_KEY_DATA, "GET", "/v2/orders", "", &reply), 403);
	CHECK_EQ(client_call_as(SERVER_KEY_DATA, "POST", "/v2/orders", "{}", &reply), 403);
	CHECK_EQ(client_call_as(SERVER_KEY_DATA, "DELETE", "/v2/positions", "", &reply), 403);
	CHECK_STR(client_member("code"), "40310000");
	CHECK_EQ(client_call_as(SERVER_KEY_DATA, "GET", "/v2/clock", "", &reply), 200);
	CHECK_EQ(client_call_as(SERVER_KEY_DATA, "POST", "/sim/v1/advance", "{\"after\":0}", &reply), 200);
	CHECK_EQ(client_call_as(SERVER_KEY_TRADING, "GET", "/v2/stocks/snapshots?symbols=SPY", "", &reply), 200);
}

TEST(t_X5_venue_routes_that_are_not)
{
	client_begin();
	CHECK_EQ(client_call("GET", "/", ""), 404);
	CHECK_EQ(client_call("GET", "/v2/nothing", ""), 404);
	CHECK_EQ(client_call("PUT", "/v2/orders", ""), 405);
	CHECK_EQ(client_call("POST", "/v2/account", "{}"), 405);
	CHECK_EQ(client_call("GET", "/v2/orders/", ""), 404);
	CHECK_EQ(client_call("GET", "/v2/assets/%zz", ""), 404);
}

TEST(t_X5_venue_rate)
{
	struct client_reply  reply;
	struct server_config config = client_config();
	config.rate = 3;
	client_begin_with(&config);
	for (int i = 0; i < 3; i++) CHECK_EQ(client_call_as(SERVER_KEY_TRADING, "GET", "/v2/clock", "", &reply), 200);
	CHECK_STR(reply.limit, "3");
	CHECK_STR(reply.remaining, "0");
	CHECK_EQ(client_call_as(SERVER_KEY_TRADING, "GET", "/v2/clock", "", &reply), 429);
	CHECK_STR(client_member("code"), "42910000");
	CHECK_EQ(client_call_as(SERVER_KEY_DATA, "GET", "/v2/clock", "", &reply), 200);        /* a budget of its own */
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":0}"), 200);                /* costs none */
	server_now(venue, 62 * NS_PER_S);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 200);
	CHECK_EQ(venue->counts.rate_limited, 1);
}

TEST(t_X5_venue_account)
{
	client_begin();
	CHECK_EQ(client_call("GET", "/v2/account", ""), 200);
	CHECK_STR(client_member("cash"), "100000");
	CHECK_STR(client_member("buying_power"), "200000");
	CHECK(!client_has("pattern_day_trader"));
	CHECK_EQ(client_call("POST", "/v2/orders",
	             "{\"symbol\":\"SPY\",\"qty\":100,\"side\":\"buy\",\"type\":\"limit\",\"limit_price\":50,\"time_in_force\":\"gtc\"}"), 200);
	CHECK_EQ(client_call("GET", "/v2/account", ""), 200);
	CHECK_STR(client_member("buying_power"), "195000");
	CHECK_EQ(client_call("GET", "/v2/account/configurations", ""), 200);
	CHECK_EQ(client_call("GET", "/v2/account/activities", ""), 200);
	CHECK_STR(client_body, "[]");
}

TEST(t_X5_venue_clock_and_calendar)
{
	client_begin();
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 200);
	CHECK_STR(client_body,
	    "{\"timestamp\":\"2018-03-04T19:00:00-05:00\",\"is_open\":false,"
	    "\"next_open\":\"2018-03-05T09:30:00-05:00\",\"next_close\":\"2018-03-05T16:00:00-05:00\"}");
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 200);
	CHECK_STR(client_member("is_open"), "true");
	CHECK_STR(client_member("next_open"), "2018-03-06T09:30:00-05:00");
	for (int i = 0; i < 5; i++) client_until(TICK_CLOSE, CALENDAR_NYSE);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 200);
	CHECK_STR(client_member("next_open"), "2018-03-12T09:30:00-04:00");        /* summer time has begun */
	CHECK_EQ(client_call("GET", "/v2/calendar?start=2018-07-03&end=2018-07-04", ""), 200);
	CHECK_STR(client_body, "[{\"date\":\"2018-07-03\",\"open\":\"09:30\",\"close\":\"13:00\",\"session_open\":\"0400\",\"session_close\":\"1700\"}]");
	CHECK_EQ(client_call("GET", "/v2/calendar?start=2018-13-01", ""), 422);
	CHECK_EQ(client_call("GET", "/v2/calendar?start=1900-01-01&end=1970-01-02", ""), 422);
	CHECK_EQ(client_call("GET", "/v2/calendar?start=1980-01-01&end=1989-01-02", ""), 200);
	CHECK_STR(client_body, "[]");
}

TEST(t_X5_venue_assets)
{
	client_begin();
	CHECK_EQ(client_call("GET", "/v2/assets", ""), 200);
	CHECK(client_has("\"symbol\":\"SPY\"") && client_has("\"symbol\":\"BTC/USD\"") && !client_has("VIX") && !client_has("GLD"));
	CHECK_EQ(client_call("GET", "/v2/assets?asset_class=crypto", ""), 200);
	CHECK(!client_has("SPY") && client_has("\"min_order_size\":\"0.0001\""));
	CHECK_EQ(client_call("GET", "/v2/assets/BTCUSD", ""), 200);
	CHECK_EQ(client_call("GET", "/v2/assets/BTC%2FUSD", ""), 200);
	CHECK_EQ(client_call("GET", "/v2/assets/GLD", ""), 404);        /* no bars of it here */
}

TEST(t_X5_venue_shows_no_future)
{
	client_begin();
	CHECK_EQ(client_call("GET", "/v2/stocks/bars?symbols=SPY&timeframe=1Day&start=2018-03-01", ""), 200);
	CHECK(client_has("2018-03-02T05:00:00Z") && !client_has("2018-03-05"));
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK_EQ(client_call("GET", "/v2/stocks/bars?symbols=SPY&timeframe=1Day&start=2018-03-05&end=2018-03-05", ""), 200);
	CHECK_STR(client_body, "{\"bars\":{},\"next_page_token\":null}");
	CHECK_EQ(client_call("GET", "/v2/stocks/snapshots?symbols=SPY", ""), 200);
	CHECK(client_has("\"dailyBar\":{\"t\":\"2018-03-05T05:00:00Z\",\"o\":100,\"h\":100,\"l\":100,\"c\":100,\"v\":0,"));
	CHECK(client_has("\"prevDailyBar\":{\"t\":\"2018-03-02T05:00:00Z\",\"o\":97,"));
	client_until(TICK_CLOSE, CALENDAR_NYSE);
	CHECK_EQ(client_call("GET", "/v2/stocks/bars?symbols=SPY&timeframe=1Day&start=2018-03-05&end=2018-03-05", ""), 200);
	CHECK(client_has("{\"t\":\"2018-03-05T05:00:00Z\",\"o\":100,\"h\":101,\"l\":99,\"c\":100.5,\"v\":10000000,"));
	CHECK_EQ(client_call("GET", "/v2/stocks/bars?symbols=SPY&timeframe=1Day&start=2018-03-05&end=2018-03-05&adjustment=all", ""), 200);
	CHECK_STR(client_member("c"), "99.5195122");
	CHECK_EQ(client_call("GET", "/v2/stocks/snapshots?symbols=SPY", ""), 200);
	CHECK(client_has("\"dailyBar\":{\"t\":\"2018-03-05T05:00:00Z\",\"o\":100,\"h\":101,"));
	CHECK(client_has("\"latestTrade\":{\"i\":1520283600,\"x\":\"V\",\"p\":100.5,\"s\":1,\"t\":\"2018-03-05T21:00:00Z\","));
	CHECK_EQ(client_call("GET", "/v1beta3/crypto/us/snapshots?symbols=BTC/USD", ""), 200);
	CHECK(strncmp(client_body, "{\"snapshots\":{\"BTC/USD\":{", 25) == 0);
	CHECK_EQ(client_call("GET", "/v1beta3/crypto/us/latest/trades?symbols=BTC%2FUSD", ""), 200);
	CHECK_STR(client_member("p"), "5000");
	CHECK_EQ(client_call("GET", "/v2/stocks/quotes/latest?symbols=SPY", ""), 200);
	CHECK_STR(client_member("bp"), "100.5");
	CHECK_EQ(client_call("GET", "/v2/stocks/bars/latest?symbols=SPY", ""), 200);
	CHECK_EQ(client_call("GET", "/v2/stocks/trades/latest?symbols=SPY", ""), 200);
	CHECK_EQ(client_call("GET", "/v1beta3/crypto/us/latest/quotes?symbols=BTC/USD", ""), 200);
	CHECK_EQ(client_call("GET", "/v1beta3/crypto/us/latest/bars?symbols=BTC/USD", ""), 200);
}

TEST(t_X5_venue_refuses_bad_data_calls)
{
	static const char *const target[] = {
		"/v2/stocks/bars?timeframe=1Day", "/v2/stocks/bars?symbols=&timeframe=1Day", "/v2/stocks/bars?symbols=NONE&timeframe=1Day", "/v2/stocks/bars?symbols=SPY",
		"/v2/stocks/bars?symbols=SPY&timeframe=1Min", "/v2/stocks/bars?symbols=SPY&timeframe=1Day&adjustment=some",
		"/v2/stocks/bars?symbols=SPY&timeframe=1Day&page_token=x", "/v2/stocks/bars?symbols=SPY&timeframe=1Day&page_token=99.5",
		"/v2/stocks/snapshots?symbols=BTC/USD", "/v1beta3/crypto/us/snapshots?symbols=SPY", "/v2/stocks/snapshots?symbols=VIX",
	};
	client_begin();
	for (size_t i = 0; i < sizeof target / sizeof *target; i++) {
		CHECK_EQ(client_call("GET", target[i], ""), 400);
		CHECK(*client_member("message"));
	}
	CHECK_EQ(client_call("GET", "/v2/stocks/bars?symbols=SPY&timeframe=1Day&start=x", ""), 422);
	CHECK_EQ(client_call("GET", "/v2/stocks/bars?symbols=SPY&timeframe=1Day&limit=0", ""), 422);
}

TEST(t_X5_venue_pages_bars_over_symbols)
{
	char     target[256], token[64] = "";
	uint32_t bars = 0, pages = 0;
	client_begin();
	client_until(TICK_DAY_END, CALENDAR_NYSE);
	client_until(TICK_DAY_END, CALENDAR_NYSE);
	do {
		snprintf(target, sizeof target, "/v2/stocks/bars?symbols=SPY&timeframe=1Day&start=2018-01-01&limit=2%s%s", *token ? "&page_token=" : "", token);
		CHECK_EQ(client_call("GET", target, ""), 200);
		for (const char *at = client_body; (at = strstr(at, "\"t\":\"")) != 0; at++) bars++;
		snprintf(token, sizeof token, "%s", client_member("next_page_token"));
		pages++;
	} while (strcmp(token, "null") != 0 && pages < 10);
	CHECK_EQ(bars, 5);        /* three warm days, Monday and Tuesday */
	CHECK_EQ(pages, 3);
}

TEST(t_X5_venue_counts)
{
	client_begin();
	client_call("GET", "/v2/clock", "");
	client_call("GET", "/v2/nothing", "");
	CHECK_EQ(client_call("GET", "/sim/v1/counts", ""), 200);
	CHECK_STR(client_member("rest_calls"), "2");
	CHECK_STR(client_member("rejected_calls"), "1");
	CHECK_STR(client_member("connections"), "3");
}

static uint32_t replies_in(const char *bytes, size_t count)
{
	uint32_t replies = 0;
	for (size_t i = 0; i + 15 <= count; i++) replies += memcmp(bytes + i, "HTTP/1.1 200 OK", 15) == 0;
	return replies;
}

TEST(t_X5_venue_takes_calls_in_any_cut)
{
	static const char two[] = "POST /sim/v1/advance HTTP/1.1\r\nHost: a\r\nAPCA-API-KEY-ID: KEY\r\nAPCA-API-SECRET-KEY: secret\r\nContent-Length: 11\r\n\r\n"
	                          "{\"after\":0}"
	                          "GET /v2/clock HTTP/1.1\r\nHost: a\r\nAPCA-API-KEY-ID: KEY\r\nAPCA-API-SECRET-KEY: secret\r\nConnection: close\r\n\r\n";
	client_begin();
	for (size_t cut = 0; cut < sizeof two; cut++) {
		size_t count;
		int    connection = server_connect(venue);
		server_receive(venue, connection, two, cut);
		server_receive(venue, connection, two + cut, sizeof two - 1 - cut);
		const char *bytes = server_pending(venue, connection, &count);
		CHECK_EQ(replies_in(bytes, count), 2);
		server_sent(venue, connection, count);
		CHECK(server_is_over(venue, connection));
		server_disconnect(venue, connection);
	}
	CHECK_EQ(client_call("GET", "/sim/v1/now", ""), 200);
	CHECK_STR(client_member("moment"), "1");
}

TEST(t_X5_venue_survives_any_bytes)
{
	static const char *const bytes[] = {
		"", "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "\x16\x03\x01",
		"POST /v2/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n",
		"GET /stream HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
		"GET /nowhere HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
	};
	client_begin();
	for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
		int connection = server_connect(venue);
		server_receive(venue, connection, bytes[i], strlen(bytes[i]));
		server_receive(venue, connection, bytes[i], strlen(bytes[i]));
		server_disconnect(venue, connection);
	}
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) CHECK_EQ(server_connect(venue), i);
	CHECK_EQ(server_connect(venue), SERVER_FULL);
	CHECK_EQ(venue->counts.connections_refused, 1);
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) server_disconnect(venue, i);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 200);
}
