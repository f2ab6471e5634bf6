/* calendar_test.c - each day of 1990-2046 against the lists of others (tests/golden/calendar.golden, made by
 * calendar_ref.py), the days on which SPY has a bar, the rules as properties, and cases by hand. */
#include "fsm/feed/calendar.h"

#include <stdio.h>
#include <string.h>

#include "fsm/units.h"
#include "tests/kit/test.h"

enum { DAYS_N = CALENDAR_DAY_LAST - CALENDAR_DAY_FIRST + 1, CHANGES_MAX = 512 };

/* What the golden file says of each day, and the clock of New York. */
struct expected { int closed; int open_min, close_min; char reason[96]; };
static struct expected expected[DAYS_N];
static struct { int64_t from_ns; int32_t offset_s; } clock_of[CHANGES_MAX];
static int             clock_n;

static int32_t on(int32_t year, uint32_t month, uint32_t day) { return day_from_civil(year, month, day); }

static struct expected *expected_of(int year, unsigned int month, unsigned int day)
{
	return &expected[on(year, month, day) - CALENDAR_DAY_FIRST];
}

static void read_line(const char *line)
{
	int          year, h1, m1, h2, m2, offset_s;
	unsigned int month, day;
	long long    second;
	char         reason[96];
	if (sscanf(line, "closed %d-%u-%u %95[^\n]", &year, &month, &day, reason) == 4) {
		expected_of(year, month, day)->closed = 1;
		strcpy(expected_of(year, month, day)->reason, reason);
	} else if (sscanf(line, "hours %d-%u-%u %d:%d %d:%d", &year, &month, &day, &h1, &m1, &h2, &m2) == 7) {
		expected_of(year, month, day)->open_min = h1 * 60 + m1;
		expected_of(year, month, day)->close_min = h2 * 60 + m2;
	} else if (sscanf(line, "offset America/New_York %lld %d", &second, &offset_s) == 2 && clock_n < CHANGES_MAX) {
		clock_of[clock_n].from_ns = second * NS_PER_S;
		clock_of[clock_n++].offset_s = offset_s;
	}
}

static void read_golden(void)
{
	char  line[256];
	FILE *golden = fopen("tests/golden/calendar.golden", "r");
	CHECK(golden != 0);
	while (golden && fgets(line, sizeof line, golden)) read_line(line);
	if (golden) fclose(golden);
	CHECK_EQ(clock_n, 1 + 2 * 133);
}

/* The golden offset at noon UTC of a day: New York changes at night, so it holds for the session. */
static int32_t expected_offset_min(int32_t day)
{
	int index = 0;
	while (index + 1 < clock_n && clock_of[index + 1].from_ns <= day * NS_PER_DAY + NS_PER_DAY / 2) index++;
	return clock_of[index].offset_s / 60;
}

static void check_ordinary(int32_t day, const struct session *session)
{
	CHECK_EQ(session->open_ns, day * NS_PER_DAY + (9 * 60 + 30 - expected_offset_min(day)) * 60 * NS_PER_S);
	CHECK_EQ(session->close_ns, day * NS_PER_DAY + (16 * 60 - expected_offset_min(day)) * 60 * NS_PER_S);
	CHECK(!session->early_close);
	CHECK_STR(calendar_reason(CALENDAR_NYSE, day), "");
}

static void check_unusual(int32_t day, const struct session *session, const struct expected *want)
{
	CHECK_EQ(session->open_ns, day * NS_PER_DAY + want->open_min * 60 * NS_PER_S);
	CHECK_EQ(session->close_ns, day * NS_PER_DAY + want->close_min * 60 * NS_PER_S);
	CHECK_EQ(session->early_close, want->close_min < 16 * 60 - expected_offset_min(day));
	CHECK(calendar_reason(CALENDAR_NYSE, day)[0] != 0);
}

TEST(t_P11_every_nyse_day_to_2046_is_as_independent_lists_say)
{
	read_golden();
	for (int32_t day = CALENDAR_DAY_FIRST; day <= CALENDAR_DAY_LAST; day++) {
		const struct expected *want = &expected[day - CALENDAR_DAY_FIRST];
		struct session         session;
		bool                   weekend = weekday_from_day(day) >= SATURDAY;
		bool                   traded = calendar_session(CALENDAR_NYSE, day, &session);
		CHECK_EQ(traded, !weekend && !want->closed);
		if (weekend) CHECK_STR(calendar_reason(CALENDAR_NYSE, day), weekday_from_day(day) == SATURDAY ? "Saturday" : "Sunday");
		else if (want->closed) CHECK_STR(calendar_reason(CALENDAR_NYSE, day), want->reason);
		else if (want->close_min) check_unusual(day, &session, want);
		else check_ordinary(day, &session);
	}
	CHECK_EQ(calendar_sessions_between(CALENDAR_NYSE, CALENDAR_DAY_FIRST, CALENDAR_DAY_LAST + 1), 14338);
}

TEST(t_P11_spy_has_a_bar_on_every_session_and_on_no_other_day)
{
	char         path[600], line[256];
	int          year;
	unsigned int month, day_of_month;
	int32_t      last = CALENDAR_DAY_NONE, bars = 0;
	snprintf(path, sizeof path, "%s/daily/SPY.csv", test_shared());
	FILE *csv = fopen(path, "r");
	if (!csv) SKIP("no data/daily/SPY.csv in the shared data");
	while (fgets(line, sizeof line, csv)) {
		if (sscanf(line, "%d-%u-%u,", &year, &month, &day_of_month) != 3) continue;
		int32_t        day = on(year, month, day_of_month);
		struct session session;
		CHECK(calendar_session(CALENDAR_NYSE, day, &session));
		if (last != CALENDAR_DAY_NONE) CHECK_EQ(calendar_next_day(CALENDAR_NYSE, last), day);
		last = day;
		bars++;
	}
	fclose(csv);
	CHECK(bars > 5000);
}

/* What holds of every year, whoever lists it. A year has 365 or 366 days, 104 to 106 of them weekend, and at most ten
 * holidays; the most ever lost beyond that is four days (2001). */
TEST(t_P11_every_year_has_its_sessions)
{
	for (int32_t year = 1990; year <= 2046; year++) {
		int32_t from = on(year, 1, 1), to = on(year + 1, 1, 1);
		int32_t sessions = calendar_sessions_between(CALENDAR_NYSE, from, to);
		CHECK(sessions >= (year == 2001 ? 248 : 249) && sessions <= 254);
		CHECK_EQ(calendar_sessions_between(CALENDAR_CRYPTO, from, to), to - from);
	}
}

TEST(t_P11_sessions_follow_each_other)
{
	struct session before, after;
	int32_t        counted = 1, next, day = calendar_next_day(CALENDAR_NYSE, CALENDAR_DAY_FIRST);
	CHECK_EQ(day, on(1990, 1, 2));
	CHECK(calendar_session(CALENDAR_NYSE, day, &before));
	while ((next = calendar_next_day(CALENDAR_NYSE, day)) != CALENDAR_DAY_NONE) {
		CHECK(next > day && next - day <= (day == on(2001, 9, 10) ? 7 : 5));
		CHECK(calendar_session(CALENDAR_NYSE, next, &after));
		CHECK(before.open_ns < before.close_ns && before.close_ns < after.open_ns);
		CHECK_EQ(calendar_sessions_between(CALENDAR_NYSE, day, next), 1);
		CHECK(!calendar_is_open(CALENDAR_NYSE, before.open_ns - 1) && calendar_is_open(CALENDAR_NYSE, before.open_ns));
		CHECK(calendar_is_open(CALENDAR_NYSE, before.close_ns - 1) && !calendar_is_open(CALENDAR_NYSE, before.close_ns));
		CHECK_EQ(calendar_day(CALENDAR_NYSE, after.open_ns), next);
		before = after;
		day = next;
		counted++;
	}
	CHECK_EQ(counted, calendar_sessions_between(CALENDAR_NYSE, CALENDAR_DAY_FIRST, CALENDAR_DAY_LAST + 1));
}

static void check_closed(int32_t day, const char *reason)
{
	struct session session = { 1, 1, true };
	CHECK(!calendar_session(CALENDAR_NYSE, day, &session));
	CHECK(session.open_ns == 0 && session.close_ns == 0 && !session.early_close);
	CHECK_STR(calendar_reason(CALENDAR_NYSE, day), reason);
}

TEST(t_P11_holidays_by_hand)
{
	check_closed(on(2024, 11, 28), "Thanksgiving Day");
	check_closed(on(1991, 3, 29), "Good Friday");        /* Easter 1991-03-31, worked in calendar.c */
	check_closed(on(2022, 6, 20), "Juneteenth National Independence Day");
	check_closed(on(2021, 12, 24), "Christmas Day");
	check_closed(on(2023, 1, 2), "New Year's Day");
	check_closed(on(2020, 7, 3), "Independence Day");
	check_closed(on(2012, 10, 29), "Hurricane Sandy");
	check_closed(on(2001, 9, 11), "Attacks on the World Trade Center");
	check_closed(on(2022, 1, 1), "Saturday");
	CHECK_STR(calendar_reason(CALENDAR_NYSE, on(2021, 12, 31)), "");        /* New Year's Day 2022 is a Saturday: not kept */
	CHECK_STR(calendar_reason(CALENDAR_NYSE, on(1997, 1, 20)), "");         /* Martin Luther King Jr. Day began in 1998 */
	CHECK_STR(calendar_reason(CALENDAR_NYSE, on(2021, 6, 18)), "");         /* Juneteenth began in 2022 */
}

static void check_early(int32_t day, int64_t close_utc_h, const char *reason)
{
	struct session session;
	CHECK(calendar_session(CALENDAR_NYSE, day, &session));
	CHECK(session.early_close);
	CHECK_EQ(session.close_ns, day * NS_PER_DAY + close_utc_h * 3600 * NS_PER_S);
	CHECK_STR(calendar_reason(CALENDAR_NYSE, day), reason);
}

TEST(t_P11_early_closes_by_hand)
{
	check_early(on(2024, 11, 29), 18, "day after Thanksgiving Day");
	check_early(on(2024, 12, 24), 18, "Christmas Eve");
	check_early(on(1992, 12, 24), 19, "Christmas Eve");
	check_early(on(2024, 7, 3), 17, "day before Independence Day");
	check_early(on(2002, 7, 5), 17, "day after Independence Day");
	check_early(on(2013, 7, 3), 17, "day before Independence Day");
	CHECK_STR(calendar_reason(CALENDAR_NYSE, on(2002, 7, 3)), "");
	CHECK_STR(calendar_reason(CALENDAR_NYSE, on(2013, 7, 5)), "");
	CHECK_STR(calendar_reason(CALENDAR_NYSE, on(1991, 11, 29)), "");
}

TEST(t_P11_a_late_opening_is_not_an_early_close)
{
	struct session session;
	CHECK(calendar_session(CALENDAR_NYSE, on(2002, 9, 11), &session));
	CHECK_EQ(session.open_ns, on(2002, 9, 11) * NS_PER_DAY + 16 * 3600 * NS_PER_S);
	CHECK(!session.early_close);
}

TEST(t_P11_crypto_never_closes)
{
	struct session session, next;
	for (int32_t day = CALENDAR_DAY_FIRST; day < CALENDAR_DAY_LAST; day++) {
		CHECK(calendar_session(CALENDAR_CRYPTO, day, &session) && calendar_session(CALENDAR_CRYPTO, day + 1, &next));
		CHECK_EQ(session.open_ns, day * NS_PER_DAY);
		CHECK_EQ(session.close_ns, next.open_ns);
		CHECK(!session.early_close);
		CHECK_EQ(calendar_next_day(CALENDAR_CRYPTO, day), day + 1);
	}
	CHECK(calendar_is_open(CALENDAR_CRYPTO, on(2001, 9, 11) * NS_PER_DAY));
	CHECK_STR(calendar_reason(CALENDAR_CRYPTO, on(2024, 12, 25)), "");
}

static void ask_day_before(void)
{
	struct session session;
	(void)calendar_session(CALENDAR_NYSE, CALENDAR_DAY_FIRST - 1, &session);
}

static void ask_day_after(void) { (void)calendar_reason(CALENDAR_CRYPTO, CALENDAR_DAY_LAST + 1); }
static void ask_next_after(void) { (void)calendar_next_day(CALENDAR_NYSE, CALENDAR_DAY_LAST + 1); }
static void ask_instant_after(void) { (void)calendar_is_open(CALENDAR_CRYPTO, (CALENDAR_DAY_LAST + 1) * NS_PER_DAY); }
static void ask_far_instant(void) { (void)calendar_is_open(CALENDAR_NYSE, INT64_MAX); }
static void ask_backwards(void) { (void)calendar_sessions_between(CALENDAR_NYSE, 20001, 20000); }

static void ask_no_calendar(void)
{
	struct session session;
	(void)calendar_session(CALENDARS_N, 20000, &session);
}

TEST(t_P11_the_calendar_ends_where_it_says)
{
	CHECK_EQ(on(1990, 1, 1), CALENDAR_DAY_FIRST);
	CHECK_EQ(on(2046, 12, 31), CALENDAR_DAY_LAST);
	CHECK(calendar_covers(CALENDAR_DAY_FIRST) && !calendar_covers(CALENDAR_DAY_FIRST - 1));
	CHECK(calendar_covers(CALENDAR_DAY_LAST) && !calendar_covers(CALENDAR_DAY_LAST + 1));
	CHECK(!calendar_covers(INT32_MIN) && !calendar_covers(INT32_MAX));
	CHECK_EQ(calendar_next_day(CALENDAR_NYSE, CALENDAR_DAY_LAST), CALENDAR_DAY_NONE);
	CHECK(!calendar_covers_instant(CALENDAR_NYSE, INT64_MIN) && !calendar_covers_instant(CALENDAR_CRYPTO, INT64_MAX));
	CHECK(!calendar_covers_instant(CALENDAR_NYSE, on(1990, 1, 1) * NS_PER_DAY));        /* still 1989 in New York */
	CHECK(calendar_covers_instant(CALENDAR_NYSE, on(2047, 1, 1) * NS_PER_DAY));         /* still 2046 */
	CHECK(!calendar_covers_instant(CALENDAR_CRYPTO, on(2047, 1, 1) * NS_PER_DAY));
	CHECK_BUG(ask_day_before, 1501);
	CHECK_BUG(ask_day_after, 1501);
	CHECK_BUG(ask_next_after, 1507);
	CHECK_BUG(ask_instant_after, 1502);
	CHECK_BUG(ask_far_instant, 1502);
	CHECK_BUG(ask_backwards, 1503);
	CHECK_BUG(ask_no_calendar, 1500);
}

TEST(t_P11_calendars_have_names)
{
	CHECK_STR(calendar_name(CALENDAR_NYSE), "NYSE");
	CHECK_STR(calendar_name(CALENDAR_CRYPTO), "CRYPTO");
}
