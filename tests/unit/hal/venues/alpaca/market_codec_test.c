/* market_codec_test.c - the market data codec against documented messages, hand-made faults and random damage. */
#include "hal/venues/alpaca/market_codec.h"

#include <stdio.h>
#include <string.h>

#include "fsm/feed/calendar.h"
#include "fsm/settings.h"
#include "tests/kit/test.h"
#include "tests/unit/hal/venues/alpaca/market_property.h"
#include "tests/unit/hal/wire/mutate.h"

enum { TOLD_MAX = 16 };

static struct alpaca_market_codec codec;
static struct { uint16_t sym; struct bar bar; struct alpaca_snapshot snapshot; uint8_t side; int64_t px_e8, qty_e8; } told[TOLD_MAX];
static uint32_t told_n;
static char     token[ALPACA_TOKEN_BYTES];

static uint16_t sym_of(const char *symbol) { return universe_find(symbol, strlen(symbol)); }

static void on_bar(void *self, uint16_t sym, const struct bar *bar)
{
	(void)self;
	CHECK(told_n < TOLD_MAX);
	told[told_n].sym = sym;
	told[told_n++].bar = *bar;
}

static void on_snapshot(void *self, uint16_t sym, const struct alpaca_snapshot *snapshot)
{
	(void)self;
	CHECK(told_n < TOLD_MAX);
	told[told_n].sym = sym;
	told[told_n++].snapshot = *snapshot;
}

static void on_level(void *self, uint8_t side, int64_t px_e8, int64_t qty_e8)
{
	(void)self;
	CHECK(told_n < TOLD_MAX);
	told[told_n].side = side;
	told[told_n].px_e8 = px_e8;
	told[told_n++].qty_e8 = qty_e8;
}

static bool bars(const char *text)
{
	told_n = 0;
	return alpaca_read_bars(&codec, text, strlen(text), on_bar, 0, token);
}

static bool snapshots(const char *text, bool is_crypto)
{
	told_n = 0;
	return alpaca_read_snapshots(&codec, text, strlen(text), is_crypto, on_snapshot, 0);
}

static struct alpaca_data one(const char *text)
{
	struct alpaca_data data = { .kind = ALPACA_DATA_UNKNOWN }, more;
	alpaca_data_begin(&codec, text, strlen(text));
	CHECK(alpaca_data_next(&codec, &data));
	CHECK(!alpaca_data_next(&codec, &more));
	CHECK(alpaca_data_whole(&codec));
	return data;
}

static bool is_believed(const char *text)
{
	struct alpaca_data data;
	uint64_t           malformed = codec.malformed;
	alpaca_data_begin(&codec, text, strlen(text));
	while (alpaca_data_next(&codec, &data)) continue;
	(void)alpaca_data_whole(&codec);
	return codec.malformed == malformed;
}

#define NOW "\"t\":\"2026-11-20T14:31:05Z\""
#define LATER "\"t\":\"2026-11-20T15:15:00Z\""
#define BAR(date, close) "{\"t\":\"" date "T05:00:00Z\",\"o\":185.1,\"h\":187.9,\"l\":184.8,\"c\":" close ",\"v\":51234567,\"n\":512345,\"vw\":186.44}"
static const char page[] = "{\"bars\":{\"SPY\":[" BAR("2026-11-18", "186.1") "," BAR("2026-11-19", "\"186.25\"") "]},\"next_page_token\":\"U1BZfDE=\"}";

TEST(t_X5_a_page_of_bars)
{
	alpaca_market_codec_init(&codec);
	CHECK(bars(page));
	CHECK_EQ(told_n, 2);
	CHECK_EQ(told[1].sym, sym_of("SPY"));
	CHECK_EQ(told[1].bar.day, day_from_civil(2026, 11, 19));
	CHECK_EQ(told[1].bar.open_px_e8, 18510000000);
	CHECK_EQ(told[1].bar.high_px_e8, 18790000000);
	CHECK_EQ(told[1].bar.low_px_e8, 18480000000);
	CHECK_EQ(told[1].bar.close_px_e8, 18625000000);
	CHECK_EQ(told[1].bar.adj_px_e8, told[1].bar.close_px_e8);
	CHECK_EQ(told[1].bar.volume, 51234567);
	CHECK_EQ(told[1].bar.calendar, CALENDAR_NYSE);
	CHECK_STR(token, "U1BZfDE=");
	CHECK_EQ(codec.malformed + codec.strangers, 0);
}

TEST(t_X5_a_coin_has_our_name_and_its_own_midnight)
{
	alpaca_market_codec_init(&codec);
	CHECK(bars("{\"bars\":{\"BTC/USD\":[{\"t\":\"2026-11-19T00:00:00Z\",\"o\":1,\"h\":2,\"l\":1,\"c\":2.123456789,\"v\":12.75}]},"
	    "\"next_page_token\":null}"));
	CHECK_EQ(told[0].sym, sym_of("BTC-USD"));
	CHECK_EQ(told[0].bar.day, day_from_civil(2026, 11, 19));
	CHECK_EQ(told[0].bar.close_px_e8, 212345678);
	CHECK_EQ(told[0].bar.volume, 12);
	CHECK_EQ(codec.cut, 1);
	CHECK_STR(token, "");
}

/* One bad bar costs that bar; a body that is no page costs the page, before anything of it is told. */
TEST(t_D3_bars_that_cannot_be)
{
	static const char *const bad[] = { "\"-186.1\"", "0", "1e9", "null", "\"much\"", "true", "[186]" };
	static const char *const broken[] = { "", "[]", "{", "{\"bars\":[]}", "{\"bars\":{\"SPY\":[{]}}", "<html>",
		"{\"bars\":{},\"bars\":{}}", "{\"bars\":{},\"next_page_token\":7}" };
	char text[1024];
	alpaca_market_codec_init(&codec);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(text, sizeof text, "{\"bars\":{\"SPY\":[{\"t\":\"2026-11-18T05:00:00Z\",\"o\":1,\"h\":2,\"l\":1,\"c\":%s,"
		    "\"v\":1},%s]},\"next_page_token\":null}", bad[i],
		    BAR("2026-11-19", "1.5"));
		CHECK(bars(text));
		CHECK_EQ(told_n, 1);
		CHECK_EQ(codec.malformed, i + 1);
	}
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		CHECK(!bars(broken[i]));
		CHECK_EQ(told_n, 0);
		CHECK_EQ(codec.malformed, sizeof bad / sizeof *bad + i + 1);
	}
	CHECK(bars("{\"bars\":{\"SPY\":null,\"GLD\":[" BAR("2026-11-19", "1.5") "],\"NOPE\":[" BAR("2026-11-19", "1.5") "]},\"next_page_token\":null}"));
	CHECK_EQ(told_n, 1);
	CHECK_EQ(codec.strangers, 1);
	CHECK(bars("{\"bars\":null,\"next_page_token\":null}"));
	CHECK_EQ(told_n, 0);
	CHECK(bars("{\"bars\":{\"SPY\":[" BAR("1066-10-14", "1") ",7,{\"t\":1}]},\"next_page_token\":null}"));
	CHECK_EQ(told_n, 0);
}

TEST(t_X5_snapshots_of_stocks_and_coins)
{
	alpaca_market_codec_init(&codec);
	CHECK(snapshots("{\"GLD\":{\"latestTrade\":{\"t\":\"2026-11-20T14:31:05.5Z\",\"p\":187.2,\"s\":1},\"latestQuote\":null,\"minuteBar\":null,"
	                "\"dailyBar\":" BAR("2026-11-20", "186") ",\"prevDailyBar\":" BAR("2026-11-19", "185") "},\"SPY\":null,\"XYZ\":{}}", false));
	CHECK_EQ(told_n, 1);
	CHECK(told[0].snapshot.has_daily);
	CHECK_EQ(told[0].snapshot.daily.day, day_from_civil(2026, 11, 20));
	CHECK_EQ(told[0].snapshot.daily.open_px_e8, 18510000000);
	CHECK_EQ(told[0].snapshot.trade_px_e8, 18720000000);
	CHECK_EQ(told[0].snapshot.trade_t_ns, day_from_civil(2026, 11, 20) * NS_PER_DAY + (14 * 3600 + 31 * 60 + 5) * NS_PER_S + NS_PER_S / 2);
	CHECK_EQ(codec.strangers, 1);
	CHECK_EQ(codec.malformed, 1);        /* SPY has none */
	CHECK(snapshots("{\"snapshots\":{\"BTC/USD\":{\"latestTrade\":{\"t\":\"2026-11-20T14:31:05Z\",\"p\":\"91000.5\"}}}}", true));
	CHECK_EQ(told[0].sym, sym_of("BTC-USD"));
	CHECK(!told[0].snapshot.has_daily);
	CHECK_EQ(told[0].snapshot.trade_px_e8, 9100050000000);
	CHECK(!snapshots("{}", true));
	CHECK(!snapshots("[1]", false));
}

TEST(t_X5_moments_of_stepped_time)
{
	static const char text[] = "{\"moment\":3,\"t_ns\":1420466400000000000,\"day\":\"2015-01-05\",\"phase\":\"close\","
	    "\"calendar\":\"NYSE\",\"early_close\":true,"
	                           "\"last\":false,\"end\":false}";
	static const char *const broken[] = { "{}", "{\"moment\":-1,\"t_ns\":1,\"day\":\"2015-01-05\"}", "{\"moment\":0,\"t_ns\":1,\"day\":\"2015-13-05\"}",
		"{\"moment\":0,\"t_ns\":\"1\",\"day\":\"2015-01-05\"}", "{\"moment\":0,\"t_ns\":1e99,\"day\":\"2015-01-05\"}",
		"{\"moment\":1,\"t_ns\":1,\"day\":\"2015-01-05\",\"phase\":\"noon\",\"calendar\":\"NYSE\"}",
		"{\"moment\":1,\"t_ns\":1,\"day\":\"2015-01-05\",\"phase\":\"open\",\"calendar\":\"MARS\"}" };
	struct alpaca_moment moment;
	alpaca_market_codec_init(&codec);
	CHECK(alpaca_read_moment(&codec, text, sizeof text - 1, &moment));
	CHECK_EQ(moment.number, 3);
	CHECK_EQ(moment.t_ns, 1420466400000000000);
	CHECK_EQ(moment.day, day_from_civil(2015, 1, 5));
	CHECK(moment.phase == TICK_CLOSE && moment.calendar == CALENDAR_NYSE && moment.early_close && !moment.last && !moment.end);
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) CHECK(!alpaca_read_moment(&codec, broken[i], strlen(broken[i]), &moment));
	CHECK_EQ(codec.malformed, sizeof broken / sizeof *broken);
}

TEST(t_D5_control_messages_and_errors)
{
	alpaca_market_codec_init(&codec);
	CHECK_EQ(one("[{\"T\":\"success\",\"msg\":\"connected\"}]").kind, ALPACA_DATA_CONNECTED);
	CHECK_EQ(one("[{\"T\":\"success\",\"msg\":\"authenticated\"}]").kind, ALPACA_DATA_AUTHENTICATED);
	struct alpaca_data list = one("[{\"T\":\"subscription\",\"trades\":[\"AAPL\"],\"quotes\":[\"AAPL\",\"SPY\"],\"bars\":[\"*\"],"
	    "\"updatedBars\":[],\"statuses\":[]}]");
	CHECK_EQ(list.kind, ALPACA_DATA_SUBSCRIPTION);
	CHECK_EQ(list.count, 4);
	struct alpaca_data error = one("[{\"T\":\"error\",\"code\":406,\"msg\":\"connection limit exceeded\"}]");
	CHECK_EQ(error.kind, ALPACA_DATA_ERROR);
	CHECK_EQ(error.code, 406);
	CHECK_STR(error.text, "connection limit exceeded");
	CHECK_EQ(alpaca_data_error_of(406).remedy, ALPACA_WAIT);
	CHECK_EQ(alpaca_data_error_of(402).remedy, ALPACA_FATAL);
	CHECK_EQ(alpaca_data_error_of(409).remedy, ALPACA_FATAL);
	CHECK(strstr(alpaca_data_error_of(402).text, "TICKWORK_DATA_KEY_ID") && strstr(alpaca_data_error_of(409).text, "TICKWORK_DATA_KEY_ID"));
	CHECK_EQ(alpaca_data_error_of(403).remedy, ALPACA_KEEP);
	CHECK_EQ(alpaca_data_error_of(407).remedy, ALPACA_RETRY);
	CHECK_EQ(alpaca_data_error_of(777).remedy, ALPACA_RETRY);
}

TEST(t_D5_trades_quotes_bars_and_the_rest)
{
	alpaca_market_codec_init(&codec);
	struct alpaca_data trade = one("[{\"T\":\"t\",\"S\":\"SPY\",\"i\":96921,\"x\":\"V\",\"p\":187.255,\"s\":100,"
	    "\"t\":\"2026-11-20T14:31:05.208123456Z\",\"c\":[\"@\",\"I\"],\"z\":\"C\"}]");
	CHECK_EQ(trade.kind, ALPACA_DATA_TRADE);
	CHECK_EQ(trade.px_e8, 18725500000);
	CHECK_EQ(trade.qty_e8, 100 * E8);
	CHECK_EQ(trade.t_ns % NS_PER_S, 208123456);
	struct alpaca_data quote = one("[{\"T\":\"q\",\"S\":\"QQQ\",\"bx\":\"V\",\"bp\":\"187.25\",\"bs\":3,\"ax\":\"V\",\"ap\":0,"
	    "\"as\":0," NOW ",\"c\":[\"R\"],\"z\":\"C\"}]");
	CHECK_EQ(quote.bid_px_e8, 18725000000);
	CHECK_EQ(quote.ask_px_e8, 0);
	struct alpaca_data daily = one("[{\"T\":\"d\",\"S\":\"SPY\",\"o\":588.985,\"h\":589.13,\"l\":588.975,\"c\":589.12,\"v\":49378,"
	    "\"n\":401,\"vw\":589.03,\"t\":\"2026-11-20T05:00:00Z\"}]");
	CHECK_EQ(daily.kind, ALPACA_DATA_DAILY);
	CHECK_EQ(daily.bar.close_px_e8, 58912000000);
	struct alpaca_data halt = one("[{\"T\":\"s\",\"S\":\"SPY\",\"sc\":\"H\",\"sm\":\"Trading Halt\",\"rc\":\"T12\","
	    "\"rm\":\"why\"," LATER ",\"z\":\"C\"}]");
	CHECK(halt.is_halted);
	CHECK_STR(halt.text, "Trading Halt");
	CHECK(!one("[{\"T\":\"s\",\"S\":\"SPY\",\"sc\":\"T\",\"sm\":\"Resume\",\"t\":\"2026-11-20T15:15:00Z\"}]").is_halted);
	struct alpaca_data corrected = one("[{\"T\":\"c\",\"S\":\"SPY\",\"x\":\"M\",\"oi\":1,\"op\":9.5,\"os\":1,\"ci\":2,\"cp\":9.6,\"cs\":3," LATER "}]");
	CHECK_EQ(corrected.was_px_e8, 950000000);
	CHECK_EQ(corrected.px_e8, 960000000);
	CHECK_EQ(one("[{\"T\":\"x\",\"S\":\"SPY\",\"i\":1,\"x\":\"M\",\"p\":9.5,\"s\":1,\"a\":\"C\"," LATER "}]").kind, ALPACA_DATA_CANCEL);
	CHECK_EQ(one("[{\"T\":\"l\",\"S\":\"SPY\",\"u\":3.2,\"d\":2.6,\"i\":\"B\",\"t\":\"2026-11-20T15:15:00Z\"}]").kind, ALPACA_DATA_QUIET);
	CHECK_EQ(one("[{\"T\":\"new\"}]").kind, ALPACA_DATA_UNKNOWN);
	CHECK_EQ(codec.unknown, 1);
	CHECK_EQ(codec.malformed, 0);
}

TEST(t_D5_an_array_of_many_skips_strangers)
{
	static const char  text[] = "[{\"T\":\"t\",\"S\":\"SPY\",\"p\":1,\"s\":1," NOW "},{\"T\":\"t\",\"S\":\"AAPL\",\"p\":1,\"s\":1," NOW "},"
	                            "{\"T\":\"t\",\"S\":\"SPY\",\"p\":0,\"s\":1," NOW "},{\"T\":\"q\",\"S\":\"GLD\",\"bp\":1,\"ap\":2," NOW "}]";
	struct alpaca_data data;
	alpaca_market_codec_init(&codec);
	alpaca_data_begin(&codec, text, sizeof text - 1);
	CHECK(alpaca_data_next(&codec, &data) && data.kind == ALPACA_DATA_TRADE);
	CHECK(alpaca_data_next(&codec, &data) && data.kind == ALPACA_DATA_QUOTE);
	CHECK(!alpaca_data_next(&codec, &data) && alpaca_data_whole(&codec));
	CHECK_EQ(codec.strangers, 1);
	CHECK_EQ(codec.malformed, 1);
}

TEST(t_D5_books_of_coins)
{
	alpaca_market_codec_init(&codec);
	struct alpaca_data whole = one("[{\"T\":\"o\",\"S\":\"BTC/USD\",\"t\":\"2026-11-20T14:31:05.1Z\",\"b\":[{\"p\":91199.1,\"s\":0.5}],"
	    "\"a\":[{\"p\":91201.2,\"s\":0.4}],\"r\":true}]");
	CHECK(whole.is_whole);
	told_n = 0;
	CHECK(alpaca_data_levels(&codec, &whole, on_level, 0));
	CHECK_EQ(told_n, 2);
	CHECK(told[0].side == SIDE_BUY && told[0].px_e8 == 9119910000000 && told[0].qty_e8 == E8 / 2);
	CHECK(told[1].side == SIDE_SELL && told[1].px_e8 == 9120120000000);
	struct alpaca_data change = one("[{\"T\":\"o\",\"S\":\"BTC/USD\",\"t\":\"2026-11-20T14:31:05.2Z\",\"b\":[{\"p\":91199.1,\"s\":0}],\"a\":[]}]");
	told_n = 0;
	CHECK(!change.is_whole && alpaca_data_levels(&codec, &change, on_level, 0));
	CHECK(told_n == 1 && told[0].qty_e8 == 0);
	struct alpaca_data wrong = one("[{\"T\":\"o\",\"S\":\"BTC/USD\",\"t\":\"2026-11-20T14:31:05.2Z\",\"b\":[{\"p\":-1,\"s\":0}],\"a\":[]}]");
	CHECK(!alpaca_data_levels(&codec, &wrong, on_level, 0));
}

TEST(t_D5_a_symbol_stands_still_by_each_of_three_words)
{
	static const char *const word[] = { "H", "P", "2" };
	char                     text[256];
	alpaca_market_codec_init(&codec);
	for (size_t i = 0; i < 3; i++) {
		snprintf(text, sizeof text, "[{\"T\":\"s\",\"S\":\"SPY\",\"sc\":\"%s\"," NOW "}]", word[i]);
		CHECK(one(text).is_halted);
	}
	CHECK(!is_believed("[{\"T\":\"s\",\"S\":\"SPY\",\"sc\":2," NOW "}]"));
}

/* What is written for people goes into our log: cut to its room, and nothing but letters that a terminal only shows. */
TEST(t_D5_a_text_of_the_venues_is_cut_and_cleaned)
{
	char text[512], words[300];
	memset(words, 'x', sizeof words - 1);
	words[sizeof words - 1] = '\0';
	memcpy(words + 1, "\x7f\xc3\xa9", 3);
	snprintf(text, sizeof text, "[{\"T\":\"error\",\"code\":400,\"msg\":\"%s\"}]", words);
	alpaca_market_codec_init(&codec);
	struct alpaca_data error = one(text);
	CHECK_EQ(strlen(error.text), ALPACA_DATA_TEXT_BYTES - 1);
	CHECK(strncmp(error.text, "x   xx", 6) == 0);
	CHECK_STR(one("[{\"T\":\"error\",\"code\":400,\"msg\":7}]").text, "");
}

TEST(t_D5_what_of_a_message_must_be_right)
{
	static const char *const bad[] = { "\"T\":\"q\",\"S\":\"SPY\",\"bp\":-1,\"ap\":1", "\"T\":\"q\",\"S\":\"SPY\",\"bp\":1",
		"\"T\":\"c\",\"S\":\"SPY\",\"cp\":1,\"cs\":1", "\"T\":\"c\",\"S\":\"SPY\",\"op\":1,\"cs\":1", "\"T\":\"c\",\"S\":\"SPY\",\"op\":1,\"cp\":1,\"cs\":-1",
		"\"T\":\"o\",\"S\":\"BTC/USD\",\"b\":[],\"a\":{}", "\"T\":\"b\",\"S\":\"SPY\",\"o\":1", "\"T\":\"error\",\"code\":\"much\"" };
	char text[256];
	alpaca_market_codec_init(&codec);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(text, sizeof text, "[{%s," NOW "}]", bad[i]);
		CHECK(!is_believed(text));
	}
	CHECK_EQ(codec.malformed, sizeof bad / sizeof *bad);
	CHECK_EQ(one("[{\"T\":\"subscription\",\"trades\":7,\"quotes\":[\"SPY\"]}]").count, 1);
	struct alpaca_data book = one("[{\"T\":\"o\",\"S\":\"BTC/USD\",\"a\":null," NOW "}]");        /* a side nobody speaks of */
	told_n = 0;
	CHECK(alpaca_data_levels(&codec, &book, on_level, 0) && told_n == 0);
}

TEST(t_X5_malformed_messages_are_counted)
{
	static const char *const bad[] = { "", "{}", "null", "[", "[{\"T\":\"t\"", "[7]", "[{}]", "[{\"T\":7}]", "[{\"T\":\"t\","
	    "\"S\":\"SPY\",\"p\":1,\"s\":1}]",
		"[{\"T\":\"t\",\"S\":\"SPY\",\"p\":1,\"p\":2,\"s\":1," NOW "}]", "[{\"T\":\"t\",\"S\":\"SPY\",\"p\":1,\"s\":-1," NOW "}]",
		"[{\"T\":\"t\",\"S\":\"SPY\",\"p\":1,\"s\":1,\"t\":\"yesterday\"}]", "[{\"T\":\"error\","
		    "\"msg\":\"no code\"}]", "[{\"T\":\"success\"}] trailing",
		"[{\"T\":\"o\",\"S\":\"BTC/USD\",\"t\":\"2026-11-20T14:31:05Z\",\"b\":7}]", "\x81\xa1T\xa1t" };
	alpaca_market_codec_init(&codec);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!is_believed(bad[i]));
	CHECK(is_believed("[]"));
}

TEST(t_X5_what_we_say)
{
	char text[ALPACA_SUBSCRIBE_BYTES], login[ALPACA_LOGIN_BYTES];
	CHECK(alpaca_write_login("PK\"1", "s", login) > 0);
	CHECK_STR(login, "{\"action\":\"auth\",\"key\":\"PK\\\"1\",\"secret\":\"s\"}");
	CHECK(alpaca_write_subscribe(true, text) > 0);
	CHECK_STR(text, "{\"action\":\"subscribe\",\"trades\":[\"BTC/USD\"],\"quotes\":[\"BTC/USD\"]}");
	CHECK(alpaca_write_subscribe(false, text) > 0);
	CHECK(strstr(text, "\"GLD\"") && strstr(text, "\"statuses\":[") && !strstr(text, "VIX") && !strstr(text, "BTC"));
	CHECK(alpaca_symbols(true, text, sizeof text) > 0);
	CHECK_STR(text, "BTC%2FUSD");
	CHECK(alpaca_symbols(false, text, sizeof text) > 0);
	CHECK(strncmp(text, "GLD,SPY,QQQ,SLV,", 16) == 0);
	CHECK_EQ(alpaca_symbols(false, text, 7), 0);
}

/* Nothing that cannot be is ever told, whatever comes. */
TEST(t_X5_market_data_survives_damage)
{
	static const char *const sample[] = { page,
		"{\"GLD\":{\"latestTrade\":{\"t\":\"2026-11-20T14:31:05.5Z\",\"p\":187.2},\"dailyBar\":" BAR("2026-11-20", "186") "}}",
		"{\"snapshots\":{\"BTC/USD\":{\"latestTrade\":{\"t\":\"2026-11-20T14:31:05Z\",\"p\":\"91000.5\"}}}}",
		"{\"moment\":3,\"t_ns\":1420466400000000000,\"day\":\"2015-01-05\",\"phase\":\"close\",\"calendar\":\"NYSE\",\"last\":false,\"end\":false}",
		"[{\"T\":\"t\",\"S\":\"SPY\",\"p\":187.255,\"s\":100,\"t\":\"2026-11-20T14:31:05.2Z\"},{\"T\":\"q\",\"S\":\"SPY\",\"bp\":1,"
		    "\"ap\":2," NOW "}]",
		"[{\"T\":\"o\",\"S\":\"BTC/USD\",\"t\":\"2026-11-20T14:31:05.1Z\",\"b\":[{\"p\":91199.1,\"s\":0.5}],\"a\":[{\"p\":91201.2,"
		    "\"s\":0.4}],\"r\":true}]",
		"[{\"T\":\"d\",\"S\":\"SPY\",\"o\":1,\"h\":2,\"l\":1,\"c\":2,\"v\":3,\"t\":\"2026-11-20T05:00:00Z\"},{\"T\":\"error\","
		    "\"code\":406,\"msg\":\"no\"}]" };
	static const char letters[] = "{}[]\",:0123456789.-eE+TStpsobahlcvnull";
	static char       bytes[MUTATED_MAX];
	uint64_t          seed = 3700;
	alpaca_market_codec_init(&codec);
	for (uint32_t i = 0; i < mutations(); i++) {
		const char *from = sample[i % (sizeof sample / sizeof *sample)];
		size_t      count = mutate(bytes, from, strlen(from), letters, sizeof letters - 1, &seed);
		const char *broken = market_property(&codec, bytes, count);
		if (broken) CHECK_STR(broken, "nothing is broken");
	}
	CHECK(codec.malformed > 0);
}
