/* facts.c - clock_gettime, adjtimex, uname, getrlimit, /proc/meminfo, statfs; and each kernel feature by using it once. */
#include "hal/linux/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "hal/linux/clock.h"

/* Of the same number on every machine, and younger than some C libraries. */
enum { CALL_PIDFD_OPEN = 434, CALL_CLOSE_RANGE = 436 };
enum { MEMINFO_BYTES = 4096, KIB = 1024, STRICT = 2, TMPFS = 0x01021994, PROBE_BYTES = 512 };
static const int64_t ramfs = 0x858458f6;

#define PROBE "preflight.probe"

/* --- clocks and kernel -------------------------------------------------------------------------------------------------- */

static void look_at_clocks(struct facts *facts)
{
	struct timespec now = { 0, 0 }, moment = { 0, NS_PER_MS };
	struct timex    state = { .modes = 0 };
	facts->monotonic_ns = clock_monotonic_ns();
	(void)nanosleep(&moment, 0);
	facts->monotonic_later_ns = clock_monotonic_ns();
	(void)clock_gettime(CLOCK_REALTIME, &now);
	facts->wall_s = now.tv_sec;
	int word = adjtimex(&state);
	facts->is_synchronised = word >= 0 && word != TIME_ERROR && !(state.status & STA_UNSYNC);
}

/* It is known when it answers a descriptor, which is not needed any more. */
static bool gave(int fd)
{
	if (fd >= 0) (void)close(fd);
	return fd >= 0;
}

static void look_at_kernel(struct facts *facts)
{
	struct utsname name;
	sigset_t       none;
	char          *end = facts->release;
	sigemptyset(&none);
	if (uname(&name) == 0) (void)snprintf(facts->release, sizeof facts->release, "%s", name.release);
	facts->kernel_major = (uint32_t)strtoul(end, &end, 10);
	if (*end == '.') facts->kernel_minor = (uint32_t)strtoul(end + 1, 0, 10);
	facts->has_epoll = gave(epoll_create1(EPOLL_CLOEXEC));
	facts->has_eventfd = gave(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
	facts->has_signalfd = gave(signalfd(-1, &none, SFD_CLOEXEC | SFD_NONBLOCK));
	facts->has_memfd = gave(memfd_create("probe", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	facts->has_pidfd = gave((int)syscall(CALL_PIDFD_OPEN, getpid(), 0));
	facts->has_close_range = syscall(CALL_CLOSE_RANGE, UINT32_MAX - 1, UINT32_MAX, 0u) == 0;        /* none is that high */
}

/* --- limits and memory -------------------------------------------------------------------------------------------------- */

static uint64_t limit_of(struct rlimit limit) { return limit.rlim_cur == RLIM_INFINITY ? FACTS_NO_LIMIT : limit.rlim_cur; }

static void look_at_limits(struct facts *facts)
{
	struct rlimit files = { RLIM_INFINITY, RLIM_INFINITY }, bytes = files, address = files;
	(void)getrlimit(RLIMIT_NOFILE, &files);
	(void)getrlimit(RLIMIT_FSIZE, &bytes);
	(void)getrlimit(RLIMIT_AS, &address);
	facts->files_max = limit_of(files);
	facts->file_bytes_max = limit_of(bytes);
	facts->address_bytes_max = limit_of(address);
}

static void read_text(const char *path, char *text, size_t size)
{
	int     fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, size - 1);
	if (fd >= 0) (void)close(fd);
	text[got > 0 ? got : 0] = '\0';
}

/* The bytes of a line "NAME:   123 kB"; none when it is not there. */
static uint64_t meminfo_bytes(const char *text, const char *name, uint64_t none)
{
	const char *at = strstr(text, name);
	return at ? strtoull(at + strlen(name), 0, 10) * KIB : none;
}

static void look_at_memory(struct facts *facts)
{
	char info[MEMINFO_BYTES], strict[16];
	read_text("/proc/meminfo", info, sizeof info);
	read_text("/proc/sys/vm/overcommit_memory", strict, sizeof strict);
	uint64_t limit = meminfo_bytes(info, "CommitLimit:", FACTS_NO_LIMIT), promised = meminfo_bytes(info, "Committed_AS:", 0);
	facts->available_bytes = meminfo_bytes(info, "MemAvailable:", FACTS_NO_LIMIT);
	facts->promised_bytes_left = limit > promised ? limit - promised : 0;
	if (atoi(strict) != STRICT) facts->promised_bytes_left = FACTS_NO_LIMIT;
}

void facts_look(struct facts *facts)
{
	*facts = (struct facts){ .wall_s = 0 };
	look_at_limits(facts);
	look_at_clocks(facts);
	look_at_kernel(facts);
	look_at_memory(facts);
}

/* --- a folder --------------------------------------------------------------------------------------------------------------- */

/* A file is made, synced and removed: what a journal needs of its folder. */
static enum files_verdict probe(const char *folder)
{
	char               path[FILES_PATH_MAX], bytes[PROBE_BYTES] = { 0 };
	enum files_verdict verdict = files_path(path, folder, PROBE);
	if (verdict != FILES_OK) return verdict;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) return files_verdict_of(errno);
	ssize_t written = write(fd, bytes, sizeof bytes);
	if (written != (ssize_t)sizeof bytes) verdict = written < 0 ? files_verdict_of(errno) : FILES_FULL;
	if (verdict == FILES_OK && fsync(fd) != 0) verdict = files_verdict_of(errno);
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

void facts_look_folder(struct facts_folder *folder, const char *path)
{
	char          parent[FILES_PATH_MAX];
	struct stat   info;
	struct statfs system;
	*folder = (struct facts_folder){ .verdict = FILES_TOO_LONG };
	if (strlen(path) >= sizeof parent) return;
	folder->is_there = stat(path, &info) == 0;
	folder->verdict = folder->is_there ? FILES_MISSING : files_verdict_of(errno);
	if (folder->is_there ? !S_ISDIR(info.st_mode) : errno != ENOENT) return;
	if (!folder->is_there) parent_of(path, parent);
	folder->verdict = probe(folder->is_there ? path : parent);
	if (statfs(folder->is_there ? path : parent, &system) != 0) return;
	folder->free_bytes = (uint64_t)system.f_bavail * (uint64_t)system.f_bsize;
	folder->is_in_memory = (int64_t)system.f_type == TMPFS || (int64_t)system.f_type == ramfs;
}
