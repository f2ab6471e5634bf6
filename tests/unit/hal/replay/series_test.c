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

static bool read_as(const char *text, size_t length, const char *stamps, enum series_stamp kind)
{
	struct series_columns columns = { stamps, "nav_usd", kind };
	snprintf(path, sizeof path, "%s/series.csv", test_folder());
	FILE *file = fopen(path, "wb");
	CHECK(file != 0);
	if (!file) return false;
	CHECK_EQ(fwrite(text, 1, length, file), length);
	fclose(file);
	return series_load(&load, path, &columns, stamp, value, ROOM);
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
