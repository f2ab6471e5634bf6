/* dns.h - DNS messages (RFC 1035, RFC 3596): a question out, an answer in; no sockets. dns.c in hal/linux asks the servers.
 *
 * An answer counts only when id, question, type and class are ours; else DNS_NOT_OURS, and the caller goes on waiting. Names are compared without
 * case. Aliases are followed within the message, at most DNS_ALIASES_MAX deep; pointers of compressed names only go back, so every
 * loop ends. Addresses beyond DNS_ADDRESSES_MAX are left out. Any bytes get a verdict; nothing traps. */
#ifndef HAL_WIRE_DNS_H
#define HAL_WIRE_DNS_H
#include "hal/wire/address.h"

/* A name as text, with its end; a question: header, name, type and class; a UDP message without EDNS. */
enum { DNS_NAME_BYTES = 254, DNS_QUERY_BYTES_MAX = 12 + 255 + 4, DNS_UDP_BYTES_MAX = 512 };
enum { DNS_ADDRESSES_MAX = 8, DNS_ALIASES_MAX = 8, DNS_PORT = 53 };

enum dns_type { DNS_A = 1, DNS_CNAME = 5, DNS_AAAA = 28 };

enum dns_verdict {
	DNS_OK, DNS_NO_NAME, DNS_NO_ADDRESS, DNS_BAD_NAME, DNS_LATE, DNS_SERVER_FAILED, DNS_SERVER_REFUSES, DNS_MALFORMED,
	DNS_TRUNCATED, DNS_NO_ROOM, DNS_NOT_OURS,
	DNS_VERDICTS_N
};
/* What a person reads after "venue.example: ". */
extern const char *const dns_verdict_text[DNS_VERDICTS_N];

struct dns_answer {
	uint32_t       addresses_n, ttl_s;        /* the smallest lifetime on the way, aliases included */
	struct address addresses[DNS_ADDRESSES_MAX];        /* port 0 */
};

/* Lower case, without the dot at the end; false for what is no host name (letters, digits, - and _, labels of 63, 253 in all). */
bool dns_name_clean(const char *name, char out[DNS_NAME_BYTES]);
/* The question for a clean name; its length. */
size_t dns_query_write(uint8_t out[DNS_QUERY_BYTES_MAX], uint16_t id, const char *name, enum dns_type type);
enum dns_verdict dns_answer_read(const uint8_t *bytes, size_t n, uint16_t id, const char *name, enum dns_type type, struct dns_answer *out);

#endif
