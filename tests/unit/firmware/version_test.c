#include "firmware/version.h"

#include <stdio.h>
#include <string.h>

#include "tests/kit/test.h"

TEST(t_O8_build_id_is_sixteen_hexadecimal_digits)
{
	char text[32];
	CHECK_EQ(strlen(build_id()), 16);
	CHECK_EQ(strspn(build_id(), "0123456789abcdef"), 16);
	snprintf(text, sizeof text, "%016llx", (unsigned long long)build_id_u64());
	CHECK_STR(text, build_id());
}

TEST(t_O8_version_names_every_linked_dependency)
{
	static const char *const linked[] = { "musl", "bearssl", "libev", "sqlite3" };
	for (size_t i = 0; i < sizeof linked / sizeof *linked; i++) {
		const struct version_part *part = version_part(i);
		CHECK(part && strcmp(part->name, linked[i]) == 0 && part->version[0] && part->licence[0]);
	}
	CHECK(version_part(4) == 0);
}
