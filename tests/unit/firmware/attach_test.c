/* attach_test.c - which maps are looked at, and what is said of the others. */
#include "firmware/attach.h"

#include <sys/stat.h>

#include "firmware/version.h"
#include "hal/linux/holder.h"
#include "tests/unit/firmware/control_kit.h"

static struct attach attach;
static char          want[1024];

static const char *refusal(const char *home)
{
	CHECK(!attach_open(&attach, home));
	CHECK(attach.map == 0);
	return attach.sentence;
}

TEST(t_P3_no_map_no_appliance)
{
	const char *home = test_folder();
	snprintf(want, sizeof want, "no appliance runs in %s (nothing to look at): start one with tickwork run --layout appliance --home %s", home, home);
	CHECK_STR(refusal(home), want);
	CHECK(strstr(refusal("/nonexistent-folder-of-a-test"), "no appliance runs in /nonexistent-folder-of-a-test") != 0);
}

TEST(t_P3_a_stamped_map_is_looked_at_without_a_process)
{
	const char        *home = test_folder();
	struct memory_map *map = kit_map(home);
	CHECK(strstr(refusal(home), "not the map of an appliance, or not yet a whole one") != 0);
	kit_stamp(map, 12345678);
	map->life->turn_ns = 7 * NS_PER_S;
	CHECK(attach_open(&attach, home));
	CHECK_EQ(attach.holder_pid, 0);
	CHECK_EQ(attach_silent_ns(attach.map, attach.holder_pid, 10 * NS_PER_S), 3 * NS_PER_S);
	CHECK_EQ(attach_silent_ns(attach.map, attach.holder_pid, 6 * NS_PER_S), -1);        /* another boot's clock */
	CHECK_STR(attach.map->stamp->build, build_id());
	CHECK_STR(attach.map->stamp->layout, "appliance");
	map->life->turns = 77;        /* the pages are shared, not copied */
	CHECK_EQ(attach.map->life->turns, 77);
	attach_close(&attach);
	CHECK(attach.map == 0);
}

TEST(t_P3_a_map_behind_a_link_is_a_map)
{
	char        target[600], link[600];
	const char *home = test_folder();
	kit_stamp(kit_map(home), 1);
	snprintf(target, sizeof target, "%s/map", home);
	snprintf(link, sizeof link, "%s/other", home);
	CHECK_EQ(mkdir(link, 0700), 0);
	snprintf(link, sizeof link, "%s/other/map", home);
	CHECK_EQ(symlink(target, link), 0);
	snprintf(link, sizeof link, "%s/other", home);
	CHECK(attach_open(&attach, link));
	attach_close(&attach);
}

static void write_the_view(void)
{
	const char *home = test_folder();
	kit_stamp(kit_map(home), 1);
	CHECK(attach_open(&attach, home));
	*(volatile uint64_t *)(uintptr_t)&attach.map->life->turns = 1;
}
TEST(t_P6_a_look_cannot_write)
{
	int   status = 0;
	pid_t child = fork();
	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		write_the_view();
		_exit(0);
	}
	waitpid(child, &status, 0);
	CHECK(!WIFEXITED(status) || WEXITSTATUS(status) != 0);        /* a sanitizer turns the signal into an exit code */
}

TEST(t_P3_a_map_of_another_build_is_named_and_not_read)
{
	const char        *home = test_folder();
	struct memory_map *map = kit_map(home);
	kit_stamp(map, 1);
	snprintf(map->stamp->build, sizeof map->stamp->build, "%s", "00112233445566ff");
	snprintf(want, sizeof want, "the appliance in %s is build 00112233445566ff and this is build %s: use the program that was started there", home, build_id());
	CHECK_STR(refusal(home), want);
	memset(map->stamp->build, 'x', sizeof map->stamp->build);        /* no terminator */
	CHECK(strstr(refusal(home), "is build xxxx") != 0);
}

TEST(t_P3_a_map_of_the_wrong_length_is_damaged)
{
	char               path[600];
	const char        *home = test_folder();
	struct memory_map *map = kit_map(home);
	kit_stamp(map, 1);
	snprintf(path, sizeof path, "%s/map", home);
	munmap(map, sizeof *map);
	CHECK_EQ(truncate(path, (off_t)sizeof *map - 4096), 0);
	CHECK(strstr(refusal(home), "it is damaged") != 0);
	CHECK_EQ(truncate(path, (off_t)sizeof *map + 1), 0);
	CHECK(strstr(refusal(home), "it is damaged") != 0);
	CHECK_EQ(truncate(path, 10), 0);
	CHECK(strstr(refusal(home), "not the map of an appliance") != 0);
	CHECK_EQ(truncate(path, 0), 0);
	CHECK(strstr(refusal(home), "not the map of an appliance") != 0);
}

TEST(t_P3_what_is_no_file_is_no_map)
{
	char        path[600];
	const char *home = test_folder();
	snprintf(path, sizeof path, "%s/map", home);
	CHECK_EQ(mkdir(path, 0700), 0);
	CHECK(strstr(refusal(home), "is no regular file") != 0);
	CHECK_EQ(rmdir(path), 0);
	CHECK_EQ(mkfifo(path, 0600), 0);        /* opening it must not wait for a writer */
	CHECK(strstr(refusal(home), "is no regular file") != 0);
}

TEST(t_P3_a_map_of_another_user_is_refused)
{
	char        path[600];
	const char *home = test_folder();
	if (geteuid() != 0) SKIP("only root can give a file away");
	kit_stamp(kit_map(home), 1);
	snprintf(path, sizeof path, "%s/map", home);
	CHECK_EQ(chown(path, 12345, 12345), 0);
	CHECK_EQ(chmod(path, 0644), 0);
	CHECK_EQ(chmod(home, 0755), 0);
	CHECK(attach_open(&attach, home));        /* root looks at anybody's */
	attach_close(&attach);
	pid_t child = fork();
	int   status = 0;
	if (child == 0) {
		bool ok = seteuid(54321) == 0 && !attach_open(&attach, home);
		_exit(ok && strstr(attach.sentence, "belongs to user 12345, and this is user 54321") ? 0 : 1);
	}
	waitpid(child, &status, 0);
	CHECK_EQ(status, 0);
}

TEST(t_P3_the_holder_of_the_lock_is_known_while_it_lives)
{
	const char         *home = test_folder();
	struct kit_watchdog watchdog = { home, kit_map(home), false, false };
	CHECK_EQ(holder_pid(home), 0);
	pid_t child = kit_child(kit_watch, &watchdog);
	CHECK_EQ(holder_pid(home), child);
	CHECK(attach_open(&attach, home));
	CHECK_EQ(attach.holder_pid, child);
	CHECK_EQ(attach_silent_ns(attach.map, attach.holder_pid, clock_monotonic_ns()), 0);
	attach_close(&attach);
	watchdog.map->stamp->pid = 1;        /* the lock is somebody's who did not make this map */
	CHECK(attach_open(&attach, home));
	CHECK_EQ(attach.holder_pid, 0);
	attach_close(&attach);
	CHECK(!holder_wake(home, 1));
	kit_kill(child);
	CHECK_EQ(holder_pid(home), 0);
	CHECK(!holder_wake(home, child));
}

/* A live process whose number is in the file, but which does not hold the lock. */
TEST(t_P3_a_reused_pid_is_no_holder)
{
	char        path[600], text[32];
	const char *home = test_folder();
	snprintf(path, sizeof path, "%s/lock", home);
	int fd = open(path, O_RDWR | O_CREAT, 0600), length = snprintf(text, sizeof text, "%d\n", (int)getpid());
	CHECK_EQ(write(fd, text, (size_t)length), length);
	CHECK_EQ(holder_pid(home), 0);
	CHECK(!holder_wake(home, getpid()));
	int holder, lock_fd;
	CHECK_EQ(lock_take(home, &holder, &lock_fd), LOCK_OK);        /* asking has left nothing behind */
	CHECK_EQ(holder_pid(home), getpid());
}
