/* lock.c - flock on the folder itself, which outlives every file that somebody removes from it; FOLDER/lock says who holds it. */
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

static int folder_open(const char *folder) { return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

/* False with errno of flock. */
static bool take(int fd, int note)
{
	const struct timespec pause = { 0, LOCK_LOOK_MS * NS_PER_MS };
	for (int waited_ms = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited_ms += LOCK_LOOK_MS) {
		int why = errno;
		if (why != EWOULDBLOCK || waited_ms >= LOCK_WAIT_MS || !is_dead(pid_in(note))) {
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
	int note = open(path, O_RDWR | O_CLOEXEC);
	if (note < 0 && errno != ENOENT) return LOCK_DENIED;
	int  fd = folder_open(folder);
	bool free_now = fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0;
	if (!free_now && note >= 0) *holder_pid = pid_in(note);
	bool dying = !free_now && is_dead(*holder_pid);        /* lock_take waits for that */
	if (fd >= 0) close(fd);
	if (note >= 0) close(note);
	return free_now || dying ? LOCK_OK : LOCK_TAKEN;
}

const char *lock_who(int holder_pid, char text[static LOCK_WHO_BYTES])
{
	if (holder_pid > 0) (void)snprintf(text, LOCK_WHO_BYTES, "process %d", holder_pid);
	else (void)snprintf(text, LOCK_WHO_BYTES, "its lock names no process");
	return text;
}

static void write_note(int note)
{
	char text[PID_TEXT_BYTES];
	int  length = snprintf(text, sizeof text, "%d\n", (int)getpid());
	if (ftruncate(note, 0) == 0) (void)!pwrite(note, text, (size_t)length, 0);        /* the name is a courtesy */
}

enum lock_verdict lock_take(const char *folder, int *holder_pid, int *fd)
{
	char path[LOCK_PATH_MAX];
	*holder_pid = 0;
	if ((size_t)snprintf(path, sizeof path, "%s/lock", folder) >= sizeof path) return LOCK_DENIED;
	int note = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	*fd = note < 0 ? -1 : folder_open(folder);
	enum lock_verdict verdict = *fd < 0 ? LOCK_DENIED : LOCK_OK;
	if (*fd >= 0 && !take(*fd, note)) {
		verdict = errno == EWOULDBLOCK ? LOCK_TAKEN : LOCK_DENIED;
		*holder_pid = pid_in(note);
		close(*fd);
	}
	if (verdict == LOCK_OK) write_note(note);
	if (note >= 0) close(note);
	return verdict;        /* OK: the descriptor of the folder stays open, it is the lock */
}
