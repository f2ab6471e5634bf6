/* json_write.h - writes one JSON value (RFC 8259) into a buffer of the caller. No I/O, no memory of its own.
 *
 *   struct json json;
 *   json_begin(&json, text, sizeof text);
 *   json_object_begin(&json);
 *   json_key(&json, "nav_usd"); json_e8(&json, nav_usd_e8);
 *   json_object_end(&json);
 *   size_t length = json_length(&json);           0: it did not fit
 *
 * Commas are written by the writer. The text is terminated after every call. A value that does not fit sets `overflow`, which
 * stays; nothing is written after it, so the text is then a whole beginning and never to be shown.
 * Strings: escaped; a byte that is not UTF-8 becomes U+FFFD, so what comes out is always valid.
 * Doubles: the shortest decimal that reads back as the same number; NaN and infinity have no JSON and become null.
 * Ends that do not match their begins, a value without a key in an object and nesting over JSON_DEPTH_MAX are bugs. */
#ifndef HAL_WIRE_JSON_WRITE_H
#define HAL_WIRE_JSON_WRITE_H
#include "fsm/units.h"

enum { JSON_DEPTH_MAX = 16 };        /* arrays and objects inside one another */

struct json {
	char  *text;
	size_t size, length;
	uint32_t depth;
	bool   overflow, comma, keyed;
	char   closing[JSON_DEPTH_MAX];
};

/* size counts the terminator. */
void json_begin(struct json *json, char *text, size_t size);

void json_object_begin(struct json *json);
void json_object_end(struct json *json);
void json_array_begin(struct json *json);
void json_array_end(struct json *json);
void json_key(struct json *json, const char *key);

void json_string(struct json *json, const char *text);
/* A text with a length instead of a terminator. */
void json_string_of(struct json *json, const char *text, size_t length);
void json_i64(struct json *json, int64_t number);
void json_u64(struct json *json, uint64_t number);
/* Eight decimals, exact, without zeros at the end: 12.5 for 1250000000. */
void json_e8(struct json *json, int64_t value_e8);
/* Basis points as per cent: 12.34 for 1234. */
void json_bp_pct(struct json *json, int64_t value_bp);
void json_double(struct json *json, double number);
void json_bool(struct json *json, bool truth);
void json_null(struct json *json);
/* A line feed after a whole value, for one object a line; the next value stands alone. */
void json_line(struct json *json);

/* Characters written; 0 when it did not fit. Everything begun must have ended. */
size_t json_length(const struct json *json);

enum { E8_TEXT_BYTES = 24, DOUBLE_TEXT_BYTES = 32 };
/* The same numbers as plain text (CSV uses them): terminated, the length is returned. */
size_t e8_text(char text[E8_TEXT_BYTES], int64_t value_e8);
size_t double_text(char text[DOUBLE_TEXT_BYTES], double number);

#endif
