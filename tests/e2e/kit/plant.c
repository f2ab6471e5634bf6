/* plant.c - puts one bug into a copy of a journal, with every number and checksum right again, for tests/e2e/check.sh.
 *
 *   plant JOURNAL drop|double|position|cash        drop: the first FILL and its RESULT are gone; double: they come twice; position, cash: the last
 *                                                  note of the desk is off by 1e-8
 * Written from hal/store/JOURNAL.md; the first segment only. Exit code 0 when it is in. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, HEAD = 24, INPUT = 1, RESULT = 2, EVENT_HEAD = 32, FILL = 22, POSITION = 25, ACCOUNT = 26, KINDS_AT = 72, EVENTS_AT = 24 };

static uint8_t *file, *segment;
static size_t   bytes;

static uint64_t get(const uint8_t *at, int width)
{
	uint64_t value = 0;
	for (int i = width; i-- > 0;) value = value << 8 | at[i];
	return value;
}

static void put(uint8_t *at, int width, uint64_t value)
{
	for (int i = 0; i < width; i++) at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t sum_of(const uint8_t *at, size_t length)
{
	uint32_t sum = UINT32_MAX;
	for (size_t i = 0; i < length; i++) {
		sum ^= at[i];
		for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0x82f63b78u : 0);
	}
	return ~sum;
}

static size_t   record_bytes(const uint8_t *at) { return HEAD + (size_t)get(at, 4); }
static unsigned type_of(const uint8_t *at) { return (unsigned)get(at + 4, 2); }
static bool     is_end(const uint8_t *at) { return get(at, 4) == 0; }
static uint8_t *first_record(void) { return segment + PAGE; }

/* Sequences and input numbers from here on go on by so many; all checksums are made again. */
static void renumber(uint8_t *at, int64_t records, int64_t inputs)
{
	for (; !is_end(at); at += record_bytes(at)) {
		put(at + 8, 8, get(at + 8, 8) + (uint64_t)records);
		put(at + HEAD, 8, get(at + HEAD, 8) + (uint64_t)inputs);
		put(at + 16, 4, sum_of(at + HEAD, (size_t)get(at, 4)));
		put(at + 20, 4, sum_of(at, 20));
	}
}

/* The first INPUT that is a FILL; its RESULT follows. */
static uint8_t *first_fill(void)
{
	for (uint8_t *at = first_record(); !is_end(at); at += record_bytes(at))
		if (type_of(at) == INPUT && get(at + HEAD + 8 + 24, 2) == FILL) return at;
	return 0;
}

static uint8_t *end_of_records(void)
{
	uint8_t *at = first_record();
	while (!is_end(at)) at += record_bytes(at);
	return at;
}

static bool drop(void)
{
	uint8_t *fill = first_fill(), *end = end_of_records();
	if (!fill) return false;
	size_t step = record_bytes(fill) + record_bytes(fill + record_bytes(fill));
	memmove(fill, fill + step, (size_t)(end - fill) - step);
	memset(end - step, 0, step);
	renumber(fill, -2, -1);
	return true;
}

static bool twice(void)
{
	uint8_t *fill = first_fill(), *end = end_of_records();
	if (!fill) return false;
	size_t step = record_bytes(fill) + record_bytes(fill + record_bytes(fill));
	if ((size_t)(segment + get(file + 24, 8) - end) < step + HEAD) return false;
	memmove(fill + step, fill, (size_t)(end - fill));
	renumber(fill + step, 2, 1);
	return true;
}

/* The last event of that kind in a RESULT: the first eight bytes of its payload. */
static bool change(unsigned kind)
{
	uint8_t *found = 0, *record = 0;
	for (uint8_t *at = first_record(); !is_end(at); at += record_bytes(at)) {
		if (type_of(at) != RESULT) continue;
		uint8_t *event = at + HEAD + EVENTS_AT;
		for (uint64_t i = 0; i < get(at + HEAD + 8, 4); i++) {
			unsigned of = (unsigned)get(event + 24, 2);
			if (of == kind) found = event + EVENT_HEAD, record = at;
			event += EVENT_HEAD + segment[KINDS_AT + of];
		}
	}
	if (!found) return false;
	put(found, 8, get(found, 8) + 1);
	renumber(record, 0, 0);
	return true;
}

int main(int count, char **word)
{
	FILE *in = count == 3 ? fopen(word[1], "rb+") : 0;
	if (!in || fseek(in, 0, SEEK_END) != 0) return 2;
	bytes = (size_t)ftell(in);
	file = malloc(bytes);
	segment = file + PAGE;
	rewind(in);
	if (!file || fread(file, 1, bytes, in) != bytes) return 2;
	bool done = strcmp(word[2], "drop") == 0 ? drop() : strcmp(word[2], "double") == 0 ? twice() : change(strcmp(word[2], "cash") == 0 ? ACCOUNT : POSITION);
	rewind(in);
	return !done || fwrite(file, 1, bytes, in) != bytes || fclose(in) != 0;
}
