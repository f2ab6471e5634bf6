/* secret_test.c - where keys come from, what each mistake is told, and that nobody's memory or environment holds one (O7). */
#include "hal/linux/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/linux/process.h"
#include "tests/kit/sanitized.h"
#include "tests/kit/test.h"
#include "tests/kit/without_call.h"

static struct secrets secrets;
static char           said[SECRET_SENTENCE_BYTES], path[512];

static const char *write_secrets(const char *text, size_t bytes, mode_t mode)
{
	snprintf(path, sizeof path, "%s/secrets", test_folder());
	(void)unlink(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	CHECK(fd >= 0 && write(fd, text, bytes) == (ssize_t)bytes);
	CHECK(fchmod(fd, mode) == 0);
	close(fd);
	return path;
}

static bool take_text(const char *text)
{
	write_secrets(text, strlen(text), 0600);
	return secrets_take(&secrets, test_folder(), said);
}

static void check_value(enum secret_id id, const char *want)
{
	struct secret secret;
	CHECK(secrets_hold(&secrets, id));
	bool there = secrets_read(secrets.fd[secret_pair_of(id)], id, &secret);
	CHECK(there);
	if (!there) return;
	CHECK_EQ(secret.length, strlen(want));
	CHECK(memcmp(secret.text, want, secret.length) == 0 && secret.text[secret.length] == '\0');
	secret_wipe(&secret);
	CHECK(!secret.text && secret.length == 0);
	secret_wipe(&secret);
}

static void check_nothing_held(void)
{
	CHECK_EQ(secrets.held, 0);
	CHECK(secrets.fd[SECRET_PAIR_trading] == -1 && secrets.fd[SECRET_PAIR_data] == -1);
}

TEST(t_O7_keys_of_a_file)
{
	CHECK(take_text("# keys of the paper account\r\n\nAPCA_API_KEY_ID = PK1#=x\r\n\tAPCA_API_SECRET_KEY=abc/DEF+0=\nTICKWORK_DATA_KEY_ID=d"));
	CHECK_STR(said, "");
	check_value(SECRET_trading_key_id, "PK1#=x");
	check_value(SECRET_trading_secret_key, "abc/DEF+0=");
	check_value(SECRET_data_key_id, "d");
	CHECK(!secrets_hold(&secrets, SECRET_data_secret_key));
	struct secret secret;
	CHECK(!secrets_read(secrets.fd[SECRET_PAIR_data], SECRET_data_secret_key, &secret) && !secret.text);
	CHECK(!secrets_read(secrets.fd[SECRET_PAIR_data], SECRET_trading_secret_key, &secret));        /* a pair's file holds its pair alone */
	CHECK(!secrets_read(secrets.fd[SECRET_PAIR_trading], SECRET_data_key_id, &secret));
	CHECK(!secrets_read(-1, SECRET_data_key_id, &secret));
	secrets_close(&secrets);
	check_nothing_held();
	secrets_close(&secrets);
}

TEST(t_O7_no_keys_are_no_error)
{
	CHECK(secrets_take(&secrets, test_folder(), said));
	check_nothing_held();
	CHECK(secrets_take(&secrets, "/nonexistent", said));
	check_nothing_held();
	CHECK(take_text(""));
	check_nothing_held();
}

TEST(t_O7_a_pair_of_the_environment_comes_before_the_file)
{
	setenv("APCA_API_KEY_ID", "from-the-environment", 1);
	setenv("APCA_API_KEY_ID_2", "another name", 1);
	CHECK(take_text("APCA_API_KEY_ID=from-the-file\nAPCA_API_SECRET_KEY=from-the-file\nTICKWORK_DATA_KEY_ID=data\nTICKWORK_DATA_SECRET_KEY=from-the-file-too\n"));
	check_value(SECRET_trading_key_id, "from-the-environment");
	CHECK(!secrets_hold(&secrets, SECRET_trading_secret_key));        /* never half of each */
	check_value(SECRET_data_secret_key, "from-the-file-too");
	CHECK(getenv("APCA_API_KEY_ID") == 0);
	CHECK_STR(getenv("APCA_API_KEY_ID_2"), "another name");
}

static void check_refused(const char *text, const char *sentence)
{
	char want[1024];
	CHECK(!take_text(text));
	check_nothing_held();
	snprintf(want, sizeof want, "%s%s", path, sentence);
	CHECK_STR(said, want);
}

TEST(t_O7_each_mistake_in_the_file_names_its_line_and_no_value)
{
	char text[512] = "APCA_API_KEY_ID = ";
	check_refused("\nAPCA_API_KEY_ID\n", " line 2 has no \"=\": write NAME = value");
	check_refused("hunter2 = x\n",
	    " line 1 is none of the names it may hold: APCA_API_KEY_ID, APCA_API_SECRET_KEY, TICKWORK_DATA_KEY_ID, TICKWORK_DATA_SECRET_KEY");
	check_refused("APCA_API_KEY_ID = a\nAPCA_API_KEY_ID = hunter2", " line 2: APCA_API_KEY_ID is there twice: keep one of them");
	check_refused("APCA_API_KEY_ID =\n", " line 1: APCA_API_KEY_ID is empty: give it a value, or take it out");
	check_refused("APCA_API_KEY_ID = hunter2 hunter3\n",
	    " line 1: APCA_API_KEY_ID holds a space or a character that is not plain ASCII: copy the key again");
	check_refused("APCA_API_KEY_ID = h\xc3\xbcnter\n", " line 1: APCA_API_KEY_ID holds a space or a character that is not plain ASCII: copy the key again");
	memset(text + 18, 'x', SECRET_BYTES_MAX);
	check_refused(text, " line 1: APCA_API_KEY_ID is longer than 255 characters: that is no key of a venue");
	text[18 + SECRET_BYTES_MAX - 1] = '\0';
	CHECK(take_text(text));
	check_value(SECRET_trading_key_id, text + 18);
}

TEST(t_O7_a_mistake_in_the_environment_is_named_and_wiped_too)
{
	setenv("APCA_API_KEY_ID", "hunter2 hunter3", 1);
	setenv("APCA_API_SECRET_KEY", "good", 1);
	CHECK(!secrets_take(&secrets, test_folder(), said));
	check_nothing_held();
	CHECK_STR(said, "APCA_API_KEY_ID in the environment holds a space or a character that is not plain ASCII: copy the key again");
	CHECK(!getenv("APCA_API_KEY_ID") && !getenv("APCA_API_SECRET_KEY"));
}

TEST(t_O7_strange_files_are_refused)
{
	static char big[SECRETS_FILE_BYTES_MAX];
	char        want[1024];
	memset(big, '\n', sizeof big);
	write_secrets(big, sizeof big, 0600);
	CHECK(!secrets_take(&secrets, test_folder(), said));
	CHECK(strstr(said, "/secrets has 4096 bytes or more; four lines take less") != 0);
	write_secrets(big, sizeof big - 1, 0400);
	CHECK(secrets_take(&secrets, test_folder(), said));
	write_secrets("A\0B", 3, 0600);
	CHECK(!secrets_take(&secrets, test_folder(), said));
	CHECK(strstr(said, "/secrets holds a zero byte: this is a text file") != 0);
	CHECK(unlink(path) == 0 && symlink("/dev/null", path) == 0);
	CHECK(!secrets_take(&secrets, test_folder(), said));
	CHECK(strstr(said, "/secrets is a link: put the file itself there") != 0);
	CHECK(unlink(path) == 0 && mkfifo(path, 0600) == 0);
	CHECK(!secrets_take(&secrets, test_folder(), said));
	snprintf(want, sizeof want, "%s is not a regular file", path);
	CHECK_STR(said, want);
}

TEST(t_O7_a_file_that_others_may_open_is_refused)
{
	static const mode_t modes[] = { 0640, 0604, 0610, 0644, 0666, 0601 };
	char                want[2048];
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		write_secrets("APCA_API_KEY_ID = a\n", 20, modes[i]);
		CHECK(!secrets_take(&secrets, test_folder(), said));
		check_nothing_held();
		snprintf(want, sizeof want, "%s has mode %04o and others may open it: chmod 600 %s, and change the keys if they could be read", path,
		    (unsigned)modes[i], path);
		CHECK_STR(said, want);
	}
	if (geteuid() != 0) return;        /* only root gives files away */
	write_secrets("APCA_API_KEY_ID = a\n", 20, 0600);
	CHECK(chown(path, 65534, 65534) == 0);
	CHECK(!secrets_take(&secrets, test_folder(), said));
	CHECK(strstr(said, "/secrets belongs to another user (65534): give it to the user that runs this") != 0);
}

TEST(t_O7_a_memory_file_is_sealed)
{
	CHECK(take_text("APCA_API_KEY_ID = a\n"));
	int fd = secrets.fd[SECRET_PAIR_trading];
	int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	CHECK_EQ(fcntl(fd, F_GET_SEALS) & seals, seals);
	CHECK(pwrite(fd, "x", 1, 0) < 0 && errno == EPERM);
	CHECK(ftruncate(fd, 0) != 0);
	CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	check_value(SECRET_trading_key_id, "a");
}

TEST(t_O7_a_kernel_without_memory_files_uses_shared_memory)
{
	without_call(SYS_memfd_create, ENOSYS);
	CHECK(take_text("APCA_API_KEY_ID = a\nAPCA_API_SECRET_KEY = b\n"));
	CHECK_STR(said, "");
	check_value(SECRET_trading_key_id, "a");
	check_value(SECRET_trading_secret_key, "b");
	struct stat info;
	CHECK(fstat(secrets.fd[SECRET_PAIR_trading], &info) == 0 && info.st_nlink == 0);
}

enum { REFUSED, LOCKED, NO_LIMIT };

/* In a child, which gives up its user for it: root has no limit. */
static int read_without_locks(void)
{
	struct secret secret;
	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return NO_LIMIT;
	if (setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ 0, 0 }) != 0) return NO_LIMIT;
	if (secrets_may_be_locked()) return LOCKED;
	return secrets_read(secrets.fd[SECRET_PAIR_trading], SECRET_trading_key_id, &secret) || secret.text ? LOCKED : REFUSED;
}

TEST(t_O7_a_page_that_may_not_be_locked_is_not_used)
{
	int status = -1;
	if (SANITIZED) SKIP("the sanitizer's mlock does nothing: gcc's and clang's tests lock");
	CHECK(take_text("APCA_API_KEY_ID = a\n"));
	CHECK(secrets_may_be_locked());
	pid_t child = fork();
	if (child == 0) _exit(read_without_locks());
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_LIMIT) SKIP("no limit of locked memory can be set here");
	CHECK_EQ(WEXITSTATUS(status), REFUSED);
}

static void read_one_too_many(void)
{
	struct secret secret;
	(void)secrets_read(0, SECRETS_N, &secret);
}

TEST(t_O7_at_the_end_of_a_process_the_page_is_overwritten_and_kept)
{
	static const char value[] = "overwritten-in-the-end";
	struct secrets    secrets;
	struct secret     secret;
	char              sentence[SECRET_SENTENCE_BYTES];
	setenv("APCA_API_KEY_ID", value, 1);
	CHECK(secrets_take(&secrets, test_folder(), sentence));
	CHECK(secrets_read(secrets.fd[SECRET_PAIR_trading], SECRET_trading_key_id, &secret));
	const char *at = secret.text;
	CHECK_STR(at, value);
	secret_overwrite(&secret);
	CHECK(!secret.text && secret.length == 0);
	for (size_t i = 0; i < sizeof value; i++) CHECK_EQ(at[i], 0);
	secret_overwrite(&secret);        /* nothing is there: nothing is done */
}

TEST(t_O7_a_secret_that_is_none_traps) { CHECK_BUG(read_one_too_many, 3550); }

/* --- what a process can see -------------------------------------------------------------------------------------------------
 * The test runs itself again with keys in its environment, as a shell would start the program. So that no copy is made by looking, the new
 * process is told the key with every character one higher, and memory is compared in place. */

#define RAISED "TICKWORK_TEST_RAISED"

static size_t matches_in(const char *at, size_t bytes, const char *raised, size_t length)
{
	size_t count = 0;
	for (size_t i = 0; i + length <= bytes; i++) {
		size_t same = 0;
		while (same < length && at[i + same] == raised[same] - 1) same++;
		count += same == length;
	}
	return count;
}

/* One line of /proc/self/maps: memory that can be read and is a process's own. */
static size_t matches_in_map(const char *line, const char *raised)
{
	unsigned long from, to;
	char          rights[8];
	if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) != 3 || rights[0] != 'r' || strstr(line, "[v")) return 0;
	return matches_in((const char *)from, to - from, raised, strlen(raised));
}

/* How often the key stands in this process's memory. The lines are read first: what is mapped may not change under it. */
static size_t matches_in_memory(const char *raised)
{
	static char maps[65536];
	size_t      used = 0, found = 0;
	ssize_t     got;
	int         fd = open("/proc/self/maps", O_RDONLY);
	while ((got = read(fd, maps + used, sizeof maps - 1 - used)) > 0) used += (size_t)got;
	close(fd);
	maps[used] = '\0';
	for (char *line = maps, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next) *next++ = '\0';
		found += matches_in_map(line, raised);
	}
	return found;
}

/* Its bytes stay in a static room, wiped by the next reader. */
static size_t matches_in_file(const char *name, const char *raised)
{
	static char text[65536];
	int         fd = open(name, O_RDONLY);
	ssize_t     got = fd < 0 ? -1 : read(fd, text, sizeof text);
	if (fd >= 0) close(fd);
	CHECK(got > 0);
	size_t found = got > 0 ? matches_in(text, (size_t)got, raised, strlen(raised)) : 0;
	explicit_bzero(text, sizeof text);
	return found;
}

/* Flags of the page in /proc/self/smaps. */
static bool page_is_locked_and_not_dumped(const void *at)
{
	char  line[512], flags[512] = "";
	FILE *file = fopen("/proc/self/smaps", "r");
	bool  within = false;
	while (file && fgets(line, sizeof line, file)) {
		unsigned long from, to;
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2) within = (unsigned long)at >= from && (unsigned long)at < to;
		if (within && strncmp(line, "VmFlags:", 8) == 0) snprintf(flags, sizeof flags, "%s", line);
	}
	if (file) fclose(file);
	return strstr(flags, " lo") && strstr(flags, " dd") && strstr(flags, " dc");
}

enum { SEES_NOTHING = 40, SEES_SOMETHING = 41 };

static int child_without(void *context, uint32_t row)
{
	(void)row;
	return matches_in_memory(context) == 0 ? SEES_NOTHING : SEES_SOMETHING;
}

static int child_with(void *context, uint32_t row)
{
	struct secret secret;
	(void)row;
	if (!secrets_read(secrets.fd[SECRET_PAIR_trading], SECRET_trading_secret_key, &secret)) return 1;
	secrets_close(&secrets);
	if (matches_in_memory(context) != 1) return 2;
	secret_wipe(&secret);
	return matches_in_memory(context) == 0 ? SEES_NOTHING : SEES_SOMETHING;
}

static int status_of(process_main *run, char *raised, const int *keep, uint32_t keeps)
{
	struct process_recipe recipe = { run, raised, 0, keeps, keep };
	struct process_child  child;
	int                   status = -1;
	CHECK(process_fork(&child, &recipe));
	CHECK_EQ(waitpid(child.pid, &status, 0), child.pid);
	process_drop(&child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void look_inside(char *raised)
{
	struct secret secret;
	CHECK_EQ(matches_in_file("/proc/self/environ", raised), 1);
	CHECK(matches_in_memory(raised) >= 1);        /* the search finds it while it is there */
	CHECK(secrets_take(&secrets, test_folder(), said));
	CHECK_EQ(matches_in_file("/proc/self/environ", raised), 0);
	CHECK_EQ(matches_in_memory(raised), 0);
	CHECK_EQ(status_of(child_without, raised, 0, 0), SEES_NOTHING);
	CHECK_EQ(status_of(child_with, raised, secrets.fd, SECRET_PAIRS_N), SEES_NOTHING);
	CHECK_EQ(status_of(child_with, raised, &secrets.fd[SECRET_PAIR_data], 1), 1);        /* the other pair's process cannot */
	CHECK_EQ(secrets_on_command_line(&secrets), SECRETS_N);
	CHECK(secrets_read(secrets.fd[SECRET_PAIR_trading], SECRET_trading_secret_key, &secret));
	CHECK(page_is_locked_and_not_dumped(secret.text));
	pid_t child = fork();
	if (child == 0) _exit(matches_in_memory(raised) == 0 ? SEES_NOTHING : SEES_SOMETHING);        /* not even a fork has the page */
	int status = -1;
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(WEXITSTATUS(status), SEES_NOTHING);
}

/* A key that is in no constant of this program, and the same raised. */
static void make_key(char key[40], char raised[40])
{
	uint64_t word = (uint64_t)getpid() * UINT64_C(0x9e3779b97f4a7c15);
	for (int i = 0; i < 39; i++, word = word * 6364136223846793005u + 1442695040888963407u) {
		key[i] = (char)('a' + (word >> 33) % 25);
		raised[i] = (char)(key[i] + 1);
	}
	key[39] = raised[39] = '\0';
}

/* Runs the test of this name in a new program, with this environment; its exit code. */
static int run_again(const char *name, const char *more, char *const *environment)
{
	int   status = -1;
	pid_t child = fork();
	if (child == 0) {
		char *words[] = { (char[]){ "test" }, (char *)(uintptr_t)name, (char *)(uintptr_t)more, 0 };
		(void)dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
		(void)execve("/proc/self/exe", words, environment);
		_exit(99);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(t_O7_no_environment_and_no_memory_holds_a_key)
{
	char key[40], raised[40], entry[128], raised_entry[128], id[] = "APCA_API_KEY_ID=PK1";
	if (SANITIZED) SKIP("the sanitizer's own memory is terabytes: gcc's and clang's tests look through theirs");
	if (getenv(RAISED)) {
		look_inside(getenv(RAISED));
		return;
	}
	make_key(key, raised);
	snprintf(entry, sizeof entry, "APCA_API_SECRET_KEY=%s", key);
	snprintf(raised_entry, sizeof raised_entry, RAISED "=%s", raised);
	char *environment[] = { id, entry, raised_entry, 0 };
	CHECK_EQ(run_again("t_O7_no_environment_and_no_memory_holds_a_key", 0, environment), 0);
}

TEST(t_O7_a_key_on_the_command_line_is_found)
{
	char key[40], raised[40], entry[128], id[] = "APCA_API_KEY_ID=PK1", words[4096], found[] = RAISED "=found", absent[] = RAISED "=absent";
	if (getenv(RAISED)) {
		CHECK(secrets_take(&secrets, test_folder(), said));
		CHECK_EQ(secrets_on_command_line(&secrets), strcmp(getenv(RAISED), "found") == 0 ? SECRET_trading_secret_key : SECRETS_N);
		return;
	}
	make_key(key, raised);
	snprintf(entry, sizeof entry, "APCA_API_SECRET_KEY=%s", key);
	char *environment[] = { id, entry, found, 0 };
	for (size_t before = 990; before < 1000; before++) {        /* across the border of two reads, too */
		memset(words, 'x', before);
		snprintf(words + before, sizeof words - before, "--key=%s--", key);
		CHECK_EQ(run_again("t_O7_a_key_on_the_command_line_is_found", words, environment), 0);
	}
	environment[2] = absent;
	CHECK_EQ(run_again("t_O7_a_key_on_the_command_line_is_found", "--key=PK1", environment), 0);        /* an id is no secret */
}
