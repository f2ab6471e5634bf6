/* memory_map.c - the map as rows, made once and narrowed for each process. */
#include "firmware/memory_map.h"

#include <string.h>

#include "hal/linux/memory.h"

/* One address in every process and every run: far from where the kernel puts a non-PIE program and its stacks. */
#define MAP_ADDRESS ((uintptr_t)UINT64_C(0x200000000000))

#define REGION_ROW(name, type, count, writer, readers, what) \
	{ #name, readers, what, offsetof(struct memory_map, name), sizeof(((struct memory_map *)0)->name), WORKER_##writer },
#define CHANNEL_REGION_ROWS(name, bytes, slots, producer, consumer, priority, what)                                              \
	{ #name ".slots", #consumer, what, offsetof(struct memory_map, name##_ring), sizeof(struct name##_slots), WORKER_##producer }, \
	{ #name ".cursor", #producer, "how far " #consumer " has read", offsetof(struct memory_map, name##_cursor),              \
		sizeof(struct channel_cursor), WORKER_##consumer },
const struct region_row region_rows[REGION_ROWS_N] = { REGIONS(REGION_ROW) CHANNELS(CHANNEL_REGION_ROWS) };

const char *writer_name(uint8_t writer) { return writer == WORKER_watchdog ? "watchdog" : workers[writer].name; }

#define CHANNEL_ROW(name, bytes, slots, producer, consumer, priority, what) \
	{ #name, what, bytes, slots, WORKER_##producer, WORKER_##consumer, priority },
const struct channel_row channel_rows[CHANNELS_N] = { CHANNELS(CHANNEL_ROW) };

_Static_assert(sizeof(struct memory_map) <= (size_t)CFG_budget_all_kib * 1024, "config.h: the shared map is over the budget");

static struct memory_map *with_channels(struct memory_map *map)
{
	if (!map) return 0;
	for (int i = 0; i < CHANNELS_N; i++) {
		struct channel channel;
		map_channel(map, (enum channel_id)i, &channel);
		channel_init(&channel);
	}
	return map;
}

struct memory_map *map_make(void) { return with_channels(memory_share_at(MAP_ADDRESS, sizeof(struct memory_map))); }

struct memory_map *map_make_file(const char *folder, char sentence[MAP_FILE_SENTENCE_BYTES])
{
	return with_channels(map_file_make(folder, MAP_ADDRESS, sizeof(struct memory_map), sentence));
}

void map_drop(struct memory_map *map) { memory_give(map, sizeof *map); }

static size_t region_end(const struct region_row *row) { return row->offset + (row->bytes + MAP_PAGE_BYTES - 1) / MAP_PAGE_BYTES * MAP_PAGE_BYTES; }

/* Neighbours with the same right in one call. */
bool map_narrow(struct memory_map *map, uint32_t worker_mask)
{
	bool ok = true;
	for (size_t i = 0, end; i < REGION_ROWS_N && ok; i = end) {
		bool     writes = worker_mask >> region_rows[i].writer & 1;
		uint8_t *from = (uint8_t *)map + region_rows[i].offset;
		for (end = i + 1; end < REGION_ROWS_N && (worker_mask >> region_rows[end].writer & 1) == writes;) end++;
		size_t bytes = region_end(&region_rows[end - 1]) - region_rows[i].offset;
		ok = writes ? memory_writable(from, bytes) : memory_read_only(from, bytes);
	}
	return ok;
}

/* Half a channel is not used where the other half's worker is not. */
static bool is_used(size_t row, uint32_t workers)
{
	const struct region_row *other = row < REGIONS_N ? &region_rows[row] : &region_rows[REGIONS_N + ((row - REGIONS_N) ^ 1)];
	return (workers >> region_rows[row].writer & 1) && (workers >> other->writer & 1);
}

void map_touch(const struct memory_map *map, uint32_t workers)
{
	for (size_t i = 0, end; i < REGION_ROWS_N; i = end) {
		for (end = i + 1; end < REGION_ROWS_N && is_used(end, workers) == is_used(i, workers);) end++;
		if (is_used(i, workers)) memory_touch((const uint8_t *)map + region_rows[i].offset, region_end(&region_rows[end - 1]) - region_rows[i].offset);
	}
}

void map_channel(struct memory_map *map, enum channel_id id, struct channel *channel)
{
	const struct channel_row *row = &channel_rows[id];
	uint8_t                  *ring = (uint8_t *)map + region_rows[REGIONS_N + 2 * (size_t)id].offset;
	uint8_t                  *cursor = (uint8_t *)map + region_rows[REGIONS_N + 2 * (size_t)id + 1].offset;
	channel_bind(channel, (struct channel_tail *)(void *)ring, ring + sizeof(struct channel_tail), (struct channel_cursor *)(void *)cursor,
	    row->slots, row->record_bytes);
}

/* What is there already is not written again: the version would look like news to who has seen it. */
void cell_write(struct event_cell *cell, const struct event *event)
{
	bool           same_output = cell->event.cause == event->cause && cell->event.index == event->index && (cell->lock.version & 1) == 0;
	const uint8_t *there = (const uint8_t *)&cell->event, *wanted = (const uint8_t *)event;        /* an event has no padding that matters: it is made whole */
	if (same_output && memcmp(there, wanted, sizeof *event) == 0) return;
	seqlock_write(&cell->lock, &cell->event, event, sizeof *event);
}

bool cell_read(const struct event_cell *cell, struct event *event) { return seqlock_read(&cell->lock, event, &cell->event, sizeof *event); }

void cell_repair(struct event_cell *cell)
{
	static const struct event invalid = { 0 };
	if (seqlock_is_torn(&cell->lock)) memcpy(&cell->event, &invalid, sizeof invalid);        /* first: the repairer may die too */
	seqlock_repair(&cell->lock);
}
