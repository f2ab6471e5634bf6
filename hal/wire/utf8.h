/* utf8.h - is it UTF-8? Byte by byte, across any cuts (RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF).
 *
 * A zeroed struct stands between characters. utf8_feed says false at the first byte that cannot belong to any character, so a
 * peer that sends nonsense is refused before the rest of it came; utf8_whole says whether the text may end here. */
#ifndef HAL_WIRE_UTF8_H
#define HAL_WIRE_UTF8_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct utf8 {
	uint8_t more;                   /* bytes that the character begun still needs */
	uint8_t low, high;              /* what the next of them may be */
};

bool utf8_feed(struct utf8 *utf8, const char *bytes, size_t count);
static inline bool utf8_whole(const struct utf8 *utf8) { return utf8->more == 0; }
/* A complete text at once. */
bool utf8_is(const char *bytes, size_t count);
/* Writes a code point below U+110000 that is no surrogate; how many bytes it took, 1 to 4. */
size_t utf8_put(char out[4], uint32_t code);

#endif
