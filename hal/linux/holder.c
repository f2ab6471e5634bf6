/* holder.c - the pid in the file, believed only while flock refuses the folder. */
#include "hal/linux/holder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { HOLDER_PATH_MAX = 512, PID_TEXT_BYTES = 16 };

bool process_exists(int32_t pid) { return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM); }

static int32_t pid_in(int fd)
{
	char    text[PID_TEXT_BYTES] = { 0 };
	ssize_t got = pread(fd, text, sizeof text - 1, 0);
	long    pid = got > 0 ? strtol(text, 0, 10) : 0;
	return pid > 0 && pid <= INT32_MAX ? (int32_t)pid : 0;
}

static bool is_held(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return false;
	bool held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	(void)close(fd);
	return held;
}

/* What FOLDER/lock says, held or not; 0: nothing. */
static int32_t named_pid(const char *folder)
{
	char path[HOLDER_PATH_MAX];
	if ((size_t)snprintf(path, sizeof path, "%s/lock", folder) >= sizeof path) return 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0) return 0;
	int32_t pid = pid_in(fd);
	(void)close(fd);
	return pid;
}

int32_t holder_pid(const char *folder)
{
	int32_t pid = named_pid(folder);
	return process_exists(pid) && is_held(folder) ? pid : 0;
}

bool holder_is(const char *folder, int32_t pid)
{
	int32_t named = named_pid(folder);
	return (named == pid || named == 0) && process_exists(pid) && is_held(folder);
}

static bool signal_holder(const char *folder, int32_t pid, int number) { return holder_is(folder, pid) && kill(pid, number) == 0; }

bool holder_ring(int32_t pid) { return pid > 0 && kill(pid, SIGUSR1) == 0; }
bool holder_wake(const char *folder, int32_t pid) { return signal_holder(folder, pid, SIGUSR1); }
bool holder_release(const char *folder, int32_t pid) { return signal_holder(folder, pid, SIGUSR2); }
