/* drain.c - ring by ring. */
#include "firmware/log/drain.h"

#include <stdio.h>

static const size_t ring_at[WRITERS_N] = {
	[WORKER_feed] = offsetof(struct memory_map, log_feed),       [WORKER_context] = offsetof(struct memory_map, log_context),
	[WORKER_analyst] = offsetof(struct memory_map, log_analyst), [WORKER_health] = offsetof(struct memory_map, log_health),
	[WORKER_desk] = offsetof(struct memory_map, log_desk),       [WORKER_ledger] = offsetof(struct memory_map, log_ledger),
	[WORKER_watchdog] = offsetof(struct memory_map, log_watchdog),
};

struct log_ring *log_ring_of(struct memory_map *map, uint32_t source)
{
	BUG_UNLESS(4594, source < WRITERS_N && ring_at[source] != 0);
	return (struct log_ring *)(void *)((uint8_t *)map + ring_at[source]);
}

const struct log_ring *log_ring_seen(const struct memory_map *map, uint32_t source)
{
	return ring_at[source] ? (const void *)((const uint8_t *)map + ring_at[source]) : 0;
}

void log_rings_begin(struct memory_map *map, uint32_t sources, const char *process)
{
	for (uint32_t source = 0; source < WRITERS_N; source++)
		if (sources >> source & 1 && ring_at[source]) (void)snprintf(log_ring_of(map, source)->process, LOG_PROCESS_BYTES, "%s", process);
}

bool log_drain_open(struct log_drain *drain, struct memory_map *map, const char *folder)
{
	*drain = (struct log_drain){ .map = map };
	return log_file_open(&drain->file, folder);
}

/* Not while the disk refuses, nor beyond the day's cap: then it is told later. */
static void tell(struct log_drain *drain, enum log_drop drop)
{
	static const char *const why[LOG_DROPS_N] = { LOG_DROPS(LOG_DROP_WHY) };
	struct log_state        *state = drain->map->log_state;
	uint64_t                 count = state->lost[drop] - state->told[drop];
	struct log_record        record = { .seq = 1, .kind = LOG_KIND_drop, .level = LOG_warn, .source = WORKER_ledger, .sym = SYM_NONE };
	if (count == 0) return;
	log_stamp(&record);
	if (!log_file_takes(&drain->file, record.wall_ns)) return;
	record.drop = (uint8_t)drop;
	record.value = (int64_t)count;
	(void)snprintf(record.process, sizeof record.process, "%s", drain->map->log_ledger[0].process);
	(void)snprintf(record.text, LOG_TEXT_BYTES, "%llu records %s", (unsigned long long)count, why[drop]);
	log_file_add(&drain->file, &record);
	if (!drain->file.is_failing) state->told[drop] += count;
}

static uint32_t drain_one(struct log_drain *drain, uint32_t source)
{
	struct log_state *state = drain->map->log_state;
	struct log_record record;
	uint64_t          next = state->next[source], missed = 0;
	uint32_t          count = 0;
	for (; count < LOG_DRAIN_A_TURN && log_take(log_ring_of(drain->map, source), &next, &missed, &record); count++) {
		log_file_add(&drain->file, &record);
		state->next[source] = next;
	}
	state->next[source] = next;
	state->lost[LOG_DROP_late] += missed;
	return count;
}

/* The file's counts begin anew with each life of the writer, the region's do not. */
static void move_counts(struct log_drain *drain)
{
	struct log_state      *state = drain->map->log_state;
	const struct log_file *file = &drain->file;
	state->lost[LOG_DROP_capped] += file->capped - drain->capped;
	state->lost[LOG_DROP_failed] += file->failed - drain->failed;
	state->written += file->written - drain->written;
	drain->capped = file->capped;
	drain->failed = file->failed;
	drain->written = file->written;
}

uint32_t log_drain_turn(struct log_drain *drain)
{
	uint32_t count = 0;
	for (uint32_t source = 0; source < WRITERS_N; source++)
		if (ring_at[source]) count += drain_one(drain, source);
	move_counts(drain);
	for (uint32_t drop = 0; drop < LOG_DROPS_N; drop++) tell(drain, (enum log_drop)drop);
	move_counts(drain);
	return count;
}

void log_drain_close(struct log_drain *drain)
{
	while (log_drain_turn(drain) > 0) {}
	log_file_close(&drain->file);
}
