#include "firmware/cli/text.h"

#include <string.h>

#include "tests/kit/test.h"

TEST(t_P18_quoted_words_are_printable_and_short)
{
	char        text[TEXT_QUOTE_BYTES];
	static char long_word[5000];
	CHECK_STR(text_quote(text, "run"), "\"run\"");
	CHECK_STR(text_quote(text, "a\033[31mb\n"), "\"a\\x1b[31mb\\x0a\"");
	for (size_t i = 0; i + 1 < sizeof long_word; i++) long_word[i] = '\001';
	text_quote(text, long_word);
	CHECK(strlen(text) < sizeof text);
	CHECK_STR(text + strlen(text) - 4, "...\"");
	CHECK_STR(text_quote(text, ""), "\"\"");
}

TEST(t_D6_money_has_thousands_and_cents)
{
	char text[TEXT_USD_BYTES];
	CHECK_STR(text_usd(text, 0), "0.00");
	CHECK_STR(text_usd(text, 100000 * E8), "100,000.00");
	CHECK_STR(text_usd(text, 123456789 * (E8 / 100)), "1,234,567.89");
	CHECK_STR(text_usd(text, E8 / 200), "0.01");
	CHECK_STR(text_usd(text, -E8 / 4), "-0.25");
	CHECK_STR(text_usd(text, 999 * E8), "999.00");
	CHECK_STR(text_usd(text, -1000 * E8), "-1,000.00");
	CHECK_STR(text_usd(text, INT64_MAX), "92,233,720,368.55");
}

TEST(t_P11_days_are_days_of_the_calendar)
{
	int32_t day = 0;
	char    text[TEXT_DAY_BYTES];
	CHECK(text_to_day("1970-01-01", &day));
	CHECK_EQ(day, 0);
	CHECK(text_to_day("2012-02-29", &day));
	CHECK_STR(text_day(text, day), "2012-02-29");
	static const char *const wrong[] = { "", "2010-02-30", "2011-02-29", "2010-13-01", "2010-00-01", "2010-01-00", "2010-1-1", "10-01-01",
		"2010/01/01", "2010-01-01 ", " 2010-01-01", "2010-01-0x", "1899-12-31", "2200-01-01", "-010-01-01" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) CHECK(!text_to_day(wrong[i], &day));
}

TEST(t_P18_numbers_are_whole_words)
{
	int64_t whole = 0;
	double  number = 0;
	CHECK(text_to_int("0", &whole) && whole == 0);
	CHECK(text_to_int("-12", &whole) && whole == -12);
	CHECK(text_to_int("9223372036854775807", &whole) && whole == INT64_MAX);
	static const char *const no_int[] = { "", "-", "+1", "1 ", " 1", "1.0", "0x10", "1e3", "9223372036854775808", "99999999999999999999" };
	for (size_t i = 0; i < sizeof no_int / sizeof *no_int; i++) CHECK(!text_to_int(no_int[i], &whole));
	CHECK(text_to_double("0.5", &number) && number == 0.5);
	CHECK(text_to_double("1e3", &number) && number == 1000);
	static const char *const no_double[] = { "", ".", "e", "1x", "nan", "inf", "0x1p3", "1e999", "1 ", "--1" };
	for (size_t i = 0; i < sizeof no_double / sizeof *no_double; i++) CHECK(!text_to_double(no_double[i], &number));
}

TEST(t_P18_spans_read_like_a_clock)
{
	char text[TEXT_SPAN_BYTES];
	CHECK_STR(text_span(text, -5), "0s");
	CHECK_STR(text_span(text, 7 * NS_PER_S), "7s");
	CHECK_STR(text_span(text, 59 * NS_PER_S + NS_PER_S / 2), "1m00s");
	CHECK_STR(text_span(text, 125 * NS_PER_S), "2m05s");
	CHECK_STR(text_span(text, 4320 * NS_PER_S), "1h12m");
}
