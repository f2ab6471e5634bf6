/* names.c - see names.h. */
#include "hal/sim/server/names.h"

#include <stdio.h>
#include <string.h>

#include "fsm/hash.h"

enum { NUMBER_BITS = 48, NUMBER_DIGITS = 12 };

bool name_is_crypto(uint16_t sym) { return universe[sym].asset_class == ASSET_CRYPTO; }

const char *name_symbol(uint16_t sym, char text[NAME_SYMBOL_BYTES])
{
	snprintf(text, NAME_SYMBOL_BYTES, "%s", universe[sym].symbol);
	char *dash = name_is_crypto(sym) ? strchr(text, '-') : 0;
	if (dash) *dash = '/';
	return text;
}

/* The same letters, whatever stands between the two halves of a pair. */
static bool is_pair(const char *symbol, const char *text, size_t length)
{
	size_t at = 0;
	for (; *symbol; symbol++) {
		if (*symbol == '-') {
			if (at < length && (text[at] == '/' || text[at] == '-')) at++;
		} else if (at == length || text[at++] != *symbol) return false;
	}
	return at == length;
}

uint16_t name_find(const char *text, size_t length)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		if (name_is_crypto(sym) && is_pair(universe[sym].symbol, text, length)) return sym;
	return universe_find(text, length);
}

const char *name_uuid(enum uuid_kind kind, uint64_t number, char text[NAME_UUID_BYTES])
{
	uint64_t mixed = hash_end(hash_u64(hash_u64(HASH_SEED, (uint64_t)kind + 1), number));
	snprintf(text, NAME_UUID_BYTES, "%08llx-%04llx-4%03llx-%04llx-%012llx", (unsigned long long)(mixed >> 32), (unsigned long long)(mixed >> 16 & 0xffff),
	    (unsigned long long)(mixed >> 4 & 0xfff), (unsigned long long)(0x8000 | (mixed >> 1 & 0x3fff)),
	    (unsigned long long)(number & ((UINT64_C(1) << NUMBER_BITS) - 1)));
	return text;
}

bool name_uuid_parse(enum uuid_kind kind, const char *text, size_t length, uint64_t *number)
{
	static const char digit[] = "0123456789abcdef";
	char              own[NAME_UUID_BYTES];
	*number = 0;
	if (length != NAME_UUID_BYTES - 1) return false;
	for (const char *at = text + length - NUMBER_DIGITS; at < text + length; at++) {
		const char *found = memchr(digit, *at, sizeof digit - 1);
		if (!found) {
			*number = 0;
			return false;
		}
		*number = *number << 4 | (uint64_t)(found - digit);
	}
	if (memcmp(name_uuid(kind, *number, own), text, length) == 0) return true;
	*number = 0;
	return false;
}
