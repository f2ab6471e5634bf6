/* json_write.c - the writer of json.h: one place adds commas, one place adds bytes, everything else is a sentence. */
#include "hal/wire/json_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hal/wire/digits.h"

static void put(struct json *json, const char *bytes, size_t length)
{
	if (json->overflow) return;
	if (length >= json->size - json->length) {
		json->overflow = true;
		return;
	}
	memcpy(json->text + json->length, bytes, length);
	json->length += length;
	json->text[json->length] = 0;
}

static void put_char(struct json *json, char byte) { put(json, &byte, 1); }

/* What stands before every value: a comma between neighbours, nothing after a key. */
static void value_begin(struct json *json)
{
	bool in_object = json->depth > 0 && json->closing[json->depth - 1] == '}';
	BUG_UNLESS(4100, !in_object || json->keyed);
	if (json->comma && !json->keyed) put_char(json, ',');
	json->keyed = false;
	json->comma = true;
}

static void value(struct json *json, const char *bytes, size_t length)
{
	value_begin(json);
	put(json, bytes, length);
}

static void nest(struct json *json, char opening, char closing)
{
	BUG_UNLESS(4101, json->depth < JSON_DEPTH_MAX);
	value_begin(json);
	put_char(json, opening);
	json->closing[json->depth++] = closing;
	json->comma = false;
}

static void unnest(struct json *json, char closing)
{
	BUG_UNLESS(4102, json->depth > 0 && json->closing[json->depth - 1] == closing && !json->keyed);
	put_char(json, closing);
	json->depth--;
	json->comma = true;
}

void json_begin(struct json *json, char *text, size_t size)
{
	BUG_UNLESS(4103, size > 0);
	*json = (struct json){ .text = text, .size = size };
	text[0] = 0;
}

void json_object_begin(struct json *json) { nest(json, '{', '}'); }
void json_object_end(struct json *json) { unnest(json, '}'); }
void json_array_begin(struct json *json) { nest(json, '[', ']'); }
void json_array_end(struct json *json) { unnest(json, ']'); }

/* Bytes of the UTF-8 character at the start of bytes; 0 when there is none (RFC 3629: no overlong forms, no surrogates). */
static size_t utf8_bytes(const unsigned char *bytes, size_t length)
{
	unsigned char lead = bytes[0];
	size_t        count = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : (lead & 0xf0) == 0xe0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
	if (count == 0 || count > length) return 0;
	for (size_t i = 1; i < count; i++)
		if ((bytes[i] & 0xc0) != 0x80) return 0;
	if ((lead == 0xe0 && bytes[1] < 0xa0) || (lead == 0xed && bytes[1] >= 0xa0)) return 0;
	if ((lead == 0xf0 && bytes[1] < 0x90) || (lead == 0xf4 && bytes[1] >= 0x90)) return 0;
	return count;
}

static void put_escaped(struct json *json, unsigned char byte)
{
	static const char named[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
	const char *at = byte ? strchr(named, byte) : 0;
	char        text[8];
	if (at) (void)snprintf(text, sizeof text, "\\%c", letter[at - named]);
	else (void)snprintf(text, sizeof text, "\\u%04x", (unsigned)byte);
	put(json, text, strlen(text));
}

static void put_string(struct json *json, const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	put_char(json, '"');
	for (size_t at = 0; at < length;) {
		size_t count = utf8_bytes(bytes + at, length - at);
		bool   plain = bytes[at] >= 0x20 && bytes[at] != '"' && bytes[at] != '\\' && bytes[at] != 0x7f;
		if (count == 0) put(json, "\xef\xbf\xbd", 3);
		else if (plain) put(json, text + at, count);
		else put_escaped(json, bytes[at]);
		at += count ? count : 1;
	}
	put_char(json, '"');
}

void json_key(struct json *json, const char *key)
{
	BUG_UNLESS(4104, json->depth > 0 && json->closing[json->depth - 1] == '}' && !json->keyed);
	if (json->comma) put_char(json, ',');
	put_string(json, key, strlen(key));
	put_char(json, ':');
	json->keyed = true;
}

void json_string_of(struct json *json, const char *text, size_t length)
{
	value_begin(json);
	put_string(json, text, length);
}

void json_string(struct json *json, const char *text) { json_string_of(json, text, strlen(text)); }

static uint64_t size_of(int64_t number) { return number < 0 ? 0 - (uint64_t)number : (uint64_t)number; }

static void whole(struct json *json, uint64_t size, bool is_negative)
{
	char text[DIGITS_MAX + 1], *end = text + sizeof text, *at = digits_before(end, size, 1);
	if (is_negative) *--at = '-';
	value(json, at, (size_t)(end - at));
}

void json_i64(struct json *json, int64_t number) { whole(json, size_of(number), number < 0); }
void json_u64(struct json *json, uint64_t number) { whole(json, number, false); }

/* A number with `decimals` decimals behind the point, without zeros at its end. */
static size_t fixed_text(char text[E8_TEXT_BYTES], int64_t number, uint64_t one, int decimals)
{
	char     all[E8_TEXT_BYTES], *end = all + sizeof all, *at = digits_before(end, size_of(number) % one, decimals);
	size_t   length;
	*--at = '.';
	at = digits_before(at, size_of(number) / one, 1);
	if (number < 0) *--at = '-';
	while (end[-1] == '0') end--;
	if (end[-1] == '.') end--;
	length = (size_t)(end - at);
	memcpy(text, at, length);
	text[length] = 0;
	return length;
}

size_t e8_text(char text[E8_TEXT_BYTES], int64_t value_e8) { return fixed_text(text, value_e8, (uint64_t)E8, 8); }

void json_e8(struct json *json, int64_t value_e8)
{
	char text[E8_TEXT_BYTES];
	value(json, text, e8_text(text, value_e8));
}

void json_bp_pct(struct json *json, int64_t value_bp)
{
	char text[E8_TEXT_BYTES];
	value(json, text, fixed_text(text, value_bp, 100, 2));
}

size_t double_text(char text[DOUBLE_TEXT_BYTES], double number)
{
	if (!isfinite(number)) return (size_t)snprintf(text, DOUBLE_TEXT_BYTES, "null");
	if (number == 0) number = 0;        /* no minus zero */
	int length = 0;
	for (int digits = 15; digits <= 17; digits++) {
		length = snprintf(text, DOUBLE_TEXT_BYTES, "%.*g", digits, number);
		if (strtod(text, 0) == number) break;
	}
	return (size_t)length;
}

void json_double(struct json *json, double number)
{
	char text[DOUBLE_TEXT_BYTES];
	value(json, text, double_text(text, number));
}

void json_bool(struct json *json, bool truth) { value(json, truth ? "true" : "false", truth ? 4 : 5); }
void json_null(struct json *json) { value(json, "null", 4); }

void json_line(struct json *json)
{
	BUG_UNLESS(4105, json->depth == 0);
	put_char(json, '\n');
	json->comma = false;
}

size_t json_length(const struct json *json)
{
	BUG_UNLESS(4106, json->depth == 0 || json->overflow);
	return json->overflow ? 0 : json->length;
}
