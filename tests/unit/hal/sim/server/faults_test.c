/* faults_test.c - what goes wrong on purpose, at the call and in the stream. */
#include "hal/sim/server/faults.h"

#include <stdio.h>
#include <string.h>

#include "tests/kit/test.h"
#include "tests/unit/hal/sim/server/client.h"

#define BUY "{\"symbol\":\"SPY\",\"qty\":10,\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\"}"

TEST(t_X5_faults_option)
{
	static const char *const bad[] = {
		"", "drop", "drop:nowhere", "fall:rest", "drop:rest:x", "drop:rest:0", "drop:rest:1:2:3:4", "drop:rest,", "drop:rest:-1", "delay:rest:1:0:600001",
	};
	struct faults            faults = { 0 };
	const char              *at;
	CHECK(faults_parse(&faults, "drop:orders:2:3,delay:stream:1:0:250,429:rest", &at));
	CHECK_EQ(faults.count, 3);
	CHECK(faults.fault[0].kind == FAULT_DROP && faults.fault[0].where == FAULT_AT_ORDERS && faults.fault[0].count == 2 && faults.fault[0].after == 3);
	CHECK(faults.fault[1].ms == 250 && faults.fault[2].count == 1);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!faults_parse(&faults, bad[i], &at));
}

TEST(t_X5_faults_pass_then_happen)
{
	struct faults faults = { 0 };
	struct fault  fault = { .kind = FAULT_CUT, .where = FAULT_AT_ORDERS, .count = 2, .after = 1 };
	uint32_t      ms, orders = 1u << FAULT_AT_ORDERS | 1u << FAULT_AT_REST;
	CHECK(faults_arm(&faults, &fault));
	CHECK_EQ(faults_take(&faults, 1u << FAULT_AT_REST, FAULTS_ALL, &ms), FAULT_NONE);
	CHECK_EQ(faults_take(&faults, orders, FAULTS_ALL, &ms), FAULT_NONE);
	CHECK_EQ(faults_take(&faults, orders, FAULTS_OF_OPENING, &ms), FAULT_NONE);
	CHECK_EQ(faults_take(&faults, orders, FAULTS_ALL, &ms), FAULT_CUT);
	CHECK_EQ(faults_take(&faults, orders, FAULTS_ALL, &ms), FAULT_CUT);
	CHECK_EQ(faults_take(&faults, orders, FAULTS_ALL, &ms), FAULT_NONE);
	for (int i = 0; i < FAULTS_MAX; i++) CHECK(faults_arm(&faults, &fault));
	CHECK(!faults_arm(&faults, &fault));
}

static void arm(const char *spec)
{
	const char *bad;
	CHECK(faults_parse(&venue->faults, spec, &bad));
}

static struct client_reply buy(void)
{
	struct client_reply reply;
	client_call_as(SERVER_KEY_TRADING, "POST", "/v2/orders", BUY, &reply);
	return reply;
}

TEST(t_X5_faults_of_calls)
{
	client_begin();
	arm("drop:orders");
	struct client_reply reply = buy();
	CHECK(reply.bytes == 0 && reply.over && venue->broker.orders_n == 0);
	arm("429:orders");
	CHECK(buy().status == 429 && client_has("42910000") && venue->broker.orders_n == 0);
	arm("500:rest");
	CHECK(buy().status == 500 && venue->broker.orders_n == 0);
	arm("cut:orders");
	reply = buy();
	CHECK(reply.bytes > 0 && reply.status == 0 && reply.over && venue->broker.orders_n == 1);
	arm("half_frame:orders");
	reply = buy();
	CHECK(reply.bytes > 0 && reply.status == 0 && !reply.over && venue->broker.orders_n == 2);
	arm("mute:orders");
	reply = buy();
	CHECK(reply.bytes == 0 && !reply.over && venue->broker.orders_n == 3);
	size_t whole = buy().bytes;
	arm("double:orders");
	CHECK(buy().bytes == 2 * whole && venue->broker.orders_n == 5);
	arm("garbage:orders");
	CHECK(buy().status == 200 && client_has("\xa5\xa5\xa5") && venue->broker.orders_n == 6);
	CHECK_EQ(venue->counts.faults, 8);
	arm("drop:rest");
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":0}"), 200);        /* not where time is told */
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 0);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 200);
}

TEST(t_X5_faults_delay)
{
	static const char call[] = "GET /v2/clock HTTP/1.1\r\nHost: a\r\nAPCA-API-KEY-ID: KEY\r\nAPCA-API-SECRET-KEY: secret\r\n\r\n";
	size_t            count;
	client_begin();
	arm("delay:rest:1:0:250");
	int connection = server_connect(venue);
	server_receive(venue, connection, call, sizeof call - 1);
	(void)server_pending(venue, connection, &count);
	CHECK_EQ(count, 0);
	CHECK_EQ(server_wakes_ns(venue), NS_PER_S + 250 * NS_PER_MS);
	server_now(venue, NS_PER_S + 250 * NS_PER_MS);
	(void)server_pending(venue, connection, &count);
	CHECK(count > 0);
}

/* The first copy goes at once; the second later, and what is asked meanwhile is answered behind it. */
TEST(t_X5_a_reply_comes_a_second_time_later)
{
	static const char call[] = "GET /v2/clock HTTP/1.1\r\nHost: a\r\nAPCA-API-KEY-ID: KEY\r\nAPCA-API-SECRET-KEY: secret\r\n\r\n";
	size_t            count, whole;
	client_begin();
	arm("double:rest:1:0:250");
	int connection = server_connect(venue);
	server_receive(venue, connection, call, sizeof call - 1);
	(void)server_pending(venue, connection, &whole);
	CHECK(whole > 0);
	server_sent(venue, connection, whole - 10);
	(void)server_pending(venue, connection, &count);
	CHECK_EQ(count, 10);
	server_sent(venue, connection, 10);
	server_receive(venue, connection, call, sizeof call - 1);
	(void)server_pending(venue, connection, &count);
	CHECK_EQ(count, 0);
	CHECK_EQ(server_wakes_ns(venue), NS_PER_S + 250 * NS_PER_MS);
	server_now(venue, NS_PER_S + 250 * NS_PER_MS);
	(void)server_pending(venue, connection, &count);
	CHECK_EQ(count, 2 * whole);
}

TEST(t_X5_latency_before_each_reply)
{
	static const char    call[] = "GET /v2/clock HTTP/1.1\r\nHost: a\r\n\r\n";
	struct server_config config = client_config();
	size_t               count;
	config.latency_ns = 20 * NS_PER_MS;
	client_begin_with(&config);
	int connection = server_connect(venue);
	server_receive(venue, connection, call, sizeof call - 1);
	(void)server_pending(venue, connection, &count);
	CHECK_EQ(count, 0);
	server_now(venue, NS_PER_S + config.latency_ns);
	(void)server_pending(venue, connection, &count);
	CHECK(count > 0);
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":0}"), 200);        /* time is told at once */
}

TEST(t_X5_faults_of_streams)
{
	size_t   length, count;
	uint32_t status;
	client_begin();
	int connection = client_listen();
	arm("double:stream");
	(void)buy();
	CHECK(client_hear(connection, &length) == WEBSOCKET_OP_BINARY && client_has("accepted"));
	CHECK(client_hear(connection, &length) == WEBSOCKET_OP_BINARY && client_has("accepted"));
	arm("garbage:stream");
	(void)buy();
	CHECK(client_hear(connection, &length) == WEBSOCKET_OP_BINARY && !client_has("accepted"));
	arm("drop:stream");
	(void)buy();
	CHECK(server_is_over(venue, connection));
	server_disconnect(venue, connection);
	connection = client_listen();
	arm("half_frame:stream");
	(void)buy();
	(void)server_pending(venue, connection, &count);
	CHECK(count > 100 && !server_is_over(venue, connection));
	server_sent(venue, connection, count);
	(void)buy();
	(void)server_pending(venue, connection, &count);
	CHECK_EQ(count, 0);        /* and silent from then on */
	arm("429:stream");
	CHECK(client_stream("/stream", false, &status) == SERVER_FULL && status == 429);
	arm("500:data");
	CHECK(client_stream("/v2/iex", false, &status) == SERVER_FULL && status == 500);
	CHECK_EQ(venue->broker.orders_n, 5);
}

TEST(t_X5_faults_armed_at_run_time)
{
	client_begin();
	CHECK_EQ(client_call("POST", "/sim/v1/faults", "{\"kind\":\"500\",\"where\":\"rest\",\"count\":2,\"after\":1}"), 200);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 200);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 500);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 500);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 200);
	CHECK_EQ(client_call("POST", "/sim/v1/faults", "{\"kind\":\"rain\",\"where\":\"rest\"}"), 422);
	CHECK_EQ(client_call("POST", "/sim/v1/faults", "{\"kind\":\"drop\",\"where\":7}"), 422);
	CHECK_EQ(client_call("POST", "/sim/v1/faults", "{\"kind\":\"drop\",\"where\":\"rest\",\"count\":-1}"), 422);
	CHECK_EQ(client_call("POST", "/sim/v1/faults", "nothing"), 400);
}
