/* zone.h - the wall clocks of the venues, by rule instead of a tz database.
 *
 * The program is static and starts on an empty machine, so the three clocks it needs are written down here:
 *   UTC               no offset
 *   America/New_York  UTC-5; UTC-4 in summer, by the Uniform Time Act of 1966 and its amendments:
 *                     1967-1973 last Sunday of April to last Sunday of October, 1974 from January 6 and 1975 from
 *                     February 23 (energy crisis), 1976-1986 as before, 1987-2006 from the first Sunday of April,
 *                     since 2007 second Sunday of March to first Sunday of November; changes at 02:00 wall clock
 *   Asia/Kolkata      UTC+5:30, no summer time
 *
 * Cover: 1967-01-01 to 2099-12-31 UTC. The future follows the law of today; when a country changes its law, a line of the
 * table in zone.c changes and tests/golden/calendar_ref.py says so. Ask zone_covers about an instant that comes from the
 * world; asking the other functions outside the cover is a bug (1511, 1514).
 *
 * Everything is pure, needs no memory and costs some ten nanoseconds. */
#ifndef FSM_FEED_ZONE_H
#define FSM_FEED_ZONE_H
#include <stdbool.h>
#include <stdint.h>

#define ZONES(X)                      \
	X(UTC, "UTC")                 \
	X(NEW_YORK, "America/New_York") \
	X(KOLKATA, "Asia/Kolkata")

enum zone_id {
#define ROW(id, name) ZONE_##id,
	ZONES(ROW)
#undef ROW
	ZONES_N
};

/* Weekdays as weekday_from_day counts them. */
enum { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

/* In place of a count: the last such weekday of the month. */
enum { ZONE_LAST = 0 };

/* The name in the tz database. */
const char *zone_name(enum zone_id zone);

bool zone_covers(int64_t t_ns);

/* Seconds that the wall clock is ahead of UTC at an instant; negative in the west. */
int32_t zone_offset_s(enum zone_id zone, int64_t t_ns);

/* The calendar day that the wall clock shows at an instant. */
int32_t zone_day(enum zone_id zone, int64_t t_ns);

/* The instant at which the wall clock shows a day and a second of it, 0 to 86,400 (24:00). A time that a spring change
 * leaps over is counted on the clock before the change (02:30 means 03:30 summer time); a time that an autumn change
 * repeats is its first pass. The day is within the cover (1514), the second within the day (1512). */
int64_t zone_t_ns(enum zone_id zone, int32_t day, int32_t second_of_day);

/* The n-th weekday of a month (n 1 to 4, or ZONE_LAST): the way laws and exchanges name their days. */
int32_t zone_nth_weekday(int32_t year, uint32_t month, uint32_t nth, uint32_t weekday);

#endif
