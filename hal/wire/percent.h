/* percent.h - percent-encoding of the parts of a URL (RFC 3986). No I/O, no memory of its own.
 *
 * Letters, digits and - . _ ~ stay; every other byte becomes %XX, a blank %20 and a slash %2F, so that the answer may be a path
 * segment, a query name or a query value ("BTC/USD" is BTC%2FUSD). Encode the parts, then put / ? & = between them. */
#ifndef HAL_WIRE_PERCENT_H
#define HAL_WIRE_PERCENT_H
#include <stdbool.h>
#include <stddef.h>

/* Three bytes for each of the text at most, and a final zero that *length does not count. False: no room, *out is empty. */
bool percent_encode(char *out, size_t size, const char *bytes, size_t count, size_t *length);
/* The reverse, of one name or value of a query: '+' is a blank. False: no room, or a % without two digits; *out is empty. */
bool percent_decode(char *out, size_t size, const char *text, size_t count, size_t *length);

#endif
