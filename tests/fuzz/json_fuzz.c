/* json_fuzz.c - any bytes as JSON. Built and run by tools/test/fuzz. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/hal/wire/json_property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	const char *broken = json_property((const char *)bytes, count);
	if (!broken) return 0;
	fprintf(stderr, "%s\n", broken);
	abort();
}
