/* kept.h - the files that a run writes into for good, and whether they are still where it opened them.
 *
 * KEPT rows: file of HOME, the worker that has it open, the condition (fsm/care/degraded.h) while it is gone. Who opens one notes in the map which file that
 * was. Once a second the watchdog, in layout `single` the process itself, asks the path: a file that was removed, moved away, replaced or cut short is
 * GONE. By path and not by its links, because a file that lies elsewhere is not found by the next start either. It is over when the same file is back, or
 * when its process comes back and opens the one that is there. A path that cannot be asked says nothing new.
 *
 * Not in a simulation: its disks are memory and their files have no names that somebody could take away. Rows X2, P3, R9. */
#ifndef FIRMWARE_KEPT_H
#define FIRMWARE_KEPT_H
#include "firmware/memory_map.h"
#include "hal/linux/files.h"

/*        file       its name    worker   what a start does without it */
#define KEPT_FILES(X)                                                                                                    \
	X(JOURNAL, "journal",  desk,   "a start without it begins anew and knows none of these orders")                  \
	X(BOOKS,   "books.db", ledger, "a start without it makes it anew from what the journal still has")
#define KEPT_ID(file, name, worker, without) KEPT_##file,
enum kept_id { KEPT_FILES(KEPT_ID) KEPT_N };

enum { KEPT_LOOK_MS = 1000, KEPT_SENTENCE_BYTES = FILES_PATH_MAX + 256 };
struct kept { int64_t looked_ns; uint32_t gone, news; };        /* bit a file: gone; has gone or come back with the last look */

/* By its worker, as soon as it is open: this is the file. In BOOT. */
void kept_note(struct memory_map *map, enum kept_id id, const char *home);
/* At most once in KEPT_LOOK_MS; true when there are news. */
bool kept_turn(struct kept *kept, const struct memory_map *map, const char *home, int64_t now_ns);
/* The conditions in force, bit each. */
uint64_t kept_conditions(const struct kept *kept);
/* What to say of a file that has gone, or is back. */
const char *kept_sentence(const struct kept *kept, enum kept_id id, const char *home, char text[KEPT_SENTENCE_BYTES]);

#endif
