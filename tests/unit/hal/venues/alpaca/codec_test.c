/* codec_test.c - the documented messages, every state and event, numbers as strings and as numbers, and damage. */
#include "tests/unit/hal/venues/alpaca/codec_property.h"

#include <stdio.h>

#include "tests/kit/test.h"
#include "tests/unit/hal/wire/mutate.h"

#define UUID "61e69015-8549-4bfd-b9c3-01e75843f47d"
#define EXECUTION "2f63ea93-423d-4169-b3f6-3fdafc10c419"
#define ORDER_TEXT(status, qty)                                                                                              \
	"{\"id\":\"" UUID "\",\"client_order_id\":\"0000000001000000000G\",\"submitted_at\":\"2026-11-20T14:31:05.12Z\",\"filled_at\":null," \
	"\"replaced_by\":null,\"symbol\":\"SPY\",\"asset_class\":\"us_equity\",\"notional\":null,\"qty\":" qty ",\"filled_qty\":\"4\","    \
	"\"order_type\":\"limit\",\"type\":\"limit\",\"side\":\"buy\",\"time_in_force\":\"day\",\"limit_price\":\"187.25\",\"status\":\"" status \
	"\",\"legs\":null,\"something_new\":{\"a\":[1,2]}}"
#define UPDATE_TEXT(event, more)                                                                                             \
	"{\"stream\":\"trade_updates\",\"data\":{\"event\":\"" event "\",\"execution_id\":\"" EXECUTION "\",\"order\":" ORDER_TEXT("filled", "\"10\"") \
	",\"timestamp\":\"2026-11-20T09:31:06.5-05:00\"" more "}}"
#define FILL_MORE ",\"price\":\"187.246667\",\"qty\":\"6\",\"position_qty\":\"10\",\"commission\":\"0.01\""
#define FILL_ACTIVITY                                                                                                        \
	"{\"activity_type\":\"FILL\",\"id\":\"20261120143106500::" EXECUTION "\",\"transaction_time\":\"2026-11-20T14:31:06.5Z\","  \
	"\"type\":\"fill\",\"price\":\"187.246667\",\"qty\":\"6\",\"side\":\"buy\",\"symbol\":\"BTCUSD\",\"leaves_qty\":\"0\",\"order_id\":\"" UUID "\"}"
#define DIV_ACTIVITY                                                                                                         \
	"{\"activity_type\":\"DIV\",\"id\":\"20261120000000000::5d5e3a6b-0000-4000-8000-000000000001\",\"date\":\"2026-11-20\",\"net_amount\":\"-1.02\"," \
	"\"symbol\":\"SPY\",\"qty\":\"2\",\"per_share_amount\":\"0.51\"}"

#define SESSION(date, open, close) "{\"date\":" date ",\"open\":" open ",\"close\":\"" close "\"}"
#define FRIDAY "\"2026-11-27\""
#define WRONG_SESSIONS                                                                                                       \
	SESSION("7", "\"09:30\"", "13:00") "," SESSION("\"2026-02-30\"", "\"09:30\"", "13:00") "," SESSION(FRIDAY, "\"9:30\"", "13:00") "," \
	SESSION(FRIDAY, "\"09-30\"", "13:00") "," SESSION(FRIDAY, "\"0x:30\"", "13:00") "," SESSION(FRIDAY, "\"09:3/\"", "13:00") ","  \
	SESSION(FRIDAY, "\"09:30\"", "24:00") "," SESSION(FRIDAY, "930", "13:00")

static struct alpaca_codec    codec;
static struct alpaca_order    order;
static struct alpaca_update   update;
static struct alpaca_activity activity;

static bool read_order(const char *text) { return alpaca_read_order(&codec, text, strlen(text), &order); }
static bool read_update(const char *text) { return alpaca_read_update(&codec, text, strlen(text), &update); }

TEST(t_X5_an_order_object)
{
	alpaca_codec_init(&codec);
	CHECK(read_order(ORDER_TEXT("new", "\"10\"")));
	CHECK_STR(order.id, UUID);
	CHECK_STR(order.client_id, "0000000001000000000G");
	CHECK_EQ(order.qty_e8, 10 * E8);
	CHECK_EQ(order.filled_qty_e8, 4 * E8);
	CHECK_EQ(order.limit_px_e8, INT64_C(18725000000));
	CHECK_EQ(order.side, SIDE_BUY);
	CHECK_EQ(order.order_type, ORDER_TYPE_LIMIT);
	CHECK_EQ(order.sym, alpaca_sym("SPY", 3));
	CHECK_EQ(order.submitted_ns, day_from_civil(2026, 11, 20) * NS_PER_DAY + (14 * 3600 + 31 * 60 + 5) * NS_PER_S + 120 * NS_PER_MS);
	CHECK(read_order(ORDER_TEXT("new", "10.5")));        /* a number as a number */
	CHECK_EQ(order.qty_e8, 105 * E8 / 10);
	CHECK_EQ(codec.cut, 0);
	CHECK(read_order(ORDER_TEXT("new", "\"0.123456789\"")));
	CHECK_EQ(order.qty_e8, 12345678);
	CHECK_EQ(codec.cut, 1);
	CHECK_EQ(codec.malformed, 0);
}

TEST(t_X5_every_state_of_an_order)
{
	static const struct { const char *word; enum alpaca_state state; } rows[] = {
		{ "pending_new", ALPACA_PENDING }, { "accepted", ALPACA_PENDING }, { "accepted_for_bidding", ALPACA_PENDING },
		{ "pending_review", ALPACA_PENDING }, { "held", ALPACA_PENDING }, { "new", ALPACA_WORKING }, { "pending_cancel", ALPACA_WORKING },
		{ "pending_replace", ALPACA_WORKING }, { "stopped", ALPACA_WORKING }, { "suspended", ALPACA_WORKING }, { "calculated", ALPACA_WORKING },
		{ "partially_filled", ALPACA_WORKING }, { "done_for_day", ALPACA_WORKING }, { "filled", ALPACA_FILLED },
		{ "canceled", ALPACA_CANCELLED }, { "replaced", ALPACA_REPLACED }, { "expired", ALPACA_EXPIRED }, { "rejected", ALPACA_REJECTED },
		{ "a_state_of_next_year", ALPACA_STATE_UNKNOWN },
	};
	alpaca_codec_init(&codec);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[1024];
		snprintf(text, sizeof text, ORDER_TEXT("%s", "\"10\""), rows[i].word);
		CHECK(read_order(text));
		CHECK_EQ(order.state, rows[i].state);
	}
}

TEST(t_X5_orders_that_cannot_be_believed)
{
	static const char *const bad[] = { "", "[]", "{}", "null", "{\"id\":1}", "{\"id\":\"a\"}", "{\"id\":\"\",\"status\":\"new\"}",
		"{\"id\":\"a b\",\"status\":\"new\"}", "{\"id\":\"a\\r\\n\",\"status\":\"new\"}", "{\"id\":\"a\",\"status\":\"new\",\"qty\":\"ten\"}",
		"{\"id\":\"a\",\"status\":\"new\",\"qty\":\"-1\"}", "{\"id\":\"a\",\"status\":\"new\",\"qty\":\"99999999999999999999\"}",
		"{\"id\":\"a\",\"status\":\"new\",\"qty\":{}}", "{\"id\":\"a\",\"status\":\"new\",\"submitted_at\":\"yesterday\"}",
		"{\"id\":\"a\",\"status\":\"new\",\"qty\":\"1\",\"qty\":\"2\"}", "{\"id\":\"a\",\"status\":\"new\"} x" };
	alpaca_codec_init(&codec);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK(!read_order(bad[i]));
		CHECK_EQ(codec.malformed, i + 1);
	}
}

/* Each field that is read may be of a kind that it never was: the whole order is not believed. */
TEST(t_X5_an_order_is_as_good_as_its_worst_field)
{
	static const char *const bad[] = { "\"status\":7", "\"client_order_id\":7", "\"client_order_id\":\"a\\u0000b\"", "\"replaced_by\":[]",
		"\"filled_qty\":\"-1\"", "\"filled_qty\":true", "\"limit_price\":{}", "\"submitted_at\":7" };
	char text[256];
	alpaca_codec_init(&codec);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(text, sizeof text, "{\"id\":\"a\",%s%s}", strncmp(bad[i], "\"status\"", 8) == 0 ? "" : "\"status\":\"new\",", bad[i]);
		CHECK(!read_order(text));
		CHECK_EQ(codec.malformed, i + 1);
	}
	CHECK(read_order("{\"id\":\"a\",\"status\":\"new\"}"));
}

TEST(t_X5_every_event_of_the_stream)
{
	static const struct { const char *word; enum alpaca_update_kind kind; } rows[] = {
		{ "new", ALPACA_UPDATE_NEW }, { "accepted", ALPACA_UPDATE_NEW }, { "pending_new", ALPACA_UPDATE_NEW }, { "fill", ALPACA_UPDATE_FILL },
		{ "partial_fill", ALPACA_UPDATE_FILL }, { "canceled", ALPACA_UPDATE_CANCELLED }, { "expired", ALPACA_UPDATE_EXPIRED },
		{ "rejected", ALPACA_UPDATE_REJECTED }, { "replaced", ALPACA_UPDATE_REPLACED }, { "done_for_day", ALPACA_UPDATE_QUIET },
		{ "stopped", ALPACA_UPDATE_QUIET }, { "pending_cancel", ALPACA_UPDATE_QUIET }, { "pending_replace", ALPACA_UPDATE_QUIET },
		{ "calculated", ALPACA_UPDATE_QUIET }, { "suspended", ALPACA_UPDATE_QUIET }, { "restated", ALPACA_UPDATE_QUIET },
		{ "order_replace_rejected", ALPACA_UPDATE_REPLACE_REJECTED }, { "order_cancel_rejected", ALPACA_UPDATE_CANCEL_REJECTED },
		{ "an_event_of_next_year", ALPACA_UPDATE_OTHER },
	};
	alpaca_codec_init(&codec);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[2048];
		snprintf(text, sizeof text, UPDATE_TEXT("%s", FILL_MORE), rows[i].word);
		CHECK(read_update(text));
		CHECK_EQ(update.kind, rows[i].kind);
	}
	CHECK_EQ(codec.malformed, 0);
}

TEST(t_X5_a_fill_of_the_stream_and_of_the_activities_is_one_execution)
{
	alpaca_codec_init(&codec);
	CHECK(read_update(UPDATE_TEXT("fill", FILL_MORE)));
	CHECK_EQ(update.px_e8, INT64_C(18724666700));
	CHECK_EQ(update.qty_e8, 6 * E8);
	CHECK_EQ(update.fee_usd_e8, E8 / 100);
	CHECK_EQ(update.t_ns, day_from_civil(2026, 11, 20) * NS_PER_DAY + (14 * 3600 + 31 * 60 + 6) * NS_PER_S + 500 * NS_PER_MS);
	alpaca_list_begin(&codec, "[" FILL_ACTIVITY "," DIV_ACTIVITY "]", strlen("[" FILL_ACTIVITY "," DIV_ACTIVITY "]"));
	CHECK(alpaca_list_activity(&codec, &activity));
	CHECK_EQ(activity.kind, ALPACA_ACTIVITY_FILL);
	CHECK_EQ(activity.activity_id, update.execution_id);
	CHECK_EQ(activity.sym, alpaca_sym("BTC/USD", 7));
	CHECK_STR(activity.order, UUID);
	CHECK(alpaca_list_activity(&codec, &activity));
	CHECK_EQ(activity.kind, ALPACA_ACTIVITY_CASH);
	CHECK_EQ(activity.cash_kind, CASH_DIVIDEND);
	CHECK_EQ(activity.usd_e8, -102 * E8 / 100);
	CHECK_EQ(activity.day, day_from_civil(2026, 11, 20));
	CHECK(!alpaca_list_activity(&codec, &activity));
	CHECK(alpaca_list_whole(&codec));
}

TEST(t_X5_a_fill_without_its_parts_is_none)
{
	alpaca_codec_init(&codec);
	CHECK(!read_update(UPDATE_TEXT("fill", "")));
	CHECK(!read_update(UPDATE_TEXT("fill", ",\"price\":\"0\",\"qty\":\"6\"")));
	CHECK(!read_update(UPDATE_TEXT("fill", ",\"price\":\"1\",\"qty\":\"-6\"")));
	CHECK(!read_update(UPDATE_TEXT("new", ",\"price\":\"much\"")));
	CHECK(!read_update(UPDATE_TEXT("new", ",\"price\":\"1\",\"qty\":\"1\",\"commission\":{}")));
	CHECK(!read_update("{\"stream\":\"trade_updates\",\"data\":{\"event\":\"fill\"}}"));
	CHECK(!read_update("{\"stream\":\"trade_updates\"}"));
	CHECK_EQ(codec.malformed, 7);
}

TEST(t_X5_the_login_of_the_stream)
{
	char body[ALPACA_ORDER_BODY_BYTES];
	alpaca_codec_init(&codec);
	CHECK(alpaca_write_authenticate("PKTEST", "se\"cret", body) > 0);
	CHECK_STR(body, "{\"action\":\"authenticate\",\"data\":{\"key_id\":\"PKTEST\",\"secret_key\":\"se\\\"cret\"}}");
	CHECK(read_update("{\"stream\":\"authorization\",\"data\":{\"status\":\"authorized\",\"action\":\"authenticate\"}}"));
	CHECK_EQ(update.kind, ALPACA_UPDATE_AUTHORIZED);
	CHECK(read_update("{\"stream\":\"authorization\",\"data\":{\"status\":\"unauthorized\",\"action\":\"authenticate\"}}"));
	CHECK_EQ(update.kind, ALPACA_UPDATE_UNAUTHORIZED);
	CHECK(read_update("{\"stream\":\"listening\",\"data\":{\"streams\":[\"trade_updates\"]}}"));
	CHECK_EQ(update.kind, ALPACA_UPDATE_LISTENING);
	CHECK(read_update("{\"stream\":\"weather\"}"));
	CHECK_EQ(update.kind, ALPACA_UPDATE_OTHER);
}

TEST(t_X5_orders_as_they_go_out)
{
	char                 body[ALPACA_ORDER_BODY_BYTES];
	struct order_request request = { .qty_e8 = 10 * E8, .side = SIDE_BUY, .order_type = ORDER_TYPE_MARKET, .time_in_force = TIF_OPEN };
	uint16_t             spy = alpaca_sym("SPY", 3), coin = alpaca_sym("BTCUSD", 6);
	CHECK(alpaca_write_order(&request, spy, "ID", body) > 0);
	CHECK_STR(body, "{\"symbol\":\"SPY\",\"qty\":\"10\",\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\",\"client_order_id\":\"ID\"}");
	request.qty_e8 = E8 / 8;
	request.side = SIDE_SELL;
	CHECK(alpaca_write_order(&request, coin, "ID", body) > 0);
	CHECK_STR(body, "{\"symbol\":\"BTC/USD\",\"qty\":\"0.125\",\"side\":\"sell\",\"type\":\"market\",\"time_in_force\":\"gtc\",\"client_order_id\":\"ID\"}");
	request.order_type = ORDER_TYPE_LIMIT;
	request.time_in_force = TIF_IOC;
	request.limit_px_e8 = 91200 * E8;
	CHECK(alpaca_write_order(&request, coin, "ID", body) > 0);
	CHECK_STR(body, "{\"symbol\":\"BTC/USD\",\"qty\":\"0.125\",\"side\":\"sell\",\"type\":\"limit\",\"time_in_force\":\"ioc\",\"limit_price\":\"91200\","
	                "\"client_order_id\":\"ID\"}");
	request.limit_px_e8 = 0;
	CHECK_EQ(alpaca_write_order(&request, coin, "ID", body), 0);
	CHECK_EQ(alpaca_write_order(&request, SYM_NONE, "ID", body), 0);
	request.limit_px_e8 = 91200 * E8;
	request.post_only = 1;        /* this venue has none */
	CHECK_EQ(alpaca_write_order(&request, coin, "ID", body), 0);
	request.post_only = 0;
	request.qty_e8 = 0;
	CHECK_EQ(alpaca_write_order(&request, coin, "ID", body), 0);
	CHECK(alpaca_write_replace(12 * E8, 0, "ID-1", body) > 0);
	CHECK_STR(body, "{\"qty\":\"12\",\"client_order_id\":\"ID-1\"}");
	CHECK(alpaca_write_replace(0, 187 * E8, "ID-1", body) > 0);        /* the price alone */
	CHECK_STR(body, "{\"limit_price\":\"187\",\"client_order_id\":\"ID-1\"}");
	CHECK_EQ(alpaca_write_replace(0, 0, "ID-1", body), 0);
}

static enum alpaca_code code(uint32_t status, const char *text)
{
	struct alpaca_error error;
	alpaca_read_error(&codec, text, strlen(text), &error);
	return alpaca_code_of(status, &error);
}

static bool is_duplicate(uint32_t status, const char *text)
{
	struct alpaca_error error;
	alpaca_read_error(&codec, text, strlen(text), &error);
	return alpaca_is_duplicate(status, &error);
}

TEST(t_X5_refusals_by_status_and_code)
{
	alpaca_codec_init(&codec);
	CHECK_EQ(code(403, "{\"code\":40310000,\"message\":\"insufficient buying power\"}"), ALPACA_CODE_FUNDS);
	CHECK_EQ(code(403, "{\"code\":40310000,\"message\":\"account is not allowed to short\"}"), ALPACA_CODE_FORBIDDEN);
	CHECK_EQ(code(403, "{\"message\": \"forbidden.\"}"), ALPACA_CODE_KEY);
	CHECK_EQ(code(401, "{\"code\":40110000,\"message\":\"request is not authorized\"}"), ALPACA_CODE_KEY);
	CHECK_EQ(code(404, "{\"code\":40410000,\"message\":\"order not found\"}"), ALPACA_CODE_NOT_FOUND);
	CHECK_EQ(code(422, "{\"code\":42210000,\"message\":\"invalid limit_price 187.255. sub-penny increment\"}"), ALPACA_CODE_PRICE);
	CHECK_EQ(code(422, "{\"code\":42210000,\"message\":\"order is not cancelable\"}"), ALPACA_CODE_TOO_LATE);
	CHECK_EQ(code(422, "{\"code\":42210000,\"message\":\"qty must be > 0\"}"), ALPACA_CODE_INVALID);
	CHECK_EQ(code(422, "{\"message\":\"order is not replaceable\"}"), ALPACA_CODE_TOO_LATE);
	CHECK_EQ(code(422, "{\"code\":42210000,\"message\":\"order is already in \\\"filled\\\" state\"}"), ALPACA_CODE_TOO_LATE);
	CHECK_EQ(code(400, "{\"message\":\"sub-penny increment\"}"), ALPACA_CODE_PRICE);
	CHECK_EQ(code(400, "{\"message\":7,\"code\":1}"), ALPACA_CODE_INVALID);
	CHECK_EQ(code(500, "{\"message\":\"order is not cancelable\"}"), ALPACA_CODE_OTHER);        /* theirs, and no word about the order */
	CHECK_EQ(code(429, "too many requests"), ALPACA_CODE_RATE);
	CHECK_EQ(code(418, "<html>"), ALPACA_CODE_OTHER);
	CHECK(is_duplicate(422, "{\"code\":40010001,\"message\":\"client_order_id must be unique\"}"));
	CHECK(is_duplicate(422, "{\"code\":42210000,\"message\":\"client_order_id must be unique\"}"));
	CHECK(!is_duplicate(422, "{\"code\":42210000,\"message\":\"client_order_id is too long\"}"));
	CHECK(!is_duplicate(422, "{\"code\":42210000,\"message\":\"qty must be unique\"}"));
	CHECK(is_duplicate(400, "{\"code\":40010001,\"message\":\"\"}") && is_duplicate(409, "{\"code\":40010001,\"message\":\"\"}"));
	CHECK(!is_duplicate(500, "{\"code\":40010001,\"message\":\"client_order_id must be unique\"}"));
}

TEST(t_X10_positions_account_clock_calendar)
{
	static const char positions[] = "[{\"symbol\":\"BTCUSD\",\"qty\":\"0.5\",\"side\":\"long\",\"cost_basis\":\"100\",\"current_price\":\"201\"},"
	                                "{\"symbol\":\"SPY\",\"qty\":\"-3\",\"side\":\"short\",\"cost_basis\":\"-30\",\"current_price\":null},"
	                                "{\"symbol\":\"TSLA\",\"qty\":7}]";
	static const char account[] = "{\"cash\":\"-12.5\",\"equity\":100000,\"trading_blocked\":true}";
	static const char clock_text[] = "{\"timestamp\":\"2026-11-20T09:31:05.123456789-05:00\",\"is_open\":true}";
	static const char calendar[] = "[{\"date\":\"2026-11-27\",\"open\":\"09:30\",\"close\":\"13:00\",\"session_open\":\"0400\"}]";
	struct alpaca_position position;
	struct alpaca_account  money;
	struct alpaca_clock    clock;
	struct alpaca_session  session;
	alpaca_codec_init(&codec);
	alpaca_list_begin(&codec, positions, strlen(positions));
	CHECK(alpaca_list_position(&codec, &position));
	CHECK_EQ(position.sym, alpaca_sym("BTC-USD", 7));
	CHECK_EQ(position.qty_e8, E8 / 2);
	CHECK(alpaca_list_position(&codec, &position));
	CHECK_EQ(position.qty_e8, -3 * E8);
	CHECK(alpaca_list_position(&codec, &position));
	CHECK_EQ(position.sym, SYM_NONE);
	CHECK(!alpaca_list_position(&codec, &position) && alpaca_list_whole(&codec));
	CHECK(alpaca_read_account(&codec, account, strlen(account), &money));
	CHECK(money.cash_usd_e8 == -125 * E8 / 10 && money.equity_usd_e8 == 100000 * E8 && money.is_blocked);
	CHECK(alpaca_read_clock(&codec, clock_text, strlen(clock_text), &clock) && clock.is_open);
	CHECK_EQ(clock.t_ns % NS_PER_DAY, (14 * 3600 + 31 * 60 + 5) * NS_PER_S + 123456789);
	alpaca_list_begin(&codec, calendar, strlen(calendar));
	CHECK(alpaca_list_session(&codec, &session));
	CHECK(session.day == day_from_civil(2026, 11, 27) && session.open_min == 570 && session.close_min == 780);
}

/* Null is no amount: a list goes on behind an element that cannot be believed, an account without its cash is none. */
TEST(t_X10_positions_sessions_and_money_that_cannot_be_believed)
{
	static const char positions[] = "[{\"symbol\":7,\"qty\":\"1\"},{\"symbol\":\"SPY\"},{\"symbol\":\"SPY\",\"qty\":null},"
	                                "{\"symbol\":\"SPY\",\"qty\":\"x\"},"
	                                "{\"symbol\":\"SPY\",\"qty\":1,\"cost_basis\":true},{\"symbol\":\"SPY\",\"qty\":1,\"current_price\":[]},"
	                                "{\"symbol\":\"SPY\",\"qty\":2,\"cost_basis\":\"3\"}]";
	static const char sessions[] = "[" WRONG_SESSIONS "," SESSION(FRIDAY, "\"09:30\"", "16:00") "]";
	static const char *const money[] = { "{}", "{\"cash\":null,\"equity\":1}", "{\"cash\":\"much\",\"equity\":1}", "{\"cash\":1,\"equity\":[]}" };
	struct alpaca_position position;
	struct alpaca_session  session;
	struct alpaca_account  account;
	alpaca_codec_init(&codec);
	alpaca_list_begin(&codec, positions, strlen(positions));
	CHECK(alpaca_list_position(&codec, &position) && position.qty_e8 == 2 * E8 && position.cost_usd_e8 == 3 * E8);
	CHECK(!alpaca_list_position(&codec, &position) && alpaca_list_whole(&codec) && codec.malformed == 6);
	alpaca_list_begin(&codec, sessions, strlen(sessions));
	CHECK(alpaca_list_session(&codec, &session) && session.close_min == 16 * 60);
	CHECK(!alpaca_list_session(&codec, &session) && alpaca_list_whole(&codec) && codec.malformed == 14);
	for (size_t i = 0; i < sizeof money / sizeof *money; i++) CHECK(!alpaca_read_account(&codec, money[i], strlen(money[i]), &account));
	CHECK_EQ(codec.malformed, 18);
}

TEST(t_X10_activities_that_cannot_be_believed)
{
	static const char list[] = "[{\"id\":\"a::b\",\"activity_type\":\"FILL\"},{\"id\":\"a::b\",\"activity_type\":\"DIV\",\"date\":\"2026-02-30\"},"
	                           "{\"id\":\"a::b\",\"activity_type\":\"FILL\",\"order_id\":\"" UUID "\",\"qty\":\"1\",\"price\":\"1\",\"leaves_qty\":{}},"
	                           "{\"id\":\"a::b\",\"activity_type\":\"FILL\",\"order_id\":\"" UUID "\",\"qty\":\"1\",\"price\":\"1\",\"commission\":{}},"
	                           "{\"id\":\"a::b\",\"activity_type\":\"WEATHER\",\"net_amount\":\"1\"}]";
	alpaca_codec_init(&codec);
	alpaca_list_begin(&codec, list, strlen(list));
	CHECK(alpaca_list_activity(&codec, &activity) && activity.kind == ALPACA_ACTIVITY_OTHER);
	CHECK(!alpaca_list_activity(&codec, &activity) && alpaca_list_whole(&codec));
	CHECK_EQ(codec.malformed, 4);
}

TEST(t_X5_times_that_are_none)
{
	static const char *const bad[] = { "2026-11-20T14:31:05", "2026-13-20T14:31:05Z", "2026-06-31T14:31:05Z", "2026-11-20T24:31:05Z",
		"2026-11-20T14:31:05+5", "2026-11-20T14:31:05.Zx", "2026-11-20x14:31:05Z", "2026-11-20T14-31:05Z", "2026-11-20T14:31-05Z",
		"2026-11-20T14:31:05*05:00", "2026-11-20T14:31:05+05-00", "2026-11-20T14:31:05+24:00", "2026-11-20T14:31:05+05:60", "2026-11-20T14:31:05X",
		"1969-11-20T14:31:05Z", "", "Z", "2026-11-20" };
	int64_t t_ns;
	char    text[ALPACA_TIME_BYTES];
	CHECK(alpaca_time("2026-11-20T14:31:05Z", 20, &t_ns));
	int64_t right_ns = t_ns;
	CHECK(alpaca_time("2026-11-20 20:01:05+05:30", 25, &t_ns) && t_ns == right_ns);        /* a space, and east of Greenwich */
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!alpaca_time(bad[i], strlen(bad[i]), &t_ns));
	for (int64_t t = 1; t < INT64_C(2000000000) * NS_PER_S; t = t * 3 + 12345) {
		alpaca_time_text(t, text);
		CHECK(alpaca_time(text, strlen(text), &t_ns));
		CHECK_EQ(t_ns, t);
	}
}

TEST(t_X5_symbols_both_ways)
{
	char text[ALPACA_SYMBOL_BYTES];
	for (uint16_t i = 0; i < UNIVERSE_N; i++) {
		alpaca_symbol(i, text);
		CHECK(strchr(text, '-') == 0);
		CHECK_EQ(alpaca_sym(text, strlen(text)), i);
	}
	CHECK_EQ(alpaca_sym("SP", 2), SYM_NONE);
	CHECK_EQ(alpaca_sym("SPYX", 4), SYM_NONE);
	CHECK_EQ(alpaca_sym("", 0), SYM_NONE);
}

TEST(t_X5_alpaca_damage_never_surprises)
{
	static const char *const samples[] = { ORDER_TEXT("new", "\"10\""), UPDATE_TEXT("fill", FILL_MORE), "[" FILL_ACTIVITY "," DIV_ACTIVITY "]",
		"[" ORDER_TEXT("filled", "10") "," ORDER_TEXT("new", "1") "]", "{\"code\":40310000,\"message\":\"insufficient\"}",
		"{\"cash\":\"1\",\"equity\":\"2\"}", "{\"timestamp\":\"2026-11-20T09:31:05.123456789-05:00\",\"is_open\":true}" };
	static const char alphabet[] = "{}[]\":,\\u0123456789eE.+-TZnulltrue \n\xff\xc3";
	static char       bytes[MUTATED_MAX];
	uint64_t          seed = 3650;
	alpaca_codec_init(&codec);
	for (uint32_t i = 0; i < mutations(); i++) {
		const char *sample = samples[draw_below(&seed, sizeof samples / sizeof *samples)];
		size_t      count = mutate(bytes, sample, strlen(sample), alphabet, sizeof alphabet - 1, &seed);
		const char *broken = codec_property(&codec, bytes, count);
		if (broken) CHECK_STR(broken, "");
	}
	CHECK(codec.malformed > 0);
}
