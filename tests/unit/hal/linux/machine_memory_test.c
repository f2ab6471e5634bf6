/* machine_memory_test.c - the line of /proc/meminfo, real and as it may come (row O4). */
#include "hal/linux/machine_memory.h"

#include "tests/kit/test.h"

TEST(t_O4_free_is_what_the_kernel_calls_available)
{
	static const char *const none[] = { "", "MemTotal: 1 kB\n", "MemAvailable:   5 kB\n", "x\nMemAvailable: kB\n", "x\nMemAvailable: -5 kB\n",
		"x\nMemAvailable: 5",
		"x\nMemAvailable: 5 MB\n" };
	int64_t free_kib = 0;
	CHECK(machine_memory_parse("MemTotal:        1014512 kB\nMemFree:           81234 kB\nMemAvailable:     654321 kB\nBuffers: 1 kB\n", &free_kib));
	CHECK_EQ(free_kib, 654321);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) CHECK(!machine_memory_parse(none[i], &free_kib));
}

TEST(t_O4_this_machine_says_how_much_is_free)
{
	int64_t free_kib = 0;
	int     fd = machine_memory_open();
	if (fd < 0) SKIP("no /proc/meminfo here");
	CHECK(machine_memory_free_kib(fd, &free_kib) && free_kib > 0);
	machine_memory_close(fd);
	CHECK(!machine_memory_free_kib(-1, &free_kib));
}
