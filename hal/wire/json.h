/* json.h - reads JSON (RFC 8259, strictly): bytes in, values out. No I/O, no tree, no copies, no memory of its own.
 *
 * The whole text lies in one buffer of the caller and stays there while values are used: a value is a slice of it. One pass
 * checks everything as it goes: nesting, commas, escapes, surrogate pairs, UTF-8, the form of numbers. An error stays
 * (json->verdict), every call after it says JSON_NONE or false, and json_offset says at which byte.
 *
 *   struct json_reader json;                                {"T":"t","S":"AAPL","p":187.255,"s":100}
 *   json_open(&json, bytes, count);
 *   for (json_array(&json); json_element(&json, &value);)
 *           if (json_pick(&json, &trade_paths, found)) take(found);
 *   if (!json_finish(&json)) say(json_verdict_text[json.verdict], json_offset(&json));
 *
 * Refused though some readers take it: a byte order mark, NaN, comments, a lone surrogate (\ud800 names no character), nesting
 * over JSON_NESTING_MAX. A number may have any size and length; its conversion says whether it fits.
 * A key that comes twice: json_pick refuses it when it was asked for (two quantities in one fill are no quantity) and does not
 * look at keys nobody asked for; json_next gives every key as it stands.
 * The writer is json_write.h. Rows: X5, "Bad input". */
#ifndef HAL_WIRE_JSON_H
#define HAL_WIRE_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	JSON_BYTES_MAX = 64 << 20,      /* bytes of one text */
	JSON_NESTING_MAX = 64,          /* arrays and objects inside one another; one bit each */
	JSON_DOUBLE_BYTES_MAX = 128,    /* characters of a number that becomes a double; a double's shortest form has 24 */
	JSON_PATHS_MAX = 64,            /* paths of one table */
	JSON_ROWS_MAX = 96,             /* their different keys, those on the way included */
	JSON_KEY_MAX = 32,              /* bytes of one key of a path */
	JSON_SLOTS = 256                /* of the dispatch table: at most 3/8 full */
};

#define JSON_VERDICTS(X)                                                         \
	X(OK, "is fine")                                                         \
	X(TOO_LONG, "is longer than can be read")                                \
	X(CUT_SHORT, "ends before its value does")                               \
	X(TOO_DEEP, "is nested too deeply")                                      \
	X(NO_VALUE, "has something else where a value must stand")               \
	X(NO_KEY, "has something else where a key must stand")                   \
	X(NO_COLON, "has no colon behind a key")                                 \
	X(NO_COMMA, "has neither a comma nor an end behind a value")             \
	X(TRAILING, "goes on behind its value")                                  \
	X(CONTROL, "has a control character in a string")                        \
	X(ESCAPE, "has an escape that JSON does not know")                       \
	X(SURROGATE, "has half of a surrogate pair")                             \
	X(UTF8, "has a string that is not UTF-8")                                \
	X(DIGITS, "has a number that is not written as JSON writes it")          \
	X(DUPLICATE, "has a key twice")                                          \
	X(NOT_OBJECT, "has something else where an object was expected")         \
	X(NOT_ARRAY, "has something else where an array was expected")           \
	X(NOT_NUMBER, "is not a number")                                         \
	X(NOT_STRING, "is not a string")                                         \
	X(NOT_WHOLE, "is not a whole number")                                    \
	X(RANGE, "is out of range")                                              \
	X(NO_ROOM, "is longer than the room for it")
#define JSON_VERDICT_ID(name, text) JSON_##name,
enum json_verdict { JSON_VERDICTS(JSON_VERDICT_ID) JSON_VERDICTS_N };
extern const char *const json_verdict_text[JSON_VERDICTS_N];

enum json_kind {
	JSON_NONE,                      /* nothing: an error, or a path that was not there */
	JSON_OBJECT, JSON_OBJECT_END, JSON_ARRAY, JSON_ARRAY_END,
	JSON_KEY, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL,
	JSON_END                        /* of the text, which was right to its last byte */
};

/* A slice of the text. Strings and keys without their quotes, as they stand; escaped: json_text makes the characters. */
struct json_value {
	const char *at;
	uint32_t    length;             /* bytes */
	uint8_t     kind;               /* enum json_kind */
	bool        escaped;
};

struct json_reader {
	const char       *begin, *next, *end;
	uint64_t          objects;      /* bit i: level i is an object */
	uint32_t          depth;
	uint8_t           expect, last; /* what may come; the kind that came last */
	enum json_verdict verdict;
};

/* The text is these bytes. */
void json_open(struct json_reader *json, const char *bytes, size_t count);
/* The next piece: JSON_NONE after an error, JSON_END behind the last. */
enum json_kind json_next(struct json_reader *json, struct json_value *value);
/* Behind the object or array that has just begun, with *value from its bracket to its bracket. Other values are whole already. */
bool json_skip(struct json_reader *json, struct json_value *value);
/* Nothing but blanks may follow. */
bool json_finish(struct json_reader *json);
/* The byte at which reading stands or stopped. */
static inline size_t json_offset(const struct json_reader *json) { return (size_t)(json->next - json->begin); }

/* The next value must be an array; then each of its elements, false behind the last. An element that is an object or array must
 * be read (json_pick), entered or skipped before the next. */
bool json_array(struct json_reader *json);
bool json_element(struct json_reader *json, struct json_value *value);

/* A table of paths, made once, for objects of one shape: "qty", "data.order.qty". Path i fills found[i]. */
struct json_row { uint8_t parent, length, path; bool inner; char name[JSON_KEY_MAX]; };
struct json_paths {
	uint32_t        paths, rows;
	struct json_row row[JSON_ROWS_MAX];
	uint8_t         slot[JSON_SLOTS]; /* row number + 1; 0 is free */
};
/* A table that does not fit its limits, or names a path twice, is a bug. */
void json_paths_init(struct json_paths *paths, const char *const *path, uint32_t count);
/* Reads the object that has just begun, through its end: found[i] is the value of path i, of kind JSON_NONE when it is not
 * there. An object or array that is a path's value comes whole, as json_skip gives it. JSON_NOT_OBJECT, JSON_DUPLICATE. */
bool json_pick(struct json_reader *json, const struct json_paths *paths, struct json_value found[]);

/* The number, exactly. A fraction is JSON_NOT_WHOLE, and 1.50e1 is 15. At most +-(2^63 - 1). */
enum json_verdict json_to_i64(const struct json_value *value, int64_t *out);
/* The number as e8. Digits beyond the eighth are cut toward zero; *cut counts the numbers that changed by it. */
enum json_verdict json_to_e8(const struct json_value *value, int64_t *out_e8, uint32_t *cut);
/* The same, and a string that holds a number as JSON writes it ("187.255"): for venues that quote their numbers. */
enum json_verdict json_e8_of_text(const struct json_value *value, int64_t *out_e8, uint32_t *cut);
/* The double nearest to the number, ties to even; too large is JSON_RANGE, too small is zero or subnormal. */
enum json_verdict json_to_double(const struct json_value *value, double *out);

/* Is this string (or key) exactly this text? Escapes count as what they mean. */
bool json_is(const struct json_value *value, const char *text);
/* The characters of a string or key, with a final zero that is not in *length; a \u0000 inside is kept. JSON_NO_ROOM writes
 * an empty text. */
enum json_verdict json_text(const struct json_value *value, char *out, size_t size, size_t *length);

#endif
