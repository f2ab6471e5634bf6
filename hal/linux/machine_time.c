/* machine_time.c - the first line of /proc/stat, and one word of /sys. */
#include "hal/linux/machine_time.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel's unit for programs (USER_HZ) is 10 ms on every machine of ours. */
#define TICK_NS (10 * NS_PER_MS)
enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, FIELDS_N, LINE_BYTES = 256 };

int machine_time_open(void) { return open("/proc/stat", O_RDONLY | O_CLOEXEC); }

bool machine_time_parse(const char *text, struct machine_time *time)
{
	int64_t field[FIELDS_N] = { 0 };
	if (strncmp(text, "cpu ", 4) != 0) return false;
	text += 4;
	for (int i = 0; i < FIELDS_N; i++) {
		char *end;
		field[i] = strtoll(text, &end, 10);
		if (end == text || field[i] < 0 || field[i] > INT64_MAX / TICK_NS / FIELDS_N) return false;
		text = end;
	}
	time->busy_ns = (field[USER] + field[NICE] + field[SYSTEM] + field[IRQ] + field[SOFTIRQ]) * TICK_NS;
	time->steal_ns = field[STEAL] * TICK_NS;
	return true;
}

bool machine_time_look(int fd, struct machine_time *time)
{
	char    line[LINE_BYTES];
	ssize_t bytes = fd < 0 ? -1 : pread(fd, line, sizeof line - 1, 0);
	if (bytes <= 0) return false;
	line[bytes] = '\0';
	return machine_time_parse(line, time);
}

void machine_time_close(int fd)
{
	if (fd >= 0) (void)close(fd);
}

void machine_kind(char text[static MACHINE_KIND_BYTES])
{
	int     fd = open("/sys/class/dmi/id/product_name", O_RDONLY | O_CLOEXEC);
	ssize_t bytes = fd < 0 ? 0 : read(fd, text, MACHINE_KIND_BYTES - 1);
	if (fd >= 0) (void)close(fd);
	text[bytes > 0 ? bytes : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

bool machine_kind_is_burstable(const char *kind)
{
	static const char *const family[] = { "t2.", "t3.", "t3a.", "t4g." };
	for (size_t i = 0; i < sizeof family / sizeof *family; i++)
		if (strncmp(kind, family[i], strlen(family[i])) == 0) return true;
	return false;
}
