/* lock.c - flock on FOLDER/lock; the file also says who holds it, for people. */
#include "hal/linux/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { LOCK_PATH_MAX = 512, PID_TEXT_BYTES = 16 };

static int pid_in(int fd)
{
	char    text[PID_TEXT_BYTES] = { 0 };
	ssize_t got = pread(fd, text, sizeof text - 1, 0);
	return got > 0 ? atoi(text) : 0;
}

/* *fd is the lock, or -1 (errno). */
static enum lock_verdict take(const char *folder, int more_flags, int *fd, int *holder_pid)
{
	char path[LOCK_PATH_MAX];
	*holder_pid = 0;
	*fd = -1;
	if ((size_t)snprintf(path, sizeof path, "%s/lock", folder) >= sizeof path) return LOCK_DENIED;
	*fd = open(path, O_RDWR | O_CLOEXEC | more_flags, 0600);
	if (*fd < 0) return LOCK_DENIED;
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0) return LOCK_OK;
	bool taken = errno == EWOULDBLOCK;
	*holder_pid = pid_in(*fd);
	close(*fd);
	*fd = -1;
	return taken ? LOCK_TAKEN : LOCK_DENIED;
}

enum lock_verdict lock_look(const char *folder, int *holder_pid)
{
	int fd;
	errno = 0;
	enum lock_verdict verdict = take(folder, 0, &fd, holder_pid);
	if (verdict == LOCK_DENIED && errno == ENOENT) return LOCK_OK;
	if (fd >= 0) close(fd);
	return verdict;
}

enum lock_verdict lock_take(const char *folder, int *holder_pid)
{
	char              text[PID_TEXT_BYTES];
	int               fd;
	enum lock_verdict verdict = take(folder, O_CREAT, &fd, holder_pid);
	if (verdict != LOCK_OK) return verdict;
	int length = snprintf(text, sizeof text, "%d\n", (int)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)length, 0) != length) return LOCK_OK;        /* the name is a courtesy */
	return LOCK_OK;        /* the descriptor stays open: it is the lock */
}
