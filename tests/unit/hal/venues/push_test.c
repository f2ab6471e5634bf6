/* push_test.c - the WebSocket client against a venue on loopback. */
#include "hal/venues/push.h"

#include "tests/unit/hal/venues/https_kit.h"

enum { MESSAGE_BYTES = 1024 };

static struct https_kit kit;
static struct push      push;
static char             message[MESSAGE_BYTES], last[MESSAGE_BYTES], heard[MESSAGE_BYTES];
static int              opened, messages, pongs, ended, heard_n;
static uint64_t         pong;
static bool             closes_on_message;

static void answer(struct https_kit *of, struct https_call *call, struct https_kit_answer *out)
{
	(void)of;
	(void)call;
	out->status = 403;
}

static void hear(struct https_kit *of, struct https_call *call, const char *text, size_t bytes)
{
	(void)of;
	(void)call;
	snprintf(heard, sizeof heard, "%.*s", (int)bytes, text);
	heard_n++;
}

static void told(void *self, struct push *of, enum push_event event)
{
	(void)self;
	switch (event) {
	case PUSH_OPENED: opened++; return;
	case PUSH_MESSAGE:
		messages++;
		snprintf(last, sizeof last, "%.*s", (int)of->bytes, of->at);
		if (closes_on_message) push_close(of);
		return;
	case PUSH_PONG:
		pongs++;
		pong = of->pong;
		return;
	case PUSH_ENDED: ended++; return;
	}
}

static void begin(int64_t ping_ns, int64_t silence_ns)
{
	https_kit_init(&kit, answer, hear);
	struct push_plan plan = { .reach = &kit.reach, .target = "/stream", .upgrade_ns = NS_PER_S, .ping_ns = ping_ns, .silence_ns = silence_ns };
	push_init(&push, &plan, told, 0, message, sizeof message);
	CHECK(push_open(&push));
}

static struct https_call *stream_of(void)
{
	for (size_t i = 0; i < HTTPS_KIT_CALLS; i++) if (kit.call[i].is_taken && kit.call[i].is_websocket) return &kit.call[i];
	return 0;
}

static void begin_open(void)
{
	begin(60 * NS_PER_S, 60 * NS_PER_S);
	CHECK(https_kit_until(&opened, 1));
}

TEST(t_X5_messages_both_ways_text_and_binary)
{
	begin_open();
	CHECK(push_say(&push, "{\"action\":\"listen\"}", 19));
	CHECK(https_kit_until(&heard_n, 1));
	CHECK_STR(heard, "{\"action\":\"listen\"}");
	https_kit_frame(stream_of(), WEBSOCKET_OP_BINARY, "binary", 6);
	https_kit_frame(stream_of(), WEBSOCKET_OP_TEXT, "text", 4);
	CHECK(https_kit_until(&messages, 2));
	CHECK_STR(last, "text");
	CHECK_EQ(push.message_most, strlen("binary"));        /* the longest, not the last */
	CHECK(push.out_most > 0 && push.out_most < PUSH_OUT_BYTES);
	push_end(&push);
}

TEST(t_R9_a_pong_says_that_all_before_it_was_told)
{
	begin_open();
	CHECK(push_ping(&push, 77));
	for (int i = 0; i < 50; i++) https_kit_push(stream_of(), "x");
	CHECK(https_kit_until(&pongs, 1));
	CHECK_EQ(messages, 50);
	CHECK_EQ(pong, 77);
	push_end(&push);
}

TEST(t_X5_a_held_stream_loses_nothing)
{
	begin_open();
	push_hold(&push, true);
	for (int i = 0; i < 200; i++) https_kit_push(stream_of(), "a message that waits");
	for (int i = 0; i < 20; i++) loop_once(NS_PER_MS);
	CHECK_EQ(messages, 0);
	push_hold(&push, false);
	CHECK(https_kit_until(&messages, 200));
	push_end(&push);
}

TEST(t_X5_silence_ends_a_stream)
{
	begin(20 * NS_PER_MS, 200 * NS_PER_MS);
	kit.refuses_ping = true;
	CHECK(https_kit_until(&ended, 1));
	CHECK(strstr(push.sentence, "silent") != 0);
	push_end(&push);
}

TEST(t_X5_a_venue_that_goes_is_told_once)
{
	begin_open();
	https_kit_close(stream_of());
	CHECK(https_kit_until(&ended, 1));
	CHECK_EQ(ended, 1);
	CHECK(push.sentence[0] != '\0');
	CHECK(push_open(&push));
	CHECK(https_kit_until(&opened, 2));
	push_end(&push);
}

TEST(t_X5_frames_that_are_wrong_end_the_stream)
{
	char too_long[MESSAGE_BYTES + 1];
	begin_open();
	memset(too_long, 'x', sizeof too_long);
	https_kit_frame(stream_of(), WEBSOCKET_OP_TEXT, too_long, sizeof too_long);
	CHECK(https_kit_until(&ended, 1));
	CHECK(strstr(push.sentence, "too long") != 0);
	CHECK(push_open(&push));
	CHECK(https_kit_until(&opened, 2));
	https_kit_bytes(stream_of(), "\xff\xff\xff\xff", 4);
	CHECK(https_kit_until(&ended, 2));
	push_end(&push);
}

TEST(t_X5_the_function_may_close_the_stream)
{
	begin_open();
	closes_on_message = true;
	https_kit_push(stream_of(), "one");
	https_kit_push(stream_of(), "two");
	CHECK(https_kit_until(&messages, 1));
	for (int i = 0; i < 20; i++) loop_once(NS_PER_MS);
	CHECK_EQ(messages, 1);
	CHECK_EQ(ended, 0);
	push_end(&push);
}
