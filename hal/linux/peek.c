/* peek.c - open, fstat, pread, mmap. */
#include "hal/linux/peek.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum peek_verdict peek_open(struct peek *peek, const char *path)
{
	struct stat info;
	*peek = (struct peek){ .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	if (peek->fd < 0) return errno == EACCES || errno == EPERM ? PEEK_DENIED : PEEK_MISSING;
	if (fstat(peek->fd, &info) != 0 || !S_ISREG(info.st_mode)) {
		peek_close(peek);
		return PEEK_STRANGE;
	}
	peek->owner = info.st_uid;
	peek->bytes = (uint64_t)info.st_size;
	return PEEK_OK;
}

bool peek_head(const struct peek *peek, void *into, size_t bytes) { return pread(peek->fd, into, bytes, 0) == (ssize_t)bytes; }

const void *peek_map(const struct peek *peek, size_t bytes)
{
	if (peek->bytes != bytes) return 0;
	void *at = mmap(0, bytes, PROT_READ, MAP_SHARED, peek->fd, 0);
	return at == MAP_FAILED ? 0 : at;
}

void peek_unmap(const void *at, size_t bytes) { (void)munmap((void *)(uintptr_t)at, bytes); }

void peek_close(struct peek *peek)
{
	if (peek->fd >= 0) (void)close(peek->fd);
	peek->fd = -1;
}

uint32_t peek_user(void) { return geteuid(); }
