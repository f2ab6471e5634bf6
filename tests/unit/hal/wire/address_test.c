/* address_test.c - IP literals and their text. */
#include "hal/wire/address.h"

#include "tests/kit/test.h"

TEST(t_P1_address_text)
{
	struct address address;
	char           text[ADDRESS_TEXT_BYTES];
	CHECK(address_parse("192.0.2.1", 443, &address));
	CHECK_EQ(address.family, ADDRESS_IP4);
	CHECK_STR(address_text(&address, text), "192.0.2.1:443");
	CHECK(address_parse("2001:db8::1", 65535, &address));
	CHECK_STR(address_text(&address, text), "[2001:db8::1]:65535");
	CHECK(address_parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535, &address));
	CHECK_STR(address_text(&address, text), "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

TEST(t_P1_address_is_a_literal_only)
{
	static const char *const wrong[] = {
		"", "venue.example", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.4:80", "[::1]", "::1%lo", "12345::", " 1.2.3.4", "0x7f.1",
	};
	struct address           address;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		CHECK(!address_parse(wrong[i], 1, &address));
		CHECK_EQ(address.family, ADDRESS_NONE);
	}
}
