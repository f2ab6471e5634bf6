/* stack_test.c - taken to the byte, never longer, and as deep as its deepest call. Each test is a process of its own. */
#include "hal/linux/stack.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/linux/usage.h"
#include "tests/kit/sanitized.h"
#include "tests/kit/test.h"

enum { BYTES = 512 * 1024 };

/* Writes to all of a frame of about that many KiB, by calls of one each: the caller's frame is read below, so no compiler makes a loop of it. */
__attribute__((noinline)) static int dig(int kib, const volatile char *above)
{
	volatile char hole[1024];
	memset((char *)hole, kib, sizeof hole);
	return (kib > 1 ? dig(kib - 1, hole) : 0) + hole[7] + above[0];
}

TEST(t_O10_nothing_is_known_of_a_stack_that_was_not_taken)
{
	CHECK_EQ(stack_bytes(), 0);
	CHECK_EQ(stack_low_water(), 0);
}

TEST(t_O10_the_stack_is_mapped_whole_and_no_byte_more)
{
	struct usage before, after, deep;
	CHECK(stack_take(BYTES));
	CHECK_EQ(stack_bytes(), BYTES);
	CHECK(usage_read(&before));
	CHECK(stack_take(BYTES));
	CHECK(usage_read(&after));
	CHECK_EQ(after.mapped_bytes, before.mapped_bytes);
	CHECK(dig(200, "") != -1);
	CHECK(usage_read(&deep));
	CHECK_EQ(deep.mapped_bytes, before.mapped_bytes);
}

TEST(t_O10_low_water_falls_with_the_deepest_call_and_stays)
{
	if (SANITIZED) SKIP("the sanitizer's own calls go deeper: gcc's and clang's tests read the depth");
	CHECK(stack_take(BYTES));
	size_t first = stack_low_water();
	CHECK(first > 0 && first < BYTES);
	CHECK(dig(100, "") != -1);
	size_t deep = stack_low_water();
	CHECK(deep + 100 * 1024 < first + 8 * 1024);
	CHECK(dig(10, "") != -1);
	CHECK_EQ(stack_low_water(), deep);
	stack_paint();
	CHECK(stack_low_water() > deep);
}

TEST(t_O10_a_call_below_the_declared_stack_ends_the_process)
{
	if (SANITIZED) SKIP("the sanitizer takes SIGSEGV for itself: gcc's and clang's tests end by it");
	CHECK(stack_take(BYTES));
	pid_t child = fork();
	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		_exit(dig(BYTES / 1024 + 64, "") == -1);
	}
	int status = 0;
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

TEST(t_O10_a_stack_without_room_is_refused)
{
	CHECK(!stack_take(16 * 1024));
	CHECK_EQ(stack_bytes(), 0);
}
