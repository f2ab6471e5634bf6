/* signals_test.c - signals that wait to be taken, and leave no trace (P4). */
#include "hal/linux/signals.h"

#include <sys/wait.h>
#include <unistd.h>

#include "hal/linux/clock.h"
#include "tests/kit/test.h"

static const int heard[] = { SIGTERM, SIGUSR1 };

TEST(t_P4_a_signal_waits_until_it_is_taken)
{
	struct signals signals;
	CHECK(signals_hear(&signals, heard, 2));
	CHECK_EQ(signals_take(&signals), 0);
	CHECK(raise(SIGUSR1) == 0 && raise(SIGTERM) == 0 && raise(SIGTERM) == 0);
	int first = signals_take(&signals), second = signals_take(&signals);
	CHECK(first != second && (first == SIGTERM || first == SIGUSR1) && (second == SIGTERM || second == SIGUSR1));
	CHECK_EQ(signals_take(&signals), 0);        /* one of each kind */
	signals_deafen(&signals);
}

TEST(t_P4_what_was_not_taken_kills_nobody_and_the_mask_is_as_before)
{
	struct signals signals;
	sigset_t       mask;
	CHECK(signals_hear(&signals, heard, 2));
	CHECK_EQ(raise(SIGTERM), 0);
	signals_deafen(&signals);
	(void)sigprocmask(SIG_SETMASK, 0, &mask);
	CHECK(sigismember(&mask, SIGTERM) == 0 && sigismember(&mask, SIGUSR1) == 0);
}

TEST(t_P4_a_wait_ends_with_a_signal_or_with_its_time)
{
	struct signals signals;
	int64_t        begun_ns = clock_monotonic_ns();
	pid_t          self = getpid();
	CHECK(signals_hear(&signals, heard, 2));
	signals_wait(&signals, 20 * NS_PER_MS);
	CHECK(clock_monotonic_ns() - begun_ns >= 20 * NS_PER_MS);
	signals_wait(&signals, -1);
	pid_t child = fork();
	if (child == 0) _exit(kill(self, SIGUSR1));
	signals_wait(&signals, 300 * NS_PER_S);
	CHECK_EQ(signals_take(&signals), SIGUSR1);
	CHECK(clock_monotonic_ns() - begun_ns < 300 * NS_PER_S);
	CHECK_EQ(waitpid(child, 0, 0), child);
	signals_deafen(&signals);
}
