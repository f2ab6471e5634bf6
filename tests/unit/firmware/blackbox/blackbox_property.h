/* blackbox_property.h - what must hold of the reader of deaths for any bytes whatever: the loop of blackbox_test.c and the fuzzer of tests/fuzz
 * call the same function. A null answer: everything held; otherwise what did not. */
#ifndef TESTS_UNIT_FIRMWARE_BLACKBOX_BLACKBOX_PROPERTY_H
#define TESTS_UNIT_FIRMWARE_BLACKBOX_BLACKBOX_PROPERTY_H
#include "firmware/blackbox/blackbox_parts.h"
#include "hal/store/crc32c.h"

/* What is taken for a death is within the slot, and each text in it ends. */
static const char *blackbox_slot_property(const uint8_t *slot, size_t bytes)
{
	const struct blackbox_death *death = blackbox_parse(slot, bytes);
	if (!death) return 0;
	if (death->bytes > bytes || death->bytes < BLACKBOX_HEAD_BYTES) return "a death is longer than its slot";
	if (death->workers > BLACKBOX_WORKERS_MAX || death->number == 0) return "a figure is out of its bounds";
	if (strnlen(death->process, sizeof death->process) == sizeof death->process) return "a name without an end";
	if (strnlen(death->said, sizeof death->said) == sizeof death->said) return "a sentence without an end";
	for (uint32_t w = 0; w < death->workers; w++) {
		const uint8_t *end = (const uint8_t *)(blackbox_events(death, w) + death->worker[w].events);
		if (end > slot + death->bytes) return "an event lies behind its record";
	}
	return 0;
}

/* The bytes as they are; and laid over the head, at a place they name, with sum and length put right, so that what lies behind the sum is reached. */
static const char *blackbox_property(const uint8_t *bytes, size_t count)
{
	static _Alignas(64) uint8_t slot[BLACKBOX_HEAD_BYTES + 8 * EVENT_BYTES];
	struct blackbox_death *death = (void *)slot;
	size_t room = sizeof slot, at = count > 1 ? (size_t)(bytes[0] | bytes[1] << 8) % BLACKBOX_HEAD_BYTES : 0;
	memset(slot, 0, sizeof slot);
	memcpy(slot, bytes, count < room ? count : room);
	const char *broken = blackbox_slot_property(slot, count < room ? count : room);
	if (broken || count < 2) return broken;
	memset(slot, 0, sizeof slot);
	*death = (struct blackbox_death){ .magic = BLACKBOX_MAGIC, .number = 1, .workers = 2, .worker = { { .events = 5 }, { .events = 3 } } };
	memcpy(slot + at, bytes + 2, count - 2 < room - at ? count - 2 : room - at);
	death->magic = BLACKBOX_MAGIC;
	if (bytes[0] & 1) death->bytes = sizeof slot;
	size_t   events = death->bytes >= BLACKBOX_HEAD_BYTES && death->bytes <= room ? death->bytes - BLACKBOX_HEAD_BYTES : 0;
	uint32_t crc = blackbox_head_sum(slot);
	death->crc = crc32c_end(crc32c_add(crc, slot + BLACKBOX_HEAD_BYTES, events));
	return blackbox_slot_property(slot, room);
}

#endif
