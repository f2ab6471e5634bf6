/* digest.h - hashes of bytes, from BearSSL; this is the wrapper that includes its hash functions.
 *
 * SHA-1 only proves that a WebSocket server has read our key (RFC 6455): it protects nothing, and nothing else may use it. */
#ifndef HAL_WIRE_DIGEST_H
#define HAL_WIRE_DIGEST_H
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SHA1_BYTES = 20 };

void digest_sha1(const void *bytes, size_t count, uint8_t out[DIGEST_SHA1_BYTES]);

#endif
