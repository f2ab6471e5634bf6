/* files.c - open, write, sync, rename: the few calls behind files.h, each with its errno turned into a verdict. */
#include "hal/linux/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsm/bug.h"

enum { FILE_MODE = 0600, FOLDER_MODE = 0700 };

#define VERDICT_TEXT(name, text) [FILES_##name] = text,
static const char *const verdict_text[FILES_VERDICTS_N] = { FILES_VERDICTS(VERDICT_TEXT) };

enum files_verdict files_verdict_of(int error)
{
	switch (error) {
	case 0: return FILES_OK;
	case ENOSPC:
	case EDQUOT:
	case EFBIG: return FILES_FULL;
	case EROFS: return FILES_READ_ONLY;
	case EACCES:
	case EPERM: return FILES_DENIED;
	case ENOENT:
	case ENOTDIR: return FILES_MISSING;
	case EISDIR: return FILES_FOLDER;
	case ENAMETOOLONG: return FILES_TOO_LONG;
	default: return FILES_BROKEN;
	}
}

const char *files_sentence(enum files_verdict verdict, const char *path, char *text, size_t size)
{
	BUG_UNLESS(3350, (unsigned)verdict < FILES_VERDICTS_N);
	(void)snprintf(text, size, "%s %s", path, verdict_text[verdict]);
	return text;
}

static enum files_verdict joined(char path[FILES_PATH_MAX], const char *a, const char *between, const char *b)
{
	int length = snprintf(path, FILES_PATH_MAX, "%s%s%s", a, between, b);
	return length > 0 && length < FILES_PATH_MAX ? FILES_OK : FILES_TOO_LONG;
}

enum files_verdict files_path(char path[FILES_PATH_MAX], const char *folder, const char *name)
{
	return joined(path, folder, "/", name);
}

enum files_verdict files_folder(const char *path)
{
	struct stat info;
	if (mkdir(path, FOLDER_MODE) == 0) return FILES_OK;
	if (errno != EEXIST) return files_verdict_of(errno);
	if (stat(path, &info) != 0) return files_verdict_of(errno);
	return S_ISDIR(info.st_mode) ? FILES_OK : FILES_MISSING;
}

enum files_verdict files_identify(const char *path, struct files_identity *found)
{
	struct stat info;
	*found = (struct files_identity){ 0 };
	if (stat(path, &info) != 0) return files_verdict_of(errno);
	*found = (struct files_identity){ (uint64_t)info.st_dev, (uint64_t)info.st_ino, (uint64_t)info.st_size };
	return FILES_OK;
}

enum files_verdict files_size(const char *path, uint64_t *bytes)
{
	struct files_identity found;
	enum files_verdict    verdict = files_identify(path, &found);
	*bytes = found.bytes;
	return verdict;
}

/* All of it, or the errno. A write of nothing, which a file never answers, counts as a full disk and not as a wait. */
static enum files_verdict write_all(int fd, const char *bytes, size_t length, uint64_t *written)
{
	while (length > 0) {
		ssize_t count = write(fd, bytes, length);
		if (count < 0 && errno == EINTR) continue;
		if (count < 0) return files_verdict_of(errno);
		if (count == 0) return FILES_FULL;
		bytes += count;
		length -= (size_t)count;
		*written += (uint64_t)count;
	}
	return FILES_OK;
}

static enum files_verdict write_new(const char *path, const void *bytes, size_t length, bool durable)
{
	int fd = openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
	if (fd < 0) return files_verdict_of(errno);
	uint64_t           written = 0;
	enum files_verdict verdict = write_all(fd, bytes, length, &written);
	if (verdict == FILES_OK && durable && fsync(fd) != 0) verdict = files_verdict_of(errno);
	if (close(fd) != 0 && verdict == FILES_OK) verdict = files_verdict_of(errno);
	return verdict;
}

/* A rename is durable only when its folder is. */
static enum files_verdict sync_folder_of(const char *path)
{
	char        folder[FILES_PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t      length = slash ? (size_t)(slash - path) : 0;
	(void)snprintf(folder, sizeof folder, "%.*s", (int)length, path);
	int fd = openat(AT_FDCWD, !slash ? "." : length == 0 ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return files_verdict_of(errno);
	enum files_verdict verdict = fsync(fd) == 0 ? FILES_OK : files_verdict_of(errno);
	(void)close(fd);
	return verdict;
}

enum files_verdict files_replace(const char *path, const void *bytes, size_t length, bool durable)
{
	char               fresh[FILES_PATH_MAX];
	enum files_verdict verdict = joined(fresh, path, ".new", "");
	if (verdict == FILES_OK) verdict = write_new(fresh, bytes, length, durable);
	else return verdict;
	if (verdict == FILES_OK && rename(fresh, path) != 0) verdict = files_verdict_of(errno);
	if (verdict != FILES_OK) {
		(void)unlink(fresh);
		return verdict;
	}
	return durable ? sync_folder_of(path) : FILES_OK;
}

enum files_verdict files_aside(const char *path)
{
	char        aside[FILES_PATH_MAX], ending[16];
	struct stat info;
	if (lstat(path, &info) != 0) return errno == ENOENT ? FILES_OK : files_verdict_of(errno);
	for (int n = 1; n <= FILES_ASIDE_MAX; n++) {
		(void)snprintf(ending, sizeof ending, ".old-%d", n);
		if (joined(aside, path, ending, "") != FILES_OK) return FILES_TOO_LONG;
		if (lstat(aside, &info) == 0) continue;
		return rename(path, aside) == 0 ? FILES_OK : files_verdict_of(errno);
	}
	return FILES_CROWDED;
}

enum files_verdict append_open(struct append_file *file, const char *path, char *buffer, size_t size)
{
	BUG_UNLESS(3351, size > 0);
	*file = (struct append_file){ .size = size, .fd = -1 };
	file->buffer = buffer;
	enum files_verdict verdict = joined(file->path, path, "", "");
	if (verdict != FILES_OK) return verdict;
	int fd = openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
	if (fd < 0) return files_verdict_of(errno);
	struct stat info;
	if (fstat(fd, &info) != 0) {
		verdict = files_verdict_of(errno);
		(void)close(fd);
		return verdict;
	}
	file->fd = fd;
	file->bytes = (uint64_t)info.st_size;
	return FILES_OK;
}

enum files_verdict append_flush(struct append_file *file)
{
	BUG_UNLESS(3352, file->fd >= 0);
	uint64_t           written = 0;
	enum files_verdict verdict = write_all(file->fd, file->buffer, file->used, &written);
	file->bytes += written;
	file->used = 0;
	return verdict;
}

bool append_is_same(const struct append_file *a, const struct append_file *b)
{
	struct stat one, other;
	return fstat(a->fd, &one) == 0 && fstat(b->fd, &other) == 0 && S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

enum files_verdict append_write(struct append_file *file, const void *bytes, size_t length)
{
	BUG_UNLESS(3353, length <= file->size);
	if (length > file->size - file->used) {
		enum files_verdict verdict = append_flush(file);
		if (verdict != FILES_OK) return verdict;
	}
	memcpy(file->buffer + file->used, bytes, length);
	file->used += length;
	return FILES_OK;
}

enum files_verdict append_sync(struct append_file *file)
{
	enum files_verdict verdict = append_flush(file);
	if (verdict != FILES_OK) return verdict;
	return fdatasync(file->fd) == 0 ? FILES_OK : files_verdict_of(errno);
}

enum files_verdict append_cut(struct append_file *file, uint64_t bytes)
{
	BUG_UNLESS(3354, file->fd >= 0);
	struct stat info;
	file->used = 0;
	if (fstat(file->fd, &info) != 0) return files_verdict_of(errno);
	file->bytes = (uint64_t)info.st_size;
	if (file->bytes <= bytes) return FILES_OK;
	if (ftruncate(file->fd, (off_t)bytes) != 0) return files_verdict_of(errno);
	file->bytes = bytes;
	return FILES_OK;
}

void append_close(struct append_file *file)
{
	if (file->fd >= 0) (void)close(file->fd);
	file->fd = -1;
	file->used = 0;
}
