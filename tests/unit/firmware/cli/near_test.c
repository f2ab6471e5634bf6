#include "firmware/cli/near.h"
#include "tests/kit/test.h"

TEST(t_P18_distance_counts_single_edits)
{
	CHECK_EQ(near_distance("", ""), 0);
	CHECK_EQ(near_distance("run", "run"), 0);
	CHECK_EQ(near_distance("", "run"), 3);
	CHECK_EQ(near_distance("run", ""), 3);
	CHECK_EQ(near_distance("ran", "run"), 1);         /* another letter */
	CHECK_EQ(near_distance("rn", "run"), 1);          /* one missing */
	CHECK_EQ(near_distance("ruun", "run"), 1);        /* one too many */
	CHECK_EQ(near_distance("rnu", "run"), 1);         /* two swapped */
	CHECK_EQ(near_distance("kitten", "sitting"), 3);  /* Levenshtein's own */
	CHECK_EQ(near_distance("ca", "abc"), 3);          /* a swapped pair is not edited again */
	CHECK_EQ(near_distance("RUN", "run"), 0);
	CHECK_EQ(near_distance("flatten", "halt"), near_distance("halt", "flatten"));
}

static const char *nearest_of(const char *word, const char *words)
{
	static char text[400];
	struct near near;
	near_begin(&near, word);
	near_offer_words(&near, words);
	return near_clause(&near, text, sizeof text);
}

TEST(t_P18_nearest_word_is_named)
{
	static const char verbs[] = "run backtest replay audit fsm config version help";
	CHECK_STR(nearest_of("bactest", verbs), "; did you mean backtest?");
	CHECK_STR(nearest_of("fms", verbs), "; did you mean fsm?");
	CHECK_STR(nearest_of("verison", verbs), "; did you mean version?");
	CHECK_STR(nearest_of("CONFIG", verbs), "; did you mean config?");
	CHECK_STR(nearest_of("b", verbs), "; did you mean backtest?");        /* not finished */
	CHECK_STR(nearest_of("xyzzy", verbs), "; the nearest is run");        /* five edits, like fsm and help */
	CHECK_STR(nearest_of("anything", ""), "");
}

TEST(t_P18_first_of_equals_wins)
{
	CHECK_STR(nearest_of("bat", "cat hat"), "; did you mean cat?");
	CHECK_STR(nearest_of("bat", "hat cat"), "; did you mean hat?");
}

TEST(t_P18_long_words_are_cut_not_overrun)
{
	char        word[1000], clause[400];
	struct near near;
	for (size_t i = 0; i < sizeof word; i++) word[i] = 'a';
	word[sizeof word - 1] = '\0';
	near_begin(&near, word);
	near_offer(&near, word);
	CHECK_STR(near_clause(&near, clause, sizeof clause), "");
	near_offer(&near, "run");
	CHECK_STR(near_clause(&near, clause, sizeof clause), "; the nearest is run");
	CHECK_EQ(near_distance(word, word), 0);
}
