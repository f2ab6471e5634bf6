/* digest.c - see digest.h. */
#include "hal/wire/digest.h"

#include <bearssl_hash.h>

void digest_sha1(const void *bytes, size_t count, uint8_t out[DIGEST_SHA1_BYTES])
{
	br_sha1_context context;
	br_sha1_init(&context);
	br_sha1_update(&context, bytes, count);
	br_sha1_out(&context, out);
}
