/* lost.c - sums of what was counted instead of written. */
#include "firmware/log/lost.h"

#include <stdio.h>

#include "firmware/log/drain.h"

void log_lost_read(struct log_lost *lost, const struct log_list *list, int64_t since_ns)
{
	*lost = (struct log_lost){ .is_cut = false };
	for (uint32_t i = 0; i < list->count; i++) {
		const struct log_record *record = &list->record[i];
		if (record->kind != LOG_KIND_drop || record->wall_ns < since_ns || record->drop >= LOG_DROPS_N) continue;
		if (record->value > 0) lost->count[record->drop] += (uint64_t)record->value;
		if (record->drop == LOG_DROP_capped) lost->is_cut = record->value == 0;
	}
}

void log_lost_add(struct log_lost *lost, const struct memory_map *map, bool is_running)
{
	const struct log_state *state = map->log_state;
	for (uint32_t drop = 0; drop < LOG_DROPS_N; drop++) lost->count[drop] += state->lost[drop] - state->told[drop];
	if (state->lost[LOG_DROP_capped] != state->told[LOG_DROP_capped]) lost->is_cut = false;        /* these are they */
	for (uint32_t source = 0; source < WRITERS_N; source++) {
		const struct log_ring *ring = log_ring_seen(map, source);
		uint64_t waiting = ring ? __atomic_load_n(&ring->count, __ATOMIC_ACQUIRE) - state->next[source] : 0;
		uint64_t kept = is_running ? LOG_SLOTS : 0;
		lost->count[LOG_DROP_late] += waiting > kept ? waiting - kept : 0;
	}
}

const char *log_lost_text(char text[static LOG_LOST_BYTES], const struct log_lost *lost)
{
	static const char *const why[LOG_DROPS_N] = { LOG_DROPS(LOG_DROP_WHY) };
	const char              *before = ": ";
	uint64_t                 all = 0;
	for (uint32_t drop = 0; drop < LOG_DROPS_N; drop++) all += lost->count[drop];
	if (all == 0 && !lost->is_cut) return 0;
	int at = snprintf(text, LOG_LOST_BYTES, "%llu records of the log are missing", (unsigned long long)all);
	for (uint32_t drop = 0; drop < LOG_DROPS_N; drop++) {
		if (lost->count[drop] == 0) continue;
		at += snprintf(text + at, (size_t)(LOG_LOST_BYTES - at), "%s%llu %s", before, (unsigned long long)lost->count[drop], why[drop]);
		before = ", ";
	}
	if (lost->is_cut) (void)snprintf(text + at, (size_t)(LOG_LOST_BYTES - at), "%sall after log_day_kib of a day was used up", before);
	return text;
}
