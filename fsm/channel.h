/* channel.h - how workers hand events on: a ring whose slots and cursor lie in different regions.
 *
 * One producer, one consumer, no lock. Pages have one writer, so the slots and the tail belong to the producer's region and the
 * read cursor to the consumer's. The sequence stands inside the slot and is written last: a hop costs one line's travel.
 * A producer may die anywhere: the record is published before it is counted, and its successor calls channel_repair first.
 * The consumer moves its cursor after its step's outputs are published: delivery is at least once, and (channel, seq) tells a repeat.
 *
 * slots   a power of two; records of 64, 128 or 192 bytes, one size a channel, the first eight bytes are the sequence
 * full    channel_put returns false and counts; the producer's table says what a full channel means (never: wait)
 * low_water   the fewest free slots ever seen
 *
 * The record size is a constant at each call, so the compiler makes a plain copy of it. After the Disruptor and FastForward
 * (Giacomoni 2008): the reader's line is looked at only when the known credit is used up. Row P7. */
#ifndef FSM_CHANNEL_H
#define FSM_CHANNEL_H
#include <string.h>

#include "fsm/units.h"

/* In the producer's region, in front of the slots. */
struct channel_tail {
	uint64_t tail;          /* records ever put */
	uint64_t credit;        /* the tail may grow to here before the cursor must be looked at again */
	uint64_t full_count;
	uint64_t low_water;     /* fewest free slots seen */
	uint64_t high_tail_pad[4];
};
_Static_assert(sizeof(struct channel_tail) == 64, "a line of its own");

/* In the consumer's region. */
struct channel_cursor { uint64_t next; uint64_t pad[7]; };
_Static_assert(sizeof(struct channel_cursor) == 64, "a line of its own");

struct channel { struct channel_tail *tail; uint8_t *slots; struct channel_cursor *cursor; uint32_t slots_n, record_bytes; };

/* Binds the parts; clears nothing, so a restarted worker goes on where it was. */
static inline void channel_bind(struct channel *channel, struct channel_tail *tail, void *slots, struct channel_cursor *cursor,
    uint32_t slots_n, uint32_t record_bytes)
{
	BUG_UNLESS(1110, slots_n > 0 && (slots_n & (slots_n - 1)) == 0);
	BUG_UNLESS(1111, record_bytes == 64 || record_bytes == 128 || record_bytes == 192);
	*channel = (struct channel){ tail, slots, cursor, slots_n, record_bytes };
}

/* First use of zeroed memory. */
static inline void channel_init(struct channel *channel)
{
	channel->tail->low_water = channel->slots_n;
	channel->tail->credit = channel->slots_n;
}

/* By the successor of a dead producer, before its first put: counts the record that was published but not yet counted. */
static inline void channel_repair(const struct channel *channel)
{
	struct channel_tail *t = channel->tail;
	const uint8_t       *slot = channel->slots + (t->tail & (channel->slots_n - 1)) * channel->record_bytes;
	if (__atomic_load_n((const uint64_t *)(const void *)slot, __ATOMIC_ACQUIRE) == t->tail + 1) t->tail++;
}

static inline bool channel_room(const struct channel *channel)
{
	struct channel_tail *t = channel->tail;
	if (t->tail < t->credit) return true;
	t->credit = __atomic_load_n(&channel->cursor->next, __ATOMIC_ACQUIRE) + channel->slots_n;
	uint64_t free_slots = t->credit - t->tail;
	if (free_slots < t->low_water) t->low_water = free_slots;
	return free_slots > 0;
}

/* record_bytes must equal the channel's; record's first eight bytes are ignored. */
static inline bool channel_put(const struct channel *channel, const void *record, size_t record_bytes)
{
	struct channel_tail *t = channel->tail;
	BUG_UNLESS(1112, record_bytes == channel->record_bytes);
	if (!channel_room(channel)) {
		t->full_count++;
		t->low_water = 0;
		return false;
	}
	uint8_t *slot = channel->slots + (t->tail & (channel->slots_n - 1)) * record_bytes;
	uint64_t seq = t->tail + 1;
	memcpy(slot + sizeof seq, (const uint8_t *)record + sizeof seq, record_bytes - sizeof seq);
	__atomic_store_n((uint64_t *)(void *)slot, seq, __ATOMIC_RELEASE);
	__atomic_store_n(&t->tail, seq, __ATOMIC_RELEASE);
	return true;
}

/* The record after the `next` first ones ever put, copied out; false when there is none yet. For a consumer that reads ahead of its cursor. */
static inline bool channel_peek_at(const struct channel *channel, uint64_t next, void *record, size_t record_bytes)
{
	const uint8_t *slot = channel->slots + (next & (channel->slots_n - 1)) * record_bytes;
	if (__atomic_load_n((const uint64_t *)(const void *)slot, __ATOMIC_ACQUIRE) != next + 1) return false;
	memcpy(record, slot, record_bytes);
	return true;
}

/* The oldest record not yet done, copied out; false when there is none. */
static inline bool channel_peek(const struct channel *channel, void *record, size_t record_bytes)
{
	return channel_peek_at(channel, channel->cursor->next, record, record_bytes);
}

/* The cursor moves to there: the `next` first records are done. */
static inline void channel_done_to(const struct channel *channel, uint64_t next) { __atomic_store_n(&channel->cursor->next, next, __ATOMIC_RELEASE); }
static inline void channel_done(const struct channel *channel) { channel_done_to(channel, channel->cursor->next + 1); }

/* Records put and not yet done, as the consumer sees it. */
static inline uint64_t channel_waiting(const struct channel *channel)
{
	return __atomic_load_n(&channel->tail->tail, __ATOMIC_ACQUIRE) - channel->cursor->next;
}

#endif
