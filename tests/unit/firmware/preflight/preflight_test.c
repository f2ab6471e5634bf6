/* preflight_test.c - each check is made to pass, to warn and to fail where it can, and says what to do (P12). */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/linux/lock.h"
#include "hal/store/journal.h"
#include "tests/kit/sanitized.h"
#include "tests/kit/test.h"
#include "tests/kit/without_call.h"
#include "tests/unit/firmware/preflight/patient.h"

/* The facts of HOME as it is. */
static void look_at_home(void) { facts_look_folder(&preflight.folder, preflight.home); }

TEST(t_P12_a_good_machine_passes_every_check)
{
	good(VENUE_sim);
	CHECK(PREFLIGHTS_N >= 25);
	CHECK_EQ(preflight_run(&preflight), PREFLIGHT_OK);
	CHECK_EQ(preflight_failed(&preflight), PREFLIGHTS_N);
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++) {
		const struct preflight_result *result = &preflight.result[id];
		CHECK(result->sentence[0] && preflight_name(id)[0] && preflight_what(id)[0]);
		CHECK_EQ(result->verdict, PREFLIGHT_OK);
		CHECK_EQ(result->advice_at, 0);
		CHECK_EQ(result->found_bytes, strlen(result->sentence));
	}
}

TEST(t_P12_what_was_found_and_what_to_do_are_apart)
{
	struct preflight_result result;
	preflight_say(&result, PREFLIGHT_WARNING, "%d are there: too few:\nmake %d: or more", 3, 4);
	CHECK_STR(result.sentence, "3 are there: too few: make 4: or more");
	CHECK_EQ(result.found_bytes, strlen("3 are there: too few"));
	CHECK_STR(result.sentence + result.advice_at, "make 4: or more");
	preflight_say(&result, PREFLIGHT_OK, "%d are there", 4);
	CHECK(result.advice_at == 0 && result.found_bytes == strlen("4 are there"));
}

static void say_no_more(void)
{
	struct preflight_result result;
	preflight_say(&result, PREFLIGHT_WARNING, "it is bad");
}

TEST(t_P12_a_warning_says_what_to_do) { CHECK_BUG(say_no_more, 4301); }

/* --- the machine ---------------------------------------------------------------------------------------------------- */

TEST(t_P12_a_wrong_clock_is_named)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_clock, PREFLIGHT_OK, "2030-06-03 01:01:01 UTC");
	preflight.facts.wall_s = (int64_t)day_from_civil(2026, 11, 1) * 86400;
	check_result(PREFLIGHT_clock, PREFLIGHT_OK, "2026-11-01 00:00:00 UTC");
	preflight.facts.wall_s--;
	check_result(PREFLIGHT_clock, PREFLIGHT_FAILURE,
	    "the clock of this machine says 2026-10-31 23:59:59 UTC, before this program was made (2026-11-01): set it, and let chrony or ntpd keep it");
	preflight.facts.wall_s = -1;
	CHECK(result_has(PREFLIGHT_clock, PREFLIGHT_FAILURE, "says 1969-12-31 23:59:59 UTC, before"));
	preflight.facts.wall_s = (int64_t)day_from_civil(2050, 1, 1) * 86400;
	check_result(PREFLIGHT_clock, PREFLIGHT_FAILURE,
	    "the clock of this machine says 2050-01-01 00:00:00 UTC, beyond the calendars of this build: set it, or build a newer one");
	good(VENUE_sim);
	preflight.facts.monotonic_later_ns = preflight.facts.monotonic_ns;
	check_result(PREFLIGHT_clock, PREFLIGHT_FAILURE, "the monotonic clock of this machine stands still: use another clock source (see the kernel log)");
}

TEST(t_P12_a_clock_that_nobody_keeps)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_clock_kept, PREFLIGHT_OK, "kept by a time service, at most 2 ms off");
	preflight.facts.is_synchronised = false;
	check_result(PREFLIGHT_clock_kept, PREFLIGHT_NOTE,
	    "the kernel says nobody keeps this clock; these days need none that is right: start chrony or ntpd before real ones");
	good(VENUE_alpaca);
	preflight.facts.is_synchronised = false;
	check_result(PREFLIGHT_clock_kept, PREFLIGHT_WARNING, "the kernel says nobody keeps this clock: start chrony or ntpd");
	plan.stepped = true;        /* a simulator's time is its own */
	CHECK(result_has(PREFLIGHT_clock_kept, PREFLIGHT_NOTE, "these days need none"));
}

TEST(t_P12_a_clock_that_is_corrected_says_to_which_side)
{
	good(VENUE_sim);
	preflight.facts.clock_behind_us = 1500000;
	check_result(PREFLIGHT_clock_kept, PREFLIGHT_OK, "kept by a time service, at most 2 ms off; it is 1500 ms behind and being corrected");
	preflight.facts.clock_behind_us = -3000;
	check_result(PREFLIGHT_clock_kept, PREFLIGHT_OK, "kept by a time service, at most 2 ms off; it is 3 ms ahead and being corrected");
	preflight.facts.clock_error_us = 5000000;
	CHECK(result_has(PREFLIGHT_clock_kept, PREFLIGHT_OK, "at most 5000 ms off"));
	preflight.facts.clock_error_us++;
	CHECK(result_has(PREFLIGHT_clock_kept, PREFLIGHT_WARNING, "says it may be 5000 ms off, more than the 5000 of clock_tolerance_s: see that it reaches"));
}

TEST(t_P12_a_slow_clock_source)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_clock_source, PREFLIGHT_OK, "tsc");
	strcpy(preflight.facts.clock_source, "hpet");
	CHECK(result_has(PREFLIGHT_clock_source, PREFLIGHT_WARNING, "the kernel reads time from hpet, which is slow: see the kernel log"));
	preflight.facts.clock_source[0] = '\0';
	check_result(PREFLIGHT_clock_source, PREFLIGHT_OK, "the kernel does not say");
}

static void today(int year, uint32_t month, uint32_t day) { preflight.facts.wall_s = (int64_t)day_from_civil(year, month, day) * 86400 + 16 * 3600; }

TEST(t_P12_the_calendar_of_today)
{
	good(VENUE_sim);
	today(2030, 6, 3);
	check_result(PREFLIGHT_calendar, PREFLIGHT_OK, "2030-06-03 is a session of NYSE, 13:30 to 20:00 UTC");
	today(2030, 6, 2);
	check_result(PREFLIGHT_calendar, PREFLIGHT_OK, "2030-06-02 is no session of NYSE: Sunday; the next is 2030-06-03");
	today(2030, 7, 4);
	CHECK(result_has(PREFLIGHT_calendar, PREFLIGHT_OK, "2030-07-04 is no session of NYSE: Independence Day; the next is 2030-07-05"));
	today(2030, 11, 29);
	CHECK(result_has(PREFLIGHT_calendar, PREFLIGHT_OK, "2030-11-29 is a session of NYSE, 14:30 to 18:00 UTC, an early close"));
	today(2046, 2, 1);
	check_result(PREFLIGHT_calendar, PREFLIGHT_WARNING, "the calendars of this build end on 2046-12-31: build a newer one before that");
	today(2050, 1, 1);
	CHECK(result_has(PREFLIGHT_calendar, PREFLIGHT_FAILURE, "the calendars do not hold today: set the clock"));
}

/* The C libraries do not agree on the type of `resource`. */
static void limit(int resource, rlim_t value)
{
	struct rlimit now = { value, RLIM_INFINITY }, before;
	CHECK(syscall(SYS_prlimit64, 0, resource, 0, &before) == 0);
	now.rlim_max = before.rlim_max;
	CHECK(syscall(SYS_prlimit64, 0, resource, &now, 0) == 0);
	facts_look(&preflight.facts);
}

TEST(t_P12_too_few_descriptors)
{
	good(VENUE_sim);
	limit(RLIMIT_NOFILE, 127);
	check_result(PREFLIGHT_open_files, PREFLIGHT_FAILURE, "127 open files are allowed and 128 are needed: raise ulimit -n (LimitNOFILE of the service)");
	limit(RLIMIT_NOFILE, 128);
	check_result(PREFLIGHT_open_files, PREFLIGHT_OK, "128 allowed, 128 needed at most");
}

TEST(t_P12_files_too_small_for_the_journal)
{
	good(VENUE_sim);
	limit(RLIMIT_FSIZE, 1 << 20);
	check_result(PREFLIGHT_file_size, PREFLIGHT_FAILURE, "a file may grow to 1 MiB and the journal takes 65: raise ulimit -f (LimitFSIZE of the service)");
}

TEST(t_P12_too_little_memory)
{
	good(VENUE_sim);
	preflight.facts.address_bytes_max = 100 << 20;
	check_result(PREFLIGHT_address_space, PREFLIGHT_FAILURE, "100 MiB of address space are allowed and 256 are needed: raise ulimit -v (LimitAS of the service)");
	good(VENUE_sim);
	preflight.facts.available_bytes = (256 << 20) - 1;
	check_result(PREFLIGHT_memory, PREFLIGHT_FAILURE, "255 MiB of memory are free and 256 are needed (budget_all_kib): stop something else on this machine");
	preflight.facts.available_bytes++;
	check_result(PREFLIGHT_memory, PREFLIGHT_OK, "256 MiB of memory free, 256 needed at most");
	preflight.facts.promised_bytes_left = 10 << 20;
	check_result(PREFLIGHT_memory, PREFLIGHT_FAILURE,
	    "the kernel promises 10 MiB more and 256 are needed: vm.overcommit_memory is 2, raise vm.overcommit_ratio or stop something else");
}

TEST(t_P12_an_old_kernel)
{
	good(VENUE_sim);
	preflight.facts.kernel_major = 4;
	preflight.facts.kernel_minor = 4;
	check_result(PREFLIGHT_kernel, PREFLIGHT_FAILURE, "this kernel is Linux 6.1.0-test: this program needs 4.5 or newer");
	preflight.facts.kernel_minor = 5;
	check_result(PREFLIGHT_kernel, PREFLIGHT_OK, "Linux 6.1.0-test");
	preflight.facts.kernel_major = 3;
	preflight.facts.kernel_minor = 19;
	CHECK(result_has(PREFLIGHT_kernel, PREFLIGHT_FAILURE, "needs 4.5 or newer"));
}

TEST(t_P12_a_call_that_the_kernel_refuses)
{
	good(VENUE_sim);
	without_call(436, ENOSYS);
	facts_look(&preflight.facts);
	CHECK(result_has(PREFLIGHT_kernel, PREFLIGHT_WARNING, " has no close_range: the run does without it"));
	without_call(434, ENOSYS);
	facts_look(&preflight.facts);
	CHECK(result_has(PREFLIGHT_kernel, PREFLIGHT_WARNING, " has no pidfd_open: the run does without it"));
	without_call(SYS_eventfd2, ENOSYS);
	facts_look(&preflight.facts);
	CHECK(result_has(PREFLIGHT_kernel, PREFLIGHT_FAILURE, " refuses eventfd: allow it"));
	without_call(SYS_epoll_create1, EPERM);
	facts_look(&preflight.facts);
	CHECK(result_has(PREFLIGHT_kernel, PREFLIGHT_FAILURE, " refuses epoll: allow it"));
}

TEST(t_P12_an_old_processor)
{
	good(VENUE_sim);
	preflight.cpu.leaf7_ebx &= ~(1u << 5);
	check_result(PREFLIGHT_processor, PREFLIGHT_FAILURE, "this processor lacks AVX2: run it on one with x86-64-v3 (Intel since 2013, AMD since 2015)");
}

/* --- HOME ------------------------------------------------------------------------------------------------------------- */

/* A memory disk of this test's own, gone with its process; or a skip. */
static void mount_disk(const char *options)
{
	in_folder("disk");
	CHECK(mkdir(path, 0700) == 0);
	if (unshare(CLONE_NEWNS) != 0 || mount(0, "/", 0, MS_REC | MS_PRIVATE, 0) != 0 || mount("tickwork", path, "tmpfs", 0, options) != 0) {
		CHECK(rmdir(path) == 0);
		SKIP("only root may mount a small disk to fill");
	}
	preflight.home = path;
}

static void unmount_disk(void) { CHECK(umount2(path, MNT_DETACH) == 0); }
static void remount_disk(unsigned long flags, const char *options) { CHECK(mount("tickwork", path, "tmpfs", MS_REMOUNT | flags, options) == 0); }

TEST(t_P12_a_disk_too_small_for_the_journal)
{
	char want[1024], journal[600];
	good(VENUE_sim);
	mount_disk("size=8m");
	snprintf(want, sizeof want, "%s/journal does not fit on the disk: it takes 65 MiB and 8 MiB are free: free some space, or choose another --home", path);
	look_at_home();
	check_result(PREFLIGHT_room, PREFLIGHT_FAILURE, want);
	remount_disk(0, "size=67m");
	look_at_home();
	CHECK(result_has(PREFLIGHT_room, PREFLIGHT_WARNING, " has 2 MiB left for books and reports, fewer than the 64 of home_room_mib: free some space"));
	remount_disk(0, "size=200m");
	look_at_home();
	check_result(PREFLIGHT_room, PREFLIGHT_OK, "200 MiB free");
	snprintf(want, sizeof want, "%s is in memory (tmpfs): the journal and the books are gone when this machine restarts: choose a --home on a disk", path);
	check_result(PREFLIGHT_file_system, PREFLIGHT_WARNING, want);
	snprintf(journal, sizeof journal, "%s/journal", path);        /* what is there needs no room any more */
	int fd = open(journal, O_WRONLY | O_CREAT, 0600);
	CHECK(posix_fallocate(fd, 0, (off_t)CFG_journal_segments * CFG_journal_segment_kib * 1024) == 0);
	close(fd);
	remount_disk(0, "size=66m");
	look_at_home();
	CHECK(result_has(PREFLIGHT_room, PREFLIGHT_WARNING, " left for books and reports"));
	unmount_disk();
}

TEST(t_P12_a_disk_that_is_full_or_read_only)
{
	char want[1024];
	good(VENUE_sim);
	mount_disk("size=300m,nr_inodes=1");
	snprintf(want, sizeof want, "%s cannot grow: the disk, the quota or the allowed file size is full; free some space", path);
	look_at_home();
	check_result(PREFLIGHT_folder, PREFLIGHT_FAILURE, want);
	remount_disk(MS_RDONLY, "size=300m,nr_inodes=1000");
	snprintf(want, sizeof want, "%s is on a read-only file system: mount it writable or choose another folder", path);
	look_at_home();
	check_result(PREFLIGHT_folder, PREFLIGHT_FAILURE, want);
	unmount_disk();
}

TEST(t_P12_a_home_that_cannot_be)
{
	char home[600], want[1024];
	good(VENUE_sim);
	write_file("file", "", 0600);
	preflight.home = path;
	snprintf(want, sizeof want, "%s does not exist, or a part of its path is not a folder: make the folder first", path);
	look_at_home();
	check_result(PREFLIGHT_folder, PREFLIGHT_FAILURE, want);
	snprintf(home, sizeof home, "%s/none/home", test_folder());
	preflight.home = home;
	look_at_home();
	CHECK(result_has(PREFLIGHT_folder, PREFLIGHT_FAILURE, "/none/home does not exist, or a part of its path is not a folder: make the folder first"));
}

enum { AS_WANTED, NOT_AS_WANTED, NO_OTHER_USER };

/* In a child, which gives up its user for it: root may do anything. */
static int as_nobody(enum preflight_id id, const char *part)
{
	int   status = -1;
	pid_t child = fork();
	if (child == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(NO_OTHER_USER);
		(void)setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ 0, 0 });
		look_at_home();
		_exit(result_has(id, PREFLIGHT_FAILURE, part) ? AS_WANTED : NOT_AS_WANTED);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(t_P12_a_folder_of_somebody_else)
{
	good(VENUE_sim);
	CHECK(chmod(test_folder(), 0555) == 0);
	int found = as_nobody(PREFLIGHT_folder, " may not be written by this user: change its owner or its mode");
	CHECK(chmod(test_folder(), 0700) == 0);
	if (found == NO_OTHER_USER) SKIP("may not become another user");
	CHECK_EQ(found, AS_WANTED);
}

TEST(t_P12_another_instance)
{
	char want[1024];
	int  holder;
	good(VENUE_sim);
	CHECK_EQ(lock_take(test_folder(), &holder, &(int){ 0 }), LOCK_OK);
	snprintf(want, sizeof want, "another instance (process %d) runs in %s: stop it, or choose another --home", (int)getpid(), test_folder());
	check_result(PREFLIGHT_lock, PREFLIGHT_FAILURE, want);
}

TEST(t_P12_a_lock_of_somebody_else)
{
	good(VENUE_sim);
	CHECK(mkdir(in_folder("lock"), 0700) == 0);
	CHECK(result_has(PREFLIGHT_lock, PREFLIGHT_FAILURE, "/lock may not be written by this user: change its owner, or choose another --home"));
}

TEST(t_P12_a_bad_configuration)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_configuration, PREFLIGHT_OK, "no tickwork.conf: the built-in settings");
	write_file("tickwork.conf", "leverage_max_bp = 10000\nclock_tolerance_s = 3\n", 0600);
	check_result(PREFLIGHT_configuration, PREFLIGHT_OK, "tickwork.conf tightens 2 settings, all within their bounds");
	write_file("tickwork.conf", "leverage_max_bp = 15001\n", 0600);
	check_result(PREFLIGHT_configuration, PREFLIGHT_FAILURE, "tickwork.conf line 1: leverage_max_bp = \"15001\" is out of bounds; give 1000..15000 bp");
}

/* --- data and keys ------------------------------------------------------------------------------------------------------ */

TEST(t_P12_no_data)
{
	char want[1024];
	good(VENUE_sim);
	check_result(PREFLIGHT_data, PREFLIGHT_OK, "no --data: a random walk");
	preflight.data = test_folder();
	snprintf(want, sizeof want, "%s holds no file of the universe; name a folder with files like GLD.csv", test_folder());
	check_result(PREFLIGHT_data, PREFLIGHT_FAILURE, want);
	write_file("SPY.csv", "date\n", 0600);
	snprintf(want, sizeof want, "1 of %u files in %s", (unsigned)UNIVERSE_N, test_folder());
	check_result(PREFLIGHT_data, PREFLIGHT_OK, want);
}

TEST(t_P12_a_root_that_is_none)
{
	char want[1024];
	good(VENUE_alpaca);
	CHECK(result_has(PREFLIGHT_data, PREFLIGHT_OK, "https://venue.example, data from https://data.example:8443"));
	CHECK(unlink(in_folder("roots.pem")) == 0);
	snprintf(want, sizeof want, "%s cannot be read: name a PEM file of root certificates", path);
	check_result(PREFLIGHT_roots, PREFLIGHT_FAILURE, want);
	write_file("other.pem", "no certificate\n", 0600);
	plan.trust = path;
	snprintf(want, sizeof want, "--trust %s holds no certificate: give a PEM file with BEGIN CERTIFICATE in it", path);
	check_result(PREFLIGHT_roots, PREFLIGHT_FAILURE, want);
}

static void take(const char *text, mode_t mode)
{
	secrets_close(&secrets);
	write_file("secrets", text, mode);
	(void)secrets_take(&secrets, test_folder(), refusal);
}

#define THREE "APCA_API_KEY_ID = a\nAPCA_API_SECRET_KEY = b\nTICKWORK_DATA_KEY_ID = c\n"

TEST(t_P12_keys_that_are_missing_are_named)
{
	char want[1024];
	for (enum secret_id id = 0; id < SECRETS_N; id++) {
		char text[512] = "";
		good(VENUE_alpaca);
		for (enum secret_id other = 0; other < SECRETS_N; other++)
			if (other != id) snprintf(text + strlen(text), sizeof text - strlen(text), "%s = value\n", secret_name(other));
		take(text, 0600);
		snprintf(want, sizeof want, "%s is missing: set it in the environment, or write it into %s/secrets (mode 0600)", secret_name(id), test_folder());
		check_result(PREFLIGHT_secrets, PREFLIGHT_FAILURE, want);
	}
	take(THREE "TICKWORK_DATA_SECRET_KEY = d\n", 0600);
	check_result(PREFLIGHT_secrets, PREFLIGHT_OK, "4 keys taken and out of the environment");
}

TEST(t_P12_keys_that_others_may_read)
{
	good(VENUE_alpaca);
	take(THREE, 0644);
	CHECK(result_has(PREFLIGHT_secrets, PREFLIGHT_FAILURE, "/secrets has mode 0644 and others may open it: chmod 600 "));
	good(VENUE_sim);
	take(THREE, 0644);
	CHECK(result_has(PREFLIGHT_secrets, PREFLIGHT_WARNING, "/secrets has mode 0644 and others may open it: chmod 600 "));
	take(THREE, 0600);
	check_result(PREFLIGHT_secrets, PREFLIGHT_OK, "none are needed for the paper venue inside");
}

/* The key is the name this program was started under, which stands on its own command line. */
TEST(t_P12_a_key_on_the_command_line)
{
	char    line[256] = "", text[512];
	int     fd = open("/proc/self/cmdline", O_RDONLY);
	ssize_t got = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
	close(fd);
	CHECK(got > 0 && line[0]);
	if (strlen(line) < 8) SKIP("this program was started under a name shorter than a key");
	good(VENUE_sim);
	snprintf(text, sizeof text, "APCA_API_SECRET_KEY = %s\n", line);
	take(text, 0600);
	check_result(PREFLIGHT_command_line, PREFLIGHT_FAILURE,
	    "APCA_API_SECRET_KEY stands on the command line, where every user of this machine reads it: take it out, and change the key");
}

TEST(t_P12_keys_that_cannot_be_locked)
{
	if (SANITIZED) SKIP("the sanitizer's mlock does nothing: gcc's and clang's tests lock");
	good(VENUE_alpaca);
	take(THREE "TICKWORK_DATA_SECRET_KEY = d\n", 0600);
	int found = as_nobody(PREFLIGHT_locked_memory, "keys cannot be locked into memory: raise ulimit -l to 64 (LimitMEMLOCK of the service)");
	if (found == NO_OTHER_USER) SKIP("may not become another user");
	CHECK_EQ(found, AS_WANTED);
}

/* --- the venue ----------------------------------------------------------------------------------------------------------- */

/* What each host is found to be. */
static struct preflight_venue hosts[PREFLIGHT_HOSTS_N];

static void answer(void *context, enum preflight_host host, const struct venue_plan *asked, const struct secrets *with, struct preflight_venue *found)
{
	CHECK(context == hosts && asked == &plan && with == &secrets);
	*found = hosts[host];
}

static void hosts_are(enum preflight_verdict verdict, const char *sentence)
{
	for (enum preflight_host host = 0; host < PREFLIGHT_HOSTS_N; host++) {
		hosts[host] = (struct preflight_venue){ .has_clock = host == PREFLIGHT_TRADING };
		preflight_say(&hosts[host].result, verdict, "%s", sentence);
	}
	preflight.venue_check = answer;
	preflight.venue_context = hosts;
}

TEST(t_P12_a_venue_out_of_reach)
{
	good(VENUE_alpaca);
	check_result(PREFLIGHT_venue, PREFLIGHT_WARNING, "venue.example is not asked before the start: watch its first connection (tickwork log)");
	check_result(PREFLIGHT_venue_data, PREFLIGHT_WARNING, "data.example is not asked before the start: watch its first connection (tickwork log)");
	take(THREE "TICKWORK_DATA_SECRET_KEY = d\n", 0600);
	hosts_are(PREFLIGHT_OK, "reached in 5 ms");
	check_result(PREFLIGHT_venue, PREFLIGHT_OK, "reached in 5 ms");
	preflight_say(&hosts[PREFLIGHT_TRADING].result, PREFLIGHT_FAILURE, "venue.example: its certificate expired on 2026-01-02:\nask again");
	check_result(PREFLIGHT_venue, PREFLIGHT_FAILURE, "venue.example: its certificate expired on 2026-01-02: ask again");
	CHECK_EQ(preflight.result[PREFLIGHT_venue_data].verdict, PREFLIGHT_OK);
	good(VENUE_sim);
	preflight.venue_check = answer;        /* is not called */
	check_result(PREFLIGHT_venue, PREFLIGHT_OK, "the paper venue inside");
}

TEST(t_P12_a_data_host_that_refuses_the_key)
{
	good(VENUE_alpaca);
	take(THREE "TICKWORK_DATA_SECRET_KEY = d\n", 0600);
	hosts_are(PREFLIGHT_OK, "reached in 5 ms");
	preflight_say(&hosts[PREFLIGHT_DATA].result, PREFLIGHT_FAILURE, "data.example refuses the key:\ncheck it");
	check_result(PREFLIGHT_venue_data, PREFLIGHT_FAILURE, "data.example refuses the key: check it");
	CHECK_EQ(preflight.result[PREFLIGHT_venue].verdict, PREFLIGHT_OK);
}

TEST(t_P12_a_clock_far_from_the_venues)
{
	good(VENUE_alpaca);
	take(THREE "TICKWORK_DATA_SECRET_KEY = d\n", 0600);
	hosts_are(PREFLIGHT_OK, "reached");
	check_result(PREFLIGHT_clock_venue, PREFLIGHT_OK, "the same as the venue's, within a second");
	hosts[PREFLIGHT_TRADING].ahead_s = 5;
	check_result(PREFLIGHT_clock_venue, PREFLIGHT_OK, "this machine's clock is 5 s behind the venue's");
	hosts[PREFLIGHT_TRADING].ahead_s = 6;
	check_result(PREFLIGHT_clock_venue, PREFLIGHT_FAILURE,
	    "this machine's clock is 6 s behind the venue's, more than the 5 of clock_tolerance_s: let chrony or ntpd keep it");
	hosts[PREFLIGHT_TRADING].ahead_s = -6;
	CHECK(result_has(PREFLIGHT_clock_venue, PREFLIGHT_FAILURE, "is 6 s ahead of the venue's"));
	write_file("tickwork.conf", "clock_tolerance_s = 3\n", 0600);
	hosts[PREFLIGHT_TRADING].ahead_s = 4;
	CHECK(result_has(PREFLIGHT_clock_venue, PREFLIGHT_FAILURE, "is 4 s behind the venue's, more than the 3 of"));
	hosts[PREFLIGHT_TRADING].has_clock = false;
	CHECK(result_has(PREFLIGHT_clock_venue, PREFLIGHT_NOTE, "the venue has not told its time: see"));
	plan.stepped = true;
	check_result(PREFLIGHT_clock_venue, PREFLIGHT_OK, "a simulator in steps has no clock to compare");
}
