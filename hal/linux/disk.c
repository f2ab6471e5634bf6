/* disk.c - the disk port by openat, pread, pwrite and fdatasync. Contract: hal/disk.h. */
#include "hal/linux/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ZEROS_BYTES = 65536, RENAME_NEVER_REPLACE = 1, WRITE_TURNS_MAX = 1 << 20 };

static const uint8_t zeros[ZEROS_BYTES];

static enum disk_code code_of(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR: return DISK_MISSING;
	case EEXIST: return DISK_EXISTS;
	case EACCES:
	case EPERM:
	case EROFS: return DISK_DENIED;
	case ENOSPC:
	case EDQUOT:
	case EFBIG: return DISK_FULL;
	case EWOULDBLOCK: return DISK_BUSY;
	case EISDIR: return DISK_NOT_A_FILE;
	default: return DISK_FAILED;
	}
}

static int folder_of(const struct disk *disk) { return ((const struct disk_linux *)(const void *)disk)->folder; }

/* A regular file, and for a writer the only one. */
static enum disk_code claim(int file, enum disk_right right)
{
	struct stat info;
	if (fstat(file, &info) != 0) return code_of(errno);
	if (!S_ISREG(info.st_mode)) return DISK_NOT_A_FILE;
	if (right == DISK_WRITE && flock(file, LOCK_EX | LOCK_NB) != 0) return code_of(errno);
	return DISK_OK;
}

static enum disk_code open_flags(struct disk *disk, const char *name, enum disk_right right, int flags, int32_t *file)
{
	int opened = openat(folder_of(disk), name, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	if (opened < 0) return code_of(errno);
	enum disk_code code = claim(opened, right);
	if (code != DISK_OK) close(opened);
	*file = code == DISK_OK ? opened : -1;
	return code;
}

static enum disk_code linux_open(struct disk *disk, const char *name, enum disk_right right, int32_t *file)
{
	return open_flags(disk, name, right, right == DISK_WRITE ? O_RDWR : O_RDONLY, file);
}

static enum disk_code linux_write(struct disk *disk, int32_t file, uint64_t offset, const void *from, size_t bytes)
{
	(void)disk;
	const uint8_t *at = from;
	for (int turn = 0; bytes > 0 && turn < WRITE_TURNS_MAX; turn++) {
		ssize_t done = pwrite(file, at, bytes, (off_t)offset);
		if (done < 0 && errno == EINTR) continue;
		if (done < 0) return code_of(errno);
		at += done;
		offset += (uint64_t)done;
		bytes -= (size_t)done;
	}
	return bytes == 0 ? DISK_OK : DISK_FAILED;
}

static enum disk_code linux_sync(struct disk *disk, int32_t file)
{
	(void)disk;
	return fdatasync(file) == 0 ? DISK_OK : code_of(errno);
}

static enum disk_code write_zeros(struct disk *disk, int32_t file, uint64_t bytes)
{
	for (uint64_t offset = 0; offset < bytes; offset += ZEROS_BYTES) {
		uint64_t       left = bytes - offset;
		enum disk_code code = linux_write(disk, file, offset, zeros, left < ZEROS_BYTES ? (size_t)left : ZEROS_BYTES);
		if (code != DISK_OK) return code;
	}
	return DISK_OK;
}

static enum disk_code fill(struct disk *disk, int32_t file, uint64_t bytes)
{
	enum disk_code code = write_zeros(disk, file, bytes);
	return code == DISK_OK ? linux_sync(disk, file) : code;
}

/* Where the file system knows how, else by writing. */
static enum disk_code take_room(struct disk *disk, int32_t file, uint64_t bytes)
{
	int error = posix_fallocate(file, 0, (off_t)bytes);
	if (error == 0) return DISK_OK;
	return error == EOPNOTSUPP ? write_zeros(disk, file, bytes) : code_of(error);
}

static enum disk_code make(struct disk *disk, const char *name, uint64_t bytes, bool is_durable, int32_t *file)
{
	enum disk_code code = open_flags(disk, name, DISK_WRITE, O_RDWR | O_CREAT, file);
	if (code != DISK_OK) return code;
	if (ftruncate(*file, 0) != 0) code = code_of(errno);
	else code = is_durable ? fill(disk, *file, bytes) : take_room(disk, *file, bytes);
	if (code == DISK_OK) return code;
	(void)unlinkat(folder_of(disk), name, 0);
	close(*file);
	*file = -1;
	return code;
}

static enum disk_code linux_create(struct disk *disk, const char *name, uint64_t bytes, int32_t *file) { return make(disk, name, bytes, true, file); }

enum disk_code disk_linux_reserve(struct disk_linux *disk, const char *name, uint64_t bytes, int32_t *file)
{
	return make(&disk->disk, name, bytes, false, file);
}

/* Makes the entry of a name durable: the folder that holds it is synced. */
static enum disk_code sync_folder(struct disk *disk, const char *name)
{
	char        parent[DISK_NAME_MAX + 1] = ".";
	const char *slash = strrchr(name, '/');
	size_t      length = slash ? (size_t)(slash - name) : 0;
	if (length > DISK_NAME_MAX) return DISK_MISSING;
	if (slash) memcpy(parent, length ? name : "/", length ? length : 1);
	if (slash) parent[length ? length : 1] = 0;
	int folder = openat(folder_of(disk), parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) return code_of(errno);
	enum disk_code code = fsync(folder) == 0 ? DISK_OK : code_of(errno);
	close(folder);
	return code;
}

/* A file system without RENAME_NOREPLACE gets a look first; the writer's lock keeps others of us out meanwhile. */
static enum disk_code linux_rename(struct disk *disk, const char *from, const char *to)
{
	int  folder = folder_of(disk);
	long done = syscall(SYS_renameat2, folder, from, folder, to, RENAME_NEVER_REPLACE);
	if (done != 0 && (errno == EINVAL || errno == ENOSYS)) {
		if (faccessat(folder, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return DISK_EXISTS;
		done = syscall(SYS_renameat, folder, from, folder, to);
	}
	return done == 0 ? sync_folder(disk, to) : code_of(errno);
}

static enum disk_code linux_remove(struct disk *disk, const char *name)
{
	if (unlinkat(folder_of(disk), name, 0) != 0) return code_of(errno);
	return sync_folder(disk, name);
}

static enum disk_code linux_read(struct disk *disk, int32_t file, uint64_t offset, void *into, size_t bytes, size_t *got)
{
	(void)disk;
	*got = 0;
	while (*got < bytes) {
		ssize_t done = pread(file, (uint8_t *)into + *got, bytes - *got, (off_t)(offset + *got));
		if (done < 0 && errno == EINTR) continue;
		if (done < 0) return code_of(errno);
		if (done == 0) break;
		*got += (size_t)done;
	}
	return DISK_OK;
}

static enum disk_code linux_size(struct disk *disk, int32_t file, uint64_t *bytes)
{
	struct stat info;
	(void)disk;
	if (fstat(file, &info) != 0) return code_of(errno);
	*bytes = (uint64_t)info.st_size;
	return DISK_OK;
}

static void linux_close(struct disk *disk, int32_t file)
{
	(void)disk;
	close(file);
}

static const struct disk_verbs verbs = {
	.create = linux_create,
	.open = linux_open,
	.rename = linux_rename,
	.remove = linux_remove,
	.read = linux_read,
	.write = linux_write,
	.sync = linux_sync,
	.size = linux_size,
	.close = linux_close,
};

enum disk_code disk_linux_init(struct disk_linux *disk, const char *folder)
{
	disk->disk.verbs = &verbs;
	disk->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return disk->folder >= 0 ? DISK_OK : code_of(errno);
}

void disk_linux_end(struct disk_linux *disk)
{
	close(disk->folder);
	disk->folder = -1;
}
