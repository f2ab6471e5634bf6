/* lastwords.h - HOME/lastwords: what the watchdog saw happen to its processes, for whoever looks after everything is dead.
 *
 * A file of LASTWORDS_MAX records of LASTWORDS_BYTES, made whole at once and then written in place, so that a full disk cannot stop it. A record is one
 * line of text (`sort HOME/lastwords` reads it): number, time, process, what happened. Numbers go on from 1 over restarts; the newest takes the oldest's
 * place. A record is written with one pwrite and not synced: it outlives every process, and the machine's power only by luck. A record that
 * is torn or not ours is left out when reading. One writer: the watchdog. Any number of readers. Row P3. */
#ifndef FIRMWARE_LASTWORDS_H
#define FIRMWARE_LASTWORDS_H
#include "fsm/units.h"
#include "hal/linux/files.h"

enum { LASTWORDS_MAX = 64, LASTWORDS_BYTES = 256 };

struct lastwords { uint64_t last_number; int fd; };

/* One record as read: the line without its number and without trailing spaces, terminated. */
struct lastword { uint64_t number; char text[LASTWORDS_BYTES]; };

/* In BOOT. On any verdict but FILES_OK the struct takes words and keeps none: nothing may stop for want of a diary. */
enum files_verdict lastwords_open(struct lastwords *words, const char *folder);
/* wall_ns since 1970. Text beyond the record is cut; control characters become '?'. */
void lastwords_add(struct lastwords *words, int64_t wall_ns, const char *process, const char *what);
void lastwords_close(struct lastwords *words);
/* The records of a folder, oldest first, into `out`; *count of them. */
enum files_verdict lastwords_read(const char *folder, struct lastword out[static LASTWORDS_MAX], uint32_t *count);

#endif
