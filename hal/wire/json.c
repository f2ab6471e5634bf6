/* json.c - see json.h. The hot loop is plain_end: sixteen bytes at a time up to a quote, an escape or a control character. */
#include "hal/wire/json.h"

#include <emmintrin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fsm/bug.h"
#include "hal/wire/utf8.h"

enum expect { VALUE, VALUE_OR_END, KEY_OR_END, COLON, COMMA, NOTHING };
enum { ROOT = 0xff, NO_PATH = 0xff, NO_ROW = 0xfe, HEX_BAD = 0x10000 };

_Static_assert((int)JSON_ROWS_MAX < (int)NO_ROW && (int)JSON_PATHS_MAX < (int)NO_PATH, "rows and paths are counted in a byte");
_Static_assert(JSON_ROWS_MAX * 8 <= JSON_SLOTS * 3, "the dispatch table is at most 3/8 full");
_Static_assert(JSON_NESTING_MAX <= 64, "json_reader.objects has a bit for each level");

#define JSON_VERDICT_TEXT(name, text) text,
const char *const json_verdict_text[JSON_VERDICTS_N] = { JSON_VERDICTS(JSON_VERDICT_TEXT) };

void json_open(struct json_reader *json, const char *bytes, size_t count)
{
	*json = (struct json_reader){ .begin = bytes, .next = bytes, .end = bytes + count, .expect = VALUE };
	if (count > JSON_BYTES_MAX) json->verdict = JSON_TOO_LONG;
}

static enum json_kind fail(struct json_reader *json, const char *at, enum json_verdict verdict)
{
	json->next = at;
	json->verdict = at == json->end && verdict < JSON_CONTROL ? JSON_CUT_SHORT : verdict;
	json->last = JSON_NONE;
	return JSON_NONE;
}

static inline enum json_kind pass(struct json_reader *json, struct json_value *value, enum json_kind kind, const char *at, const char *end)
{
	*value = (struct json_value){ at, (uint32_t)(end - at), (uint8_t)kind, false };
	json->next = end;
	json->last = (uint8_t)kind;
	return kind;
}

static inline const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
	return at;
}

/* --- strings ------------------------------------------------------------------------------------------------------ */

static uint32_t hex_digit(char c)
{
	if (c >= '0' && c <= '9') return (uint32_t)(c - '0');
	char lower = (char)(c | ' ');
	return lower >= 'a' && lower <= 'f' ? (uint32_t)(lower - 'a' + 10) : HEX_BAD;
}

/* The code unit of \uXXXX; HEX_BAD or more when it is none. */
static uint32_t code_unit(const char *at, const char *end)
{
	if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return HEX_BAD;
	uint32_t high = hex_digit(at[2]) << 12 | hex_digit(at[3]) << 8, low = hex_digit(at[4]) << 4 | hex_digit(at[5]);
	return high | low;
}

static bool is_high(uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
static bool is_low(uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

/* Behind one escape, or 0 with the verdict. */
static const char *escape_end(const char *at, const char *end, enum json_verdict *verdict)
{
	*verdict = JSON_CUT_SHORT;
	if (end - at < 2) return 0;
	*verdict = JSON_ESCAPE;
	if (at[1] != 'u') return at[1] && strchr("\"\\/bfnrt", at[1]) ? at + 2 : 0;
	uint32_t unit = code_unit(at, end);
	if (unit >= HEX_BAD) return 0;
	*verdict = JSON_SURROGATE;
	if (is_low(unit)) return 0;
	if (!is_high(unit)) return at + 6;
	return is_low(code_unit(at + 6, end)) ? at + 12 : 0;
}

/* The first byte that is a quote, a backslash or a control character, or one of the last fifteen; *beyond: up to there, or
 * shortly behind it, some byte is not ASCII. */
static inline const char *plain_end(const char *at, const char *end, bool *beyond)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(' ' - 1);
	for (; end - at >= 16; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		__m128i marks = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash));
		uint32_t stop = (uint32_t)_mm_movemask_epi8(_mm_or_si128(marks, _mm_cmpeq_epi8(_mm_max_epu8(bytes, control), control)));
		*beyond |= _mm_movemask_epi8(bytes) != 0;
		if (stop) return at + __builtin_ctz(stop);
	}
	return at;
}

/* At the closing quote, or 0 with the verdict and the place. */
static const char *string_end(const char *begin, const char *end, bool *escaped, enum json_verdict *verdict, const char **place)
{
	bool beyond = false;
	*escaped = false;
	for (const char *at = begin;;) {
		*place = at = plain_end(at, end, &beyond);
		*verdict = JSON_CUT_SHORT;
		if (at == end) return 0;
		uint8_t byte = (uint8_t)*at;
		*verdict = JSON_CONTROL;
		if (byte < ' ') return 0;
		if (byte == '"') {
			*verdict = JSON_UTF8;
			return beyond && !utf8_is(begin, (size_t)(at - begin)) ? 0 : at;
		}
		if (byte == '\\') {
			*escaped = true;
			if (!(at = escape_end(at, end, verdict))) return 0;
			continue;
		}
		beyond |= byte >= 0x80;
		at++;
	}
}

/* One that has escapes, is not ASCII, stands near the end of the text or is wrong. */
static enum json_kind odd_string(struct json_reader *json, struct json_value *value, const char *at, enum json_kind kind)
{
	bool              escaped;
	enum json_verdict verdict;
	const char       *place, *end = string_end(at, json->end, &escaped, &verdict, &place);
	if (!end) return fail(json, place, verdict);
	pass(json, value, kind, at, end);
	value->escaped = escaped;
	json->next = end + 1;
	return kind;
}

/* A string or key, from its opening quote on. */
static inline enum json_kind string(struct json_reader *json, struct json_value *value, const char *at, enum json_kind kind)
{
	bool        beyond = false;
	const char *end = plain_end(at + 1, json->end, &beyond);
	if (end == json->end || *end != '"' || beyond) return odd_string(json, value, at + 1, kind);
	pass(json, value, kind, at + 1, end);
	json->next = end + 1;
	return kind;
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

static inline const char *digits_end(const char *at, const char *end)
{
	while (at < end && is_digit(*at)) at++;
	return at;
}

/* Behind the number that begins here; 0 when none does, with *place where its form breaks. */
static const char *number_end(const char *at, const char *end, const char **place)
{
	if (at < end && *at == '-') at++;
	const char *whole = *place = at;
	at = digits_end(at, end);
	if (at == whole || (*whole == '0' && at - whole > 1)) return 0;
	if (at < end && *at == '.') {
		const char *fraction = *place = at + 1;
		if ((at = digits_end(fraction, end)) == fraction) return 0;
	}
	if (at < end && (*at | ' ') == 'e') {
		at++;
		if (at < end && (*at == '+' || *at == '-')) at++;
		const char *power = *place = at;
		if ((at = digits_end(power, end)) == power) return 0;
	}
	return at;
}

static enum json_kind number(struct json_reader *json, struct json_value *value, const char *at)
{
	const char *place, *end = number_end(at, json->end, &place);
	if (!end) return fail(json, place, place == json->end ? JSON_CUT_SHORT : JSON_DIGITS);
	return pass(json, value, JSON_NUMBER, at, end);
}

/* --- the pieces of a text ----------------------------------------------------------------------------------------- */

static enum json_kind word(struct json_reader *json, struct json_value *value, const char *at, const char *text, enum json_kind kind)
{
	const char *begin = at;
	for (; *text; text++, at++)
		if (at == json->end || *at != *text) return fail(json, at, JSON_NO_VALUE);
	return pass(json, value, kind, begin, at);
}

static enum json_kind nest(struct json_reader *json, struct json_value *value, const char *at, enum json_kind kind)
{
	if (json->depth == JSON_NESTING_MAX) return fail(json, at, JSON_TOO_DEEP);
	uint64_t bit = UINT64_C(1) << json->depth++;
	json->objects = kind == JSON_OBJECT ? json->objects | bit : json->objects & ~bit;
	json->expect = kind == JSON_OBJECT ? KEY_OR_END : VALUE_OR_END;
	return pass(json, value, kind, at, at + 1);
}

static enum json_kind unnest(struct json_reader *json, struct json_value *value, const char *at, enum json_kind kind)
{
	json->expect = --json->depth ? COMMA : NOTHING;
	return pass(json, value, kind, at, at + 1);
}

static inline bool in_object(const struct json_reader *json) { return json->objects >> (json->depth - 1) & 1; }

static enum json_kind any_value(struct json_reader *json, struct json_value *value, const char *at)
{
	json->expect = json->depth ? COMMA : NOTHING;
	if (at == json->end) return fail(json, at, JSON_CUT_SHORT);
	switch (*at) {
	case '"': return string(json, value, at, JSON_STRING);
	case '{': return nest(json, value, at, JSON_OBJECT);
	case '[': return nest(json, value, at, JSON_ARRAY);
	case 't': return word(json, value, at, "true", JSON_TRUE);
	case 'f': return word(json, value, at, "false", JSON_FALSE);
	case 'n': return word(json, value, at, "null", JSON_NULL);
	default: return *at == '-' || is_digit(*at) ? number(json, value, at) : fail(json, at, JSON_NO_VALUE);
	}
}

static enum json_kind any_key(struct json_reader *json, struct json_value *value, const char *at)
{
	if (at == json->end || *at != '"') return fail(json, at, JSON_NO_KEY);
	json->expect = COLON;
	return string(json, value, at, JSON_KEY);
}

/* Behind a value of an object or array: its end, or a comma and what follows it. */
static enum json_kind after_value(struct json_reader *json, struct json_value *value, const char *at)
{
	bool object = in_object(json);
	if (at < json->end && *at == (object ? '}' : ']')) return unnest(json, value, at, object ? JSON_OBJECT_END : JSON_ARRAY_END);
	if (at == json->end || *at != ',') return fail(json, at, JSON_NO_COMMA);
	at = skip_blanks(at + 1, json->end);
	return object ? any_key(json, value, at) : any_value(json, value, at);
}

enum json_kind json_next(struct json_reader *json, struct json_value *value)
{
	*value = (struct json_value){ json->next, 0, JSON_NONE, false };
	if (json->verdict != JSON_OK) return JSON_NONE;
	const char *at = skip_blanks(json->next, json->end);
	switch ((enum expect)json->expect) {
	case VALUE: return any_value(json, value, at);
	case VALUE_OR_END:
		if (at < json->end && *at == ']') return unnest(json, value, at, JSON_ARRAY_END);
		return any_value(json, value, at);
	case KEY_OR_END:
		if (at < json->end && *at == '}') return unnest(json, value, at, JSON_OBJECT_END);
		return any_key(json, value, at);
	case COLON:
		if (at == json->end || *at != ':') return fail(json, at, JSON_NO_COLON);
		return any_value(json, value, skip_blanks(at + 1, json->end));
	case COMMA: return after_value(json, value, at);
	case NOTHING: return at == json->end ? pass(json, value, JSON_END, at, at) : fail(json, at, JSON_TRAILING);
	}
	bug_trap(3400);
}

bool json_skip(struct json_reader *json, struct json_value *value)
{
	struct json_value inner;
	if (json->verdict != JSON_OK) return false;
	if (json->last != JSON_OBJECT && json->last != JSON_ARRAY) return true;
	uint32_t outside = json->depth - 1;
	while (json->depth > outside)
		if (json_next(json, &inner) == JSON_NONE) return false;
	value->length = (uint32_t)(json->next - value->at);
	return true;
}

bool json_finish(struct json_reader *json)
{
	struct json_value value;
	if (json->verdict == JSON_OK && json->expect != NOTHING) (void)fail(json, json->next, JSON_TRAILING);
	return json_next(json, &value) == JSON_END;
}

bool json_array(struct json_reader *json)
{
	struct json_value value;
	enum json_kind    kind = json_next(json, &value);
	if (kind != JSON_NONE && kind != JSON_ARRAY) (void)fail(json, value.at, JSON_NOT_ARRAY);
	return kind == JSON_ARRAY;
}

bool json_element(struct json_reader *json, struct json_value *value)
{
	enum json_kind kind = json_next(json, value);
	if (kind == JSON_KEY || kind == JSON_OBJECT_END || kind == JSON_END) kind = fail(json, value->at, JSON_NOT_ARRAY);
	return kind != JSON_NONE && kind != JSON_ARRAY_END;
}

/* --- paths -------------------------------------------------------------------------------------------------------- */

/* Keys of one message differ in length, ends and middle; the parent tells equal names of two objects apart. */
static inline uint32_t slot_of(uint32_t parent, const char *name, uint32_t length)
{
	if (length == 0) return parent % JSON_SLOTS;
	uint32_t ends = (uint8_t)name[0] * 5u + (uint8_t)name[length - 1] * 41u, middle = (uint8_t)name[length / 2] * 13u;
	return (ends + middle + length * 7 + parent * 89) % JSON_SLOTS;
}

static uint32_t row_of(const struct json_paths *paths, uint32_t parent, const char *name, uint32_t length)
{
	for (uint32_t slot = slot_of(parent, name, length); paths->slot[slot]; slot = (slot + 1) % JSON_SLOTS) {
		uint32_t               row = paths->slot[slot] - 1u;
		const struct json_row *at = &paths->row[row];
		if (at->parent == parent && at->length == length && memcmp(at->name, name, length) == 0) return row;
	}
	return NO_ROW;
}

static uint32_t row_add(struct json_paths *paths, uint32_t parent, const char *name, uint32_t length)
{
	BUG_UNLESS(3401, length <= JSON_KEY_MAX);
	BUG_UNLESS(3402, paths->rows < JSON_ROWS_MAX);
	struct json_row *row = &paths->row[paths->rows];
	*row = (struct json_row){ .parent = (uint8_t)parent, .length = (uint8_t)length, .path = NO_PATH };
	memcpy(row->name, name, length);
	uint32_t slot = slot_of(parent, name, length);
	while (paths->slot[slot]) slot = (slot + 1) % JSON_SLOTS;
	paths->slot[slot] = (uint8_t)(paths->rows + 1);
	if (parent != ROOT) paths->row[parent].inner = true;
	return paths->rows++;
}

static void path_add(struct json_paths *paths, const char *path)
{
	uint32_t parent = ROOT;
	for (const char *name = path;;) {
		const char *dot = strchr(name, '.');
		uint32_t    length = (uint32_t)(dot ? (size_t)(dot - name) : strlen(name));
		uint32_t    row = row_of(paths, parent, name, length);
		parent = row == NO_ROW ? row_add(paths, parent, name, length) : row;
		if (!dot) break;
		name = dot + 1;
	}
	BUG_UNLESS(3403, paths->row[parent].path == NO_PATH);
	paths->row[parent].path = (uint8_t)paths->paths++;
}

void json_paths_init(struct json_paths *paths, const char *const *path, uint32_t count)
{
	BUG_UNLESS(3404, count <= JSON_PATHS_MAX);
	memset(paths, 0, sizeof *paths);
	for (uint32_t i = 0; i < count; i++) path_add(paths, path[i]);
}

static uint32_t row_of_key(const struct json_paths *paths, uint32_t parent, const struct json_value *key)
{
	char   name[JSON_KEY_MAX + 1];
	size_t length;
	if (!key->escaped) return row_of(paths, parent, key->at, key->length);
	if (json_text(key, name, sizeof name, &length) != JSON_OK) return NO_ROW;
	return row_of(paths, parent, name, (uint32_t)length);
}

/* Where json_pick stands: which row's object each level is, and which rows were met. */
struct pick { uint32_t level; uint8_t row[JSON_NESTING_MAX]; uint64_t met[(JSON_ROWS_MAX + 63) / 64]; };

/* The value of a row: kept, entered or both. */
static bool pick_value(struct json_reader *json, const struct json_paths *paths, struct pick *pick, uint32_t row,
	struct json_value *value, struct json_value found[])
{
	const struct json_row *at = &paths->row[row];
	uint64_t               bit = UINT64_C(1) << row % 64;
	if (pick->met[row / 64] & bit) return fail(json, value->at, JSON_DUPLICATE);
	pick->met[row / 64] |= bit;
	bool enter = at->inner && value->kind == JSON_OBJECT;
	if (!enter && !json_skip(json, value)) return false;
	if (enter) pick->row[++pick->level] = (uint8_t)row;
	if (at->path != NO_PATH) found[at->path] = *value;
	return true;
}

/* An object ends: its own value, if it is one, is whole now. */
static bool pick_leave(const struct json_reader *json, const struct json_paths *paths, struct pick *pick, struct json_value found[])
{
	if (pick->level == 0) return false;
	uint32_t path = paths->row[pick->row[pick->level--]].path;
	if (path != NO_PATH) found[path].length = (uint32_t)(json->next - found[path].at);
	return true;
}

bool json_pick(struct json_reader *json, const struct json_paths *paths, struct json_value found[])
{
	struct pick       pick = { .row = { ROOT } };
	struct json_value key, value;
	memset(found, 0, paths->paths * sizeof *found);
	if (json->verdict != JSON_OK) return false;
	if (json->last != JSON_OBJECT) return fail(json, json->next, JSON_NOT_OBJECT);
	for (;;) {
		enum json_kind kind = json_next(json, &key);
		if (kind == JSON_NONE) return false;
		if (kind == JSON_OBJECT_END) {
			if (!pick_leave(json, paths, &pick, found)) return true;
			continue;
		}
		uint32_t row = row_of_key(paths, pick.row[pick.level], &key);
		if (json_next(json, &value) == JSON_NONE) return false;
		bool taken = row == NO_ROW ? json_skip(json, &value) : pick_value(json, paths, &pick, row, &value, found);
		if (!taken) return false;
	}
}

/* --- conversions -------------------------------------------------------------------------------------------------- */

/* A number taken apart: digits with at most one point between them, and the power of ten of its exponent. */
struct parts { const char *at, *end; bool negative; int64_t whole, power; };

static int64_t power_of(const char *at, const char *end)
{
	enum { POWER_MAX = 1000000000 };  /* more than digits can make up for */
	bool    negative = *at == '-';
	int64_t power = 0;
	for (at += *at == '-' || *at == '+'; at < end && power < POWER_MAX; at++) power = power * 10 + (*at - '0');
	return negative ? -power : power;
}

/* at .. end has the form of a number. */
static struct parts parts_of(const char *at, const char *end)
{
	struct parts parts = { .negative = *at == '-' };
	parts.at = at + parts.negative;
	const char *point = digits_end(parts.at, end);
	parts.whole = point - parts.at;
	parts.end = point < end && *point == '.' ? digits_end(point + 1, end) : point;
	if (parts.end < end) parts.power = power_of(parts.end + 1, end);
	return parts;
}

/* The number times 10^decimals, toward zero; cut: that dropped a digit that was not zero. Place is the power of ten of a digit. */
static enum json_verdict scaled(struct parts parts, uint32_t decimals, int64_t *out, bool *cut)
{
	uint64_t size = 0;
	int64_t  place = parts.whole - 1 + parts.power + decimals;
	*cut = false;
	for (const char *at = parts.at; at < parts.end; at++) {
		if (*at == '.') continue;
		uint64_t digit = (uint64_t)(*at - '0');
		if (place < 0) *cut |= digit != 0;
		else if (size > (INT64_MAX - digit) / 10) return JSON_RANGE;
		else size = size * 10 + digit;
		place--;
	}
	for (; place >= 0 && size > 0; place--, size *= 10)
		if (size > INT64_MAX / 10) return JSON_RANGE;
	*out = parts.negative ? -(int64_t)size : (int64_t)size;
	return JSON_OK;
}

enum json_verdict json_to_i64(const struct json_value *value, int64_t *out)
{
	bool    cut;
	int64_t whole;
	if (value->kind != JSON_NUMBER) return JSON_NOT_NUMBER;
	enum json_verdict verdict = scaled(parts_of(value->at, value->at + value->length), 0, &whole, &cut);
	if (verdict == JSON_OK && cut) verdict = JSON_NOT_WHOLE;
	if (verdict == JSON_OK) *out = whole;
	return verdict;
}

static enum json_verdict e8_of(const struct json_value *value, int64_t *out_e8, uint32_t *cut)
{
	bool              changed;
	enum json_verdict verdict = scaled(parts_of(value->at, value->at + value->length), 8, out_e8, &changed);
	if (verdict == JSON_OK && changed) ++*cut;
	return verdict;
}

enum json_verdict json_to_e8(const struct json_value *value, int64_t *out_e8, uint32_t *cut)
{
	return value->kind == JSON_NUMBER ? e8_of(value, out_e8, cut) : JSON_NOT_NUMBER;
}

enum json_verdict json_e8_of_text(const struct json_value *value, int64_t *out_e8, uint32_t *cut)
{
	const char *place, *end = value->at + value->length;
	if (value->kind == JSON_NUMBER) return e8_of(value, out_e8, cut);
	if (value->kind != JSON_STRING || number_end(value->at, end, &place) != end) return JSON_NOT_NUMBER;
	return e8_of(value, out_e8, cut);
}

/* Exact when the digits fit 53 bits and the power of ten is itself a double: one rounding (W. Clinger, 1990). */
static bool double_exact(struct parts parts, double *out)
{
	static const double power_of_ten[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
		1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	int64_t  power = parts.power, most = sizeof power_of_ten / sizeof *power_of_ten - 1;
	uint64_t digits = 0;
	for (const char *at = parts.at; at < parts.end; at++) {
		if (*at == '.') power -= parts.end - at - 1;
		else digits = digits * 10 + (uint64_t)(*at - '0');
		if (digits > UINT64_C(1) << 53) return false;
	}
	if (power < -most || power > most) return false;
	double size = power < 0 ? (double)digits / power_of_ten[-power] : (double)digits * power_of_ten[power];
	*out = parts.negative ? -size : size;
	return true;
}

enum json_verdict json_to_double(const struct json_value *value, double *out)
{
	char text[JSON_DOUBLE_BYTES_MAX + 1];
	if (value->kind != JSON_NUMBER) return JSON_NOT_NUMBER;
	if (value->length > JSON_DOUBLE_BYTES_MAX) return JSON_TOO_LONG;
	if (double_exact(parts_of(value->at, value->at + value->length), out)) return JSON_OK;
	memcpy(text, value->at, value->length);
	text[value->length] = 0;
	double number = strtod(text, 0);
	if (isinf(number)) return JSON_RANGE;
	*out = number;
	return JSON_OK;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

/* The characters of the escape at *at, which is right; *at moves behind it. How many bytes they are. */
static size_t unescape(const char **at, const char *end, char out[4])
{
	static const char letter[] = "\"\\/bfnrt", meaning[] = "\"\\/\b\f\n\r\t";
	if ((*at)[1] != 'u') {
		out[0] = meaning[strchr(letter, (*at)[1]) - letter];
		*at += 2;
		return 1;
	}
	uint32_t code = code_unit(*at, end);
	*at += 6;
	if (is_high(code)) {
		code = 0x10000 + ((code - 0xd800) << 10) + (code_unit(*at, end) - 0xdc00);
		*at += 6;
	}
	return utf8_put(out, code);
}

/* The next characters of a string: a stretch without escapes, or the meaning of one. */
static size_t piece(const char **at, const char *end, char made[4], const char **bytes)
{
	const char *begin = *at;
	*bytes = made;
	if (*begin == '\\') return unescape(at, end, made);
	const char *slash = memchr(begin, '\\', (size_t)(end - begin));
	*bytes = begin;
	*at = slash ? slash : end;
	return (size_t)(*at - begin);
}

static bool is_text(const struct json_value *value) { return value->kind == JSON_STRING || value->kind == JSON_KEY; }

bool json_is(const struct json_value *value, const char *text)
{
	const char *at = value->at, *end = at + value->length, *bytes;
	char        made[4];
	size_t      rest = strlen(text);
	if (!is_text(value)) return false;
	if (!value->escaped) return rest == value->length && memcmp(at, text, rest) == 0;
	while (at < end) {
		size_t count = piece(&at, end, made, &bytes);
		if (count > rest || memcmp(bytes, text, count) != 0) return false;
		text += count;
		rest -= count;
	}
	return rest == 0;
}

enum json_verdict json_text(const struct json_value *value, char *out, size_t size, size_t *length)
{
	const char *at = value->at, *end = at + value->length, *bytes;
	char        made[4];
	BUG_UNLESS(3405, size > 0);
	out[0] = 0;
	*length = 0;
	if (!is_text(value)) return JSON_NOT_STRING;
	size_t used = 0;
	while (at < end) {
		size_t count = piece(&at, end, made, &bytes);
		if (count >= size - used) {
			out[0] = 0;
			return JSON_NO_ROOM;
		}
		memcpy(out + used, bytes, count);
		used += count;
	}
	out[used] = 0;
	*length = used;
	return JSON_OK;
}
