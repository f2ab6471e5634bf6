/* json_test.c - what the JSON writer writes, to the byte; its texts are also read back by strtod. */
#include "hal/wire/json_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit/test.h"

static char        text[512];
static struct json json;

static void begin(void) { json_begin(&json, text, sizeof text); }

TEST(t_P16_json_nests_and_separates)
{
	begin();
	json_object_begin(&json);
	json_key(&json, "a");
	json_i64(&json, -5);
	json_key(&json, "b");
	json_array_begin(&json);
	json_bool(&json, true);
	json_null(&json);
	json_object_begin(&json);
	json_object_end(&json);
	json_array_begin(&json);
	json_array_end(&json);
	json_array_end(&json);
	json_key(&json, "c");
	json_u64(&json, UINT64_MAX);
	json_object_end(&json);
	CHECK_STR(text, "{\"a\":-5,\"b\":[true,null,{},[]],\"c\":18446744073709551615}");
	CHECK_EQ(json_length(&json), strlen(text));
}

TEST(t_P16_json_strings_are_escaped_and_valid_utf8)
{
	begin();
	json_string(&json, "a\"b\\c\n\t\x01\x7f/ \xc3\xa9 \xf0\x9f\x98\x80");
	CHECK_STR(text, "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f/ \xc3\xa9 \xf0\x9f\x98\x80\"");
	begin();
	json_string(&json, "x\xff\xc0\x80y\xed\xa0\x80\xe2\x82");        /* stray, overlong, surrogate, cut short */
	CHECK_STR(text, "\"x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdy\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	begin();
	json_string(&json, "\xf0\x8f\xbf\xbf|\xf4\x90\x80\x80|\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");        /* overlong, beyond all; the first and last of four */
#define LOST "\xef\xbf\xbd"
	CHECK_STR(text, "\"" LOST LOST LOST LOST "|" LOST LOST LOST LOST "|\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"");
	begin();
	json_string_of(&json, "a\0b", 3);
	CHECK_STR(text, "\"a\\u0000b\"");
}

static void check_e8(int64_t value_e8, const char *want)
{
	begin();
	json_e8(&json, value_e8);
	CHECK_STR(text, want);
}

TEST(t_P16_json_e8_is_exact_and_short)
{
	check_e8(1250000000, "12.5");
	check_e8(0, "0");
	check_e8(1, "0.00000001");
	check_e8(-1, "-0.00000001");
	check_e8(-50000000, "-0.5");
	check_e8(10 * E8, "10");
	check_e8(INT64_MAX, "92233720368.54775807");
	check_e8(INT64_MIN, "-92233720368.54775808");
	begin();
	json_bp_pct(&json, -1230);
	CHECK_STR(text, "-12.3");
}

TEST(t_P16_json_doubles_read_back_the_same)
{
	static const double values[] = { 0.1, 1.0 / 3, -2.5, 1e300, 5e-324, 123456789.123456789, 3, 0.30000000000000004 };
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		begin();
		json_double(&json, values[i]);
		CHECK(strtod(text, 0) == values[i]);
	}
	begin();
	json_double(&json, 0.1);
	CHECK_STR(text, "0.1");
	begin();
	json_double(&json, -0.0);
	CHECK_STR(text, "0");
}

TEST(t_P16_json_has_no_nan_and_no_infinity)
{
	begin();
	json_array_begin(&json);
	json_double(&json, NAN);
	json_double(&json, INFINITY);
	json_double(&json, -INFINITY);
	json_array_end(&json);
	CHECK_STR(text, "[null,null,null]");
}

static void write_object(char *into, size_t size)
{
	json_begin(&json, into, size);
	json_object_begin(&json);
	json_key(&json, "key");
	json_string(&json, "some \n text");
	json_key(&json, "n");
	json_e8(&json, 1250000000);
	json_object_end(&json);
}

/* Every size too small overflows, sticks, stays inside its buffer and leaves a terminated beginning of the whole text. */
TEST(t_P16_json_overflow_sticks_and_never_writes_beyond)
{
	char whole[128], cut[128];
	write_object(whole, sizeof whole);
	size_t length = json_length(&json);
	CHECK_EQ(length, strlen(whole));
	for (size_t size = 1; size <= length; size++) {
		memset(cut, '#', sizeof cut);
		write_object(cut, size);
		CHECK_EQ(json_length(&json), 0);
		CHECK(cut[size] == '#');
		CHECK(strlen(cut) < size && strncmp(whole, cut, strlen(cut)) == 0);
	}
	write_object(cut, length + 1);
	CHECK_EQ(json_length(&json), length);
}

TEST(t_P16_json_one_object_a_line)
{
	begin();
	for (int i = 0; i < 2; i++) {
		json_object_begin(&json);
		json_object_end(&json);
		json_line(&json);
	}
	CHECK_STR(text, "{}\n{}\n");
}

static void value_without_key(void)
{
	begin();
	json_object_begin(&json);
	json_i64(&json, 1);
}

static void wrong_end(void)
{
	begin();
	json_object_begin(&json);
	json_array_end(&json);
}

static void too_deep(void)
{
	begin();
	for (int i = 0; i <= JSON_DEPTH_MAX; i++) json_array_begin(&json);
}

static void key_in_array(void)
{
	begin();
	json_array_begin(&json);
	json_key(&json, "a");
}

static void left_open(void)
{
	begin();
	json_array_begin(&json);
	(void)json_length(&json);
}

TEST(t_P16_json_misuse_is_a_bug)
{
	CHECK_BUG(value_without_key, 4100);
	CHECK_BUG(too_deep, 4101);
	CHECK_BUG(wrong_end, 4102);
	CHECK_BUG(key_in_array, 4104);
	CHECK_BUG(left_open, 4106);
}
