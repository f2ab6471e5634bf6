/* tape.c - the one point where the world's answers pass. */
#include "hal/tape.h"

#include <string.h>
#include <unistd.h>

#include "hal/store/crc32c.h"

#define TAPE_BLOCK_MAGIC UINT32_C(0x65706174) /* "tape" */
struct block_head { uint32_t magic, number, bytes, crc; };
_Static_assert(sizeof(struct block_head) == TAPE_BLOCK_HEAD, "tape.h: TAPE_BLOCK_HEAD");
_Static_assert(sizeof(struct tape_entry) == 16, "entries lie one after the other, by eights");

#define KIND_TEXT(name, what) what,
const char *const tape_kind_text[TAPE_KINDS_N] = { TAPE_KINDS(KIND_TEXT) };

/* --- recording ---------------------------------------------------------------------------------------------------- */

void tape_record(struct tape *tape, void *bytes, size_t bytes_max)
{
	*tape = (struct tape){ .bytes = bytes, .bytes_max = bytes_max, .mode = TAPE_RECORD, .fd = TAPE_NO_FILE };
}

void tape_to_file(struct tape *tape, int fd, uint64_t file_bytes_max)
{
	tape->fd = fd;
	tape->file_bytes_max = file_bytes_max;
	tape->used = TAPE_BLOCK_HEAD;
}

static uint32_t crc_of(uint32_t number, const uint8_t *payload, uint32_t bytes)
{
	return crc32c_end(crc32c_add(crc32c_add(crc32c_add(CRC32C_BEGIN, &number, sizeof number), &bytes, sizeof bytes), payload, bytes));
}

bool tape_flush(struct tape *tape)
{
	uint32_t bytes = (uint32_t)(tape->used - TAPE_BLOCK_HEAD);
	if (tape->full || tape->fd == TAPE_NO_FILE) return false;
	if (bytes == 0) return true;
	struct block_head head = { TAPE_BLOCK_MAGIC, tape->blocks, bytes, crc_of(tape->blocks, tape->bytes + TAPE_BLOCK_HEAD, bytes) };
	memcpy(tape->bytes, &head, sizeof head);
	if (tape->file_bytes + tape->used > tape->file_bytes_max || write(tape->fd, tape->bytes, tape->used) != (ssize_t)tape->used) {
		tape->full = true;
		return false;
	}
	tape->file_bytes += tape->used;
	tape->blocks++;
	tape->used = TAPE_BLOCK_HEAD;
	return true;
}

static void put(struct tape *tape, const void *from, size_t bytes)
{
	const uint8_t *at = from;
	while (bytes > 0 && !tape->full) {
		size_t room = tape->bytes_max - tape->used, some = bytes < room ? bytes : room;
		memcpy(tape->bytes + tape->used, at, some);
		tape->used += some;
		at += some;
		bytes -= some;
		if (tape->used == tape->bytes_max && tape->fd != TAPE_NO_FILE) (void)tape_flush(tape);
	}
}

static size_t padding(size_t bytes) { return (8 - bytes % 8) % 8; }

void tape_keep(struct tape *tape, struct tape_entry entry, const void *payload)
{
	static const uint8_t zeros[8];
	bool                 has_room = tape->fd != TAPE_NO_FILE || tape->bytes_max - tape->used >= sizeof entry + entry.bytes + padding(entry.bytes);
	tape->full = tape->full || !has_room;
	if (tape->full) return;
	put(tape, &entry, sizeof entry);
	if (payload) put(tape, payload, entry.bytes);
	put(tape, zeros, padding(entry.bytes));
}

/* --- playing ------------------------------------------------------------------------------------------------------ */

void tape_rewind(struct tape *tape)
{
	tape->at = 0;
	tape->mode = TAPE_PLAY;
}

void tape_play(struct tape *tape, void *bytes, size_t used)
{
	*tape = (struct tape){ .bytes = bytes, .bytes_max = used, .used = used, .mode = TAPE_PLAY, .fd = TAPE_NO_FILE };
}

void tape_diverge(struct tape *tape, const char *why)
{
	if (tape->diverged) return;
	tape->diverged = true;
	tape->why = why;
}

bool tape_next(struct tape *tape, struct tape_entry *entry, const uint8_t **payload)
{
	if (tape->diverged || tape->used - tape->at < sizeof *entry) return false;
	memcpy(entry, tape->bytes + tape->at, sizeof *entry);
	size_t bytes = entry->bytes + padding(entry->bytes);
	if (entry->kind >= TAPE_KINDS_N || tape->used - tape->at - sizeof *entry < bytes) return false;
	*payload = tape->bytes + tape->at + sizeof *entry;
	tape->at += sizeof *entry + bytes;
	return true;
}

bool tape_take(struct tape *tape, enum tape_kind kind, uint16_t number, struct tape_entry *entry, const uint8_t **payload)
{
	size_t at = tape->at;
	if (!tape_next(tape, entry, payload)) return false;
	if (entry->kind == kind && entry->number == number) return true;
	tape->at = at;
	tape_diverge(tape, tape_kind_text[entry->kind]);
	return false;
}

size_t tape_unpack(uint8_t *file, size_t bytes, uint64_t *bad_at)
{
	struct block_head head;
	size_t            at = 0, used = 0;
	*bad_at = UINT64_MAX;
	for (uint32_t number = 0; bytes - at >= sizeof head; number++) {
		memcpy(&head, file + at, sizeof head);
		if (head.magic == 0 && head.bytes == 0 && head.crc == 0) return used; /* room that was never needed */
		bool is_block = head.magic == TAPE_BLOCK_MAGIC && head.number == number && head.bytes <= bytes - at - sizeof head;
		if (!is_block || head.crc != crc_of(number, file + at + sizeof head, head.bytes)) {
			*bad_at = at;
			return used;
		}
		memmove(file + used, file + at + sizeof head, head.bytes);
		used += head.bytes;
		at += sizeof head + head.bytes;
	}
	return used;
}

/* --- the ports of hal.h ------------------------------------------------------------------------------------------- */

static bool plays(const struct hal *hal) { return hal->tape && hal->tape->mode == TAPE_PLAY; }

static enum hal_recv play_recv(struct tape *tape, struct event *event)
{
	struct tape_entry entry;
	const uint8_t    *payload;
	if (!tape_take(tape, TAPE_RECV, 0, &entry, &payload)) return HAL_END;
	if (entry.recv == HAL_EVENT) memcpy(event, payload, sizeof *event);
	return (enum hal_recv)entry.recv;
}

enum hal_recv hal_recv(struct hal *hal, struct event *event)
{
	if (plays(hal)) return play_recv(hal->tape, event);
	enum hal_recv got = hal->world->recv(hal->self, event);
	uint32_t      bytes = got == HAL_EVENT ? sizeof *event : 0;
	if (hal->tape) tape_keep(hal->tape, (struct tape_entry){ .kind = TAPE_RECV, .recv = (uint8_t)got, .bytes = bytes }, event);
	return got;
}

void hal_send(struct hal *hal, const struct event *event)
{
	if (!plays(hal)) hal->world->send(hal->self, event);
}

static uint64_t word(struct hal *hal, enum tape_kind kind, uint64_t value)
{
	struct tape_entry entry = { .kind = (uint8_t)kind, .value = value };
	const uint8_t    *payload;
	if (plays(hal)) return tape_take(hal->tape, kind, 0, &entry, &payload) ? entry.value : 0;
	if (hal->tape) tape_keep(hal->tape, entry, 0);
	return value;
}

int64_t hal_now_ns(struct hal *hal) { return (int64_t)word(hal, TAPE_NOW, plays(hal) ? 0 : (uint64_t)hal->world->now_ns(hal->self)); }

uint64_t hal_random(struct hal *hal) { return word(hal, TAPE_RANDOM, plays(hal) ? 0 : hal->world->random(hal->self)); }
