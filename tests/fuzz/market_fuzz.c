/* market_fuzz.c - any bytes as market data: bodies and stream messages. Built and run by tools/test/fuzz. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/hal/venues/alpaca/market_property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static struct alpaca_market_codec codec;
	alpaca_market_codec_init(&codec);
	const char *broken = market_property(&codec, (const char *)bytes, count);
	if (!broken) return 0;
	fprintf(stderr, "%s\n", broken);
	abort();
}
