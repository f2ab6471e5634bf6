/* utf8.c - see utf8.h. The ranges are table 3-7 of the Unicode standard: what may follow depends on the lead byte alone. */
#include "hal/wire/utf8.h"

#include <string.h>

static bool lead(struct utf8 *utf8, uint8_t byte)
{
	*utf8 = (struct utf8){ 0, 0x80, 0xbf };
	if (byte < 0x80) return true;
	if (byte < 0xc2 || byte > 0xf4) return false;
	utf8->more = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
	if (byte == 0xe0) utf8->low = 0xa0;
	if (byte == 0xed) utf8->high = 0x9f;
	if (byte == 0xf0) utf8->low = 0x90;
	if (byte == 0xf4) utf8->high = 0x8f;
	return true;
}

/* Behind the ASCII bytes at the front, eight at a time. */
static const char *skip_ascii(const char *at, const char *end)
{
	for (; end - at >= 8; at += 8) {
		uint64_t bytes;
		memcpy(&bytes, at, sizeof bytes);
		if (bytes & UINT64_C(0x8080808080808080)) break;
	}
	return at;
}

bool utf8_feed(struct utf8 *utf8, const char *bytes, size_t count)
{
	const char *end = bytes + count;
	for (const char *at = bytes; at < end; at++) {
		if (utf8->more == 0) at = skip_ascii(at, end);
		if (at == end) break;
		uint8_t byte = (uint8_t)*at;
		if (utf8->more == 0) {
			if (!lead(utf8, byte)) return false;
			continue;
		}
		if (byte < utf8->low || byte > utf8->high) return false;
		*utf8 = (struct utf8){ (uint8_t)(utf8->more - 1), 0x80, 0xbf };
	}
	return true;
}

bool utf8_is(const char *bytes, size_t count)
{
	struct utf8 utf8 = { 0, 0, 0 };
	return utf8_feed(&utf8, bytes, count) && utf8_whole(&utf8);
}

size_t utf8_put(char out[4], uint32_t code)
{
	size_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const uint8_t mark[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = count - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(mark[count] | code);
	return count;
}
