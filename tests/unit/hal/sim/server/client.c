/* client.c - see client.h. */
#include "tests/unit/hal/sim/server/client.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/memory.h"
#include "hal/wire/json.h"
#include "tests/kit/test.h"

enum { WARM = 5, FRAME_BYTES = 1 << 16 };

char                    client_body[CLIENT_BODY_BYTES], client_log[1 << 16];
struct server          *venue;
static size_t           logged;
static struct bars     *bars;
static char             wire[CLIENT_BODY_BYTES];
static struct http_reader http;
/* What a stream has sent and was not looked at yet. */
static struct heard { char bytes[FRAME_BYTES]; size_t first, end; struct websocket ws; char message[FRAME_BYTES]; } heard[SERVER_CONNECTIONS_MAX];

static void add_bar(uint16_t sym, int32_t day, int64_t open_px_e8, int64_t adj_e8)
{
	struct bars_series *series = &bars->of[sym];
	series->bar[series->count++] = (struct bar){
		.open_px_e8 = open_px_e8, .high_px_e8 = open_px_e8 + E8, .low_px_e8 = open_px_e8 - E8, .close_px_e8 = open_px_e8 + E8 / 2,
		.adj_px_e8 = open_px_e8 + E8 / 2 - adj_e8, .volume = 10000000, .day = day, .calendar = universe[sym].calendar,
	};
}

static void make_bars(void)
{
	uint16_t spy = universe_find("SPY", 3), btc = universe_find("BTC-USD", 7);
	bars = memory_take(sizeof *bars);
	for (int32_t i = -WARM; i < CLIENT_DAYS; i++) {
		int32_t day = CLIENT_FIRST_DAY + i;
		/* The dividend of Thursday: what was paid before it is taken out of the closes before it. */
		if (weekday_from_day(day) < SATURDAY) add_bar(spy, day, (100 + i) * E8, i < 3 ? e8_div((100 + i) * E8 + E8 / 2, 10250 * E8 / 100) : 0);
		add_bar(btc, day, (5000 + 10 * i) * E8, 0);
	}
}

static void keep_log(void *self, const char *line, size_t length)
{
	(void)self;
	if (logged + length >= sizeof client_log) return;
	memcpy(client_log + logged, line, length);
	logged += length;
	client_log[logged] = '\0';
}

struct server_config client_config(void)
{
	if (!bars) make_bars();
	return (struct server_config){
		.bars = bars, .from_day = CLIENT_FIRST_DAY, .to_day = CLIENT_FIRST_DAY + CLIENT_DAYS, .cash_usd_e8 = 100000 * E8, .rate = SERVER_RATE_MAX,
		.key = { [SERVER_KEY_DATA] = { "DATA", "data-secret" }, [SERVER_KEY_TRADING] = { "KEY", "secret" } },
		.log = keep_log,
	};
}

void client_begin_with(const struct server_config *config)
{
	const char *sentence = "";
	venue = memory_take(sizeof *venue);
	CHECK(venue && server_init(venue, config, &sentence));
	server_now(venue, NS_PER_S);
}

void client_begin(void)
{
	struct server_config config = client_config();
	client_begin_with(&config);
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

static size_t take_pending(int connection, char *into, size_t room)
{
	size_t      count;
	const char *bytes = server_pending(venue, connection, &count);
	CHECK(count <= room);
	memcpy(into, bytes, count);
	server_sent(venue, connection, count);
	return count;
}

static void read_reply(struct client_reply *reply)
{
	enum http_event event;
	http_reader_init(&http, HTTP_CLIENT, sizeof client_body - 1);
	http_asked(&http, HTTP_PLAIN);
	http_feed(&http, wire, reply->bytes);
	while ((event = http_next(&http)) != HTTP_MORE && event != HTTP_DONE && event != HTTP_FAILED) {
		if (event == HTTP_HEAD) {
			struct http_text limit = http_header_of(&http, "X-RateLimit-Limit"), left = http_header_of(&http, "X-RateLimit-Remaining");
			reply->status = http.status;
			if (limit.at) snprintf(reply->limit, sizeof reply->limit, "%.*s", (int)limit.length, limit.at);
			if (left.at) snprintf(reply->remaining, sizeof reply->remaining, "%.*s", (int)left.length, left.at);
		} else if (event == HTTP_BODY) {
			memcpy(client_body + reply->body_bytes, http.body.at, http.body.length);
			reply->body_bytes += http.body.length;
		}
	}
	if (event != HTTP_DONE) reply->status = 0;
	client_body[reply->body_bytes] = '\0';
}

static size_t write_request(enum server_key who, const char *method, const char *target, const char *body, char *text, size_t size)
{
	static const char *const id[SERVER_KEYS_N] = { "NOBODY", "DATA", "KEY" }, *const secret[SERVER_KEYS_N] = { "x", "data-secret", "secret" };
	struct http_writer       out;
	http_writer_init(&out, text, size);
	http_request(&out, method, target);
	http_put(&out, "Host", "localhost");
	http_put(&out, "APCA-API-KEY-ID", id[who]);
	http_put(&out, "APCA-API-SECRET-KEY", secret[who]);
	if (*body) http_body(&out, body, strlen(body));
	else http_no_body(&out);
	return http_written(&out);
}

uint32_t client_call_as(enum server_key who, const char *method, const char *target, const char *body, struct client_reply *reply)
{
	static char text[1 << 17];
	int         connection = server_connect(venue);
	size_t      bytes = write_request(who, method, target, body, text, sizeof text);
	*reply = (struct client_reply){ 0 };
	CHECK(connection != SERVER_FULL && bytes > 0);
	server_receive(venue, connection, text, bytes);
	reply->bytes = take_pending(connection, wire, sizeof wire);
	reply->over = server_is_over(venue, connection);
	server_disconnect(venue, connection);
	read_reply(reply);
	return reply->status;
}

uint32_t client_call(const char *method, const char *target, const char *body)
{
	struct client_reply reply;
	return client_call_as(SERVER_KEY_TRADING, method, target, body, &reply);
}

bool client_has(const char *text) { return strstr(client_body, text) != 0; }

const char *client_member(const char *name)
{
	static char text[8][256];
	static int  turn;
	char       *out = text[turn++ % 8], key[64];
	snprintf(key, sizeof key, "\"%s\":", name);
	const char *at = strstr(client_body, key);
	out[0] = '\0';
	if (!at) return out;
	at += strlen(key);
	at += *at == '"';
	snprintf(out, sizeof text[0], "%.*s", (int)strcspn(at, "\",}"), at);
	return out;
}

int64_t client_moment(void) { return venue->moment.number; }

void client_step(void)
{
	char body[64];
	snprintf(body, sizeof body, "{\"after\":%lld}", (long long)client_moment());
	CHECK_EQ(client_call("POST", "/sim/v1/advance", body), 200);
}

void client_until(enum tick_phase phase, enum calendar_id calendar)
{
	for (int i = 0; i < 64; i++) {
		client_step();
		if (venue->moment.tick.phase == phase && venue->moment.tick.calendar == calendar) return;
	}
	CHECK(false);
}

/* --- streams ------------------------------------------------------------------------------------------------------ */

int client_stream(const char *target, bool packed, uint32_t *status)
{
	char               text[1024], key[WEBSOCKET_KEY_BYTES];
	struct http_writer out;
	struct client_reply   reply = { 0 };
	int                connection = server_connect(venue);
	CHECK(connection != SERVER_FULL);
	struct heard *ear = &heard[connection];
	websocket_key(key, (const uint8_t *)"sixteen bytes...");
	http_writer_init(&out, text, sizeof text);
	websocket_ask(&out, "localhost", target, key);
	if (packed) http_put(&out, "Content-Type", "application/msgpack");
	http_no_body(&out);
	server_receive(venue, connection, text, http_written(&out));
	reply.bytes = take_pending(connection, wire, sizeof wire);
	http_reader_init(&http, HTTP_CLIENT, sizeof client_body);
	http_asked(&http, HTTP_TO_UPGRADE);
	http_feed(&http, wire, reply.bytes);
	for (enum http_event event = HTTP_HEAD; event != HTTP_DONE && event != HTTP_FAILED && event != HTTP_MORE;) event = http_next(&http);
	*status = http.status;
	if (http.status != 101 || websocket_answered(&http, key) != WEBSOCKET_IS_OK) {
		server_disconnect(venue, connection);
		return SERVER_FULL;
	}
	ear->first = 0;
	ear->end = http_rest(&http);
	memcpy(ear->bytes, http.next, ear->end);
	websocket_init(&ear->ws, WEBSOCKET_CLIENT, ear->message, sizeof ear->message);
	websocket_feed(&ear->ws, ear->bytes, ear->end);
	return connection;
}

void client_say(int connection, const char *bytes, size_t count)
{
	static char          frame[FRAME_BYTES];
	static const uint8_t mask[WEBSOCKET_MASK_BYTES] = { 1, 2, 3, 4 };
	bool                 text = count > 0 && !(bytes[0] & 0x80);        /* MessagePack begins with a map */
	size_t               length = websocket_frame(frame, sizeof frame, text ? WEBSOCKET_OP_TEXT : WEBSOCKET_OP_BINARY, true, mask, bytes, count);
	CHECK(length > 0);
	server_receive(venue, connection, frame, length);
}

int client_hear(int connection, size_t *length)
{
	struct heard        *ear = &heard[connection];
	enum websocket_event event = websocket_next(&ear->ws);
	if (event == WEBSOCKET_MORE) {
		ear->end = take_pending(connection, ear->bytes, sizeof ear->bytes);
		websocket_feed(&ear->ws, ear->bytes, ear->end);
		event = websocket_next(&ear->ws);
	}
	*length = 0;
	client_body[0] = '\0';
	if (event == WEBSOCKET_MORE) return -1;
	*length = ear->ws.length;
	memcpy(client_body, ear->ws.at, *length);
	client_body[*length] = '\0';
	if (event == WEBSOCKET_TEXT) return WEBSOCKET_OP_TEXT;
	if (event == WEBSOCKET_BINARY) return WEBSOCKET_OP_BINARY;
	return event == WEBSOCKET_PONG ? WEBSOCKET_OP_PONG : WEBSOCKET_OP_CLOSE;
}

int client_listen(void)
{
	static const char auth[] = "{\"action\":\"authenticate\",\"data\":{\"key_id\":\"KEY\",\"secret_key\":\"secret\"}}";
	static const char listen[] = "{\"action\":\"listen\",\"data\":{\"streams\":[\"trade_updates\"]}}";
	uint32_t          status;
	size_t            length;
	int               connection = client_stream("/stream", false, &status);
	CHECK(connection != SERVER_FULL);
	client_say(connection, auth, sizeof auth - 1);
	CHECK(client_hear(connection, &length) == WEBSOCKET_OP_BINARY && client_has("\"status\":\"authorized\""));
	client_say(connection, listen, sizeof listen - 1);
	CHECK(client_hear(connection, &length) == WEBSOCKET_OP_BINARY && client_has("{\"stream\":\"listening\",\"data\":{\"streams\":[\"trade_updates\"]}}"));
	return connection;
}
