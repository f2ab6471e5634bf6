/* lookahead_test.c - the check passes on honest bars, and would see a past that changes. */
#include "firmware/modes/lookahead.h"
#include "tests/kit/test.h"

enum { JOURNAL_ID = 7, SEED = 11 };

static struct trading *loaded(void)
{
	struct trading     *trading = trading_take();
	struct trading_plan plan = { .from_day = day_from_civil(2011, 1, 3), .to_day = day_from_civil(2012, 6, 29), .seed = SEED, .operator_confirms = true };
	settings_default(&plan.settings);
	CHECK(trading != 0);
	CHECK(trading_load(trading, &plan));
	return trading;
}

TEST(t_T1_the_past_does_not_change_with_the_future)
{
	struct lookahead check;
	struct trading  *trading = loaded();
	CHECK(lookahead_check(&check, trading, JOURNAL_ID));
	CHECK_EQ(check.cuts, LOOKAHEAD_CUTS);
	CHECK_EQ(check.differing, 0);
	for (int i = 1; i < LOOKAHEAD_CUTS; i++) CHECK(check.cut_day[i] > check.cut_day[i - 1]);
}

TEST(t_T1_a_disturbed_past_is_seen)
{
	struct trading *trading = loaded();
	uint64_t        before = 0, after = 0, again = 0;
	int32_t         cut = day_from_civil(2012, 3, 1);
	CHECK(lookahead_hash(trading, JOURNAL_ID, cut, &before));
	CHECK(lookahead_hash(trading, JOURNAL_ID, cut, &again));
	CHECK(before == again);
	lookahead_disturb(&trading->bars, cut - 1);        /* the last day before the cut changes */
	CHECK(lookahead_hash(trading, JOURNAL_ID, cut, &after));
	CHECK(before != after);
}
