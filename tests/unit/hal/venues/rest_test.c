/* rest_test.c - the HTTPS client against a venue on loopback that misbehaves on demand. */
#include "hal/venues/rest.h"

#include "tests/unit/hal/venues/https_kit.h"

enum { BODY_BYTES = 8192, TOLD_MAX = 64 };

static struct https_kit kit;
static struct rest      rest;
static char             body[BODY_BYTES];
static struct told {
	uint64_t          tag;
	enum rest_outcome outcome;
	bool              is_late;
	uint32_t          status;
	int64_t           connected_ns;
	char              body[256], sentence[REST_SENTENCE_BYTES];
} told[TOLD_MAX];
static int              told_n, limited_left, status_next;
static char             seen[TOLD_MAX][64];
static const char      *units_left = "";        /* what a refusal says instead of Retry-After */
static char             reset_s[24];

static void answer(struct https_kit *of, struct https_call *call, struct https_kit_answer *out)
{
	static char echo[4096];
	snprintf(seen[(of->requests - 1) % TOLD_MAX], sizeof seen[0], "%s %.40s", call->method, call->target);
	snprintf(echo, sizeof echo, "%s %s %s", call->method, call->target, call->body);
	out->body = echo;
	if (status_next) out->status = (uint32_t)status_next;
	if (limited_left > 0) {
		limited_left--;
		out->status = 429;
		out->header[0][0] = *units_left ? "X-RateLimit-Remaining" : "Retry-After";
		out->header[0][1] = *units_left ? units_left : "0";
		if (*units_left) out->header[1][0] = "X-RateLimit-Reset", out->header[1][1] = reset_s;
	}
}

static void message(struct https_kit *of, struct https_call *call, const char *text, size_t bytes)
{
	(void)of;
	(void)call;
	(void)text;
	(void)bytes;
}

static void hear(void *self, const struct rest_answer *of)
{
	struct told *row = &told[told_n++ % TOLD_MAX];
	(void)self;
	*row = (struct told){ .tag = of->tag, .outcome = of->outcome, .is_late = of->is_late, .status = of->status, .connected_ns = of->connected_ns };
	snprintf(row->body, sizeof row->body, "%.*s", (int)of->body_bytes, of->body);
	snprintf(row->sentence, sizeof row->sentence, "%s", of->sentence);
}

static void begin(void)
{
	https_kit_init(&kit, answer, message);
	struct rest_plan plan = { .reach = &kit.reach,
		.auth = { { "APCA-API-KEY-ID", "PKTEST" }, { "APCA-API-SECRET-KEY", "a secret" } },
		.queue_ns = 2 * NS_PER_S,
		.answer_ns = 300 * NS_PER_MS,
		.requests_per_min = 100000 };
	rest_init(&rest, &plan, hear, 0, body, sizeof body);
}

static void ask(uint64_t tag, const char *method, const char *target, const char *text, bool is_urgent)
{
	struct rest_request request = { .method = method, .target = target, .body = text, .tag = tag, .is_urgent = is_urgent };
	CHECK(rest_ask(&rest, &request));
}

TEST(t_X5_requests_are_answered_over_one_connection)
{
	begin();
	for (uint64_t i = 1; i <= 20; i++) ask(i, i % 2 ? "GET" : "POST", "/v2/orders?limit=5", i % 2 ? 0 : "{\"qty\":\"1\"}", false);
	CHECK(https_kit_until(&told_n, 20));
	CHECK_EQ(kit.connections, 1);
	for (int i = 0; i < 20; i++) {
		CHECK_EQ(told[i].tag, i + 1);
		CHECK_EQ(told[i].outcome, REST_ANSWERED);
		CHECK_EQ(told[i].status, 200);
		CHECK_STR(told[i].body, i % 2 ? "POST /v2/orders?limit=5 {\"qty\":\"1\"}" : "GET /v2/orders?limit=5 ");
	}
	CHECK(rest_is_idle(&rest));
	CHECK_EQ(rest.queued_most, 20);
	CHECK_EQ(rest.body_most, strlen("POST /v2/orders?limit=5 {\"qty\":\"1\"}"));
	rest_close(&rest);
}

TEST(t_O7_no_secret_stays_in_the_client)
{
	begin();
	ask(1, "GET", "/v2/account", 0, false);
	CHECK(https_kit_until(&told_n, 1));
	CHECK(!memmem(rest.out, sizeof rest.out, "a secret", 8));
	rest_close(&rest);
}

TEST(t_X4_urgent_requests_go_first)
{
	begin();
	for (uint64_t i = 1; i <= 5; i++) ask(i, "GET", "/plain", 0, false);
	ask(9, "DELETE", "/v2/orders", 0, true);
	CHECK(https_kit_until(&told_n, 6));
	CHECK_EQ(told[0].tag, 9);
	CHECK_STR(seen[0], "DELETE /v2/orders");
	rest_close(&rest);
}

TEST(t_X2_a_request_that_went_out_and_was_not_answered_is_lost_never_sent_again)
{
	begin();
	kit.mute = 1;
	ask(1, "POST", "/v2/orders", "{}", false);
	ask(2, "GET", "/v2/clock", 0, false);
	CHECK(https_kit_until(&told_n, 2));
	CHECK_EQ(told[0].outcome, REST_LOST);
	CHECK(told[0].is_late);
	CHECK(strstr(told[0].sentence, "did not come in time") != 0);
	CHECK_EQ(told[1].outcome, REST_ANSWERED);
	CHECK_EQ(kit.requests, 2);
	rest_close(&rest);
}

TEST(t_X2_an_answer_cut_anywhere_is_lost)
{
	begin();
	for (int cut = 0; cut < 40; cut++) {
		kit.cut_after = cut;
		backoff_proved(&rest.backoff);        /* the waits are another test's */
		ask((uint64_t)cut, "POST", "/v2/orders", "{}", false);
		CHECK(https_kit_until(&told_n, cut + 1));
		CHECK_EQ(told[cut].outcome, REST_LOST);
		CHECK(!told[cut].is_late);
		CHECK(told[cut].sentence[0] != '\0');
	}
	CHECK_EQ(kit.requests, 40);
	rest_close(&rest);
}

TEST(t_X2_what_never_left_is_unsent)
{
	begin();
	sock_close(&kit.listener);
	rest.plan.queue_ns = 200 * NS_PER_MS;
	ask(7, "POST", "/v2/orders", "{}", false);
	CHECK(https_kit_until(&told_n, 1));
	CHECK_EQ(told[0].outcome, REST_UNSENT);
	CHECK(strstr(told[0].sentence, "refuses the connection") != 0);
	CHECK_EQ(kit.requests, 0);
	rest_close(&rest);
}

TEST(t_X5_a_limit_is_waited_for)
{
	begin();
	limited_left = 3;
	ask(1, "GET", "/v2/account", 0, true);
	CHECK(https_kit_until(&told_n, 1));
	CHECK_EQ(told[0].outcome, REST_ANSWERED);
	CHECK_EQ(told[0].status, 200);
	CHECK_EQ(rest.limited, 3);
	CHECK_EQ(kit.requests, 4);
	limited_left = 100;
	ask(2, "GET", "/v2/account", 0, true);
	CHECK(https_kit_until(&told_n, 2));
	CHECK_EQ(told[1].status, 429);
	CHECK_EQ(kit.requests, 4 + REST_AGAIN_MAX);
	rest_close(&rest);
}

/* Refused once, when so many are left of a minute that is over in 50 s. */
static void check_pause(const char *left, int64_t least_s, int64_t most_s)
{
	int64_t over_s = port_wall_ns() / NS_PER_S + 50;
	begin();
	units_left = left;
	snprintf(reset_s, sizeof reset_s, "%lld", (long long)over_s);
	limited_left = 1;
	ask(1, "GET", "/v2/account", 0, false);
	int64_t asked_ns = port_now_ns();
	while (rest.limited == 0 && port_now_ns() < asked_ns + 10 * NS_PER_S) loop_once(NS_PER_MS);
	CHECK(rest.limited == 1 && told_n == 0);
	CHECK(rest.rate.paused_until_ns >= asked_ns + least_s * NS_PER_S);
	CHECK(rest.rate.paused_until_ns <= port_now_ns() + most_s * NS_PER_S);
	rest_close(&rest);
}

TEST(t_X5_a_limit_that_is_used_up_is_as_long_as_its_minute) { check_pause("0", 48, 50); }
TEST(t_X5_a_limit_that_is_not_used_up_is_a_second) { check_pause("7", 1, 1); }

TEST(t_X5_every_status_is_an_answer)
{
	static const int statuses[] = { 204, 301, 400, 401, 403, 404, 422, 500, 502, 503 };
	begin();
	for (int i = 0; i < 10; i++) {
		status_next = statuses[i] == 204 ? 200 : statuses[i];
		ask((uint64_t)i, "GET", "/v2/account", 0, false);
		CHECK(https_kit_until(&told_n, i + 1));
		CHECK_EQ(told[i].outcome, REST_ANSWERED);
		CHECK_EQ(told[i].status, status_next);
	}
	rest_close(&rest);
}

TEST(t_X2_a_fresh_connection_can_be_asked_for)
{
	begin();
	ask(1, "GET", "/v2/account", 0, false);
	CHECK(https_kit_until(&told_n, 1));
	rest_renew(&rest);
	ask(2, "GET", "/v2/account", 0, false);
	CHECK(https_kit_until(&told_n, 2));
	CHECK_EQ(kit.connections, 2);
	CHECK(told[1].connected_ns > told[0].connected_ns);
	rest_close(&rest);
}

TEST(t_X5_a_full_queue_says_so)
{
	struct rest_request request = { .method = "GET", .target = "/v2/account" };
	char                target[REST_TARGET_BYTES_MAX + 1];
	begin();
	for (int i = 0; i < REST_QUEUE_MAX; i++) CHECK(rest_ask(&rest, &request));
	CHECK(!rest_ask(&rest, &request));
	request.is_urgent = true;
	CHECK(rest_ask(&rest, &request));
	memset(target, 'a', sizeof target - 1);
	target[0] = '/';
	target[sizeof target - 1] = '\0';
	request.target = target;
	CHECK(!rest_ask(&rest, &request));
	CHECK_EQ(rest.full, 2);
	CHECK_EQ(rest.queued_most, REST_QUEUE_MAX);
	CHECK(https_kit_until(&told_n, REST_QUEUE_MAX + 1));
	rest_close(&rest);
}

/* A target that cannot be written as HTTP never leaves. */
TEST(t_O7_nothing_is_smuggled_into_a_request)
{
	begin();
	ask(1, "GET", "/v2/account\r\nX: y", 0, false);
	CHECK(https_kit_until(&told_n, 1));
	CHECK_EQ(told[0].outcome, REST_UNSENT);
	CHECK_EQ(kit.requests, 0);
	rest_close(&rest);
}

TEST(t_X5_certificates_that_cannot_be_believed_are_named)
{
	begin();
	anchors_init(&kit.anchors);
	rest.plan.queue_ns = 300 * NS_PER_MS;
	ask(1, "GET", "/v2/account", 0, false);
	CHECK(https_kit_until(&told_n, 1));
	CHECK_EQ(told[0].outcome, REST_UNSENT);
	CHECK(strstr(told[0].sentence, "localhost: ") == told[0].sentence);
	CHECK(strstr(told[0].sentence, "certificate") != 0);
	rest_close(&rest);
}

TEST(t_X5_an_answer_that_is_too_long_is_lost_with_its_sentence)
{
	begin();
	rest.body_bytes_max = 10;
	ask(1, "GET", "/v2/account/a/long/target", 0, false);
	CHECK(https_kit_until(&told_n, 1));
	CHECK_EQ(told[0].outcome, REST_LOST);
	CHECK(strstr(told[0].sentence, "too long") != 0);
	rest_close(&rest);
}
