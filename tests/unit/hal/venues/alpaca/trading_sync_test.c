/* trading_sync_test.c - a synchronisation answer by answer, with answers that no venue of ours gives: pages that are not whole, fills of orders nobody
 * remembers, a market that never stands still (X2, X10). Nothing goes out: the loop is never turned. */
#include "hal/venues/alpaca/trading_parts.h"
#include "tests/unit/hal/venues/alpaca/trading_rig.h"

#define ORDER_UUID "61e69015-8549-4bfd-b9c3-01e75843f47d"

static char body[1 << 18];

static struct alpaca_sync *sync_of(void) { return &rig.trading.sync; }

static void answer(uint32_t status, const char *text)
{
	struct rest_answer answer = { .tag = alpaca_tag(ALPACA_TAG_SYNC, (uint32_t)sync_of()->number),
		.outcome = REST_ANSWERED, .status = status, .body = text, .body_bytes = strlen(text), .sentence = "" };
	alpaca_sync_on_answer(&rig.trading, &answer);
}

/* The driver of a journal that has a past, in the first synchronisation of its session, at this question. */
static void begin_at(enum alpaca_sync_step step)
{
	static const uint8_t way[] = { SESSION_EV_START, SESSION_EV_OPENED, SESSION_EV_AUTHORIZED, SESSION_EV_LISTENING };
	static bool          is_open;
	if (is_open) alpaca_trading_close(&rig.trading);
	else rig_open();
	is_open = true;
	rig.plan.since_t_ns = (int64_t)day_from_civil(2015, 1, 6) * NS_PER_DAY;
	alpaca_trading_init(&rig.trading, &rig.plan);
	for (size_t i = 0; i < sizeof way; i++) alpaca_session_event(&rig.trading, (enum session_event)way[i]);
	alpaca_sync_begin(&rig.trading);
	CHECK_EQ(sync_of()->step, ALPACA_SYNC_OPEN);
	if (step == ALPACA_SYNC_OPEN) return;
	answer(200, "[]");
	CHECK_EQ(sync_of()->step, ALPACA_SYNC_ALL);
	answer(200, "[]");
	CHECK_EQ(sync_of()->step, ALPACA_SYNC_ACTIVITIES);
	if (step == ALPACA_SYNC_ACTIVITIES) return;
	answer(200, "[]");
	CHECK_EQ(sync_of()->step, step);
}

/* A list of so many elements, one of which cannot be believed. */
static const char *page(uint32_t count, uint32_t bad, const char *element)
{
	size_t length = (size_t)snprintf(body, sizeof body, "[");
	for (uint32_t i = 0; i < count; i++) {
		length += (size_t)snprintf(body + length, sizeof body - length, "%s", i ? "," : "");
		length += (size_t)snprintf(body + length, sizeof body - length, i == bad ? "{\"id\":%u}" : element, i);
	}
	(void)snprintf(body + length, sizeof body - length, "]");
	return body;
}

#define MONEY "{\"id\":\"20150106000000000::%u\",\"activity_type\":\"CSD\",\"net_amount\":\"1\"}"
TEST(t_X10_a_full_page_of_activities_is_full_whatever_was_on_it)
{
	begin_at(ALPACA_SYNC_ACTIVITIES);
	answer(200, page(ALPACA_PAGE_ACTIVITIES, 7, MONEY));
	CHECK(sync_of()->is_page_full && sync_of()->step == ALPACA_SYNC_ACTIVITIES);        /* there may be more behind it */
	CHECK_STR(sync_of()->cursor, "20150106000000000::99");
	CHECK(rig.trading.counts.cash == ALPACA_PAGE_ACTIVITIES - 1 && rig.trading.codec.malformed == 1);
	answer(200, page(2, 0, MONEY));
	CHECK_EQ(sync_of()->step, ALPACA_SYNC_POSITIONS);
	CHECK(rig.trading.counts.cash == ALPACA_PAGE_ACTIVITIES - 1 && rig.trading.counts.repeats == 1);        /* number 1 was known */
}

TEST(t_X10_a_full_page_of_orders_is_full_whatever_was_on_it)
{
	begin_at(ALPACA_SYNC_OPEN);
	answer(200, page(ALPACA_PAGE_ORDERS, 7, "{\"id\":\"a-%u\",\"status\":\"new\",\"symbol\":\"SPY\",\"qty\":\"1\",\"submitted_at\":\"2015-01-06T15:00:00Z\"}"));
	CHECK(sync_of()->is_page_full && sync_of()->step == ALPACA_SYNC_OPEN);
	CHECK_EQ(rig.trading.counts.externals, ALPACA_PAGE_ORDERS - 1);
	answer(200, "[]");
	CHECK_EQ(sync_of()->step, ALPACA_SYNC_ALL);
}

#define ORPHAN                                                                                                               \
	"[{\"id\":\"20150106150000000::%u\",\"activity_type\":\"FILL\",\"order_id\":\"" ORDER_UUID "\",\"symbol\":\"SPY\",\"side\":\"buy\",\"qty\":\"2\"," \
	"\"price\":\"200\",\"leaves_qty\":\"0\",\"transaction_time\":\"2015-01-06T15:00:00Z\"}]"
static void begin_with_an_orphan(void)
{
	begin_at(ALPACA_SYNC_ACTIVITIES);
	(void)snprintf(body, sizeof body, ORPHAN, 1u);
	answer(200, body);
	CHECK(sync_of()->step == ALPACA_SYNC_ORPHANS && sync_of()->orphans_n == 1);
	CHECK_EQ(rig.trading.counts.fills + rig.trading.counts.externals, 0);
}

static const char *order_named(const char *client_id)
{
	(void)snprintf(body, sizeof body, "{\"id\":\"" ORDER_UUID "\",\"client_order_id\":\"%s\",\"status\":\"filled\",\"symbol\":\"SPY\",\"side\":\"buy\","
	                                  "\"qty\":\"2\",\"filled_qty\":\"2\"}", client_id);
	return body;
}

/* An answer that says nothing says not that it is another's: its fill would never be booked. */
TEST(t_X2_a_fill_whose_order_is_answered_with_garbage_is_asked_for_again)
{
	char client_id[ORDER_ID_TEXT_BYTES];
	begin_with_an_orphan();
	answer(200, "<html>");
	CHECK(sync_of()->step == ALPACA_SYNC_ORPHANS && sync_of()->orphans_n == 1 && sync_of()->retry_ns > 0);
	answer(500, "{}");
	CHECK(sync_of()->step == ALPACA_SYNC_ORPHANS && rig.trading.counts.syncs_failed == 2);
	CHECK_EQ(rig.trading.counts.fills + rig.trading.counts.externals, 0);
	order_id_text(RIG_JOURNAL, 5 << 8, client_id);
	answer(200, order_named(client_id));
	CHECK(rig.trading.counts.fills == 1 && rig.trading.counts.externals == 0 && sync_of()->step == ALPACA_SYNC_POSITIONS);
	CHECK(alpaca_row_find(&rig.trading, 5 << 8) != 0);
}

TEST(t_X10_a_fill_of_another_or_of_an_order_that_is_gone_is_external_once)
{
	begin_with_an_orphan();
	answer(200, order_named("a-strangers"));
	CHECK(rig.trading.counts.fills == 0 && rig.trading.counts.externals == 1 && sync_of()->step == ALPACA_SYNC_POSITIONS);
	begin_with_an_orphan();
	answer(404, "{\"code\":40410000,\"message\":\"order not found\"}");
	CHECK(rig.trading.counts.fills == 0 && rig.trading.counts.externals == 1 && sync_of()->step == ALPACA_SYNC_POSITIONS);
	answer(200, "[]");
	answer(200, "{\"cash\":\"1\"}");
	CHECK_EQ(sync_of()->step, ALPACA_SYNC_CHECK);
	(void)snprintf(body, sizeof body, ORPHAN, 1u);
	answer(200, body);
	CHECK(rig.trading.counts.externals == 1 && rig.trading.counts.snapshots == 1);        /* known by now, so nothing has moved */
}

/* A fill of others comes by the stream between the positions and the last look. */
static void snapshot_is_torn(void)
{
	answer(200, "[]");
	answer(200, "{\"cash\":\"1\"}");
	CHECK_EQ(sync_of()->step, ALPACA_SYNC_CHECK);
	rig.trading.counts.externals++;
	answer(200, "[]");
}

/* What was told is told, and the desk waits for a comparison: it comes by itself, whatever the plan has for quieter times. */
TEST(t_X10_where_nothing_stands_still_the_comparison_comes_a_second_later)
{
	begin_at(ALPACA_SYNC_POSITIONS);
	for (uint64_t i = 1; i <= ALPACA_SYNC_TRIES_MAX; i++) {
		CHECK_EQ(sync_of()->step, ALPACA_SYNC_POSITIONS);
		snapshot_is_torn();
		CHECK(rig.trading.counts.snapshots_torn == i && rig.trading.counts.snapshots == 0);
	}
	CHECK(sync_of()->step == ALPACA_SYNC_NONE && rig.trading.session.state == SESSION_UP);
	int64_t due_ns = sync_of()->next_whole_ns - clock_monotonic_ns();
	CHECK(due_ns > 0 && due_ns <= NS_PER_S);
}

TEST(t_X10_a_snapshot_that_cannot_be_believed_ends_the_session_after_so_many_tries)
{
	static const struct { enum alpaca_sync_step step; const char *body; } bad[] = {
		{ ALPACA_SYNC_POSITIONS, "[{\"symbol\":\"SPY\",\"qty\":\"1\"},{\"symbol\":\"QQQ\",\"qty\":null}]" },        /* a part of a snapshot is none */
		{ ALPACA_SYNC_POSITIONS, "[{\"symbol\":\"SPY\",\"qty\":\"1\"}" }, { ALPACA_SYNC_ACTIVITIES, "[" }, { ALPACA_SYNC_OPEN, "{}" },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		begin_at(bad[i].step);
		for (int n = 1; n < ALPACA_SYNC_TRIES_MAX; n++) {
			answer(200, bad[i].body);
			CHECK(sync_of()->step == bad[i].step && rig.trading.session.state == SESSION_SYNCING);
		}
		answer(200, bad[i].body);
		CHECK(sync_of()->step == ALPACA_SYNC_NONE && rig.trading.session.state == SESSION_BACKOFF && rig.trading.counts.snapshots == 0);
	}
}

TEST(t_O7_X10_a_key_that_is_refused_in_the_middle_and_a_cursor_that_is_disliked)
{
	begin_at(ALPACA_SYNC_ACTIVITIES);
	answer(200, page(ALPACA_PAGE_ACTIVITIES, UINT32_MAX, MONEY));
	CHECK(sync_of()->cursor[0] != '\0');
	answer(422, "{\"code\":42210000,\"message\":\"invalid page_token\"}");
	CHECK(sync_of()->cursor[0] == '\0' && sync_of()->step == ALPACA_SYNC_ACTIVITIES);
	CHECK(strstr(alpaca_trading_sentence(&rig.trading), "status 422: invalid page_token") != 0);
	answer(401, "{\"code\":40110000,\"message\":\"request is not authorized\"}");
	CHECK(sync_of()->step == ALPACA_SYNC_NONE && rig.trading.session.state == SESSION_REFUSED && rig.trading.counts.refused_keys == 1);
}
