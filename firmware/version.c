#include "firmware/version.h"

#include "build_id.h"

#define PART_ROW(name, version, licence) { name, version, licence },
static const struct version_part parts[] = { BUILD_PARTS(PART_ROW) };

_Static_assert(sizeof BUILD_ID == 17, "tools/build-id writes 16 hexadecimal digits");

const char *build_id(void) { return BUILD_ID; }

uint64_t build_id_u64(void)
{
	uint64_t value = 0;
	for (const char *at = BUILD_ID; *at; at++) value = value << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
	return value;
}

const char *build_compiler(void)
{
#ifdef __clang__
	return __VERSION__;
#else
	return "gcc " __VERSION__;
#endif
}

const struct version_part *version_part(size_t i) { return i < sizeof parts / sizeof *parts ? &parts[i] : 0; }
