/* attach.c - from a folder to a map that may be read, or to the sentence why not. */
#include "firmware/attach.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "firmware/memory_map.h"
#include "firmware/version.h"
#include "hal/linux/files.h"
#include "hal/linux/holder.h"
#include "hal/linux/peek.h"

_Static_assert(offsetof(struct memory_map, stamp) == 0, "the stamp is found by any build: it is the first region");
_Static_assert(sizeof(struct map_stamp) <= MAP_PAGE_BYTES, "the stamp is one page");

void attach_stamp(struct memory_map *map, const struct map_maker *maker)
{
	struct map_stamp *stamp = map->stamp;
	stamp->bytes = sizeof *map;
	stamp->made_ns = maker->now_ns;
	stamp->pid = maker->pid;
	stamp->mode = maker->mode;
	(void)snprintf(stamp->build, sizeof stamp->build, "%s", build_id());
	(void)snprintf(stamp->layout, sizeof stamp->layout, "%s", maker->layout);
	(void)snprintf(stamp->venue, sizeof stamp->venue, "%s", maker->venue);
	__atomic_store_n(&stamp->magic, MAP_STAMP_MAGIC, __ATOMIC_RELEASE);
}

static bool refuse(struct attach *attach, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(struct attach *attach, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(attach->sentence, sizeof attach->sentence, format, arguments);
	va_end(arguments);
	return false;
}

static bool is_ours(struct attach *attach, const struct peek *peek, const char *path)
{
	struct map_stamp stamp;
	uint32_t         user = peek_user();
	if (peek->owner != user && user != 0)
		return refuse(attach, "%s belongs to user %u, and this is user %u: ask as the user who runs the appliance, or as root", path, peek->owner, user);
	if (!peek_head(peek, &stamp, sizeof stamp) || stamp.magic != MAP_STAMP_MAGIC)
		return refuse(attach, "%s is not the map of an appliance, or not yet a whole one: try again, or start one with tickwork run --home %s", path,
		    attach->folder);
	stamp.build[MAP_STAMP_BUILD_BYTES - 1] = '\0';
	if (strcmp(stamp.build, build_id()) != 0)
		return refuse(attach, "the appliance in %s is build %.32s and this is build %s: use the program that was started there", attach->folder, stamp.build,
		    build_id());
	if (stamp.bytes != sizeof(struct memory_map) || peek->bytes != sizeof(struct memory_map))
		return refuse(attach, "%s has %llu bytes where this build has %zu: it is damaged; a restart of the appliance makes it anew", path,
		    (unsigned long long)peek->bytes, sizeof(struct memory_map));
	return true;
}

static bool map_peek(struct attach *attach, const struct peek *peek, const char *path)
{
	if (!is_ours(attach, peek, path)) return false;
	attach->map = peek_map(peek, sizeof(struct memory_map));
	return attach->map ? true : refuse(attach, "the kernel has no memory to look at %s with: %zu MB are needed", path, sizeof(struct memory_map) >> 20);
}

static bool refuse_peek(struct attach *attach, enum peek_verdict verdict, const char *path)
{
	switch (verdict) {
	case PEEK_DENIED: return refuse(attach, "%s may not be read by this user: ask as the user who runs the appliance, or as root", path);
	case PEEK_STRANGE: return refuse(attach, "%s is no regular file, so no map of an appliance: choose another --home", path);
	case PEEK_OK:
	case PEEK_MISSING: break;
	}
	int32_t     pid = holder_pid(attach->folder);
	struct stat link;
	if (pid && verdict == PEEK_MISSING && lstat(path, &link) == 0)
		return refuse(attach, "process %d runs in %s, and what %s leads to was removed: it trades on, and nobody can see or command it: kill -TERM %d ends it in "
		    "order, the next start goes on where it was", pid, attach->folder, path, pid);
	if (pid)
		return refuse(attach, "process %d runs in %s as layout single, which shows nothing to others: see tickwork log, or run it with --layout appliance", pid,
		    attach->folder);
	return refuse(attach, "no appliance runs in %s (nothing to look at): start one with tickwork run --layout appliance --home %s", attach->folder,
	    attach->folder);
}

bool attach_open(struct attach *attach, const char *folder)
{
	char        path[FILES_PATH_MAX];
	struct peek peek;
	*attach = (struct attach){ .folder = folder };
	if (files_path(path, folder, MAP_NAME) != FILES_OK) return refuse(attach, "%.60s... is a path too long for this program: choose a shorter one", folder);
	enum peek_verdict verdict = peek_open(&peek, path);
	if (verdict != PEEK_OK) return refuse_peek(attach, verdict, path);
	bool mapped = map_peek(attach, &peek, path);
	peek_close(&peek);
	if (!mapped) return false;
	attach->holder_pid = attach_holder(attach->map, folder);
	return true;
}

int32_t attach_holder(const struct memory_map *map, const char *folder)
{
	return holder_is(folder, map->stamp->pid) ? map->stamp->pid : 0;
}

void attach_close(struct attach *attach)
{
	if (attach->map) peek_unmap(attach->map, sizeof *attach->map);
	attach->map = 0;
}

int64_t attach_silent_ns(const struct memory_map *map, int32_t holder, int64_t now_ns)
{
	int64_t turn_ns = map->life->turn_ns;
	if (holder) return 0;
	return turn_ns > 0 && turn_ns <= now_ns ? now_ns - turn_ns : -1;
}
