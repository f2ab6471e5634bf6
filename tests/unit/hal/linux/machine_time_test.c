/* machine_time_test.c - the line of /proc/stat, real and as it may come; the families that live on credits (row O4). */
#include "hal/linux/machine_time.h"

#include "tests/kit/test.h"

TEST(t_O4_busy_is_all_but_idle_and_steal_is_apart)
{
	struct machine_time time;
	CHECK(machine_time_parse("cpu  100 20 30 4000 500 6 7 80 9 1\ncpu0 1 2", &time));
	CHECK_EQ(time.busy_ns, (100 + 20 + 30 + 6 + 7) * 10 * NS_PER_MS);
	CHECK_EQ(time.steal_ns, 80 * 10 * NS_PER_MS);
}

TEST(t_O4_what_is_no_such_line_is_nothing)
{
	static const char *const text[] = { "", "cpu", "cpu0 1 2 3 4 5 6 7 8", "cpu 1 2 3 4 5 6 7", "cpu 1 2 x 4 5 6 7 8", "cpu 1 -2 3 4 5 6 7 8",
		"cpu 1 2 3 4 5 6 7 9223372036854775807" };
	struct machine_time time;
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) CHECK(!machine_time_parse(text[i], &time));
}

TEST(t_O4_the_machine_s_time_never_falls)
{
	struct machine_time before = { 0 }, after = { 0 };
	int                 fd = machine_time_open();
	if (fd < 0) SKIP("no /proc/stat here");
	CHECK(machine_time_look(fd, &before) && machine_time_look(fd, &after));
	CHECK(after.busy_ns >= before.busy_ns && before.busy_ns > 0);
	machine_time_close(fd);
	CHECK(!machine_time_look(-1, &after));
}

TEST(t_O4_burstable_families)
{
	CHECK(machine_kind_is_burstable("t3.micro") && machine_kind_is_burstable("t3a.nano") && machine_kind_is_burstable("t4g.small"));
	CHECK(!machine_kind_is_burstable("") && !machine_kind_is_burstable("m5.large") && !machine_kind_is_burstable("t3"));
}
