/* lock.c - flock on FOLDER/lock; the file also says who holds it, for people. */
#include "hal/linux/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_PATH_MAX = 512, PID_TEXT_BYTES = 16, LOCK_LOOK_MS = 5 };

static int pid_in(int fd)
{
	char    text[PID_TEXT_BYTES] = { 0 };
	ssize_t got = pread(fd, text, sizeof text - 1, 0);
	return got > 0 ? atoi(text) : 0;
}

static bool is_dead(int pid) { return pid > 0 && kill(pid, 0) != 0 && errno == ESRCH; }

/* False with errno of flock. */
static bool take(int fd)
{
	const struct timespec pause = { 0, LOCK_LOOK_MS * NS_PER_MS };
	for (int waited_ms = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited_ms += LOCK_LOOK_MS) {
		int why = errno;
		if (why != EWOULDBLOCK || waited_ms >= LOCK_WAIT_MS || !is_dead(pid_in(fd))) {
			errno = why;
			return false;
		}
		(void)nanosleep(&pause, 0);
	}
	return true;
}

enum lock_verdict lock_look(const char *folder, int *holder_pid)
{
	char path[LOCK_PATH_MAX];
	*holder_pid = 0;
	if ((size_t)snprintf(path, sizeof path, "%s/lock", folder) >= sizeof path) return LOCK_DENIED;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0) return errno == ENOENT ? LOCK_OK : LOCK_DENIED;
	bool free_now = flock(fd, LOCK_EX | LOCK_NB) == 0;
	if (!free_now) *holder_pid = pid_in(fd);
	bool dying = !free_now && is_dead(*holder_pid);        /* lock_take waits for that */
	close(fd);
	return free_now || dying ? LOCK_OK : LOCK_TAKEN;
}

enum lock_verdict lock_take(const char *folder, int *holder_pid, int *fd)
{
	char path[LOCK_PATH_MAX], text[PID_TEXT_BYTES];
	*holder_pid = 0;
	if ((size_t)snprintf(path, sizeof path, "%s/lock", folder) >= sizeof path) return LOCK_DENIED;
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0) return LOCK_DENIED;
	if (!take(*fd)) {
		bool taken = errno == EWOULDBLOCK;
		*holder_pid = pid_in(*fd);
		close(*fd);
		return taken ? LOCK_TAKEN : LOCK_DENIED;
	}
	int length = snprintf(text, sizeof text, "%d\n", (int)getpid());
	if (ftruncate(*fd, 0) != 0 || pwrite(*fd, text, (size_t)length, 0) != length) return LOCK_OK;        /* the name is a courtesy */
	return LOCK_OK;        /* the descriptor stays open: it is the lock */
}
