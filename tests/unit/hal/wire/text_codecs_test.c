/* text_codecs_test.c - base 64, percent-encoding, UTF-8 and SHA-1 against the examples of their documents. */
#include <string.h>

#include "hal/wire/base64.h"
#include "hal/wire/digest.h"
#include "hal/wire/percent.h"
#include "hal/wire/utf8.h"
#include "tests/kit/test.h"
#include "tests/unit/hal/wire/mutate.h"

static void check_base64(const char *bytes, const char *want)
{
	char   text[BASE64_BYTES(16)];
	char   back[16];
	size_t count;
	CHECK_EQ(base64_encode(text, bytes, strlen(bytes)), strlen(want));
	CHECK_STR(text, want);
	CHECK(base64_decode(back, sizeof back, want, strlen(want), &count));
	CHECK_EQ(count, strlen(bytes));
	CHECK(memcmp(back, bytes, count) == 0);
	if (count > 0) CHECK(!base64_decode(back, count - 1, want, strlen(want), &count));
}

TEST(t_X5_base64_examples_of_rfc_4648)
{
	check_base64("", "");
	check_base64("f", "Zg==");
	check_base64("fo", "Zm8=");
	check_base64("foo", "Zm9v");
	check_base64("foob", "Zm9vYg==");
	check_base64("fooba", "Zm9vYmE=");
	check_base64("foobar", "Zm9vYmFy");
	check_base64("\xff\xfe\xfb\xef", "//777w==");
	static const char *const wrong[] = { "Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm9v=", "Zg==Zg==", "Zm 9", "Zm9_", "Zm\n9" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char   back[16];
		size_t count;
		CHECK(!base64_decode(back, sizeof back, wrong[i], strlen(wrong[i]), &count));
	}
}

TEST(t_X5_base64_comes_back)
{
	for (uint64_t seed = 1; seed < 2000; seed++) {
		uint8_t  bytes[64], back[64];
		char     text[BASE64_BYTES(64)];
		uint64_t state = seed;
		size_t   count = draw_below(&state, sizeof bytes + 1), got;
		for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)draw(&state);
		size_t length = base64_encode(text, bytes, count);
		CHECK_EQ(length + 1, BASE64_BYTES(count));
		CHECK(base64_decode(back, sizeof back, text, length, &got) && got == count && memcmp(bytes, back, count) == 0);
	}
}

static void check_percent(const char *bytes, const char *want)
{
	char   text[64], back[64];
	size_t length;
	CHECK(percent_encode(text, sizeof text, bytes, strlen(bytes), &length));
	CHECK_STR(text, want);
	CHECK_EQ(length, strlen(want));
	CHECK(percent_decode(back, sizeof back, text, length, &length));
	CHECK_STR(back, bytes);
	for (size_t size = 0; size <= strlen(want); size++) CHECK(!percent_encode(text, size, bytes, strlen(bytes), &length));
	CHECK(percent_encode(text, strlen(want) + 1, bytes, strlen(bytes), &length));
	for (size_t size = 0; size <= strlen(bytes); size++) CHECK(!percent_decode(back, size, want, strlen(want), &length));
}

TEST(t_X5_percent_encodes_what_is_not_unreserved)
{
	check_percent("", "");
	check_percent("AZaz09-._~", "AZaz09-._~");
	check_percent("BTC/USD", "BTC%2FUSD");
	check_percent("a b+c&d=e?#%", "a%20b%2Bc%26d%3De%3F%23%25");
	check_percent("\xc3\xa9\r\n", "%C3%A9%0D%0A");
	char   back[16];
	size_t length;
	CHECK(percent_decode(back, sizeof back, "a+b%2fc", 7, &length));
	CHECK_STR(back, "a b/c");
	static const char *const wrong[] = { "%", "%2", "%zz", "%2g", "a%", "%%20" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		CHECK(!percent_decode(back, sizeof back, wrong[i], strlen(wrong[i]), &length));
		CHECK_STR(back, "");
	}
}

TEST(t_X5_utf8_is_judged_at_the_first_wrong_byte)
{
	static const struct { const char *bytes; size_t wrong_at; } rows[] = {
		{ "\x80", 0 }, { "\xc0\x80", 0 }, { "\xc1\xbf", 0 }, { "\xe0\x9f\xbf", 1 }, { "\xed\xa0\x80", 1 }, { "\xf0\x8f\xbf\xbf", 1 },
		{ "\xf4\x90\x80\x80", 1 }, { "\xf5\x80\x80\x80", 0 }, { "\xff", 0 }, { "a\xe2\x82" "b", 3 }, { "\xe2\x28\xa1", 1 }, { "\xf0\x9f\x98\xc0", 3 } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct utf8 utf8 = { 0, 0, 0 };
		CHECK(utf8_feed(&utf8, rows[i].bytes, rows[i].wrong_at));
		CHECK(!utf8_feed(&utf8, rows[i].bytes + rows[i].wrong_at, 1));
		CHECK(!utf8_is(rows[i].bytes, strlen(rows[i].bytes)));
	}
}

TEST(t_X5_utf8_takes_every_code_point_and_only_those)
{
	for (uint32_t code = 0; code < 0x120000; code++) {
		char   bytes[4] = { (char)(0xf0 | (code >> 18 & 7)), (char)(0x80 | (code >> 12 & 63)), (char)(0x80 | (code >> 6 & 63)), (char)(0x80 | (code & 63)) };
		bool   right = code < 0x110000 && (code < 0xd800 || code >= 0xe000);
		if (utf8_is(bytes, 4) != (code >= 0x10000 && right)) CHECK_EQ(code, -1);
		if (!right) continue;
		char   made[4];
		size_t count = utf8_put(made, code);
		if (!utf8_is(made, count) || (count > 1 && utf8_is(made, count - 1))) CHECK_EQ(code, -2);
		if (count == 4 && memcmp(made, bytes, 4) != 0) CHECK_EQ(code, -3);
	}
	CHECK(utf8_is("12345678\xe2\x82\xacxyz45678", 19));
	CHECK(!utf8_is("\xe2\x82", 2));
}

TEST(t_X5_sha1_examples_of_fips_180)
{
	static const uint8_t want[] = { 0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e, 0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d };
	uint8_t              got[DIGEST_SHA1_BYTES];
	digest_sha1("abc", 3, got);
	CHECK(memcmp(got, want, sizeof want) == 0);
}
