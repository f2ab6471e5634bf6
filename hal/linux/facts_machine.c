/* facts_machine.c - /sys and /proc: processors, this control group, huge pages, the host's own word on the machine. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hal/linux/facts.h"

enum { STAT_BYTES = 512, GROUP_BYTES = 512, BP = 10000, PCT = 100 };
#define CGROUPS "/sys/fs/cgroup"

/* The word in brackets of "always [madvise] never". */
static void chosen_word(const char *path, char word[FACTS_WORD_BYTES])
{
	char        text[FACTS_WORD_BYTES];
	const char *from, *to;
	facts_word(path, text, sizeof text);
	from = strchr(text, '[');
	to = from ? strchr(from, ']') : 0;
	if (to) (void)snprintf(word, FACTS_WORD_BYTES, "%.*s", (int)(to - from - 1), from + 1);
}

/* /proc/stat, proc(5): "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guest is in user already. */
enum { STAT_FIELDS = 8, STAT_STEAL = 7 };
static int32_t steal_bp(void)
{
	char     text[STAT_BYTES], *at = text + sizeof "cpu" - 1;
	uint64_t all = 0, field = 0;
	facts_word("/proc/stat", text, sizeof text);
	if (strncmp(text, "cpu ", 4) != 0) return FACTS_UNKNOWN;
	for (uint32_t i = 0; i < STAT_FIELDS; i++) all += field = strtoull(at, &at, 10);
	return all ? (int32_t)(field * BP / all) : FACTS_UNKNOWN;
}
_Static_assert((int)STAT_STEAL == (int)STAT_FIELDS - 1, "the last field that is read is steal");

/* Of a list like "0-3,6"; sysconf of some C libraries counts only those this process may use. */
static uint32_t count_of(const char *list)
{
	uint32_t count = 0;
	for (char *at = (char *)(uintptr_t)list; *at >= '0' && *at <= '9'; at += *at == ',') {
		uint32_t first = (uint32_t)strtoul(at, &at, 10), last = *at == '-' ? (uint32_t)strtoul(at + 1, &at, 10) : first;
		count += last >= first ? last - first + 1 : 0;
	}
	return count;
}

static void look_at_processors(struct facts *facts)
{
	cpu_set_t allowed;
	char      online[FACTS_WORD_BYTES];
	CPU_ZERO(&allowed);
	facts_word("/sys/devices/system/cpu/online", online, sizeof online);
	facts->processors = count_of(online);
	facts->processors_allowed = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? (uint32_t)CPU_COUNT(&allowed) : facts->processors;
	if (facts->processors < facts->processors_allowed) facts->processors = facts->processors_allowed;        /* without /sys */
	facts->steal_bp = steal_bp();
}

/* The folder of this process's group (version 2, the line "0::/path"), or of its root where the group is not shown, as in a container. */
static void group_file(const char *group, const char *name, char *text, size_t size)
{
	char path[GROUP_BYTES * 2];
	(void)snprintf(path, sizeof path, CGROUPS "%s/%s", group, name);
	facts_word(path, text, size);
	if (*text) return;
	(void)snprintf(path, sizeof path, CGROUPS "/%s", name);
	facts_word(path, text, size);
}

static void look_at_group(struct facts *facts)
{
	char text[GROUP_BYTES], word[FACTS_WORD_BYTES], *end;
	facts_text("/proc/self/cgroup", text, sizeof text);
	char *group = strstr(text, "0::");
	group = group ? group + 3 : text + strlen(text);
	group[strcspn(group, "\n")] = '\0';
	group_file(group, "memory.max", word, sizeof word);
	facts->group_bytes_max = *word >= '0' && *word <= '9' ? strtoull(word, 0, 10) : FACTS_NO_LIMIT;
	group_file(group, "memory.current", word, sizeof word);
	facts->group_bytes_used = strtoull(word, 0, 10);
	group_file(group, "cpu.max", word, sizeof word);        /* "50000 100000" or "max 100000" */
	uint64_t quota = strtoull(word, &end, 10), period = strtoull(end, 0, 10);
	facts->group_cpu_pct = quota && period ? (int32_t)(quota * PCT / period) : FACTS_UNKNOWN;
}

void facts_look_machine(struct facts *facts)
{
	char adjust[FACTS_WORD_BYTES];
	look_at_processors(facts);
	look_at_group(facts);
	chosen_word("/sys/kernel/mm/transparent_hugepage/enabled", facts->huge_pages);
	facts_word("/proc/self/oom_score_adj", adjust, sizeof adjust);
	facts->oom_adjust = atoi(adjust);
	facts_word("/sys/class/dmi/id/sys_vendor", facts->vendor, sizeof facts->vendor);
	facts_word("/sys/class/dmi/id/product_name", facts->product, sizeof facts->product);
}
