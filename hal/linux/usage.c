/* usage.c - /proc/self/statm, smaps_rollup and maps for what the kernel counts, the program headers for what was loaded. */
#include "hal/linux/usage.h"

#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

enum { TEXT_BYTES = 2048,
	LINE_BYTES = 512,
	PAGE_BYTES = 4096,
	KIB = 1024 };

bool usage_open(struct usage_probe *probe)
{
	probe->statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	probe->rollup_fd = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC); /* -1: a kernel before 4.14 */
	return probe->statm_fd >= 0;
}

void usage_close(struct usage_probe *probe)
{
	if (probe->statm_fd >= 0) close(probe->statm_fd);
	if (probe->rollup_fd >= 0) close(probe->rollup_fd);
	*probe = (struct usage_probe){ -1, -1 };
}

static bool look(int fd, char text[TEXT_BYTES])
{
	ssize_t length = fd < 0 ? -1 : pread(fd, text, TEXT_BYTES - 1, 0);
	text[length > 0 ? length : 0] = '\0';
	return length > 0;
}

/* "Rss:   1604 kB" */
static uint64_t bytes_after(const char *text, const char *key)
{
	const char *at = strstr(text, key);
	return at ? strtoull(at + strlen(key), 0, 10) * KIB : 0;
}

bool usage_look(const struct usage_probe *probe, struct usage *usage)
{
	char text[TEXT_BYTES], *at = text;
	*usage = (struct usage){ 0, 0, 0 };
	if (!look(probe->statm_fd, text)) return false;
	usage->mapped_bytes = strtoull(at, &at, 10) * PAGE_BYTES;
	usage->resident_bytes = strtoull(at, &at, 10) * PAGE_BYTES;
	if (look(probe->rollup_fd, text)) {
		usage->resident_bytes = bytes_after(text, "\nRss:");
		usage->share_bytes = bytes_after(text, "\nPss:");
	}
	return usage->resident_bytes > 0;
}

bool usage_read(struct usage *usage)
{
	struct usage_probe probe;
	bool good = usage_open(&probe) && usage_look(&probe, usage);
	usage_close(&probe);
	if (!good) *usage = (struct usage){ 0, 0, 0 };
	return good;
}

static uint64_t pages(uint64_t from, uint64_t to) { return (to + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES - from / PAGE_BYTES * PAGE_BYTES; }

uint64_t usage_program_bytes(void)
{
	const ElfW(Phdr) *segment = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	uint64_t bytes = 0;
	for (unsigned long i = 0; segment && i < getauxval(AT_PHNUM); i++)
		if (segment[i].p_type == PT_LOAD) bytes += pages(segment[i].p_vaddr, segment[i].p_vaddr + segment[i].p_memsz);
	return bytes;
}

/* "7fc3-7fc5 r-xp 00000000 00:00 0  [vdso]". The page [vsyscall] is of no process: the kernel does not count it. */
static uint64_t kernel_part(const char *line)
{
	char *after;
	uint64_t from = strtoull(line, &after, 16), to = *after == '-' ? strtoull(after + 1, 0, 16) : from;
	return strstr(line, "[vvar") || strstr(line, "[vdso]") ? to - from : 0;
}

uint64_t usage_kernel_bytes(void)
{
	char text[TEXT_BYTES], line[LINE_BYTES];
	size_t length = 0;
	uint64_t bytes = 0;
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	for (ssize_t got; fd >= 0 && (got = read(fd, text, sizeof text)) > 0;)
		for (ssize_t i = 0; i < got; i++) {
			if (length < sizeof line - 1) line[length++] = text[i];
			if (text[i] != '\n') continue;
			line[length] = '\0';
			bytes += kernel_part(line);
			length = 0;
		}
	if (fd >= 0) close(fd);
	return bytes;
}
