/* orders_test.c - /v2/orders and /v2/positions of the venue: from the request to the books. */
#include <stdio.h>
#include <string.h>

#include "hal/sim/server/names.h"
#include "tests/kit/test.h"
#include "tests/unit/hal/sim/server/client.h"

#define BUY(id) "{\"symbol\":\"SPY\",\"qty\":\"10\",\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\",\"client_order_id\":\"" id "\"}"
#define LIMIT(id, px) \
	"{\"symbol\":\"SPY\",\"qty\":5,\"side\":\"buy\",\"type\":\"limit\",\"limit_price\":" px ",\"time_in_force\":\"gtc\",\"client_order_id\":\"" id "\"}"

static int64_t cash_usd_e8(void) { return venue->broker.cash_usd_e8; }

TEST(t_X5_venue_order_goes_from_request_to_books)
{
	uint16_t spy = universe_find("SPY", 3);
	client_begin();
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 200);
	CHECK_STR(client_member("status"), "accepted");
	CHECK_STR(client_member("client_order_id"), "one");
	CHECK_STR(client_member("created_at"), "2018-03-05T00:00:00Z");
	CHECK(client_has("\"filled_avg_price\":null") && client_has("\"limit_price\":null"));
	int64_t slippage_e8 = match_slippage_e8(&venue->match, spy, 10 * E8, 100 * E8), px_e8 = match_fill_px_e8(SIDE_BUY, 100 * E8, slippage_e8);
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK_EQ(client_call("GET", "/v2/orders:by_client_order_id?client_order_id=one", ""), 200);
	CHECK_STR(client_member("status"), "filled");
	CHECK_STR(client_member("filled_at"), "2018-03-05T14:30:00Z");
	CHECK(px_e8 > 100 * E8);
	CHECK_EQ(cash_usd_e8(), 100000 * E8 - 10 * px_e8 - match_fee_usd_e8(spy, 10 * E8, px_e8));
	CHECK_EQ(venue->broker.position[spy].qty_e8, 10 * E8);
	CHECK_EQ(client_call("GET", "/v2/account/activities/FILL", ""), 200);
	CHECK_STR(client_member("transaction_time"), "2018-03-05T14:30:00Z");
	CHECK(strncmp(client_member("id"), "20180305143000000::", 19) == 0);
}

TEST(t_X5_venue_market_order_takes_a_minute)
{
	client_begin();
	client_until(TICK_DAY_END, CALENDAR_CRYPTO);        /* midnight, at which crypto opens again */
	CHECK_EQ(client_call("POST", "/v2/orders",
	             "{\"symbol\":\"BTC/USD\",\"qty\":\"0.5\",\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"gtc\"}"), 200);
	CHECK_STR(client_member("status"), "accepted");
	client_until(TICK_OPEN, CALENDAR_CRYPTO);
	CHECK_EQ(client_call("GET", "/v2/account/activities", ""), 200);
	CHECK_STR(client_member("transaction_time"), "2018-03-05T00:01:00Z");
	CHECK_STR(client_member("symbol"), "BTC/USD");
}

TEST(t_X5_venue_client_order_id_is_unique_for_ever)
{
	char id[64], target[128];
	client_begin();
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 200);
	snprintf(id, sizeof id, "%s", client_member("id"));
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 422);
	CHECK_STR(client_body, "{\"code\":40010001,\"message\":\"client_order_id must be unique\"}");
	snprintf(target, sizeof target, "/v2/orders/%s", id);
	CHECK_EQ(client_call("DELETE", target, ""), 204);
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 422);
	client_until(TICK_DAY_END, CALENDAR_CRYPTO);
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 422);
	CHECK_EQ(venue->broker.orders_n, 1);
	CHECK_EQ(venue->counts.orders_refused, 3);
	CHECK_EQ(client_call("GET", target, ""), 200);
	CHECK_STR(client_member("status"), "canceled");
}

#define ORDER(symbol, qty, side, type, tif, more) \
	"{\"symbol\":" symbol ",\"qty\":" qty ",\"side\":\"" side "\",\"type\":\"" type "\",\"time_in_force\":\"" tif "\"" more "}"
TEST(t_X5_venue_refuses_bad_orders)
{
	static const struct { const char *body; uint32_t status; const char *code; } rows[] = {
		{ "", 400, "40010000" },
		{ "{", 400, "40010000" },
		{ "[]", 400, "40010000" },
		{ "{\"symbol\":\"SPY\",\"symbol\":\"SPY\"}", 400, "40010000" },
		{ "{}", 422, "40010001" },
		{ ORDER("\"NONE\"", "1", "buy", "market", "day", ""), 422, "42210000" },
		{ ORDER("\"VIX\"", "1", "buy", "market", "day", ""), 422, "42210000" },
		{ ORDER("7", "1", "buy", "market", "day", ""), 422, "40010001" },
		{ ORDER("\"SPY\"", "0", "buy", "market", "day", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "-1", "buy", "market", "day", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "\"x\"", "buy", "market", "day", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1.5", "buy", "market", "day", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1e30", "buy", "market", "day", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "2000000000", "buy", "market", "day", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "short", "market", "day", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "stop", "day", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "market", "fok", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "market", "day", ",\"limit_price\":\"5\""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "limit", "day", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "limit", "day", ",\"limit_price\":\"100.123\""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "limit", "day", ",\"limit_price\":\"0.12345\""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "limit", "day", ",\"limit_price\":0"), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "market", "day", ",\"extended_hours\":true"), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "market", "day", ",\"order_class\":\"bracket\""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "buy", "market", "day", ",\"client_order_id\":7"), 422, "40010001" },
		{ ORDER("\"BTC/USD\"", "1", "buy", "market", "day", ""), 422, "42210000" },
		{ ORDER("\"BTC/USD\"", "0.00001", "buy", "market", "gtc", ""), 422, "42210000" },
		{ ORDER("\"SPY\"", "1", "sell", "market", "day", ""), 403, "40310000" },
		{ ORDER("\"SPY\"", "10000", "buy", "limit", "day", ",\"limit_price\":100"), 403, "40310000" },
	};
	client_begin();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		CHECK_EQ(client_call("POST", "/v2/orders", rows[i].body), rows[i].status);
		CHECK_STR(client_member("code"), rows[i].code);
		CHECK(*client_member("message"));
	}
	CHECK_EQ(venue->broker.orders_n, 0);
	CHECK_EQ(cash_usd_e8(), 100000 * E8);
}

TEST(t_X5_venue_takes_numbers_as_text_and_as_numbers)
{
	client_begin();
	CHECK_EQ(client_call("POST", "/v2/orders", LIMIT("a", "\"50.25\"")), 200);
	CHECK_STR(client_member("limit_price"), "50.25");
	CHECK_EQ(client_call("POST", "/v2/orders", LIMIT("b", "50.25")), 200);
	CHECK_STR(client_member("limit_price"), "50.25");
	CHECK_EQ(client_call("POST", "/v2/orders", LIMIT("c", "0.1234")), 200);
}

TEST(t_X5_venue_replaces_an_order_by_another)
{
	char first[64], target[128];
	client_begin();
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK_EQ(client_call("POST", "/v2/orders", LIMIT("a", "50")), 200);
	CHECK_STR(client_member("status"), "new");
	snprintf(first, sizeof first, "%s", client_member("id"));
	snprintf(target, sizeof target, "/v2/orders/%s", first);
	CHECK_EQ(client_call("PATCH", target, "{\"qty\":\"7\",\"limit_price\":\"51.123\"}"), 422);
	CHECK_EQ(client_call("PATCH", target, "{\"client_order_id\":\"a\"}"), 422);
	CHECK_EQ(client_call("PATCH", target, "{\"time_in_force\":\"day\"}"), 422);
	CHECK_EQ(client_call("PATCH", target, "{"), 400);
	CHECK_EQ(client_call("PATCH", target, "{\"qty\":\"7\",\"limit_price\":\"200\",\"client_order_id\":\"b\"}"), 200);
	CHECK_STR(client_member("replaces"), first);
	CHECK_STR(client_member("qty"), "7");
	CHECK_EQ(client_call("PATCH", target, "{\"qty\":\"8\"}"), 422);        /* it is over */
	CHECK_EQ(client_call("GET", target, ""), 200);
	CHECK_STR(client_member("status"), "replaced");
	client_until(TICK_CLOSE, CALENDAR_NYSE);        /* at 100.5, below the new limit: the fill is that of the new order */
	CHECK_EQ(client_call("GET", "/v2/orders:by_client_order_id?client_order_id=b", ""), 200);
	CHECK_STR(client_member("status"), "filled");
	CHECK_STR(client_member("filled_qty"), "7");
	CHECK_EQ(venue->counts.orders_replaced, 1);
}

TEST(t_X5_venue_lists_orders)
{
	client_begin();
	for (int i = 0; i < 4; i++) {
		char body[256];
		snprintf(body, sizeof body, LIMIT("o%d", "50"), i);
		CHECK_EQ(client_call("POST", "/v2/orders", body), 200);
		if (i == 1) client_until(TICK_OPEN, CALENDAR_NYSE);
	}
	CHECK_EQ(client_call("GET", "/v2/orders", ""), 200);
	CHECK_STR(client_member("client_order_id"), "o3");
	CHECK_EQ(client_call("GET", "/v2/orders?direction=asc&limit=1&status=all", ""), 200);
	CHECK(client_has("\"o0\"") && !client_has("\"o1\""));
	CHECK_EQ(client_call("GET", "/v2/orders?after=2018-03-05T00:00:01Z&status=all", ""), 200);
	CHECK(client_has("\"o2\"") && !client_has("\"o1\""));
	CHECK_EQ(client_call("GET", "/v2/orders?symbols=BTC%2FUSD", ""), 200);
	CHECK_STR(client_body, "[]");
	CHECK_EQ(client_call("GET", "/v2/orders?status=closed", ""), 200);
	CHECK_STR(client_body, "[]");
	CHECK_EQ(client_call("DELETE", "/v2/orders", ""), 207);
	CHECK(client_has("\"status\":200,\"body\":"));
	CHECK_EQ(client_call("GET", "/v2/orders?status=open", ""), 200);
	CHECK_STR(client_body, "[]");
	CHECK_EQ(client_call("DELETE", "/v2/orders", ""), 207);
	CHECK_STR(client_body, "[]");
	CHECK_EQ(client_call("GET", "/v2/orders?limit=501", ""), 422);
	CHECK_EQ(client_call("GET", "/v2/orders?status=maybe", ""), 422);
	CHECK_EQ(client_call("GET", "/v2/orders?after=yesterday", ""), 422);
	CHECK_EQ(client_call("GET", "/v2/orders/none", ""), 404);
	CHECK_EQ(client_call("DELETE", "/v2/orders/e90a4f47-78f3-4b14-98a5-000000000063", ""), 404);
	CHECK_EQ(venue->counts.orders_cancelled, 4);
}

TEST(t_X5_venue_pages_orders_by_their_time)
{
	char     target[128] = "/v2/orders?status=all&direction=asc&limit=1", body[256];
	uint32_t pages = 0;
	client_begin();
	for (int i = 0; i < 3; i++) {
		snprintf(body, sizeof body, LIMIT("o%d", "50"), i);
		CHECK_EQ(client_call("POST", "/v2/orders", body), 200);
	}
	for (; client_call("GET", target, "") == 200 && strcmp(client_body, "[]") != 0 && pages < 10; pages++)
		snprintf(target, sizeof target, "/v2/orders?status=all&direction=asc&limit=1&after=%s", client_member("submitted_at"));
	CHECK_EQ(pages, 3);
}

TEST(t_X5_venue_closes_positions)
{
	client_begin();
	CHECK_EQ(client_call("GET", "/v2/positions", ""), 200);
	CHECK_STR(client_body, "[]");
	CHECK_EQ(client_call("GET", "/v2/positions/SPY", ""), 404);
	CHECK_STR(client_member("code"), "40410000");
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 200);
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK_EQ(client_call("DELETE", "/v2/positions/SPY?qty=1.5", ""), 422);
	CHECK_EQ(client_call("DELETE", "/v2/positions/SPY?percentage=101", ""), 422);
	CHECK_EQ(client_call("DELETE", "/v2/positions/SPY?percentage=45", ""), 200);
	CHECK_STR(client_member("qty"), "4");
	CHECK_EQ(client_call("GET", "/v2/positions/SPY", ""), 200);
	CHECK_STR(client_member("qty_available"), "6");
	CHECK_EQ(client_call("POST", "/v2/orders", "{\"symbol\":\"SPY\",\"qty\":7,\"side\":\"sell\",\"type\":\"market\",\"time_in_force\":\"day\"}"), 403);
	CHECK(client_has("\"available\":\"6\"") && client_has("\"existing_qty\":\"10\"") && client_has("\"held_for_orders\":\"4\""));
	CHECK_EQ(client_call("DELETE", "/v2/positions", ""), 207);
	CHECK(client_has("\"status\":403"));
	CHECK_EQ(client_call("DELETE", "/v2/positions?cancel_orders=true", ""), 207);
	CHECK(client_has("\"status\":200") && client_has("\"qty\":\"10\""));
	client_until(TICK_CLOSE, CALENDAR_NYSE);
	CHECK_EQ(client_call("GET", "/v2/positions", ""), 200);
	CHECK_STR(client_body, "[]");
	int64_t moved = 0;
	for (uint32_t i = 0; i < venue->broker.activities_n; i++) moved += venue->broker.activity[i].net_usd_e8;
	CHECK_EQ(cash_usd_e8(), 100000 * E8 + moved);
}

TEST(t_X5_venue_orders_full_is_an_answer)
{
	client_begin();
	venue->broker.activities_n = BROKER_ACTIVITIES_MAX;
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 503);
	CHECK_STR(client_member("code"), "50310000");
	CHECK_EQ(venue->counts.full, 1);
	venue->broker.activities_n = 0;
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 200);
	venue->broker.orders_n = BROKER_ORDERS_MAX;
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("two")), 503);
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 422);        /* what is known is told even then */
}

TEST(t_X5_venue_books_a_fill_that_it_cannot_keep)
{
	client_begin();
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 200);
	venue->broker.activities_n = BROKER_ACTIVITIES_MAX;
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK_EQ(venue->broker.activities_lost, 1);
	CHECK(cash_usd_e8() < 99000 * E8);
	CHECK(strstr(client_log, "\"what\":\"fill\""));
}

/* A sell that is filled but not yet told, because its minute is not over, still holds its units. */
TEST(t_X5_venue_sells_nothing_twice)
{
	static const char    sell[] = "{\"symbol\":\"SPY\",\"qty\":10,\"side\":\"sell\",\"type\":\"market\",\"time_in_force\":\"day\"}";
	struct server_config config = client_config();
	int64_t              minute_ns = NS_PER_S, tuesday_ns = (24 * 60 + 14 * 60 + 30) * minute_ns;
	config.speed = 60;
	client_begin_with(&config);
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("one")), 200);
	server_now(venue, NS_PER_S + tuesday_ns - minute_ns / 2);
	CHECK_EQ(client_call("POST", "/v2/orders", sell), 200);
	server_now(venue, NS_PER_S + tuesday_ns + minute_ns / 6);
	CHECK_EQ(venue->counts.fills, 1);
	CHECK_EQ(venue->match.working, 0);
	CHECK_EQ(client_call("POST", "/v2/orders", sell), 403);
	server_now(venue, NS_PER_S + tuesday_ns + minute_ns);
	CHECK_EQ(venue->counts.fills, 2);
	CHECK_EQ(venue->broker.open_n, 0);
	CHECK_EQ(client_call("POST", "/v2/orders", sell), 403);
}

TEST(t_X5_venue_log_has_every_step)
{
	client_begin();
	client_call("POST", "/v2/orders", BUY("one"));
	client_call("POST", "/v2/orders", BUY("one"));
	client_call("POST", "/v2/orders", LIMIT("two", "50"));
	client_call("DELETE", "/v2/orders", "");
	CHECK_EQ(client_call("POST", "/v2/orders", BUY("three")), 200);
	client_until(TICK_OPEN, CALENDAR_NYSE);
	static const char *const steps[] = {
		"{\"seq\":1,\"t_ns\":1520208000000000000,\"moment\":0,\"what\":\"accepted\"", "{\"seq\":2,", "\"what\":\"refused\",\"client_order_id\":\"one\"",
		"{\"seq\":3,", "\"what\":\"canceled\"", "\"what\":\"fill\"", "\"client_order_id\":\"three\"", "\"cash\":",
	};
	const char *at = client_log;
	for (size_t i = 0; i < sizeof steps / sizeof *steps && at; i++) {
		at = strstr(at, steps[i]);
		CHECK(at != 0);
	}
}
