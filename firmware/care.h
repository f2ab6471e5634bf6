/* care.h - which conditions are in force: what the watchdog knows of its processes, as the desk shall hear it.
 *
 * A worker is missing from the moment its process is held down until that is ready again; a process that dies and comes back is no condition, so
 * a killed worker leaves no trace in the desk's inputs. What each condition means: fsm/care/degraded.h. Rows P3, R9. */
#ifndef FIRMWARE_CARE_H
#define FIRMWARE_CARE_H
#include "firmware/kept.h"
#include "fsm/care/credits.h"

/* The machine's own: its CPU time, the model of its credits where it lives on them, and whether its memory is short: from less than memory_free_mib
 * until an eighth more than that is free. */
enum { CARE_LOOK_MS = 1000 };
struct care { struct credits credits; struct kept kept; const char *home; int stat_fd, memory_fd; bool is_burstable, is_short; int64_t looked_ns; };

/* In BOOT. kind: as machine_kind says it; home: the folder whose files are kept. */
void care_begin(struct care *care, const struct settings *settings, const char *kind, const char *home);
/* Once a turn, at this time since the machine's boot: publishes conditions and credits. */
void care_turn(struct care *care, struct memory_map *map, const struct settings *settings, const uint32_t *placed, uint32_t processes, int64_t now_ns);
void care_end(struct care *care);

/* Is memory short with so much free, when it was, or was not, before? */
bool care_is_short(bool is_short, int64_t free_kib, const struct settings *settings);

/* The conditions of workers (bit each) that follow from those before and the life of the processes; placed: the workers of each, bit each. */
uint64_t care_of_processes(uint64_t before, const struct life *life, const uint32_t *placed, uint32_t processes);

#endif
