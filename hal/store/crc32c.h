/* crc32c.h - the checksum of the journal: CRC-32C (Castagnoli), as in iSCSI (RFC 3720) and ext4.
 *
 * By the SSE4.2 instruction, which every x86-64-v3 machine has: eight bytes in three cycles, so a record costs a few
 * nanoseconds. Start with CRC32C_BEGIN, finish with crc32c_end; "123456789" gives 0xe3069283. */
#ifndef HAL_STORE_CRC32C_H
#define HAL_STORE_CRC32C_H
#include <string.h>

#include "fsm/units.h"

#define CRC32C_BEGIN UINT32_C(0xffffffff)

static inline uint64_t crc32c_word(const uint8_t *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
	return word;
}

__attribute__((target("sse4.2"))) static inline uint32_t crc32c_add(uint32_t crc, const void *data, size_t bytes)
{
	const uint8_t *at = data;
	uint64_t       wide = crc;
	uint32_t       half;
	for (; bytes >= 32; bytes -= 32, at += 32) {
		wide = __builtin_ia32_crc32di(wide, crc32c_word(at));
		wide = __builtin_ia32_crc32di(wide, crc32c_word(at + 8));
		wide = __builtin_ia32_crc32di(wide, crc32c_word(at + 16));
		wide = __builtin_ia32_crc32di(wide, crc32c_word(at + 24));
	}
	for (; bytes >= 8; bytes -= 8, at += 8) wide = __builtin_ia32_crc32di(wide, crc32c_word(at));
	crc = (uint32_t)wide;
	if (bytes >= sizeof half) {
		memcpy(&half, at, sizeof half);
		crc = __builtin_ia32_crc32si(crc, half);
		at += sizeof half;
		bytes -= sizeof half;
	}
	for (; bytes > 0; bytes--) crc = __builtin_ia32_crc32qi(crc, *at++);
	return crc;
}

/* One word that is in a register already. */
__attribute__((target("sse4.2"))) static inline uint32_t crc32c_u64(uint32_t crc, uint64_t word) { return (uint32_t)__builtin_ia32_crc32di(crc, word); }
__attribute__((target("sse4.2"))) static inline uint32_t crc32c_u32(uint32_t crc, uint32_t word) { return __builtin_ia32_crc32si(crc, word); }

static inline uint32_t crc32c_end(uint32_t crc) { return ~crc; }

static inline uint32_t crc32c(const void *data, size_t bytes) { return crc32c_end(crc32c_add(CRC32C_BEGIN, data, bytes)); }

#endif
