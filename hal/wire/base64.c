/* base64.c - see base64.h. */
#include "hal/wire/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_encode(char *out, const void *bytes, size_t count)
{
	const uint8_t *from = bytes;
	char          *at = out;
	for (size_t i = 0; i < count; i += 3) {
		uint32_t group = (uint32_t)from[i] << 16;
		if (i + 1 < count) group |= (uint32_t)from[i + 1] << 8;
		if (i + 2 < count) group |= from[i + 2];
		*at++ = alphabet[group >> 18];
		*at++ = alphabet[group >> 12 & 63];
		*at++ = i + 1 < count ? alphabet[group >> 6 & 63] : '=';
		*at++ = i + 2 < count ? alphabet[group & 63] : '=';
	}
	*at = 0;
	return (size_t)(at - out);
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z') return c - 'A';
	if (c >= 'a' && c <= 'z') return c - 'a' + 26;
	if (c >= '0' && c <= '9') return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four characters, of which the last `pads` are padding. */
static bool group_of(const char *text, uint32_t pads, uint32_t *group)
{
	*group = 0;
	for (uint32_t i = 0; i < 4; i++) {
		int value = i < 4 - pads ? value_of(text[i]) : 0;
		if (value < 0) return false;
		*group = *group << 6 | (uint32_t)value;
	}
	return (*group & ((UINT32_C(1) << 8 * pads) - 1)) == 0;
}

bool base64_decode(void *out, size_t size, const char *text, size_t length, size_t *count)
{
	uint8_t *to = out;
	uint32_t group;
	*count = 0;
	if (length % 4 != 0) return false;
	for (size_t i = 0; i < length; i += 4) {
		bool     last = i + 4 == length;
		uint32_t pads = last && text[i + 3] == '=' ? text[i + 2] == '=' ? 2 : 1 : 0;
		if (!group_of(text + i, pads, &group) || size - *count < 3 - pads) return false;
		for (uint32_t j = 0; j < 3 - pads; j++) to[(*count)++] = (uint8_t)(group >> (16 - 8 * j));
	}
	return true;
}
