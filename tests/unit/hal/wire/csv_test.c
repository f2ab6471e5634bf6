/* csv_test.c - cells, numbers and dates from bytes; nothing that bytes can do traps. */
#include "hal/wire/csv.h"

#include <string.h>

#include "tests/kit/test.h"

static struct csv_cell cell_of(const char *text) { return (struct csv_cell){ text, (uint32_t)strlen(text) }; }

static void check_e8(const char *text, enum csv_verdict verdict, int64_t want_e8, uint32_t want_cut)
{
	int64_t  got_e8 = 0;
	uint32_t cut = 0;
	CHECK_EQ(csv_e8(cell_of(text), &got_e8, &cut), verdict);
	if (verdict != CSV_OK) return;
	CHECK_EQ(got_e8, want_e8);
	CHECK_EQ(cut, want_cut);
}

TEST(t_csv_decimal_text_becomes_e8)
{
	check_e8("0", CSV_OK, 0, 0);
	check_e8("136.5", CSV_OK, 13650000000, 0);
	check_e8("-1.00000001", CSV_OK, -100000001, 0);
	check_e8("+2", CSV_OK, 200000000, 0);
	check_e8(".5", CSV_OK, 50000000, 0);
	check_e8("5.", CSV_OK, 500000000, 0);
	check_e8("0.123456789", CSV_OK, 12345678, 1);
	check_e8("-0.123456789", CSV_OK, -12345678, 1);
	check_e8("0.1234567800", CSV_OK, 12345678, 0);
	check_e8("92000000000", CSV_OK, INT64_C(9200000000000000000), 0);
	check_e8("92000000000.99999999", CSV_OK, INT64_C(9200000000099999999), 0);
}

TEST(t_csv_what_is_no_decimal_is_named)
{
	check_e8("", CSV_EMPTY, 0, 0);
	check_e8("92000000001", CSV_RANGE, 0, 0);
	check_e8("-92000000001", CSV_RANGE, 0, 0);
	check_e8("12345678901234567890123", CSV_RANGE, 0, 0);
	check_e8("1e5", CSV_EXPONENT, 0, 0);
	check_e8("1.5E-3", CSV_EXPONENT, 0, 0);
	static const char *const none[] = { "nan", "NaN", "-nan", "+nan", "inf", "Infinity", "null", "N/A", "None" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) check_e8(none[i], CSV_NOT_A_NUMBER, 0, 0);
	static const char *const bad[] = { ".", "-", "+", "--1", "1.2.3", "1 2", "0x10", "abc", "1e", "e5", "12a", "$5", "1,5" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) check_e8(bad[i], CSV_MALFORMED, 0, 0);
}

TEST(t_csv_whole_numbers)
{
	int64_t got = 0;
	CHECK_EQ(csv_whole(cell_of("350967941479"), &got), CSV_OK);
	CHECK_EQ(got, INT64_C(350967941479));
	CHECK_EQ(csv_whole(cell_of("12.9"), &got), CSV_OK);
	CHECK_EQ(got, 12);
	CHECK_EQ(csv_whole(cell_of("900000000000000000"), &got), CSV_OK);
	CHECK_EQ(got, INT64_C(900000000000000000));
	CHECK_EQ(csv_whole(cell_of("900000000000000001"), &got), CSV_RANGE);
	CHECK_EQ(csv_whole(cell_of("1e9"), &got), CSV_EXPONENT);
}

/* Every day of 1900 to 2199 comes back; the day after the last of a month does not exist. */
TEST(t_csv_dates)
{
	char    text[16];
	int32_t got = 0;
	for (int32_t day = day_from_civil(1900, 1, 1); day < day_from_civil(2200, 1, 1); day++) {
		struct civil date = civil_from_day(day);
		text[0] = (char)('0' + date.year / 1000);
		text[1] = (char)('0' + date.year / 100 % 10);
		text[2] = (char)('0' + date.year / 10 % 10);
		text[3] = (char)('0' + date.year % 10);
		text[4] = text[7] = '-';
		text[5] = (char)('0' + date.month / 10);
		text[6] = (char)('0' + date.month % 10);
		text[8] = (char)('0' + date.day / 10);
		text[9] = (char)('0' + date.day % 10);
		text[10] = 0;
		if (csv_day(cell_of(text), &got) != CSV_OK || got != day) CHECK_STR(text, "read back");
	}
	CHECK_EQ(csv_day(cell_of("1970-01-02 00:00:00"), &got), CSV_OK);
	CHECK_EQ(got, 1);
	static const char *const bad[] = { "2007-02-29", "1900-02-29", "2007-13-01", "2007-00-10", "2007-04-31", "2007-01-00", "2007-1-1",
		"01/02/2007", "2007-01-021", "1899-12-31", "2200-01-01", "20070102", "2OO7-01-02", "2007-01-0x" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK_EQ(csv_day(cell_of(bad[i]), &got), CSV_DATE);
	CHECK_EQ(csv_day(cell_of(""), &got), CSV_EMPTY);
}

/* Feeds bytes in windows of `most` new bytes and writes what comes out as "a|b;c|d;". */
static void read_all(const char *bytes, size_t count, size_t most, char *out)
{
	char            window[256];
	struct csv      csv;
	struct csv_cell line, cells[CSV_COLUMNS_MAX];
	size_t          taken = 0, rest = 0;
	uint32_t        bad = 0;
	csv_init(&csv);
	csv_feed(&csv, window, 0, false);
	*out = 0;
	for (;;) {
		enum csv_verdict verdict = csv_line(&csv, &line);
		if (verdict == CSV_END) return;
		if (verdict == CSV_MORE) {
			rest = csv_rest(&csv);
			memmove(window, csv.next, rest);
			size_t fresh = count - taken < most ? count - taken : most;
			memcpy(window + rest, bytes + taken, fresh);
			taken += fresh;
			csv_feed(&csv, window, rest + fresh, fresh == 0);
			continue;
		}
		if (csv.columns == 0) CHECK_EQ(csv_header(&csv, line), CSV_OK);
		CHECK_EQ(csv_cells(&csv, line, cells, &bad), CSV_OK);
		for (uint32_t i = 0; i < csv.columns; i++) {
			strncat(out, cells[i].at, cells[i].length);
			strcat(out, i + 1 < csv.columns ? "|" : ";");
		}
	}
}

TEST(t_csv_windows_of_any_size_give_the_same_cells)
{
	static const char text[] = "\xef\xbb\xbf Date, Close,adj\r\n\r\n2007-01-03,1.5, 2 \r\n  \n2007-01-04,7\n2007-01-05,8,9";
	char              got[256];
	for (size_t most = 3; most < sizeof text + 2; most++) {
		read_all(text, sizeof text - 1, most, got);
		CHECK_STR(got, "Date|Close|adj;2007-01-03|1.5|2;2007-01-04|7|;2007-01-05|8|9;");
	}
}

TEST(t_csv_names_of_columns)
{
	struct csv csv;
	csv_init(&csv);
	CHECK_EQ(csv_header(&csv, cell_of("Date,Open,Adj Close,a-name-that-is-longer-than-is-kept")), CSV_OK);
	CHECK_EQ(csv_column(&csv, "date"), 0);
	CHECK_EQ(csv_column(&csv, "adj_close"), 2);
	CHECK_EQ(csv_column(&csv, "close"), -1);
	CHECK_EQ(csv.columns, 4);
	CHECK_EQ(csv_header(&csv, cell_of("date,cl\xc3\xa9,a\x01")), CSV_OK);        /* what a terminal would not only show is a question mark */
	CHECK(csv_column(&csv, "cl??") == 1 && csv_column(&csv, "a?") == 2);
	CHECK_EQ(csv_header(&csv, cell_of("date,\"open\"")), CSV_QUOTED);
	CHECK_EQ(csv_header(&csv, cell_of(",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,")), CSV_TOO_MANY_COLUMNS);
}

TEST(t_csv_lines_are_counted_and_rows_measured)
{
	struct csv      csv;
	struct csv_cell line, cells[CSV_COLUMNS_MAX];
	uint32_t        bad = 0;
	static const char text[] = "a,b\n\n1,2,3\n1,\"2\"\n";
	csv_init(&csv);
	csv_feed(&csv, text, sizeof text - 1, true);
	CHECK_EQ(csv_line(&csv, &line), CSV_OK);
	CHECK_EQ(csv_header(&csv, line), CSV_OK);
	CHECK_EQ(csv_line(&csv, &line), CSV_OK);
	CHECK_EQ(csv.line, 3);
	CHECK_EQ(csv_cells(&csv, line, cells, &bad), CSV_TOO_MANY_CELLS);
	CHECK_EQ(bad, 2);
	CHECK_EQ(csv_line(&csv, &line), CSV_OK);
	CHECK_EQ(csv_cells(&csv, line, cells, &bad), CSV_QUOTED);
	CHECK_EQ(bad, 1);
	CHECK_EQ(csv_line(&csv, &line), CSV_END);
	CHECK_EQ(csv_line(&csv, &line), CSV_END);
}
