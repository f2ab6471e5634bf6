/* text_test.c - what the venue writes and reads as text or MessagePack: instants, names, packed messages. */
#include <string.h>

#include "hal/sim/server/msgpack.h"
#include "hal/sim/server/names.h"
#include "hal/sim/server/stamp.h"
#include "tests/kit/random.h"
#include "tests/kit/test.h"

TEST(t_X5_stamps_are_written)
{
	char    text[STAMP_BYTES];
	int64_t t_ns = INT64_C(1520260205123456789);        /* 2018-03-05T14:30:05.123456789Z */
	CHECK_STR(stamp_utc(t_ns, text), "2018-03-05T14:30:05.123456789Z");
	CHECK_STR(stamp_utc(t_ns - 123456789, text), "2018-03-05T14:30:05Z");
	CHECK_STR(stamp_utc(t_ns - 123456789 + 120000000, text), "2018-03-05T14:30:05.12Z");
	CHECK_STR(stamp_new_york(t_ns - 123456789, text), "2018-03-05T09:30:05-05:00");
	CHECK_STR(stamp_new_york(t_ns - 123456789 + 30 * NS_PER_DAY, text), "2018-04-04T10:30:05-04:00");
	CHECK_STR(stamp_digits(t_ns, text), "20180305143005123");
}

TEST(t_X5_stamps_are_read)
{
	static const char *const bad[] = {
		"", "2018", "2018-02-30", "2018-13-01", "2018-3-05", "2018-03-05T", "2018-03-05T14:30:05", "2018-03-05T25:30:05Z", "2018-03-05T14:30:05+5",
		"2018-03-05T14:30:05.5", "2018-03-05T14:30:05Zulu", "x018-03-05",
	};
	int64_t t_ns;
	bool    is_date;
	CHECK(stamp_parse("2018-03-05", 10, &t_ns, &is_date) && is_date && t_ns == 17595 * NS_PER_DAY);
	CHECK(stamp_parse("2018-03-05T14:30:05.123456789Z", 30, &t_ns, &is_date) && !is_date && t_ns == INT64_C(1520260205123456789));
	CHECK(stamp_parse("2018-03-05T09:30:05.5-05:00", 27, &t_ns, &is_date) && t_ns == INT64_C(1520260205500000000));
	CHECK(stamp_parse("2018-03-05T14:30:05.1234567891234Z", 34, &t_ns, &is_date) && t_ns == INT64_C(1520260205123456789));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!stamp_parse(bad[i], strlen(bad[i]), &t_ns, &is_date));
}

TEST(t_X5_names)
{
	char     text[NAME_SYMBOL_BYTES], uuid[NAME_UUID_BYTES], other[NAME_UUID_BYTES];
	uint16_t btc = universe_find("BTC-USD", 7);
	uint64_t number;
	CHECK_STR(name_symbol(btc, text), "BTC/USD");
	CHECK(name_find("BTC/USD", 7) == btc && name_find("BTCUSD", 6) == btc && name_find("BTC-USD", 7) == btc);
	CHECK(name_find("BTC/USDT", 8) == SYM_NONE && name_find("BTC", 3) == SYM_NONE && name_find("", 0) == SYM_NONE);
	CHECK_EQ(name_find("SPY", 3), universe_find("SPY", 3));
	CHECK_EQ(strlen(name_uuid(UUID_ORDER, 77, uuid)), NAME_UUID_BYTES - 1);
	CHECK(uuid[14] == '4' && strchr("89ab", uuid[19]));
	CHECK(name_uuid_parse(UUID_ORDER, uuid, NAME_UUID_BYTES - 1, &number) && number == 77);
	CHECK(!name_uuid_parse(UUID_EXECUTION, uuid, NAME_UUID_BYTES - 1, &number));
	CHECK(strcmp(name_uuid(UUID_EXECUTION, 77, other), uuid) != 0 && strcmp(name_uuid(UUID_ORDER, 78, other), uuid) != 0);
	uuid[0] = uuid[0] == '0' ? '1' : '0';
	CHECK(!name_uuid_parse(UUID_ORDER, uuid, NAME_UUID_BYTES - 1, &number));
	CHECK(!name_uuid_parse(UUID_ORDER, "", 0, &number));
}

TEST(t_X5_msgpack_there_and_back)
{
	static const char text[] =
	    "[{\"T\":\"q\",\"S\":\"SPY\",\"bp\":187.25,\"bs\":3,\"big\":5000000000,\"low\":-7,\"ok\":true,\"no\":false,\"nil\":null,\"c\":[\"R\",\"\"],\"in\":{}}]";
	char              packed[512], back[512];
	size_t            count;
	struct json       json;
	CHECK(msgpack_of_json(text, sizeof text - 1, packed, sizeof packed, &count));
	json_begin(&json, back, sizeof back);
	CHECK(msgpack_to_json(packed, count, &json));
	CHECK_STR(back, text);
	for (size_t size = 0; size < count; size++) CHECK(!msgpack_of_json(text, sizeof text - 1, back, size, &(size_t){ 0 }));
}

/* Bytes by hand: the published client's packer uses the short forms. */
TEST(t_X5_msgpack_of_others)
{
	static const char packed[] = "\x83\246action\244auth\331\003key\304\002PK\241n\x93\x7f\xff\xd1\xff\x00";
	char              back[128];
	struct json       json;
	json_begin(&json, back, sizeof back);
	CHECK(msgpack_to_json(packed, sizeof packed - 1, &json));
	CHECK_STR(back, "{\"action\":\"auth\",\"key\":\"PK\",\"n\":[127,-1,-256]}");
}

TEST(t_X5_msgpack_stamp)
{
	static const char text[] = "{\"t\":\"2018-03-05T14:30:05.5Z\"}";
	static const unsigned char want[] = { 0xde, 0, 1, 0xda, 0, 1, 't', 0xc7, 12, 0xff, 0x1d, 0xcd, 0x65, 0x00, 0, 0, 0, 0, 0x5a, 0x9d, 0x54, 0x6d };
	char   packed[64];
	size_t count;
	CHECK(msgpack_of_json(text, sizeof text - 1, packed, sizeof packed, &count));
	CHECK_EQ(count, sizeof want);
	CHECK(memcmp(packed, want, sizeof want) == 0);
}

TEST(t_X5_msgpack_of_any_bytes)
{
	struct random random = { 3600 };
	uint32_t      taken = 0;
	for (int turn = 0; turn < 200000; turn++) {
		char        packed[24], back[256];
		struct json json;
		uint32_t    count = random_below(&random, sizeof packed);
		for (uint32_t i = 0; i < count; i++) packed[i] = (char)random_u64(&random);
		if (count) packed[0] = (char)(random_below(&random, 2) ? 0x80 | random_below(&random, 32) : random_below(&random, 256));
		json_begin(&json, back, sizeof back);
		if (msgpack_to_json(packed, count, &json)) taken += json_length(&json) > 0;
	}
	CHECK(taken > 100);
}
