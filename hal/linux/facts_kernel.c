/* facts_kernel.c - uname, and each kernel feature by using it once. The watchdog's device is not opened: that would start it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "hal/linux/facts.h"

/* Of the same number on every machine, and younger than some C libraries; then what is asked of them. */
enum { CALL_PIDFD_OPEN = 434, CALL_CLOSE_RANGE = 436, CALL_LANDLOCK_CREATE_RULESET = 444, CALL_SECCOMP = SYS_seccomp };
enum { LANDLOCK_VERSION = 1, SECCOMP_ACTION_AVAIL = 2 };
#define SECCOMP_KILL_PROCESS UINT32_C(0x80000000)

/* It is known when it answers a descriptor, which is not needed any more. */
static bool gave(int fd)
{
	if (fd >= 0) (void)close(fd);
	return fd >= 0;
}

/* Landlock answers with its version when asked for nothing else (landlock_create_ruleset(2)). */
static void look_at_safety(struct facts *facts)
{
	char     byte;
	uint32_t action = SECCOMP_KILL_PROCESS;
	int      fd = memfd_create("probe", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	long     version = syscall(CALL_LANDLOCK_CREATE_RULESET, 0, (size_t)0, LANDLOCK_VERSION);
	facts->has_seccomp = syscall(CALL_SECCOMP, SECCOMP_ACTION_AVAIL, 0u, &action) == 0;
	facts->has_sealing = fd >= 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0;
	(void)gave(fd);
	facts->landlock_version = version > 0 ? (int32_t)version : 0;
	facts->has_random = getrandom(&byte, 1, GRND_NONBLOCK) == 1;
	facts->has_watchdog_device = access("/dev/watchdog", F_OK) == 0 || access("/dev/watchdog0", F_OK) == 0;
	facts_word("/proc/sys/kernel/core_pattern", facts->core_pattern, sizeof facts->core_pattern);
}

void facts_look_kernel(struct facts *facts)
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
	look_at_safety(facts);
}
