/* check_data_test.c - the age of bars against the calendar, and keys that were left lying about (P12, O7). */
#include "tests/unit/firmware/preflight/patient.h"

#define HEAD "date,open,high,low,close,adj_close\n"

TEST(t_P12_the_age_of_bars)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_data_age, PREFLIGHT_OK, "a random walk has no age");
	preflight.data = test_folder();
	CHECK(result_has(PREFLIGHT_data_age, PREFLIGHT_NOTE, " ends in a line with a date: see the check `data`"));
	write_file("SPY.csv", HEAD "2030-05-30,1,1,1,1,1\n2030-05-31,1,1,1,1,1\n", 0600);
	check_result(PREFLIGHT_data_age, PREFLIGHT_OK, "newest bar 2030-05-31, 1 sessions ago; the first to end is SPY, 2030-05-31");
	write_file("GLD.csv", HEAD "2030-05-24,1,1,1,1,1\r\n", 0600);
	check_result(PREFLIGHT_data_age, PREFLIGHT_OK, "newest bar 2030-05-31, 1 sessions ago; the first to end is GLD, 2030-05-24");
}

TEST(t_P12_bars_that_end_before_the_others)
{
	good(VENUE_sim);
	preflight.data = test_folder();
	write_file("SPY.csv", HEAD "2030-05-31,1,1,1,1,1\n", 0600);
	write_file("GLD.csv", HEAD "2030-05-22,1,1,1,1,1\n", 0600);
	CHECK(result_has(PREFLIGHT_data_age, PREFLIGHT_NOTE, "GLD ends on 2030-05-22, 6 sessions before the newest bar (2030-05-31), so nothing new is "
	    "bought of it at the end: "
	    "bring newer bars of it"));
	write_file("SPY.csv", HEAD "2030-06-04,1,1,1,1,1\n", 0600);
	check_result(PREFLIGHT_data_age, PREFLIGHT_NOTE, "the newest bar is of 2030-06-04, after today: set the clock, or see where the bars are from");
}

TEST(t_P12_a_long_line_without_an_end)
{
	char text[2000];
	good(VENUE_sim);
	preflight.data = test_folder();
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	write_file("SPY.csv", text, 0600);
	CHECK(result_has(PREFLIGHT_data_age, PREFLIGHT_NOTE, " ends in a line with a date"));
}

TEST(t_O7_a_key_in_the_environment_above)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_environment, PREFLIGHT_OK, "no key in that of a process above this one");
	preflight.exposed = (struct preflight_exposed){ 4711, SECRET_trading_secret_key };
	CHECK(result_has(PREFLIGHT_environment, PREFLIGHT_NOTE, "APCA_API_SECRET_KEY stands in the environment of process 4711, which started this one; "
	    "whatever that user "
	    "runs can read it: keep keys in "));
}
