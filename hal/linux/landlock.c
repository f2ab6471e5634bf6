/* landlock.c - a ruleset, its rules, and no way back. */
#include "hal/linux/landlock.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ASK_ABI = 1, RULE_BENEATH = 1, RULE_PORT = 2, TCP_BIND = 1, TCP_CONNECT = 2 };
/* Of <linux/landlock.h>: bits of what a file or a folder may be asked; each ABI knows all up to one. */
enum {
	WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_FOLDER = 1 << 3, REMOVE_FILE = 1 << 5, MAKE_FOLDER = 1 << 7, MAKE_FILE = 1 << 8, TRUNCATE = 1 << 14,
	OF_ABI_1 = (1 << 13) - 1, OF_ABI_2 = (1 << 14) - 1, OF_ABI_3 = (1 << 15) - 1, OF_ABI_5 = (1 << 16) - 1,
	BENEATH = WRITE_FILE | READ_FILE | READ_FOLDER | REMOVE_FILE | MAKE_FOLDER | MAKE_FILE | TRUNCATE,
};

/* A kernel takes as much of it as it knows: the first word alone, or both. */
struct ruleset { uint64_t files, net; };
struct rule_beneath { uint64_t allowed; int32_t fd; } __attribute__((packed));
struct rule_port { uint64_t allowed, port; };

int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, (void *)0, (size_t)0, ASK_ABI);
	return abi > 0 ? (int)abi : 0;
}

/* A right that the kernel does not know may not be named. */
static uint64_t files_of(int abi)
{
	if (abi >= 5) return OF_ABI_5;
	if (abi >= 3) return OF_ABI_3;
	return abi == 2 ? OF_ABI_2 : OF_ABI_1;
}

static bool allow_place(int ruleset, const struct landlock_place *place, bool must_be, int abi)
{
	int                 open_as = O_PATH | O_CLOEXEC | (place->is_file ? 0 : O_DIRECTORY);
	struct rule_beneath rule = { place->is_file ? READ_FILE : BENEATH & files_of(abi), open(place->path, open_as) };
	if (rule.fd < 0) return !must_be;
	bool added = syscall(SYS_landlock_add_rule, ruleset, RULE_BENEATH, &rule, 0u) == 0;
	(void)close(rule.fd);
	return added;
}

static bool allow_places(int ruleset, const struct landlock_place *place, size_t places, int abi)
{
	bool added = true;
	for (size_t i = 0; i < places; i++) added = added && allow_place(ruleset, &place[i], i == 0, abi);
	return added;
}

static bool allow_ports(int ruleset, const uint16_t *port, size_t ports)
{
	bool added = true;
	for (size_t i = 0; i < ports; i++) {
		struct rule_port rule = { TCP_CONNECT, port[i] };
		added = added && syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &rule, 0u) == 0;
	}
	return added;
}

enum landlock_verdict landlock_confine(const struct landlock_place *place, size_t places, const uint16_t *port, size_t ports)
{
	int abi = landlock_abi();
	bool has_ports = abi >= LANDLOCK_ABI_PORTS;
	struct ruleset what = { files_of(abi), has_ports ? TCP_BIND | TCP_CONNECT : 0 };
	if (abi == 0) return LANDLOCK_ABSENT;
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &what, has_ports ? sizeof what : sizeof what.files, 0u);
	if (ruleset < 0) return LANDLOCK_FAILED;
	bool good = allow_places(ruleset, place, places, abi) && (!has_ports || allow_ports(ruleset, port, ports)) &&
		syscall(SYS_landlock_restrict_self, ruleset, 0u) == 0;
	(void)close(ruleset);
	return good ? LANDLOCK_OK : LANDLOCK_FAILED;
}
