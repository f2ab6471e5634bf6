/* zone.c - one table of summer-time laws and the arithmetic around it. See zone.h. */
#include "fsm/feed/zone.h"

#include "fsm/bug.h"
#include "fsm/units.h"

enum { YEAR_FIRST = 1967, YEAR_LAST = 2099 };
enum { HOUR_S = 3600, DAY_S = 86400 };
enum { NEW_YORK_WINTER_S = -5 * HOUR_S, NEW_YORK_SUMMER_S = -4 * HOUR_S, KOLKATA_S = 5 * HOUR_S + HOUR_S / 2 };
enum { CHANGE_S = 2 * HOUR_S };        /* New York changes at 02:00 of the clock that ends */

struct sunday { uint32_t month, nth; };
struct summer { int32_t year_first; struct sunday begin, end; };

/* 15 U.S.C. 260a and its amendments; a row holds until the next. */
static const struct summer new_york[] = {
	{ 1967, { 4, ZONE_LAST }, { 10, ZONE_LAST } },
	{ 1974, { 1, 1         }, { 10, ZONE_LAST } },
	{ 1975, { 2, ZONE_LAST }, { 10, ZONE_LAST } },
	{ 1976, { 4, ZONE_LAST }, { 10, ZONE_LAST } },
	{ 1987, { 4, 1         }, { 10, ZONE_LAST } },
	{ 2007, { 3, 2         }, { 11, 1         } },
};
enum { NEW_YORK_N = sizeof new_york / sizeof new_york[0] };

static const char *const names[ZONES_N] = {
#define ROW(id, name) [ZONE_##id] = name,
	ZONES(ROW)
#undef ROW
};

static int64_t wall_ns(int32_t day, int32_t second_of_day) { return day * NS_PER_DAY + second_of_day * NS_PER_S; }

static int64_t change_t_ns(int32_t year, struct sunday sunday, int32_t offset_s)
{
	return wall_ns(zone_nth_weekday(year, sunday.month, sunday.nth, SUNDAY), CHANGE_S - offset_s);
}

static const struct summer *new_york_law(int32_t year)
{
	const struct summer *law = new_york;
	for (int index = 1; index < NEW_YORK_N && new_york[index].year_first <= year; index++) law = &new_york[index];
	return law;
}

/* No change is near New Year, so the winter clock finds the year. */
static int32_t new_york_offset_s(int64_t t_ns)
{
	int32_t              year = civil_from_day(day_from_t_ns(t_ns + NEW_YORK_WINTER_S * NS_PER_S)).year;
	const struct summer *law = new_york_law(year);
	if (t_ns < change_t_ns(year, law->begin, NEW_YORK_WINTER_S)) return NEW_YORK_WINTER_S;
	return t_ns < change_t_ns(year, law->end, NEW_YORK_SUMMER_S) ? NEW_YORK_SUMMER_S : NEW_YORK_WINTER_S;
}

static int64_t new_york_t_ns(int64_t wall)
{
	int64_t summer_ns = wall - NEW_YORK_SUMMER_S * NS_PER_S;
	return new_york_offset_s(summer_ns) == NEW_YORK_SUMMER_S ? summer_ns : wall - NEW_YORK_WINTER_S * NS_PER_S;
}

const char *zone_name(enum zone_id zone)
{
	BUG_UNLESS(1510, zone < ZONES_N);
	return names[zone];
}

bool zone_covers(int64_t t_ns)
{
	return t_ns >= wall_ns(day_from_civil(YEAR_FIRST, 1, 1), 0) && t_ns < wall_ns(day_from_civil(YEAR_LAST + 1, 1, 1), 0);
}

int32_t zone_offset_s(enum zone_id zone, int64_t t_ns)
{
	BUG_UNLESS(1511, zone_covers(t_ns));
	switch (zone) {
	case ZONE_UTC: return 0;
	case ZONE_NEW_YORK: return new_york_offset_s(t_ns);
	case ZONE_KOLKATA: return KOLKATA_S;
	case ZONES_N: break;
	}
	bug_trap(1513);
}

int32_t zone_day(enum zone_id zone, int64_t t_ns) { return day_from_t_ns(t_ns + zone_offset_s(zone, t_ns) * NS_PER_S); }

int64_t zone_t_ns(enum zone_id zone, int32_t day, int32_t second_of_day)
{
	BUG_UNLESS(1514, day >= day_from_civil(YEAR_FIRST, 1, 1) && day < day_from_civil(YEAR_LAST + 1, 1, 1));
	BUG_UNLESS(1512, second_of_day >= 0 && second_of_day <= DAY_S);
	switch (zone) {
	case ZONE_UTC: return wall_ns(day, second_of_day);
	case ZONE_NEW_YORK: return new_york_t_ns(wall_ns(day, second_of_day));
	case ZONE_KOLKATA: return wall_ns(day, second_of_day) - KOLKATA_S * NS_PER_S;
	case ZONES_N: break;
	}
	bug_trap(1515);
}

int32_t zone_nth_weekday(int32_t year, uint32_t month, uint32_t nth, uint32_t weekday)
{
	BUG_UNLESS(1516, month >= 1 && month <= 12 && nth <= 4 && weekday <= SUNDAY);
	if (nth == ZONE_LAST) {
		int32_t last = (month == 12 ? day_from_civil(year + 1, 1, 1) : day_from_civil(year, month + 1, 1)) - 1;
		return last - (int32_t)((weekday_from_day(last) + 7 - weekday) % 7);
	}
	int32_t first = day_from_civil(year, month, 1);
	return first + (int32_t)((weekday + 7 - weekday_from_day(first)) % 7 + 7 * (nth - 1));
}
