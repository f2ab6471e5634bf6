/* json_property.h - what must hold of the JSON reader for any bytes whatever: the mutation loop of json_test.c and the fuzzer
 * of tests/fuzz call the same function. A null answer: everything held; otherwise what did not. */
#ifndef TESTS_UNIT_HAL_WIRE_JSON_PROPERTY_H
#define TESTS_UNIT_HAL_WIRE_JSON_PROPERTY_H
#include <stddef.h>
#include <string.h>

#include "hal/wire/json.h"
#include "hal/wire/utf8.h"

static const char *json_value_property(const struct json_value *value)
{
	static char text[1 << 16];
	size_t      length;
	int64_t     e8;
	uint32_t    cut = 0;
	double      number;
	if (value->kind == JSON_NUMBER) {
		(void)json_to_double(value, &number);
		(void)json_to_i64(value, &e8);
		if (json_to_e8(value, &e8, &cut) == JSON_OK && cut > 1) return "one number was cut more than once";
	}
	(void)json_e8_of_text(value, &e8, &cut);
	if (value->kind != JSON_STRING && value->kind != JSON_KEY) return 0;
	if (json_text(value, text, sizeof text, &length) != JSON_OK) return "a string has no text";
	if (length > value->length || !utf8_is(text, length)) return "a text grew, or is not UTF-8";
	if (strlen(text) == length && !json_is(value, text)) return "a string is not its own text";
	return 0;
}

/* Every piece lies in the text, pieces come in order, and what begins ends. */
static const char *json_pieces_property(const char *bytes, size_t count, bool *whole)
{
	struct json_reader json;
	struct json_value  value;
	enum json_kind     kind;
	const char        *last = bytes, *broken;
	size_t             pieces = 0;
	int                depth = 0;
	json_open(&json, bytes, count);
	while ((kind = json_next(&json, &value)) != JSON_NONE && kind != JSON_END) {
		if (value.at < last || value.at + value.length > bytes + count) return "a piece lies outside or goes back";
		if (++pieces > count) return "more pieces than bytes";
		depth += (kind == JSON_OBJECT || kind == JSON_ARRAY) - (kind == JSON_OBJECT_END || kind == JSON_ARRAY_END);
		if (depth < 0 || depth > JSON_NESTING_MAX) return "the nesting is wrong";
		if ((broken = json_value_property(&value))) return broken;
		last = value.at + value.length;
	}
	*whole = kind == JSON_END;
	if (*whole && (depth != 0 || json_offset(&json) != count)) return "a right text does not end at its end";
	if (!*whole && json.verdict == JSON_OK) return "an end without a verdict";
	return json_next(&json, &value) == kind ? 0 : "the end did not last";
}

/* Skipping and picking agree with reading piece by piece about what is right. */
static const char *json_property(const char *bytes, size_t count)
{
	static const char *const path[] = { "S", "p", "data", "data.order.qty", "data.order.id", "stream" };
	static struct json_paths paths;
	struct json_value        value, found[6];
	struct json_reader       json;
	bool                     whole = false;
	const char              *broken = json_pieces_property(bytes, count, &whole);
	if (broken) return broken;
	json_open(&json, bytes, count);
	if ((json_next(&json, &value) && json_skip(&json, &value) && json_finish(&json)) != whole) return "skipping judges otherwise";
	if (paths.paths == 0) json_paths_init(&paths, path, 6);
	json_open(&json, bytes, count);
	(void)json_next(&json, &value);
	bool picked = json_pick(&json, &paths, found) && json_finish(&json);
	if (picked && !whole) return "picking takes what is wrong";
	if (whole && !picked && json.verdict != JSON_DUPLICATE && json.verdict != JSON_NOT_OBJECT) return "picking refuses what is right";
	for (size_t i = 0; picked && i < 6; i++)
		if (found[i].kind && (broken = json_value_property(&found[i]))) return broken;
	return 0;
}

#endif
