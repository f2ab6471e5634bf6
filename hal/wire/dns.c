/* dns.c - the codec: lengths first, meaning second. */
#include "hal/wire/dns.h"

#include <string.h>

enum {
	HEADER_BYTES = 12, LABEL_MAX = 63, POINTER = 0xc0, CLASS_IN = 1, FIXED_BYTES = 10,        /* type, class, lifetime, length of a record */
	FLAG_ANSWER = 0x8000, OPCODE = 0x7800, FLAG_TRUNCATED = 0x0200, FLAG_RECURSION = 0x0100, RCODE = 0x000f,
	RCODE_FORMAT = 1, RCODE_SERVER = 2, RCODE_NO_NAME = 3, RCODE_REFUSED = 5, POINTERS_MAX = 128, TTL_SIGN_SHIFT = 31
};

const char *const dns_verdict_text[DNS_VERDICTS_N] = {
	[DNS_OK] = "has an address",
	[DNS_NO_NAME] = "no such host name is known: check its spelling",
	[DNS_NO_ADDRESS] = "the host name exists, but has no address",
	[DNS_BAD_NAME] = "not a host name: letters, digits, - and dots, at most 253",
	[DNS_LATE] = "no name server answered in time: is the network up, and /etc/resolv.conf right?",
	[DNS_SERVER_FAILED] = "the name servers could not find out its address",
	[DNS_SERVER_REFUSES] = "the name servers refuse to answer this machine",
	[DNS_MALFORMED] = "the name servers answered with a damaged message",
	[DNS_TRUNCATED] = "the name servers' answer was cut, and could not be had whole",
	[DNS_NO_ROOM] = "too many names are being looked up at once",
	[DNS_NOT_OURS] = "an answer to another question",
};

/* --- names -------------------------------------------------------------------------------------------------------- */

static char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter; }

static bool is_of_name(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' || letter == '_'; }

bool dns_name_clean(const char *name, char out[DNS_NAME_BYTES])
{
	size_t label = 0, n = 0;
	for (; name[n]; n++) {
		if (name[n] == '.' && name[n + 1] == '\0') break;
		if (n == DNS_NAME_BYTES - 1) return false;
		out[n] = lower(name[n]);
		label = out[n] == '.' ? 0 : label + 1;
		if (label > LABEL_MAX || (label == 0 && (n == 0 || out[n - 1] == '.'))) return false;
		if (out[n] != '.' && !is_of_name(out[n])) return false;
	}
	out[n] = '\0';
	return n > 0 && label > 0;
}

/* The name at `at`, as clean text; where the record goes on after it, or 0 when it is malformed. */
static size_t name_read(const uint8_t *bytes, size_t n, size_t at, char out[DNS_NAME_BYTES])
{
	size_t used = 0, next = 0, floor = at;
	for (int jumps = 0; at < n;) {
		size_t length = bytes[at];
		if (length == 0) {
			out[used ? used - 1 : 0] = '\0';        /* the last dot */
			return next ? next : at + 1;
		}
		if ((length & POINTER) == POINTER) {
			if (at + 1 >= n || ++jumps > POINTERS_MAX) return 0;
			if (!next) next = at + 2;
			at = (length & ~(size_t)POINTER) << 8 | bytes[at + 1];
			if (at >= floor) return 0;        /* only back: no loops */
			floor = at;
			continue;
		}
		if (length > LABEL_MAX || at + 1 + length > n || used + length + 1 > DNS_NAME_BYTES) return 0;
		for (size_t i = 0; i < length; i++) {
			char letter = lower((char)bytes[at + 1 + i]);
			out[used++] = is_of_name(letter) ? letter : '?';        /* equal to no clean name */
		}
		out[used++] = '.';
		at += 1 + length;
	}
	return 0;
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static size_t put_u16(uint8_t *out, size_t at, unsigned value)
{
	out[at] = (uint8_t)(value >> 8);
	out[at + 1] = (uint8_t)value;
	return at + 2;
}

static unsigned get_u16(const uint8_t *bytes, size_t at) { return (unsigned)bytes[at] << 8 | bytes[at + 1]; }

size_t dns_query_write(uint8_t out[DNS_QUERY_BYTES_MAX], uint16_t id, const char *name, enum dns_type type)
{
	size_t at = HEADER_BYTES;
	memset(out, 0, HEADER_BYTES);
	put_u16(out, 0, id);
	put_u16(out, 2, FLAG_RECURSION);
	put_u16(out, 4, 1);
	while (*name) {
		size_t length = strcspn(name, ".");
		BUG_UNLESS(3530, length > 0 && length <= LABEL_MAX && at + length + 6 <= DNS_QUERY_BYTES_MAX);        /* the name is clean */
		out[at++] = (uint8_t)length;
		memcpy(out + at, name, length);
		at += length;
		name += length + (name[length] == '.');
	}
	out[at++] = 0;
	at = put_u16(out, at, type);
	return put_u16(out, at, CLASS_IN);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

struct record { char owner[DNS_NAME_BYTES]; unsigned type, class; uint32_t ttl_s; size_t at, bytes, next; };

static bool record_read(const uint8_t *bytes, size_t n, size_t at, struct record *out)
{
	at = name_read(bytes, n, at, out->owner);
	if (at == 0 || at + FIXED_BYTES > n) return false;
	out->type = get_u16(bytes, at);
	out->class = get_u16(bytes, at + 2);
	out->ttl_s = (uint32_t)get_u16(bytes, at + 4) << 16 | get_u16(bytes, at + 6);
	if (out->ttl_s >> TTL_SIGN_SHIFT) out->ttl_s = 0;        /* RFC 2181, 8 */
	out->bytes = get_u16(bytes, at + 8);
	out->at = at + FIXED_BYTES;
	out->next = out->at + out->bytes;
	return out->next <= n;
}

static enum dns_verdict header_verdict(const uint8_t *bytes)
{
	unsigned flags = get_u16(bytes, 2);
	switch (flags & RCODE) {
	case 0: return flags & FLAG_TRUNCATED ? DNS_TRUNCATED : DNS_OK;
	case RCODE_NO_NAME: return DNS_NO_NAME;
	case RCODE_REFUSED: return DNS_SERVER_REFUSES;
	default: return DNS_SERVER_FAILED;
	}
}

/* Where the records begin, or 0 when this is no answer to that question. */
static size_t question_matches(const uint8_t *bytes, size_t n, uint16_t id, const char *name, enum dns_type type)
{
	char asked[DNS_NAME_BYTES];
	if (n < HEADER_BYTES || get_u16(bytes, 0) != id || get_u16(bytes, 4) != 1) return 0;
	if ((get_u16(bytes, 2) & (FLAG_ANSWER | OPCODE)) != FLAG_ANSWER) return 0;
	size_t at = name_read(bytes, n, HEADER_BYTES, asked);
	if (at == 0 || at + 4 > n || strcmp(asked, name) != 0) return 0;
	return get_u16(bytes, at) == (unsigned)type && get_u16(bytes, at + 2) == CLASS_IN ? at + 4 : 0;
}

static void take_address(const uint8_t *bytes, const struct record *record, enum dns_type type, struct dns_answer *out)
{
	size_t size = type == DNS_A ? ADDRESS_IP4_BYTES : ADDRESS_IP6_BYTES;
	if (record->bytes != size || out->addresses_n == DNS_ADDRESSES_MAX) return;
	struct address *address = &out->addresses[out->addresses_n++];
	*address = (struct address){ .family = type == DNS_A ? ADDRESS_IP4 : ADDRESS_IP6 };
	memcpy(address->bytes, bytes + record->at, size);
	if (record->ttl_s < out->ttl_s) out->ttl_s = record->ttl_s;
}

/* One pass over the records for the name in `target`: its addresses, or else its alias becomes the target. False when malformed. */
static bool pass(const uint8_t *bytes, size_t n, size_t at, enum dns_type type, char target[DNS_NAME_BYTES], bool *aliased, struct dns_answer *out)
{
	struct record record;
	char          alias[DNS_NAME_BYTES];
	uint32_t      alias_ttl_s = 0;
	*aliased = false;
	for (unsigned left = get_u16(bytes, 6); left > 0; left--, at = record.next) {
		if (!record_read(bytes, n, at, &record)) return false;
		if (record.class != CLASS_IN || strcmp(record.owner, target) != 0) continue;
		if (record.type == (unsigned)type) take_address(bytes, &record, type, out);
		if (record.type != DNS_CNAME || *aliased) continue;
		size_t end = name_read(bytes, n, record.at, alias);
		if (end == 0 || end != record.next) return false;
		*aliased = true;
		alias_ttl_s = record.ttl_s;
	}
	if (!*aliased || out->addresses_n) return true;
	memcpy(target, alias, DNS_NAME_BYTES);
	if (alias_ttl_s < out->ttl_s) out->ttl_s = alias_ttl_s;
	return true;
}

enum dns_verdict dns_answer_read(const uint8_t *bytes, size_t n, uint16_t id, const char *name, enum dns_type type, struct dns_answer *out)
{
	char   target[DNS_NAME_BYTES] = { 0 };
	bool   aliased = true;
	size_t records = question_matches(bytes, n, id, name, type);
	*out = (struct dns_answer){ .ttl_s = UINT32_MAX };
	if (records == 0) return DNS_NOT_OURS;
	enum dns_verdict verdict = header_verdict(bytes);
	if (verdict != DNS_OK) return verdict;
	memcpy(target, name, strnlen(name, DNS_NAME_BYTES - 1));
	for (int depth = 0; depth <= DNS_ALIASES_MAX && aliased && out->addresses_n == 0; depth++)
		if (!pass(bytes, n, records, type, target, &aliased, out)) {
			out->addresses_n = 0;
			return DNS_MALFORMED;
		}
	return out->addresses_n ? DNS_OK : DNS_NO_ADDRESS;
}
