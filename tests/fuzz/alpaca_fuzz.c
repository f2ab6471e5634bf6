/* alpaca_fuzz.c - any bytes as a message of Alpaca's. Built and run by tools/test/fuzz. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/hal/venues/alpaca/codec_property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static struct alpaca_codec codec;
	if (codec.order.paths == 0) alpaca_codec_init(&codec);
	const char *broken = codec_property(&codec, (const char *)bytes, count);
	if (!broken) return 0;
	fprintf(stderr, "%s\n", broken);
	abort();
}
