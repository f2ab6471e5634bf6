/* trade_mode_test.c - the words of the modes, and of a value that is none (R9). */
#include "firmware/trade_mode.h"

#include <unistd.h>

#include "tests/kit/test.h"

TEST(t_R9_a_mode_has_its_words)
{
	CHECK_STR(trade_mode_word(TRADE_PAPER), "PAPER");
	CHECK_STR(trade_mode_key(TRADE_LIVE), "live");
	CHECK_STR(trade_mode_what(TRADE_LIVE), "REAL MONEY");
	CHECK_EQ(trade_mode_colour(TRADE_LIVE), OUT_RED);
	CHECK_STR(trade_mode_key(TRADE_SIM), "sim");
	CHECK(trade_mode_colour(TRADE_PAPER) != trade_mode_colour(TRADE_LIVE) && trade_mode_colour(TRADE_SIM) != trade_mode_colour(TRADE_LIVE));
}

TEST(t_R9_a_mode_that_is_none_is_taken_for_real_money)
{
	CHECK_STR(trade_mode_word(3), "UNKNOWN");
	CHECK_STR(trade_mode_key(UINT32_MAX), "unknown");
	CHECK_EQ(trade_mode_colour(77), OUT_RED);
}

TEST(t_R9_colour_only_where_it_is_wanted)
{
	int pipes[2];
	char text[128] = "";
	struct out out;
	CHECK(pipe(pipes) == 0);
	out_open(&out, pipes[1]);
	CHECK(!out.colour);
	trade_mode_show(&out, TRADE_LIVE);
	out.colour = true;
	trade_mode_show(&out, TRADE_LIVE);
	out_flush(&out);
	CHECK(read(pipes[0], text, sizeof text - 1) > 0);
	CHECK_STR(text, "LIVE: REAL MONEY\n\033[31mLIVE: REAL MONEY\033[0m\n");
}

/* They stand in files. */
TEST(t_R9_the_values_stay)
{
	CHECK_EQ(TRADE_PAPER, 0);
	CHECK_EQ(TRADE_LIVE, 1);
	CHECK_EQ(TRADE_SIM, 2);
}
