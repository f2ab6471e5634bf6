/* map_file.c - make the file, take its room, map it, let the folder point to it. */
#include "hal/linux/map_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TMPFS "/dev/shm"

/* A name that no other folder of this machine has. */
static bool name_of(const char *folder, char *path, size_t size)
{
	struct stat info;
	if (stat(folder, &info) != 0) return false;
	return (size_t)snprintf(path, size, TMPFS "/tickwork-%llx-%llx", (unsigned long long)info.st_dev, (unsigned long long)info.st_ino) < size;
}

/* A fresh file of this size with all its room, or -1 (errno). */
static int make_file(const char *path, size_t bytes)
{
	if (unlink(path) != 0 && errno != ENOENT) return -1;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) return -1;
	int error = posix_fallocate(fd, 0, (off_t)bytes);
	if (error == 0) return fd;
	(void)close(fd);
	(void)unlink(path);
	errno = error;
	return -1;
}

static int make_somewhere(const char *folder, size_t bytes, char link_path[PATH_MAX])
{
	char path[PATH_MAX];
	if (!name_of(folder, path, sizeof path) || (size_t)snprintf(link_path, PATH_MAX, "%s/map", folder) >= PATH_MAX) return -1;
	int fd = make_file(path, bytes);
	if (fd < 0) return make_file(link_path, bytes);
	bool linked = (unlink(link_path) == 0 || errno == ENOENT) && symlink(path, link_path) == 0;
	if (linked) return fd;
	(void)close(fd);
	(void)unlink(path);
	return -1;
}

void *map_file_make(const char *folder, uintptr_t address, size_t bytes, char sentence[MAP_FILE_SENTENCE_BYTES])
{
	char link_path[PATH_MAX] = "";
	int  fd = make_somewhere(folder, bytes, link_path);
	if (fd < 0) {
		snprintf(sentence, MAP_FILE_SENTENCE_BYTES, "%.300s cannot be made (%s): free %zu MB there or on " TMPFS, link_path, strerror(errno), (bytes >> 20) + 1);
		return 0;
	}
	void *wanted = (void *)address;
	void *at = mmap(wanted, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	(void)close(fd);
	if (at == wanted) return at;
	if (at != MAP_FAILED) (void)munmap(at, bytes);
	snprintf(sentence, MAP_FILE_SENTENCE_BYTES, "the kernel gives no room for the shared map of %zu MB at its address", bytes >> 20);
	return 0;
}
