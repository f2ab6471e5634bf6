/* drain.h - from the rings of the map into the files: a piece of the ledger's turn, which trading does not wait for.
 *
 * While the ledger is stopped or dead the rings go round; what it then finds overtaken is counted and told in the log. Places and counts are in region
 * log_state, so that a successor goes on; one that was killed between a record and its place writes it twice, and readers show it once. Row P8. */
#ifndef FIRMWARE_LOG_DRAIN_H
#define FIRMWARE_LOG_DRAIN_H
#include "firmware/log/file.h"
#include "firmware/memory_map.h"

enum { LOG_DRAIN_A_TURN = 64 };        /* records of one ring */

/* capped, failed, written: of the file's counts, which are of this life, what stands in the region. */
struct log_drain { struct memory_map *map; struct log_file file; uint64_t capped, failed, written; };

struct log_ring *log_ring_of(struct memory_map *map, uint32_t source);
/* The same for who looks at a map; 0 for a writer that has none. */
const struct log_ring *log_ring_seen(const struct memory_map *map, uint32_t source);

/* Whose rings these are from now on: of these writers, bit each. */
void log_rings_begin(struct memory_map *map, uint32_t sources, const char *process);
/* BOOT. False: nothing is kept, all is counted. */
bool log_drain_open(struct log_drain *drain, struct memory_map *map, const char *folder);
/* Records moved. */
uint32_t log_drain_turn(struct log_drain *drain);
/* All that is there; then the files are closed. */
void log_drain_close(struct log_drain *drain);

#endif
