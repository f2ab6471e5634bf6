/* machine_memory.c - one line of /proc/meminfo, proc(5). */
#include "hal/linux/machine_memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_BYTES = 512 };        /* MemTotal, MemFree, MemAvailable: its first lines */

int machine_memory_open(void) { return open("/proc/meminfo", O_RDONLY | O_CLOEXEC); }

bool machine_memory_parse(const char *text, int64_t *free_kib)
{
	static const char name[] = "\nMemAvailable:";
	const char       *at = strstr(text, name);
	char             *end;
	if (!at) return false;
	at += sizeof name - 1;
	*free_kib = strtoll(at, &end, 10);
	return end != at && *free_kib >= 0 && strncmp(end, " kB\n", 4) == 0;
}

bool machine_memory_free_kib(int fd, int64_t *free_kib)
{
	char    text[TEXT_BYTES];
	ssize_t bytes = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
	if (bytes <= 0) return false;
	text[bytes] = '\0';
	return machine_memory_parse(text, free_kib);
}

void machine_memory_close(int fd)
{
	if (fd >= 0) (void)close(fd);
}
