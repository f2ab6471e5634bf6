/* facts.h - what this machine has and allows, as facts for the checks before a start (firmware/preflight). It judges nothing.
 *
 * Kernel features are asked for and not read off a version: a container may refuse a call that its kernel has. What the kernel does not say is the
 * value that a field names for it. Opens files, no device: in BOOT, or in a verb that only looks. Row P12. */
#ifndef HAL_LINUX_FACTS_H
#define HAL_LINUX_FACTS_H
#include "fsm/units.h"
#include "hal/linux/files.h"

/* Bytes of a kernel's release, and of a word of /sys, the final zero included; a limit that is none. */
enum { FACTS_RELEASE_BYTES = 65, FACTS_WORD_BYTES = 64 };
#define FACTS_NO_LIMIT UINT64_MAX

enum { FACTS_UNKNOWN = -1 };

struct facts {
	/* clocks: monotonic_later_ns is read a millisecond of sleep after monotonic_ns */
	int64_t wall_s, monotonic_ns, monotonic_later_ns;
	bool    is_synchronised;        /* the kernel's clock is kept by chrony, ntpd or the like */
	int64_t clock_error_us, clock_behind_us;        /* how far off at most, by its keeper; what the kernel still adds to it (below 0: takes off) */
	char    clock_source[FACTS_WORD_BYTES];        /* "tsc"; "" unknown */
	/* kernel */
	char     release[FACTS_RELEASE_BYTES];
	uint32_t kernel_major, kernel_minor;
	bool     has_epoll, has_eventfd, has_signalfd, has_memfd, has_pidfd, has_close_range;
	bool     has_seccomp, has_sealing, has_random;        /* filters; seals of memory files; random numbers without waiting */
	int32_t  landlock_version;        /* 0: none */
	bool     has_watchdog_device;
	char     core_pattern[FACTS_WORD_BYTES];
	/* limits of this process: descriptors, one file, address space, locked memory, processes of this user, a core dump */
	uint64_t files_max, file_bytes_max, address_bytes_max, locked_bytes_max, processes_max, core_bytes_max;
	uint32_t user;
	int32_t  oom_adjust;        /* -1000..1000: how readily the kernel kills this one when memory is out */
	/* memory: what can be had without swapping; what the kernel would still promise, no limit unless it counts strictly */
	uint64_t available_bytes, total_bytes, promised_bytes_left;
	uint64_t swap_bytes, swap_used_bytes;
	uint64_t group_bytes_max, group_bytes_used;        /* of this control group; no limit, and 0 */
	char     huge_pages[FACTS_WORD_BYTES];        /* "always", "madvise", "never"; "" unknown */
	/* processors */
	uint32_t processors, processors_allowed;
	int32_t  group_cpu_pct;        /* of one processor, that this control group may use; FACTS_UNKNOWN: no limit */
	int32_t  steal_bp;        /* of all time since boot, taken by the host; FACTS_UNKNOWN */
	char     vendor[FACTS_WORD_BYTES], product[FACTS_WORD_BYTES];        /* "Amazon EC2", "t3.micro"; "" unknown */
};

void facts_look(struct facts *facts);
/* Its parts, for the files of this room. */
void facts_look_kernel(struct facts *facts);
void facts_look_machine(struct facts *facts);
/* The first words of a small file, cut to size - 1 and ended before its first line feed; "" when there is none. */
void facts_word(const char *path, char *text, size_t size);
/* The whole text of a small file, cut to size - 1. */
void facts_text(const char *path, char *text, size_t size);

/* A folder, or its parent where it is not there yet. */
struct facts_folder {
	enum files_verdict verdict;        /* of making, syncing and removing a file in it */
	bool               is_there, is_in_memory;
	uint64_t           free_bytes;        /* for this user */
	int64_t            sync_ns;        /* one write of 512 bytes and fdatasync; 0 when it was not done */
	uint64_t           type;        /* of the file system, statfs(2) */
	const char        *type_name;        /* "ext4"; 0 when this program has no name for it */
	bool               is_remote;        /* of a server, or of a host: its locks and syncs are somebody else's word */
	int32_t            encryption;        /* 1: dm-crypt lies directly below it; 0: a plain device does; FACTS_UNKNOWN */
	uint32_t           mode, owner;        /* of the folder itself; 0 while it is not there */
};

void facts_look_folder(struct facts_folder *folder, const char *path);

#endif
