/* facts_test.c - what this machine has and allows is what the kernel says; a refused call is seen; a folder stays as it was (P12). */
#include "hal/linux/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/kit/test.h"
#include "tests/kit/without_call.h"

static struct facts        facts;
static struct facts_folder folder;

TEST(t_P12_facts_of_this_machine)
{
	int64_t before_s = time(0);
	facts_look(&facts);
	CHECK(facts.wall_s >= before_s && facts.wall_s <= time(0));
	CHECK(facts.monotonic_later_ns - facts.monotonic_ns >= NS_PER_MS);
	CHECK(facts.kernel_major >= 4 && facts.release[0] != '\0');
	CHECK(facts.has_epoll && facts.has_eventfd && facts.has_signalfd && facts.has_memfd);
	CHECK(facts.available_bytes > 1 << 20 && facts.available_bytes < UINT64_C(1) << 50);
	CHECK(facts.promised_bytes_left > 0);
}

TEST(t_P12_facts_are_the_limits_of_this_process)
{
	struct rlimit limit = { 77, 99 }, bytes = { 12345, RLIM_INFINITY };
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0 && setrlimit(RLIMIT_FSIZE, &bytes) == 0);
	facts_look(&facts);
	CHECK_EQ(facts.files_max, 77);
	CHECK_EQ(facts.file_bytes_max, 12345);
	bytes.rlim_cur = RLIM_INFINITY;
	CHECK(setrlimit(RLIMIT_FSIZE, &bytes) == 0);
	facts_look(&facts);
	CHECK(facts.file_bytes_max == FACTS_NO_LIMIT);
}

TEST(t_P12_a_call_that_is_refused_is_a_fact)
{
	without_call(SYS_eventfd2, EPERM);
	facts_look(&facts);
	CHECK(!facts.has_eventfd && facts.has_epoll);
	without_call(SYS_epoll_create1, ENOSYS);
	without_call(SYS_signalfd4, EPERM);
	without_call(SYS_memfd_create, ENOSYS);
	without_call(434, ENOSYS);
	without_call(436, ENOSYS);
	facts_look(&facts);
	CHECK(!facts.has_epoll && !facts.has_signalfd && !facts.has_memfd && !facts.has_pidfd && !facts.has_close_range);
}

TEST(t_P12_no_descriptor_stays_open)
{
	int next = dup(0);
	close(next);
	facts_look(&facts);
	facts_look_folder(&folder, test_folder());
	CHECK_EQ(dup(0), next);
}

TEST(t_P12_a_folder_is_looked_at_and_left_as_it_was)
{
	char        path[512];
	struct stat info;
	facts_look_folder(&folder, test_folder());
	CHECK(folder.verdict == FILES_OK && folder.is_there && folder.free_bytes > 0);
	CHECK(rmdir(test_folder()) == 0);        /* empty */
	CHECK(mkdir(test_folder(), 0700) == 0);
	snprintf(path, sizeof path, "%s/home//", test_folder());
	facts_look_folder(&folder, path);
	CHECK(folder.verdict == FILES_OK && !folder.is_there && folder.free_bytes > 0);
	CHECK(stat(path, &info) != 0);
	snprintf(path, sizeof path, "%s/none/home", test_folder());
	facts_look_folder(&folder, path);
	CHECK(folder.verdict == FILES_MISSING && !folder.is_there);
	snprintf(path, sizeof path, "%s/file", test_folder());
	CHECK(close(open(path, O_WRONLY | O_CREAT, 0600)) == 0);
	facts_look_folder(&folder, path);
	CHECK_EQ(folder.verdict, FILES_MISSING);
	memset(path, 'x', sizeof path - 1);
	facts_look_folder(&folder, path);
	CHECK_EQ(folder.verdict, FILES_TOO_LONG);
	CHECK(chdir(test_folder()) == 0);
	facts_look_folder(&folder, "home");
	CHECK(folder.verdict == FILES_OK && !folder.is_there);
	facts_look_folder(&folder, "/home-of-nobody");
	CHECK(!folder.is_there);
}

TEST(t_P12_facts_of_kernel_and_machine)
{
	facts_look(&facts);
	CHECK(facts.processors >= facts.processors_allowed && facts.processors_allowed >= 1);
	CHECK(facts.total_bytes >= facts.available_bytes && facts.swap_bytes >= facts.swap_used_bytes);
	CHECK(facts.steal_bp == FACTS_UNKNOWN || (facts.steal_bp >= 0 && facts.steal_bp <= 10000));
	CHECK(facts.has_random && facts.has_sealing);
	CHECK_EQ(facts.user, geteuid());
	CHECK(facts.oom_adjust >= -1000 && facts.oom_adjust <= 1000);
}

TEST(t_P12_seals_filters_and_landlock_may_be_refused)
{
	without_call(444, ENOSYS);
	facts_look(&facts);
	CHECK_EQ(facts.landlock_version, 0);
	CHECK(facts.has_sealing);
	without_call(SYS_memfd_create, ENOSYS);
	facts_look(&facts);
	CHECK(!facts.has_sealing && !facts.has_memfd);
	without_call(SYS_getrandom, ENOSYS);
	facts_look(&facts);
	CHECK(!facts.has_random);
	without_call(SYS_seccomp, EPERM);
	facts_look(&facts);
	CHECK(!facts.has_seccomp);
}

TEST(t_P12_a_folder_says_its_mode_and_how_long_a_sync_takes)
{
	CHECK(chmod(test_folder(), 0750) == 0);
	facts_look_folder(&folder, test_folder());
	CHECK_EQ(folder.mode, 0750);
	CHECK_EQ(folder.owner, geteuid());
	CHECK(folder.sync_ns > 0 && folder.type != 0);
	CHECK(chmod(test_folder(), 0700) == 0);
	facts_look_folder(&folder, "/proc");        /* nothing can be made there */
	CHECK(folder.verdict != FILES_OK && folder.sync_ns == 0);
}

TEST(t_P12_a_word_of_a_file)
{
	char path[512], word[8];
	snprintf(path, sizeof path, "%s/word", test_folder());
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	CHECK(fd >= 0 && write(fd, "first\nsecond\n", 13) == 13);
	close(fd);
	facts_word(path, word, sizeof word);
	CHECK_STR(word, "first");
	facts_text(path, word, sizeof word);
	CHECK_STR(word, "first\ns");
	facts_word("/none", word, sizeof word);
	CHECK_STR(word, "");
}
