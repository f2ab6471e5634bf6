/* secret_above.c - the environments of the processes above this one, looked through for the names of secrets. No value is kept. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hal/linux/secret.h"

enum { ABOVE_MAX = 16, PATH_BYTES = 64, STAT_BYTES = 512, PIECE_BYTES = 4096, NAME_BYTES_MAX = 32 };

/* What of an entry has been seen: its first bytes, which are enough to know NAME=v. */
struct entry {
	char   head[NAME_BYTES_MAX];
	size_t length;
};

static enum secret_id id_of(const struct entry *entry)
{
	enum secret_id id = 0;
	for (; id < SECRETS_N; id++) {
		size_t length = strlen(secret_name(id));
		if (entry->length > length + 1 && memcmp(entry->head, secret_name(id), length) == 0 && entry->head[length] == '=') break;
	}
	return id;
}

/* The first secret in /proc/PID/environ, which is as the process was started; SECRETS_N when there is none, or it may not be read. */
static enum secret_id in_environment(int fd)
{
	char           piece[PIECE_BYTES];
	struct entry   entry = { .length = 0 };
	enum secret_id id = SECRETS_N;
	ssize_t        got;
	while (id == SECRETS_N && (got = read(fd, piece, sizeof piece)) > 0)
		for (ssize_t i = 0; i < got && id == SECRETS_N; i++) {
			if (piece[i] == '\0') entry.length = 0;
			else if (entry.length < sizeof entry.head) entry.head[entry.length++] = piece[i], id = id_of(&entry);
		}
	explicit_bzero(piece, sizeof piece);
	explicit_bzero(&entry, sizeof entry);
	return id;
}

static int open_of(int pid, const char *name)
{
	char path[PATH_BYTES];
	(void)snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* proc(5): "pid (name) state ppid ..."; a name may hold spaces and brackets. 0 when nobody can say. */
static int parent_of(int pid)
{
	char    text[STAT_BYTES];
	int     fd = open_of(pid, "stat");
	ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0) (void)close(fd);
	text[got > 0 ? got : 0] = '\0';
	const char *end = strrchr(text, ')');
	return end && strlen(end) > 4 ? atoi(end + 4) : 0;
}

int secrets_above(enum secret_id *id)
{
	int pid = (int)getppid();
	*id = SECRETS_N;
	for (uint32_t i = 0; i < ABOVE_MAX && pid > 0; i++, pid = parent_of(pid)) {
		int fd = open_of(pid, "environ");
		*id = fd < 0 ? SECRETS_N : in_environment(fd);
		if (fd >= 0) (void)close(fd);
		if (*id < SECRETS_N) return pid;
	}
	return 0;
}
