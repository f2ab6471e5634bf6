/* csv.c - see csv.h. The hot loops are csv_line and csv_cells (32 bytes at a look) and csv_e8 (one pass over the digits). */
#include "hal/wire/csv.h"

#include <string.h>

enum {
	E8_DIGITS = 8,
	DIGITS_MAX = 18,                /* before the point: 10^18 fits */
	BLOCK_BYTES = 32,               /* looked at in one go */
	YEAR_MIN = 1900, YEAR_MAX = 2199,
	DATE_BYTES = 10
};
static const uint64_t e8_whole_max = UINT64_C(92000000000);               /* units: times 10^8 it fits an int64 */
static const uint64_t count_max = UINT64_C(900000000000000000);           /* 9 x 10^17, of 18 digits */

#define CSV_VERDICT_TEXT(name, text) text,
const char *const csv_verdict_text[CSV_VERDICTS_N] = { CSV_VERDICTS(CSV_VERDICT_TEXT) };

void csv_init(struct csv *csv) { memset(csv, 0, sizeof *csv); }

void csv_feed(struct csv *csv, const char *bytes, size_t count, bool last)
{
	static const char mark[] = { '\xef', '\xbb', '\xbf' };
	bool              marked = csv->line == 0 && count >= sizeof mark && memcmp(bytes, mark, sizeof mark) == 0;
	csv->next = bytes + (marked ? sizeof mark : 0);
	csv->end = bytes + count;
	csv->last = last;
}

static inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* Bit i: at[i] is c. */
typedef char csv_block __attribute__((vector_size(BLOCK_BYTES)));
__attribute__((target("avx2"))) static inline uint32_t where(const char *at, char c)
{
	csv_block block;
	memcpy(&block, at, sizeof block);
	return (uint32_t)__builtin_ia32_pmovmskb256((csv_block)(block == c));
}

/* The first c, or end. */
static inline const char *find(const char *at, const char *end, char c)
{
	for (; end - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
		uint32_t hits = where(at, c);
		if (hits) return at + __builtin_ctz(hits);
	}
	while (at < end && *at != c) at++;
	return at;
}

static inline struct csv_cell trimmed(const char *at, const char *end)
{
	while (at < end && is_blank(*at)) at++;
	while (at < end && is_blank(end[-1])) end--;
	return (struct csv_cell){ at, (uint32_t)(end - at) };
}

enum csv_verdict csv_line(struct csv *csv, struct csv_cell *line)
{
	while (csv->next < csv->end) {
		const char *end = find(csv->next, csv->end, '\n');
		bool        ends = end < csv->end;
		if (!ends && !csv->last) return CSV_MORE;
		*line = trimmed(csv->next, end);
		csv->next = end + ends;
		csv->line++;
		if (line->length > 0) return CSV_OK;
	}
	return csv->last ? CSV_END : CSV_MORE;
}

/* The first comma, or the end: eight bytes at a time, the lowest zero byte of bytes ^ commas (H. Warren, Hacker's Delight, 6-1). */
static inline const char *find_comma(const char *at, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	for (; end - at >= 8; at += 8) {
		uint64_t bytes;
		memcpy(&bytes, at, sizeof bytes);
		bytes ^= ones * ',';
		uint64_t zero = (bytes - ones) & ~bytes & (ones << 7);
		if (zero) return at + __builtin_ctzll(zero) / 8;
	}
	while (at < end && *at != ',') at++;
	return at;
}

/* The next cell from *at on; *at moves behind its comma, or becomes 0 behind the last one. */
static struct csv_cell take(const char **at, const char *end)
{
	const char *begin = *at, *comma = find_comma(begin, end);
	*at = comma < end ? comma + 1 : 0;
	return trimmed(begin, comma);
}

static bool is_quoted(struct csv_cell cell) { return cell.length > 0 && cell.at[0] == '"'; }

static void keep_name(char kept[CSV_NAME_MAX], struct csv_cell name)
{
	size_t length = name.length < CSV_NAME_MAX ? name.length : CSV_NAME_MAX - 1;
	memset(kept, 0, CSV_NAME_MAX);
	for (size_t i = 0; i < length; i++) kept[i] = name.at[i] >= ' ' && name.at[i] <= '~' ? name.at[i] : '?';
}

enum csv_verdict csv_header(struct csv *csv, struct csv_cell line)
{
	const char *at = line.at, *end = line.at + line.length;
	for (csv->columns = 0; at; csv->columns++) {
		if (csv->columns == CSV_COLUMNS_MAX) return CSV_TOO_MANY_COLUMNS;
		struct csv_cell name = take(&at, end);
		if (is_quoted(name)) return CSV_QUOTED;
		keep_name(csv->name[csv->columns], name);
	}
	return CSV_OK;
}

/* The next letter or digit that counts in a name, lower case; 0 at its end. */
static char significant(const char **name)
{
	while (**name == ' ' || **name == '_' || **name == '-') (*name)++;
	char c = **name;
	if (c) (*name)++;
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *a, const char *b)
{
	for (;;) {
		char left = significant(&a), right = significant(&b);
		if (left != right) return false;
		if (left == 0) return true;
	}
}

int csv_column(const struct csv *csv, const char *name)
{
	for (uint32_t i = 0; i < csv->columns; i++)
		if (same_name(csv->name[i], name)) return (int)i;
	return -1;
}

struct csv_cell csv_cell_of(struct csv_cell line, uint32_t column)
{
	const char *at = line.at, *end = line.at + line.length;
	for (uint32_t i = 0; at; i++) {
		struct csv_cell cell = take(&at, end);
		if (i == column) return cell;
	}
	return (struct csv_cell){ end, 0 };
}

/* Bit i: at[i] is a comma of this line. What lies behind the line is looked at only where it belongs to the window. */
static uint32_t commas(const struct csv *csv, const char *at, const char *end)
{
	uint32_t hits = 0;
	if (csv->end - at < BLOCK_BYTES)
		for (int i = 0; i < end - at; i++) hits |= (uint32_t)(at[i] == ',') << i;
	else
		hits = where(at, ',');
	return end - at < BLOCK_BYTES ? hits & ((UINT32_C(1) << (end - at)) - 1) : hits;
}

enum csv_verdict csv_cells(const struct csv *csv, struct csv_cell line, struct csv_cell cell[CSV_COLUMNS_MAX], uint32_t *bad)
{
	const char *at = line.at, *end = line.at + line.length, *block = at;
	uint32_t    i = 0, hits = commas(csv, block, end);
	while (at) {
		while (!hits && end - block > BLOCK_BYTES) hits = commas(csv, block += BLOCK_BYTES, end);
		const char *comma = hits ? block + __builtin_ctz(hits) : end;
		*bad = i;
		if (i == csv->columns) return CSV_TOO_MANY_CELLS;
		cell[i] = trimmed(at, comma);
		if (is_quoted(cell[i++])) return CSV_QUOTED;
		at = hits ? comma + 1 : 0;
		hits &= hits - 1;
	}
	for (; i < csv->columns; i++) cell[i] = (struct csv_cell){ end, 0 };
	return CSV_OK;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* What a cell that does not read as a decimal number is. */
static enum csv_verdict not_decimal(struct csv_cell cell)
{
	static const char *const words[] = { "nan", "inf", "infinity", "null", "none", "n/a", "na" };
	const char              *at = cell.at;
	uint32_t                 length = cell.length;
	if (length > 0 && (*at == '-' || *at == '+')) at++, length--;
	for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
		uint32_t i = 0;
		while (i < length && words[w][i] && (at[i] | ' ') == (words[w][i] | ' ')) i++;
		if (i == length && words[w][i] == 0) return CSV_NOT_A_NUMBER;
	}
	uint32_t mantissa = 0;
	while (mantissa < length && (is_digit(at[mantissa]) || at[mantissa] == '.')) mantissa++;
	bool exponent = mantissa > 0 && mantissa + 1 < length && (at[mantissa] | ' ') == 'e';
	return exponent ? CSV_EXPONENT : CSV_MALFORMED;
}

/* Appends digits to a value, at most `most` of them; behind them. Wraps beyond 19 digits: the caller counts. */
static const char *take_digits(const char *at, const char *end, ptrdiff_t most, uint64_t *value)
{
	const char *stop = end - at > most ? at + most : end;
	for (; at < stop && is_digit(*at); at++) *value = *value * 10 + (uint64_t)(*at - '0');
	return at;
}

/* Digits before and after the point, of which at most `decimals` are kept; cut: a dropped one was not zero. */
static enum csv_verdict decimal(struct csv_cell cell, uint32_t decimals, uint64_t max, int64_t *out, bool *cut)
{
	static const uint64_t power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };
	const char           *at = cell.at, *end = cell.at + cell.length;
	uint64_t              value = 0;
	*cut = false;
	if (cell.length == 0) return CSV_EMPTY;
	if (*at == '-' || *at == '+') at++;
	const char *whole = at, *point = at = take_digits(at, end, DIGITS_MAX, &value);
	if (at < end && is_digit(*at)) return CSV_RANGE;
	if (value > max) return CSV_RANGE;
	if (at < end && *at == '.') at++;
	const char *fraction = at;
	if (fraction > point) at = take_digits(at, end, decimals, &value);
	value *= power[decimals - (uint32_t)(at - fraction)];
	if (fraction > point)
		for (; at < end && is_digit(*at); at++) *cut |= *at != '0';
	if (at < end || (point == whole && at == fraction)) return not_decimal(cell);
	*out = *cell.at == '-' ? -(int64_t)value : (int64_t)value;
	return CSV_OK;
}

enum csv_verdict csv_e8(struct csv_cell cell, int64_t *out_e8, uint32_t *cut)
{
	bool             changed;
	enum csv_verdict verdict = decimal(cell, E8_DIGITS, e8_whole_max, out_e8, &changed);
	if (verdict == CSV_OK && changed) ++*cut;
	return verdict;
}

enum csv_verdict csv_whole(struct csv_cell cell, int64_t *out)
{
	bool changed;
	return decimal(cell, 0, count_max, out, &changed);
}

static bool two_digits(const char *at, uint32_t *out)
{
	*out = (uint32_t)(at[0] - '0') * 10 + (uint32_t)(at[1] - '0');
	return is_digit(at[0]) && is_digit(at[1]);
}

static uint32_t month_days(uint32_t year, uint32_t month)
{
	static const uint8_t days[] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool                 leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return days[month] + (leap && month == 2 ? 1u : 0u);
}

enum csv_verdict csv_day(struct csv_cell cell, int32_t *out_day)
{
	uint32_t    century, year, month, day;
	const char *at = cell.at;
	if (cell.length == 0) return CSV_EMPTY;
	if (cell.length < DATE_BYTES || at[4] != '-' || at[7] != '-') return CSV_DATE;
	if (cell.length > DATE_BYTES && at[DATE_BYTES] != ' ' && at[DATE_BYTES] != 'T') return CSV_DATE;
	if (!two_digits(at, &century) || !two_digits(at + 2, &year)) return CSV_DATE;
	if (!two_digits(at + 5, &month) || !two_digits(at + 8, &day)) return CSV_DATE;
	year += century * 100;
	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1) return CSV_DATE;
	if (day > month_days(year, month)) return CSV_DATE;
	*out_day = day_from_civil((int32_t)year, month, day);
	return CSV_OK;
}
