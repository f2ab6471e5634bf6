/* crc32c_test.c - the checksum against published vectors and a bit-by-bit calculation. */
#include "hal/store/crc32c.h"

#include "tests/kit/test.h"

/* The definition: reflected polynomial 0x82f63b78, one bit at a time. */
static uint32_t by_bits(const uint8_t *data, size_t bytes)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < bytes; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* RFC 3720, appendix B.4, and the check value of the catalogue of CRCs. */
TEST(t_X2_crc32c_gives_the_published_vectors)
{
	uint8_t block[32];
	CHECK_EQ(crc32c("123456789", 9), 0xe3069283);
	CHECK_EQ(crc32c("", 0), 0);
	memset(block, 0, sizeof block);
	CHECK_EQ(crc32c(block, sizeof block), 0x8a9136aa);
	memset(block, 0xff, sizeof block);
	CHECK_EQ(crc32c(block, sizeof block), 0x62a8ab43);
	for (uint8_t i = 0; i < 32; i++) block[i] = i;
	CHECK_EQ(crc32c(block, sizeof block), 0x46dd794e);
	for (uint8_t i = 0; i < 32; i++) block[i] = (uint8_t)(31 - i);
	CHECK_EQ(crc32c(block, sizeof block), 0x113fdb5c);
}

TEST(t_X2_crc32c_equals_the_bitwise_definition_at_every_length_and_split)
{
	uint8_t data[100];
	for (size_t i = 0; i < sizeof data; i++) data[i] = (uint8_t)(i * 37 + 11);
	for (size_t bytes = 0; bytes <= sizeof data; bytes++) {
		CHECK_EQ(crc32c(data, bytes), by_bits(data, bytes));
		uint32_t first = crc32c_add(CRC32C_BEGIN, data, bytes / 3);
		CHECK_EQ(crc32c_end(crc32c_add(first, data + bytes / 3, bytes - bytes / 3)), by_bits(data, bytes));
	}
}
