/* market_stream_test.c - a data stream against a scripted venue: what it says at each step, and what becomes of the session. */
#include "hal/venues/alpaca/market_stream.h"

#include "tests/unit/hal/venues/https_kit.h"

static struct https_kit           kit;
static struct alpaca_stream       stream;
static struct alpaca_market_codec codec;
static struct machine_log         machine;
static int                        logins, subscriptions, states, syncs, messages;
static const char                *login_reply, *subscribe_reply;

static void answer(struct https_kit *of, struct https_call *call, struct https_kit_answer *out)
{
	(void)of;
	(void)call;
	out->status = 404;
}

static void hear(struct https_kit *of, struct https_call *call, const char *text, size_t bytes)
{
	bool is_login = bytes > 20 && memcmp(text, "{\"action\":\"auth\"", 16) == 0;
	(void)of;
	*(is_login ? &logins : &subscriptions) += 1;
	const char *reply = is_login ? login_reply : subscribe_reply;
	if (reply) https_kit_push(call, reply);
}

static void told(void *self, struct alpaca_stream *of, enum alpaca_stream_event event, const struct alpaca_data *data)
{
	(void)self;
	(void)of;
	(void)data;
	states += event == ALPACA_STREAM_STATE;
	messages += event == ALPACA_STREAM_DATA;
	if (event != ALPACA_STREAM_SYNC) return;
	syncs++;
	alpaca_stream_synced(&stream);
}

static struct https_call *line(void)
{
	for (size_t i = 0; i < HTTPS_KIT_CALLS; i++) {
		struct https_call *call = &kit.call[i];
		if (call->is_taken && call->is_websocket && call->stream.state == STREAM_OPEN) return call;
	}
	return 0;
}

static void begin(const char *on_login, const char *on_subscribe)
{
	https_kit_init(&kit, answer, hear);
	login_reply = on_login;
	subscribe_reply = on_subscribe;
	alpaca_market_codec_init(&codec);
	struct alpaca_stream_plan plan = { .reach = &kit.reach, .target = "/v2/iex", .key_id = "key", .secret = "secret", .codec = &codec };
	plan.log = &machine;
	plan.fn = told;
	plan.step_ns = 150 * NS_PER_MS;
	plan.ping_ns = plan.silence_ns = 60 * NS_PER_S;
	alpaca_stream_init(&stream, &plan);
	alpaca_stream_start(&stream);
}

/* Turns until the session is in that state; the venue greets each new connection. */
static bool comes_to(uint8_t state, uint64_t opened)
{
	static struct stream *greeted;
	static uint64_t       greeted_life;
	int64_t               late_ns = clock_monotonic_ns() + HTTPS_KIT_PATIENCE_MS * NS_PER_MS;
	while (!(stream.session.state == state && stream.push.opened >= opened) && clock_monotonic_ns() < late_ns) {
		struct https_call *call = line();
		if (call && stream.push.state == PUSH_OPEN && (greeted != &call->stream || greeted_life != stream.push.opened)) {
			greeted = &call->stream;
			greeted_life = stream.push.opened;
			https_kit_push(call, "[{\"T\":\"success\",\"msg\":\"connected\"}]");
		}
		loop_once(5 * NS_PER_MS);
	}
	return stream.session.state == state && stream.push.opened >= opened;
}

#define AUTHENTICATED "[{\"T\":\"success\",\"msg\":\"authenticated\"}]"
#define SUBSCRIPTION "[{\"T\":\"subscription\",\"trades\":[\"SPY\"],\"quotes\":[],\"bars\":[]}]"
#define ERROR(code) "[{\"T\":\"error\",\"code\":" code ",\"msg\":\"no\"}]"

TEST(t_D5_login_subscription_and_a_new_one_after_an_end)
{
	begin(AUTHENTICATED, SUBSCRIPTION);
	CHECK(comes_to(SESSION_UP, 1));
	CHECK_EQ(logins, 1);
	CHECK_EQ(subscriptions, 1);
	CHECK_EQ(alpaca_stream_state(&stream), VENUE_UP);
	https_kit_push(line(), "[{\"T\":\"t\",\"S\":\"SPY\",\"p\":1,\"s\":1,\"t\":\"2026-11-20T14:31:05Z\"}]");
	CHECK(https_kit_until(&messages, 1));
	https_kit_close(line());
	CHECK(comes_to(SESSION_UP, 2));
	CHECK_EQ(subscriptions, 2);
	CHECK_EQ(syncs, 2);
	alpaca_stream_close(&stream);
}

TEST(t_X5_a_plan_without_this_feed_is_refused_with_its_sentence)
{
	begin(AUTHENTICATED, ERROR("409"));
	CHECK(comes_to(SESSION_REFUSED, 1));
	CHECK_EQ(alpaca_stream_state(&stream), VENUE_REFUSED);
	CHECK(strstr(stream.sentence, "409") && strstr(stream.sentence, "TICKWORK_DATA_KEY_ID"));
	CHECK(!strstr(stream.sentence, "secret"));
	CHECK_EQ(stream.code, 409);
	alpaca_stream_close(&stream);
}

TEST(t_X5_a_slow_client_and_unknown_errors_connect_again)
{
	begin(ERROR("777"), SUBSCRIPTION);
	CHECK(comes_to(SESSION_BACKOFF, 2));
	login_reply = AUTHENTICATED;
	CHECK(comes_to(SESSION_UP, 3));
	CHECK_EQ(stream.code, 0);
	https_kit_push(line(), ERROR("403"));
	https_kit_push(line(), ERROR("407"));
	CHECK(comes_to(SESSION_UP, 4));
	alpaca_stream_close(&stream);
}

TEST(t_X5_a_venue_that_does_not_answer_the_login_is_left)
{
	begin(0, 0);
	CHECK(comes_to(SESSION_BACKOFF, 2));
	CHECK(strstr(stream.sentence, "did not answer the login in time"));
	login_reply = AUTHENTICATED;
	CHECK(comes_to(SESSION_BACKOFF, 4));
	subscribe_reply = SUBSCRIPTION;
	CHECK(comes_to(SESSION_UP, 5));
	alpaca_stream_close(&stream);
}

TEST(t_X5_a_message_that_is_no_array_ends_the_connection)
{
	begin(AUTHENTICATED, SUBSCRIPTION);
	CHECK(comes_to(SESSION_UP, 1));
	https_kit_push(line(), "{\"T\":\"t\"");
	CHECK(comes_to(SESSION_UP, 2));
	CHECK(codec.malformed > 0);
	CHECK(strstr(stream.sentence, "a message of the data stream"));
	alpaca_stream_close(&stream);
}
