/* zone_test.c - every change of the clocks against the tz database (tests/golden/calendar.golden), and cases by hand. */
#include "fsm/feed/zone.h"

#include <stdio.h>
#include <string.h>

#include "fsm/units.h"
#include "tests/kit/test.h"

static const int64_t hour_ns = 3600 * NS_PER_S;

static int64_t utc(int32_t year, uint32_t month, uint32_t day, int64_t hour, int64_t minute)
{
	return day_from_civil(year, month, day) * NS_PER_DAY + hour * hour_ns + minute * 60 * NS_PER_S;
}

static FILE *golden_open(void)
{
	FILE *golden = fopen("tests/golden/calendar.golden", "r");
	CHECK(golden != 0);
	return golden;
}

/* The zone holds `offset_s` in [from, to): at both edges and every six hours between. */
static void check_stretch(enum zone_id zone, int64_t from_ns, int64_t to_ns, int32_t offset_s)
{
	for (int64_t t_ns = from_ns; t_ns < to_ns; t_ns += 6 * hour_ns) CHECK_EQ(zone_offset_s(zone, t_ns), offset_s);
	CHECK_EQ(zone_offset_s(zone, to_ns - 1), offset_s);
}

static int check_zone_against_golden(enum zone_id zone)
{
	char      line[256], name[64];
	long long second;
	int       offset_s, lines = 0;
	int64_t   from_ns = 0;
	int32_t   held_s = 0;
	FILE     *golden = golden_open();
	while (fgets(line, sizeof line, golden)) {
		if (sscanf(line, "offset %63s %lld %d", name, &second, &offset_s) != 3 || strcmp(name, zone_name(zone))) continue;
		if (lines++) check_stretch(zone, from_ns, second * NS_PER_S, held_s);
		from_ns = second * NS_PER_S;
		held_s = offset_s;
	}
	check_stretch(zone, from_ns, utc(2100, 1, 1, 0, 0), held_s);
	fclose(golden);
	return lines;
}

TEST(t_P11_new_york_changes_as_the_tz_database_says) { CHECK_EQ(check_zone_against_golden(ZONE_NEW_YORK), 1 + 2 * 133); }
TEST(t_P11_kolkata_is_as_the_tz_database_says) { CHECK_EQ(check_zone_against_golden(ZONE_KOLKATA), 1); }

TEST(t_P11_new_york_wall_clock_reads_as_the_reference)
{
	char         line[256];
	int          year, hour, minute, lines = 0;
	unsigned int month, day;
	long long    second;
	FILE        *golden = golden_open();
	while (fgets(line, sizeof line, golden)) {
		if (sscanf(line, "wall America/New_York %d-%u-%u %d:%d %lld", &year, &month, &day, &hour, &minute, &second) != 6) continue;
		CHECK_EQ(zone_t_ns(ZONE_NEW_YORK, day_from_civil(year, month, day), hour * 3600 + minute * 60), second * NS_PER_S);
		lines++;
	}
	fclose(golden);
	CHECK_EQ(lines, 57 * 2 * 7);
}

TEST(t_P11_zone_cases_by_hand)
{
	CHECK_EQ(zone_offset_s(ZONE_NEW_YORK, utc(2024, 3, 10, 6, 59)), -5 * 3600);
	CHECK_EQ(zone_offset_s(ZONE_NEW_YORK, utc(2024, 3, 10, 7, 0)), -4 * 3600);
	CHECK_EQ(zone_offset_s(ZONE_NEW_YORK, utc(2024, 11, 3, 5, 59)), -4 * 3600);
	CHECK_EQ(zone_offset_s(ZONE_NEW_YORK, utc(2024, 11, 3, 6, 0)), -5 * 3600);
	CHECK_EQ(zone_offset_s(ZONE_NEW_YORK, utc(2006, 4, 2, 7, 0)), -4 * 3600);
	CHECK_EQ(zone_offset_s(ZONE_NEW_YORK, utc(1974, 1, 6, 7, 0)), -4 * 3600);
	CHECK_EQ(zone_offset_s(ZONE_KOLKATA, utc(2024, 7, 1, 0, 0)), 19800);
	CHECK_EQ(zone_offset_s(ZONE_UTC, utc(2024, 7, 1, 0, 0)), 0);
	CHECK_EQ(zone_t_ns(ZONE_KOLKATA, day_from_civil(2024, 7, 1), 9 * 3600 + 15 * 60), utc(2024, 7, 1, 3, 45));
	CHECK_EQ(zone_t_ns(ZONE_UTC, day_from_civil(2024, 7, 1), 86400), utc(2024, 7, 2, 0, 0));
	CHECK_STR(zone_name(ZONE_UTC), "UTC");
}

TEST(t_P11_the_day_is_the_day_on_the_wall)
{
	CHECK_EQ(zone_day(ZONE_NEW_YORK, utc(2024, 1, 1, 4, 59)), day_from_civil(2023, 12, 31));
	CHECK_EQ(zone_day(ZONE_NEW_YORK, utc(2024, 1, 1, 5, 0)), day_from_civil(2024, 1, 1));
	CHECK_EQ(zone_day(ZONE_NEW_YORK, utc(2024, 7, 1, 4, 0)), day_from_civil(2024, 7, 1));
	CHECK_EQ(zone_day(ZONE_KOLKATA, utc(2024, 1, 1, 18, 30)), day_from_civil(2024, 1, 2));
	CHECK_EQ(zone_day(ZONE_UTC, utc(2024, 1, 1, 23, 59)), day_from_civil(2024, 1, 1));
}

TEST(t_P11_wall_clock_and_instant_are_inverse)
{
	for (int32_t day = day_from_civil(1967, 1, 1); day <= day_from_civil(2099, 12, 31); day++) {
		for (int zone = 0; zone < ZONES_N; zone++) {
			int64_t t_ns = zone_t_ns((enum zone_id)zone, day, 12 * 3600);
			int64_t back_ns = t_ns + zone_offset_s((enum zone_id)zone, t_ns) * NS_PER_S;
			CHECK_EQ(back_ns, day * NS_PER_DAY + 12 * hour_ns);
		}
	}
}

TEST(t_P11_weekdays_of_a_month)
{
	CHECK_EQ(zone_nth_weekday(2024, 11, 4, THURSDAY), day_from_civil(2024, 11, 28));
	CHECK_EQ(zone_nth_weekday(2024, 9, 1, SUNDAY), day_from_civil(2024, 9, 1));
	CHECK_EQ(zone_nth_weekday(2024, 9, 1, SATURDAY), day_from_civil(2024, 9, 7));
	CHECK_EQ(zone_nth_weekday(2024, 12, ZONE_LAST, TUESDAY), day_from_civil(2024, 12, 31));
	CHECK_EQ(zone_nth_weekday(2024, 2, ZONE_LAST, FRIDAY), day_from_civil(2024, 2, 23));
}

static void ask_before(void) { (void)zone_offset_s(ZONE_UTC, utc(1967, 1, 1, 0, 0) - 1); }
static void ask_after(void) { (void)zone_offset_s(ZONE_NEW_YORK, utc(2100, 1, 1, 0, 0)); }
static void ask_day_after(void) { (void)zone_t_ns(ZONE_NEW_YORK, day_from_civil(2100, 1, 1), 0); }
static void ask_second_after(void) { (void)zone_t_ns(ZONE_NEW_YORK, 20000, 86401); }
static void ask_no_zone(void) { (void)zone_name(ZONES_N); }
static void ask_fifth(void) { (void)zone_nth_weekday(2024, 1, 5, MONDAY); }

TEST(t_P11_zone_ends_where_it_says)
{
	CHECK(zone_covers(utc(1967, 1, 1, 0, 0)) && !zone_covers(utc(1967, 1, 1, 0, 0) - 1));
	CHECK(zone_covers(utc(2100, 1, 1, 0, 0) - 1) && !zone_covers(utc(2100, 1, 1, 0, 0)));
	CHECK(!zone_covers(INT64_MIN) && !zone_covers(INT64_MAX));
	CHECK_BUG(ask_before, 1511);
	CHECK_BUG(ask_after, 1511);
	CHECK_BUG(ask_day_after, 1514);
	CHECK_BUG(ask_second_after, 1512);
	CHECK_BUG(ask_no_zone, 1510);
	CHECK_BUG(ask_fifth, 1516);
}
