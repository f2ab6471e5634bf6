/* lock_test.c - one instance on a folder, also while the processes of a dead one are still dying; looking takes nothing (P12, P15). */
#include "hal/linux/lock.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hal/linux/holder.h"
#include "tests/kit/test.h"

static int holder, lock;

static void pause_ms(long ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };
	(void)nanosleep(&pause, 0);
}

TEST(t_P15_a_folder_has_one_instance)
{
	int         first, second;
	const char *home = test_folder();
	CHECK_EQ(lock_take(home, &holder, &first), LOCK_OK);
	CHECK_EQ(lock_take(home, &holder, &second), LOCK_TAKEN);        /* at once: its holder lives */
	CHECK_EQ(holder, getpid());
	close(first);
	CHECK_EQ(lock_take(home, &holder, &second), LOCK_OK);
}

TEST(t_P15_a_folder_whose_lock_file_was_removed_has_one_instance)
{
	char        path[512];
	int         first, second;
	const char *home = test_folder();
	snprintf(path, sizeof path, "%s/lock", home);
	CHECK_EQ(lock_take(home, &holder, &first), LOCK_OK);
	CHECK(holder_is(home, getpid()) && !holder_is(home, getppid()));
	CHECK_EQ(unlink(path), 0);
	CHECK_EQ(lock_look(home, &holder), LOCK_TAKEN);
	CHECK(holder_is(home, getpid()));
	CHECK_EQ(holder_pid(home), 0);
	CHECK_EQ(lock_take(home, &holder, &second), LOCK_TAKEN);        /* which makes an empty file */
	CHECK_EQ(holder, 0);
	CHECK(holder_is(home, getpid()));
	close(first);
	CHECK(!holder_is(home, getpid()));
	CHECK_EQ(lock_take(home, &holder, &second), LOCK_OK);
}

/* An instance that dies while its child keeps the descriptor; the child writes a byte just before it ends. */
static _Noreturn void die_before_the_child(const char *home, int told)
{
	int fd;
	if (lock_take(home, &holder, &fd) != LOCK_OK) _exit(1);
	if (fork() != 0) _exit(0);
	pause_ms(100);
	_exit(write(told, "x", 1) != 1);
}

TEST(t_P3_a_successor_waits_until_the_last_process_of_a_dead_instance_is_gone)
{
	int         fd, told[2], status;
	char        byte = 0;
	const char *home = test_folder();
	CHECK_EQ(pipe(told), 0);
	pid_t pid = fork();
	if (pid == 0) die_before_the_child(home, told[1]);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 0);
	close(told[1]);
	CHECK_EQ(lock_take(home, &holder, &fd), LOCK_OK);
	CHECK_EQ(read(told[0], &byte, 1), 1);
	CHECK_EQ(byte, 'x');        /* the end of the pipe without a byte would be a child that was killed */
}

TEST(t_P12_looking_at_a_lock_takes_and_makes_nothing)
{
	CHECK_EQ(lock_look("/nonexistent", &holder), LOCK_OK);
	CHECK_EQ(lock_look(test_folder(), &holder), LOCK_OK);
	CHECK(rmdir(test_folder()) == 0 && mkdir(test_folder(), 0700) == 0);        /* it was empty */
	CHECK_EQ(lock_take(test_folder(), &holder, &lock), LOCK_OK);
	CHECK_EQ(lock_look(test_folder(), &holder), LOCK_TAKEN);
	CHECK_EQ(holder, getpid());
	CHECK_EQ(lock_take(test_folder(), &holder, &lock), LOCK_TAKEN);
	CHECK_EQ(holder, getpid());
}

TEST(t_P12_a_lock_that_was_looked_at_can_be_taken)
{
	char path[512];
	snprintf(path, sizeof path, "%s/lock", test_folder());
	FILE *file = fopen(path, "w");        /* left by one that ended */
	CHECK(file && fclose(file) == 0);
	CHECK_EQ(lock_look(test_folder(), &holder), LOCK_OK);
	CHECK_EQ(lock_look(test_folder(), &holder), LOCK_OK);
	CHECK_EQ(lock_take(test_folder(), &holder, &lock), LOCK_OK);
}

TEST(t_P12_a_lock_that_cannot_be_opened_is_denied)
{
	char path[512];
	snprintf(path, sizeof path, "%s/lock", test_folder());
	CHECK_EQ(mkdir(path, 0700), 0);
	CHECK_EQ(lock_look(test_folder(), &holder), LOCK_DENIED);
	CHECK_EQ(lock_take(test_folder(), &holder, &lock), LOCK_DENIED);
}
