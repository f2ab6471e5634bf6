/* degraded_test.c - each condition has its row, and exactly these hold new risk back (rows P3, R9). */
#include "fsm/care/degraded.h"

#include "tests/kit/test.h"

TEST(t_P3_each_condition_says_what_is_missing_and_what_is_done)
{
	for (int i = 0; i < CARE_CONDITIONS_N; i++) CHECK(degraded[i].missing && degraded[i].meanwhile);
}

TEST(t_P3_who_sees_prices_signals_and_stops_is_needed_for_new_risk)
{
	static const bool allows[CARE_CONDITIONS_N] = { [CARE_CONTEXT] = true, [CARE_LEDGER] = true, [CARE_CREDITS] = true };
	CHECK(degraded_allows_more(0));
	for (int i = 0; i < CARE_CONDITIONS_N; i++) CHECK_EQ(degraded_allows_more(UINT64_C(1) << i), allows[i]);
	CHECK(!degraded_allows_more(UINT64_C(1) << CARE_LEDGER | UINT64_C(1) << CARE_HEALTH));        /* the strictest counts */
}
