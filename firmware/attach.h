/* attach.h - the map of a running appliance, looked at from another process: `tickwork status` and its like.
 *
 * HOME/map is the shared map as a file (or a link to it). Its first page is a stamp that says who made it; attach_open refuses, with one
 * sentence and nothing mapped, what is not there, not ours, not a map, or the map of another build: the layout of the rest is the build's. The map
 * is mapped read-only, so looking changes nothing; it works whether any process of the appliance is alive, the watchdog included.
 * What is read may be half a story: records are copied out under their seqlocks, and STALE is shown as such. Rows P3, P6, R9. */
#ifndef FIRMWARE_ATTACH_H
#define FIRMWARE_ATTACH_H
#include "fsm/units.h"

#define MAP_NAME "map"
#define MAP_STAMP_MAGIC UINT64_C(0x3170616d6b636974)        /* "tickmap1" */

enum { MAP_STAMP_TEXT_BYTES = 32, MAP_STAMP_BUILD_BYTES = 64, ATTACH_SENTENCE_BYTES = 768 };

/* The first page of the map. Never changes its shape: any build reads the stamp of any other. magic is written last. */
struct map_stamp {
	uint64_t magic, bytes;          /* of the whole map */
	int64_t  made_ns;               /* monotonic */
	int32_t  pid;                   /* of the watchdog */
	uint32_t mode;                  /* enum trade_mode: whose money it is */
	char     build[MAP_STAMP_BUILD_BYTES], layout[MAP_STAMP_TEXT_BYTES], venue[MAP_STAMP_TEXT_BYTES];
};

/* What the maker of the map says of itself; texts are cut at MAP_STAMP_TEXT_BYTES - 1. */
struct map_maker { int64_t now_ns; int32_t pid; uint32_t mode; const char *layout, *venue; };

struct memory_map;

/* By the watchdog, once, when everything else in the map stands: from now on others may look. */
void attach_stamp(struct memory_map *map, const struct map_maker *maker);

struct attach {
	const struct memory_map *map;
	const char              *folder;        /* the caller's */
	int32_t                  holder_pid;    /* who holds HOME/lock and made this map; 0: not running */
	char                     sentence[ATTACH_SENTENCE_BYTES];
};

/* False: the sentence says why. */
bool attach_open(struct attach *attach, const char *folder);
void attach_close(struct attach *attach);
/* Who made this map, while it holds the folder's lock; else 0. */
int32_t attach_holder(const struct memory_map *map, const char *folder);
/* For how long the watchdog has not turned; 0 while it runs (holder_pid), -1 when nobody can say (another boot of the machine). */
int64_t attach_silent_ns(const struct memory_map *map, int32_t holder, int64_t now_ns);

#endif
