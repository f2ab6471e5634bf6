/* facts.h - what this machine has and allows, as facts for the checks before a start (firmware/preflight.h). It judges nothing.
 *
 * Kernel features are asked for and not read off a version: a container may refuse a call that its kernel has. Opens files: in BOOT,
 * or in a verb that only looks. Row P12. */
#ifndef HAL_LINUX_FACTS_H
#define HAL_LINUX_FACTS_H
#include "fsm/units.h"
#include "hal/linux/files.h"

/* Bytes of a kernel's release, the final zero included; a limit that is none. */
enum { FACTS_RELEASE_BYTES = 65 };
#define FACTS_NO_LIMIT UINT64_MAX

struct facts {
	int64_t  wall_s, monotonic_ns, monotonic_later_ns;        /* the second a millisecond of sleep after the first */
	bool     is_synchronised;                                 /* the kernel's clock is kept by chrony, ntpd or the like */
	char     release[FACTS_RELEASE_BYTES];
	uint32_t kernel_major, kernel_minor;
	bool     has_epoll, has_eventfd, has_signalfd, has_memfd, has_pidfd, has_close_range;
	uint64_t files_max, file_bytes_max, address_bytes_max;    /* limits of this process: descriptors, one file, address space */
	uint64_t available_bytes;                                 /* memory that can be had without swapping */
	uint64_t promised_bytes_left;                             /* what the kernel would still promise; no limit unless it counts strictly */
};

void facts_look(struct facts *facts);

/* A folder, or its parent where it is not there yet. */
struct facts_folder {
	enum files_verdict verdict;        /* of making, syncing and removing a file in it */
	bool               is_there, is_in_memory;
	uint64_t           free_bytes;     /* for this user */
};

void facts_look_folder(struct facts_folder *folder, const char *path);

#endif
