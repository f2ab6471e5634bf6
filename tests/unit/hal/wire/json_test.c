/* json_test.c - what is JSON and what is not (after the case names of the published JSON parsing test suite), numbers exactly,
 * picking by paths, and damage of every kind. */
#include "hal/wire/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/kit/test.h"
#include "tests/unit/hal/wire/json_property.h"
#include "tests/unit/hal/wire/mutate.h"

static enum json_verdict judged(const char *bytes, size_t count)
{
	struct json_reader json;
	struct json_value  value;
	json_open(&json, bytes, count);
	while (json_next(&json, &value) != JSON_NONE)
		if (value.kind == JSON_END) return JSON_OK;
	return json.verdict;
}

static void check_judged(const char *text, enum json_verdict verdict)
{
	enum json_verdict got = judged(text, strlen(text));
	if (got != verdict) fprintf(stderr, "  %s: %s\n", text, json_verdict_text[got]);
	CHECK_EQ(got, verdict);
}

struct judgement { enum json_verdict verdict; const char *text; };

TEST(t_X5_json_takes_what_rfc_8259_allows)
{
	static const char *const right[] = {
		"[]", "{}", "null", "true", "false", "\"\"", "0", "-0", " [] ", "[\n]", "\t{\r\n}\n", "[1]", "[1,2]", "[[]   ]", "[null, 1, \"1\", {}]",
		"{\"a\":\"b\",\"a\":\"c\"}", "{\"\":0}", "{\"foo\\u0000bar\": 42}", "{\"min\": -1.0e+28, \"max\": 1.0e+28}", "{\"a\":{\"b\":[{}]}}",
		"-1", "20e1", "1E22", "1E-2", "1E+2", "123e45", "123e-10000000", "123.456e78", "0e1", "0e+1", "4 ", "-0.000000000000000000000001",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0061\\u30af\\u30EA\\u30b9\"", "\"\\uD801\\udc37\"", "\"\\ud83d\\ude39\\ud83d\\udc8d\"",
		"\"\\u0000\"", "\"\\\\u0000\"", "\"/*comment*/ //\"", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", "\"\xef\xbf\xbf\"", "\"\x7f\"",
		"\"\xe2\x80\xa8\xe2\x80\xa9\"", "\"\\uDBFF\\uDFFF\"", "\"\\uFFFE\"" };
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		check_judged(right[i], JSON_OK);
}

TEST(t_X5_json_says_what_is_wrong)
{
	static const struct judgement wrong[] = {
		{ JSON_CUT_SHORT, "" }, { JSON_CUT_SHORT, " " }, { JSON_CUT_SHORT, "[" }, { JSON_CUT_SHORT, "[1" }, { JSON_CUT_SHORT, "[1," },
		{ JSON_CUT_SHORT, "{" }, { JSON_CUT_SHORT, "{\"a" }, { JSON_CUT_SHORT, "{\"a\"" }, { JSON_CUT_SHORT, "{\"a\":" },
		{ JSON_CUT_SHORT, "{\"a\":1" }, { JSON_CUT_SHORT, "{\"a\":1," }, { JSON_CUT_SHORT, "\"" }, { JSON_CUT_SHORT, "\"a\\" },
		{ JSON_CUT_SHORT, "-" }, { JSON_CUT_SHORT, "1." }, { JSON_CUT_SHORT, "1e" }, { JSON_CUT_SHORT, "1e+" }, { JSON_CUT_SHORT, "tru" },
		{ JSON_CUT_SHORT, "[{}" }, { JSON_CUT_SHORT, "{\"a\":[\"b\",{" },
		{ JSON_NO_VALUE, "[,1]" }, { JSON_NO_VALUE, "[1,]" }, { JSON_NO_VALUE, "[1,,2]" }, { JSON_NO_VALUE, "[,]" }, { JSON_NO_VALUE, "," },
		{ JSON_NO_VALUE, "]" }, { JSON_NO_VALUE, "}" }, { JSON_NO_VALUE, "{\"a\":}" }, { JSON_NO_VALUE, "nUll" }, { JSON_NO_VALUE, "True" },
		{ JSON_NO_VALUE, "[NaN]" }, { JSON_NO_VALUE, "Infinity" }, { JSON_NO_VALUE, "+1" }, { JSON_NO_VALUE, ".5" }, { JSON_NO_VALUE, "'a'" },
		{ JSON_NO_VALUE, "/**/1" }, { JSON_NO_VALUE, "\xef\xbb\xbf{}" }, { JSON_NO_VALUE, "\xc2\xa0[]" }, { JSON_NO_VALUE, "[\f1]" },
		{ JSON_NO_VALUE, "nul1" }, { JSON_NO_VALUE, "*" }, { JSON_NO_VALUE, "[\xff]" }, { JSON_NO_VALUE, "{\"a\":\"b\",\"c\":d}" },
		{ JSON_NO_KEY, "{1:1}" }, { JSON_NO_KEY, "{a:1}" }, { JSON_NO_KEY, "{'a':1}" }, { JSON_NO_KEY, "{\"a\":1,}" }, { JSON_NO_KEY, "{,}" },
		{ JSON_NO_KEY, "{]" }, { JSON_NO_KEY, "{\"a\":1,2}" }, { JSON_NO_KEY, "{null:1}" },
		{ JSON_NO_COLON, "{\"a\"}" }, { JSON_NO_COLON, "{\"a\",1}" }, { JSON_NO_COLON, "{\"a\" 1}" }, { JSON_NO_COLON, "{\"a\"=1}" },
		{ JSON_NO_COMMA, "[1 2]" }, { JSON_NO_COMMA, "[1}" }, { JSON_NO_COMMA, "{\"a\":1]" }, { JSON_NO_COMMA, "[\"a\" \"b\"]" },
		{ JSON_NO_COMMA, "{\"a\":1 \"b\":2}" }, { JSON_NO_COMMA, "[1:2]" }, { JSON_NO_COMMA, "[1a]" }, { JSON_NO_COMMA, "[1;2]" },
		{ JSON_NO_COMMA, "[truefalse]" }, { JSON_NO_COMMA, "[1/**/]" }, { JSON_NO_COMMA, "[0x1]" }, { JSON_NO_COMMA, "[1e1.5]" },
		{ JSON_TRAILING, "[]]" }, { JSON_TRAILING, "1 2" }, { JSON_TRAILING, "{} x" }, { JSON_TRAILING, "\"a\"b" }, { JSON_TRAILING, "nulll" },
		{ JSON_TRAILING, "[]//" }, { JSON_TRAILING, "[],[]" }, { JSON_TRAILING, "1;" }, { JSON_TRAILING, "1-" }, { JSON_TRAILING, "{}\xc2\xa0" },
		{ JSON_DIGITS, "01" }, { JSON_DIGITS, "-01" }, { JSON_DIGITS, "00" }, { JSON_DIGITS, "-a" }, { JSON_DIGITS, "--1" },
		{ JSON_DIGITS, "[1.]" }, { JSON_DIGITS, "[1.e1]" }, { JSON_DIGITS, "[1e]" }, { JSON_DIGITS, "[1eE2]" }, { JSON_DIGITS, "[1e+-1]" },
		{ JSON_DIGITS, "[-]" }, { JSON_DIGITS, "[- 1]" }, { JSON_DIGITS, "[-.5]" }, { JSON_DIGITS, "[-Infinity]" },
		{ JSON_CONTROL, "\"a\nb\"" }, { JSON_CONTROL, "\"\t\"" }, { JSON_CONTROL, "[\"12345678\x1f\"]" }, { JSON_CONTROL, "\"123\x01" "45678\"" },
		{ JSON_ESCAPE, "\"\\a\"" }, { JSON_ESCAPE, "\"\\x00\"" }, { JSON_ESCAPE, "\"\\u00A\"" }, { JSON_ESCAPE, "\"\\uqqqq\"" },
		{ JSON_ESCAPE, "\"\\'\"" }, { JSON_ESCAPE, "\"\\U0041\"" }, { JSON_ESCAPE, "\"\\u 123\"" }, { JSON_ESCAPE, "\"\\\n\"" },
		{ JSON_SURROGATE, "\"\\ud800\"" }, { JSON_SURROGATE, "\"\\udc00\"" }, { JSON_SURROGATE, "\"\\ud800\\ud800\"" },
		{ JSON_SURROGATE, "\"\\uD800\\n\"" }, { JSON_SURROGATE, "\"\\uDd1ea\"" }, { JSON_SURROGATE, "\"\\ud800abc\"" },
		{ JSON_UTF8, "\"\xff\"" }, { JSON_UTF8, "\"\xc3\"" }, { JSON_UTF8, "\"\xc0\xaf\"" }, { JSON_UTF8, "\"\xed\xa0\x80\"" },
		{ JSON_UTF8, "\"\xe0\x80\xaf\"" }, { JSON_UTF8, "\"\xf4\xbf\xbf\xbf\"" }, { JSON_UTF8, "\"12345678\x81\"" }, { JSON_UTF8, "{\"\xfc\":1}" },
		{ JSON_UTF8, "\"\xf0\x80\x80\xaf\"" }, { JSON_UTF8, "\"\xf8\x88\x80\x80\x80\"" } };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		check_judged(wrong[i].text, wrong[i].verdict);
	CHECK_EQ(judged("[1\0]", 4), JSON_NO_COMMA);
	CHECK_EQ(judged("\"a\0b\"", 5), JSON_CONTROL);
	CHECK_EQ(judged("[]\0", 3), JSON_TRAILING);
}

TEST(t_X5_json_nesting_has_a_limit)
{
	char text[2 * JSON_NESTING_MAX + 3];
	memset(text, '[', JSON_NESTING_MAX);
	memset(text + JSON_NESTING_MAX, ']', JSON_NESTING_MAX);
	CHECK_EQ(judged(text, 2 * JSON_NESTING_MAX), JSON_OK);
	memset(text, '[', JSON_NESTING_MAX + 1);
	memset(text + JSON_NESTING_MAX + 1, ']', JSON_NESTING_MAX + 1);
	CHECK_EQ(judged(text, 2 * JSON_NESTING_MAX + 2), JSON_TOO_DEEP);
	struct json_reader json;
	struct json_value  value;
	json_open(&json, text, (size_t)JSON_BYTES_MAX + 1);
	CHECK_EQ(json_next(&json, &value), JSON_NONE);
	CHECK_EQ(json.verdict, JSON_TOO_LONG);
}

TEST(t_X5_json_names_the_byte)
{
	struct json_reader json;
	struct json_value  value;
	const char        *text = "{\"a\": [1, 2, x]}";
	json_open(&json, text, strlen(text));
	while (json_next(&json, &value) != JSON_NONE) continue;
	CHECK_EQ(json_offset(&json), 13);
	CHECK_EQ(json.verdict, JSON_NO_VALUE);
	CHECK(!json_finish(&json));
}

static struct json_value first(const char *text)
{
	static struct json_reader json;
	struct json_value         value;
	json_open(&json, text, strlen(text));
	(void)json_next(&json, &value);
	return value;
}

static void check_e8(const char *text, enum json_verdict verdict, int64_t want_e8, uint32_t want_cut)
{
	struct json_value value = first(text);
	int64_t           got_e8 = 0;
	uint32_t          cut = 0;
	CHECK_EQ(json_e8_of_text(&value, &got_e8, &cut), verdict);
	if (verdict == JSON_OK && got_e8 != want_e8) fprintf(stderr, "  %s\n", text);
	CHECK_EQ(got_e8, want_e8);
	CHECK_EQ(cut, want_cut);
	enum json_verdict strict = json_to_e8(&value, &got_e8, &cut);
	CHECK_EQ(strict, *text == '"' ? JSON_NOT_NUMBER : verdict);
}

TEST(t_X5_json_numbers_become_e8_exactly)
{
	check_e8("0", JSON_OK, 0, 0);
	check_e8("-0", JSON_OK, 0, 0);
	check_e8("187.255", JSON_OK, 18725500000, 0);
	check_e8("\"187.255\"", JSON_OK, 18725500000, 0);
	check_e8("-1.00000001", JSON_OK, -100000001, 0);
	check_e8("0.123456789", JSON_OK, 12345678, 1);
	check_e8("-0.123456789", JSON_OK, -12345678, 1);
	check_e8("0.1234567800", JSON_OK, 12345678, 0);
	check_e8("1e-8", JSON_OK, 1, 0);
	check_e8("1e-9", JSON_OK, 0, 1);
	check_e8("12.5e1", JSON_OK, 12500000000, 0);
	check_e8("1.25E+3", JSON_OK, 125000000000, 0);
	check_e8("1250e-1", JSON_OK, 12500000000, 0);
	check_e8("123456789e-12", JSON_OK, 12345, 1);
	check_e8("0e999999999999999999999", JSON_OK, 0, 0);
	check_e8("1e-999999999999999999999", JSON_OK, 0, 1);
	check_e8("92233720368.54775807", JSON_OK, INT64_MAX, 0);
	check_e8("-92233720368.54775807", JSON_OK, -INT64_MAX, 0);
	check_e8("0.000000000000000000000001e24", JSON_OK, 100000000, 0);
	check_e8("92233720368.54775808", JSON_RANGE, 0, 0);
	check_e8("9.3e10", JSON_RANGE, 0, 0);
	check_e8("1e11", JSON_RANGE, 0, 0);
	check_e8("1e999999999999999999999", JSON_RANGE, 0, 0);
	check_e8("123456789012345678901234567890", JSON_RANGE, 0, 0);
	static const char *const none[] = { "\"\"", "\"abc\"", "\" 1\"", "\"1 \"", "\"+1\"", "\".5\"", "\"1.\"", "\"01\"", "\"1e\"", "\"NaN\"",
		"null", "true", "{}", "[]", "\"0x1\"", "\"1,5\"", "\"\\u0031\"", "\"-\"" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct json_value value = first(none[i]);
		int64_t           e8 = 7;
		uint32_t          cut = 0;
		CHECK_EQ(json_e8_of_text(&value, &e8, &cut), JSON_NOT_NUMBER);
		CHECK_EQ(e8, 7);
	}
}

static void check_i64(const char *text, enum json_verdict verdict, int64_t want)
{
	struct json_value value = first(text);
	int64_t           got = 7;
	CHECK_EQ(json_to_i64(&value, &got), verdict);
	CHECK_EQ(got, verdict == JSON_OK ? want : 7);
}

TEST(t_X5_json_numbers_become_whole_numbers)
{
	check_i64("96921", JSON_OK, 96921);
	check_i64("-1", JSON_OK, -1);
	check_i64("9223372036854775807", JSON_OK, INT64_MAX);
	check_i64("-9223372036854775807", JSON_OK, -INT64_MAX);
	check_i64("9223372036854775808", JSON_RANGE, 0);
	check_i64("-9223372036854775808", JSON_RANGE, 0);
	check_i64("1.50e1", JSON_OK, 15);
	check_i64("1e18", JSON_OK, INT64_C(1000000000000000000));
	check_i64("1e19", JSON_RANGE, 0);
	check_i64("1000e-3", JSON_OK, 1);
	check_i64("100.0", JSON_OK, 100);
	check_i64("0.5", JSON_NOT_WHOLE, 0);
	check_i64("15e-1", JSON_NOT_WHOLE, 0);
	check_i64("\"1\"", JSON_NOT_NUMBER, 0);
	check_i64("null", JSON_NOT_NUMBER, 0);
}

static void check_double(const char *text, double want)
{
	struct json_value value = first(text);
	double            got = 7;
	CHECK_EQ(json_to_double(&value, &got), JSON_OK);
	CHECK(memcmp(&got, &want, sizeof got) == 0);
}

TEST(t_X5_json_numbers_become_the_nearest_double)
{
	check_double("0", 0.0);
	check_double("-0", -0.0);
	check_double("187.255", 187.255);
	check_double("0.1", 0.1);
	check_double("1e22", 1e22);
	check_double("1e23", 1e23);
	check_double("9007199254740993", 9007199254740992.0);
	check_double("9007199254740993.0000000000000000000000000000001", 9007199254740994.0);
	check_double("2.2250738585072011e-308", 0x0.fffffffffffffp-1022);
	check_double("1.7976931348623157e308", 0x1.fffffffffffffp1023);
	check_double("5e-324", 0x1p-1074);
	check_double("1e-400", 0.0);
	check_double("123456789012345678901234567890", 123456789012345678901234567890.0);
	struct json_value value = first("1e400");
	double            number = 7;
	CHECK_EQ(json_to_double(&value, &number), JSON_RANGE);
	char text[JSON_DOUBLE_BYTES_MAX + 2];
	memset(text, '1', sizeof text);
	text[JSON_DOUBLE_BYTES_MAX + 1] = 0;
	value = first(text);
	CHECK_EQ(json_to_double(&value, &number), JSON_TOO_LONG);
	CHECK(number == 7);
}

static void check_text(const char *json, const char *want, size_t want_length)
{
	struct json_value value = first(json);
	char              text[64];
	size_t            length;
	CHECK_EQ(json_text(&value, text, sizeof text, &length), JSON_OK);
	CHECK_EQ(length, want_length);
	CHECK(memcmp(text, want, want_length + 1) == 0);
	if (strlen(want) == want_length) CHECK(json_is(&value, want));
	CHECK(!json_is(&value, "something else"));
}

TEST(t_X5_json_strings_become_text)
{
	check_text("\"AAPL\"", "AAPL", 4);
	check_text("\"\"", "", 0);
	check_text("\"BTC\\/USD\"", "BTC/USD", 7);
	check_text("\"\\u0041\\n\\\"\\\\\\b\\f\\r\\t\"", "A\n\"\\\b\f\r\t", 8);
	check_text("\"\\u00e9\\u20ac\\ud83d\\ude00\"", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9);
	check_text("\"a\\u0000b\"", "a\0b", 3);
	struct json_value value = first("\"abcd\"");
	char              text[5];
	size_t            length;
	CHECK_EQ(json_text(&value, text, 5, &length), JSON_OK);
	CHECK_EQ(json_text(&value, text, 4, &length), JSON_NO_ROOM);
	CHECK_STR(text, "");
	CHECK_EQ(length, 0);
	CHECK(!json_is(&value, "abc"));
	CHECK(!json_is(&value, "abcde"));
	value = first("\"ab\\u0063\"");
	CHECK(!json_is(&value, "ab"));
	CHECK(!json_is(&value, "abcd"));
	value = first("12");
	CHECK_EQ(json_text(&value, text, 5, &length), JSON_NOT_STRING);
	CHECK(!json_is(&value, "12"));
}

enum { SYMBOL, PRICE, SIZE, CONDITIONS, TICKS_N };
static const char *const tick_path[TICKS_N] = { "S", "p", "s", "c" };
static const char        ticks[] =
	"[{\"T\":\"t\",\"S\":\"AAPL\",\"i\":96921,\"x\":\"V\",\"p\":187.255,\"s\":100,\"t\":\"2026-11-20T14:31:05.2Z\",\"c\":[\"@\",\"I\"]},\n"
	" {\"T\":\"t\",\"\\u0053\":\"SPY\",\"p\":\"600.01\",\"new\":{\"p\":[1,{}]}}]";

TEST(t_X5_json_picks_fields_of_each_tick_in_one_pass)
{
	struct json_paths  paths;
	struct json_reader json;
	struct json_value  value, found[TICKS_N];
	int64_t            price_e8, size;
	uint32_t           cut = 0;
	json_paths_init(&paths, tick_path, TICKS_N);
	json_open(&json, ticks, sizeof ticks - 1);
	CHECK(json_array(&json));
	CHECK(json_element(&json, &value));
	CHECK(json_pick(&json, &paths, found));
	CHECK(json_is(&found[SYMBOL], "AAPL"));
	CHECK_EQ(json_e8_of_text(&found[PRICE], &price_e8, &cut), JSON_OK);
	CHECK_EQ(price_e8, 18725500000);
	CHECK_EQ(json_to_i64(&found[SIZE], &size), JSON_OK);
	CHECK_EQ(size, 100);
	CHECK_EQ(found[CONDITIONS].kind, JSON_ARRAY);
	CHECK_EQ(found[CONDITIONS].length, 9);
	CHECK(json_element(&json, &value));
	CHECK(json_pick(&json, &paths, found));
	CHECK(json_is(&found[SYMBOL], "SPY"));
	CHECK_EQ(json_e8_of_text(&found[PRICE], &price_e8, &cut), JSON_OK);
	CHECK_EQ(price_e8, 60001000000);
	CHECK_EQ(found[SIZE].kind, JSON_NONE);
	CHECK(!json_element(&json, &value));
	CHECK(json_finish(&json));
}

static enum json_verdict picked(const char *text, const char *const *path, uint32_t count, struct json_value *found)
{
	struct json_paths  paths;
	struct json_reader json;
	struct json_value  value;
	json_paths_init(&paths, path, count);
	json_open(&json, text, strlen(text));
	(void)json_next(&json, &value);
	if (json_pick(&json, &paths, found)) (void)json_finish(&json);
	return json.verdict;
}

TEST(t_X5_json_paths_reach_into_objects)
{
	static const char *const path[] = { "data.order.qty", "data.order.id", "stream", "data.event", "data.order", "data.order.legs.x" };
	struct json_value        found[6];
	const char              *text = "{\"stream\":\"trade_updates\",\"data\":{\"event\":\"fill\",\"qty\":\"9\","
		"\"order\":{\"id\":\"7\",\"qty\":\"10\",\"legs\":null}}}";
	CHECK_EQ(picked(text, path, 6, found), JSON_OK);
	CHECK(json_is(&found[0], "10"));
	CHECK(json_is(&found[1], "7"));
	CHECK(json_is(&found[2], "trade_updates"));
	CHECK(json_is(&found[3], "fill"));
	CHECK_EQ(found[4].kind, JSON_OBJECT);
	CHECK_EQ(found[4].length, strlen("{\"id\":\"7\",\"qty\":\"10\",\"legs\":null}"));
	CHECK_EQ(found[5].kind, JSON_NONE);
	CHECK_EQ(picked("{\"data\":null,\"stream\":null}", path, 6, found), JSON_OK);
	CHECK_EQ(found[0].kind, JSON_NONE);
	CHECK_EQ(found[2].kind, JSON_NULL);
}

TEST(t_X5_json_asked_keys_come_once)
{
	static const char *const path[] = { "qty", "data.qty" };
	struct json_value        found[2];
	CHECK_EQ(picked("{\"qty\":1,\"other\":2,\"other\":3}", path, 2, found), JSON_OK);
	CHECK_EQ(picked("{\"qty\":1,\"qty\":1}", path, 2, found), JSON_DUPLICATE);
	CHECK_EQ(picked("{\"qty\":1,\"\\u0071ty\":2}", path, 2, found), JSON_DUPLICATE);
	CHECK_EQ(picked("{\"data\":{\"qty\":1},\"data\":{}}", path, 2, found), JSON_DUPLICATE);
	CHECK_EQ(picked("{\"data\":{\"qty\":1},\"qty\":{\"qty\":5}}", path, 2, found), JSON_OK);
	CHECK_EQ(picked("[1]", path, 2, found), JSON_NOT_OBJECT);
	CHECK_EQ(found[0].kind, JSON_NONE);
	CHECK_EQ(picked("{\"qty\":1,\"x\":[1,{\"y\":bad}]}", path, 2, found), JSON_NO_VALUE);
	CHECK_EQ(picked("{\"qty\":1} 2", path, 2, found), JSON_TRAILING);
}

TEST(t_X5_json_expectations_fail_in_words)
{
	struct json_reader json;
	struct json_value  value;
	json_open(&json, "{\"a\":1}", 7);
	CHECK(!json_array(&json));
	CHECK_EQ(json.verdict, JSON_NOT_ARRAY);
	json_open(&json, "{\"a\":1}", 7);
	CHECK_EQ(json_next(&json, &value), JSON_OBJECT);
	CHECK(!json_element(&json, &value));
	CHECK_EQ(json.verdict, JSON_NOT_ARRAY);
	json_open(&json, "{}", 2);
	CHECK_EQ(json_next(&json, &value), JSON_OBJECT);
	CHECK(!json_element(&json, &value));        /* the end of an object is no end of a list */
	CHECK_EQ(json.verdict, JSON_NOT_ARRAY);
	json_open(&json, "[1,2]", 5);
	CHECK(json_array(&json));
	CHECK(!json_finish(&json));
	CHECK_EQ(json.verdict, JSON_TRAILING);
	json_open(&json, "[[1,[2]],3]", 11);
	CHECK(json_array(&json));
	CHECK(json_element(&json, &value));
	CHECK(json_skip(&json, &value));
	CHECK_EQ(value.length, 7);
	CHECK(json_element(&json, &value));
	CHECK(json_skip(&json, &value));
	CHECK_EQ(value.length, 1);
	CHECK(!json_element(&json, &value));
	CHECK(json_finish(&json));
}

static void same_path_twice(void)
{
	static const char *const path[] = { "a.b", "a.b" };
	static struct json_paths paths;
	json_paths_init(&paths, path, 2);
}

static void key_too_long(void)
{
	static const char *const path[] = { "a.0123456789012345678901234567890123" };
	static struct json_paths paths;
	json_paths_init(&paths, path, 1);
}

TEST(t_X5_json_a_wrong_table_is_a_bug)
{
	CHECK_BUG(same_path_twice, 3403);
	CHECK_BUG(key_too_long, 3401);
}

TEST(t_X5_json_a_full_table_finds_every_key)
{
	static char        name[JSON_PATHS_MAX][8];
	static char        text[JSON_PATHS_MAX * 16];
	const char        *path[JSON_PATHS_MAX];
	struct json_value  found[JSON_PATHS_MAX];
	size_t             used = 0;
	for (size_t i = 0; i < JSON_PATHS_MAX; i++) {
		(void)snprintf(name[i], sizeof name[i], "k%zu", i);
		path[i] = name[i];
		used += (size_t)snprintf(text + used, sizeof text - used, "%s\"k%zu\":%zu", i ? "," : "{", i, i);
	}
	text[used] = '}';
	CHECK_EQ(picked(text, path, JSON_PATHS_MAX, found), JSON_OK);
	for (size_t i = 0; i < JSON_PATHS_MAX; i++) {
		int64_t got = -1;
		CHECK_EQ(json_to_i64(&found[i], &got), JSON_OK);
		CHECK_EQ(got, i);
	}
}

TEST(t_X5_json_damage_never_surprises)
{
	static const char        letters[] = "{}[]\",:\\0123456789.eE+-tfn u\xc3\xa9\xf0\x80\x00\x1f";
	static const char *const sample[] = { ticks,
		"{\"stream\":\"trade_updates\",\"data\":{\"event\":\"fill\",\"order\":{\"id\":\"6f0c\",\"qty\":\"10\",\"legs\":null,\"x\":[true,false]}}}",
		"{\"p\":-1.25e-3,\"S\":\"\\ud83d\\ude00 \\\"q\\\" \xe2\x82\xac\",\"data\":[[[[]]],{\"order\":{\"qty\":1e400}}]}" };
	static char bytes[MUTATED_MAX];
	uint32_t    count = mutations();
	for (uint32_t i = 0; i < count; i++) {
		uint64_t    seed = i;
		const char *from = sample[i % 3];
		size_t      length = mutate(bytes, from, strlen(from), letters, sizeof letters - 1, &seed);
		const char *broken = json_property(bytes, length);
		if (broken) fprintf(stderr, "  seed %u: %s: %.*s\n", i, broken, (int)length, bytes);
		CHECK(!broken);
	}
}
