/* base64.h - base 64 with the standard alphabet and padding (RFC 4648, section 4). No I/O, no memory of its own. */
#ifndef HAL_WIRE_BASE64_H
#define HAL_WIRE_BASE64_H
#include <stdbool.h>
#include <stddef.h>

/* Characters of so many bytes, with a final zero: an array of this size holds them. */
#define BASE64_BYTES(count) (((count) + 2) / 3 * 4 + 1)

/* Writes BASE64_BYTES(count) bytes, the last a zero; out must have them. The length without the zero. */
size_t base64_encode(char *out, const void *bytes, size_t count);
/* Strictly: whole groups of four, padding only at the end, spare bits zero, nothing else between. False: not that, or no room. */
bool base64_decode(void *out, size_t size, const char *text, size_t length, size_t *count);

#endif
