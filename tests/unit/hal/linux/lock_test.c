/* lock_test.c - one instance on a folder; looking takes nothing (P12, P15). */
#include "hal/linux/lock.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kit/test.h"

static int holder;

TEST(t_P12_looking_at_a_lock_takes_and_makes_nothing)
{
	CHECK_EQ(lock_look("/nonexistent", &holder), LOCK_OK);
	CHECK_EQ(lock_look(test_folder(), &holder), LOCK_OK);
	CHECK(rmdir(test_folder()) == 0 && mkdir(test_folder(), 0700) == 0);        /* it was empty */
	CHECK_EQ(lock_take(test_folder(), &holder), LOCK_OK);
	CHECK_EQ(lock_look(test_folder(), &holder), LOCK_TAKEN);
	CHECK_EQ(holder, getpid());
	CHECK_EQ(lock_take(test_folder(), &holder), LOCK_TAKEN);
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
	CHECK_EQ(lock_take(test_folder(), &holder), LOCK_OK);
}

TEST(t_P12_a_lock_that_cannot_be_opened_is_denied)
{
	char path[512];
	snprintf(path, sizeof path, "%s/lock", test_folder());
	CHECK_EQ(mkdir(path, 0700), 0);
	CHECK_EQ(lock_look(test_folder(), &holder), LOCK_DENIED);
	CHECK_EQ(lock_take(test_folder(), &holder), LOCK_DENIED);
}
