/* usage.c - /proc/self/statm for what the kernel counts, the program headers for what was loaded. */
#include "hal/linux/usage.h"

#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

enum { STATM_BYTES = 128, PAGE_BYTES = 4096 };

bool usage_read(struct usage *usage)
{
	char    text[STATM_BYTES], *at = text;
	int     fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	*usage = (struct usage){ 0, 0 };
	if (fd >= 0) close(fd);
	if (length <= 0) return false;
	text[length] = '\0';
	usage->mapped_bytes = strtoull(at, &at, 10) * PAGE_BYTES;
	usage->resident_bytes = strtoull(at, &at, 10) * PAGE_BYTES;
	return usage->resident_bytes > 0;
}

static uint64_t pages(uint64_t from, uint64_t to) { return (to + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES - from / PAGE_BYTES * PAGE_BYTES; }

uint64_t usage_program_bytes(void)
{
	const ElfW(Phdr) *segment = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	uint64_t          bytes = 0;
	for (unsigned long i = 0; segment && i < getauxval(AT_PHNUM); i++)
		if (segment[i].p_type == PT_LOAD) bytes += pages(segment[i].p_vaddr, segment[i].p_vaddr + segment[i].p_memsz);
	return bytes;
}
