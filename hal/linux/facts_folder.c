/* facts_folder.c - a folder: a file made in it and synced, statfs, and what /sys says of the device below it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "hal/linux/clock.h"
#include "hal/linux/facts.h"

enum { PROBE_BYTES = 512 };
#define PROBE "preflight.probe"

/* Numbers of linux/magic.h, and of file systems that keep theirs to themselves. */
enum system_kind { LOCAL, IN_MEMORY, REMOTE };
struct system_row {
	uint32_t         type;
	const char      *name;
	enum system_kind kind;
};
static const struct system_row systems[] = {
	{ 0x0000ef53, "ext4", LOCAL },
	{ 0x58465342, "xfs", LOCAL },
	{ 0x9123683e, "btrfs", LOCAL },
	{ 0x2fc12fc1, "zfs", LOCAL },
	{ 0xf2f52010, "f2fs", LOCAL },
	{ 0x794c7630, "overlay", LOCAL },
	{ 0xca451a4e, "bcachefs", LOCAL },
	{ 0x01021994, "tmpfs", IN_MEMORY },
	{ 0x858458f6, "ramfs", IN_MEMORY },
	{ 0x00006969, "nfs", REMOTE },
	{ 0xff534d42, "cifs", REMOTE },
	{ 0xfe534d42, "smb2", REMOTE },
	{ 0x65735546, "fuse", REMOTE },
	{ 0x01021997, "9p", REMOTE },
	{ 0x00c36400, "ceph", REMOTE },
};

/* A file is made, synced and removed: what a journal needs of its folder. */
static enum files_verdict probe(const char *folder, int64_t *sync_ns)
{
	char               path[FILES_PATH_MAX], bytes[PROBE_BYTES] = { 0 };
	enum files_verdict verdict = files_path(path, folder, PROBE);
	if (verdict != FILES_OK) return verdict;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) return files_verdict_of(errno);
	int64_t begun_ns = clock_monotonic_ns();
	ssize_t written = write(fd, bytes, sizeof bytes);
	if (written != (ssize_t)sizeof bytes) verdict = written < 0 ? files_verdict_of(errno) : FILES_FULL;
	if (verdict == FILES_OK && fdatasync(fd) != 0) verdict = files_verdict_of(errno);
	*sync_ns = clock_monotonic_ns() - begun_ns;
	(void)close(fd);
	(void)unlink(path);
	return verdict;
}

/* The folder that a path lies in. */
static void parent_of(const char *path, char parent[FILES_PATH_MAX])
{
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/') length--;
	while (length > 0 && path[length - 1] != '/') length--;
	while (length > 1 && path[length - 1] == '/') length--;
	(void)snprintf(parent, FILES_PATH_MAX, "%.*s", length ? (int)length : 1, length ? path : ".");
}

/* A device of dm-crypt says so in its uuid ("CRYPT-LUKS2-..."). Devices without a block below (major 0: tmpfs, overlay, a server) and other volumes of
 * the device mapper, which may lie upon an encrypted one, say nothing. */
static int32_t encryption_of(dev_t device)
{
	char path[FILES_PATH_MAX], uuid[FACTS_WORD_BYTES];
	(void)snprintf(path, sizeof path, "/sys/dev/block/%u:%u", major(device), minor(device));
	if (major(device) == 0 || access(path, F_OK) != 0) return FACTS_UNKNOWN;
	(void)snprintf(path, sizeof path, "/sys/dev/block/%u:%u/dm/uuid", major(device), minor(device));
	facts_word(path, uuid, sizeof uuid);
	if (*uuid == '\0') return 0;
	return strncmp(uuid, "CRYPT-", sizeof "CRYPT-" - 1) == 0 ? 1 : FACTS_UNKNOWN;
}

static void look_at_system(struct facts_folder *folder, uint64_t type)
{
	folder->type = type;
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
		if (systems[i].type != type) continue;
		folder->type_name = systems[i].name;
		folder->is_in_memory = systems[i].kind == IN_MEMORY;
		folder->is_remote = systems[i].kind == REMOTE;
	}
}

void facts_look_folder(struct facts_folder *folder, const char *path)
{
	char          parent[FILES_PATH_MAX];
	struct stat   info;
	struct statfs system;
	*folder = (struct facts_folder){ .verdict = FILES_TOO_LONG, .encryption = FACTS_UNKNOWN };
	if (strlen(path) >= sizeof parent) return;
	folder->is_there = stat(path, &info) == 0;
	folder->verdict = folder->is_there ? FILES_MISSING : files_verdict_of(errno);
	if (folder->is_there ? !S_ISDIR(info.st_mode) : errno != ENOENT) return;
	if (folder->is_there) folder->mode = info.st_mode & 07777, folder->owner = info.st_uid;
	if (!folder->is_there) parent_of(path, parent);
	const char *where = folder->is_there ? path : parent;
	folder->verdict = probe(where, &folder->sync_ns);
	if (statfs(where, &system) != 0 || stat(where, &info) != 0) return;
	folder->free_bytes = (uint64_t)system.f_bavail * (uint64_t)system.f_bsize;
	folder->encryption = encryption_of(info.st_dev);
	look_at_system(folder, (uint64_t)(unsigned long)system.f_type & UINT32_MAX);
}
