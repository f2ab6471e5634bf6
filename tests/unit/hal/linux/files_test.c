/* files_test.c - small files survive full disks, read-only folders and cuts; what is refused is said. */
#include "hal/linux/files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kit/test.h"

static char path[FILES_PATH_MAX], said[FILES_SENTENCE_MAX], content[4096], buffer[64];

static const char *in_folder(const char *name)
{
	CHECK_EQ(files_path(path, test_folder(), name), FILES_OK);
	return path;
}

static const char *read_back(const char *name)
{
	int     fd = open(name, O_RDONLY);
	ssize_t count = fd < 0 ? -1 : read(fd, content, sizeof content - 1);
	if (fd >= 0) close(fd);
	content[count < 0 ? 0 : count] = 0;
	return count < 0 ? "(no file)" : content;
}

static void limit_file_size(rlim_t bytes)
{
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ bytes, bytes });
}

TEST(t_P16_replace_leaves_the_new_file_and_nothing_else)
{
	char left[FILES_PATH_MAX];
	in_folder("a.json");
	CHECK_EQ(files_replace(path, "one", 3, true), FILES_OK);
	CHECK_STR(read_back(path), "one");
	CHECK_EQ(files_replace(path, "second", 6, false), FILES_OK);
	CHECK_STR(read_back(path), "second");
	snprintf(left, sizeof left, "%.500s.new", path);
	CHECK(access(left, F_OK) != 0);
	struct stat info;
	CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
}

TEST(t_P16_replace_on_a_full_disk_keeps_the_old_file)
{
	char left[FILES_PATH_MAX];
	in_folder("a.json");
	CHECK_EQ(files_replace(path, "old", 3, true), FILES_OK);
	limit_file_size(2);
	CHECK_EQ(files_replace(path, "newer", 5, true), FILES_FULL);
	CHECK_STR(read_back(path), "old");
	snprintf(left, sizeof left, "%.500s.new", path);
	CHECK(access(left, F_OK) != 0);
	CHECK(strstr(files_sentence(FILES_FULL, path, said, sizeof said), "a.json cannot grow") != 0);
}

TEST(t_P16_verdicts_name_their_cause)
{
	CHECK_EQ(files_replace(in_folder("none/a.json"), "x", 1, true), FILES_MISSING);
	CHECK_EQ(files_verdict_of(EROFS), FILES_READ_ONLY);
	CHECK_EQ(files_verdict_of(EACCES), FILES_DENIED);
	CHECK_EQ(files_verdict_of(ENOSPC), FILES_FULL);
	CHECK_EQ(files_verdict_of(EDQUOT), FILES_FULL);
	CHECK_EQ(files_verdict_of(EIO), FILES_BROKEN);
	memset(content, 'x', sizeof content - 1);
	CHECK_EQ(files_replace(content, "x", 1, true), FILES_TOO_LONG);
	CHECK_EQ(files_folder(in_folder("reports")), FILES_OK);
	CHECK_EQ(files_folder(path), FILES_OK);
	CHECK_EQ(files_replace(in_folder("file"), "x", 1, false), FILES_OK);
	CHECK_EQ(files_folder(path), FILES_MISSING);
}

/* Root may write anywhere, so the child becomes nobody first. */
TEST(t_P16_a_folder_of_somebody_else_is_denied)
{
	in_folder("a.json");
	CHECK(chmod(test_folder(), 0555) == 0);
	pid_t child = fork();
	if (child == 0) {
		if (geteuid() == 0 && setuid(65534) != 0) _exit(9);
		_exit(files_replace(path, "x", 1, true) == FILES_DENIED ? 0 : 1);
	}
	int status = 0;
	waitpid(child, &status, 0);
	CHECK(chmod(test_folder(), 0700) == 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 9) SKIP("may not become another user");
	CHECK_EQ(status, 0);
}

TEST(t_P16_append_buffers_and_knows_its_length)
{
	struct append_file file;
	CHECK_EQ(append_open(&file, in_folder("a.csv"), buffer, sizeof buffer), FILES_OK);
	for (int i = 0; i < 10; i++) CHECK_EQ(append_write(&file, "0123456789abcdef\n", 17), FILES_OK);
	CHECK_EQ(append_end(&file), 170);
	CHECK(file.bytes < 170);
	CHECK_EQ(append_sync(&file), FILES_OK);
	CHECK_EQ(file.bytes, 170);
	CHECK_EQ(strlen(read_back(path)), 170);
	append_close(&file);
	append_close(&file);
	CHECK_EQ(append_open(&file, path, buffer, sizeof buffer), FILES_OK);
	CHECK_EQ(append_end(&file), 170);
	append_close(&file);
}

TEST(t_P16_append_cuts_back_to_a_remembered_length)
{
	struct append_file file;
	CHECK_EQ(append_open(&file, in_folder("a.csv"), buffer, sizeof buffer), FILES_OK);
	CHECK_EQ(append_write(&file, "head\nrow 1\nrow", 14), FILES_OK);
	CHECK_EQ(append_flush(&file), FILES_OK);
	CHECK_EQ(append_write(&file, " 2", 2), FILES_OK);
	CHECK_EQ(append_cut(&file, 11), FILES_OK);
	CHECK_EQ(append_end(&file), 11);
	CHECK_EQ(append_write(&file, "row 3\n", 6), FILES_OK);
	CHECK_EQ(append_flush(&file), FILES_OK);
	CHECK_STR(read_back(path), "head\nrow 1\nrow 3\n");
	CHECK_EQ(append_cut(&file, 1000), FILES_OK);
	CHECK_EQ(append_end(&file), 17);
	append_close(&file);
}

TEST(t_P16_append_on_a_full_disk_can_be_cut_and_go_on)
{
	struct append_file file;
	CHECK_EQ(append_open(&file, in_folder("a.csv"), buffer, sizeof buffer), FILES_OK);
	CHECK_EQ(append_write(&file, "head\n", 5), FILES_OK);
	CHECK_EQ(append_flush(&file), FILES_OK);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 8, RLIM_INFINITY });
	CHECK_EQ(append_write(&file, "row 1\n", 6), FILES_OK);
	CHECK_EQ(append_flush(&file), FILES_FULL);
	CHECK_EQ(file.bytes, 8);        /* three bytes of the row came through */
	CHECK_EQ(append_cut(&file, 5), FILES_OK);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
	CHECK_EQ(append_write(&file, "row 1\n", 6), FILES_OK);
	CHECK_EQ(append_flush(&file), FILES_OK);
	CHECK_STR(read_back(path), "head\nrow 1\n");
	append_close(&file);
}

TEST(t_P16_aside_keeps_every_older_file)
{
	char old[FILES_PATH_MAX];
	in_folder("a.csv");
	CHECK_EQ(files_aside(path), FILES_OK);
	CHECK_EQ(files_replace(path, "first", 5, false), FILES_OK);
	CHECK_EQ(files_aside(path), FILES_OK);
	CHECK_EQ(files_replace(path, "second", 6, false), FILES_OK);
	CHECK_EQ(files_aside(path), FILES_OK);
	snprintf(old, sizeof old, "%.500s.old-1", path);
	CHECK_STR(read_back(old), "first");
	snprintf(old, sizeof old, "%.500s.old-2", path);
	CHECK_STR(read_back(old), "second");
	CHECK(access(path, F_OK) != 0);
}

static void line_longer_than_the_buffer(void)
{
	struct append_file file;
	(void)append_open(&file, in_folder("a.csv"), buffer, sizeof buffer);
	(void)append_write(&file, content, sizeof buffer + 1);
}

TEST(t_P16_append_misuse_is_a_bug) { CHECK_BUG(line_longer_than_the_buffer, 3353); }
