/* lost.h - what a reader of the log has to be told is missing: the counts of its drop records, and of the map what no record tells yet. Row P8. */
#ifndef FIRMWARE_LOG_LOST_H
#define FIRMWARE_LOG_LOST_H
#include "firmware/log/read.h"
#include "firmware/memory_map.h"

/* count: by reason. is_cut: a day's cap was used up, and by how much is not known. */
struct log_lost { uint64_t count[LOG_DROPS_N]; bool is_cut; };
enum { LOG_LOST_BYTES = 256 };

/* Of the records not older than since_ns. */
void log_lost_read(struct log_lost *lost, const struct log_list *list, int64_t since_ns);
/* What is counted in this map and told by no record. Of an appliance that does not run also what waits in the rings, for nobody will write it. */
void log_lost_add(struct log_lost *lost, const struct memory_map *map, bool is_running);
/* One sentence, or 0 when nothing is missing. */
const char *log_lost_text(char text[static LOG_LOST_BYTES], const struct log_lost *lost);

#endif
