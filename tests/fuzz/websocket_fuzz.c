/* websocket_fuzz.c - any bytes as WebSocket frames; the first says who reads and how long a message may be. Built and run by
 * tools/test/fuzz. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/hal/wire/websocket_property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	if (count == 0) return 0;
	enum websocket_role role = bytes[0] & 1 ? WEBSOCKET_SERVER : WEBSOCKET_CLIENT;
	const char         *broken = websocket_property(role, (const char *)bytes + 1, count - 1, (size_t)(bytes[0] / 2) * 8);
	if (!broken) return 0;
	fprintf(stderr, "%s\n", broken);
	abort();
}
