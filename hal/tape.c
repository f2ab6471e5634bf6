/* tape.c - the one point where the world's answers pass. */
#include "hal/tape.h"

#include <string.h>

enum tape_kind { TAPE_RECV = 1, TAPE_NOW, TAPE_RANDOM };
struct tape_entry { uint8_t kind, recv, pad[6]; uint64_t value; };

void tape_record(struct tape *tape, void *bytes, size_t bytes_max) { *tape = (struct tape){ .bytes = bytes, .bytes_max = bytes_max, .mode = TAPE_RECORD }; }

void tape_rewind(struct tape *tape)
{
	tape->at = 0;
	tape->mode = TAPE_PLAY;
}

static void keep(struct tape *tape, struct tape_entry entry, const struct event *event)
{
	size_t bytes = sizeof entry + (event ? sizeof *event : 0);
	if (tape->full || tape->bytes_max - tape->used < bytes) {
		tape->full = true;
		return;
	}
	memcpy(tape->bytes + tape->used, &entry, sizeof entry);
	if (event) memcpy(tape->bytes + tape->used + sizeof entry, event, sizeof *event);
	tape->used += bytes;
}

static bool next(struct tape *tape, enum tape_kind kind, struct tape_entry *entry)
{
	if (tape->diverged || tape->used - tape->at < sizeof *entry) return false;
	memcpy(entry, tape->bytes + tape->at, sizeof *entry);
	if (entry->kind != kind) {
		tape->diverged = true;
		return false;
	}
	tape->at += sizeof *entry;
	return true;
}

static bool plays(const struct hal *hal) { return hal->tape && hal->tape->mode == TAPE_PLAY; }

static enum hal_recv play_recv(struct tape *tape, struct event *event)
{
	struct tape_entry entry;
	if (!next(tape, TAPE_RECV, &entry)) return HAL_END;
	if (entry.recv == HAL_EVENT) {
		memcpy(event, tape->bytes + tape->at, sizeof *event);
		tape->at += sizeof *event;
	}
	return (enum hal_recv)entry.recv;
}

enum hal_recv hal_recv(struct hal *hal, struct event *event)
{
	if (plays(hal)) return play_recv(hal->tape, event);
	enum hal_recv got = hal->world->recv(hal->self, event);
	if (hal->tape) keep(hal->tape, (struct tape_entry){ TAPE_RECV, (uint8_t)got, { 0 }, 0 }, got == HAL_EVENT ? event : 0);
	return got;
}

void hal_send(struct hal *hal, const struct event *event)
{
	if (!plays(hal)) hal->world->send(hal->self, event);
}

static uint64_t word(struct hal *hal, enum tape_kind kind, uint64_t value)
{
	struct tape_entry entry = { (uint8_t)kind, 0, { 0 }, value };
	if (plays(hal)) return next(hal->tape, kind, &entry) ? entry.value : 0;
	if (hal->tape) keep(hal->tape, entry, 0);
	return value;
}

int64_t hal_now_ns(struct hal *hal) { return (int64_t)word(hal, TAPE_NOW, plays(hal) ? 0 : (uint64_t)hal->world->now_ns(hal->self)); }

uint64_t hal_random(struct hal *hal) { return word(hal, TAPE_RANDOM, plays(hal) ? 0 : hal->world->random(hal->self)); }
