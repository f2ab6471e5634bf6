/* series_test.c - a column of a CSV file becomes numbers, or one sentence that names the place. */
#include "hal/replay/series.h"

#include <stdio.h>
#include <string.h>

#include "tests/kit/test.h"

enum { ROOM = 8 };

static struct series_load load;
static int64_t            stamp[ROOM];
static double             value[ROOM];
static char               path[256];

static bool read_columns(const char *text, size_t length, const struct series_columns *columns)
{
	snprintf(path, sizeof path, "%s/series.csv", test_folder());
	FILE *file = fopen(path, "wb");
	CHECK(file != 0);
	if (!file) return false;
	CHECK_EQ(fwrite(text, 1, length, file), length);
	fclose(file);
	return series_load(&load, path, columns, stamp, value, ROOM);
}

static bool read_as(const char *text, size_t length, const char *stamps, enum series_stamp kind)
{
	return read_columns(text, length, &(struct series_columns){ .stamp = stamps, .value = "nav_usd", .kind = kind });
}

static void check_refused(const char *text, const char *rest)
{
	char want[600];
	snprintf(want, sizeof want, "%s%s", path, rest);
	CHECK(!read_as(text, strlen(text), "date", SERIES_DAY));
	CHECK_STR(load.sentence, want);
}

#define HEADER "date,cash_usd,nav_usd\n"

TEST(t_T4_series_is_read_as_it_is)
{
	const char text[] = "Nav USD,x,date\r\n100000,a,2007-01-03\r\n\n99947.12345678,b,2007-01-04\n";
	CHECK(read_as(text, strlen(text), "date", SERIES_DAY));
	CHECK_STR(load.sentence, "");
	CHECK_EQ(load.count, 2);
	CHECK_EQ(stamp[0], day_from_civil(2007, 1, 3));
	CHECK_EQ(stamp[1], day_from_civil(2007, 1, 4));
	CHECK(value[0] == 100000 && value[1] == 99947.12345678);
}

TEST(t_T4_series_stamps_may_be_whole_numbers_or_absent)
{
	const char text[] = "t_ns,nav_usd\n-5,1\n7,2\n900000000000000000,3\n";
	CHECK(read_as(text, strlen(text), "t_ns", SERIES_WHOLE));
	CHECK(stamp[0] == -5 && stamp[1] == 7 && stamp[2] == 900000000000000000);
	CHECK(read_as(text, strlen(text), 0, SERIES_NONE));
	CHECK(stamp[0] == 0 && stamp[1] == 1 && stamp[2] == 2);
}

TEST(t_T4_series_refusals_name_the_place)
{
	snprintf(path, sizeof path, "%s/series.csv", test_folder());
	check_refused("", " holds no row below its header; is this the right file?");
	check_refused(HEADER, " holds no row below its header; is this the right file?");
	check_refused("date,nav\n1,2\n", " line 1: there is no column nav_usd; the columns are: date nav");
	check_refused("day,nav_usd\n1,2\n", " line 1: there is no column date; the columns are: day nav_usd");
	check_refused(HEADER "2007-01-03,1,nan\n", " line 2, column nav_usd: 'nan' is not a number; correct the cell or remove the line");
	check_refused(HEADER "2007-01-03,1,\n", " line 2, column nav_usd: '' is empty; correct the cell or remove the line");
	check_refused(HEADER "2007-01-03,1,0\n", " line 2, column nav_usd: '0' is not above 0; correct the cell or remove the line");
	check_refused(HEADER "2007-01-03,1,-2\n", " line 2, column nav_usd: '-2' is not above 0; correct the cell or remove the line");
	check_refused(HEADER "2007-02-30,1,2\n", " line 2, column date: '2007-02-30' is not a date like 2007-01-31; correct the cell or remove the line");
	check_refused(HEADER "2007-01-03,1,2\n2007-01-03,1,2\n", " line 3, column date: '2007-01-03' comes twice; keep one of the two lines");
	check_refused(HEADER "2007-01-03,1,2\n2007-01-02,1,2\n",
	    " line 3, column date: '2007-01-02' is before the line above it; sort the file, oldest first");
	check_refused(HEADER "2007-01-03,\"1\",2\n", " line 2, column cash_usd: '\"1\"' is a quoted cell; correct the line or remove it");
}

/* --- times and rates: what a venue's funding looks like --- */

enum { HOUR = 3600 };
static struct series_columns rates = { "timestamp_utc", "funding_rate", SERIES_UTC, -E8 / 10, E8 / 10, 8 * (HOUR * NS_PER_S), false };
#define RATES "timestamp_utc,funding_rate\n2020-02-28T16:00:00Z,0.0001\n"

TEST(t_S5_series_of_rates)
{
	const char text[] = RATES "2020-02-29T00:00:00Z,-0.00012359\n2020-02-29T08:00:00Z,0\n";
	CHECK(read_columns(text, strlen(text), &rates));
	CHECK_EQ(load.count, 3);
	CHECK_EQ(stamp[1], day_from_civil(2020, 2, 29) * NS_PER_DAY);
	CHECK_EQ(stamp[2] - stamp[1], 8 * HOUR * NS_PER_S);
	CHECK(value[0] == 0.0001 && value[1] == -0.00012359 && value[2] == 0);
}

static void check_rates_refused(const char *line, const char *rest)
{
	char text[256], want[600];
	snprintf(text, sizeof text, RATES "%s\n", line);
	CHECK(!read_columns(text, strlen(text), &rates));
	snprintf(want, sizeof want, "%s line 3, column %s", path, rest);
	CHECK_STR(load.sentence, want);
}

TEST(t_S5_series_of_rates_refuses)
{
	static const char no_time[] = "timestamp_utc: '%s' is not a time like 2020-01-31T08:00:00Z; correct the cell or remove the line";
	static const char *const wrong[] = { "2020-02-29", "2020-02-29 00:00:00Z", "2020-02-29T00:00:00", "2020-02-30T00:00:00Z", "2020-02-29T24:00:00Z",
		"2020-02-29T00:60:00Z", "2020-02-29T00:00:60Z", "2020-02-29T0x:00:00Z", "2020-02-29T00:00:00z", "1582934400" };
	char rest[300], line[100];
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		snprintf(line, sizeof line, "%s,0.0001", wrong[i]);
		snprintf(rest, sizeof rest, no_time, wrong[i]);
		check_rates_refused(line, rest);
	}
	check_rates_refused("2020-02-29T01:00:00Z,0", "timestamp_utc: '2020-02-29T01:00:00Z' is not a multiple of 8 h; correct the cell or remove the line");
	check_rates_refused("2020-02-28T16:00:00Z,0", "timestamp_utc: '2020-02-28T16:00:00Z' comes twice; keep one of the two lines");
	check_rates_refused("2020-02-28T08:00:00Z,0", "timestamp_utc: '2020-02-28T08:00:00Z' is before the line above it; sort the file, oldest first");
	check_rates_refused("2020-02-29T08:00:00Z,0",
	    "timestamp_utc: '2020-02-29T08:00:00Z' is not 8 h after the line above it; add the lines between, or say --gaps keep");
	check_rates_refused("2020-02-29T00:00:00Z,0.11", "funding_rate: '0.11' is not between -0.1 and 0.1; correct the cell or remove the line");
	check_rates_refused("2020-02-29T00:00:00Z,-0.11", "funding_rate: '-0.11' is not between -0.1 and 0.1; correct the cell or remove the line");
	check_rates_refused("2020-02-29T00:00:00Z,nan", "funding_rate: 'nan' is not a number; correct the cell or remove the line");
	check_rates_refused("2020-02-29T00:00:00Z,", "funding_rate: '' is empty; correct the cell or remove the line");
}

TEST(t_S5_series_of_rates_keeps_gaps_where_asked)
{
	const char            text[] = RATES "2020-02-29T08:00:00Z,0.0002\n";
	struct series_columns kept = rates;
	kept.gaps = true;
	CHECK(read_columns(text, strlen(text), &kept));
	CHECK_EQ(load.count, 2);
}

TEST(t_T4_series_that_is_too_long_is_refused)
{
	char   text[512] = HEADER, want[600];
	size_t used = strlen(text);
	for (int day = 1; day <= ROOM + 1; day++) used += (size_t)snprintf(text + used, sizeof text - used, "2007-01-%02d,1,2\n", day);
	CHECK(!read_as(text, used, "date", SERIES_DAY));
	snprintf(want, sizeof want, "%s line 10: there are more than 8 rows; cut the file", path);
	CHECK_STR(load.sentence, want);
}

/* Any bytes give rows or a sentence. */
TEST(t_T4_series_of_noise_never_traps)
{
	uint64_t random = 88172645463325252u;
	char     text[256];
	for (int round = 0; round < 200; round++) {
		size_t head = (size_t)snprintf(text, sizeof text, HEADER "2007-01-03,1,2\n");
		for (size_t i = head / 2; i < sizeof text; i++) {
			random ^= random << 13, random ^= random >> 7, random ^= random << 17;
			text[i] = "0123456789,-.\n\"nax\r"[random % 19];
		}
		bool whole = read_as(text, sizeof text, "date", SERIES_DAY);
		CHECK(whole == (load.sentence[0] == '\0') && load.count <= ROOM);
	}
}
