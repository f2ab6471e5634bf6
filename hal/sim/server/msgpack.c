/* msgpack.c - see msgpack.h (specification: github.com/msgpack/msgpack, spec.md). */
#include "hal/sim/server/msgpack.h"

#include <string.h>

#include "hal/sim/server/stamp.h"
#include "hal/wire/json.h"

enum {
	FIXMAP = 0x80, FIXARRAY = 0x90, FIXSTR = 0xa0, NIL = 0xc0, FALSE_ = 0xc2, TRUE_ = 0xc3, BIN8 = 0xc4, BIN16 = 0xc5, EXT8 = 0xc7, FLOAT64 = 0xcb,
	UINT8 = 0xcc, UINT64 = 0xcf, INT8 = 0xd0, INT64 = 0xd3, STR8 = 0xd9, STR16 = 0xda, ARRAY16 = 0xdc, MAP16 = 0xde, TIMESTAMP = 0xff,
	TEXT_MAX = 512
};

/* --- out ---------------------------------------------------------------------------------------------------------- */

struct packer { char *at; size_t size, length; bool full; };

static void put(struct packer *out, const void *bytes, size_t count)
{
	if (out->size - out->length < count) out->full = true;
	if (out->full) return;
	memcpy(out->at + out->length, bytes, count);
	out->length += count;
}

static void put_number(struct packer *out, uint64_t value, int bytes)
{
	uint8_t big[8];
	for (int i = 0; i < bytes; i++) big[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
	put(out, big, (size_t)bytes);
}

static void put_head(struct packer *out, int head) { put_number(out, (uint64_t)head, 1); }

static void put_int(struct packer *out, int64_t value)
{
	if (value >= 0 && value < 128) {
		put_head(out, (int)value);
		return;
	}
	put_head(out, INT64);
	put_number(out, (uint64_t)value, 8);
}

static void put_double(struct packer *out, double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	put_head(out, FLOAT64);
	put_number(out, bits, 8);
}

static void put_text(struct packer *out, const char *text, size_t length)
{
	put_head(out, STR16);
	put_number(out, length, 2);
	put(out, text, length);
}

/* Extension -1 of twelve bytes: nanoseconds, then seconds. */
static void put_stamp(struct packer *out, int64_t t_ns)
{
	put_head(out, EXT8);
	put_head(out, 12);
	put_head(out, TIMESTAMP);
	put_number(out, (uint64_t)(t_ns % NS_PER_S), 4);
	put_number(out, (uint64_t)(t_ns / NS_PER_S), 8);
}

static bool is_stamp(const struct json_value *key) { return json_is(key, "t") || json_is(key, "created_at") || json_is(key, "updated_at"); }

/* A map or array that is open: where its count stands, and what it is so far. */
struct level { size_t at; uint32_t count; bool map; };

static void put_string(struct packer *out, const struct json_value *value, bool stamp)
{
	char    text[TEXT_MAX];
	size_t  length;
	int64_t t_ns;
	bool    is_date;
	if (json_text(value, text, sizeof text, &length) != JSON_OK) out->full = true;
	else if (stamp && stamp_parse(text, length, &t_ns, &is_date)) put_stamp(out, t_ns);
	else put_text(out, text, length);
}

static void put_value(struct packer *out, const struct json_value *value, bool stamp)
{
	int64_t whole;
	double  number = 0;
	if (value->kind == JSON_STRING) put_string(out, value, stamp);
	else if (value->kind == JSON_NUMBER && json_to_i64(value, &whole) == JSON_OK) put_int(out, whole);
	else if (value->kind == JSON_NUMBER && json_to_double(value, &number) == JSON_OK) put_double(out, number);
	else put_head(out, value->kind == JSON_TRUE ? TRUE_ : value->kind == JSON_FALSE ? FALSE_ : NIL);
}

static void open_level(struct packer *out, struct level *level, bool map)
{
	put_head(out, map ? MAP16 : ARRAY16);
	*level = (struct level){ out->length, 0, map };
	put_number(out, 0, 2);
}

static void close_level(struct packer *out, const struct level *level)
{
	if (out->full) return;
	out->at[level->at] = (char)(level->count >> 8);
	out->at[level->at + 1] = (char)level->count;
}

bool msgpack_of_json(const char *text, size_t length, char *packed, size_t size, size_t *packed_bytes)
{
	struct packer      out = { .at = packed, .size = size };
	struct json_reader json;
	struct json_value  value;
	struct level       level[MSGPACK_NESTING_MAX];
	uint32_t           depth = 0;
	bool               stamp = false;
	json_open(&json, text, length);
	for (enum json_kind kind; (kind = json_next(&json, &value)) != JSON_END && kind != JSON_NONE && !out.full;) {
		if (kind == JSON_OBJECT_END || kind == JSON_ARRAY_END) {
			if (depth == 0) return false;
			close_level(&out, &level[--depth]);
			continue;
		}
		if (depth > 0 && (kind == JSON_KEY || !level[depth - 1].map)) level[depth - 1].count++;
		if (kind == JSON_KEY) {
			put_string(&out, &value, false);
			stamp = is_stamp(&value);
		} else if (kind == JSON_OBJECT || kind == JSON_ARRAY) {
			if (depth == MSGPACK_NESTING_MAX) return false;
			open_level(&out, &level[depth++], kind == JSON_OBJECT);
		} else put_value(&out, &value, stamp);
	}
	*packed_bytes = out.length;
	return !out.full && json.verdict == JSON_OK;
}

/* --- in ----------------------------------------------------------------------------------------------------------- */

struct unpacker { const uint8_t *next, *end; bool bad; };

static uint64_t take(struct unpacker *in, size_t bytes)
{
	uint64_t value = 0;
	if ((size_t)(in->end - in->next) < bytes) in->bad = true;
	if (in->bad) return 0;
	for (size_t i = 0; i < bytes; i++) value = value << 8 | *in->next++;
	return value;
}

static const char *take_text(struct unpacker *in, uint64_t length)
{
	const char *at = (const char *)in->next;
	if ((uint64_t)(in->end - in->next) < length) in->bad = true;
	if (in->bad) return "";
	in->next += length;
	return at;
}

/* The length of a string or of bytes whose head this is; false when it is neither. */
static bool text_length(struct unpacker *in, uint8_t head, uint64_t *length)
{
	if (head >= FIXSTR && head < NIL) *length = head & 0x1fu;
	else if (head >= STR8 && head <= STR8 + 2) *length = take(in, (size_t)1 << (head - STR8));
	else if (head >= BIN8 && head <= BIN8 + 2) *length = take(in, (size_t)1 << (head - BIN8));
	else return false;
	return true;
}

static bool counted(struct unpacker *in, uint8_t head, int fix, int wide, uint64_t *count)
{
	if ((head & 0xf0) == fix) *count = head & 0x0fu;
	else if (head == wide) *count = take(in, 2);
	else if (head == wide + 1) *count = take(in, 4);
	else return false;
	return true;
}

static bool write_number(struct unpacker *in, uint8_t head, struct json *json)
{
	if (head < 0x80) json_i64(json, head);
	else if (head >= 0xe0) json_i64(json, (int8_t)head);
	else if (head >= UINT8 && head <= UINT64) json_u64(json, take(in, (size_t)1 << (head - UINT8)));
	else if (head >= INT8 && head <= INT64) {
		int      bytes = 1 << (head - INT8);
		uint64_t value = take(in, (size_t)bytes);
		json_i64(json, (int64_t)(value << (64 - 8 * bytes)) >> (64 - 8 * bytes));
	} else if (head == FLOAT64) {
		double   number;
		uint64_t bits = take(in, 8);
		memcpy(&number, &bits, sizeof number);
		json_double(json, number);
	} else return false;
	return true;
}

static void write_scalar(struct unpacker *in, uint8_t head, struct json *json)
{
	uint64_t length;
	if (text_length(in, head, &length)) {
		const char *at = take_text(in, length);
		if (!in->bad) json_string_of(json, at, length);
	} else if (head == TRUE_ || head == FALSE_) json_bool(json, head == TRUE_);
	else if (head == NIL) json_null(json);
	else if (!write_number(in, head, json)) in->bad = true;
}

static void write_key(struct unpacker *in, struct json *json)
{
	char     key[TEXT_MAX];
	uint64_t length = 0;
	if (!text_length(in, (uint8_t)take(in, 1), &length) || length >= sizeof key) in->bad = true;
	const char *at = take_text(in, length);
	if (in->bad) return;
	memcpy(key, at, length);
	key[length] = '\0';
	json_key(json, key);
}

/* What is open: how many elements or members are still to come. */
struct open { uint64_t left; bool map; };

bool msgpack_to_json(const char *packed, size_t count, struct json *json)
{
	struct unpacker in = { .next = (const uint8_t *)packed, .end = (const uint8_t *)packed + count };
	struct open     open[MSGPACK_NESTING_MAX];
	uint32_t        depth = 0;
	do {
		uint64_t inner;
		if (depth > 0 && open[depth - 1].left == 0) {
			if (open[--depth].map) json_object_end(json);
			else json_array_end(json);
			continue;
		}
		if (depth > 0) open[depth - 1].left--;
		if (depth > 0 && open[depth - 1].map) write_key(&in, json);
		uint8_t head = (uint8_t)take(&in, 1);
		bool    map = !in.bad && counted(&in, head, FIXMAP, MAP16, &inner), array = !in.bad && !map && counted(&in, head, FIXARRAY, ARRAY16, &inner);
		if (in.bad) return false;
		if (!map && !array) {
			write_scalar(&in, head, json);
			continue;
		}
		if (depth == MSGPACK_NESTING_MAX) return false;
		if (map) json_object_begin(json);
		else json_array_begin(json);
		open[depth++] = (struct open){ inner, map };
	} while (!in.bad && depth > 0);
	return !in.bad && !json->overflow && in.next == in.end;
}
