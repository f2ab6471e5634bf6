/* footprint.h - a process says what the kernel counts for it: nobody else may read the /proc of a worker.
 *
 * Published into the shared map (struct footprint of memory_map.h: of its first worker's progress, the watchdog's in `life`), when it begins and then
 * every FOOTPRINT_EVERY_S, by a process that turns. Two preads of descriptors opened in BOOT and a look at the painted stack: about 0.2 ms.
 * Without /proc the kernel's figures stay 0: not known. Rows O10, P3, O4. */
#ifndef FIRMWARE_FOOTPRINT_H
#define FIRMWARE_FOOTPRINT_H
#include "firmware/memory_map.h"
#include "hal/linux/usage.h"

enum { FOOTPRINT_EVERY_S = 5 };

struct footprint_watch { struct usage_probe probe; struct footprint *out; int64_t due_ns; };

/* In BOOT, in the process that it is about. */
void footprint_begin(struct footprint_watch *watch, struct footprint *out, uint64_t declared_bytes);
/* Looks and publishes, when it is due; true when it was. */
bool footprint_turn(struct footprint_watch *watch, int64_t now_ns);
void footprint_end(struct footprint_watch *watch);

#endif
