/* blackbox_fuzz.c - any bytes as a slot of HOME/blackbox. Built and run by tools/test/fuzz. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/firmware/blackbox/blackbox_property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	const char *broken = blackbox_property(bytes, count);
	if (!broken) return 0;
	fprintf(stderr, "%s\n", broken);
	abort();
}
