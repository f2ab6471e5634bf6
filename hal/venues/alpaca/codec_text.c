/* codec_text.c - times are read by position, symbols without their punctuation. */
#include "hal/venues/alpaca/codec_text.h"

#include <stdio.h>
#include <string.h>

#include "fsm/settings.h"

enum { TIME_SECONDS_LENGTH = 19, DAY_LENGTH = 10, OFFSET_LENGTH = 6, YEAR_FIRST = 1970, YEAR_LAST = 2199, FRACTION_DIGITS = 9 };

static bool digits(const char *text, size_t count, int32_t least, int32_t most, int32_t *out)
{
	*out = 0;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9') return false;
		*out = *out * 10 + (text[i] - '0');
	}
	return *out >= least && *out <= most;
}

bool alpaca_day(const char *text, size_t length, int32_t *day)
{
	int32_t year, month, of_month;
	if (length < DAY_LENGTH || text[4] != '-' || text[7] != '-') return false;
	if (!digits(text, 4, YEAR_FIRST, YEAR_LAST, &year) || !digits(text + 5, 2, 1, 12, &month) || !digits(text + 8, 2, 1, 31, &of_month)) return false;
	*day = day_from_civil(year, (uint32_t)month, (uint32_t)of_month);
	return civil_from_day(*day).day == (uint32_t)of_month;        /* not the 31st of June */
}

/* Nanoseconds of ".123"; how many characters it took, 0 when it is none. */
static size_t fraction(const char *text, size_t length, int64_t *ns)
{
	int64_t scale = NS_PER_S / 10;
	size_t  i = 1;
	*ns = 0;
	if (length == 0 || text[0] != '.') return 0;
	for (; i < length && text[i] >= '0' && text[i] <= '9'; i++, scale /= 10) *ns += (text[i] - '0') * scale;
	return i;
}

static bool zone(const char *text, size_t length, int64_t *offset_s)
{
	int32_t hours, minutes;
	*offset_s = 0;
	if (length == 1 && (text[0] == 'Z' || text[0] == 'z')) return true;
	if (length != OFFSET_LENGTH || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
	if (!digits(text + 1, 2, 0, 23, &hours) || !digits(text + 4, 2, 0, 59, &minutes)) return false;
	*offset_s = (int64_t)(hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
	return true;
}

bool alpaca_time(const char *text, size_t length, int64_t *t_ns)
{
	int32_t day, hour, minute, second;
	int64_t ns, offset_s;
	if (length < TIME_SECONDS_LENGTH + 1 || !alpaca_day(text, length, &day)) return false;
	if ((text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':') return false;
	if (!digits(text + 11, 2, 0, 23, &hour) || !digits(text + 14, 2, 0, 59, &minute) || !digits(text + 17, 2, 0, 60, &second)) return false;
	size_t used = TIME_SECONDS_LENGTH + fraction(text + TIME_SECONDS_LENGTH, length - TIME_SECONDS_LENGTH, &ns);
	if (!zone(text + used, length - used, &offset_s)) return false;
	*t_ns = day * NS_PER_DAY + (hour * 3600 + minute * 60 + second - offset_s) * NS_PER_S + ns;
	return *t_ns >= 0;
}

const char *alpaca_time_text(int64_t t_ns, char text[ALPACA_TIME_BYTES])
{
	int32_t      day = day_from_t_ns(t_ns);
	struct civil date = civil_from_day(day);
	int64_t      ns = t_ns - day * NS_PER_DAY;
	int          second = (int)(ns / NS_PER_S);
	snprintf(text, ALPACA_TIME_BYTES, "%04d-%02u-%02uT%02d:%02d:%02d.%09dZ", date.year, date.month, date.day, second / 3600, second / 60 % 60,
	    second % 60, (int)(ns % NS_PER_S));
	return text;
}

/* --- symbols ------------------------------------------------------------------------------------------------------ */

static bool is_punctuation(char c) { return c == '-' || c == '/'; }

static bool is_symbol(const char *text, size_t length, const char *ours)
{
	size_t i = 0;
	for (; *ours; ours++) {
		if (is_punctuation(*ours)) continue;
		while (i < length && is_punctuation(text[i])) i++;
		if (i == length || text[i++] != *ours) return false;
	}
	return i == length;
}

uint16_t alpaca_sym(const char *text, size_t length)
{
	for (uint16_t i = 0; i < UNIVERSE_N; i++) if (is_symbol(text, length, universe[i].symbol)) return i;
	return SYM_NONE;
}

const char *alpaca_symbol(uint16_t sym, char text[ALPACA_SYMBOL_BYTES])
{
	snprintf(text, ALPACA_SYMBOL_BYTES, "%s", sym < UNIVERSE_N ? universe[sym].symbol : "");
	for (char *at = text; *at; at++) if (*at == '-') *at = '/';
	return text;
}

/* --- ids ---------------------------------------------------------------------------------------------------------- */

uint64_t alpaca_hash(const char *text, size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < length; i++) {
		uint8_t c = (uint8_t)text[i];
		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c | 0x20u : c)) * UINT64_C(0x100000001b3);
	}
	return hash ? hash : 1;
}

uint64_t alpaca_activity_hash(const char *text, size_t length)
{
	for (size_t i = 0; i + 2 < length; i++) if (text[i] == ':' && text[i + 1] == ':') return alpaca_hash(text + i + 2, length - i - 2);
	return alpaca_hash(text, length);
}

/* --- values ------------------------------------------------------------------------------------------------------- */

static bool is_absent(const struct json_value *value) { return value->kind == JSON_NONE || value->kind == JSON_NULL; }

bool alpaca_e8(const struct json_value *value, int64_t *out_e8, uint32_t *cut)
{
	*out_e8 = 0;
	return is_absent(value) || json_e8_of_text(value, out_e8, cut) == JSON_OK;
}

bool alpaca_amount(const struct json_value *value, int64_t *out_e8, uint32_t *cut) { return alpaca_e8(value, out_e8, cut) && !is_absent(value); }

bool alpaca_string(const struct json_value *value, char *out, size_t size)
{
	size_t length;
	out[0] = '\0';
	return is_absent(value) || (value->kind == JSON_STRING && json_text(value, out, size, &length) == JSON_OK && strlen(out) == length);
}

static bool is_of_id(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':' || c == '.' || c == '_' || c == '-';
}

bool alpaca_id(const struct json_value *value, char *out, size_t size)
{
	if (!alpaca_string(value, out, size)) return false;
	for (const char *at = out; *at; at++) if (!is_of_id(*at)) return false;
	return true;
}

bool alpaca_time_of(const struct json_value *value, int64_t *t_ns)
{
	*t_ns = 0;
	return is_absent(value) || (value->kind == JSON_STRING && alpaca_time(value->at, value->length, t_ns));
}
