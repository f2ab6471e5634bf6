/* facts.c - clock_gettime, adjtimex, getrlimit, /proc/meminfo. */
#include "hal/linux/facts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "hal/linux/clock.h"

enum { MEMINFO_BYTES = 4096, KIB = 1024, STRICT = 2, NS_PER_US = 1000 };

void facts_text(const char *path, char *text, size_t size)
{
	int     fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, size - 1);
	if (fd >= 0) (void)close(fd);
	text[got > 0 ? got : 0] = '\0';
}

void facts_word(const char *path, char *text, size_t size)
{
	facts_text(path, text, size);
	text[strcspn(text, "\n")] = '\0';
}

/* --- clocks --------------------------------------------------------------------------------------------------------------- */

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
	facts->clock_error_us = word >= 0 ? (int64_t)state.maxerror : FACTS_UNKNOWN;
	facts->clock_behind_us = state.status & STA_NANO ? (int64_t)state.offset / NS_PER_US : (int64_t)state.offset;
	facts_word("/sys/devices/system/clocksource/clocksource0/current_clocksource", facts->clock_source, sizeof facts->clock_source);
}

/* --- limits and memory -------------------------------------------------------------------------------------------------- */

static uint64_t limit_of(struct rlimit limit) { return limit.rlim_cur == RLIM_INFINITY ? FACTS_NO_LIMIT : limit.rlim_cur; }

/* The C libraries do not agree on the type of a resource's name. */
#define LIMIT_OF(name, limit) ((void)getrlimit(RLIMIT_##name, &(limit)), limit_of(limit))

static void look_at_limits(struct facts *facts)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	facts->files_max = LIMIT_OF(NOFILE, limit);
	facts->file_bytes_max = LIMIT_OF(FSIZE, limit);
	facts->address_bytes_max = LIMIT_OF(AS, limit);
	facts->locked_bytes_max = LIMIT_OF(MEMLOCK, limit);
	facts->processes_max = LIMIT_OF(NPROC, limit);
	facts->core_bytes_max = LIMIT_OF(CORE, limit);
	facts->user = (uint32_t)geteuid();
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
	facts_text("/proc/meminfo", info, sizeof info);
	facts_text("/proc/sys/vm/overcommit_memory", strict, sizeof strict);
	uint64_t limit = meminfo_bytes(info, "CommitLimit:", FACTS_NO_LIMIT), promised = meminfo_bytes(info, "Committed_AS:", 0);
	facts->total_bytes = meminfo_bytes(info, "MemTotal:", FACTS_NO_LIMIT);
	facts->swap_bytes = meminfo_bytes(info, "SwapTotal:", 0);
	facts->swap_used_bytes = facts->swap_bytes - meminfo_bytes(info, "SwapFree:", facts->swap_bytes);
	facts->available_bytes = meminfo_bytes(info, "MemAvailable:", FACTS_NO_LIMIT);
	facts->promised_bytes_left = limit > promised ? limit - promised : 0;
	if (atoi(strict) != STRICT) facts->promised_bytes_left = FACTS_NO_LIMIT;
}

void facts_look(struct facts *facts)
{
	*facts = (struct facts){ .wall_s = 0 };
	look_at_limits(facts);
	look_at_clocks(facts);
	look_at_memory(facts);
	facts_look_kernel(facts);
	facts_look_machine(facts);
}
