#include "firmware/cli/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUOTE_SHOWN_MAX = 60, YEAR_MIN = 1900, YEAR_MAX = 2199 };

const char *text_quote(char text[TEXT_QUOTE_BYTES], const char *word)
{
	size_t at = 0;
	text[at++] = '"';
	for (; *word && at < QUOTE_SHOWN_MAX; word++) {
		uint8_t byte = (uint8_t)*word;
		if (byte < ' ' || byte == 0x7f)
			at += (size_t)snprintf(text + at, TEXT_QUOTE_BYTES - at, "\\x%02x", byte);
		else
			text[at++] = *word;
	}
	snprintf(text + at, TEXT_QUOTE_BYTES - at, *word ? "...\"" : "\"");
	return text;
}

const char *text_usd(char text[TEXT_USD_BYTES], int64_t usd_e8)
{
	int64_t cents = (int64_t)div_near(usd_e8, E8 / 100);
	int64_t whole = e8_abs(cents) / 100;
	char    digits[24];
	int     length = snprintf(digits, sizeof digits, "%lld", (long long)whole);
	size_t  at = 0;
	if (cents < 0) text[at++] = '-';
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0) text[at++] = ',';
		text[at++] = digits[i];
	}
	snprintf(text + at, TEXT_USD_BYTES - at, ".%02d", (int)(e8_abs(cents) % 100));
	return text;
}

const char *text_day(char text[TEXT_DAY_BYTES], int32_t day)
{
	struct civil date = civil_from_day(day);
	snprintf(text, TEXT_DAY_BYTES, "%04d-%02u-%02u", (int)date.year, (unsigned)date.month, (unsigned)date.day);
	return text;
}

const char *text_span(char text[TEXT_SPAN_BYTES], int64_t span_ns)
{
	int64_t span_s = span_ns > 0 ? (span_ns + NS_PER_S / 2) / NS_PER_S : 0;
	if (span_s < 60)
		snprintf(text, TEXT_SPAN_BYTES, "%ds", (int)span_s);
	else if (span_s < 3600)
		snprintf(text, TEXT_SPAN_BYTES, "%dm%02ds", (int)(span_s / 60), (int)(span_s % 60));
	else
		snprintf(text, TEXT_SPAN_BYTES, "%lldh%02dm", (long long)(span_s / 3600), (int)(span_s / 60 % 60));
	return text;
}

bool text_to_int(const char *text, int64_t *out)
{
	bool    negative = *text == '-';
	int64_t value = 0;
	text += negative;
	if (*text == '\0') return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9') return false;
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *text - '0', &value)) return false;
	}
	*out = negative ? -value : value;
	return true;
}

bool text_to_double(const char *text, double *out)
{
	char *end;
	if (*text == '\0' || text[strspn(text, "0123456789.eE+-")] != '\0') return false;
	*out = strtod(text, &end);
	return *end == '\0' && isfinite(*out);
}

/* Digits of a fixed number; a negative result when one of them is none. */
static int32_t digits(const char *text, size_t count)
{
	int32_t value = 0;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9') return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

bool text_to_day(const char *text, int32_t *out)
{
	if (strlen(text) != strlen("YYYY-MM-DD") || text[4] != '-' || text[7] != '-') return false;
	int32_t year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || day > 31) return false;
	*out = day_from_civil(year, (uint32_t)month, (uint32_t)day);
	return civil_from_day(*out).day == (uint32_t)day;
}
