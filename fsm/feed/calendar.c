/* calendar.c - the days of the venues: tables of what happened, rules for what comes. See calendar.h.
 *
 * NYSE from the exchange's rules (7.2, formerly 51) and its own history of closings. A day is looked up in this order:
 * weekend, the table of unusual days, holidays, early closes, ordinary. */
#include "fsm/feed/calendar.h"

#include "fsm/bug.h"
#include "fsm/units.h"

enum { MINUTE_S = 60 };
enum { JANUARY = 1, FEBRUARY, MARCH, APRIL, MAY, JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER };

/* Minutes of the local day. Equal minutes: closed. */
struct hours { int32_t open_min, close_min; const char *reason; };
struct calendar { const char *name; enum zone_id zone; struct hours ordinary; };

static const struct calendar calendars[CALENDARS_N] = {
#define ROW(id, name, zone, open, close) [CALENDAR_##id] = { name, zone, { open, close, "" } },
	CALENDARS(ROW)
#undef ROW
};

#define AT(hour, minute) ((hour) * 60 + (minute))
#define CLOSED 0, 0

/* ---- NYSE: what no rule foresaw ---- */

struct unusual { int32_t year; uint32_t month, day; struct hours hours; };

static const struct unusual nyse_unusual[] = {
	{ 1990, DECEMBER,  27, { AT(11, 0), AT(16, 0),   "transformer explosion" } },
	{ 1991, JANUARY,   17, { AT(9, 31), AT(16, 0),   "minute of silence for the troops in the Persian Gulf" } },
	{ 1991, FEBRUARY,  25, { AT(9, 31), AT(16, 0),   "minute of silence for the troops in the Persian Gulf" } },
	{ 1994, FEBRUARY,  11, { AT(9, 30), AT(14, 30),  "snowstorm" } },
	{ 1994, APRIL,     27, { CLOSED,                 "Funeral of former President Richard M. Nixon" } },
	{ 1995, DECEMBER,  18, { AT(10, 30), AT(16, 0),  "computer trouble" } },
	{ 1996, JANUARY,    8, { AT(11, 0), AT(14, 0),   "snowstorm" } },
	{ 1997, OCTOBER,   27, { AT(9, 30), AT(15, 30),  "circuit breaker" } },
	{ 1997, DECEMBER,  26, { AT(9, 30), AT(13, 0),   "day after Christmas Day" } },
	{ 1999, DECEMBER,  31, { AT(9, 30), AT(13, 0),   "New Year's Eve" } },
	{ 2001, SEPTEMBER, 11, { CLOSED,                 "Attacks on the World Trade Center" } },
	{ 2001, SEPTEMBER, 12, { CLOSED,                 "Attacks on the World Trade Center" } },
	{ 2001, SEPTEMBER, 13, { CLOSED,                 "Attacks on the World Trade Center" } },
	{ 2001, SEPTEMBER, 14, { CLOSED,                 "Attacks on the World Trade Center" } },
	{ 2001, SEPTEMBER, 17, { AT(9, 33), AT(16, 0),   "silence for the dead of September 11" } },
	{ 2001, OCTOBER,    8, { AT(9, 31), AT(16, 0),   "minute of silence for the troops in Afghanistan" } },
	{ 2002, SEPTEMBER, 11, { AT(12, 0), AT(16, 0),   "anniversary of September 11" } },
	{ 2003, MARCH,     20, { AT(9, 32), AT(16, 0),   "silence for the troops in Iraq" } },
	{ 2003, DECEMBER,  26, { AT(9, 30), AT(13, 0),   "day after Christmas Day" } },
	{ 2004, JUNE,       7, { AT(9, 32), AT(16, 0),   "silence for former President Ronald Reagan" } },
	{ 2004, JUNE,      11, { CLOSED,                 "National Day of Mourning for former President Ronald Reagan" } },
	{ 2005, JUNE,       1, { AT(9, 30), AT(15, 56),  "computer trouble" } },
	{ 2006, DECEMBER,  27, { AT(9, 32), AT(16, 0),   "silence for former President Gerald R. Ford" } },
	{ 2007, JANUARY,    2, { CLOSED,                 "National Day of Mourning for former President Gerald R. Ford" } },
	{ 2012, OCTOBER,   29, { CLOSED,                 "Hurricane Sandy" } },
	{ 2012, OCTOBER,   30, { CLOSED,                 "Hurricane Sandy" } },
	{ 2018, DECEMBER,   5, { CLOSED,                 "National Day of Mourning for former President George H. W. Bush" } },
	{ 2025, JANUARY,    9, { CLOSED,                 "National Day of Mourning for former President Jimmy Carter" } },
};
enum { NYSE_UNUSUAL_N = sizeof nyse_unusual / sizeof nyse_unusual[0] };

static const struct hours *nyse_unusual_hours(struct civil date)
{
	for (int index = 0; index < NYSE_UNUSUAL_N; index++) {
		const struct unusual *row = &nyse_unusual[index];
		if (row->year == date.year && row->month == date.month && row->day == date.day) return &row->hours;
	}
	return 0;
}

/* ---- NYSE: holidays ---- */

enum rule { ON_DATE, ON_WEEKDAY, ON_GOOD_FRIDAY };

/* `which` is the day of the month, or the n-th such weekday. */
struct holiday { const char *name; int32_t year_first; enum rule rule; uint32_t month, which, weekday; };

static const struct holiday nyse_holidays[] = {
	{ "New Year's Day",                       1990, ON_DATE,        JANUARY,   1,         0        },
	{ "Martin Luther King Jr. Day",           1998, ON_WEEKDAY,     JANUARY,   3,         MONDAY   },
	{ "Washington's Birthday",                1990, ON_WEEKDAY,     FEBRUARY,  3,         MONDAY   },
	{ "Good Friday",                          1990, ON_GOOD_FRIDAY, 0,         0,         0        },
	{ "Memorial Day",                         1990, ON_WEEKDAY,     MAY,       ZONE_LAST, MONDAY   },
	{ "Juneteenth National Independence Day", 2022, ON_DATE,        JUNE,      19,        0        },
	{ "Independence Day",                     1990, ON_DATE,        JULY,      4,         0        },
	{ "Labor Day",                            1990, ON_WEEKDAY,     SEPTEMBER, 1,         MONDAY   },
	{ "Thanksgiving Day",                     1990, ON_WEEKDAY,     NOVEMBER,  4,         THURSDAY },
	{ "Christmas Day",                        1990, ON_DATE,        DECEMBER,  25,        0        },
};
enum { NYSE_HOLIDAYS_N = sizeof nyse_holidays / sizeof nyse_holidays[0] };

/* Easter Sunday of the Gregorian calendar: J. Meeus, Astronomical Algorithms (1991), chapter 8, with its letters.
 * By hand for 1991: a 15, b 19, c 91, d 4, e 3, f 1, g 6, h 9, i 22, k 3, l 0, m 0, n 123: month 3, day 30 + 1. */
static int32_t easter_day(int32_t year)
{
	int32_t a = year % 19, b = year / 100, c = year % 100;
	int32_t d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int32_t h = (19 * a + b - d - g + 15) % 30;
	int32_t i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
	int32_t m = (a + 11 * h + 22 * l) / 451;
	int32_t n = h + l - 7 * m + 114;
	return day_from_civil(year, (uint32_t)(n / 31), (uint32_t)(n % 31 + 1));
}

/* A Sunday holiday is kept on Monday, a Saturday one on Friday. Holidays are only looked for in their own year, so a
 * Saturday New Year's Day is not kept on December 31, as the exchange has it: the books of the year close then. */
static int32_t observed(int32_t day)
{
	switch (weekday_from_day(day)) {
	case SATURDAY: return day - 1;
	case SUNDAY: return day + 1;
	default: return day;
	}
}

static int32_t holiday_day(const struct holiday *holiday, int32_t year)
{
	switch (holiday->rule) {
	case ON_DATE: return observed(day_from_civil(year, holiday->month, holiday->which));
	case ON_WEEKDAY: return zone_nth_weekday(year, holiday->month, holiday->which, holiday->weekday);
	case ON_GOOD_FRIDAY: return easter_day(year) - 2;
	}
	bug_trap(1504);
}

static const char *nyse_holiday(int32_t day, int32_t year)
{
	for (int index = 0; index < NYSE_HOLIDAYS_N; index++) {
		const struct holiday *holiday = &nyse_holidays[index];
		if (year >= holiday->year_first && holiday_day(holiday, year) == day) return holiday->name;
	}
	return 0;
}

/* ---- NYSE: early closes that come every year, at 13:00, until 1992 at 14:00 ---- */

/* Since 1995 the session before July 4, but when that is a Wednesday the Friday after it, until 2012. */
static const char *nyse_independence_early(struct civil date)
{
	if (date.year < 1995 || date.month != JULY || (date.day != 3 && date.day != 5)) return 0;
	bool friday = date.year < 2013 && weekday_from_day(day_from_civil(date.year, JULY, 4)) == THURSDAY;
	if (date.day == 5) return friday ? "day after Independence Day" : 0;
	return friday ? 0 : "day before Independence Day";
}

static const char *nyse_early(int32_t day, struct civil date)
{
	if (date.month == DECEMBER && date.day == 24) return "Christmas Eve";
	int32_t thanksgiving = zone_nth_weekday(date.year, NOVEMBER, 4, THURSDAY);
	if (date.year >= 1992 && day == thanksgiving + 1) return "day after Thanksgiving Day";
	return nyse_independence_early(date);
}

static struct hours nyse_hours(int32_t day)
{
	uint32_t            weekday = weekday_from_day(day);
	struct civil        date = civil_from_day(day);
	const struct hours *unusual = nyse_unusual_hours(date);
	if (weekday >= SATURDAY) return (struct hours){ 0, 0, weekday == SATURDAY ? "Saturday" : "Sunday" };
	if (unusual) return *unusual;
	const char *holiday = nyse_holiday(day, date.year);
	if (holiday) return (struct hours){ 0, 0, holiday };
	const char *early = nyse_early(day, date);
	if (early) return (struct hours){ AT(9, 30), date.year < 1993 ? AT(14, 0) : AT(13, 0), early };
	return calendars[CALENDAR_NYSE].ordinary;
}

/* ---- all calendars ---- */

static struct hours hours_of(enum calendar_id id, int32_t day)
{
	BUG_UNLESS(1501, calendar_covers(day));
	switch (id) {
	case CALENDAR_NYSE: return nyse_hours(day);
	case CALENDAR_CRYPTO: return calendars[CALENDAR_CRYPTO].ordinary;
	case CALENDARS_N: break;
	}
	bug_trap(1500);
}

const char *calendar_name(enum calendar_id id)
{
	BUG_UNLESS(1505, id < CALENDARS_N);
	return calendars[id].name;
}

bool calendar_covers(int32_t day) { return day >= CALENDAR_DAY_FIRST && day <= CALENDAR_DAY_LAST; }

bool calendar_covers_instant(enum calendar_id id, int64_t t_ns)
{
	BUG_UNLESS(1506, id < CALENDARS_N);
	return zone_covers(t_ns) && calendar_covers(zone_day(calendars[id].zone, t_ns));
}

int32_t calendar_day(enum calendar_id id, int64_t t_ns)
{
	BUG_UNLESS(1502, calendar_covers_instant(id, t_ns));
	return zone_day(calendars[id].zone, t_ns);
}

bool calendar_session(enum calendar_id id, int32_t day, struct session *out)
{
	struct hours hours = hours_of(id, day);
	*out = (struct session){ 0, 0, false };
	if (hours.open_min == hours.close_min) return false;
	out->open_ns = zone_t_ns(calendars[id].zone, day, hours.open_min * MINUTE_S);
	out->close_ns = zone_t_ns(calendars[id].zone, day, hours.close_min * MINUTE_S);
	out->early_close = hours.close_min < calendars[id].ordinary.close_min;
	return true;
}

bool calendar_is_open(enum calendar_id id, int64_t t_ns)
{
	struct session session;
	return calendar_session(id, calendar_day(id, t_ns), &session) && t_ns >= session.open_ns && t_ns < session.close_ns;
}

const char *calendar_reason(enum calendar_id id, int32_t day) { return hours_of(id, day).reason; }

static bool has_session(enum calendar_id id, int32_t day)
{
	struct hours hours = hours_of(id, day);
	return hours.open_min < hours.close_min;
}

int32_t calendar_next_day(enum calendar_id id, int32_t day)
{
	BUG_UNLESS(1507, calendar_covers(day));
	for (int32_t next = day + 1; next <= CALENDAR_DAY_LAST; next++) {
		if (has_session(id, next)) return next;
	}
	return CALENDAR_DAY_NONE;
}

int32_t calendar_sessions_between(enum calendar_id id, int32_t from, int32_t to)
{
	int32_t sessions = 0;
	BUG_UNLESS(1503, from >= CALENDAR_DAY_FIRST && from <= to && to <= CALENDAR_DAY_LAST + 1);
	for (int32_t day = from; day < to; day++) sessions += has_session(id, day);
	return sessions;
}
