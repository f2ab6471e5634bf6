/* http_fuzz.c - any bytes as HTTP; the first says who reads and what was asked. Built and run by tools/test/fuzz. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/hal/wire/http_property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	if (count == 0) return 0;
	enum http_role  role = bytes[0] & 1 ? HTTP_SERVER : HTTP_CLIENT;
	enum http_asked what = (enum http_asked)(bytes[0] / 2 % 3);
	const char     *broken = http_property(role, what, (const char *)bytes + 1, count - 1);
	if (!broken) return 0;
	fprintf(stderr, "%s\n", broken);
	abort();
}
