/* wake_test.c - a bell: rings are one ring until it is silenced, in this process and from another (P3). */
#include "hal/linux/wake.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kit/test.h"

enum { RINGS = 1000 };

static bool rings(int fd)
{
	struct pollfd bell = { .fd = fd, .events = POLLIN };
	return poll(&bell, 1, 0) == 1;
}

TEST(t_P3_many_rings_are_one_and_silence_is_silence)
{
	int bell = wake_make();
	CHECK(bell >= 0);
	CHECK(!rings(bell));
	wake_clear(bell);        /* never blocks */
	for (int i = 0; i < RINGS; i++) wake_ring(bell);
	CHECK(rings(bell));
	wake_clear(bell);
	CHECK(!rings(bell));
}

TEST(t_P3_a_ring_comes_from_another_process)
{
	int bell = wake_make();
	pid_t child = fork();
	if (child == 0) {
		wake_ring(bell);
		_exit(0);
	}
	CHECK_EQ(waitpid(child, 0, 0), child);
	CHECK(rings(bell));
}

TEST(t_P3_a_full_bell_neither_blocks_nor_falls_silent)
{
	const uint64_t most = UINT64_MAX - 1;
	int            bell = wake_make();
	CHECK_EQ(write(bell, &most, sizeof most), sizeof most);
	wake_ring(bell);
	CHECK(rings(bell));
	wake_clear(bell);
	CHECK(!rings(bell));
}
