/* stamp.c - see stamp.h. */
#include "hal/sim/server/stamp.h"

#include <stdio.h>
#include <string.h>

#include "fsm/feed/zone.h"
#include "hal/wire/digits.h"

enum { HOUR_S = 3600, MINUTE_S = 60, DAY_S = 86400, DATE_CHARACTERS = 10, SECOND_CHARACTERS = 19 };
enum { YEAR_FIRST = 1970, YEAR_LAST = 2199 };

struct wall { struct civil date; int32_t hour, minute, second, ns; };

static struct wall wall_of(int64_t t_ns)
{
	int32_t day = day_from_t_ns(t_ns);
	int64_t in_day_ns = t_ns - day * NS_PER_DAY;
	int32_t s = (int32_t)(in_day_ns / NS_PER_S);
	return (struct wall){ civil_from_day(day), s / HOUR_S, s % HOUR_S / MINUTE_S, s % MINUTE_S, (int32_t)(in_day_ns % NS_PER_S) };
}

const char *stamp_date(int32_t day, char text[STAMP_DATE_BYTES])
{
	struct civil date = civil_from_day(day);
	snprintf(text, STAMP_DATE_BYTES, "%04d-%02u-%02u", (int)date.year, date.month, date.day);
	return text;
}

/* 2015-01-02T03:04:05 and, where there are any, .000000001 */
static int put_wall(const struct wall *wall, char text[STAMP_BYTES])
{
	static const char shape[] = "0000-00-00T00:00:00.000000000";
	int               length = SECOND_CHARACTERS;
	memcpy(text, shape, sizeof shape);
	(void)digits_before(text + 4, (uint64_t)wall->date.year, 4);
	(void)digits_before(text + 7, wall->date.month, 2);
	(void)digits_before(text + 10, wall->date.day, 2);
	(void)digits_before(text + 13, (uint64_t)wall->hour, 2);
	(void)digits_before(text + 16, (uint64_t)wall->minute, 2);
	(void)digits_before(text + 19, (uint64_t)wall->second, 2);
	(void)digits_before(text + 29, (uint64_t)wall->ns, 9);
	if (wall->ns) length = sizeof shape - 1;
	while (wall->ns && text[length - 1] == '0') length--;
	text[length] = 0;
	return length;
}

const char *stamp_utc(int64_t t_ns, char text[STAMP_BYTES])
{
	struct wall wall = wall_of(t_ns);
	int         length = put_wall(&wall, text);
	memcpy(text + length, "Z", 2);
	return text;
}

const char *stamp_new_york(int64_t t_ns, char text[STAMP_BYTES])
{
	int32_t     offset_s = zone_offset_s(ZONE_NEW_YORK, t_ns), west_s = -offset_s;
	struct wall wall = wall_of(t_ns + offset_s * NS_PER_S);
	int         length = put_wall(&wall, text);
	snprintf(text + length, STAMP_BYTES - (size_t)length, "-%02d:%02d", (int)(west_s / HOUR_S), (int)(west_s % HOUR_S / MINUTE_S));
	return text;
}

const char *stamp_digits(int64_t t_ns, char text[STAMP_BYTES])
{
	struct wall wall = wall_of(t_ns);
	snprintf(text, STAMP_BYTES, "%04d%02u%02u%02d%02d%02d%03d", (int)wall.date.year, wall.date.month, wall.date.day, (int)wall.hour,
	    (int)wall.minute, (int)wall.second, (int)(wall.ns / NS_PER_MS));
	return text;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* So many digits; -1 when there are none. */
static int32_t number(const char *text, int digits)
{
	int32_t value = 0;
	for (int i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9') return -1;
		value = value * 10 + text[i] - '0';
	}
	return value;
}

bool stamp_parse_date(const char *text, size_t length, int32_t *day)
{
	if (length != DATE_CHARACTERS || text[4] != '-' || text[7] != '-') return false;
	int32_t year = number(text, 4), month = number(text + 5, 2), date = number(text + 8, 2);
	if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 || date < 1) return false;
	*day = day_from_civil(year, (uint32_t)month, (uint32_t)date);
	struct civil back = civil_from_day(*day);
	return back.month == (uint32_t)month && back.day == (uint32_t)date;
}

/* .123456789, of which nine digits count; how many characters it takes. */
static size_t fraction(const char *text, size_t length, int64_t *ns)
{
	int64_t unit = NS_PER_S / 10;
	size_t  at = 1;
	if (length == 0 || text[0] != '.') return 0;
	for (; at < length && text[at] >= '0' && text[at] <= '9'; at++, unit /= 10) *ns += (text[at] - '0') * unit;
	return at;
}

static bool offset(const char *text, size_t length, int32_t *offset_s)
{
	*offset_s = 0;
	if (length == 1 && (text[0] == 'Z' || text[0] == 'z')) return true;
	if (length != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
	int32_t hour = number(text + 1, 2), minute = number(text + 4, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
	*offset_s = (hour * HOUR_S + minute * MINUTE_S) * (text[0] == '-' ? -1 : 1);
	return true;
}

bool stamp_parse(const char *text, size_t length, int64_t *t_ns, bool *is_date)
{
	int32_t day, offset_s;
	*is_date = length == DATE_CHARACTERS;
	if (length < DATE_CHARACTERS || !stamp_parse_date(text, DATE_CHARACTERS, &day)) return false;
	*t_ns = day * NS_PER_DAY;
	if (*is_date) return true;
	if (length <= SECOND_CHARACTERS || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':') return false;
	int32_t hour = number(text + 11, 2), minute = number(text + 14, 2), second = number(text + 17, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
	*t_ns += (hour * HOUR_S + minute * MINUTE_S + second) * NS_PER_S;
	size_t at = SECOND_CHARACTERS + fraction(text + SECOND_CHARACTERS, length - SECOND_CHARACTERS, t_ns);
	if (!offset(text + at, length - at, &offset_s)) return false;
	*t_ns -= offset_s * NS_PER_S;
	return true;
}
